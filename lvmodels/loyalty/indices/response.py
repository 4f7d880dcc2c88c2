"""Response accounting: how many questionnaires went out, came back and could be used, by mode; how many to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.indices.answers import labels_of
from lvmodels.loyalty.indices.intervals import normal_quantile, wilson

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ResponseAccount", "response_account", "sample_size"]

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class ResponseAccount:
    """Sent, returned and usable questionnaires.

    Attributes
    ----------
    table : DataFrame
        A row a mode, and "total". Columns sent, undelivered, returned, usable, and with `_lower` and `_upper` (Wilson)
        return_rate (returned of delivered), usable_rate (usable of returned), response_rate (usable of delivered).
    chisq, df, pvalue : float
        Test that all modes have the same response rate; NaN with one mode.
    level : float
    """

    table: pd.DataFrame
    chisq: float
    df: int
    pvalue: float
    level: float


def response_account(
    sent: Counts,
    returned: Counts,
    usable: Counts | None = None,
    undelivered: Counts | None = None,
    data: Any = None,
    mode: str | None = None,
    level: float = 0.95,
) -> ResponseAccount:
    """Account for the questionnaires of every mode: telephone, mail, on-site, web, ...

    Parameters
    ----------
    sent, returned : mapping of str to int
        Mode → questionnaires.
    usable : mapping of str to int, optional
        Mode → questionnaires that are analysed; counted from `data` and `mode` instead.
    undelivered : mapping of str to int, optional
        Mode → those that never reached anybody; they leave the base of the rates.
    data : data frame, Survey or path, optional
        The usable answers, such as `Screening.clean`.
    mode : str, optional
        Their column with the mode.
    level : float

    Returns
    -------
    ResponseAccount

    Raises
    ------
    OptionValueError, UnknownVariableError

    References
    ----------
    AAPOR (2023). *Standard definitions: Final dispositions of case codes and outcome rates for surveys* (10th ed.).
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the American
    Statistical Association*, 22(158), 209-212.

    Examples
    --------
    >>> account = response_account({"mail": 500, "web": 300}, {"mail": 150, "web": 120}, {"mail": 135, "web": 114})
    >>> account.table[["sent", "usable", "return_rate", "response_rate"]].round(3)
           sent  usable  return_rate  response_rate
    mail    500     135        0.300          0.270
    web     300     114        0.400          0.380
    total   800     249        0.338          0.311
    >>> round(account.chisq, 2), account.df
    (10.58, 1)
    """
    import pandas as pd

    found = _usable(sent, usable, data, mode)
    lost = dict.fromkeys(sent, 0) if undelivered is None else {m: undelivered.get(m, 0) for m in sent}
    given = {"sent": sent, "undelivered": lost, "returned": returned, "usable": found}
    table = pd.DataFrame({name: _counts(name, counts, sent) for name, counts in given.items()}, index=list(sent))
    for more, less in (("sent", "undelivered"), ("returned", "usable")):
        _within(table[less], table[more], less, more)
    _within(table["returned"], table["sent"] - table["undelivered"], "returned", "delivered")
    delivered, answered = (table["sent"] - table["undelivered"]).to_numpy(), table["usable"].to_numpy()
    chisq = _homogeneity(answered, delivered)
    table.loc["total"] = table.sum()
    rates = {
        "return_rate": ("returned", None),
        "usable_rate": ("usable", "returned"),
        "response_rate": ("usable", None),
    }
    for rate, (part, whole) in rates.items():
        base = table["sent"] - table["undelivered"] if whole is None else table[whole]
        table[rate] = table[part] / base.where(base > 0)
        table[f"{rate}_lower"], table[f"{rate}_upper"] = wilson(table[part], base, level)
    df = len(sent) - 1
    pvalue = float(chdtrc(df, chisq)) if df and np.isfinite(chisq) else np.nan
    return ResponseAccount(table, chisq, df, pvalue, level)


def sample_size(
    margin: float, share: float = 0.5, population: int | None = None, response_rate: float = 1.0, level: float = 0.95
) -> int:
    """Questionnaires to send so that a share is known to within ± margin.

    Parameters
    ----------
    margin : float
        Half the length of the interval, such as 0.05.
    share : float
        The share expected; one half needs most.
    population : int, optional
        Customers in all, when they are few.
    response_rate : float
        Usable of delivered, as expected.
    level : float

    Returns
    -------
    int

    Raises
    ------
    OptionValueError

    References
    ----------
    Cochran, W. G. (1977). *Sampling techniques* (3rd ed.). Wiley, sec. 4.4.

    Examples
    --------
    >>> sample_size(0.05), sample_size(0.05, population=1000), sample_size(0.05, response_rate=0.3)
    (385, 278, 1281)
    """
    z = normal_quantile(level)
    if not 0.0 < margin < 1.0 or not 0.0 < share < 1.0 or not 0.0 < response_rate <= 1.0:
        raise OptionValueError("margin and share must lie between 0 and 1, response_rate above 0 to 1.")
    needed = z**2 * share * (1.0 - share) / margin**2
    if population is not None:
        if population < 1:
            raise OptionValueError(f"population={population!r} must be 1 or more.")
        needed /= 1.0 + (needed - 1.0) / population
    return int(np.ceil(round(needed / response_rate, 9)))


def _usable(sent: Counts, usable: Counts | None, data: Any, mode: str | None) -> Counts:
    if (usable is None) == (data is None):
        raise OptionValueError("give either usable=, mode → count, or data= with the usable answers.")
    if usable is not None:
        return usable
    if mode is None:
        raise OptionValueError("data= needs mode=, the column with the mode of each answer.")
    labels = [str(label) for label in labels_of(data, mode)]
    return {m: labels.count(m) for m in dict.fromkeys([*sent, *labels])}


def _counts(name: str, counts: Counts, sent: Counts) -> NDArray[np.int64]:
    if not sent or set(counts) != set(sent):
        raise OptionValueError(
            f"{name} must name the modes of sent and no other: {', '.join(map(repr, sent)) or 'none'}."
        )
    for m, value in counts.items():
        if not _whole(value) or value < 0:
            raise OptionValueError(f"{name} of '{m}' is {value!r}; give a whole number, not negative.")
    return np.array([int(counts[m]) for m in sent], dtype=np.int64)


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _within(part: Any, whole: Any, less: str, more: str) -> None:
    for m in part.index:
        if part[m] > whole[m]:
            raise OptionValueError(f"mode '{m}' has {part[m]} {less} and only {whole[m]} {more}; check the counts.")


def _homogeneity(successes: Any, n: Any) -> float:
    """Pearson's chi-square of shares; NaN where it has no meaning."""
    pooled = successes.sum() / n.sum() if n.sum() else 0.0
    if len(n) < 2 or not 0.0 < pooled < 1.0 or (n == 0).any():
        return float("nan")
    return float(((successes - n * pooled) ** 2 / (n * pooled * (1.0 - pooled))).sum())
