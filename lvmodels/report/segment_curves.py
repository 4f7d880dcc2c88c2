"""Figures of how value concentrates, of moves between classes, and of classes found in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.loyalty.segments.concentration import Concentration, WhaleCurve
from lvmodels.loyalty.segments.latent_classes import LatentClasses
from lvmodels.loyalty.segments.movement import Transitions
from lvmodels.report.loyalty_canvas import (
    ALERT,
    DARK,
    MIDDLE,
    PALE,
    Shown,
    legend,
    name_axes,
    name_rows,
    new_figure,
    number,
    row_height,
    settle,
)
from lvmodels.report.pathdraw.drawing import FAINT, GREY
from lvmodels.report.segment_figures import name_label, name_role

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKS = "osD^vP*X"
_SHADES = (DARK, ALERT, MIDDLE, "#5a5a5a", "#b8a46a", "#7a5a8a", GREY, "#3a7a4a")


def draw_concentration(record: Concentration, shown: Shown) -> Figure:
    """The Lorenz curve under the line of equality."""
    words = shown.words
    figure, (axes,) = new_figure(3.7)
    x, y = 100.0 * record.lorenz["customers"], 100.0 * record.lorenz["revenue"]
    axes.plot([0, 100], [0, 100], color=FAINT, linewidth=0.9, linestyle="--")
    axes.fill_between(x, y, x, color=PALE, linewidth=0)
    axes.plot(x, y, color=DARK, linewidth=1.6)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    number(axes, 48, 55, words["segments.equal"], GREY, ha="right")
    title = words["segments.gini"].format(gini=record.gini, top=100.0 * record.top_share)
    name_axes(axes, words["segments.lorenz_customers"], words["segments.lorenz_revenue"], title)
    return settle(figure)


def draw_whale(record: WhaleCurve, shown: Shown) -> Figure:
    """Cumulative profit, its peak, and the level where it ends."""
    words = shown.words
    figure, (axes,) = new_figure(3.7)
    x, y = 100.0 * record.curve["customers"], 100.0 * record.curve["profit"]
    axes.axhline(100.0, color=FAINT, linewidth=0.9, linestyle="--")
    axes.plot(x, y, color=DARK, linewidth=1.6)
    at, peak = 100.0 * record.peak_at, 100.0 * record.peak
    axes.plot([at], [peak], "o", color=ALERT, markersize=5)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, peak * 1.16)
    text = words["segments.whale_peak"].format(peak=peak, at=at)
    number(axes, at, peak * 1.05, text, ALERT, ha="left" if at < 35 else "right" if at > 65 else "center", va="bottom")
    name_axes(axes, words["segments.whale_customers"], words["segments.whale_profit"])
    return settle(figure)


def draw_transitions(record: Transitions, shown: Shown) -> Figure:
    """A Sankey diagram: labels before on the left, after on the right, and who went where between them."""
    words, counts = shown.words, record.counts
    names = [name for name in counts.index if counts.loc[name].sum() or counts[name].sum()]
    table = counts.loc[names, names].to_numpy(dtype=float) / record.n
    figure, (axes,) = new_figure(max(3.2, row_height(len(names), 1.4)))
    gap = 0.04
    left, right = _stacked(table.sum(axis=1), gap), _stacked(table.sum(axis=0), gap)
    out, into = left.copy(), right.copy()
    for i in range(len(names)):
        for j in range(len(names)):
            if table[i, j]:
                _band(axes, out[i], into[j], table[i, j], MIDDLE if i == j else DARK if j > i else ALERT)
                out[i] += table[i, j]
                into[j] += table[i, j]
    for tops, sizes, x, side in ((left, table.sum(axis=1), 0.0, "right"), (right, table.sum(axis=0), 1.0, "left")):
        for top, size, name in zip(tops, sizes, names, strict=True):
            if size:
                axes.fill_between([x - 0.012, x + 0.012], top, top + size, color=GREY, linewidth=0)
                text = words["segments.corner"].format(label=name_label(name, shown), share=100.0 * size)
                number(axes, x - 0.025 if x == 0.0 else x + 0.025, top + size / 2, text, ha=side)
    axes.set_xlim(-0.45, 1.45)
    axes.set_ylim(1.0 + gap * (len(names) - 1) + 0.01, -0.01)
    axes.set_yticks([])
    axes.set_xticks([0.0, 1.0], [words["segments.before"], words["segments.after"]])
    for side in axes.spines.values():
        side.set_visible(False)
    moved = {"stayed": 100.0 * record.stayed, "up": 100.0 * record.up, "down": 100.0 * record.down}
    name_axes(axes, title=words["segments.moves"].format(n=record.n, **moved))
    return settle(figure)


def _stacked(sizes: Any, gap: float) -> Any:
    """Tops of blocks one under the other."""
    return np.r_[0.0, np.cumsum(sizes + gap)[:-1]]


def _band(axes: Axes, start: float, end: float, width: float, colour: str) -> None:
    """A ribbon from left to right that leaves and arrives level."""
    x = np.linspace(0.0, 1.0, 60)
    rise = x**2 * (3.0 - 2.0 * x)
    upper = start + (end - start) * rise
    axes.fill_between(0.012 + 0.976 * x, upper, upper + width, color=colour, alpha=0.4, linewidth=0)


def draw_latent_classes(record: LatentClasses, shown: Shown) -> Figure:
    """BIC of the models that were tried, and the means of the classes of the best one."""
    words = shown.words
    scores = list(record.means.columns)
    figure, (left, right) = new_figure(max(3.2, row_height(len(scores), 1.5)), 2, (1.0, 1.25))
    for shape, mark in zip(("full", "equal", "diagonal"), "osD", strict=True):
        tried = record.criteria[record.criteria["shape"] == shape]
        if len(tried):
            label = words[f"segments.shape_{shape}"]
            left.plot(tried["classes"], tried["bic"], marker=mark, markersize=4, linewidth=1.0, color=GREY, label=label)
    best = record.criteria.loc[record.criteria["bic"].idxmin()]
    left.plot([best["classes"]], [best["bic"]], "o", color=ALERT, markersize=7, fillstyle="none")
    left.set_xticks(sorted(set(record.criteria["classes"])))
    legend(left, 1)
    name_axes(left, words["segments.classes"], words["segments.bic"])
    values = record.classes.axes[scores]
    standard = (record.means - values.mean()) / values.std(ddof=0)
    for k, name in enumerate(record.means.index):
        text = words["segments.class_name"].format(name=name, share=100.0 * float(record.shares[name]))
        colour = _SHADES[k % len(_SHADES)]
        right.plot(standard.loc[name], range(len(scores)), marker=_MARKS[k % len(_MARKS)], color=colour, linewidth=1.0,
                   markersize=4.5, label=text)  # fmt: skip
    right.axvline(0.0, color=FAINT, linewidth=0.8, linestyle="--")
    name_rows(right, [name_role(name, shown) for name in scores])
    legend(right, 2)
    name_axes(right, words["segments.standard_mean"])
    return settle(figure)
