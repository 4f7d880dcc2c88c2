"""A questionnaire shows every question once, in one language, with nothing that a respondent must not see."""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

import lvmodels as lv
from lvmodels.errors import LanguageError, MissingPackageError, OptionValueError, OutputError
from lvmodels.report.questionnaire import Part, Questionnaire, lay_out_questionnaire
from lvmodels.report.questionnaire_files import questionnaire_to_html
from lvmodels.report.questionnaire_word import questionnaire_to_word

NAMES = lv.instruments.names()
HOSTILE = lv.Instrument.from_toml("""
schema = 1
name = "secret_loyalty_study"
title = { en = "Secret loyalty study" }
[scales.differential]
points = 7
low = -3
anchors.en = { -3 = "cold", 0 = "neither", 3 = "warm" }
[scales.long]
points = 101
low = 0
[scales.unlabelled]
points = 5
[scales.words]
points = 3
anchors.en = { 1 = "I have never heard of it", 2 = "I have heard of it, but that is all", 3 = "I know it well" }
[[constructs]]
name = "HiddenConstruct"
label = { en = "Hidden label" }
[[items]]
name = "H1"
construct = "HiddenConstruct"
scale = "differential"
reverse = true
wording = { en = "<script>alert('x')</script> & {braces} [[Question:MC]] ${e://Field/x}" }
[[items]]
name = "H2"
scale = "long"
wording = { en = "How warm, from 0 to 100?" }
[[items]]
name = "H3"
scale = "unlabelled"
wording = { en = "How warm, from 1 to 5?" }
[[items]]
name = "H4"
scale = "words"
wording = { en = "How well do you know it?" }
[[items]]
name = "H5"
min = 0
max = 120
wording = { en = "How old are you?" }
[[items]]
name = "H6"
wording = { en = "How much did you spend?" }
""")


def page(instrument: lv.Instrument, language: Any = "en", **options: Any) -> str:
    return questionnaire_to_html(lay_out_questionnaire(instrument, language, **options))


def words_of(content: bytes) -> list[str]:
    """Every line of a Word document, in tables and outside."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


# ---- layout ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_question_of_every_instrument_stands_on_the_page_once(name: str, language: Any) -> None:
    instrument = lv.instruments.load(name)
    sheet = lay_out_questionnaire(instrument, language)
    asked = list(sheet.questions())
    assert [question.item for question in asked] == [item.name for item in instrument.items]
    assert [question.number for question in asked] == list(range(1, len(asked) + 1))
    text = html.unescape(questionnaire_to_html(sheet))
    for item in instrument.items:
        assert len(re.findall(rf">\s*{re.escape(item.wording[language])}\s*<", text)) == 1


@pytest.mark.parametrize("name", ["acsi", "loyalty_form", "loyalty_moderators", "service_encounter"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_question_stands_in_the_document_once(name: str, language: Any) -> None:
    instrument = lv.instruments.load(name)
    lines = words_of(questionnaire_to_word(lay_out_questionnaire(instrument, language)))
    for item in instrument.items:
        assert sum(line.endswith(item.wording[language]) for line in lines) == 1


@pytest.mark.parametrize("name", ["value_loyalty", "acsi", "servqual"])
def test_respondents_do_not_see_what_is_measured(name: str) -> None:
    instrument = lv.instruments.load(name)
    visible = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page(instrument), flags=re.DOTALL)
    document = "\n".join(words_of(questionnaire_to_word(lay_out_questionnaire(instrument))))
    hidden = {instrument.title["en"], instrument.name, *(construct.name for construct in instrument.constructs)}
    hidden |= {item.name for item in instrument.items}
    for word in hidden - {"Value", "Quality", "Price", "Satisfaction", "Loyalty"}:
        assert not re.search(rf"\b{re.escape(word)}\b", visible)
        assert not re.search(rf"\b{re.escape(word)}\b", document)


def test_layouts_suit_the_scales() -> None:
    sheet = lay_out_questionnaire(HOSTILE)
    assert [part.layout for part in sheet.parts] == ["row", "number", "row", "list", "number"]
    assert [part.layout for part in lay_out_questionnaire(lv.instruments.load("loyalty_form")).parts] == [
        "options", "options", "options", "row",
    ]  # fmt: skip
    assert lay_out_questionnaire(lv.instruments.load("servqual")).parts[0].layout == "grid"


def test_headings_span_the_circles_exactly() -> None:
    for codes, anchors in [
        ((1, 2, 3, 4, 5), {1: "a", 5: "b"}),
        ((1, 2, 3, 4), {2: "a"}),
        ((-1, 0, 1), {-1: "a", 0: "b", 1: "c"}),
        ((1, 2, 3, 4, 5, 6, 7), {1: "a", 4: "b", 7: "c"}),
    ]:
        headings = Part(codes, anchors, ()).headings()
        assert sum(span for _, span, _ in headings) == len(codes)
        assert [text for text, _, _ in headings] == list(anchors.values())
    assert Part((1, 2), {}, ()).headings() == ()


def test_the_same_seed_shuffles_alike_and_only_within_parts() -> None:
    instrument = lv.instruments.load("acsi")

    def order(seed: int | None) -> list[str]:
        return [question.item for question in lay_out_questionnaire(instrument, seed=seed).questions()]

    assert order(5) == order(5)
    assert sorted(order(5)) == sorted(order(None))
    servqual = lay_out_questionnaire(lv.instruments.load("servqual"), seed=1)
    assert [question.item for question in servqual.questions()] != [
        item.name for item in lv.instruments.load("servqual").items
    ]
    assert [question.number for question in servqual.questions()] == list(range(1, 23))


def test_a_questionnaire_never_mixes_languages() -> None:
    with pytest.raises(LanguageError, match="lacks texts in language 'zh'") as caught:
        lay_out_questionnaire(HOSTILE, "zh")
    assert "item 'H1', wording" in caught.value.problems
    assert "scale 'words', anchors" in caught.value.problems
    with pytest.raises(OptionValueError, match="is not available"):
        lay_out_questionnaire(HOSTILE, "de")  # type: ignore[arg-type]


# ---- the page -------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else_and_escapes_what_it_is_given() -> None:
    text = page(HOSTILE, title="<b>&</b>", about="<Café>")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;" in text
    assert "All questions are about &lt;Café&gt;." in text
    assert not re.search(r"""(?:src|href)=|url\(|@import""", text)


def test_the_page_tells_its_language() -> None:
    assert '<html lang="zh-Hans">' in page(lv.instruments.load("scsb"), "zh", about="天河酒店")
    assert "以下问题均针对天河酒店。" in page(lv.instruments.load("scsb"), "zh", about="天河酒店")


def browser() -> str:
    named = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for name in named if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this computer")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["value_loyalty", "acsi", "loyalty_moderators"])
def test_the_page_prints(name: str, tmp_path: Path) -> None:
    path = lv.write_questionnaire(lv.instruments.load(name), tmp_path / "sheet.html")
    pdf = tmp_path / "sheet.pdf"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
    subprocess.run([browser(), *flags, path.as_uri()], check=True, capture_output=True, timeout=60)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
    assert 1 <= pages <= 5


@pytest.mark.parametrize("name", ["value_loyalty", "loyalty_form"])
def test_the_closing_words_share_a_block_with_the_last_question(name: str) -> None:
    text = page(lv.instruments.load(name))
    last = re.split(r'<tbody class="last">|<section class="single"', text)[-1]
    assert "Thank you" in last
    assert text.count("Thank you") == 1
    assert lv.instruments.load(name).items[-1].wording["en"] in last


# ---- the document ---------------------------------------------------------------------------------------------------


def test_the_word_document_repeats_the_head_of_its_tables_and_fits_the_page() -> None:
    sheet = lay_out_questionnaire(lv.instruments.load("servqual"), "zh", about="天河酒店")
    document = docx.Document(io.BytesIO(questionnaire_to_word(sheet)))
    (table,) = document.tables
    assert len(table.rows) == 23
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    assert sum(column.width for column in table.columns) <= width
    assert document.core_properties.author == ""
    assert any("天河酒店" in paragraph.text for paragraph in document.paragraphs)


def test_the_word_document_shows_every_kind_of_answer() -> None:
    lines = words_of(questionnaire_to_word(lay_out_questionnaire(HOSTILE)))
    assert "\u2003\u25cb I know it well" in lines
    assert "\u2003____________ (0 to 120)" in lines
    assert "\u2003____________" in lines
    assert "\u25cb\n-3" in lines


def test_without_python_docx_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'lvmodels\[report\]'"):
        questionnaire_to_word(Questionnaire("t", "", "en", ()))


# ---- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".html", ".docx", ".lss", ".txt", ".csv"])
def test_files_are_written_and_never_overwritten(ending: str, tmp_path: Path) -> None:
    acsi = lv.instruments.load("acsi")
    path = lv.write_questionnaire(acsi, tmp_path / f"new/sheet{ending.upper()}", "zh")
    assert path.stat().st_size > 1000
    with pytest.raises(OutputError, match="is there already"):
        lv.write_questionnaire(acsi, path)


@pytest.mark.parametrize(
    ("name", "says"), [("a.qsf", "Qualtrics imports the .txt"), ("a.htm", "Did you mean '.html'"), ("a", "")]
)
def test_other_endings_are_refused_with_those_that_are_known(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(OptionValueError, match=r"known are \.html \(a page to print\)") as caught:
        lv.write_questionnaire(lv.instruments.load("acsi"), tmp_path / name)
    assert says in str(caught.value)
