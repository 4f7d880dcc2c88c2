"""Font sizes, gaps and the size of every node."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace

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
    rows = {item: owner for owner, own in roles.items.items() if roles.side[owner] == "middle" for item in own}
    groups: dict[str, list[Box]] = {}
    for node in diagram.nodes:
        if node.name in structural:
            kind, key, size, limit = str(node.shape), str(node.shape), NODE_SIZE, style.node_limit
        elif node.name in rows:
            kind, key, size, limit = "item", f"row of {rows[node.name]}", ITEM_SIZE, min(style.item_limit, 48.0)
        else:
            kind, key, size, limit = "item", "column", ITEM_SIZE, style.item_limit
        lines = _few_lines(node.label, limit, size, style.measure)
        width, height = _padded(kind, *text_size(lines, size, style.measure), len(diagram.nodes) > CROWD)
        groups.setdefault(key, []).append(Box(node.name, node.shape, 0.0, 0.0, width, height, lines, size))
    tallest = max(
        (box.height for key, boxes in groups.items() if key.startswith("row of ") for box in boxes), default=0
    )
    sized: dict[str, Box] = {}
    for key, boxes in groups.items():
        widths = _alike([box.width for box in boxes])
        heights = _alike([box.height for box in boxes]) if key != "column" else [box.height for box in boxes]
        for box, width, height in zip(boxes, widths, heights, strict=True):
            sized[box.name] = replace(box, width=width, height=tallest if key.startswith("row of ") else height)
    return sized


def _few_lines(label: str, limit: float, size: float, measure: Measure) -> tuple[str, ...]:
    """A long label may be wider than the limit, rather than have more than three lines."""
    for wider in (1.0, 1.3, 1.6):
        lines = wrap(label, limit * wider, size, measure)
        if len(lines) <= 3:
            break
    return lines


def _alike(sizes: list[float]) -> list[float]:
    """The largest of the ordinary sizes for all that are not much larger.

    Examples
    --------
    >>> _alike([40.0, 44.0, 90.0])
    [44.0, 44.0, 90.0]
    """
    ordinary = 1.5 * statistics.median_low(sizes)
    common = max(size for size in sizes if size <= ordinary)
    return [max(size, common) for size in sizes]


def _padded(group: str, width: float, height: float, crowd: bool) -> tuple[float, float]:
    if group == "ellipse":
        # An ellipse holds a rectangle of text whose corners lie on it: the more lines, the more it must widen.
        lines = height / (NODE_SIZE * LINE_HEIGHT)
        return max(width * (1.18 + 0.09 * min(lines, 4)) + 7, 44.0), max(height * 1.42 + 5, 23.0)
    if group == "hexagon":
        return max(width + height * 0.75 + 10, 46.0), max(height + 9, 23.0)
    if group == "rectangle":
        return max(width + 9, 36.0), max(height + 7, 19.0)
    return max(width + 6, 18.0), height + (2.2 if crowd else 4.2)
