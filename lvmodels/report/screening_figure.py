"""The picture of the screening report: histograms of the scores with the criteria of the rules."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from lvmodels.report.diagram import save
from lvmodels.report.figures import inline_svg
from lvmodels.report.fonts import font_families
from lvmodels.report.pathdraw.drawing import FAINT, FILL, GREY, INK, drawing_lock
from lvmodels.report.records import Figure
from lvmodels.report.screening_tables import Material

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NAME", "scores_figure"]

NAME = "screening_scores"
_PANELS = ("speed", "longstring", "variability", "even_odd", "synonyms", "antonyms", "person_total", "mahalanobis")
_BARS = 40
_LINE = "#a1261b"
_QUANTILE = 0.995


def scores_figure(material: Material, folder: Path) -> Figure | None:
    """Draw the scores, write the files, and return the picture; None when there is nothing to draw."""
    panels = [row for row in material.rows() if row["rule"] in _PANELS and _score(material, row).size]
    if not panels:
        return None
    words = material.words
    titles = [material.rule(row["rule"]) for row in panels]
    drawing = _draw(material, panels, titles)
    paths = save(drawing, folder / NAME, dpi=200)
    title = words["screen.figure.scores"]
    description = words["screen.figure.description"].format(panels=len(panels))
    svg = inline_svg(paths[0].read_text(encoding="utf-8"), NAME, title, description)
    return Figure(NAME, title, description, svg, (words["screen.note.scores"],))


def _score(material: Material, row: dict[str, Any]) -> NDArray[np.float64]:
    """The scores of a rule that are numbers; of Mahalanobis' rule the distances, whose p values would pile up."""
    index = "mahalanobis" if row["index"] == "mahalanobis_p" else row["index"]
    if index not in material.screening.scores:
        return np.empty(0)
    values: NDArray[np.float64] = material.screening.scores[index].to_numpy(dtype=float)
    return values[~np.isnan(values)]


def _draw(material: Material, panels: list[dict[str, Any]], titles: list[str]) -> Any:
    import matplotlib
    from matplotlib.figure import Figure as Drawing

    words = material.words
    shown = ["mahalanobis" if row["index"] == "mahalanobis_p" else row["index"] for row in panels]
    labels = [words[f"screen.index.{index}"] for index in shown]
    families = list(font_families([*titles, *labels, words["screen.figure.respondents"]]))
    columns = min(3, len(panels))
    lines = -(-len(panels) // columns)
    settings = {"font.family": families, "font.size": 8, "axes.unicode_minus": False}
    with drawing_lock, warnings.catch_warnings(), matplotlib.rc_context(settings):
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # said before, with the remedy, by FontWarning
        drawing = Drawing(figsize=(7.0, 1.95 * lines), layout="constrained")
        axes = np.atleast_1d(drawing.subplots(lines, columns)).ravel()
        for place, row, title, label in zip(axes, panels, titles, labels, strict=False):
            _panel(material, place, row)
            place.set_title(title, fontsize=9, color=INK, loc="left")
            place.set_xlabel(label, fontsize=8, color=GREY)
        for place in axes[len(panels) :]:
            place.remove()
        axes[0].set_ylabel(words["screen.figure.respondents"], fontsize=8, color=GREY)
        drawing.draw_without_rendering()  # the layout is settled once, for all formats
        drawing.set_layout_engine("none")
    return drawing


def _panel(material: Material, axes: Axes, row: dict[str, Any]) -> None:
    values, cut = _score(material, row), row["cut"]
    if row["index"] == "mahalanobis_p" and not np.isnan(cut):
        cut = float(chdtri(len(material.screening.layout.items), cut))  # of who answered everything
    low, high = float(values.min()), float(np.quantile(values, _QUANTILE))
    if not np.isnan(cut):
        low, high = min(low, cut), max(high, cut)
    whole = bool((values == np.round(values)).all()) and high - low <= _BARS
    edges = np.arange(low - 0.5, high + 1.5) if whole else np.linspace(low, high if high > low else low + 1, _BARS + 1)
    counts, edges = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    axes.stairs(counts, edges, fill=True, facecolor=FILL["ellipse"], edgecolor=FAINT, linewidth=0.6)
    axes.set_ylim(bottom=0)
    if not np.isnan(cut) and not row["reason"]:
        axes.axvline(cut, color=_LINE, linewidth=1)
        text = material.words["screen.figure.flagged"].format(n=int(row["flagged"]))
        axes.set_title(text, loc="right", fontsize=7.5, color=_LINE)
    axes.tick_params(labelsize=7, colors=GREY, length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
