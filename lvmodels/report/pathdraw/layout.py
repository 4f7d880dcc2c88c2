"""From a diagram to coordinates: the whole pipeline, repeated with more room until nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lvmodels.report.fonts import font_families, text_width
from lvmodels.report.pathdraw.geometry import Array, Box, sample
from lvmodels.report.pathdraw.graph import Kind, PathDiagram
from lvmodels.report.pathdraw.labels import place_labels
from lvmodels.report.pathdraw.places import Places, place_nodes
from lvmodels.report.pathdraw.residuals import Mark, Residual, docks, item_residuals, node_residuals
from lvmodels.report.pathdraw.roles import Roles, assign_roles
from lvmodels.report.pathdraw.routes import Route, draw_arcs, draw_routes
from lvmodels.report.pathdraw.sizes import Style
from lvmodels.report.pathdraw.textfit import Measure

MARGIN = 4.0
SPREADS = (1.0, 1.15, 1.3, 1.5, 1.75, 2.1, 2.6, 3.3)
TIGHTER = ((58.0, 72.0, 46.0), (50.0, 56.0, 44.0), (43.0, 44.0, 36.0), (40.0, 40.0, 22.0))
"""Widths of node and indicator labels and gaps, tried one after another until the picture fits the page."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A diagram with coordinates, ready to be drawn; points (1/72 inch), origin at the lower left.

    Attributes
    ----------
    width, height : float
        Size of the picture without its legend line.
    boxes : tuple of Box
        The nodes.
    routes : tuple of Route
        The edges.
    labels : tuple of Mark
        The number of every edge, in the order of `routes`.
    residuals : tuple of Residual
        Short arrows with the residual variances.
    kind : {"std_all", "est"}
        What the numbers are.
    families : tuple of str
        Font families that the text was measured with.
    overlaps : int
        Labels or edges that no trial could keep free; 0 unless the diagram is beyond reason.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    labels: tuple[Mark, ...]
    residuals: tuple[Residual, ...]
    kind: Kind
    families: tuple[str, ...]
    overlaps: int


def layout(
    diagram: PathDiagram,
    *,
    kind: Kind = "std_all",
    residuals: bool = True,
    decimals: int = 2,
    width: float = 7.0,
    measure: Measure | None = None,
) -> Layout:
    """Coordinates for every part of a path diagram.

    Parameters
    ----------
    diagram : PathDiagram
        What to show.
    kind : {"std_all", "est"}
        Standardized estimates or estimates as they are.
    residuals : bool
        Whether residual variances are shown.
    decimals : int
        Digits after the point.
    width : float
        Width of the page in inches; the picture is no wider where its nodes allow, and narrower for small models.
    measure : callable, optional
        Width of a text at a font size, both in points; by default that of the font the figure is drawn with.

    Returns
    -------
    Layout
        The same for the same input, digit by digit.
    """
    families = font_families(node.label for node in diagram.nodes)
    style = Style(
        measure or (lambda text, size: text_width(text, size, families)), kind, residuals, decimals, width * 72
    )
    roles = assign_roles(diagram)
    best: Layout | None = None
    for spread in SPREADS:
        found = _fitted(diagram, roles, replace(style, spread=spread), families)
        if best is None or found.overlaps < best.overlaps:
            best = found
        if best.overlaps == 0:
            break
    assert best is not None
    return best


def _fitted(diagram: PathDiagram, roles: Roles, style: Style, families: tuple[str, ...]) -> Layout:
    """One layout at a given spread: wide labels first, narrower ones when the page is too small for them."""
    for node_limit, item_limit, gap in TIGHTER:
        style = replace(style, node_limit=node_limit, item_limit=item_limit, gap=gap)
        places, wide = _widened(diagram, roles, style)
        if wide <= style.page + 1:
            break
    outer, arcs = _rim(diagram, roles, places, style)
    numbers = [_as_box(stub) for stub in outer.values()]
    routes = draw_routes(diagram, places, arcs, numbers)
    stubs = [*outer.values(), *node_residuals(diagram, places, style, outer, routes).values()]
    labels, overlaps = place_labels(routes, places, [stub.mark for stub in stubs], style)
    overlaps += sum(route.hits for route in routes)
    return Layout(*_framed(places, routes, labels, stubs), style.kind, families, overlaps)


def _widened(diagram: PathDiagram, roles: Roles, style: Style) -> tuple[Places, float]:
    """Places that fill the width of the page as far as that looks well, and the width that they take."""
    room, heights = style.page * 0.55, None
    for attempt in range(4):
        places = place_nodes(diagram, roles, style, room, heights)
        outer, arcs = _rim(diagram, roles, places, style)
        points = _corners([*places.boxes.values(), *(stub.mark for stub in outer.values())], list(arcs.values()))
        wide = float(np.ptp(points[:, 0])) + 2 * MARGIN
        core = [places.boxes[name].x for layer in roles.layers for name in layer]
        reached = max(core, default=0.0) - min(core, default=0.0)
        if abs(wide - style.page) < 1 or (wide < style.page and reached < room - 2):
            break
        heights = None if attempt == 0 and wide > style.page else places.heights  # too wide: search once more
        room = max(reached + style.page - wide - 0.5, 0.0)
    return places, wide


def _rim(
    diagram: PathDiagram, roles: Roles, places: Places, style: Style
) -> tuple[dict[str, Residual], dict[int, Array]]:
    outer = item_residuals(diagram, roles, places, style)
    return outer, draw_arcs(diagram, roles, places, docks(places, outer))


def _as_box(stub: Residual) -> Box:
    mark = stub.mark
    return Box(stub.name, "rectangle", mark.x, mark.y, mark.width, mark.height, (), mark.size)


def _corners(rects: Sequence[Box | Mark], curves: Sequence[Array]) -> Array:
    """Points that between them reach as far as everything given."""
    ends = [(r.x + s * r.width / 2, r.y + s * r.height / 2) for r in rects for s in (-1, 1)]
    return np.concatenate([np.array(ends).reshape(-1, 2), *(sample(curve) for curve in curves)])


def _framed(
    places: Places, routes: list[Route], labels: list[Mark], stubs: list[Residual]
) -> tuple[float, float, tuple[Box, ...], tuple[Route, ...], tuple[Mark, ...], tuple[Residual, ...]]:
    """Everything moved so that the picture begins at the origin, with a small margin all round."""
    rects: list[Box | Mark] = [*places.boxes.values(), *labels, *(stub.mark for stub in stubs)]
    points = _corners(rects, [route.curve for route in routes] + [stub.curve for stub in stubs])
    low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    dx, dy = float(-low[0]), float(-low[1])
    return (
        float(high[0] - low[0]),
        float(high[1] - low[1]),
        tuple(replace(box, x=box.x + dx, y=box.y + dy) for box in places.boxes.values()),
        tuple(replace(route, curve=_moved(route.curve, dx, dy)) for route in routes),
        tuple(replace(mark, x=mark.x + dx, y=mark.y + dy) for mark in labels),
        tuple(
            replace(
                stub,
                curve=_moved(stub.curve, dx, dy),
                mark=replace(stub.mark, x=stub.mark.x + dx, y=stub.mark.y + dy),
            )
            for stub in stubs
        ),
    )


def _moved(curve: Array, dx: float, dy: float) -> Array:
    return np.asarray(curve + np.array([dx, dy]))
