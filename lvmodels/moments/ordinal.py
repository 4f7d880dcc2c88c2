"""Moments of ordinal and continuous outcomes together, and their sampling covariance, in two steps (Muthén 1984).

First each outcome by itself, then every pair given its margins. A case adds to the second step its own score less what
its part in the first step explains; Gamma is the mean product of what cases add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.moments.margins import Margin, continuous_margin, ordinal_margin
from lvmodels.moments.pairs import Pair, polychoric_pair, polyserial_pair, product_moment_pair
from lvmodels.moments.polychoric import AT_LIMIT, pair_scores, polychorics
from lvmodels.moments.responses import Responses

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class ResponseMoments:
    """Moments of one group with ordinal outcomes.

    Attributes
    ----------
    layout : Responses
    statistics : ndarray, shape (m,)
        In the order of the layout.
    Gamma : ndarray, shape (m, m)
        Their sampling covariance times n.
    at_limit : tuple of (int, int)
        Pairs of outcomes whose correlation is as high as it can be.
    """

    layout: Responses
    statistics: Vector
    Gamma: Matrix
    at_limit: tuple[tuple[int, int], ...]

    @property
    def cov(self) -> Matrix:
        """Correlations of ordinal outcomes, covariances with and among continuous ones, shape (p, p)."""
        return self.layout.covariances(self.statistics)

    @property
    def slopes(self) -> Matrix:
        """Slopes on covariates, shape (p, k)."""
        place = self.layout.places[2]
        return self.statistics[place].reshape(self.layout.p, self.layout.n_covariates)


@dataclass(slots=True)
class _Second:
    """Scores of the second step while they are gathered; P pairs, m1 moments of the first step."""

    rho: Vector
    scores: Matrix
    information: Vector
    cross: Matrix


def response_moments(Y: Matrix, X: Matrix, layout: Responses, names: Sequence[str]) -> ResponseMoments:
    """Thresholds, means, slopes, variances and correlations of the outcomes of one group.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Ordinal outcomes as categories from 0; NaN where an answer is missing.
    X : ndarray, shape (n, k)
        Covariates that everything is conditional on.
    layout : Responses
    names : sequence of str
        Of the outcomes, for messages.

    Raises
    ------
    CollinearVariablesError
        When covariates separate the categories of an outcome.

    References
    ----------
    Muthén, B. (1984). A general structural equation model with dichotomous, ordered categorical, and continuous latent
    variable indicators. Psychometrika, 49.
    """
    margins = [_margin(Y[:, j], X, count, names[j]) for j, count in enumerate(layout.categories)]
    columns = _first_columns(layout)
    first = np.zeros((len(Y), layout.places[-2].stop))
    for margin, at in zip(margins, columns, strict=True):
        first[:, at] = margin.influence
    second = _second_step(Y, X, layout, margins, columns)
    influence = (second.scores - first @ second.cross.T) / second.information
    sd = np.sqrt([margin.variance for margin in margins])
    i, j = layout.pairs
    influence *= sd[i] * sd[j]
    for side, other in ((i, j), (j, i)):  # a covariance moves with the variances of its continuous outcomes, too
        pairs = np.flatnonzero(np.array(layout.categories)[side] == 0)
        variance = np.array([at[-1] for at in columns])[side[pairs]]
        influence[:, pairs] += second.rho[pairs] * sd[other[pairs]] / (2.0 * sd[side[pairs]]) * first[:, variance]
    every = np.concatenate([first, influence], axis=1)
    extreme = np.flatnonzero(np.abs(second.rho) >= AT_LIMIT)
    return ResponseMoments(
        layout,
        read_only(_statistics(layout, margins, columns, second.rho * sd[i] * sd[j])),
        read_only(every.T @ every / len(Y)),
        tuple((int(j[k]), int(i[k])) for k in extreme),
    )


def _margin(y: Vector, X: Matrix, count: int, name: str) -> Margin:
    seen = ~np.isnan(y)
    if count:
        return ordinal_margin(y[seen].astype(np.intp), count, X[seen], name).among(seen)
    return continuous_margin(y[seen], X[seen]).among(seen)


def _first_columns(layout: Responses) -> list[NDArray[np.intp]]:
    """Where the first-step moments of each outcome stand: location, slopes and, for continuous ones, the variance."""
    thresholds, means, slopes, variances, _ = layout.places
    k, found, continuous = layout.n_covariates, [], 0
    for j, count in enumerate(layout.categories):
        own_slopes = slopes.start + j * k + np.arange(k)
        if count:
            location = thresholds.start + layout.first_threshold[j] + np.arange(count - 1)
            found.append(np.concatenate([location, own_slopes]))
        else:
            ends = [means.start + continuous], [variances.start + continuous]
            found.append(np.concatenate([ends[0], own_slopes, ends[1]]))
            continuous += 1
    return [at.astype(np.intp) for at in found]


def _statistics(
    layout: Responses, margins: list[Margin], columns: list[NDArray[np.intp]], covariances: Vector
) -> Vector:
    found = np.empty(layout.size)
    for margin, at, count in zip(margins, columns, layout.categories, strict=True):
        own = [margin.location, margin.slopes]
        found[at] = np.concatenate(own if count else [*own, [margin.variance]])
    found[layout.places[-1]] = covariances
    return found


def _second_step(
    Y: Matrix, X: Matrix, layout: Responses, margins: list[Margin], columns: list[NDArray[np.intp]]
) -> _Second:
    rows, cols = layout.pairs
    P = len(rows)
    found = _Second(np.zeros(P), np.zeros((len(Y), P)), np.ones(P), np.zeros((P, layout.places[-2].stop)))
    by_table = not layout.n_covariates
    if by_table and len(layout.ordinal) > 1:
        _from_tables(Y, layout, columns, found)
    for pair, (i, j) in enumerate(zip(rows, cols, strict=True)):
        if layout.categories[i] and layout.categories[j] and by_table:
            continue
        both = ~np.isnan(Y[:, i] + Y[:, j])
        result, flipped = _pair(margins[i].of(both), margins[j].of(both), layout.categories[i], layout.categories[j])
        found.rho[pair], found.scores[both, pair] = result.rho, result.by_rho
        found.information[pair] = max(float(result.by_rho @ result.by_rho) / len(Y), _SMALLEST)
        sides = (result.second, result.first) if flipped else (result.first, result.second)
        for outcome, side in ((i, sides[0]), (j, sides[1])):
            products = [result.by_rho * part for part in side]
            count = layout.categories[outcome]
            x, y = X[both], Y[both, outcome]
            cross = _ordinal_cross(y, x, count, *products) if count else _continuous_cross(x, *products)
            found.cross[pair, columns[outcome]] = cross / len(Y)
    return found


def _pair(x: Margin, y: Margin, categories_x: int, categories_y: int) -> tuple[Pair, bool]:
    """The correlation of two outcomes, and whether they stand in it the other way round."""
    if categories_x and categories_y:
        return polychoric_pair(x, y), False
    if categories_x:
        return polyserial_pair(x, y), False
    if categories_y:
        return polyserial_pair(y, x), True
    return product_moment_pair(x, y), False


def _ordinal_cross(codes: Vector, X: Matrix, count: int, by_low: Vector, by_high: Vector) -> Vector:
    """Sums of products with the scores by thresholds and slopes."""
    category = codes.astype(np.intp)
    edges = np.bincount(category + 1, by_high, count + 1) + np.bincount(category, by_low, count + 1)
    return np.concatenate([edges[1:-1], -X.T @ (by_low + by_high)])


def _continuous_cross(X: Matrix, by_mean: Vector, by_variance: Vector) -> Vector:
    """Sums of products with the scores by mean, slopes and variance."""
    return np.concatenate([[by_mean.sum()], X.T @ by_mean, [by_variance.sum()]])


def _from_tables(Y: Matrix, layout: Responses, columns: list[NDArray[np.intp]], found: _Second) -> None:
    """Polychoric correlations without covariates: all pairs at once, from their contingency tables."""
    ordinal = layout.ordinal
    codes = np.where(np.isnan(Y[:, ordinal]), -1, Y[:, ordinal]).astype(np.intp)
    counts = [layout.categories[j] for j in ordinal]
    result = polychorics(codes, counts)
    scores = pair_scores(result)
    a, b = np.tril_indices(len(ordinal), -1)
    pairs = ordinal[a] * (ordinal[a] - 1) // 2 + ordinal[b]
    width = max(counts)
    cell = (np.arange(len(a)) * width + codes[:, a]) * width + codes[:, b]
    both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
    found.rho[pairs] = result.rho
    found.scores[:, pairs] = scores.by_rho.ravel().take(cell, mode="clip") * both
    found.information[pairs] = scores.information / len(Y)
    for side, cross in ((a, scores.cross_first), (b, scores.cross_second)):
        for k, j in enumerate(ordinal):
            mine = np.flatnonzero(side == k)
            found.cross[np.ix_(pairs[mine], columns[j])] = cross[mine, : layout.categories[j] - 1] / len(Y)
