"""Thresholds and polychoric correlations of ordinal variables, all pairs at once.

Two steps (Olsson 1979): thresholds from the margins, then every correlation by maximum likelihood given these, with
Fisher scoring on all contingency tables side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lvmodels.moments.bivariate import density, distribution

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
MOST = 0.9999
AT_LIMIT = MOST - 1e-6
_EMPTY_CELL = 0.5
_SMALLEST = 1e-12
_CLOSE = 1e-8  # the step after it, of Newton, is below rounding
_MAX_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Polychorics:
    """Correlations of the continuous variables behind ordinal answers.

    Attributes
    ----------
    thresholds : tuple of ndarray
        One array a variable, in standard deviations.
    rho : ndarray, shape (P,)
        Correlations of all pairs, in the order of the lower triangle.
    limits : ndarray, shape (p, C + 1)
        Thresholds between minus and plus infinity.
    tables : ndarray, shape (P, C, C)
        Contingency tables of the pairs, as counted.
    """

    thresholds: tuple[Vector, ...]
    rho: Vector
    limits: Matrix
    tables: Matrix

    @property
    def at_limit(self) -> Vector:
        """Whether each correlation is as high as it can be."""
        return np.asarray(np.abs(self.rho) >= AT_LIMIT)

    @property
    def cor(self) -> Matrix:
        """The correlations as a matrix, shape (p, p)."""
        p = len(self.thresholds)
        rows, columns = np.tril_indices(p, -1)
        cor = np.eye(p)
        cor[rows, columns] = cor[columns, rows] = self.rho
        return cor


def polychorics(codes: NDArray[np.intp], n_categories: Sequence[int]) -> Polychorics:
    """Thresholds and polychoric correlations.

    Parameters
    ----------
    codes : ndarray of int, shape (n, p)
        Categories from 0; -1 where the answer is missing, so that each pair rests on the cases that answer both.
    n_categories : sequence of int
        By variable; each category occurs.

    Examples
    --------
    >>> codes = np.array([[0, 0]] * 40 + [[0, 1]] * 10 + [[1, 0]] * 10 + [[1, 1]] * 40)
    >>> round(float(polychorics(codes, [2, 2]).rho[0]), 3)  # sin(pi / 2 (4 * 0.4 - 1))
    0.809
    """
    p = codes.shape[1]
    limits = np.full((p, max(n_categories) + 1), np.inf)
    limits[:, 0] = -np.inf
    thresholds = []
    for j, count in enumerate(n_categories):
        counted = np.cumsum(np.bincount(codes[codes[:, j] >= 0, j], minlength=count))
        thresholds.append(np.asarray(ndtri(counted[:-1] / counted[-1])))
        limits[j, 1:count] = thresholds[-1]
    rows, columns = np.tril_indices(p, -1)
    tables = _tables(codes, max(n_categories), rows, columns)
    binary = (np.array(n_categories)[rows] == 2) & (np.array(n_categories)[columns] == 2)
    rho = _correlations(_without_empty(tables, binary), limits[rows], limits[columns])
    return Polychorics(tuple(thresholds), rho, limits, tables)


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Derivatives of the log-likelihood of single cases, by the cell a case falls into.

    Attributes
    ----------
    by_rho : ndarray, shape (P, C, C)
    information : ndarray, shape (P,)
        Sum of the squared scores by rho.
    cross_first, cross_second : ndarray, shape (P, C - 1)
        Sums of products with the scores by the thresholds of the first and of the second variable.
    """

    by_rho: Matrix
    information: Vector
    cross_first: Matrix
    cross_second: Matrix


def pair_scores(found: Polychorics) -> PairScores:
    """Scores of all pairs at the estimates (Olsson 1979, eqs. 8-11), and their sums of products."""
    rows, columns = np.tril_indices(len(found.thresholds), -1)
    a, b = found.limits[rows], found.limits[columns]
    probability = np.maximum(_cells(_corners(a, b, found.rho)), _SMALLEST)
    edge = density(a[:, 1:-1, None], b[:, None, 1:-1], found.rho[:, None, None])
    by_rho = _cells(_framed(edge)) / probability
    weighted = found.tables * by_rho
    return PairScores(
        by_rho=by_rho,
        information=np.maximum((weighted * by_rho).sum(axis=(1, 2)), _SMALLEST),
        cross_first=_by_thresholds(a, b, found.rho, weighted / probability),
        cross_second=_by_thresholds(b, a, found.rho, np.swapaxes(weighted / probability, 1, 2)),
    )


def _by_thresholds(a: Matrix, b: Matrix, rho: Vector, weight: Matrix) -> Matrix:
    """Sum over the cells of `weight` times the derivatives of their probabilities by the inner limits a."""
    inner, r = a[:, 1:-1], np.sqrt(1.0 - rho**2)[:, None, None]
    finite = np.where(np.isfinite(inner), inner, 0.0)
    edge = np.where(np.isfinite(inner), np.exp(-0.5 * finite**2) / np.sqrt(2.0 * np.pi), 0.0)
    share = ndtr((b[:, None, :] - rho[:, None, None] * finite[:, :, None]) / r)
    slope = edge[:, :, None] * np.diff(share, axis=2)  # of the cells left of a limit; those right of it lose as much
    return np.asarray((slope * (weight[:, :-1] - weight[:, 1:])).sum(axis=2))


def _tables(codes: NDArray[np.intp], width: int, i: NDArray[np.intp], j: NDArray[np.intp]) -> Matrix:
    """Contingency tables of all pairs, shape (P, C, C)."""
    n, p = codes.shape
    flat = np.zeros((p * width, n), dtype=np.float32)  # counts are exact up to 2^24 cases of a cell
    variable, case = np.nonzero(codes.T >= 0)
    flat[variable * width + codes[case, variable], case] = 1.0
    counted = (flat @ flat.T).reshape(p, width, p, width)
    return np.asarray(counted[i, :, j, :], dtype=np.float64)


def _without_empty(tables: Matrix, binary: NDArray[np.bool_]) -> Matrix:
    """The tables with one half in empty cells of those that are 2 x 2."""
    found = tables.copy()
    block = found[binary, :2, :2]
    found[binary, :2, :2] = np.where(block == 0, _EMPTY_CELL, block)
    return found


def _correlations(tables: Matrix, a: Matrix, b: Matrix) -> Vector:
    """Correlations of greatest likelihood of a stack of tables with limits a (rows) and b (columns)."""
    found = _first(tables)
    low, high = np.full(len(found), -MOST), np.full(len(found), MOST)
    going = np.arange(len(found))
    for _ in range(_MAX_STEPS):
        if not len(going):
            break
        rho = found[going]
        score, curvature = _score(tables[going], a[going], b[going], rho)
        # the root of the score stays between `low` and `high`, so that no step can lead astray
        low[going], high[going] = np.where(score > 0, rho, low[going]), np.where(score < 0, rho, high[going])
        following = rho + score / np.maximum(curvature, _SMALLEST)
        outside = (following <= low[going]) | (following >= high[going])
        found[going] = np.where(outside, (low[going] + high[going]) / 2.0, following)
        going = going[np.abs(found[going] - rho) > _CLOSE]
    return np.asarray(np.clip(found, -MOST, MOST))


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
    """Derivative of the log-likelihood by rho, and its curvature: observed where that is near the expected one."""
    probability = np.maximum(_cells(_corners(a, b, rho)), _SMALLEST)
    A, B, R = a[:, 1:-1, None], b[:, None, 1:-1], rho[:, None, None]
    edge = density(A, B, R)
    h, k, free = _finite(A), _finite(B), 1.0 - R**2
    turn = edge * (R * free + (1.0 + R**2) * h * k - R * (h * h + k * k)) / free**2
    slope, bend = _cells(_framed(edge)), _cells(_framed(turn))
    share = tables / probability
    by_cell = share * slope / probability
    expected = tables.sum(axis=(1, 2)) * (slope**2 / probability).sum(axis=(1, 2))
    observed = (by_cell * slope - share * bend).sum(axis=(1, 2))
    near = (observed > 0.3 * expected) & (observed < 3.0 * expected)
    return (share * slope).sum(axis=(1, 2)), np.where(near, observed, expected)


def _finite(limits: Matrix) -> Matrix:
    return np.asarray(np.where(np.isfinite(limits), limits, 0.0))


def _corners(a: Matrix, b: Matrix, rho: Vector) -> Matrix:
    """The distribution function at all pairs of limits, shape (P, C + 1, C + 1); at outer ones a margin, or nothing."""
    found = np.zeros((len(rho), a.shape[1], b.shape[1]))
    found[:, 1:, -1], found[:, -1, 1:] = ndtr(a[:, 1:]), ndtr(b[:, 1:])
    found[:, 1:-1, 1:-1] = distribution(a[:, 1:-1, None], b[:, None, 1:-1], rho[:, None, None])
    return found


def _framed(inner: Matrix) -> Matrix:
    """Values at the inner corners with a frame of zeros."""
    return np.pad(inner, ((0, 0), (1, 1), (1, 1)))


def _cells(corner: Matrix) -> Matrix:
    """Values of the cells from those of their upper corners."""
    return np.asarray(corner[:, 1:, 1:] - corner[:, :-1, 1:] - corner[:, 1:, :-1] + corner[:, :-1, :-1])
