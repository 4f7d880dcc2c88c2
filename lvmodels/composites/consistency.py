"""Correction of reflective constructs for attenuation: consistent partial least squares (Dijkstra and Henseler 2015).

rho_A = (w'w)² · w'(S − diag S)w / w'(ww' − diag ww')w,      loadings = w √rho_A / w'w
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.layout import Stage

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


def rho_a(S: Matrix, w: Matrix, stage: Stage, which: Flags) -> Matrix:
    """Reliability of scores as measures of their constructs, shape (R, J); 1 for constructs that are not asked for.

    Parameters
    ----------
    S : ndarray, shape (R, K, K)
        Correlations of the slots.
    w : ndarray, shape (R, K)
        Weights of scores with unit variance.
    stage : Stage
    which : ndarray of bool, shape (J,)

    Examples
    --------
    Two items that correlate by .5 have the same reliability as their sum, by Spearman and Brown.

    >>> from lvmodels.composites.layout import stages_of
    >>> from lvmodels.composites.declaration import declare
    >>> from lvmodels.composites.options import PlsSettings
    >>> from lvmodels.model.syntax import parse_model
    >>> stage = stages_of(declare(parse_model("F =~ a + b; y ~ F"), PlsSettings()), PlsSettings())[0]
    >>> S = np.array([[[1, 0.5, 0.2], [0.5, 1, 0.2], [0.2, 0.2, 1]]])
    >>> w = np.array([[1 / 3**0.5, 1 / 3**0.5, 1.0]])
    >>> rho_a(S, w, stage, stage.reflective).round(3)
    array([[0.667, 1.   ]])
    """
    found = np.ones((len(w), len(stage.names)))
    for j in np.flatnonzero(which):
        own = stage.slots_of(int(j))
        v, A = w[:, own], S[:, own, own]
        square = (v**2).sum(axis=1)
        explained = np.einsum("ra,rab,rb->r", v, A, v) - np.einsum("ra,raa,ra->r", v, A, v)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, j] = square**2 * explained / (square**2 - (v**4).sum(axis=1))
    return found


def consistent_loadings(w: Matrix, rho: Matrix, plain: Matrix, stage: Stage, which: Flags) -> Matrix:
    """Loadings of reflective constructs, shape (R, K); those of the others stay as they are."""
    found = plain.copy()
    for j in np.flatnonzero(which):
        own = stage.slots_of(int(j))
        v = w[:, own]
        with np.errstate(invalid="ignore"):
            found[:, own] = v * (np.sqrt(rho[:, j]) / (v**2).sum(axis=1))[:, None]
    return found


def disattenuated(C: Matrix, rho: Matrix) -> Matrix:
    """Correlations of constructs from those of their scores, shape (R, J, J)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        q = np.sqrt(rho)
        found = C / (q[:, :, None] * q[:, None, :])
    at = np.arange(C.shape[-1])
    found[:, at, at] = C[:, at, at]
    return np.asarray(found)
