"""The report of a screening: what is in the folder, in both languages, and that user text stays text."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import OptionValueError, OutputError
from lvmodels.report.output_folder import SCREENING_FILES, TABLE_NAMES
from lvmodels.report.screening import screening_report
from lvmodels.report.screening_works import SCREENING_WORKS
from lvmodels.survey.answers import Survey
from lvmodels.survey.screening.record import Screening
from lvmodels.survey.screening.rules import RULES

MODEL = "A =~ q1 + q2 + q3\nB =~ q4 + q5 + q6\nB ~ A"


def made(n: int = 200) -> Survey:
    rng = np.random.default_rng(5)
    F = rng.multivariate_normal([0, 0, 0], 0.5 + 0.5 * np.eye(3), n)
    Y = np.clip(np.round(4 + 1.2 * np.repeat(F, 4, axis=1) + 0.8 * rng.standard_normal((n, 12))), 1, 7)
    Y[rng.random(Y.shape) < 0.02] = np.nan
    Y[:8] = 3  # straight lines,
    seconds = np.where(np.arange(n) < 8, 10.0, rng.lognormal(4.5, 0.3, n))  # given in no time
    Y[9, 4:] = np.nan
    frame = pd.DataFrame(Y, columns=[f"q{k}" for k in range(1, 13)])
    return Survey(frame, pd.DataFrame({"duration": seconds, "city": ["Köln"] * n}))


@pytest.fixture(scope="module")
def screening() -> Screening:
    return lv.screen(made(), codes=(1, 7))


@pytest.fixture(scope="module")
def folder(screening: Screening, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("screening") / "r"
    return screening_report(screening, place, screening.sensitivity(MODEL), command="lvmodels screen x").parent


def text_of(page: Path) -> str:
    bare = re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(bare.replace("\u00a0", " ").split())


def test_folder_holds_page_log_scores_and_clean_answers(folder: Path, screening: Screening) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"report.html", *SCREENING_FILES} <= found
    assert {f"figures/screening_scores.{ending}" for ending in ("svg", "pdf", "png")} <= found
    tables = {name.removeprefix("tables/").removesuffix(".csv") for name in found if name.startswith("tables/")}
    assert (
        {"screening_rules", "screening_sources", "screening_figures", "screening_items"} <= tables <= set(TABLE_NAMES)
    )
    decisions = pd.read_csv(folder / "decisions.csv")
    assert len(decisions) == len(screening.decisions)
    scores = pd.read_csv(folder / "scores.csv")
    assert scores["excluded"].sum() == len(screening.excluded) == 9
    clean = lv.read_survey(folder / "clean_answers.csv")
    assert len(clean.answers) == 191
    pd.testing.assert_frame_equal(
        clean.answers[list(screening.layout.items)].astype(float),
        screening.clean.answers.reset_index(drop=True), check_dtype=False, check_names=False, check_column_type=False,
    )  # fmt: skip
    assert (clean.answers["city"] == "Köln").all()


def test_page_tells_the_finding_the_rules_and_their_sources(folder: Path) -> None:
    text = text_of(folder / "report.html")
    assert "Of 200 respondents 9 (4.5%) were excluded; 191 remain." in text
    assert "Completeness 1, Careless 8" in text
    assert "Screening excluded 9 of 200 respondents; 191 remain." in text
    assert "Huang, J. L., Curran" in text
    assert "lvmodels screen x" in text
    assert "no attention check was named" in text
    assert "Before analysis the answers of 200 respondents to 12 items were screened for" in text


def test_every_source_of_a_rule_has_its_full_reference() -> None:
    named = {work for rule in RULES for work in f"{rule.source}; {rule.cut_source}".split("; ") if work}
    assert named <= set(SCREENING_WORKS)


def test_table_of_rules_is_that_of_the_record(folder: Path, screening: Screening) -> None:
    with (folder / "tables" / "screening_rules.csv").open(encoding="utf-8-sig") as file:
        rows = {row["rule"]: row for row in csv.DictReader(file)}
    for row in screening.rules.to_dict("records"):
        assert rows[row["rule"]]["flagged"] == ("" if row["reason"] else str(row["flagged"]))


def test_chinese_report(screening: Screening, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lvmodels.report.fonts.warnings.warn", lambda *_, **__: None)
        page = screening.report(tmp_path / "r", screening.sensitivity(MODEL, by_rule=False), language="zh")
    text = text_of(page)
    assert "200 名受访者中，9 名（4.5%）被剔除，保留 191 名。" in text
    assert "不认真作答" in text
    assert "未指定注意力检测题" in text
    assert 'lang="zh-Hans"' in page.read_text(encoding="utf-8")


def test_nobody_excluded_and_nothing_to_draw(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1, 2, 2, 3]})
    page = lv.screen(frame, rules={rule.name: "off" for rule in RULES}).report(tmp_path / "r")
    assert "Of 4 respondents none was excluded." in text_of(page)
    assert not (tmp_path / "r" / "figures" / "screening_scores.svg").exists()


@pytest.fixture
def no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the picture, which takes most of the time."""
    monkeypatch.setattr("lvmodels.report.screening.scores_figure", lambda *_: None)


@pytest.mark.usefixtures("no_picture")
def test_everybody_excluded(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q1": [1.0, 2, 3], "q2": [np.nan] * 3, "q3": [np.nan] * 3, "q4": [np.nan] * 3})
    page = lv.screen(frame, items=["q1", "q2", "q3", "q4"]).report(tmp_path / "r")
    assert "3 (100%) were excluded; 0 remain" in text_of(page)


@pytest.mark.usefixtures("no_picture")
def test_text_of_users_stays_text(tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    frame = pd.DataFrame({script: [1, 2, 3, np.nan], "b": [1, 2, 2, np.nan]}, index=[script, "=1+1", "x", "y"])
    page = lv.screen(frame, items=[script, "b"]).report(tmp_path / "r", title=script)
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_report_replaces_an_earlier_one_and_nothing_else(screening: Screening, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a\n", encoding="utf-8")
    screening.report(tmp_path)
    fit = lv.sem("A =~ q1 + q2 + q3", screening.clean, missing="fiml")
    fit.report(tmp_path)
    assert (tmp_path / "mine.csv").exists()
    assert not (tmp_path / "decisions.csv").exists()
    assert not (tmp_path / "figures" / "screening_scores.svg").exists()


def test_wrong_places_and_languages_are_refused(screening: Screening, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        screening.report(tmp_path / "file")
    with pytest.raises(OptionValueError, match="'fr'"):
        screening.report(tmp_path / "r", language="fr")  # type: ignore[arg-type]
