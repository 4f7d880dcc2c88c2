"""Kano's classification of features from pairs of questions: present, and absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import normal_quantile, wilson

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CATEGORIES", "Kano", "kano"]

CATEGORIES = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable")
"""In the order in which ties are settled: what must be there goes first."""
_M, _O, _A, _I, _R, _Q = range(6)
# A row an answer to the feature's presence, a column one to its absence: like, must be, neutral, live with, dislike.
_GRID = np.array([
    [_Q, _A, _A, _A, _O],
    [_R, _I, _I, _I, _M],
    [_R, _I, _I, _I, _M],
    [_R, _I, _I, _I, _M],
    [_R, _R, _R, _R, _Q],
])  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Kano:
    """Features by what they do for satisfaction.

    Attributes
    ----------
    table : DataFrame
        A row a feature. Columns must_be, one_dimensional, attractive, indifferent, reverse, questionable (counts), n,
        category (the most frequent; of a tie the first in this order), tied (whether it was one), strength (share of
        the first less share of the second), z (Fong's), clear (whether z exceeds its critical value, so that the most
        frequent category is more than chance), better, better_lower, better_upper, worse, worse_lower, worse_upper.
    answers : DataFrame
        Category of every respondent and feature; missing where an answer is.
    level : float
    """

    table: pd.DataFrame
    answers: pd.DataFrame
    level: float


def kano(data: Any, features: Mapping[str, Sequence[str]], level: float = 0.95, test_level: float = 0.90) -> Kano:
    """Classify features: attractive, one-dimensional, must-be, indifferent, reverse or questionable.

    Parameters
    ----------
    data : data frame, Survey or path
    features : mapping of str to pair of str
        Feature → (column of "how do you feel if it is there?", column of "... if it is not?"); answers 1 I like it, 2
        it must be so, 3 neutral, 4 I can live with it, 5 I dislike it.
    level : float
        Of the Wilson intervals of better = (A + O)/(A + O + M + I) and worse = -(O + M)/(A + O + M + I).
    test_level : float
        Of Fong's test, customarily .90.

    Returns
    -------
    Kano

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Kano, N., Seraku, N., Takahashi, F. and Tsuji, S. (1984). Attractive quality and must-be quality. *Journal of the
    Japanese Society for Quality Control*, 14(2), 39-48.
    Berger, C. et al. (1993). Kano's methods for understanding customer-defined quality. *Center for Quality of
    Management Journal*, 2(4), 3-36.
    Fong, D. (1996). Using the self-stated importance questionnaire to interpret Kano questionnaire results. *Center for
    Quality of Management Journal*, 5(3), 21-24.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"wifi": [1] * 9 + [3], "no_wifi": [3] * 6 + [5] * 3 + [3]})
    >>> row = kano(answers, {"wifi": ("wifi", "no_wifi")}).table.loc["wifi"]
    >>> row["category"], bool(row["clear"]), float(row["better"]), float(row["worse"])
    ('attractive', False, 0.9, -0.3)
    """
    import pandas as pd

    if not features or any(len(pair) != 2 for pair in features.values()):
        raise OptionValueError("features must be feature → (column if present, column if absent).")
    critical = normal_quantile(test_level)
    rows, each = {}, {}
    for feature, pair in features.items():
        Y, _ = answers_of(data, list(pair), 1, 5)
        both = ~np.isnan(Y).any(axis=1)
        if not both.any():
            raise DataError(f"no respondent answered both questions on '{feature}'; check its columns {pair}.")
        if (Y[both] % 1).any():
            raise DataError(f"the answers on '{feature}' must be the whole numbers 1 to 5; recode columns {pair}.")
        codes = _GRID[tuple(Y[both].astype(int).T - 1)]
        each[feature] = np.full(len(Y), None, dtype=object)
        each[feature][both] = np.array(CATEGORIES, dtype=object)[codes]
        rows[feature] = _row(np.bincount(codes, minlength=6), level, critical)
    return Kano(pd.DataFrame.from_dict(rows, orient="index"), pd.DataFrame(each), level)


def _row(counts: Any, level: float, critical: float) -> dict[str, Any]:
    n = int(counts.sum())
    first, second = sorted(counts.tolist(), reverse=True)[:2]
    # Of a multinomial sample, a - b has about the variance (a + b)(2n - a - b) / (2n) where both are equally likely.
    spread = np.sqrt((first + second) * (2 * n - first - second) / (2 * n))
    z = (first - second) / spread
    base = int(counts[:4].sum())
    found: dict[str, Any] = dict(zip(CATEGORIES, counts.tolist(), strict=True))
    found |= {"n": n, "category": CATEGORIES[int(counts.argmax())], "tied": first == second,
              "strength": (first - second) / n, "z": float(z), "clear": bool(z > critical)}  # fmt: skip
    better, worse = int(counts[_A] + counts[_O]), int(counts[_O] + counts[_M])
    low, high = wilson(np.array([better, worse]), base, level)
    share = (better / base, worse / base) if base else (np.nan, np.nan)
    return found | {
        "better": share[0], "better_lower": float(low[0]), "better_upper": float(high[0]),
        "worse": -share[1], "worse_lower": -float(high[1]), "worse_upper": -float(low[1]),
    }  # fmt: skip
