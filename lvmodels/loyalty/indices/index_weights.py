"""Weights of a construct's items, in the units of the answers, from a fitted model, with replicates of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.vcov import parameter_covariance
from lvmodels.composites.fit import PlsFit
from lvmodels.composites.solution import solve_stages
from lvmodels.errors import NotConvergedError, NotEstimableError, OptionValueError, nearest
from lvmodels.fit.record import Fit
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import bootstrap_counts
from lvmodels.model.restrictions import table_values

Vector = NDArray[np.float64]
_AT_ONCE = 250  # replicates of partial least squares solved together


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Answers to a construct's items, with weights.

    Attributes
    ----------
    items : tuple of str
    Y : ndarray, shape (n, k)
        Answers, NaN where missing.
    ends : ndarray, shape (k, 2)
        Of the scales; NaN where nothing says them.
    weights : ndarray, shape (k,)
        Of the answers in their own units; only their ratios count.
    """

    items: tuple[str, ...]
    Y: Vector
    ends: Vector
    weights: Vector


def weighted_by_model(fit: Fit | PlsFit, construct: str) -> Weighted:
    """Items of a construct with the weights that the model gives them.

    An observed variable of the model counts as a construct of one item. Of a covariance model the weights are loading
    over residual variance, to which the weights of regression and Bartlett scores from the construct's own items are
    both proportional.

    Raises
    ------
    OptionValueError, NotConvergedError, NotEstimableError
    """
    if isinstance(fit, PlsFit):
        return _of_composites(fit, construct)
    check_single(fit)
    alone = construct in fit.objective.template.observed
    loadings = [] if alone else _rows(fit, construct)
    items = (construct,) if alone else tuple(item for item, _, _ in loadings)
    data = fit.prepared.data
    if data is None:
        raise NotEstimableError("an index needs the answers, but the model was fitted to moments; pass data=.")
    Y = data.Y[:, [data.names.index(item) for item in items]]
    ends = np.full((len(items), 2), np.nan)
    if fit.prepared.survey is not None:
        ends = answers_of(fit.prepared.survey, items)[1]
    weights = np.ones(1) if len(items) == 1 else _checked(_ratios(fit.solution.values, loadings), items)
    return Weighted(items, Y, ends, weights)


def points_of(fit: Fit, construct: str, values: Vector, ends: Vector) -> Vector:
    """Points of the index, 0 to 100, that one unit of the construct makes, for a stack of parameter values.

    Parameters
    ----------
    values : ndarray, shape (..., n_rows)
    ends : ndarray, shape (k, 2)
    """
    spans = ends[:, 1] - ends[:, 0]
    if construct in fit.objective.template.observed:
        return np.full(values.shape[:-1], 100.0 / spans[0])
    rows = _rows(fit, construct)
    loadings = np.stack([values[..., i] for _, i, _ in rows], axis=-1)
    weights = _ratios(values, rows)
    return np.asarray(100.0 * (weights * loadings).sum(axis=-1) / (weights * spans).sum(axis=-1))


def check_single(fit: Fit) -> None:
    """Refuse fits whose items have no weights in the units of the answers."""
    if not fit.converged:
        raise NotConvergedError("the index needs a model that converged; " + fit.optimum.reason + ".")
    if len(fit.objective.template.groups) > 1:
        raise NotEstimableError("the model has several groups or levels; fit it to one group and ask for that one.")
    if fit.prepared.ordered:
        raise NotEstimableError(
            "the loadings of ordinal items belong to what lies behind the answers, not to their codes; fit the model "
            "without ordered=, or give weights=."
        )


def weight_draws(fit: Fit | PlsFit, construct: str, counts: Vector, seed: Any) -> Vector:
    """Weights in replicates, shape (replicates, k); rows of NaN where one has no solution.

    Of partial least squares they are estimated anew in each bootstrap sample. Of a covariance model they are drawn from
    the asymptotic distribution of the estimates, which is independent of the means of normal answers.
    """
    if isinstance(fit, PlsFit):
        j = fit.stage.names.index(construct)
        slots = fit.stage.slots_of(j)
        raw = fit.settings.metric == "raw"
        parts = []
        for start in range(0, len(counts), _AT_ONCE):
            found = solve_stages(fit.stages, fit.answers, counts[start : start + _AT_ONCE], fit.settings)[-1]
            w = found.w[:, slots] if raw else found.w[:, slots] / found.deviations[:, slots]
            parts.append(np.where(found.usable[:, None], w, np.nan))
        return np.concatenate(parts)
    if construct in fit.objective.template.observed:
        return np.ones((len(counts), 1))
    loadings = _rows(fit, construct)
    covariance = parameter_covariance(fit)
    if not np.isfinite(covariance).all():
        raise NotEstimableError("the estimates have no standard errors, which the interval needs; see fit.warnings.")
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(fit.solution.theta, covariance, len(counts), method="svd")
    drawn = _ratios(table_values(fit.objective.restrictions, fit.objective.base, theta), loadings)
    return np.where(np.isfinite(drawn), drawn, np.nan)


def replicate_means(Y: Vector, counts: Vector) -> Vector:
    """Means of the answered items in every replicate, shape (replicates, k)."""
    seen = ~np.isnan(Y)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(counts @ np.where(seen, Y, 0.0) / (counts @ seen.astype(float)))


def draw_counts(n: int, replicates: int, seed: Any) -> tuple[Vector, Any]:
    """Counts of the cases and the generator to go on with."""
    rng = np.random.default_rng(seed)
    return bootstrap_counts(n, replicates, rng), rng


def _of_composites(fit: PlsFit, construct: str) -> Weighted:
    if not fit.converged:
        raise NotConvergedError("the index needs a model that converged; raise max_iter, or look at the items.")
    stage, answers = fit.stage, fit.answers
    if construct not in stage.names:
        hint = nearest(construct, stage.names) or f"Use one of {', '.join(stage.names)}."
        raise OptionValueError(f"construct='{construct}' is not in the model. {hint}")
    slots = stage.slots_of(stage.names.index(construct))
    columns = [stage.columns[s] for s in stage.slots[slots]]
    if any(column.kind != "item" for column in columns):
        raise NotEstimableError(f"'{construct}' is not measured by items alone, so that its index has no scale.")
    sources = [column.sources[0] for column in columns]
    items = tuple(answers.names[s] for s in sources)
    Y = np.where(answers.seen[:, sources] > 0, answers.Y[:, sources] + answers.centre[sources], np.nan)
    # The model takes answers as they stand; so does the index, whose scale comes from the instrument.
    ends = answers_of(fit.source, items)[1]
    w = fit.solution.w[0, slots]
    if fit.settings.metric != "raw":
        w = w / fit.solution.deviations[0, slots]
    return Weighted(items, Y, ends, _checked(w, items))


def _rows(fit: Fit, construct: str) -> list[tuple[str, int, int]]:
    """Item, row of its loading and row of its residual variance."""
    table = fit.table.rows
    found = [(row.rhs, i) for i, row in enumerate(table) if row.op == "=~" and row.lhs == construct]
    known = list(dict.fromkeys(row.lhs for row in table if row.op == "=~"))
    if not found:
        hint = nearest(construct, known) or f"Use one of {', '.join(known) or 'none'}."
        raise OptionValueError(f"construct='{construct}' is no construct with items. {hint}")
    residual = {row.lhs: i for i, row in enumerate(table) if row.op == "~~" and row.lhs == row.rhs}
    observed = fit.objective.template.observed
    if any(item not in observed for item, _ in found):
        raise NotEstimableError(f"'{construct}' is of higher order; ask for the index of a construct with items.")
    return [(item, i, residual[item]) for item, i in found]


def _ratios(values: Vector, rows: list[tuple[str, int, int]]) -> Vector:
    with np.errstate(divide="ignore", invalid="ignore"):
        if len(rows) == 1:  # a single item, often without a residual variance
            return np.ones((*values.shape[:-1], 1))
        return np.stack([values[..., i] / values[..., j] for _, i, j in rows], axis=-1)


def _checked(weights: Vector, items: tuple[str, ...]) -> Vector:
    bad = [item for item, w in zip(items, weights, strict=True) if not (np.isfinite(w) and w >= 0)]
    if bad and not np.all(weights < 0):
        raise NotEstimableError(
            f"{', '.join(bad)} has no positive weight, because its loading or its residual variance is not above 0; "
            "reverse, constrain or drop it, or give an index of the answers its weights=."
        )
    return np.abs(weights)
