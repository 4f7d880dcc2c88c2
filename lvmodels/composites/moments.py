"""Covariances of items in R samples at once, each sample told by how often it holds every case.

Without missing answers a whole stack of covariance matrices is one product of matrices: counts times the products of
answers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.composites.answers import Answers

Matrix = NDArray[np.float64]
_ROWS = 4096
"""Cases whose products are made at a time."""


def item_covariances(answers: Answers, counts: Matrix) -> Matrix:
    """Covariance matrices of the items, unbiased.

    Parameters
    ----------
    answers : Answers
    counts : ndarray, shape (R, n)
        How often each case is in each sample; need not be whole numbers. Weights of cases are multiplied in here.

    Returns
    -------
    ndarray, shape (R, p, p)
    """
    weighted = counts * answers.weights
    if answers.complete:
        return _complete(answers.Y, weighted)
    return _incomplete(answers, weighted)


def _complete(Y: Matrix, weighted: Matrix) -> Matrix:
    p = Y.shape[1]
    i, j = lower_triangle(p)
    sums = np.zeros((len(weighted), len(i) + p))
    for begin in range(0, len(Y), _ROWS):
        part = Y[begin : begin + _ROWS]
        products = np.concatenate([part[:, i] * part[:, j], part], axis=1)
        sums += weighted[:, begin : begin + _ROWS] @ products
    total = weighted.sum(axis=1)[:, None]
    mean = sums[:, len(i) :] / total
    found = (sums[:, : len(i)] / total - mean[:, i] * mean[:, j]) * (total / (total - 1.0))
    S = np.empty((len(weighted), p, p))
    S[:, i, j] = S[:, j, i] = found
    return S


def _incomplete(answers: Answers, weighted: Matrix) -> Matrix:
    """Missing answers at the mean of the sample, or left out pair by pair."""
    Y, M = answers.Y, answers.seen
    N, A, Q = (_sums(weighted, *pair) for pair in ((M, M), (Y, M), (Y, Y)))  # A: of i over the cases that answer j
    if answers.pairwise:
        with np.errstate(invalid="ignore", divide="ignore"):
            own = _sums(weighted, Y**2, M) - A**2 / N  # squared deviations of i over the cases that answer j
            r = (Q - A * A.swapaxes(1, 2) / N) / np.sqrt(own * own.swapaxes(1, 2))
            scale = np.sqrt(np.diagonal(own, axis1=1, axis2=2) / (np.diagonal(N, axis1=1, axis2=2) - 1.0))
        return np.asarray(r * scale[:, :, None] * scale[:, None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.diagonal(A, axis1=1, axis2=2) / np.diagonal(N, axis1=1, axis2=2)
    crossed = mean[:, None, :] * A
    total = weighted.sum(axis=1)[:, None, None]
    return np.asarray((Q - crossed - crossed.swapaxes(1, 2) + mean[:, :, None] * mean[:, None, :] * N) / (total - 1.0))


def _sums(weighted: Matrix, left: Matrix, right: Matrix) -> Matrix:
    """Sums of products of columns over the cases of each sample, shape (R, p, p)."""
    p = left.shape[1]
    found = np.zeros((len(weighted), p * p))
    for begin in range(0, len(left), _ROWS):
        a, b = left[begin : begin + _ROWS], right[begin : begin + _ROWS]
        found += weighted[:, begin : begin + _ROWS] @ (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)
    return found.reshape(len(weighted), p, p)


def correlations(S: Matrix) -> Matrix:
    """Covariances to correlations, shape (R, p, p); NaN where a variable does not vary."""
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.diagonal(S, axis1=-2, axis2=-1)
        scale = 1.0 / np.sqrt(np.where(own > 1e-300, own, np.nan))
    return np.asarray(S * scale[..., :, None] * scale[..., None, :])
