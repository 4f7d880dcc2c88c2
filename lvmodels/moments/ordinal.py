"""Thresholds and polychoric correlations of ordinal variables, all pairs at once.

Two steps (Olsson 1979): thresholds from the margins, then every correlation by maximum likelihood given these, with
Fisher scoring on all contingency tables side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from lvmodels.moments.bivariate import density, distribution

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_MOST = 0.9999
_EMPTY_CELL = 0.5
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """What ordinal answers say about the continuous variables behind them.

    Attributes
    ----------
    thresholds : tuple of ndarray
        One array a variable, in standard deviations.
    cor : ndarray, shape (p, p)
        Polychoric correlations.
    n : int
    at_limit : tuple of (int, int)
        Pairs whose correlation is as high as it can be.
    """

    thresholds: tuple[Vector, ...]
    cor: Matrix
    n: int
    at_limit: tuple[tuple[int, int], ...]


def ordinal_moments(codes: NDArray[np.intp], n_categories: list[int]) -> OrdinalMoments:
    """Thresholds and polychoric correlations.

    Parameters
    ----------
    codes : ndarray of int, shape (n, p)
        Categories from 0.
    n_categories : list of int
        By variable; each category occurs.

    Examples
    --------
    >>> codes = np.array([[0, 0]] * 40 + [[0, 1]] * 10 + [[1, 0]] * 10 + [[1, 1]] * 40)
    >>> moments = ordinal_moments(codes, [2, 2])
    >>> round(float(moments.cor[1, 0]), 3)  # sin(pi / 2 (4 * 0.4 - 1))
    0.809
    """
    n, p = codes.shape
    limits = np.full((p, max(n_categories) + 1), np.inf)
    limits[:, 0] = -np.inf
    thresholds = []
    for j, count in enumerate(n_categories):
        share = np.cumsum(np.bincount(codes[:, j], minlength=count))[:-1] / n
        thresholds.append(np.asarray(ndtri(share)))
        limits[j, 1:count] = thresholds[-1]
    rows, columns = np.tril_indices(p, -1)
    tables = _tables(codes, max(n_categories), rows, columns, np.array(n_categories))
    rho = _correlations(tables, limits[rows], limits[columns])
    cor = np.eye(p)
    cor[rows, columns] = cor[columns, rows] = rho
    extreme = np.flatnonzero(np.abs(rho) >= _MOST - 1e-9)
    return OrdinalMoments(tuple(thresholds), cor, n, tuple((int(rows[k]), int(columns[k])) for k in extreme))


def _tables(
    codes: NDArray[np.intp], width: int, i: NDArray[np.intp], j: NDArray[np.intp], counts: NDArray[np.intp]
) -> Matrix:
    """Contingency tables of all pairs, shape (pairs, C, C); an empty cell of a 2 x 2 table counts one half."""
    member = np.zeros((codes.shape[1], width, len(codes)))
    for c in range(width):
        member[:, c] = (codes == c).T
    flat = member.reshape(-1, len(codes))
    all_pairs = (flat @ flat.T).reshape(codes.shape[1], width, codes.shape[1], width)
    tables = all_pairs[i, :, j, :]
    binary = (counts[i] == 2) & (counts[j] == 2) & (tables[:, :2, :2] == 0).any(axis=(1, 2))
    for k in np.flatnonzero(binary):
        block = tables[k, :2, :2]
        tables[k, :2, :2] = np.where(block == 0, _EMPTY_CELL, block)
    return tables


def _correlations(tables: Matrix, a: Matrix, b: Matrix) -> Vector:
    """Correlations of greatest likelihood of a stack of tables with limits a (rows) and b (columns)."""
    rho = _first(tables)
    low, high = np.full(len(rho), -_MOST), np.full(len(rho), _MOST)
    for _ in range(60):
        score, information = _score(tables, a, b, rho)
        # the root of the score stays between `low` and `high`, so that no step can lead astray
        low, high = np.where(score > 0, rho, low), np.where(score < 0, rho, high)
        step = score / np.maximum(information, _SMALLEST)
        following = rho + step
        outside = (following <= low) | (following >= high)
        following = np.where(outside, (low + high) / 2.0, following)
        if np.abs(following - rho).max(initial=0.0) < 1e-10:
            break
        rho = following
    return np.asarray(np.clip(rho, -_MOST, _MOST))


def _first(tables: Matrix) -> Vector:
    """Product-moment correlations of the codes, a little larger."""
    c = np.arange(tables.shape[1])
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    x, y = share.sum(axis=2), share.sum(axis=1)
    mx, my = x @ c, y @ c
    cov = np.einsum("kab,a,b->k", share, c, c) - mx * my
    size = np.sqrt(np.maximum((x @ c**2 - mx**2) * (y @ c**2 - my**2), _SMALLEST))
    return np.asarray(np.clip(1.1 * cov / size, -0.95, 0.95))


def _score(tables: Matrix, a: Matrix, b: Matrix, rho: Vector) -> tuple[Vector, Vector]:
    """Derivative of the log-likelihood by rho, and its expected information."""
    A, B, R = a[:, :, None], b[:, None, :], rho[:, None, None]
    probability = np.maximum(_cells(distribution(A, B, R)), _SMALLEST)
    slope = _cells(density(A, B, R))
    n = tables.sum(axis=(1, 2))
    score = (tables * slope / probability).sum(axis=(1, 2))
    return score, n * (slope**2 / probability).sum(axis=(1, 2))


def _cells(corner: Matrix) -> Matrix:
    """Values of the cells from those of their upper corners."""
    return np.asarray(corner[:, 1:, 1:] - corner[:, :-1, 1:] - corner[:, 1:, :-1] + corner[:, :-1, :-1])
