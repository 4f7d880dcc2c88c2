"""`lvmodels screen` on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answers with an impossible code, an interview broken off and a failed check, and their instrument."""
    survey = lv.datasets.load("value_loyalty")
    assert survey.instrument is not None
    raw = pd.concat([survey.answers, survey.respondents], axis=1).iloc[:200].assign(CHECK=4)
    raw.loc[3, "QUA1"] = 9
    raw.loc[5, raw.columns[4:21]] = None
    raw.loc[7, "CHECK"] = 2
    raw.to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "instrument.toml").write_text(survey.instrument.to_toml(), encoding="utf-8")
    (tmp_path / "model.txt").write_text(lv.datasets.model("value_loyalty"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture takes most of the time, and tests of the report look at it."""
    monkeypatch.setattr("lvmodels.report.screening.scores_figure", lambda *_: None)


def test_screen_writes_the_report_and_prints_the_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("screen", "answers.csv", "--instrument", "instrument.toml", "--attention", "CHECK=4") == 0
    said = capsys.readouterr().out
    assert "Screening excluded 2 of 200 respondents; 198 remain." in said
    assert str(Path("results") / "screening" / "report.html") in said
    decisions = pd.read_csv(project / "results" / "screening" / "decisions.csv")
    excluded = decisions[decisions["decision"] == "excluded"].set_index("row")["rule"].to_dict()
    assert excluded == {6: "completeness", 8: "attention"}
    assert (decisions["rule"] == "impossible").sum() == 1


def test_clean_answers_can_be_fitted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--instrument", "instrument.toml", "--attention", "CHECK=4", "--out", "s"]
    assert run("screen", "answers.csv", *options, "--model", "model.txt", "--missing", "fiml") == 0
    figures = pd.read_csv(project / "s" / "tables" / "screening_figures.csv")
    assert {"all", "clean", "attention"} <= set(figures.columns)
    clean = lv.read_survey(project / "s" / "clean_answers.csv", project / "instrument.toml")
    assert len(clean.answers) == 198
    capsys.readouterr()


def test_rules_columns_and_codes_are_passed_on(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = "QUA1,QUA2,QUA3,QUA4,QUA5"
    assert run("screen", "answers.csv", "--items", items, "--codes", "1:7", "--rules", "variability=off,longstring=4",
               "--rules", "impossible=exclude", "--language", "en") == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "impossible" in said
    rules = pd.read_csv(project / "results" / "screening" / "tables" / "screening_rules.csv").set_index("rule")
    assert rules.loc["impossible", "excluded"] == 1
    assert rules.loc["variability", "note"] == "turned off"


def test_shipped_data_can_be_screened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("screen", "ecsi_mobi", "--out", str(tmp_path / "r")) == 0
    assert "250 remain" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rules", "speed"], "--rules speed: write it as in --rules speed=1.5."),
        (["--rules", "sped=1"], "Did you mean 'speed'?"),
        (["--attention", "CHECK=four"], "'four' is no code"),
        (["--attention", "CHEK=4"], "did you mean 'CHECK'"),
        (["--codes", "17"], "write lowest and highest code as in --codes 1:7"),
        (["--language", "fr"], "language='fr' is not available"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run("screen", "answers.csv", *arguments) == 2
    assert message in capsys.readouterr().err
