"""What a model text says to partial least squares: blocks, paths, products of constructs, and what has no use."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator
from dataclasses import dataclass

from lvmodels.composites.options import EVERY, Mode, PlsSettings
from lvmodels.errors import ModelError, NonRecursiveError, NotEstimableError, RepeatedItemError, nearest
from lvmodels.model.records import Definition, Formula, ModelText, Term

Product = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A construct and what measures it.

    Attributes
    ----------
    name : str
    items : tuple of str
        Columns of the data, or for a construct of higher order the names of constructs.
    mode : {"A", "B", "unit"}
    reflective : bool
        Written with ``=~`` and estimated in mode A: what a correction for attenuation is for.
    """

    name: str
    items: tuple[str, ...]
    mode: Mode
    reflective: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """A model text, sorted.

    Attributes
    ----------
    blocks : tuple of Block
        Constructs measured by items, in the order of the text; single observed variables on paths are blocks, too.
    higher : tuple of Block
        Constructs measured by constructs.
    products : tuple of (str, str)
        Products of constructs, ``x:z``, and squares, ``x:x``.
    paths : tuple of (str, str)
        From, to; a product is named ``x:z``.
    labels : tuple of (str, (str, str, str))
        Label, and the row (lhs, op, rhs) that it names.
    definitions : tuple of Definition
    ignored : tuple of str
        Formulas without a counterpart, as text.
    """

    blocks: tuple[Block, ...]
    higher: tuple[Block, ...]
    products: tuple[Product, ...]
    paths: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, tuple[str, str, str]], ...]
    definitions: tuple[Definition, ...]
    ignored: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Columns of the data, each once."""
        return tuple(dict.fromkeys(item for block in self.blocks for item in block.items))

    @property
    def components(self) -> tuple[str, ...]:
        """Constructs that measure constructs."""
        return tuple(name for block in self.higher for name in block.items)


def declare(text: ModelText, settings: PlsSettings) -> Declaration:
    """Sort the formulas of a model text.

    Raises
    ------
    NotEstimableError
        For groups, levels, constraints, fixed values and rotated blocks, which partial least squares does not have.
    RepeatedItemError, NonRecursiveError, ModelError

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> found = declare(parse_model("F =~ x1 + x2; G <~ z1 + z2; G ~ F"), PlsSettings())
    >>> [(block.name, block.mode) for block in found.blocks], found.paths
    ([('F', 'A'), ('G', 'B')], (('F', 'G'),))
    """
    _refuse(text)
    formulas = [formula for block in text.blocks for formula in block.formulas]
    measured = _measured(formulas, settings)
    paths, products = _structure(formulas)
    _check_names(settings, measured)
    higher = tuple(block for block in measured.values() if any(item in measured for item in block.items))
    _check_higher(higher, measured, paths)
    used = [name for a, b in paths for name in (*_parts(a), b)] + [name for pair in products for name in pair]
    single = [name for name in dict.fromkeys(used) if name not in measured]
    blocks = tuple(block for block in measured.values() if block not in higher)
    blocks += tuple(Block(name, (name,), "A", False) for name in single)
    _check_items(blocks)
    _check_paths(paths)
    return Declaration(
        blocks=blocks,
        higher=higher,
        products=products,
        paths=paths,
        labels=tuple(_labels(formulas)),
        definitions=text.definitions,
        ignored=tuple(_ignored(formulas)),
    )


def _parts(name: str) -> list[str]:
    return name.split(":") if ":" in name else [name]


def _refuse(text: ModelText) -> None:
    if any(block.group or block.level for block in text.blocks):
        raise NotEstimableError(
            "the text has group: or level: blocks, which partial least squares does not; fit one model and compare "
            "groups with fit.groups('column')."
        )
    if text.constraints:
        raise NotEstimableError(
            "the text has constraints (==, <, >); partial least squares estimates weight by weight and has none. "
            "Leave them out."
        )
    for formula in (f for block in text.blocks for f in block.formulas):
        if any(m.kind == "efa" for term in formula.lhs for m in term.modifiers):
            raise NotEstimableError(
                "efa() blocks have no counterpart in partial least squares; write which items measure what."
            )
        for term in formula.rhs:
            _refuse_modifiers(formula, term)


def _refuse_modifiers(formula: Formula, term: Term) -> None:
    for modifier in term.modifiers:
        fixed = modifier.kind == "value" and any(isinstance(v, float) for v in modifier.values)
        marker = formula.op == "=~" and modifier.values == (1.0,)
        if (fixed and not marker and term.names and formula.op != "~~") or modifier.kind in ("equal", "lower", "upper"):
            raise NotEstimableError(
                f"line {modifier.position.line}: {formula.lhs[0].names[0]} {formula.op} {':'.join(term.names)} is "
                "fixed or restricted; partial least squares estimates every loading, weight and path freely. Leave the "
                "modifier, or the term, out."
            )


def _measured(formulas: list[Formula], settings: PlsSettings) -> dict[str, Block]:
    """Constructs by name; several formulas about one of them are joined."""
    found: dict[str, tuple[str, list[str]]] = {}
    for formula in formulas:
        if formula.op not in ("=~", "<~"):
            continue
        for left in formula.lhs:
            name = left.names[0]
            op, items = found.setdefault(name, (formula.op, []))
            if op != formula.op:
                raise ModelError(f"'{name}' is both measured by =~ and formed by <~; use one of them.")
            items += [term.names[0] for term in formula.rhs if term.names[0] not in items]
    modes = dict(settings.modes)
    blocks = {}
    for name, (op, items) in found.items():
        mode = modes.get(name, modes.get(EVERY, "A" if op == "=~" else "B"))
        blocks[name] = Block(name, tuple(items), mode, op == "=~" and mode == "A")
    return blocks


def _structure(formulas: list[Formula]) -> tuple[tuple[tuple[str, str], ...], tuple[Product, ...]]:
    """Paths, and the products among their origins."""
    paths: dict[tuple[str, str], None] = {}
    products: dict[Product, None] = {}
    for formula in formulas:
        if formula.op != "~":
            continue
        for left in formula.lhs:
            if len(left.names) != 1:
                raise ModelError(
                    f"the product {':'.join(left.names)} cannot be an outcome; put it on the right side of ~."
                )
            for term in formula.rhs:
                if len(term.names) == 2:
                    products.setdefault((term.names[0], term.names[1]))
                if term.names:
                    paths.setdefault((":".join(term.names), left.names[0]))
    for a, b in products:
        if a != b and (b, a) in products:
            raise ModelError(f"{a}:{b} and {b}:{a} are the same product; write it one way.")
    return tuple(paths), tuple(products)


def _check_names(settings: PlsSettings, measured: dict[str, Block]) -> None:
    for option, pairs in (("modes", settings.modes), ("dominant", settings.dominant)):
        for name, _ in pairs:
            if name not in measured and name != EVERY:
                hint = nearest(name, measured) or f"Constructs are: {', '.join(measured)}."
                raise ModelError(f"{option} names '{name}', which the text does not measure. {hint}")
    for name, item in settings.dominant:
        if item not in measured[name].items:
            raise ModelError(
                f"dominant names '{item}' for '{name}', whose items are {', '.join(measured[name].items)}."
            )


def _check_higher(higher: tuple[Block, ...], measured: dict[str, Block], paths: tuple[tuple[str, str], ...]) -> None:
    seen: dict[str, str] = {}
    for block in higher:
        for item in block.items:
            if item not in measured:
                raise ModelError(
                    f"'{block.name}' is measured by constructs and by '{item}', which is none; give '{item}' a "
                    f"construct of its own, such as {item}_construct =~ {item}."
                )
            if measured[item] in higher:
                raise NotEstimableError(
                    f"'{block.name}' is measured by '{item}', itself of higher order; two orders can be estimated. "
                    "Fit the lower part first and use its scores as items."
                )
            if item in seen:
                raise RepeatedItemError(
                    f"'{item}' measures both '{seen[item]}' and '{block.name}'; leave it in one of them."
                )
            seen[item] = block.name
            if any(item in (*_parts(a), b) for a, b in paths):
                raise NotEstimableError(
                    f"'{item}' measures '{block.name}' and has paths of its own; let the paths begin and end at "
                    f"'{block.name}', or take '{item}' out of it."
                )


def _check_items(blocks: tuple[Block, ...]) -> None:
    seen: dict[str, str] = {}
    for block in blocks:
        for item in block.items:
            if item in seen:
                raise RepeatedItemError(
                    f"the item '{item}' is in two blocks, '{seen[item]}' and '{block.name}'; leave it in one of them. "
                    f"A construct above others is written with their names: {block.name} =~ A + B."
                )
            seen[item] = block.name


def _check_paths(paths: tuple[tuple[str, str], ...]) -> None:
    if not paths:
        raise ModelError(
            "the model has no path; partial least squares needs at least one, such as Loyalty ~ Satisfaction."
        )
    edges: dict[str, set[str]] = {}
    for origin, outcome in paths:
        edges.setdefault(outcome, set()).update(_parts(origin))
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        circle = list(reversed(error.args[1]))
        raise NonRecursiveError(
            f"the paths run in a circle: {' -> '.join(reversed(circle))}; leave out one of them, since partial least "
            "squares estimates one direction only."
        ) from None


def _labels(formulas: list[Formula]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    seen: dict[str, tuple[str, str, str]] = {}
    for formula in formulas:
        if formula.op not in ("=~", "<~", "~"):
            continue
        for left in formula.lhs:
            for term in formula.rhs:
                row = (left.names[0], formula.op, ":".join(term.names))
                for label in _names_given(term):
                    if seen.setdefault(label, row) != row:
                        raise NotEstimableError(
                            f"the label '{label}' stands at {' '.join(seen[label])} and at {' '.join(row)}; equal "
                            "labels ask for equal values, which partial least squares cannot give. Give each a label "
                            "of its own."
                        )
                    yield label, row


def _names_given(term: Term) -> Iterator[str]:
    for modifier in term.modifiers:
        if modifier.kind in ("value", "label"):
            yield from (value for value in modifier.values if isinstance(value, str))


def _ignored(formulas: list[Formula]) -> Iterator[str]:
    for formula in formulas:
        left = " + ".join(":".join(term.names) for term in formula.lhs)
        right = [":".join(term.names) or "1" for term in formula.rhs if formula.op != "~" or not term.names]
        if formula.op in ("~~", "|", "~*~", "~") and right:
            yield f"{left} {formula.op} {' + '.join(right)}"
