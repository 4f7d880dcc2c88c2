"""The way of every edge: straight where the way is free, bent around nodes where not, arcs for covariances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lvmodels.report.pathdraw.board import ARC_BASE, ARC_STEP, arc_step
from lvmodels.report.pathdraw.geometry import (
    Array,
    Box,
    Point,
    between,
    bow,
    crossings,
    depth_inside,
    evenly,
    length,
    line,
    rounded,
)
from lvmodels.report.pathdraw.graph import Edge, PathDiagram
from lvmodels.report.pathdraw.places import Places
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.sizes import LABEL_SIZE

BENDS = (9.0, 16.0, 25.0, 36.0, 50.0, 70.0, 95.0, 130.0)
CLEAR = 2.5


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge; `curve` runs from border to border (n by 2, see `geometry`)."""

    edge: Edge
    curve: Array
    hits: int

    @property
    def both(self) -> bool:
        """Whether there is a head at both ends."""
        return self.edge.kind == "covariance"


def draw_arcs(diagram: PathDiagram, roles: Roles, places: Places, docks: dict[str, Point]) -> dict[int, Array]:
    """The ways of the covariances that run along the rim of the picture or of a layer, by number of the edge.

    Parameters
    ----------
    docks : dict of str to point
        Where covariances of indicators begin and end.
    """
    arcs = _item_arcs(diagram, places, docks)
    for i, edge in enumerate(diagram.edges):
        if i not in arcs and edge.kind == "covariance" and (arc := _layer_arc(edge, roles, places)) is not None:
            arcs[i] = between(arc, places.boxes[edge.source], places.boxes[edge.target])
    return arcs


def draw_routes(diagram: PathDiagram, places: Places, arcs: dict[int, Array], residuals: list[Box]) -> list[Route]:
    """A way for every edge of the diagram, in the diagram's order.

    Parameters
    ----------
    arcs : dict of int to array
        What `draw_arcs` found.
    residuals : list of Box
        Numbers of residuals that paths keep clear of.
    """
    done: dict[int, Route] = {}
    for i in sorted(range(len(diagram.edges)), key=lambda i: _turn(diagram.edges[i], places)):
        edge = diagram.edges[i]
        curve = arcs[i] if i in arcs else _way(edge, diagram, places, [r.curve for r in done.values()], residuals)
        done[i] = Route(edge, curve, _hits(curve, [*places.boxes.values()], edge))
    return [done[i] for i in range(len(diagram.edges))]


def _turn(edge: Edge, places: Places) -> int:
    """Loadings first, then causal paths, which bend around them, then covariances."""
    if edge.kind == "covariance":
        return 2
    return 0 if edge.source in places.outward or edge.target in places.outward else 1


def _hits(curve: Array, boxes: list[Box], edge: Edge, margin: float = CLEAR) -> int:
    """How many nodes other than its ends the curve runs through."""
    points, _ = evenly(curve, max(24, int(length(curve) / 4)))
    low, high = points.min(axis=0) - 30, points.max(axis=0) + 30
    count = 0
    for box in boxes:
        if box.name in (edge.source, edge.target) or box.right < low[0] or box.left > high[0]:
            continue
        count += bool((depth_inside(box, points, margin) < 1).any())
    return count


def _way(edge: Edge, diagram: PathDiagram, places: Places, others: list[Array], residuals: list[Box]) -> Array:
    """Straight if free; otherwise the least bent way that runs through the fewest nodes and crosses least."""
    source, target = places.boxes[edge.source], places.boxes[edge.target]
    start, source_box = _anchor(edge.source, target, places)
    end, target_box = _anchor(edge.target, source, places)
    mutual = any(e.source == edge.target and e.target == edge.source and e.kind == "path" for e in diagram.edges)
    straight = between(line(start, end), source_box, target_box)
    boxes = [*places.boxes.values(), *residuals]
    if not mutual and edge.kind != "covariance" and not _hits(straight, boxes, edge):
        return straight
    polylines = [evenly(curve, 17)[0] for curve in others]
    best, best_cost = straight, np.inf
    shapes = [(m, m) for m in BENDS] + [(m, 0.0) for m in BENDS] + [(0.0, m) for m in BENDS]
    signs = (1.0,) if mutual else (1.0, -1.0)
    for (first, second), sign in ((shape, sign) for shape in shapes for sign in signs):
        size = max(first, second)
        if size < 16 and (mutual or edge.kind == "covariance"):
            continue
        if 0.07 * size > best_cost:
            continue
        curve = between(bow(start, end, sign * first, sign * second), source_box, target_box)
        cost = 0.07 * size + 60 * _hits(curve, boxes, edge) + 1.2 * crossings(evenly(curve, 25)[0], polylines)
        if cost < best_cost - 1e-9:
            best, best_cost = curve, cost
    return best


def _anchor(name: str, other: Box, places: Places) -> tuple[Point, Box | None]:
    """Where an edge aims: the middle of an indicator's inner side when the other node lies there, else the centre.

    The second value is the node whose border still cuts the edge.
    """
    box = places.boxes[name]
    if name in places.outward:
        dx, dy = places.way(name)
        along = (box.x - other.x) * dx + (box.y - other.y) * dy
        side = (box.width * abs(dx) + box.height * abs(dy)) / 2
        if along > side + 4:
            return (box.x - dx * side, box.y - dy * side), None
        if -along > side + 4:
            return (box.x + dx * side, box.y + dy * side), None
    return box.centre, box


# ---- covariances ----------------------------------------------------------------------------------------------------


def _layer_arc(edge: Edge, roles: Roles, places: Places) -> Array | None:
    """An arc on the outer side between two variables of one layer, deeper the farther they are apart."""
    for depth, layer in enumerate(roles.layers):
        if edge.source in layer and edge.target in layer:
            order = sorted(layer, key=lambda name: -places.boxes[name].y)
            span = abs(order.index(edge.source) - order.index(edge.target))
            sign = -1.0 if depth == 0 else 1.0
            return _arc(
                places.boxes[edge.source], places.boxes[edge.target], sign, ARC_BASE + arc_step(layer) * (span - 1)
            )
    return None


def _arc(one: Box, two: Box, sign: float, depth: float) -> Array:
    """From side to side; the ends lean towards each other so that several arcs leave a node apart."""
    reach = depth * 4 / 3
    rise = two.y - one.y
    side_one, side_two = one.x + sign * one.width / 2, two.x + sign * two.width / 2
    lean = np.sign(rise) * min(abs(rise) * 0.12, 14.0)
    x = max(side_one * sign, side_two * sign) * sign + sign * reach
    start = (side_one - sign * one.width * 0.12, one.y + np.sign(rise) * one.height * 0.12)
    end = (side_two - sign * two.width * 0.12, two.y - np.sign(rise) * two.height * 0.12)
    return np.array([start, (x, one.y + lean), (x, two.y - lean), end])


def _item_arcs(diagram: PathDiagram, places: Places, docks: dict[str, Point]) -> dict[int, Array]:
    """Covariances of indicators, outside the rim: nested arcs along one side, rounded ways around corners."""
    rim = {name for name in places.outward if name not in places.inner and name in docks}
    ties = {
        i: (edge.source, edge.target)
        for i, edge in enumerate(diagram.edges)
        if edge.kind == "covariance" and edge.source in rim and edge.target in rim
    }
    curves: dict[int, Array] = {}
    for side in ("left", "right", "up", "down"):
        own = {i: ends for i, ends in ties.items() if all(places.outward[end] == side for end in ends)}
        levels = _levels({i: _interval(ends, docks, side) for i, ends in own.items()})
        base, step = (9.0, 9.0) if side in ("up", "down") else (13.0, ARC_STEP - 1)
        for i, ends in own.items():
            curves[i] = _rim_arc(docks[ends[0]], docks[ends[1]], places.way(ends[0]), base + step * levels[i])
    around = {i: ends for i, ends in ties.items() if i not in curves}
    return curves | _around(around, places, docks, list(curves.values()))


def _interval(ends: tuple[str, str], docks: dict[str, Point], side: str) -> tuple[float, float]:
    axis = 0 if side in ("up", "down") else 1
    low, high = sorted(docks[end][axis] for end in ends)
    return low, high


def _levels(spans: dict[int, tuple[float, float]]) -> dict[int, int]:
    """An arc lies one level beyond all that it encloses."""
    levels: dict[int, int] = {}
    for i in sorted(spans, key=lambda i: spans[i][1] - spans[i][0]):
        inside = [levels[j] for j in levels if spans[i][0] <= spans[j][0] and spans[j][1] <= spans[i][1]]
        levels[i] = max(inside, default=-1) + 1
    return levels


def _rim_arc(one: Point, two: Point, way: tuple[float, float], depth: float) -> Array:
    dx, dy = way
    reach = depth * 4 / 3
    far = max(one[0] * dx + one[1] * dy, two[0] * dx + two[1] * dy) + reach
    a, b = np.array(one), np.array(two)
    lean = (b - a) * np.abs([dy, dx]) * 0.06
    out = np.array([dx, dy])
    return np.stack([a, a + out * (far - a @ out) + lean, b + out * (far - b @ out) - lean, b])


def _around(
    ties: dict[int, tuple[str, str]], places: Places, docks: dict[str, Point], arcs: list[Array]
) -> dict[int, Array]:
    """Ways around one or two corners of the picture, the innermost for the pair nearest to the corner."""
    if not ties:
        return {}
    points = np.concatenate([
        np.array([(box.left, box.bottom) for box in places.boxes.values()]),
        np.array([(box.right, box.top) for box in places.boxes.values()]),
        np.array(list(docks.values())),
        *(evenly(curve, 17)[0] for curve in arcs),
    ])  # fmt: skip
    low, high = points.min(axis=0), points.max(axis=0)
    step = LABEL_SIZE + 3.5
    curves: dict[int, Array] = {}
    order = sorted(ties, key=lambda i: _corner_distance(ties[i], docks, low, high, places))
    for level, i in enumerate(order, start=1):  # a lane of its own for each, so that none runs on another
        one, two = ties[i]
        rim_low, rim_high = low - 5 - step * level, high + 5 + step * level
        start, end = docks[one], docks[two]
        corners = [start, *_corners(start, end, places.outward[one], places.outward[two], rim_low, rim_high), end]
        curves[i] = rounded(corners)
    return curves


def _corner_distance(ends: tuple[str, str], docks: dict[str, Point], low: Array, high: Array, places: Places) -> float:
    total = 0.0
    sides = {places.outward[end] for end in ends}
    for end in ends:
        x, y = docks[end]
        if places.outward[end] in ("up", "down"):
            total += x - low[0] if "left" in sides else high[0] - x
        else:
            total += high[1] - y if "up" in sides else y - low[1]
    return float(total)


def _corners(start: Point, end: Point, leave: str, arrive: str, low: Array, high: Array) -> list[Point]:
    rim = {"left": float(low[0]), "right": float(high[0]), "down": float(low[1]), "up": float(high[1])}
    upright = ("left", "right")
    if leave in upright and arrive in upright:
        return [(rim[leave], start[1]), (rim[leave], rim["down"]), (rim[arrive], rim["down"]), (rim[arrive], end[1])]
    if leave in upright:
        return [(rim[leave], start[1]), (rim[leave], rim[arrive]), (end[0], rim[arrive])]
    if arrive in upright:
        return [(start[0], rim[leave]), (rim[arrive], rim[leave]), (rim[arrive], end[1])]
    return [(start[0], rim[leave]), (rim["right"], rim[leave]), (rim["right"], rim[arrive]), (end[0], rim[arrive])]
