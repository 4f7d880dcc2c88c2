"""Font sizes, gaps and the size of every node."""

from __future__ import annotations

from dataclasses import dataclass

from lvmodels.report.pathdraw.geometry import Box
from lvmodels.report.pathdraw.graph import Estimate, Kind, Node, PathDiagram
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.textfit import LINE_HEIGHT, Measure, text_size, wrap

NODE_SIZE = 7.5
ITEM_SIZE = 6.8
LABEL_SIZE = 6.5
RESIDUAL_SIZE = 6.0
CROWD = 45
"""With more nodes than this, indicators move closer so that the picture fits a page."""
HEAD = 4.6
"""Length of an arrow head."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a diagram is laid out: what is printed, how wide, and how much room everything gets.

    `node_limit` and `item_limit` are the widths at which labels break; `gap` is the least width between linked
    variables; `spread` is 1 or more.
    """

    measure: Measure
    kind: Kind = "std_all"
    residuals: bool = True
    decimals: int = 2
    page: float = 504.0
    spread: float = 1.0
    node_limit: float = 58.0
    item_limit: float = 72.0
    gap: float = 46.0

    def text(self, estimate: Estimate) -> str:
        """What is printed for an estimate on an edge."""
        return estimate.text(self.kind, self.decimals)

    def residual_text(self, node: Node) -> str:
        """What is printed for a node's residual variance: the number without stars; empty when there is none."""
        if not self.residuals or node.residual is None:
            return ""
        return node.residual.text(self.kind, self.decimals).rstrip("*")

    def label_box(self, text: str, size: float = LABEL_SIZE) -> tuple[float, float]:
        """Width and height of a number beside an edge."""
        return self.measure(text, size) * 1.02 + 1.0, size * 1.05

    def widest_label(self, diagram: PathDiagram) -> tuple[float, float]:
        """Size of the largest label on an edge."""
        sizes = [self.label_box(self.text(edge.estimate)) for edge in diagram.edges] or [(20.0, 7.0)]
        return max(width for width, _ in sizes), max(height for _, height in sizes)


def size_nodes(diagram: PathDiagram, roles: Roles, style: Style) -> dict[str, Box]:
    """Every node at the origin with its lines and size; nodes of a kind share one size, so that the eye can rest."""
    structural = {name for layer in roles.layers for name in layer} | {n for n, s in roles.side.items() if s == "far"}
    in_rows = {item for name, own in roles.items.items() if roles.side[name] == "middle" for item in own}
    groups: dict[str, list[Box]] = {}
    for node in diagram.nodes:
        if node.name not in structural:
            group, limit, size = (
                ("row", min(style.item_limit, 48.0), ITEM_SIZE)
                if node.name in in_rows
                else ("column", style.item_limit, ITEM_SIZE)
            )
        else:
            group, limit, size = node.shape, style.node_limit, NODE_SIZE
        lines = wrap(node.label, limit, size, style.measure)
        width, height = _padded(node, group, *text_size(lines, size, style.measure), len(diagram.nodes) > CROWD)
        groups.setdefault(group, []).append(Box(node.name, node.shape, 0.0, 0.0, width, height, lines, size))
    return {box.name: box for group, boxes in groups.items() for box in _alike(group, boxes)}


def _padded(node: Node, group: str, width: float, height: float, crowd: bool) -> tuple[float, float]:
    if group == "ellipse":
        # An ellipse holds a rectangle of text whose corners lie on it: the more lines, the more it must widen.
        lines = height / (NODE_SIZE * LINE_HEIGHT)
        return max(width * (1.18 + 0.09 * min(lines, 4)) + 7, 44.0), max(height * 1.42 + 5, 23.0)
    if group == "hexagon":
        return max(width + height * 0.75 + 10, 46.0), max(height + 9, 23.0)
    if group == "rectangle":
        return max(width + 9, 36.0), max(height + 7, 19.0)
    return max(width + 6, 18.0), height + (2.2 if crowd else 4.2)


def _alike(group: str, boxes: list[Box]) -> list[Box]:
    """One width for all, and one height for all structural nodes; item boxes keep their own heights."""
    width = max(box.width for box in boxes)
    tallest = max(box.height for box in boxes)
    ellipse = group == "ellipse"
    return [
        Box(
            box.name,
            box.shape,
            0.0,
            0.0,
            max(width, tallest * 1.5) if ellipse else width,
            box.height if group in ("column",) else tallest,
            box.lines,
            box.size,
        )
        for box in boxes
    ]
