"""Indices from indicators of several units, each brought to 0 to 100: satisfaction, loyalty, and the short form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ConstantVariableError, OptionValueError, nearest
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import mean_row, wilson
from lvmodels.loyalty.indices.promoters import NetPromoterScore, net_promoter_score

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LOYALTY_INDICATORS",
    "SATISFACTION_INDICATORS",
    "IndicatorIndex",
    "LoyaltyForm",
    "indicator_index",
    "loyalty_form",
    "loyalty_indicators",
    "satisfaction_indicators",
]

Vector = NDArray[np.float64]

SATISFACTION_INDICATORS: Mapping[str, int] = {
    "reputation": 1, "awareness": 1, "return_rate": 1, "complaint_rate": -1, "purchase_size": 1,
    "price_sensitivity": -1, "referral_rate": 1,
}  # fmt: skip
"""Seven indicators of satisfaction and their directions; the return rate is that of customers who come back."""
LOYALTY_INDICATORS: Mapping[str, int] = {
    "repurchase_count": 1, "choice_time": -1, "price_sensitivity": -1, "attitude_to_competitors": -1,
    "tolerance_of_faults": 1,
}  # fmt: skip
"""Five indicators of loyalty and their directions: who is loyal chooses quickly and thinks less of competitors."""


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorIndex:
    """An index of indicators, 0 to 100.

    Attributes
    ----------
    table : DataFrame
        A row an indicator, and "index". Columns direction (1 or -1), low, high (what counts as 0 and 100, or 100 and
        0), weight (adding up to 1), mean (in its own unit), score (0 to 100), n, se, ci_lower, ci_upper (of the score).
    scores : DataFrame, shape (n, k + 1)
        Of every row of the data, 0 to 100.
    """

    table: pd.DataFrame
    scores: pd.DataFrame


def indicator_index(
    data: Any,
    columns: Mapping[str, str],
    directions: Mapping[str, int],
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> IndicatorIndex:
    """Bring indicators to 0 to 100, turn the unfavourable ones round, and take their weighted mean.

    Parameters
    ----------
    data : data frame, Survey or path
        A row a customer, or a unit such as a branch or month.
    columns : mapping of str to str
        Indicator → its column.
    directions : mapping of str to int
        Indicator → 1 where more is better, -1 where less is.
    ranges : mapping of str to pair of float, optional
        Indicator → (lowest, highest possible value); that of the instrument, else of the data, by default. An index of
        data ranges compares rows of these data alone.
    weights : mapping of str to float, optional
        Relative to their sum; equal by default.
    level : float
        Of the t intervals.

    Returns
    -------
    IndicatorIndex

    Raises
    ------
    OptionValueError, UnknownVariableError, ConstantVariableError, DataError

    References
    ----------
    Nardo, M. et al. (2008). *Handbook on constructing composite indicators*. OECD, chap. 6.

    Examples
    --------
    >>> import pandas as pd
    >>> shops = pd.DataFrame({"complaints": [0.1, 0.3, 0.2], "returning": [0.8, 0.4, 0.6]})
    >>> found = indicator_index(shops, {"complaint_rate": "complaints", "return_rate": "returning"},
    ...     {"complaint_rate": -1, "return_rate": 1}, ranges={"complaint_rate": (0, 0.5), "return_rate": (0, 1)})
    >>> found.scores["index"].round(1).tolist()
    [80.0, 40.0, 60.0]
    """
    import pandas as pd

    names = _chosen(columns, directions, weights, ranges)
    Y, ends = answers_of(data, [columns[name] for name in names])
    for k, name in enumerate(names):
        if ranges and name in ranges:
            answers_of(data, [columns[name]], *ranges[name])
            ends[k] = ranges[name]
        elif np.isnan(ends[k]).any():
            ends[k] = np.nanmin(Y[:, k]), np.nanmax(Y[:, k])
        if ends[k, 0] == ends[k, 1]:
            raise ConstantVariableError(f"'{columns[name]}' does not vary; give its possible values as ranges=.")
    share = (Y - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
    sign = np.array([directions[name] for name in names])
    S = 100.0 * np.where(sign > 0, share, 1.0 - share)
    w = np.array([float((weights or {}).get(name, 1.0)) for name in names])
    w = w / w.sum()
    each = pd.DataFrame(S, columns=names).assign(index=S @ w)
    rows = []
    for k, name in enumerate([*names, "index"]):
        row = mean_row(each[name].to_numpy(), level)
        own = k < len(names)
        rows.append({
            "direction": int(sign[k]) if own else 1, "low": ends[k, 0] if own else 0.0,
            "high": ends[k, 1] if own else 100.0, "weight": w[k] if own else 1.0,
            "mean": float(np.nanmean(Y[:, k])) if own else row["mean"], "score": row["mean"],
            **{key: row[key] for key in ("n", "se", "ci_lower", "ci_upper")},
        })  # fmt: skip
    return IndicatorIndex(pd.DataFrame(rows, index=[*names, "index"]), each)


def satisfaction_indicators(
    data: Any,
    columns: Mapping[str, str],
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> IndicatorIndex:
    """Index of up to seven indicators of satisfaction, named in `SATISFACTION_INDICATORS`; see `indicator_index`.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.DataFrame({"complaints": [4, 2], "again": [40, 60]})
    >>> found = satisfaction_indicators(months, {"complaint_rate": "complaints", "return_rate": "again"},
    ...                                 ranges={"complaint_rate": (0, 10), "return_rate": (0, 100)})
    >>> found.scores["index"].tolist()
    [50.0, 70.0]
    """
    return indicator_index(data, columns, _known(columns, SATISFACTION_INDICATORS), ranges, weights, level)


def loyalty_indicators(
    data: Any,
    columns: Mapping[str, str],
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> IndicatorIndex:
    """Index of up to five indicators of loyalty, named in `LOYALTY_INDICATORS`; see `indicator_index`.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"bought": [8, 2], "minutes": [10, 50]})
    >>> found = loyalty_indicators(customers, {"repurchase_count": "bought", "choice_time": "minutes"},
    ...                            ranges={"repurchase_count": (0, 10), "choice_time": (0, 100)})
    >>> found.scores["index"].tolist()
    [85.0, 35.0]
    """
    return indicator_index(data, columns, _known(columns, LOYALTY_INDICATORS), ranges, weights, level)


@dataclass(frozen=True, slots=True, eq=False)
class LoyaltyForm:
    """Answers to the short loyalty form.

    Attributes
    ----------
    table : DataFrame
        Rows satisfaction, repurchase, recommendation, index; columns score (mean, 0 to 100), n, se, ci_lower, ci_upper.
    levels : DataFrame
        A row a question and level (from 1, the lowest): columns n, share, ci_lower, ci_upper (Wilson).
    secure : dict
        Respondents at the top of all three questions: n, share, ci_lower, ci_upper.
    nps : NetPromoterScore or None
    scores : DataFrame, shape (n, 4)
        Of every respondent, 0 to 100.
    """

    table: pd.DataFrame
    levels: pd.DataFrame
    secure: dict[str, float]
    nps: NetPromoterScore | None
    scores: pd.DataFrame


def loyalty_form(
    data: Any,
    satisfaction: str = "OVS",
    repurchase: str = "REP",
    recommendation: str = "REC",
    nps: str | None = "NPS",
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0),
    level: float = 0.95,
) -> LoyaltyForm:
    """Index from overall satisfaction, repurchase and recommendation, with the net promoter score beside it.

    Parameters
    ----------
    data : data frame, Survey or path
        Answers to the shipped instrument `loyalty_form`.
    satisfaction : str
        Column, 1 not satisfied to 4 very satisfied.
    repurchase : str
        Column, probability to buy again: 1 below 30 %, 2 from 30 to 70 %, 3 above 70 %.
    recommendation : str
        Column, 1 no, 2 perhaps, 3 yes.
    nps : str or None
        Column, 0 to 10; None leaves the net promoter score out.
    weights : tuple of 3 floats
        Of the three questions in the index.
    level : float

    Returns
    -------
    LoyaltyForm

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Brandt, D. R. (1996). Secure customer index. *Maritz Research Report*: those at the top of all three questions.

    Examples
    --------
    >>> import pandas as pd
    >>> form = pd.DataFrame({"OVS": [4, 3, 1, 4], "REP": [3, 2, 1, 3], "REC": [3, 3, 1, 2]})
    >>> found = loyalty_form(form, nps=None)
    >>> found.scores["index"].round(2).tolist(), found.secure["share"]
    ([100.0, 72.22, 0.0, 83.33], 0.25)
    """
    import pandas as pd

    columns = {"satisfaction": satisfaction, "repurchase": repurchase, "recommendation": recommendation}
    tops = {"satisfaction": 4, "repurchase": 3, "recommendation": 3}
    ranges = {name: (1.0, float(top)) for name, top in tops.items()}
    found = indicator_index(
        data, columns, dict.fromkeys(columns, 1), ranges, dict(zip(columns, weights, strict=True)), level
    )
    rows = []
    for name, top in tops.items():
        codes = np.round(found.scores[name].dropna().to_numpy() / 100.0 * (top - 1) + 1.0)
        counts = np.array([(codes == code).sum() for code in range(1, top + 1)])
        low, high = wilson(counts, counts.sum(), level)
        rows += [(name, c + 1, int(counts[c]), counts[c] / counts.sum(), low[c], high[c]) for c in range(top)]
    levels = pd.DataFrame(rows, columns=["question", "level", "n", "share", "ci_lower", "ci_upper"])
    whole = found.scores[list(columns)].dropna()
    secure = int((whole == 100.0).all(axis=1).sum())
    low, high = wilson(secure, len(whole), level)
    share = secure / len(whole) if len(whole) else np.nan
    return LoyaltyForm(
        found.table[["score", "n", "se", "ci_lower", "ci_upper"]], levels.set_index(["question", "level"]),
        {"n": secure, "share": share, "ci_lower": float(low), "ci_upper": float(high)},
        None if nps is None else net_promoter_score(data, nps, level=level), found.scores,
    )  # fmt: skip


def _known(columns: Mapping[str, str], known: Mapping[str, int]) -> dict[str, int]:
    for name in columns:
        if name not in known:
            hint = nearest(name, known) or f"There are: {', '.join(known)}."
            raise OptionValueError(f"there is no indicator '{name}'. {hint}")
    return {name: known[name] for name in columns}


def _chosen(columns: Any, directions: Any, weights: Any, ranges: Any) -> list[str]:
    names = list(columns)
    if not names:
        raise OptionValueError("columns is empty; give indicator → column.")
    for option, given in (("directions", directions), ("weights", weights or {}), ("ranges", ranges or {})):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise OptionValueError(f"{option} names '{unknown[0]}', which is no indicator of columns.")
    if any(directions.get(name) not in (1, -1) for name in names):
        raise OptionValueError("directions must give 1 or -1 for every indicator.")
    given = [float((weights or {}).get(name, 1.0)) for name in names]
    if min(given) < 0 or sum(given) <= 0:
        raise OptionValueError("weights must not be negative, and not all zero.")
    return names
