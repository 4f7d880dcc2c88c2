"""Item correlations of resampled cases, as the fit would have found them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, NotEstimableError
from lvmodels.estimate.choices import seed_sequence
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.record import Fit
from lvmodels.measurement.constructs import Block, item_codes
from lvmodels.moments.complete import incomplete_moments
from lvmodels.moments.ordinal import response_moments
from lvmodels.moments.polychoric import polychorics
from lvmodels.moments.responses import Responses

__all__ = ["resampled_correlations"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def resampled_correlations(fit: Fit, block: Block, n: int, seed: Any) -> Matrix:
    """Draw the cases of a block again and again, clusters whole where there are any.

    Returns
    -------
    ndarray, shape (n, p, p)
        Of the block's observed variables; NaN where a sample has none.

    Raises
    ------
    DataError
        When the model was fitted to moments.
    NotEstimableError
        For two-level models.
    """
    if fit.prepared.data is None:
        raise DataError("intervals need the answers of each case, but the model was fitted to moments; pass data=.")
    if fit.table.levels:
        raise NotEstimableError("intervals of two-level models are not available; leave ci= out.")
    generator = np.random.default_rng(seed_sequence(seed))
    Y, p = item_codes(fit, block), len(block.names)
    data = fit.prepared.data
    here = data.groups == block.group
    weights = np.ones(len(Y)) if data.weights is None else data.weights[here]
    unit = np.arange(len(Y)) if data.clusters is None else np.unique(data.clusters[here], return_inverse=True)[1]
    n_units = int(unit.max()) + 1
    found = np.full((n, p, p), np.nan)
    ordinal = np.array([len(tau) > 0 for tau in block.thresholds])
    centred = Y - np.nanmean(Y, axis=0)
    with one_thread:
        for k in range(n):
            times = np.bincount(generator.integers(n_units, size=n_units), minlength=n_units)[unit]
            if ordinal.any():
                found[k] = _polychoric(np.repeat(Y, times, axis=0), ordinal, block.names)
            elif np.isnan(Y).any():
                found[k] = _saturated(np.repeat(centred, times, axis=0), np.repeat(weights, times))
            else:
                found[k] = _weighted(centred, times * weights)
    return found


def _weighted(Y: Matrix, weights: Vector) -> Matrix:
    share = weights / weights.sum()
    mean = share @ Y
    return _correlations((Y.T * share) @ Y - np.outer(mean, mean))


def _saturated(Y: Matrix, weights: Vector) -> Matrix:
    moments, settled = incomplete_moments(Y, None if (weights == 1.0).all() else weights)
    return _correlations(moments.cov) if settled else np.full((Y.shape[1],) * 2, np.nan)


def _polychoric(Y: Matrix, ordinal: NDArray[np.bool_], names: tuple[str, ...]) -> Matrix:
    codes, counts = Y.copy(), np.zeros(len(ordinal), dtype=int)
    for j in np.flatnonzero(ordinal):
        seen = ~np.isnan(Y[:, j])
        values, codes[seen, j] = np.unique(Y[seen, j], return_inverse=True)
        counts[j] = len(values)
    if (counts[ordinal] < 2).any():
        return np.full((Y.shape[1],) * 2, np.nan)
    if ordinal.all():
        return polychorics(np.where(np.isnan(codes), -1, codes).astype(np.intp), counts.tolist()).cor
    layout = Responses(tuple(counts.tolist()))
    return _correlations(response_moments(codes, np.empty((len(Y), 0)), layout, names).cov)


def _correlations(C: Matrix) -> Matrix:
    sd = np.sqrt(np.diagonal(C))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(C / np.outer(sd, sd))
