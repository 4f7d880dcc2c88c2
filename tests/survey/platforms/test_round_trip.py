"""Simulated answers, written as each platform exports them and read again, are the same answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
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
