"""Columns of a stage case by case: standardized items, scores, and products of either, for R samples at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import Answers
from lvmodels.composites.layout import Column, Stage
from lvmodels.composites.options import Metric
from lvmodels.composites.regression import solve

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def items_by_case(answers: Answers, weighted: Matrix, metric: Metric) -> Matrix:
    """Items as deviations from the mean of the sample, divided by its standard deviation unless they are raw.

    Missing answers stand at the mean.

    Returns
    -------
    ndarray, shape (R, n, p)
    """
    total = weighted @ answers.seen
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (weighted @ answers.Y) / total
        X = (answers.Y[None] - mean[:, None, :]) * answers.seen[None]
        return X if metric == "raw" else X / standard_deviations(X, weighted)[:, None, :]


def standard_deviations(X: Matrix, weighted: Matrix) -> Matrix:
    """Of columns whose mean is 0, unbiased, shape (R, p)."""
    total = weighted.sum(axis=1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(np.einsum("rn,rnp,rnp->rp", weighted, X, X) / (total - 1.0)))


def centred(X: Matrix, weighted: Matrix) -> Matrix:
    """Columns as deviations from the weighted mean of the sample, shape (R, n, p)."""
    mean = np.einsum("rn,rnp->rp", weighted, X) / weighted.sum(axis=1)[:, None]
    return np.asarray(X - mean[:, None, :])


def stage_columns(stage: Stage, X: Matrix, scores: Matrix | None, weighted: Matrix) -> Matrix:
    """The columns of a stage as deviations from their means, on their own scale.

    Parameters
    ----------
    stage : Stage
    X : ndarray, shape (R, n, p)
        Items, from `items_by_case`.
    scores : ndarray, shape (R, n, J), or None
        Of the stage before.
    weighted : ndarray, shape (R, n)

    Returns
    -------
    ndarray, shape (R, n, P)
    """
    found = np.empty((*X.shape[:2], len(stage.columns)))
    for k, column in enumerate(stage.columns):
        found[:, :, k] = _column(column, X, scores, weighted)
    return centred(found, weighted)


def _column(column: Column, X: Matrix, scores: Matrix | None, weighted: Matrix) -> Matrix:
    a, b = column.sources[0], column.sources[-1]
    if column.kind == "item":
        return X[:, :, a]
    if column.kind in ("item_product", "residual"):
        product = X[:, :, a] * X[:, :, b]
        return product if column.kind == "item_product" else _partialled(product, X[:, :, column.given], weighted)
    assert scores is not None
    return scores[:, :, a] if column.kind == "score" else scores[:, :, a] * scores[:, :, b]


def _partialled(y: Matrix, X: Matrix, weighted: Matrix) -> Matrix:
    """Residuals of a column in a weighted regression on others, whose means are 0."""
    y = centred(y[:, :, None], weighted)[:, :, 0]
    WX = X * weighted[:, :, None]
    slope = solve(WX.swapaxes(1, 2) @ X, np.einsum("rnk,rn->rk", WX, y))
    return np.asarray(y - np.einsum("rnk,rk->rn", X, slope))


def covariances(X: Matrix, weighted: Matrix) -> Matrix:
    """Covariance matrices of columns whose means are 0, unbiased, shape (R, P, P)."""
    total = weighted.sum(axis=1)[:, None, None]
    return np.asarray(((X * weighted[:, :, None]).swapaxes(1, 2) @ X) / (total - 1.0))
