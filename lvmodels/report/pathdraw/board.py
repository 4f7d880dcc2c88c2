"""The board that nodes are put on: what is known of a diagram while it is laid out, and its distances."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from lvmodels.report.pathdraw.geometry import Array, Box
from lvmodels.report.pathdraw.graph import PathDiagram
from lvmodels.report.pathdraw.roles import Roles
from lvmodels.report.pathdraw.sizes import CROWD, RESIDUAL_SIZE, Style, size_nodes

Outward = Literal["left", "right", "up", "down"]
WAYS: dict[Outward, tuple[float, float]] = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, 1.0),
    "down": (0.0, -1.0),
}
ARC_BASE, ARC_STEP = 15.0, 15.0


@dataclass(frozen=True, slots=True)
class Board:
    """A diagram, its roles and sizes, and the nodes that have a place so far.

    Attributes
    ----------
    sizes : dict of str to Box
        All nodes, still at the origin.
    boxes : dict of str to Box
        Those that have a place; filled step by step.
    outward : dict of str to {"left", "right", "up", "down"}
        For every indicator placed the direction away from its own variable.
    """

    diagram: PathDiagram
    roles: Roles
    style: Style
    sizes: dict[str, Box]
    boxes: dict[str, Box] = field(default_factory=dict)
    outward: dict[str, Outward] = field(default_factory=dict)

    def put(self, name: str, x: float, y: float, outward: Outward | None = None) -> None:
        """Give a node its place."""
        self.boxes[name] = replace(self.sizes[name], x=float(x), y=float(y))
        if outward is not None:
            self.outward[name] = outward

    # ---- distances ------------------------------------------------------------------------------------------------

    @property
    def stub(self) -> float:
        """Height of a residual's arrow and number together."""
        return 8.0 + RESIDUAL_SIZE * 1.1 if self.style.residuals else 0.0

    @property
    def row_depth(self) -> float:
        """Vertical distance between a variable's border and its row of indicators."""
        return 34.0 * self.style.spread

    def row_pitch(self, one: str, other: str) -> float:
        """Distance between the centres of two neighbours in a row of indicators."""
        numbers = (self.style.widest_label(self.diagram)[0] + 1.4) * 1.3
        return max((self._row_room(one) + self._row_room(other)) / 2 + 4, numbers)

    def row_places(self, items: tuple[str, ...]) -> Array:
        """Places of indicators in a row, its middle at 0."""
        gaps = [self.row_pitch(one, other) for one, other in itertools.pairwise(items)]
        places = np.concatenate([[0.0], np.cumsum(gaps)])
        return np.asarray(places - places[-1] / 2) if items else np.zeros(0)

    def row_width(self, items: tuple[str, ...]) -> float:
        """Width of a row of indicators."""
        return float(np.ptp(self.row_places(items))) + self._row_room(items[0]) if items else 0.0

    def _row_room(self, item: str) -> float:
        beside = [cause for cause, goal in self.roles.outside.items() if goal == item]
        return max(self.sizes[name].width for name in [item, *beside])

    def item_gap(self, item: str) -> float:
        """Vertical gap below an indicator in a column; wider beside outside covariates and for residuals on top."""
        plain = (1.2 if len(self.sizes) > CROWD else 3.0 if len(self.sizes) > 16 else 5.0) * self.style.spread
        beside = [self.sizes[cause].height + 3 for cause, goal in self.roles.outside.items() if goal == item]
        if beside:
            return max(plain, sum(beside) - self.sizes[item].height + 8.0, self.stub)
        return max(plain, self.stub + 2.0) if "far" in self.roles.side.values() else plain

    def arc_depth(self, layer: tuple[str, ...]) -> float:
        """Room that the covariance arcs among the variables of a layer take beside it."""
        places = {name: i for i, name in enumerate(layer)}
        spans = [
            abs(places[edge.source] - places[edge.target])
            for edge in self.diagram.edges
            if edge.kind == "covariance" and edge.source in places and edge.target in places
        ]
        return ARC_BASE + arc_step(layer) * (max(spans) - 1) + 14 if spans else 0.0

    def beside_itself(self, name: str) -> bool:
        """Whether a variable's indicators stand right above or below it instead of at the rim of the picture.

        So it is in a middle layer of three variables or more, and for more indicators than a rim has room for.
        """
        layer = next((layer for layer in self.roles.layers if name in layer), ())
        many = len(layer) >= 3 or len(self.roles.items.get(name, ())) > 10
        return many and self.roles.side[name] == "middle" and bool(self.roles.items.get(name))


def new_board(diagram: PathDiagram, roles: Roles, style: Style) -> Board:
    """A board with every node's size and none in its place."""
    return Board(diagram, roles, style, size_nodes(diagram, roles, style))


def arc_step(layer: tuple[str, ...]) -> float:
    """How much deeper an arc over one variable more is; wider when many arcs must be told apart."""
    return ARC_STEP if len(layer) <= 4 else 1.4 * ARC_STEP


def halves(items: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Four indicators or fewer stand on one side; more are halved above and below.

    Examples
    --------
    >>> halves(("a", "b", "c", "d", "e"))
    (('a', 'b', 'c'), ('d', 'e'))
    """
    half = len(items) if len(items) <= 4 else (len(items) + 1) // 2
    return items[:half], items[half:]
