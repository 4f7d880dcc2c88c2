"""Log-likelihoods and saturated moments of two-level fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.estimate.solve import Optimum
from lvmodels.fit.record import Fit
from lvmodels.fit.saturated import baseline_levels, saturated_levels, saturated_rows
from lvmodels.moments.complete import Moments

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_LOG_2_PI = float(np.log(2.0 * np.pi))


@derived
def saturated_optimum(fit: Fit) -> tuple[Objective, Optimum]:
    """The saturated model of both levels at its minimum."""
    return saturated_levels(fit.table, fit.prepared.moments)


@derived
def baseline_optimum(fit: Fit) -> tuple[Objective, Optimum]:
    """The baseline model of both levels at its minimum."""
    return baseline_levels(fit.table, fit.prepared.moments)


@derived
def saturated_outcomes(fit: Fit) -> NDArray[np.intp]:
    """Which saturated moments the model explains: all but those of fixed covariates."""
    held = {(row.group, row.level, frozenset((row.lhs, row.rhs))) for row in fit.table.rows if row.covariate}
    template_rows = saturated_rows(fit.table)
    return np.array([k for k, row in enumerate(template_rows)
                     if (row.group, row.level, frozenset((row.lhs, row.rhs))) not in held], dtype=np.intp)  # fmt: skip


def level_chi_square(fit: Fit, F: float) -> float:
    """N times how far a discrepancy lies above that of the saturated model; NaN when that was not found."""
    _, saturated = saturated_optimum(fit)
    if not saturated.converged:
        return float("nan")
    return max(fit.nobs * (F - saturated.F), 0.0)


def level_log_likelihood(fit: Fit, F: float) -> float:
    """Log-likelihood, constants included, of a two-level model with this discrepancy, given fixed covariates.

    By custom only covariates of one level are taken off; those of both levels keep their part.
    """
    total = -0.5 * fit.nobs * F
    for g, sample in enumerate(fit.prepared.moments, start=1):
        assert sample.levels is not None
        total -= 0.5 * _LOG_2_PI * sample.levels.n_values
        for level, n in ((1, sample.levels.clusters.n_cases), (2, sample.levels.clusters.n_clusters)):
            total -= _of_covariates(fit, sample, g, level, n)
    return total


def _of_covariates(fit: Fit, sample: Moments, g: int, level: int, n: float) -> float:
    """Log-likelihood of the fixed covariates that stand at this level alone, n independent draws of them."""
    assert sample.levels is not None
    elsewhere = fit.table.levels[2 - level].observed
    names = fit.objective.template.observed
    held = {row.lhs for row in fit.table.rows if row.covariate and (row.group, row.level) == (g, level)}
    alone = [k for k, name in enumerate(names) if name in held and name not in elsewhere]
    if not alone:
        return 0.0
    S = sample.levels.cov[level - 1][np.ix_(alone, alone)]
    return -0.5 * n * float(len(alone) * (_LOG_2_PI + 1.0) + np.linalg.slogdet(S)[1])


def saturated_moments_of(fit: Fit, block: int) -> tuple[Matrix, Vector]:
    """Covariances and means of one level of one group in the saturated model, all variables of the model."""
    return block_moments(saturated_optimum(fit)[1].evaluation, block)


def block_moments(evaluation: Evaluation, block: int) -> tuple[Matrix, Vector]:
    """Covariances and means that a model implies at one level of one group."""
    matrices, p = evaluation.states[block].matrices, len(evaluation.states[block].W)
    return matrices.V[:p, :p], matrices.eta[:p]


def icc(fit: Fit) -> pd.DataFrame:
    """The frame behind `Fit.icc`.

    Raises
    ------
    OptionValueError
        For a model of one level.
    """
    import pandas as pd

    levels = fit.objective.template.levels
    if levels is None:
        raise OptionValueError(
            "intraclass correlations belong to two-level models; write blocks 'level: 1' and 'level: 2', and name "
            "cluster=."
        )
    chosen = np.flatnonzero(levels.within)
    names = [fit.objective.template.observed[k] for k in chosen]
    frames = []
    for g in range(fit.table.n_groups):
        within, between = (np.diagonal(saturated_moments_of(fit, 2 * g + k)[0])[chosen] for k in range(2))
        columns = {"within": within, "between": between, "icc": between / (within + between)}
        frame = pd.DataFrame(columns, index=pd.Index(names, name="variable"))
        if fit.table.n_groups > 1:
            frame.insert(0, "group", g + 1)
        frames.append(frame)
    return pd.concat(frames)
