"""Path diagrams: from a table of estimates to a figure that fits a journal page.

`diagram_from_estimates` says what is shown, `layout` where, `draw` makes the figure and `save` writes it.
`path_diagram` does the first three at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.errors import DataError, OptionValueError, OutputError
from lvmodels.model.variables import latent_factors
from lvmodels.report.fonts import has_cjk
from lvmodels.report.pathdraw.drawing import default_legend, draw, write
from lvmodels.report.pathdraw.graph import Edge, EdgeKind, Estimate, Kind, Node, PathDiagram, Shape
from lvmodels.report.pathdraw.layout import Layout, layout

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "Edge",
    "Estimate",
    "Layout",
    "Node",
    "PathDiagram",
    "default_legend",
    "diagram_from_estimates",
    "draw",
    "layout",
    "path_diagram",
    "save",
]

Format = Literal["svg", "pdf", "png"]
COLUMNS = ("lhs", "op", "rhs", "est", "se", "pvalue", "std_all")
"""Columns that a table of estimates must have."""

_KINDS: dict[str, EdgeKind] = {"=~": "loading", "<~": "weight", "~": "path", "~~": "covariance"}


def path_diagram(
    estimates: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    group: int | None = None,
    kind: Kind = "std_all",
    residuals: bool = True,
    width: float = 7.0,
    legend: str | None = None,
) -> Figure:
    """The figure for a table of estimates, drawn with the defaults of each step.

    Parameters
    ----------
    estimates, labels, group
        As in `diagram_from_estimates`.
    kind, residuals, width
        As in `layout`.
    legend : str, optional
        As in `draw`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    diagram = diagram_from_estimates(estimates, labels, group)
    return draw(layout(diagram, kind=kind, residuals=residuals, width=width), legend=legend)


def diagram_from_estimates(
    estimates: pd.DataFrame, labels: Mapping[str, str] | None = None, group: int | None = None
) -> PathDiagram:
    """The nodes and edges of a model with its estimates.

    Left out are intercepts, thresholds and defined parameters, covariances and paths fixed at zero, and the sample
    covariances of observed covariates, which are no parameters of the model. Where a construct has both loadings and
    weights, as in PLS, the loadings are shown.

    Parameters
    ----------
    estimates : DataFrame
        Columns lhs, op, rhs, est, se, pvalue, std_all and, with several groups, group; as `Fit.estimates()` returns
        them. A parameter with se 0 is fixed.
    labels : mapping of str to str, optional
        Text to show instead of a variable's name.
    group : int, optional
        Number of the group to show; needed when there are several.

    Returns
    -------
    PathDiagram

    Raises
    ------
    DataError
        When a column is missing or the table has nothing to draw.
    OptionValueError
        When `group` is not one of the groups, or is needed and not given.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("f", "=~", "x1", 1.0, 0.0, None, 0.8), ("f", "=~", "x2", 0.9, 0.1, 0.0, 0.7)]
    >>> table = pd.DataFrame(rows, columns=["lhs", "op", "rhs", "est", "se", "pvalue", "std_all"])
    >>> diagram = diagram_from_estimates(table, {"f": "Trust"})
    >>> [(node.label, node.shape) for node in diagram.nodes]
    [('Trust', 'ellipse'), ('x1', 'rectangle'), ('x2', 'rectangle')]
    """
    missing = [column for column in COLUMNS if column not in estimates.columns]
    if missing:
        raise DataError(
            f"the table of estimates lacks the column(s) {', '.join(missing)}; pass what Fit.estimates() returns."
        )
    rows = _rows(estimates, group)
    shown = _shown(rows)
    if not shown:
        raise DataError("the table of estimates has no loading, path or covariance, so there is nothing to draw.")
    names = dict.fromkeys(name for row in shown for name in (row["lhs"], row["rhs"]))
    composites = {row["lhs"] for row in shown if row["op"] == "<~"}
    latents = {row["lhs"] for row in shown if row["op"] == "=~"}
    explained = {row["rhs"] for row in shown if row["op"] == "=~"} | {row["lhs"] for row in shown if row["op"] == "~"}
    variances = {row["lhs"]: row for row in rows if row["op"] == "~~" and row["lhs"] == row["rhs"]}
    nodes = []
    for name in names:
        residual = _estimate(variances[name]) if name in explained and name in variances else None
        if residual is not None and residual.fixed and residual.est == 0:
            residual = None
        factors = latent_factors(str(name), latents) or (name,)
        text = " × ".join(str((labels or {}).get(factor, factor)) for factor in factors)
        latent = name in latents or len(factors) > 1
        shape: Shape = "ellipse" if latent else "hexagon" if name in composites else "rectangle"
        nodes.append(Node(name, text, shape, residual))
    return PathDiagram(tuple(nodes), tuple(_edge(row) for row in shown))


def save(
    figure: Figure, path_stem: str | Path, formats: Sequence[Format] = ("svg", "pdf", "png"), *, dpi: int = 300
) -> tuple[Path, ...]:
    """Write a figure, one file a format.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What `draw` returned.
    path_stem : str or Path
        The files' path without its ending; missing folders are made.
    formats : sequence of {"svg", "pdf", "png"}
        Which files to write.
    dpi : int
        Resolution of the PNG.

    Returns
    -------
    tuple of Path
        The files, in the order of `formats`.

    Raises
    ------
    OptionValueError
        When a format is not one of the three.
    OutputError
        When a file cannot be written there.
    """
    unknown = [name for name in formats if name not in ("svg", "pdf", "png")]
    if unknown:
        raise OptionValueError(f"there is no format {unknown[0]!r} for a path diagram; choose from svg, pdf, png.")
    texts: Iterable[str] = (text.get_text() for axes in figure.axes for text in axes.texts)
    # Chinese fonts are mostly of a kind (CFF outlines) that only Type 3 embeds in a way every PDF reader accepts.
    fonttype = 3 if any(has_cjk(text) for text in texts) else 42
    paths = [Path(f"{path_stem}.{name}") for name in formats]
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(figure, str(path), fonttype=fonttype, dpi=dpi)
        except OSError as error:
            raise OutputError(
                f"cannot write {path}: {error.strerror or error}; choose a folder that you may write to."
            ) from error
    return tuple(paths)


# ---- rows of the table ----------------------------------------------------------------------------------------------


def _rows(estimates: pd.DataFrame, group: int | None) -> list[dict[str, Any]]:
    rows = [{str(key): value for key, value in row.items()} for row in estimates.to_dict("records")]
    rows = [row for row in rows if row["op"] in _KINDS]
    if "group" not in estimates.columns:
        return rows
    groups = sorted({int(row["group"]) for row in rows})
    listed = ", ".join(map(str, groups))
    if group is None and len(groups) > 1:
        raise OptionValueError(f"the estimates are of several groups ({listed}); say which to draw, as in group=1.")
    if group is not None and group not in groups:
        raise OptionValueError(f"there is no group {group!r} among the estimates; choose from {listed}.")
    return [row for row in rows if group is None or int(row["group"]) == group]


def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that become edges."""
    loaded = {(row["lhs"], row["rhs"]) for row in rows if row["op"] == "=~"}
    modelled = {name for row in rows if row["op"] in ("=~", "<~") for name in (row["lhs"],)}
    modelled |= {row["rhs"] for row in rows if row["op"] == "=~"} | {row["lhs"] for row in rows if row["op"] == "~"}
    shown = []
    for row in rows:
        fixed = _fixed(row)
        zero = fixed and row["est"] == 0
        if row["op"] == "<~" and (row["lhs"], row["rhs"]) in loaded:
            continue
        if row["op"] == "~" and zero:
            continue
        covariate = row["lhs"] not in modelled and row["rhs"] not in modelled
        if row["op"] == "~~" and (row["lhs"] == row["rhs"] or zero or (fixed and covariate)):
            continue
        shown.append(row)
    return shown


def _fixed(row: dict[str, Any]) -> bool:
    return bool(row["se"] == 0)


def _estimate(row: dict[str, Any]) -> Estimate:
    pvalue = float("nan") if row["pvalue"] is None or _fixed(row) else float(row["pvalue"])
    standardized = float("nan") if row["std_all"] is None else float(row["std_all"])
    return Estimate(float(row["est"]), standardized, pvalue, _fixed(row))


def _edge(row: dict[str, Any]) -> Edge:
    """A loading runs from lhs to rhs; a weight and a path from rhs to lhs."""
    kind = _KINDS[row["op"]]
    ends = (row["rhs"], row["lhs"]) if kind in ("weight", "path") else (row["lhs"], row["rhs"])
    return Edge(str(ends[0]), str(ends[1]), kind, _estimate(row))
