"""Who plays which part: structural variables in layers along the causal flow, indicators, outside covariates.

A layer is the length of the longest causal chain that leads to a variable. Two variables that cause each other
share a layer; of longer cycles the path named last is left out of the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lvmodels.report.pathdraw.graph import Edge, PathDiagram

Side = Literal["left", "right", "middle", "far"]


@dataclass(frozen=True, slots=True)
class Roles:
    """The parts that the nodes of a diagram play.

    Attributes
    ----------
    layers : tuple of tuple of str
        Structural variables, layer by layer from the causes to the last outcomes.
    items : dict of str to tuple of str
        Indicators of every latent variable or composite, each under the first that names it.
    side : dict of str to str
        Where a variable's indicators stand: "left" or "right" of the picture, in the "middle" above or below their
        own variable, or, for a general factor, "far": the variable stands beyond its indicators.
    outside : dict of str to str
        Observed causes of indicators only: the indicator beside which each stands.
    """

    layers: tuple[tuple[str, ...], ...]
    items: dict[str, tuple[str, ...]]
    side: dict[str, Side]
    outside: dict[str, str]


def assign_roles(diagram: PathDiagram) -> Roles:
    """Sort the nodes of a diagram into structural variables, indicators and outside covariates."""
    observed = {node.name for node in diagram.nodes if node.shape == "rectangle"}
    owners = _owners(diagram, observed)
    outside = _outside(diagram, observed, owners)
    structural = [n.name for n in diagram.nodes if n.name not in owners and n.name not in outside]
    far = _general_factors(diagram, owners, structural)
    items: dict[str, list[str]] = {}
    for item, names in owners.items():
        items.setdefault(next(name for name in names if name not in far), []).append(item)
    near = [name for name in structural if name not in far]
    layers = _layers(near, [flow for flow in map(_flow, diagram.edges) if flow], items)
    side: dict[str, Side] = dict.fromkeys(far, "far")
    for depth, layer in enumerate(layers):
        where: Side = "right" if depth == len(layers) - 1 else "left" if depth == 0 else "middle"
        side.update(dict.fromkeys(layer, where))
    return Roles(layers, {name: tuple(own) for name, own in items.items()}, side, outside)


def _owners(diagram: PathDiagram, observed: set[str]) -> dict[str, list[str]]:
    """For every indicator the latent variables and composites that it belongs to."""
    owners: dict[str, list[str]] = {}
    for edge in diagram.edges:
        item, owner = (edge.target, edge.source) if edge.kind == "loading" else (edge.source, edge.target)
        if edge.kind in ("loading", "weight") and item in observed:
            owners.setdefault(item, []).append(owner)
    return owners


def _outside(diagram: PathDiagram, observed: set[str], owners: dict[str, list[str]]) -> dict[str, str]:
    effects: dict[str, list[str]] = {}
    for edge in diagram.edges:
        if edge.kind == "path":
            effects.setdefault(edge.source, []).append(edge.target)
            effects.setdefault(edge.target, [])
    return {
        cause: goals[0]
        for cause, goals in effects.items()
        if cause in observed
        and cause not in owners
        and len(goals) == 1
        and goals[0] in owners
        and not any(edge.target == cause for edge in diagram.edges if edge.kind == "path")
    }


def _general_factors(diagram: PathDiagram, owners: dict[str, list[str]], structural: list[str]) -> list[str]:
    """Factors all of whose indicators belong to at least two narrower factors as well (bifactor models)."""
    linked = {end for edge in diagram.edges if edge.kind == "path" for end in (edge.source, edge.target)}
    linked |= {e.target for e in diagram.edges if e.kind == "loading" and e.target not in owners}
    found = []
    for name in structural:
        own = {item for item, names in owners.items() if name in names}
        others = {n: {i for i, names in owners.items() if n in names} for n in structural if n != name}
        narrower = [set_ for set_ in others.values() if set_ and set_ < own]
        if own and name not in linked and len(narrower) > 1 and set().union(*narrower) == own:
            found.append(name)
    return found[:1]


def _flow(edge: Edge) -> tuple[str, str] | None:
    return None if edge.kind == "covariance" else (edge.source, edge.target)


def _layers(names: list[str], flows: list[tuple[str, str]], items: dict[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    flows = [(a, b) for a, b in dict.fromkeys(flows) if a in names and b in names and a != b]
    together = _reciprocal(names, flows)
    kept: list[tuple[str, str]] = []
    for a, b in ((together[a], together[b]) for a, b in flows):
        if a != b and not _reaches(b, a, kept):
            kept.append((a, b))
    depth = dict.fromkeys(together.values(), 0)
    for _ in depth:
        for a, b in kept:
            depth[b] = max(depth[b], depth[a] + 1)
    last = max(depth.values(), default=0)
    for name in depth:  # an outcome that leads nowhere gives its indicators the free space on the right
        if (
            depth[name]
            and not any(a == name for a, _ in kept)
            and any(items.get(n) for n in names if together[n] == name)
        ):
            depth[name] = last
    return tuple(tuple(n for n in names if depth[together[n]] == d) for d in range(last + 1))


def _reciprocal(names: list[str], flows: list[tuple[str, str]]) -> dict[str, str]:
    """The first variable of every group tied by arrows both ways; itself for all others."""
    together = {name: name for name in names}
    for a, b in flows:
        if (b, a) in flows and together[a] != together[b]:
            first, second = sorted((together[a], together[b]), key=names.index)
            together = {name: first if head == second else head for name, head in together.items()}
    return together


def _reaches(start: str, goal: str, flows: list[tuple[str, str]]) -> bool:
    seen, front = {start}, [start]
    while front:
        here = front.pop()
        if here == goal:
            return True
        new = [b for a, b in flows if a == here and b not in seen]
        seen.update(new)
        front += new
    return False
