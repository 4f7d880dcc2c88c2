"""Sufficient statistics of incomplete data: counts, means and covariances of every pattern of missing values.

The saturated moments, those that maximise the likelihood without a model, come from the EM algorithm (Dempster, Laird
and Rubin 1977) on the patterns, extrapolated by the squared method of Varadhan and Roland (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle, read_only

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_MAX_STEPS = 2000
_TOLERANCE = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Cases sorted by which variables they answer; K patterns of p variables.

    What a pattern knows about covariances is kept as rows whose squares and products sum to it: the deviations of its
    cases from their mean, or a square root of their covariance matrix where that is shorter.

    Attributes
    ----------
    observed : ndarray of bool, shape (K, p)
    share : ndarray, shape (K,)
        Of the cases.
    mean : ndarray, shape (K, p)
        0 where not observed.
    rows : ndarray, shape (R, p)
        Squares and products sum to the covariances times their share; 0 where not observed.
    pattern_of_row : ndarray of int, shape (R,)
    member : ndarray of int, shape (n,)
        Pattern of each case.
    by_count : tuple of (ndarray of int, ndarray of int)
        Patterns with equally many missing values, and which variables those are, shapes (k,) and (k, m).
    """

    observed: NDArray[np.bool_]
    share: Vector
    mean: Matrix
    rows: Matrix
    pattern_of_row: NDArray[np.intp]
    member: NDArray[np.intp]
    by_count: tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]


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
    order = np.argsort(member, kind="stable")
    starts = np.searchsorted(member[order], np.arange(len(observed)))
    counts = np.add.reduceat(w[order], starts)
    mean = np.add.reduceat((w[:, None] * filled)[order], starts, axis=0) / counts[:, None]
    deviations = (filled - mean[member]) * seen * np.sqrt(w / counts.sum())[:, None]
    rows, pattern_of_row = _rows(deviations, member, np.bincount(member))
    return Patterns(
        observed=observed,
        share=read_only(counts / counts.sum()),
        mean=read_only(mean),
        rows=read_only(rows),
        pattern_of_row=pattern_of_row,
        member=member,
        by_count=_by_count(observed),
    )


def complete_pattern(mean: Vector, cov: Matrix) -> Patterns:
    """A group without missing values as one pattern, from its moments; `member` stays empty."""
    observed = np.ones((1, len(mean)), dtype=bool)
    return Patterns(
        observed=observed,
        share=np.ones(1),
        mean=mean[None, :],
        rows=np.asarray(np.linalg.cholesky(cov).T, dtype=np.float64),
        pattern_of_row=np.zeros(len(mean), dtype=np.intp),
        member=np.zeros(0, dtype=np.intp),
        by_count=_by_count(observed),
    )


def moving_moments(p: int, n_covariates: int) -> NDArray[np.bool_]:
    """Which distinct covariances, then means, of p variables vary over samples: not those of covariates, the last ones.

    Examples
    --------
    >>> moving_moments(2, 1)
    array([ True,  True, False,  True, False])
    """
    fixed = np.arange(p) >= p - n_covariates
    i, j = lower_triangle(p)
    return np.concatenate([~(fixed[i] & fixed[j]), ~fixed])


def _rows(deviations: Matrix, member: NDArray[np.intp], counts: NDArray[np.intp]) -> tuple[Matrix, NDArray[np.intp]]:
    """Rows with the squares and products of all deviations, as few as possible, and the pattern of each.

    A single case deviates from nothing; more cases than variables are replaced by a square root.
    """
    few = (counts[member] > 1) & (counts[member] <= deviations.shape[1])
    blocks, patterns = [deviations[few]], [member[few]]
    for k in np.flatnonzero(counts > deviations.shape[1]):
        blocks.append(np.linalg.qr(deviations[member == k], mode="r"))
        patterns.append(np.full(len(blocks[-1]), k))
    return np.concatenate(blocks), np.concatenate(patterns)


def _by_count(observed: NDArray[np.bool_]) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]:
    counts = (~observed).sum(axis=1)
    found = []
    for m in np.unique(counts):
        which = np.flatnonzero(counts == m)
        found.append((which, np.nonzero(~observed[which])[1].reshape(len(which), m)))
    return tuple(found)


def available_moments(patterns: Patterns) -> tuple[Vector, Vector]:
    """Mean and variance of each variable over the cases that answer it: maximum likelihood without covariances."""
    share = patterns.share[:, None] * patterns.observed
    total = share.sum(axis=0)
    mean = (share * patterns.mean).sum(axis=0) / total
    between = (share * (patterns.mean - mean) ** 2).sum(axis=0)
    return mean, ((patterns.rows**2).sum(axis=0) + between) / total


def restricted(patterns: Patterns, variables: list[int]) -> Patterns:
    """The patterns of some of the variables; cases without any of them are left out."""
    observed = patterns.observed[:, variables]
    kept = np.flatnonzero(observed.any(axis=1))
    size = patterns.share[kept].sum()
    place = np.full(len(observed), -1)
    place[kept] = np.arange(len(kept))
    rows = place[patterns.pattern_of_row] >= 0
    return Patterns(
        observed=observed[kept],
        share=patterns.share[kept] / size,
        mean=patterns.mean[kept][:, variables],
        rows=patterns.rows[rows][:, variables] / np.sqrt(size),
        pattern_of_row=place[patterns.pattern_of_row[rows]],
        member=np.zeros(0, dtype=np.intp),
        by_count=_by_count(observed[kept]),
    )


def inverse_of_observed(Sigma: Matrix, patterns: Patterns) -> tuple[Matrix, Vector]:
    """Inverses of the observed blocks of Sigma, zero elsewhere, and their log determinants.

    From one inverse of the whole, Omega: the block o of the observed variables has the inverse
    Omega_oo - Omega_om Omega_mm^-1 Omega_mo, and log|Sigma_oo| = log|Sigma| + log|Omega_mm|; only blocks of the missing
    variables, which are few, are ever inverted.

    Returns
    -------
    ndarray, shape (K, p, p)
    ndarray, shape (K,)

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite.
    """
    root = np.linalg.cholesky(Sigma)
    Omega = np.linalg.inv(Sigma)
    K, p = patterns.observed.shape
    W = np.empty((K, p, p))
    log_det = np.full(K, 2.0 * np.log(np.diagonal(root)).sum())
    for which, missing in patterns.by_count:
        if not missing.shape[1]:
            W[which] = Omega
            continue
        rows = Omega[missing]  # (k, m, p)
        if missing.shape[1] == 1:
            size = Omega[missing, missing]
            W[which] = Omega - np.swapaxes(rows, 1, 2) * (rows / size[:, :, None])
            log_det[which] += np.log(size[:, 0])
            continue
        own = np.linalg.cholesky(Omega[missing[:, :, None], missing[:, None, :]])
        half = np.linalg.solve(own, rows)
        W[which] = Omega - np.swapaxes(half, 1, 2) @ half
        log_det[which] += 2.0 * np.log(np.diagonal(own, axis1=1, axis2=2)).sum(axis=1)
    W *= patterns.observed[:, :, None] & patterns.observed[:, None, :]
    return W, log_det


def saturated_moments(patterns: Patterns) -> tuple[Vector, Matrix, bool]:
    """Means and covariances of greatest likelihood, and whether the search settled.

    It does not settle where the likelihood grows towards a singular covariance matrix.

    Returns
    -------
    ndarray, shape (p,)
    ndarray, shape (p, p)
    bool
    """
    try:
        return _search(patterns)
    except np.linalg.LinAlgError:
        mean, variance = available_moments(patterns)
        return mean, np.diag(variance), False


def _search(patterns: Patterns) -> tuple[Vector, Matrix, bool]:
    """EM steps, extrapolated, from independent variables until they stand still."""
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
    """One EM step.

    In terms of W_k, N_k and d_k (see `lvmodels.estimate.incomplete`), summed over the patterns, it goes to mu + Sigma d
    and to Sigma + Sigma (N - W) Sigma - (Sigma d)(Sigma d)'.
    """
    mean, Sigma = _unpack(packed, patterns.mean.shape[1])
    W, _ = inverse_of_observed(Sigma, patterns)
    d, V = weighted_deviations(patterns, W, mean)
    N = V.T @ V + (d * patterns.share[:, None]).T @ d
    shift = Sigma @ (patterns.share @ d)
    W_sum = np.tensordot(patterns.share, W, 1)
    return _pack(mean + shift, Sigma + Sigma @ (N - W_sum) @ Sigma - np.outer(shift, shift))


def weighted_deviations(patterns: Patterns, W: Matrix, mean: Vector) -> tuple[Matrix, Matrix]:
    """W_k times the deviation of each pattern's mean, and times the rows of its covariances.

    Returns
    -------
    ndarray, shape (K, p)
    ndarray, shape (R, p)
    """
    gap = (patterns.mean - mean) * patterns.observed
    d = (W @ gap[:, :, None])[:, :, 0]
    V = (W[patterns.pattern_of_row] @ patterns.rows[:, :, None])[:, :, 0]
    return d, V


def _pack(mean: Vector, Sigma: Matrix) -> Vector:
    return np.concatenate([mean, Sigma.ravel()])


def _unpack(packed: Vector, p: int) -> tuple[Vector, Matrix]:
    Sigma = packed[p:].reshape(p, p)
    return packed[:p], (Sigma + Sigma.T) / 2.0
