"""Starting values from the sample moments, without iteration.

Loadings by instrumental variables (Hägglund 1982), then covariances among latent variables from the weighted items,
then the structural coefficients by least squares on these covariances. A written `start()` goes before all of it.
Close starts save iterations and keep the search away from points where the information is singular.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.matrices import Template
from lvmodels.model.starting_plan import Plan, plans_of
from lvmodels.model.table import ParameterTable
from lvmodels.moments.complete import Moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_LEAST_COMMUNALITY, _MOST_COMMUNALITY = 0.1, 0.9


def fixed_values(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """Values of all rows that are not estimated (0 for those that are); covariates take their sample moments.

    Returns
    -------
    ndarray, shape (n_rows,)
    """
    place = {name: i for i, name in enumerate(template.observed)}
    values = np.zeros(len(table.rows))
    for i, row in enumerate(table.rows):
        if row.covariate:
            mean, cov = _held_moments(moments[row.group - 1], row.level)
            values[i] = mean[place[row.lhs]] if row.op == "~1" else cov[place[row.lhs], place[row.rhs]]
        elif not row.free:
            values[i] = row.value or 0.0
    return values


def _held_moments(sample: Moments, level: int) -> tuple[Vector, Matrix]:
    if sample.levels is None:
        return sample.mean, sample.cov
    return sample.levels.mean[level - 1], sample.levels.cov[level - 1]


def _of_blocks(template: Template, moments: Sequence[Moments]) -> list[Moments]:
    """Moments to start from for every block: a group, or a level of a group."""
    if template.levels is None:
        return list(moments)
    return [Moments(m.n, *m.levels.start(level)) for m in moments for level in (1, 2) if m.levels is not None]


def starting_values(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """A first value for every row of the table, fixed and free, shape (n_rows,)."""
    values = _response_starts(table, template, moments)
    samples = _of_blocks(template, moments)
    for k, (plan, sample) in enumerate(zip(plans_of(table, template), samples, strict=True)):
        _block_starts(plan, template, sample, samples[k % template.n_levels].mean, values)
    return values


def simple_starting_values(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """A cautious alternative: uncorrelated variables, loadings of 1, half of each variance residual."""
    values = _response_starts(table, template, moments)
    place = {name: i for i, name in enumerate(template.observed)}
    blocks = _of_blocks(template, moments)
    for i, row in enumerate(table.rows):
        if not row.free:
            continue
        sample = blocks[table.block(row)]
        k = place.get(row.lhs)
        if row.start is not None:
            values[i] = row.start
        elif row.op in ("|", "~*~"):
            continue
        elif row.op == "=~":
            values[i] = 1.0
        elif row.is_variance:
            values[i] = 0.05 if k is None else 0.5 * sample.cov[k, k]
        elif row.op == "~1":
            values[i] = 0.0 if k is None else sample.mean[k]
    return values


def _response_starts(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """Fixed values, sample thresholds, and scale factors of 1."""
    values = fixed_values(table, template, moments)
    if template.responses is None:
        return values
    for part, sample in zip(template.groups, moments, strict=True):
        assert sample.responses is not None
        rows, position = part.thresholds
        values[rows] = np.where(_is_free(table, rows), sample.responses.statistics[position], values[rows])
        rows, _ = part.scales
        values[rows] = np.where(_is_free(table, rows), 1.0, values[rows])
    return values


def _is_free(table: ParameterTable, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.array([table.rows[i].free for i in rows], dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """One block while its starts are made.

    Attributes
    ----------
    plan : Plan
    cov : ndarray, shape (M, M)
        Provisional covariances; rows of latent variables are filled one after the other.
    communal : ndarray, shape (M,)
        Variance that each variable shares with its latent variables.
    values : ndarray, shape (n_rows,)
        Of the whole table.
    """

    plan: Plan
    cov: Matrix
    communal: Vector
    values: Vector


def _block_starts(plan: Plan, template: Template, sample: Moments, origin: Vector, values: Vector) -> None:
    """Starts of one block; `origin` holds the means of the first group, at which tied intercepts start."""
    p, M = template.n_observed, len(template.names)
    cov = np.zeros((M, M))
    cov[:p, :p] = sample.cov
    draft = _Draft(plan, cov, np.zeros(M), values)
    for factor, items in plan.indicators.items():
        _measure(draft, factor, items)
    _structure(draft)
    for i, place in plan.intercepts.items():
        values[i] = sample.mean[place]
    if plan.means:
        _latent_means(draft, sample, origin)
    for i, start in plan.written.items():
        values[i] = start


def _measure(draft: _Draft, factor: str, items: list[int]) -> None:
    """Loadings of one latent variable, and its covariances with everything known so far."""
    plan, cov, values = draft.plan, draft.cov, draft.values
    rows = plan.rows
    idx = np.array([plan.place[rows[i].rhs] for i in items])
    block = cov[idx[:, None], idx]
    lam = _bounded(*_instrumental_ratios(cov, idx, block), block.diagonal())
    fixed = {k: float(values[i]) for k, i in enumerate(items) if not rows[i].free}
    anchor = next((k for k, value in fixed.items() if value != 0.0), None)
    if anchor is not None:
        lam *= fixed[anchor] / (float(lam[anchor]) or 1.0)
    phi = _common_variance(block, lam)
    unit = float(values[plan.variances[factor]]) if factor in plan.variances else 0.0
    if anchor is None and unit > 0.0:
        lam *= np.sqrt(phi / unit)
        phi = unit
    for k, value in fixed.items():
        lam[k] = value
    values[items] = lam
    shared = lam * phi
    draft.communal[idx] = np.maximum(draft.communal[idx], lam * shared)
    f = plan.place[factor]
    cov[f] = cov[:, f] = (lam @ cov[idx]) / max(float(lam @ lam), 1e-12)
    # Covariances with the own items would hold the items' residuals; the model says lambda * phi.
    cov[f, idx] = cov[idx, f] = shared
    cov[f, f] = phi


def _instrumental_ratios(cov: Matrix, idx: NDArray[np.intp], block: Matrix) -> tuple[Vector, Vector]:
    """Loadings relative to the first item, as numerators and denominators.

    Instruments are all other items, or all other variables for two items.
    """
    first = block[0]
    if len(idx) > 2:
        return block @ first - (block[:, 0] * first[0] + block.diagonal() * first), first @ first - first[
            0
        ] ** 2 - first**2
    others = np.ones(len(cov), dtype=bool)
    others[idx] = False
    instruments = cov[idx][:, others]
    return instruments @ instruments[0], np.full(len(idx), instruments[0] @ instruments[0])


def _bounded(top: Vector, bottom: Vector, own: Vector) -> Vector:
    """The ratios, kept from 0 and within reason of the items' own spread; the first is 1."""
    size = np.sqrt(np.maximum(own, 1e-12) / max(float(own[0]), 1e-12))
    known = bottom > 0.0
    ratio = top / bottom if known.all() else np.where(known, top / np.where(known, bottom, 1.0), size)
    lam: Vector = np.maximum(np.minimum(ratio, 5.0 * size), -5.0 * size)
    near_zero = np.abs(ratio) <= 0.05 * size
    if near_zero.any():
        lam = np.where(near_zero, np.where(ratio < 0, -0.5, 0.5) * size, lam)
    lam[0] = 1.0
    return lam


def _common_variance(block: Matrix, lam: Vector) -> float:
    """Variance of the latent variable that reproduces the covariances among its items best, kept in a sane range."""
    own, square = block.diagonal(), lam * lam
    used = square > 0.0
    most = float((own / square).min() if used.all() else (own[used] / square[used]).min(initial=np.inf))
    most = most if np.isfinite(most) else 1.0
    if len(lam) == 1:
        return max(most, 1e-6)
    bottom = float(square.sum()) ** 2 - float(square @ square)
    estimate = float(lam @ block @ lam - own @ square) / bottom if bottom > 0 else 0.0
    return min(max(estimate, _LEAST_COMMUNALITY * most), _MOST_COMMUNALITY * most)


def _latent_means(draft: _Draft, sample: Moments, origin: Vector) -> None:
    """Means by least squares on what the intercepts leave of the items' means, less what regressions explain.

    Free intercepts then leave off what the latent means explain.
    """
    plan, values, p = draft.plan, draft.values, len(sample.mean)
    M = len(draft.cov)
    left, total = sample.mean - origin, np.zeros(M)
    Lambda, Beta = np.zeros((p, M)), np.zeros((M, M))
    for i, row in plan.rows.items():
        a, b = plan.place[row.lhs], plan.place.get(row.rhs, -1)
        if row.factors:  # products start at their fixed value, or 0
            continue
        if row.op == "=~" and b < p:
            Lambda[b, a] = values[i]
        elif row.op == "~":
            Beta[a, b] = values[i]
        elif row.op == "~1" and not row.free and a < p:
            left[a] = sample.mean[a] - values[i]
        elif row.op == "~1" and not row.free:
            total[a] = values[i]
    free = list(plan.means.values())
    spread = np.sqrt(np.maximum(sample.cov.diagonal(), 1e-12))
    rest = left - Lambda @ total
    total[free] = np.linalg.lstsq(Lambda[:, free] / spread[:, None], rest / spread, rcond=None)[0]
    explained = Lambda @ total
    total[:p] = sample.mean
    values[list(plan.means)] = (total - Beta @ total)[free]
    values[list(plan.intercepts)] -= explained[list(plan.intercepts.values())]


def _structure(draft: _Draft) -> None:
    """Regressions by least squares on the provisional covariances; variances and covariances from what is left."""
    rows, place, values = draft.plan.rows, draft.plan.place, draft.values
    residual = np.diagonal(draft.cov) - draft.communal
    explained = {place[row.rhs] for row in rows.values() if row.op == "=~"}
    equations: dict[int, list[tuple[int, int]]] = {}
    for i, row in rows.items():
        if row.op in ("~", "<~"):
            a, b = place[row.lhs], place.get(row.rhs, -1)
            explained.add(a)
            if row.factors:
                continue
            if row.free and draft.cov[a, a] > 0 and draft.cov[b, b] > 0:
                equations.setdefault(a, []).append((i, b))
            elif row.free and row.op == "<~":
                values[i] = 1.0
    for a, terms in equations.items():
        residual[a] -= _regress(draft, a, terms, 0.8 * max(residual[a], 0.0))
    for i, row in rows.items():
        if row.op == "~~" and row.free:
            ordinal = (
                row.is_variance and row.lhs in draft.plan.ordinal
            )  # free in the theta parameterization: 1 elsewhere
            a, b = place[row.lhs], place[row.rhs]
            values[i] = 1.0 if ordinal else _residual_moment(draft.cov, residual, explained, a, b)


def _regress(draft: _Draft, a: int, terms: list[tuple[int, int]], limit: float) -> float:
    """Coefficients of one equation, shrunk to explain no more than `limit` of the variance; returns how much."""
    xs = [b for _, b in terms]
    block, target = draft.cov[xs][:, xs], draft.cov[xs, a]
    block[np.diag_indices(len(xs))] *= 1.01
    try:
        beta = np.linalg.solve(block, target)
    except np.linalg.LinAlgError:
        return 0.0
    part = float(beta @ target)
    if part > limit > 0:
        beta *= limit / part
        part = limit
    draft.values[[i for i, _ in terms]] = beta
    return max(part, 0.0)


def _residual_moment(cov: Matrix, residual: Vector, explained: set[int], a: int, b: int) -> float:
    """A residual variance in a sane range; a covariance where neither variable is explained, else zero."""
    if a == b:
        total = cov[a, a] if cov[a, a] > 0 else 1.0
        return float(min(max(residual[a], _LEAST_COMMUNALITY * total), total))
    if a in explained or b in explained or cov[a, a] <= 0 or cov[b, b] <= 0:
        return 0.0
    most = 0.9 * np.sqrt(cov[a, a] * cov[b, b])
    return float(min(max(cov[a, b], -most), most))
