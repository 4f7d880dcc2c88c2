"""The answers behind the model: groups, missing values, and the items one by one."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from lvmodels.fit.record import Fit
from lvmodels.report.context import Context
from lvmodels.report.missing_answers import missingness
from lvmodels.report.records import Cell, Column, Table


def group_table(context: Context) -> Table | None:
    """Cases by group."""
    if not context.several_groups:
        return None
    words, prepared = context.words, context.fit.prepared
    data = prepared.data
    sizes = [m.n for m in prepared.moments] if data is None else np.bincount(data.groups)  # cases, not their weights
    rows = tuple((g, label, int(n)) for g, (label, n) in enumerate(zip(prepared.group_labels, sizes, strict=True), 1))
    title = context.fit.settings.group or words["column.group"]
    columns = (
        Column("group", words["column.number"], "integer"),
        Column("group_label", title),
        Column("n", "n", "integer", symbol=True),
    )
    return Table("groups", words["table.groups"], columns, rows)


def icc_table(context: Context) -> Table | None:
    """Variances within and between clusters; None for models of one level."""
    fit, words = context.fit, context.words
    if not fit.table.levels or not fit.converged:
        return None
    rows = []
    for row in fit.icc().reset_index().to_dict("records"):
        g = int(row.get("group", 1))
        group: tuple[Cell, ...] = (g, context.group_names[g - 1]) if context.several_groups else ()
        rows.append((str(row["variable"]), *group, *(float(row[key]) for key in ("within", "between", "icc"))))
    columns = [Column("variable", words["column.variable"], "code")]
    if context.several_groups:
        columns += [
            Column("group", format="integer"),
            Column("group_label", fit.settings.group or words["column.group"]),
        ]
    columns += [
        Column("within", words["column.within"], "estimate"),
        Column("between", words["column.between"], "estimate"),
        Column("icc", words["column.icc"], "index"),
    ]
    return Table("icc", words["table.icc"], tuple(columns), tuple(rows), (words["note.icc"],))


def missing_table(context: Context) -> Table | None:
    """Missing values by variable; None when there are none."""
    data, words = context.fit.prepared.data, context.words
    if data is None or not data.missing.any():
        return None
    rows = tuple(
        (name, data.n_total - int(gone), int(gone), int(gone) / data.n_total)
        for name, gone in zip(data.names, data.missing, strict=True)
    )
    columns = (
        Column("variable", words["column.variable"], "code"),
        Column("answered", words["column.answered"], "integer"),
        Column("missing", words["column.missing"], "integer"),
        Column("missing_share", words["column.missing_share"], "percent"),
    )
    return Table("missing", words["table.missing"], columns, rows, (words["note.missing"],))


def item_table(context: Context) -> Table:
    """Wording and distribution of every observed variable, over the cases analysed."""
    words, fit = context.words, context.fit
    worded = _wordings(context)
    cells: list[tuple[Cell, ...]] = []
    names = fit.objective.template.observed
    for k, name in enumerate(names):
        for g in range(fit.table.n_groups):
            wording: tuple[Cell, ...] = (worded.get(name, ""),) if worded else ()
            heading = f"{name}: {worded[name]}" if name in worded else name
            group: tuple[Cell, ...] = (heading, g + 1, context.group_names[g]) if context.several_groups else ()
            cells.append((name, *wording, *group, *_distribution(fit, k, name, g)))
    several = context.several_groups
    columns = [Column("variable", "" if several else words["column.variable"], "code")]
    if worded:
        columns.append(Column("wording", "" if several else words["column.wording"], "prose"))
    if several:
        columns.append(Column("item"))
        title = fit.settings.group or words["column.group"]
        columns += [Column("group", format="integer"), Column("group_label", title)]
    columns += [
        Column("n", "n", "integer", symbol=True),
        Column("mean", "M", "estimate", symbol=True),
        Column("sd", "SD", "estimate", symbol=True),
    ]
    notes: tuple[str, ...] = ()
    if fit.prepared.data is not None:
        columns += [
            Column("skew", words["column.skew"], "ratio"),
            Column("kurtosis", words["column.kurtosis"], "ratio"),
            Column("min", words["column.min"], "integer"),
            Column("max", words["column.max"], "integer"),
        ]
        notes = _item_notes(context)
    return Table("items", words["table.items"], tuple(columns), tuple(cells), notes, "item" if several else "")


def _item_notes(context: Context) -> tuple[str, ...]:
    """What the numbers cover; a warning of non-normal answers where nothing corrects for them."""
    words, settings = context.words, context.fit.settings
    answered = [words["note.items_answered"]] if missingness(context) is not None else []
    plain = settings.test in ("standard", "none") or settings.se in ("standard", "first.order")
    return (words["note.items"], *answered, *([words["note.items_normal"]] if plain else []))


def _wordings(context: Context) -> dict[str, str]:
    instrument = context.instrument
    if instrument is None:
        return {}
    known = {item.name for item in instrument.items}
    names = context.fit.objective.template.observed
    return {name: instrument.label(name, context.language) for name in names if name in known}


def _distribution(fit: Fit, k: int, name: str, g: int) -> tuple[Cell, ...]:
    """n, mean, sd and, from answers, skewness, excess kurtosis (both adjusted for small samples), min and max."""
    data = fit.prepared.data
    if data is None:
        moments = fit.prepared.moments[g]
        return int(moments.n), float(moments.mean[k]), float(np.sqrt(moments.cov[k, k]))
    return distribution(data.Y[data.groups == g, data.names.index(name)])


def distribution(answers: NDArray[np.float64]) -> tuple[Cell, ...]:
    """Describe one variable.

    Parameters
    ----------
    answers : ndarray, shape (n,)
        NaN where there is no answer.

    Returns
    -------
    tuple
        Count, mean, standard deviation (n - 1), skewness and excess kurtosis (both adjusted for small samples: Joanes
        and Gill 1998, G1 and G2), minimum, maximum.

    Examples
    --------
    >>> import numpy as np
    >>> [round(float(value), 3) for value in distribution(np.array([1.0, 2.0, 2.0, 3.0, 7.0]))]
    [5.0, 3.0, 2.345, 1.744, 3.322, 1.0, 7.0]
    """
    import pandas as pd

    series = pd.Series(answers).dropna()
    return (
        len(series), float(series.mean()), float(series.std()), float(series.skew()), float(series.kurt()),
        float(series.min()), float(series.max()),
    )  # fmt: skip


def data_hash(fit: Fit) -> str:
    """SHA-256 of what was analysed.

    Of answers: the variables' names in UTF-8, each followed by a line feed; then the analysed matrix, case by case, as
    little-endian doubles; then the group numbers, from 0, as little-endian 64-bit integers. Of moments: the names, then
    n, means and covariances of each group as little-endian doubles.
    """
    digest = hashlib.sha256()
    data = fit.prepared.data
    names = fit.objective.template.observed if data is None else data.names
    digest.update("".join(f"{name}\n" for name in names).encode())
    if data is not None:
        digest.update(np.ascontiguousarray(data.Y, dtype="<f8").tobytes())
        digest.update(np.ascontiguousarray(data.groups, dtype="<i8").tobytes())
        return digest.hexdigest()
    for moments in fit.prepared.moments:
        for part in (np.array([moments.n]), moments.mean, moments.cov):
            digest.update(np.ascontiguousarray(part, dtype="<f8").tobytes())
    return digest.hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
