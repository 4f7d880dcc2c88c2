"""The columns that play a role in a classification, a row a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ConstantVariableError, DataError, NegativeValueError, RepeatedCustomerError
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.survey.columns import Columns, as_survey, columns_of, is_missing, numeric
from lvmodels.survey.matrix import check_known

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Role", "Roles", "read_roles", "refuse_constant", "refuse_negative"]

Vector = NDArray[np.float64]
Role = str | Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """What a classification works on.

    Attributes
    ----------
    index : Index, shape (n,)
        The customers: the column `customer`, else the row labels of a pandas frame, else 0, 1, ...
    values : dict of str to ndarray, shape (n,)
        Role → numbers, missing as NaN.
    columns : Columns
        All columns of the data, for the profile.
    log : tuple of str
        What was done so far.
    """

    index: pd.Index[Any]
    values: dict[str, Vector]
    columns: Columns
    log: tuple[str, ...]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which customers lack a value in some role, shape (n,)."""
        return np.asarray(np.isnan(np.column_stack(list(self.values.values()))).any(axis=1))

    def said_missing(self) -> tuple[str, ...]:
        """The sentence on customers without a label; none when all roles are complete."""
        n = int(self.missing.sum())
        lacking = [f"{role} for {k}" for role, v in self.values.items() if (k := int(np.isnan(v).sum()))]
        return (f"{n} of {len(self.index)} customers have no label: {', '.join(lacking)} missing.",) if n else ()


def read_roles(data: Any, roles: Mapping[str, Role | None], customer: str | None) -> Roles:
    """Open any frame or survey and take the columns of the roles out; several columns of a role are averaged.

    Raises
    ------
    UnknownVariableError, NonNumericError, InfiniteValueError, EmptyDataError
    RepeatedCustomerError
        When a customer stands in two rows.
    """
    survey = as_survey(data)
    columns = columns_of(data if survey is None else survey)
    given = {role: [name] if isinstance(name, str) else list(name) for role, name in roles.items() if name is not None}
    wanted = [name for names in given.values() for name in names] + ([customer] if customer is not None else [])
    check_known(wanted, columns.names, "Name the columns that play the roles.")
    values, log = {}, []
    for role, names in given.items():
        if not names:
            raise DataError(f"{role}=[] names no column; give one, or several to be averaged.")
        table = numeric(columns, names) if survey is None else answers_of(survey, names)[0]  # reverse-keyed turned
        values[role] = table.mean(axis=1)
        if len(names) > 1:
            log.append(f"{role} is the mean of {', '.join(names)}; missing where one of them is.")
    return Roles(_customers(data if survey is None else survey, columns, customer), values, columns, tuple(log))


def refuse_negative(roles: Roles, names: Sequence[str]) -> None:
    """Refuse values below zero in the roles.

    Raises
    ------
    NegativeValueError
    """
    for role in names:
        wrong = np.flatnonzero(roles.values.get(role, np.empty(0)) < 0.0)
        if len(wrong):
            raise NegativeValueError(
                f"{role} is {roles.values[role][wrong[0]]:g} for customer {roles.index[wrong[0]]!r} ({len(wrong)} such "
                "customers); it cannot be negative. Set returned goods against their purchases, or leave them out."
            )


def refuse_constant(role: str, values: Vector) -> None:
    """Refuse a role in which all customers are equal.

    Raises
    ------
    ConstantVariableError, DataError
    """
    known = values[~np.isnan(values)]
    if not len(known):
        raise DataError(f"{role} is missing for every customer; give a column with values.")
    if known.min() == known.max():
        raise ConstantVariableError(
            f"{role} is {known[0]:g} for every customer, so that it cannot tell them apart; give a cut "
            "point, or another column."
        )


def _customers(data: Any, columns: Columns, customer: str | None) -> pd.Index[Any]:
    import pandas as pd

    if customer is None:
        frame = data.answers if as_survey(data) is not None else data
        own = frame.index if isinstance(frame, pd.DataFrame) else pd.RangeIndex(columns.n)
        _refuse_repeated(own)
        return own
    names = columns.array(customer).tolist()
    gone = [row for row, name in enumerate(names, start=1) if is_missing(name)]
    if gone:
        raise DataError(f"row {gone[0]} has no '{customer}' ({len(gone)} such rows); drop it, or name the customer.")
    index = pd.Index(names, name=customer)
    _refuse_repeated(index)
    return index


def _refuse_repeated(index: pd.Index[Any]) -> None:
    twice = index.duplicated()
    if twice.any():
        name = index[int(np.flatnonzero(twice)[0])]
        rows = [str(row + 1) for row in np.flatnonzero(index == name)]
        raise RepeatedCustomerError(
            f"customer {name!r} is in rows {' and '.join(rows[:3])} ({int(twice.sum())} rows too many in all); a "
            "classification takes one row a customer: add the rows up, or keep the latest."
        )
