"""A place for every node: structural variables by the search of `rows`, indicators and covariates around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lvmodels.report.pathdraw.geometry import Array, Box
from lvmodels.report.pathdraw.graph import Edge, PathDiagram
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.rows import Problem, Rows, find_rows
from lvmodels.report.pathdraw.sizes import CROWD, RESIDUAL_SIZE, Style, size_nodes

Outward = Literal["left", "right", "up", "down"]
ARC_BASE, ARC_STEP = 15.0, 15.0
_WAY = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, 1.0), "down": (0.0, -1.0)}


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
        return _WAY[self.outward[name]]


def place_nodes(diagram: PathDiagram, roles: Roles, style: Style, room: float, heights: Array | None = None) -> Places:
    """Put every node in its place.

    Parameters
    ----------
    room : float
        Width available between the centres of the first and the last layer.
    heights : array, optional
        Heights of the structural variables found before; without them they are searched.
    """
    sizes = size_nodes(diagram, roles, style)
    structural = [name for layer in roles.layers for name in layer]
    problem = _problem(diagram, roles, style, sizes, structural, room)
    found = find_rows(problem, heights) if structural else Rows(np.zeros(0), np.zeros(0), ())
    boxes = {
        name: replace(sizes[name], x=float(found.x[i]), y=float(found.y[i])) for i, name in enumerate(structural)
    }
    outward: dict[str, Outward] = {}
    inner = _local_rows(roles, style, sizes, boxes, outward)
    for side in ("left", "right"):
        _column(diagram, roles, style, sizes, boxes, outward, side)
    for way, up in (("up", 1), ("down", -1)):
        owners = [name for i, name in enumerate(structural) if found.fan[i] == up and problem.row[i] > 0]
        _band(roles, style, sizes, boxes, outward, owners, way)
    _far_factors(roles, style, sizes, boxes)
    _outside(roles, style, sizes, boxes, outward)
    return Places(boxes, outward, frozenset(inner), found.y)


# ---- the structural part --------------------------------------------------------------------------------------------


def arc_depth(diagram: PathDiagram, layer: tuple[str, ...]) -> float:
    """Room that the covariance arcs among the variables of a layer take beside it."""
    places = {name: i for i, name in enumerate(layer)}
    spans = [
        abs(places[edge.source] - places[edge.target])
        for edge in diagram.edges
        if edge.kind == "covariance" and edge.source in places and edge.target in places
    ]
    return ARC_BASE + ARC_STEP * (max(spans) - 1) + 14 if spans else 0.0


def crowded(layer: tuple[str, ...], roles: Roles) -> bool:
    """Whether a middle layer has too many variables for all indicators to stand at the rim of the picture."""
    return len(layer) >= 3 and sum(bool(roles.items.get(name)) for name in layer) >= 1


def _problem(
    diagram: PathDiagram, roles: Roles, style: Style, sizes: dict[str, Box], names: list[str], room: float
) -> Problem:
    n = len(names)
    index = {name: i for i, name in enumerate(names)}
    layer = np.array([k for k, members in enumerate(roles.layers) for _ in members], dtype=np.int64)
    width = np.array([sizes[name].width for name in names])
    height = np.array([sizes[name].height for name in names])
    above, below, reach, row = height / 2, height / 2, width / 2, np.zeros(n)
    partners = {e.source for e in diagram.edges if _reciprocal(e, diagram)}
    need = height + 15 * style.spread + (6 if style.residuals else 0)
    for i, name in enumerate(names):
        items = roles.items.get(name, ())
        need[i] += 26 * style.spread * (name in partners)
        if not items:
            continue
        if roles.side[name] != "middle":
            own = sum(sizes[item].height + item_gap(item, roles, sizes, style) for item in items) + 7 * style.spread
            need[i] = max(need[i], own)
        elif crowded(roles.layers[layer[i]], roles):
            upper, lower = _halves(items)
            pitch = row_pitch(sizes, items, style, diagram)
            wing = row_depth(style) + sizes[items[0]].height + _stub(style)
            reach[i] = max(reach[i], pitch * max(len(upper), len(lower)) / 2)
            need[i] = height[i] + (2 if lower else 1) * wing + 11 * style.spread
            above[i], below[i] = above[i] + wing, below[i] + wing
        else:
            row[i] = row_pitch(sizes, items, style, diagram) * len(items) + 8
    links = {"flow": [], "tie": []}  # type: dict[str, list[tuple[int, int]]]
    for edge in diagram.edges:
        if edge.source in index and edge.target in index:
            links["tie" if edge.kind == "covariance" else "flow"].append((index[edge.source], index[edge.target]))
    pairs = {key: np.array(value, dtype=np.int64).reshape(-1, 2) for key, value in links.items()}
    return Problem(
        layer, width, height, above, below, reach, need, row, pairs["flow"], pairs["tie"],
        style.widest_label(diagram), room, max(room, 60.0), style.spread,
    )  # fmt: skip


def _reciprocal(edge: Edge, diagram: PathDiagram) -> bool:
    return edge.kind == "path" and any(
        other.kind == "path" and (other.source, other.target) == (edge.target, edge.source) for other in diagram.edges
    )


def _stub(style: Style) -> float:
    """Length of a residual's arrow and number together, upwards or downwards."""
    return 8.0 + RESIDUAL_SIZE * 1.1 if style.residuals else 0.0


def row_depth(style: Style) -> float:
    """Vertical distance between a variable's border and its row of indicators."""
    return 34.0 * style.spread


def row_pitch(sizes: dict[str, Box], items: tuple[str, ...], style: Style, diagram: PathDiagram) -> float:
    """Distance between the centres of neighbours in a row of indicators."""
    return max(max(sizes[item].width for item in items) + 4, (style.widest_label(diagram)[0] + 1) * 1.06)


def item_gap(item: str, roles: Roles, sizes: dict[str, Box], style: Style) -> float:
    """Vertical gap below an indicator in a column; wider beside an outside covariate, and where loadings cross."""
    beside = [cause for cause, goal in roles.outside.items() if goal == item]
    extra = sum(sizes[cause].height + 3 for cause in beside) - sizes[item].height if beside else 0.0
    far = _stub(style) if "far" in roles.side.values() else 0.0
    plain = 1.2 if len(sizes) > CROWD else 3.0 if len(sizes) > 16 else 5.0
    return max(plain * style.spread, extra + 8.0 if beside else 0.0, far + 2.0)


def _halves(items: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Four indicators or fewer stand above; more are halved above and below."""
    half = len(items) if len(items) <= 4 else (len(items) + 1) // 2
    return items[:half], items[half:]


# ---- indicators -----------------------------------------------------------------------------------------------------


def _local_rows(
    roles: Roles, style: Style, sizes: dict[str, Box], boxes: dict[str, Box], outward: dict[str, Outward]
) -> set[str]:
    inner: set[str] = set()
    for layer in roles.layers:
        middle = float(np.mean([boxes[name].y for name in layer])) - 1
        for name in layer:
            items = roles.items.get(name, ())
            if not items or roles.side[name] != "middle" or not crowded(layer, roles):
                continue
            owner = boxes[name]
            pitch = max(sizes[item].width for item in items) + 4
            upper, lower = _halves(items)
            parts = (upper, lower) if lower or boxes[name].y >= middle else (lower, upper)
            for part, sign in zip(parts, (1, -1), strict=True):
                for k, item in enumerate(part):
                    x = owner.x + (k - (len(part) - 1) / 2) * max(pitch, 29.0)
                    y = owner.y + sign * (owner.height / 2 + row_depth(style) + sizes[item].height / 2)
                    boxes[item] = replace(sizes[item], x=x, y=y)
                    outward[item] = "up" if sign > 0 else "down"
                    inner.add(item)
    return inner


def _column(
    diagram: PathDiagram, roles: Roles, style: Style, sizes: dict[str, Box], boxes: dict[str, Box],
    outward: dict[str, Outward], side: str,
) -> None:  # fmt: skip
    """Indicators of the first or last layer in one column beside it, in the order of their variables."""
    layer = roles.layers[0 if side == "left" else -1] if roles.layers else ()
    owners = sorted((n for n in layer if roles.side[n] == side and roles.items.get(n)), key=lambda n: -boxes[n].y)
    items = [item for name in owners for item in roles.items[name]]
    if not items:
        return
    sign = -1.0 if side == "left" else 1.0
    arcs = arc_depth(diagram, layer) if side == "left" or len(roles.layers) > 1 else 0.0
    shared = _share_of_crossed(diagram, roles, items)
    fan = max((60.0 if len(roles.layers) <= 2 else 46.0) * style.spread * (1 + shared), arcs + 34.0)
    edge = max(sign * boxes[name].x + boxes[name].width / 2 for name in layer)
    x = sign * (edge + fan + max(sizes[item].width for item in items) / 2)
    wanted, apart, breaks = [], [], []
    for name in owners:
        own = roles.items[name]
        pitch = [(sizes[item].height + item_gap(item, roles, sizes, style)) * (1 + 0.7 * shared) for item in own]
        centres = np.cumsum(pitch) - np.array(pitch) / 2
        wanted += list(-boxes[name].y + centres - sum(pitch) / 2)
        apart += pitch
        breaks += [False] * (len(own) - 1) + [True]
    gaps = np.array([
        (a + b) / 2 + 5 * style.spread * new for a, b, new in zip(apart, apart[1:], breaks, strict=False)
    ])  # fmt: skip
    for item, y in zip(items, -spaced(np.array(wanted), gaps), strict=True):
        boxes[item] = replace(sizes[item], x=x, y=float(y))
        outward[item] = "left" if side == "left" else "right"


def _share_of_crossed(diagram: PathDiagram, roles: Roles, items: list[str]) -> float:
    """Mean number of further loadings of an indicator from the same side, at most 2."""
    count = sum(
        edge.kind == "loading" and edge.target in items and roles.side[edge.source] != "far" for edge in diagram.edges
    )
    return min(max(count / len(items) - 1, 0.0), 2.0)


def _band(
    roles: Roles, style: Style, sizes: dict[str, Box], boxes: dict[str, Box], outward: dict[str, Outward],
    owners: list[str], way: str,
) -> None:  # fmt: skip
    """Indicators of middle variables in one row along the upper or lower rim."""
    if not owners:
        return
    sign = 1.0 if way == "up" else -1.0
    owners = sorted(owners, key=lambda name: boxes[name].x)
    items = [item for name in owners for item in roles.items[name]]
    tall = max(sizes[item].height for item in items)
    pitch = max(max(sizes[item].width for item in items) + 4, 29.0)
    wanted, gaps = [], []
    for name in owners:
        own = roles.items[name]
        wanted += [boxes[name].x + (k - (len(own) - 1) / 2) * pitch for k in range(len(own))]
        gaps += [pitch] * (len(own) - 1) + [pitch + 6]
    placed = spaced(np.array(wanted), np.array(gaps[:-1]))
    low, high = placed[0] - pitch / 2 - 2, placed[-1] + pitch / 2 + 2
    below_row = [box for box in boxes.values() if box.right > low and box.left < high]
    beyond = max((sign * box.y + box.height / 2 for box in below_row if box.name in outward), default=-np.inf)
    start = max(
        max(sign * boxes[name].y + boxes[name].height / 2 for name in owners) + row_depth(style),
        max((sign * box.y + box.height / 2 for box in below_row if box.name not in outward), default=-np.inf) + 14,
        beyond + 10 + (_stub(style) if np.isfinite(beyond) else 0),
    )
    for item, x in zip(items, placed, strict=True):
        boxes[item] = replace(sizes[item], x=float(x), y=sign * (start + tall / 2))
        outward[item] = "up" if way == "up" else "down"


def _far_factors(roles: Roles, style: Style, sizes: dict[str, Box], boxes: dict[str, Box]) -> None:
    for name in (name for name, side in roles.side.items() if side == "far"):
        items = [box for box in boxes.values() if box.name not in roles.side]
        x = max(box.right for box in items) + 70 * style.spread + sizes[name].width / 2
        boxes[name] = replace(sizes[name], x=x, y=float(np.mean([box.y for box in items])))


def _outside(
    roles: Roles, style: Style, sizes: dict[str, Box], boxes: dict[str, Box], outward: dict[str, Outward]
) -> None:
    """Covariates of single indicators, beyond the indicator that each explains."""
    by_goal: dict[str, list[str]] = {}
    for cause, goal in roles.outside.items():
        by_goal.setdefault(goal, []).append(cause)
    for goal, causes in by_goal.items():
        item = boxes[goal]
        dx, dy = _WAY[outward[goal]]
        for k, cause in enumerate(causes):
            shift = (k - (len(causes) - 1) / 2) * ((sizes[cause].height if dx else sizes[cause].width) + 3)
            away = 40 * style.spread + (item.width + sizes[cause].width if dx else item.height + sizes[cause].height) / 2
            x, y = item.x + dx * away - dy * shift, item.y + dy * away - dx * shift
            boxes[cause] = replace(sizes[cause], x=x, y=y)


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
    pools: list[list[float]] = []
    for value in wanted - shift:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, n), (second, m) = pools[-2], pools.pop()
            pools[-1] = [(first * n + second * m) / (n + m), n + m]
    return np.repeat([value for value, _ in pools], [int(count) for _, count in pools]) + shift


