"""Numbers as written in survey files."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from lvmodels.survey.numbers import as_numbers, counted, has_decimal_comma, keeps_its_digits, parse_number

NUMBERS = {"7": 7, " 7 ": 7, "-99": -99, "+3": 3, "3.5": 3.5, ".5": 0.5, "5.": 5, "1e3": 1000, "７": 7, "－９９": -99,
           "−99": -99, "３．５": 3.5, "\u30007\xa0": 7, "007": 7, "inf": math.inf, "-Inf": -math.inf}  # fmt: skip
BLANKS = ["", " ", "NA", "N/A", "n/a", "NaN", ".", "NULL", "#N/A", "\u3000"]
TEXTS = ["often", "7 of 10", "1,234", "1_000", "0x10", "²", "①", "7%", "--7", "1.2.3", "nan7", "e5"]


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_numbers_are_read(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", BLANKS)
def test_marks_for_no_value_are_missing(text: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert math.isnan(number)


@pytest.mark.parametrize("text", TEXTS)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("3,5", 3.5), ("-0,25", -0.25), (",5", 0.5), ("3.5", 3.5), ("1,2,3", None)]
)
def test_decimal_commas_are_read_where_they_may_be(text: str, number: float | None) -> None:
    assert parse_number(text, decimal_comma=True) == number
    assert has_decimal_comma(text) == ("," in text and number is not None)


@pytest.mark.parametrize(
    ("text", "kept"), [("7", True), ("01", True), ("007", False), ("1" * 15, True), ("1" * 16, False)]
)
def test_keys_are_known_by_their_digits(text: str, kept: bool) -> None:
    assert keeps_its_digits(text) is kept


COLUMNS = {
    "integers": pd.Series([1, 2]),
    "whole numbers with a gap": pd.Series([1, None], dtype="Int64"),
    "flags": pd.Series([True, False]),
    "numbers as text": pd.Series(["1", " "]),
    "numbers and text": pd.Series([1, "2"], dtype=object),
    "decimals": pd.Series([Decimal("1.5"), None], dtype=object),
    "categories": pd.Series(["1", "2"], dtype="category"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_any_type_become_floats(name: str) -> None:
    column = COLUMNS[name]
    numbers, unread = as_numbers(column)
    expected = [math.nan if pd.isna(cell) or cell == " " else float(cell) for cell in column]
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, expected)
    assert unread == {}


def test_what_cannot_be_read_is_told_with_its_places() -> None:
    numbers, unread = as_numbers(["often", "1", "often", "rarely"])
    np.testing.assert_array_equal(numbers, [math.nan, 1, math.nan, math.nan])
    assert {text: places.tolist() for text, places in unread.items()} == {"often": [0, 2], "rarely": [3]}


def test_lists_inside_cells_are_texts() -> None:
    assert list(as_numbers(pd.Series([[1, 2], 3], dtype=object))[1]) == ["[1, 2]"]


def test_one_thing_is_singular() -> None:
    assert (counted(1, "row"), counted(0, "row"), counted(2, "row")) == ("1 row", "0 rows", "2 rows")
