"""From answers to a shipped instrument, written as each platform exports them, to scores, codebook and clean data."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main
from lvmodels.errors import MissingFileError
from lvmodels.survey.platforms.layouts import PLATFORMS

NAME = "value_loyalty"
INSTRUMENT = lv.instruments.load(NAME)
TELLS_DURATION = {"qualtrics", "limesurvey", "surveymonkey", "wenjuanxing", "microsoft_forms"}
TELLS_ADDRESSES = {"qualtrics", "limesurvey", "surveymonkey", "wenjuanxing"}
TELLS_FINISHED = {"qualtrics", "limesurvey", "redcap"}
MODEL = "Satisfaction =~ SAT1 + SAT2 + SAT3 + SAT4\nSwitchingCost =~ SWC1 + SWC2 + SWC3\nSatisfaction ~~ SwitchingCost"


def simulated(n: int = 120) -> lv.Survey:
    """Answers of people who feel the same of everything; 5 hurry in a straight line, 7 repeats 9, 2 did not finish."""
    rng = np.random.default_rng(4)
    feeling = rng.normal(size=n)
    answers = pd.DataFrame()
    for item in INSTRUMENT.items:
        felt = (-1 if item.reverse else 1) * feeling + 0.8 * rng.normal(size=n)
        answers[item.name] = (4 + 1.2 * felt).round().clip(1, 7)
    answers = answers.mask(rng.random(answers.shape) < 0.01)
    answers.loc[5] = 4.0
    answers.loc[9] = answers.loc[7]
    answers.loc[2, answers.columns[4:]] = np.nan
    about = pd.DataFrame({"duration": rng.integers(200, 500, n).astype(float), "finished": 1})
    about["ip"] = [f"198.51.100.{row}" for row in range(n)]
    about.loc[9, "ip"] = about.loc[7, "ip"]
    about.loc[5, "duration"] = 30.0
    about.loc[2, "finished"] = 0
    return lv.Survey(answers, about, INSTRUMENT)


SURVEY = simulated()


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def export(platform: str, folder: Path) -> Path:
    path = folder / f"{platform}.csv"
    layout = {"limesurvey": "code & text"}.get(platform, "default")
    lv.write_export(SURVEY, path, platform, layout=layout)  # type: ignore[arg-type]
    return path


def test_the_whole_way_by_the_name_of_the_instrument(platform: str, tmp_path: Path) -> None:
    path = export(platform, tmp_path)
    survey = lv.read_survey(path, NAME)
    pd.testing.assert_frame_equal(survey.answers, SURVEY.answers)
    assert survey.instrument == INSTRUMENT
    assert not re.search(r"198\.51\.100", survey.respondents.to_csv())

    screening = lv.screen(survey)
    expected = {2: "completeness"}
    expected |= {5: "careless"} if platform in TELLS_DURATION else {}
    expected |= {9: "duplicate"} if platform in TELLS_ADDRESSES else {}
    assert screening.excluded.to_dict() == expected
    assert ("seconds_per_item" in screening.scores) == (platform in TELLS_DURATION)
    if platform in TELLS_FINISHED:
        assert screening.flags.index[screening.flags["unfinished"]].tolist() == [2]

    book = lv.codebook(screening.clean)
    assert (book.frame["n"] + book.frame["missing"] == len(screening.clean.answers)).all()
    scores = lv.scale_scores(screening.clean, "pomp").scores
    assert scores["Satisfaction"].corr(scores["ServiceQuality"]) > 0.5  # the reverse-keyed items were turned round


def test_screening_a_file_finds_what_screening_a_survey_finds(platform: str, tmp_path: Path) -> None:
    """With the instrument given to the screening itself, the columns are matched as in reading."""
    path = export(platform, tmp_path)
    read, screened = lv.read_survey(path, NAME), lv.screen(path, NAME)
    pd.testing.assert_frame_equal(screened.screened.answers, read.answers)
    pd.testing.assert_frame_equal(screened.screened.respondents, read.respondents)
    assert screened.screened.labels.wording == read.labels.wording
    assert screened.screened.labels.reasons == read.labels.reasons


def test_a_survey_is_held_against_an_instrument_afterwards(tmp_path: Path) -> None:
    path = export("wenjuanxing", tmp_path)
    bare = lv.read_survey(path)
    assert "Q1_1" in bare.answers
    again = lv.read_survey(bare, NAME)
    pd.testing.assert_frame_equal(again.answers, SURVEY.answers)
    assert again.labels.reasons == lv.read_survey(path, NAME).labels.reasons
    assert lv.codebook(bare, NAME).frame.loc["PRQ1", "wording"] == INSTRUMENT.label("PRQ1")


def test_the_codebook_gives_the_reasons_of_the_platform(tmp_path: Path) -> None:
    survey = lv.read_survey(export("wenjuanxing", tmp_path), NAME)
    frame = lv.codebook(survey).frame
    absent = SURVEY.answers.isna().sum()
    assert frame.loc[absent.index, "missing_skipped"].tolist() == absent.tolist()
    assert (frame.loc[absent.index, "not_answered"] == 0).all()
    clean = lv.codebook(lv.screen(survey).clean).frame
    assert clean.loc["BLO4", "missing_skipped"] == absent["BLO4"] - 1  # of who broke off
    page = lv.codebook(survey, language="zh").to_html(tmp_path / "codebook.html").read_text(encoding="utf-8")
    assert "跳过" in page
    assert "缺失原因由调查平台给出。" in page


def test_an_attention_check_works_on_what_is_no_item(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    SURVEY.answers.assign(CHECK=[3.0] + [4.0] * (len(SURVEY.answers) - 1)).to_csv(path, index=False)
    found = lv.screen(lv.read_survey(path, NAME), attention={"CHECK": 4})
    assert found.excluded[0] == "attention"


def run(*arguments: str) -> None:
    """The command line, which ends the program: with 0 when all is well."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0


def test_the_same_by_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    export("qualtrics", tmp_path)
    Path("model.txt").write_text(MODEL, encoding="utf-8")
    run("screen", "qualtrics.csv", "--instrument", NAME, "--out", "screening")
    assert "Screening excluded 3 of 120 respondents; 117 remain." in capsys.readouterr().out
    run("codebook", "screening/clean_answers.csv", "--instrument", NAME)
    run("fit", "model.txt", "screening/clean_answers.csv", "--instrument", NAME, "--missing", "fiml", "--out", "f")
    assert "117" in capsys.readouterr().out
    assert "117" in Path("f/report.html").read_text(encoding="utf-8")


def test_a_mistyped_name_is_no_file_and_no_instrument(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no shipped name either. Did you mean 'value_loyalty'"):
        lv.read_survey(export("qualtrics", tmp_path), "value_loyalti")


def test_records_say_shortly_what_they_are() -> None:
    assert repr(INSTRUMENT) == "<Instrument 'value_loyalty': 13 constructs, 48 items>"
    assert repr(lv.scale_scores(SURVEY)) == "<ScaleScores (mean): 13 constructs, 120 respondents>"
