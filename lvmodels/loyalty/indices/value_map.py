"""Customer value map: market-perceived quality against price, both relative to the competitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import bootstrap_counts, normal_quantile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ValueMap", "value_map"]

Vector = NDArray[np.float64]
QualityRatio = Literal["attributes", "scores"]


@dataclass(frozen=True, slots=True, eq=False)
class ValueMap:
    """Brands by relative quality and relative price.

    Attributes
    ----------
    table : DataFrame
        A row a brand. Columns quality (market-perceived quality ratio to the other brands; 1 is par), price (ratio to
        the mean of the other brands), fair_price (on the fair-value line, at that quality), value (fair price less
        price), zone ("better", "fair" or "worse" value); with data also quality_lower, quality_upper, value_lower,
        value_upper.
    attributes : DataFrame
        A row a pair of brand and attribute: columns score, competitors (mean score of the others), ratio, weight
        (adding up to 1), contribution (weight times ratio).
    slope : float
        Of the fair-value line through par: points of relative price that a point of relative quality is worth.
    tolerance : float
    n : int or None
        Respondents; None for scores given as numbers.
    """

    table: pd.DataFrame
    attributes: pd.DataFrame
    slope: float
    tolerance: float
    n: int | None


def value_map(
    scores: Mapping[str, Mapping[str, float | str]],
    weights: Mapping[str, float],
    prices: Mapping[str, float | str],
    data: Any = None,
    ratio: QualityRatio = "attributes",
    quality_share: float = 0.5,
    tolerance: float = 0.02,
    n: int = 2000,
    seed: Any = None,
    level: float = 0.95,
) -> ValueMap:
    """Customer value map after Gale: quality ratio, relative price and the fair-value line.

    Parameters
    ----------
    scores : mapping of str to mapping
        Brand → (attribute → its score, or the column of `data` that holds it), above 0.
    weights : mapping of str to float
        Attribute → importance, relative to their sum. Price is no attribute.
    prices : mapping of str to float or str
        Brand → price, or the column with the price as perceived.
    data : data frame, Survey or path, optional
        Needed where columns are named; means of those who answered all of them.
    ratio : {"attributes", "scores"}
        The weighted mean of the attributes' ratios to the mean of the other brands, as Gale has it, or the ratio of the
        weighted mean scores. A mean of ratios favours brands with uneven scores: of two, both may come off above 1.
    quality_share : float
        What quality counts for in the purchase decision, against price, 0 to 1; the fair-value line has the slope
        share / (1 - share).
    tolerance : float
        Brands within that distance of the line, in relative price, are of fair value.
    n : int
        Bootstrap replicates for intervals, with data.
    seed : int, Generator or None
    level : float

    Returns
    -------
    ValueMap

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Gale, B. T. (1994). *Managing customer value*. Free Press, chap. 2 and 4.

    Examples
    --------
    >>> found = value_map({"ours": {"taste": 9, "staff": 6}, "theirs": {"taste": 6, "staff": 8}},
    ...                   weights={"taste": 60, "staff": 40}, prices={"ours": 11, "theirs": 10}, ratio="scores")
    >>> found.table.loc["ours", ["quality", "price", "fair_price", "value"]].astype(float).round(2).tolist()
    [1.15, 1.1, 1.15, 0.05]
    >>> found.table["zone"].tolist()
    ['better', 'worse']
    """
    import pandas as pd

    _check(scores, weights, prices, quality_share, tolerance)
    if ratio not in ("attributes", "scores"):
        raise OptionValueError(f"ratio={ratio!r} does not exist; use 'attributes' or 'scores'.")
    brands, attributes = list(scores), list(weights)
    w = np.array([float(weights[a]) for a in attributes])
    w = w / w.sum()
    slope = quality_share / (1.0 - quality_share)
    cells = [*(scores[b][a] for b in brands for a in attributes), *(prices[b] for b in brands)]
    answers, means = _means(data, cells)
    S, P = _split(means[None, :], len(brands), len(attributes))
    _positive(S[0], P[0], brands, attributes)
    quality, price = _quality(S, w, ratio), _relative(P)
    table = pd.DataFrame({"quality": quality[0], "price": price[0]}, index=brands)
    table["fair_price"] = 1.0 + slope * (table["quality"] - 1.0)
    table["value"] = table["fair_price"] - table["price"]
    if answers is not None:
        counts = bootstrap_counts(len(answers), n, seed)
        drawn = means + counts @ (answers - means) / len(answers)
        S_drawn, P_drawn = _split(drawn, len(brands), len(attributes))
        q_drawn = _quality(S_drawn, w, ratio)
        tails = _tails(level)
        for name, values in (("quality", q_drawn), ("value", 1.0 + slope * (q_drawn - 1.0) - _relative(P_drawn))):
            table[f"{name}_lower"], table[f"{name}_upper"] = np.quantile(values, tails, axis=0)
    table["zone"] = np.select([table["value"] > tolerance, table["value"] < -tolerance], ["better", "worse"], "fair")
    ratios = _relative(S)[0]
    index = pd.MultiIndex.from_product([brands, attributes], names=["brand", "attribute"])
    parts = {"score": S[0], "competitors": S[0] / ratios, "ratio": ratios, "weight": np.broadcast_to(w, ratios.shape),
             "contribution": ratios * w}  # fmt: skip
    each = pd.DataFrame({name: part.ravel() for name, part in parts.items()}, index=index)
    return ValueMap(table, each, slope, tolerance, None if answers is None else len(answers))


def _tails(level: float) -> list[float]:
    normal_quantile(level)
    return [(1.0 - level) / 2.0, (1.0 + level) / 2.0]


def _relative(values: Vector) -> Vector:
    """Every brand over the mean of the others; brands along axis 1."""
    others = (values.sum(axis=1, keepdims=True) - values) / (values.shape[1] - 1)
    return np.asarray(values / others)


def _quality(S: Vector, w: Vector, ratio: QualityRatio) -> Vector:
    return np.asarray(_relative(S) @ w) if ratio == "attributes" else _relative(S @ w)


def _split(cells: Vector, brands: int, attributes: int) -> tuple[Vector, Vector]:
    scored = brands * attributes
    return cells[:, :scored].reshape(-1, brands, attributes), cells[:, scored:]


def _means(data: Any, cells: list[Any]) -> tuple[Vector | None, Vector]:
    """Answers behind the cells (None when all are numbers) and the value of every cell."""
    names = list(dict.fromkeys(cell for cell in cells if isinstance(cell, str)))
    if not names:
        return None, np.array([float(cell) for cell in cells])
    if data is None:
        raise OptionValueError(f"'{names[0]}' names a column, but there is no data; pass data=, or give a number.")
    Y, _ = answers_of(data, names)
    Y = Y[~np.isnan(Y).any(axis=1)]
    if len(Y) < 2:
        raise OptionValueError("fewer than two respondents answered all questions of the map; leave out some columns.")
    answers = np.column_stack(
        [Y[:, names.index(cell)] if isinstance(cell, str) else np.full(len(Y), float(cell)) for cell in cells]
    )
    return answers, answers.mean(axis=0)


def _check(scores: Any, weights: Any, prices: Any, quality_share: float, tolerance: float) -> None:
    if len(scores) < 2:
        raise OptionValueError("a value map compares brands; give scores of two or more.")
    if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise OptionValueError("weights must not be negative, and not all zero.")
    for brand, given in scores.items():
        if set(given) != set(weights):
            raise OptionValueError(
                f"the scores of '{brand}' must name the attributes of weights: {', '.join(weights)}."
            )
    if set(prices) != set(scores):
        raise OptionValueError(f"prices must name the brands of scores: {', '.join(scores)}.")
    if not 0.0 < quality_share < 1.0 or tolerance < 0.0:
        raise OptionValueError("quality_share must lie between 0 and 1, and tolerance not below 0.")


def _positive(scores: Vector, prices: Vector, brands: list[str], attributes: list[str]) -> None:
    bad = np.argwhere(~(scores > 0))
    if len(bad):
        b, a = bad[0]
        raise OptionValueError(f"{brands[b]} scores {scores[b, a]:g} in {attributes[a]}; a ratio needs scores above 0.")
    if not (prices > 0).all():
        raise OptionValueError("prices must be above 0; a free offer has no relative price.")
