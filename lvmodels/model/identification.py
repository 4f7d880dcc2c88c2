"""Whether the data can tell the parameters apart: the null space of the derivatives of the moments.

A model is locally identified where the Jacobian of the implied moments by the parameters has full column rank (Wald
1950; Rothenberg 1971, theorem 1). Rank is judged at points drawn around the solution, so that a deficiency that holds
everywhere (the model's fault) is told from one that holds only at the solution (the data's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.model.directions import PRODUCT
from lvmodels.model.matrices import Template, model_matrices, moment_slopes
from lvmodels.model.responses import completed_values, response_slopes, response_state
from lvmodels.model.restrictions import Restrictions, constraint_values, table_values
from lvmodels.model.table import ParameterTable

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_RANK_TOLERANCE = 1e-7
_SHARE = 1e-3


@dataclass(frozen=True, slots=True)
class RankReport:
    """What the rank of the Jacobian says.

    Attributes
    ----------
    deficiency : int
        Dimension of the null space.
    parameters : tuple of int
        Rows of the table that take part in it.
    """

    deficiency: int
    parameters: tuple[int, ...]


def moment_jacobian(template: Template, restrictions: Restrictions, values: Vector) -> Matrix:
    """Derivatives of all implied moments by theta.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Completed ones (`lvmodels.model.responses`).

    Returns
    -------
    ndarray, shape (n_groups * (p (p + 1) / 2 + p), q)
        Lower triangles of the covariances, then means, group by group; with ordinal variables the moments of their
        layout.
    """
    blocks = []
    for g, part in enumerate(template.groups):
        matrices = model_matrices(template, g, values)
        if template.responses is None:
            slopes = moment_slopes(matrices, part.directions, template.n_observed, template.meanstructure)
        else:
            slopes = response_slopes(response_state(template, g, matrices, values), part.directions)
        block = np.zeros((len(slopes), len(restrictions.free_rows)))
        block[:, part.free] = slopes
        blocks.append(block)
    if template.levels is not None:
        _join_means(blocks, template.n_observed)
    return np.concatenate(blocks) @ restrictions.K


def _join_means(blocks: list[Matrix], p: int) -> None:
    """Of the means of two levels only their sum is known."""
    for within, between in zip(blocks[::2], blocks[1::2], strict=True):
        between[-p:] += within[-p:]
        within[-p:] = 0.0


def _units(template: Template, values: Vector) -> Vector:
    """What each moment is measured in, by the standard deviations of its variables: rank must not depend on units."""
    if template.responses is not None:
        return np.ones(template.responses.size * len(template.groups))
    p = template.n_observed
    i, j = lower_triangle(p)
    units = []
    for g in range(len(template.groups)):
        size = np.sqrt(np.abs(np.diagonal(model_matrices(template, g, values).V)[:p]))
        size = np.where(size > 0, size, 1.0)
        units += [size[i] * size[j], size]
    return np.concatenate(units)


def _parameter_units(template: Template, restrictions: Restrictions, values: Vector) -> Vector:
    """What each free parameter is measured in: a standardized value of one, shape (q,)."""
    units = np.ones(len(values))
    for g, part in enumerate(template.groups):
        try:
            matrices = model_matrices(template, g, values)
        except np.linalg.LinAlgError:
            continue
        p, at = template.n_observed, part.directions
        variance = np.abs(np.diagonal(matrices.V))
        typical = np.median(variance[:p])  # for variables that vanish at this point
        variance = np.where((matrices.Tau[:p] ** 2).max(axis=0) * variance > 1e-12 * typical, variance, typical)
        size = np.sqrt(np.where(variance > 0, variance, 1.0))
        first, second = size[at.first], size[at.second]
        units[restrictions.free_rows[part.free]] = np.select(
            [at.kind == 0, at.kind == 1], [first / second, first * second], first
        )
    return units[restrictions.parameter_rows]


def rank_report(table: ParameterTable, template: Template, restrictions: Restrictions, values: Vector) -> RankReport:
    """Rank of the moments' Jacobian (with nonlinear equality constraints) at one point."""
    linear = linear_parameters(template, restrictions)
    values = _without_products(template, values)
    J = (moment_jacobian(template, restrictions, values) / _units(template, values)[:, None])[:, linear]
    if restrictions.equalities:
        H = constraint_values(restrictions, restrictions.equalities, values)[1]
        H = H[:, linear]
        J = np.concatenate([J, H / np.maximum(np.linalg.norm(H, axis=1, keepdims=True), 1e-300)])
    size = np.linalg.norm(J, axis=0)
    J = J / np.where(size > 0, size, 1.0)
    _, singular, right = np.linalg.svd(J, full_matrices=True)
    rank = int((singular > _RANK_TOLERANCE * max(singular.max(initial=0.0), 1e-300)).sum())
    null = right[rank:]
    share = (null**2).sum(axis=0) if len(null) else np.zeros(J.shape[1])
    involved = np.flatnonzero(share > _SHARE * share.max()) if len(null) else np.zeros(0, dtype=int)
    return RankReport(J.shape[1] - rank, tuple(int(restrictions.parameter_rows[linear][k]) for k in involved))


def linear_parameters(template: Template, restrictions: Restrictions) -> NDArray[np.bool_]:
    """Which parameters the covariances and means must tell, shape (q,): all but those of products alone.

    Products of latent variables show in higher moments; without them the model must be identified as it stands.
    """
    others = np.ones(len(restrictions.free_rows), dtype=bool)
    for part in template.groups:
        others[part.free[part.directions.kind == PRODUCT]] = False
    return np.asarray((restrictions.K[others] != 0.0).any(axis=0) | others.all())


def _without_products(template: Template, values: Vector) -> Vector:
    found = values.copy()
    for part in template.groups:
        if part.products is not None:
            found[part.products.rows] = 0.0
    return found


def structural_report(
    table: ParameterTable, template: Template, restrictions: Restrictions, base: Vector, *centres: Vector
) -> RankReport:
    """The smallest deficiency found at points around the centres: above zero, the model itself is not identified."""
    rng = np.random.default_rng(1950)
    reports = []
    for theta in [centre for centre in centres for _ in range(3)]:
        try:
            units = _parameter_units(template, restrictions, table_values(restrictions, base, theta))
            near = theta + rng.uniform(0.1, 0.4, len(theta)) * np.maximum(np.abs(theta), 0.3 * units)
            values = completed_values(template, table_values(restrictions, base, near))
            reports.append(rank_report(table, template, restrictions, values))
        except np.linalg.LinAlgError:
            continue
    return min(reports, key=lambda report: report.deficiency) if reports else RankReport(0, ())


def identification_advice(table: ParameterTable, report: RankReport) -> str:
    """What to fix, in words."""
    rows = table.rows
    named = {rows[i].lhs for i in report.parameters if rows[i].lhs in table.variables.latent}
    advice = []
    for factor in table.variables.latent:
        if factor not in named:
            continue
        loadings = [r for r in rows if r.group == 1 and r.lhs == factor and r.op in ("=~", "<~")]
        variances = [r for r in rows if r.group == 1 and r.lhs == factor and r.is_variance]
        scaled = any(not r.free and r.value for r in loadings) or any(
            not r.free and r.value and r.op == "~~" for r in variances
        )
        if not scaled and loadings:
            first = loadings[0].rhs
            advice.append(f"give '{factor}' a scale: write '{factor} {loadings[0].op} 1*{first}' or set std_lv=True")
        elif loadings and loadings[0].op == "=~" and len(loadings) < 3:
            advice.append(
                f"'{factor}' has {len(loadings)} indicator{'s' if len(loadings) > 1 else ''}: add one, make its "
                "loadings equal, or let it relate to other variables"
            )
    names = [rows[i].label if rows[i].label[:2] not in ("", ".p") else str(rows[i]) for i in report.parameters]
    if not advice and names:
        advice.append(f"fix {'one' if report.deficiency == 1 else str(report.deficiency)} of {', '.join(names)}, "
                      "or add variables that tell them apart")  # fmt: skip
    return "; ".join(advice)
