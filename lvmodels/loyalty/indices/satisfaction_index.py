"""An index from 0 to 100 of a construct, from the weights of its items, with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.fit import PlsFit
from lvmodels.errors import DataError, OptionValueError
from lvmodels.fit.record import Fit
from lvmodels.loyalty.indices.answers import answers_of, groups_of, needed_ends
from lvmodels.loyalty.indices.index_weights import (
    Weighted,
    draw_counts,
    replicate_means,
    weight_draws,
    weighted_by_model,
)
from lvmodels.loyalty.indices.intervals import normal_quantile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SatisfactionIndex", "satisfaction_index"]

Vector = NDArray[np.float64]
_ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class SatisfactionIndex:
    """An index, 0 to 100.

    Attributes
    ----------
    table : DataFrame
        A row a group, or the row "all". Columns index, se, ci_lower, ci_upper (percentiles), n (respondents).
    items : DataFrame
        A row an item (of all respondents): columns weight (adding up to 1), mean, low, high, score (0 to 100).
    draws : DataFrame
        The index of every group in every replicate.
    construct : str
        Empty with weights that were given.
    level : float
    """

    table: pd.DataFrame
    items: pd.DataFrame
    draws: pd.DataFrame
    construct: str
    level: float

    def __str__(self) -> str:
        return f"{self.construct or 'Index'} (0 to 100)\n\n{self.table.round(1).to_string()}"


def satisfaction_index(
    source: Any,
    construct: str | None = None,
    weights: Mapping[str, float] | Sequence[str] | None = None,
    group: str | None = None,
    low: float | None = None,
    high: float | None = None,
    n: int = 2000,
    seed: Any = None,
    level: float = 0.95,
) -> SatisfactionIndex:
    """Index of a construct: 100 (sum w x - sum w min) / (sum w max - sum w min), x the items' means.

    With one scale for all items that is 100 (sum w x - min sum w) / ((max - min) sum w).

    Parameters
    ----------
    source : Fit, PlsFit, data frame, Survey or path
    construct : str, optional
        Of a model: whose index; its items and weights are those of the model.
    weights : mapping of str to float, or sequence of str, optional
        Of a frame: item → weight, or items that all count alike.
    group : str, optional
        Of a frame: column with groups; each has its index.
    low, high : float, optional
        Ends of the scale; by default those of the instrument.
    n : int
        Bootstrap replicates. Weights of a `PlsFit` are estimated anew in each; those of a `Fit` are drawn from the
        asymptotic distribution of its estimates.
    seed : int, Generator or None
    level : float
        Of the percentile intervals.

    Returns
    -------
    SatisfactionIndex

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError, NotConvergedError, NotEstimableError

    References
    ----------
    Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J. and Bryant, B. E. (1996). The American customer satisfaction
    index: Nature, purpose, and findings. *Journal of Marketing*, 60(4), 7-18, appendix.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"overall": [8, 9, 7], "expected": [6, 7, 8], "ideal": [5, 6, 7]})
    >>> found = satisfaction_index(answers, weights={"overall": 0.4, "expected": 0.35, "ideal": 0.25}, low=1, high=10,
    ...                            n=200, seed=1)
    >>> round(float(found.table.loc["all", "index"]), 2)  # 100 (7.15 - 1) / 9
    68.33
    """
    import pandas as pd

    tails = _tails(level)
    modelled = isinstance(source, Fit | PlsFit)
    if modelled:
        if construct is None or weights is not None or group is not None:
            raise OptionValueError("of a model give construct=, and neither weights= nor group=.")
        found = weighted_by_model(source, construct)
    else:
        found = _given(source, construct, weights, low, high)
    ends = np.where([low is not None, high is not None], [low or 0.0, high or 0.0], found.ends)
    check_ends(found, needed_ends(ends, found.items))
    rows, draws = {}, {}
    counts = rng = None
    for name, member in groups_of(source if group else None, group, len(found.Y)).items():
        Y = found.Y[member]
        if np.isnan(Y).all(axis=0).any():
            raise DataError(f"nobody of group '{name}' answered all of {', '.join(found.items)}; leave it out.")
        counts, rng = draw_counts(len(Y), n, seed if rng is None else rng)
        W = weight_draws(source, construct or "", counts, rng) if modelled else found.weights[None, :]
        index = float(index_of_means(np.nanmean(Y, axis=0)[None, :], found.weights[None, :], ends)[0])
        drawn = index_of_means(replicate_means(Y, counts), W, ends)
        lower, upper = np.nanquantile(drawn, tails)
        rows[name or _ALL] = (
            index,
            float(np.nanstd(drawn, ddof=1)),
            lower,
            upper,
            int((~np.isnan(Y)).any(axis=1).sum()),
        )
        draws[name or _ALL] = drawn
    means = np.nanmean(found.Y, axis=0)
    items = pd.DataFrame(
        {"weight": found.weights / found.weights.sum(), "mean": means, "low": ends[:, 0], "high": ends[:, 1],
         "score": 100.0 * (means - ends[:, 0]) / (ends[:, 1] - ends[:, 0])},
        index=list(found.items),
    )  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["index", "se", "ci_lower", "ci_upper", "n"])
    return SatisfactionIndex(table, items, pd.DataFrame(draws), construct or "", level)


def _tails(level: float) -> list[float]:
    normal_quantile(level)
    return [(1.0 - level) / 2.0, (1.0 + level) / 2.0]


def index_of_means(means: Vector, weights: Vector, ends: Vector) -> Vector:
    """The formula, for a stack of means and weights, shape (R,)."""
    above = (weights * (means - ends[:, 0])).sum(axis=1)
    return np.asarray(100.0 * above / (weights * (ends[:, 1] - ends[:, 0])).sum(axis=1))


def _given(source: Any, construct: str | None, weights: Any, low: float | None, high: float | None) -> Weighted:
    if construct is not None or not weights:
        raise OptionValueError("of a data frame give weights=, item → weight, or items; construct= is for a model.")
    pairs = dict(weights) if isinstance(weights, Mapping) else dict.fromkeys(weights, 1.0)
    w = np.array([float(value) for value in pairs.values()])
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise OptionValueError("weights must be finite, not negative, and not all zero.")
    Y, ends = answers_of(source, list(pairs), low, high)
    return Weighted(tuple(pairs), Y, ends, w)


def check_ends(found: Weighted, ends: Vector) -> None:
    for k, item in enumerate(found.items):
        least, most = float(np.nanmin(found.Y[:, k])), float(np.nanmax(found.Y[:, k]))
        if ends[k, 0] >= ends[k, 1] or least < ends[k, 0] or most > ends[k, 1]:
            raise DataError(
                f"'{item}' holds answers from {least:g} to {most:g}, outside its scale of {ends[k, 0]:g} to "
                f"{ends[k, 1]:g}; give low= and high=, the ends of the scale."
            )
