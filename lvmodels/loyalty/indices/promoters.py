"""Net promoter score with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.indices.answers import answers_of, groups_of
from lvmodels.loyalty.indices.intervals import normal_quantile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NetPromoterScore", "PromoterInterval", "net_promoter_score", "promoter_interval"]

_FAR = 1e6  # a test statistic where the variance is nought
PromoterInterval = Literal["adjusted_wald", "score", "wald"]


@dataclass(frozen=True, slots=True, eq=False)
class NetPromoterScore:
    """Share of promoters less share of detractors.

    Attributes
    ----------
    table : DataFrame
        A row a group, or the row "all". Columns promoters, passives, detractors (counts), n, nps, ci_lower, ci_upper
        (-100 to 100), se.
    differences : DataFrame
        Of every two groups: columns first, second, difference, se, ci_lower, ci_upper, z, pvalue.
    counts : DataFrame
        Respondents by group and answer, 0 to 10.
    method : str
    level : float
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    counts: pd.DataFrame
    method: PromoterInterval
    level: float


def net_promoter_score(
    data: Any, column: str, group: str | None = None, method: PromoterInterval = "adjusted_wald", level: float = 0.95
) -> NetPromoterScore:
    """Net promoter score: 9 and 10 are promoters, 0 to 6 detractors.

    Parameters
    ----------
    data : data frame, Survey or path
    column : str
        Likelihood to recommend, 0 to 10.
    group : str, optional
        Column with groups to compare.
    method : {"adjusted_wald", "score", "wald"}
        Three observations added, three quarters each to promoters and detractors and three halves to the passives; the
        inverted score test, which is Wilson's interval for a difference of two shares of one sample; or the plain
        normal interval, too short in small samples. Rocks (2016) found the first two to do best.
    level : float

    Returns
    -------
    NetPromoterScore

    Raises
    ------
    OptionValueError, UnknownVariableError, DataError

    References
    ----------
    Reichheld, F. F. (2003). The one number you need to grow. *Harvard Business Review*, 81(12), 46-54.
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". *The American Statistician*, 70(4), 365-372.
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design. *Statistics in Medicine*, 17(8), 891-908.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"nps": [10] * 50 + [8] * 30 + [3] * 20})
    >>> net_promoter_score(answers, "nps", method="wald").table.round(2)[["nps", "se", "ci_lower", "ci_upper"]]
          nps    se  ci_lower  ci_upper
    all  30.0  7.81     14.69     45.31
    """
    import pandas as pd

    Y, _ = answers_of(data, [column], 0, 10)
    y = Y[:, 0]
    if (y[~np.isnan(y)] % 1).any():
        raise DataError(f"column '{column}' must hold whole numbers, 0 to 10; the score counts single answers.")
    rows, counts = {}, {}
    for name, member in groups_of(data, group, len(y)).items():
        seen = y[member & ~np.isnan(y)].astype(int)
        if not len(seen):
            raise DataError(f"no respondent of group '{name}' answered '{column}'; leave that group out.")
        counts[name or "all"] = np.bincount(seen, minlength=11)
        rows[name or "all"] = _row(counts[name or "all"], method, level)
    table = pd.DataFrame.from_dict(rows, orient="index")
    each = pd.DataFrame.from_dict(counts, orient="index")
    return NetPromoterScore(table, _differences(table, level), each, method, level)


def promoter_interval(
    promoters: float, passives: float, detractors: float, method: PromoterInterval = "adjusted_wald",
    level: float = 0.95,
) -> tuple[float, float]:  # fmt: skip
    """Interval of a net promoter score from counts, -100 to 100; methods as for `net_promoter_score`.

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> [round(end, 2) for end in promoter_interval(50, 30, 20, "score")]
    [13.96, 44.34]
    """
    z = normal_quantile(level)
    if method not in get_args(PromoterInterval):
        raise OptionValueError(f"method={method!r} does not exist; use {', '.join(get_args(PromoterInterval))}.")
    b, c, n = float(promoters), float(detractors), float(promoters + passives + detractors)
    if min(b, c, n - b - c) < 0 or n == 0:
        raise OptionValueError("counts must not be negative, and not all zero.")
    if method == "score":
        return _score_interval(b, c, n, z)
    added = 3.0 if method == "adjusted_wald" else 0.0
    p, q = (b + added / 4) / (n + added), (c + added / 4) / (n + added)
    half = z * np.sqrt(max(p + q - (p - q) ** 2, 0.0) / (n + added))
    return max(100.0 * float(p - q - half), -100.0), min(100.0 * float(p - q + half), 100.0)


def _row(counts: Any, method: PromoterInterval, level: float) -> dict[str, float]:
    detractors, passives, promoters = (int(part.sum()) for part in (counts[:7], counts[7:9], counts[9:]))
    n = detractors + passives + promoters
    p, q = promoters / n, detractors / n
    low, high = promoter_interval(promoters, passives, detractors, method, level)
    return {"promoters": promoters, "passives": passives, "detractors": detractors, "n": n, "nps": 100 * (p - q),
            "ci_lower": low, "ci_upper": high, "se": 100 * float(np.sqrt((p + q - (p - q) ** 2) / n))}  # fmt: skip


def _score_interval(b: float, c: float, n: float, z: float) -> tuple[float, float]:
    """Differences that the score test does not reject."""

    def statistic(delta: float) -> float:
        # Most likely share of detractors when the difference is delta: the larger root of 2n q^2 + B q + C = 0.
        B = -b - c + (2 * n - b + c) * delta
        q = (np.sqrt(max(B**2 + 8 * n * c * delta * (1 - delta), 0.0)) - B) / (4 * n)
        spread = n * (2 * q + delta * (1 - delta))
        distance = b - c - n * delta
        if spread > 1e-12:
            return float(distance / np.sqrt(spread))
        return float(np.sign(distance)) * _FAR

    d, edge = (b - c) / n, 1.0 - 1e-9
    low = brentq(lambda x: min(statistic(x), _FAR) - z, -edge, d) if statistic(-edge) > z else -1.0
    high = brentq(lambda x: max(statistic(x), -_FAR) + z, d, edge) if statistic(edge) < -z else 1.0
    return 100.0 * float(low), 100.0 * float(high)


def _differences(table: pd.DataFrame, level: float) -> pd.DataFrame:
    import pandas as pd

    z = normal_quantile(level)
    rows = []
    for first, second in combinations(table.index, 2):
        difference = float(table["nps"][first] - table["nps"][second])
        se = float(np.hypot(table["se"][first], table["se"][second]))
        ratio = difference / se if se > 0 else np.nan
        rows.append((first, second, difference, se, difference - z * se, difference + z * se, ratio,
                     2.0 * float(ndtr(-abs(ratio)))))  # fmt: skip
    return pd.DataFrame(rows, columns=["first", "second", "difference", "se", "ci_lower", "ci_upper", "z", "pvalue"])
