"""Outer weights by alternating estimation of composites, for a stack of covariance matrices at once.

S   covariances of the columns in their slots      w   outer weights
T   covariances of slots with scores               C   correlations of scores
E   inner weights: column j makes the proxy of construct j from its neighbours

Wold (1982); Tenenhaus, Esposito Vinzi, Chatelin and Lauro (2005, sections 1.3 and 1.4). Nothing in the loop depends on
the number of cases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.layout import Stage
from lvmodels.composites.options import Scheme
from lvmodels.composites.regression import inverses, solve

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What the iteration found for R samples.

    Attributes
    ----------
    w : ndarray, shape (R, K)
        Scores have unit variance.
    converged : ndarray of bool, shape (R,)
    iterations : ndarray of int, shape (R,)
    """

    w: Matrix
    converged: Flags
    iterations: NDArray[np.intp]


def outer_weights(S: Matrix, stage: Stage, scheme: Scheme, tolerance: float, max_iterations: int) -> Weights:
    """Iterate until no weight changes by more than the tolerance.

    Parameters
    ----------
    S : ndarray, shape (R, K, K)
        Covariances (or correlations) of the slots.
    stage : Stage
    scheme : {"path", "factorial", "centroid"}
    tolerance : float
    max_iterations : int

    Returns
    -------
    Weights
        NaN where a sample has no solution.
    """
    R, K, _ = S.shape
    blocks = _block_inverses(S, stage)
    w = normalised(np.ones((R, K)), S, stage)
    converged, iterations = np.zeros(R, dtype=bool), np.full(R, max_iterations, dtype=np.intp)
    active = np.flatnonzero(np.isfinite(w).all(axis=1))
    here, inverse = S[active], tuple(None if G is None else G[active] for G in blocks)
    for step in range(1, max_iterations + 1):
        if not len(active):
            break
        new = normalised(_step(here, w[active], stage, scheme, inverse), here, stage)
        change = np.abs(new - w[active]).max(axis=1)
        w[active] = new
        settled, broken = change < tolerance, ~np.isfinite(change)
        converged[active[settled]] = True
        iterations[active[settled | broken]] = step
        if (settled | broken).any():
            going = ~(settled | broken)
            active, here = active[going], here[going]
            inverse = tuple(None if G is None else G[going] for G in inverse)
    return Weights(w, converged, iterations)


def _block_inverses(S: Matrix, stage: Stage) -> tuple[Matrix | None, ...]:
    """Inverse of the covariances within each block of mode B."""
    found: list[Matrix | None] = []
    for j, mode in enumerate(stage.modes):
        own = stage.slots_of(j)
        found.append(inverses(S[:, own, own]) if mode == "B" and own.stop - own.start > 1 else None)
    return tuple(found)


def normalised(w: Matrix, S: Matrix, stage: Stage) -> Matrix:
    """Weights that give every score unit variance, shape (R, K)."""
    size = np.empty((len(w), len(stage.starts)))
    for j in range(len(stage.starts)):
        own = stage.slots_of(j)
        v = w[:, own]
        size[:, j] = np.einsum("ra,rab,rb->r", v, S[:, own, own], v)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(w / np.sqrt(np.where(size > 1e-14, size, np.nan))[:, stage.block])


def scores_with_slots(S: Matrix, w: Matrix, stage: Stage) -> tuple[Matrix, Matrix]:
    """Covariances of slots with scores, and among scores.

    Returns
    -------
    ndarray, shape (R, K, J)
    ndarray, shape (R, J, J)
    """
    W = np.zeros((*w.shape, len(stage.starts)))
    W[:, np.arange(w.shape[1]), stage.block] = w
    T = S @ W
    return T, W.swapaxes(1, 2) @ T


def _step(S: Matrix, w: Matrix, stage: Stage, scheme: Scheme, inverse: tuple[Matrix | None, ...]) -> Matrix:
    """New weights, before they are normalised."""
    T, C = scores_with_slots(S, w, stage)
    E = inner_weights(C, stage, scheme)
    z = np.einsum("rkj,rkj->rk", T, E.swapaxes(1, 2)[:, stage.block])
    new = z.copy()
    linked = stage.linked
    for j, mode in enumerate(stage.modes):
        own = stage.slots_of(j)
        G = inverse[j]
        if mode == "unit" or not linked[j]:
            new[:, own] = w[:, own]
        elif G is not None:
            new[:, own] = (G @ z[:, own, None])[:, :, 0]
    return np.asarray(new)


def inner_weights(C: Matrix, stage: Stage, scheme: Scheme) -> Matrix:
    """How the neighbours of each construct make its proxy, shape (R, J, J)."""
    linked = stage.neighbours
    if scheme == "centroid":
        return np.asarray(np.sign(C) * linked)
    E: Matrix = C * linked
    if scheme == "path":
        for j in range(len(stage.names)):
            before = stage.predecessors(j)
            if len(before) > 1:
                E[:, before, j] = solve(C[:, before[:, None], before], C[:, before, j])
    return E
