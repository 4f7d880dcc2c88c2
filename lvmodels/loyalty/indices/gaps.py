"""Satisfaction as a gap: what was experienced less what was expected; SERVQUAL with its dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import mean_row
from lvmodels.survey.columns import as_survey

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GapScores", "ServiceQuality", "gap_scores", "servqual"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GapScores:
    """Experience less expectation.

    Attributes
    ----------
    table : DataFrame
        A row an item, and one for the whole ("overall": the mean of a respondent's gaps). Columns experience,
        expectation (means of those who answered both), gap, n, sd, se, ci_lower, ci_upper, t, pvalue, better, equal,
        worse (shares of respondents with a positive, no, and a negative gap), verdict ("better", "as_expected" or
        "worse" than expected: the interval lies above zero, holds it, or lies below).
    gaps : DataFrame, shape (n, k + 1)
        Of every respondent, in points of the scale; NaN where an answer is missing.
    level : float
    """

    table: pd.DataFrame
    gaps: pd.DataFrame
    level: float


def gap_scores(
    data: Any, pairs: Mapping[str, str], low: float | None = None, high: float | None = None, level: float = 0.95
) -> GapScores:
    """Satisfaction = experience - expectation, item by item and overall.

    Parameters
    ----------
    data : data frame, Survey or path
    pairs : mapping of str to str
        Column of the experience → column of the expectation, on the same scale.
    low, high : float, optional
        Ends of the scale; answers outside are refused.
    level : float
        Of the t intervals.

    Returns
    -------
    GapScores

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Oliver, R. L. (1980). A cognitive model of the antecedents and consequences of satisfaction decisions. *Journal of
    Marketing Research*, 17(4), 460-469.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"speed": [5, 4, 6, 5], "speed_expected": [6, 6, 6, 6],
    ...                         "staff": [7, 6, 7, 6], "staff_expected": [5, 5, 6, 6]})
    >>> found = gap_scores(answers, {"speed": "speed_expected", "staff": "staff_expected"})
    >>> found.table[["experience", "expectation", "gap", "better", "worse"]]
             experience  expectation  gap  better  worse
    speed           5.0          6.0 -1.0    0.00   0.75
    staff           6.5          5.5  1.0    0.75   0.00
    overall         NaN          NaN  0.0    0.50   0.50
    """
    import pandas as pd

    if not pairs:
        raise OptionValueError("pairs is empty; give column of the experience → column of the expectation.")
    E, X = _both(data, list(pairs), list(pairs.values()), low, high)
    gaps = E - X
    rows = {name: _row(E[:, k], X[:, k], gaps[:, k], level) for k, name in enumerate(pairs)}
    overall = _means_of_rows(gaps)
    nothing = np.full(len(gaps), np.nan)
    rows["overall"] = _row(nothing, nothing, overall, level)
    each = pd.DataFrame(gaps, columns=list(pairs)).assign(overall=overall)
    return GapScores(pd.DataFrame.from_dict(rows, orient="index"), each, level)


@dataclass(frozen=True, slots=True, eq=False)
class ServiceQuality:
    """Gap scores of service quality.

    Attributes
    ----------
    table : DataFrame
        A row a dimension. Columns perception, expectation, gap, n, sd, se, ci_lower, ci_upper, t, pvalue, weight (mean
        importance; they add up to 1), weighted_gap, weighted_ci_lower, weighted_ci_upper.
    overall : DataFrame
        Rows unweighted (mean of the dimensions' gaps) and weighted (by importance); columns gap, n, se, ci_lower,
        ci_upper, t, pvalue. Of respondents with every dimension.
    items : DataFrame
        As `GapScores.table`, with the dimension of each item.
    gaps : DataFrame, shape (n, dimensions + 2)
        Of every respondent: dimensions, unweighted and weighted.
    level : float
    """

    table: pd.DataFrame
    overall: pd.DataFrame
    items: pd.DataFrame
    gaps: pd.DataFrame
    level: float


def servqual(
    data: Any,
    dimensions: Mapping[str, Mapping[str, str]] | None = None,
    importance: Mapping[str, float | str] | None = None,
    low: float | None = None,
    high: float | None = None,
    level: float = 0.95,
) -> ServiceQuality:
    """SERVQUAL: perception - expectation by dimension, weighted by importance.

    Parameters
    ----------
    data : data frame, Survey or path
    dimensions : mapping of str to mapping, optional
        Dimension → (column of the perception → column of the expectation). By default those of the shipped
        instruments `servqual` and `servqual_expectations` (TAN1 and TAN1E, ...).
    importance : mapping of str to float or str, optional
        Dimension → its weight, or the column with the points that each respondent gave it (often 100 divided among the
        five). Weights count relative to their sum; equal ones by default.
    low, high : float, optional
        Ends of the scale; answers outside are refused.
    level : float
        Of the t intervals.

    Returns
    -------
    ServiceQuality

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Parasuraman, A., Zeithaml, V. A. and Berry, L. L. (1988). SERVQUAL: A multiple-item scale for measuring consumer
    perceptions of service quality. *Journal of Retailing*, 64(1), 12-40.
    Zeithaml, V. A., Parasuraman, A. and Berry, L. L. (1990). *Delivering quality service*. Free Press.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"t": [5, 6, 7], "te": [6, 6, 6], "r": [4, 5, 3], "re": [6, 7, 7]})
    >>> found = servqual(answers, {"tangibles": {"t": "te"}, "reliability": {"r": "re"}},
    ...                  importance={"tangibles": 25, "reliability": 75})
    >>> found.table["gap"].round(3).tolist(), found.overall["gap"].round(3).tolist()
    ([0.0, -2.667], [-1.333, -2.0])
    """
    import pandas as pd

    chosen = _shipped() if dimensions is None else dimensions
    if not chosen or not all(chosen.values()):
        raise OptionValueError("every dimension needs columns; give dimension → (perception → expectation).")
    parts = {name: gap_scores(data, pairs, low, high, level) for name, pairs in chosen.items()}
    G = np.column_stack([part.gaps["overall"].to_numpy() for part in parts.values()])
    W = _importance(data, list(chosen), importance, len(G))
    W = np.where(np.isnan(G).any(axis=1, keepdims=True), np.nan, W)
    rows = {}
    for k, (name, part) in enumerate(parts.items()):
        means = part.table.drop(index="overall")[["experience", "expectation"]].mean()
        weighted = mean_row(W[:, k] * G[:, k], level)
        own = mean_row(G[:, k], level)
        rows[name] = {
            "perception": means["experience"], "expectation": means["expectation"], "gap": own.pop("mean"), **own,
            "weight": float(np.nanmean(W[:, k])) if not np.isnan(W[:, k]).all() else np.nan,
            "weighted_gap": weighted["mean"], "weighted_ci_lower": weighted["ci_lower"],
            "weighted_ci_upper": weighted["ci_upper"],
        }  # fmt: skip
    whole = {"unweighted": G.mean(axis=1), "weighted": (W * G).sum(axis=1)}
    overall = pd.DataFrame.from_dict({name: mean_row(values, level) for name, values in whole.items()}, orient="index")
    items = pd.concat({name: part.table.drop(index="overall") for name, part in parts.items()}, names=["dimension"])
    gaps = pd.DataFrame(G, columns=list(chosen)).assign(**whole)
    return ServiceQuality(
        pd.DataFrame.from_dict(rows, orient="index"), overall.rename(columns={"mean": "gap"}), items, gaps, level
    )


def _both(
    data: Any, experience: Sequence[str], expectation: Sequence[str], low: float | None, high: float | None
) -> tuple[Vector, Vector]:
    """Experience and expectation, shape (n, k) each, on the same scales."""
    opened = as_survey(data)
    data = data if opened is None else opened
    E, ends = answers_of(data, experience, low, high)
    X, others = answers_of(data, expectation, low, high)
    unlike = ~np.isnan(ends - others).any(axis=1) & (ends != others).any(axis=1)
    if unlike.any():
        k = int(np.flatnonzero(unlike)[0])
        raise DataError(
            f"'{experience[k]}' runs from {ends[k, 0]:g} to {ends[k, 1]:g} and '{expectation[k]}' from "
            f"{others[k, 0]:g} to {others[k, 1]:g}; a gap needs the same scale for both."
        )
    return E, X


def _row(experience: Vector, expectation: Vector, gap: Vector, level: float) -> dict[str, Any]:
    both = ~np.isnan(gap)
    if not both.any():
        raise DataError("no respondent answered both questions of a pair; check that the columns belong together.")
    found = mean_row(gap, level)
    mean = found.pop("mean")
    shares = [float(np.mean(sign(gap[both], 0.0))) for sign in (np.greater, np.equal, np.less)]
    verdict = "better" if found["ci_lower"] > 0 else "worse" if found["ci_upper"] < 0 else "as_expected"
    names = dict(zip(("better", "equal", "worse"), shares, strict=True))
    known = not np.isnan(experience).all()
    means = [float(values[both].mean()) if known else np.nan for values in (experience, expectation)]
    return {"experience": means[0], "expectation": means[1], "gap": mean, **found, **names, "verdict": verdict}


def _means_of_rows(gaps: Vector) -> Vector:
    seen = ~np.isnan(gaps)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.nansum(gaps, axis=1) / np.maximum(count, 1), np.nan)


def _importance(data: Any, names: list[str], importance: Mapping[str, float | str] | None, n: int) -> Vector:
    """Weights of the dimensions, shape (n, k), each row adding up to 1."""
    given = importance if importance is not None else dict.fromkeys(names, 1.0)
    if set(given) != set(names):
        raise OptionValueError(f"importance must name every dimension and no other: {', '.join(names)}.")
    columns = [answers_of(data, [w])[0][:, 0] if isinstance(w, str) else np.full(n, float(w)) for w in
               (given[name] for name in names)]  # fmt: skip
    W = np.column_stack(columns)
    sums = W.sum(axis=1, keepdims=True)
    if (W < 0).any() or (sums == 0).any():
        raise OptionValueError("importance must not be negative, and not zero for all dimensions at once.")
    return np.asarray(W / sums)


def _shipped() -> dict[str, dict[str, str]]:
    from lvmodels.instruments import load

    servqual = load("servqual")
    return {c.name: {i.name: f"{i.name}E" for i in servqual.items_of(c.name)} for c in servqual.constructs}
