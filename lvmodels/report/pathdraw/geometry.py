"""Boxes, cubic Bézier curves and the questions asked of them; all lengths in points.

A curve is an array of 3k + 1 points by 2: k cubic pieces joined at their ends.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.report.pathdraw.graph import Shape

Array = NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place: centre, full width and height, and the lines of its label."""

    name: str
    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    size: float

    @property
    def left(self) -> float:
        """x of the left side."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """x of the right side."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """y of the upper side."""
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """y of the lower side."""
        return self.y - self.height / 2

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x, self.y


def depth_inside(box: Box, points: Array, margin: float = 0.0) -> Array:
    """How deep `points` (n by 2) lie in the node: below 1 inside, 1 on the border, above 1 outside."""
    u = np.abs(points[..., 0] - box.x) / (box.width / 2 + margin)
    v = np.abs(points[..., 1] - box.y) / (box.height / 2 + margin)
    if box.shape == "ellipse":
        return np.asarray(np.hypot(u, v))
    if box.shape == "hexagon":
        return np.asarray(np.maximum(v, u + hexagon_slant(box) * v))
    return np.asarray(np.maximum(u, v))


def hexagon_slant(box: Box) -> float:
    """Share of the half width that a hexagon's pointed side takes."""
    return min(0.5, box.height / 2 / box.width)


def outline_hit(box: Box, x: Array, y: Array, half_width: Array, half_height: Array) -> NDArray[np.bool_]:
    """Whether rectangles centred at (x, y) touch the node; the corner nearest to its centre decides."""
    near_x = np.clip(box.x, x - half_width, x + half_width)
    near_y = np.clip(box.y, y - half_height, y + half_height)
    return depth_inside(box, np.stack([near_x, near_y], axis=-1)) < 1


def line(start: Point, end: Point) -> Array:
    """A straight line as a cubic curve."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    return np.stack([a, a + (b - a) / 3, a + 2 * (b - a) / 3, b])


def bow(start: Point, end: Point, first: float, second: float) -> Array:
    """A curve whose two inner control points are pushed `first` and `second` points to the left of its way."""
    straight = line(start, end)
    way = straight[3] - straight[0]
    normal = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1e-9)
    straight[1] += first * normal
    straight[2] += second * normal
    return straight


def rounded(corners: list[Point], radius: float = 7.0) -> Array:
    """A way along straight stretches with rounded corners."""
    points = [np.asarray(corner, float) for corner in corners]
    pieces: list[Array] = []
    here = points[0]
    for corner, beyond in itertools.pairwise(points[1:]):
        before = _toward(corner, here, radius)
        after = _toward(corner, beyond, radius)
        pieces += [
            line(tuple(here), tuple(before)),
            np.stack([before, (before + 2 * corner) / 3, (after + 2 * corner) / 3, after]),
        ]
        here = after
    pieces.append(line(tuple(here), tuple(points[-1])))
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _toward(start: Array, goal: Array, distance: float) -> Array:
    way = goal - start
    length = max(float(np.hypot(*way)), 1e-9)
    return np.asarray(start + way * min(distance / length, 0.5))


_T = np.linspace(0.0, 1.0, 33)
_BASIS = np.stack([(1 - _T) ** 3, 3 * _T * (1 - _T) ** 2, 3 * _T**2 * (1 - _T), _T**3], axis=1)


def at(curve: Array, t: Array) -> Array:
    """Points of a one-piece curve at parameter values."""
    basis = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    return np.asarray(basis @ curve)


def sample(curve: Array, per_piece: int = 33) -> Array:
    """Points along the curve, ends included."""
    basis = _BASIS[:: max(1, 32 // (per_piece - 1))]
    pieces = [basis @ curve[k : k + 4] for k in range(0, len(curve) - 1, 3)]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def evenly(curve: Array, count: int) -> tuple[Array, Array]:
    """`count` points at equal steps of arc length, and the lengths run until each."""
    points = sample(curve)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wanted = np.linspace(0.0, run[-1], count)
    return np.stack([np.interp(wanted, run, points[:, 0]), np.interp(wanted, run, points[:, 1])], axis=1), wanted


def length(curve: Array) -> float:
    """Arc length."""
    return float(np.hypot(*np.diff(sample(curve), axis=0).T).sum())


def part(curve: Array, start: float, end: float) -> Array:
    """The part of a one-piece curve between two parameter values."""
    later = _split(curve, start)[1]
    return _split(later, (end - start) / (1 - start) if start < 1 else 1.0)[0]


def _split(curve: Array, t: float) -> tuple[Array, Array]:
    a, b, c, d = curve
    ab, bc, cd = a + (b - a) * t, b + (c - b) * t, c + (d - c) * t
    abc, bcd = ab + (bc - ab) * t, bc + (cd - bc) * t
    middle = abc + (bcd - abc) * t
    return np.stack([a, ab, abc, middle]), np.stack([middle, bcd, cd, d])


def between(curve: Array, source: Box | None, target: Box | None) -> Array:
    """The part of a one-piece curve that runs outside its two nodes, from border to border."""
    points = sample(curve)
    start, end = 0.0, 1.0
    if source is not None:
        inside = np.flatnonzero(depth_inside(source, points) < 1)
        if len(inside) and inside[-1] < 32:
            start = _crossing(curve, source, _T[inside[-1]], _T[inside[-1] + 1])
    if target is not None:
        inside = np.flatnonzero(depth_inside(target, points) < 1)
        if len(inside) and inside[0] > 0:
            end = _crossing(curve, target, _T[inside[0]], _T[inside[0] - 1])
    return part(curve, start, end) if start < end else curve


def _crossing(curve: Array, box: Box, inner: float, outer: float) -> float:
    """Parameter at which the curve meets the border, by repeated division of the step in which it does."""
    for _ in range(3):
        t = np.linspace(inner, outer, 17)
        first = int(np.argmax(depth_inside(box, at(curve, t)) >= 1))
        inner, outer = float(t[max(first - 1, 0)]), float(t[first])
    return outer


def crossings(path: Array, others: list[Array]) -> int:
    """How often a polyline crosses other polylines (meetings at its very ends are not counted)."""
    if not others:
        return 0
    starts = np.concatenate([other[:-1] for other in others])
    ends = np.concatenate([other[1:] for other in others])
    a, b = path[:-1, None], path[1:, None]
    one = _side(a, b, starts[None]) * _side(a, b, ends[None])
    two = _side(starts[None], ends[None], a) * _side(starts[None], ends[None], b)
    return int(((one < 0) & (two < 0)).sum())


def _side(a: Array, b: Array, c: Array) -> Array:
    """Sign of the turn a → b → c."""
    return np.asarray(
        np.sign((b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0]))
    )
