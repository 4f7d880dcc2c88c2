"""Implied moments as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lvmodels.errors import OptionValueError
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedMoments:
    """Moments that the model implies for one group.

    Attributes
    ----------
    cov : DataFrame, shape (p, p)
        Of the observed variables.
    mean : Series, shape (p,)
        Sample means where the model has no mean structure.
    latent_cov : DataFrame, shape (m, m)
    latent_mean : Series, shape (m,)
    """

    cov: pd.DataFrame
    mean: pd.Series[float]
    latent_cov: pd.DataFrame
    latent_mean: pd.Series[float]


def group_index(fit: Fit, group: int) -> int:
    """Position, from 0, of a group counted from 1.

    Raises
    ------
    OptionValueError
    """
    if not 1 <= group <= fit.table.n_groups:
        raise OptionValueError(f"group={group!r} does not exist; groups are numbered 1 to {fit.table.n_groups}.")
    return group - 1


def implied(fit: Fit, group: int) -> ImpliedMoments:
    """The record behind `Fit.implied`."""
    import pandas as pd

    g = group_index(fit, group)
    matrices, template = fit.solution.states[g].matrices, fit.objective.template
    p, observed, latent = template.n_observed, list(template.observed), list(template.latent)
    mean = matrices.eta[:p] if template.meanstructure else fit.prepared.moments[g].mean
    return ImpliedMoments(
        cov=pd.DataFrame(matrices.V[:p, :p], index=observed, columns=observed),
        mean=pd.Series(mean, index=observed),
        latent_cov=pd.DataFrame(matrices.V[p:, p:], index=latent, columns=latent),
        latent_mean=pd.Series(matrices.eta[p:], index=latent),
    )
