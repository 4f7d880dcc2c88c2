"""Dates and durations as platforms write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from lvmodels.survey.numbers import is_blank, parse_number

__all__ = ["Times", "duration_in_seconds", "iso", "looks_like_times", "read_times", "seconds_between"]

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y")
_HOURS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f", "")
_FORMATS = tuple(f"{day} {hour}".strip() for hour in _HOURS for day in _DAYS)
_EARLIEST, _LATEST = pd.Timestamp("1970-01-01"), pd.Timestamp("2200-01-01")  # there is no survey outside
_LONGEST = 1e9  # seconds: thirty years
_TRIED = 20  # different cells from which the formats are found out
_ZONE = re.compile(r"\s*(?:GMT|UTC)?(?:[+-]\d{1,2}(?::?\d{2})?)$|\s*(?:GMT|UTC|Z)$")
_HALF = re.compile(r"(上午|下午)\s*(\d{1,2}(?::\d{2})+)")
_UNITS = {
    "天": 86400,
    "小时": 3600,
    "时": 3600,
    "分钟": 60,
    "分": 60,
    "秒": 1,
    "d": 86400,
    "h": 3600,
    "min": 60,
    "m": 60,
}
_UNITS |= {"sec": 1, "s": 1}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(天|小时|时|分钟|分|秒|min|sec|[dhms])")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Cells read as points in time.

    Attributes
    ----------
    values : pandas.Series, shape (n,)
        datetime64; NaT where a cell is blank or cannot be read.
    unread : tuple of int
        Positions of cells that hold something else.
    clear : bool
        Whether day and month cannot be mixed up; when they can, the month was taken to stand first.
    """

    values: pd.Series
    unread: tuple[int, ...]
    clear: bool


def read_times(cells: Sequence[str]) -> Times:
    """Read cells that share one way of writing times, whichever reads most of them.

    Examples
    --------
    >>> iso(read_times(["2026/1/5 下午3:04:05", ""]).values)
    ['2026-01-05 15:04:05', '']
    >>> iso(read_times(["13/02/2026 10:00", "01/02/2026 10:00"]).values)
    ['2026-02-13 10:00:00', '2026-02-01 10:00:00']
    >>> read_times(["01/02/2026 10:00"]).clear
    False
    """
    spelled = {cell: _spelled(cell) for cell in dict.fromkeys(cells)}
    text = pd.Series([spelled[cell] for cell in cells], dtype=object)
    different = pd.Series(list(dict.fromkeys(cell for cell in text if cell is not None)), dtype=object)
    written = _fitting(different[:_TRIED].tolist())
    tries = [pd.to_datetime(different, format=form, errors="coerce") for form in written]
    tries = [times.where(times.between(_EARLIEST, _LATEST)) for times in tries]
    if not tries:
        nothing = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
        return Times(nothing, tuple(np.flatnonzero([cell is not None for cell in text]).tolist()), True)
    most = max(int(times.notna().sum()) for times in tries)
    read = [times for times in tries if times.notna().sum() == most]
    known = dict(zip(different, read[0], strict=True))
    values = pd.to_datetime(pd.Series([known.get(cell, pd.NaT) for cell in text], index=text.index))
    unread = [place for place, cell in enumerate(text) if cell is not None and pd.isna(known[cell])]
    return Times(values, tuple(unread), all(times.equals(read[0]) for times in read))


def _fitting(cells: Sequence[str]) -> list[str]:
    """The formats that at least one of the cells follows, the likely ones first."""
    return [form for form in _FORMATS if any(_follows(cell, form) for cell in cells)]


def _follows(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell, form)
    except ValueError:
        return False
    return True


def _spelled(cell: str) -> str | None:
    """A time without its zone, with a space before the hour and AM or PM behind it; None for a blank cell."""
    if is_blank(cell):
        return None
    text = re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(cell.split()))
    text = _HALF.sub(lambda half: f"{half[2]} {'AM' if half[1] == '上午' else 'PM'}", text)
    return _ZONE.sub("", text) if ":" in text else text


def iso(times: pd.Series) -> list[str]:
    """Points in time as year-month-day hour:minute:second; empty where there is none."""
    written = np.datetime_as_string(times.to_numpy().astype("datetime64[s]"), unit="s").tolist()
    return ["" if time == "NaT" else time.replace("T", " ") for time in written]


def looks_like_times(cells: Sequence[str]) -> bool:
    """Whether some cells are filled, and all of those are dates with a time of day.

    Examples
    --------
    >>> looks_like_times(["2026-01-05 10:00", ""]), looks_like_times(["2026-01-05"]), looks_like_times(["soon"])
    (True, False, False)
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and all(":" in cell for cell in filled) and not read_times(filled).unread


def seconds_between(start: pd.Series, end: pd.Series) -> list[str]:
    """Whole seconds from start to end; empty where one of them is missing or the end comes first."""
    length = (end.to_numpy() - start.to_numpy()) / np.timedelta64(1, "s")
    return ["" if np.isnan(seconds) or seconds < 0 else f"{seconds:.0f}" for seconds in length]


def duration_in_seconds(cell: str) -> str | None:
    """A duration in seconds, empty where there is none; None where it cannot be read.

    Examples
    --------
    >>> [duration_in_seconds(cell) for cell in ("123秒", "2分3秒", "1小时5秒", "00:02:03", "123", "", "long")]
    ['123', '123', '3605', '123', '123', '', None]
    """
    text = "".join(cell.split())
    if is_blank(text):
        return ""
    if (number := parse_number(text)) is not None:
        return text if 0 <= number <= _LONGEST else None
    if clock := _CLOCK.fullmatch(text):
        return str(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]))
    if _PART.sub("", text):
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    return f"{seconds:.15g}" if seconds <= _LONGEST else None
