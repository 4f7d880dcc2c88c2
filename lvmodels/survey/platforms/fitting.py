"""A platform's table held against an instrument: questions known by their wording, persons left out, lists unfolded.

Here wordings have to agree but for case and spaces; whatever is only similar is left to the matching of columns.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import pandas as pd

from lvmodels.survey.anchors import plain
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import AUTOMATIC, stem_and_row
from lvmodels.survey.platforms.several import unfold
from lvmodels.survey.raw import Labels, RawTable

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item

__all__ = ["Personal", "fit_to_instrument", "renamed", "settle"]

Personal = Literal["drop", "keep"]

_DASH = re.compile(r"\s+[-–—－]+\s+|[—－]+")
_MARKS: tuple[Mapping[str, str], ...] = ({"Y": "1", "N": "0"}, {"Checked": "1", "Unchecked": "0"})


def settle(raw: RawTable, instrument: Instrument | None, personal: Personal) -> RawTable:
    """Make a platform's table ready for checking; tables of no platform stay as they are.

    Parameters
    ----------
    raw : RawTable
    instrument : Instrument or None
        Its items are never dropped and never unfolded.
    personal : {"drop", "keep"}
        Whether columns that identify a person are left out.
    """
    if not raw.respondents:
        return raw
    items: set[str] = set()
    if instrument is not None:
        raw = fit_to_instrument(raw, instrument)
        items = {plain(item.name) for item in instrument.items}
    raw = _without_persons(raw, items, personal)
    raw = unfold(raw, {column for column in raw.frame.columns if plain(column) in items})
    return _marks_as_numbers(raw, items)


def _without_persons(raw: RawTable, items: set[str], personal: Personal) -> RawTable:
    """Drop what identifies a person, or say that it is kept."""
    named = [column for column in raw.personal if column in raw.frame.columns and plain(column) not in items]
    if not named:
        return raw
    listed = ", ".join(_with_question(column, raw) for column in named)
    if personal == "keep":
        return dataclasses.replace(raw, log=(*raw.log, f"Kept although they identify persons: {listed}."))
    log = f"Dropped because they identify persons: {listed} (personal='keep' keeps them)."
    about = tuple(column for column in raw.respondents if column not in named)
    labels = _labels_for(raw.labels, {column: column for column in raw.frame.columns if column not in named})
    frame = raw.frame.drop(columns=named)
    return dataclasses.replace(raw, frame=frame, labels=labels, respondents=about, personal=(), log=(*raw.log, log))


def _with_question(column: str, raw: RawTable) -> str:
    wording = raw.labels.wording.get(column, "")
    return f"{column} ({wording})" if wording and AUTOMATIC.fullmatch(column) else column


def _marks_as_numbers(raw: RawTable, items: set[str]) -> RawTable:
    """Ticks as 1 and 0 where no item says what they mean."""
    frame = raw.frame.copy()
    ticked = []
    for name in frame.columns:
        if name in raw.respondents or plain(name) in items:
            continue
        filled = {cell for cell in frame[name] if isinstance(cell, str) and not is_blank(cell)}
        marks = next((marks for marks in _MARKS if filled and filled <= marks.keys()), None)
        if marks is not None:
            frame[name] = pd.Series([marks.get(cell, cell) for cell in frame[name]], index=frame.index, dtype=object)
            ticked.append(name)
    if not ticked:
        return raw
    log = f"Marks of yes and no became 1 and 0 in columns {', '.join(ticked)}."
    return dataclasses.replace(raw, frame=frame, log=(*raw.log, log))


def fit_to_instrument(raw: RawTable, instrument: Instrument) -> RawTable:
    """Name columns after the items whose wording they carry.

    A column that has an item's name is that item, unless the name only numbers the question (Q1, Q2_1) and the wording
    is another item's. Of items with equal wording each takes the column of its name, or all take them in order.
    """
    answers = [column for column in raw.frame.columns if column not in raw.respondents]
    known = {plain(item.name) for item in instrument.items}
    free = [c for c in answers if plain(c) not in known or AUTOMATIC.fullmatch(c)]
    named = {plain(column) for column in answers if column not in free}
    items = [item for item in instrument.items if plain(item.name) not in named]
    found: dict[str, str] = {}
    for texts in (lambda c: {plain(raw.labels.wording.get(c, ""))}, lambda c: _rows(raw.labels.wording.get(c, ""))):
        left = [item for item in items if item.name not in found.values()]
        found |= _by_wording(left, [c for c in free if c not in found], texts)
    if not found:
        return raw
    stays = {column for column in raw.frame.columns if column not in found}
    aside = {c: f"{c}_" for c in stays if c in found.values()}  # numbered alike, but asks something else
    moved = {column: item for column, item in found.items() if column != item}
    log = f"Columns were read as items by their wording: {', '.join(f'{c} as {i}' for c, i in moved.items())}."
    table = renamed(raw, found | aside)
    return dataclasses.replace(table, log=(*raw.log, log)) if moved else table


def _rows(wording: str) -> set[str]:
    """The texts in which the row of a grid may stand: in brackets, or behind a dash."""
    row = stem_and_row(wording)[1]
    behind = [wording[dash.end() :] for dash in _DASH.finditer(wording)]
    return {plain(text) for text in (row, *behind) if text.strip()}


def _by_wording(items: list[Item], columns: list[str], texts: Callable[[str], set[str]]) -> dict[str, str]:
    """Column → item, where a text of the column is a wording or the name of the item."""
    carrying: dict[str, list[str]] = {}
    for column in columns:
        for text in texts(column):
            carrying.setdefault(text, []).append(column)
    asked: dict[str, list[Item]] = {}
    for item in items:
        words = {plain(text) for text in (*item.wording.values(), item.name)} & carrying.keys()
        for text in words:
            asked.setdefault(text, []).append(item)
    found: dict[str, str] = {}
    for text, wanting in asked.items():
        there = [column for column in carrying[text] if column not in found]
        wanting = [item for item in wanting if item.name not in found.values()]
        own = {item.name for item in wanting} & set(there)
        found |= {name: name for name in own}
        there, wanting = [c for c in there if c not in own], [item for item in wanting if item.name not in own]
        if len(there) == len(wanting):
            found |= {column: item.name for column, item in zip(there, wanting, strict=True)}
    return found


def renamed(raw: RawTable, names: Mapping[str, str]) -> RawTable:
    """The same table with other names of columns, in all that speaks of them."""
    new = {column: names.get(column, column) for column in raw.frame.columns}
    return dataclasses.replace(
        raw,
        frame=raw.frame.rename(columns=new),
        labels=_labels_for(raw.labels, new),
        respondents=tuple(new[column] for column in raw.respondents),
        personal=tuple(new[column] for column in raw.personal),
        several={new[column]: separator for column, separator in raw.several.items()},
    )


def _labels_for(labels: Labels, names: Mapping[str, str]) -> Labels:
    """The labels of some columns, under new names."""
    return Labels(
        **{
            part.name: {
                names[column]: value for column, value in getattr(labels, part.name).items() if column in names
            }
            for part in dataclasses.fields(labels)
        }
    )
