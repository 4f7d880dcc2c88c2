"""Implied moments as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedMoments:
    """Moments that the model implies for one group.

    Attributes
    ----------
    cov : DataFrame, shape (p, p)
        Of the observed variables; for ordinal ones correlations of the latent responses (given the covariates, if any).
    mean : Series, shape (p,)
        Sample means where the model has no mean structure.
    latent_cov : DataFrame, shape (m, m)
    latent_mean : Series, shape (m,)
    thresholds : Series
        Of ordinal variables, in standard deviations of their latent responses; the index is ``x1|t1``, ...
    """

    cov: pd.DataFrame
    mean: pd.Series[float]
    latent_cov: pd.DataFrame
    latent_mean: pd.Series[float]
    thresholds: pd.Series[float]


def group_index(fit: Fit, group: int) -> int:
    """Position, from 0, of a group counted from 1.

    Raises
    ------
    OptionValueError
    """
    if not 1 <= group <= fit.table.n_groups:
        raise OptionValueError(f"group={group!r} does not exist; groups are numbered 1 to {fit.table.n_groups}.")
    return group - 1


def compared_moments(fit: Fit, g: int) -> tuple[tuple[Matrix, Vector], tuple[Matrix, Vector]]:
    """Covariances and means of the sample, then those that the model implies, on one scale.

    Those of ordinal variables are correlations of latent responses, given the covariates, with means of 0.
    """
    sample, state = fit.prepared.moments[g], fit.solution.states[g]
    if sample.responses is None or state.responses is None:
        p = len(sample.cov)
        return (sample.cov, sample.mean), (state.matrices.V[:p, :p], state.matrices.eta[:p])
    layout = sample.responses.layout
    means = []
    for moments in (sample.responses.statistics, state.responses.moments):
        mean = np.zeros(layout.p)
        mean[layout.continuous] = moments[layout.places[1]]
        means.append(mean)
    return (sample.responses.cov, means[0]), (state.responses.cov, means[1])


def outcome_names(fit: Fit) -> list[str]:
    """Names of the variables that `compared_moments` is about."""
    template = fit.objective.template
    return list(template.observed[: template.n_observed - template.n_given])


def implied(fit: Fit, group: int) -> ImpliedMoments:
    """The record behind `Fit.implied`."""
    import pandas as pd

    g = group_index(fit, group)
    matrices, template = fit.solution.states[g].matrices, fit.objective.template
    p, observed, latent = template.n_observed, outcome_names(fit), list(template.latent)
    (_, sample_mean), (Sigma, mu) = compared_moments(fit, g)
    return ImpliedMoments(
        cov=pd.DataFrame(Sigma, index=observed, columns=observed),
        mean=pd.Series(mu if template.meanstructure else sample_mean, index=observed),
        latent_cov=pd.DataFrame(matrices.V[p:, p:], index=latent, columns=latent),
        latent_mean=pd.Series(matrices.eta[p:], index=latent),
        thresholds=_thresholds(fit, g),
    )


def _thresholds(fit: Fit, g: int) -> pd.Series[float]:
    import pandas as pd

    state, layout = fit.solution.states[g].responses, fit.objective.template.responses
    if state is None or layout is None:
        return pd.Series(dtype=float)
    of = layout.threshold_variable
    names = outcome_names(fit)
    index = [f"{names[v]}|t{k - layout.first_threshold[v] + 1}" for k, v in enumerate(of)]
    return pd.Series(state.moments[layout.places[0]], index=index)
