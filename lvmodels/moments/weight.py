"""Weight matrices of the least-squares discrepancies, over the distinct covariances and then the means.

GLS   normal theory at the sample covariances (Jöreskog and Goldberger 1972; Browne 1974)
WLS   the inverse of Gamma, the covariance of the sample moments estimated from fourth moments (Browne 1984)
DWLS  the inverse of its diagonal
ULS   the identity: every distinct element counts once
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.errors import TooFewCasesError

Matrix = NDArray[np.float64]


def moment_deviations(z: Matrix, given: Matrix | None = None, weights: NDArray[np.float64] | None = None) -> Matrix:
    """How each case deviates from the sample moments: products less their means, then the variables themselves.

    Parameters
    ----------
    z : ndarray, shape (n, p)
        Deviations from the means.
    given : ndarray, shape (n, p), optional
        Their part that fixed covariates determine, which does not vary over repeated samples.
    weights : ndarray, shape (n,), optional
        Sampling weights.

    Returns
    -------
    ndarray, shape (n, p (p + 3) / 2)
    """
    i, j = lower_triangle(z.shape[1])
    products = z[:, i] * z[:, j]
    rest = z
    if given is not None:
        products, rest = products - given[:, i] * given[:, j], z - given
    return np.concatenate([products - np.average(products, axis=0, weights=weights), rest], axis=1)


def normal_weight(W: Matrix) -> Matrix:
    """Normal-theory weight of the distinct covariances, then of the means, at Sigma = W^-1."""
    p = len(W)
    i, j = lower_triangle(p)
    double = np.where(i == j, 1.0, 2.0)
    V = (W[np.ix_(i, i)] * W[np.ix_(j, j)] + W[np.ix_(i, j)] * W[np.ix_(j, i)]) * np.outer(double, double) / 4.0
    return block_diagonal([V, W])


def normal_covariance(S: Matrix) -> Matrix:
    """Sampling covariance, times n, of the distinct covariances and the means of a normal sample."""
    i, j = lower_triangle(len(S))
    covariance = S[np.ix_(i, i)] * S[np.ix_(j, j)] + S[np.ix_(i, j)] * S[np.ix_(j, i)]
    return block_diagonal([covariance, S])


def weighted(V: Matrix, A: Matrix) -> Matrix:
    """V A, with V a matrix or the diagonal of one."""
    return np.asarray(V @ A if V.ndim == 2 else (V[:, None] if A.ndim == 2 else V) * A)


def block_diagonal(matrices: list[Matrix]) -> Matrix:
    """A block-diagonal matrix."""
    size = sum(len(m) for m in matrices)
    found = np.zeros((size, size))
    start = 0
    for m in matrices:
        found[start : start + len(m), start : start + len(m)] = m
        start += len(m)
    return found


def moment_weight(estimator: str, Y: Matrix | None, cov: Matrix, means: bool, label: str = "") -> Matrix:
    """The weight matrix of an estimator for one group.

    Parameters
    ----------
    estimator : {"GLS", "WLS", "DWLS", "ULS"}
    Y : ndarray, shape (n, p), or None
        The cases; WLS and DWLS need them.
    cov : ndarray, shape (p, p)
        Sample covariances, divided by n - 1.
    means : bool
        Whether means are modelled; they have no weight otherwise.

    Raises
    ------
    TooFewCasesError
        When Gamma is singular because there are fewer cases than moments (WLS).
    """
    p = len(cov)
    moments = p * (p + 1) // 2
    if estimator == "GLS":
        V = normal_weight(np.asarray(np.linalg.inv(cov), dtype=np.float64))
    elif estimator == "ULS":
        V = np.eye(moments + p)
    else:
        assert Y is not None
        V = _from_fourth_moments(estimator, Y, means, label)
    if not means:
        V[moments:] = V[:, moments:] = 0.0
    return V


def _from_fourth_moments(estimator: str, Y: Matrix, means: bool, label: str) -> Matrix:
    p = Y.shape[1]
    moments = p * (p + 1) // 2
    e = moment_deviations(Y - Y.mean(axis=0))
    used = slice(None) if means else slice(0, moments)
    Gamma = e[:, used].T @ e[:, used] / len(Y)
    V = np.zeros((moments + p, moments + p))
    if estimator == "DWLS":
        V[np.arange(len(Gamma)), np.arange(len(Gamma))] = 1.0 / np.diagonal(Gamma)
        return V
    if len(Y) <= len(Gamma):
        where = f" in group '{label}'" if label else ""
        raise TooFewCasesError(
            f"estimator='WLS' inverts a matrix of {len(Gamma)} moments, for which {len(Y)} cases{where} are too few; "
            "use estimator='MLR' or 'DWLS', or fewer variables."
        )
    V[: len(Gamma), : len(Gamma)] = np.linalg.inv(Gamma)
    return V
