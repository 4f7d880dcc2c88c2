"""Normal tests and intervals; chi-square tails and their noncentrality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, chndtr, chndtrinc, ndtr, ndtri

from lvmodels.estimate.choices import check_level

Vector = NDArray[np.float64]


def normal_quantile(level: float) -> float:
    """Half-width of a two-sided interval of the given level in standard errors.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    check_level(level)
    return float(ndtri(0.5 + level / 2.0))


def two_sided(z: Vector) -> Vector:
    """Two-sided normal p value; NaN stays NaN."""
    return np.asarray(2.0 * ndtr(-np.abs(z)))


def chi_square_tail(x: float, df: float) -> float:
    """P(chi-square with df degrees of freedom > x); NaN without degrees of freedom."""
    return float(chdtrc(df, x)) if df > 0 else float("nan")


def noncentral_tail(x: float, df: float, noncentrality: float) -> float:
    """P(noncentral chi-square > x)."""
    return 1.0 - float(chndtr(x, df, noncentrality)) if noncentrality > 0 else chi_square_tail(x, df)


def noncentrality_at(x: float, df: float, probability: float) -> float:
    """The noncentrality at which P(chi-square <= x) equals `probability`; 0 when even the central one is below it.

    The limits of the RMSEA interval follow from it (Browne and Cudeck 1993).
    """
    if df <= 0 or 1.0 - chi_square_tail(x, df) < probability:
        return 0.0
    return max(float(chndtrinc(x, df, probability)), 0.0)


def tests(estimate: Vector, error: Vector, level: float) -> dict[str, Vector]:
    """z, p and interval; fixed parameters have no test, and an interval without width."""
    z = np.full(len(estimate), np.nan)
    np.divide(estimate, error, out=z, where=error > 0)
    half = normal_quantile(level) * error
    return {"z": z, "pvalue": two_sided(z), "ci_lower": estimate - half, "ci_upper": estimate + half}
