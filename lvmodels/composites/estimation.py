"""From a declaration and answers to the record of a fit."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from lvmodels.composites.answers import Answers
from lvmodels.composites.declaration import Declaration
from lvmodels.composites.inspection import check_stages, dubious
from lvmodels.composites.layout import stages_of
from lvmodels.composites.options import PlsSettings
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.rows import row_values, rows_of
from lvmodels.composites.solution import solve_stages
from lvmodels.errors import LvmodelsWarning
from lvmodels.estimate.threads import one_thread

Kind = TypeVar("Kind", bound=PlsRecord)


@one_thread
def fit_answers(
    kind: type[Kind],
    settings: PlsSettings,
    declared: Declaration,
    answers: Answers,
    source: Any,
    before: tuple[LvmodelsWarning, ...] = (),
) -> Kind:
    """Estimate a model on answers that have been read; warnings stay on the record.

    Parameters
    ----------
    kind : type
        The class of the record.
    settings : PlsSettings
    declared : Declaration
    answers : Answers
    source : object
        The data as they were given.
    before : tuple of LvmodelsWarning
        What was dubious about the data.
    """
    stages = stages_of(declared, settings)
    check_stages(stages, declared, answers, settings)
    solutions = solve_stages(stages, answers, np.ones((1, answers.n)), settings)
    rows = rows_of(declared, stages)
    row_values(rows, declared, solutions, settings.metric == "raw")  # refuses definitions with unknown names
    found = (*before, *dubious(stages, declared, solutions, settings))
    return kind(settings, declared, stages, answers, source, rows, solutions, found)
