"""Numbers as people and programs write them: signs, full-width digits, decimal commas, marks for "no answer"."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["as_numbers", "counted", "has_decimal_comma", "is_blank", "keeps_its_digits", "parse_number"]

# Cells that mean "no value" in files of R, SAS, SPSS, Stata, Excel and pandas; compared without case and spaces.
_BLANK = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "#null!", "."})

# Full-width forms, the true minus sign, and spaces that are no spaces to most programs.
_PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x2212: "-", 0x3000: " ", 0xFEFF: "", 0x200B: ""}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d*,\d+")


def counted(number: int, thing: str) -> str:
    """A number of things in words: "1 row", "3 rows"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, or a mark for "no value" such as NA, N/A or a single dot."""
    return text.strip().casefold() in _BLANK


def has_decimal_comma(text: str) -> bool:
    """Whether a cell is a number written with one comma, such as 3,5."""
    return "," in text and _COMMA.fullmatch(text.strip()) is not None


def parse_number(text: str, decimal_comma: bool = False) -> float | None:
    """Read one cell.

    Parameters
    ----------
    text : str
        The cell.
    decimal_comma : bool
        Whether "3,5" is three and a half.

    Returns
    -------
    float or None
        The number, NaN for a blank cell, None when the cell holds something else.

    Examples
    --------
    >>> parse_number(" ７ "), parse_number("N/A"), parse_number("3,5", decimal_comma=True), parse_number("often")
    (7.0, nan, 3.5, None)
    """
    plain = text if text.isascii() else text.translate(_PLAIN)
    plain = plain.strip()
    if plain.casefold() in _BLANK:
        return math.nan
    if decimal_comma and _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def keeps_its_digits(text: str) -> bool:
    """Whether nothing is lost when a cell becomes a number: no 007, no key of more than 15 digits."""
    digits = text.strip().lstrip("+-")
    return not (digits.isdigit() and (len(digits) > 15 or (len(digits) > 2 and digits.startswith("0"))))


def as_numbers(
    values: Iterable[Any], decimal_comma: bool = False
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.intp]]]:
    """Read a column.

    Parameters
    ----------
    values : iterable of any, length n
        Cells of a file (text) or a column of a data frame (anything).
    decimal_comma : bool
        Whether "3,5" is three and a half.

    Returns
    -------
    numbers : ndarray, shape (n,)
        NaN where a cell is blank or cannot be read.
    unread : dict
        Text of a cell that is no number → its positions, counted from 0.

    Examples
    --------
    >>> as_numbers(["1", "", "often"])
    (array([ 1., nan, nan]), {'often': array([2])})
    """
    if isinstance(values, pd.Series) and pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan, copy=True), {}
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        return _categories_as_numbers(values.array, decimal_comma)
    cells = values if isinstance(values, list | tuple) else list(values)
    try:
        different = dict.fromkeys(cells)  # answers repeat: reading each different cell once is most of the speed
    except TypeError:  # a list or the like inside a cell
        cells = [str(cell) for cell in cells]
        different = dict.fromkeys(cells)
    read = {cell: _cell_number(cell, decimal_comma) for cell in different}
    codes = {cell: math.nan if number is None else number for cell, number in read.items()}
    result = np.fromiter(map(codes.__getitem__, cells), dtype=np.float64, count=len(cells))
    unread: dict[str, list[int]] = {str(cell): [] for cell, number in read.items() if number is None}
    if unread:
        for position, cell in enumerate(cells):
            if read[cell] is None:
                unread[str(cell)].append(position)
    return result, {text: np.array(positions, dtype=np.intp) for text, positions in unread.items()}


def _categories_as_numbers(
    values: pd.Categorical, decimal_comma: bool
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.intp]]]:
    """The same for a column whose different cells are known: each is read once, the others looked up."""
    read = [_cell_number(category, decimal_comma) for category in values.categories]
    codes = values.codes
    result = np.array([*(math.nan if number is None else number for number in read), math.nan])[codes]  # -1: the last
    wrong = {str(values.categories[code]): np.flatnonzero(codes == code) for code, n in enumerate(read) if n is None}
    return result, {text: positions for text, positions in wrong.items() if positions.size}


def _cell_number(cell: Any, decimal_comma: bool) -> float | None:
    if isinstance(cell, str):
        return parse_number(cell, decimal_comma)
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return math.nan
    if isinstance(cell, numbers.Real | Decimal | np.bool_):
        return float(cell)
    return None
