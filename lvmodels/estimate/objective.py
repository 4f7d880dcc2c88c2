"""The function that estimation minimises: the weighted sum of the groups' discrepancies, in the free parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import StartingValuesError
from lvmodels.estimate.categorical import categorical_state
from lvmodels.estimate.grid import Grid, make_grid
from lvmodels.estimate.latent_product import product_state
from lvmodels.estimate.likelihood import (
    GroupState,
    expected_information,
    gradient,
    group_state,
    observed_information,
    saturated_constant,
)
from lvmodels.estimate.node_information import product_information
from lvmodels.estimate.twolevel import level_information, level_states
from lvmodels.model.matrices import GroupTemplate, Template, model_matrices
from lvmodels.model.responses import completed_values
from lvmodels.model.restrictions import Restrictions, table_values
from lvmodels.model.specification import Specification
from lvmodels.model.starts import fixed_values, simple_starting_values, starting_values
from lvmodels.model.table import ParameterTable
from lvmodels.moments.complete import Moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_STEP = 1e-4  # of differences, in units of a parameter's standard error in one case


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """What is needed to evaluate F at any theta.

    Attributes
    ----------
    template : Template
    restrictions : Restrictions
    moments : tuple of Moments
        One a group, variables in the order of the template.
    base : ndarray, shape (n_rows,)
        Values of all rows of the table; those of free rows are overwritten.
    weights : ndarray, shape (n_blocks,)
        n_g / N, of every block: a group, or a level of a group.
    constants : tuple of float
        Likelihood parts of the saturated model, by group.
    grids : tuple of Grid
        Nodes of each group, for a model with products of latent variables.
    """

    template: Template
    restrictions: Restrictions
    moments: tuple[Moments, ...]
    base: Vector
    weights: Vector
    constants: tuple[float, ...]
    grids: tuple[Grid, ...] = ()

    @property
    def curved(self) -> bool:
        """Whether the search can use the curvature of F: not with ordinal variables, nor with incomplete clusters."""
        return self.template.responses is None and not self.incomplete_clusters

    @property
    def incomplete_clusters(self) -> bool:
        """Whether cases in clusters have missing values."""
        return any(m.levels is not None and m.levels.incomplete is not None for m in self.moments)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """F, its gradient, and the states that the information matrices are read from, at one theta.

    Attributes
    ----------
    theta : ndarray, shape (q,)
    values : ndarray, shape (n_rows,)
    F : float
    gradient : ndarray, shape (q,)
    states : tuple of GroupState
    """

    theta: Vector
    values: Vector
    F: float
    gradient: Vector
    states: tuple[GroupState, ...]


def make_objective(
    specification: Specification,
    moments: tuple[Moments, ...],
    unbiased: bool = False,
    constants: tuple[float, ...] | None = None,
) -> Objective:
    """Bundle a model and the moments of its groups.

    Parameters
    ----------
    unbiased : bool
        Groups count n - 1 cases each (Wishart likelihood).
    constants : tuple of float, optional
        Of another objective with the same moments.
    """
    counts = np.array([m.n - unbiased for m in moments])
    if constants is None:
        constants = tuple(
            0.0 if m.responses is not None or m.levels is not None else saturated_constant(m) for m in moments
        )
    base = fixed_values(specification.table, specification.template, moments)
    weights = np.repeat(counts / counts.sum(), specification.template.n_levels)
    objective = Objective(specification.template, specification.restrictions, moments, base, weights, constants)
    return with_first_grids(objective, specification.table) if specification.template.given else objective


def with_first_grids(objective: Objective, table: ParameterTable) -> Objective:
    """The objective with nodes for its products of latent variables, from starting values."""
    for make in (starting_values, simple_starting_values):
        try:
            return with_grids(objective, make(table, objective.template, objective.moments))
        except np.linalg.LinAlgError:
            continue
    raise StartingValuesError(
        "the latent variables in products have no positive definite covariance matrix at the starting values. Check "
        "variances and covariances that are fixed by hand, or give starting values such as 'f ~~ start(0.5)*f'."
    )


def with_grids(objective: Objective, values: Vector, fineness: float = 1.0) -> Objective:
    """The objective with nodes that fit the values of all rows of the table.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
    fineness : float
        How many times as many nodes as usual, in each direction.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the variables given have no positive definite covariance matrix there.
    NotEstimableError
        When too many nodes would be needed.
    """
    template, grids = objective.template, []
    for g, (part, sample) in enumerate(zip(template.groups, objective.moments, strict=True)):
        assert part.products is not None
        assert sample.cases is not None
        matrices = model_matrices(template, g, values)
        omega = values[part.products.rows]
        grids.append(make_grid(matrices, part.products, omega, sample.cases, template.names, fineness))
    return replace(objective, grids=tuple(grids))


def evaluate(objective: Objective, theta: Vector) -> Evaluation | None:
    """F and its gradient at theta, or None where the implied covariance matrix is not positive definite."""
    values = table_values(objective.restrictions, objective.base, theta)
    template = objective.template
    try:
        values = completed_values(template, values)
        states = _states(objective, values)
    except np.linalg.LinAlgError:
        return None
    F = float(sum(w * s.discrepancy for w, s in zip(objective.weights, states, strict=True)))
    if not np.isfinite(F):
        return None
    return Evaluation(theta, values, F, _to_theta(objective, _row_gradient(objective, states)), states)


def _row_gradient(objective: Objective, states: tuple[GroupState, ...]) -> Vector:
    """Derivatives of F by all free rows of the table."""
    by_row = np.zeros(len(objective.restrictions.free_rows))
    for weight, state, part in zip(objective.weights, states, objective.template.groups, strict=True):
        by_row[part.free] += weight * gradient(state, part.directions)
    return by_row


def _states(objective: Objective, values: Vector) -> tuple[GroupState, ...]:
    template = objective.template
    if template.levels is None:
        return tuple(_state(objective, g, values) for g in range(len(template.groups)))
    found: list[GroupState] = []
    for g, moments in enumerate(objective.moments):
        assert moments.levels is not None
        within, between = (model_matrices(template, 2 * g + k, values) for k in range(2))
        found += level_states(moments.levels, within, between)
    return tuple(found)


def _state(objective: Objective, g: int, values: Vector) -> GroupState:
    template, moments = objective.template, objective.moments[g]
    matrices = model_matrices(template, g, values)
    if objective.grids and moments.cases is not None:
        part, constant = template.groups[g], objective.constants[g]
        assert part.products is not None
        return product_state(matrices, part, values[part.products.rows], moments.cases, objective.grids[g], constant)
    if moments.responses is not None:
        return categorical_state(template, g, matrices, values, moments)
    return group_state(matrices, moments, objective.constants[g], template.meanstructure)


def _to_theta(objective: Objective, by_row: Vector) -> Vector:
    restrictions = objective.restrictions
    return by_row if restrictions.identity else by_row @ restrictions.K


def row_information(objective: Objective, evaluation: Evaluation, observed: bool = False) -> Matrix:
    """Information of one case about all free rows of the table, before they are tied together, shape (r, r)."""
    parts = objective.template.groups
    if objective.template.levels is not None:
        return _by_levels(objective, evaluation, observed)
    observed = observed and objective.curved
    if len(parts) == 1:
        return _group_information(evaluation.states[0], parts[0], observed)
    found = np.zeros((len(objective.restrictions.free_rows),) * 2)
    for weight, state, part in zip(objective.weights, evaluation.states, parts, strict=True):
        block = slice(part.free[0], part.free[-1] + 1) if len(part.free) else slice(0)  # rows stand group by group
        found[block, block] = weight * _group_information(state, part, observed)
    return found


def _group_information(state: GroupState, part: GroupTemplate, observed: bool) -> Matrix:
    if part.products is not None:
        return product_information(state, part, observed)
    return (observed_information if observed else expected_information)(state, part.directions, part.pairs)


def _by_levels(objective: Objective, evaluation: Evaluation, observed: bool) -> Matrix:
    """The same with two levels, which share the clusters."""
    if observed and objective.incomplete_clusters:
        return _by_differences(objective, evaluation)
    found = np.zeros((len(objective.restrictions.free_rows),) * 2)
    parts = objective.template.groups
    for b in range(0, len(parts), 2):
        states, pair = evaluation.states[b : b + 2], parts[b : b + 2]
        free = np.concatenate([part.free for part in pair])
        block = np.ix_(free, free)
        found[block] = objective.weights[b] * level_information(states, pair, observed)
    return found


def _by_differences(objective: Objective, evaluation: Evaluation) -> Matrix:
    """Half the Hessian of F by all free rows, from central differences of its exact gradient."""
    rows = objective.restrictions.free_rows
    scale = 1.0 / np.sqrt(np.maximum(np.diagonal(_by_levels(objective, evaluation, observed=False)), 1e-12))
    found = np.empty((len(rows), len(rows)))
    for k, row in enumerate(rows):
        sides = []
        for step in (_STEP * scale[k], -_STEP * scale[k]):
            values = evaluation.values.copy()
            values[row] += step
            sides.append(_row_gradient(objective, _states(objective, values)))
        found[k] = (sides[0] - sides[1]) / (4.0 * _STEP * scale[k])
    return (found + found.T) / 2.0


def information(objective: Objective, evaluation: Evaluation, observed: bool = False) -> Matrix:
    """Information of one case about theta, shape (q, q): half the (expected) Hessian of F."""
    by_row = row_information(objective, evaluation, observed)
    restrictions = objective.restrictions
    return by_row if restrictions.identity else restrictions.K.T @ by_row @ restrictions.K
