"""Least squares for stacks of small covariance matrices, some of which may be singular."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def inverses(A: Matrix) -> Matrix:
    """Inverse of each matrix; NaN where there is none.

    Parameters
    ----------
    A : ndarray, shape (R, k, k)

    Examples
    --------
    >>> inverses(np.array([[[2.0]], [[0.0]]])).ravel().tolist()
    [0.5, nan]
    """
    try:
        return np.asarray(np.linalg.inv(A))
    except np.linalg.LinAlgError:
        found = np.full_like(A, np.nan)
        for r, matrix in enumerate(A):
            if np.isfinite(matrix).all() and np.linalg.cond(matrix) < 1e14:
                found[r] = np.linalg.inv(matrix)
        return found


def solve(A: Matrix, b: Matrix) -> Matrix:
    """Solution of each system; NaN where there is none.

    Parameters
    ----------
    A : ndarray, shape (R, k, k)
    b : ndarray, shape (R, k)

    Returns
    -------
    ndarray, shape (R, k)
    """
    try:
        return np.asarray(np.linalg.solve(A, b[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        return np.asarray((inverses(A) @ b[:, :, None])[:, :, 0])


def regress(C: Matrix, paths: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
    """Coefficients and R² of every outcome on its predecessors.

    Parameters
    ----------
    C : ndarray, shape (R, J, J)
        Covariances.
    paths : ndarray of bool, shape (J, J)
        Element (i, j): i predicts j.

    Returns
    -------
    ndarray, shape (R, J, J)
        Element (i, j): the coefficient of i in the regression of j.
    ndarray, shape (R, J)
        0 where nothing predicts.
    """
    B = np.zeros_like(C)
    for j in np.flatnonzero(paths.any(axis=0)):
        before = np.flatnonzero(paths[:, j])
        B[:, before, j] = solve(C[:, before[:, None], before], C[:, before, j])
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = (B * C).sum(axis=1) / np.diagonal(C, axis1=1, axis2=2)
    return B, r2


def total_effects(B: Matrix) -> Matrix:
    """Direct plus indirect effects, shape (R, J, J): the sum of all powers of B, which ends where paths do."""
    total, power = B.copy(), B
    for _ in range(B.shape[-1] - 1):
        power = power @ B
        if not power.any():
            break
        total += power
    return total
