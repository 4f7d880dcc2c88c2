"""Customers who may come back: a Markov chain over states such as recency, its value, and its steady state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.lifetime.numbers import Vector, checked

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Migration", "migration_value", "transition_matrix"]


@dataclass(frozen=True, slots=True, eq=False)
class Migration:
    """A chain of states and what customers in them are worth.

    Attributes
    ----------
    transition : DataFrame, shape (k, k)
        Probability that a customer in the state of the row is in the state of the column a period later.
    counts : DataFrame or None
        Transitions that the probabilities were estimated from.
    se : DataFrame or None
        Standard errors of the probabilities, (p (1 - p) / n)^½.
    value : Series or None
        Lifetime value of a customer in each state, money of today.
    value_se : Series or None
        Its standard error, where the probabilities were estimated (delta method).
    steady : Series
        Long-run share of each state; for a chain with states nobody leaves, that from the first state.
    """

    transition: pd.DataFrame
    counts: pd.DataFrame | None
    se: pd.DataFrame | None
    value: pd.Series[float] | None
    value_se: pd.Series[float] | None
    steady: pd.Series[float]


def transition_matrix(before: Sequence[Any], after: Sequence[Any], states: Sequence[Any] | None = None) -> Migration:
    """Estimate a chain from the states of the same customers at two dates.

    Parameters
    ----------
    before, after : sequence
        State of each customer at the earlier and at the later date.
    states : sequence, optional
        All states, in their order; by default those that occur, sorted.

    Returns
    -------
    Migration
        Without values; `migration_value` takes it.

    Raises
    ------
    DataError
        When the two differ in length, a state is unknown or missing, or nobody was in a state before.

    References
    ----------
    Anderson, T. W. and Goodman, L. A. (1957). Statistical inference about Markov chains. *Annals of Mathematical
    Statistics*, 28(1), 89-110.

    Examples
    --------
    >>> chain = transition_matrix(["A", "A", "B", "B"], ["A", "B", "B", "B"])
    >>> chain.transition.loc["A"].tolist(), chain.steady.round(9).tolist()
    ([0.5, 0.5], [0.0, 1.0])
    """
    import pandas as pd

    first, second = pd.Series(list(before), dtype=object), pd.Series(list(after), dtype=object)
    if len(first) != len(second) or not len(first):
        raise DataError(
            f"before has {len(first)} customers and after has {len(second)}; give each customer both states."
        )
    gone = np.flatnonzero(first.isna() | second.isna())
    if len(gone):
        raise DataError(
            f"customer {gone[0] + 1} lacks a state; leave such customers out, or give them a state of their own."
        )
    names = sorted({*first, *second}, key=str) if states is None else list(states)
    unknown = sorted({*first, *second} - set(names), key=str)
    if unknown:
        raise DataError(f"state {unknown[0]!r} is not among states={names!r}; add it, or correct the label.")
    counts = pd.crosstab(first, second).reindex(index=names, columns=names, fill_value=0)
    n = counts.sum(axis=1)
    empty = [name for name in names if not n[name]]
    if empty:
        raise DataError(f"nobody was in state {empty[0]!r} before, so that its transitions are unknown; join states.")
    P = counts.to_numpy(dtype=float) / n.to_numpy(dtype=float)[:, None]
    se = np.sqrt(P * (1.0 - P) / n.to_numpy(dtype=float)[:, None])
    framed = [pd.DataFrame(array, index=names, columns=names) for array in (P, se)]
    counts.index.name = counts.columns.name = None
    return Migration(framed[0], counts, framed[1], None, None, pd.Series(_steady(P), index=names))


def migration_value(
    transition: ArrayLike | Migration, margin: ArrayLike, rate: float, periods: int | None = None
) -> Migration:
    """Lifetime value of a customer in each state of a chain: V = sum over t of (P / (1 + r))^t R, t = 0, 1, ...

    Parameters
    ----------
    transition : array_like, shape (k, k), or Migration
        Probabilities, rows that add up to 1; or what `transition_matrix` gives.
    margin : array_like, shape (k,)
        R, what a customer brings in a period spent in each state, less what is spent on the customer there; money.
    rate : float
        r, the discount rate of a period, above 0 when there is no end.
    periods : int, optional
        How many periods count after the present one; without end by default.

    Returns
    -------
    Migration

    Raises
    ------
    OptionValueError

    References
    ----------
    Pfeifer, P. E. and Carraway, R. L. (2000). Modeling customer relationships as Markov chains. *Journal of Interactive
    Marketing*, 14(2), 43-55, eq. 6. Dwyer, F. R. (1997). *Journal of Direct Marketing*, 11(4), 6-13 (always a share).

    Examples
    --------
    A customer bought just now, or did so two, three, four periods ago, or is lost.

    >>> P = [[.3, .7, 0, 0, 0], [.2, 0, .8, 0, 0], [.15, 0, 0, .85, 0], [.05, 0, 0, 0, .95], [0, 0, 0, 0, 1]]
    >>> migration_value(P, [36, -4, -4, -4, 0], rate=0.2).value.round(3).tolist()
    [52.32, 5.554, 1.251, -1.82, 0.0]
    """
    import pandas as pd

    known = transition if isinstance(transition, Migration) else None
    P = known.transition.to_numpy(dtype=float) if known is not None else checked("transition", transition, 0.0, 1.0)  # type: ignore[arg-type]
    _check_chain(P)
    R = np.atleast_1d(checked("margin", margin))
    if R.shape != P.shape[:1]:
        raise OptionValueError(f"margin has {R.size} states and the chain has {len(P)}; give one number a state.")
    r = float(checked("rate", rate, lowest=-1.0, open_ends=True))
    if periods is None and r <= 0.0:
        raise OptionValueError("without an end the value has no limit unless rate is above 0; give periods.")
    end = None if periods is None else int(checked("periods", periods, lowest=0.0))
    value = _value(P / (1.0 + r), R, end)
    names = list(known.transition.index) if known is not None else list(range(1, len(P) + 1))
    counts, se, value_se = None, None, None
    if known is not None and known.counts is not None:
        counts, se = known.counts, known.se
        value_se = pd.Series(_value_errors(P, R, r, end, counts.to_numpy(dtype=float).sum(axis=1)), index=names)
    frame = pd.DataFrame(P, index=names, columns=names)
    return Migration(frame, counts, se, pd.Series(value, index=names), value_se, pd.Series(_steady(P), index=names))


def _check_chain(P: Vector) -> None:
    if P.ndim != 2 or P.shape[0] != P.shape[1]:
        raise OptionValueError(f"transition has shape {P.shape}; it must be square, a row a state.")
    wrong = np.flatnonzero(np.abs(P.sum(axis=1) - 1.0) > 1e-6)
    if len(wrong):
        k = wrong[0]
        raise OptionValueError(f"row {k + 1} of transition adds up to {P[k].sum():g}; every row must add up to 1.")


def _value(A: Vector, R: Vector, periods: int | None) -> Vector:
    """Sum over t of A^t R."""
    if periods is None:
        return np.asarray(np.linalg.solve(np.eye(len(A)) - A, R))
    total = term = R
    for _ in range(periods):
        term = A @ term
        total = total + term
    return total


def _value_errors(P: Vector, R: Vector, rate: float, periods: int | None, n: Vector) -> Vector:
    """Delta method: rows of P are independent multinomial shares from n customers."""
    k, step = len(P), 1e-6
    variance = np.zeros(k)
    for i in range(k):
        slopes = np.empty((k, k))
        for j in range(k):
            sides = []
            for sign in (step, -step):
                moved = P.copy()
                moved[i, j] += sign
                sides.append(_value(moved / (1.0 + rate), R, periods))
            slopes[:, j] = (sides[0] - sides[1]) / (2.0 * step)
        spread = (np.diag(P[i]) - np.outer(P[i], P[i])) / n[i]
        variance += np.einsum("aj,jl,al->a", slopes, spread, slopes)
    return np.sqrt(np.maximum(variance, 0.0))


def _steady(P: Vector) -> Vector:
    """Long-run shares from the first state, averaged over cycles: the limit of (I + P + ... + P^(T-1)) / T."""
    averaged, power = np.eye(len(P)), P
    for _ in range(60):  # A_2T = A_T (I + P^T) / 2, until T is beyond any memory of the start
        averaged = averaged @ (np.eye(len(P)) + power) / 2.0
        power = power @ power
        power /= power.sum(axis=1, keepdims=True)
    return np.asarray(averaged[0])
