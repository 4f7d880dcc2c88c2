"""From the parameter table to model matrices: index arrays that scatter values, and name every derivative.

All variables, observed and latent, stand in one vector (the reticular action form, McArdle and McDonald 1984):

    v = alpha + Beta v + zeta,  cov(zeta) = Psi
    Tau = (I - Beta)^-1,  V = Tau Psi Tau',  eta = Tau alpha
    Sigma = V[observed, observed],  mu = eta[observed]

Beta holds loadings and regressions alike, Psi residual variances and covariances of items and of latent variables,
alpha intercepts and latent means. With E = Tau[observed, :] and C = V[observed, :] every derivative has rank two:

    dSigma/dBeta[a, b] = E_a C_b' + C_b E_a'        dmu/dBeta[a, b] = E_a eta_b
    dSigma/dPsi[a, b]  = E_a E_b' + E_b E_a'        dmu/dalpha[a]   = E_a
    (half of it for a = b)

so a parameter is a pair (u, v) of columns of Z = [E, C], a factor c (one half for variances, else 1) and the index of
its mean multiplier in [eta, 1, 0].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.model.conditional import Products, mixed_moments, products_of
from lvmodels.model.directions import Directions, Pairs, arrow, directions_of, pairs_of
from lvmodels.model.products import choose_given
from lvmodels.model.row import Row
from lvmodels.model.table import ParameterTable, rows_of_blocks
from lvmodels.moments.responses import Responses

Index = NDArray[np.intp]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupTemplate:
    """Scatter arrays of one group, or of one level of it.

    Attributes
    ----------
    directed, symmetric, intercepts : tuple of ndarray of int
        (row of the table, index a, index b) of the entries of Beta and Psi; (row, index a) of alpha.
    free : ndarray of int, shape (k,)
        Positions, among all free rows, of this group's free rows.
    directions : Directions
        Of these free rows.
    pairs : Pairs
        Of these directions.
    thresholds : tuple of two ndarrays of int
        (row, position among all thresholds).
    scales, residuals : tuple of two ndarrays of int
        (row, index a) of the scale factors and the residual variances of ordinal variables.
    chained : bool
        Whether some variable both explains and is explained; without chains all total effects are direct.
    products : Products or None
        Of a model with products of latent variables.
    """

    directed: tuple[Index, Index, Index]
    symmetric: tuple[Index, Index, Index]
    intercepts: tuple[Index, Index]
    free: Index
    directions: Directions
    pairs: Pairs
    thresholds: tuple[Index, Index]
    scales: tuple[Index, Index]
    residuals: tuple[Index, Index]
    chained: bool
    products: Products | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Which observed variables a two-level model has at which level.

    Attributes
    ----------
    within, between : ndarray of bool, shape (p,)
    n_moments : int
        Distinct covariances at both levels, and means, of one group; those of fixed covariates do not count.
    """

    within: NDArray[np.bool_]
    between: NDArray[np.bool_]
    n_moments: int


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The scatter arrays of a model.

    Attributes
    ----------
    names : tuple of str
        All M variables: the p observed ones first (covariates last of them), then the latent ones.
    n_observed : int
        p.
    n_covariates : int
        How many of the observed variables have fixed moments (the last ones); 0 with levels.
    groups : tuple of GroupTemplate
        One a group, or one for each level of each group.
    meanstructure : bool
    responses : Responses or None
        The layout of the moments, where some variables are ordinal.
    delta : bool
        Whether scale factors, not residual variances, of ordinal variables are parameters.
    levels : Levels or None
        Of a two-level model.
    given : tuple of int
        Latent variables given which a model with products of latent variables is linear.
    """

    names: tuple[str, ...]
    n_observed: int
    n_covariates: int
    groups: tuple[GroupTemplate, ...]
    meanstructure: bool
    responses: Responses | None = None
    delta: bool = True
    levels: Levels | None = None
    given: tuple[int, ...] = ()

    @property
    def n_levels(self) -> int:
        """Blocks in each group."""
        return 1 if self.levels is None else 2

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the observed variables, in the order of Sigma."""
        return self.names[: self.n_observed]

    @property
    def n_given(self) -> int:
        """Covariates that the moments are conditional on, the last observed variables."""
        return 0 if self.responses is None else self.responses.n_covariates

    @property
    def latent(self) -> tuple[str, ...]:
        """Names of the latent variables."""
        return self.names[self.n_observed :]


def build_template(table: ParameterTable) -> Template:
    """Index arrays for all groups of a table."""
    variables = table.variables
    names = variables.observed + variables.latent
    place = {name: i for i, name in enumerate(names)}
    free_position = {i: k for k, i in enumerate(i for i, row in enumerate(table.rows) if row.free)}
    responses = _layout(table)
    given = _given(table, place)
    blocks = rows_of_blocks(table)
    groups = tuple(_group(list(rows.items()), place, free_position, responses, given) for rows in blocks)
    fixed_x = any(row.covariate for row in table.rows) and not table.levels
    return Template(
        names=names,
        n_observed=len(variables.observed),
        n_covariates=len(variables.covariates) if fixed_x else 0,
        groups=groups,
        meanstructure=table.meanstructure,
        responses=responses,
        delta=table.parameterization == "delta",
        levels=_levels(table) if table.levels else None,
        given=given,
    )


def _given(table: ParameterTable, place: dict[str, int]) -> tuple[int, ...]:
    """The variables given which all products of latent variables are linear; none without products."""
    products = [(place[row.lhs], *(place[name] for name in row.factors)) for row in table.rows if row.factors]
    if not products:
        return ()
    effects = [row for row in table.rows if row.op in ("=~", "~", "<~") and not row.factors]
    arrows = [arrow(row, place) for row in effects if row.free or row.value]
    first_latent = len(table.variables.observed)
    return choose_given(products, arrows, first_latent, tuple(place))  # type: ignore[arg-type]


def _levels(table: ParameterTable) -> Levels:
    names, sides = table.variables.observed, table.levels
    there = [np.array([name in side.observed for name in names]) for side in sides]
    held = sum(row.covariate and row.group == 1 for row in table.rows)
    count = sum(int(some.sum()) * (int(some.sum()) + 1) // 2 for some in there)
    return Levels(there[0], there[1], count + len(names) - held)


def _layout(table: ParameterTable) -> Responses | None:
    if not table.ordered:
        return None
    categories, variables = dict(table.ordered), table.variables
    given = len(variables.covariates) if table.conditional_x else 0
    outcomes = variables.observed[: len(variables.observed) - given]
    return Responses(tuple(categories.get(name, 0) for name in outcomes), given)


def _group(
    rows: Sequence[tuple[int, Row]],
    place: dict[str, int],
    free_position: dict[int, int],
    responses: Responses | None,
    given: tuple[int, ...],
) -> GroupTemplate:
    directed, symmetric, intercepts, thresholds, scales, residuals = [], [], [], [], [], []
    ordinal = set() if responses is None else set(responses.ordinal.tolist())
    for i, row in rows:
        if row.op == "~1":
            intercepts.append((i, place[row.lhs]))
        elif row.op == "|":
            assert responses is not None
            thresholds.append((i, int(responses.first_threshold[place[row.lhs]]) + row.threshold))
        elif row.op == "~*~":
            scales.append((i, place[row.lhs]))
        elif row.op == "~~":
            symmetric.append((i, place[row.lhs], place[row.rhs]))
            if row.is_variance and place[row.lhs] in ordinal:
                residuals.append((i, place[row.lhs]))
        elif not row.factors:
            directed.append((i, *arrow(row, place)))
    residuals.sort(key=lambda entry: entry[1])
    free = [(i, row) for i, row in rows if i in free_position]
    directions = directions_of((row for _, row in free), place)
    return GroupTemplate(
        directed=_columns(directed, 3),  # type: ignore[arg-type]
        symmetric=_columns(symmetric, 3),  # type: ignore[arg-type]
        intercepts=_columns(intercepts, 2),  # type: ignore[arg-type]
        free=np.array([free_position[i] for i, _ in free], dtype=np.intp),
        directions=directions,
        pairs=pairs_of(directions, len(place)),
        thresholds=_columns(thresholds, 2),  # type: ignore[arg-type]
        scales=_columns(scales, 2),  # type: ignore[arg-type]
        residuals=_columns(residuals, 2),  # type: ignore[arg-type]
        chained=not {head for _, head, _ in directed}.isdisjoint(tail for _, _, tail in directed),
        products=products_of(dict(rows), [row for _, row in free], place, given),
    )


def _columns(entries: list[tuple[int, ...]], width: int) -> tuple[Index, ...]:
    return tuple(np.array(entries, dtype=np.intp).reshape(len(entries), width).T)


@dataclass(frozen=True, slots=True, eq=False)
class ModelMatrices:
    """The matrices of one group (or of a stack of parameter vectors, as leading axes).

    Attributes
    ----------
    Beta, Psi : ndarray, shape (..., M, M)
    alpha : ndarray, shape (..., M)
    Tau : ndarray, shape (..., M, M)
        Total effects (I - Beta)^-1.
    V : ndarray, shape (..., M, M)
        Implied covariance of all variables; with products of latent variables, what these add included.
    eta : ndarray, shape (..., M)
        Implied means of all variables.
    """

    Beta: Vector
    Psi: Vector
    alpha: Vector
    Tau: Vector
    V: Vector
    eta: Vector


def model_matrices(template: Template, group: int, values: Vector) -> ModelMatrices:
    """Fill the model matrices of a group (from 0) with the values of all rows.

    Parameters
    ----------
    values : ndarray, shape (..., n_rows)

    Raises
    ------
    numpy.linalg.LinAlgError
        When I - Beta is singular.
    """
    M = len(template.names)
    part = template.groups[group]
    stack = values.shape[:-1]
    Beta: Vector = np.zeros((*stack, M, M))
    Psi: Vector = np.zeros((*stack, M, M))
    alpha: Vector = np.zeros((*stack, M))
    row, a, b = part.directed
    Beta[..., a, b] = values[..., row]
    row, a, b = part.symmetric
    Psi[..., a, b] = Psi[..., b, a] = values[..., row]
    row, a = part.intercepts
    alpha[..., a] = values[..., row]
    chains = np.linalg.inv(np.eye(M) - Beta) if part.chained else np.eye(M) + Beta
    Tau = np.asarray(chains, dtype=np.float64)
    if part.products is not None:
        V, eta = mixed_moments(part.products, values[..., part.products.rows], Beta, Psi, alpha, Tau)
        return ModelMatrices(Beta, Psi, alpha, Tau, V, eta)
    V = Tau @ Psi @ np.swapaxes(Tau, -1, -2)
    eta = (Tau @ alpha[..., None])[..., 0]
    return ModelMatrices(Beta, Psi, alpha, Tau, V, eta)


def moment_slopes(matrices: ModelMatrices, at: Directions, p: int, meanstructure: bool) -> Vector:
    """Derivatives of the distinct covariances, then of the means, of p observed variables, shape (p (p + 3) / 2, k)."""
    i, j = lower_triangle(p)
    Z = np.concatenate([matrices.Tau[:p], matrices.V[:p]], axis=1)
    U, V = Z[:, at.u], Z[:, at.v]
    found = np.zeros((len(i) + p, len(at.u)))
    found[: len(i)] = at.c * (U[i] * V[j] + V[i] * U[j])
    if meanstructure:
        found[len(i) :] = U * np.concatenate([matrices.eta, [1.0, 0.0]])[at.m]
    return found
