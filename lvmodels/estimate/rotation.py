"""Rotation of factors by gradient projection, from many starts at once, finished by Newton's method.

A are unrotated loadings of orthogonal factors; the rotated ones are Lambda = A (T')^-1 with Phi = T'T for oblique
factors, and Lambda = A T with T'T = I for orthogonal ones. Gradient projection moves T against the gradient and puts it
back among the admissible ones (Jennrich 2001, 2002).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.rotation_criteria import Criterion, stationarity

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_MAX_STEPS = 2000
_CLOSE = 1e-6  # length of the projected gradient, from where Newton takes over
_SAME = 1e-6  # criteria nearer than this are one minimum
_SLOPE = 1e-20  # step of the complex derivative, too small to leave a rounding error


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """Rotated factors.

    Attributes
    ----------
    Lambda : ndarray, shape (p, m)
    Phi : ndarray, shape (m, m)
        Correlations of the factors.
    value : float
        The criterion, of the loadings divided by the root of the communality when Kaiser-normalised.
    starts, found : int
        Starts, and how many of them ended at the best value.
    converged : bool
    """

    Lambda: Matrix
    Phi: Matrix
    value: float
    starts: int
    found: int
    converged: bool


def rotate(A: Matrix, criterion: Criterion, kaiser: bool, starts: int, seed: np.random.Generator) -> Rotated:
    """The rotation with the smallest criterion of all that the starts lead to.

    Parameters
    ----------
    A : ndarray, shape (p, m)
        Unrotated loadings.
    criterion : Criterion
    kaiser : bool
        Divide each row by the root of its communality while rotating (Kaiser 1958).
    starts : int
        The first leaves the axes as they are, the others turn them at random.
    seed : Generator
    """
    m = A.shape[1]
    if m == 1:
        return Rotated(A, np.eye(1), float(criterion(A)[0]), 1, 1, True)
    weight = kaiser_weight(A) if kaiser else np.ones(len(A))
    B = A / weight[:, None]
    turns = [np.eye(m), *(_random_turn(m, seed) for _ in range(starts - 1))]
    T, value, slope = _project(B, criterion, np.array(turns))
    done = slope < 1e3 * _CLOSE
    best = int(np.argmin(np.where(done | ~done.any(), value, np.inf)))
    # starts that reach the same minimum agree; prefer none of them by rounding
    close = np.flatnonzero(done & (value <= value[best] + _SAME * max(abs(value[best]), 1.0)))
    best = int(close[0]) if len(close) else best
    T_best = _polished(B, criterion, T[best])
    Lambda, Phi = _loadings(B, T_best, criterion.orthogonal)
    return Rotated(Lambda * weight[:, None], Phi, float(criterion(Lambda)[0]), len(turns), len(close), bool(done[best]))


def kaiser_weight(A: Matrix) -> Vector:
    """Roots of the communalities of unrotated loadings; 1 for a row of zeros."""
    h = np.sqrt((A * A).sum(axis=1))
    return np.asarray(np.where(h > 0.0, h, 1.0))


def _random_turn(m: int, rng: np.random.Generator) -> Matrix:
    Q, R = np.linalg.qr(rng.standard_normal((m, m)))
    return np.asarray(Q * np.sign(np.diagonal(R)))


def _loadings(B: NDArray[Any], T: NDArray[Any], orthogonal: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Lambda and Phi of one or of many T."""
    if orthogonal:
        return B @ T, np.broadcast_to(np.eye(T.shape[-1]), T.shape)
    turned = np.swapaxes(T, -1, -2)
    return B @ np.linalg.inv(turned), turned @ T


def _project(B: Matrix, criterion: Criterion, T: Matrix) -> tuple[Matrix, Vector, Vector]:
    """Gradient projection from a stack of T, shape (s, m, m): where each ends, its criterion, and its slope there."""
    place = _orthonormal if criterion.orthogonal else _unit_columns
    value, gradient = _gradient(B, criterion, T)
    slope = np.sqrt((gradient**2).sum(axis=(1, 2)))
    step = np.ones(len(T))
    going = np.arange(len(T))
    for _ in range(_MAX_STEPS):
        going = going[(slope[going] > _CLOSE) & (step[going] > 1e-14)]
        if not len(going):
            break
        trial = place(T[going] - step[going, None, None] * gradient[going])
        new_value, new_gradient = _gradient(B, criterion, trial)
        better = new_value < value[going] - 0.5 * slope[going] ** 2 * step[going]
        step[going] *= np.where(better, 2.0, 0.5)
        taken = going[better]
        T[taken], value[taken], gradient[taken] = trial[better], new_value[better], new_gradient[better]
        slope[taken] = np.sqrt((gradient[taken] ** 2).sum(axis=(1, 2)))
    return T, value, slope


def _gradient(B: Matrix, criterion: Criterion, T: Matrix) -> tuple[Vector, Matrix]:
    """The criterion and its gradient by T along the admissible directions."""
    Lambda, _ = _loadings(B, T, criterion.orthogonal)
    value, G = criterion(Lambda)
    turned = np.swapaxes(T, -1, -2)
    if criterion.orthogonal:
        raw = B.T @ G
        product = turned @ raw
        return value, raw - T @ (product + np.swapaxes(product, -1, -2)) / 2.0
    raw = -np.swapaxes(np.swapaxes(Lambda, -1, -2) @ G @ np.linalg.inv(T), -1, -2)
    return value, raw - T * (T * raw).sum(axis=-2, keepdims=True)


def _unit_columns(T: Matrix) -> Matrix:
    return np.asarray(T / np.sqrt((T * T).sum(axis=-2, keepdims=True)))


def _orthonormal(T: Matrix) -> Matrix:
    U, _, V = np.linalg.svd(T)
    return np.asarray(U @ V)


def _polished(B: Matrix, criterion: Criterion, T: Matrix) -> Matrix:
    """Newton's method on the conditions of a minimum; the start where that does not lead to a better place."""
    m = len(T)

    def conditions(t: NDArray[Any]) -> NDArray[Any]:
        now = t.reshape(m, m)
        Lambda, Phi = _loadings(B, now, criterion.orthogonal)
        inner = now.T @ now - np.eye(m)
        fixed = inner[np.tril_indices(m)] if criterion.orthogonal else np.diagonal(inner)
        return np.concatenate([stationarity(criterion, Lambda, Phi), fixed])

    here = T.ravel()
    for _ in range(5):
        off = conditions(here)
        step = np.linalg.lstsq(derivative(conditions, here), -off, rcond=None)[0]
        if not np.abs(conditions(here + step)).max() < np.abs(off).max():
            break
        here = here + step
    found = here.reshape(m, m)
    kept = criterion(_loadings(B, found, criterion.orthogonal)[0])[0] <= _value(B, criterion, T) + 1e-9
    return found if kept else T


def _value(B: Matrix, criterion: Criterion, T: Matrix) -> float:
    return float(criterion(_loadings(B, T, criterion.orthogonal)[0])[0])


def derivative(function: Callable[[NDArray[Any]], NDArray[Any]], at: Vector) -> Matrix:
    """Jacobian by the complex step, exact to rounding (Squire and Trapp 1998), shape (k, len(at)).

    Examples
    --------
    >>> derivative(lambda x: np.array([x[0] ** 2, x[0] * x[1]]), np.array([3.0, 2.0])).tolist()
    [[6.0, 0.0], [2.0, 3.0]]
    """
    columns = []
    for k in range(len(at)):
        moved = at.astype(complex)
        moved[k] += 1j * _SLOPE
        columns.append(function(moved).imag / _SLOPE)
    return np.array(columns).T


def arranged(Lambda: Matrix, Phi: Matrix) -> tuple[NDArray[np.intp], Vector]:
    """Order of the factors by explained variance, largest first, and signs that make the sums of loadings positive.

    The variance that a factor explains is its row of Phi Lambda'Lambda on the diagonal, so that the shares sum to the
    communality also when factors correlate.

    Examples
    --------
    >>> order, sign = arranged(np.array([[0.1, -0.9], [0.2, -0.8]]), np.eye(2))
    >>> order.tolist(), sign.tolist()
    ([1, 0], [-1.0, 1.0])
    """
    explained = np.diagonal(Phi @ Lambda.T @ Lambda)
    order = np.argsort(-explained, kind="stable")
    sums = Lambda[:, order].sum(axis=0)
    return order, np.where(sums < 0.0, -1.0, 1.0)


def settled(criterion: Criterion, Lambda: Matrix, Phi: Matrix) -> tuple[NDArray[np.intp], Vector]:
    """Order and signs that a rotation leaves open; a target keeps its own, and a general factor stays first.

    Where a target names nothing but zeros for a factor, the sum of its loadings is positive.
    """
    if criterion.target is not None:
        free = ~(np.nan_to_num(criterion.target) != 0.0).any(axis=0)
        return np.arange(Lambda.shape[1]), np.where(free & (Lambda.sum(axis=0) < 0.0), -1.0, 1.0)
    if criterion.name != "bifactor":
        return arranged(Lambda, Phi)
    rest, _ = arranged(Lambda[:, 1:], Phi[1:, 1:])
    order = np.concatenate([[0], 1 + rest])
    return order, np.where(Lambda[:, order].sum(axis=0) < 0.0, -1.0, 1.0)
