"""Frames of estimates: parameters, paths, loadings, weights, scores, explained variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.options import choice
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import regress
from lvmodels.composites.replicates import latest_bootstrap, tests
from lvmodels.composites.rows import row_values
from lvmodels.composites.solution import solve_by_case
from lvmodels.composites.units import units_of
from lvmodels.estimate.derived import derived

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]


def estimates(fit: PlsRecord, level: float) -> pd.DataFrame:
    """The frame behind `PlsFit.estimates`."""
    import pandas as pd

    raw = fit.settings.metric == "raw"
    plain, standard = row_values(fit.rows, fit.declared, fit.solutions, raw)
    columns: dict[str, object] = {name: [getattr(row, name) for row in fit.rows] for name in ("lhs", "op", "rhs")}
    if any(row.label for row in fit.rows):
        columns["label"] = [row.label for row in fit.rows]
    replicates = latest_bootstrap(fit)
    draws = None if replicates is None else row_values(fit.rows, fit.declared, replicates.solutions, raw)[0]
    if draws is not None and replicates is not None:
        draws = replicates.turned(draws, plain[0])
    columns |= {"est": plain[0], **tests(plain[0], draws, level), "std_lv": standard[0], "std_all": standard[0]}
    return pd.DataFrame(columns)


def paths(fit: PlsRecord, kind: Literal["default", "standardized", "unstandardized"]) -> pd.DataFrame:
    """The frame behind `PlsFit.paths`."""
    wanted = choice("kind", kind, ("default", "standardized", "unstandardized"))
    B, scale = fit.solution.B[0], fit.solution.scale[0]
    if wanted == "standardized":
        B = B * scale[:, None] / scale
    elif wanted == "unstandardized":
        B = B * path_units(fit)
    return construct_frame(fit, B)


def path_units(fit: PlsRecord) -> Matrix:
    """What turns paths between standardized constructs into those in the units of the items, shape (J, J)."""
    raw = fit.settings.metric == "raw"
    deviation = units_of(fit.stages, fit.solutions, fit.answers, raw)[-1].deviation
    size = deviation / fit.solution.scale[0]
    return np.asarray(size / size[:, None])


def construct_frame(fit: PlsRecord, values: Matrix) -> pd.DataFrame:
    """A frame with constructs in rows and columns."""
    import pandas as pd

    return pd.DataFrame(values, index=list(fit.stage.names), columns=list(fit.stage.names))


def by_item(fit: PlsRecord, op: Literal["=~", "<~"]) -> pd.DataFrame:
    """The frames behind `PlsFit.loadings` and `PlsFit.weights`."""
    import pandas as pd

    raw = fit.settings.metric == "raw"
    values = row_values(fit.rows, fit.declared, fit.solutions, raw)[0][0]
    chosen = [(row.rhs, row.lhs, value) for row, value in zip(fit.rows, values, strict=True) if row.op == op]
    items, names = (list(dict.fromkeys(part)) for part in list(zip(*chosen, strict=True))[:2])
    frame = pd.DataFrame(0.0, index=items, columns=names)
    for item, name, value in chosen:
        frame.loc[item, name] = value
    return frame


def cross_loadings(fit: PlsRecord) -> pd.DataFrame:
    """The frame behind `PlsFit.cross_loadings`."""
    import pandas as pd

    stage = fit.stage
    distinct = np.unique(stage.slots, return_index=True)[1]
    items = [stage.columns[stage.slots[k]].name for k in np.sort(distinct)]
    return pd.DataFrame(fit.solution.cross[0][np.sort(distinct)], index=items, columns=list(stage.names))


def correlations(fit: PlsRecord, kind: Literal["constructs", "scores"]) -> pd.DataFrame:
    """The frame behind `PlsFit.correlations`."""
    wanted = choice("kind", kind, ("constructs", "scores"))
    return construct_frame(fit, fit.solution.latent[0] if wanted == "constructs" else fit.solution.C[0])


@derived
def score_array(fit: PlsRecord) -> Matrix:
    """Standardized scores of the last stage, shape (n, J)."""
    found = solve_by_case(fit.stages, fit.answers, np.ones((1, fit.nobs)), fit.settings)
    return np.asarray(found[-1][1][0])


def scores(fit: PlsRecord, kind: Literal["standardized", "unstandardized"]) -> pd.DataFrame:
    """The frame behind `PlsFit.scores`."""
    import pandas as pd

    values = score_array(fit)
    if choice("kind", kind, ("standardized", "unstandardized")) == "unstandardized":
        found = units_of(fit.stages, fit.solutions, fit.answers, fit.settings.metric == "raw")[-1]
        values = found.mean + values * (found.deviation / fit.solution.scale[0])
    return pd.DataFrame(values, index=fit.answers.rows, columns=list(fit.stage.names))


def r2(fit: PlsRecord, adjusted: bool) -> pd.Series[float]:
    """The series behind `PlsFit.r2`."""
    import pandas as pd

    number = fit.stage.paths.sum(axis=0)
    at = np.flatnonzero(number)
    values = fit.solution.r2[0][at]
    if adjusted:
        values = 1.0 - (1.0 - values) * (fit.nobs - 1) / (fit.nobs - number[at] - 1)
    return pd.Series(values, index=[fit.stage.names[j] for j in at], name="r2_adjusted" if adjusted else "r2")


def criteria(fit: PlsRecord) -> pd.DataFrame:
    """The frame behind `PlsFit.criteria`: of the regressions of scores; k counts coefficients and the constant."""
    import pandas as pd

    n, at = fit.nobs, np.flatnonzero(fit.stage.paths.any(axis=0))
    explained = pd.Series(regress(fit.solution.C, fit.stage.paths)[1][0, at], index=[fit.stage.names[j] for j in at])
    k = fit.stage.paths.sum(axis=0)[fit.stage.paths.any(axis=0)] + 1.0
    deviance = n * np.log((1.0 - explained.to_numpy()) * (n - 1.0) / n)
    columns = {
        "aic": deviance + 2.0 * k,
        "aicc": deviance + n * (n + k) / (n - k - 2.0),
        "bic": deviance + k * np.log(n),
        "hq": deviance + 2.0 * k * np.log(np.log(n)),
    }
    return pd.DataFrame(columns, index=explained.index).rename_axis("construct")
