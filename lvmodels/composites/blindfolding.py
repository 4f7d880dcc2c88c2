"""Stone and Geisser's Q² by blindfolding: answers are left out in a pattern and predicted from the rest.

Wold (1982); Chin (1998). Through the answers of a block, item after item, every D-th is left out and stands at the mean
while the model is estimated again; after D rounds each answer was left out once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import answers_of
from lvmodels.composites.prediction import outcome_items, predicted_scores
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import check_converged, usable_in
from lvmodels.composites.solution import solve_by_case
from lvmodels.errors import NotConvergedError, OptionValueError
from lvmodels.estimate.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Place = list[tuple[int, int, tuple[tuple[int, int], ...]]]


@one_thread
def blindfold(fit: PlsRecord, omission: Any) -> pd.DataFrame:
    """The frame behind `PlsFit.blindfold`."""
    import pandas as pd

    check_converged(fit)
    n = fit.nobs
    if isinstance(omission, bool) or not isinstance(omission, (int, np.integer)) or not 2 <= omission < n:
        raise OptionValueError(f"omission={omission!r} must be a whole number from 2, such as 7.")
    if n % omission == 0:
        raise OptionValueError(
            f"omission={omission} divides the {n} cases, so that whole cases would be left out; use another, such as "
            f"{next(d for d in range(int(omission) + 1, n + 2) if n % d)}."
        )
    place = outcome_items(fit.stages)
    rows = {}
    for j in dict.fromkeys(step[0] for step in place):
        own = [step for step in place if step[0] == j]
        sums = np.sum([_round(fit, own, int(omission), g) for g in range(int(omission))], axis=0)
        rows[fit.stage.names[j]] = 1.0 - sums[:2] / sums[2]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["redundancy", "communality"]).rename_axis("construct")


def _round(fit: PlsRecord, own: Place, omission: int, g: int) -> Matrix:
    """Squared errors of omitted standardized answers: from the antecedents, from the own score, and from the mean."""
    answers, n = fit.answers, fit.nobs
    items = [step[1] for step in own]
    points = np.arange(n * len(items)).reshape(len(items), n).T
    left_out = (points % omission == g) & (answers.seen[:, items] > 0)
    Y = np.where(answers.seen > 0, answers.Y + answers.centre, np.nan)
    hidden = Y.copy()
    hidden[:, items] = np.where(left_out, np.nan, Y[:, items])
    kept = answers_of(hidden, answers.names, answers.weights, answers.rows, answers.pairwise)
    solved = solve_by_case(fit.stages, replace(kept, weights=answers.weights), np.ones((1, n)), fit.settings)
    solutions = tuple(solution for solution, _ in solved)
    if not usable_in(solutions).all():
        raise NotConvergedError("the weights did not settle in every round; use a larger omission distance.")
    measured = solved[-1][1]
    predicted = predicted_scores(fit.stage, measured, solutions[-1].B, "direct")
    deviation = np.sqrt((kept.weights @ kept.Y**2) / (kept.weights.sum() - 1.0))
    z = ((Y - kept.centre) / deviation)[:, items]
    found = np.zeros(3)
    for c, (j, _, slots) in enumerate(own):
        loading = np.prod([solutions[s].loadings[0, k] for s, k in slots])
        out = left_out[:, c]
        weights, actual = answers.weights[out], z[out, c]
        for k, guess in enumerate((loading * predicted[0, out, j], loading * measured[0, out, j], np.zeros(out.sum()))):
            found[k] += weights @ (actual - guess) ** 2
    return found
