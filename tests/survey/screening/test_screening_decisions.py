"""Rules become flags, flags become exclusions, and the log tells of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.survey.answers import Survey
from lvmodels.survey.screening.rules import RULES, Rule

if TYPE_CHECKING:
    from conftest import Made

NAN = float("nan")


def rule(found: object, name: str) -> pd.Series:
    return found.rules.set_index("rule").loc[name]  # type: ignore[attr-defined]


def frame(rows: list[list[float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[f"q{k}" for k in range(1, len(rows[0]) + 1)])


# ---- whom the default rules exclude ---------------------------------------------------------------------------------


def test_known_careless_respondents_are_excluded_and_careful_ones_kept(made: Made) -> None:
    found = lv.screen(made.survey, scales=made.scales, reverse=made.reverse, codes=(1, 7))
    assert set(made.straight) <= set(found.excluded.index)
    assert set(made.random) <= set(found.excluded.index)
    assert not set(made.careful) & set(found.excluded.index)
    assert len(found.clean.answers) == len(made.careful)
    assert (found.excluded == "careless").all()


def test_no_kind_of_evidence_excludes_alone(made: Made) -> None:
    slow = replace(made.survey, respondents=made.survey.respondents.drop(columns="duration"))
    found = lv.screen(slow, scales=made.scales, reverse=made.reverse, codes=(1, 7))
    assert rule(found, "longstring")["flagged"] == 10
    assert not set(made.straight) & set(found.excluded.index)  # a straight line alone
    assert len(set(made.random) & set(found.excluded.index)) >= 8  # inconsistent, and far from all others


def test_two_rules_of_one_kind_are_one_piece_of_evidence(made: Made) -> None:
    # fast by both rules of speed, but nothing else
    careful = made.survey.answers.iloc[made.careful]
    seconds = np.r_[48.0, np.full(len(careful) - 1, 300.0)]
    found = lv.screen(
        Survey(careful, pd.DataFrame({"duration": seconds}, index=careful.index)), scales=made.scales,
        reverse=made.reverse,
    )  # fmt: skip
    first = found.flags.iloc[0]
    assert first["speed"]
    assert first["relative_speed"]
    assert found.scores["careless"].iloc[0] == 1
    assert len(found.excluded) == 0


def test_reverse_keyed_items_are_turned_for_consistency_but_not_for_straight_lines(made: Made) -> None:
    turned = lv.screen(made.survey, scales=made.scales, reverse=made.reverse, codes=(1, 7))
    careful = list(made.careful)
    plain = lv.screen(made.survey, scales=made.scales, codes=(1, 7))
    assert turned.scores["even_odd"].iloc[careful].median() > 0.8
    assert plain.scores["even_odd"].iloc[careful].median() < turned.scores["even_odd"].iloc[careful].median() - 0.1
    assert (turned.scores["longstring"] == plain.scores["longstring"]).all()
    assert (turned.scores["longstring"].iloc[list(made.straight)] == 48).all()
    assert turned.scores["antonyms"].iloc[careful].median() < -0.5


def test_attention_checks_exclude_who_answers_otherwise() -> None:
    answers = frame([[1, 2, 3, 4], [2, 2, 3, 1], [3, 1, 2, 5], [3, 1, 2, NAN]]).rename(columns={"q4": "CHECK"})
    found = lv.screen(answers, attention={"CHECK": [4, 5]}, items=["q1", "q2", "q3"])
    assert found.excluded.to_dict() == {1: "attention"}
    assert found.layout.items == ("q1", "q2", "q3")
    assert "CHECK" not in found.items.index


def test_text_in_an_attention_check_is_a_wrong_answer() -> None:
    answers = frame([[1, 2], [2, 1], [1, 1]]).assign(CHECK=["4", "what?", ""])
    assert lv.screen(answers, attention={"CHECK": 4}).scores["attention_failed"].tolist() == [0, 1, 0]


def test_broken_off_interviews_are_excluded() -> None:
    found = lv.screen(frame([[1, 2, 3, 4], [1, 2, NAN, NAN], [1, NAN, NAN, NAN]]))
    assert found.scores["answered"].tolist() == [1, 0.5, 0.25]
    assert found.excluded.to_dict() == {2: "completeness"}


@pytest.mark.parametrize("device", [None, "ip"])
def test_equal_answers_exclude_only_from_the_same_device(device: str | None) -> None:
    one = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    answers = frame([one, one, one, [*one[:9], 4]]).assign(ip=["a", "b", "a", "a"])
    found = lv.screen(answers, device=device, items=[name for name in answers if name != "ip"])
    assert found.scores["same_answers"].tolist() == [2, 2, 2, 0]
    assert found.scores["same_device"].tolist() == [2, 0, 2, 2]
    assert found.scores["repeats"].tolist() == [0, 0, 1, 0]
    assert found.excluded.to_dict() == {2: "duplicate"}


def test_previews_are_excluded_and_unfinished_responses_flagged() -> None:
    about = pd.DataFrame({"preview": [1, 0, 0, 0], "finished": [1, 0, 1, 1]})
    found = lv.screen(lv.Survey(frame([[1, 2, 3], [2, 3, 4], [3, 1, 2], [2, 2, 1]]), about))
    assert found.excluded.to_dict() == {0: "preview"}
    assert found.flags["unfinished"].tolist() == [False, True, False, False]


def test_a_column_of_another_meaning_marks_nobody() -> None:
    about = pd.DataFrame({"preview": ["shop", "web"], "finished": [3, 4]})
    found = lv.screen(lv.Survey(frame([[1, 2, 3], [2, 3, 4]]), about))
    assert not {"preview", "unfinished"} & {*found.scores}
    assert found.excluded.empty


def test_few_equal_answers_exclude_nobody() -> None:
    answers = frame([[1, 2, 3], [1, 2, 3]]).assign(ip=["a", "a"])
    found = lv.screen(answers, items=["q1", "q2", "q3"])
    assert found.scores["repeats"].tolist() == [0, 1]
    assert found.excluded.empty
    assert "it rests on 3 items, fewer than the 10 that flags need" in found.summary()


def test_a_column_of_kinds_of_devices_is_not_taken_for_addresses() -> None:
    answers = frame([[1, 2, 3], [1, 2, 3]]).assign(device=["mobile", "mobile"])
    assert "same_device" not in lv.screen(answers, items=["q1", "q2", "q3"]).scores


def test_unknown_devices_are_not_the_same_device() -> None:
    answers = frame([[1, 2], [1, 2], [2, 1]]).assign(ip=["", None, " "])
    assert lv.screen(answers, device="ip", items=["q1", "q2"]).scores["same_device"].tolist() == [0, 0, 0]


def test_impossible_codes_become_missing_and_are_counted() -> None:
    found = lv.screen(frame([[1, 2, 9], [0, 2.5, 3], [5, 5, 1]]), codes=(1, 5), items=["q1", "q2", "q3"])
    assert found.scores["impossible"].tolist() == [1, 2, 0]
    assert found.screened.answers["q1"].isna().tolist() == [False, True, False]
    assert any(
        "3 impossible codes of 2 respondents became missing (q1 1, q2 1, q3 1)" in said for said in found.clean.log
    )


def test_impossible_codes_of_an_instrument_are_counted_instead_of_refused() -> None:
    instrument = lv.datasets.load("value_loyalty").instrument
    assert instrument is not None
    whole = lv.datasets.load("value_loyalty")
    raw = pd.concat([whole.answers, whole.respondents], axis=1)
    raw.loc[3, "QUA1"] = 8
    raw.loc[3, "SAT2"] = 0
    raw.loc[5, "SAT2"] = -99  # a missing code
    with pytest.raises(errors.SurveyError):
        lv.read_survey(raw, instrument)
    found = lv.screen(raw, instrument)
    assert found.scores["impossible"].sum() == 2
    assert found.scores["impossible"][3] == 2
    assert rule(found, "impossible")["flagged"] == 1
    assert np.isnan(found.clean.answers.loc[3, "QUA1"])


def test_answers_in_words_and_questions_as_names_are_understood() -> None:
    survey = lv.datasets.load("value_loyalty")
    assert survey.instrument is not None
    raw = survey.answers.rename(columns={"QUA1": survey.instrument.label("QUA1")}).astype(object)
    raw.loc[0, "SAT1"] = "strongly agree"
    raw.loc[1, "SAT1"] = "who knows"
    found = lv.screen(raw, survey.instrument)
    assert found.screened.answers.loc[0, "SAT1"] == 7
    assert np.isnan(found.screened.answers.loc[1, "SAT1"])
    assert found.scores["impossible"].sum() == 1
    assert found.screened.answers["QUA1"].equals(survey.answers["QUA1"])


def test_a_column_of_mostly_impossible_codes_is_refused_as_in_reading() -> None:
    survey = lv.datasets.load("value_loyalty")
    with pytest.raises(errors.SurveyError, match="column 'SAT1'"):
        lv.screen(survey.answers.assign(SAT1=survey.answers["SAT1"] + 10), survey.instrument)


# ---- the log --------------------------------------------------------------------------------------------------------


def test_decisions_hold_a_row_for_every_flag_and_every_exclusion_has_its_rules(made: Made) -> None:
    found = lv.screen(made.survey, scales=made.scales, reverse=made.reverse, codes=(1, 7))
    assert len(found.decisions) == int(found.flags.to_numpy().sum())
    said = found.decisions.query("decision == 'excluded'").groupby("respondent")["rule"].agg(", ".join)
    assert said.to_dict() == found.excluded.to_dict()
    for row in found.decisions.head(50).to_dict("records"):
        assert found.scores.loc[row["respondent"], row["index"]] == row["score"]
        assert {"<": row["score"] < row["cut"], ">": row["score"] > row["cut"], ">=": row["score"] >= row["cut"]}[
            row["sign"]
        ]
    table = found.rules.set_index("rule")
    assert (table["flagged"][found.flags.columns] == found.flags.sum()).all()
    assert table.loc["careless", "excluded"] == len(found.excluded) == table["only"].sum()


def test_log_of_the_clean_survey_goes_on_where_the_survey_ended(made: Made) -> None:
    told = replace(made.survey, log=("Read from a file.",))
    found = lv.screen(told, scales=made.scales, codes=(1, 7))
    assert found.clean.log[0] == "Read from a file."
    assert (
        found.clean.log[-1]
        == f"Screening excluded {len(found.excluded)} of 400 respondents; {len(found.clean.answers)} remain."
    )
    assert found.screened.log == ("Read from a file.",)
    assert all(
        any(f"'{name}'" in said for said in found.log) for name in found.rules.query("action != 'score'")["rule"]
    )


def test_rules_that_cannot_be_applied_say_why() -> None:
    found = lv.screen(frame([[1, 2, 3], [2, 2, 3], [3, 1, 2], [1, 1, 1]]))
    notes = found.rules.set_index("rule")["note"]
    assert notes["speed"] == "no column with the duration was named (duration=)"
    assert notes["attention"] == "no attention check was named (attention=)"
    assert notes["duplicate"] == "no column with the device or address was named (device=)"
    assert notes["impossible"] == "the codes that may be answered are unknown (give an instrument, or codes=)"
    assert notes["even_odd"] == "it needs three scales of two items or more, and there are 0 (scales=)"
    assert notes["longstring"] == "it rests on 3 items, fewer than the 10 that flags need"
    assert not set(found.scores) & {"seconds_per_item", "attention_failed", "repeats", "impossible", "even_odd"}


def test_every_rule_has_a_meaning_and_a_source() -> None:
    assert all(rule.meaning.endswith(".") and rule.source for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_summary_has_a_line_for_every_rule(made: Made) -> None:
    text = lv.screen(made.survey, scales=made.scales).summary()
    assert all(rule.name in text for rule in RULES)
    assert text.endswith("remain.")


# ---- other rules ----------------------------------------------------------------------------------------------------


def test_cuts_and_actions_can_be_changed(made: Made) -> None:
    found = lv.screen(made.survey, scales=made.scales, rules={"speed": 1.0, "careless": "off", "longstring": "exclude"})
    assert rule(found, "speed")["cut"] == 1
    assert not found.flags["speed"].any()
    assert "careless" not in found.flags
    assert found.excluded.to_dict() == dict.fromkeys(made.straight, "longstring")
    assert "Rule 'careless' was turned off." in found.log


def test_a_rule_of_ones_own(made: Made) -> None:
    mine = Rule(name="flat", index="irv", sign="<", cut=0.5, action="exclude", meaning="Flat.", source="me")
    found = lv.screen(made.survey, rules=[mine, replace(RULES[-1], action="off")])
    assert set(made.straight) == set(found.excluded.index)


def test_a_score_without_a_cut_flags_once_it_has_one(made: Made) -> None:
    assert "person_total" not in lv.screen(made.survey).flags
    assert "person_total" in lv.screen(made.survey, rules={"person_total": 0.0}).flags


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"spede": 1}, r"'spede', which is no rule\. Did you mean 'speed'\?"),
        ({"speed": "remove"}, r"gives 'speed' the action 'remove'; it must be one of 'exclude'"),
        ({"speed": True}, r"gives 'speed' a bool"),
        ([1], r"holds a int; pass Rule records"),
        ([replace(RULES[0], index="sped")], r"index 'sped', which does not exist"),
    ],
)
def test_wrong_rules_are_refused(rules: object, message: str) -> None:
    with pytest.raises(errors.OptionValueError, match=message):
        lv.screen(frame([[1, 2], [2, 1]]), rules=rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"items": ["q1", "q9"]}, errors.UnknownVariableError, r"no column 'q9'"),
        ({"items": "q1"}, errors.OptionValueError, r"items= takes a list of column names"),
        ({"duration": "time"}, errors.UnknownVariableError, r"no column 'time'.*duration="),
        ({"device": "ip"}, errors.UnknownVariableError, r"no column 'ip'.*device="),
        ({"attention": {"c": 1}}, errors.UnknownVariableError, r"no column 'c'.*attention="),
        ({"attention": {"q1": "four"}}, errors.OptionValueError, r"gives 'q1' the answer 'four'"),
        ({"attention": "q1"}, errors.OptionValueError, r"such as \{'CHECK1': 4\}"),
        ({"codes": (5, 1)}, errors.OptionValueError, r"such as \(1, 7\)"),
        ({"items": ["q1", "word"]}, errors.NonNumericError, r"column 'word' must be numeric.*'often'"),
        ({"items": ["q1", "word"], "codes": (1, 5)}, errors.NonNumericError, r"column 'word' must be numeric"),
        ({"items": ["q1", "flag"]}, errors.NonNumericError, r"'flag' holds yes and no"),
        ({"items": ["q1", "far"]}, errors.InfiniteValueError, r"infinite values stand in 'far'"),
        ({"duration": "word"}, errors.NonNumericError, r"column 'word' holds 'often' in data row 1"),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_by_name(options: dict[str, object], error: type[Exception], message: str) -> None:
    answers = frame([[1, 2], [2, 1]]).assign(word=["often", "never"], flag=[True, False], far=[1, np.inf])
    with pytest.raises(error, match=f"(?s){message}"):
        lv.screen(answers, **options)  # type: ignore[arg-type]


def test_a_survey_without_respondents_or_items_is_refused() -> None:
    with pytest.raises(errors.EmptyDataError):
        lv.screen(Survey(frame([[1, 2]]).iloc[:0], pd.DataFrame()))
    with pytest.raises(errors.DataError, match="no column holds answers"):
        lv.screen(pd.DataFrame({"x": ["a", "b"]}))
