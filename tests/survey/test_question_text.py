"""Questions made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvmodels.survey.question_text import bare_question, question_keys, text_in_brackets, without_number


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("1、您满意吗？", "您满意吗?"),
        ("12. Are you content?", "Are you content?"),
        ("Q3: Are you content?", "Are you content?"),
        ("题目2：您满意吗？", "您满意吗?"),
        ("第3题、您满意吗？", "您满意吗?"),
        ("【4】您满意吗", "您满意吗"),
        ("SAT1 - Are you content?", "Are you content?"),
        ("24 hours a day it is open.", "hours a day it is open."),  # the whole text is compared first
        ("Are you content?", "Are you content?"),
        ("2024", "2024"),
    ],
)
def test_numbers_and_codes_before_a_question_are_taken_away(text: str, rest: str) -> None:
    assert without_number(text) == rest


def test_the_row_of_a_stem_is_found_behind_every_usual_separator() -> None:
    row = bare_question("I am content.")
    for text in (
        "Stem - I am content.",
        "Stem [I am content.]",
        "题干：I am content.",
        "题干—I am content.",
        "a→I am content.",
    ):
        assert row in question_keys(text)[2]


def test_a_hyphen_inside_a_word_separates_nothing() -> None:
    assert question_keys("It is well-made")[2] == ()


def test_only_brackets_at_the_end_are_looked_into() -> None:
    assert text_in_brackets("Q1[SAT1]") == "SAT1"
    assert text_in_brackets("Q1（SAT1）") == "SAT1"
    assert text_in_brackets("[SAT1] Q1") == ""


@given(st.text(max_size=80))
def test_any_text_has_keys_and_bare_is_bare(text: str) -> None:
    whole, plain, parts = question_keys(text)
    assert len(whole) == len(plain) == 1
    assert bare_question(whole[0]) == whole[0]
    assert all(parts)


@given(st.text(min_size=1, max_size=5).map(lambda text: text * 4000))
def test_huge_cells_are_cut(text: str) -> None:
    assert len(question_keys(text)[0][0]) <= 40_000
