"""Products of latent variables as latent variables of their own, measured by products of items.

An older way than latent moderated structural equations, open to every estimator (Kenny and Judd 1984; unconstrained:
Marsh, Wen and Hau 2004). Matched pairs use every item once, the first with the first; all pairs use every product.
Products that share an item share its error, so their residual covariance is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product

from lvmodels.errors import ModelError, NotEstimableError
from lvmodels.model.records import ModelText
from lvmodels.model.variables import Variables, latent_factors

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ProductIndicators:
    """What is added to a model for its products of latent variables.

    Attributes
    ----------
    lines : str
        Of model text: measurement of the products, and residual covariances.
    columns : tuple of str
        The products of items, such as ``s1:c1``.
    """

    lines: str
    columns: tuple[str, ...]


def product_indicators(text: ModelText, variables: Variables, all_pairs: bool) -> ProductIndicators:
    """Measure every product of latent variables in a model by products of items.

    Parameters
    ----------
    text : ModelText
    variables : Variables
        Of this text.
    all_pairs : bool
        Every item of one factor with every item of the other, instead of the first with the first, and so on.

    Raises
    ------
    ModelError
        When matched pairs do not come out even, or a factor has no items.
    NotEstimableError
        For models with blocks.

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> from lvmodels.model.table import model_variables
    >>> text = parse_model("A =~ a1 + a2; B =~ b1 + b2; Y ~ A + B + A:B")
    >>> print(product_indicators(text, model_variables(text), all_pairs=False).lines)
    `A:B` =~ `a1:b1` + `a2:b2`
    """
    if any(block.group is not None or block.level is not None for block in text.blocks):
        raise NotEstimableError(
            "product indicators are not made for models with 'group:' or 'level:' blocks; write the products of items "
            "as columns of the data, or use latent_product='lms' without the blocks."
        )
    pairs = {name: tuple(_pairs(text, name, variables, all_pairs)) for name in variables.products}
    lines = [f"`{name}` =~ " + " + ".join(f"`{a}:{b}`" for a, b in found) for name, found in pairs.items()]
    columns = tuple(dict.fromkeys(pair for found in pairs.values() for pair in found))
    shared = [(one, other) for one, other in combinations(columns, 2) if set(one) & set(other)]
    lines += [f"`{':'.join(one)}` ~~ `{':'.join(other)}`" for one, other in shared]
    return ProductIndicators("\n".join(lines), tuple(map(":".join, columns)))


def _pairs(text: ModelText, name: str, variables: Variables, all_pairs: bool) -> Iterator[Pair]:
    first, second = latent_factors(name, variables.latent)
    left, right = (_items(text, factor, variables) for factor in (first, second))
    if all_pairs:
        yield from combinations_with_replacement(left, 2) if first == second else product(left, right)
        return
    if len(left) != len(right):
        raise ModelError(
            f"'{name}' has {len(left)} and {len(right)} items, which cannot be matched; use "
            "latent_product='product.indicator.all'."
        )
    yield from zip(left, right, strict=True)


def _items(text: ModelText, factor: str, variables: Variables) -> tuple[str, ...]:
    """Observed items of a latent variable; an observed variable stands for itself."""
    if factor not in variables.latent:
        return (factor,)
    found = [
        ":".join(rhs.names)
        for block in text.blocks
        for formula in block.formulas
        for lhs in formula.lhs
        for rhs in formula.rhs
        if formula.op == "=~" and lhs.names == (factor,)
    ]
    items = tuple(name for name in dict.fromkeys(found) if name in variables.observed)
    if not items:
        raise ModelError(f"'{factor}' has no observed items whose products could measure a product of it.")
    return items
