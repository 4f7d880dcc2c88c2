"""Products of latent variables: where they may stand, and which variables make their equations linear once given.

With some latent variables c given, a product with one of them is a path from the other factor whose coefficient grows
with c, and the whole model is linear (Klein and Moosbrugger 2000). The fewest such variables are chosen; each must be
normal itself, so that it lies behind no product.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from lvmodels.errors import ModelError, NotEstimableError
from lvmodels.model.records import Formula, ModelText, Term
from lvmodels.model.variables import Variables, latent_factors

Arrow = tuple[int, int]
MOST_GIVEN = 2
_OTHERWISE = "Form the product from indicators instead: latent_product='product.indicator'."


def check_products(model: ModelText, variables: Variables) -> None:
    """Refuse products of latent variables anywhere but on the right of ``~``, and such as cannot be estimated.

    Raises
    ------
    ModelError
        With the line and the column.
    """
    for block in model.blocks:
        written: set[tuple[str, tuple[str, ...]]] = set()
        for formula in block.formulas:
            for lhs in formula.lhs:
                for rhs in formula.rhs:
                    _check_term(formula, lhs, rhs, variables)
                    if formula.op == "~" and (factors := latent_factors(":".join(rhs.names), variables.latent)):
                        key = (":".join(lhs.names), tuple(sorted(factors)))
                        if key in written:
                            raise ModelError(f"{_where(rhs)}the product '{':'.join(factors)}' predicts '{key[0]}' "
                                             "twice; write it once.")  # fmt: skip
                        written.add(key)


def _check_term(formula: Formula, lhs: Term, rhs: Term, variables: Variables) -> None:
    for term, right in ((lhs, False), (rhs, True)):
        name = ":".join(term.names)
        factors = latent_factors(name, variables.latent)
        if not factors:
            continue
        if formula.op != "~" or not right:
            raise ModelError(
                f"{_where(term)}'{name}' is a product of latent variables, which can only predict; write it on the "
                f"right of ~, such as 'outcome ~ {' + '.join(dict.fromkeys(factors))} + {name}'."
            )
        composite = [f for f in factors if f in variables.composite]
        if composite:
            raise NotEstimableError(
                f"{_where(term)}'{composite[0]}' is a composite, which the answers determine without error; products "
                "need latent variables measured by =~, or observed columns."
            )


def _where(term: Term) -> str:
    return f"line {term.position.line}, column {term.position.column}: "


def choose_given(
    products: Sequence[tuple[int, int, int]], arrows: Iterable[Arrow], first_latent: int, names: Sequence[str]
) -> tuple[int, ...]:
    """The fewest latent variables of which every product has one as a factor, none of them behind a product.

    Parameters
    ----------
    products : sequence of (int, int, int)
        Outcome and factors of each product, as positions among `names`.
    arrows : iterable of (int, int)
        Head and tail of every other path.
    first_latent : int
        Variables from here on are latent.
    names : sequence of str

    Raises
    ------
    ModelError
        When a product lies on a loop.
    NotEstimableError
        When there is no such choice, or it is too large.

    Examples
    --------
    >>> choose_given([(2, 0, 1), (2, 0, 0)], [(2, 0), (2, 1)], 0, ("SAT", "SWC", "LOY"))
    (0,)
    """
    heads: dict[int, set[int]] = {}
    for head, tail in [*arrows, *((a, f) for a, *factors in products for f in factors)]:
        heads.setdefault(tail, set()).add(head)
    behind: set[int] = set()
    for outcome, *factors in products:
        reached = _reached(outcome, heads)
        behind |= reached
        if reached & set(factors):
            text = ":".join(names[f] for f in factors)
            raise ModelError(
                f"'{names[outcome]} ~ {text}' lies on a loop: '{names[outcome]}' also leads to a factor of the "
                "product. Remove one of the paths of the loop."
            )
    candidates = [
        f for f in dict.fromkeys(f for _, *fs in products for f in fs) if f >= first_latent and f not in behind
    ]
    for size in range(1, MOST_GIVEN + 1):
        for chosen in combinations(candidates, size):
            if all(set(chosen) & set(factors) for _, *factors in products):
                return tuple(sorted(chosen))
    texts = ", ".join(f"{names[a]} ~ {':'.join(names[f] for f in fs)}" for a, *fs in products)
    if len(candidates) > MOST_GIVEN:
        raise NotEstimableError(
            f"the products ({texts}) need an integral over more than {MOST_GIVEN} latent variables. {_OTHERWISE}"
        )
    raise NotEstimableError(
        f"the products ({texts}) are of variables that products themselves explain, which are not normal. {_OTHERWISE}"
    )


def _reached(start: int, heads: dict[int, set[int]]) -> set[int]:
    """Everything that a variable leads to, itself included."""
    found, pending = {start}, [start]
    while pending:
        new = heads.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found
