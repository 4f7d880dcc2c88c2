"""Options of `lvmodels.pls`, with their values checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, get_args

import numpy as np

from lvmodels.errors import OptionValueError, UnknownOptionError, nearest
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


class PlsOptions(TypedDict, total=False):
    """The options of `lvmodels.pls` that are given by name; `PlsSettings` says what they mean."""

    modes: Mode | Mapping[str, Mode] | None
    metric: Metric
    sampling_weights: str | None
    interaction: Interaction
    higher_order: HigherOrder
    dominant: Mapping[str, str] | None
    max_iterations: int
    tolerance: float
    level: float


def settle(scheme: Any, consistent: Any, missing: Any, options: PlsOptions) -> PlsSettings:
    """Check names and values of options.

    Raises
    ------
    UnknownOptionError
        A `TypeError` that names the nearest option.
    OptionValueError
    """
    known = [field.name for field in fields(PlsSettings)]
    for name in options:
        if name not in PlsOptions.__annotations__:
            raise UnknownOptionError(f"pls() has no option '{name}'. {nearest(name, known)}".strip())
    given: dict[str, Any] = {"scheme": scheme, "consistent": consistent, "missing": missing, **options}
    _check_values(given)
    for name, allowed in _CHOICES.items():
        if name in given:
            given[name] = choice(name, given[name], allowed)
    given["modes"] = _modes(given.get("modes"))
    given["dominant"] = _dominant(given.get("dominant"))
    settings = PlsSettings(**given)
    check_level(settings.level)
    return settings


def _check_values(given: Mapping[str, Any]) -> None:
    consistent, weights = given["consistent"], given.get("sampling_weights")
    iterations, tolerance = given.get("max_iterations", 300), given.get("tolerance", 1e-7)
    if not isinstance(consistent, (bool, np.bool_)):
        raise OptionValueError(f"consistent={consistent!r} is not known; use True or False.")
    if weights is not None and not isinstance(weights, str):
        raise OptionValueError(f"sampling_weights={weights!r} must be the name of one column.")
    if isinstance(iterations, bool) or not isinstance(iterations, (int, np.integer)) or iterations < 1:
        raise OptionValueError(f"max_iterations={iterations!r} must be a whole number from 1, such as 300.")
    if not isinstance(tolerance, (int, float)) or not 0.0 < tolerance < 1.0:
        raise OptionValueError(f"tolerance={tolerance!r} must lie between 0 and 1, such as 1e-7.")


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
