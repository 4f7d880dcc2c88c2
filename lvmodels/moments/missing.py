"""Sufficient statistics of incomplete data: counts, means and covariances of every pattern of missing values.

The saturated moments, those that maximise the likelihood without a model, come from the EM algorithm (Dempster, Laird and
Rubin 1977) on the patterns, extrapolated by the squared method of Varadhan and Roland (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_MAX_STEPS = 2000
_TOLERANCE = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Cases sorted by which variables they answer; K patterns of p variables.

    Attributes
    ----------
    observed : ndarray of bool, shape (K, p)
    share : ndarray, shape (K,)
        Of the cases.
    mean : ndarray, shape (K, p)
        0 where not observed.
    cov : ndarray, shape (K, p, p)
        Divided by the number of cases of the pattern; 0 where not observed.
    member : ndarray of int, shape (n,)
        Pattern of each case.
    """

    observed: NDArray[np.bool_]
    share: Vector
    mean: Matrix
    cov: Matrix
    member: NDArray[np.intp]


def patterns_of(Y: Matrix, weights: Vector | None = None) -> Patterns:
    """Sort cases by pattern.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Missing values are NaN; no row is wholly missing.
    weights : ndarray, shape (n,), optional

    Examples
    --------
    >>> nan = float("nan")
    >>> patterns = patterns_of(np.array([[1.0, 2.0], [3.0, nan], [5.0, 4.0]]))
    >>> patterns.observed.tolist(), patterns.share.round(2).tolist()
    ([[True, False], [True, True]], [0.33, 0.67])
    """
    seen = ~np.isnan(Y)
    observed, member = np.unique(seen, axis=0, return_inverse=True)
    member = member.reshape(-1)
    filled, w = np.where(seen, Y, 0.0), np.ones(len(Y)) if weights is None else weights
    K, p = observed.shape
    order = np.argsort(member, kind="stable")
    starts = np.searchsorted(member[order], np.arange(K))
    counts = np.add.reduceat(w[order], starts)
    mean = np.add.reduceat((w[:, None] * filled)[order], starts, axis=0) / counts[:, None]
    centred = (filled - mean[member]) * seen
    cov = np.empty((K, p, p))
    for k, rows in enumerate(np.split(order, starts[1:])):
        cov[k] = (centred[rows] * w[rows, None]).T @ centred[rows] / counts[k]
    return Patterns(observed, read_only(counts / counts.sum()), read_only(mean), read_only(cov), member)


def available_moments(patterns: Patterns) -> tuple[Vector, Vector]:
    """Mean and variance of each variable over the cases that answer it: maximum likelihood without covariances."""
    share = patterns.share[:, None] * patterns.observed
    total = share.sum(axis=0)
    mean = (share * patterns.mean).sum(axis=0) / total
    own = np.diagonal(patterns.cov, axis1=1, axis2=2) + (patterns.mean - mean) ** 2
    return mean, (share * own).sum(axis=0) / total


def restricted(patterns: Patterns, variables: list[int]) -> Patterns:
    """The patterns of some of the variables; cases without any of them are left out."""
    observed = patterns.observed[:, variables]
    kept = observed.any(axis=1)
    share = patterns.share[kept] / patterns.share[kept].sum()
    cov = patterns.cov[kept][:, variables][:, :, variables]
    return Patterns(observed[kept], share, patterns.mean[kept][:, variables], cov, np.zeros(0, dtype=np.intp))


def inverse_of_observed(Sigma: Matrix, observed: NDArray[np.bool_]) -> tuple[Matrix, Vector]:
    """Inverses of the observed blocks of Sigma, zero elsewhere, and their log determinants.

    Parameters
    ----------
    Sigma : ndarray, shape (p, p)
    observed : ndarray of bool, shape (K, p)

    Returns
    -------
    ndarray, shape (K, p, p)
    ndarray, shape (K,)

    Raises
    ------
    numpy.linalg.LinAlgError
        When a block is not positive definite.
    """
    p = len(Sigma)
    both = observed[:, :, None] & observed[:, None, :]
    padded = np.where(both, Sigma, 0.0)
    padded[:, np.arange(p), np.arange(p)] += ~observed  # ones keep the block invertible and add nothing to log|.|
    root = np.linalg.cholesky(padded)
    log_det = 2.0 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return np.where(both, np.linalg.inv(padded), 0.0), log_det


def saturated_moments(patterns: Patterns) -> tuple[Vector, Matrix, bool]:
    """Means and covariances of greatest likelihood, and whether the search settled.

    Returns
    -------
    ndarray, shape (p,)
    ndarray, shape (p, p)
    bool
    """
    mean, variance = available_moments(patterns)
    here = _pack(mean, np.diag(variance))
    scale = _pack(np.sqrt(variance), np.sqrt(np.outer(variance, variance)))
    for _ in range(_MAX_STEPS // 3):
        first = _step(patterns, here)
        r = first - here
        if np.abs(r / scale).max() < _TOLERANCE:
            return *_unpack(first, len(mean)), True
        second = _step(patterns, first)
        v = second - first - r
        bend = float(np.linalg.norm(v / scale))
        length = min(-float(np.linalg.norm(r / scale)) / bend, -1.0) if bend > 0 else -1.0
        jump = here - 2.0 * length * r + length**2 * v
        here = second if length == -1.0 else _safe_step(patterns, jump, second)
    return *_unpack(here, len(mean)), False


def _safe_step(patterns: Patterns, jump: Vector, fallback: Vector) -> Vector:
    """An EM step from the extrapolated point, if that has a positive definite covariance matrix."""
    p = patterns.mean.shape[1]
    try:
        np.linalg.cholesky(_unpack(jump, p)[1])
        return _step(patterns, jump)
    except np.linalg.LinAlgError:
        return fallback


def _step(patterns: Patterns, packed: Vector) -> Vector:
    """One EM step: expected moments of the full data given what is observed."""
    mean, Sigma = _unpack(packed, patterns.mean.shape[1])
    W, _ = inverse_of_observed(Sigma, patterns.observed)
    A = Sigma @ W  # regression of all variables on the observed ones
    d = (patterns.mean - mean) * patterns.observed
    S = patterns.cov + d[:, :, None] * d[:, None, :]
    weighted = patterns.share[:, None, None] * A
    shift = np.einsum("kij,kj->i", weighted, d)
    explained = np.einsum("kij,kjl,kml->im", weighted, S, A, optimize=True)
    spread = Sigma - np.einsum("kij,jl->il", weighted, Sigma)
    return _pack(mean + shift, explained + spread - np.outer(shift, shift))


def _pack(mean: Vector, Sigma: Matrix) -> Vector:
    return np.concatenate([mean, Sigma.ravel()])


def _unpack(packed: Vector, p: int) -> tuple[Vector, Matrix]:
    Sigma = packed[p:].reshape(p, p)
    return packed[:p], (Sigma + Sigma.T) / 2.0
