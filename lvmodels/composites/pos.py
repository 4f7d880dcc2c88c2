"""Prediction-oriented segmentation (Becker, Rai, Ringle and Völckner 2013).

Each segment has weights and paths of its own. A case is moved to the segment whose model comes closer to it, as long
as the explained variance of all segments together grows:

    distance of case i from segment g = Σ_j √(e²_ijg / Σ_i∈g e²_ijg)      objective = Σ_g n_g/n Σ_j R²_jg
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.estimates import construct_frame
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import check_converged, resampled, usable_in
from lvmodels.composites.solution import Solution, solve_by_case, solve_stages
from lvmodels.errors import NotConvergedError, NotEstimableError, OptionValueError
from lvmodels.estimate.choices import seed_sequence
from lvmodels.estimate.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
_TRIED = 20
"""Moves that are tried together."""


@dataclass(frozen=True, slots=True, eq=False)
class PredictionSegments:
    """Segments with a model of their own each.

    Attributes
    ----------
    assigned : Series of int
        The segment of every case, from 1, the largest first.
    sizes : Series
        Shares of the cases.
    paths : tuple of DataFrame
        Origin in the row, outcome in the column; one a segment.
    r2 : DataFrame
        Outcomes × segments.
    objective, pooled : float
        Sum of R² over outcomes, weighted by the sizes of the segments; that of the model in all cases.
    """

    assigned: pd.Series[int]
    sizes: pd.Series[float]
    paths: tuple[pd.DataFrame, ...]
    r2: pd.DataFrame
    objective: float
    pooled: float

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.sizes)
        sums = f"sum of R² {self.objective:.3f} ({self.pooled:.3f} as one)"
        return f"<PredictionSegments: {len(self.sizes)} ({shares}), {sums}>"


@dataclass(frozen=True, slots=True, eq=False)
class _Division:
    """A division of the cases: segment of each (n,), solution of the last stage, distances (n, K), objective."""

    segment: Index
    solution: Solution
    distance: Matrix
    objective: float


@one_thread
def pos(fit: PlsRecord, segments: Any, starts: Any, seed: Any) -> PredictionSegments:
    """The record behind `PlsFit.pos`."""
    check_converged(fit)
    for name, value, least in (("segments", segments, 2), ("starts", starts, 1)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise OptionValueError(f"{name}={value!r} must be a whole number from {least}.")
    if fit.answers.pairwise:
        raise NotEstimableError("segments are found case by case; estimate with missing='mean' or 'casewise'.")
    smallest = max(10, 2 * int(fit.stage.paths.sum(axis=0).max()))
    if segments * smallest > fit.nobs:
        raise OptionValueError(
            f"segments={segments} leaves less than {smallest} of the {fit.nobs} cases for each; ask for fewer."
        )
    found = []
    for stream in seed_sequence(seed).spawn(int(starts)):
        start = _start(fit, int(segments), smallest, np.random.default_rng(stream))
        if start is not None:
            found.append(_climb(fit, start, smallest))
    if not found:
        raise NotConvergedError("no start of the segmentation could be estimated; ask for fewer segments.")
    return _record(fit, max(found, key=lambda division: division.objective))


def _start(fit: PlsRecord, K: int, smallest: int, generator: np.random.Generator) -> _Division | None:
    """A random division, improved once by moving every case to the nearest segment."""
    first = _divided(fit, generator.permutation(np.arange(fit.nobs) % K), K)
    if first is None:
        return None
    nearest = first.distance.argmin(axis=1)
    if np.bincount(nearest, minlength=K).min() < smallest:
        return first
    second = _divided(fit, nearest, K)
    return second if second is not None and second.objective > first.objective else first


def _divided(fit: PlsRecord, segment: Index, K: int) -> _Division | None:
    """Estimate the model in every segment; None where one has no solution."""
    member = (segment == np.arange(K)[:, None]).astype(np.float64)
    solved = solve_by_case(fit.stages, fit.answers, member, fit.settings, resampled(fit, "construct").loadings)
    if not usable_in(tuple(solution for solution, _ in solved)).all():
        return None
    solution, scores = solved[-1]
    outcomes = np.flatnonzero(fit.stage.paths.any(axis=0))
    square = (scores - scores @ solution.B)[:, :, outcomes] ** 2
    weighted = member * fit.answers.weights
    within = np.einsum("kn,knj->kj", weighted, square)
    distance = np.sqrt(square / np.maximum(within, 1e-12)[:, None, :]).sum(axis=2).T
    share = weighted.sum(axis=1) / weighted.sum()
    return _Division(segment, solution, distance, float(share @ solution.r2.sum(axis=1)))


def _climb(fit: PlsRecord, division: _Division, smallest: int) -> _Division:
    """Move one case at a time, the one that gains most and raises the objective, until none does."""
    for _ in range(10 * fit.nobs):
        better = _best_move(fit, division, smallest)
        if better is None:
            return division
        division = better
    return division


def _best_move(fit: PlsRecord, division: _Division, smallest: int) -> _Division | None:
    n, K = division.distance.shape
    gain = division.distance[np.arange(n), division.segment][:, None] - division.distance
    gain[np.bincount(division.segment, minlength=K)[division.segment] <= smallest] = 0.0
    order = np.argsort(-gain, axis=None)
    order = order[gain.ravel()[order] > 1e-12]
    for begin in range(0, len(order), _TRIED):
        cases, targets = np.unravel_index(order[begin : begin + _TRIED], gain.shape)
        objective = _objectives(fit, division, cases, targets)
        for m in np.flatnonzero(objective > division.objective + 1e-10):
            segment = division.segment.copy()
            segment[cases[m]] = targets[m]
            found = _divided(fit, segment, K)
            if found is not None and found.objective > division.objective + 1e-10:
                return found
    return None


def _objectives(fit: PlsRecord, division: _Division, cases: Index, targets: Index) -> Vector:
    """The objective after each of some moves; -inf where it cannot be estimated. Only two segments change in a move."""
    K = division.distance.shape[1]
    weights = fit.answers.weights
    r2 = np.tile(division.solution.r2.sum(axis=1), (len(cases), 1))
    share = np.tile(np.bincount(division.segment, weights, minlength=K) / weights.sum(), (len(cases), 1))
    left = division.segment[cases]
    rows = np.arange(len(cases))
    member = (division.segment == np.concatenate([left, targets])[:, None]).astype(np.float64)
    member[rows, cases], member[len(cases) + rows, cases] = 0.0, 1.0
    solutions = solve_stages(fit.stages, fit.answers, member, fit.settings)
    found = np.where(usable_in(solutions), solutions[-1].r2.sum(axis=1), -np.inf)
    for part, values in ((left, found[: len(cases)]), (targets, found[len(cases) :])):
        r2[rows, part] = values
    moved = weights[cases] / weights.sum()
    share[rows, left] -= moved
    share[rows, targets] += moved
    return np.asarray((share * r2).sum(axis=1))


def _record(fit: PlsRecord, division: _Division) -> PredictionSegments:
    import pandas as pd

    K = division.distance.shape[1]
    sizes = np.bincount(division.segment, fit.answers.weights, minlength=K) / fit.answers.weights.sum()
    order = np.argsort(-sizes, kind="stable")
    labels = list(range(1, K + 1))
    outcomes = np.flatnonzero(fit.stage.paths.any(axis=0))
    names = [fit.stage.names[j] for j in outcomes]
    return PredictionSegments(
        assigned=pd.Series(np.argsort(order)[division.segment] + 1, index=fit.answers.rows, name="segment"),
        sizes=pd.Series(sizes[order], index=labels, name="share"),
        paths=tuple(construct_frame(fit, division.solution.B[k]) for k in order),
        r2=pd.DataFrame(division.solution.r2[order][:, outcomes].T, index=names, columns=labels),
        objective=division.objective,
        pooled=float(fit.solution.r2[0].sum()),
    )
