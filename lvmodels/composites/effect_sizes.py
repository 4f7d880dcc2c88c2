"""How much an outcome's explained variance owes to each of its predecessors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from lvmodels.composites.estimates import construct_frame
from lvmodels.composites.options import choice
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import regress
from lvmodels.composites.solution import solve_slots
from lvmodels.estimate.derived import derived

if TYPE_CHECKING:
    import pandas as pd


@derived
def f2(fit: PlsRecord, method: Literal["refit", "scores"]) -> pd.DataFrame:
    """The frame behind `PlsFit.f2`."""
    wanted = choice("method", method, ("refit", "scores"))
    stage, solution = fit.stage, fit.solution
    found = np.zeros(stage.paths.shape)
    for i, j in zip(*np.nonzero(stage.paths), strict=True):
        without = stage.paths.copy()
        without[i, j] = False
        if wanted == "refit":
            reduced = replace(stage, paths=without)
            r2 = solve_slots(reduced, solution.S, solution.deviations, fit.settings).r2[0, j]
        else:
            r2 = regress(solution.latent, without)[1][0, j]
        found[i, j] = (solution.r2[0, j] - r2) / (1.0 - solution.r2[0, j])
    return construct_frame(fit, found)
