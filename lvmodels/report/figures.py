"""The path diagrams of a report: one a group, as files and as SVG that may stand inside a page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from lvmodels.errors import DataError
from lvmodels.report.context import Context
from lvmodels.report.diagram import Layout, diagram_from_estimates, draw, layout, save
from lvmodels.report.pathdraw.graph import FIXED_MARK
from lvmodels.report.records import Figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """A drawn path diagram with the name of its files, without ending."""

    name: str
    group: int
    drawing: Drawing


def draw_diagrams(context: Context) -> tuple[Diagram, ...]:
    """A diagram for every group; none for a model that has nothing to draw."""
    found = []
    for g, of_group, level in context.blocks:
        group = g if context.several_blocks else None
        try:
            content = diagram_from_estimates(_shown_estimates(context), context.labels, group)
        except DataError:
            return ()
        plan = layout(content, kind="std_all" if _standardized(context) else "est")
        name = "path_diagram" + (f"_group{of_group}" if context.several_groups else "")
        name += f"_level{level}" if context.fit.table.levels else ""
        found.append(Diagram(name, g, draw(plan, legend=legend(context, plan))))
    return tuple(found)


def figure_of(context: Context, diagram: Diagram, svg: str) -> Figure:
    """The diagram as part of a document."""
    words = context.words
    title = words["figure.path_diagram"]
    if context.several_blocks:
        title += words["figure.group"].format(
            variable=context.block_title, group=context.block_names[diagram.group - 1]
        )
    description = words["figure.description"].format(
        nodes=len(context.fit.table.variables.latent), observed=_observed(context)
    )
    files = words["figure.files"].format(name=diagram.name)
    notes = (words["figure.how_to_read"], files) if diagram.group == 1 else (files,)
    return Figure(diagram.name, title, description, inline_svg(svg, diagram.name, title, description), notes)


def write_diagram(diagram: Diagram, folder: Path) -> str:
    """Write SVG, PDF and PNG; returns the text of the SVG."""
    paths = save(diagram.drawing, folder / diagram.name, dpi=200)
    return paths[0].read_text(encoding="utf-8")


def inline_svg(svg: str, prefix: str, title: str, description: str) -> str:
    """An SVG document as an element of a page.

    Ids that something refers to get a prefix, so that several pictures do not share them; the others, metadata and
    fixed sizes are left out; a title and a description are put in.
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rsplit("}", 1)[-1] == "metadata":
                parent.remove(child)
    ids = {old: f"{prefix}-{k}" for k, old in enumerate(_referred(root))}
    for element in root.iter():
        _rename(element, ids)
    points = float(root.attrib.get("width", "504").removesuffix("pt"))
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.set("style", f"--points: {points:.0f}")  # the style sheet makes of it the sizes for screen and paper
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-description")
    for k, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{'description' if k else 'title'}"})
        element.text = text
        root.insert(k, element)
    return ElementTree.tostring(root, encoding="unicode")


def legend(context: Context, plan: Layout) -> str:
    """The line below the picture: the signs that it uses."""
    words = context.words
    texts = [mark.text for mark in plan.labels]
    parts = []
    if any(text.endswith("*") for text in texts):
        parts.append("* p < .05, ** p < .01, *** p < .001")
    if any(not route.edge.estimate.significant for route in plan.routes):
        parts.append(words["legend.dashed"])
    if any(text.endswith(FIXED_MARK) for text in texts):
        parts.append(words["legend.fixed"].format(mark=FIXED_MARK))
    if context.fit.converged:
        parts.append(words["legend.standardized" if plan.kind == "std_all" else "legend.unstandardized"])
    else:
        parts.append(words["legend.no_estimates"])
    return words["legend.gap"].join(parts)


def _observed(context: Context) -> int:
    """Observed variables of the model itself."""
    variables = context.fit.table.variables
    return len(variables.observed) - len(variables.auxiliary)


def _standardized(context: Context) -> bool:
    return context.fit.converged


def _shown_estimates(context: Context) -> pd.DataFrame:
    """The estimates; without convergence their values are left out, because they mean nothing."""
    frame = context.estimates
    if context.fit.converged:
        return frame
    free = frame["se"] != 0
    return frame.assign(est=frame["est"].mask(free, math.nan), std_all=math.nan, pvalue=math.nan)


def _referred(root: ElementTree.Element) -> list[str]:
    """Ids that are used, in order of first use."""
    values = [(key, value) for element in root.iter() for key, value in element.attrib.items()]
    links = [value[1:] for key, value in values if key.endswith("href") and value.startswith("#")]
    return list(dict.fromkeys([*links, *(value[5:-1] for _, value in values if value.startswith("url(#"))]))


def _rename(element: ElementTree.Element, ids: dict[str, str]) -> None:
    """Give an element its new id, and its references those of what they point to."""
    for key, value in list(element.attrib.items()):
        name = key.rsplit("}", 1)[-1]
        if name == "id" and value in ids:
            element.set(key, ids[value])
        elif name == "id":
            del element.attrib[key]
        elif name == "href" and value[1:] in ids:
            element.set(key, f"#{ids[value[1:]]}")
        elif value.startswith("url(#") and value[5:-1] in ids:
            element.set(key, f"url(#{ids[value[5:-1]]})")
