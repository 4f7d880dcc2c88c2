"""The quick way through a large delimited text: read in blocks, each different cell of a column kept once.

It only takes tables without any fault: every row as long as the header, none without values, every name once. For all
others it answers None, and `delimited` reads them with care and says what is wrong. What it does take, it reads as
`delimited` does, by the same reader of the csv module.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.survey.delimited import Delimited, find_delimiter, lines_of, name_columns
from lvmodels.survey.numbers import parse_number

__all__ = ["LARGE", "read_regular"]

LARGE = 1_000_000  # characters; below this, reading with care takes a second or two
_BLOCK = 20_000  # rows


class _Codes(dict[str, int]):
    """Text → its number in order of first appearance, given when it is first asked for."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Column:
    """One column in the making."""

    def __init__(self) -> None:
        self.codes = _Codes()
        self.blocks: list[NDArray[np.signedinteger]] = []

    def add(self, cells: Sequence[str]) -> None:
        block = np.fromiter(map(self.codes.__getitem__, cells), dtype=np.int32, count=len(cells))
        smallest = np.int8 if len(self.codes) < 128 else np.int16 if len(self.codes) < 32_768 else np.int32
        self.blocks.append(block.astype(smallest, copy=False))

    def categorical(self) -> pd.Categorical:
        return pd.Categorical.from_codes(np.concatenate(self.blocks), pd.Index(list(self.codes), dtype=object))


def read_regular(text: str) -> Delimited | None:
    r"""Split a text into columns; its first row holds their names.

    Parameters
    ----------
    text : str
        The file, decoded.

    Returns
    -------
    Delimited or None
        Its columns are pandas Categoricals of the texts as written, in order of first appearance. None where anything
        at all is irregular.

    Examples
    --------
    >>> table = read_regular("a,b\n1,5\n1,6\n")
    >>> table.names, [list(column) for column in table.columns], list(table.rows)
    (('a', 'b'), [['1', '1'], ['5', '6']], [2, 3])
    >>> read_regular("a,b\n1\n") is None
    True
    """
    if text[:4].lower() == "sep=":
        return None
    delimiter, shown = find_delimiter(text)
    reader = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
    count = 0
    try:
        header = next(reader, [])
        if not _is_regular(header):
            return None
        columns = [_Column() for _ in header]
        while block := list(itertools.islice(reader, _BLOCK)):
            if set(map(len, block)) != {len(header)} or not all(map(any, block)):
                return None
            count += len(block)
            for column, cells in zip(columns, zip(*block, strict=True), strict=True):
                column.add(cells)
    except csv.Error:
        return None
    if not count:
        return None
    names, log = name_columns(header)
    made = tuple(column.categorical() for column in columns)
    return Delimited(names, made, range(2, count + 2), shown, (), tuple(log))


def _is_regular(header: Sequence[str]) -> bool:
    """Whether the names can be taken as they are, apart from spaces around them."""
    if (
        not header
        or not header[-1].strip()
        or all(parse_number(name, decimal_comma=True) is not None for name in header)
    ):
        return False
    names, _ = name_columns(header)
    return len(set(names)) == len(names)
