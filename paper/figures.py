"""The two figures of the paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lvmodels.report.diagram import path_diagram, save
from paper.replication import replicate
from paper.values import MAIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.3
"""Of the text block, in inches."""

CONSTRUCTS = {
    "Quality": (0.95, 1.7),
    "Perceived value": (3.1, 2.65),
    "Satisfaction": (4.75, 1.55),
    "Loyalty": (8.05, 2.2),
    "Switching cost": (6.7, 0.55),
}
PATHS = (
    ("Quality", "Perceived value"),
    ("Quality", "Satisfaction"),
    ("Perceived value", "Satisfaction"),
    ("Perceived value", "Loyalty"),
    ("Satisfaction", "Loyalty"),
    ("Switching cost", "Loyalty"),
)
HALF = (0.82, 0.33)
"""Half axes of the ellipses."""

INK = "#1f2933"
FILL = "#e6edf5"


def draw_all(folder: Path) -> None:
    """Write the figures as SVG, their letters as outlines, so that no font is needed to show them."""
    folder.mkdir(parents=True, exist_ok=True)
    save(framework(), folder / "framework", ("svg",))
    save(path_diagram(replicate(MAIN).fit.estimates(), residuals=False, width=WIDTH), folder / "ecsi", ("svg",))


def framework() -> Figure:
    """The value-loyalty framework: what is thought to bring about what."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Ellipse

    figure = Figure(figsize=(WIDTH, WIDTH * 0.32))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 9)
    axes.set_ylim(0.15, 3.03)
    axes.set_aspect("equal")
    axes.set_axis_off()
    for start, end in PATHS:
        _arrow(axes, CONSTRUCTS[start], CONSTRUCTS[end])
    _moderation(axes)
    for name, center in CONSTRUCTS.items():
        axes.add_patch(
            Ellipse(center, 2 * HALF[0], 2 * HALF[1], facecolor=FILL, edgecolor=INK, linewidth=0.9, zorder=3)
        )
        axes.text(*center, name, ha="center", va="center", fontsize=8.5, color=INK, zorder=4)
    return figure


def _moderation(axes: Axes) -> None:
    """Switching cost weakens the path from satisfaction to loyalty: a dashed arrow onto the middle of that path."""
    (x0, y0), (x1, y1) = CONSTRUCTS["Satisfaction"], CONSTRUCTS["Loyalty"]
    middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1))
    _arrow(axes, CONSTRUCTS["Switching cost"], middle, to_ellipse=False, linestyle=(0, (4, 2.5)))


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], *, to_ellipse: bool = True, linestyle: Any = "-"
) -> None:
    from matplotlib.patches import FancyArrowPatch

    tail, head = _rim(start, end), _rim(end, start) if to_ellipse else end
    axes.add_patch(
        FancyArrowPatch(
            tail,
            head,
            arrowstyle="-|>,head_length=4,head_width=2",
            shrinkA=0,
            shrinkB=1.2,
            color=INK,
            linewidth=0.9,
            linestyle=linestyle,
        )
    )


def _rim(center: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line between two points leaves the ellipse around the first."""
    dx, dy = towards[0] - center[0], towards[1] - center[1]
    scale = ((dx / HALF[0]) ** 2 + (dy / HALF[1]) ** 2) ** -0.5
    return center[0] + scale * dx, center[1] + scale * dy
