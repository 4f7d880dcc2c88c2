"""A wider model of the same cases: the search begins at what was found for the narrower one, so it can only gain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ModelError
from lvmodels.estimate.objective import evaluate, make_objective
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.inspection import check_degrees_of_freedom, check_identification, solution_warnings
from lvmodels.fit.latent_products import searched
from lvmodels.fit.preparation import first_evaluation, table_options
from lvmodels.fit.record import Fit
from lvmodels.model.restrictions import nearest_parameters
from lvmodels.model.row import Row
from lvmodels.model.specification import specify
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import model_variables

__all__ = ["extended"]

_PATIENCE = 100
"""Iterations of a search that begins near its end; one that runs on has a valley without an end before it."""


@one_thread
def extended(fit: Fit, lines: str, guess: Callable[[Row], float]) -> Fit:
    """Fit the model of a fit with more lines of model text; its warnings stay on the record.

    Parameters
    ----------
    fit : Fit
    lines : str
        They may name no new observed variable.
    guess : callable
        A parameter that the first model does not have → where its search begins.

    Raises
    ------
    ModelError
        When the lines bring in new observed variables, or cannot be identified.
    """
    full = f"{fit.text.text}\n{lines}"
    text = parse_model(full)
    if model_variables(text).observed != model_variables(fit.text).observed:
        raise ModelError("a model is extended by latent variables and parameters, not by more observed variables.")
    settings, prepared = fit.settings, fit.prepared
    labels = prepared.group_labels
    specification = specify(full, table_options(settings, text, len(labels), prepared.ordered), labels)
    check_degrees_of_freedom(specification.template, specification.restrictions)
    objective = make_objective(specification, prepared.moments, unbiased=settings.unbiased)
    known = {_key(row): value for row, value in zip(fit.table.rows, fit.solution.values, strict=True)}
    values = _values(specification.table.rows, known, guess)
    start = evaluate(objective, nearest_parameters(specification.restrictions, values))
    start = start or first_evaluation(objective, specification.table)
    optimum = searched(objective, start, _PATIENCE)
    singular = check_identification(objective, specification.table, optimum, start)
    found = solution_warnings(objective, specification.table, optimum, singular)
    return Fit(settings, text, prepared, specification.table, objective, optimum, singular, tuple(found))


def _key(row: Row) -> tuple[str, str, str, int, int]:
    return (row.lhs, row.op, row.rhs, row.group, row.level)


def _values(
    rows: tuple[Row, ...], known: dict[tuple[str, str, str, int, int], float], guess: Callable[[Row], float]
) -> NDArray[np.float64]:
    return np.array([known[_key(row)] if _key(row) in known else guess(row) for row in rows])
