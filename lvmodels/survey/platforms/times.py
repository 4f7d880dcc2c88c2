"""Dates and durations as platforms write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from lvmodels.survey.numbers import is_blank, parse_number

__all__ = ["as_iso", "duration_in_seconds", "looks_like_times", "seconds_between", "yes_no"]

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y")
_HOURS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
_FORMATS = tuple(f"{day} {hour}" for day in _DAYS for hour in _HOURS)
_ZONE = re.compile(r"\s*(?:GMT|UTC)?(?:[+-]\d{1,2}(?::?\d{2})?)$|\s*(?:GMT|UTC|Z)$")
_HALF = re.compile(r"(上午|下午)\s*(\d{1,2}(?::\d{2})+)")
_UNITS = {"天": 86400, "小时": 3600, "时": 3600, "分钟": 60, "分": 60, "秒": 1, "d": 86400, "h": 3600, "min": 60, "m": 60}
_UNITS |= {"sec": 1, "s": 1}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(天|小时|时|分钟|分|秒|min|sec|[dhms])")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def _times(cells: Sequence[str]) -> tuple[pd.Series, bool]:
    """Points in time (NaT where a cell is blank or no column format fits), and whether only one format fits."""
    text = pd.Series([_spelled(cell) for cell in cells], dtype=object)
    filled = text[[cell is not None for cell in text]]
    different = pd.Series(filled.unique(), dtype=object)
    nothing = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    if different.empty:
        return nothing, True
    read = [pd.to_datetime(different, format=written, errors="coerce") for written in _fitting(different.iloc[0])]
    read = [times for times in read if times.notna().all()]
    if not read:
        return nothing, False
    known = dict(zip(different, read[0], strict=True))
    clear = all((times == read[0]).all() for times in read)
    return pd.to_datetime(pd.Series([known.get(cell, pd.NaT) for cell in text], index=text.index)), clear


def _fitting(cell: str) -> list[str]:
    """The formats that one cell follows."""
    return [written for written in _FORMATS if not pd.isna(pd.to_datetime(cell, format=written, errors="coerce"))]


def _spelled(cell: str) -> str | None:
    """A time without its zone, with a space before the hour and AM or PM behind it; None for a blank cell."""
    if is_blank(cell):
        return None
    text = re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(cell.split()))
    text = _HALF.sub(lambda half: f"{half[2]} {'AM' if half[1] == '上午' else 'PM'}", text)
    return _ZONE.sub("", text) if ":" in text else text


def as_iso(cells: Sequence[str]) -> list[str]:
    """Times as year-month-day hour:minute:second; as written where month and day cannot be told apart.

    Examples
    --------
    >>> as_iso(["2026/1/5 下午3:04:05", ""]), as_iso(["01/02/2026 10:00"])
    (['2026-01-05 15:04:05', ''], ['01/02/2026 10:00'])
    """
    times, clear = _times(cells)
    if not clear:
        return list(cells)
    return ["" if pd.isna(time) else time.strftime("%Y-%m-%d %H:%M:%S") for time in times]


def looks_like_times(cells: Sequence[str]) -> bool:
    """Whether some cells are filled, and all of those are dates with a time of day."""
    times, _ = _times(cells)
    return bool(times.notna().any()) and all(is_blank(c) for c, lost in zip(cells, times.isna(), strict=True) if lost)


def seconds_between(start: Sequence[str], end: Sequence[str]) -> list[str]:
    """Whole seconds from start to end; empty where one of them is missing or the end comes first.

    Examples
    --------
    >>> seconds_between(["2026-01-05 10:00:00", ""], ["2026-01-05 10:02:03", "2026-01-05 10:02:03"])
    ['123', '']
    """
    both, _ = _times([*start, *end])  # in one go, so that month and day are read in the same order
    times = both.to_numpy()
    length = (times[len(start) :] - times[: len(start)]) / np.timedelta64(1, "s")
    return ["" if np.isnan(seconds) or seconds < 0 else f"{seconds:.0f}" for seconds in length]


def duration_in_seconds(cell: str) -> str:
    """A duration in seconds; the cell as it is where it cannot be read.

    Examples
    --------
    >>> [duration_in_seconds(cell) for cell in ("123秒", "2分3秒", "1小时5秒", "00:02:03", "123")]
    ['123', '123', '3605', '123', '123']
    """
    text = "".join(cell.split())
    if is_blank(cell) or parse_number(text) is not None:
        return "" if is_blank(cell) else text
    if clock := _CLOCK.fullmatch(text):
        return str(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]))
    if _PART.sub("", text):
        return cell
    return f"{sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text)):.15g}"


def yes_no(cells: Sequence[str]) -> list[str]:
    """Marks of true and false as 1 and 0; other cells as they are."""
    marks = {"true": "1", "yes": "1", "1": "1", "false": "0", "no": "0", "0": "0"}
    return [marks.get(cell.strip().casefold(), cell) for cell in cells]
