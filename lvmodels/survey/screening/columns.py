"""Columns beside the items: duration, device, attention checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import NonNumericError, OptionValueError
from lvmodels.survey.matrix import check_known
from lvmodels.survey.numbers import as_numbers
from lvmodels.survey.platforms.devices import DEVICE

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey

__all__ = [
    "Beside", "attention_failures", "column_of", "device_groups", "find_device",
    "find_duration", "make_beside", "platform_marks", "relative_speed", "seconds", "seconds_per_item",
]  # fmt: skip

Vector = NDArray[np.float64]
Required = float | Sequence[float]

_DURATIONS = (
    "duration", "duration_seconds", "duration (in seconds)", "interviewtime", "interview time", "total time",
    "所用时间",
)  # fmt: skip
_DEVICES = (DEVICE, "ip", "ipaddress", "ip_address", "ip address", "ipaddr", "来自ip")
_UNITS = ("seconds", "sec", "s", "秒")


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Columns beside the items.

    Attributes
    ----------
    duration : str or None
    found : tuple of str
        Which of duration and device were found by their names, not given.
    attention : mapping
        Column → the code, or codes, that an attention check asked for.
    device : str or None
    """

    duration: str | None
    found: tuple[str, ...]
    attention: Mapping[str, Required]
    device: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that are no items."""
        given = (self.duration, self.device)
        return (*self.attention, *(name for name in given if name is not None))


def make_beside(
    survey: Survey,
    duration: str | None,
    attention: Mapping[str, Required] | None,
    device: str | None,
    items: Sequence[str] | None = None,
) -> Beside:
    """What was named beside the items; a duration and a device that were not named are looked for.

    Raises
    ------
    UnknownVariableError, OptionValueError
    """
    checks = {} if attention is None else attention
    if not isinstance(checks, Mapping):
        raise OptionValueError("attention= takes columns with the code that was asked for, such as {'CHECK1': 4}.")
    for option, names in (("attention", [*checks]), ("duration", [duration]), ("device", [device])):
        for name in names:
            if name is not None:
                column_of(survey, name, option)
    time = find_duration(survey, items) if duration is None else None
    address = find_device(survey, items) if device is None else None
    found = tuple(what for what, name in (("duration", time), ("device", address)) if name is not None)
    return Beside(duration or time, found, checks, device or address)


def column_of(survey: Survey, name: str, option: str) -> pd.Series:
    """A column of the answers or of what else is known of the respondents.

    Raises
    ------
    UnknownVariableError
    """
    columns = [*map(str, survey.answers.columns), *map(str, survey.respondents.columns)]
    check_known([name], columns, f"{option}= takes the name of one of them.")
    return survey.answers[name] if name in survey.answers.columns else survey.respondents[name]


def find_duration(survey: Survey, items: Sequence[str] | None = None) -> str | None:
    """The column that survey platforms call the duration, if there is one that is not among the items."""
    return _find(survey, items, _DURATIONS)


def find_device(survey: Survey, items: Sequence[str] | None = None) -> str | None:
    """The column of addresses, or of the numbers that reading gave them, if there is one that is not among the items.

    A column called "device" is none: it mostly says what kind of device it was.
    """
    return _find(survey, items, _DEVICES)


def _find(survey: Survey, items: Sequence[str] | None, names: Sequence[str]) -> str | None:
    columns = [*map(str, survey.respondents.columns), *map(str, survey.answers.columns)]
    columns = [name for name in columns if name not in (items or ())]
    known = {name.strip().casefold(): name for name in reversed(columns)}
    return next((known[name] for name in names if name in known), None)


def seconds(column: pd.Series) -> Vector:
    """Durations in seconds; numbers with a unit such as "123秒" or "95 s" are read, and nothing below 0 or at it.

    Raises
    ------
    NonNumericError

    Examples
    --------
    >>> seconds(pd.Series(["123秒", "95 s", "", "0"])).tolist()
    [123.0, 95.0, nan, nan]
    """
    if column.dtype.kind == "m":
        column = column.dt.total_seconds()
    elif not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.map(_without_unit, na_action="ignore")
    values, unread = as_numbers(column)
    if unread:
        text, rows = next(iter(unread.items()))
        raise NonNumericError(
            f"column '{column.name}' holds {text!r} in data row {int(rows[0]) + 1}, which is no number of seconds; "
            "give durations in seconds."
        )
    return np.where(values > 0, values, np.nan)


def _without_unit(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    unit = next((unit for unit in _UNITS if text.casefold().endswith(unit)), "")
    bare = text[: len(text) - len(unit)].strip()
    return bare if bare[-1:].isdigit() else cell


def seconds_per_item(duration: Vector, answered: Vector) -> Vector:
    """Seconds for each item answered (Huang et al. 2012), shape (n,).

    Questions beside the items take time too, so that the true time an item is shorter still.

    References
    ----------
    Huang, J. L., Curran, P. G., Keeney, J., Poposki, E. M., & DeShon, R. P. (2012). Detecting and deterring
    insufficient effort responding to surveys. Journal of Business and Psychology, 27(1), 99-114.

    Examples
    --------
    >>> seconds_per_item(np.array([60.0, 15.0, np.nan]), np.array([20.0, 10.0, 20.0])).tolist()
    [3.0, 1.5, nan]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(answered > 0, duration / answered, np.nan)


def relative_speed(pace: Vector) -> Vector:
    """The median time an item over one's own: 2 is twice as fast as the one in the middle.

    References
    ----------
    Leiner, D. J. (2019). Too fast, too straight, too weird: Non-reactive indicators for meaningless data in internet
    surveys. Survey Research Methods, 13(3), 229-248; there page by page, here over the whole questionnaire.

    Examples
    --------
    >>> relative_speed(np.array([6.0, 3.0, 1.0])).tolist()
    [0.5, 1.0, 3.0]
    """
    if np.isnan(pace).all():
        return pace
    found: Vector = np.nanmedian(pace) / pace
    return found


def platform_marks(survey: Survey) -> dict[str, Vector]:
    """What survey platforms say of a response: 1 where it is unfinished, or a preview; columns that say neither lack.

    Examples
    --------
    >>> from lvmodels.survey.answers import Survey
    >>> about = pd.DataFrame({"finished": [1, 0, None]})
    >>> platform_marks(Survey(pd.DataFrame({"Q1": [1, 2, 3]}), about))["unfinished"].tolist()
    [0.0, 1.0, nan]
    """
    found = {}
    for index, name, mark in (("unfinished", "finished", 0.0), ("preview", "preview", 1.0)):
        if name in survey.respondents.columns:
            values, unread = as_numbers(survey.respondents[name])
            if not unread and np.isin(values[~np.isnan(values)], (0.0, 1.0)).all():
                found[index] = np.where(np.isnan(values), np.nan, values == mark)
    return found


def attention_failures(survey: Survey, checks: Mapping[str, Required]) -> Vector:
    """How many attention checks a respondent answered otherwise than was asked; one without an answer is not failed.

    Parameters
    ----------
    survey : Survey
    checks : mapping
        Column → the code that was asked for, or several that are right.

    Raises
    ------
    UnknownVariableError, OptionValueError
    """
    failed = np.zeros(len(survey.answers))
    for name, right in checks.items():
        try:
            allowed = np.atleast_1d(np.asarray(right, dtype=np.float64))
        except (TypeError, ValueError):
            raise OptionValueError(
                f"attention= gives '{name}' the answer {right!r}; give the code as a number."
            ) from None
        values, unread = as_numbers(column_of(survey, name, "attention"))
        wrong = ~np.isnan(values) & ~np.isin(values, allowed)
        for rows in unread.values():
            wrong[rows] = True
        failed += wrong
    return failed


def device_groups(column: pd.Series) -> NDArray[np.intp]:
    """Number the devices or addresses; -1 where none is known, blank text included."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.where(column.astype(str).str.strip() != "")
    codes: NDArray[np.intp] = pd.factorize(column)[0].astype(np.intp)
    return codes
