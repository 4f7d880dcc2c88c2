"""One model and many samples: the model as arrays alone, and the moments of a stack of samples.

`lvmodels.estimate.stack_dense` and `lvmodels.estimate.stack_factors` evaluate them, `lvmodels.estimate.descent` finds
the minima. The first axis of all arrays runs over the samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Objective
from lvmodels.model.directions import DIRECTED, INTERCEPT, SYMMETRIC
from lvmodels.model.matrices import GroupTemplate

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
Discrepancy = Literal["ML", "GLS", "ULS"]


@dataclass(frozen=True, slots=True, eq=False)
class FactorArrays:
    """Positions for a group in which only latent variables send arrows and items have residual variances alone.

    Attributes
    ----------
    variances : ndarray of int, shape (p,)
        Rows of the residual variances of the observed variables.
    latent : tuple of (rows, i, j)
        Of the (residual) covariances Psi among the k latent variables that send arrows.
    slope : ndarray of int, shape (f,)
        Flat positions in [diagonal of N (p), A'NA (k, k), NC (p, k), A'NC (k, k), 0].
    """

    variances: Index
    latent: tuple[Index, Index, Index]
    slope: Index


@dataclass(frozen=True, slots=True, eq=False)
class GroupArrays:
    """Where the rows of the table act in one group, as flat positions.

    Attributes
    ----------
    senders : ndarray of int, shape (k,)
        Variables that arrows leave.
    directed : tuple of (rows, flat positions in (M, k))
    symmetric : tuple of (rows, flat positions in (M, M), those transposed)
    intercepts : tuple of (rows, variables)
    covariate_cov : tuple of (rows, i, j)
        Rows that take their values from the covariances of the sample.
    covariate_mean : tuple of (rows, i)
    free : ndarray of int, shape (f,)
        Positions of the group's free rows among all of them.
    slope : ndarray of int, shape (f,)
        Flat positions in [K_EE, K_EC].
    factor : ndarray, shape (f,)
        Twice c; 0 for intercepts.
    head : ndarray of int, shape (f,)
        The variable whose mean the parameter moves.
    lift : ndarray of int, shape (f,)
        How much it does: index into [eta, 1, 0].
    factors : FactorArrays or None
        Where the group is a factor model with uncorrelated residuals.
    """

    senders: Index
    directed: tuple[Index, Index]
    symmetric: tuple[Index, Index, Index]
    intercepts: tuple[Index, Index]
    covariate_cov: tuple[Index, Index, Index]
    covariate_mean: tuple[Index, Index]
    free: Index
    slope: Index
    factor: Vector
    head: Index
    lift: Index
    factors: FactorArrays | None


@dataclass(frozen=True, slots=True, eq=False)
class StackModel:
    """A model as arrays alone, so that it travels to any worker.

    Attributes
    ----------
    discrepancy : {"ML", "GLS", "ULS"}
    n_observed, n_variables : int
        p and M.
    groups : tuple of GroupArrays
    base : ndarray, shape (n_rows,)
        Values of the rows that are not estimated.
    free_rows : ndarray of int, shape (r,)
    K : ndarray, shape (r, q), or None
        None where it is the identity.
    k0 : ndarray, shape (r,)
    meanstructure : bool
    """

    discrepancy: Discrepancy
    n_observed: int
    n_variables: int
    groups: tuple[GroupArrays, ...]
    base: Vector
    free_rows: Index
    K: Matrix | None
    k0: Vector
    meanstructure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Moments of R samples of one group.

    Attributes
    ----------
    cov : ndarray, shape (R, p, p)
    mean : ndarray, shape (R, p)
    share : ndarray, shape (R,)
        n_g / N, the weight of the group's discrepancy.
    level : ndarray, shape (R,)
        log|S| + p.
    inverse : ndarray, shape (R, p, p), or None
        Of `cov`, for generalized least squares.
    """

    cov: Matrix
    mean: Matrix
    share: Vector
    level: Vector
    inverse: Matrix | None = None

    def take(self, which: Index | NDArray[np.bool_]) -> Samples:
        """Some of the samples."""
        inverse = None if self.inverse is None else self.inverse[which]
        return Samples(self.cov[which], self.mean[which], self.share[which], self.level[which], inverse)


def stack_model(objective: Objective, discrepancy: Discrepancy, covariate_rows: Index) -> StackModel:
    """Arrays of a model that has moments of complete, continuous data.

    Parameters
    ----------
    covariate_rows : ndarray of int
        Rows of the table whose values are sample moments of covariates.
    """
    template, restrictions = objective.template, objective.restrictions
    p, M = template.n_observed, len(template.names)
    return StackModel(
        discrepancy=discrepancy,
        n_observed=p,
        n_variables=M,
        groups=tuple(_arrays(part, p, M, np.asarray(covariate_rows)) for part in template.groups),
        base=objective.base,
        free_rows=restrictions.free_rows,
        K=None if restrictions.identity else restrictions.K,
        k0=restrictions.k0,
        meanstructure=template.meanstructure,
    )


def _arrays(part: GroupTemplate, p: int, M: int, covariate_rows: Index) -> GroupArrays:
    at = part.directions
    senders = np.unique(part.directed[2])
    place = np.zeros(M, dtype=np.intp)
    place[senders] = np.arange(len(senders))
    row, a, b = part.directed
    directed = (row, a * len(senders) + place[b])
    row, a, b = part.symmetric
    given, mean_given = np.isin(row, covariate_rows), np.isin(part.intercepts[0], covariate_rows)
    along = np.where(at.kind == DIRECTED, M * M + at.first * len(senders) + place[at.second], at.first * M + at.second)
    return GroupArrays(
        senders=senders,
        directed=directed,
        symmetric=(row, a * M + b, b * M + a),
        intercepts=part.intercepts,
        covariate_cov=(row[given], a[given], b[given]),
        covariate_mean=(part.intercepts[0][mean_given], part.intercepts[1][mean_given]),
        free=part.free,
        slope=np.where(at.kind == INTERCEPT, 0, along),
        factor=2.0 * at.c,
        head=at.first,
        lift=at.m,
        factors=_factor_arrays(part, p, M, senders),
    )


def _factor_arrays(part: GroupTemplate, p: int, M: int, senders: Index) -> FactorArrays | None:
    """Positions for the quicker evaluation, where the model has the form for it."""
    row, a, b = part.symmetric
    observed = (a < p) | (b < p)
    own = observed & (a == b)
    if not len(senders) or (senders < p).any() or (observed & ~own).any() or own.sum() != p:
        return None
    at, k = part.directions, len(senders)
    variances = np.empty(p, dtype=np.intp)
    variances[a[own]] = row[own]
    place = np.full(M, -1)
    place[senders] = np.arange(k)
    among = (place[a] >= 0) & (place[b] >= 0)
    latent = (row[among], place[a[among]], place[b[among]])
    first, second = place[at.first], place[at.second]
    cross, paths, upper, nothing = p, p + k * k, p + k * k + p * k, p + 2 * k * k + p * k
    on_item = at.first < p
    joint = np.where((first < 0) | (second < 0), nothing, cross + first * k + second)
    directed = np.where(
        on_item, paths + at.first * k + second, np.where(first < 0, nothing, upper + first * k + second)
    )
    slope = np.select(
        [at.kind == DIRECTED, at.kind == SYMMETRIC], [directed, np.where(on_item, at.first, joint)], nothing
    )
    return FactorArrays(variances, latent, slope)


def stack_values(model: StackModel, samples: tuple[Samples, ...], theta: Matrix) -> Matrix:
    """Values of all rows of the table, shape (R, n_rows)."""
    values = np.empty((len(theta), len(model.base)))
    values[:] = model.base
    for part, sample in zip(model.groups, samples, strict=True):
        rows, i, j = part.covariate_cov
        values[:, rows] = sample.cov[:, i, j]
        rows, i = part.covariate_mean
        values[:, rows] = sample.mean[:, i]
    values[:, model.free_rows] = theta if model.K is None else theta @ model.K.T + model.k0
    return values
