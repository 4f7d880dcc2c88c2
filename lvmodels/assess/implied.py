"""Implied moments as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.twolevel import block_moments, saturated_moments_of
from lvmodels.errors import OptionValueError
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedMoments:
    """Moments that the model implies for one group, or one level of it.

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
    if not _counts(group) or not 1 <= group <= fit.table.n_groups:
        raise OptionValueError(f"group={group!r} does not exist; groups are numbered 1 to {fit.table.n_groups}.")
    return group - 1


def block_index(fit: Fit, group: int, level: int) -> int:
    """Position, from 0, of a level of a group among the blocks of the model.

    Raises
    ------
    OptionValueError
    """
    if not _counts(level) or not 1 <= level <= fit.table.n_levels:
        known = "levels are 1 (within) and 2 (between)" if fit.table.levels else "the model has one level"
        raise OptionValueError(f"level={level!r} does not exist; {known}.")
    return group_index(fit, group) * fit.table.n_levels + level - 1


def _counts(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def compared_moments(fit: Fit, g: int) -> tuple[tuple[Matrix, Vector], tuple[Matrix, Vector]]:
    """Covariances and means of the sample, then those that the model implies, on one scale.

    With levels g is a block, and the saturated moments stand for those of the sample. Those of ordinal
    variables are correlations of latent responses, given the covariates, with means of 0.
    """
    if fit.table.levels:
        some = np.flatnonzero(observed_at(fit, g))
        both = (saturated_moments_of(fit, g), block_moments(fit.solution, g))
        (S, mean), (Sigma, mu) = ((cov[np.ix_(some, some)], center[some]) for cov, center in both)
        return (S, mean), (Sigma, np.where(own_means(fit, g), mu + _carried(fit, g, some), 0.0))
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


def _carried(fit: Fit, block: int, some: NDArray[np.intp]) -> Vector:
    """What predictors of level 1 add to the means of variables of both levels, which stand at level 2."""
    if block % 2 == 0:
        return np.zeros(len(some))
    below = observed_at(fit, block - 1)[some]
    return np.where(below, block_moments(fit.solution, block - 1)[1][some], 0.0)


def own_means(fit: Fit, block: int) -> NDArray[np.bool_]:
    """Which of the observed variables of a level have their mean there; those of both levels have it at the second."""
    there = observed_at(fit, block)
    return np.ones(int(there.sum()), bool) if block % 2 else ~observed_at(fit, block + 1)[there]


def observed_at(fit: Fit, block: int) -> NDArray[np.bool_]:
    """Which observed variables stand in a block of a two-level model."""
    levels = fit.objective.template.levels
    assert levels is not None
    return levels.between if block % 2 else levels.within


def outcome_names(fit: Fit, block: int = 0) -> list[str]:
    """Names of the variables that `compared_moments` is about."""
    template = fit.objective.template
    if template.levels is not None:
        return [name for name, there in zip(template.observed, observed_at(fit, block), strict=True) if there]
    return list(template.observed[: template.n_observed - template.n_given])


def implied(fit: Fit, group: int, level: int) -> ImpliedMoments:
    """The record behind `Fit.implied`."""
    import pandas as pd

    g = block_index(fit, group, level)
    matrices, template = fit.solution.states[g].matrices, fit.objective.template
    p, observed, latent = template.n_observed, outcome_names(fit, g), list(template.latent)
    some = np.array([k for k, name in enumerate(latent) if name in latent_names(fit, level)], dtype=np.intp)
    latent = [latent[k] for k in some]
    (_, sample_mean), (Sigma, mu) = compared_moments(fit, g)
    if fit.table.levels:  # as each level has them; residuals are about their sum
        mu = matrices.eta[:p][observed_at(fit, g)]
    return ImpliedMoments(
        cov=pd.DataFrame(Sigma, index=observed, columns=observed),
        mean=pd.Series(mu if template.meanstructure else sample_mean, index=observed),
        latent_cov=pd.DataFrame(matrices.V[p:, p:][np.ix_(some, some)], index=latent, columns=latent),
        latent_mean=pd.Series(matrices.eta[p:][some], index=latent),
        thresholds=_thresholds(fit, g),
    )


def latent_names(fit: Fit, level: int) -> tuple[str, ...]:
    """Latent variables of a level."""
    return fit.table.levels[level - 1].latent if fit.table.levels else fit.table.variables.latent


def _thresholds(fit: Fit, g: int) -> pd.Series[float]:
    import pandas as pd

    state, layout = fit.solution.states[g].responses, fit.objective.template.responses
    if state is None or layout is None:
        return pd.Series(dtype=float)
    of = layout.threshold_variable
    names = outcome_names(fit)
    index = [f"{names[v]}|t{k - layout.first_threshold[v] + 1}" for k, v in enumerate(of)]
    return pd.Series(state.moments[layout.places[0]], index=index)
