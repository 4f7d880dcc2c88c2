"""From records back to model text; parsing that text gives the same records."""

from __future__ import annotations

from lvmodels.model.expression_tree import to_text
from lvmodels.model.names import shown_name, shown_number
from lvmodels.model.records import Block, Formula, ModelText, Modifier, Term, Value


def model_to_text(model: ModelText) -> str:
    """The model as text: blocks, definitions, constraints, one statement a line.

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> print(model_to_text(parse_model("y~a*x+start(.5)*x; indirect:=a*(b+1)")))
    y ~ a*start(0.5)*x
    indirect := a*(b + 1)
    """
    lines = [line for block in model.blocks for line in _block_lines(block)]
    lines += [f"{shown_name(d.name)} := {to_text(d.expression)}" for d in model.definitions]
    lines += [f"{to_text(c.lhs)} {c.op} {to_text(c.rhs)}" for c in model.constraints]
    return "\n".join(lines)


def _block_lines(block: Block) -> list[str]:
    headers = [
        f"{kind}: {name if name.isascii() and name.isdigit() else shown_name(name)}"
        for kind, name in (("group", block.group), ("level", block.level))
        if name is not None
    ]
    return headers + [formula_to_text(formula) for formula in block.formulas]


def formula_to_text(formula: Formula) -> str:
    """One formula as text.

    Examples
    --------
    >>> formula_to_text(Formula((Term(("y",)),), "~", (Term((), (Modifier("value", (None,)),)), Term(("x", "z")))))
    'y ~ NA*1 + x:z'
    """
    left, right = (" + ".join(map(_term, side)) for side in (formula.lhs, formula.rhs))
    return f"{left} {formula.op} {right}"


def _term(term: Term) -> str:
    """A term; parts of an interaction that read like block headers get backticks."""
    if len(term.names) > 1:
        variable = ":".join(f"`{n}`" if n.casefold() in ("group", "level") else shown_name(n) for n in term.names)
    else:
        variable = shown_name(term.names[0]) if term.names else "1"
    return "*".join([*map(_modifier, term.modifiers), variable])


def _modifier(modifier: Modifier) -> str:
    values = ", ".join(_value(value, modifier.kind) for value in modifier.values)
    if modifier.kind != "value":
        return f"{modifier.kind}({values})"
    return values if len(modifier.values) == 1 else f"c({values})"


def _value(value: Value, kind: str) -> str:
    if value is None:
        return "NA"
    if isinstance(value, str):
        return _quoted(value) if kind in ("label", "equal", "efa") else _label(value)
    return shown_number(value)


def _label(label: str) -> str:
    shown = shown_name(label)
    return shown if shown == label or "`" not in label else _quoted(label)


def _quoted(text: str) -> str:
    mark = next((mark for mark in "\"'" if mark not in text), "`")
    return f"{mark}{text}{mark}"
