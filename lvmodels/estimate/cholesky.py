"""Symmetric systems by LAPACK's own routines: on matrices as small as ours half the time of numpy's wrappers."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def inverse_and_logdet(S: Matrix) -> tuple[Matrix, float]:
    """Inverse and log-determinant of a positive definite matrix.

    Raises
    ------
    numpy.linalg.LinAlgError
        When S is not positive definite, or not finite.

    Examples
    --------
    >>> W, logdet = inverse_and_logdet(np.array([[4.0, 2.0], [2.0, 2.0]]))
    >>> W.round(9).tolist(), round(logdet, 9) == round(float(np.log(4.0)), 9)
    ([[0.5, -0.5], [-0.5, 1.0]], True)
    """
    root, failed = dpotrf(S, lower=1, clean=1)
    logdet = 2.0 * float(np.log(root.diagonal()).sum()) if not failed else np.nan
    if not isfinite(logdet):
        raise np.linalg.LinAlgError
    lower, _ = dpotri(root, lower=1)
    lower.T.reshape(-1)[:: len(S) + 1] *= 0.5  # LAPACK's arrays are stored by columns, so this is a view
    return lower + lower.T, logdet


def solve_scaled(J: Matrix, g: Vector, least: float) -> Vector | None:
    """J^-1 g through the factor of J scaled to unit diagonal; None unless the factor's diagonal exceeds `least`.

    Parameters
    ----------
    J : ndarray, shape (q, q)
        Symmetric.
    g : ndarray, shape (q,)
    least : float
        How near to singular J may be.

    Examples
    --------
    >>> solve_scaled(np.array([[4.0, 0.0], [0.0, 1e6]]), np.array([4.0, 1e6]), 1e-7).tolist()
    [1.0, 1.0]
    >>> solve_scaled(np.ones((2, 2)), np.ones(2), 1e-7) is None
    True
    """
    if not len(g):
        return g
    diagonal = J.diagonal()
    if not (diagonal > 0.0).all():
        return None
    scale = 1.0 / np.sqrt(diagonal)
    root, failed = dpotrf(J * scale * scale[:, None], lower=1, clean=0)
    if failed or not root.diagonal().min(initial=1.0) >= least:
        return None
    step, _ = dpotrs(root, g * scale, lower=1)
    step = np.asarray(step * scale, dtype=np.float64)
    return step if np.isfinite(step).all() else None
