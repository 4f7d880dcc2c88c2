"""Intervals of means and of shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr, stdtrit

from lvmodels.errors import OptionValueError

Vector = NDArray[np.float64]


def normal_quantile(level: Any) -> float:
    """Two-sided quantile of the normal distribution.

    Raises
    ------
    OptionValueError
        When the level is not between 0 and 1.
    """
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0.0 < level < 1.0:
        raise OptionValueError(f"level={level!r} is not possible; give a share between 0 and 1, such as 0.95.")
    return float(ndtri(0.5 + level / 2.0))


def wilson(successes: Any, n: Any, level: float = 0.95) -> tuple[Vector, Vector]:
    """Score interval of a share (Wilson 1927); NaN where n is 0.

    Examples
    --------
    >>> [round(float(end), 4) for end in wilson(15, 50)]
    [0.191, 0.4375]
    """
    z = normal_quantile(level)
    x, n = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def mean_row(values: Vector, level: float = 0.95) -> dict[str, float]:
    """Mean of what is not missing, with its t test against zero and t interval (Student 1908).

    Examples
    --------
    >>> row = mean_row(np.array([1.0, 2.0, 3.0, np.nan]))
    >>> [round(float(row[key]), 3) for key in ("n", "mean", "se", "ci_lower", "ci_upper", "pvalue")]
    [3.0, 2.0, 0.577, -0.484, 4.484, 0.074]
    """
    normal_quantile(level)
    seen = values[~np.isnan(values)]
    n = len(seen)
    mean = float(seen.mean()) if n else np.nan
    sd = float(seen.std(ddof=1)) if n > 1 else np.nan
    se = sd / np.sqrt(n) if n > 1 else np.nan
    half = float(stdtrit(n - 1, 0.5 + level / 2.0)) * se if n > 1 else np.nan
    t = mean / se if n > 1 and se > 0 else np.nan
    p = 2.0 * float(stdtr(n - 1, -abs(t))) if not np.isnan(t) else np.nan
    return {"n": n, "mean": mean, "sd": sd, "se": se, "ci_lower": mean - half, "ci_upper": mean + half, "t": t,
            "pvalue": p}  # fmt: skip


def bootstrap_counts(n: int, replicates: Any, seed: Any) -> Vector:
    """How often each of n cases is drawn in each replicate, shape (replicates, n).

    Raises
    ------
    OptionValueError
    """
    if isinstance(replicates, bool) or not isinstance(replicates, int | np.integer) or replicates < 2:
        raise OptionValueError(f"n={replicates!r} is not possible; give at least 2 replicates, better 2000.")
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1.0 / n), size=int(replicates)).astype(float)
