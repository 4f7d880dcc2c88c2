"""Where loyalty comes from: monopoly, inertia, kinship, incentive, or value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.segments.cut_points import Cuts, Ties, cut_for, cut_point, sides
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, Roles, read_roles, refuse_constant

__all__ = ["loyalty_origin"]

_REASONS = ("monopoly", "inertia", "kinship", "incentive")


def loyalty_origin(
    data: Any,
    attitude: Role = "attitude",
    behaviour: Role = "behaviour",
    *,
    monopoly: Role | None = None,
    inertia: Role | None = None,
    kinship: Role | None = None,
    incentive: Role | None = None,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    scale: Literal["standard", "raw"] = "standard",
    describe: Sequence[str] = (),
) -> Classification:
    """Value (true), latent, monopoly, inertia, kinship and incentive loyalty.

    Who buys again with a favourable attitude is loyal for the value; a favourable attitude alone is latent loyalty; who
    buys again without one has another reason: the one with the highest score. Nobody else is loyal.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    attitude, behaviour : str or sequence of str
        Attitude to the brand, and repeat patronage.
    monopoly, inertia, kinship, incentive : str or sequence of str, optional
        Agreement that there is no alternative; that changing is too much trouble; that one buys from relatives and
        friends; that a price or benefit is the reason. At least one.
    customer, cut, ties, describe
        As in `attitude_behaviour`; `cut` is for attitude and behaviour.
    scale : {"standard", "raw"}
        Reasons are compared in standard scores over all customers, or as they are (when all have one scale).

    Returns
    -------
    Classification
        Besides: "mixed" when two reasons are equally high, "none".

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    References
    ----------
    Gremler, D. D. and Brown, S. W. (1996). Service loyalty: its nature, importance, and implications. In *Advancing
    service quality* (pp. 171-180). Dick, A. S. and Basu, K. (1994). *Journal of the Academy of Marketing Science*,
    22(2), 99-113.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame(
    ...     {"attitude": [5, 5, 1, 1], "behaviour": [9, 1, 9, 9], "only": [1, 1, 5, 1], "lazy": [1, 1, 1, 5]}
    ... )
    >>> loyalty_origin(answers, cut=3, monopoly="only", inertia="lazy").labels.tolist()
    ['value', 'latent', 'monopoly', 'inertia']
    """
    given = {"monopoly": monopoly, "inertia": inertia, "kinship": kinship, "incentive": incentive}
    reasons = [name for name in _REASONS if given[name] is not None]
    if not reasons or scale not in ("standard", "raw"):
        raise OptionValueError(
            f"name a column for at least one of {', '.join(_REASONS)}, and scale='standard' or 'raw' (now {scale!r})."
        )
    roles = read_roles(data, {"attitude": attitude, "behaviour": behaviour, **given}, customer)
    points, side, log = [], [], list(roles.said_missing())
    for role in ("attitude", "behaviour"):
        point = cut_point(role, roles.values[role], cut_for(role, cut, ("attitude", "behaviour")))
        codes, said = sides(roles.values[role], point, ties)
        points.append(point)
        side.append(codes == 1.0)
        log += said
    levels = ["value", *reasons, "mixed", "latent", "none"]
    reason, tied = _highest(roles, reasons, scale)
    bound = ~side[0] & side[1]
    place = np.where(tied, levels.index("mixed"), 1 + reason)
    labels = np.where(bound, place, np.where(side[0], np.where(side[1], 0, levels.index("latent")), len(levels) - 1))
    labels[roles.missing] = -1
    if any(point.low < point.high for point in points):
        log.append("Customers between two cut points count as low.")
    among = int((labels == levels.index("mixed")).sum())
    if among:
        log.append(f"{among} customers have two reasons that are equally high: mixed.")
    log.append(f"Reasons are compared as {'standard scores' if scale == 'standard' else 'they are'}.")
    return classified("loyalty_origin", "stages", levels, labels.astype(np.intp), roles, describe, points, log)


def _highest(roles: Roles, reasons: Sequence[str], scale: str) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Place of the highest reason of each customer, and whether another is as high."""
    table = np.column_stack([roles.values[name] for name in reasons])
    if scale == "standard":
        for k, name in enumerate(reasons):
            refuse_constant(name, table[:, k])
            known = np.sort(table[~np.isnan(table[:, k]), k])  # sorted: sums do not depend on the order of rows
            table[:, k] = (table[:, k] - known.mean()) / known.std()
    filled = np.where(np.isnan(table), -np.inf, table)
    best = filled.max(axis=1)
    close = filled >= best[:, None] - 1e-9
    return np.argmax(filled, axis=1), close.sum(axis=1) > 1
