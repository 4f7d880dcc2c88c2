"""How sure rotated loadings are, and the weight matrices of the test of fit.

Estimates theta = (Lambda, Phi, psi) solve Delta'W(r - sigma(theta)) = 0 together with the conditions c(theta) = 0 of
the rotation, so d theta / d r is the upper part of the inverse of [[Delta'W Delta, C'], [C, 0]] times Delta'W, with
C = dc/d theta (Jennrich 1973, 1974; Silvey 1959). The sampling covariance of the correlations goes through it; their
own standardization is part of it. W is that of normal theory at Sigma for ml, the identity for minres and pa.

Every derivative of Sigma has the form u v' + v u', so only u and v are kept, one row a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.promax import promax
from lvmodels.estimate.rotation import derivative
from lvmodels.estimate.rotation_criteria import Criterion, stationarity

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_CHUNK = 4_000_000  # numbers held at a time


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A rotated solution, or the varimax one that promax starts from, and what holds of it.

    Attributes
    ----------
    Lambda : ndarray, shape (p, m)
    Phi : ndarray, shape (m, m)
    psi : ndarray, shape (p,)
    held : ndarray of bool, shape (p,)
        Uniquenesses that stand at their bound.
    method : {"ml", "minres", "pa"}
    criterion : Criterion or None
        None: not rotated.
    kaiser : bool
    power : float or None
        Of promax, where that follows.
    """

    Lambda: Matrix
    Phi: Matrix
    psi: Vector
    held: NDArray[np.bool_]
    method: str
    criterion: Criterion | None
    kaiser: bool
    power: float | None = None

    @property
    def implied(self) -> Matrix:
        """Implied correlations, shape (p, p)."""
        return np.asarray(self.Lambda @ self.Phi @ self.Lambda.T + np.diag(self.psi))

    @property
    def oblique(self) -> bool:
        """Whether factor correlations are parameters."""
        return self.criterion is not None and not self.criterion.orthogonal


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """How estimates move with the correlations below the diagonal.

    Attributes
    ----------
    by_r : ndarray, shape (q, P)
        Of the loadings, row by row, and then (oblique) the factor correlations below the diagonal.
    U : ndarray, shape (P, P), or None
        W - W Delta (Delta'W Delta)^- Delta'W, where it was asked for.
    """

    by_r: Matrix
    U: Matrix | None


def slopes(solution: Solution, with_residual_weight: bool) -> Slopes | None:
    """Derivatives of the estimates by the correlations; None where the rotation does not determine them."""
    Lambda, Sigma = solution.Lambda, solution.implied
    p, m = Lambda.shape
    left, right = _sides(solution)
    i, j = np.tril_indices(p, -1)
    inverse = np.linalg.inv(Sigma) if solution.method == "ml" else np.eye(p)
    u, v = left @ inverse, right @ inverse
    information = (u @ left.T) * (v @ right.T) + (u @ right.T) * (v @ left.T)
    weighted = u[:, i] * v[:, j] + v[:, i] * u[:, j]
    C = _constraints(solution)
    k, t = len(C), len(information)
    bordered = np.block([[information, C.T], [C, np.zeros((k, k))]])
    if not np.linalg.cond(bordered) < 1e13:
        return None
    inner = np.linalg.inv(bordered)[:t, :t]
    kept = p * m + (m * (m - 1) // 2 if solution.oblique else 0)
    by_r = inner[:kept] @ weighted
    if solution.power is not None:
        by_r = _through_promax(solution) @ by_r
    if not with_residual_weight:
        return Slopes(by_r, None)
    W = inverse[np.ix_(i, i)] * inverse[np.ix_(j, j)] + inverse[np.ix_(i, j)] * inverse[np.ix_(j, i)]
    return Slopes(by_r, np.asarray(W - weighted.T @ inner @ weighted))


def standard_errors(found: Slopes, Sigma: Matrix, n: float, Gamma: Matrix | None) -> Vector:
    """Standard errors of loadings and factor correlations, shape (q,).

    Parameters
    ----------
    found : Slopes
    Sigma : ndarray, shape (p, p)
        Correlations of the normal sample, where Gamma is None.
    n : float
    Gamma : ndarray, shape (P, P), or None
        Sampling covariance, times n, of the correlations.
    """
    K = found.by_r
    if Gamma is not None:
        variance = np.einsum("qi,ij,qj->q", K, Gamma, K, optimize=True)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0) / n))
    p = len(Sigma)
    i, j = np.tril_indices(p, -1)
    values, vectors = np.linalg.eigh(Sigma)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    variance, size = np.zeros(len(K)), max(_CHUNK // p**2, 1)
    for start in range(0, len(K), size):
        rows = K[start : start + size]
        X = np.zeros((len(rows), p, p))
        X[:, i, j] = X[:, j, i] = rows / 2.0
        X[:, np.arange(p), np.arange(p)] = -(X * Sigma).sum(axis=2)  # r moves with the variances, too
        Z = root.T @ X @ root
        variance[start : start + size] = 2.0 * (Z * Z).sum(axis=(1, 2))
    return np.asarray(np.sqrt(variance / n))


def _sides(solution: Solution) -> tuple[Matrix, Matrix]:
    """u and v of the derivatives of Sigma by loadings, factor correlations, and uniquenesses that are free."""
    Lambda, Phi = solution.Lambda, solution.Phi
    p, m = Lambda.shape
    unit = np.eye(p)
    left, right = [np.repeat(unit, m, axis=0)], [np.tile((Lambda @ Phi).T, (p, 1))]
    if solution.oblique:
        r, s = np.tril_indices(m, -1)
        left.append(Lambda.T[r])
        right.append(Lambda.T[s])
    free = ~solution.held
    left.append(unit[free])
    right.append(unit[free] / 2.0)
    return np.concatenate(left), np.concatenate(right)


def _constraints(solution: Solution) -> Matrix:
    """Derivatives of the conditions of the rotation by the parameters, shape (k, t)."""
    p, m = solution.Lambda.shape
    free = np.flatnonzero(~solution.held)
    r, s = np.tril_indices(m, -1)
    n_phi = len(r) if solution.oblique else 0
    theta = np.concatenate([solution.Lambda.ravel(), solution.Phi[r, s][:n_phi], solution.psi[free]])
    if m == 1:
        return np.zeros((0, len(theta)))

    def conditions(values: NDArray[Any]) -> NDArray[Any]:
        Lambda = values[: p * m].reshape(p, m)
        Phi = np.eye(m, dtype=values.dtype)
        if n_phi:
            Phi[r, s] = Phi[s, r] = values[p * m : p * m + n_phi]
        psi = solution.psi.astype(values.dtype)
        psi[free] = values[p * m + n_phi :]
        return _conditions(solution, Lambda, Phi, psi)

    return derivative(conditions, theta)


def _conditions(solution: Solution, Lambda: NDArray[Any], Phi: NDArray[Any], psi: NDArray[Any]) -> NDArray[Any]:
    if solution.criterion is None:
        scaled = Lambda / psi[:, None] if solution.method == "ml" else Lambda
        return np.asarray((Lambda.T @ scaled)[np.tril_indices(len(Phi), -1)])
    if solution.kaiser:
        Lambda = Lambda / np.sqrt(((Lambda @ Phi) * Lambda).sum(axis=1))[:, None]
    return stationarity(solution.criterion, Lambda, Phi)


def _through_promax(solution: Solution) -> Matrix:
    """Derivatives of promax loadings and factor correlations by varimax loadings, shape (q, p m)."""
    power = solution.power
    assert power is not None
    shape = solution.Lambda.shape

    def sharpened(values: NDArray[Any]) -> NDArray[Any]:
        X = values.reshape(shape)
        weight = np.sqrt((X * X).sum(axis=1))[:, None] if solution.kaiser else np.ones((len(X), 1))
        Lambda, Phi = promax(X / weight, power)
        return np.concatenate([(Lambda * weight).ravel(), Phi[np.tril_indices(len(Phi), -1)]])

    return derivative(sharpened, solution.Lambda.ravel())
