"""Columns that are called by the number of their question, Q3 or Q3_1, which may be the name of another item."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lvmodels.survey.matching import Match, match_columns
from lvmodels.survey.raw import RawTable
from lvmodels.survey.raw_columns import renamed

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["numbers_set_aside"]

_NUMBERED = re.compile(r"Q\d+(?:_\d+)*_*", re.IGNORECASE)


def numbers_set_aside(raw: RawTable, instrument: Instrument, match: Match) -> RawTable:
    """Give columns that are only numbered another name where their question says that they are another item.

    A number says where a question stands in this file; what it asks says more. Tables of no platform stay as they are.

    Parameters
    ----------
    raw : RawTable
    instrument : Instrument
        Its items, some of which may be called Q1, Q2, ...
    match : str or mapping of str to str
        As in `match_columns`; columns that it names keep their names.
    """
    if not raw.respondents or match in ("code", "position"):
        return raw
    kept = set(match.values()) if isinstance(match, Mapping) else set()
    items = {item.name.casefold(): item.name for item in instrument.items}
    columns = [column for column in raw.frame.columns if column not in raw.respondents]
    numbered = [c for c in columns if _NUMBERED.fullmatch(c) and c.casefold() in items and c not in kept]
    if not numbered:
        return raw
    asked = match_columns(instrument, columns, raw.labels.wording, "question").columns
    found = {column: item for item, column in asked.items()}
    names: dict[str, str] = {}
    for column in numbered:
        item = items[column.casefold()]
        if found.get(column, item) != item or asked.get(item, column) != column:
            names[column] = column
            while names[column].casefold() in items or names[column] in raw.frame.columns:
                names[column] += "_"
    if not names:
        return raw
    listed = ", ".join(f"{old} as {new}" for old, new in names.items())
    log = f"Columns whose number is the name of an item that they do not ask were renamed: {listed}."
    return dataclasses.replace(renamed(raw, names), log=(*raw.log, log))
