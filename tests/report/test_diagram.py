"""Path diagrams: what is shown, where it stands, how it is written."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from lvmodels.errors import DataError, FontWarning, OptionValueError, OutputError
from lvmodels.report import fonts
from lvmodels.report.diagram import (
    Layout,
    PathDiagram,
    default_legend,
    diagram_from_estimates,
    draw,
    layout,
    path_diagram,
    save,
)
from lvmodels.report.pathdraw.graph import Estimate
from lvmodels.report.pathdraw.roles import assign_roles
from lvmodels.report.pathdraw.textfit import wrap

NAN = float("nan")


def frame(text: str) -> pd.DataFrame:
    """Rows `lhs op rhs est se pvalue std_all`; `-` for a missing value."""
    rows = [line.split() for line in text.strip().splitlines()]
    values = [(*row[:3], *(None if cell == "-" else float(cell) for cell in row[3:])) for row in rows]
    return pd.DataFrame(values, columns=["lhs", "op", "rhs", "est", "se", "pvalue", "std_all"])


MEDIATION = frame("""
X  =~ x1 1.00 0.00 -     0.80
X  =~ x2 0.90 0.10 0.000 0.70
M  =~ m1 1.00 0.00 -     0.75
M  =~ m2 0.95 0.10 0.000 0.72
Y  =~ y1 1.00 0.00 -     0.85
Y  =~ y2 1.10 0.10 0.000 0.81
M  ~  X  0.50 0.10 0.000 0.45
Y  ~  M  0.30 0.12 0.012 0.28
Y  ~  X  0.10 0.12 0.405 0.09
x1 ~~ x1 0.40 0.05 0.000 0.36
x2 ~~ x2 0.60 0.05 0.000 0.51
X  ~~ X  0.90 0.10 0.000 1.00
M  ~~ M  0.70 0.10 0.000 0.80
x1 ~~ m1 0.00 0.00 -     0.00
x1 ~1 x1 3.10 0.10 0.000 2.90
a  := a*b 0.15 0.06 0.013 0.13
""")


def laid_out(table: pd.DataFrame = MEDIATION, **labels: str) -> Layout:
    return layout(diagram_from_estimates(table, labels))


def edges(diagram: PathDiagram) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind, edge.target) for edge in diagram.edges}


# ---- what is shown --------------------------------------------------------------------------------------------------


def test_arrows_run_from_cause_to_effect() -> None:
    shown = edges(diagram_from_estimates(MEDIATION))
    assert {("X", "path", "M"), ("M", "path", "Y"), ("X", "loading", "x1")} <= shown
    weights = frame("C <~ c1 1 0.1 0.0 0.5\nY ~ C 1 0.1 0.0 0.5")
    assert ("c1", "weight", "C") in edges(diagram_from_estimates(weights))


def test_intercepts_definitions_and_fixed_zeros_are_not_drawn() -> None:
    diagram = diagram_from_estimates(MEDIATION)
    assert len(diagram.edges) == 9
    assert "a" not in {node.name for node in diagram.nodes}


def test_sample_covariances_of_covariates_are_not_drawn_but_estimated_ones_are() -> None:
    rows = "y ~ a 1 .1 0 .5\ny ~ b 1 .1 0 .5\na ~~ b {} - .3"
    fixed, free = (diagram_from_estimates(frame(rows.format(text))) for text in ("0.2 0.0", "0.2 0.1"))
    assert ("a", "covariance", "b") not in edges(fixed)
    assert ("a", "covariance", "b") in edges(free)


def test_loadings_are_shown_where_a_block_has_loadings_and_weights() -> None:
    both = frame("C =~ c1 .8 - - .8\nC <~ c1 .4 - - .4")
    assert edges(diagram_from_estimates(both)) == {("C", "loading", "c1")}


def test_only_what_is_explained_has_a_residual() -> None:
    nodes = {node.name: node for node in diagram_from_estimates(MEDIATION).nodes}
    assert nodes["M"].residual is not None
    assert nodes["x1"].residual is not None
    assert nodes["X"].residual is None


@pytest.mark.parametrize(
    ("estimate", "kind", "text"),
    [
        (Estimate(1.234, 0.456, 0.0004, False), "std_all", ".46***"),
        (Estimate(1.234, 0.456, 0.004, False), "est", "1.23**"),
        (Estimate(1.2, -0.456, 0.04, False), "std_all", "−.46*"),
        (Estimate(1.2, -0.001, 0.9, False), "std_all", ".00"),
        (Estimate(1.2, 1.02, 0.9, False), "std_all", "1.02"),
        (Estimate(1.0, 0.80, NAN, True), "std_all", ".80°"),
        (Estimate(1.0, NAN, NAN, False), "std_all", "–"),
    ],
)
def test_numbers_are_printed_as_journals_ask(estimate: Estimate, kind: str, text: str) -> None:
    assert estimate.text(kind) == text  # type: ignore[arg-type]


def test_a_group_is_chosen_by_its_number() -> None:
    groups = pd.concat([MEDIATION.assign(group=1), MEDIATION.assign(group=2, std_all=0.11)], ignore_index=True)
    second = diagram_from_estimates(groups, group=2)
    assert {edge.estimate.std_all for edge in second.edges} == {0.11}
    with pytest.raises(OptionValueError, match="several groups \\(1, 2\\)"):
        diagram_from_estimates(groups)
    with pytest.raises(OptionValueError, match=r"no group 3.*choose from 1, 2"):
        diagram_from_estimates(groups, group=3)


def test_a_table_without_estimates_says_what_is_missing() -> None:
    with pytest.raises(DataError, match="lacks the column\\(s\\) pvalue, std_all"):
        diagram_from_estimates(MEDIATION.drop(columns=["pvalue", "std_all"]))
    with pytest.raises(DataError, match="nothing to draw"):
        diagram_from_estimates(MEDIATION.query("op == '~1'"))


# ---- where it stands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "layers"),
    [
        (["M ~ X", "Y ~ M", "Y ~ X"], (("X",), ("M",), ("Y",))),
        (["b ~ a", "c ~ b", "a ~ c"], (("a",), ("b",), ("c",))),
        (["y1 ~ x1", "y1 ~ y2", "y2 ~ x2", "y2 ~ y1"], (("x1", "x2"), ("y1", "y2"))),
    ],
    ids=["chain", "cycle", "reciprocal"],
)
def test_layers_follow_the_causal_flow(paths: list[str], layers: tuple[tuple[str, ...], ...]) -> None:
    diagram = diagram_from_estimates(frame("\n".join(f"{path} 1 .1 0 .5" for path in paths)))
    assert tuple(tuple(sorted(layer)) for layer in assign_roles(diagram).layers) == layers


def test_indicators_stand_outside() -> None:
    boxes = {box.name: box for box in laid_out().boxes}
    assert boxes["x1"].right < boxes["X"].left
    assert boxes["y1"].left > boxes["Y"].right
    assert boxes["m1"].bottom > boxes["M"].top or boxes["m1"].top < boxes["M"].bottom
    assert boxes["X"].x < boxes["M"].x < boxes["Y"].x


def test_a_general_factor_stands_beyond_the_indicators_it_shares() -> None:
    rows = [f"{f} =~ {i} 1 .1 0 .6" for f, own in (("g", "abcd"), ("s", "ab"), ("t", "cd")) for i in own]
    boxes = {box.name: box for box in laid_out(frame("\n".join(rows))).boxes}
    assert boxes["s"].x < boxes["a"].x < boxes["g"].x


def test_the_same_estimates_give_the_same_picture() -> None:
    one, two = laid_out(), laid_out()
    assert one.boxes == two.boxes
    assert one.labels == two.labels
    assert all((a.curve == b.curve).all() for a, b in zip(one.routes, two.routes, strict=True))


def test_residuals_can_be_left_out() -> None:
    diagram = diagram_from_estimates(MEDIATION)
    assert len(layout(diagram).residuals) == 3
    assert layout(diagram, residuals=False).residuals == ()


def test_words_break_at_spaces_and_underscores_and_chinese_anywhere() -> None:
    def measure(text: str, size: float) -> float:
        return len(text) * size

    assert wrap("overall service_quality", 9, 1, measure) == ("overall", "service_", "quality")
    assert wrap("顾客感知价值", 3, 1, measure) == ("顾客感", "知价值")
    assert wrap("p ≥ .05", 4, 1, measure) == ("p ≥", ".05")
    assert wrap("", 9, 1, measure) == (" ",)


# ---- how it is drawn and written ------------------------------------------------------------------------------------


def test_dashes_and_legend_say_what_is_not_significant() -> None:
    found = laid_out()
    lines = {line.get_linestyle() for line in draw(found).axes[0].lines if line.get_gid() == "edge"}
    assert lines == {"-", "--"}
    legend = default_legend(found).replace("\N{NO-BREAK SPACE}", " ")
    assert legend == "* p < .05, ** p < .01, *** p < .001; dashed: p ≥ .05; ° fixed parameter; standardized estimates"


def test_the_legend_can_be_translated_or_left_out() -> None:
    chosen = draw(laid_out(), legend="sternchen")
    assert [text.get_text() for text in chosen.axes[0].texts if text.get_gid() == "legend"] == ["sternchen"]
    assert not [text for text in draw(laid_out(), legend="").axes[0].texts if text.get_gid() == "legend"]


def test_dollar_signs_in_labels_are_no_mathematics() -> None:
    figure = draw(laid_out(X="costs $5_or$ more"))
    shown = [text for text in figure.axes[0].texts if text.get_gid() == "label:X"]
    assert "".join(text.get_text().replace(" ", "") for text in shown) == "costs$5_or$more"
    assert not any(text.get_parse_math() for text in shown)


def test_three_formats_are_written_and_the_svg_needs_no_fonts(tmp_path: Path) -> None:
    paths = save(path_diagram(MEDIATION), tmp_path / "deep" / "path.diagram")
    assert [path.name for path in paths] == ["path.diagram.svg", "path.diagram.pdf", "path.diagram.png"]
    svg, pdf, png = (path.read_bytes() for path in paths)
    assert b"<text" not in svg
    assert b"/Type0" in pdf
    assert png.startswith(b"\x89PNG")


def test_the_same_figure_is_the_same_file_from_any_thread(tmp_path: Path) -> None:
    def write(name: str) -> None:
        save(path_diagram(MEDIATION), tmp_path / name)

    threads = [threading.Thread(target=write, args=(f"t{k}",)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ending in ("svg", "pdf", "png"):
        assert len({(tmp_path / f"t{k}.{ending}").read_bytes() for k in range(3)}) == 1


def test_a_place_that_cannot_be_written_and_an_unknown_format_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        save(path_diagram(MEDIATION), tmp_path / "file" / "diagram", ("svg",))
    with pytest.raises(OptionValueError, match=r"'jpg'.*svg, pdf, png"):
        save(path_diagram(MEDIATION), tmp_path / "diagram", ("jpg",))  # type: ignore[arg-type]


def test_missing_chinese_fonts_are_reported_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans"})
    monkeypatch.setattr(fonts, "_look_again", lambda: {"DejaVu Sans"})
    with pytest.warns(FontWarning, match="fonts-noto-cjk"):
        found = laid_out(X="感知质量")
    save(draw(found), tmp_path / "diagram", ("svg", "pdf", "png"))


def test_a_chinese_font_is_asked_for_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans", "SimHei", "WenQuanYi Zen Hei", "Arial"})
    assert fonts.font_families(["quality"]) == ("Arial", "DejaVu Sans")
    assert fonts.font_families(["quality", "质量"]) == ("Arial", "WenQuanYi Zen Hei", "DejaVu Sans")


def test_drawing_leaves_no_trace_in_matplotlib() -> None:
    code = (
        "import sys, lvmodels.report.diagram as d\n"
        "assert 'matplotlib' not in sys.modules, 'imported too early'\n"
        "import pandas as pd\n"
        "t = pd.DataFrame([('f', '=~', 'x', 1, 0, None, .8)], columns=list(d.COLUMNS))\n"
        "d.path_diagram(t)\n"
        "assert 'matplotlib.pyplot' not in sys.modules, 'pyplot'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_seven_constructs_are_saved_in_three_formats(tmp_path: Path) -> None:
    sizes = {"A": 5, "B": 3, "C": 7, "D": 2, "E": 3, "F": 1, "G": 3}
    paths = ("BA", "CB", "DB", "DC", "EA", "EB", "EC", "ED", "FE", "GA", "GE", "GF")
    rows = [f"{name} =~ {name}{k} 1 .1 0 .7" for name, count in sizes.items() for k in range(count)]
    rows += [f"{path[0]} ~ {path[1]} 1 .1 0 .3" for path in paths]
    table = frame("\n".join(rows))
    save(path_diagram(table), tmp_path / "diagram")
    assert all((tmp_path / f"diagram.{ending}").stat().st_size > 0 for ending in ("svg", "pdf", "png"))
