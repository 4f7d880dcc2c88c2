"""PLSpredict: how well a model predicts answers it has not seen, beside a linear model and the mean.

Shmueli, Ray, Velasquez Estrada and Chatla (2016); Shmueli et al. (2019). All folds are one stack of samples, in which
the cases of a fold count nothing.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import Answers
from lvmodels.composites.estimates import score_array
from lvmodels.composites.layout import Stage
from lvmodels.composites.options import choice
from lvmodels.composites.predicted import PlsPrediction, Predictions
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import check_converged, usable_in
from lvmodels.composites.solution import Solution, solve_by_case
from lvmodels.errors import NotConvergedError, NotEstimableError, OptionValueError
from lvmodels.estimate.choices import seed_sequence
from lvmodels.estimate.threads import one_thread

Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
Technique = Literal["direct", "earliest"]


@one_thread
def predict(fit: PlsRecord, folds: int, repeats: int, order: Any, technique: Technique, seed: Any) -> PlsPrediction:
    """The record behind `PlsFit.predict`."""
    check_converged(fit)
    wanted: Technique = choice("technique", technique, ("direct", "earliest"))
    _check_technique(fit, wanted)
    orders = _orders(fit.nobs, folds, repeats, order, seed)
    place = outcome_items(fit.stages)
    parts = [_one_repetition(fit, np.array_split(cases, folds), wanted, place) for cases in orders]
    answers = fit.answers
    items = [item for _, item, _ in place]
    return PlsPrediction(
        names=tuple(answers.names[k] for k in items),
        constructs=tuple(fit.stage.names[j] for j, _, _ in place),
        rows=answers.rows,
        weights=answers.weights,
        actual=np.where(answers.seen > 0, answers.Y + answers.centre, np.nan)[:, items],
        scores_in_model=score_array(fit)[:, fit.stage.paths.any(axis=0)],
        out_of_sample=_mean([part[0] for part in parts]),
        in_sample=_mean([part[1] for part in parts]),
        technique=wanted,
        folds=folds,
    )


def _check_technique(fit: PlsRecord, technique: Technique) -> None:
    stage = fit.stage
    explained = {stage.names[j] for j in np.flatnonzero(stage.paths.any(axis=0))}
    if technique == "earliest" and any(name in explained for pair in fit.declared.products for name in pair):
        raise NotEstimableError(
            "technique='earliest' has no prediction for the product of a construct that is explained itself; use "
            "technique='direct'."
        )


def _orders(n: int, folds: Any, repeats: Any, order: Any, seed: Any) -> list[Index]:
    """An order of the cases for each repetition."""
    for name, value, least in (("folds", folds, 2), ("repeats", repeats, 1)):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
        if not whole or not least <= value <= max(n, least):
            raise OptionValueError(
                f"{name}={value!r} must be a whole number from {least}, folds at most the {n} cases."
            )
    if order is None:
        streams = seed_sequence(seed).spawn(int(repeats))
        return [np.random.default_rng(stream).permutation(n) for stream in streams]
    given = np.asarray(order)
    given = given[None] if given.ndim == 1 else given
    if given.shape != (repeats, n) or not (np.sort(given, axis=1) == np.arange(n)).all():
        raise OptionValueError(
            f"order must hold every case once, numbered from 0 to {n - 1}, for each of {repeats} repetitions."
        )
    return [row.astype(np.intp) for row in given]


def outcome_items(stages: tuple[Stage, ...]) -> list[tuple[int, int, tuple[tuple[int, int], ...]]]:
    """The items of explained constructs: construct, column of the data, and the slots from the model down to the item.

    A construct of higher order reaches its items through its components; each step is a stage and a slot.
    """
    found: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []

    def descend(s: int, j: int, top: int, above: tuple[tuple[int, int], ...]) -> None:
        stage, own = stages[s], stages[s].slots_of(j)
        for k in range(own.start, own.stop):
            column = stage.columns[stage.slots[k]]
            if column.kind == "item":
                found.append((top, column.sources[0], (*above, (s, k))))
            elif column.kind == "score":
                descend(s - 1, column.sources[0], top, (*above, (s, k)))

    last = len(stages) - 1
    for j in np.flatnonzero(stages[-1].paths.any(axis=0)):
        descend(last, int(j), int(j), ())
    return found


def _one_repetition(
    fit: PlsRecord, folds: list[Index], technique: Technique, place: list[tuple[int, int, tuple[tuple[int, int], ...]]]
) -> tuple[Predictions, Predictions]:
    """Predictions out of sample, and means of those in the samples a case belongs to."""
    n, answers = fit.nobs, fit.answers
    counts = np.ones((len(folds), n))
    for f, cases in enumerate(folds):
        counts[f, cases] = 0.0
    solved = solve_by_case(fit.stages, answers, counts, fit.settings)
    solutions = tuple(solution for solution, _ in solved)
    if not usable_in(solutions).all():
        raise NotConvergedError("the weights did not settle in every fold; use fewer folds, or more max_iterations.")
    measured = solved[-1][1]
    predicted = predicted_scores(fit.stage, measured, solutions[-1].B, technique)
    weighted = counts * answers.weights
    mean, deviation = _training_moments(answers, weighted)
    items = [item for _, item, _ in place]
    pls = np.stack([_through(solutions, predicted, step) for step in place], axis=2)
    pls = mean[:, None, items] + deviation[:, None, items] * pls
    lm = _linear_model(fit, weighted, place, mean, technique)
    ia = np.broadcast_to(mean[:, None, items], pls.shape)
    outcomes = np.flatnonzero(fit.stage.paths.any(axis=0))
    arrays = (pls, lm, ia, predicted[:, :, outcomes], measured[:, :, outcomes])

    def combined(where: Matrix) -> Predictions:
        share = where / where.sum(axis=0)
        a, b, c, d, e = (np.einsum("rn,rnk->nk", share, array) for array in arrays)
        return Predictions(a, b, c, d, e, tuple(fit.stage.names[j] for j in outcomes))

    return combined(1.0 - counts), combined(counts)


def predicted_scores(stage: Stage, measured: Matrix, B: Matrix, technique: Technique) -> Matrix:
    """Scores of explained constructs as their antecedents predict them; the others as they are, shape (R, n, J).

    Parameters
    ----------
    measured : ndarray, shape (R, n, J)
        Scores from the items.
    B : ndarray, shape (R, J, J)
    technique : {"direct", "earliest"}
        From measured antecedents, or from antecedents that are predicted themselves.
    """
    found = measured.copy()
    known = measured if technique == "direct" else found
    pending = set(np.flatnonzero(stage.paths.any(axis=0)).tolist())
    while pending:
        for j in sorted(pending):
            before = stage.predecessors(j)
            if technique == "direct" or not pending & set(before.tolist()):
                found[:, :, j] = np.einsum("rni,ri->rn", known[:, :, before], B[:, before, j])
                pending.discard(j)
    return found


def _training_moments(answers: Answers, weighted: Matrix) -> tuple[Matrix, Matrix]:
    """Means of answered items, and standard deviations with missing answers at the mean, shape (R, p) each."""
    mean = (weighted @ answers.Y) / (weighted @ answers.seen)
    apart = (answers.Y[None] - mean[:, None, :]) * answers.seen
    square = np.einsum("rn,rnp,rnp->rp", weighted, apart, apart)
    return mean + answers.centre, np.sqrt(square / (weighted.sum(axis=1)[:, None] - 1.0))


def _through(
    solutions: tuple[Solution, ...], predicted: Matrix, step: tuple[int, int, tuple[tuple[int, int], ...]]
) -> Matrix:
    """A standardized item from the predicted score of its construct, shape (R, n)."""
    j, _, slots = step
    found = predicted[:, :, j]
    for s, k in slots:
        found = found * solutions[s].loadings[:, None, k]
    return np.asarray(found)


def _linear_model(
    fit: PlsRecord,
    weighted: Matrix,
    place: list[tuple[int, int, tuple[tuple[int, int], ...]]],
    mean: Matrix,
    technique: Technique,
) -> Matrix:
    """Every outcome item by regression on the items of its construct's antecedents, shape (R, n, K)."""
    answers = fit.answers
    Y = answers.Y + answers.centre
    found = np.empty((len(weighted), fit.nobs, len(place)))
    for r, w in enumerate(weighted):
        filled = np.where(answers.seen > 0, Y, mean[r])
        root = np.sqrt(w)[:, None]
        for j in dict.fromkeys(step[0] for step in place):
            of_construct = [c for c, step in enumerate(place) if step[0] == j]
            X = np.column_stack([np.ones(fit.nobs), filled[:, _antecedent_items(fit, j, technique)]])
            target = filled[:, [place[c][1] for c in of_construct]]
            found[r][:, of_construct] = X @ np.linalg.lstsq(X * root, target * root, rcond=None)[0]
    return found


def _antecedent_items(fit: PlsRecord, j: int, technique: Technique) -> list[int]:
    """Columns of the data that measure the direct antecedents of a construct, or the first of each chain."""
    stage, last = fit.stage, len(fit.stages) - 1
    if technique == "direct":
        origins = set(stage.predecessors(j).tolist())
    else:
        reach = np.linalg.inv(np.eye(len(stage.names)) - 0.5 * stage.paths / len(stage.names))
        origins = {i for i in range(len(stage.names)) if reach[i, j] > 0 and not stage.paths[:, i].any() and i != j}
    found: dict[int, None] = {}

    def descend(s: int, c: int) -> None:
        for column in (fit.stages[s].columns[k] for k in fit.stages[s].slots[fit.stages[s].slots_of(c)]):
            if column.kind in ("score", "score_product"):
                for source in column.sources:
                    descend(s - 1, source)
            else:
                found.update(dict.fromkeys(column.sources))

    for origin in sorted(origins):
        descend(last, origin)
    return list(found)


def _mean(parts: list[Predictions]) -> Predictions:
    """Predictions averaged over repetitions."""
    a, b, c, d, e = (
        np.mean([getattr(part, name) for part in parts], axis=0)
        for name in ("pls", "linear_model", "mean", "scores", "measured")
    )
    return Predictions(a, b, c, d, e, parts[0].outcomes)
