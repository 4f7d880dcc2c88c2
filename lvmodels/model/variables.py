"""Which part each variable plays in a model: latent or observed, indicator, outcome, covariate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol


class Written(Protocol):
    """A parameter as far as its role counts: left side, operator, right side."""

    @property
    def lhs(self) -> str:
        """Left side."""

    @property
    def op(self) -> str:
        """Operator."""

    @property
    def rhs(self) -> str:
        """Right side."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of a model by the part they play, each tuple in order of first mention.

    Attributes
    ----------
    latent : tuple of str
        Left sides of ``=~`` and ``<~``.
    composite : tuple of str
        Left sides of ``<~``.
    observed : tuple of str
        All others; covariates last.
    covariates : tuple of str
        Observed variables that only predict (and carry no written moments of their own).
    latent_exogenous : tuple of str
        Latent variables that nothing points to.
    last_endogenous : tuple of str
        Variables that are predicted and predict nothing; their residuals correlate by default.
    auxiliary : tuple of str
        Observed variables that are no part of the model; they stand before the covariates.
    products : tuple of str
        Right sides such as ``SAT:SWC`` with a latent factor: no variables, but terms of an equation.
    """

    latent: tuple[str, ...]
    composite: tuple[str, ...]
    observed: tuple[str, ...]
    covariates: tuple[str, ...]
    latent_exogenous: tuple[str, ...]
    last_endogenous: tuple[str, ...]
    auxiliary: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


def classify(rows: Iterable[Written]) -> Variables:
    """Sort the variables of the written parameters by role.

    Parameters
    ----------
    rows : iterable with attributes ``lhs``, ``op``, ``rhs``
        The parameters written in the model text (of one group).

    Returns
    -------
    Variables
    """
    rows = tuple(rows)

    def sides(side: Callable[[Written], str], *ops: str) -> tuple[str, ...]:
        return _unique(side(r) for r in rows if r.op in ops)

    latent = sides(_lhs, "=~", "<~")
    indicators = sides(_rhs, "=~")
    outcomes, terms = sides(_lhs, "~"), sides(_rhs, "~", "<~")
    products = tuple(term for term in terms if latent_factors(term, latent))
    predictors = _unique(name for term in terms for name in latent_factors(term, latent) or (term,))
    with_moments = {name for r in rows if r.op in ("~~", "~1") for name in (r.lhs, r.rhs)}
    mentioned = _unique(
        [i for i in indicators if i not in latent]
        + [y for y in outcomes if y not in latent]
        + [n for r in rows for n in _named(r, latent) if n and n not in latent and r.op != "|"]
        + [r.lhs for r in rows if r.op == "|"]
    )
    covariates = tuple(
        x for x in predictors if x not in latent and x not in indicators and x not in outcomes and x not in with_moments
    )
    return Variables(
        latent=latent,
        composite=sides(_lhs, "<~"),
        observed=tuple(n for n in mentioned if n not in covariates) + covariates,
        covariates=covariates,
        latent_exogenous=tuple(f for f in latent if f not in indicators and f not in outcomes),
        last_endogenous=_last_endogenous(latent, indicators, outcomes, predictors),
        products=products,
    )


def latent_factors(term: str, latent: Collection[str]) -> tuple[str, ...]:
    """The factors of a product some of which are latent; empty for a variable, and for a product of observed ones.

    Examples
    --------
    >>> latent_factors("SAT:age", ("SAT",)), latent_factors("age:income", ("SAT",))
    (('SAT', 'age'), ())
    """
    factors = tuple(term.split(":"))
    return factors if len(factors) > 1 and term not in latent and not set(factors).isdisjoint(latent) else ()


def _named(row: Written, latent: tuple[str, ...]) -> tuple[str, ...]:
    return (row.lhs, *(latent_factors(row.rhs, latent) or (row.rhs,)))


def _last_endogenous(
    latent: tuple[str, ...], indicators: tuple[str, ...], outcomes: tuple[str, ...], predictors: tuple[str, ...]
) -> tuple[str, ...]:
    """Outcomes that predict nothing and are no indicators: latent ones first."""
    last = [y for y in outcomes if y not in indicators and y not in predictors]
    return tuple([y for y in latent if y in last] + [y for y in last if y not in latent])


def _lhs(row: Written) -> str:
    return row.lhs


def _rhs(row: Written) -> str:
    return row.rhs


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
