"""Options of `lvmodels.pls`, with their values checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from lvmodels.errors import OptionValueError, nearest
from lvmodels.estimate.choices import check_level

Scheme = Literal["path", "factorial", "centroid"]
Missing = Literal["mean", "casewise", "pairwise"]
Mode = Literal["A", "B", "unit"]
Metric = Literal["standardized", "raw"]
Interaction = Literal["two_stage", "product_indicator", "orthogonal"]
HigherOrder = Literal["disjoint", "embedded", "repeated"]


@dataclass(frozen=True, slots=True)
class PlsSettings:
    """Options with their values settled.

    Attributes
    ----------
    scheme : {"path", "factorial", "centroid"}
        Inner weights: regression on predecessors and correlation with successors; correlations; their signs.
    consistent : bool
        Whether reflective blocks are corrected for attenuation (Dijkstra and Henseler 2015).
    missing : {"mean", "casewise", "pairwise"}
        Replace by the mean of the item, leave the case out, or correlate what is there.
    modes : tuple of (str, str)
        Construct and mode, where it is not the one that the model text says.
    metric : {"standardized", "raw"}
        Whether items enter with unit variance, or in their own units.
    sampling_weights : str or None
        Column with the weight of each case.
    interaction : {"two_stage", "product_indicator", "orthogonal"}
        How the product of two constructs is measured.
    higher_order : {"disjoint", "embedded", "repeated"}
        How a construct that is measured by constructs is estimated.
    dominant : tuple of (str, str)
        Construct, and the item whose loading gives it its sign; by default the sum of its loadings is positive.
    max_iterations : int
    tolerance : float
        Largest change of a weight at convergence.
    level : float
        Of intervals.
    """

    scheme: Scheme = "path"
    consistent: bool = False
    missing: Missing = "mean"
    modes: tuple[tuple[str, Mode], ...] = ()
    metric: Metric = "standardized"
    sampling_weights: str | None = None
    interaction: Interaction = "two_stage"
    higher_order: HigherOrder = "disjoint"
    dominant: tuple[tuple[str, str], ...] = ()
    max_iterations: int = 300
    tolerance: float = 1e-7
    level: float = 0.95


EVERY = "*"
"""Stands for every construct in `PlsSettings.modes`."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "scheme": get_args(Scheme),
    "missing": get_args(Missing),
    "metric": get_args(Metric),
    "interaction": get_args(Interaction),
    "higher_order": get_args(HigherOrder),
}
_OTHER_NAMES = {
    "path_weighting": "path",
    "path weighting": "path",
    "factor": "factorial",
    "mean_replacement": "mean",
    "listwise": "casewise",
    "twostage": "two_stage",
    "product": "product_indicator",
    "orthogonalizing": "orthogonal",
    "orthogonalising": "orthogonal",
    "repeated_indicators": "repeated",
}


def settle(
    scheme: Any,
    consistent: Any,
    missing: Any,
    modes: Any,
    metric: Any,
    sampling_weights: Any,
    interaction: Any,
    higher_order: Any,
    dominant: Any,
    max_iterations: Any,
    tolerance: Any,
    level: Any,
) -> PlsSettings:
    """Check every option.

    Raises
    ------
    OptionValueError
    """
    if not isinstance(consistent, (bool, np.bool_)):
        raise OptionValueError(f"consistent={consistent!r} is not known; use True or False.")
    if sampling_weights is not None and not isinstance(sampling_weights, str):
        raise OptionValueError(f"sampling_weights={sampling_weights!r} must be the name of one column.")
    if isinstance(max_iterations, bool) or not isinstance(max_iterations, (int, np.integer)) or max_iterations < 1:
        raise OptionValueError(f"max_iterations={max_iterations!r} must be a whole number from 1, such as 300.")
    if not isinstance(tolerance, (int, float)) or not 0.0 < tolerance < 1.0:
        raise OptionValueError(f"tolerance={tolerance!r} must lie between 0 and 1, such as 1e-7.")
    check_level(level)
    return PlsSettings(
        scheme=choice("scheme", scheme, _CHOICES["scheme"]),
        consistent=bool(consistent),
        missing=choice("missing", missing, _CHOICES["missing"]),
        modes=_modes(modes),
        metric=choice("metric", metric, _CHOICES["metric"]),
        sampling_weights=sampling_weights,
        interaction=choice("interaction", interaction, _CHOICES["interaction"]),
        higher_order=choice("higher_order", higher_order, _CHOICES["higher_order"]),
        dominant=_dominant(dominant),
        max_iterations=int(max_iterations),
        tolerance=float(tolerance),
        level=float(level),
    )


def choice(name: str, value: Any, allowed: tuple[str, ...]) -> Any:
    """A value in its customary spelling; case, dots and hyphens do not matter.

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> choice("scheme", "Path", ("path", "centroid"))
    'path'
    """
    plain = str(value).lower().replace("-", "_").replace(".", "_")
    plain = _OTHER_NAMES.get(plain, plain)
    if plain in allowed:
        return plain
    hint = nearest(plain, allowed) or f"Use one of {', '.join(map(repr, allowed))}."
    raise OptionValueError(f"{name}={value!r} is not known. {hint}")


def _modes(modes: Any) -> tuple[tuple[str, Mode], ...]:
    if modes is None:
        return ()
    if isinstance(modes, str):
        return ((EVERY, _mode(modes)),)
    if not isinstance(modes, Mapping):
        raise OptionValueError(
            f"modes={modes!r} must be 'A', 'B' or 'unit', or say one by construct: {{'Value': 'B'}}."
        )
    return tuple((str(name), _mode(mode)) for name, mode in modes.items())


def _mode(value: Any) -> Mode:
    known = get_args(Mode)
    for mode in known:
        if str(value).lower().removeprefix("mode").strip(" _") == mode.lower():
            return mode  # type: ignore[no-any-return]
    raise OptionValueError(
        f"mode {value!r} is not known; use 'A' (correlation), 'B' (regression) or 'unit' (sum score)."
    )


def _dominant(dominant: Any) -> tuple[tuple[str, str], ...]:
    if dominant is None:
        return ()
    if not isinstance(dominant, Mapping) or not all(isinstance(item, str) for item in dominant.values()):
        raise OptionValueError(f"dominant={dominant!r} must name an item by construct, such as {{'Value': 'v1'}}.")
    return tuple((str(name), item) for name, item in dominant.items())
