"""What is resampled for a fit: cases, clusters, cases made to fit the model, or the model itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.products import has_products, refuse_products
from lvmodels.errors import DataError, NotEstimableError, OptionValueError
from lvmodels.estimate.objective import information
from lvmodels.estimate.resample import GroupSource, Resampling, Units
from lvmodels.estimate.stack import Discrepancy, stack_model
from lvmodels.fit.record import Fit
from lvmodels.fit.refit import Population, Refitting
from lvmodels.model.specification import Specification
from lvmodels.survey.matrix import DataMatrix

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_NO_CASES = "needs the answers of each case, but the model was fitted to moments; pass data="


def refuse_kind(fit: Fit, kind: str) -> None:
    """Refuse a kind of resampling that the fit has no use for.

    Raises
    ------
    DataError
        When cases are needed and moments were given.
    OptionValueError, NotEstimableError
    """
    settings, data = fit.settings, fit.prepared.data
    if data is None and kind != "parametric":
        raise DataError(f"kind='{kind}' {_NO_CASES}, or use kind='parametric'.")
    if data is None and settings.least_squares:
        raise DataError(f"estimator='{settings.estimator}' {_NO_CASES}, or use estimator='ML'.")
    clustered = settings.cluster is not None
    if kind in ("parametric", "bollen.stine"):
        refuse_products(fit, f"kind='{kind}' is", "Use kind='ordinary'.")
    if kind == "cluster" and not clustered:
        raise OptionValueError("kind='cluster' resamples clusters; name their column with cluster= in the fit.")
    if kind == "ordinary" and clustered:
        raise OptionValueError("the cases come from clusters, which must be resampled whole; use kind='cluster'.")
    if kind in ("parametric", "bollen.stine"):
        for name, value in (("cluster", settings.cluster), ("sampling_weights", settings.sampling_weights)):
            if value is not None:
                instead = "cluster" if clustered else "ordinary"
                raise OptionValueError(f"kind='{kind}' does not know of {name}='{value}'; use kind='{instead}'.")
        if settings.categorical:
            raise NotEstimableError(f"kind='{kind}' is for continuous outcomes; use kind='ordinary'.")
    if kind == "parametric" and settings.two_stage and settings.aux:
        raise NotEstimableError("kind='parametric' has no model for aux=; use kind='ordinary', or missing='fiml'.")
    if kind == "bollen.stine" and incomplete(fit):
        raise NotEstimableError(
            "kind='bollen.stine' needs complete data; use kind='ordinary', or missing='listwise' in the fit."
        )


def incomplete(fit: Fit) -> bool:
    """Whether some answers that the fit uses are missing."""
    return fit.settings.two_stage or any(moments.patterns is not None for moments in fit.prepared.moments)


def discrepancy_of(fit: Fit) -> Discrepancy | None:
    """The discrepancy whose minima are found as stacks; None where replicates are refitted one by one."""
    restrictions, settings = fit.objective.restrictions, fit.settings
    if restrictions.equalities or settings.categorical or incomplete(fit) or has_products(fit):
        return None
    if not settings.least_squares:
        return "ML"
    return settings.discrepancy if settings.discrepancy in ("GLS", "ULS") else None  # type: ignore[return-value]


def resampling_of(fit: Fit, kind: str) -> Resampling | None:
    """The stack problem of a fit, or None where replicates have to be refitted one by one."""
    refuse_kind(fit, kind)
    discrepancy = discrepancy_of(fit)
    if discrepancy is None:
        return None
    covariates = np.array([i for i, row in enumerate(fit.table.rows) if row.covariate], dtype=np.intp)
    return Resampling(
        model=stack_model(fit.objective, discrepancy, covariates),
        start=fit.optimum.theta,
        inverse=_inverse(fit),
        groups=tuple(_source(fit, g, kind) for g in range(fit.table.n_groups)),
        units=None if kind == "parametric" else units_of(fit),
        n_fixed=fit.objective.template.n_covariates,
        unbiased=fit.settings.unbiased,
    )


def _inverse(fit: Fit) -> Matrix:
    """Inverse of the observed information, or of the expected where the former has none."""
    for observed in (True, False):
        J = information(fit.objective, fit.solution, observed=observed)
        try:
            np.linalg.cholesky(J)
        except np.linalg.LinAlgError:
            continue
        return np.asarray(np.linalg.inv(J))
    return np.asarray(np.linalg.pinv(J, hermitian=True))


def units_of(fit: Fit) -> Units:
    """Cases within groups; or whole clusters, within groups where each lies in one."""
    data = fit.prepared.data
    assert data is not None
    if data.clusters is None:
        return Units(np.arange(len(data.Y)), tuple(np.flatnonzero(data.groups == g) for g in range(fit.table.n_groups)))
    _, of_case = np.unique(data.clusters, return_inverse=True)
    J = int(of_case.max()) + 1
    lowest, highest = np.full(J, fit.table.n_groups), np.zeros(J, dtype=np.intp)
    np.minimum.at(lowest, of_case, data.groups)
    np.maximum.at(highest, of_case, data.groups)
    if (lowest < highest).any():
        return Units(of_case, (np.arange(J),))
    return Units(of_case, tuple(np.flatnonzero(lowest == g) for g in range(fit.table.n_groups)))


def _source(fit: Fit, g: int, kind: str) -> GroupSource:
    sample, data = fit.prepared.moments[g], fit.prepared.data
    p = len(sample.mean)
    if kind == "parametric":
        mean, Sigma = implied_moments(fit, g)
        k = fit.objective.template.n_covariates
        first = np.roll(np.arange(p), k)  # the fixed covariates before the rest
        if sample.n <= p:
            raise DataError(f"kind='parametric' needs more cases than the {p} variables; there are {sample.n:.0f}.")
        root = np.asarray(np.linalg.cholesky(Sigma[np.ix_(first, first)]), dtype=np.float64)
        return GroupSource(np.zeros(0, dtype=np.intp), np.zeros((0, p)), np.zeros(0), mean, root, sample.n)
    assert data is not None
    of_group = np.flatnonzero(data.groups == g)
    Y = data.Y[of_group]
    if kind == "bollen.stine":
        Y = made_to_fit(fit, g, Y)
    centre = Y.mean(axis=0)
    weights = np.ones(len(Y)) if data.weights is None else data.weights[of_group]
    return GroupSource(of_group, Y - centre, weights, centre, np.zeros((0, 0)), float(len(Y)))


def implied_moments(fit: Fit, g: int) -> tuple[Vector, Matrix]:
    """Means and covariances that the model implies for the observed variables; sample means without a structure."""
    matrices, p = fit.solution.states[g].matrices, fit.objective.template.n_observed
    mean = matrices.eta[:p] if fit.objective.template.meanstructure else fit.prepared.moments[g].mean
    return mean, matrices.V[:p, :p]


def made_to_fit(fit: Fit, g: int, Y: Matrix) -> Matrix:
    """The cases of a group transformed so that the model holds exactly among them (Bollen and Stine 1992, eq. 16).

    Deviations from the means are multiplied by S^-1/2 Sigma^1/2, with symmetric roots.
    """
    sample = fit.prepared.moments[g]
    mean, Sigma = implied_moments(fit, g)
    return np.asarray(mean + (Y - sample.mean) @ _power(sample.cov, -0.5) @ _power(Sigma, 0.5))


def _power(S: Matrix, exponent: float) -> Matrix:
    """A power of a symmetric positive definite matrix."""
    eigenvalues, vectors = np.linalg.eigh(S)
    return np.asarray((vectors * np.maximum(eigenvalues, 0.0) ** exponent) @ vectors.T)


def refitting_of(fit: Fit, kind: str) -> Refitting:
    """The problem of a fit whose replicates are refitted one by one."""
    refuse_kind(fit, kind)
    data = fit.prepared.data
    if data is None:
        raise DataError(f"resampling under nonlinear or inequality constraints {_NO_CASES}.")
    populations: tuple[Population, ...] = ()
    if kind == "bollen.stine":
        data = _transformed(fit, data)
    if kind == "parametric":
        populations = tuple(_population(fit, g) for g in range(fit.table.n_groups))
    return Refitting(
        settings=fit.settings,
        specification=Specification(fit.text, fit.table, fit.objective.template, fit.objective.restrictions),
        data=data,
        categories=fit.prepared.categories,
        start=fit.optimum.theta,
        units=None if kind == "parametric" else units_of(fit),
        populations=populations,
    )


def _transformed(fit: Fit, data: DataMatrix) -> DataMatrix:
    Y = data.Y.copy()
    for g in range(fit.table.n_groups):
        Y[data.groups == g] = made_to_fit(fit, g, Y[data.groups == g])
    return replace(data, Y=Y)


def _population(fit: Fit, g: int) -> Population:
    mean, Sigma = implied_moments(fit, g)
    k = fit.objective.template.n_covariates
    split = len(mean) - k
    yx, xx = Sigma[:split, split:], Sigma[split:, split:]
    slopes = np.asarray(np.linalg.solve(xx, yx.T).T if k else yx, dtype=np.float64)
    root = np.asarray(np.linalg.cholesky(Sigma[:split, :split] - slopes @ yx.T), dtype=np.float64)
    return Population(mean, slopes, root)
