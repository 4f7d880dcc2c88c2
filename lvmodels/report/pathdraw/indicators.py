"""Places of indicators: columns at the left and right, rows above and below, rows right beside their variable."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np

from lvmodels.report.pathdraw.board import Board, halves
from lvmodels.report.pathdraw.geometry import Array


def place_column(board: Board, side: Literal["left", "right"]) -> None:
    """Indicators of the first or last layer in one column beside it, in the order of their variables."""
    layers, boxes = board.roles.layers, board.boxes
    layer = layers[0 if side == "left" else -1] if layers else ()
    owners = [name for name in layer if board.roles.side[name] == side and board.roles.items.get(name)]
    owners.sort(key=lambda name: -boxes[name].y)
    items = [item for name in owners for item in board.roles.items[name]]
    if not items:
        return
    sign = -1.0 if side == "left" else 1.0
    shared = _share_of_crossed(board, items)
    arcs = board.arc_depth(layer) if side == "left" or len(layers) > 1 else 0.0
    fan = max((60.0 if len(layers) <= 2 else 46.0) * board.style.spread * (1 + shared), arcs + 34.0)
    edge = max(sign * boxes[name].x + boxes[name].width / 2 for name in layer)
    x = sign * (edge + fan + max(board.sizes[item].width for item in items) / 2)
    for item, y in zip(items, _column_heights(board, owners, 1 + 0.7 * shared), strict=True):
        board.put(item, x, y, side)


def _column_heights(board: Board, owners: list[str], stretch: float) -> Array:
    """Heights of a column's indicators: each group beside its variable, as near as the others let it."""
    wanted: list[float] = []
    apart: list[float] = []
    last: list[bool] = []
    for name in owners:
        own = board.roles.items[name]
        pitch = np.array([(board.sizes[item].height + board.item_gap(item)) * stretch for item in own])
        wanted += list(np.cumsum(pitch) - pitch / 2 - pitch.sum() / 2 - board.boxes[name].y)
        apart += list(pitch)
        last += [False] * (len(own) - 1) + [True]
    between = [(a + b) / 2 for a, b in itertools.pairwise(apart)]
    gaps = np.array(between) + 5 * board.style.spread * np.array(last[:-1])
    return -spaced(np.array(wanted), gaps)


def _share_of_crossed(board: Board, items: list[str]) -> float:
    """Mean number of further loadings of an indicator from the same side, at most 2."""
    count = sum(
        edge.kind == "loading" and edge.target in items and board.roles.side[edge.source] != "far"
        for edge in board.diagram.edges
    )
    return min(max(count / len(items) - 1, 0.0), 2.0)


def place_row(board: Board, owners: list[str], way: Literal["up", "down"]) -> None:
    """Indicators of middle variables in one row along the upper or lower rim."""
    if not owners:
        return
    boxes, sign = board.boxes, 1.0 if way == "up" else -1.0
    owners = sorted(owners, key=lambda name: boxes[name].x)
    items = [item for name in owners for item in board.roles.items[name]]
    tall = max(board.sizes[item].height for item in items)
    wanted = np.concatenate([boxes[name].x + board.row_places(board.roles.items[name]) for name in owners])
    starts = {board.roles.items[name][0] for name in owners}
    gaps = [board.row_pitch(one, other) + 6 * (other in starts) for one, other in itertools.pairwise(items)]
    placed = spaced(wanted, np.array(gaps))
    left, right = (board.sizes[item].width / 2 + 4 for item in (items[0], items[-1]))
    placed = _centred(placed, float(placed[0]) - left, float(placed[-1]) + right, board)
    start = _row_start(board, owners, sign, float(placed[0]) - left, float(placed[-1]) + right)
    for item, x in zip(items, placed, strict=True):
        board.put(item, x, sign * (start + tall / 2), way)


def _centred(row: Array, low: float, high: float, board: Board) -> Array:
    """The row moved sideways, if it sticks out of the picture more at one end than at the other."""
    sides = [side for box in board.boxes.values() for side in (box.left, box.right)]
    over_left, over_right = min(sides) - low, high - max(sides)
    if max(over_left, over_right) <= 0:
        return row
    balanced = (over_left - over_right) / 2
    return row + (min(balanced, max(over_left, 0.0)) if balanced > 0 else max(balanced, -max(over_right, 0.0)))


def _row_start(board: Board, owners: list[str], sign: float, low: float, high: float) -> float:
    """Height at which a row from `low` to `high` begins: beyond its variables and all that is in its way."""
    start = max(sign * board.boxes[name].y + board.boxes[name].height / 2 for name in owners) + board.row_depth
    for box in board.boxes.values():
        if box.right > low and box.left < high:
            clear = 10 + board.stub if box.name in board.outward else 14.0
            start = max(start, sign * box.y + box.height / 2 + clear)
    return start


def place_beside(board: Board) -> set[str]:
    """Indicators right above or below their variable, in the upper half of a layer above; their names."""
    placed: set[str] = set()
    for layer in board.roles.layers:
        middle = float(np.mean([board.boxes[name].y for name in layer])) - 1
        for name in filter(board.beside_itself, layer):
            owner, items = board.boxes[name], board.roles.items[name]
            upper, lower = halves(items)
            if not lower and owner.y < middle:
                upper, lower = lower, upper
            for part, sign in ((upper, 1), (lower, -1)):
                for item, shift in zip(part, board.row_places(part), strict=True):
                    away = owner.height / 2 + board.row_depth + board.sizes[item].height / 2
                    board.put(item, owner.x + shift, owner.y + sign * away, "up" if sign > 0 else "down")
            placed |= set(items)
    return placed


def spaced(wanted: Array, gaps: Array) -> Array:
    """Places nearest to the wanted ones (least squares) that keep their order and at least these gaps.

    With the gaps' running sum taken off this is isotonic regression, solved by pooling neighbours that violate the
    order.

    Examples
    --------
    >>> [float(place) for place in spaced(np.array([0.0, 0.0, 10.0]), np.array([4.0, 4.0]))]
    [-2.0, 2.0, 10.0]
    """
    shift = np.concatenate([[0.0], np.cumsum(gaps)])
    means: list[float] = []
    counts: list[int] = []
    for value in wanted - shift:
        mean, count = float(value), 1
        while means and means[-1] > mean:
            n = counts.pop()
            mean, count = (means.pop() * n + mean * count) / (n + count), n + count
        means.append(mean)
        counts.append(count)
    return np.asarray(np.repeat(np.array(means), counts) + shift)
