"""Scale scores: reverse keys turned round once, incomplete answers by a rule that is said, units that make sense."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, DataWarning, OptionValueError, UnknownNameError
from lvmodels.survey.instrument import Instrument

NAN = np.nan


def instrument(second: str = "agree", reverse: str = "true") -> Instrument:
    return Instrument.from_toml(f"""
schema = 1
name = "cafe"
title = {{ en = "Café" }}
[scales.agree]
points = 5
[scales.ten]
points = 11
low = 0
[[constructs]]
name = "SAT"
label = {{ en = "Satisfaction" }}
[[constructs]]
name = "LOY"
label = {{ en = "Loyalty" }}
[[items]]
name = "s1"
construct = "SAT"
scale = "agree"
wording = {{ en = "Content." }}
[[items]]
name = "s2"
construct = "SAT"
scale = "{second}"
reverse = {reverse}
wording = {{ en = "Not content." }}
[[items]]
name = "s3"
construct = "SAT"
scale = "agree"
wording = {{ en = "Glad." }}
[[items]]
name = "l1"
construct = "LOY"
wording = {{ en = "Visits." }}
""")


FRAME = pd.DataFrame(
    {"s1": [5, 1, 4, NAN, NAN], "s2": [1, 5, 1, NAN, NAN], "s3": [5, 1, NAN, 3, NAN], "l1": [1, 2, 3, 4, 5.0]}
)


def test_reverse_items_are_turned_round_once_and_visibly() -> None:
    found = lv.scale_scores(lv.read_survey(FRAME, instrument()), constructs=["SAT"])
    assert found.scores["SAT"].tolist()[:2] == [5.0, 1.0]
    assert found.items.columns.tolist() == ["s1", "s2_r", "s3"]
    assert found.items["s2_r"].tolist()[:3] == [5.0, 1.0, 5.0]
    assert found.table.loc["SAT", "reversed"] == "s2"
    assert any("s2 turned round" in note for note in found.notes)


def test_scoring_leaves_the_answers_as_they_were() -> None:
    survey = lv.read_survey(FRAME, instrument())
    before = survey.answers.copy()
    lv.scale_scores(survey)
    pd.testing.assert_frame_equal(survey.answers, before)


def test_incomplete_respondents_follow_the_rule() -> None:
    found = lv.scale_scores(lv.read_survey(FRAME, instrument()), constructs=["SAT"])
    assert found.scores["SAT"].tolist()[2] == 4.5
    assert np.isnan(found.scores["SAT"].tolist()[3:]).all()
    assert found.table.loc["SAT", ["complete", "filled", "refused"]].tolist() == [2, 1, 1]
    assert any("1 respondent answered less than 50%" in note for note in found.notes)


def test_sums_are_prorated_and_said_to_be() -> None:
    found = lv.scale_scores(lv.read_survey(FRAME, instrument()), "sum", constructs="SAT")
    assert found.scores["SAT"].tolist()[:3] == [15.0, 3.0, 13.5]
    assert found.table.loc["SAT", ["low", "high"]].tolist() == [3.0, 15.0]
    assert any("times 3 (prorated)" in note for note in found.notes)


def test_nothing_is_filled_when_every_item_is_needed() -> None:
    found = lv.scale_scores(lv.read_survey(FRAME, instrument()), "sum", 1, constructs=["SAT"])
    assert found.scores["SAT"].notna().tolist() == [True, True, False, False, False]


def test_a_third_is_enough_where_a_third_is_asked_for() -> None:
    found = lv.scale_scores(lv.read_survey(FRAME, instrument()), min_answered=1 / 3, constructs=["SAT"])
    assert found.scores["SAT"].tolist()[3] == 3.0


def test_pomp_runs_from_0_to_100_and_puts_different_scales_together() -> None:
    frame = FRAME.assign(s2=[0, 10, 5, NAN, NAN])
    survey = lv.read_survey(frame, instrument("ten"))
    found = lv.scale_scores(survey, "pomp", constructs=["SAT"])
    assert found.scores["SAT"].tolist()[:3] == [100.0, 0.0, 62.5]


def test_pomp_is_a_linear_function_of_the_mean_on_one_scale() -> None:
    survey = lv.datasets.load("value_loyalty")
    mean, pomp = lv.scale_scores(survey).scores, lv.scale_scores(survey, "pomp").scores
    pd.testing.assert_frame_equal((mean - 1) / 6 * 100, pomp)


def test_a_mean_of_different_scales_is_refused() -> None:
    survey = lv.read_survey(FRAME.assign(s2=[0, 10, 5, NAN, NAN]), instrument("ten"))
    with pytest.raises(DataError, match=r"'SAT' have different scales \(0 to 10, 1 to 5\).*method='pomp'"):
        lv.scale_scores(survey)


def test_pomp_needs_ends() -> None:
    with pytest.raises(DataError, match=r"'LOY' has items without lowest and highest code \(l1\)"):
        lv.scale_scores(lv.read_survey(FRAME, instrument()), "pomp")


def test_an_item_that_was_turned_round_before_is_noticed() -> None:
    turned = FRAME.assign(s2=6 - FRAME["s2"], s3=[5, 1, 4, 3, NAN])
    with pytest.warns(DataWarning, match="'s2' goes against the other items.*turned round already"):
        found = lv.scale_scores(lv.read_survey(turned, instrument()), constructs=["SAT"])
    assert "turned round already" in found.notes[-1]


def test_answers_without_instrument_can_be_given_one() -> None:
    given = lv.scale_scores(FRAME, instrument=instrument()).scores
    bare = lv.scale_scores(lv.read_survey(FRAME), instrument=instrument()).scores
    pd.testing.assert_frame_equal(given, bare)
    with pytest.raises(OptionValueError, match="scores need an instrument"):
        lv.scale_scores(FRAME)


def test_options_are_checked() -> None:
    survey = lv.read_survey(FRAME, instrument())
    with pytest.raises(OptionValueError, match=r"method='means' is not known\. Did you mean 'mean'\?"):
        lv.scale_scores(survey, "means")  # type: ignore[arg-type]
    with pytest.raises(OptionValueError, match="min_answered=0 must be a share"):
        lv.scale_scores(survey, min_answered=0)
    with pytest.raises(UnknownNameError, match=r"no construct 'SATT' with items\. Did you mean 'SAT'\?"):
        lv.scale_scores(survey, constructs=["SATT"])
