"""Stages of an estimation: which columns measure which construct, and where the paths lead.

Most models have one stage. Products of scores, and constructs measured by the scores of others, need a stage before
them: its scores are columns of the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.declaration import Block, Declaration, Product
from lvmodels.composites.options import Mode, PlsSettings

Index = NDArray[np.intp]
Flags = NDArray[np.bool_]
ColumnKind = Literal["item", "score", "score_product", "item_product", "residual"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a stage: an item, or something computed from items or from the scores of the stage before.

    Attributes
    ----------
    name : str
    kind : {"item", "score", "score_product", "item_product", "residual"}
        "residual" is a product of items from which the items of both constructs are partialled out.
    sources : tuple of int
        Columns of the data, or constructs of the stage before; one, or two for a product.
    given : tuple of int
        For "residual", the columns of the data that are partialled out.
    """

    name: str
    kind: ColumnKind
    sources: tuple[int, ...]
    given: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A model of composites for one set of columns, its J constructs measured in K slots.

    Attributes
    ----------
    names : tuple of str
        Constructs.
    columns : tuple of Column
    slots : ndarray of int, shape (K,)
        The column in each slot; those of a construct stand together. With repeated indicators a column has two.
    block : ndarray of int, shape (K,)
        The construct of each slot.
    starts : ndarray of int, shape (J,)
        The first slot of each construct.
    modes : tuple of {"A", "B", "unit"}
    reflective : ndarray of bool, shape (J,)
    paths : ndarray of bool, shape (J, J)
        Element (i, j): a path from construct i to construct j.
    raw : ndarray of bool, shape (J,)
        Products of constructs, which keep the scale of the product.
    dominant : ndarray of int, shape (J,)
        The slot whose loading is made positive; -1 where it is their sum.
    """

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    slots: Index
    block: Index
    starts: Index
    modes: tuple[Mode, ...]
    reflective: Flags
    paths: Flags
    raw: Flags
    dominant: Index

    @property
    def plain(self) -> bool:
        """Whether all columns are items, so that their correlations are all that counts."""
        return all(column.kind == "item" for column in self.columns)

    def slots_of(self, j: int) -> slice:
        """The slots of a construct."""
        ends = [*self.starts[1:].tolist(), len(self.slots)]
        return slice(int(self.starts[j]), ends[j])

    @property
    def linked(self) -> Flags:
        """Whether a construct has any path, shape (J,)."""
        return np.asarray(self.neighbours.any(axis=0))

    @property
    def neighbours(self) -> Flags:
        """Element (i, j): whether a path joins i and j, in either direction, shape (J, J)."""
        return np.asarray(self.paths | self.paths.T)

    def predecessors(self, j: int) -> Index:
        """Constructs with a path to j."""
        return np.flatnonzero(self.paths[:, j])


def stages_of(declared: Declaration, settings: PlsSettings) -> tuple[Stage, ...]:
    """The stages that a model needs, the last of which is the model itself."""
    found: list[Stage] = []
    blocks, paths = declared.blocks, declared.paths
    plain_paths = tuple((a, b) for a, b in paths if ":" not in a)
    place = {item: k for k, item in enumerate(declared.items)}
    if declared.higher:
        found += _below(declared, plain_paths, place, settings)
        blocks = _top_blocks(declared)
    embedded = bool(declared.higher) and settings.higher_order == "embedded"
    repeated = bool(declared.higher) and settings.higher_order == "repeated"
    if declared.higher and not repeated:
        lower = found[-1].names
        found.append(_build(blocks, plain_paths, _measures(blocks, place, lower, embedded), settings))
    if declared.products and settings.interaction == "two_stage":
        if not found:
            found.append(_build(blocks, plain_paths, _item_columns(blocks, place), settings))
        found.append(_with_products(found, declared, paths, place, settings))
    elif declared.products:
        found = [_with_item_products(blocks, declared.products, paths, place, settings)]
    elif not found:
        found.append(_build(blocks, paths, _item_columns(blocks, place), settings))
    return tuple(found)


def _top_blocks(declared: Declaration) -> tuple[Block, ...]:
    """Constructs of the model itself: those of higher order, and those that are not part of one."""
    parts = set(declared.components)
    return tuple(b for b in (*declared.blocks, *declared.higher) if b.name not in parts)


def _below(
    declared: Declaration, paths: tuple[tuple[str, str], ...], place: dict[str, int], settings: PlsSettings
) -> list[Stage]:
    """The stage that gives the components their scores (Sarstedt et al. 2019)."""
    if settings.higher_order == "disjoint":
        instead = {block.name: block.items for block in declared.higher}
        direct = [(a, b) for x, y in paths for a in instead.get(x, (x,)) for b in instead.get(y, (y,))]
        return [_build(declared.blocks, tuple(direct), _item_columns(declared.blocks, place), settings)]
    items = {block.name: block.items for block in declared.blocks}
    repeated = tuple(
        Block(b.name, tuple(i for part in b.items for i in items[part]), b.mode, b.reflective) for b in declared.higher
    )
    inward = tuple((part, b.name) for b in declared.higher if not b.reflective for part in b.items)
    outward = tuple((b.name, part) for b in declared.higher if b.reflective for part in b.items)
    blocks = (*declared.blocks, *repeated)
    return [_build(blocks, (*paths, *inward, *outward), _item_columns(blocks, place), settings)]


def _item_columns(blocks: Sequence[Block], place: dict[str, int]) -> dict[str, tuple[Column, ...]]:
    return {b.name: tuple(Column(item, "item", (place[item],)) for item in b.items) for b in blocks}


def _measures(
    blocks: Sequence[Block], place: dict[str, int], lower: tuple[str, ...], all_scores: bool
) -> dict[str, tuple[Column, ...]]:
    """Columns of the stage above: scores for constructs of higher order, or for all."""
    found = {}
    for block in blocks:
        if all(item in lower for item in block.items) and block.name not in block.items:
            found[block.name] = tuple(Column(item, "score", (lower.index(item),)) for item in block.items)
        elif all_scores:
            found[block.name] = (Column(block.name, "score", (lower.index(block.name),)),)
        else:
            found[block.name] = tuple(Column(item, "item", (place[item],)) for item in block.items)
    return found


def _with_products(
    before: list[Stage],
    declared: Declaration,
    paths: tuple[tuple[str, str], ...],
    place: dict[str, int],
    settings: PlsSettings,
) -> Stage:
    """The last stage again, with products of its scores as single items (Henseler and Fassott 2010)."""
    last = before[-1]
    blocks = _top_blocks(declared)
    columns: dict[str, tuple[Column, ...]] = {}
    for j, name in enumerate(last.names):
        own = [last.columns[k] for k in last.slots[last.slots_of(j)]]
        scores = any(
            column.kind == "score" for column in own
        )  # of an earlier stage: the score of the last stands for them
        columns[name] = (Column(name, "score", (j,)),) if scores else tuple(own)
    products = []
    for a, b in declared.products:
        name = f"{a}:{b}"
        columns[name] = (Column(name, "score_product", (last.names.index(a), last.names.index(b))),)
        products.append(Block(name, (name,), "A", False))
    return _build((*blocks, *products), paths, columns, settings, tuple(b.name for b in products))


def _with_item_products(
    blocks: tuple[Block, ...],
    products: tuple[Product, ...],
    paths: tuple[tuple[str, str], ...],
    place: dict[str, int],
    settings: PlsSettings,
) -> Stage:
    """One stage in which a product is measured by the products of all items (Chin et al. 2003; Little et al. 2006)."""
    columns = _item_columns(blocks, place)
    items = {block.name: block.items for block in blocks}
    added = []
    for a, b in products:
        name = f"{a}:{b}"
        given = tuple(place[i] for i in dict.fromkeys((*items[a], *items[b])))
        kind: ColumnKind = "residual" if settings.interaction == "orthogonal" else "item_product"
        pairs = [(x, z) for x in items[a] for z in items[b]] if a != b else _pairs(items[a])
        columns[name] = tuple(
            Column(f"{x}:{z}", kind, (place[x], place[z]), given if kind == "residual" else ()) for x, z in pairs
        )
        added.append(Block(name, tuple(c.name for c in columns[name]), "A", False))
    return _build((*blocks, *added), paths, columns, settings, tuple(b.name for b in added))


def _pairs(items: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(x, z) for k, x in enumerate(items) for z in items[k:]]


def _build(
    blocks: Sequence[Block],
    paths: tuple[tuple[str, str], ...],
    columns: dict[str, tuple[Column, ...]],
    settings: PlsSettings,
    raw: tuple[str, ...] = (),
) -> Stage:
    """Index arrays of a stage."""
    names = tuple(block.name for block in blocks)
    place = {name: j for j, name in enumerate(names)}
    distinct = tuple(dict.fromkeys(c for name in names for c in columns[name]))
    at = {column: k for k, column in enumerate(distinct)}
    slots = [at[c] for name in names for c in columns[name]]
    sizes = [len(columns[name]) for name in names]
    adjacency = np.zeros((len(names), len(names)), dtype=bool)
    for origin, outcome in paths:
        adjacency[place[origin], place[outcome]] = True
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    leading = dict(settings.dominant)
    dominant = [
        next((int(starts[j]) + k for k, c in enumerate(columns[n]) if c.name == leading.get(n)), -1)
        for j, n in enumerate(names)
    ]
    return Stage(
        names=names,
        columns=distinct,
        slots=np.array(slots, dtype=np.intp),
        block=np.repeat(np.arange(len(names)), sizes),
        starts=starts,
        modes=tuple(block.mode for block in blocks),
        reflective=np.array([b.reflective and len(columns[b.name]) > 1 for b in blocks]),
        paths=adjacency,
        raw=np.array([name in raw for name in names]),
        dominant=np.array(dominant, dtype=np.intp),
    )
