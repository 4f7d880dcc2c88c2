"""Columns find their items by code, by question, by position or as asked; what only comes near is never taken."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import InstrumentError, MatchingError, OptionValueError, SurveyError
from lvmodels.survey.instrument import Instrument
from lvmodels.survey.matching import Match, match_columns

TEXT = """
schema = 1
name = "cafe"
title = { en = "Café guests" }
[scales.agree]
points = 5
anchors.en = { 1 = "disagree", 5 = "agree" }
[[items]]
name = "SAT1"
scale = "agree"
wording = { en = "All in all, I am content with this café.", zh = "总的来说，我对这家咖啡馆满意。" }
[[items]]
name = "SAT2"
scale = "agree"
wording = { en = "The coffee tastes as I like it.", zh = "咖啡的味道合我口味。" }
[[items]]
name = "LOY1"
scale = "agree"
wording = { en = "I shall come again next week.", zh = "下周我还会再来。" }
"""
CAFE = Instrument.from_toml(TEXT)
QUESTIONS = [item.wording["en"] for item in CAFE.items]
CODES = [item.name for item in CAFE.items]


def columns(names: Sequence[str], match: Match = "auto", wording: dict[str, str] | None = None) -> list[str | None]:
    found = match_columns(CAFE, names, wording, match)
    return [found.columns.get(code) for code in CODES]


def frame(names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({name: [k + 1, 5 - k] for k, name in enumerate(names)})


def failure(names: Sequence[str], **options: Any) -> SurveyError:
    with pytest.raises(SurveyError) as caught:
        lv.read_survey(frame(names), CAFE, **options)
    return caught.value


# ---- by code --------------------------------------------------------------------------------------------------------


def test_exact_codes_are_taken_in_any_order_and_not_logged() -> None:
    survey = lv.read_survey(frame(["LOY1", "SAT1", "SAT2"]), CAFE)
    assert survey.answers.loc[0].tolist() == [2, 3, 1]
    assert not [line for line in survey.log if "was read as" in line]


@pytest.mark.parametrize("names", [["sat1", "Sat2", "LOY 1"], ["G1Q1[SAT1]", "G1Q1[SAT2]", "Q2 (LOY1)"]])
def test_codes_are_found_without_regard_to_case_spaces_and_the_question_around_them(names: list[str]) -> None:
    survey = lv.read_survey(frame(names), CAFE)
    assert survey.answers.loc[0].tolist() == [1, 2, 3]
    assert f"Column '{names[0]}' was read as item 'SAT1'." in survey.log


def test_an_exact_code_comes_before_one_that_differs_in_case() -> None:
    assert columns(["sat1", "SAT1", "SAT2", "LOY1"]) == ["SAT1", "SAT2", "LOY1"]


def test_two_columns_that_differ_in_case_alone_are_left_to_the_user() -> None:
    error = failure(["sat1", "Sat1", "SAT2", "LOY1"])
    assert "item 'SAT1' could be any of the columns 'sat1', 'Sat1'" in str(error)
    assert 'column = "sat1"' in str(error)


def test_code_leaves_questions_aside() -> None:
    assert columns([QUESTIONS[0], "SAT2", "LOY1"], "code") == [None, "SAT2", "LOY1"]


# ---- by question ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        QUESTIONS,
        [f"{k}、{item.wording['zh']}" for k, item in enumerate(CAFE.items, 7)],
        [f"Q{k}. {question.upper().rstrip('.')}" for k, question in enumerate(QUESTIONS, 1)],
        [f"How far do you agree? [{question}]" for question in QUESTIONS],
        [f"2、请问您是否同意：—{item.wording['zh']}" for item in CAFE.items],
        ["All in all,  I am content with this café", "The coffee tastes as I like it!", "I shall come again next week"],
        ["All in all, I am content with this cafe\u0301.", *QUESTIONS[1:]],
    ],
)
def test_questions_are_found_without_regard_to_how_they_are_printed(names: list[str]) -> None:
    assert columns(names) == list(names)
    assert columns(list(reversed(names))) == list(names)


def test_questions_stand_in_the_labels_of_a_file() -> None:
    wording = dict(zip(["V1", "V2", "V3"], QUESTIONS, strict=True))
    assert columns(["V3", "V2", "V1"], wording=wording) == ["V1", "V2", "V3"]
    assert "Column 'V1' was read as item 'SAT1' by its question." in match_columns(CAFE, list(wording), wording).log


def test_question_leaves_codes_aside() -> None:
    """A file whose own codes mean other questions is read by what was asked."""
    wording = {"SAT2": QUESTIONS[0], "LOY1": QUESTIONS[1], "SAT1": QUESTIONS[2]}
    assert columns(list(wording), "question", wording) == ["SAT2", "LOY1", "SAT1"]


def test_items_of_one_wording_are_not_guessed_at() -> None:
    twins = Instrument.from_toml(TEXT.replace("The coffee tastes as I like it.", "I shall come again, next week!"))
    found = match_columns(twins, ["SAT1", "I shall come again next week.", "x"])
    assert found.columns == {"SAT1": "SAT1"}


# ---- near, and never taken ------------------------------------------------------------------------------------------


NEAR = "All in all I am content with this bar."


def test_a_near_question_is_proposed_with_the_line_to_write_and_not_taken() -> None:
    error = failure([NEAR, "SAT2", "LOY1"])
    assert isinstance(error, MatchingError)
    assert error.proposals == {"SAT1": NEAR}
    assert f'write column = "{NEAR}" under the item in the instrument' in str(error)
    assert "% of the letters" in str(error)


def test_the_line_and_the_mapping_of_the_error_both_confirm_it() -> None:
    error = failure([NEAR, "SAT2", "LOY1"])
    assert isinstance(error, MatchingError)
    by_mapping = lv.read_survey(frame([NEAR, "SAT2", "LOY1"]), CAFE, match=error.proposals)
    line = next(part for part in str(error).split(" write ") if part.startswith("column = ")).split(" under ")[0]
    edited = TEXT.replace('name = "SAT1"', f'name = "SAT1"\n{line}')
    by_line = lv.read_survey(frame([NEAR, "SAT2", "LOY1"]), Instrument.from_toml(edited))
    assert by_mapping.answers.loc[0].tolist() == by_line.answers.loc[0].tolist() == [1, 2, 3]
    assert any("as the instrument says" in text for text in by_line.log)
    assert any("as asked for" in text for text in by_mapping.log)


def test_the_mapping_printed_in_the_error_can_be_pasted() -> None:
    import ast

    error = failure([NEAR, "SAT2", "LOY1"])
    assert ast.literal_eval(str(error).split("match=")[-1].strip()) == {"SAT1": NEAR}


def test_the_error_survives_being_sent_between_processes() -> None:
    error = failure([NEAR, "SAT2", "LOY1"])
    assert str(type(error)(*error.args)) == str(error)


def test_a_column_is_proposed_to_the_nearest_item_alone() -> None:
    pair = Instrument.from_toml(
        TEXT.replace("The coffee tastes as I like it.", "All in all, I am content with this shop.")
    )
    found = match_columns(pair, ["All in all, I am content with this shops", "LOY1"])
    assert found.proposals == {"SAT2": "All in all, I am content with this shops"}
    assert any("item 'SAT1' has no column" in line for line in found.lacking)


def test_a_question_with_a_not_in_it_is_never_taken() -> None:
    """Turning a question round changes few letters and its whole meaning."""
    found = match_columns(CAFE, ["All in all, I am not content with this café.", "SAT2", "LOY1"])
    assert "SAT1" not in found.columns
    assert set(found.proposals) == {"SAT1"}


def test_a_far_question_is_not_even_proposed() -> None:
    error = failure(["What is your age?", "SAT2", "LOY1"])
    assert not isinstance(error, MatchingError)
    assert "item 'SAT1' has no column" in str(error)


# ---- by position ----------------------------------------------------------------------------------------------------


def test_position_takes_the_columns_in_order_and_says_so() -> None:
    survey = lv.read_survey(frame(["a", "b", "c"]), CAFE, match="position")
    assert survey.answers.loc[0].tolist() == [1, 2, 3]
    assert "Column 'b' was read as item 'SAT2' by its position." in survey.log


def test_position_needs_as_many_columns_as_items() -> None:
    assert "3 items need as many columns, and there are 2" in str(failure(["a", "b"], match="position"))


def test_position_does_not_contradict_codes() -> None:
    error = failure(["SAT2", "SAT1", "LOY1"], match="position")
    assert "column 'SAT2' would be item 'SAT1', and it has the name of another item" in str(error)


# ---- as asked -------------------------------------------------------------------------------------------------------


def test_a_mapping_names_some_items_and_the_others_are_found() -> None:
    assert columns(["x", "SAT2", QUESTIONS[2]], {"SAT1": "x"}) == ["x", "SAT2", QUESTIONS[2]]


@pytest.mark.parametrize(
    ("match", "says"),
    [
        ({"SAT9": "a"}, "match names an item 'SAT9', which there is not. Did you mean 'SAT"),
        ({"SAT1": "aa"}, "match gives item 'SAT1' a column 'aa', which there is not. Did you mean 'a'?"),
        ({"SAT1": "a", "SAT2": "a"}, "match gives item 'SAT1' the column 'a', and another item, too; keep one"),
    ],
)
def test_wrong_mappings_are_told(match: dict[str, str], says: str) -> None:
    assert says in str(failure(["a", "SAT2", "LOY1"], match=match))


@pytest.mark.parametrize("match", ["positions", "fuzzy", 3, None])
def test_unknown_ways_are_refused(match: Any) -> None:
    with pytest.raises(OptionValueError, match="is not known"):
        lv.read_survey(frame(CODES), CAFE, match=match)


def test_match_needs_an_instrument() -> None:
    with pytest.raises(OptionValueError, match="pass the instrument"):
        lv.read_survey(frame(CODES), match="code")


# ---- columns that the instrument names ------------------------------------------------------------------------------


def with_columns(**named: str) -> str:
    text = TEXT
    for item, column in named.items():
        text = text.replace(f'name = "{item}"', f'name = "{item}"\ncolumn = "{column}"')
    return text


def test_the_instruments_columns_come_first_and_survive_a_round_trip() -> None:
    instrument = Instrument.from_toml(with_columns(SAT1="Q7", LOY1="Q9"))
    assert Instrument.from_toml(instrument.to_toml()) == instrument
    found = match_columns(instrument, ["Q9", "SAT2", "Q7", "loy1"])
    assert found.columns == {"SAT1": "Q7", "SAT2": "SAT2", "LOY1": "Q9"}


def test_a_file_without_that_column_is_still_read_by_code() -> None:
    found = match_columns(Instrument.from_toml(with_columns(SAT1="Q7")), CODES)
    assert found.columns == dict(zip(CODES, CODES, strict=True))


def test_match_and_instrument_must_not_give_one_column_to_two_items() -> None:
    instrument = Instrument.from_toml(with_columns(SAT1="Q7"))
    found = match_columns(instrument, ["Q7", "SAT1", "LOY1"], match={"SAT2": "Q7"})
    assert "item 'SAT1' should have the column 'Q7', which item 'SAT2' has" in found.lacking[0]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"SAT1": "Q7", "SAT2": "Q7"}, "item 'SAT2', column: item 'SAT1' has the same column"),
        ({"SAT1": "SAT2"}, "item 'SAT1', column: item 'SAT2' has the name of this column"),
        ({"SAT1": " "}, "the text is empty"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_their_line(named: dict[str, str], says: str) -> None:
    with pytest.raises(InstrumentError) as caught:
        Instrument.from_toml(with_columns(**named))
    assert says in str(caught.value)
    assert "line " in str(caught.value)


def test_items_may_exchange_their_columns() -> None:
    instrument = Instrument.from_toml(with_columns(SAT1="SAT2", SAT2="SAT1"))
    assert match_columns(instrument, CODES).columns == {"SAT1": "SAT2", "SAT2": "SAT1", "LOY1": "LOY1"}


# ---- larger ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", lv.instruments.names())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shipped_instrument_is_matched_by_its_questions(name: str, language: Any) -> None:
    instrument = lv.instruments.load(name)
    named = [f"{k}. {item.wording[language]}" for k, item in enumerate(instrument.items, 1)]
    found = match_columns(instrument, named[::-1])
    assert found.columns == {item.name: text for item, text in zip(instrument.items, named, strict=True)}
    assert not found.lacking


@pytest.mark.parametrize("name", ["servqual", "value_loyalty", "online_loyalty"])
def test_columns_as_qualtrics_heads_them_are_matched_by_the_row_of_the_stem(name: str) -> None:
    instrument = lv.instruments.load(name)
    stem = "Please choose one answer in each line."
    wording = {f"part1_{k}": f"{stem} - {item.wording['en']}" for k, item in enumerate(instrument.items, 1)}
    found = match_columns(instrument, list(wording), wording)
    assert found.columns == {item.name: f"part1_{k}" for k, item in enumerate(instrument.items, 1)}


SERVQUAL = lv.instruments.load("servqual")
STYLES = ("code", "lower", "bracket", "question", "numbered", "misspelt", "opaque")


@settings(max_examples=max(8, settings.default.max_examples // 3))  # each compares every question with every other
@given(st.lists(st.sampled_from(STYLES), min_size=22, max_size=22), st.randoms(use_true_random=False))
def test_no_column_is_ever_taken_for_another_item(styles: list[str], random: Random) -> None:
    truth: dict[str, str] = {}
    for k, (item, style) in enumerate(zip(SERVQUAL.items, styles, strict=True)):
        question = item.wording[random.choice(["en", "zh"])]
        cut = random.randrange(len(question) - 1)
        truth[item.name] = {
            "code": item.name,
            "lower": item.name.lower(),
            "bracket": f"part1[{item.name}]",
            "question": question,
            "numbered": f"{k + 7}、{question.upper()}",
            "misspelt": f"{question[:cut]}x{question[cut + 1 :]}x",
            "opaque": f"V{k}",
        }[style]
    names = list(truth.values())
    random.shuffle(names)
    found = match_columns(SERVQUAL, names)
    sure = {item.name for item, style in zip(SERVQUAL.items, styles, strict=True) if style not in STYLES[-2:]}
    assert found.columns == {item: truth[item] for item in found.columns}
    assert set(found.columns) == sure
    assert found.proposals == {item: truth[item] for item in found.proposals}
    assert len(found.lacking) == 22 - len(sure)


def test_far_more_columns_than_items_are_no_problem() -> None:
    names = [f"column {k} with some words in it" for k in range(5_000)]
    found = match_columns(lv.instruments.load("servqual"), names)
    assert len(found.lacking) == 22


def test_answers_in_words_become_codes_and_are_logged(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("SAT1,SAT2,LOY1\nagree,4,1 - disagree\nDisagree,5,Agree\n", encoding="utf-8")
    survey = lv.read_survey(path, CAFE)
    assert survey.answers.to_numpy().tolist() == [[5, 4, 1], [1, 5, 5]]
    assert any("answers in words became codes" in line for line in survey.log)


def test_words_that_no_scale_has_are_told_with_those_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("SAT1,SAT2,LOY1\nagree,4,1\nperhaps,5,1\n", encoding="utf-8")
    with pytest.raises(SurveyError, match=r"row 3, column 'SAT1': the text 'perhaps' is no answer .*disagree, agree"):
        lv.read_survey(path, CAFE)


def test_the_schema_for_editors_knows_columns() -> None:
    assert "column" in Instrument.json_schema()["$defs"]["Item"]["properties"]
    assert tomllib.loads(with_columns(SAT1="Q7"))["items"][0]["column"] == "Q7"
