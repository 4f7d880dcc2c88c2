"""From a log of purchases to what purchase models need of each customer, in data frames of any library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, DataTypeError, UnknownVariableError, nearest
from lvmodels.survey.any_frame import open_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Histories", "histories_of", "purchase_histories"]

_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12.0, "year": 365.25}


def purchase_histories(
    transactions: Any,
    customer: str = "customer",
    date: str = "date",
    amount: str | None = None,
    end: Any = None,
    unit: str = "week",
) -> pd.DataFrame:
    """Frequency, recency, age and mean spending of every customer, from a log of purchases.

    Parameters
    ----------
    transactions : data frame
        A row a purchase; any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB, ...), lazy ones included.
        Purchases of a customer on one day count as one.
    customer, date : str
        Columns with the customer and the day (dates, or text such as "1997-01-31").
    amount : str, optional
        Column with the money spent.
    end : date or str, optional
        Last day of observation; that of the last purchase by default. Later purchases are left out.
    unit : {"day", "week", "month", "year"}
        Unit of time of the result.

    Returns
    -------
    DataFrame
        Index customer; columns frequency (repeat purchases), recency (time from the first to the last purchase), T
        (time from the first purchase to the end), and with `amount` monetary (mean spending of the repeat purchases;
        NaN without any).

    Raises
    ------
    DataError
        For rows without customer or date, dates that are none, negative amounts.
    UnknownVariableError, DataTypeError

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer": ["a", "a", "b"], "date": ["2025-01-01", "2025-01-15", "2025-01-08"]})
    >>> purchase_histories(log, end="2025-01-29")
              frequency  recency    T
    customer
    a                 1      2.0  4.0
    b                 0      0.0  3.0
    """
    import pandas as pd

    if unit not in _DAYS:
        raise DataError(
            f"unit={unit!r} is not known. {nearest(unit, list(_DAYS)) or 'It is day, week, month or year.'}"
        )
    days = _by_day(transactions, customer, date, amount)
    last = days["date"].max() if end is None else _day(end)
    kept = days[days["date"] <= last]
    if kept.empty:
        raise DataError(f"no purchase lies before {last.date()}; choose a later end.")
    groups = kept.groupby("customer", sort=True)
    first, latest = groups["date"].min(), groups["date"].max()
    found = pd.DataFrame({"frequency": groups.size() - 1})
    found["recency"] = (latest - first).dt.days / _DAYS[unit]
    found["T"] = (last - first).dt.days / _DAYS[unit]
    if amount is not None:
        repeats = kept[kept["date"] > kept["customer"].map(first)]
        found["monetary"] = repeats.groupby("customer")["amount"].mean().reindex(found.index)
    found.index.name = customer
    return found


def _by_day(transactions: Any, customer: str, date: str, amount: str | None) -> pd.DataFrame:
    """One row a customer and day, columns customer, date and amount."""
    import pandas as pd

    frame = open_frame(transactions)
    if frame is None:
        raise DataTypeError(f"transactions are a data frame, not a {type(transactions).__name__}; pass one.")
    for role, name in (("customer", customer), ("date", date), ("amount", amount)):
        if name is not None and name not in frame.columns:
            hint = nearest(name, frame.columns) or f"Columns are: {', '.join(frame.columns[:12])}."
            raise UnknownVariableError(f"the transactions have no column '{name}' ({role}=). {hint}")
    plain = pd.DataFrame({"customer": frame[customer].to_list(), "date": frame[date].to_list()})
    plain["amount"] = 0.0 if amount is None else frame[amount].to_list()
    return _checked(plain, customer, date, amount)


def _checked(plain: pd.DataFrame, customer: str, date: str, amount: str | None) -> pd.DataFrame:
    import pandas as pd

    for column, name in (("customer", customer), ("date", date), ("amount", amount)):
        gone = np.flatnonzero(plain[column].isna())
        if len(gone):
            raise DataError(
                f"row {gone[0] + 1} of the transactions has no {name or column} ({len(gone)} in all); drop it."
            )
    days = pd.to_datetime(plain["date"], errors="coerce", format="ISO8601")
    wrong = np.flatnonzero(days.isna())
    if len(wrong):
        raise DataError(
            f"row {wrong[0] + 1} of the transactions has '{plain['date'].iloc[wrong[0]]}' in '{date}', which is no "
            "date; write dates as 2025-01-31."
        )
    money = pd.to_numeric(plain["amount"], errors="coerce")
    bad = np.flatnonzero(money.isna() | (money < 0.0))
    if len(bad):
        raise DataError(
            f"row {bad[0] + 1} of the transactions has the amount '{plain['amount'].iloc[bad[0]]}' in '{amount}'; "
            "amounts are numbers, 0 or above. Take returned goods out, or set them against their purchase."
        )
    table = pd.DataFrame({"customer": plain["customer"], "date": days.dt.normalize(), "amount": money})
    return table.groupby(["customer", "date"], as_index=False)["amount"].sum()


def _day(value: Any) -> pd.Timestamp:
    import pandas as pd

    day = pd.to_datetime(value, errors="coerce")
    if pd.isna(day):
        raise DataError(f"end={value!r} is no date; write it as '2025-01-31'.")
    return pd.Timestamp(day).normalize()


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Purchase histories as arrays, shape (n,) each: x repeat purchases, t_x recency, T age; equal ones joined.

    Attributes
    ----------
    x, t_x, T : ndarray, shape (m,)
        Different histories.
    weight : ndarray, shape (m,)
        How many customers have each.
    """

    x: NDArray[np.float64]
    t_x: NDArray[np.float64]
    T: NDArray[np.float64]
    weight: NDArray[np.float64]


def histories_of(frame: Any, frequency: str = "frequency", recency: str = "recency", age: str = "T") -> Histories:
    """Check the histories in a data frame, and join equal ones.

    Raises
    ------
    UnknownVariableError, NonNumericError, DataError
    """
    from lvmodels.survey.columns import columns_of, numeric
    from lvmodels.survey.matrix import check_known

    columns = columns_of(frame)
    check_known([frequency, recency, age], columns.names, "They come from purchase_histories().")
    x, t_x, T = numeric(columns, [frequency, recency, age]).T
    problems = (
        (~np.isfinite(x + t_x + T), "has a missing value"),
        (
            (x < 0) | (x != np.floor(x)),
            f"has a number of repeat purchases ('{frequency}') that is no whole number from 0",
        ),
        ((t_x < 0) | (t_x > T), f"has a last purchase ('{recency}') outside its time of observation, 0 to '{age}'"),
        ((x > 0) & (t_x == 0), "has repeat purchases, and all at time 0; count purchases of one day once"),
        ((x == 0) & (t_x > 0), "has a last purchase after the first, and no repeat purchase"),
        (T <= 0, f"was not observed for any time ('{age}' is 0); end the observation later, or leave the customer out"),
    )
    for wrong, sentence in problems:
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0]) + 1
            raise DataError(f"the customer in row {row} {sentence} ({int(wrong.sum())} such customers).")
    different, weight = np.unique(np.column_stack([x, t_x, T]), axis=0, return_counts=True)
    return Histories(different[:, 0], different[:, 1], different[:, 2], weight.astype(float))
