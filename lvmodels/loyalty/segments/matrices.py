"""Customers by two roles, each high or low: loyalty by attitude and behaviour, and its kin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.segments.cut_points import CutPoint, Cuts, Ties, cut_for, cut_point, sides
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, Roles, read_roles

__all__ = ["BETWEEN", "attachment", "attitude_behaviour", "loyalty_value", "satisfaction_loyalty", "sorted_by_two"]

BETWEEN = "between"
"""Label of customers who lie between two cut points, when there are two."""

Corners = Mapping[tuple[int, int], str]


def attitude_behaviour(
    data: Any,
    attitude: Role = "attitude",
    behaviour: Role = "behaviour",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """Loyal, latent, spurious and no loyalty: relative attitude against repeat patronage.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer; any frame that narwhals knows.
    attitude, behaviour : str or sequence of str
        Column of the relative attitude and of the repeat patronage; several columns are averaged.
    customer : str, optional
        Column with the customer, which becomes the index of the labels.
    cut : {"median", "terciles", "optimised"}, number, pair of numbers, or dict of them by role
        Where high begins. "optimised" is the natural break (Fisher 1958). With terciles or a pair the customers between
        get the label "between".
    ties : {"high", "low"}
        Side of a value that lies on a cut point.
    describe : sequence of str
        Further columns for the profile and its tests.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError
    RepeatedCustomerError
        When a customer is in two rows.
    ConstantVariableError
        When a cut point is to be found in a role that does not vary.

    References
    ----------
    Dick, A. S. and Basu, K. (1994). Customer loyalty: toward an integrated conceptual framework. *Journal of the
    Academy of Marketing Science*, 22(2), 99-113.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"attitude": [5, 5, 1, 1], "behaviour": [9, 2, 9, 2]})
    >>> attitude_behaviour(answers).labels.tolist()
    ['loyal', 'latent', 'spurious', 'none']
    """
    corners = {(1, 1): "loyal", (1, -1): "latent", (-1, 1): "spurious", (-1, -1): "none"}
    roles = read_roles(data, {"attitude": attitude, "behaviour": behaviour}, customer)
    return sorted_by_two("attitude_behaviour", roles, corners, cut, ties, describe)


def attachment(
    data: Any,
    preference: Role = "preference",
    differentiation: Role = "differentiation",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """Attachment in four strengths: preference for the brand against how different it seems from others.

    A weak preference for what is seen as different binds more than a strong one for what is seen as exchangeable.

    Parameters
    ----------
    data : data frame or Survey
    preference, differentiation : str or sequence of str
    customer, cut, ties, describe
        As in `attitude_behaviour`.

    Returns
    -------
    Classification
        Labels highest, high (weak, different), low (strong, alike), lowest.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    References
    ----------
    Dick, A. S. and Basu, K. (1994). *Journal of the Academy of Marketing Science*, 22(2), 99-113 (relative attitude).
    Griffin, J. (1995). *Customer loyalty: how to earn it, how to keep it*. Lexington Books.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"preference": [5, 1, 5, 1], "differentiation": [5, 5, 1, 1]})
    >>> attachment(answers).labels.tolist()
    ['highest', 'high', 'low', 'lowest']
    """
    corners = {(1, 1): "highest", (-1, 1): "high", (1, -1): "low", (-1, -1): "lowest"}
    roles = read_roles(data, {"preference": preference, "differentiation": differentiation}, customer)
    return sorted_by_two("attachment", roles, corners, cut, ties, describe)


def satisfaction_loyalty(
    data: Any,
    satisfaction: Role = "satisfaction",
    loyalty: Role = "loyalty",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    apostle: float | None = None,
    terrorist: float | None = None,
    describe: Sequence[str] = (),
) -> Classification:
    """Loyalists and apostles, mercenaries, hostages, defectors and terrorists: satisfaction against loyalty.

    Parameters
    ----------
    data : data frame or Survey
    satisfaction, loyalty : str or sequence of str
    customer, cut, ties, describe
        As in `attitude_behaviour`.
    apostle, terrorist : float, optional
        Satisfaction from which loyalists are apostles, and down to which defectors are terrorists; without a number the
        two are not set apart.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    References
    ----------
    Jones, T. O. and Sasser, W. E. (1995). Why satisfied customers defect. *Harvard Business Review*, 73(6), 88-99.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"satisfaction": [10, 8, 8, 3, 3, 1], "loyalty": [9, 8, 2, 9, 2, 1]})
    >>> satisfaction_loyalty(answers, cut=5, apostle=10, terrorist=1).labels.tolist()
    ['apostle', 'loyalist', 'mercenary', 'hostage', 'defector', 'terrorist']
    """
    corners = {(1, 1): "loyalist", (1, -1): "mercenary", (-1, 1): "hostage", (-1, -1): "defector"}
    roles = read_roles(data, {"satisfaction": satisfaction, "loyalty": loyalty}, customer)
    for name, number in (("apostle", apostle), ("terrorist", terrorist)):
        if number is not None and not np.isfinite(number):
            raise OptionValueError(f"{name}={number!r} is no satisfaction; give a number, or leave it out.")
    level = roles.values["satisfaction"]
    finer: list[tuple[str, str, NDArray[np.bool_], bool]] = []
    if apostle is not None:
        finer.append(("loyalist", "apostle", level >= apostle, True))
    if terrorist is not None:
        finer.append(("defector", "terrorist", level <= terrorist, False))
    return sorted_by_two("satisfaction_loyalty", roles, corners, cut, ties, describe, finer)


def loyalty_value(
    data: Any,
    loyalty: Role = "loyalty",
    value: Role = "value",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """Quadrants of loyalty and value to the firm: A both high, B value only, C loyalty only, D both low.

    Parameters
    ----------
    data : data frame or Survey
    loyalty, value : str or sequence of str
        Value is revenue, profit or lifetime value, in money; a loss is a value, too.
    customer, cut, ties, describe
        As in `attitude_behaviour`.

    Returns
    -------
    Classification
        The profile has the sums of the value, too.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    References
    ----------
    Reinartz, W. and Kumar, V. (2002). The mismanagement of customer loyalty. *Harvard Business Review*, 80(7), 86-94.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"loyalty": [5, 1, 5, 1], "value": [900, 800, 20, 10]})
    >>> loyalty_value(answers).labels.tolist()
    ['A', 'B', 'C', 'D']
    """
    corners = {(1, 1): "A", (-1, 1): "B", (1, -1): "C", (-1, -1): "D"}
    roles = read_roles(data, {"loyalty": loyalty, "value": value}, customer)
    return sorted_by_two("loyalty_value", roles, corners, cut, ties, describe, total="value")


def sorted_by_two(
    system: str,
    roles: Roles,
    corners: Corners,
    cut: Cuts,
    ties: Ties,
    describe: Sequence[str],
    finer: Sequence[tuple[str, str, NDArray[np.bool_], bool]] = (),
    total: str | None = None,
) -> Classification:
    """Label by the sides of the two roles; `finer` splits labels: (label, new label, who, whether it comes before)."""
    first, second = roles.values
    points: list[CutPoint] = []
    side, log = [], list(roles.said_missing())
    for role in (first, second):
        point = cut_point(role, roles.values[role], cut_for(role, cut, (first, second)))
        place, said = sides(roles.values[role], point, ties)
        points.append(point)
        side.append(place)
        log += said
    levels = list(corners.values())
    for label, new, _, before in finer:
        levels.insert(levels.index(label) + (0 if before else 1), new)
    if any(point.low < point.high for point in points):
        levels.append(BETWEEN)
    labels = np.full(len(roles.index), BETWEEN, dtype=object)
    for (x, y), label in corners.items():
        labels[(side[0] == x) & (side[1] == y)] = label
    for label, new, who, _ in finer:
        labels[(labels == label) & who] = new
    codes = np.array([levels.index(label) if label in levels else -1 for label in labels.tolist()], dtype=np.intp)
    codes[roles.missing] = -1
    drawn = [(x, y, label) for (x, y), label in corners.items()]
    return classified(system, "matrix", levels, codes, roles, describe, points, log, drawn, total)
