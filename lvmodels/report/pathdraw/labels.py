"""Numbers on edges: each on its own edge, none on a node or on another number, few on a foreign edge."""

from __future__ import annotations

import numpy as np

from lvmodels.report.pathdraw.geometry import Array, evenly, length, outline_hit
from lvmodels.report.pathdraw.places import Places
from lvmodels.report.pathdraw.residuals import Mark
from lvmodels.report.pathdraw.routes import Route
from lvmodels.report.pathdraw.sizes import HEAD, LABEL_SIZE, Style

STEPS = 41
FORBIDDEN = 1000.0


def place_labels(routes: list[Route], places: Places, residuals: list[Mark], style: Style) -> tuple[list[Mark], int]:
    """A number for every route, and how many could not be kept free of nodes and other numbers.

    Each number slides along its edge to the cheapest place while the others stay; a few rounds suffice.
    """
    sizes = [style.label_box(style.text(route.edge.estimate)) for route in routes]
    tracks = [_track(route, size) for route, size in zip(routes, sizes, strict=True)]
    fixed = [
        _fixed_cost(i, tracks, routes, size, places, residuals) + _preference(route, places)
        for i, (route, size) in enumerate(zip(routes, sizes, strict=True))
    ]
    chosen: dict[int, int] = {}
    order = sorted(range(len(routes)), key=lambda i: (fixed[i] < FORBIDDEN).sum())
    for _ in range(4):
        before = dict(chosen)
        for i in order:
            others = [j for j in chosen if j != i]
            chosen[i] = int(np.argmin(fixed[i] + _label_cost(i, others, chosen, tracks, sizes)))
        if chosen == before:
            break
    worst = [
        fixed[i][chosen[i]] + _label_cost(i, [j for j in chosen if j != i], chosen, tracks, sizes)[chosen[i]]
        for i in range(len(routes))
    ]
    marks = [_mark(style.text(route.edge.estimate), tracks[i][chosen[i]], sizes[i]) for i, route in enumerate(routes)]
    return marks, int(sum(cost >= FORBIDDEN for cost in worst))


def _mark(text: str, place: Array, size: tuple[float, float]) -> Mark:
    return Mark(text, float(place[0]), float(place[1]), *size, LABEL_SIZE)


def _track(route: Route, size: tuple[float, float]) -> Array:
    """Places along the edge where the number may stand, clear of the heads when the edge is long enough."""
    points, run = evenly(route.curve, 121)
    total = run[-1]
    way = np.abs(points[-1] - points[-8]) / max(float(np.hypot(*(points[-1] - points[-8]))), 1e-9)
    half = min(size[0] / 2 / max(way[0], 1e-9), size[1] / 2 / max(way[1], 1e-9))
    end = min(half + HEAD + 2.0, total * 0.45)
    start = min(half + (HEAD if route.both else 0.0) + 2.0, total * 0.45)
    wanted = np.linspace(start, max(total - end, start), STEPS)
    return np.stack([np.interp(wanted, run, points[:, 0]), np.interp(wanted, run, points[:, 1])], axis=1)


def _preference(route: Route, places: Places) -> Array:
    """The middle for paths and arcs; nearer to the indicator for loadings, where the fan is wide."""
    share = np.linspace(0, 1, STEPS)
    edge = route.edge
    if edge.kind in ("loading", "weight"):
        item = edge.target if edge.target in places.outward else edge.source
        upright = item in places.outward and places.outward[item] in ("up", "down")
        goal = 1.0 if upright else 0.6
        if item == edge.source:
            goal = 1 - goal
    else:
        goal = 0.5
    return 4.0 * np.abs(share - goal)


def _fixed_cost(
    i: int, tracks: list[Array], routes: list[Route], size: tuple[float, float], places: Places, residuals: list[Mark]
) -> Array:
    """Cost of every place of number `i` that does not depend on the other numbers."""
    x, y = tracks[i].T
    half_width, half_height = np.full(STEPS, size[0] / 2 + 1.2), np.full(STEPS, size[1] / 2 + 1.0)
    low, high = tracks[i].min(axis=0) - size, tracks[i].max(axis=0) + size
    cost = np.zeros(STEPS)
    for box in places.boxes.values():
        if box.right > low[0] and box.left < high[0] and box.top > low[1] and box.bottom < high[1]:
            cost += FORBIDDEN * outline_hit(box, x, y, half_width, half_height)
    for mark in residuals:
        near = (np.abs(x - mark.x) < half_width + mark.width / 2) & (np.abs(y - mark.y) < half_height + mark.height / 2)
        cost += FORBIDDEN * near
    for j, route in enumerate(routes):
        if j == i:
            continue
        points, _ = evenly(route.curve, max(10, int(length(route.curve) / 5)))
        if (points.max(axis=0) < low).any() or (points.min(axis=0) > high).any():
            continue
        inside = (np.abs(points[None, :, 0] - x[:, None]) < half_width[:, None]) & (
            np.abs(points[None, :, 1] - y[:, None]) < half_height[:, None]
        )
        cost += 2.6 * inside.any(axis=1) + 0.4 * inside.sum(axis=1) + 6.0 * inside[:, -1]
        cost += 6.0 * inside[:, 0] * route.both
    return cost


def _label_cost(
    i: int, others: list[int], chosen: dict[int, int], tracks: list[Array], sizes: list[tuple[float, float]]
) -> Array:
    if not others:
        return np.zeros(STEPS)
    centres = np.array([tracks[j][chosen[j]] for j in others])
    reach = (np.array([sizes[j] for j in others]) + np.array(sizes[i])) / 2 + np.array([1.4, 0.8])
    near = (np.abs(tracks[i][:, None] - centres[None]) < reach[None]).all(axis=2)
    return np.asarray(FORBIDDEN * near.sum(axis=1), dtype=np.float64)
