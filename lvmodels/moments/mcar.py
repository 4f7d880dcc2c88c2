"""Whether values are missing completely at random: the means of the patterns against one mean for all (Little 1988)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.moments.missing import Patterns, inverse_of_observed, weighted_deviations

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def little_statistic(patterns: Patterns, n: float, mean: Vector, cov: Matrix) -> tuple[float, int]:
    """The statistic d² of Little (1988) and its degrees of freedom.

    The sum over patterns of n_k (m_k - mu_k)' Sigma_k^-1 (m_k - mu_k), with the means and covariances of greatest
    likelihood of the variables that the pattern observes; as many degrees of freedom as the patterns have means, less
    the number of variables.

    Parameters
    ----------
    patterns : Patterns
    n : float
        Number of cases.
    mean : ndarray, shape (p,)
    cov : ndarray, shape (p, p)

    Examples
    --------
    >>> from lvmodels.moments.missing import patterns_of
    >>> patterns = patterns_of(np.array([[1.0], [3.0], [5.0]]))
    >>> little_statistic(patterns, 3.0, np.array([2.0]), np.eye(1))
    (3.0, 0)
    """
    W, _ = inverse_of_observed(cov, patterns)
    d, _ = weighted_deviations(patterns, W, mean)
    gap = (patterns.mean - mean) * patterns.observed
    return float(n * (patterns.share @ (gap * d).sum(axis=1))), int(patterns.observed.sum()) - len(mean)
