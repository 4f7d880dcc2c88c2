"""Answers against their instrument: what is recoded is said, what is wrong is found at once and named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lvmodels.errors import SurveyError
from lvmodels.survey.files import read_survey
from lvmodels.survey.instrument import Instrument

CAFE = Instrument.from_toml("""
schema = 1
name = "cafe"
title = { en = "Café guests" }
missing = [-99]
[scales.agree]
points = 5
[[items]]
name = "Q1"
scale = "agree"
missing = [9]
wording = { en = "I am content." }
[[items]]
name = "Q2"
scale = "agree"
reverse = true
wording = { en = "I shall not come again." }
[[items]]
name = "age"
min = 0
max = 120
wording = { en = "How old are you?" }
""")


def write(folder: Path, text: str) -> Path:
    path = folder / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SurveyError) as caught:
        read_survey(write(folder, text), CAFE)
    assert "answers.csv" in str(caught.value)
    return caught.value.problems


def test_items_come_in_the_order_of_the_instrument_and_the_rest_is_kept(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "city,age,Q2,Q1,minutes\nKöln,30,1,5,4.5\nBonn,40,2,4,\n"), CAFE)
    expected = pd.DataFrame({"Q1": [5.0, 4.0], "Q2": [1.0, 2.0], "age": [30.0, 40.0]})
    pd.testing.assert_frame_equal(survey.answers, expected)
    assert survey.respondents.to_dict("list")["city"] == ["Köln", "Bonn"]
    np.testing.assert_array_equal(survey.respondents["minutes"], [4.5, np.nan])
    assert (survey.instrument, survey.source) == (CAFE, "answers.csv")


def test_missing_codes_become_missing_and_are_counted(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "Q1,Q2,age\n-99,1,-99\n9,-99,20\n－９９,2,\n3,3,NA\n"), CAFE)
    np.testing.assert_array_equal(survey.answers["Q1"], [np.nan, np.nan, np.nan, 3])
    np.testing.assert_array_equal(survey.answers["Q2"], [1, np.nan, 2, 3])
    for sentence in (
        "Item 'Q1': 3 missing codes became missing (-99: 2, 9: 1).",
        "Item 'Q2': 1 missing code became missing (-99: 1).",
        "In all, 5 missing codes became missing (-99: 4, 9: 1).",
        "In all, 2 answers to items were empty.",
    ):
        assert sentence in survey.log


def test_a_missing_code_of_one_item_is_wrong_at_another(tmp_path: Path) -> None:
    assert problems(tmp_path, "Q1,Q2,age\n9,9,9\n")[0].startswith("row 2, column 'Q2': 9 is no code of scale 'agree'")


def test_reverse_items_stay_as_answered_and_the_log_says_so(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "Q1,Q2,age\n5,1,20\n"), CAFE)
    assert survey.answers.loc[0, "Q2"] == 1
    assert "Reverse-keyed items are kept as answered: Q2." in survey.log


FAULTS = {
    "a code outside the scale": (
        "Q1,Q2,age\n1,1,1\n6,1,1\n",
        "row 3, column 'Q1': 6 is no code of scale 'agree' (1 to 5)",
    ),
    "a code that is no whole number": ("Q1,Q2,age\n1.5,1,1\n", "row 2, column 'Q1': 1.5 is not a whole number"),
    "an infinite code": ("Q1,Q2,age\ninf,1,1\n", "row 2, column 'Q1': inf is no code"),
    "a number out of bounds": (
        "Q1,Q2,age\n1,1,-1\n",
        "row 2, column 'age': -1 lies outside the allowed numbers (min 0",
    ),
    "an infinite number": ("Q1,Q2,age\n1,1,-inf\n", "row 2, column 'age': -inf lies outside"),
    "a text": ("Q1,Q2,age\n1,often,1\n", "row 2, column 'Q2': the text 'often' stands where a number belongs"),
    "a long text": ("Q1,Q2,age\n1," + "no " * 50 + ",1\n", "the text 'no no no no no no no no no no no no n...'"),
    "a row too short": ("Q1,Q2,age\n1,2\n1,2,3\n", "row 2: 2 cells where the header (row 1) has 3"),
    "a name twice": ("Q1,Q2,age,Q1\n1,2,3,4\n", "the column name 'Q1' stands 2 times (columns 1, 4)"),
    "an item without column": ("Q1,Q3,age\n1,2,3\n", "item 'Q2' has no column. Did you mean 'Q3'?"),
    "a column that may be either": ("Q1,q2,Q 2,age\n1,2,3,4\n", "item 'Q2' could be any of the columns 'q2', 'Q 2'"),
    "a cell behind a line break": ('Q1,Q2,age,note\n1,2,3,"a\nb"\n7,2,3,c\n', "row 3, column 'Q1': 7 is no code"),
    "a column under another name": ("q1 ,Q2,age\n8,2,3\n", "row 2, column 'q1': 8 is no code of scale 'agree'"),
}


@pytest.mark.parametrize(("text", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named_with_row_column_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    (found,) = problems(tmp_path, text)
    assert says in found
    assert any(remedy in found for remedy in ("correct it", "rename", "add the missing", "list it under"))


def test_all_faults_are_reported_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    found = problems(tmp_path, "Q1,Q 3,age,Q1\n1,2,3,4\n8,2,often,4\n1,2\n7,2,-5,4\n")
    starts = [
        "the column name 'Q1'",
        "row 4: 2 cells",
        "item 'Q2' has no column",
        "row 3, column 'Q1'",
        "row 3, column 'age'",
    ]
    assert [text[: len(start)] for text, start in zip(found, starts, strict=False)] == starts
    assert len(found) == 7


def test_rows_with_the_same_fault_share_a_sentence(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "Q1,Q2,age\n" + "7,1,1\n" * 9)
    assert found.startswith("rows 2, 3, 4, 5, 6 and 4 more, column 'Q1': 7 is no code")


def test_of_very_many_faults_fifty_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    found = problems(tmp_path, "Q1,Q2,age\n" + "".join(f"{code},1,1\n" for code in range(10, 80)))
    assert len(found) == 51
    assert found[-1] == "and 20 more"


@pytest.mark.parametrize("name", ["q1", " Q1 ", "Q 1"])
def test_columns_are_found_without_regard_to_case_and_spaces(name: str) -> None:
    frame = pd.DataFrame({name: [1], "Q2": [2], "age": [3]})
    survey = read_survey(frame, CAFE)
    assert survey.answers.iloc[0].tolist() == [1, 2, 3]
    assert f"Column '{name}' was read as item 'Q1'." in survey.log


def test_an_exact_name_goes_before_a_similar_one() -> None:
    survey = read_survey(pd.DataFrame({"q1": [5], "Q1": [1], "Q2": [2], "age": [3]}), CAFE)
    assert survey.answers.loc[0, "Q1"] == 1
    assert list(survey.respondents) == ["q1"]


def test_rows_of_a_data_frame_are_counted_from_one() -> None:
    frame = pd.DataFrame({"Q1": [1, 7], "Q2": [1, 2], "age": [1, 2]}, index=["x", "y"])
    with pytest.raises(SurveyError, match=r"data frame does not fit instrument 'cafe'(.|\n)*row 2, column 'Q1': 7"):
        read_survey(frame, CAFE)


def test_the_shown_form_of_a_survey_is_one_line(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "Q1,Q2,age,city\n5,1,20,Bonn\n"), CAFE)
    assert repr(survey) == "<Survey answers.csv: 1 row, 3 answers, 1 other column, instrument 'cafe'>"
