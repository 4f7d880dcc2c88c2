r"""The likelihood and its gradient for a stack of samples where Sigma = Theta + A Psi A' with Theta diagonal.

With D = Theta^-1, P = D A, M = A'P and Y = (I + Psi M)^-1 (Lawley and Maxwell 1971, ch. 4; Woodbury 1950)

    W = Sigma^-1 = D - P X P',  X = Y Psi,  W A = P Y,  |Sigma| = |Theta| |I + Psi M|

so that no p x p matrix is inverted, and S meets nothing wider than the p x k matrix P. Of N = W - W S* W (see
`lvmodels.estimate.stack_dense`) only the diagonal, N A and A'NA are read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.stack import FactorArrays, GroupArrays, Samples, StackModel
from lvmodels.estimate.stack_dense import dense_group, implied_means, mean_slopes

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALL = 1e-6
"""Residual variance, as a share of the sample variance, below which its inverse is not trusted."""


def factor_group(
    model: StackModel, part: GroupArrays, factors: FactorArrays, sample: Samples, values: Matrix
) -> tuple[Vector, Matrix]:
    """F of one group and its slopes, as `dense_group` finds them; samples with a Heywood case are passed on to it."""
    theta = values[:, factors.variances]
    variances = np.diagonal(sample.cov, axis1=1, axis2=2)
    plain = np.asarray((theta > _SMALL * variances).all(axis=1))
    if plain.all():
        found = _factor_group(model, part, factors, sample, values)
        if found is not None:
            return found
        plain[:] = False
    F, slopes = np.empty(len(values)), np.empty((len(values), len(part.slope)))
    F[~plain], slopes[~plain] = dense_group(model, part, sample.take(~plain), values[~plain])
    if plain.any():
        F[plain], slopes[plain] = factor_group(model, part, factors, sample.take(plain), values[plain])
    return F, slopes


def _factor_group(
    model: StackModel, part: GroupArrays, factors: FactorArrays, sample: Samples, values: Matrix
) -> tuple[Vector, Matrix] | None:
    """The same for admissible points alone; None when one of them is not."""
    R, p, k = len(values), model.n_observed, len(part.senders)
    B, Psi = _matrices(model, part, factors, values)
    T = np.linalg.inv(np.eye(k) - B[:, part.senders])
    A = B[:, :p] @ T
    theta = values[:, factors.variances]
    D = 1.0 / theta
    P = D[:, :, None] * A
    At, Pt = A.swapaxes(1, 2), P.swapaxes(1, 2)
    M = At @ P
    log_det = _log_determinant(Psi, M)
    if log_det is None:
        return None
    Y = np.linalg.inv(np.eye(k) + Psi @ M)
    X = Y @ Psi
    S, eta, r = sample.cov, None, None
    if model.meanstructure:
        eta = implied_means(part, values, B @ T)
        d = sample.mean - eta[:, :p]
        r = D * d - (P @ (X @ (Pt @ d[..., None])))[..., 0]
        S = S + d[:, :, None] * d[:, None, :]
    SP = S @ P
    G, PX, DSP = Pt @ SP, P @ X, D[:, :, None] * SP
    own = np.diagonal(S, axis1=1, axis2=2) * D
    F = np.log(theta).sum(axis=1) + log_det + own.sum(axis=1) - np.einsum("rij,rij->r", X, G) - sample.level
    diagonal = D - own * D - np.einsum("rik,rik->ri", PX, P + PX @ G - 2.0 * DSP)
    NA = (P - DSP + PX @ G) @ Y
    C = Psi @ T.swapaxes(1, 2)
    ANA = At @ NA
    parts = (diagonal, ANA.reshape(R, -1), (NA @ C).reshape(R, -1), (ANA @ C).reshape(R, -1), np.zeros((R, 1)))
    slopes = part.factor * np.concatenate(parts, axis=1).take(factors.slope, axis=1)
    return F, slopes if eta is None or r is None else slopes - mean_slopes(part, eta, r, A)


def _matrices(model: StackModel, part: GroupArrays, factors: FactorArrays, values: Matrix) -> tuple[Matrix, Matrix]:
    """Beta[:, senders], shape (R, M, k), and Psi among the senders, shape (R, k, k)."""
    R, M, k = len(values), model.n_variables, len(part.senders)
    B, Psi = np.zeros((R, M * k)), np.zeros((R, k, k))
    B[:, part.directed[1]] = values[:, part.directed[0]]
    rows, i, j = factors.latent
    Psi[:, i, j] = Psi[:, j, i] = values[:, rows]
    return B.reshape(R, M, k), Psi


def _log_determinant(Psi: Matrix, M: Matrix) -> Vector | None:
    """log|I + Psi M|, or None where Sigma is not positive definite: I + R'Psi R is not, with M = R R'."""
    try:
        root = np.linalg.cholesky(M)
        inner = np.linalg.cholesky(np.eye(M.shape[-1]) + root.swapaxes(1, 2) @ Psi @ root)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(2.0 * np.log(np.diagonal(inner, axis1=1, axis2=2)).sum(axis=1))
