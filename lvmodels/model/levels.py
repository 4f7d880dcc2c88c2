"""The levels of a model text: which blocks describe cases within their clusters, and which the clusters."""

from __future__ import annotations

from functools import lru_cache

from lvmodels.errors import ModelError
from lvmodels.model.records import Block, ModelText
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables, classify

WITHIN, BETWEEN = 1, 2
_KNOWN = {"1": WITHIN, "within": WITHIN, "2": BETWEEN, "between": BETWEEN}


@lru_cache(maxsize=256)
def level_numbers(model: ModelText) -> dict[str, int]:
    """The number of each level by its name; empty for a model without levels.

    "1" and "within" are the cases in their clusters, "2" and "between" the clusters; other names count in the order in
    which they are written.

    Raises
    ------
    ModelError
        When there are not two levels, or formulas that belong to neither.

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> level_numbers(parse_model("level: between; y ~ w; level: within; y ~ x"))
    {'between': 2, 'within': 1}
    """
    names = list(dict.fromkeys(block.level for block in model.blocks if block.level is not None))
    if not names:
        return {}
    if any(block.level is None and block.formulas for block in model.blocks):
        raise ModelError(
            "some formulas stand under no level; write 'level: 1' before those about cases and 'level: 2' before those "
            "about clusters."
        )
    numbers = {name: _KNOWN.get(name.casefold(), 0) for name in names}
    if not all(numbers.values()):
        numbers = {name: k for k, name in enumerate(names, start=1)}
    if sorted(numbers.values()) != [WITHIN, BETWEEN]:
        raise ModelError(
            f"the model names the level{'s' if len(names) > 1 else ''} {', '.join(map(repr, names))}; a two-level "
            "model has a block 'level: 1' (within clusters) and a block 'level: 2' (between clusters)."
        )
    return numbers


def at_level(model: ModelText, level: int) -> tuple[Block, ...]:
    """The blocks of one level; all of them for a model without levels."""
    numbers = level_numbers(model)
    return tuple(block for block in model.blocks if not numbers or numbers[str(block.level)] == level)


@lru_cache(maxsize=256)
def level_roles(model: ModelText) -> tuple[Variables, ...]:
    """The roles that variables play at each level, over all groups; one entry for a model without levels."""
    levels = (WITHIN, BETWEEN) if level_numbers(model) else (WITHIN,)
    return tuple(classify(named_rows(at_level(model, level))) for level in levels)


def named_rows(blocks: tuple[Block, ...]) -> tuple[Row, ...]:
    """The parameters that blocks name, without their modifiers."""
    return tuple(
        Row(":".join(lhs.names), "~1" if formula.op == "~" and not rhs.names else formula.op, ":".join(rhs.names))
        for block in blocks
        for formula in block.formulas
        for lhs in formula.lhs
        for rhs in formula.rhs
    )
