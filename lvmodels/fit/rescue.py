"""A second search, when the first came to no end, with other items giving the latent variables their scale.

A latent variable takes its scale from one item. If that item hardly measures it, all other loadings run towards
infinity along a narrow curved valley in which every search crawls. With the strongest item as marker the same minimum
is an ordinary point; it is found there and carried back by rescaling.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Evaluation, Objective, evaluate, make_objective
from lvmodels.estimate.solve import Optimum, minimise
from lvmodels.model.directions import arrow
from lvmodels.model.matrices import build_template
from lvmodels.model.restrictions import restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification
from lvmodels.model.starts import simple_starting_values

Vector = NDArray[np.float64]
Markers = dict[tuple[int, str], tuple[int, int]]  # (block, latent variable) → rows of the old and of the new marker
_NO_LOADING = 1e-4


def search_again(
    specification: Specification, objective: Objective, failed: Optimum, unbiased: bool, limit: int | None = None
) -> Optimum:
    """The minimum from cautious starting values or by way of other markers, or `failed` with what is known about why.

    Parameters
    ----------
    specification : Specification
    objective : Objective
    failed : Optimum
        Of an unconstrained search that did not converge.
    unbiased : bool
        Groups count n - 1 cases each (Wishart likelihood).
    limit : int, optional
        Of iterations, of each search; that of `minimise` by default.
    """
    simple = simple_starting_values(specification.table, specification.template, objective.moments)
    start = evaluate(objective, simple[objective.restrictions.parameter_rows])
    if start is not None:
        found = minimise(objective, start, limit)
        if found.converged:
            return found
    if objective.template.responses is not None and not objective.template.delta:
        found = _by_unit_variances(specification, objective, failed, unbiased, limit)
        if found.converged:
            return found
    return _by_other_markers(specification, objective, failed, unbiased, limit)


def _by_unit_variances(
    specification: Specification, objective: Objective, failed: Optimum, unbiased: bool, limit: int | None
) -> Optimum:
    """Where residual variances of answers are 1, an item almost without error has a loading beyond all measure.

    As the marker it drives all other parameters to the edge; with variances of 1 its own loading alone is large.
    """
    markers = _stronger_markers(specification, failed.evaluation, any_item=True)
    table, rows = specification.table, list(specification.table.rows)
    place = {(table.block(row), row.lhs): i for i, row in enumerate(rows) if row.is_variance and row.free}
    markers = {key: pair for key, pair in markers.items() if key in place}
    if not markers:
        return failed
    for key, (old, _) in markers.items():
        rows[old] = replace(rows[old], free=True, value=None)
        rows[place[key]] = replace(rows[place[key]], free=False, value=1.0)
    table = replace(table, rows=tuple(rows))
    other = Specification(specification.text, table, build_template(table), restrictions_of(table))
    elsewhere = make_objective(other, objective.moments, unbiased)
    values = simple_starting_values(table, other.template, objective.moments)
    start = evaluate(elsewhere, values[elsewhere.restrictions.parameter_rows])
    found = None if start is None else minimise(elsewhere, start, limit)
    if found is None or not found.converged:
        return failed
    back = _carried(specification, objective, found.evaluation.values, {k: old for k, (old, _) in markers.items()})
    return failed if back is None else minimise(objective, back, limit)


def _by_other_markers(
    specification: Specification, objective: Objective, failed: Optimum, unbiased: bool, limit: int | None
) -> Optimum:
    markers = _stronger_markers(specification, failed.evaluation)
    if not markers:
        return failed
    rows = list(specification.table.rows)
    for old, new in markers.values():
        rows[old] = replace(rows[old], free=True, value=None)
        rows[new] = replace(rows[new], free=False, value=1.0)
    table = replace(specification.table, rows=tuple(rows))
    other = Specification(specification.text, table, build_template(table), restrictions_of(table))
    elsewhere = make_objective(other, objective.moments, unbiased)
    there = _carried(specification, elsewhere, failed.evaluation.values, {k: new for k, (_, new) in markers.items()})
    found = None if there is None else minimise(elsewhere, there, limit)
    if found is None or not found.converged:
        return failed
    vanishing = _vanishing(specification, found.evaluation, markers)
    if vanishing:
        return replace(failed, reason=vanishing)
    back = _carried(specification, objective, found.evaluation.values, {k: old for k, (old, _) in markers.items()})
    return failed if back is None else minimise(objective, back, limit)


def _stronger_markers(specification: Specification, solution: Evaluation, any_item: bool = False) -> Markers:
    """Latent variables whose scale can move to an item that measures them better; or all whose scale can move."""
    table, template = specification.table, specification.template
    if not specification.restrictions.identity:
        return {}
    place = {name: k for k, name in enumerate(template.names)}
    found: Markers = {}
    for b, state in enumerate(solution.states):
        size = np.sqrt(np.abs(np.diagonal(state.matrices.V)))
        for f in template.latent:
            rows = [(i, row) for i, row in enumerate(table.rows) if table.block(row) == b and f in (row.lhs, row.rhs)]
            fixed = [(i, row) for i, row in rows if not row.free and row.value != 0.0]
            loadings = [(i, row) for i, row in rows if row.op == "=~" and row.lhs == f]
            if len(fixed) != 1 or fixed[0] not in loadings or fixed[0][1].value != 1.0:
                continue
            strength = {i: abs(solution.values[i]) / max(size[place[row.rhs]], 1e-300) for i, row in loadings}
            best = max(strength, key=lambda i: strength[i])
            if any_item or best != fixed[0][0]:
                found[b, f] = (fixed[0][0], best)
    return found


def _carried(
    specification: Specification, objective: Objective, values: Vector, unit: dict[tuple[int, str], int]
) -> Evaluation | None:
    """The point at which the same moments are implied with the loadings in `unit` equal to 1."""
    rows = specification.table.rows
    scale = {key: float(values[row]) for key, row in unit.items()}

    def of(row: Row, name: str) -> float:
        return scale.get((specification.table.block(row), name), 1.0)

    place = {name: k for k, name in enumerate(specification.template.names)}
    names = specification.template.names
    moved = np.array(values)
    for i, row in enumerate(rows):
        if row.op == "~~":
            moved[i] *= of(row, row.lhs) * of(row, row.rhs)
        elif row.op == "~1":
            moved[i] *= of(row, row.lhs)
        elif row.op not in ("|", "~*~"):  # thresholds and scales of answers know nothing of latent variables
            head, *tails = (row.lhs, *row.factors) if row.factors else (names[k] for k in arrow(row, place))
            moved[i] *= of(row, head) / np.prod([of(row, tail) for tail in tails])
    return evaluate(objective, moved[objective.restrictions.parameter_rows]) if np.isfinite(moved).all() else None


def _vanishing(specification: Specification, solution: Evaluation, markers: Markers) -> str:
    """In words, which marker has no loading at the minimum; empty when all have one."""
    for (_, f), (old, new) in markers.items():
        if abs(solution.values[old]) < _NO_LOADING * abs(solution.values[new]):
            weak, strong = specification.table.rows[old].rhs, specification.table.rows[new].rhs
            return (
                f"the loading of '{weak}', which gives '{f}' its scale, vanishes; let a better item give it, such as "
                f"'{f} =~ NA*{weak} + 1*{strong}'"
            )
    return ""
