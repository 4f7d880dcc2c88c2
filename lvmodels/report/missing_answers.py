"""What is missing in the cases analysed by full information: how much, in which patterns, who was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError
from lvmodels.measurement.missing import little_of
from lvmodels.report.context import Context
from lvmodels.report.number_format import decimal, p_equation, percent
from lvmodels.report.records import Cell, Column, Table

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Missingness:
    """How much is missing in the cases analysed.

    Attributes
    ----------
    n : int
        Cases analysed.
    incomplete : int
        Of these, cases that lack a value.
    cells : float
        Share of all values that is missing.
    patterns : int
        Different sets of missing variables, the empty set among them where a case is complete.
    """

    n: int
    incomplete: int
    cells: float
    patterns: int

    def texts(self) -> dict[str, str]:
        """The numbers as sentences have them."""
        return {
            "n": str(self.n),
            "incomplete": str(self.incomplete),
            "share": percent(self.incomplete / self.n),
            "cells": percent(self.cells),
            "patterns": str(self.patterns),
        }


def missingness(context: Context) -> Missingness | None:
    """What is missing in the cases analysed; None when nothing is, or when moments were given."""
    absent = _absent(context)
    if absent is None:
        return None
    return Missingness(len(absent), int(absent.any(axis=1).sum()), float(absent.mean()), len(np.unique(absent, axis=0)))


def keeps_incomplete(context: Context) -> bool:
    """Whether cases with missing values would be kept."""
    return context.fit.settings.missing != "listwise"


def method_of_missing(context: Context) -> str:
    """What makes use of incomplete cases, in words."""
    kind = "two_stage" if context.fit.settings.two_stage else "fiml"
    return context.words[f"sample.method_{kind}"]


def lacking(context: Context, part: Literal["sample", "methods"]) -> str:
    """The part of a sentence that names the variables without which a case is left out even so; empty if none."""
    settings = context.fit.settings
    covariates = context.fit.table.variables.covariates
    needed = covariates if settings.hold_x else ()
    named = [*needed, *(n for n in (settings.group, settings.cluster, settings.sampling_weights) if n)]
    return context.words[f"{part}.fiml_lacking"].format(names=context.words["list_comma"].join(named)) if named else ""


def pattern_table(context: Context) -> Table | None:
    """Patterns of missing values, the most frequent first, ties by the order of the variables."""
    absent, words, data = _absent(context), context.words, context.fit.prepared.data
    if absent is None or data is None:
        return None
    names = np.array(data.names, dtype=object)
    patterns, counts = np.unique(absent, axis=0, return_counts=True)
    sizes = patterns.sum(axis=1)
    order = sorted(range(len(patterns)), key=lambda k: (-counts[k], sizes[k], (~patterns[k]).tolist()))
    rows: list[tuple[Cell, ...]] = [
        (
            ", ".join(names[patterns[k]]) or words["note.none_missing"],
            int(sizes[k]),
            int(counts[k]),
            float(counts[k] / len(absent)),
        )
        for k in order
    ]
    columns = (
        Column("missing_variables", words["column.missing_variables"], "code"),
        Column("missing_count", words["column.missing_count"], "integer"),
        Column("n", "n", "integer", symbol=True),
        Column("share", words["column.share"], "percent"),
    )
    notes = [words["note.missing_patterns"]]
    if len(rows) > SHOWN:
        notes.append(words["note.missing_rest"].format(shown=SHOWN, count=len(rows)))
    title = words["table.missing_patterns"]
    return Table("missing_patterns", title, columns, tuple(rows), tuple(notes), shown_rows=SHOWN)


def little_text(context: Context) -> list[str]:
    """Little's test on the cases analysed, in a sentence; none where it says nothing or cannot be computed."""
    fit, words = context.fit, context.words
    data = fit.prepared.data
    if data is None or fit.settings.categorical or _absent(context) is None:
        return []
    try:
        found = little_of(data.Y, data.names)
    except DataError:  # groups may each answer pairs that all together cannot tell
        return []
    if not found.df:
        return []
    reading = words["sample.little_rejected" if found.pvalue < 0.05 else "sample.little_kept"]
    test = chi_square_sentence(found.statistic, found.df, found.pvalue)
    return [words["sample.little"].format(test=test, reading=reading)]


def chi_square_sentence(chisq: float, df: int, pvalue: float) -> str:
    """A chi-square test as journals print it.

    Examples
    --------
    >>> chi_square_sentence(386.7266, 362, 0.1779)
    'χ²(362) = 386.727, p = .178'
    """
    return f"χ²({df}) = {decimal(chisq)}, {p_equation(pvalue)}"


def _absent(context: Context) -> NDArray[np.bool_] | None:
    """Which values are missing, shape (n, p); None when none is."""
    data = context.fit.prepared.data
    if data is None:
        return None
    absent: NDArray[np.bool_] = np.isnan(data.Y)
    return absent if absent.any() else None
