"""Factor scores of single cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.categorical_scores import empirical_bayes
from lvmodels.assess.level_scores import level_scores
from lvmodels.assess.products import expected_latent, has_products
from lvmodels.errors import DataError, NotConvergedError, OptionValueError
from lvmodels.fit.record import Fit
from lvmodels.moments.missing import inverse_of_observed, patterns_of

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def scores(fit: Fit, method: Literal["regression", "bartlett"]) -> pd.DataFrame:
    """The frame behind `Fit.scores`: one column a latent variable, one row a case.

    "regression" gives the conditional mean given the answers (Thurstone 1935), with products of latent variables the
    mean of their joint posterior distribution; "bartlett" the unbiased score with least
    residual variance (Bartlett 1937). With ordinal items the first gives the mode of the posterior distribution
    (empirical Bayes), and there is no second.

    Raises
    ------
    DataError
        When the fit was made from moments.
    NotConvergedError, OptionValueError
    """
    import pandas as pd

    if method not in ("regression", "bartlett"):
        raise OptionValueError(f"method={method!r} is not known; use 'regression' or 'bartlett'.")
    data = fit.prepared.data
    if data is None:
        raise DataError("scores need the answers of each case, but the model was fitted to moments; pass data=.")
    if fit.settings.categorical and method == "bartlett":
        raise OptionValueError("method='bartlett' needs continuous items; use method='regression' for ordinal ones.")
    if fit.table.levels and method == "bartlett":
        raise OptionValueError("method='bartlett' is not defined for two-level models; use method='regression'.")
    if not fit.converged:
        raise NotConvergedError("scores need a model that converged; " + fit.optimum.reason + ".")
    weigh = _regression if method == "regression" else _bartlett
    p = fit.objective.template.n_observed  # auxiliary variables of a first stage stand behind
    found = np.empty((len(data.Y), len(fit.objective.template.latent)))
    for g in range(fit.table.n_groups):
        of_group = data.groups == g
        if fit.table.levels:
            found[of_group] = level_scores(fit, g)
            continue
        if has_products(fit) and method == "regression":
            found[of_group] = expected_latent(fit, g)
            continue
        found[of_group] = empirical_bayes(fit, g) if fit.settings.categorical else weigh(fit, g, data.Y[of_group, :p])
    return pd.DataFrame(found, columns=list(fit.objective.template.latent), index=data.rows)


def _centre(fit: Fit, g: int) -> tuple[Vector, Vector]:
    """Means of observed and latent variables; without a mean structure the sample's, and what covariates carry on.

    Scores are then the same with and without a mean structure.
    """
    template, matrices = fit.objective.template, fit.solution.states[g].matrices
    p, sample = template.n_observed, fit.prepared.moments[g].mean
    if template.meanstructure:
        return matrices.eta[:p], matrices.eta[p:]
    x = np.arange(p - len(fit.table.variables.covariates), p)
    return sample, np.asarray(matrices.Tau[p:, x] @ sample[x])


def _regression(fit: Fit, g: int, Y: Matrix) -> Matrix:
    p, state = fit.objective.template.n_observed, fit.solution.states[g]
    mu, latent_mean = _centre(fit, g)
    to_latent = state.matrices.V[:p, p:]
    if not np.isnan(Y).any():
        return np.asarray(latent_mean + (Y - mu) @ (state.W @ to_latent))
    patterns = patterns_of(Y)
    answered = np.where(np.isnan(Y), 0.0, Y - mu)
    weights = inverse_of_observed(state.matrices.V[:p, :p], patterns)[0] @ to_latent
    return np.asarray(latent_mean + np.einsum("ni,nif->nf", answered, weights[patterns.member]))


def _bartlett(fit: Fit, g: int, Y: Matrix) -> Matrix:
    """(A' C^-1 A)^-1 A' C^-1 e, with e the items less their intercepts and observed predictors and C its covariance.

    Measured factors use their loadings; a higher-order factor its total effects on the items.
    """
    p, matrices = fit.objective.template.n_observed, fit.solution.states[g].matrices
    Beta, Tau = matrices.Beta, matrices.Tau
    items = np.flatnonzero((Beta[:p, p:] != 0).any(axis=1))
    measured = (Beta[:p, p:] != 0).any(axis=0)
    mu, _ = _centre(fit, g)
    base = np.eye(p) - Beta[:p, :p]
    absent = np.isnan(Y)
    e = np.where(absent, 0.0, Y - mu) @ base.T + _latent_part(fit, g)
    e[(absent @ (base != 0.0).T) > 0] = np.nan  # unknown: an item not answered, or one whose predictor is missing
    e = e[:, items]
    Lambda = Beta[items, p:]
    C = Lambda @ matrices.V[p:, p:] @ Lambda.T + matrices.Psi[np.ix_(items, items)]
    higher = Lambda @ Tau[p:, p:]
    found = np.zeros((len(Y), len(measured)))
    kinds, member = np.unique(~np.isnan(e), axis=0, return_inverse=True)
    for k, seen in enumerate(kinds):  # cases that answer the same items are weighed alike
        rows = np.flatnonzero(member.reshape(-1) == k)
        for which, A in ((measured, Lambda), (~measured, higher)):
            if which.any():
                weights = _bartlett_weights(A[np.ix_(seen, which)], C[np.ix_(seen, seen)])
                found[np.ix_(rows, which)] = e[np.ix_(rows, seen)] @ weights
    return found


def _bartlett_weights(A: Matrix, C: Matrix) -> Matrix:
    """C^-1 A (A' C^-1 A)^-1; NaN for factors none of whose items is answered."""
    half = np.linalg.solve(C, A)
    weights = np.asarray(half @ np.linalg.pinv(A.T @ half))
    weights[:, ~A.any(axis=0)] = np.nan
    return weights


def _latent_part(fit: Fit, g: int) -> Vector:
    """What the latent means add to the items."""
    p, matrices = fit.objective.template.n_observed, fit.solution.states[g].matrices
    return np.asarray(matrices.Beta[:p, p:] @ _centre(fit, g)[1])
