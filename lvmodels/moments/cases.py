"""Answers of single cases, laid out so that quadratic forms of all of them are one matrix product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle, read_only

Index = NDArray[np.intp]
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CaseBlock:
    """The cases that answer the same variables, q of them.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Which cases of the group they are.
    observed : ndarray of int, shape (q,)
        Which variables they answer.
    design : ndarray, shape (n, 1 + q + q (q + 1) / 2)
        Ones, answers less the centre, and their squares and products (`lvmodels.arrays.lower_triangle`).
    """

    rows: Index
    observed: Index
    design: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """The answers of the cases of one group.

    Attributes
    ----------
    centre : ndarray, shape (p,)
        Taken off all answers, to keep digits.
    blocks : tuple of CaseBlock
        One for each pattern of missing values.
    weights : ndarray, shape (n,)
        Sampling weights; ones without.
    """

    centre: Vector
    blocks: tuple[CaseBlock, ...]
    weights: Vector


def cases_of_group(Y: Matrix, weights: Vector | None = None) -> Cases:
    """Lay out the answers of a group.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Missing values are NaN.
    weights : ndarray, shape (n,), optional

    Examples
    --------
    >>> cases = cases_of_group(np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]))
    >>> [block.observed.tolist() for block in cases.blocks]
    [[0], [0, 1]]
    >>> cases.blocks[1].design.tolist()
    [[1.0, -2.0, -2.0, 4.0, 4.0, 4.0], [1.0, 2.0, 2.0, 4.0, 4.0, 4.0]]
    """
    centre = np.nanmean(Y, axis=0)
    kinds, member = np.unique(~np.isnan(Y), axis=0, return_inverse=True)
    blocks = []
    for k, seen in enumerate(kinds):
        rows, observed = np.flatnonzero(member.reshape(-1) == k), np.flatnonzero(seen)
        y = Y[np.ix_(rows, observed)] - centre[observed]
        i, j = lower_triangle(len(observed))
        design = np.concatenate([np.ones((len(y), 1)), y, y[:, i] * y[:, j]], axis=1)
        blocks.append(CaseBlock(rows, observed, read_only(design)))
    w = np.ones(len(Y)) if weights is None else np.array(weights, dtype=np.float64)
    return Cases(read_only(centre), tuple(blocks), read_only(w))
