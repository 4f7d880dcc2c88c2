"""Means, correlations and distributions of the items, each from all who answered, in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only

__all__ = ["ItemMoments", "item_moments"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ItemMoments:
    """What all respondents together say of p items.

    Attributes
    ----------
    n : int
        Respondents.
    count : ndarray, shape (p,)
        Who answered each item.
    mean : ndarray, shape (p,)
    central : ndarray, shape (3, p)
        Second, third and fourth central moments (divided by the count).
    minimum, maximum : ndarray, shape (p,)
    cov, cor : ndarray, shape (p, p)
        Covariances (divided by n - 1) and correlations of those who answered both items; NaN where fewer than two did.
    """

    n: int
    count: Vector
    mean: Vector
    central: Matrix
    minimum: Vector
    maximum: Vector
    cov: Matrix
    cor: Matrix


def item_moments(pieces: Iterable[Matrix]) -> ItemMoments:
    """Add up pieces of the answers, each of shape (p, rows).

    Examples
    --------
    >>> found = item_moments([np.array([[1.0, 2.0, 3.0, np.nan], [1.0, 2.0, 4.0, 5.0]])])
    >>> found.mean.tolist(), round(float(found.cor[0, 1]), 4)
    ([2.0, 3.0], 0.982)
    """
    sums: _Sums | None = None
    for Y in pieces:
        sums = _Sums(Y) if sums is None else sums
        sums.add(Y)
    if sums is None:
        sums = _Sums(np.empty((0, 0)))
    return sums.moments()


class _Sums:
    """Sums of deviations from a provisional centre: exact to the last digits, whatever the codes are."""

    def __init__(self, first: Matrix) -> None:
        p = len(first)
        answered = ~np.isnan(first)
        size = np.maximum(answered.sum(axis=1), 1)
        self.centre = np.round(np.where(answered, first, 0.0).sum(axis=1) / size)
        self.n = 0
        self.pairs, self.first, self.second, self.product = (np.zeros((p, p)) for _ in range(4))
        self.powers = np.zeros((4, p))
        self.minimum, self.maximum = np.full(p, np.inf), np.full(p, -np.inf)

    def add(self, Y: Matrix) -> None:
        self.n += Y.shape[1]
        absent = np.isnan(Y)
        D = Y - self.centre[:, None]
        square = D * D
        whole = not absent.any()
        if not whole:
            D[absent] = square[absent] = 0.0
        self.powers += [D.sum(axis=1), square.sum(axis=1), (square * D).sum(axis=1), (square * square).sum(axis=1)]
        self.product += D @ D.T
        if whole:  # who answers one item answers the other
            self.pairs += Y.shape[1]
            self.first += D.sum(axis=1)[:, None]
            self.second += square.sum(axis=1)[:, None]
        else:
            M = (~absent).astype(np.float64)
            self.pairs += M @ M.T
            self.first += D @ M.T
            self.second += square @ M.T
        with np.errstate(invalid="ignore"):
            self.minimum = np.fmin(self.minimum, np.fmin.reduce(Y, axis=1))
            self.maximum = np.fmax(self.maximum, np.fmax.reduce(Y, axis=1))

    def moments(self) -> ItemMoments:
        N = self.pairs
        with np.errstate(invalid="ignore", divide="ignore"):
            within = self.second - self.first**2 / N  # of the row's item, among those who answered the column's too
            cross = self.product - self.first * self.first.T / N
            cov = np.where(N > 1, cross / (N - 1), np.nan)
            spread = within * within.T
            cor = np.where((N > 1) & (within > 0) & (within.T > 0), cross / np.sqrt(np.abs(spread)), np.nan)
            count = np.diag(N).copy()
            a, b, c, d = self.powers / count
        central = np.array([b - a**2, c - 3 * a * b + 2 * a**3, d - 4 * a * c + 6 * a**2 * b - 3 * a**4])
        unknown = count == 0
        arrays = (
            count, self.centre + a, central, np.where(unknown, np.nan, self.minimum),
            np.where(unknown, np.nan, self.maximum), cov, cor,
        )  # fmt: skip
        return ItemMoments(self.n, *(read_only(array) for array in arrays))
