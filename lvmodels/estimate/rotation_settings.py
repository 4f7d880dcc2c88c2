"""How exploratory blocks of a model are rotated, from the options `rotation` and `rotation_args`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError, nearest
from lvmodels.estimate.choices import choice_of
from lvmodels.estimate.rotation_criteria import ORTHOGONAL, Criterion

BLOCK_ROTATIONS = ("geomin", "oblimin", "varimax", "quartimax", "equamax", "bifactor", "target")
_ARGUMENTS = ("geomin_epsilon", "oblimin_gamma", "rstarts", "std_ov", "target")


@dataclass(frozen=True, slots=True, eq=False)
class RotationSettings:
    """A rotation of blocks.

    Attributes
    ----------
    name : str
    epsilon, gamma : float
        Of geomin and of oblimin.
    starts : int
        Positions from which rotation starts.
    standardized : bool
        Whether loadings are divided by the standard deviations of the items first.
    target : ndarray or None
    """

    name: str
    epsilon: float
    gamma: float
    starts: int
    standardized: bool
    target: NDArray[np.float64] | None

    @property
    def orthogonal(self) -> bool:
        """Whether factors of a block stay uncorrelated."""
        return self.name in ORTHOGONAL

    def criterion(self, p: int, m: int) -> Criterion:
        """What is minimised for a block of p items and m factors.

        Raises
        ------
        OptionValueError
            When the target has another shape, or there are too few factors.
        """
        if self.target is not None and self.target.shape != (p, m):
            raise OptionValueError(
                f"rotation_args: target has the shape {self.target.shape}, but the efa() block has {p} items and {m} "
                "factors."
            )
        if self.name == "bifactor" and m < 3:
            raise OptionValueError(f"rotation='bifactor' is for a general factor and groups, not {m} factors.")
        return Criterion(self.name, self.gamma, self.epsilon, self.target)


def rotation_settings(rotation: Any, arguments: Any) -> RotationSettings:
    """Check the options and fill in lavaan's defaults.

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> rotation_settings("geomin", {"geomin.epsilon": 0.01}).epsilon
    0.01
    """
    name = choice_of("rotation", rotation, BLOCK_ROTATIONS)
    if arguments is not None and not isinstance(arguments, Mapping):
        raise OptionValueError(f"rotation_args={arguments!r} must be a dict, such as {{'rstarts': 30}}.")
    given = {str(key).replace(".", "_"): value for key, value in (arguments or {}).items()}
    for key in given:
        if key not in _ARGUMENTS:
            hint = nearest(key, _ARGUMENTS) or f"Use some of {', '.join(_ARGUMENTS)}."
            raise OptionValueError(f"rotation_args has no entry '{key}'. {hint}")
    target = given.get("target")
    if (target is None) != (name != "target"):
        says = "needs" if name == "target" else "takes no"
        raise OptionValueError(f"rotation='{name}' {says} 'target' in rotation_args.")
    std_ov = given.get("std_ov", True)
    if not isinstance(std_ov, (bool, np.bool_)):
        raise OptionValueError(f"rotation_args: std_ov={std_ov!r} must be True or False.")
    return RotationSettings(
        name=name,
        epsilon=_number(given.get("geomin_epsilon", 0.001), "geomin_epsilon", 1e-12, 1.0),
        gamma=_number(given.get("oblimin_gamma", 0.0), "oblimin_gamma", -1e6, 1.0),
        starts=int(_number(given.get("rstarts", 30), "rstarts", 1, 100_000)),
        standardized=bool(std_ov),
        target=None if target is None else _table(target),
    )


def _number(value: Any, name: str, low: float, high: float) -> float:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not is_number or not low <= float(value) <= high:
        raise OptionValueError(f"rotation_args: {name}={value!r} must be a number from {low:g} to {high:g}.")
    return float(value)


def _table(target: Any) -> NDArray[np.float64]:
    try:
        found = np.asarray(target, dtype=float)
    except (TypeError, ValueError):
        found = np.zeros(0)
    if found.ndim != 2 or np.isinf(found).any():
        raise OptionValueError(
            "rotation_args: target must be a table of numbers, items by factors: what a loading should be near, and "
            "NaN where it is free."
        )
    return found
