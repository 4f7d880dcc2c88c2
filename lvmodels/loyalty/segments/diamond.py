"""The loyalty diamond: involvement against how purchases spread over brands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.segments.cut_points import Cuts, Ties, cut_for, cut_point, sides
from lvmodels.loyalty.segments.matrices import BETWEEN
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, read_roles, refuse_negative

__all__ = ["loyalty_diamond"]

_ROLES = ("involvement", "brands", "share")


def loyalty_diamond(
    data: Any,
    involvement: Role = "involvement",
    brands: Role = "brands",
    share: Role = "share",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    decides: Literal["share", "brands"] = "share",
    describe: Sequence[str] = (),
) -> Classification:
    """Loyal, habitual, variety-seeking and switching customers.

    A customer is concentrated who buys few brands and gives ours a large share of wallet. Where the two disagree,
    `decides` says which counts. Concentrated customers are loyal when involved and habitual when not; the others seek
    variety when involved and switch when not.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    involvement : str or sequence of str
        Involvement in, or commitment to, the choice of a brand.
    brands : str or sequence of str
        Number of brands bought in the category, from 0.
    share : str or sequence of str
        Share of wallet of our brand, 0 to 1.
    customer, cut, ties, describe
        As in `attitude_behaviour`. A number of brands on its cut point counts as few with ties="high".
    decides : {"share", "brands"}

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError
    NegativeValueError
        For a number of brands or a share below zero.

    References
    ----------
    Knox, S. (1998). Loyalty-based segmentation and the customer development process. *European Management Journal*,
    16(6), 729-737. Knox, S. and Walker, D. (2001). *Journal of Strategic Marketing*, 9(2), 111-128.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame(
    ...     {"involvement": [5, 1, 5, 1], "brands": [1, 1, 5, 5], "share": [0.9, 0.9, 0.2, 0.2]}
    ... )
    >>> loyalty_diamond(answers, cut={"brands": 2}).labels.tolist()
    ['loyal', 'habitual', 'variety-seeking', 'switcher']
    """
    if decides not in ("share", "brands"):
        raise OptionValueError(f"decides={decides!r} is not possible; it is 'share' or 'brands'.")
    roles = read_roles(data, {"involvement": involvement, "brands": brands, "share": share}, customer)
    refuse_negative(roles, ("brands", "share"))
    over = np.flatnonzero(roles.values["share"] > 1.0)
    if len(over):
        raise OptionValueError(
            f"share is {roles.values['share'][over[0]]:g} for customer {roles.index[over[0]]!r}; a share of wallet "
            "lies between 0 and 1: divide percentages by 100."
        )
    points, side, log = [], {}, list(roles.said_missing())
    for role in _ROLES:
        points.append(cut_point(role, roles.values[role], cut_for(role, cut, _ROLES)))
        # a few brands are what is good, so that a number on the cut point goes down
        way: Ties = ties if role != "brands" else "low" if ties == "high" else "high"
        side[role], said = sides(roles.values[role], points[-1], way)
        log += said
    few = -side["brands"]
    disagree = ~roles.missing & (few != side["share"])
    if disagree.any():
        log.append(f"Brands and share disagree on {int(disagree.sum())} customers, and {decides} decides.")
    focus = side["share"] if decides == "share" else few
    corners = [(1, 1, "loyal"), (-1, 1, "habitual"), (1, -1, "variety-seeking"), (-1, -1, "switcher")]
    levels = [label for _, _, label in corners]
    if any(point.low < point.high for point in points):
        levels.append(BETWEEN)
    codes = np.full(len(roles.index), len(levels) - 1, dtype=np.intp)
    for k, (x, y, _) in enumerate(corners):
        codes[(side["involvement"] == x) & (focus == y)] = k
    codes[roles.missing] = -1
    shown = [(x, y if decides == "share" else -y, label) for x, y, label in corners]
    if decides == "share":  # the figure has involvement across, and what decides upwards
        roles.values["brands"] = roles.values.pop("brands")
    return classified("loyalty_diamond", "matrix", levels, codes, roles, describe, points, log, shown)
