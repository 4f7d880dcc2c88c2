"""Figures in two directions: importance and performance, Kano, value map, and the curve of loyalty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.loyalty.indices.curve import LoyaltyCurve
from lvmodels.loyalty.indices.importance_performance import ImportancePerformanceMap
from lvmodels.loyalty.indices.kano import Kano
from lvmodels.loyalty.indices.value_map import ValueMap
from lvmodels.report.loyalty_canvas import (
    ALERT,
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    Shown,
    legend,
    name_axes,
    new_figure,
    number,
    settle,
)
from lvmodels.report.pathdraw.drawing import FAINT, GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DASHES = ("-", "--", ":", "-.")


def draw_importance_performance(record: ImportancePerformanceMap, shown: Shown) -> Figure:
    """Importance to the right, performance upwards; bottom right is to be improved first."""
    words, table = shown.words, record.constructs
    figure, (axes,) = new_figure(3.7)
    x, y = table["importance"].to_numpy(), table["performance"].to_numpy()
    _pad(axes, "x", np.append(x, 0.0) if x.min() >= 0 else x, table["ci_lower"], table["ci_upper"])
    _pad(axes, "y", y, low=0.0, high=100.0)
    _cross(axes, x.mean(), y.mean(), [words[f"loyalty.quadrant_{name}"] for name in
                                       ("improve", "keep", "overkill", "low_priority")])  # fmt: skip
    axes.hlines(y, table["ci_lower"], table["ci_upper"], color=LIGHT, linewidth=1.4, zorder=2)
    axes.scatter(x, y, s=34, c=[ALERT if q == "improve" else DARK for q in table["quadrant"]], zorder=3)
    aim = shown.name(record.target)
    title = words["loyalty.target"].format(name=aim, performance=record.target_performance)
    name_axes(axes, words["loyalty.importance"].format(name=aim), words["loyalty.performance"], title)
    bars = np.column_stack([table["ci_lower"], y, table["ci_upper"], y])
    names = [shown.name(name) for name in table.index]
    return settle(figure, [(axes, x, y, names)], [bars[~np.isnan(bars).any(axis=1)]])


def draw_kano(record: Kano, shown: Shown) -> Figure:
    """What a feature does when it is there, against what its absence does."""
    words, table = shown.words, record.table
    figure, (axes,) = new_figure(3.9)
    x, y = -table["worse"].to_numpy(), table["better"].to_numpy()
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    names = ("must_be", "one_dimensional", "attractive", "indifferent")
    _cross(axes, 0.5, 0.5, [words[f"loyalty.kano_{name}"] for name in names])
    axes.hlines(y, -table["worse_upper"], -table["worse_lower"], color=LIGHT, linewidth=1.0, zorder=2)
    axes.vlines(x, table["better_lower"], table["better_upper"], color=LIGHT, linewidth=1.0, zorder=2)
    clear = table["clear"].to_numpy(dtype=bool)
    axes.scatter(x[clear], y[clear], s=34, color=DARK, zorder=3, label=words["loyalty.kano_clear"])
    axes.scatter(x[~clear], y[~clear], s=34, facecolor="white", edgecolor=DARK, zorder=3,
                 label=words["loyalty.kano_unclear"])  # fmt: skip
    legend(axes, 2)
    name_axes(axes, words["loyalty.worse"], words["loyalty.better"])
    texts = [f"{shown.name(name)} ({words[f'loyalty.kano_letter_{c}']})" for name, c in table["category"].items()]
    across = np.column_stack([-table["worse_upper"], y, -table["worse_lower"], y])
    upwards = np.column_stack([x, table["better_lower"], x, table["better_upper"]])
    seen = ~np.isnan(x)
    named = [text for text, see in zip(texts, seen, strict=True) if see]
    return settle(figure, [(axes, x[seen], y[seen], named)], [across[seen], upwards[seen]])


def draw_value_map(record: ValueMap, shown: Shown) -> Figure:
    """Relative price against relative quality, with the fair-value line."""
    words, table = shown.words, record.table
    figure, (axes,) = new_figure(3.9)
    x, y = table["quality"].to_numpy(), table["price"].to_numpy()
    bounds = [table[name] for name in ("quality_lower", "quality_upper") if name in table]
    _pad(axes, "x", np.append(x, 1.0), *bounds)
    _pad(axes, "y", np.append(y, 1.0))
    line = np.array(axes.get_xlim())
    fair = 1.0 + record.slope * (line - 1.0)
    axes.fill_between(line, fair - record.tolerance, fair + record.tolerance, color=PALE, linewidth=0)
    axes.plot(line, fair, color=MIDDLE, linewidth=1.2)
    axes.axhline(1.0, color=FAINT, linewidth=0.6, linestyle=":")
    axes.axvline(1.0, color=FAINT, linewidth=0.6, linestyle=":")
    axes.set_xlim(*line)
    if bounds:
        axes.hlines(y, *bounds, color=LIGHT, linewidth=1.4, zorder=2)
    colours = {"better": DARK, "fair": GREY, "worse": ALERT}
    axes.scatter(x, y, s=38, c=[colours[zone] for zone in table["zone"]], zorder=3)
    number(axes, 0.985, 0.03, words["loyalty.better_value"], GREY, transform=axes.transAxes, ha="right", va="bottom")
    number(axes, 0.015, 0.97, words["loyalty.worse_value"], GREY, transform=axes.transAxes, ha="left", va="top")
    name_axes(axes, words["loyalty.relative_quality"], words["loyalty.relative_price"])
    ends = [np.column_stack([bounds[0], y, bounds[1], y])] if bounds else []
    return settle(figure, [(axes, x, y, [shown.name(name) for name in table.index])], ends)


def draw_curve(record: LoyaltyCurve, shown: Shown) -> Figure:
    """Customers, the curve of every group, and the zones of loyalty."""
    words, data = shown.words, record.data
    groups = list(dict.fromkeys(data["group"]))
    figure, (axes,) = new_figure(3.7)
    rng = np.random.default_rng(1)  # points of few different answers are spread a little, to be seen
    shades = (DARK, ALERT, "#4d4d4d", "#b8860b", "#5b7f4b", MIDDLE)
    for k, group in enumerate(groups):
        own = data[data["group"] == group]
        x, y = own["satisfaction"].to_numpy(), own["loyalty"].to_numpy()
        colour = shades[k % len(shades)]
        axes.scatter(x + _jitter(x, rng), y + _jitter(y, rng), s=7, color=colour, alpha=0.28, linewidth=0)
        grid = np.linspace(x.min(), x.max(), 200)
        best = record.shapes.loc[group].query("best").index[0]
        named = words["loyalty.all"] if group == "all" else shown.name(group)
        axes.plot(grid, record.predict(grid, group), color=colour, linewidth=1.8, linestyle=_DASHES[k % 4],
                  label=words["loyalty.curve"].format(group=named, shape=words[f"loyalty.shape_{best}"]))  # fmt: skip
    if len(groups) == 1:
        _zones(axes, record.zones.loc[groups[0]], words)
    legend(axes, 2)
    name_axes(axes, words["loyalty.satisfaction"], words["loyalty.loyalty"])
    return settle(figure)


def _zones(axes: Axes, zones: Any, words: Any) -> None:
    """Bands of loyalty with their shares, at the right."""
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if left <= tick <= right]
    axes.set_xlim(left, right + 0.17 * (right - left))
    axes.set_xticks(ticks)
    ends = {"loyal": (zones.loc["loyal", "from"], high), "searching": (low, zones.loc["searching", "to"])}
    for name, (start, end) in ends.items():
        if zones.loc[name, "n"]:
            axes.axhspan(start, end, color=PALE if name == "loyal" else "#f1e3e1", linewidth=0, zorder=0)
    middle = (np.nanmax([ends["searching"][1], low]) + np.nanmin([ends["loyal"][0], high])) / 2
    places = {"loyal": np.mean(ends["loyal"]), "searching": np.mean(ends["searching"]), "indifferent": middle}
    for name, y in places.items():
        if zones.loc[name, "n"]:
            text = words[f"loyalty.zone_{name}"].format(share=100 * zones.loc[name, "share"])
            number(axes, 0.995, float(y), text, GREY, transform=axes.get_yaxis_transform(), ha="right")
    axes.set_ylim(low, high)


def _jitter(values: Any, rng: np.random.Generator) -> Any:
    different = np.unique(values)
    if len(different) > 40 or len(different) < 2:
        return np.zeros(len(values))
    step = float(np.diff(different).min())
    return rng.uniform(-0.3 * step, 0.3 * step, len(values))


def _cross(axes: Axes, x: float, y: float, names: list[str]) -> None:
    """Lines that cut the map in four, with the names of the quarters, from bottom right against the clock."""
    axes.axvline(x, color=FAINT, linewidth=0.7, linestyle="--", zorder=1)
    axes.axhline(y, color=FAINT, linewidth=0.7, linestyle="--", zorder=1)
    places = ((0.985, 0.02, "right", "bottom"), (0.985, 0.98, "right", "top"), (0.015, 0.98, "left", "top"),
              (0.015, 0.02, "left", "bottom"))  # fmt: skip
    for (across, up, ha, va), name in zip(places, names, strict=True):
        number(axes, across, up, name, GREY if va == "top" or ha == "left" else INK, transform=axes.transAxes, ha=ha,
               va=va, style="italic")  # fmt: skip


def _pad(axes: Axes, which: str, *values: Any, low: float = -np.inf, high: float = np.inf) -> None:
    """Limits with room around all values."""
    every = np.concatenate([np.asarray(v, dtype=float).ravel() for v in values])
    least, most = float(np.nanmin(every)), float(np.nanmax(every))
    room = 0.14 * (most - least) or 0.1 * abs(most) or 0.1
    (axes.set_xlim if which == "x" else axes.set_ylim)(max(least - room, low), min(most + room, high))
