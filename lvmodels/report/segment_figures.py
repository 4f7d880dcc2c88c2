"""Figures of classifications: a map of two roles with its quadrants, or bars for tiers, stages and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import EmptyDataError
from lvmodels.loyalty.segments.record import Classification
from lvmodels.loyalty.segments.stages import SCHEMES
from lvmodels.report.loyalty_canvas import (
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    Shown,
    name_axes,
    name_rows,
    new_figure,
    number,
    row_height,
    settle,
)
from lvmodels.report.pathdraw.drawing import GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RISING = {*SCHEMES, "relationship_level", "stages"}
_SHADES = (DARK, MIDDLE, LIGHT, "#5a5a5a", "#b8a46a", PALE, GREY)
_ROOM = 0.16


def draw_classification(record: Classification, shown: Shown) -> Figure:
    """The customers in the plane of the first two roles, or how many have each label.

    Raises
    ------
    EmptyDataError
        When no customer has a label.
    """
    if not record.profile["n"].sum():
        raise EmptyDataError(f"no customer has a label in {record.system}, so there is nothing to draw; see its log.")
    return _matrix(record, shown) if record.kind == "matrix" else _bars(record, shown)


def name_label(label: Any, shown: Shown) -> str:
    """What to call a label: the user's word, that of the language, or itself."""
    words, key = shown.words, str(label).replace("-", "_").replace(" ", "_")
    if str(label) in shown.labels or f"segments.label_{key}" not in words:
        return shown.name(label)
    return words[f"segments.label_{key}"]


def name_role(role: Any, shown: Shown) -> str:
    """The same for a role."""
    words = shown.words
    if str(role) in shown.labels or f"segments.role_{role}" not in words:
        return shown.name(role)
    return words[f"segments.role_{role}"]


def _matrix(record: Classification, shown: Shown) -> Figure:
    figure, (axes,) = new_figure(4.1)
    first, second = record.axes.columns[:2]
    known = record.labels.notna().to_numpy()
    place, codes = record.axes[[first, second]].to_numpy()[known], record.labels.cat.codes.to_numpy()[known]
    alike, counts = np.unique(np.column_stack([place, codes]), axis=0, return_counts=True)
    size = 14.0 + 160.0 * counts / max(counts.max(), 8)
    colours = [_SHADES[int(code) % len(_SHADES)] for code in alike[:, 2]]
    axes.scatter(alike[:, 0], alike[:, 1], s=size, c=colours, edgecolors=INK, linewidths=0.3, alpha=0.85, zorder=3)
    cuts = record.cuts.set_index("role")
    for role, line in ((first, axes.axvline), (second, axes.axhline)):
        for at in sorted({float(cuts.loc[role, "low"]), float(cuts.loc[role, "high"])}):
            line(at, color=GREY, linewidth=0.8, linestyle="--", zorder=1)
    for values, limit in ((place[:, 0], axes.set_xlim), (place[:, 1], axes.set_ylim)):
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        spread = (high - low) or 1.0
        limit(low - _ROOM * spread, high + _ROOM * spread)
    _name_corners(axes, record, shown)
    name_axes(axes, name_role(first, shown), name_role(second, shown))
    return settle(figure)


def _name_corners(axes: Axes, record: Classification, shown: Shown) -> None:
    """Each quadrant in its corner; a label that was split off follows the one it came from."""
    order = list(record.levels)
    named = [label for _, _, label in record.corners]
    for x, y, label in record.corners:
        texts = []
        for one in order:
            if one == label or (one not in named and _parent(one) == label):
                share = 100.0 * float(record.profile.loc[one, "share"])
                texts.append(shown.words["segments.corner"].format(label=name_label(one, shown), share=share))
        across, up = (0.99 if x > 0 else 0.01), (0.985 if y > 0 else 0.015)
        number(axes, across, up, ", ".join(texts), ha="right" if x > 0 else "left", va="top" if y > 0 else "bottom",
               transform=axes.transAxes)  # fmt: skip


def _parent(label: str) -> str:
    return {"apostle": "loyalist", "terrorist": "defector"}.get(label, "")


def _bars(record: Classification, shown: Shown) -> Figure:
    table = record.profile.iloc[::-1] if record.system in _RISING else record.profile
    sums = [f"{role}_share" for role in record.axes.columns if f"{role}_share" in table.columns]
    panels = ["share", *sums[:1]]
    figure, found = new_figure(row_height(len(table)), len(panels))
    rows = np.arange(len(table))
    for axes, column, colour in zip(found, panels, (DARK, MIDDLE), strict=False):
        values = 100.0 * table[column].to_numpy(dtype=float)
        values = np.nan_to_num(values)
        axes.barh(rows, values, color=colour, height=0.62)
        for row, value in zip(rows, values, strict=True):
            number(axes, max(value, 0.0) + 1.0, float(row), f"{value:.1f}")
        axes.set_xlim(min(0.0, float(values.min())), max(float(values.max()), 1.0) * 1.22)
        name_rows(axes, [name_label(label, shown) if axes is found[0] else "" for label in table.index])
        words = shown.words
        if column == "share":
            name_axes(axes, words["segments.share_customers"])
        else:
            name_axes(axes, words["segments.share_of"].format(name=name_role(column.removesuffix("_share"), shown)))
    return settle(figure)
