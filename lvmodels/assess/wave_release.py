"""Which equality over waves to release first: score tests of all parameters that a step makes equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.ladder import Step
from lvmodels.assess.modification import row_tests
from lvmodels.assess.score_tests import constraints_of, release
from lvmodels.assess.wave_text import Waves

if TYPE_CHECKING:
    import pandas as pd


def wave_release_table(steps: Sequence[Step], items: Waves) -> pd.DataFrame:
    """Score tests of what each step makes equal over waves, largest first within a step."""
    import pandas as pd

    n_waves = max(len(waves) for waves in items.values())
    columns = [
        "step",
        "lhs",
        "op",
        "rhs",
        "x2",
        "df",
        "pvalue",
        "est",
        *(f"epc (wave {w + 1})" for w in range(n_waves)),
    ]
    rows: list[dict[str, Any]] = []
    for step in steps[1:]:
        if step.fit.converged and not step.fit.singular:
            found = [*_labelled(step, items), *_fixed(step, items)]
            rows += sorted(found, key=lambda row: -row["x2"] if np.isfinite(row["x2"]) else 0.0)
    return pd.DataFrame(rows, columns=columns)


_LETTER = {"l": "loadings", "i": "intercepts", "r": "residuals", "t": "thresholds"}


def _labelled(step: Step, items: Waves) -> list[dict[str, Any]]:
    """Tests of the labels that tie a parameter over waves; all thresholds of an item together."""
    fit, found = step.fit, constraints_of(step.fit)
    wave_of = {name: w for waves in items.values() for w, wave in enumerate(waves) for name in wave}
    position = {int(i): k for k, i in enumerate(fit.objective.restrictions.free_rows)}
    sets: dict[str, list[int]] = {}
    for k, tied in enumerate(found.tied):
        label = "" if tied is None else fit.table.rows[tied[0]].label
        construct = max((c for c in items if label.startswith(f"{c}.")), key=len, default="")
        part = label.removeprefix(f"{construct}.")
        if construct and _LETTER.get(part[:1], "") in step.kinds:
            sets.setdefault(f"{construct}.{part.partition('.')[0]}", []).append(k)
    rows = []
    for label, which in sets.items():
        test = release(fit, which)
        members = [i for i, row in enumerate(fit.table.rows) if row.label == label or row.label == f"{label}.1"]
        first = fit.table.rows[members[0]]
        item = first.rhs if first.op == "=~" else first.lhs
        lhs = label.rpartition(".")[0] if first.op == "=~" else item
        rhs = {"=~": item, "|": "t", "~~": item}.get(first.op, "")
        entry = {"step": step.name, "lhs": lhs, "op": first.op, "rhs": rhs, "x2": test.x2, "df": test.df}
        entry |= {"pvalue": test.pvalue, "est": float(fit.solution.values[members[0]])}
        for i in members:
            row = fit.table.rows[i]
            wave = wave_of[row.rhs if row.op == "=~" else row.lhs]
            entry[f"epc (wave {wave + 1})"] = float(test.changes[position[i]])
        rows.append(entry)
    return rows


def _fixed(step: Step, items: Waves) -> list[dict[str, Any]]:
    """Tests of ordinal intercepts and residual variances at later waves, which are fixed like those of the first."""
    fit, ordinal = step.fit, dict(step.fit.table.ordered)
    kinds = {"~1": "intercepts", "~~": "residuals"}
    wave_of = {name: w for waves in items.values() for w, wave in enumerate(waves) for name in wave}
    some = [
        row
        for row in fit.table.rows
        if row.lhs in ordinal
        and not row.free
        and row.rhs in ("", row.lhs)
        and wave_of[row.lhs] > 0
        and kinds.get(row.op) in step.kinds
    ]
    if not some:
        return []
    x2, epc = row_tests(fit, 1, some)
    return [
        {
            "step": step.name, "lhs": row.lhs, "op": row.op, "rhs": row.rhs, "x2": float(value), "df": 1,
            "pvalue": chi_square_tail(float(value), 1), "est": float(row.value or 0.0),
            f"epc (wave {wave_of[row.lhs] + 1})": float(change),
        }
        for row, value, change in zip(some, x2, epc, strict=True)
    ]  # fmt: skip
