"""Which equality to release first: score tests of all parameters that a step of a ladder makes equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.ladder import Step
from lvmodels.assess.modification import row_tests
from lvmodels.assess.score_tests import constraints_of, release
from lvmodels.fit.record import Fit
from lvmodels.model.equality import parameter_kind
from lvmodels.model.row import Row

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("step", "lhs", "op", "rhs", "x2", "df", "pvalue", "est")


def release_table(steps: Sequence[Step]) -> pd.DataFrame:
    """Score tests of what each step after the first makes equal, largest first within a step.

    Returns
    -------
    DataFrame
        step, lhs, op, rhs, x2, df, pvalue, est (the common value), and the expected change in each group under
        ``epc (label)``. The thresholds of an item are released together (rhs "t"; est and changes of the first).
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for step in steps[1:]:
        if step.fit.converged and not step.fit.singular:
            found = [*_equalities(step), *_fixed(step)]
            rows += sorted(found, key=lambda row: -row["x2"] if np.isfinite(row["x2"]) else 0.0)
    labels = steps[0].fit.prepared.group_labels
    return pd.DataFrame(rows, columns=[*COLUMNS, *(f"epc ({label})" for label in labels)])


def _equalities(step: Step) -> list[dict[str, Any]]:
    """Tests of parameters that share one free value over the groups."""
    fit, found = step.fit, constraints_of(step.fit)
    sets: dict[tuple[str, str, str], list[int]] = {}
    for k, tied in enumerate(found.tied):
        if tied is None:
            continue
        row, first = fit.table.rows[tied[0]], fit.table.rows[tied[1]]
        if parameter_kind(row, fit.table.variables) in step.kinds and row.key == first.key:
            sets.setdefault(_merged(row), []).append(k)
    position = {int(i): k for k, i in enumerate(fit.objective.restrictions.free_rows)}
    rows = []
    for key, which in sets.items():
        test = release(fit, which)
        changes = _by_group(fit, key, {i: test.changes[k] for i, k in position.items()})
        rows.append(_entry(step, key, test.x2, test.df, test.pvalue, changes))
    return rows


def _fixed(step: Step) -> list[dict[str, Any]]:
    """Tests of ordinal intercepts and residual variances, which are fixed alike in all groups, not equated."""
    fit = step.fit
    ordinal = dict(fit.table.ordered)
    kinds = {"~1": "intercepts", "~~": "residuals"}
    rows = []
    for group in range(2, fit.table.n_groups + 1):
        some = [
            row
            for row in fit.table.rows
            if row.group == group
            and not row.free
            and row.lhs in ordinal
            and row.rhs in ("", row.lhs)
            and kinds.get(row.op) in step.kinds
            and not (row.op == "~~" and fit.table.parameterization == "delta")
        ]
        if not some:
            continue
        x2, epc = row_tests(fit, group, some)
        for row, statistic, change in zip(some, x2, epc, strict=True):
            changes = [change if g == group else 0.0 for g in range(1, fit.table.n_groups + 1)]
            rows.append(_entry(step, row.key, float(statistic), 1, chi_square_tail(float(statistic), 1), changes))
    return rows


def _merged(row: Row) -> tuple[str, str, str]:
    """What is released together: all thresholds of an item, any other parameter alone."""
    return (row.lhs, "|", "t") if row.op == "|" else row.key


def _by_group(fit: Fit, key: tuple[str, str, str], changes: dict[int, float]) -> list[float]:
    found = [0.0] * fit.table.n_groups
    for i, row in reversed(list(enumerate(fit.table.rows))):
        if _merged(row) == key and i in changes:
            found[row.group - 1] = float(changes[i])
    return found


def _entry(
    step: Step, key: tuple[str, str, str], x2: float, df: int, pvalue: float, changes: Sequence[float]
) -> dict[str, Any]:
    fit = step.fit
    est = next(v for row, v in zip(fit.table.rows, fit.solution.values, strict=True) if _merged(row) == key)
    by_label = {f"epc ({label})": c for label, c in zip(fit.prepared.group_labels, changes, strict=True)}
    values = (step.name, *key, x2, df, pvalue, float(est))
    return dict(zip(COLUMNS, values, strict=True)) | by_label


def released_parameters(fit: Fit, lhs: str, op: str, rhs: str) -> list[str]:
    """The names, for `group_partial`, of what a row of the release table stands for."""
    if op != "|":
        return [f"{lhs}{op}{rhs}"]
    return [str(row) for row in fit.table.rows if row.group == 1 and row.op == "|" and row.lhs == lhs]


def invariant_items(fit: Fit, exempt: Sequence[str]) -> int:
    """Of the construct with fewest: indicators no parameter of which (loading, intercept, threshold) is exempt."""
    first = [row for row in fit.table.rows if row.group == 1 and row.op == "=~"]
    free = set(exempt)
    touched = {row.rhs for row in first if str(row) in free}
    touched |= {name.split("~")[0].split("|")[0] for name in free if "=~" not in name and "~~" not in name}
    residuals = {name.split("~~")[0] for name in free if "~~" in name}
    counts: dict[str, int] = {}
    for row in first:
        kept = row.rhs not in touched and str(row) not in free
        counts[row.lhs] = counts.get(row.lhs, 0) + (kept and row.rhs not in residuals)
    return min(counts.values(), default=0)
