"""Residual variances: a short arrow from outside with its number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lvmodels.report.pathdraw.geometry import Array, Box, Point, depth_inside, evenly, line, outline_hit
from lvmodels.report.pathdraw.graph import PathDiagram
from lvmodels.report.pathdraw.places import Places
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.routes import Route
from lvmodels.report.pathdraw.sizes import RESIDUAL_SIZE, Style

STUB = 8.0
_PREFERRED = (90, 270, 45, 315, 135, 225, 0, 180)
_ANGLES = tuple(math.radians(a) for a in (*_PREFERRED, *(b for b in range(0, 360, 15) if b not in _PREFERRED)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A number with its place (centre, width, height), on an edge or at the tail of a residual's arrow."""

    text: str
    x: float
    y: float
    width: float
    height: float
    size: float


@dataclass(frozen=True, slots=True)
class Residual:
    """A residual's arrow, from its number to the border of its node."""

    name: str
    curve: Array
    mark: Mark


def item_residuals(diagram: PathDiagram, roles: Roles, places: Places, style: Style) -> dict[str, Residual]:
    """Residuals of the indicators whose outer side is free, pointing at its middle."""
    taken = set(roles.outside.values())
    far = any(side == "far" for side in roles.side.values())
    found = {}
    for node in diagram.nodes:
        if node.name in places.outward and node.name not in taken and not far and style.residual_text(node):
            dx, dy = places.way(node.name)
            found[node.name] = _residual(places.boxes[node.name], math.atan2(dy, dx), style.residual_text(node), style)
    return found


def docks(places: Places, residuals: dict[str, Residual]) -> dict[str, Point]:
    """Where the covariances of each indicator begin and end: just beyond its residual, or at its border."""
    points = {}
    for name in places.outward:
        dx, dy = places.way(name)
        box = places.boxes[name]
        x, y = box.x + dx * box.width / 2, box.y + dy * box.height / 2
        if name in residuals:
            mark = residuals[name].mark
            x, y = mark.x + dx * (mark.width / 2 + 1), mark.y + dy * (mark.height / 2 + 1)
        points[name] = (x, y)
    return points


def node_residuals(
    diagram: PathDiagram, places: Places, style: Style, done: dict[str, Residual], routes: list[Route]
) -> dict[str, Residual]:
    """Residuals of all other nodes, each at the angle where it is least in the way; all indicators at one angle."""
    ways = [evenly(route.curve, 60)[0] for route in routes]
    found: dict[str, Residual] = {}
    texts = {node.name: style.residual_text(node) for node in diagram.nodes if node.name not in done}
    items = [name for name, text in texts.items() if text and name in places.outward]
    others = [name for name, text in texts.items() if text and name not in places.outward]
    for group in ([items] if items else []) + [[name] for name in others]:
        trials = {name: [_residual(places.boxes[name], a, texts[name], style) for a in _ANGLES] for name in group}
        marks = [other.mark for other in (*done.values(), *found.values())]
        costs = np.stack([_costs(trials[name], places, ways, marks) for name in group])
        best = int(np.argmin(costs.sum(axis=0)))
        found |= {name: trials[name][best] for name in group}
    return found


def _residual(box: Box, angle: float, text: str, style: Style) -> Residual:
    way = np.array([math.cos(angle), math.sin(angle)])
    centre = np.array(box.centre)
    tip = centre + way / depth_inside(box, (centre + way)[None])[0]  # depth grows in proportion from the centre
    tail = tip + STUB * way
    width, height = style.label_box(text, RESIDUAL_SIZE)
    x, y = tail + way * (abs(way[0]) * width / 2 + abs(way[1]) * height / 2 + 0.5)
    mark = Mark(text, float(x), float(y), width, height, RESIDUAL_SIZE)
    return Residual(box.name, line(tuple(tail), tuple(tip)), mark)


def _costs(trials: list[Residual], places: Places, ways: list[Array], marks: list[Mark]) -> Array:
    """What each of the trials is in the way of; foreign numbers and nodes weigh most."""
    x, y = np.array([(trial.mark.x, trial.mark.y) for trial in trials]).T
    half_width = np.array([trial.mark.width / 2 + 1.0 for trial in trials])
    half_height = np.array([trial.mark.height / 2 + 1.0 for trial in trials])
    cost = 0.02 * np.arange(len(trials))
    for other in places.boxes.values():
        if abs(other.x - x.mean()) < other.width / 2 + 60 and abs(other.y - y.mean()) < other.height / 2 + 60:
            cost += 50.0 * outline_hit(other, x, y, half_width, half_height)
    for mark in marks:
        near = np.abs(x - mark.x) < half_width + mark.width / 2
        cost += 50.0 * (near & (np.abs(y - mark.y) < half_height + mark.height / 2))
    stub_x, stub_y = np.array([trial.curve[[0, 3]].mean(axis=0) for trial in trials]).T
    for way in ways:
        if np.hypot(way[:, 0] - x.mean(), way[:, 1] - y.mean()).min() > 90:
            continue
        inside = (np.abs(way[None, :, 0] - x[:, None]) < half_width[:, None] + 1) & (
            np.abs(way[None, :, 1] - y[:, None]) < half_height[:, None] + 1
        )
        cost += 6.0 * inside.any(axis=1)
        stub_gap = np.hypot(way[None, :, 0] - stub_x[:, None], way[None, :, 1] - stub_y[:, None]).min(axis=1)
        mark_gap = np.hypot(way[None, :, 0] - x[:, None], way[None, :, 1] - y[:, None]).min(axis=1)
        cost += 4.0 * np.clip(1 - stub_gap / 8, 0, None) + 2.0 * np.clip(1 - mark_gap / 20, 0, None)
    return np.asarray(cost, dtype=np.float64)
