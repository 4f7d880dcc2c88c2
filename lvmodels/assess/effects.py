"""Direct, indirect and total effects among constructs; explained variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.intervals import normal_quantile, two_sided
from lvmodels.assess.standardization import scales
from lvmodels.assess.vcov import row_covariance, standard_deviations
from lvmodels.fit.record import Fit
from lvmodels.model.matrices import GroupTemplate

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def effects(fit: Fit, level: float) -> pd.DataFrame:
    """The frame behind `Fit.effects` (Bollen 1987; Sobel 1982).

    Returns
    -------
    DataFrame
        Columns outcome, predictor, group (with several groups), effect ("direct", "indirect", "total"), est, se, z,
        pvalue, ci_lower, ci_upper, std_all. Pairs without any effect are left out.
    """
    import pandas as pd

    frames = [_group_effects(fit, g, level) for g in range(fit.table.n_groups)]
    if fit.table.n_groups == 1:
        return frames[0]
    for g, frame in enumerate(frames, start=1):
        frame.insert(2, "group", g)
    return pd.concat(frames, ignore_index=True)


def _group_effects(fit: Fit, g: int, level: float) -> pd.DataFrame:
    import pandas as pd

    matrices, part = fit.solution.states[g].matrices, fit.objective.template.groups[g]
    names, constructs = fit.objective.template.names, _constructs(fit, g)
    total_scale, _ = scales(fit, matrices, "all")
    reach = np.linalg.inv(np.eye(len(names)) - (matrices.Beta != 0) * (0.5 / len(names)))  # which paths exist at all
    keys: list[tuple[str, str, str]] = []
    found: list[tuple[float, float]] = []
    slopes: list[Vector] = []
    for a in constructs:
        for b in constructs:
            if a == b or reach[a, b] == 0:
                continue
            direct, total = _slopes(fit, g, part, a, b)
            beta, tau = float(matrices.Beta[a, b]), float(matrices.Tau[a, b])
            ratio = float(total_scale[b] / total_scale[a])
            for effect, value, slope in (
                ("direct", beta, direct), ("indirect", tau - beta, total - direct), ("total", tau, total),
            ):  # fmt: skip
                keys.append((names[a], names[b], effect))
                found.append((value, value * ratio))
                slopes.append(slope)
    if not keys:
        columns = ["outcome", "predictor", "effect", "est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std_all"]
        return pd.DataFrame({name: [] for name in columns})
    estimate, std_all = np.array(found).T
    D = np.array(slopes)
    error = standard_deviations(D @ row_covariance(fit) @ D.T)
    z = np.full(len(error), np.nan)
    np.divide(estimate, error, out=z, where=error > 0)
    half = normal_quantile(level) * error
    outcome, predictor, effect = zip(*keys, strict=True)
    return pd.DataFrame(
        {
            "outcome": outcome, "predictor": predictor, "effect": effect, "est": estimate, "se": error, "z": z,
            "pvalue": two_sided(z), "ci_lower": estimate - half, "ci_upper": estimate + half, "std_all": std_all,
        }
    )  # fmt: skip


def _constructs(fit: Fit, g: int) -> list[int]:
    """Latent variables, and observed ones that take part in a regression."""
    names = fit.objective.template.names
    rows = [row for row in fit.table.rows if row.group == g + 1 and row.op in ("~", "<~")]
    used = {name for row in rows for name in (row.lhs, row.rhs)} | set(fit.table.variables.latent)
    return [i for i, name in enumerate(names) if name in used]


def _slopes(fit: Fit, g: int, part: GroupTemplate, a: int, b: int) -> tuple[Vector, Vector]:
    """Derivatives of the direct and the total effect of b on a by the free rows: dTau[a,b] = Tau[a,c] Tau[d,b]."""
    Tau, at = fit.solution.states[g].matrices.Tau, part.directions
    r = len(fit.objective.restrictions.free_rows)
    direct, total = np.zeros(r), np.zeros(r)
    directed = at.kind == 0
    direct[part.free] = (directed & (at.first == a) & (at.second == b)).astype(float)
    total[part.free] = np.where(directed, Tau[a, at.first] * Tau[at.second, b], 0.0)
    return direct, total


def r2(fit: Fit) -> pd.Series[float]:
    """The series behind `Fit.r2`: one minus residual over implied variance; NaN where the former is negative.

    With several groups the index has two levels, group and variable.
    """
    import pandas as pd

    found: dict[tuple[int, str], float] = {}
    names = fit.objective.template.names
    for g, part in enumerate(fit.objective.template.groups):
        matrices = fit.solution.states[g].matrices
        for a in dict.fromkeys(int(i) for i in part.directed[1]):
            psi, total = float(matrices.Psi[a, a]), float(matrices.V[a, a])
            found[g + 1, names[a]] = 1.0 - psi / total if psi >= 0 and total > 0 else float("nan")
    series = pd.Series(list(found.values()), index=pd.MultiIndex.from_tuples(found, names=["group", "variable"]))
    return series if fit.table.n_groups > 1 else series.droplevel("group")
