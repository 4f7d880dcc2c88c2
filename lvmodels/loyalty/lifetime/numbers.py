"""Numbers a user gives, checked: finite, within their range, of shapes that go together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lvmodels.errors import OptionValueError

Vector = NDArray[np.float64]


def checked(
    name: str, value: ArrayLike, lowest: float = -np.inf, highest: float = np.inf, open_ends: bool = False
) -> Vector:
    """The value as an array of floats.

    Parameters
    ----------
    name : str
        Of the argument, for messages.
    value : array_like
    lowest, highest : float
        The range; its ends belong to it unless `open_ends`.

    Raises
    ------
    OptionValueError
        When it holds something else than finite numbers in that range.
    """
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise OptionValueError(f"{name}={value!r} is no number; give numbers without units.") from None
    wrong = ~np.isfinite(numbers)
    wrong |= (numbers <= lowest) | (numbers >= highest) if open_ends else (numbers < lowest) | (numbers > highest)
    if wrong.any():
        first = float(numbers[wrong].flat[0]) if numbers.ndim else float(numbers)
        raise OptionValueError(f"{name}={first:g} is not possible; it must be {_range(lowest, highest, open_ends)}.")
    return numbers


def _range(lowest: float, highest: float, open_ends: bool) -> str:
    above, below = ("above", "below") if open_ends else ("at least", "at most")
    parts = ["a finite number"]
    if np.isfinite(lowest):
        parts.append(f"{above} {lowest:g}")
    if np.isfinite(highest):
        parts.append(f"{below} {highest:g}")
    return parts[0] if len(parts) == 1 else " and ".join(parts[1:])


def plain(result: Any) -> Any:
    """A float for a single number, else the array."""
    array = np.asarray(result, dtype=np.float64)
    return float(array) if array.ndim == 0 else array
