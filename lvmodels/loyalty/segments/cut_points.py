"""Where high begins and low ends: cut points given, or found as median, terciles or natural break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError, nearest
from lvmodels.loyalty.segments.roles import refuse_constant

__all__ = ["Cut", "CutPoint", "Cuts", "Ties", "cut_for", "cut_point", "natural_break", "sides"]

Vector = NDArray[np.float64]
Cut = Literal["median", "terciles", "optimised"] | float | tuple[float, float]
Cuts = Cut | Mapping[str, Cut]
Ties = Literal["high", "low"]
_METHODS = ("median", "terciles", "optimised")


@dataclass(frozen=True, slots=True)
class CutPoint:
    """Below `low` is low, from `high` on is high; the same number when nothing lies between."""

    role: str
    method: str
    low: float
    high: float


def cut_for(role: str, cut: Cuts, roles: tuple[str, ...]) -> Cut:
    """The cut of a role out of one for all roles or one for each; a role that has none gets the median.

    Raises
    ------
    OptionValueError
        For a role that the classification does not have.
    """
    if not isinstance(cut, Mapping):
        return cut
    for name in cut:
        if name not in roles:
            raise OptionValueError(f"cut names the role {name!r}, and there are {', '.join(roles)}. Correct it.")
    return cut.get(role, "median")


def cut_point(role: str, values: Vector, cut: Cut) -> CutPoint:
    """Find the cut point of a role.

    Raises
    ------
    OptionValueError
        When the cut is no number, pair of numbers, or known method.
    ConstantVariableError
        When it is to be found and the role does not vary.
    """
    if isinstance(cut, str):
        if cut not in _METHODS:
            hint = nearest(cut, _METHODS) or "It is 'median', 'terciles', 'optimised', a number or a pair of numbers."
            raise OptionValueError(f"cut={cut!r} is not known. {hint}")
        refuse_constant(role, values)
        known = values[~np.isnan(values)]
        if cut == "terciles":
            low, high = np.quantile(known, [1.0 / 3.0, 2.0 / 3.0])
        else:
            low = high = float(np.median(known)) if cut == "median" else natural_break(known)
        return CutPoint(role, cut, float(low), float(high))
    try:
        pair = [float(number) for number in (cut if isinstance(cut, tuple | list) else (cut,))]
    except (TypeError, ValueError):
        pair = []
    if len(pair) not in (1, 2) or not np.isfinite(pair).all() or pair[0] > pair[-1]:
        raise OptionValueError(f"cut={cut!r} for {role} must be a number, or a pair with the lower number first.")
    return CutPoint(role, "given", pair[0], pair[-1])


def natural_break(values: Vector) -> float:
    """The number between two groups whose variance within is smallest (halfway between their nearest values).

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. *Journal of the American Statistical Association*,
    53(284), 789-798.

    Examples
    --------
    >>> natural_break(np.array([1.0, 2.0, 3.0, 9.0, 10.0]))
    6.0
    """
    ordered = np.sort(values)
    n, sums = len(ordered), np.cumsum(ordered)
    sizes = np.arange(1, n)
    between = (sums[:-1] - sizes * sums[-1] / n) ** 2 / (sizes * (n - sizes))
    between[ordered[:-1] == ordered[1:]] = -np.inf  # equal values stay together
    best = int(np.argmax(between))
    return float((ordered[best] + ordered[best + 1]) / 2.0)


def sides(values: Vector, at: CutPoint, ties: Ties) -> tuple[Vector, tuple[str, ...]]:
    """Side of each value, 1 high, -1 low, 0 between two cut points (NaN missing), and what to say about it.

    Raises
    ------
    OptionValueError
    """
    if ties not in ("high", "low"):
        raise OptionValueError(f"ties={ties!r} is not possible; a value on a cut point counts as 'high' or as 'low'.")
    above, over = (np.greater_equal, np.greater_equal) if ties == "high" else (np.greater, np.greater)
    side = np.where(above(values, at.high), 1.0, np.where(over(values, at.low), 0.0, -1.0))
    side[np.isnan(values)] = np.nan
    points = f"{at.low:g}" if at.low == at.high else f"{at.low:g} and {at.high:g}"
    log = [f"{at.role} is cut at {points} ({at.method})."]
    on = int(np.isin(values, [at.low, at.high]).sum())
    if on:
        where = "the upper" if ties == "high" else "the lower"
        log.append(f"{on} customers lie on a cut point of {at.role}; ties='{ties}' puts them on {where} side.")
    for code, word in ((1.0, "high"), (-1.0, "low")):
        if not (side == code).any():
            log.append(f"No customer is {word} on {at.role}.")
    return side, tuple(log)
