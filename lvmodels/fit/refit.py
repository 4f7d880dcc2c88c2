"""The same model fitted to another sample, with everything a fit does about data: the way that is open to every model.

Complete continuous data under maximum likelihood, GLS and ULS are solved as stacks (`lvmodels.estimate.resample`);
incomplete and ordinal answers, weights from fourth moments and nonlinear constraints are refitted here one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, LvmodelsError
from lvmodels.estimate.objective import evaluate, make_objective
from lvmodels.estimate.resample import Block, Replicates, Units, drawn_counts
from lvmodels.estimate.settings import Settings
from lvmodels.estimate.solve import Optimum
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.categories import Categories, categorical_moments
from lvmodels.fit.inspection import singular_information
from lvmodels.fit.latent_products import searched, with_cases
from lvmodels.fit.preparation import Prepared, first_evaluation, moments_of_groups, with_weights
from lvmodels.fit.rescue import search_again
from lvmodels.model.specification import Specification
from lvmodels.moments.complete import Moments
from lvmodels.survey.matrix import DataMatrix

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
_FLAT = 1e-6
"""Predicted decrease of F below which a search that did not end runs along a valley without an end."""

_PATIENCE = 40
"""Iterations of a search: a replicate lies near the sample, and those that do not settle are many at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The normal distribution that a model implies for the cases of one group.

    Attributes
    ----------
    mean : ndarray, shape (p,)
    slopes : ndarray, shape (p - k, k)
        Regression of the outcomes on the k covariates that stay as they are; these are the last variables.
    root : ndarray, shape (p - k, p - k)
        A root of the outcomes' covariance matrix given the covariates.
    """

    mean: Vector
    slopes: Matrix
    root: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Refitting:
    """A model and the cases that it is fitted to again.

    Attributes
    ----------
    settings : Settings
    specification : Specification
    data : DataMatrix
    categories : Categories or None
    start : ndarray, shape (q,)
    units : Units or None
        What is drawn; None for draws from the model.
    populations : tuple of Population
        One a group, for draws from the model.
    """

    settings: Settings
    specification: Specification
    data: DataMatrix
    categories: Categories | None
    start: Vector
    units: Units | None
    populations: tuple[Population, ...] = ()


def refit_block(problem: Refitting, block: Block) -> Replicates:
    """Draw a block of samples and fit the model to each, one after the other."""
    R, seed = block
    generator = np.random.default_rng(seed)
    with one_thread:
        if problem.units is None:
            return refit(problem, (_drawn_from_model(problem, generator) for _ in range(R)))
        counts = drawn_counts(problem.units, generator, R).astype(np.intp)
        cases = np.arange(len(problem.data.Y))
        return refit(problem, (resampled(problem.data, np.repeat(cases, row)) for row in counts))


def refit(problem: Refitting, samples: object) -> Replicates:
    """Fit the model to each of the data matrices that `samples` yields."""
    values, F, reasons = [], [], []
    for data in samples:  # type: ignore[attr-defined]
        optimum, reason = refit_one(problem, data)
        reasons.append(reason)
        values.append(None if optimum is None else optimum.evaluation.values)
        F.append(np.nan if optimum is None else optimum.F)
    empty = np.full(len(problem.specification.table.rows), np.nan)
    rows = np.array([empty if row is None else row for row in values]).reshape(len(values), len(empty))
    return Replicates(rows, np.array(F), tuple(reasons))


def refit_one(problem: Refitting, data: DataMatrix) -> tuple[Optimum | None, str]:
    """The optimum for one data matrix, or None and why there is none."""
    try:
        moments = _moments(problem, data)
        return refit_moments(problem.settings, problem.specification, moments, problem.start)
    except LvmodelsError as error:
        return None, _in_short(error)
    except np.linalg.LinAlgError:
        return None, "a matrix was singular"


def refit_moments(
    settings: Settings, specification: Specification, moments: tuple[Moments, ...], start: Vector
) -> tuple[Optimum | None, str]:
    """The optimum for moments, searched from `start` first; or None and why there is none."""
    objective = make_objective(specification, moments, settings.unbiased)
    here = evaluate(objective, start) or first_evaluation(objective, specification.table)
    bound = specification.restrictions.equalities or specification.restrictions.inequalities
    optimum = searched(objective, here, _PATIENCE)
    if not (optimum.converged or bound or optimum.decrement < _FLAT):
        optimum = search_again(specification, objective, optimum, settings.unbiased, _PATIENCE)
    if not optimum.converged:
        return None, "the search did not converge"
    if singular_information(objective, optimum):
        return None, "the information matrix was singular"
    return optimum, ""


def resampled(data: DataMatrix, which: Index) -> DataMatrix:
    """The cases named, as often as they are named; sampling weights again sum to the number of cases."""
    weights = None if data.weights is None else data.weights[which]
    if weights is not None and weights.sum() > 0.0:
        weights = weights * (len(which) / weights.sum())
    return replace(
        data,
        Y=data.Y[which],
        groups=data.groups[which],
        rows=data.rows[which],
        clusters=None if data.clusters is None else data.clusters[which],
        weights=weights,
    )


def _moments(problem: Refitting, data: DataMatrix) -> tuple[Moments, ...]:
    """Moments of all groups with their weights, as a first fit would find them."""
    settings, table = problem.settings, problem.specification.table
    if problem.categories is None:
        moments = with_cases(problem.specification.template, moments_of_groups(settings, data)[0], data)
        prepared = Prepared(data, None, moments, data.group_labels, ())
        return with_weights(settings, prepared, table.meanstructure).moments
    _check_categories(data, problem.categories)
    return categorical_moments(settings, data, table.variables, problem.categories)[0]


def _check_categories(data: DataMatrix, categories: Categories) -> None:
    for name, values in categories.values.items():
        column = data.Y[:, data.names.index(name)]
        for g in range(len(data.group_labels)):
            present = column[(data.groups == g) & ~np.isnan(column)]
            if len(np.unique(present)) < len(values):
                raise DataError("a category was chosen by nobody")


def _in_short(error: LvmodelsError) -> str:
    """The first clause of a message, without the names that differ from sample to sample."""
    kinds = {
        "NotPositiveDefiniteError": "the sample covariance matrix was not positive definite",
        "CollinearVariablesError": "the sample covariance matrix was not positive definite",
        "ConstantVariableError": "a variable did not vary",
        "TooFewCasesError": "a group had too few cases",
        "StartingValuesError": "no admissible starting values were found",
    }
    return kinds.get(type(error).__name__, str(error).split(";")[0].split(",")[0])


def _drawn_from_model(problem: Refitting, generator: np.random.Generator) -> DataMatrix:
    """Answers drawn from the model, with covariates and missing answers where they are in the data."""
    Y = problem.data.Y.copy()
    for g, population in enumerate(problem.populations):
        of_group = problem.data.groups == g
        k = population.slopes.shape[1]
        noise = generator.standard_normal((int(of_group.sum()), len(population.root)))
        y = Y[of_group]
        split = y.shape[1] - k
        X = y[:, split:] - population.mean[split:]
        drawn = population.mean[:split] + X @ population.slopes.T + noise @ population.root.T
        y[:, :split] = np.where(np.isnan(y[:, :split]), np.nan, drawn)
        Y[of_group] = y
    return replace(problem.data, Y=Y)
