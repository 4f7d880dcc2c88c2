"""A layout as a matplotlib figure: black, grey and one pale blue, readable in print without colour."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING

import numpy as np

from lvmodels.report.pathdraw.geometry import Array, Box, evenly, hexagon_slant
from lvmodels.report.pathdraw.graph import FIXED_MARK
from lvmodels.report.pathdraw.layout import Layout
from lvmodels.report.pathdraw.residuals import Mark
from lvmodels.report.pathdraw.routes import Route
from lvmodels.report.pathdraw.sizes import HEAD
from lvmodels.report.pathdraw.textfit import LINE_HEIGHT, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY, FAINT = "#1a1a1a", "#5a5a5a", "#8c8c8c"
FILL = {"ellipse": "#e6edf5", "hexagon": "#efefef", "rectangle": "#ffffff"}
LEGEND_SIZE = 6.5
"""Size in points of the line below the picture."""

drawing_lock = threading.Lock()
"""Held while matplotlib's global settings are touched."""


def default_legend(layout: Layout) -> str:
    """The line below the picture in English: only the signs that the picture uses.

    Returns
    -------
    str
        For example "* p < .05, ** p < .01, *** p < .001; dashed: p ≥ .05; standardized estimates".
    """
    texts = [mark.text for mark in layout.labels]
    parts = []
    if any(text.endswith("*") for text in texts):
        parts.append("*\u00a0p\u00a0<\u00a0.05, **\u00a0p\u00a0<\u00a0.01, ***\u00a0p\u00a0<\u00a0.001")
    if any(not route.edge.estimate.significant for route in layout.routes):
        parts.append("dashed: p\u00a0≥\u00a0.05")
    if any(text.endswith(FIXED_MARK) for text in texts):
        parts.append(f"{FIXED_MARK}\u00a0fixed parameter")
    parts.append("standardized estimates" if layout.kind == "std_all" else "unstandardized estimates")
    return "; ".join(parts)


def draw(layout: Layout, *, legend: str | None = None) -> Figure:
    """Draw a layout at print size.

    Parameters
    ----------
    layout : Layout
        What `layout` returned.
    legend : str, optional
        The line in small type below the picture; None for the English one, "" for none.

    Returns
    -------
    matplotlib.figure.Figure
        With an Agg canvas; it is not registered with pyplot, so it needs no closing.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    text = default_legend(layout) if legend is None else legend
    lines = wrap_legend(layout, text)
    foot = len(lines) * LEGEND_SIZE * LINE_HEIGHT + 7 if lines else 0.0
    figure = Figure(figsize=(layout.width / 72, (layout.height + foot) / 72), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(-foot, layout.height)
    axes.set_axis_off()
    for route in layout.routes:
        _draw_route(axes, route)
    for stub in layout.residuals:
        _draw_arrow(axes, stub.curve, FAINT, 0.55, head=3.4)
        _draw_text(axes, layout, stub.mark, GREY, halo=False)
    for box in layout.boxes:
        _draw_box(axes, layout, box)
    for route, mark in zip(layout.routes, layout.labels, strict=True):
        if mark.text:  # the halo of an empty one would cut the arrow
            _draw_text(axes, layout, mark, INK if route.edge.estimate.significant else GREY, halo=True)
    for k, words in enumerate(lines):
        y = -4 - k * LEGEND_SIZE * LINE_HEIGHT
        axes.text(4, y, words, size=LEGEND_SIZE, color=GREY, va="top", family=list(layout.families), parse_math=False,
                  gid="legend")  # fmt: skip
    return figure


def wrap_legend(layout: Layout, text: str) -> tuple[str, ...]:
    """The legend in lines as wide as the picture."""
    from lvmodels.report.fonts import text_width

    if not text.strip():
        return ()
    return wrap(text, layout.width - 10, LEGEND_SIZE, lambda words, size: text_width(words, size, layout.families))


def _draw_box(axes: Axes, layout: Layout, box: Box) -> None:
    from matplotlib.patches import Ellipse, Patch, Polygon, Rectangle

    shape: Patch
    if box.shape == "ellipse":
        shape = Ellipse(box.centre, box.width, box.height)
    elif box.shape == "hexagon":
        inner = box.width / 2 * (1 - hexagon_slant(box))
        upper = [(box.left, box.y), (box.x - inner, box.top), (box.x + inner, box.top)]
        lower = [(box.right, box.y), (box.x + inner, box.bottom), (box.x - inner, box.bottom)]
        shape = Polygon([*upper, *lower], closed=True)
    else:
        shape = Rectangle((box.left, box.bottom), box.width, box.height)
    shape.set(facecolor=FILL[box.shape], edgecolor=INK, linewidth=0.65 if box.shape == "rectangle" else 0.8)
    shape.set(zorder=3, gid=f"node:{box.name}")
    axes.add_patch(shape)
    for k, words in enumerate(box.lines):
        y = box.y + ((len(box.lines) - 1) / 2 - k) * box.size * LINE_HEIGHT
        axes.text(box.x, y - 0.36 * box.size, words, size=box.size, color=INK, ha="center", va="baseline", zorder=4,
                  family=list(layout.families), parse_math=False, gid=f"label:{box.name}")  # fmt: skip


def _draw_text(axes: Axes, layout: Layout, mark: Mark, colour: str, *, halo: bool) -> None:
    from matplotlib.patches import Rectangle

    if halo:
        width, height = mark.width + 0.6, mark.height
        corner = (mark.x - width / 2, mark.y - height / 2)
        axes.add_patch(Rectangle(corner, width, height, facecolor="white", edgecolor="none", zorder=2.5))
    axes.text(mark.x, mark.y - 0.36 * mark.size, mark.text, size=mark.size, color=colour, ha="center", va="baseline",
              zorder=5, family=list(layout.families), parse_math=False,
              gid="estimate" if halo else "residual")  # fmt: skip


def _draw_route(axes: Axes, route: Route) -> None:
    structural = route.edge.kind == "path"
    colour = INK if structural else GREY
    width = 1.0 if structural else 0.65
    if not route.edge.estimate.significant:
        colour = FAINT
    _draw_arrow(axes, route.curve, colour, width, both=route.both, dashed=not route.edge.estimate.significant,
                head=HEAD if structural else HEAD * 0.86)  # fmt: skip


def _draw_arrow(
    axes: Axes, curve: Array, colour: str, width: float, *, both: bool = False, dashed: bool = False, head: float = HEAD
) -> None:
    """The line, cut back under its heads, and the heads with their tips exactly at the ends."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

    points, run = evenly(curve, 200)
    keep = run <= run[-1] - head * 0.8
    if both:
        keep &= run >= head * 0.8
    style = (0, (3.2, 2.2)) if dashed else "solid"
    axes.add_line(
        Line2D(points[keep, 0], points[keep, 1], color=colour, linewidth=width, linestyle=style, zorder=1,
               solid_capstyle="butt", dash_capstyle="butt", gid="edge")
    )  # fmt: skip
    for at_end in (True, False) if both else (True,):
        tip = points[-1] if at_end else points[0]
        back = np.array([np.interp(run[-1] - head if at_end else head, run, points[:, axis]) for axis in (0, 1)])
        way = (tip - back) / max(float(np.hypot(*(tip - back))), 1e-9)
        across = np.array([-way[1], way[0]]) * head * 0.36
        base = tip - way * head
        axes.add_patch(
            Polygon([tuple(tip), tuple(base + across), tuple(base - across)], closed=True, facecolor=colour,
                    edgecolor="none", zorder=2, gid="head")
        )  # fmt: skip


def write(figure: Figure, path: str, *, fonttype: int, dpi: int) -> None:
    """Write a figure to a file whose ending names the format; the same figure gives the same bytes.

    Text becomes outlines in SVG, so that it looks the same on every reader's machine, and stays text in PDF.
    """
    import matplotlib

    settings = {"svg.fonttype": "path", "svg.hashsalt": "lvmodels", "pdf.fonttype": fonttype}
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(path.rsplit(".", 1)[-1])
    with drawing_lock, warnings.catch_warnings(), matplotlib.rc_context(settings):
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # said before, with the remedy, by FontWarning
        figure.savefig(path, dpi=dpi, metadata=metadata)
