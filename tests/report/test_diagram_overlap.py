"""Path diagrams of sixteen shapes: nothing overlaps, measured on what matplotlib draws."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from lvmodels.report.diagram import Layout, diagram_from_estimates, draw, layout
from lvmodels.report.pathdraw.geometry import depth_inside, evenly


def table(model: str) -> pd.DataFrame:
    """A table of estimates with invented but plausible numbers; the first loading of each factor is fixed."""
    draws = np.random.default_rng(7)
    rows: list[tuple[object, ...]] = []
    explained: set[str] = set()
    for line in filter(None, map(str.strip, model.splitlines())):
        lhs, op, rhs = line.split(maxsplit=2)
        for k, name in enumerate(rhs.split(" + ")):
            fixed = op == "=~" and k == 0
            value = (
                draws.uniform(0.45, 0.95) if op in ("=~", "<~") else draws.uniform(0.1, 0.6) * draws.choice([1, 1, -1])
            )
            pvalue = None if fixed else draws.choice([0.0, 0.0, 0.004, 0.03, 0.4])
            rows.append((lhs, op, name, 1.0 if fixed else value * 1.4, 0.0 if fixed else 0.1, pvalue, value))
            explained.add(name if op == "=~" else lhs if op == "~" else "")
    names = dict.fromkeys(name for row in rows for name in (row[0], row[2]))
    for name in names:
        rows.append((name, "~~", name, 0.6, 0.1, 0.0, draws.uniform(0.2, 0.8) if name in explained else 1.0))
        rows.append((name, "~1", "", 3.2, 0.1, 0.0, 2.5))
    return pd.DataFrame(rows, columns=["lhs", "op", "rhs", "est", "se", "pvalue", "std_all"])


def block(factor: str, stem: str, count: int) -> str:
    return f"{factor} =~ " + " + ".join(f"{stem}{k}" for k in range(1, count + 1))


DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""
SIZES = {"Image": 5, "Expectation": 3, "Quality": 7, "Value": 2, "Satisfaction": 3, "Complaints": 1, "Loyalty": 3}
ECSI = "\n".join(block(name, name.upper(), count) for name, count in SIZES.items()) + """
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""  # fmt: skip
LOYALTY = (
    "\n".join([block("QUA", "q", 5), block("VAL", "v", 3), block("SAT", "s", 3), block("SWC", "c", 3)])
    + """
LOY =~ l1 + l2 + l3 + l4
VAL ~ QUA
SAT ~ QUA + VAL
LOY ~ VAL + SAT + SWC
QUA ~~ SWC
"""
)
THREE = "\n".join([block("visual", "x", 3), block("textual", "y", 3), block("speed", "z", 3)])
GROWTH = "i =~ t1 + t2 + t3 + t4\ns =~ t1 + t2 + t3 + t4\ni ~ x1 + x2\ns ~ x1 + x2\ni ~~ s\n" + "\n".join(
    f"t{k} ~ c{k}" for k in range(1, 5)
)
BIG = "\n".join([block(f"F{k}", f"x{k}", 6) for k in range(1, 9)] + [
    f"F{a} ~~ F{b}" for a, b in itertools.combinations(range(1, 9), 2)
])  # fmt: skip
DIMENSIONS = (
    "\n".join(block(f"D{k}", f"d{k}", 3) for k in range(1, 5))
    + """
Q =~ q1 + q2 + q3 + q4
S =~ s1 + s2 + s3
L =~ l1 + l2 + l3
D1 ~ Q
D2 ~ Q
D3 ~ Q
D4 ~ Q
S ~ D1 + D2 + D3 + D4
L ~ S + Q + D1
"""
)
CHINESE = {
    "Image": "企业形象",
    "Expectation": "顾客期望",
    "Quality": "感知质量",
    "Value": "感知价值",
    "Satisfaction": "顾客满意",
    "Complaints": "顾客抱怨",
    "Loyalty": "顾客忠诚",
    "IMAGE1": "值得信赖的企业",
} | {f"{name.upper()}{k}": f"{name[:4]}{k}题" for name, count in SIZES.items() for k in range(2, count + 1)}
LONG = {f"{a}{k}": f"{a}{k}_overall_evaluation_of_everything_here"[:40] for a in "qvscl" for k in range(1, 6)}

MODELS: dict[str, tuple[str, dict[str, str]]] = {
    "one factor": (block("f", "x", 4), {}),
    "three factors": (THREE + "\nvisual ~~ textual + speed\ntextual ~~ speed", {}),
    "residual covariances": (DEMOCRACY, {"ind60": "Industry 1960", "dem60": "Democracy 1960"}),
    "seven constructs": (ECSI, {"Quality": "Perceived quality", "Value": "Perceived value"}),
    "value and loyalty": (LOYALTY, {"SWC": "Switching costs", "VAL": "Perceived value"}),
    "second order": (THREE + "\ng =~ visual + textual + speed", {}),
    "covariates of factors": (
        THREE + "\nvisual ~ age + sex\ntextual ~ age + sex\nspeed ~ age + sex\nvisual ~~ textual + speed", {}),
    "growth": (GROWTH, {}),
    "observed path model": (
        "M1 ~ X1 + X2 + X3\nM2 ~ X1 + X2\nY ~ M1 + M2 + X1\nZ ~ Y + M1\nX1 ~~ X2 + X3\nM1 ~~ M2", {}),
    "non-recursive": ("y1 ~ x1 + y2\ny2 ~ x2 + y1\ny1 ~~ y2", {}),
    "eight factors of six": (BIG, {}),
    "Chinese names": (ECSI, CHINESE),
    "long names": (LOYALTY, LONG | {"SWC": "Perceived costs of switching to another provider"}),
    "composites": ("Q <~ q1 + q2 + q3\nV <~ v1 + v2\nS =~ s1 + s2\nV ~ Q\nS ~ Q + V", {}),
    "four mediators": (DIMENSIONS, {}),
    "bifactor": ("g =~ x1 + x2 + x3 + y1 + y2 + y3 + z1 + z2 + z3\n" + THREE, {}),
}  # fmt: skip


@functools.cache
def laid_out(name: str) -> Layout:
    model, labels = MODELS[name]
    return layout(diagram_from_estimates(table(model), labels))


@functools.cache
def drawn(name: str) -> tuple[tuple[float, float], dict[str, list[tuple[Text, Bbox]]], dict[str, Bbox]]:
    """Size of the figure, extents of its texts by what they are, and extents of its nodes; all in points."""
    figure = draw(laid_out(name))
    figure.set_dpi(288)
    renderer = figure.canvas.get_renderer()
    scale = 72 / 288
    texts: dict[str, list[tuple[Text, Bbox]]] = {}
    for text in figure.axes[0].texts:
        extent = Bbox(text.get_window_extent(renderer).get_points() * scale)
        texts.setdefault(str(text.get_gid()), []).append((text, extent))
    nodes = {
        str(patch.get_gid())[5:]: Bbox(patch.get_window_extent(renderer).get_points() * scale)
        for patch in figure.axes[0].patches
        if str(patch.get_gid()).startswith("node:")
    }
    return tuple(figure.get_size_inches() * 72), texts, nodes


def overlap(one: Bbox, two: Bbox) -> bool:
    return min(one.x1, two.x1) - max(one.x0, two.x0) > 0.3 and min(one.y1, two.y1) - max(one.y0, two.y0) > 0.3


pytestmark = [
    pytest.mark.parametrize("name", MODELS),
    pytest.mark.filterwarnings("ignore::lvmodels.errors.FontWarning"),
    pytest.mark.filterwarnings("ignore:Glyph"),
]


def test_nodes_never_overlap(name: str) -> None:
    _, _, nodes = drawn(name)
    assert len(nodes) == len(laid_out(name).boxes)
    assert [(a, b) for a, b in itertools.combinations(nodes, 2) if overlap(nodes[a], nodes[b])] == []


def test_numbers_overlap_neither_nodes_nor_each_other(name: str) -> None:
    _, texts, _ = drawn(name)
    numbers = texts["estimate"] + texts.get("residual", [])
    assert len(texts["estimate"]) == len(laid_out(name).routes)
    clashes = [
        (a.get_text(), b.get_text()) for (a, one), (b, two) in itertools.combinations(numbers, 2) if overlap(one, two)
    ]
    assert clashes == []
    foot = draw(laid_out(name)).axes[0].get_ylim()[0]
    for text, extent in numbers:
        for box in laid_out(name).boxes:
            nearest = np.array(
                [np.clip(box.x, extent.x0, extent.x1), np.clip(box.y, extent.y0 + foot, extent.y1 + foot)]
            )
            assert depth_inside(box, nearest[None], -0.3)[0] >= 1, (text.get_text(), box.name)


def test_node_labels_stay_inside_their_nodes(name: str) -> None:
    _, texts, _ = drawn(name)
    foot = draw(laid_out(name)).axes[0].get_ylim()[0]
    for box in laid_out(name).boxes:
        for text, extent in texts[f"label:{box.name}"]:
            corners = np.array(list(itertools.product((extent.x0, extent.x1), (extent.y0 + foot, extent.y1 + foot))))
            assert (depth_inside(box, corners) < 1.02).all(), (box.name, text.get_text())


def test_nothing_is_cut_by_the_edge_of_the_figure(name: str) -> None:
    (width, height), texts, nodes = drawn(name)
    for extent in [*nodes.values(), *(extent for group in texts.values() for _, extent in group)]:
        assert extent.x0 >= 0
        assert extent.y0 >= 0
        assert extent.x1 <= width
        assert extent.y1 <= height


def test_edges_end_at_borders_and_run_through_no_other_node(name: str) -> None:
    found = laid_out(name)
    boxes = {box.name: box for box in found.boxes}
    marks = {stub.name: stub.mark for stub in found.residuals}
    items = {r.edge.target for r in found.routes if r.edge.kind == "loading"}
    for route in found.routes:
        points, _ = evenly(route.curve, 200)
        for end, point in ((route.edge.source, points[0]), (route.edge.target, points[-1])):
            if route.both and end in items and end in marks and boxes[end].shape == "rectangle":
                gap = np.abs(point - (marks[end].x, marks[end].y)) - (marks[end].width / 2, marks[end].height / 2)
                assert gap.max() == pytest.approx(1, abs=0.05)  # a residual covariance ties the residuals
            else:
                assert depth_inside(boxes[end], point[None])[0] == pytest.approx(1, abs=0.01)
        for box in found.boxes:
            if box.name not in (route.edge.source, route.edge.target):
                assert (depth_inside(box, points) >= 1).all(), (route.edge, box.name)


def test_the_picture_fits_a_page_and_no_text_is_under_six_points(name: str) -> None:
    (width, height), texts, _ = drawn(name)
    assert width <= 7.1 * 72
    assert height <= 9.4 * 72
    assert min(text.get_size() for group in texts.values() for text, _ in group) >= 6
