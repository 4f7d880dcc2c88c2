"""How well exploratory factors reproduce the correlations.

Complete normal samples: Bartlett's (1950) statistic (n - 1 - (2p + 5)/6 - 2m/3) F with the maximum likelihood
discrepancy F = log|Sigma| - log|R| + tr(R Sigma^-1) - p, also for minres and pa. Any other sample: n F for ml, n - 1
times the sum of squared residual correlations for minres and pa, scaled and shifted to the mean and variance of a
chi-square (Asparouhov and Muthén 2010).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.rmsea import rmsea_measures

Matrix = NDArray[np.float64]
_SHOWN = ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue")


def degrees_of_freedom(p: int, m: int) -> int:
    """((p - m)² - (p + m)) / 2.

    Examples
    --------
    >>> degrees_of_freedom(9, 3)
    12
    """
    return ((p - m) ** 2 - (p + m)) // 2


def most_factors(p: int) -> int:
    """The largest number of factors that leaves no negative degrees of freedom.

    Examples
    --------
    >>> most_factors(9), most_factors(3)
    (5, 1)
    """
    return max(m for m in range(p) if degrees_of_freedom(p, m) >= 0)


def discrepancy(R: Matrix, Sigma: Matrix) -> float:
    """log|Sigma| - log|R| + tr(R Sigma^-1) - p; NaN for a singular R."""
    sign, log_det = np.linalg.slogdet(R)
    if sign <= 0 or not np.isfinite(log_det) or np.linalg.eigvalsh(R)[0] < 1e-12:
        return float("nan")
    return float(np.linalg.slogdet(Sigma)[1] - log_det + np.trace(np.linalg.solve(Sigma, R)) - len(R))


def fit_measures(
    R: Matrix, Sigma: Matrix, m: int, n: float, test: tuple[float, float, float, float] | None
) -> dict[str, float]:
    """Chi-square, its p value, RMSEA with interval, CFI, TLI, SRMR, RMSR and, for normal samples, AIC and BIC.

    Parameters
    ----------
    R, Sigma : ndarray, shape (p, p)
    m : int
    n : float
        Cases, less one where they multiply least squares.
    test : (float, float, float, float) or None
        A scaled statistic, and that of the baseline, as `scaled_tests` gives them: chisq, unscaled, baseline, unscaled.
    """
    p = len(R)
    df, base_df = degrees_of_freedom(p, m), p * (p - 1) // 2
    if test is None:
        chisq = (n - 1.0 - (2 * p + 5) / 6.0 - 2 * m / 3.0) * discrepancy(R, Sigma)
        base = (n - 1.0 - (2 * p + 5) / 6.0) * discrepancy(R, np.eye(p))
    else:
        chisq, _, base, _ = test
    chisq = max(chisq, 0.0) if df else 0.0
    residual = (R - Sigma)[np.tril_indices(p, -1)]
    squares = float(residual @ residual) + float(((np.diagonal(R - Sigma)) ** 2).sum())
    found = {"chisq": chisq, "df": float(df), "pvalue": chi_square_tail(chisq, df) if np.isfinite(chisq) else np.nan}
    found |= {"baseline_chisq": base, "baseline_df": float(base_df)}
    found |= {"cfi": _cfi(chisq, df, base, base_df), "tli": _tli(chisq, df, base, base_df)}
    if np.isfinite(chisq):
        measures = rmsea_measures(chisq, df, n, 1)
        found |= {name: measures[name] for name in _SHOWN}
    else:
        found |= dict.fromkeys(_SHOWN, float("nan"))
    found |= {"srmr": float(np.sqrt(squares / (p * (p + 1) / 2))), "rmsr": float(np.sqrt(np.mean(residual**2)))}
    if test is None:
        found |= {"aic": chisq - 2.0 * df, "bic": chisq - df * float(np.log(n))}
    return found


def _cfi(chisq: float, df: int, base: float, base_df: int) -> float:
    worst = max(base - base_df, chisq - df, 0.0)
    return 1.0 - max(chisq - df, 0.0) / worst if worst > 0 else 1.0


def _tli(chisq: float, df: int, base: float, base_df: int) -> float:
    if not df or base == base_df:
        return 1.0
    ratio = base / base_df
    return (ratio - chisq / df) / (ratio - 1.0)


def scaled_tests(
    R: Matrix, Sigma: Matrix, m: int, n: int, method: str, U: Matrix, Gamma: Matrix
) -> tuple[float, float, float, float]:
    """Scaled and shifted statistic and the plain one, of the model and of uncorrelated variables."""
    p = len(R)
    i, j = np.tril_indices(p, -1)
    if method == "ml":
        plain, base = n * discrepancy(R, Sigma), n * discrepancy(R, np.eye(p))
    else:
        plain, base = (n - 1.0) * float(((R - Sigma)[i, j] ** 2).sum()), (n - 1.0) * float((R[i, j] ** 2).sum())
    chisq = shifted(plain, degrees_of_freedom(p, m), U @ Gamma)
    return chisq, plain, shifted(base, p * (p - 1) // 2, Gamma), base


def shifted(chisq: float, df: int, product: Matrix) -> float:
    """a T + df - a tr(U Gamma), a = sqrt(df / tr(U Gamma U Gamma)); `product` is U Gamma."""
    if not df:
        return 0.0
    spread = float((product * product.T).sum())
    a = np.sqrt(df / spread) if spread > 0 else 0.0
    return float(a * chisq + df - a * np.trace(product))
