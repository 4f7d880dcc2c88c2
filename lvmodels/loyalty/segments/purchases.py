"""What a log of purchases says about each customer at a date: counts for stages, and transactional loyalty."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import DataError, FutureDateError, RepeatedCustomerError
from lvmodels.loyalty.lifetime.histories import purchase_histories
from lvmodels.loyalty.segments.cut_points import Cuts, Ties
from lvmodels.loyalty.segments.matrices import sorted_by_two
from lvmodels.loyalty.segments.record import Classification
from lvmodels.loyalty.segments.roles import Role, read_roles
from lvmodels.survey.any_frame import open_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["loyalty_kind", "purchases_by", "transactional_loyalty"]


def purchases_by(
    transactions: Any,
    at: Any,
    customer: str = "customer",
    date: str = "date",
    everyone: Sequence[Any] | None = None,
    period_days: float = 365.0,
    today: Any = None,
) -> pd.DataFrame:
    """Purchases of each customer up to a date, as `ladder` and `stages` take them.

    Parameters
    ----------
    transactions : data frame
        A row a purchase; any frame that narwhals knows (pandas, Polars, DuckDB, ...). Purchases of a day count as one.
    at : date or str
        The day whose state is wanted; later purchases are left out.
    customer, date : str
        Columns.
    everyone : sequence, optional
        Customers who get a row, purchases or not; by default all in the log, also those who bought only later.
    period_days : float
        Length of a period for the trend, days.
    today : date or str, optional
        No date may be later; the day of the computer by default.

    Returns
    -------
    DataFrame
        Index customer; purchases, recency (days since the last, NaN without any), trend (purchases of the last period
        over those of the period before, or over 1 when there were none then; NaN without any).

    Raises
    ------
    FutureDateError
        When `at` or a purchase lies after today.
    RepeatedCustomerError
        When `everyone` names a customer twice.
    DataError, UnknownVariableError, DataTypeError

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer": ["a", "a", "b"], "date": ["2025-01-01", "2025-03-01", "2025-06-01"]})
    >>> purchases_by(log, "2025-04-01")["purchases"].tolist(), purchases_by(log, "2025-07-01")["purchases"].tolist()
    ([2, 0], [2, 1])
    """
    import pandas as pd

    days = _dated(transactions, customer, date, today)
    end = _day(at, "at", today)
    if not period_days > 0.0:
        raise DataError(f"period_days={period_days!r} must be above 0.")
    names = pd.Index(sorted(set(days["customer"])) if everyone is None else list(everyone), name=customer)
    if names.has_duplicates:
        raise RepeatedCustomerError(f"everyone names {names[names.duplicated()][0]!r} twice; name each customer once.")
    bought = days[days["date"] <= end].drop_duplicates()
    age = (end - bought["date"]).dt.days
    groups = bought.groupby("customer")["date"]
    found = pd.DataFrame({"purchases": groups.size().reindex(names, fill_value=0)}, index=names)
    found["recency"] = age.groupby(bought["customer"]).min().reindex(names)
    recent = bought["customer"][age < period_days].value_counts().reindex(names, fill_value=0)
    before = bought["customer"][(age >= period_days) & (age < 2.0 * period_days)].value_counts()
    found["trend"] = (recent / before.reindex(names).fillna(1.0)).where(found["purchases"] > 0)
    return found


def transactional_loyalty(
    transactions: Any,
    customer: str = "customer",
    date: str = "date",
    amount: str | None = None,
    end: Any = None,
    share: Any = None,
    today: Any = None,
) -> pd.DataFrame:
    """Recency, frequency, spending, share of wallet and length of the relationship, and an index of them.

    Parameters
    ----------
    transactions : data frame
        A row a purchase; any frame that narwhals knows.
    customer, date : str
    amount : str, optional
        Column with money, 0 or above.
    end : date or str, optional
        Last day of observation; that of the last purchase by default.
    share : Series or mapping, optional
        Share of wallet by customer, 0 to 1.
    today : date or str, optional
        No date may be later; the day of the computer by default.

    Returns
    -------
    DataFrame
        Index customer; recency (days since the last purchase), frequency (days with a purchase), lifetime (days since
        the first), with `amount` monetary (money in all), with `share` share, and index: mean of the percentile ranks
        of these (recency reversed; ties share their mean rank), 0 to 1; NaN where a share is missing.

    Raises
    ------
    FutureDateError
        For purchases after today.
    DataError, UnknownVariableError, DataTypeError

    References
    ----------
    Hughes, A. M. (1994). *Strategic database marketing*. Probus (recency, frequency, monetary value).

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer": ["a", "a", "b"], "date": ["2025-01-01", "2025-01-15", "2025-01-08"]})
    >>> transactional_loyalty(log, end="2025-01-29")[["recency", "frequency", "lifetime"]].values.tolist()
    [[14.0, 2.0, 28.0], [21.0, 1.0, 21.0]]
    """
    import pandas as pd

    days = _dated(transactions, customer, date, today)
    last = None if end is None else _day(end, "end", today)
    histories = purchase_histories(transactions, customer, date, amount, last, "day")
    found = pd.DataFrame(index=histories.index)
    found["recency"] = histories["T"] - histories["recency"]
    found["frequency"] = histories["frequency"] + 1
    found["lifetime"] = histories["T"]
    if amount is not None:
        frame = open_frame(transactions)
        assert frame is not None  # `_dated` has opened it before
        money = pd.Series(frame[amount].to_list(), dtype=float)
        kept = days["date"] <= (days["date"].max() if last is None else last)
        found["monetary"] = money[kept].groupby(days["customer"][kept]).sum().reindex(found.index)
    if share is not None:
        found["share"] = pd.Series(dict(share), dtype=float).reindex(found.index)
        if ((found["share"] < 0.0) | (found["share"] > 1.0)).any():
            raise DataError("a share of wallet lies outside 0 to 1; divide percentages by 100.")
    ranks = found.assign(recency=-found["recency"]).rank()
    found["index"] = ((ranks - 0.5) / len(found)).mean(axis=1, skipna=False)
    return found


def loyalty_kind(
    data: Any,
    transactional: Role = "transactional",
    emotional: Role = "emotional",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """Transactional against emotional loyalty: both, one of them, or neither.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer, for example the index of `transactional_loyalty` joined with answers of a survey.
    transactional, emotional : str or sequence of str
    customer, cut, ties, describe
        As in `attitude_behaviour`.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"transactional": [0.9, 0.8, 0.2, 0.1], "emotional": [5, 1, 5, 1]})
    >>> loyalty_kind(answers).labels.tolist()
    ['both', 'transactional', 'emotional', 'neither']
    """
    corners = {(1, 1): "both", (1, -1): "transactional", (-1, 1): "emotional", (-1, -1): "neither"}
    roles = read_roles(data, {"transactional": transactional, "emotional": emotional}, customer)
    return sorted_by_two("loyalty_kind", roles, corners, cut, ties, describe)


def _dated(transactions: Any, customer: str, date: str, today: Any) -> pd.DataFrame:
    """Customer and day of each row of the log, checked; days with several purchases as often as they stand there."""
    import pandas as pd

    purchase_histories(transactions, customer, date)  # says what is wrong with customers and dates
    frame = open_frame(transactions)
    assert frame is not None
    days = pd.to_datetime(pd.Series(frame[date].to_list()), format="ISO8601").dt.normalize()
    limit = _today(today)
    late = np.flatnonzero(days > limit)
    if len(late):
        raise FutureDateError(
            f"row {late[0] + 1} of the transactions is dated {days[late[0]].date()}, after {limit.date()} ({len(late)} "
            "such rows); correct the date, or give today=."
        )
    return pd.DataFrame({"customer": frame[customer].to_list(), "date": days})


def _day(value: Any, name: str, today: Any) -> pd.Timestamp:
    import pandas as pd

    day = pd.to_datetime(value, errors="coerce")
    if pd.isna(day):
        raise DataError(f"{name}={value!r} is no date; write it as '2025-01-31'.")
    if pd.Timestamp(day).normalize() > _today(today):
        raise FutureDateError(f"{name}={value!r} lies after {_today(today).date()}; nobody knows the state then.")
    return pd.Timestamp(day).normalize()


def _today(today: Any) -> pd.Timestamp:
    import pandas as pd

    day = pd.to_datetime(datetime.date.today() if today is None else today, errors="coerce")
    if pd.isna(day):
        raise DataError(f"today={today!r} is no date; write it as '2025-01-31'.")
    return pd.Timestamp(day).normalize()
