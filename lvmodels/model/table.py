"""The parameter table: one row a parameter, written or automatic, for every group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from lvmodels.errors import ModelError, NotEstimableError
from lvmodels.model.automatic import automatic_rows, fix_scales
from lvmodels.model.auxiliary import auxiliary_rows, with_auxiliaries
from lvmodels.model.equality import apply_bounds, equal_across_groups, free_latent_means, resolve_references
from lvmodels.model.exploratory import Blocks, exploratory_blocks, with_block_rows
from lvmodels.model.levels import at_level, level_numbers, level_roles, named_rows
from lvmodels.model.options import TableOptions
from lvmodels.model.ordinal import check_ordinal_rows, free_response_scales
from lvmodels.model.products import check_products
from lvmodels.model.records import Block, Constraint, Definition, Formula, ModelText, Modifier, Term, Value
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables, classify, latent_factors


@dataclass(frozen=True, slots=True, eq=False)
class ParameterTable:
    """All parameters of a model.

    Attributes
    ----------
    rows : tuple of Row
        Group by group, level by level; within these the written parameters in their order, then the automatic ones.
    variables : Variables
        The roles of the variables, over all groups.
    definitions, constraints : tuple
        As written.
    n_groups : int
    meanstructure : bool
    ordered : tuple of (str, int)
        Ordinal variables with their numbers of categories.
    parameterization : {"delta", "theta"}
    conditional_x : bool
    levels : tuple of Variables
        The roles of the variables at each level, over all groups; empty for a model of one level.
    exploratory : tuple of tuples of str
        The factors of each exploratory block.
    """

    rows: tuple[Row, ...]
    variables: Variables
    definitions: tuple[Definition, ...]
    constraints: tuple[Constraint, ...]
    n_groups: int
    meanstructure: bool
    ordered: tuple[tuple[str, int], ...] = ()
    parameterization: str = "delta"
    conditional_x: bool = False
    levels: tuple[Variables, ...] = ()
    exploratory: Blocks = ()

    @property
    def n_levels(self) -> int:
        """Number of levels."""
        return max(len(self.levels), 1)

    def block(self, row: Row) -> int:
        """Which block of the model a parameter belongs to, from 0: group by group, level by level."""
        return (row.group - 1) * self.n_levels + row.level - 1


@lru_cache(maxsize=128)
def rows_of_blocks(table: ParameterTable) -> tuple[dict[int, Row], ...]:
    """The rows of every block (a group, or a level of a group) by their position in the table."""
    blocks: tuple[dict[int, Row], ...] = tuple({} for _ in range(table.n_groups * table.n_levels))
    for i, row in enumerate(table.rows):
        blocks[table.block(row)][i] = row
    return blocks


def build_table(model: ModelText, options: TableOptions, group_labels: tuple[str, ...] = ("",)) -> ParameterTable:
    """Turn a parsed model into the table of its parameters.

    Parameters
    ----------
    model : ModelText
    options : TableOptions
        Which parameters are added, and how latent variables get their scale.
    group_labels : tuple of str
        One label a group; ``group:`` blocks name a label or a number from 1.

    Returns
    -------
    ParameterTable

    Raises
    ------
    ModelError
        For parameters that contradict one another, or modifiers that do not fit the number of groups.
    NotEstimableError
        For parts of the language that this version cannot estimate.

    Examples
    --------
    >>> from lvmodels.model.syntax import parse_model
    >>> table = build_table(parse_model("f =~ x1 + x2 + x3"), TableOptions())
    >>> [str(row) for row in table.rows]
    ['f=~x1', 'f=~x2', 'f=~x3', 'x1~~x1', 'x2~~x2', 'x3~~x3', 'f~~f']
    """
    blocks = exploratory_blocks(model)
    n_groups = len(group_labels)
    variables = model_variables(model)  # what is a covariate in every group: the others' moments are estimated
    _refuse_unsupported(blocks, options, bool(level_numbers(model)), variables.products)
    rows = _all_rows(model, options, group_labels)
    rows = resolve_references(rows)
    if n_groups > 1:
        rows = free_latent_means(rows, variables, options)
        rows = free_response_scales(rows, options)
        rows = equal_across_groups(rows, variables, options)
    rows = apply_bounds(rows, variables, options.bounds)
    if options.auxiliary:
        variables = with_auxiliaries(variables, options.auxiliary)
        rows = _with_auxiliary_rows(rows, variables, options.auxiliary, n_groups)
    return ParameterTable(
        rows=tuple(rows),
        variables=variables,
        definitions=model.definitions,
        constraints=model.constraints,
        n_groups=n_groups,
        meanstructure=options.meanstructure,
        ordered=options.ordered,
        parameterization=options.parameterization,
        conditional_x=options.conditional_x,
        levels=level_roles(model) if level_numbers(model) else (),
        exploratory=blocks,
    )


def _all_rows(model: ModelText, options: TableOptions, group_labels: tuple[str, ...]) -> list[Row]:
    """Written and automatic parameters, group by group and level by level."""
    levels = level_roles(model)
    roles: list[list[Variables]] = [[] for _ in levels]
    rows: list[Row] = []
    below = frozenset(levels[0].observed) & frozenset(levels[-1].observed) if len(levels) > 1 else frozenset()
    for group in range(1, len(group_labels) + 1):
        for level, overall in enumerate(levels, start=1):
            written = _written_rows(at_level(model, level), group, group_labels, overall.latent)
            written = with_block_rows(written, exploratory_blocks(model), options.orthogonal_blocks, group)
            role = classify(written)
            roles[level - 1].append(role)
            scaled = fix_scales(written, role, options)
            check_ordinal_rows(scaled, options)
            added = automatic_rows(
                scaled, role, options, group, overall.covariates, centred=below if level == 1 else frozenset()
            )
            rows += [replace(row, level=level) for row in (*scaled, *added)]
    for of_level in roles:
        _same_variables(of_level, group_labels)
    return rows


def _with_auxiliary_rows(rows: list[Row], variables: Variables, auxiliary: tuple[str, ...], n_groups: int) -> list[Row]:
    """At the end of each group; no equality or bound of the model is about them."""
    found: list[Row] = []
    for group in range(1, n_groups + 1):
        found += [row for row in rows if row.group == group]
        found += auxiliary_rows(variables.observed, auxiliary, group)
    return found


def _refuse_unsupported(blocks: Blocks, options: TableOptions, several_levels: bool, products: tuple[str, ...]) -> None:
    if blocks and products:
        raise NotEstimableError(
            f"the product '{products[0]}' of latent variables changes with the rotation of efa() blocks; write which "
            "items load on which factor."
        )
    if blocks and several_levels:
        raise NotEstimableError("efa() blocks are for models of one level; write which items load on which factor.")
    if blocks and "loadings" in options.group_equal:
        raise NotEstimableError(
            "efa() blocks are rotated in each group on its own, so their loadings cannot be held equal across groups; "
            "leave 'loadings' out of group_equal, or write which items load on which factor."
        )


def _written_rows(blocks: Iterable[Block], group: int, labels: tuple[str, ...], latent: tuple[str, ...]) -> list[Row]:
    rows: dict[tuple[str, str, str], Row] = {}
    for block in blocks:
        if block.group is not None and not _is_group(block.group, group, labels):
            continue
        for formula in block.formulas:
            for lhs in formula.lhs:
                for rhs in formula.rhs:
                    row = _row(formula, lhs, rhs, group, len(labels))
                    _add(rows, replace(row, factors=latent_factors(row.rhs, latent)))
    if not rows:
        raise ModelError(f"the model has no parameters for group {labels[group - 1] or group}; add a block for it.")
    return list(rows.values())


def _is_group(name: str, group: int, labels: tuple[str, ...]) -> bool:
    if name not in labels and name not in {str(i + 1) for i in range(len(labels))}:
        known = ", ".join(repr(label) for label in labels if label) or "none (no group= was given)"
        raise ModelError(f"block 'group: {name}' names no group of the data; the groups are {known}.")
    return name == labels[group - 1] or (name not in labels and name == str(group))


def _row(formula: Formula, lhs: Term, rhs: Term, group: int, n_groups: int) -> Row:
    left = ":".join(lhs.names)
    right = ":".join(rhs.names)
    op = "~1" if formula.op == "~" and not rhs.names else formula.op
    if op in ("=~", "~", "<~") and left == right:
        raise ModelError(
            f"line {rhs.position.line}, column {rhs.position.column}: '{left}' cannot be explained by itself; "
            f"use '{left} ~~ {left}' for its variance."
        )
    row = Row(lhs=left, op=op, rhs=right, group=group, user=True)
    for modifier in rhs.modifiers:
        row = _modify(row, modifier, group, n_groups)
    return row


def _modify(row: Row, modifier: Modifier, group: int, n_groups: int) -> Row:
    value = _of_group(modifier, group, n_groups)
    kind = modifier.kind
    if kind == "value":
        if value is None:
            return replace(row, free=True, value=None, starred=True)
        if isinstance(value, str):
            return replace(row, label=value, starred=row.starred)
        return replace(row, free=False, value=float(value), starred=True)
    if kind == "label":
        return replace(row, label="" if value is None else str(value))
    if kind == "equal":
        return row if value is None else replace(row, equal_to=str(value))
    if value is None:
        return row
    if isinstance(value, str):
        raise ModelError(
            f"line {modifier.position.line}, column {modifier.position.column}: {kind}() takes numbers, not '{value}'."
        )
    number = float(value)
    if kind == "start":
        return replace(row, start=number)
    return replace(row, lower=number) if kind == "lower" else replace(row, upper=number)


def _of_group(modifier: Modifier, group: int, n_groups: int) -> Value:
    if len(modifier.values) == 1:
        return modifier.values[0]
    if len(modifier.values) != n_groups:
        raise ModelError(
            f"line {modifier.position.line}, column {modifier.position.column}: c() holds {len(modifier.values)} "
            f"values, but there {'is one group' if n_groups == 1 else f'are {n_groups} groups'}; give one value a group"
            f"{', or name the grouping variable with group=' if n_groups == 1 else ''}."
        )
    return modifier.values[group - 1]


def _add(rows: dict[tuple[str, str, str], Row], row: Row) -> None:
    key = row.key
    old = rows.get(key) or rows.get((row.rhs, "~~", row.lhs) if row.op == "~~" else key)
    if old is None:
        _refuse_second_arrow(rows, row)
        rows[key] = row
    elif old.plain or row.plain:
        rows[old.key] = old if row.plain else replace(row, lhs=old.lhs, rhs=old.rhs)
    elif old != row:
        raise ModelError(f"'{row}' is written twice with different modifiers; keep one of them.")


def _refuse_second_arrow(rows: dict[tuple[str, str, str], Row], row: Row) -> None:
    """`f =~ x` and `x ~ f` are the same arrow."""
    twin = {"=~": (row.rhs, "~", row.lhs), "~": (row.rhs, "=~", row.lhs)}.get(row.op)
    if twin in rows:
        raise ModelError(f"'{row}' and '{rows[twin]}' are the same effect written twice; keep one of them.")


def _same_variables(roles: list[Variables], labels: tuple[str, ...]) -> None:
    for label, role in zip(labels[1:], roles[1:], strict=True):
        different = (set(role.observed) ^ set(roles[0].observed)) | (set(role.latent) ^ set(roles[0].latent))
        if different:
            raise ModelError(
                f"the blocks of groups '{labels[0]}' and '{label}' name different variables "
                f"({', '.join(sorted(different))}); write all of them in every block (fix loadings to 0 where needed)."
            )


@lru_cache(maxsize=256)
def model_variables(model: ModelText) -> Variables:
    """The roles of the variables named anywhere in the text, before groups are known."""
    variables = classify(named_rows(model.blocks))
    check_products(model, variables)
    return variables
