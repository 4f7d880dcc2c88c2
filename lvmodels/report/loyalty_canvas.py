"""What figures of loyalty records have in common: size, colours, axes, names, and labels that keep apart."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.report.fonts import font_families, text_width
from lvmodels.report.pathdraw.drawing import FAINT, GREY, INK, drawing_lock

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.3
"""Of a figure in inches: the text of an A4 page."""
DARK, MIDDLE, PALE, LIGHT, ALERT = "#2f5d8a", "#8fb0d0", "#dbe6f1", "#cfcfcf", "#a1261b"
_SIZE = 8.0
_SPOTS = (
    (5, 0, "left", "center"), (-5, 0, "right", "center"), (0, 6, "center", "bottom"), (0, -6, "center", "top"),
    (5, 6, "left", "bottom"), (-5, 6, "right", "bottom"), (5, -6, "left", "top"), (-5, -6, "right", "top"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of the language, and names to show instead of those in the record."""

    words: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def name(self, name: Any) -> str:
        """What to call a row of a record."""
        return str(self.labels.get(str(name), name))


def new_figure(height: float, columns: int = 1, ratios: Sequence[float] = ()) -> tuple[Figure, list[Axes]]:
    """A white figure with axes side by side that have no frame at the top and right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    layout: Any = figure.get_layout_engine()
    layout.set(w_pad=0.08, h_pad=0.06)
    found = figure.subplots(1, columns, squeeze=False, width_ratios=list(ratios) or None).ravel()
    for axes in found:
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(FAINT)
        axes.tick_params(labelsize=_SIZE - 0.5, colors=GREY, length=2.5)
    return figure, list(found)


def row_height(rows: int, extra: float = 0.9) -> float:
    """Inches for a figure with a line a row."""
    return float(extra + 0.26 * max(rows, 2))


def name_axes(axes: Axes, x: str = "", y: str = "", title: str = "") -> None:
    """Words at the axes."""
    axes.set_xlabel(x, fontsize=_SIZE, color=GREY, parse_math=False)
    axes.set_ylabel(y, fontsize=_SIZE, color=GREY, parse_math=False)
    axes.set_title(title, fontsize=_SIZE + 0.5, color=INK, loc="left", parse_math=False)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Names of rows, the first at the top."""
    axes.set_yticks(range(len(names)), [_short(name) for name in names], color=INK, parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def legend(axes: Axes, columns: int, handles: Any = None) -> None:
    """A legend above the axes."""
    options = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": columns, "frameon": False, "fontsize": 7.5,
               "handlelength": 1.2, "columnspacing": 1.2, "borderaxespad": 0.3, "labelcolor": INK}  # fmt: skip
    if handles is None:
        axes.legend(**options)
    else:
        axes.legend(handles=handles, **options)


def number(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    colour: str = INK,
    ha: str = "left",
    va: str = "center",
    transform: Any = None,
    style: str = "normal",
) -> None:
    """A small text at a place of the axes, or of another transform."""
    axes.text(x, y, text, fontsize=_SIZE - 0.5, color=colour, ha=ha, va=va, style=style, parse_math=False,
              transform=axes.transData if transform is None else transform)  # fmt: skip


def whiskers(axes: Axes, low: Any, high: Any, rows: Any) -> None:
    """Intervals of rows."""
    axes.hlines(rows, low, high, color=INK, linewidth=1.0)


def settle(
    figure: Figure, points: Sequence[tuple[Axes, Any, Any, Sequence[str]]] = (), bars: Sequence[Any] = ()
) -> Figure:
    """Fonts for all letters, the layout once for all formats, and labels at points.

    Parameters
    ----------
    points : sequence of (axes, x, y, names)
    bars : sequence of ndarray, shape (n, 4)
        Intervals that labels keep clear of: x and y of one end and of the other.
    """
    from matplotlib.text import Text

    texts = [text for text in figure.findobj(Text) if text.get_text()]
    families = list(font_families([t.get_text() for t in texts] + [t for *_, names in points for t in names]))
    for text in texts:
        text.set_family(families)
    for axes in figure.axes:
        for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
            label.set_family(families)
    with drawing_lock, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # said by FontWarning, with the remedy
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes, x, y, names in points:
        _label_points(figure, axes, np.asarray(x, dtype=float), np.asarray(y, dtype=float), names, families, bars)
    return figure


def _label_points(
    figure: Figure, axes: Axes, x: Any, y: Any, names: Sequence[str], families: list[str], bars: Sequence[Any]
) -> None:
    """Each label beside its point, at the place where it covers least of what stands there already."""
    scale = 72.0 / figure.dpi
    centres = axes.transData.transform(np.column_stack([x, y])) * scale
    frame = axes.get_window_extent()
    room = np.array([frame.x0, frame.y0, frame.x1, frame.y1]) * scale
    taken = [np.array([a - 3, b - 3, a + 3, b + 3]) for a, b in centres]
    for bar in bars:
        ends = axes.transData.transform(np.asarray(bar, dtype=float).reshape(-1, 2)).reshape(-1, 4) * scale
        taken += [np.array([a, b - 1, c, d + 1]) if c > a else np.array([a - 1, b, c + 1, d]) for a, b, c, d in ends]
    size = _SIZE - 0.5
    for (a, b), place, name in zip(centres, zip(x, y, strict=True), names, strict=True):
        text = _short(name)
        width, height = text_width(text, size, tuple(families)), size
        costs = []
        for dx, dy, across, up in _SPOTS:
            left = a + dx - {"left": 0.0, "center": width / 2, "right": width}[across]
            low = b + dy - {"bottom": 0.0, "center": height / 2, "top": height}[up]
            box = np.array([left, low, left + width, low + height])
            costs.append((sum(_overlap(box, other) for other in taken) + 3.0 * _outside(box, room), box))
        best = int(np.argmin([cost for cost, _ in costs]))
        dx, dy, across, up = _SPOTS[best]
        axes.annotate(text, place, (dx, dy), textcoords="offset points", ha=across, va=up, fontsize=size, color=INK,
                      family=families, parse_math=False)  # fmt: skip
        taken.append(costs[best][1])


def _overlap(a: Any, b: Any) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return float(max(width, 0.0) * max(height, 0.0))


def _outside(box: Any, room: Any) -> float:
    area = (box[2] - box[0]) * (box[3] - box[1])
    return float(area - _overlap(box, room))


def _short(name: str, longest: int = 34) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
