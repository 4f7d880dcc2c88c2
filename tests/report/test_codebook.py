"""The codebook: a frame, a page, a CSV file, in two languages, with and without an instrument."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main
from lvmodels.errors import OptionValueError, OutputError
from lvmodels.report.codebook import Codebook
from lvmodels.report.sparkline import sparkline
from lvmodels.survey.answers import Survey
from lvmodels.survey.instrument import Instrument
from lvmodels.survey.raw import Labels


@pytest.fixture(scope="module")
def book() -> Codebook:
    return lv.codebook(lv.datasets.load("value_loyalty"))


def test_missing_answers_add_up(book: Codebook) -> None:
    frame = book.frame
    assert (frame["n"] + frame["missing"] == 620).all()
    assert (frame["not_answered"] + frame["missing_-99"] == frame["missing"]).all()
    assert frame.loc[["SWI1", "SWI2", "SWI3", "SWI4"], "missing_-99"].tolist() == [25, 24, 26, 23]


def test_figures_are_those_of_the_answers(book: Codebook) -> None:
    answers = book.survey.answers
    expected = answers.agg(["mean", "std", "min", "max"]).T.to_numpy()
    assert book.frame.loc[answers.columns, ["mean", "sd", "min", "max"]].to_numpy() == pytest.approx(expected)
    shares = (answers == 7).sum() / answers.notna().sum()
    assert book.frame.loc[answers.columns, "ceiling"].to_numpy() == pytest.approx(shares.to_numpy())


def test_values_add_up_to_the_valid_answers(book: Codebook) -> None:
    counts = book.values.groupby("name")["n"].sum()
    assert (counts == book.frame["n"][counts.index]).all()


def test_page_shows_wording_chart_and_reasons(book: Codebook, tmp_path: Path) -> None:
    page = book.to_html(tmp_path / "codebook.html").read_text(encoding="utf-8")
    for text in ("Value and loyalty (simulated survey): codebook", "I can depend on its service.", "Code −99", "<rect"):
        assert text in page


def test_page_in_chinese_has_no_english_heading(tmp_path: Path) -> None:
    page = lv.codebook(lv.datasets.load("value_loyalty"), language="zh").to_html(tmp_path / "c.html")
    text = page.read_text(encoding="utf-8")
    assert "编码簿" in text
    assert "未作答" in text
    assert "Missing answers" not in text


def test_texts_of_a_file_are_escaped(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0], "<b>": [1.0, 2.0]})
    survey = Survey(frame, frame[[]], labels=Labels(wording={"q": "<script>alert(1)</script>"}))
    page = lv.codebook(survey).to_html(tmp_path / "c.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "<b>" not in page


def test_csv_reads_back(book: Codebook, tmp_path: Path) -> None:
    content = book.to_csv(tmp_path / "codebook.csv").read_bytes()
    back = pd.read_csv(io.BytesIO(content), index_col="name")
    assert back["mean"].to_numpy() == pytest.approx(book.frame["mean"].to_numpy(), nan_ok=True)
    assert back.columns.tolist() == book.frame.columns.tolist()


def test_pages_of_others_are_left_alone(book: Codebook, tmp_path: Path) -> None:
    mine = tmp_path / "index.html"
    mine.write_text("my own page")
    with pytest.raises(OutputError, match="did not make it"):
        book.to_html(mine)
    assert mine.read_text() == "my own page"
    ours = book.to_html(tmp_path / "ours.html")
    assert book.to_html(ours) == ours


def test_unknown_language_is_refused() -> None:
    with pytest.raises(OptionValueError, match="'fr' is not available"):
        lv.codebook(pd.DataFrame({"q": [1]}), language="fr")  # type: ignore[arg-type]


def test_frame_without_numbers_has_a_page(tmp_path: Path) -> None:
    book = lv.codebook(pd.DataFrame({"name": ["Ann", "Bo"], "none": [None, None]}))
    assert book.frame["n"].tolist() == [2, 0]
    page = book.to_html(tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Ann" not in page


def test_sparkline_of_nothing_is_nothing() -> None:
    assert sparkline("") == ""
    assert sparkline("1 x") == ""


def test_command_writes_page_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "book.html"
    with pytest.raises(SystemExit) as ended:
        main(["codebook", "ecsi_mobi", "--out", str(page), "--language", "zh"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.split() == [str(page), str(page.with_suffix(".csv"))]
    assert "编码簿" in page.read_text(encoding="utf-8")


def test_command_refuses_another_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["codebook", "ecsi_mobi", "--out", str(tmp_path / "book.pdf")])
    assert ended.value.code == 2
    assert "does not end in .html" in " ".join(capsys.readouterr().err.split())


STATISTICAL = """
schema = 1
name = "t"
title = { en = "T" }
[scales.five]
points = 5
[[items]]
name = "quality"
scale = "five"
missing = [98, 99]
wording = { en = "How good is it?" }
"""


def test_reasons_that_a_statistical_file_declares_are_kept(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"Quality": [1, 2, 3, 98, 99, 99, None], "sex": [1, 2, 1, 2, 1, 2, 1]})
    pyreadstat.write_sav(
        frame, str(tmp_path / "t.sav"), column_labels=["How good is it?", "Sex"], missing_ranges={"Quality": [98, 99]},
        variable_value_labels={"Quality": {1: "bad", 5: "good", 98: "refused", 99: "do not know"}},
        variable_measure={"sex": "nominal"},
    )  # fmt: skip
    survey = lv.read_survey(tmp_path / "t.sav")
    alone = lv.codebook(survey)
    row = alone.frame.loc["Quality"]
    assert row[["n", "not_answered", "missing_98", "missing_99"]].tolist() == [3, 1, 1, 2]
    assert row[["wording", "labels"]].tolist() == ["How good is it?", "1 = bad; 5 = good"]
    assert "99 = do not know." in alone.to_html(tmp_path / "t.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    instrument = Instrument.from_toml(STATISTICAL)
    for book in (lv.codebook(tmp_path / "t.sav", instrument), lv.codebook(survey, instrument)):
        row = book.frame.loc["quality"]
        assert row["n"] == 3
        assert book.survey.source == "t.sav"
    assert lv.codebook(tmp_path / "t.sav", instrument).frame.loc["quality", "missing_99"] == 2
