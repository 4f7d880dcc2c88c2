"""A table as it came, before any instrument is held against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

__all__ = ["Labels", "RawTable"]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What a file says of its columns besides the answers; every mapping may lack columns.

    Attributes
    ----------
    wording : mapping of str to str
        Column → the question as asked.
    values : mapping of str to mapping
        Column → code → the words printed at it.
    missing : mapping of str to tuple of (float, float)
        Column → ranges of codes, both ends included, that mean no answer.
    measure : mapping of str to str
        Column → "nominal", "ordinal" or "scale".
    reasons : mapping of str to mapping
        Column → why an answer is missing → the index labels of the rows where it is.
    missing_codes : mapping of str to Series
        Column → the codes that stood where the file itself says that they mean no answer, by row; NaN in the frame.
    """

    wording: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    measure: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    missing_codes: Mapping[str, pd.Series[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """A table as it came.

    Attributes
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Text cells as written, or, with `typed`, columns that have their types already.
    source : str
        Name of the file, or what kind of data frame it was.
    row_name : callable
        Position of a row, counted from 0 → what messages call it.
    decimal_comma : bool
        Whether "3,5" is three and a half.
    problems : tuple of str
        What is wrong with single rows and names; reported together with what the instrument finds.
    log : tuple of str
        What was read, dropped and renamed, a sentence each.
    typed : bool
    labels : Labels
    respondents : tuple of str
        Columns that a survey platform adds about the respondents and their interviews; they are no answers.
    personal : tuple of str
        Columns, among all, that identify a person: addresses, names, places, devices.
    several : mapping of str to str
        Columns whose cells hold several answers → what separates them.
    """

    frame: pd.DataFrame
    source: str
    row_name: Callable[[int], str]
    decimal_comma: bool
    problems: tuple[str, ...]
    log: tuple[str, ...]
    typed: bool = False
    labels: Labels = field(default_factory=Labels)
    respondents: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    several: Mapping[str, str] = field(default_factory=dict)
