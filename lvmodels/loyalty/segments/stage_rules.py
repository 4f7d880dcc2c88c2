"""Stages by rules: a customer is on the highest stage of a scheme whose conditions hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, Roles, read_roles, refuse_negative

__all__ = ["Condition", "Stage", "staged"]

Test = Literal[">=", "<=", "<", "==", "missing", "known"]
_TESTS = {">=": np.greater_equal, "<=": np.less_equal, "<": np.less, "==": np.equal}
_COUNTS = ("purchases", "referrals")


@dataclass(frozen=True, slots=True)
class Condition:
    """A role compared with a number: `Condition("purchases", ">=", 2)`, or `Condition("qualified", "missing")`.

    A condition marked `optional` is left out where nobody named a column for its role.
    """

    role: str
    test: Test
    number: float = 0.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and the conditions that all must hold; none: whoever is in no higher stage."""

    name: str
    conditions: tuple[Condition, ...] = ()


def staged(
    system: str,
    data: Any,
    scheme: Sequence[Stage],
    roles: Mapping[str, Role | None],
    customer: str | None,
    unknown: Literal["missing", "lower"],
    describe: Sequence[str],
) -> Classification:
    """Put every customer on a stage.

    Parameters
    ----------
    scheme : sequence of Stage
        From the lowest to the highest.
    unknown : {"missing", "lower"}
        What happens where a value is missing that a condition needs: no label, or the condition counts as not met.

    Raises
    ------
    OptionValueError
        For schemes with a stage twice, unknown tests, or roles that no column plays.
    NegativeValueError, DataError
        For counts that are negative or no whole numbers.
    """
    _check(scheme, roles, unknown)
    found = read_roles(data, roles, customer)
    refuse_negative(found, _COUNTS)
    _refuse_fractions(found)
    n = len(found.index)
    # where a stage asks whether a value is there, its absence is an answer, and leaves nothing open elsewhere
    telling = {c.role for stage in scheme for c in stage.conditions if c.test in ("missing", "known")}
    codes = np.full(n, -1, dtype=np.intp)
    open_, undecided, lowered = np.ones(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for k in range(len(scheme) - 1, -1, -1):
        holds, possible = _state(scheme[k], found, n, telling)
        if unknown == "lower":
            lowered |= open_ & possible
            possible = np.zeros(n, dtype=bool)
        codes[open_ & holds] = k
        undecided |= open_ & possible
        open_ &= ~holds & ~possible
    log = []
    if lowered.any():
        log.append(
            f"{int(lowered.sum())} customers lack a value for a higher stage; unknown='lower' takes it as not met."
        )
    if undecided.any():
        log.append(
            f"{int(undecided.sum())} of {n} customers have no label: a value is missing that decides their stage."
        )
    nowhere = int((codes < 0).sum() - undecided.sum())
    if nowhere:
        log.append(f"{nowhere} of {n} customers have no label: they meet the conditions of no stage.")
    names = [stage.name for stage in scheme]
    return classified(system, "stages", names, codes, found, describe, log=log)


def _state(stage: Stage, roles: Roles, n: int, telling: set[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who meets all conditions, and who may meet them if a missing value were known."""
    holds, fails = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    for condition in stage.conditions:
        if condition.role not in roles.values:
            if condition.optional:
                continue
            met = np.full(n, condition.test == "missing")  # nobody has it
            holds &= met
            fails |= ~met
            continue
        values = roles.values[condition.role]
        gone = np.isnan(values)
        if condition.test in ("missing", "known"):
            met = gone if condition.test == "missing" else ~gone
            holds &= met
            fails |= ~met
        else:
            met = _TESTS[condition.test](values, condition.number) & ~gone
            holds &= met
            fails |= ~met & (~gone | (condition.role in telling))
    return holds, ~holds & ~fails


def _refuse_fractions(roles: Roles) -> None:
    for role in _COUNTS:
        values = roles.values.get(role, np.empty(0))
        wrong = np.flatnonzero(values != np.floor(values))
        wrong = wrong[~np.isnan(values[wrong])]
        if len(wrong):
            raise DataError(
                f"{role} is {values[wrong[0]]:g} for customer {roles.index[wrong[0]]!r}; it must be a whole number."
            )


def _check(scheme: Sequence[Stage], roles: Mapping[str, Role | None], unknown: str) -> None:
    names = [stage.name for stage in scheme]
    if not names or len(set(names)) < len(names):
        raise OptionValueError(f"the stages {names} must have different names; give one or more.")
    if unknown not in ("missing", "lower"):
        raise OptionValueError(f"unknown={unknown!r} is not possible; it is 'missing' or 'lower'.")
    used = {condition.role for stage in scheme for condition in stage.conditions}
    for name in roles:
        if name not in used:
            raise OptionValueError(f"no stage asks for the role {name!r}; the roles are {', '.join(sorted(used))}.")
    if not any(roles.get(name) is not None for name in used) and used:
        raise OptionValueError(f"no role has a column; name at least one of {', '.join(sorted(used))}.")
    tests = {condition.test for stage in scheme for condition in stage.conditions} - {*_TESTS, "missing", "known"}
    if tests:
        raise OptionValueError(f"a condition compares with {sorted(tests)[0]!r}; use >=, <=, <, ==, missing or known.")
