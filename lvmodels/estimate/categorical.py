"""The least-squares discrepancy of ordinal answers: e'Ve of thresholds, slopes and correlations (Muthén 1984)."""

from __future__ import annotations

import numpy as np

from lvmodels.estimate.likelihood import GroupState
from lvmodels.model.matrices import ModelMatrices, Template
from lvmodels.model.responses import response_slopes, response_state
from lvmodels.moments.complete import Moments
from lvmodels.moments.weight import weighted


def categorical_state(
    template: Template, g: int, matrices: ModelMatrices, values: np.ndarray, moments: Moments
) -> GroupState:
    """What one group with ordinal variables contributes, at completed values of all rows.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a latent response has no variance.
    """
    assert moments.responses is not None
    assert moments.weight is not None
    state = response_state(template, g, matrices, values)
    directions = template.groups[g].directions
    e = moments.responses.statistics - state.moments
    pull = weighted(moments.weight, e)
    M, p = len(matrices.Tau), template.n_observed
    zero = np.zeros((2 * M, 2 * M))
    means = np.zeros(M + 2)
    means[:M], means[M] = matrices.eta, 1.0
    return GroupState(
        float(e @ pull),
        zero,
        zero,
        zero[0],
        means,
        matrices,
        _inverse(matrices.V[:p, :p]),
        weight=moments.weight,
        responses=state,
        pull=pull,
        own=(directions, response_slopes(state, directions)),
    )


def _inverse(Sigma: np.ndarray) -> np.ndarray:
    """The inverse, or NaN: a Heywood case is a minimum of this discrepancy like any other."""
    try:
        return np.asarray(np.linalg.inv(Sigma), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full_like(Sigma, np.nan)
