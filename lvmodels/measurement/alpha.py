"""Coefficient alpha of the items of one scale, with intervals, and each item's part in it.

k items, C their covariances: alpha = k / (k - 1) (1 - tr C / sum C). It is the reliability of their sum when all items
measure one thing equally well with unrelated errors; otherwise it is too low, or, with related errors, too high.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri, ndtri

from lvmodels.errors import DataWarning
from lvmodels.estimate.choices import check_level
from lvmodels.measurement.item_answers import Missing, answers_of, pairwise_covariance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CronbachAlpha", "alpha_of", "bonett_interval", "cronbach_alpha", "feldt_interval"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CronbachAlpha:
    """Coefficient alpha and item analysis.

    Attributes
    ----------
    alpha : float
    alpha_standardized : float
        Of standardized items.
    mean_correlation : float
        Of the items with one another.
    items : DataFrame
        A row an item: n, mean, sd, item_rest, if_dropped.
    item_rest : Series
        Correlation of each item with the sum of the others.
    if_dropped : Series
        Alpha of the other items; NaN with two items.
    ci : DataFrame
        Rows feldt and bonett, columns lower, upper.
    level : float
        Of the intervals.
    n : int
        Cases (with pairwise missing answers those with any).
    """

    alpha: float
    alpha_standardized: float
    mean_correlation: float
    items: pd.DataFrame
    item_rest: pd.Series[float]
    if_dropped: pd.Series[float]
    ci: pd.DataFrame
    level: float
    n: int


def cronbach_alpha(frame: Any, missing: Missing = "listwise", level: float = 0.95) -> CronbachAlpha:
    """Coefficient alpha of the items in a frame, all of one scale and turned in one direction.

    Parameters
    ----------
    frame : data frame, Survey or path
        The items as columns. Reverse-keyed ones must be turned round first; `scale_scores(survey).items` has them so.
    missing : {"listwise", "pairwise"}
        Leave incomplete cases out, or take each covariance from the cases that answer both items.
    level : float
        Of the confidence intervals.

    Returns
    -------
    CronbachAlpha

    Raises
    ------
    DataError
        When there are fewer than two items, or no case answers some two of them both.
    NonNumericError, EmptyDataError, ConstantVariableError, TooFewCasesError, OptionValueError

    Warns
    -----
    DroppedRowsWarning
    DataWarning
        When an item correlates negatively with the sum of the others.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16(3), 297-334.
    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 11(1), 93-103.
    Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha. Journal of Educational
    and Behavioral Statistics, 27(4), 335-340.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.cronbach_alpha(lv.datasets.load("ecsi_mobi").answers[["CUSA1", "CUSA2", "CUSA3"]])
    >>> round(found.alpha, 3), found.if_dropped.round(3).tolist()
    (0.77, [0.744, 0.632, 0.672])
    >>> found.ci.round(3)
            lower  upper
    feldt   0.716  0.815
    bonett  0.715  0.815
    """
    import pandas as pd

    check_level(level)
    Y, names = answers_of(frame, "cronbach_alpha", missing)
    C = pairwise_covariance(Y)
    alpha, k, n = alpha_of(C), len(C), len(Y)
    sd = np.sqrt(np.diagonal(C))
    R = C / np.outer(sd, sd)
    r = float(R[~np.eye(k, dtype=bool)].mean())
    rest = C.sum(axis=1) - np.diagonal(C)
    rest_variance = C.sum() - 2.0 * rest - np.diagonal(C)
    with np.errstate(invalid="ignore", divide="ignore"):
        item_rest = rest / (sd * np.sqrt(rest_variance))
    dropped = [alpha_of(np.delete(np.delete(C, j, 0), j, 1)) for j in range(k)]
    items = pd.DataFrame(
        {"n": (~np.isnan(Y)).sum(axis=0), "mean": np.nanmean(Y, axis=0), "sd": sd, "item_rest": item_rest,
         "if_dropped": dropped}, index=pd.Index(names, name="item"),
    )  # fmt: skip
    against = [name for name, value in zip(names, item_rest, strict=True) if value < 0]
    if against:
        warnings.warn(DataWarning(_against(against)), stacklevel=2)
    intervals = [feldt_interval(alpha, n, k, level), bonett_interval(alpha, n, k, level)]
    ci = pd.DataFrame(intervals, index=["feldt", "bonett"], columns=["lower", "upper"])
    return CronbachAlpha(
        alpha, k * r / (1.0 + (k - 1) * r), r, items, items["item_rest"], items["if_dropped"], ci, level, n
    )


def _against(names: list[str]) -> str:
    return (
        f"{', '.join(map(repr, names))} {'correlates' if len(names) == 1 else 'correlate'} negatively with the sum of "
        "the other items; turn reverse-keyed items round first (scale_scores(survey).items has them so), or drop it."
    )


def alpha_of(C: Matrix) -> float:
    """Alpha of items with these covariances; NaN for one item.

    Examples
    --------
    >>> round(alpha_of(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    k = len(C)
    return float(k / (k - 1) * (1.0 - np.trace(C) / C.sum())) if k > 1 else float("nan")


def feldt_interval(alpha: float, n: float, k: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha from n cases and k items: (1 - alpha) over its population value follows F (Feldt et al. 1987).

    Examples
    --------
    >>> [round(end, 3) for end in feldt_interval(0.8, 100, 5)]
    [0.731, 0.856]
    """
    a, b = n - 1.0, (n - 1.0) * (k - 1.0)
    tail = (1.0 - level) / 2.0
    return 1.0 - (1.0 - alpha) * float(fdtri(a, b, 1.0 - tail)), 1.0 - (1.0 - alpha) * float(fdtri(a, b, tail))


def bonett_interval(alpha: float, n: float, k: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha from n cases and k items: log(1 - alpha) is nearly normal (Bonett 2002).

    Examples
    --------
    >>> [round(end, 3) for end in bonett_interval(0.8, 100, 5)]
    [0.726, 0.854]
    """
    width = float(ndtri(0.5 + level / 2.0)) * np.sqrt(2.0 * k / ((k - 1.0) * (n - 2.0)))
    return float(1.0 - (1.0 - alpha) * np.exp(width)), float(1.0 - (1.0 - alpha) * np.exp(-width))
