"""The loyalty ladder and the other ways to see loyalty as stages that a customer passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from lvmodels.errors import OptionValueError, nearest
from lvmodels.loyalty.segments.record import Classification
from lvmodels.loyalty.segments.roles import Role
from lvmodels.loyalty.segments.stage_rules import Condition, Stage, staged

__all__ = ["SCHEMES", "ladder", "stages"]

_C = Condition
_NEVER = (_C("purchases", "<", 1),)

SCHEMES: Mapping[str, tuple[Stage, ...]] = MappingProxyType(
    {
        "ladder": (
            Stage("suspect", (*_NEVER, _C("qualified", "missing"))),
            Stage("prospect", (*_NEVER, _C("qualified", ">=", 0.5))),
            Stage("disqualified prospect", (*_NEVER, _C("qualified", "<", 0.5))),
            Stage("first-time", (_C("purchases", "==", 1),)),
            Stage("repeat", (_C("purchases", ">=", 2),)),
            Stage("client", (_C("purchases", ">=", 4), _C("share", ">=", 0.5, optional=True))),
            Stage(
                "advocate", (_C("purchases", ">=", 4), _C("share", ">=", 0.5, optional=True), _C("referrals", ">=", 1))
            ),
        ),
        "life_cycle": (
            Stage("start", _NEVER),
            Stage("exploration", (_C("purchases", ">=", 1),)),
            Stage("formation", (_C("purchases", ">=", 3),)),
            Stage("maintenance", (_C("purchases", ">=", 6),)),
            Stage("decline", (_C("purchases", ">=", 2), _C("trend", "<=", 0.5))),
        ),
        "building": (
            Stage("aware", (_C("aware", ">=", 0.5), *_NEVER)),
            Stage("first purchase", (_C("purchases", ">=", 1),)),
            Stage("evaluation", (_C("purchases", ">=", 1), _C("satisfaction", "known"))),
            Stage("decision", (_C("purchases", ">=", 1), _C("intention", ">=", 0.5))),
            Stage("repeat", (_C("purchases", ">=", 2),)),
        ),
        "acceptance": (
            Stage("cognition", (_C("aware", ">=", 0.5),)),
            Stage("acceptance", (_C("purchases", ">=", 1),)),
            Stage("preference", (_C("purchases", ">=", 1), _C("preference", ">=", 0.5))),
            Stage("loyalty", (_C("purchases", ">=", 2), _C("preference", ">=", 0.5), _C("share", ">=", 0.5))),
        ),
        "eight_levels": (
            Stage("possible", _NEVER),
            Stage("watching", (*_NEVER, _C("visits", ">=", 1))),
            Stage("potential", (*_NEVER, _C("intention", ">=", 0.5))),
            Stage("one-time", (_C("purchases", "==", 1),)),
            Stage("repeat", (_C("purchases", ">=", 2),)),
            Stage("follower", (_C("purchases", ">=", 2), _C("share", ">=", 0.5))),
            Stage("advocate", (_C("purchases", ">=", 2), _C("share", ">=", 0.5), _C("referrals", ">=", 1))),
            Stage("partner", (_C("purchases", ">=", 2), _C("partner", ">=", 0.5))),
        ),
    }
)
"""Stages by scheme, from the lowest up. Yes/no roles are 1 and 0 (or True and False)."""


def ladder(
    data: Any,
    purchases: Role = "purchases",
    *,
    qualified: Role | None = None,
    share: Role | None = None,
    referrals: Role | None = None,
    customer: str | None = None,
    client_from: int = 4,
    client_share: float = 0.5,
    referrals_from: int = 1,
    unknown: Literal["missing", "lower"] = "missing",
    describe: Sequence[str] = (),
) -> Classification:
    """The loyalty ladder in seven stages, from rules on the purchases of each person.

    Suspects have not bought and have not been judged; prospects have been judged able to buy, disqualified prospects
    not; then come first-time and repeat customers. A client buys often and, where the share of wallet is known, mainly
    from us; an advocate is a client who brings others.

    Parameters
    ----------
    data : data frame or Survey
        A row a person. `purchases_by` makes the purchases from a log, at any date.
    purchases : str or sequence of str
        Number of purchases so far, from 0.
    qualified : str, optional
        1 (True) can and may buy, 0 (False) not, missing: not judged. Without it who has not bought is a suspect.
    share : str, optional
        Share of wallet, 0 to 1.
    referrals : str, optional
        How many others the customer brought, or 1 for who recommends. Without it there are no advocates.
    customer, describe
        As in `attitude_behaviour`.
    client_from : int
        Purchases from which a repeat customer is a client, 2 or more.
    client_share : float
        Share of wallet that a client gives us at least.
    referrals_from : int
        Referrals of an advocate at least.
    unknown : {"missing", "lower"}
        Where share or referrals are missing and would decide: no label, or the lower stage.

    Returns
    -------
    Classification
        `transitions` of two of them shows who moved.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError
    NegativeValueError
        For negative counts.

    References
    ----------
    Griffin, J. (1995). *Customer loyalty: how to earn it, how to keep it*. Lexington Books.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame(
    ...     {"purchases": [0, 0, 0, 1, 2, 5, 5], "ok": [None, 1, 0, 1, 1, 1, 1], "brought": [0, 0, 0, 0, 0, 0, 2]}
    ... )
    >>> ladder(people, qualified="ok", referrals="brought").labels.tolist()
    ['suspect', 'prospect', 'disqualified prospect', 'first-time', 'repeat', 'client', 'advocate']
    """
    if client_from < 2 or referrals_from < 1 or not 0.0 <= client_share <= 1.0:
        raise OptionValueError(
            "a client has 2 purchases or more and a share from 0 to 1, an advocate 1 referral or more."
        )
    client = (_C("purchases", ">=", client_from), _C("share", ">=", client_share, optional=True))
    advocate = (*client, _C("referrals", ">=", referrals_from))
    scheme = (*SCHEMES["ladder"][:-2], Stage("client", client), Stage("advocate", advocate))
    roles = {"purchases": purchases, "qualified": qualified, "share": share, "referrals": referrals}
    return staged("ladder", data, scheme, roles, customer, unknown, describe)


def stages(
    data: Any,
    scheme: str | Sequence[Stage],
    roles: Mapping[str, Role],
    *,
    customer: str | None = None,
    unknown: Literal["missing", "lower"] = "missing",
    describe: Sequence[str] = (),
) -> Classification:
    """Stages of a customer relationship, by a scheme that is shipped or your own.

    Parameters
    ----------
    data : data frame or Survey
        A row a person.
    scheme : str or sequence of Stage
        "life_cycle" (start, exploration, formation, maintenance, decline; roles purchases, trend: purchases of the last
        period over those of the one before), "building" (aware, first purchase, evaluation, decision, repeat; roles
        aware, purchases, satisfaction, intention), "acceptance" (cognition, acceptance, preference, loyalty; roles
        aware, purchases, preference, share), "eight_levels" (possible to partner; roles purchases, visits, intention,
        share, referrals, partner) or "ladder". `SCHEMES` shows their rules. Your own: stages from the lowest up.
    roles : dict of str to str
        Role → column. A role without a column is met by nobody.
    customer, describe
        As in `attitude_behaviour`.
    unknown : {"missing", "lower"}
        Where a value is missing that decides: no label, or the lower stage.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, NegativeValueError

    References
    ----------
    Dwyer, F. R., Schurr, P. H. and Oh, S. (1987). Developing buyer-seller relationships. *Journal of Marketing*, 51(2),
    11-27 (life cycle).

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"n": [0, 1, 4, 8, 8], "trend": [None, None, 1.5, 1.0, 0.25]})
    >>> stages(log, "life_cycle", {"purchases": "n", "trend": "trend"}).labels.tolist()
    ['start', 'exploration', 'formation', 'maintenance', 'decline']
    """
    if not isinstance(scheme, str):
        return staged("stages", data, tuple(scheme), roles, customer, unknown, describe)
    if scheme not in SCHEMES:
        hint = nearest(scheme, SCHEMES) or f"Schemes are {', '.join(SCHEMES)}."
        raise OptionValueError(f"scheme={scheme!r} is not known. {hint}")
    return staged(scheme, data, SCHEMES[scheme], roles, customer, unknown, describe)
