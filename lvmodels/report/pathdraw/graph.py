"""What a path diagram shows, before anything has a place: nodes, edges and their estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["std_all", "est"]
Shape = Literal["ellipse", "rectangle", "hexagon"]
EdgeKind = Literal["loading", "weight", "path", "covariance"]

STAR_LEVELS = (0.001, 0.01, 0.05)
FIXED_MARK = "°"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One parameter as it is printed beside its edge.

    Attributes
    ----------
    est, std_all : float
        The estimate as it is, and completely standardized.
    pvalue : float
        NaN when the parameter has no test (fixed, or without a standard error).
    fixed : bool
        True for a parameter that was not estimated.
    """

    est: float
    std_all: float
    pvalue: float
    fixed: bool

    @property
    def significant(self) -> bool:
        """False only when a test says so: a fixed or untested parameter counts as significant."""
        return math.isnan(self.pvalue) or self.pvalue < STAR_LEVELS[-1]

    def text(self, kind: Kind = "std_all", decimals: int = 2) -> str:
        """The number with its stars, or with the mark of a fixed parameter.

        Standardized values below one in size lose their leading zero, as journals ask.

        Examples
        --------
        >>> Estimate(1.2, 0.456, 0.004, False).text()
        '.46**'
        >>> Estimate(1.0, 0.7, float("nan"), True).text("est")
        '1.00°'
        """
        value = self.std_all if kind == "std_all" else self.est
        if not math.isfinite(value):
            return "–"
        shown = f"{value:.{decimals}f}"
        if float(shown) == 0:
            shown = shown.lstrip("-")
        if kind == "std_all" and abs(float(shown)) < 1:
            shown = shown.replace("0.", ".", 1)
        shown = shown.replace("-", "−")
        if self.fixed:
            return shown + FIXED_MARK
        return shown + "*" * sum(self.pvalue < level for level in STAR_LEVELS)


@dataclass(frozen=True, slots=True)
class Node:
    """A variable: an ellipse (latent), a hexagon (composite) or a rectangle (observed).

    `residual` is the variance left unexplained; None for a variable that nothing explains.
    """

    name: str
    label: str
    shape: Shape
    residual: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from `source` to `target`; a covariance has a head at both ends."""

    source: str
    target: str
    kind: EdgeKind
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class PathDiagram:
    """The nodes and edges of one group's model, in the order in which the model names them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, name: str) -> Node:
        """The node called `name`."""
        return next(node for node in self.nodes if node.name == name)
