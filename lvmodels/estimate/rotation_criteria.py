"""What a rotation of factors minimises, and the slope of it.

Lambda are loadings, shape (..., p, m), so that many starts are computed side by side; f is the criterion, G its
derivative by Lambda. Everything is written so that it also holds for complex numbers, by which constraints are
differentiated to machine precision.

oblimin     f = 1/4 sum over r != s of (lambda_r^2)'(I - gamma C)(lambda_s^2), C = 1/p (Jennrich 1979)
orthogonal  Crawford and Ferguson (1970): f = (1 - kappa)/4 (row complexity) + kappa/4 (column complexity); kappa is 0
            for quartimax, 1/p for varimax and m/(2p) for equamax
geomin      f = sum over items of (product over factors of lambda^2 + epsilon)^(1/m) (Yates 1987; Browne 2001)
bifactor    quartimin (oblimin with gamma = 0) of all factors but the first, which is general; orthogonal (Jennrich and
            Bentler 2011)
target      f = 1/2 sum over specified loadings of (lambda - b)^2 (Browne 1972)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rotation = Literal["oblimin", "promax", "varimax", "quartimax", "geomin", "equamax", "bifactor", "target", "none"]
ROTATIONS: tuple[Rotation, ...] = (
    "oblimin", "promax", "varimax", "quartimax", "geomin", "equamax", "bifactor", "target", "none",
)  # fmt: skip
ORTHOGONAL = ("varimax", "quartimax", "equamax", "bifactor")
KAISER_BY_DEFAULT = ("varimax", "promax")

Matrix = NDArray[np.float64]
AnyMatrix = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Criterion:
    """A rotation and what it depends on.

    Attributes
    ----------
    name : {"oblimin", "varimax", "quartimax", "equamax", "bifactor", "geomin", "target"}
    gamma : float
        Of oblimin: 0 is quartimin, negative values make the factors less oblique.
    epsilon : float
        Of geomin: keeps the slope finite where a loading is zero.
    target : ndarray, shape (p, m), or None
        NaN where a loading is left free.
    """

    name: str
    gamma: float = 0.0
    epsilon: float = 0.01
    target: Matrix | None = None

    @property
    def orthogonal(self) -> bool:
        """Whether factors stay uncorrelated."""
        return self.name in ORTHOGONAL

    def __call__(self, Lambda: AnyMatrix) -> tuple[AnyMatrix, AnyMatrix]:
        """The criterion, shape (...), and its derivative by the loadings, shape (..., p, m)."""
        if self.name == "oblimin":
            return _oblimin(Lambda, self.gamma)
        if self.name == "geomin":
            return _geomin(Lambda, self.epsilon)
        if self.name == "target":
            assert self.target is not None
            return _target(Lambda, self.target)
        if self.name == "bifactor":
            return _bifactor(Lambda)
        p, m = Lambda.shape[-2:]
        return _crawford_ferguson(Lambda, {"quartimax": 0.0, "varimax": 1.0 / p, "equamax": m / (2.0 * p)}[self.name])


def _of_others(squares: AnyMatrix, axis: int) -> AnyMatrix:
    """Sum over the other factors (axis -1) or the other items (axis -2)."""
    return np.asarray(squares.sum(axis=axis, keepdims=True) - squares)


def _oblimin(Lambda: AnyMatrix, gamma: float) -> tuple[AnyMatrix, AnyMatrix]:
    squares = Lambda * Lambda
    other = _of_others(squares, -1)
    if gamma:
        other = other - gamma * other.mean(axis=-2, keepdims=True)
    return (squares * other).sum(axis=(-2, -1)) / 4.0, Lambda * other


def _crawford_ferguson(Lambda: AnyMatrix, kappa: float) -> tuple[AnyMatrix, AnyMatrix]:
    squares = Lambda * Lambda
    other = (1.0 - kappa) * _of_others(squares, -1) + kappa * _of_others(squares, -2)
    return (squares * other).sum(axis=(-2, -1)) / 4.0, Lambda * other


def _geomin(Lambda: AnyMatrix, epsilon: float) -> tuple[AnyMatrix, AnyMatrix]:
    shifted = Lambda * Lambda + epsilon
    mean = np.exp(np.log(shifted).mean(axis=-1, keepdims=True))
    return mean.sum(axis=(-2, -1)), 2.0 / Lambda.shape[-1] * Lambda / shifted * mean


def _bifactor(Lambda: AnyMatrix) -> tuple[AnyMatrix, AnyMatrix]:
    value, slope = _oblimin(Lambda[..., 1:], 0.0)
    return value, np.concatenate([np.zeros_like(Lambda[..., :1]), slope], axis=-1)


def _target(Lambda: AnyMatrix, target: Matrix) -> tuple[AnyMatrix, AnyMatrix]:
    known = ~np.isnan(target)
    gap = np.where(known, Lambda - np.where(known, target, 0.0), 0.0)
    return (gap * gap).sum(axis=(-2, -1)) / 2.0, gap


def stationarity(criterion: Criterion, Lambda: AnyMatrix, Phi: AnyMatrix) -> AnyMatrix:
    """What is zero at rotated loadings: m(m - 1) numbers, or half as many when factors are orthogonal.

    Oblique factors make Lambda'G Phi^-1 diagonal (Jennrich 1973), orthogonal ones Lambda'G symmetric (Archer and
    Jennrich 1973).
    """
    product = Lambda.T @ criterion(Lambda)[1]
    m = len(product)
    if criterion.orthogonal:
        return np.asarray((product - product.T)[np.tril_indices(m, -1)])
    return np.asarray(np.linalg.solve(Phi.T, product.T).T[~np.eye(m, dtype=bool)])
