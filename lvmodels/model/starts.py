"""Starting values from the sample moments, without iteration.

Loadings by instrumental variables (Hägglund 1982), then covariances among latent variables from the weighted items,
then the structural coefficients by least squares on these covariances. A written `start()` goes before all of it.
Close starts save iterations and keep the search away from points where the information is singular.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.matrices import Template
from lvmodels.model.row import Row
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
            sample = moments[row.group - 1]
            values[i] = sample.mean[place[row.lhs]] if row.op == "~1" else sample.cov[place[row.lhs], place[row.rhs]]
        elif not row.free:
            values[i] = row.value or 0.0
    return values


def starting_values(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """A first value for every row of the table, fixed and free, shape (n_rows,)."""
    values = fixed_values(table, template, moments)
    for group, sample in enumerate(moments, start=1):
        rows = [(i, row) for i, row in enumerate(table.rows) if row.group == group]
        _group_starts(rows, template, sample, values)
    return values


def simple_starting_values(table: ParameterTable, template: Template, moments: Sequence[Moments]) -> Vector:
    """A cautious alternative: uncorrelated variables, loadings of 1, half of each variance residual."""
    values = fixed_values(table, template, moments)
    place = {name: i for i, name in enumerate(template.observed)}
    for i, row in enumerate(table.rows):
        if not row.free:
            continue
        sample = moments[row.group - 1]
        k = place.get(row.lhs)
        if row.start is not None:
            values[i] = row.start
        elif row.op == "=~":
            values[i] = 1.0
        elif row.is_variance:
            values[i] = 0.05 if k is None else 0.5 * sample.cov[k, k]
        elif row.op == "~1":
            values[i] = 0.0 if k is None else sample.mean[k]
    return values


def _group_starts(rows: list[tuple[int, Row]], template: Template, sample: Moments, values: Vector) -> None:
    place = {name: i for i, name in enumerate(template.names)}
    loadings: dict[str, list[tuple[int, Row]]] = {}
    for i, row in rows:
        if row.op == "=~":
            loadings.setdefault(row.lhs, []).append((i, row))
    p, M = template.n_observed, len(template.names)
    cov = np.zeros((M, M))
    cov[:p, :p] = sample.cov
    communal = np.zeros(M)
    known = list(range(p))
    pending = dict(loadings)
    while pending:
        ready = [f for f, items in pending.items() if all(place[row.rhs] in known for _, row in items)]
        if not ready:
            break
        for f in ready:
            _measure(f, pending.pop(f), rows, place, cov, communal, known, values)
    _structure(rows, place, cov, communal, set(loadings), values)
    _intercepts(rows, template, sample, values)
    for i, row in rows:
        if row.free and row.start is not None:
            values[i] = row.start


def _measure(
    factor: str,
    items: list[tuple[int, Row]],
    rows: list[tuple[int, Row]],
    place: dict[str, int],
    cov: Matrix,
    communal: Vector,
    known: list[int],
    values: Vector,
) -> None:
    """Loadings of one latent variable, and its covariances with everything known so far."""
    idx = np.array([place[row.rhs] for _, row in items])
    fixed = np.array([np.nan if row.free else values[i] for i, row in items])
    lam = _instrumental_loadings(cov, idx, [k for k in known if k not in set(idx)])
    anchors = np.flatnonzero(np.isfinite(fixed) & (fixed != 0.0))
    variance_row = next((i for i, row in rows if row.lhs == factor and row.is_variance), None)
    variance_fixed = variance_row is not None and not dict(rows)[variance_row].free and values[variance_row] > 0
    if len(anchors):
        lam *= fixed[anchors[0]] / (lam[anchors[0]] or 1.0)
    phi = _common_variance(cov, idx, lam)
    if not len(anchors) and variance_fixed and variance_row is not None:
        scale = np.sqrt(phi / values[variance_row])
        lam, phi = lam * scale, float(values[variance_row])
    lam = np.where(np.isfinite(fixed), fixed, lam)
    for (i, row), value in zip(items, lam, strict=True):
        if row.free:
            values[i] = value
    communal[idx] = np.maximum(communal[idx], lam**2 * phi)
    weight: Vector = lam / max(float(lam @ lam), 1e-12)
    f = place[factor]
    cov[f, known] = cov[known, f] = weight @ cov[idx][:, known]
    # covariances with the own items hold their residuals; the model says lambda * phi
    cov[f, idx] = cov[idx, f] = lam * phi
    cov[f, f] = phi
    known.append(f)


def _instrumental_loadings(cov: Matrix, idx: NDArray[np.intp], others: list[int]) -> Vector:
    """Loadings relative to the first item; instruments are all other items, or all other variables for two items."""
    block = cov[idx[:, None], idx]
    first, own = block[0], np.diagonal(block)
    if len(idx) > 2:
        top = block @ first - block[:, 0] * first[0] - own * first
        bottom = first @ first - first[0] ** 2 - first**2
    else:
        top, bottom = cov[idx[:, None], others] @ cov[idx[0], others], np.sum(cov[idx[0], others] ** 2)
    size = np.sqrt(np.maximum(own, 1e-12) / max(first[0], 1e-12))
    ratio = np.divide(top, bottom, out=size.copy(), where=np.broadcast_to(bottom > 0, size.shape))
    near_zero = np.abs(ratio) <= 0.05 * size
    lam = np.where(near_zero, np.where(ratio < 0, -0.5, 0.5) * size, np.clip(ratio, -5.0 * size, 5.0 * size))
    lam[0] = 1.0
    return lam


def _common_variance(cov: Matrix, idx: NDArray[np.intp], lam: Vector) -> float:
    """Variance of the latent variable that reproduces the covariances among its items best, kept in a sane range."""
    block = cov[np.ix_(idx, idx)]
    outer = np.outer(lam, lam)
    off = ~np.eye(len(idx), dtype=bool)
    bottom = float((outer[off] ** 2).sum())
    estimate = float((block[off] * outer[off]).sum()) / bottom if bottom > 0 else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        most = float(np.nanmin(np.where(lam != 0, np.diagonal(block) / lam**2, np.nan))) if (lam != 0).any() else 1.0
    if len(idx) == 1:
        return max(most, 1e-6)
    return float(np.clip(estimate, _LEAST_COMMUNALITY * most, _MOST_COMMUNALITY * most))


def _structure(
    rows: list[tuple[int, Row]],
    place: dict[str, int],
    cov: Matrix,
    communal: Vector,
    measured: set[str],
    values: Vector,
) -> None:
    """Regressions by least squares on the provisional covariances; variances and covariances from what is left."""
    parents: dict[int, list[tuple[int, int, bool]]] = {}
    indicators = {place[row.rhs] for _, row in rows if row.op == "=~"}
    for i, row in rows:
        if row.op in ("~", "<~"):
            a, b = place[row.lhs], place[row.rhs]
            parents.setdefault(a, []).append((i, b, row.free))
            if row.op == "<~" and row.lhs not in measured and row.free:
                values[i] = 1.0
    residual = np.diagonal(cov).copy() - np.where(np.isin(np.arange(len(cov)), list(indicators)), communal, 0.0)
    for a, entries in parents.items():
        free = [(i, b) for i, b, is_free in entries if is_free and cov[b, b] > 0]
        if not free or cov[a, a] <= 0:
            continue
        xs = [b for _, b in free]
        block = cov[np.ix_(xs, xs)]
        ridge = 0.01 * np.diag(np.diagonal(block))
        beta = np.linalg.lstsq(block + ridge, cov[xs, a], rcond=None)[0]
        explained = float(beta @ cov[xs, a])
        limit = 0.8 * max(residual[a], 0.0)
        if explained > limit > 0:
            beta *= limit / explained
            explained = limit
        for (i, _), value in zip(free, beta, strict=True):
            values[i] = value
        residual[a] -= max(explained, 0.0)
    _residual_moments(rows, place, cov, residual, set(parents) | indicators, values)


def _residual_moments(
    rows: list[tuple[int, Row]],
    place: dict[str, int],
    cov: Matrix,
    residual: Vector,
    explained: set[int],
    values: Vector,
) -> None:
    for i, row in rows:
        if row.op != "~~" or not row.free:
            continue
        a, b = place[row.lhs], place[row.rhs]
        if a == b:
            total = cov[a, a] if cov[a, a] > 0 else 1.0
            values[i] = float(np.clip(residual[a], _LEAST_COMMUNALITY * total, total))
        elif a not in explained and b not in explained and cov[a, a] > 0 and cov[b, b] > 0:
            most = 0.9 * np.sqrt(cov[a, a] * cov[b, b])
            values[i] = float(np.clip(cov[a, b], -most, most))


def _intercepts(rows: list[tuple[int, Row]], template: Template, sample: Moments, values: Vector) -> None:
    place = {name: i for i, name in enumerate(template.observed)}
    for i, row in rows:
        if row.op == "~1" and row.free:
            values[i] = sample.mean[place[row.lhs]] if row.lhs in place else 0.0
