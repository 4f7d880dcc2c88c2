"""Simulated answers, written as each platform exports them and read again, are the same answers."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import OptionValueError, OutputError, SurveyError
from lvmodels.survey.instrument import Instrument, Item, Scale
from lvmodels.survey.platforms.layouts import PLATFORMS

VARIANTS = [
    (platform, layout, answers)
    for platform, known in PLATFORMS.items()
    for layout in known.layouts
    for answers in ("codes", "words")
    if (layout, answers) != ("expanded", "codes")
]
TELLS_NO_QUESTIONS = {("limesurvey", "code"), ("redcap", "raw")}
TELLS_DURATION = {"qualtrics", "limesurvey", "surveymonkey", "wenjuanxing", "microsoft_forms"}
TELLS_START = TELLS_DURATION
TELLS_FINISHED = {"qualtrics", "limesurvey", "redcap"}

LETTERS = "abcdefghijklmnoprstuvwzäéñšжщ满意服务价格员工の커피"
SENTENCES = st.lists(st.text(LETTERS, min_size=2, max_size=7), min_size=2, max_size=5).map(" ".join)
MARKS = st.sampled_from(
    ["", ".", "?", "!", ", always", "; and so on", ' "indeed"', "，是吗？", " (on the whole)", " - say"]
)


@st.composite
def scales(draw: st.DrawFn, number: int) -> Scale:
    points, low = draw(st.integers(2, 11)), draw(st.sampled_from([1, 0, 1]))
    codes = list(range(low, low + points))
    anchored = codes if draw(st.booleans()) else [codes[0], codes[-1]]
    words = [
        f"{word} {'abcdefghijk'[place]}"
        for place, word in enumerate(draw(st.lists(SENTENCES, min_size=11, max_size=11)))
    ]
    return Scale(points=points, low=low, anchors={"en": dict(zip(anchored, words, strict=False))})


@st.composite
def surveys(draw: st.DrawFn) -> lv.Survey:
    known = {f"scale{number}": draw(scales(number)) for number in range(2)}
    asked = draw(st.integers(1, 5))
    items = tuple(
        Item(
            name=f"{draw(st.sampled_from(['SAT', 'Loy', 'q']))}{number}",
            scale=draw(st.sampled_from([None, *known, *known])),
            wording={"en": f"{draw(SENTENCES)} {'vwxyz'[number]}{draw(MARKS)}"},
        )
        for number in range(asked)
    )
    instrument = Instrument(schema=1, name="simulated", title={"en": "Simulated"}, scales=known, items=items)
    n = draw(st.integers(1, 8))
    answers = {}
    for item in items:
        codes = (
            st.sampled_from(instrument.codes(item.name))
            if item.scale
            else st.one_of(st.integers(0, 300), st.floats(0, 9))
        )
        column = draw(st.lists(st.one_of(codes, codes, codes, st.none()), min_size=n, max_size=n))
        answers[item.name] = [float("nan") if value is None else float(value) for value in column]
    minutes = draw(st.lists(st.integers(0, 500_000), min_size=n, max_size=n))
    start = pd.Timestamp("2026-01-13 08:00:00") + pd.to_timedelta(minutes, unit="min")
    duration = draw(st.lists(st.integers(1, 7200), min_size=n, max_size=n))
    about = pd.DataFrame(
        {
            "start": start.strftime("%Y-%m-%d %H:%M:%S"),
            "end": (start + pd.to_timedelta(duration, unit="s")).strftime("%Y-%m-%d %H:%M:%S"),
            "duration": duration,
            "finished": draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)),
        }
    )
    frame = pd.DataFrame(answers)
    frame.iloc[0] = [instrument.codes(item.name)[0] if item.scale else 7.0 for item in items]  # no item without answers
    return lv.Survey(frame, about, instrument)


def written_and_read(survey: lv.Survey, instrument: Instrument | None, **options: Any) -> lv.Survey:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        lv.write_export(survey, path, **options)
        return lv.read_survey(path, instrument)


@pytest.mark.parametrize(("platform", "layout", "answers"), VARIANTS)
@settings(max_examples=max(3, settings.default.max_examples // 8))  # there are many variants
@given(survey=surveys())
def test_what_was_written_is_read_again(platform: str, layout: str, answers: str, survey: lv.Survey) -> None:
    again = written_and_read(survey, survey.instrument, platform=platform, layout=layout, answers=answers)
    pd.testing.assert_frame_equal(again.answers, survey.answers)
    assert again.instrument == survey.instrument
    if (platform, layout) not in TELLS_NO_QUESTIONS:
        assert survey.instrument is not None
        assert again.labels.wording == {item.name: item.wording["en"] for item in survey.instrument.items}
    told = ["end"] if platform not in ("limesurvey", "redcap") else []
    told += ["duration"] if platform in TELLS_DURATION else []
    told += ["start"] if platform in TELLS_START else []
    told += ["finished"] if platform in TELLS_FINISHED else []
    pd.testing.assert_frame_equal(again.respondents[told], survey.respondents[told])


def small_survey(**anchors: str) -> lv.Survey:
    items = tuple(Item(name=f"SAT{n}", scale="agree", wording={"en": f"Statement {n}"}) for n in (1, 2))
    printed = {1: "no", 2: "so so", 3: "yes"} | {int(code.removeprefix("at")): words for code, words in anchors.items()}
    scale = Scale(points=3, anchors={"en": printed})
    instrument = Instrument(schema=1, name="small", title={"en": "Small"}, scales={"agree": scale}, items=items)
    return lv.Survey(
        pd.DataFrame({"SAT1": [1.0, 3.0], "SAT2": [2.0, float("nan")]}), pd.DataFrame(index=range(2)), instrument
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_codes_and_words_are_a_pair_that_tells_the_words(tmp_path: Path, platform: str) -> None:
    survey = small_survey()
    lv.write_export(survey, tmp_path / "codes.csv", platform, answers="codes", language="en")
    lv.write_export(survey, tmp_path / "words.csv", platform, answers="words", language="en")
    again = lv.read_survey(tmp_path / "codes.csv", survey.instrument, words=tmp_path / "words.csv")
    pd.testing.assert_frame_equal(again.answers, survey.answers)
    assert again.labels.values == {"SAT1": {1.0: "no", 3.0: "yes"}, "SAT2": {2.0: "so so"}}


@pytest.mark.parametrize("platform", ["qualtrics", "wenjuanxing", "limesurvey"])
def test_a_large_export_is_unpacked_too(tmp_path: Path, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = small_survey()
    lv.write_export(survey, tmp_path / "export.csv", platform)
    with_care = lv.read_survey(tmp_path / "export.csv")
    monkeypatch.setattr("lvmodels.survey.files.LARGE", 10)
    quickly = lv.read_survey(tmp_path / "export.csv")
    pd.testing.assert_frame_equal(quickly.answers, with_care.answers)
    assert quickly.log == with_care.log


@pytest.mark.parametrize(("platform", "layout", "answers"), VARIANTS)
def test_workbooks_are_read_like_texts(tmp_path: Path, platform: str, layout: str, answers: str) -> None:
    survey = small_survey()
    lv.write_export(survey, tmp_path / "export.xlsx", platform, layout=layout, answers=answers)
    again = lv.read_survey(tmp_path / "export.xlsx", survey.instrument)
    pd.testing.assert_frame_equal(again.answers, survey.answers)
    assert PLATFORMS[platform].name in again.log[0]
    assert again.respondents["end"].iloc[0] == "2026-01-05 09:03:00"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"platform": "qualtrix"}, "Did you mean 'qualtrics'"),
        ({"platform": "redcap", "layout": "expanded"}, "layout='expanded' is none of REDCap; it has raw, labels"),
        ({"platform": "redcap", "answers": "text"}, "answers='text' is not known"),
        ({"platform": "surveymonkey", "layout": "expanded"}, "pass answers='words', too"),
    ],
)
def test_an_unknown_option_is_named(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionValueError, match=re.escape(says)):
        lv.write_export(small_survey(), tmp_path / "export.csv", **options)


@pytest.mark.parametrize(
    ("survey", "options", "says"),
    [
        (small_survey(at2="yes"), {"answers": "words"}, "the words 'yes' at code 2 could not be read back"),
        (small_survey(at2="NA"), {"answers": "words"}, "the words 'NA' at code 2 could not be read back"),
        (small_survey(at2="3"), {"answers": "words"}, "the words '3' at code 2 could not be read back"),
        (lv.Survey(pd.DataFrame({"a": ["often"]}), pd.DataFrame()), {}, "column 'a': 'often' is no number"),
        (lv.Survey(pd.DataFrame({"a": [-99.0]}), pd.DataFrame()), {}, "column 'a': -99 means 'no answer'"),
        (lv.Survey(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"start": ["soon"]})), {}, "column 'start' of"),
        (lv.Survey(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"start": []})), {}, "1 rows of answers and 0 of"),
        (lv.Survey(pd.DataFrame({"a b": [1.0]}), pd.DataFrame()), {"platform": "redcap"}, "'a b' cannot be a code"),
        (lv.Survey(pd.DataFrame({"a": [1], "A": [1]}), pd.DataFrame()), {"platform": "wenjuanxing"}, "stands twice"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_back_is_not_written(
    tmp_path: Path, survey: lv.Survey, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(SurveyError, match=re.escape(says)):
        lv.write_export(survey, tmp_path / "export.csv", **{"platform": "qualtrics", **options})
    assert not (tmp_path / "export.csv").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        lv.write_export(small_survey(), tmp_path / "no such folder" / "export.csv", "redcap")
