"""A place for every node: structural variables by the search of `rows`, indicators and covariates around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lvmodels.report.pathdraw.board import WAYS, Board, Outward, halves, new_board
from lvmodels.report.pathdraw.geometry import Array, Box
from lvmodels.report.pathdraw.graph import PathDiagram
from lvmodels.report.pathdraw.indicators import place_beside, place_column, place_row
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.rows import Ints, Problem, Rows, find_rows
from lvmodels.report.pathdraw.sizes import Style


@dataclass(frozen=True, slots=True)
class Places:
    """Every node in its place.

    Attributes
    ----------
    boxes : dict of str to Box
        All nodes.
    outward : dict of str to {"left", "right", "up", "down"}
        For every indicator the direction away from its own variable.
    inner : frozenset of str
        Indicators that stand in the midst of the structural part, not along the rim.
    heights : array
        The heights that the search found for the structural variables.
    """

    boxes: dict[str, Box]
    outward: dict[str, Outward]
    inner: frozenset[str]
    heights: Array

    def way(self, name: str) -> tuple[float, float]:
        """Unit vector of an indicator's outward direction."""
        return WAYS[self.outward[name]]


def place_nodes(diagram: PathDiagram, roles: Roles, style: Style, room: float, heights: Array | None = None) -> Places:
    """Put every node in its place.

    Parameters
    ----------
    room : float
        Width available between the centres of the first and the last layer.
    heights : array, optional
        Heights of the structural variables found before; without them they are searched.
    """
    board = new_board(diagram, roles, style)
    names = [name for layer in roles.layers for name in layer]
    problem = _problem(board, names, room)
    found = find_rows(problem, heights) if names else Rows(np.zeros(0), np.zeros(0), ())
    for name, x, y in zip(names, found.x, found.y, strict=True):
        board.put(name, x, y)
    inner = place_beside(board)
    place_column(board, "left")
    place_column(board, "right")
    place_row(board, [name for i, name in enumerate(names) if found.fan[i] > 0], "up")
    place_row(board, [name for i, name in enumerate(names) if found.fan[i] < 0], "down")
    _place_far(board)
    _place_outside(board)
    return Places(board.boxes, board.outward, frozenset(inner), found.y)


def _problem(board: Board, names: list[str], room: float) -> Problem:
    """The structural variables as the search sees them."""
    roles, style, sizes = board.roles, board.style, board.sizes
    width = np.array([sizes[name].width for name in names])
    height = np.array([sizes[name].height for name in names])
    above, below, reach, row = height / 2, height / 2, width / 2, np.zeros(len(names))
    mutual = _mutual(board.diagram)
    need = height + 15 * style.spread + (6 if style.residuals else 0)
    for i, name in enumerate(names):
        items = roles.items.get(name, ())
        need[i] += 26 * style.spread * (name in mutual)
        if items and roles.side[name] != "middle":
            own = sum(sizes[item].height + board.item_gap(item) for item in items) + 7 * style.spread
            need[i] = max(need[i], own)
        elif items and board.beside_itself(name):
            upper, lower = halves(items)
            wing = board.row_depth + sizes[items[0]].height + board.stub
            reach[i] = max(reach[i], max(board.row_width(upper), board.row_width(lower)) / 2)
            need[i] = height[i] + (2 if lower else 1) * wing + 11 * style.spread
            above[i], below[i] = above[i] + wing, below[i] + wing
        elif items:
            row[i] = board.row_width(items) + 10
    layer = np.array([k for k, members in enumerate(roles.layers) for _ in members], dtype=np.int64)
    flows, ties = _links(board.diagram, names)
    label = style.widest_label(board.diagram)
    gap = style.gap + 12 * (style.spread - 1)
    return Problem(
        layer,
        width,
        height,
        above,
        below,
        reach,
        need,
        row,
        flows,
        ties,
        label,
        room,
        0.97 * style.page,
        gap,
        style.spread,
    )


def _links(diagram: PathDiagram, names: list[str]) -> tuple[Ints, Ints]:
    """Directed edges and covariances among the variables named, as pairs of their numbers."""
    index = {name: i for i, name in enumerate(names)}
    pairs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for edge in diagram.edges:
        if edge.source in index and edge.target in index:
            pairs[edge.kind == "covariance"].append((index[edge.source], index[edge.target]))
    flows, ties = (np.array(found, dtype=np.int64).reshape(-1, 2) for found in pairs)
    return flows, ties


def _mutual(diagram: PathDiagram) -> set[str]:
    """Variables that cause one another and so need room for two curves between them."""
    paths = {(edge.source, edge.target) for edge in diagram.edges if edge.kind == "path"}
    return {a for a, b in paths if (b, a) in paths}


def _place_far(board: Board) -> None:
    """General factors beyond the indicators that they share with narrower factors."""
    items = [board.boxes[name] for name in board.outward]
    for name in (name for name, side in board.roles.side.items() if side == "far"):
        x = max(box.right for box in items) + 70 * board.style.spread + board.sizes[name].width / 2
        board.put(name, x, float(np.mean([box.y for box in items])))


def _place_outside(board: Board) -> None:
    """Covariates of single indicators, beyond the indicator that each explains."""
    by_goal: dict[str, list[str]] = {}
    for cause, goal in board.roles.outside.items():
        by_goal.setdefault(goal, []).append(cause)
    for goal, causes in by_goal.items():
        item = board.boxes[goal]
        dx, dy = WAYS[board.outward[goal]]
        for k, cause in enumerate(causes):
            size = board.sizes[cause]
            shift = (k - (len(causes) - 1) / 2) * ((size.height if dx else size.width) + 3)
            touching = (item.width + size.width if dx else item.height + size.height) / 2
            away = touching + 40 * board.style.spread
            board.put(cause, item.x + dx * away - dy * shift, item.y + dy * away - dx * shift)
