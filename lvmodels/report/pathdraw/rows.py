"""Where the structural variables stand: x by layer, y by a search for few crossings and no run-through nodes.

Placing nodes so that straight edges cross least is hard in general, so a small deterministic search is used: layer by
layer every sensible order and shift is tried while the other layers stay, until nothing gets better. The cost counts,
by falling weight, edges that run through a node, edges too short for their label, crossings, edges that leave a node
almost together, and length.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.report.pathdraw.geometry import Array

Ints = NDArray[np.int64]
Fan = int  # +1: indicators above, −1: below, 0: beside the variable or none

NODE_GAP = 14.0
MIN_PITCH = 34.0
MAX_GAP = 105.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Sizes and links of n structural variables; arrays of length n unless said otherwise.

    Attributes
    ----------
    layer : array of int
        Layer of every variable, 0 leftmost.
    width, height : array
        Size of the node.
    above, below : array
        How far the node and what moves with it reach from its centre.
    reach : array
        Half the width of the node and of what moves with it.
    need : array
        Vertical room that the node claims in its layer, for it or for its column of indicators.
    row : array
        Width of the row of indicators that must stand above or below the variable; 0 for none.
    edges : array, e by 2
        Directed edges, source and target.
    ties : array, c by 2
        Covariances.
    label : tuple of float
        Width and height of an edge label.
    room : float
        Width available between the centres of the first and the last layer.
    band : float
        Width available to a row of indicators.
    gap : float
        Least width between the borders of two linked variables at one height.
    spread : float
        1, or more to give everything more room.
    """

    layer: Ints
    width: Array
    height: Array
    above: Array
    below: Array
    reach: Array
    need: Array
    row: Array
    edges: Ints
    ties: Ints
    label: tuple[float, float]
    room: float
    band: float
    gap: float
    spread: float

    def members(self, layer: int) -> Ints:
        """Variables of a layer in the model's order."""
        return np.flatnonzero(self.layer == layer)


@dataclass(frozen=True, slots=True)
class Rows:
    """The places found: x and y of the centres, and the side of every row of indicators."""

    x: Array
    y: Array
    fan: tuple[Fan, ...]


def find_rows(problem: Problem, y: Array | None = None) -> Rows:
    """The best places that the search finds; the same input gives the same places.

    With `y`, found before at another width, only x is worked out.
    """
    if y is None:
        y = _search(problem)
    x = columns(problem, y)
    return Rows(x, y, tuple(int(side) for side in _fans(problem, x, y)[0]))


def _search(problem: Problem) -> Array:
    n_layers = int(problem.layer.max(initial=0)) + 1
    half = _half_height(problem)
    known: dict[bytes, float] = {}

    def price(y: Array) -> float:
        key = y.tobytes()
        if key not in known:
            known[key] = evaluate(problem, y)
        return known[key]

    best: tuple[float, Array] | None = None
    for tilt in (0.0, 1.0, -1.0):
        y = np.zeros(len(problem.layer))
        for layer in range(n_layers):
            members = problem.members(layer)
            y[members] = _packed(problem, members)
            if len(members) == 1 and 0 < layer < n_layers - 1:
                y[members] = tilt * half * (-1) ** layer
        cost = price(y)
        for _ in range(6):
            before = cost
            for layer in range(n_layers):
                for order, places in _options(problem, y, layer, n_layers, half):
                    trial = y.copy()
                    trial[order] = places
                    if (trial_cost := price(trial)) < cost - 1e-6:
                        y, cost = trial, trial_cost
            if cost > before - 1e-9:
                break
        if best is None or cost < best[0] - 1e-6:
            best = (cost, y)
    assert best is not None
    return best[1]


def _half_height(problem: Problem) -> float:
    tall = max(problem.need[problem.members(k)].sum() for k in range(int(problem.layer.max(initial=0)) + 1))
    return max(float(tall) / 2, 52 * problem.spread)


def _packed(problem: Problem, order: Ints, upto: float = 0.0) -> Array:
    """Centres of a layer's variables from top to bottom, middle at 0, drawn apart to ±`upto` when that is more."""
    need = problem.need[order]
    ends = np.cumsum(need)
    centres = ends[-1] / 2 - (ends - need / 2)
    if len(order) > 1 and upto:
        scale = (2 * upto - need[0] / 2 - need[-1] / 2) / (centres[0] - centres[-1])
        centres = centres * max(scale, 1.0)
    return np.asarray(centres)


def _options(problem: Problem, y: Array, layer: int, n_layers: int, half: float) -> list[tuple[Ints, Array]]:
    members = problem.members(layer)
    if len(members) == 1:
        near = min(half, 78 * problem.spread)
        steps = (0.0, 1.0, -1.0, 0.5, -0.5) if 0 < layer < n_layers - 1 else (0.0, 0.5, -0.5)
        places = sorted({step * span for step in steps for span in (near, half)}, key=abs)
        return [(members, np.array([place])) for place in places]
    if len(problem.edges) == 0:
        return [(members, _packed(problem, members))]
    found = []
    for order in _orders(members[np.argsort(-y[members], kind="stable")], members):
        tight = _packed(problem, order)
        found += [(order, tight), (order, _packed(problem, order, half))]
        slack = half - (tight[0] + problem.need[order[0]] / 2)
        if slack > 8:
            found += [(order, tight + slack), (order, tight - slack)]
    return found


def _orders(current: Ints, members: Ints) -> list[Ints]:
    """All orders of a small layer; for a larger one the present order, the model's, and all single exchanges."""
    if len(members) <= 4:
        return [np.array(order) for order in itertools.permutations(members)]
    orders = [members.copy(), current.copy()]
    for i, j in itertools.combinations(range(len(current)), 2):
        swapped = current.copy()
        swapped[[i, j]] = swapped[[j, i]]
        orders.append(swapped)
    return orders


def columns(problem: Problem, y: Array) -> Array:
    """x of every variable: layers as close as their nodes and labels allow, then drawn apart to fill the room.

    Variables at different heights may overlap sideways, which lets long causal chains fit on a page.
    """
    n_layers = int(problem.layer.max(initial=0)) + 1
    at = np.zeros(n_layers)
    top, bottom = y + problem.above, y - problem.below
    linked = np.zeros((len(y), len(y)), dtype=bool)
    linked[problem.edges[:, 0], problem.edges[:, 1]] = True
    members = [problem.members(k) for k in range(n_layers)]
    for b in range(1, n_layers):
        for a in range(b):
            u, v = members[a][:, None], members[b][None, :]
            level = (top[u] + 4 > bottom[v] - 4) & (top[v] + 4 > bottom[u] - 4)
            apart = problem.reach[u] + problem.reach[v] + np.where(linked[u, v] | linked[v, u], problem.gap, NODE_GAP)
            at[b] = max(at[b], at[a] + np.where(level, apart, MIN_PITCH * (b - a)).max(initial=0.0))
    if at[-1] > 0:
        most = (float(problem.width.mean()) + MAX_GAP) / float(np.diff(at).max())
        at *= min(max(problem.room / at[-1], 1.0), max(most, 1.0))
    return np.asarray(at[problem.layer])


def evaluate(problem: Problem, y: Array) -> float:
    """Cost of a placement; lower is better."""
    x = columns(problem, y)
    cost = 3.0 * max(0.0, float(np.ptp(x)) - problem.room) / 10
    cost += _fans(problem, x, y)[1]
    if len(problem.ties):
        cost += 0.004 * float(np.abs(y[problem.ties[:, 0]] - y[problem.ties[:, 1]]).sum())
    if not len(problem.edges):
        return cost
    a = np.stack([x[problem.edges[:, 0]], y[problem.edges[:, 0]]], axis=1)
    b = np.stack([x[problem.edges[:, 1]], y[problem.edges[:, 1]]], axis=1)
    cost += 7 * float(_hits(problem, x, y, a, b, problem.edges).sum())
    cost += 2 * float(_cross(a, b, a, b, problem.edges, problem.edges).sum()) / 2
    cost += _crowding(problem, a, b)
    inversions = sum(float((np.diff(y[problem.members(k)]) > 0).sum()) for k in range(int(problem.layer.max()) + 1))
    return cost + 0.15 * inversions


def _crowding(problem: Problem, a: Array, b: Array) -> float:
    """Edges too short for their label, nearly the same direction at a shared end, and length."""
    way = b - a
    size = np.hypot(way[:, 0], way[:, 1])
    unit = way / np.maximum(size, 1e-9)[:, None]
    inner = sum(
        1 / np.hypot(2 * unit[:, 0] / problem.width[end], 2 * unit[:, 1] / problem.height[end])
        for end in (problem.edges[:, 0], problem.edges[:, 1])
    )
    wanted = np.abs(unit[:, 0]) * problem.label[0] + np.abs(unit[:, 1]) * problem.label[1] + 14
    short = np.clip((wanted - (size - inner)) / wanted, 0, None)
    cost = 5 * float(short.sum()) + 0.0025 * float(size.sum())
    for end in (0, 1):
        shared = np.triu(problem.edges[:, None, end] == problem.edges[None, :, end], 1)
        together = np.clip(np.sum(unit[:, None] * unit[None], axis=2), -1, 1)
        cost += 3 * float((np.clip(1 - np.degrees(np.arccos(together)) / 16, 0, None) * shared).sum())
    return cost


def _hits(problem: Problem, x: Array, y: Array, a: Array, b: Array, ends: Ints) -> NDArray[np.bool_]:
    """Which segments run through which node that is not their end; e by n."""
    scale_x = problem.reach + 5
    scale_y = np.maximum(problem.above, problem.below) + 4
    start = (a[:, None] - np.stack([x, y], axis=1)[None]) / np.stack([scale_x, scale_y], axis=1)[None]
    way = (b - a)[:, None] / np.stack([scale_x, scale_y], axis=1)[None]
    t = np.clip(-(start * way).sum(axis=2) / np.maximum((way**2).sum(axis=2), 1e-9), 0, 1)
    near = ((start + t[..., None] * way) ** 2).sum(axis=2) < 1
    nodes = np.arange(len(x))
    return np.asarray(near & (ends[:, :1] != nodes) & (ends[:, 1:] != nodes))


def _cross(a: Array, b: Array, c: Array, d: Array, ends: Ints, others: Ints) -> NDArray[np.bool_]:
    """Which of the segments a–b cross which of c–d, those with a common end left out."""

    def turn(p: Array, q: Array, r: Array) -> Array:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    a, b, c, d = a[:, None], b[:, None], c[None], d[None]
    crossed = (turn(a, b, c) * turn(a, b, d) < 0) & (turn(c, d, a) * turn(c, d, b) < 0)
    common = (ends[:, None, :, None] == others[None, :, None, :]).any(axis=(2, 3))
    return np.asarray(crossed & ~common)


def _fans(problem: Problem, x: Array, y: Array) -> tuple[Ints, float]:
    """The better side of every row of indicators, and what the rows cost together."""
    side = np.zeros(len(x), dtype=np.int64)
    owners = np.flatnonzero(problem.row)
    if not len(owners):
        return side, 0.0
    prices = np.stack([_fan_prices(problem, x, y, owners, way) for way in (-1, 1)], axis=1)
    cost = 0.0
    used = [0.0, 0.0]
    for node, price in zip(owners, prices, strict=True):
        full = [2 * max(0.0, used[k] + problem.row[node] - problem.band) / 30 for k in (0, 1)]
        k = int(price[1] + full[1] < price[0] + full[0])
        side[node], cost = (-1, 1)[k], cost + float(price[k]) + full[k]
        used[k] += float(problem.row[node])
    return side, cost


def _fan_prices(problem: Problem, x: Array, y: Array, owners: Ints, way: int) -> Array:
    """What a row above (+1) or below (−1) each owner runs through: nodes, edges, and sheer length."""
    rim = float((y + problem.above).max()) if way > 0 else float((y - problem.below).min())
    a = np.stack([x[owners], y[owners]], axis=1)
    b = np.stack([x[owners], np.full(len(owners), rim + 30.0 * way)], axis=1)
    own = np.stack([owners, owners], axis=1)
    price = 9.0 * _hits(problem, x, y, a, b, own).sum(axis=1) + 0.004 * np.abs(b[:, 1] - a[:, 1])
    if len(problem.edges):
        first, second = problem.edges[:, 0], problem.edges[:, 1]
        starts, goals = np.stack([x[first], y[first]], axis=1), np.stack([x[second], y[second]], axis=1)
        price = price + 3.0 * _cross(a, b, starts, goals, own, problem.edges).sum(axis=1)
    return np.asarray(price)
