"""Whether the items measure their constructs: reliability, convergent and discriminant validity, collinearity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.consistency import rho_a
from lvmodels.composites.estimates import construct_frame, r2
from lvmodels.composites.layout import Stage
from lvmodels.composites.options import choice
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import inverses
from lvmodels.composites.rows import measured_at, row_values
from lvmodels.composites.solution import Solution

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
HtmtKind = Literal["arithmetic", "geometric", "absolute"]
MEASURES = ("alpha", "rho_a", "composite_reliability", "ave")


def reliabilities(stage: Stage, solution: Solution, raw: bool) -> Matrix:
    """Alpha (standardized), rho_A, rho_c and AVE of every construct, shape (R, J, 4).

    Parameters
    ----------
    raw : bool
        Whether items entered in their own units.
    """
    found = np.ones((len(solution.w), len(stage.names), len(MEASURES)))
    several = np.array([stage.slots_of(j).stop - stage.slots_of(j).start > 1 for j in range(len(stage.names))])
    in_mode_a = several & np.array([mode == "A" for mode in stage.modes])
    unit = solution.w * solution.deviations if raw else solution.w
    standard = unit / np.sqrt(np.abs(_variances(stage, solution, unit)))[:, stage.block]
    found[:, :, 1] = rho_a(solution.S, standard, stage, in_mode_a)
    for j in np.flatnonzero(several):
        own = stage.slots_of(int(j))
        A, loading = solution.S[:, own, own], solution.loadings[:, own]
        k = A.shape[-1]
        found[:, j, 0] = k / (k - 1.0) * (1.0 - k / A.sum(axis=(1, 2)))
        square = loading.sum(axis=1) ** 2
        found[:, j, 2] = square / (square + (1.0 - loading**2).sum(axis=1))
        found[:, j, 3] = (loading**2).mean(axis=1)
    return found


def _variances(stage: Stage, solution: Solution, w: Matrix) -> Matrix:
    """Of weighted sums of standardized columns, shape (R, J)."""
    found = np.empty((len(w), len(stage.names)))
    for j in range(len(stage.names)):
        own = stage.slots_of(j)
        found[:, j] = np.einsum("ra,rab,rb->r", w[:, own], solution.S[:, own, own], w[:, own])
    return found


def reliability(fit: PlsRecord) -> pd.DataFrame:
    """The frame behind `PlsFit.reliability`."""
    import pandas as pd

    raw = fit.settings.metric == "raw"
    tables = [reliabilities(stage, solution, raw)[0] for stage, solution in zip(fit.stages, fit.solutions, strict=True)]
    rows = {name: tables[s][j] for name, s, j in measured_at(fit.stages) if not fit.stages[s].raw[j]}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(MEASURES)).rename_axis("construct")


def htmt_ratios(stage: Stage, S: Matrix, kind: HtmtKind) -> Matrix:
    """Mean correlation between blocks over the geometric mean of those within, shape (R, J, J); the diagonal is 1.

    Parameters
    ----------
    stage : Stage
    S : ndarray, shape (R, K, K)
        Correlations of the slots.
    kind : {"arithmetic", "geometric", "absolute"}
        Arithmetic means (Henseler et al. 2015), geometric means of absolute correlations (HTMT2, Roemer et al. 2021),
        or arithmetic means of absolute correlations (HTMT+, Ringle et al. 2023).
    """
    J = len(stage.names)
    entries = S if kind == "arithmetic" else np.abs(S)
    if kind == "geometric":
        with np.errstate(divide="ignore"):
            entries = np.log(entries)
    mean = np.empty((len(S), J, J))
    for i in range(J):
        for j in range(i + 1):
            part = entries[:, stage.slots_of(i), stage.slots_of(j)]
            if i == j:
                k = part.shape[-1]
                rows, columns = np.tril_indices(k, -1)
                single = 0.0 if kind == "geometric" else 1.0
                within = part[:, rows, columns].mean(axis=1) if k > 1 else np.full(len(S), single)
                mean[:, i, i] = within
            else:
                mean[:, i, j] = mean[:, j, i] = part.mean(axis=(1, 2))
    if kind == "geometric":
        mean = np.exp(mean)
    own = np.diagonal(mean, axis1=1, axis2=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(mean / np.sqrt(own[:, :, None] * own[:, None, :]))


def htmt(fit: PlsRecord, kind: HtmtKind) -> pd.DataFrame:
    """The frame behind `PlsFit.htmt`."""
    wanted = choice("kind", kind, ("arithmetic", "geometric", "absolute"))
    ratios = htmt_ratios(fit.stage, fit.solution.S, wanted)[0]
    return _measured_only(fit, np.where(np.tri(len(ratios), k=-1, dtype=bool), ratios, np.nan))


def fornell_larcker(fit: PlsRecord, kind: Literal["constructs", "scores"]) -> pd.DataFrame:
    """The frame behind `PlsFit.fornell_larcker`."""
    wanted = choice("kind", kind, ("constructs", "scores"))
    found = (fit.solution.latent[0] if wanted == "constructs" else fit.solution.C[0]).copy()
    at = np.arange(len(found))
    found[at, at] = np.sqrt(reliabilities(fit.stage, fit.solution, fit.settings.metric == "raw")[0, :, 3])
    return _measured_only(fit, np.where(np.tri(len(found), dtype=bool), found, np.nan))


def _measured_only(fit: PlsRecord, values: Matrix) -> pd.DataFrame:
    """Without products of constructs, which have no validity of their own."""
    names = [name for name, raw in zip(fit.stage.names, fit.stage.raw, strict=True) if not raw]
    return construct_frame(fit, values).loc[names, names]


def vif(fit: PlsRecord, kind: Literal["constructs", "items"]) -> pd.DataFrame | pd.Series[float]:
    """The frame or series behind `PlsFit.vif`."""
    if choice("kind", kind, ("constructs", "items")) == "items":
        return _item_vif(fit)
    stage, C = fit.stage, fit.solution.C[0]
    found = np.full(C.shape, np.nan)
    for j in range(len(stage.names)):
        before = stage.predecessors(j)
        if len(before) > 1:
            found[before, j] = np.diagonal(inverses(C[np.ix_(before, before)][None])[0])
    frame = construct_frame(fit, found)
    return frame.loc[stage.paths.any(axis=1), stage.paths.any(axis=0)]


def _item_vif(fit: PlsRecord) -> pd.Series[float]:
    import pandas as pd

    found: dict[tuple[str, str], float] = {}
    for name, s, j in measured_at(fit.stages):
        stage, own = fit.stages[s], fit.stages[s].slots_of(j)
        values = np.diagonal(inverses(fit.solutions[s].S[:, own, own])[0])
        items = [stage.columns[k].name for k in stage.slots[own]]
        found |= {(name, item): float(value) for item, value in zip(items, values, strict=True)}
    index = pd.MultiIndex.from_tuples(found, names=["construct", "item"])
    return pd.Series(list(found.values()), index=index, name="vif")


def communality(fit: PlsRecord) -> pd.Series[float]:
    """The series behind `PlsFit.communality`."""
    import pandas as pd

    raw = fit.settings.metric == "raw"
    loadings = row_values(fit.rows, fit.declared, fit.solutions, raw)[1][0]
    found = {(row.lhs, row.rhs): value for row, value in zip(fit.rows, loadings, strict=True) if row.op == "=~"}
    return (pd.Series(found) ** 2).rename_axis(["construct", "item"]).rename("communality")


def redundancy(fit: PlsRecord) -> pd.Series[float]:
    """The series behind `PlsFit.redundancy`."""
    explaining, squares = r2(fit, False), communality(fit)
    explained = squares[squares.index.get_level_values("construct").isin(explaining.index)]
    return (explained * explaining.loc[explained.index.get_level_values("construct")].to_numpy()).rename("redundancy")
