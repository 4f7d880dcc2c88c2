"""Columns of a raw table left out or renamed, in all that speaks of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from lvmodels.survey.raw import Labels, RawTable

__all__ = ["joined_labels", "labels_under", "renamed", "without_columns"]


def without_columns(raw: RawTable, dropped: Collection[str]) -> RawTable:
    """The same table without some columns.

    Examples
    --------
    >>> import pandas as pd
    >>> raw = RawTable(pd.DataFrame({"a": ["1"], "ip": ["203.0.113.7"]}), "f", str, False, (), (), respondents=("ip",))
    >>> without_columns(raw, ["ip"]).respondents
    ()
    """
    return _under(raw, {column: column for column in raw.frame.columns if column not in dropped})


def renamed(raw: RawTable, names: Mapping[str, str]) -> RawTable:
    """The same table with other names for some columns."""
    return _under(raw, {column: names.get(column, column) for column in raw.frame.columns})


def _under(raw: RawTable, names: Mapping[str, str]) -> RawTable:
    return dataclasses.replace(
        raw,
        frame=raw.frame[list(names)].rename(columns=names),
        labels=labels_under(raw.labels, names),
        respondents=tuple(names[column] for column in raw.respondents if column in names),
        personal=tuple(names[column] for column in raw.personal if column in names),
        several={names[column]: separator for column, separator in raw.several.items() if column in names},
    )


def labels_under(labels: Labels, names: Mapping[str, str]) -> Labels:
    """The labels of some columns, under new names."""
    parts = {part.name: getattr(labels, part.name) for part in dataclasses.fields(labels)}
    return Labels(
        **{
            part: {names[column]: said for column, said in by_column.items() if column in names}
            for part, by_column in parts.items()
        }
    )


def joined_labels(first: Labels, second: Labels) -> Labels:
    """The labels of two sets of columns together."""
    parts = [part.name for part in dataclasses.fields(first)]
    return Labels(**{part: {**getattr(first, part), **getattr(second, part)} for part in parts})
