"""Promax: varimax, sharpened by a power, and fitted by least squares (Hendrickson and White 1964)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError


def promax(X: NDArray[Any], power: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Oblique loadings and factor correlations from varimax loadings.

    Parameters
    ----------
    X : ndarray, shape (p, m)
        Varimax loadings; complex ones serve to differentiate.
    power : float
        To which loadings are raised, their signs kept; customarily 4.

    Returns
    -------
    ndarray, shape (p, m)
    ndarray, shape (m, m)

    Raises
    ------
    DataError
        When the loadings have fewer dimensions than factors.
    """
    if np.linalg.matrix_rank(X.real) < X.shape[1]:
        raise DataError(
            "promax needs as many dimensions as factors, and one of the factors has no loadings of its own; extract "
            "fewer factors."
        )
    goal = X * (X * X + 1e-300) ** ((power - 1.0) / 2.0)
    U = np.linalg.solve(X.T @ X, X.T @ goal)
    inner = np.linalg.inv(U.T @ U)
    scale = np.sqrt(np.diagonal(inner))
    return X @ (U * scale), inner / np.outer(scale, scale)
