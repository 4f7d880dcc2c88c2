"""Columns described: what is missing and why, where the scale ends, what is not listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lvmodels.survey.answers import Survey
from lvmodels.survey.files import read_survey
from lvmodels.survey.instrument import Instrument
from lvmodels.survey.item_descriptions import ItemDescription, describe_columns
from lvmodels.survey.raw import Labels

CAFE = Instrument.from_toml("""
schema = 1
name = "cafe"
title = { en = "Café guests", zh = "咖啡馆顾客" }
missing = [-99]
[scales.agree]
points = 5
anchors = { en = { 1 = "no", 5 = "yes" }, zh = { 1 = "否", 5 = "是" } }
[[constructs]]
name = "SAT"
label = { en = "Satisfaction", zh = "满意" }
[[items]]
name = "Q1"
construct = "SAT"
scale = "agree"
missing = [9]
wording = { en = "I am content.", zh = "我很满意。" }
[[items]]
name = "Q2"
construct = "SAT"
scale = "agree"
reverse = true
wording = { en = "I shall not come again." }
[[items]]
name = "age"
min = 0
max = 120
wording = { en = "How old are you?" }
""")
FILE = """Q1,Q2,age,city,id
1,5,30,Köln,a1
9,4,40,Köln,b2
,5,-99,Bonn,c3
-99,,50,Bonn,d4
5,3,60,Köln,e5
9,5,70,Köln,f6
"""


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    path = tmp_path_factory.mktemp("cafe") / "cafe.csv"
    path.write_text(FILE, encoding="utf-8")
    return read_survey(path, CAFE)


def named(survey: Survey, language: str = "en") -> dict[str, ItemDescription]:
    return {d.name: d for d in describe_columns(survey, language)}


def test_every_missing_answer_has_one_reason(survey: Survey) -> None:
    q1 = named(survey)["Q1"]
    assert (q1.n, q1.not_answered, dict(q1.declared)) == (2, 1, {-99.0: 1, 9.0: 2})


def test_a_declared_code_that_nobody_used_is_counted_as_none(survey: Survey) -> None:
    assert dict(named(survey)["Q2"].declared) == {-99.0: 0}


def test_reasons_follow_the_respondents_that_are_kept(survey: Survey) -> None:
    kept = survey.answers.index != 1
    fewer = Survey(
        survey.answers[kept],
        survey.respondents[kept],
        CAFE,
        survey.source,
        survey.log,
        missing_codes=survey.missing_codes,
    )
    q1 = named(fewer)["Q1"]
    assert (q1.n, q1.not_answered, dict(q1.declared)) == (2, 1, {-99.0: 1, 9.0: 1})


def test_figures_are_of_the_codes_as_answered(survey: Survey) -> None:
    q2 = named(survey)["Q2"]
    assert q2.reverse
    assert q2.mean == pytest.approx(4.4)
    assert q2.sd == pytest.approx(np.std([5, 4, 5, 3, 5], ddof=1))
    assert (q2.floor, q2.ceiling) == (0.0, 0.6)


def test_all_codes_of_a_scale_stand_in_the_distribution(survey: Survey) -> None:
    assert [(v.low, v.label, v.n) for v in named(survey)["Q2"].values] == [
        (1.0, "no", 0), (2.0, "", 0), (3.0, "", 1), (4.0, "", 1), (5.0, "yes", 3),
    ]  # fmt: skip


def test_texts_come_in_the_language_asked_for(survey: Survey) -> None:
    q1 = named(survey, "zh")["Q1"]
    assert (q1.wording, dict(q1.labels)) == ("我很满意。", {1.0: "否", 5.0: "是"})


def test_roles(survey: Survey) -> None:
    roles = {name: d.role for name, d in named(survey).items()}
    assert roles == {"Q1": "item", "Q2": "item", "age": "background", "city": "other", "id": "other"}


def test_texts_that_do_not_repeat_are_not_listed(survey: Survey) -> None:
    found = named(survey)
    assert [(v.label, v.n) for v in found["city"].values] == [("Köln", 4), ("Bonn", 2)]
    assert (found["id"].values, found["id"].different, found["id"].n) == ((), 6, 6)


def test_without_an_instrument_the_file_itself_says_what_is_missing() -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0, 98.0, 99.0, np.nan], "sex": [1, 2, 1, 2, 2]})
    labels = Labels(
        wording={"q": "How is it?"},
        values={"q": {1.0: "bad", 5.0: "good", 98.0: "refused"}},
        missing={"q": ((98.0, 99.0),)},
        measure={"sex": "nominal"},
    )
    found = named(Survey(frame, frame[[]], labels=labels))
    q, sex = found["q"], found["sex"]
    assert (q.n, q.not_answered, dict(q.declared), dict(q.declared_labels)) == (
        2,
        1,
        {98.0: 1, 99.0: 1},
        {98.0: "refused"},
    )
    assert (q.wording, dict(q.labels), q.floor, q.ceiling) == ("How is it?", {1.0: "bad", 5.0: "good"}, 0.5, 0.0)
    assert np.isnan([sex.mean, sex.sd, sex.floor]).all()
    assert [v.n for v in sex.values] == [2, 3]


def test_many_values_are_counted_in_ranges() -> None:
    frame = pd.DataFrame({"income": np.arange(100.0)})
    (income,) = describe_columns(Survey(frame, frame[[]]))
    assert [v.n for v in income.values] == [10] * 10
    assert np.isnan(income.floor)


def test_empty_columns_are_described(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [np.nan, np.nan]})
    (q,) = describe_columns(Survey(frame, frame[[]]))
    assert (q.n, q.not_answered, q.values) == (0, 2, ())
    assert np.isnan(q.mean)
