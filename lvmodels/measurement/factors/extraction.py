"""Unrotated factors of a correlation matrix, by a search over the unique variances alone.

Given the uniquenesses psi, the best loadings follow from an eigendecomposition, so the discrepancy is a function of p
numbers with a known gradient and Hessian (Jöreskog 1967; Clarke 1970; Lawley and Maxwell 1971, ch. 4 and appendix II).
With theta and omega the eigenvalues and -vectors, k the p - m that are left out and l any,

ml       of Psi^-1/2 R Psi^-1/2: f = sum over k of theta - log theta - 1, in x = log psi
minres   of R - Psi: f = 1/2 sum over k of theta², in psi (Harman and Jones 1966; Jöreskog 1977)
pa       communalities are put on the diagonal until they reproduce themselves, where minres has its minimum, too
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Method = Literal["ml", "minres", "pa"]
METHODS: tuple[Method, ...] = ("ml", "minres", "pa")
LEAST = 0.005  # a uniqueness that reaches it is a Heywood case
_GRADIENT = 1e-10
_MAX_STEPS = 500
_MAX_SWEEPS = 20_000
_MOVED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Extracted:
    """Unrotated factors.

    Attributes
    ----------
    A : ndarray, shape (p, m)
        Loadings of orthogonal factors, the most important first.
    psi : ndarray, shape (p,)
        Uniquenesses.
    converged : bool
    steps : int
    """

    A: Matrix
    psi: Vector
    converged: bool
    steps: int

    @property
    def at_bound(self) -> NDArray[np.bool_]:
        """Which uniquenesses stand at the bound (Heywood cases), shape (p,)."""
        return np.asarray(self.psi <= LEAST * (1.0 + 1e-6))


def extract(R: Matrix, m: int, method: str) -> Extracted:
    """Factors of a correlation matrix, positive definite for "ml".

    Parameters
    ----------
    R : ndarray, shape (p, p)
    m : int
    method : {"ml", "minres", "pa"}
    """
    start = np.clip((1.0 - 0.5 * m / len(R)) * unique_share(R), LEAST, 1.0)
    if method == "pa":
        return _principal_axes(R, m)
    if method == "ml":
        x, converged, steps = _newton(lambda x: _ml(R, m, x), np.log(start), float(np.log(LEAST)), 0.0)
        psi = np.exp(x)
        return Extracted(_ml_loadings(R, m, psi), psi, converged, steps)
    psi, converged, steps = _newton(lambda x: _minres(R, m, x), start, LEAST, 1.0)
    return Extracted(_axes(R - np.diag(psi), m), psi, converged, steps)


def unique_share(R: Matrix) -> Vector:
    """One less the squared multiple correlation with all other variables, shape (p,); 1/2 where R is singular."""
    values, vectors = np.linalg.eigh(R)
    if values[0] < 1e-10:
        return np.full(len(R), 0.5)
    return np.asarray(1.0 / ((vectors**2) @ (1.0 / values)))


def _ml(R: Matrix, m: int, x: Vector) -> tuple[float, Vector, Matrix]:
    half = np.exp(-0.5 * x)
    theta, omega = np.linalg.eigh(R * np.outer(half, half))
    theta = np.maximum(theta, 1e-14)
    k = len(R) - m  # the smallest come first
    out, kept = theta[:k], theta[k:]
    gradient = omega[:, :k] ** 2 @ (1.0 - out)
    among = (out[:, None] + out) / 2.0
    across = -(1.0 - out[:, None]) * (out[:, None] + kept) / (out[:, None] - kept)
    return float((out - np.log(out) - 1.0).sum()), gradient, _hessian(omega, among, across)


def _minres(R: Matrix, m: int, psi: Vector) -> tuple[float, Vector, Matrix]:
    gamma, omega = np.linalg.eigh(R - np.diag(psi))
    k = len(R) - m
    out, kept = gamma[:k], gamma[k:]
    gradient = -(omega[:, :k] ** 2) @ out
    across = 2.0 * out[:, None] / (out[:, None] - kept)
    return float((out**2).sum() / 2.0), gradient, _hessian(omega, np.ones((k, k)), across)


def _hessian(omega: Matrix, among: Matrix, across: Matrix) -> Matrix:
    """Sum over pairs (k, l) of eigenvectors of their weight times omega_ik omega_jk omega_il omega_jl."""
    k = len(among)
    rest, main = omega[:, :k], omega[:, k:]
    products = rest[:, None, :] * rest  # of i and j by k
    inner = np.einsum("ijk,kl->ijl", products, among)
    found = (inner * products).sum(axis=2)
    found += (np.einsum("ijk,kl->ijl", products, across) * (main[:, None, :] * main)).sum(axis=2)
    return np.asarray((found + found.T) / 2.0)


def _newton(
    function: Callable[[Vector], tuple[float, Vector, Matrix]], x: Vector, low: float, high: float
) -> tuple[Vector, bool, int]:
    """Newton's method between bounds, with curvature made positive and steps that go downhill."""
    value, gradient, hessian = function(x)
    for step in range(_MAX_STEPS):
        held = ((x <= low) & (gradient > 0.0)) | ((x >= high) & (gradient < 0.0))
        free = np.flatnonzero(~held)
        if not len(free) or np.abs(gradient[free]).max() < _GRADIENT:
            return x, True, step
        curvature, vectors = np.linalg.eigh(hessian[np.ix_(free, free)])
        curvature = np.maximum(np.abs(curvature), 1e-6 * max(float(np.abs(curvature).max()), 1e-12))
        move = np.zeros(len(x))
        move[free] = -vectors @ ((vectors.T @ gradient[free]) / curvature)
        length = 1.0
        while length > 1e-12:
            trial = np.clip(x + length * move, low, high)
            new = function(trial)
            if new[0] <= value + 1e-4 * float(gradient @ (trial - x)) + 1e-16:
                break
            length /= 2.0
        else:
            return x, bool(np.abs(gradient[free]).max() < 1e-6), step
        if np.abs(trial - x).max() < 1e-14:
            return trial, bool(np.abs(gradient[free]).max() < 1e-6), step
        x, (value, gradient, hessian) = trial, new
    return x, False, _MAX_STEPS


def _ml_loadings(R: Matrix, m: int, psi: Vector) -> Matrix:
    root = np.sqrt(psi)
    theta, omega = np.linalg.eigh(R / np.outer(root, root))
    order = np.argsort(-theta)[:m]
    return np.asarray(root[:, None] * omega[:, order] * np.sqrt(np.maximum(theta[order] - 1.0, 0.0)))


def _axes(reduced: Matrix, m: int) -> Matrix:
    gamma, omega = np.linalg.eigh(reduced)
    order = np.argsort(-gamma)[:m]
    return np.asarray(omega[:, order] * np.sqrt(np.maximum(gamma[order], 0.0)))


def _principal_axes(R: Matrix, m: int) -> Extracted:
    shared = 1.0 - unique_share(R)
    for step in range(_MAX_SWEEPS):
        A = _axes(R - np.diag(1.0 - shared), m)
        new = np.minimum((A**2).sum(axis=1), 1.0 - LEAST)
        if np.abs(new - shared).max() < _MOVED:
            return Extracted(A, 1.0 - new, True, step)
        shared = new
    return Extracted(A, 1.0 - shared, False, _MAX_SWEEPS)
