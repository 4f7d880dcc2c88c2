"""Measures of the residuals themselves: RMR and SRMR in their variants, GFI, critical n, ECVI."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from lvmodels.assess.categorical import goodness_of_fit
from lvmodels.assess.implied import compared_moments
from lvmodels.assess.vcov import effective_n
from lvmodels.fit.inspection import moment_count
from lvmodels.fit.record import Fit

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def absolute_measures(fit: Fit, chisq: float, df: int, npar: int) -> dict[str, float]:
    """Measures that need no baseline model."""
    n, moments = effective_n(fit), moment_count(fit.objective.template)
    gfi = _goodness(fit)
    return {
        **residual_measures(fit),
        "cn_05": _critical_n(chisq, df, n, 0.05),
        "cn_01": _critical_n(chisq, df, n, 0.01),
        "gfi": gfi,
        "agfi": 1.0 - moments / df * (1.0 - gfi) if df else 1.0,
        "pgfi": df / moments * gfi,
        "mfi": float(np.exp(-0.5 * (chisq - df) / n)),
        "ecvi": chisq / n + 2.0 * npar / n,
    }


def _critical_n(chisq: float, df: int, n: float, alpha: float) -> float:
    """Hoelter's (1983) n at which this misfit would be significant."""
    return float(chdtri(df, alpha)) / (chisq / n) + 1.0 if df and chisq > 0 else float("nan")


def _goodness(fit: Fit) -> float:
    """Jöreskog and Sörbom's (1984) GFI for maximum likelihood, over groups by their weights."""
    if fit.settings.categorical:
        return goodness_of_fit(fit.objective, fit.solution)
    top = bottom = 0.0
    for weight, state, moments in zip(fit.objective.weights, fit.solution.states, fit.prepared.moments, strict=True):
        WS = state.W @ moments.cov
        off = WS - np.eye(len(WS))
        top += weight * float(np.trace(off @ off))
        bottom += weight * float(np.trace(WS @ WS))
    return 1.0 - top / bottom


def residual_measures(fit: Fit) -> dict[str, float]:
    """RMR, SRMR (Bentler 1995), CRMR (Bollen 1989), with and without means; groups weighted by their size."""
    sizes = np.array([m.n for m in fit.prepared.moments])
    names = (
        "rmr", "rmr_nomean", "srmr", "srmr_bentler", "srmr_bentler_nomean", "crmr", "crmr_nomean", "srmr_mplus",
        "srmr_mplus_nomean",
    )  # fmt: skip
    by_group = np.array([_group_residuals(fit, g) for g in range(len(sizes))])
    return dict(zip(names, map(float, sizes / sizes.sum() @ by_group), strict=True))


def _group_residuals(fit: Fit, g: int) -> list[float]:
    (S, mean), (Sigma, mu) = compared_moments(fit, g)
    s, sigma = np.sqrt(np.diagonal(S)), np.sqrt(np.diagonal(Sigma))
    gaps: list[Vector | None] = [mean - mu, (mean - mu) / s, mean / s - mu / sigma]
    if fit.settings.categorical:  # by custom about correlations; thresholds stand beside the means of continuous ones
        gaps = [_with_thresholds(fit, g, gap) for gap in gaps if gap is not None]
        Sigma = Sigma + np.diag(np.diagonal(S) - np.diagonal(Sigma))
    if not fit.objective.template.meanstructure:
        gaps = [None, None, None]
    cor = S / np.outer(s, s) - Sigma / np.outer(sigma, sigma)
    mplus = cor + np.diag((np.diagonal(S) - np.diagonal(Sigma)) / np.diagonal(S))
    raw, scale = S - Sigma, np.outer(s, s)
    srmr = _rms(raw / scale, gaps[1])
    return [
        _rms(raw, gaps[0]),
        _rms(raw),
        _rms(raw / scale) if fit.settings.categorical else srmr,
        srmr,
        _rms(raw / scale),
        _rms(cor, gaps[2], diagonal=False),
        _rms(cor, diagonal=False),
        _rms(mplus, gaps[2]),
        _rms(mplus),
    ]


def _with_thresholds(fit: Fit, g: int, gap: Vector) -> Vector:
    """Residuals of the means of continuous variables, then those of the thresholds of ordinal ones."""
    sample, state = fit.prepared.moments[g].responses, fit.solution.states[g].responses
    assert sample is not None
    assert state is not None
    place = sample.layout.places[0]
    return np.concatenate([gap[sample.layout.continuous], sample.statistics[place] - state.moments[place]])


def _rms(matrix: Matrix, means: NDArray[np.float64] | None = None, diagonal: bool = True) -> float:
    """Root mean square of the distinct elements of a symmetric matrix, and of the means."""
    own = float(np.vdot(np.diagonal(matrix), np.diagonal(matrix)))
    total = 0.5 * (float(np.vdot(matrix, matrix)) - own) + own * diagonal
    count = len(matrix) * (len(matrix) - 1) // 2 + len(matrix) * diagonal
    if means is not None:
        count, total = count + len(means), total + float(means @ means)
    return float(np.sqrt(total / count)) if count else 0.0
