"""How far the correlations that a model implies are from those observed, and a bootstrap test of exact fit.

    SRMR = √ mean of squared differences (lower triangle with diagonal)
    d_ULS = ½ Σ (r − σ)²        d_G = ½ Σ log² of the eigenvalues of R⁻¹Σ

Dijkstra and Henseler (2015); Henseler et al. (2014). Items of a composite correlate with each other as observed; those
of a construct corrected for attenuation as a common factor implies. "saturated" lets all constructs correlate as they
do, "estimated" only as the paths imply.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import Answers
from lvmodels.composites.columns import items_by_case
from lvmodels.composites.layout import Stage
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import solve
from lvmodels.composites.replicates import check_converged
from lvmodels.composites.solution import Solution, solve_stages
from lvmodels.errors import DataError, NotEstimableError
from lvmodels.estimate.choices import check_level, check_replicates, seed_sequence
from lvmodels.estimate.derived import derived
from lvmodels.estimate.resample import Units, blocks_of, drawn_counts
from lvmodels.estimate.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
KINDS = ("saturated", "estimated")
MEASURES = ("srmr", "d_uls", "d_g")
_BLOCK = 200


def implied_constructs(stage: Stage, latent: Matrix) -> Matrix:
    """Correlations of constructs that the paths imply, shape (R, J, J).

    Exogenous constructs correlate as they do; what a path model leaves unexplained correlates with nothing before it.
    """
    found = np.zeros_like(latent)
    done: list[int] = np.flatnonzero(~stage.paths.any(axis=0)).tolist()
    found[:, np.array(done)[:, None], done] = latent[:, np.array(done)[:, None], done]
    pending = [j for j in range(len(stage.names)) if j not in done]
    while pending:
        j = next(j for j in pending if set(stage.predecessors(j).tolist()) <= set(done))
        before = stage.predecessors(j)
        slope = solve(latent[:, before[:, None], before], latent[:, before, j])
        found[:, done, j] = found[:, j, done] = np.einsum("ri,rid->rd", slope, found[:, before][:, :, done])
        found[:, j, j] = 1.0
        done.append(j)
        pending.remove(j)
    return found


def implied_items(stage: Stage, solution: Solution, estimated: bool, consistent: bool) -> Matrix:
    """Correlations of the columns that the model implies, shape (R, K, K)."""
    latent = implied_constructs(stage, solution.latent) if estimated else solution.latent
    loadings = solution.loadings
    found = loadings[:, :, None] * loadings[:, None, :] * latent[:, stage.block[:, None], stage.block]
    for j in range(len(stage.names)):
        own = stage.slots_of(j)
        if not (consistent and stage.reflective[j]):
            found[:, own, own] = solution.S[:, own, own]
    at = np.arange(found.shape[1])
    found[:, at, at] = 1.0
    return np.asarray(found)


def distances(stage: Stage, solution: Solution, consistent: bool) -> Matrix:
    """SRMR, d_ULS and d_G, for saturated and estimated correlations of constructs, shape (R, 2, 3)."""
    once = np.sort(np.unique(stage.slots, return_index=True)[1])  # items of two constructs count for the first
    kept = once[~stage.raw[stage.block[once]]]  # products of constructs are not what the model is to reproduce
    S = solution.S[:, kept[:, None], kept]
    found = np.empty((len(S), 2, 3))
    below = np.tril_indices(len(kept))
    for e in range(2):
        implied = implied_items(stage, solution, bool(e), consistent)[:, kept[:, None], kept]
        apart = S - implied
        found[:, e, 0] = np.sqrt((apart[:, below[0], below[1]] ** 2).mean(axis=1))
        found[:, e, 1] = 0.5 * (apart**2).sum(axis=(1, 2))
        found[:, e, 2] = _geodesic(S, implied)
    return found


def _geodesic(S: Matrix, implied: Matrix) -> NDArray[np.float64]:
    """Half the sum of squared logarithms of the eigenvalues of S⁻¹Σ; NaN unless both are positive definite."""
    values, vectors = np.linalg.eigh(S)
    with np.errstate(invalid="ignore", divide="ignore"):
        root = vectors / np.sqrt(np.where(values > 1e-12, values, np.nan))[:, None, :]
        middle = root.swapaxes(1, 2) @ implied @ root
        good = np.asarray(np.isfinite(middle).all(axis=(1, 2)))
        own = np.linalg.eigvalsh(np.where(good[:, None, None], middle, 0.0))
        return np.asarray(np.where(good, 0.5 * (np.log(np.where(own > 0, own, np.nan)) ** 2).sum(axis=1), np.nan))


@derived
def fit_measures(fit: PlsRecord) -> pd.Series[float]:
    """The series behind `PlsFit.fit_measures`."""
    import pandas as pd

    values = distances(fit.stage, fit.solution, fit.settings.consistent)[0]
    found = {f"{m}_{kind}": values[e, k] for e, kind in enumerate(KINDS) for k, m in enumerate(MEASURES)}
    return pd.Series({**found, "gof": goodness_of_fit(fit)})


def goodness_of_fit(fit: PlsRecord) -> float:
    """Root of mean communality (blocks of several items) times mean R² (Tenenhaus, Amato and Esposito Vinzi 2004)."""
    stage, solution = fit.stage, fit.solution
    several = np.array([stage.slots_of(j).stop - stage.slots_of(j).start > 1 for j in range(len(stage.names))])
    squares = solution.loadings[0][(several & ~stage.raw)[stage.block]] ** 2
    explained = solution.r2[0][stage.paths.any(axis=0)]
    return float(np.sqrt(squares.mean() * explained.mean())) if len(squares) else float("nan")


@one_thread
def exact_fit(fit: PlsRecord, n: int, seed: Any, level: float) -> pd.DataFrame:
    """The frame behind `PlsFit.exact_fit`."""
    import pandas as pd

    number = check_replicates(n)
    check_level(level)
    check_converged(fit)
    if len(fit.stages) > 1 or not fit.stage.plain or fit.answers.pairwise:
        raise NotEstimableError(
            "exact fit is tested for constructs measured by items, without products or higher orders, and with "
            "missing='mean' or 'casewise'; read fit.fit_measures() instead."
        )
    observed = distances(fit.stage, fit.solution, fit.settings.consistent)[0]
    rows = {}
    for e, kind in enumerate(KINDS):
        drawn = _under_the_model(fit, bool(e), number, seed)[:, e]
        for k, measure in enumerate(MEASURES):
            finite = drawn[np.isfinite(drawn[:, k]), k]
            if not len(finite) or not np.isfinite(observed[e, k]):
                rows[f"{measure}_{kind}"] = (observed[e, k], np.nan, np.nan)
                continue
            rows[f"{measure}_{kind}"] = (observed[e, k], np.quantile(finite, level), (finite >= observed[e, k]).mean())
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "critical", "pvalue"])


def _under_the_model(fit: PlsRecord, estimated: bool, n: int, seed: Any) -> Matrix:
    """Distances in samples of answers that were made to have the implied correlations, shape (R, 2, 3)."""
    answers = _transformed(fit, estimated)
    everyone = np.arange(fit.nobs)
    found = []
    for size, stream in blocks_of(n, seed_sequence(seed), _BLOCK):
        counts = drawn_counts(Units(everyone, (everyone,)), np.random.default_rng(stream), size)
        solution = solve_stages(fit.stages, answers, counts, fit.settings)[-1]
        found.append(distances(fit.stage, solution.take(solution.usable), fit.settings.consistent))
    drawn = np.concatenate(found)
    if not len(drawn):
        raise DataError("no replicate could be solved; the sample is too small to resample.")
    return drawn


def _transformed(fit: PlsRecord, estimated: bool) -> Answers:
    """Standardized answers times S^-½ Σ^½, which have the correlations Σ (Bollen and Stine 1992)."""
    stage, solution, answers = fit.stage, fit.solution, fit.answers
    implied = implied_items(stage, solution, estimated, fit.settings.consistent)[0]
    root, half = (_power(matrix, power) for matrix, power in ((solution.S[0], -0.5), (implied, 0.5)))
    at = [stage.columns[k].sources[0] for k in stage.slots]
    X = items_by_case(answers, answers.weights[None], "standardized")[0]
    Y = np.empty_like(X)
    Y[:, at] = (X[:, at] @ root @ half) * solution.deviations[0]
    seen = np.ones_like(Y)
    return replace(answers, Y=Y, seen=seen, missing=np.zeros_like(answers.missing), centre=np.zeros(Y.shape[1]))


def _power(matrix: Matrix, power: float) -> Matrix:
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < 1e-10:
        raise NotEstimableError(
            "the observed or implied correlations are not positive definite, so that no sample has them; read "
            "fit.fit_measures() instead."
        )
    return np.asarray((vectors * values**power) @ vectors.T)
