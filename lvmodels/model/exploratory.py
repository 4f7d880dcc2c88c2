"""Exploratory blocks, `efa("block")*f1 + efa("block")*f2 =~ ...`: all items load on all factors of the block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from lvmodels.errors import ModelError
from lvmodels.model.records import ModelText
from lvmodels.model.row import Row

Blocks = tuple[tuple[str, ...], ...]


def exploratory_blocks(model: ModelText) -> Blocks:
    """The factors of each block, in the order in which they are written.

    Raises
    ------
    ModelError
        When a factor is in two blocks.

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> exploratory_blocks(parse_model('efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3'))
    (('f1', 'f2'),)
    """
    found: dict[str, list[str]] = {}
    for formula in (formula for block in model.blocks for formula in block.formulas):
        for term in formula.lhs:
            for modifier in term.modifiers:
                if modifier.kind == "efa":
                    own = found.setdefault(str(modifier.values[0]), [])
                    name = ":".join(term.names)
                    if any(name in factors for factors in found.values() if factors is not own):
                        raise ModelError(
                            f"line {formula.position.line}: '{name}' stands in two efa() blocks; keep it in one."
                        )
                    own += [name] if name not in own else []
    return tuple(tuple(factors) for factors in found.values())


def with_block_rows(rows: Iterable[Row], blocks: Blocks, orthogonal: bool, group: int) -> list[Row]:
    """Free loadings, variances of 1, and correlations within blocks, beside the written rows of one group.

    Raises
    ------
    ModelError
        When a factor of a block lacks an item of the others, or has a loading with a modifier.
    """
    rows = list(rows)
    present = {row.key for row in rows} | {(row.rhs, row.op, row.lhs) for row in rows if row.op == "~~"}
    for factors in blocks:
        items = [{row.rhs for row in rows if row.op == "=~" and row.lhs == factor} for factor in factors]
        lacking = [factor for factor, own in zip(factors, items, strict=True) if own != set.union(*items)]
        if lacking:
            raise ModelError(
                f"'{lacking[0]}' lacks items of its efa() block; in a block every item loads on every factor, as in "
                '\'efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4\'.'
            )
        for i, row in enumerate(rows):
            if row.op == "=~" and row.lhs in factors:
                if not row.plain:
                    raise ModelError(
                        f"'{row}' has a modifier, but loadings of an efa() block are found by rotation; take it away, "
                        "or write the factor without efa()."
                    )
                rows[i] = replace(row, starred=True)
        for a in factors:
            if (a, "~~", a) in present:
                raise ModelError(f"'{a} ~~ {a}' is written, but factors of efa() blocks have variance 1; take it away.")
            rows.append(Row(a, "~~", a, group, free=False, value=1.0))
        for a, b in combinations(factors, 2):
            if (a, "~~", b) in present:
                raise ModelError(
                    f"'{a} ~~ {b}' is written, but correlations in efa() blocks follow from the rotation; take it away."
                )
            rows.append(Row(a, "~~", b, group, free=not orthogonal, value=0.0 if orthogonal else None))
    return rows
