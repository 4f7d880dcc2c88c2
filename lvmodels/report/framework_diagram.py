"""The picture of a framework before there are answers: constructs, expected paths, their hypotheses and signs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from lvmodels.report.diagram import Format, draw, layout, save
from lvmodels.report.pathdraw.graph import Edge, Estimate, Kind, Node, PathDiagram
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    from lvmodels.loyalty.frameworks.record import Framework


@dataclass(frozen=True, slots=True)
class Expected(Estimate):
    """What stands at an arrow instead of an estimate: the hypothesis and its sign."""

    words: str = ""

    def text(self, kind: Kind = "std_all", decimals: int = 2) -> str:
        """The words, whatever kind of number is asked for."""
        return self.words


def framework_drawing(framework: Framework, language: Language = "en") -> PathDiagram:
    """Nodes and edges; items are left out, a product of constructs is a node of its own.

    Returns
    -------
    PathDiagram
    """
    nodes = {
        name: Node(name, framework.label(name, language), "hexagon" if name in framework.composites else "ellipse")
        for name in framework.constructs
    }
    edges = [Edge(whole, part, "path", _words("")) for whole, parts in framework.second_order.items() for part in parts]
    edges += [Edge(part, whole, "path", _words("")) for whole, parts in framework.composites.items() for part in parts]
    for h in framework.hypotheses:
        if len(h.factors) > 1:
            text = " × ".join(framework.label(factor, language) for factor in h.factors)
            nodes[h.predictor] = Node(h.predictor, text, "rectangle")
        sign = "+" if h.sign == "+" else "−"
        edges.append(Edge(h.predictor, h.outcome, "path", _words(f"{h.name} ({sign})")))
    linked = {name for edge in edges for name in (edge.source, edge.target)}
    return PathDiagram(tuple(node for name, node in nodes.items() if name in linked), tuple(edges))


def draw_framework(framework: Framework, path: str | Path, language: Language = "en") -> tuple[Path, ...]:
    """Draw a framework into files.

    Parameters
    ----------
    framework : Framework
    path : str or Path
        Ending in .svg, .pdf or .png; without one of these all three are written.
    language : {"en", "zh"}
        Of the labels.

    Returns
    -------
    tuple of Path

    Raises
    ------
    OutputError
        When a file cannot be written.
    OptionValueError
        When there are no texts in that language.
    """
    words = wording(language)
    figure = draw(layout(framework_drawing(framework, language)), legend=words["legend.hypotheses"])
    place = Path(path)
    ending = place.suffix.removeprefix(".")
    known = get_args(Format)
    if ending in known:
        return save(figure, place.with_suffix(""), (ending,))  # type: ignore[arg-type]
    return save(figure, place)


def _words(words: str) -> Expected:
    return Expected(math.nan, math.nan, math.nan, False, words)
