"""Modification indices: score tests of parameters that are fixed or absent (Sörbom 1989)."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.level_modification import level_tests
from lvmodels.assess.products import refuse_products
from lvmodels.assess.standardization import Kind, scales
from lvmodels.assess.two_stage import two_stage_information
from lvmodels.assess.vcov import effective_n
from lvmodels.errors import NotConvergedError
from lvmodels.estimate.derived import derived
from lvmodels.estimate.likelihood import GroupState, cross_information, gradient, moments_weight
from lvmodels.estimate.objective import information
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.directions import Directions, directions_of
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables
from lvmodels.moments.weight import normal_weight, weighted

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_CHUNK, _LEVEL_CHUNK = 400, 60
_SINGULAR = 1e-8


def modification_indices(fit: Fit, minimum: float) -> pd.DataFrame:
    """The frame behind `Fit.modification_indices`.

    Raises
    ------
    NotConvergedError
    """
    import pandas as pd

    if not fit.converged:
        raise NotConvergedError("modification indices need a model that converged; " + fit.optimum.reason + ".")
    refuse_products(fit, "modification indices are", "Look at those of the model without the product.")
    rows, mi, epc = score_tests(fit)
    keep = np.flatnonzero(np.isfinite(mi) & (mi >= minimum))
    order = keep[np.argsort(-mi[keep], kind="stable")]
    columns = {
        "lhs": [rows[k].lhs for k in order],
        "op": [rows[k].op for k in order],
        "rhs": [rows[k].rhs for k in order],
    }
    frame = pd.DataFrame(columns, dtype=object)
    if fit.table.n_groups > 1:
        frame["group"] = [rows[k].group for k in order]
    if fit.table.levels:
        frame["level"] = [rows[k].level for k in order]
    frame["mi"], frame["epc"] = mi[order], epc[order]
    for kind in ("lv", "all"):
        frame[f"sepc_{kind}"] = _standardized_change(fit, [rows[k] for k in order], epc[order], kind)
    return frame


@derived
def score_tests(fit: Fit) -> tuple[list[Row], Vector, Vector]:
    """Candidate parameters, their modification indices and expected changes; NaN where the test has no information."""
    if fit.table.levels:
        return _by_level(fit)
    rows: list[Row] = []
    mi: list[Vector] = []
    epc: list[Vector] = []
    for g in range(fit.table.n_groups):
        candidates = candidate_rows(fit, g + 1)
        for start in range(0, len(candidates), _CHUNK):
            some = candidates[start : start + _CHUNK]
            index, change = row_tests(fit, g + 1, some)
            rows, mi, epc = rows + some, [*mi, index], [*epc, change]
    return rows, np.concatenate(mi) if mi else np.zeros(0), np.concatenate(epc) if epc else np.zeros(0)


def _by_level(fit: Fit) -> tuple[list[Row], Vector, Vector]:
    """The same for both levels of every group."""
    candidates = [
        row
        for group in range(1, fit.table.n_groups + 1)
        for level in range(1, fit.table.n_levels + 1)
        for row in candidate_rows(fit, group, level)
    ]
    found = [level_tests(fit, candidates[k : k + _LEVEL_CHUNK]) for k in range(0, len(candidates), _LEVEL_CHUNK)]
    mi, epc = (np.concatenate([pair[k] for pair in found]) if found else np.zeros(0) for k in range(2))
    return candidates, mi, epc


@derived
def _inverse(fit: Fit) -> Matrix:
    """Inverse expected information within the constraints, shape (q, q)."""
    tangent = constraint_tangent(fit.objective, fit.optimum)
    # expected: unlike the observed one it makes every index positive
    J = two_stage_information(fit) if fit.settings.two_stage else information(fit.objective, fit.solution)
    T = np.eye(len(J)) if tangent is None else tangent
    scale = 1.0 / np.sqrt(np.maximum(np.diagonal(J), np.finfo(float).tiny))  # units of the parameters do not count
    T = T / scale[:, None] if tangent is not None else T
    inverse = scale[:, None] * T @ np.linalg.pinv(T.T @ (J * scale * scale[:, None]) @ T, hermitian=True) @ T.T * scale
    return np.asarray(inverse)


def row_tests(fit: Fit, group: int, rows: list[Row]) -> tuple[Vector, Vector]:
    """Index and expected change of parameters of one group (from 1), if each was freed alone."""
    g, inverse = group - 1, _inverse(fit)
    template, state = fit.objective.template, fit.solution.states[g]
    weight, part = fit.objective.weights[g], template.groups[g]
    at = directions_of(rows, {name: i for i, name in enumerate(template.names)})
    score = -0.5 * weight * gradient(state, at)
    own, cross = _blocks(state, at, part.directions, information_weight(fit, g))
    by_row = np.zeros((len(rows), len(fit.objective.restrictions.free_rows)))
    by_row[:, part.free] = weight * cross
    by_theta = by_row @ fit.objective.restrictions.K
    left = weight * own - ((by_theta @ inverse) * by_theta).sum(axis=1)
    usable = left > _SINGULAR * weight * own
    left = np.where(usable, left, np.nan)
    return effective_n(fit) * score**2 / left, score / left


def information_weight(fit: Fit, g: int) -> Matrix | None:
    """Information about the moments of a group where it is held as a matrix."""
    if fit.settings.two_stage:  # at the sample moments, as for its standard errors
        return normal_weight(np.asarray(np.linalg.inv(fit.prepared.moments[g].cov), dtype=np.float64))
    return moments_weight(fit.solution.states[g], observed=False)


def _blocks(state: GroupState, at: Directions, free: Directions, V: Matrix | None) -> tuple[Vector, Matrix]:
    """Information of each candidate about itself, shape (k,), and about the free parameters, shape (k, q_g)."""
    if V is not None:
        candidates = state.slopes(at)
        half = weighted(V, candidates)
        return (candidates * half).sum(axis=0), half.T @ state.slopes(free)
    G, m = state.G, state.means[at.m]
    own = at.c**2 * (G[at.u, at.u] * G[at.v, at.v] + G[at.u, at.v] ** 2) + m**2 * G[at.u, at.u]
    return own, cross_information(state, at, free)


def candidate_rows(fit: Fit, group: int, level: int = 1) -> list[Row]:
    """Parameters that could be freed in a block: fixed ones of the table, and absent loadings, covariances, paths."""
    variables = fit.table.levels[level - 1] if fit.table.levels else fit.table.variables
    rows = [row for row in fit.table.rows if (row.group, row.level) == (group, level)]
    present = {row.key for row in rows} | {(r.rhs, "~~", r.lhs) for r in rows if r.op == "~~"}
    present |= {(r.rhs, "~", r.lhs) for r in rows if r.op == "=~"} | {(r.rhs, "=~", r.lhs) for r in rows if r.op == "~"}
    fixed = [row for row in rows if not row.free and not row.covariate and not _follows(fit, row)]
    latent = [f for f in variables.latent if f not in variables.composite]
    indicators = tuple(dict.fromkeys(row.rhs for row in rows if row.op == "=~" and row.rhs in variables.observed))
    outcomes = [name for name in variables.observed if name not in variables.covariates]
    given = variables.covariates if any(row.covariate for row in fit.table.rows) else ()
    structural = _structural(rows, fit, variables)
    absent = [
        *((f, "=~", x) for f in latent for x in indicators),
        *((a, "~~", b) for a, b in combinations(outcomes, 2)),
        *((a, "~~", b) for a, b in combinations(latent, 2)),
        *((a, "~", b) for a, b in permutations(structural, 2) if a not in given),
    ]
    return fixed + [Row(*key, group=group, level=level) for key in absent if key not in present]


def _follows(fit: Fit, row: Row) -> bool:
    """Whether this is the scale of an ordinal variable that follows from the other, or its intercept."""
    if row.lhs not in dict(fit.table.ordered):
        return False
    return row.op == "~1" or (row.is_variance if fit.table.parameterization == "delta" else row.op == "~*~")


def _structural(rows: list[Row], fit: Fit, variables: Variables) -> list[str]:
    """Variables between which a path is thinkable, in models that have paths at all."""
    if not any(row.op == "~" for row in rows):
        return []
    used = {name for row in rows if row.op == "~" for name in (row.lhs, row.rhs)}
    return [n for n in fit.objective.template.names if n in used or n in variables.latent]


def _standardized_change(fit: Fit, rows: list[Row], epc: Vector, kind: Kind) -> Vector:
    """Expected changes on the standardized scale of their parameter."""
    place = {name: i for i, name in enumerate(fit.objective.template.names)}
    by_group = [scales(fit.objective.template, state.matrices, kind) for state in fit.solution.states]
    found = np.empty(len(rows))
    for k, row in enumerate(rows):
        total, residual = by_group[fit.table.block(row)]
        a = place[row.lhs]
        if row.op == "~1":
            factor = 1.0 / total[a]
        elif row.op == "~~":
            b = place[row.rhs]
            factor = 1.0 / (total[a] ** 2 if a == b else residual[a] * residual[b])
        else:
            b = place[row.rhs]
            factor = total[a] / total[b] if row.op == "=~" else total[b] / total[a]
        found[k] = epc[k] * factor
    return found
