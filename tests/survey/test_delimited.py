"""Delimited texts: which character separates, what a row is, and which rows are wrong."""

from __future__ import annotations

import pytest

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey.delimited import read_delimited

TABLES = {
    "commas": ("a,b\n1,2\n", ",", {"a": ["1"], "b": ["2"]}),
    "semicolons": ("a;b\n1,5;2\n", ";", {"a": ["1,5"], "b": ["2"]}),
    "semicolons and decimals everywhere": ("a;b;c\n1,5;2,5;3,5\n", ";", {"a": ["1,5"], "b": ["2,5"], "c": ["3,5"]}),
    "tabs": ("a\tb, or c\n1\t2\n", "\t", {"a": ["1"], "b, or c": ["2"]}),
    "vertical bars": ("a|b\n1|2\n", "|", {"a": ["1"], "b": ["2"]}),
    "commas in the header of a semicolon file": ("a, b, c;d\n1;2\n", ";", {"a, b, c": ["1"], "d": ["2"]}),
    "semicolons in texts": ('a,b\n"x;y;z",2\n', ",", {"a": ["x;y;z"], "b": ["2"]}),
    "one column": ("a\n1\n2\n", "", {"a": ["1", "2"]}),
    "one column with decimal commas": ("a\n1,5\n", "", {"a": ["1,5"]}),
    "one column of texts with commas": ("note\nyes, but\nno\n", "", {"note": ["yes, but", "no"]}),
    "no line break at the end": ("a,b\n1,2", ",", {"a": ["1"], "b": ["2"]}),
    "Windows line breaks": ("a,b\r\n1,2\r\n", ",", {"a": ["1"], "b": ["2"]}),
    "old Macintosh line breaks": ("a,b\r1,2\r", ",", {"a": ["1"], "b": ["2"]}),
    "quotes and line breaks in cells": ('a,b\n"x ""y""\nz",2\n', ",", {"a": ['x "y"\nz'], "b": ["2"]}),
    "a quotation mark inside a cell": ('a,b\n5" wide,2\n', ",", {"a": ['5" wide'], "b": ["2"]}),
    "spaces around names": (" a , b\n1,2\n", ",", {"a": ["1"], "b": ["2"]}),
    "Excel's first line": ("sep=;\na;b\n1;2\n", ";", {"a": ["1"], "b": ["2"]}),
    "delimiters at the end of rows": ("a,b\n1,2,\n3,4,,\n", ",", {"a": ["1", "3"], "b": ["2", "4"]}),
    "delimiters at the end of all rows": ("a,b,,\n1,2,,\n", ",", {"a": ["1"], "b": ["2"]}),
    "row names as R writes them": ('"a","b"\n"r1",1,2\n', ",", {"row_name": ["r1"], "a": ["1"], "b": ["2"]}),
    "a column without a name": (",b\n1,2\n", ",", {"column_1": ["1"], "b": ["2"]}),
}


@pytest.mark.parametrize(("text", "delimiter", "columns"), TABLES.values(), ids=TABLES.keys())
def test_tables_are_read(text: str, delimiter: str, columns: dict[str, list[str]]) -> None:
    table = read_delimited(text, "answers.csv")
    assert table.delimiter == delimiter
    assert {name: list(cells) for name, cells in zip(table.names, table.columns, strict=True)} == columns
    assert table.problems == ()


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    table = read_delimited('a,b\n1,"x\ny"\n\n,\n2,3\n', "answers.csv")
    assert table.rows == (2, 5)
    assert table.log == ("Dropped 1 row without any value (row 4).",)


def test_rows_of_another_length_are_named_and_left_out() -> None:
    table = read_delimited("a,b\n1,2\n1\n1,2,3\n", "answers.csv")
    assert table.rows == (2,)
    assert [problem[:48] for problem in table.problems] == [
        "row 3: 1 cell where the header (row 1) has 2; ad",
        "row 4: 3 cells where the header (row 1) has 2; q",
    ]


FAULTS = {
    "an open quotation mark": ('a,b\n1,2\n1,"2\n1,2\n', FileFormatError, "row 3: a quotation mark opens here"),
    "text behind a quotation mark": ('a,b\n"1"x,2\n', FileFormatError, "row 2: a quotation mark opens here"),
    "no header": ("1,2\n3,4\n", FileFormatError, "row 1: the first row holds no names"),
    "nothing but a header": ("a,b\n", EmptyDataError, "has a header and no row below it"),
    "no value at all": ("a,b\n,\n,\n", EmptyDataError, "2 rows and no answer in them"),
    "no table": ("To whom, it may\n" + "one\ntwo, three, four\n" * 4, FileFormatError, "is no table: 8 of 8 rows"),
}


@pytest.mark.parametrize(("text", "kind", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_no_table_is_refused(text: str, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind) as caught:
        read_delimited(text, "answers.csv")
    assert str(caught.value).startswith("answers.csv")
    assert says in str(caught.value)
