"""What a model text says, as records: formulas in blocks, definitions and constraints.

The records are what `lvmodels.model.syntax.parse_model` returns and `lvmodels.model.printer.model_to_text` writes. They
are frozen and hashable; the places in the text they carry take no part in comparison, so two texts that say the same
give equal records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lvmodels.model.expression import Expression

Value = float | str | None
"""A number, a label, or None for `NA`."""

ModifierKind = Literal["value", "start", "equal", "label", "lower", "upper", "efa"]
Relation = Literal["==", "<", ">"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the model text; line and column are counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Modifier:
    """What is said about the parameter of one variable.

    Attributes
    ----------
    kind : str
        "value" for `2*x`, `a*x`, `NA*x` and `c(NA, 2, a)*x`: a number fixes, a label (str) names, None frees.
        The others are named as they are written: "start", "equal", "label", "lower", "upper", "efa".
    values : tuple of (float, str or None)
        One entry holds for all groups; several come from `c(...)`, one a group. In the kinds other than "value" None
        says nothing about its group.
    position : Position
        Where it is written.
    """

    kind: ModifierKind
    values: tuple[Value, ...]
    position: Position = field(default=Position(), compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """One variable with its modifiers.

    Attributes
    ----------
    names : tuple of str
        ("x",) for a variable, ("x", "z") for the interaction `x:z`, () for the intercept `1`.
    modifiers : tuple of Modifier
        In the order written; those of repeated terms (`a*x + start(.5)*x`) are joined.
    position : Position
        Where the variable is written.
    """

    names: tuple[str, ...]
    modifiers: tuple[Modifier, ...] = ()
    position: Position = field(default=Position(), compare=False)


@dataclass(frozen=True, slots=True)
class Formula:
    """One statement of the kind `y1 + y2 ~ a*x + z`.

    Attributes
    ----------
    lhs, rhs : tuple of Term
        The two sides. On the left only the modifier "efa" occurs.
    op : str
        "=~", "<~", "~", "~~", "|" or "~*~". An intercept is op "~" with a right term without names.
    position : Position
        Where the statement begins.
    """

    lhs: tuple[Term, ...]
    op: str
    rhs: tuple[Term, ...]
    position: Position = field(default=Position(), compare=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined parameter, `name := expression`."""

    name: str
    expression: Expression
    position: Position = field(default=Position(), compare=False)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint between parameters: `lhs == rhs`, `lhs < rhs` or `lhs > rhs`."""

    lhs: Expression
    op: Relation
    rhs: Expression
    position: Position = field(default=Position(), compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """The formulas of one group and level; None where the text has no such header.

    `group: 1` followed by `level: 2` gives Block("1", "2", ...); a new `group:` header ends the level.
    """

    group: str | None
    level: str | None
    formulas: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class ModelText:
    """A whole model text, parsed.

    Attributes
    ----------
    blocks : tuple of Block
        In order of first appearance; a group and level that come again are joined.
    definitions, constraints : tuple
        From anywhere in the text, in their order.
    text : str
        The text itself, for messages that point into it.
    """

    blocks: tuple[Block, ...] = ()
    definitions: tuple[Definition, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    text: str = field(default="", compare=False)
