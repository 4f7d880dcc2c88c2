"""Direct, indirect and total effects among constructs; explained variance."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import latent_names
from lvmodels.assess.intervals import tests
from lvmodels.assess.standardization import scales
from lvmodels.assess.vcov import row_covariance, standard_deviations
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def effects(fit: Fit, level: float) -> pd.DataFrame:
    """The frame behind `Fit.effects` (Bollen 1987; Sobel 1982).

    Returns
    -------
    DataFrame
        Columns outcome, predictor, group (with several groups), level (with two), effect ("direct", "indirect",
        "total"), est, se, z, pvalue, ci_lower, ci_upper, std_all. Pairs without any effect are left out.
    """
    import pandas as pd

    n_levels = fit.table.n_levels
    frames = [_block_effects(fit, b, level) for b in range(fit.table.n_groups * n_levels)]
    for b, frame in enumerate(frames):
        if n_levels > 1:
            frame.insert(2, "level", b % n_levels + 1)
        if fit.table.n_groups > 1:
            frame.insert(2, "group", b // n_levels + 1)
    return frames[0] if len(frames) == 1 else pd.concat([f for f in frames if len(f)] or frames, ignore_index=True)


def _block_effects(fit: Fit, g: int, level: float) -> pd.DataFrame:
    import pandas as pd

    matrices, names = fit.solution.states[g].matrices, fit.objective.template.names
    total_scale, _ = scales(fit.objective.template, matrices, "all")
    pattern = matrices.Beta != 0
    reach = np.linalg.inv(np.eye(len(names)) - pattern * (0.5 / len(names)))  # which paths exist at all
    keys: list[tuple[str, str, str]] = []
    found: list[tuple[float, float]] = []
    slopes: list[Vector] = []
    for a, b in permutations(_constructs(fit, g), 2):
        if reach[a, b] == 0:
            continue
        direct, total = _slopes(fit, g, a, b)
        beta, tau = float(matrices.Beta[a, b]), float(matrices.Tau[a, b])
        through = bool((pattern[a] & (reach[:, b] != 0))[np.arange(len(names)) != b].any())
        ratio = float(total_scale[b] / total_scale[a])
        for effect, value, slope in (
            ("direct", beta, direct),
            ("indirect", (tau - beta) * through, (total - direct) * through),
            ("total", tau, total),
        ):
            keys.append((names[a], names[b], effect))
            found.append((value, value * ratio))
            slopes.append(slope)
    estimate, std_all = np.array(found).reshape(-1, 2).T
    D = np.array(slopes).reshape(len(keys), len(fit.objective.restrictions.free_rows))
    error = standard_deviations(D @ row_covariance(fit) @ D.T)
    columns = dict(zip(("outcome", "predictor", "effect"), zip(*keys, strict=True), strict=True)) if keys else {}
    columns = columns or {"outcome": (), "predictor": (), "effect": ()}
    return pd.DataFrame({**columns, "est": estimate, "se": error, **tests(estimate, error, level), "std_all": std_all})


def _constructs(fit: Fit, g: int) -> list[int]:
    """Latent variables of a block, and observed ones that take part in a regression."""
    names = fit.objective.template.names
    rows = [row for row in fit.table.rows if fit.table.block(row) == g and row.op in ("~", "<~")]
    latent = latent_names(fit, g % fit.table.n_levels + 1)
    used = {name for row in rows for name in (row.lhs, row.rhs)} | set(latent)
    return [i for i, name in enumerate(names) if name in used]


def _slopes(fit: Fit, g: int, a: int, b: int) -> tuple[Vector, Vector]:
    """Derivatives of the direct and the total effect of b on a by the free rows: dTau[a,b] = Tau[a,c] Tau[d,b]."""
    part = fit.objective.template.groups[g]
    Tau, at = fit.solution.states[g].matrices.Tau, part.directions
    r = len(fit.objective.restrictions.free_rows)
    direct, total = np.zeros(r), np.zeros(r)
    directed = at.kind == 0
    direct[part.free] = (directed & (at.first == a) & (at.second == b)).astype(float)
    total[part.free] = np.where(directed, Tau[a, at.first] * Tau[at.second, b], 0.0)
    return direct, total


def r2(fit: Fit) -> pd.Series[float]:
    """The series behind `Fit.r2`: one minus residual over implied variance; NaN where the former is negative.

    With several groups, or two levels, the index names group and level before the variable.
    """
    import pandas as pd

    found: dict[tuple[int, int, str], float] = {}
    n_levels = fit.table.n_levels
    names = fit.objective.template.names
    for g, part in enumerate(fit.objective.template.groups):
        matrices = fit.solution.states[g].matrices
        for a in dict.fromkeys(int(i) for i in part.directed[1]):
            psi, total = float(matrices.Psi[a, a]), float(matrices.V[a, a])
            found[g // n_levels + 1, g % n_levels + 1, names[a]] = (
                1.0 - psi / total if psi >= 0 and total > 0 else float("nan")
            )
    series = pd.Series(
        list(found.values()), index=pd.MultiIndex.from_tuples(found, names=["group", "level", "variable"])
    )
    single = [name for name, n in (("group", fit.table.n_groups), ("level", n_levels)) if n == 1]
    return series.droplevel(single)
