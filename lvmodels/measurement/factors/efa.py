"""Exploratory factor analysis of a data frame."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.estimate.choices import choice_of, seed_sequence
from lvmodels.estimate.rotation_criteria import KAISER_BY_DEFAULT, ROTATIONS, Criterion, Rotation
from lvmodels.estimate.threads import one_thread
from lvmodels.measurement.factors.assembly import assembled
from lvmodels.measurement.factors.extraction import METHODS, Method, extract
from lvmodels.measurement.factors.record import FactorAnalysis
from lvmodels.measurement.factors.sample import Missing, sample_of
from lvmodels.measurement.factors.suitability import check_sample, number_of_factors
from lvmodels.measurement.factors.turning import turned

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Errors = Literal["normal", "robust"]


@one_thread
def efa(
    frame: Any,
    n_factors: int,
    rotation: Rotation = "oblimin",
    method: Method = "ml",
    *,
    ordered: bool | str | Sequence[str] | None = None,
    missing: Missing = "listwise",
    se: Errors = "normal",
    kaiser: bool | None = None,
    target: Any = None,
    gamma: float = 0.0,
    epsilon: float = 0.01,
    power: float = 4.0,
    starts: int = 30,
    seed: int | np.random.Generator | None = 0,
) -> FactorAnalysis:
    """Extract factors from the correlations of all columns, and rotate them.

    Parameters
    ----------
    frame : data frame, Survey or path
        Of a survey all answers.
    n_factors : int
    rotation : {"oblimin", "promax", "varimax", "quartimax", "geomin", "equamax", "bifactor", "target", "none"}
        Oblimin, promax, geomin and target let the factors correlate. Bifactor makes one general factor, named G, and
        groups of items on the others.
    method : {"ml", "minres", "pa"}
        Maximum likelihood; least squares of the residual correlations; principal axes, iterated until communalities
        stand still, which ends where minres does.
    ordered : bool, names or None
        Ordinal items, by polychoric correlations; True for all. Columns with an order are found by themselves.
    missing : {"listwise", "pairwise", "two.stage"}
        "two.stage" takes moments of greatest likelihood (EM) and allows for that in errors and test.
    se : {"normal", "robust"}
        Whether errors and test hold for normal answers only. Ordinal and incomplete answers always have their own.
    kaiser : bool, optional
        Rotate rows of unit length (Kaiser 1958). By default for varimax and promax, as is customary.
    target : frame or array, shape (p, n_factors), optional
        For "target": what loadings should be near; NaN where they are free. A frame is matched by item, and its columns
        name the factors.
    gamma, epsilon, power : float
        Of oblimin (0 is quartimin; at most 1), of geomin, and of promax.
    starts : int
        Positions from which the rotation starts; the smallest criterion wins.
    seed : int, Generator or None
        Of the random starts.

    Returns
    -------
    FactorAnalysis

    Raises
    ------
    NegativeDegreesOfFreedomError
        When there are more factors than the items can tell apart.
    NotPositiveDefiniteError
        When correlations are singular, for "ml".
    OptionValueError, ConstantVariableError, DataError, EmptyDataError, NonNumericError, UnknownVariableError

    Warns
    -----
    HeywoodWarning
        When a uniqueness reaches the bound .005.
    ConvergenceWarning, DroppedRowsWarning, BoundaryWarning, DataWarning, RankDeficientWarning

    Notes
    -----
    Chi-square of complete answers carries Bartlett's correction; with `se="robust"`, ordinal or incomplete answers it
    is scaled and shifted. Standard errors are those of standardized loadings, and take the number of factors to be
    right (expected information).

    References
    ----------
    Lawley, D. N., and Maxwell, A. E. (1971). Factor analysis as a statistical method. Jennrich, R. I. (1973, 1974):
    standard errors; (2001, 2002): gradient projection. Browne, M. W. (2001). An overview of analytic rotation in
    exploratory factor analysis. Multivariate Behavioral Research, 36, 111-150.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.efa(lv.datasets.load("holzinger_swineford").answers, 3)
    >>> found.loadings.round(2).loc[["x1", "x4", "x7"]]
          F1    F2    F3
    x1  0.19  0.60  0.03
    x4  0.84  0.02  0.01
    x7  0.04 -0.15  0.72
    >>> round(found.chisq, 2), found.df
    (22.38, 12)
    """
    how, turn = choice_of("method", method, METHODS), choice_of("rotation", rotation, ROTATIONS)
    robust = choice_of("se", se, ("normal", "robust")) == "robust"
    _check_numbers(gamma, epsilon, power, starts)
    sample = sample_of(frame, ordered, missing, robust)
    m = number_of_factors(n_factors, len(sample.names))
    if turn == "bifactor" and m < 3:
        raise OptionValueError(f"rotation='bifactor' turns a general factor and two or more groups; n_factors is {m}.")
    check_sample(sample, how)
    goal = _target(target, turn, sample.names, m)
    named = _factor_names(target, turn, m)
    extracted = extract(np.array(sample.R), m, how)
    name = "varimax" if turn == "promax" else turn
    criterion = None if turn == "none" else Criterion(name, float(gamma), float(epsilon), goal)
    normalised = turn in KAISER_BY_DEFAULT if kaiser is None else bool(kaiser)
    rng = np.random.default_rng(seed_sequence(seed))
    placed = turned(extracted, how, criterion, normalised, power if turn == "promax" else None, starts, rng)
    found, notes = assembled(sample, extracted, placed, how, turn, named)
    for note in (*sample.warnings, *notes):
        warnings.warn(note, stacklevel=3)  # past the decorator
    return found


def _check_numbers(gamma: Any, epsilon: Any, power: Any, starts: Any) -> None:
    limits = (
        ("gamma", gamma, -1e6, 1.0, "at most 1, such as 0"),
        ("epsilon", epsilon, 1e-12, 1.0, "above 0, such as 0.01"),
        ("power", power, 1.0, 20.0, "from 1 to 20, such as 4"),
    )
    for name, value, low, high, says in limits:
        number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not number or not low <= float(value) <= high:
            raise OptionValueError(f"{name}={value!r} must be a number {says}.")
    if not isinstance(starts, (int, np.integer)) or isinstance(starts, bool) or starts < 1:
        raise OptionValueError(f"starts={starts!r} must be a whole number from 1, such as 30.")


def _target(target: Any, rotation: str, names: tuple[str, ...], m: int) -> Matrix | None:
    if (target is None) != (rotation != "target"):
        says = "needs target=" if rotation == "target" else "takes no target=; use rotation='target'"
        raise OptionValueError(f"rotation='{rotation}' {says}.")
    if target is None:
        return None
    if hasattr(target, "reindex"):
        absent = [name for name in names if name not in {str(key) for key in target.index}]
        if absent:
            raise OptionValueError(f"target lacks {', '.join(map(repr, absent))}; it needs a row for each item.")
        target = target.set_axis([str(key) for key in target.index], axis=0).reindex(list(names))
    try:
        goal = np.asarray(target, dtype=float)
    except (TypeError, ValueError):
        raise OptionValueError(
            "target must be a table of numbers: what a loading should be near, and NaN where it is free."
        ) from None
    if goal.shape != (len(names), m):
        raise OptionValueError(f"target has the shape {goal.shape}; it needs {len(names)} items by {m} factors.")
    loose = [k + 1 for k in range(m) if np.isfinite(goal[:, k]).sum() < m - 1]
    if np.isinf(goal).any() or loose:
        raise OptionValueError(
            f"target must hold at least {m - 1} finite numbers in each column, and NaN where a loading is free"
            + (f"; column {loose[0]} holds fewer." if loose else ".")
        )
    return goal


def _factor_names(target: Any, rotation: str, m: int) -> list[str]:
    if hasattr(target, "columns"):
        return [str(name) for name in target.columns]
    if rotation == "bifactor":
        return ["G", *(f"F{k}" for k in range(1, m))]
    return [f"F{k + 1}" for k in range(m)]
