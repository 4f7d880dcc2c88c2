"""The report as a folder: what is in it, that user text stays text, and that nothing is lost when writing fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lvmodels as lv
from lvmodels.errors import OptionValueError, OutputError
from lvmodels.report import document
from lvmodels.report.document import report
from lvmodels.report.output_folder import TABLE_NAMES

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Tags, texts and attributes of a page; fails when tags do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).replace("\u00a0", " ").split())


def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def ecsi_report(ecsi: lv.Fit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(ecsi, tmp_path_factory.mktemp("report") / "demo", command="lvmodels demo")


# ---- what is in it --------------------------------------------------------------------------------------------------


def test_folder_holds_page_tables_figures_and_results(ecsi_report: Path) -> None:
    found = files(ecsi_report.parent)
    assert {"report.html", "results.json"} <= found
    assert {f"figures/path_diagram.{ending}" for ending in ("svg", "pdf", "png")} <= found
    tables = {name.removeprefix("tables/").removesuffix(".csv") for name in found if name.startswith("tables/")}
    assert {"items", "measurement", "structure", "effects", "residuals", "fit_measures"} <= tables
    assert tables <= set(TABLE_NAMES), "a table whose name is not known as ours would never be replaced"
    assert len(found) == 5 + len(tables)


def test_page_leads_with_the_finding(ecsi_report: Path) -> None:
    text = page(ecsi_report).text
    finding = text[text.index("The model has 6 latent") :]
    assert "all 250 cases were analysed." in finding
    assert "its fit is acceptable (CFI .925, RMSEA .066, 90% CI .055 to .076, SRMR .050)" in finding
    assert "rejected, χ²(144) = 298.887, p < .001." in finding
    assert "The strongest driver of Loyalty is Satisfaction (standardized total effect 0.80, p < .001)" in finding
    assert text.index("The strongest driver") < text.index("Path diagram")


@pytest.mark.parametrize(
    "anchor",
    [
        "model", "sample", "items", "convergence", "fit", "measurement", "structure", "effects", "variances", "misfit",
        "methods", "references", "reproduce",
    ],
)  # fmt: skip
def test_page_has_every_section_and_its_link(ecsi_report: Path, anchor: str) -> None:
    tags = page(ecsi_report).tags
    assert any(tag == "section" and attributes.get("id") == anchor for tag, attributes in tags)
    assert any(tag == "a" and attributes.get("href") == f"#{anchor}" for tag, attributes in tags)


def test_ids_are_unique_and_references_lead_somewhere(ecsi_report: Path) -> None:
    tags = page(ecsi_report).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    html = ecsi_report.read_text(encoding="utf-8")
    referred = set(re.findall(r'href="#([^"]+)"', html)) | set(re.findall(r"url\(#([^)]+)\)", html))
    assert referred
    assert referred <= set(ids)


def test_page_asks_nothing_from_elsewhere(ecsi_report: Path) -> None:
    for tag, attributes in page(ecsi_report).tags:
        assert tag not in {"script", "iframe", "img", "object"}
        for name in ("src", "href", "xlink:href", "data", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert "@import" not in ecsi_report.read_text(encoding="utf-8")


def test_tables_have_captions_and_headed_columns(ecsi_report: Path) -> None:
    tags = [tag for tag, _ in page(ecsi_report).tags]
    assert tags.count("table") == tags.count("caption") == tags.count("thead") >= 10
    scopes = {attributes.get("scope") for tag, attributes in page(ecsi_report).tags if tag == "th"}
    assert scopes == {"col", "row", "rowgroup", "colgroup"}


def test_picture_has_a_title_and_a_description(ecsi_report: Path) -> None:
    picture = next(attributes for tag, attributes in page(ecsi_report).tags if tag == "svg")
    assert picture["role"] == "img"
    assert "19 observed variables and the estimates beside the arrows" in page(ecsi_report).text


def test_methods_paragraph_names_software_method_and_values(ecsi_report: Path) -> None:
    text = page(ecsi_report).text
    methods = text[text.index("The model was estimated with lvmodels") : text.index("References Akaike")]
    assert lv.__version__ in methods
    assert "maximum likelihood" in methods
    assert "χ²(144, N = 250) = 298.887, p < .001" in methods
    for author in re.findall(r"\(([A-Z]\w+)[^()]*\d{4}\)", methods):
        assert f"{author}, " in text[text.index("References Akaike") :]


def test_every_work_that_is_named_is_in_the_references(ecsi_report: Path) -> None:
    text = page(ecsi_report).text
    body, works = text[: text.index("References Akaike")], text[text.index("References Akaike") :]
    named = set(re.findall(r"(\w+)(?: and \w+| et al\.)? (19\d\d|200\d)(?=[);,])", body))
    named = {(author, year) for author, year in named if author[0].isupper() and author not in {"Lauro"}}
    assert len(named) > 10
    for author, year in named:
        assert re.search(rf"{author}.{{0,80}}\({year}\)", works), (author, year)


def test_reproduction_names_command_and_hashes(ecsi_report: Path) -> None:
    text = page(ecsi_report).text
    results = json.loads((ecsi_report.parent / "results.json").read_text(encoding="utf-8"))
    assert "Command lvmodels demo" in text
    assert results["command"] == "lvmodels demo"
    assert results["data"]["sha256"] in text
    assert results["model"]["sha256"] in text


def test_without_a_command_the_call_in_python_is_shown(schools: lv.Fit, tmp_path: Path) -> None:
    assert "fit = lv.cfa(model, data, group='school')" in page(report(schools, tmp_path / "r")).text


def test_the_same_moment_gives_the_same_bytes(schools: lv.Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first, second = (report(schools, tmp_path / name).parent for name in "ab")
    assert files(first) == files(second)
    for name in sorted(files(first)):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


# ---- kinds of fits --------------------------------------------------------------------------------------------------


def test_groups_have_a_diagram_each(schools: lv.Fit, tmp_path: Path) -> None:
    place = report(schools, tmp_path / "r")
    assert {"figures/path_diagram_group1.svg", "figures/path_diagram_group2.svg"} <= files(place.parent)
    found = page(place)
    assert [tag for tag, _ in found.tags].count("svg") == 2
    assert "Path diagram, school: Grant-White" in found.text
    assert "The model measures 3 latent variables by 9 observed variables" in found.text
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_chinese_report_is_chinese(ecsi: lv.Fit, tmp_path: Path) -> None:
    found = page(report(ecsi, tmp_path / "r", language="zh"))
    assert found.tags[0] == ("html", {"lang": "zh-Hans"})
    for words in ("顾客忠诚的方差有 64% 得到解释", "总的来说", "如何重现本报告"):
        assert words in found.text
    for words in ("Perceived quality", "The model", "Estimate", "Loadings"):
        assert words not in found.text


def test_a_fit_without_convergence_says_so_on_top(diverged: lv.Fit, tmp_path: Path) -> None:
    found = page(report(diverged, tmp_path / "r"))
    assert found.text.index("The model did not converge") < found.text.index("Path diagram")
    assert "A model that did not converge has no fit measures." in found.text
    assert "CFI" not in found.text
    assert "95% CI" not in found.text
    assert "tables/fit.csv" not in files(tmp_path / "r")


def test_warnings_stand_in_a_box(tmp_path: Path) -> None:
    with pytest.warns(lv.errors.DroppedRowsWarning):
        fit = lv.sem(lv.datasets.model("value_loyalty"), lv.datasets.load("value_loyalty"))
    found = page(report(fit, tmp_path / "r"))
    assert any(tag == "aside" and attributes["class"] == "notice" for tag, attributes in found.tags)
    assert "187 of 620 cases were left out" in found.text
    assert "These answers are simulated; nobody gave them." in found.text


def test_a_saturated_path_model_says_that_its_fit_says_nothing(tmp_path: Path) -> None:
    data = lv.datasets.load("political_democracy").answers
    found = page(report(lv.sem("y1 ~ x1 + x2", data), tmp_path / "r"))
    assert "It has no degrees of freedom" in found.text
    assert "nan" not in found.text.lower().split()


def test_drivers_are_named_for_every_group(tmp_path: Path) -> None:
    data = lv.datasets.load("ecsi_mobi").answers.assign(half=["first", "second"] * 125)
    model = "V =~ PERV1 + PERV2\nS =~ CUSA1 + CUSA2 + CUSA3\nS ~ V"
    text = page(report(lv.sem(model, data, group="half"), tmp_path / "r")).text
    assert "Group first: S is explained to" in text
    assert "Group second: S is explained to" in text


# ---- hostile text ---------------------------------------------------------------------------------------------------


def test_user_text_stays_text(hostile: lv.Fit, tmp_path: Path) -> None:
    place = report(
        hostile, tmp_path / "r", title="<script>alert('title')</script>", command="</code><script>x</script>"
    )
    found = page(place)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "img", "b"}
    assert all(not name.startswith("on") for _, attributes in found.tags for name in attributes)
    for text in ('<script>alert("name")</script>', "{{ 7 * 7 }}", "</code></pre><script>alert('model')</script>",
                 "<img src=x onerror=alert(1)>", "<script>alert('title')</script>", "<b>Factor</b>"):  # fmt: skip
        assert text in "".join(found.texts)
    assert "49" not in found.text.split()


def test_hostile_names_are_no_formulas_in_csv(hostile: lv.Fit, tmp_path: Path) -> None:
    report(hostile, tmp_path / "r")
    for path in (tmp_path / "r" / "tables").iterdir():
        assert not re.search(r'(^|,)"?=cmd', path.read_text(encoding="utf-8-sig"), re.MULTILINE), path.name


# ---- writing --------------------------------------------------------------------------------------------------------


def test_existing_folder_keeps_what_is_not_ours(schools: lv.Fit, ecsi: lv.Fit, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    report(schools, folder)
    mine = {"notes.txt", "tables/mine.csv", "figures/path_diagram_draft.svg", "figures/photo.png"}
    for name in mine:
        (folder / name).write_text("mine")
    report(ecsi, folder)
    found = files(folder)
    assert mine <= found
    assert {name for name in mine if (folder / name).read_text() == "mine"} == mine
    assert "figures/path_diagram.svg" in found
    assert not {name for name in found if "group" in name}, "what the first report left is gone"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_report_of_someone_else_is_not_overwritten(schools: lv.Fit, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<html>mine</html>")
    with pytest.raises(OutputError, match="did not make; choose another folder"):
        report(schools, tmp_path)
    assert files(tmp_path) == {"report.html"}
    assert (tmp_path / "report.html").read_text() == "<html>mine</html>"


@pytest.mark.parametrize("inside", ["file", "file/deeper", "file/deeper/still"])
def test_a_file_in_the_way_is_an_output_error(schools: lv.Fit, tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="choose"):
        report(schools, tmp_path / inside)
    assert files(tmp_path) == {"file"}


def test_when_writing_fails_the_old_report_is_still_there(
    schools: lv.Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "r"
    report(schools, folder)
    before = {name: (folder / name).read_bytes() for name in files(folder)}

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(document, "document_to_html", full)
    with pytest.raises(OutputError, match="No space left on device"):
        report(schools, folder)
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_a_defect_leaves_no_half_written_folder(
    schools: lv.Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[None]:
        raise ZeroDivisionError

    monkeypatch.setattr(document, "compose", broken)
    with pytest.raises(ZeroDivisionError):
        report(schools, tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_unknown_language_is_refused_before_anything_is_written(schools: lv.Fit, tmp_path: Path) -> None:
    with pytest.raises(OptionValueError, match="'de' is not available"):
        report(schools, tmp_path / "r", language="de")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_steps_are_told(schools: lv.Fit, tmp_path: Path) -> None:
    told: list[str] = []
    report(schools, tmp_path / "r", on_step=told.append)
    assert told == ["diagram", "writing", "tables"]
