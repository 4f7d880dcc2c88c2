r"""The discrepancy and its gradient for a stack of samples, for any model of continuous variables.

Few variables send arrows. With L = Beta[:, s] (I - Beta[s, s])^-1 for the k senders s, and P'v = v[s],

    Tau = (I - Beta)^-1 = I + L P'                                   (Woodbury 1950)
    V = Psi + U + U',  U = L (Psi[s, :] + Psi[s, s] L' / 2)

so that only k x k matrices are inverted. All derivatives by Beta and Psi are entries of

    K_EE = Tau' N Tau,  K_EC = Tau' N V[observed, s],  with dF = tr(N dSigma)

and N is p x p: W - W S* W for maximum likelihood, with W = Sigma^-1 and S* = S + d d', d = m - mu; -W (S - Sigma) W
with W = S^-1 for generalized least squares; the residuals themselves, doubled on the diagonal and negative, for
unweighted ones (compare `lvmodels.estimate.likelihood`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.stack import Discrepancy, GroupArrays, Samples, StackModel

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def dense_group(model: StackModel, part: GroupArrays, sample: Samples, values: Matrix) -> tuple[Vector, Matrix]:
    """F of one group and its slopes along the group's free rows.

    Parameters
    ----------
    values : ndarray, shape (R, n_rows)

    Returns
    -------
    ndarray, shape (R,)
        Infinite where a likelihood has no positive definite implied covariance matrix.
    ndarray, shape (R, f)
    """
    R, p, M, s = len(values), model.n_observed, model.n_variables, part.senders
    k = len(s)
    L, V = _implied(part, values, M)
    A = np.ascontiguousarray(L[:, :p])
    eta = implied_means(part, values, L) if model.meanstructure else None
    d = None if eta is None else sample.mean - eta[:, :p]
    F, N, r = _discrepancy(model.discrepancy, sample, np.ascontiguousarray(V[:, :p, :p]), d)
    NA, NC = N @ A, N @ V[:, :p, s]
    found = np.zeros((R, M * (M + k)))
    EE, EC = found[:, : M * M].reshape(R, M, M), found[:, M * M :].reshape(R, M, k)
    EE[:, :p, :p] = N
    EE[:, :p, s] += NA
    EE[:, s, :p] += NA.swapaxes(1, 2)
    EE[:, s[:, None], s] += A.swapaxes(1, 2) @ NA
    EC[:, :p] = NC
    EC[:, s] += A.swapaxes(1, 2) @ NC
    slopes = part.factor * found.take(part.slope, axis=1)
    return F, slopes if eta is None or r is None else slopes - mean_slopes(part, eta, r, A)


def _implied(part: GroupArrays, values: Matrix, M: int) -> tuple[Matrix, Matrix]:
    """L, and the implied covariances V of all variables."""
    R, s = len(values), part.senders
    paths, entries = np.zeros((R, M * len(s))), np.zeros((R, M * M))
    paths[:, part.directed[1]] = values[:, part.directed[0]]
    entries[:, part.symmetric[1]] = entries[:, part.symmetric[2]] = values[:, part.symmetric[0]]
    B, Psi = paths.reshape(R, M, len(s)), entries.reshape(R, M, M)
    if not len(s):
        return B, Psi
    L = B @ np.linalg.inv(np.eye(len(s)) - B[:, s])
    Q = Psi[:, s]
    U = L @ (Q + 0.5 * Q[:, :, s] @ L.swapaxes(1, 2))
    return L, Psi + U + U.swapaxes(1, 2)


def implied_means(part: GroupArrays, values: Matrix, L: Matrix) -> Matrix:
    """Means of all variables, shape (R, M)."""
    alpha = np.zeros(L.shape[:2])
    alpha[:, part.intercepts[1]] = values[:, part.intercepts[0]]
    return np.asarray(alpha + (L @ alpha[:, part.senders, None])[..., 0])


def mean_slopes(part: GroupArrays, eta: Matrix, r: Matrix, A: Matrix) -> Matrix:
    """What the means take off the slopes: 2 r'dmu, with dmu = E_head times eta, 1 or 0."""
    R, p = r.shape
    pull = np.zeros_like(eta)
    pull[:, :p] = r
    pull[:, part.senders] += (r[:, None] @ A)[:, 0]
    lift = np.concatenate([eta, np.ones((R, 1)), np.zeros((R, 1))], axis=1)
    return np.asarray(2.0 * lift[:, part.lift] * pull[:, part.head])


def _discrepancy(
    kind: Discrepancy, sample: Samples, Sigma: Matrix, d: Matrix | None
) -> tuple[Vector, Matrix, Matrix | None]:
    """F, the matrix N with dF = tr(N dSigma), and the vector r with dF = -2 r'dmu."""
    E = sample.cov - Sigma
    if kind == "ULS":
        N = -E * (1.0 + np.eye(Sigma.shape[-1]))
        F, r = -0.5 * (N * E).sum(axis=(1, 2)), d
    elif kind == "GLS":
        assert sample.inverse is not None
        X = sample.inverse @ E
        F, N = 0.5 * (X * X.swapaxes(1, 2)).sum(axis=(1, 2)), -X @ sample.inverse
        r = None if d is None else (sample.inverse @ d[..., None])[..., 0]
    else:
        log_det, W = _inverse(Sigma)
        F, N = log_det + (W * sample.cov).sum(axis=(1, 2)) - sample.level, -W @ E @ W
        r = None if d is None else (W @ d[..., None])[..., 0]
        if r is not None:
            N -= r[:, :, None] * r[:, None, :]
    return (F, N, None) if d is None or r is None else (F + (r * d).sum(axis=1), N, r)


def _inverse(Sigma: Matrix) -> tuple[Vector, Matrix]:
    """log|Sigma| and the inverse; infinity and the identity where Sigma is not positive definite."""
    try:
        root = np.linalg.cholesky(Sigma)
    except np.linalg.LinAlgError:
        good = positive_definite(Sigma)
        log_det, W = _inverse(np.where(good[:, None, None], Sigma, np.eye(Sigma.shape[-1])))
        return np.where(good, log_det, np.inf), W
    return 2.0 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1), np.asarray(
        np.linalg.inv(Sigma), dtype=np.float64
    )


def positive_definite(stack: Matrix) -> NDArray[np.bool_]:
    """Which matrices of a stack have a Cholesky factor, shape (R,)."""
    good = np.asarray(np.isfinite(stack).all(axis=(1, 2)))
    for k in np.flatnonzero(good):
        try:
            np.linalg.cholesky(stack[k])
        except np.linalg.LinAlgError:
            good[k] = False
    return good
