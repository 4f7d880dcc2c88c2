"""From samples to solutions: weights, loadings, correlations of constructs and paths, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import Answers
from lvmodels.composites.columns import covariances, items_by_case, stage_columns, standard_deviations
from lvmodels.composites.consistency import consistent_loadings, disattenuated, rho_a
from lvmodels.composites.layout import Stage
from lvmodels.composites.moments import correlations, item_covariances
from lvmodels.composites.options import PlsSettings
from lvmodels.composites.regression import regress
from lvmodels.composites.weights import outer_weights, scores_with_slots

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A stage solved in R samples; J constructs measured in K slots.

    Attributes
    ----------
    S : ndarray, shape (R, K, K)
        Correlations of the slots.
    deviations : ndarray, shape (R, K)
        Standard deviations of the columns, in their own units.
    w : ndarray, shape (R, K)
        Outer weights of columns with unit variance (in the raw metric, of columns in their own units); scores have
        unit variance.
    loadings : ndarray, shape (R, K)
        Correlations of columns with their score; with consistent estimation, with their construct.
    cross : ndarray, shape (R, K, J)
        Correlations of columns with all scores.
    C : ndarray, shape (R, J, J)
        Correlations of scores.
    latent : ndarray, shape (R, J, J)
        Correlations of constructs: those of scores, corrected for attenuation with consistent estimation.
    rho : ndarray, shape (R, J)
        Squared correlations of scores with constructs that the correction rests on; 1 without it.
    scale : ndarray, shape (R, J)
        Standard deviations of the constructs: those of products are on the scale of the product, all others are 1.
    B : ndarray, shape (R, J, J)
        Element (i, j): the path from i to j.
    r2 : ndarray, shape (R, J)
    converged : ndarray of bool, shape (R,)
    iterations : ndarray of int, shape (R,)
    """

    S: Matrix
    deviations: Matrix
    w: Matrix
    loadings: Matrix
    cross: Matrix
    C: Matrix
    latent: Matrix
    rho: Matrix
    scale: Matrix
    B: Matrix
    r2: Matrix
    converged: NDArray[np.bool_]
    iterations: NDArray[np.intp]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Samples whose iteration converged to numbers, shape (R,)."""
        finite = np.isfinite(self.B).all(axis=(1, 2)) & np.isfinite(self.loadings).all(axis=1)
        return np.asarray(self.converged & finite)

    def take(self, which: NDArray[np.bool_]) -> Solution:
        """Some of the samples."""
        return Solution(*(getattr(self, field.name)[which] for field in fields(self)))


def solve_stages(
    stages: tuple[Stage, ...],
    answers: Answers,
    counts: Matrix,
    settings: PlsSettings,
    loadings: tuple[Vector, ...] | None = None,
) -> tuple[Solution, ...]:
    """Solve all stages in samples of the cases.

    Parameters
    ----------
    stages : tuple of Stage
    answers : Answers
    counts : ndarray, shape (R, n)
        How often each case is in each sample.
    settings : PlsSettings
    loadings : tuple of ndarray of shape (K,), optional
        Constructs get the sign that makes their loadings agree with these, stage by stage.

    Returns
    -------
    tuple of Solution
        One a stage.
    """
    if len(stages) == 1 and stages[0].plain:
        at = [column.sources[0] for column in stages[0].columns]
        S = item_covariances(answers, counts)[:, at][:, :, at]
        return (solve_stage(stages[0], S, settings, None if loadings is None else loadings[0]),)
    return tuple(solution for solution, _ in solve_by_case(stages, answers, counts, settings, loadings))


def solve_by_case(
    stages: tuple[Stage, ...],
    answers: Answers,
    counts: Matrix,
    settings: PlsSettings,
    loadings: tuple[Vector, ...] | None = None,
) -> list[tuple[Solution, Matrix]]:
    """Solve all stages, with the scores of every case.

    Returns
    -------
    list of (Solution, ndarray of shape (R, n, J))
        One a stage. Scores have mean 0 and, products of scores excepted, variance 1 (n - 1 in the denominator).
    """
    weighted = counts * answers.weights
    X = items_by_case(answers, weighted, settings.metric)
    own = standard_deviations(items_by_case(answers, weighted, "raw"), weighted)
    S = item_covariances(answers, counts) if answers.pairwise else None
    scores: Matrix | None = None
    found = []
    for s, stage in enumerate(stages):
        like = None if loadings is None else loadings[s]
        columns = stage_columns(stage, X, scores, weighted)
        if S is not None and stage.plain:  # pairs of answers, which no completed column reproduces
            at = [column.sources[0] for column in stage.columns]
            solution = solve_stage(stage, S[:, at][:, :, at], settings, like)
        else:
            solution = solve_stage(stage, covariances(columns, weighted), settings, like)
        solution = _with_units(solution, stage, own)
        scores = stage_scores(stage, solution, columns, weighted, settings)
        found.append((solution, scores))
    return found


def _with_units(solution: Solution, stage: Stage, own: Matrix) -> Solution:
    """The solution with the standard deviations of items in their own units, also where they entered standardized."""
    deviations = solution.deviations.copy()
    for k, column in enumerate(stage.columns[s] for s in stage.slots):
        if column.kind == "item":
            deviations[:, k] = own[:, column.sources[0]]
    return replace(solution, deviations=deviations)


def stage_scores(stage: Stage, solution: Solution, columns: Matrix, weighted: Matrix, settings: PlsSettings) -> Matrix:
    """Scores of cases from the columns of a stage, shape (R, n, J)."""
    W = np.zeros((*solution.w.shape, len(stage.names)))
    W[:, np.arange(len(stage.slots)), stage.block] = solution.w
    with np.errstate(invalid="ignore", divide="ignore"):
        divisor = 1.0 if settings.metric == "raw" else standard_deviations(columns, weighted)[:, None, stage.slots]
        return np.asarray((columns[:, :, stage.slots] / divisor) @ W) * solution.scale[:, None, :]


def solve_stage(stage: Stage, S: Matrix, settings: PlsSettings, like: Vector | None = None) -> Solution:
    """Solve a stage in R samples.

    Parameters
    ----------
    stage : Stage
    S : ndarray, shape (R, P, P)
        Covariances of its columns.
    settings : PlsSettings
    like : ndarray, shape (K,), optional
        Loadings that give the constructs their signs.
    """
    own = np.sqrt(np.diagonal(S, axis1=1, axis2=2))[:, stage.slots]
    return solve_slots(stage, correlations(S[:, stage.slots[:, None], stage.slots]), own, settings, like)


def solve_slots(
    stage: Stage, R: Matrix, deviations: Matrix, settings: PlsSettings, like: Vector | None = None
) -> Solution:
    """Solve a stage from the correlations of its slots, shape (R, K, K), and their standard deviations."""
    raw = settings.metric == "raw"
    entered = R * deviations[:, :, None] * deviations[:, None, :] if raw else R
    found = outer_weights(entered, stage, settings.scheme, settings.tolerance, settings.max_iterations)
    T, C = scores_with_slots(entered, found.w, stage)
    with np.errstate(invalid="ignore", divide="ignore"):
        cross = T / deviations[:, :, None] if raw else T
    sign = _signs(cross, stage, like)
    w, cross = found.w * sign[:, stage.block], cross * sign[:, None, :]
    C = C * sign[:, :, None] * sign[:, None, :]
    loadings = cross[:, np.arange(len(stage.slots)), stage.block]
    rho, latent = np.ones(sign.shape), C
    if settings.consistent:
        unit = w * deviations if raw else w
        rho = rho_a(R, unit, stage, stage.reflective)
        loadings = consistent_loadings(unit, rho, loadings, stage, stage.reflective)
        latent = disattenuated(C, rho)
    scale = _scales(stage, loadings, deviations)
    B, r2 = regress(latent, stage.paths)
    B = B * scale[:, None, :] / scale[:, :, None]
    return Solution(R, deviations, w, loadings, cross, C, latent, rho, scale, B, r2, found.converged, found.iterations)


def _scales(stage: Stage, loadings: Matrix, deviations: Matrix) -> Matrix:
    """Standard deviations of the constructs, shape (R, J): 1, but for products that of the products that measure them.

    Several products are averaged with the sizes of their loadings as weights. So the coefficient of a product says how
    the slope of one construct changes with each standard deviation of the other.
    """
    scale = np.ones((len(loadings), len(stage.names)))
    for j in np.flatnonzero(stage.raw):
        own = stage.slots_of(int(j))
        size = np.abs(loadings[:, own])
        scale[:, j] = (size * deviations[:, own]).sum(axis=1) / size.sum(axis=1)
    return scale


def _signs(cross: Matrix, stage: Stage, like: Vector | None) -> Matrix:
    """1 or -1 for each construct, shape (R, J).

    Its dominant item, or the sum of its items, loads positively; or its loadings agree with given ones.
    """
    sign = np.ones((len(cross), len(stage.names)))
    for j, leading in enumerate(stage.dominant):
        own = stage.slots_of(j)
        if like is not None:
            loading = cross[:, own, j] @ like[own]
        else:
            loading = cross[:, own, j].sum(axis=1) if leading < 0 else cross[:, leading, j]
        sign[:, j] = np.where(loading < 0.0, -1.0, 1.0)
    return sign
