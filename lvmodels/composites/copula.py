"""Endogeneity of a predictor checked by its Gaussian copula (Park and Gupta 2012; Becker, Proksch and Ringle 2022).

To the regression of an outcome is added c(x) = Φ⁻¹(H(x)), H the share of cases with at most that score, of n + 1. A
coefficient of c that differs from zero says that x goes with what the regression leaves out. It needs an x that is not
normal, or c is x again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lvmodels.composites.estimates import score_array
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import block_length, check_converged, resampled, usable_in
from lvmodels.composites.solution import solve_by_case
from lvmodels.errors import DataError
from lvmodels.estimate.choices import check_replicates, seed_sequence
from lvmodels.estimate.resample import Units, blocks_of, drawn_counts
from lvmodels.estimate.resampled_intervals import standard_errors
from lvmodels.estimate.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Check = tuple[int, tuple[int, ...]]


@one_thread
def copula(fit: PlsRecord, n: int, seed: Any) -> pd.DataFrame:
    """The frame behind `PlsFit.copula`."""
    import pandas as pd
    from statsmodels.stats.diagnostic import normal_ad

    number = check_replicates(n)
    check_converged(fit)
    scores = score_array(fit)
    checks = _checks(fit)
    estimate = _coefficients(fit, checks, scores, np.ones(fit.nobs) * fit.answers.weights)
    draws = _draws(fit, checks, number, seed)
    se = standard_errors(draws[:, :, 1])
    rows = []
    place = 0
    for j, tested in checks:
        for i in tested:
            path, term = estimate[place]
            rows.append(
                {
                    "outcome": fit.stage.names[j],
                    "predictor": fit.stage.names[i],
                    "with_copulas_of": " + ".join(fit.stage.names[k] for k in tested),
                    "path": path,
                    "copula": term,
                    "se": se[place],
                    "pvalue": float(2.0 * ndtr(-abs(term / se[place]))) if se[place] > 0 else np.nan,
                    "normality_pvalue": float(normal_ad(scores[:, i])[1]),
                }
            )
            place += 1
    return pd.DataFrame(rows)


def _checks(fit: PlsRecord) -> list[Check]:
    """Every predictor of every outcome alone, and all of an outcome together; products stay without a copula."""
    found: list[Check] = []
    for j in np.flatnonzero(fit.stage.paths.any(axis=0)):
        plain = tuple(int(i) for i in fit.stage.predecessors(int(j)) if not fit.stage.raw[i])
        found += [(int(j), (i,)) for i in plain]
        if len(plain) > 1:
            found.append((int(j), plain))
    return found


def _coefficients(fit: PlsRecord, checks: list[Check], scores: Matrix, weights: Vector) -> Matrix:
    """Path and coefficient of the copula, shape (C, 2)."""
    terms = {i: copula_term(scores[:, i], weights) for i in {i for _, tested in checks for i in tested}}
    root, found = np.sqrt(weights), []
    for j, tested in checks:
        before = fit.stage.predecessors(j).tolist()
        X = np.column_stack([np.ones(len(scores)), scores[:, before], *(terms[i] for i in tested)])
        slope = np.linalg.lstsq(X * root[:, None], scores[:, j] * root, rcond=None)[0]
        found += [(slope[1 + before.index(i)], slope[1 + len(before) + k]) for k, i in enumerate(tested)]
    return np.array(found).reshape(-1, 2)


def copula_term(x: Vector, weights: Vector) -> Vector:
    """Normal score of the share of cases with at most that value; the total weight plus one is the divisor.

    Examples
    --------
    >>> copula_term(np.array([3.0, 1.0, 2.0]), np.ones(3)).round(3).tolist()
    [0.674, -0.674, 0.0]
    """
    values, place = np.unique(x, return_inverse=True)
    upto = np.cumsum(np.bincount(place, weights, minlength=len(values)))
    share = upto / (upto[-1] + 1.0)
    return np.asarray(ndtri(np.maximum(share, 1e-12))[place])


def _draws(fit: PlsRecord, checks: list[Check], n: int, seed: Any) -> Matrix:
    """The coefficients in samples of the cases, shape (R, C, 2)."""
    everyone = np.arange(fit.nobs)
    size = max(4, block_length(resampled(fit)) // 8)
    found = []
    for number, stream in blocks_of(n, seed_sequence(seed), size):
        counts = drawn_counts(Units(everyone, (everyone,)), np.random.default_rng(stream), number)
        solved = solve_by_case(fit.stages, fit.answers, counts, fit.settings)
        usable = usable_in(tuple(solution for solution, _ in solved))
        scores = solved[-1][1]
        found += [
            _coefficients(fit, checks, scores[r], counts[r] * fit.answers.weights) for r in np.flatnonzero(usable)
        ]
    if len(found) < 2:
        raise DataError("too few replicates could be solved; the sample is too small to resample.")
    return np.stack(found)
