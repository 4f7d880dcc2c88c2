"""Cells that hold several answers: ticked options become columns of 0 and 1, rankings columns of ranks."""

from __future__ import annotations

import dataclasses
import graphlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from lvmodels.survey.numbers import is_blank, parse_number
from lvmodels.survey.raw import Labels, RawTable

__all__ = ["RANKED", "holds_lists", "unfold"]

RANKED = "→"  # what stands between options that were put in order
_MOST_OPTIONS, _LONGEST_OPTION = 60, 120


def holds_lists(cells: Sequence[str], separator: str) -> bool:
    """Whether cells are choices among few options, rather than texts in which the separator happens to stand.

    Options of a list come in the order of the questionnaire, none twice; some answers name one option alone, and
    options recur in other company.

    Examples
    --------
    >>> holds_lists(["Tea, Coffee", "Tea", "Coffee, Juice", "Tea, Coffee, Juice"], ", ")
    True
    >>> holds_lists(["Good, but dear", "Dear, and good", "Good"], ", ")
    False
    """
    answers = Counter(cell for cell in cells if not is_blank(cell))
    lists = {cell: cell.split(separator) for cell in answers}
    options = Counter(option for cell, parts in lists.items() for option in parts for _ in range(answers[cell]))
    several = [parts for parts in lists.values() if len(parts) > 1]
    alone = {parts[0] for parts in lists.values() if len(parts) == 1}
    if not several or not alone & {option for parts in several for option in parts}:
        return False
    if len(options) >= len(lists) or len(options) > _MOST_OPTIONS or max(map(len, options)) > _LONGEST_OPTION:
        return False
    recur = all(options[option] > 1 for parts in several for option in parts)
    return recur and all(len(set(parts)) == len(parts) for parts in several) and _in_order(several) is not None


def unfold(raw: RawTable) -> RawTable:
    """Replace columns of lists by a column an option."""
    frame, labels, log = raw.frame, raw.labels, list(raw.log)
    for name, separator in raw.several.items():
        if name not in frame.columns:
            continue
        options, columns = _options(frame[name], separator)
        names = _option_names(name, options, set(frame.columns))
        place = frame.columns.get_loc(name)
        made = pd.DataFrame(dict(zip(names, columns, strict=True)), index=frame.index, dtype=object)
        frame = pd.concat([frame.iloc[:, :place], made, frame.iloc[:, place + 1 :]], axis=1)
        labels = _worded(labels, name, dict(zip(names, options, strict=True)))
        kind = "ranks" if separator == RANKED else "1 where it was chosen, 0 where not"
        log.append(f"Column {name} holds several answers; it became a column an option ({kind}): {', '.join(names)}.")
    return dataclasses.replace(raw, frame=frame, labels=labels, log=tuple(log), several={})


def _options(cells: pd.Series, separator: str) -> tuple[list[str], list[list[str]]]:
    """The options, in the order of the questionnaire as far as the answers tell it, and their columns."""
    split = [
        [] if is_blank(cell) else [part.strip() for part in cell.split(separator) if part.strip()] for cell in cells
    ]
    seen = list(dict.fromkeys(part for parts in split for part in parts))
    numbers = [parse_number(option) for option in seen]
    if all(number is not None for number in numbers):
        options = [option for _, option in sorted(zip(numbers, seen, strict=True))]
    else:
        options = seen if separator == RANKED else _in_order(split) or seen
    columns = []
    for option in options:
        marks = [str(parts.index(option) + 1) if option in parts else "" for parts in split]
        if separator != RANKED:
            marks = ["" if not parts else "1" if mark else "0" for parts, mark in zip(split, marks, strict=True)]
        columns.append(marks)
    return options, columns


def _in_order(lists: Sequence[Sequence[str]]) -> list[str] | None:
    """An order of the options that all lists follow; None if there is none."""
    sorter: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for parts in dict.fromkeys(map(tuple, lists)):
        for option in parts:
            sorter.add(option)
        for before, after in pairwise(parts):
            sorter.add(after, before)
    try:
        return list(sorter.static_order())
    except graphlib.CycleError:
        return None


def _option_names(name: str, options: Sequence[str], taken: set[str]) -> list[str]:
    """Q3_1, Q3_2, ...: the numbers are the options' own where they are numbers."""
    own = [option if option.isdigit() else str(place) for place, option in enumerate(options, start=1)]
    numbers = own if len(set(own)) == len(own) else [str(place) for place in range(1, len(options) + 1)]
    names = [f"{name}_{number}" for number in numbers]
    return [f"{made}_" if made in taken else made for made in names]


def _worded(labels: Labels, name: str, options: dict[str, str]) -> Labels:
    """Labels with the question and the option as the wording of the new columns."""
    question = labels.wording.get(name, name)
    words = labels.values.get(name, {})
    said = {
        column: words.get(float(option), option) if option.isdigit() else option for column, option in options.items()
    }
    wording = {column: text for column, text in labels.wording.items() if column != name}
    reasons = {**labels.reasons, **{column: labels.reasons[name] for column in options if name in labels.reasons}}
    reasons.pop(name, None)
    return dataclasses.replace(
        labels,
        wording=wording | {column: f"{question}: {option}" for column, option in said.items()},
        values={column: value for column, value in labels.values.items() if column != name},
        reasons=reasons,
    )
