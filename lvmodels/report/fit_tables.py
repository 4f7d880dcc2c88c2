"""Fit: each measure with its value, what it says about this model, and where its customary benchmark comes from.

Benchmarks are habits and not tests; the texts say so, and none of them decides alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lvmodels.assess.products import has_products
from lvmodels.report.context import Context
from lvmodels.report.headline import correction_notes, degrees, headline_measures, is_scaled, kind_of_indices
from lvmodels.report.number_format import NONE, decimal, p_equation, percent, shown
from lvmodels.report.records import Column, Table

Verdict = Literal["good", "acceptable", "poor"]

CFI_GOOD, CFI_ACCEPTABLE = 0.95, 0.90
RMSEA_GOOD, RMSEA_ACCEPTABLE = 0.05, 0.08
SRMR_GOOD, SRMR_ACCEPTABLE = 0.08, 0.10


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How the three approximate measures stand against their benchmarks."""

    cfi: Verdict
    rmsea: Verdict
    srmr: Verdict

    @property
    def overall(self) -> Verdict:
        """The least favourable of the three."""
        found = (self.cfi, self.rmsea, self.srmr)
        return "poor" if "poor" in found else "acceptable" if "acceptable" in found else "good"

    @property
    def short_of(self) -> tuple[str, ...]:
        """Names of the measures that fall short of every benchmark."""
        named = {"CFI": self.cfi, "RMSEA": self.rmsea, "SRMR": self.srmr}
        return tuple(name for name, verdict in named.items() if verdict == "poor")


def verdicts(measures: Mapping[str, float]) -> Verdicts:
    """Hold CFI, RMSEA and SRMR against their benchmarks (Hu and Bentler 1999; Browne and Cudeck 1993).

    Examples
    --------
    >>> found = verdicts({"cfi": 0.925, "rmsea": 0.066, "srmr": 0.050})
    >>> found.overall, found.srmr
    ('acceptable', 'good')
    """
    return Verdicts(
        _verdict(-measures["cfi"], -CFI_GOOD, -CFI_ACCEPTABLE),
        _verdict(measures["rmsea"], RMSEA_GOOD, RMSEA_ACCEPTABLE),
        _verdict(measures["srmr"], SRMR_GOOD, SRMR_ACCEPTABLE),
    )


def _verdict(misfit: float, good: float, acceptable: float) -> Verdict:
    return "good" if misfit <= good else "acceptable" if misfit <= acceptable else "poor"


def fit_table(context: Context) -> Table:
    """The measures that a reader needs, with words."""
    words = context.words
    measures = headline_measures(context.fit)
    rows = [(title, value, says, words[f"benchmark.{key}"]) for key, title, value, says in _entries(context, measures)]
    if is_scaled(context.fit):
        plain = {str(name): float(value) for name, value in context.fit.fit_measures().items()}
        says, benchmark = words[f"correction.plain_says{_kind(context)}"], words["correction.plain_benchmark"]
        rows.insert(1, (words["correction.plain"], _chi_square_value(plain), says, benchmark))
    rows[1:1] = _residual_test(context)
    columns = (
        Column("measure", words["column.measure"]),
        Column("value", words["column.value"]),
        Column("says", words["column.says"], "prose"),
        Column("benchmark", words["column.benchmark"], "prose"),
    )
    return Table("fit", words["table.fit"], columns, tuple(rows), _notes(context), wordy=True)


def _kind(context: Context) -> str:
    """What ends the keys of texts that say something else of ordinal answers."""
    return "_ordinal" if context.fit.settings.categorical else ""


def _residual_test(context: Context) -> list[tuple[str, str, str, str]]:
    """Browne's test, where it was asked for."""
    words, test = context.words, context.fit.settings.residual_test.replace(".", "_")
    if not test or not context.fit.converged or not context.fit.df:
        return []
    measures = context.fit.fit_measures()
    found = {name: float(measures[f"{name}_{test}"]) for name in ("chisq", "df", "pvalue")}
    says = words["says.chisq_rejected" if found["pvalue"] < 0.05 else "says.chisq_kept"]
    return [(words[f"title.{test}"], _chi_square_value(found), says, words["benchmark.browne"])]


def _notes(context: Context) -> tuple[str, ...]:
    if has_products(context.fit):
        return (context.words["note.products"],)
    corrections = correction_notes(context)
    corrected = is_scaled(context.fit) or kind_of_indices(context.fit)
    others = (context.words[f"correction.others{_kind(context)}"],) if corrected else ()
    return *corrections, *others, context.words["note.fit"]


def measures_table(context: Context) -> Table:
    """Every measure by its name."""
    rows = tuple((str(name), float(value)) for name, value in context.fit.fit_measures().items())
    columns = (Column("measure", "measure", "code"), Column("value", "value", "estimate"))
    return Table("fit_measures", context.words["table.fit_measures"], columns, rows)


def _entries(context: Context, m: Mapping[str, float]) -> list[tuple[str, str, str, str]]:
    """Key, title, value and sentence of each measure."""
    words = context.words
    if "df" not in m:
        return _criteria(context, m)
    if m["df"] == 0:
        return [("chisq", "χ²", shown(m["chisq"], "estimate"), words["says.saturated"])]
    index = {name: decimal(m[name], leading_zero=False) for name in ("cfi", "tli", "rmsea", "srmr")}
    low, high = (decimal(m[f"rmsea_ci_{end}"], leading_zero=False) for end in ("lower", "upper"))
    reach = {name: words[_reach(m[name])] for name in ("cfi", "tli")}
    exact = "says.chisq_rejected" if m["pvalue"] < 0.05 else "says.chisq_kept"
    close = "says.rmsea_rejected" if m["rmsea_pvalue"] < 0.05 else "says.rmsea_kept"
    verdict = verdicts(m)
    return [
        ("chisq", words["correction.title"] if is_scaled(context.fit) else "χ²", _chi_square_value(m), words[exact]),
        ("cfi", "CFI", index["cfi"], words["says.cfi"].format(share=percent(m["cfi"])) + reach["cfi"]),
        ("tli", "TLI", index["tli"], words["says.tli"] + reach["tli"]),
        (
            "rmsea", "RMSEA", f"{index['rmsea']} [{low}, {high}]",
            words["says.rmsea"] + words[f"says.rmsea_{verdict.rmsea}"]
            + words[close].format(p=p_equation(m["rmsea_pvalue"])),
        ),
        ("srmr", "SRMR", index["srmr"],
         words["says.srmr"].format(value=index["srmr"]) + _by_level(context) + words[f"says.srmr_{verdict.srmr}"]),
        *_criteria(context, m),
    ]  # fmt: skip


def _criteria(context: Context, m: Mapping[str, float]) -> list[tuple[str, str, str, str]]:
    return [
        (name, name.upper(), shown(m[name], "estimate"), context.words[f"says.{name}"])
        for name in ("aic", "bic")
        if name in m
    ]


def _by_level(context: Context) -> str:
    """The parts of SRMR in a two-level model."""
    if not context.fit.table.levels:
        return ""
    m = context.fit.fit_measures()
    parts = {name: decimal(float(m[f"srmr_{name}"]), leading_zero=False) for name in ("within", "between")}
    return context.words["says.srmr_levels"].format(**parts)


def _chi_square_value(m: Mapping[str, float]) -> str:
    return f"{decimal(m['chisq'])}, df = {degrees(m['df'])}, {p_equation(m['pvalue'])}"


def _reach(value: float) -> str:
    return f"says.reach_{_verdict(-value, -CFI_GOOD, -CFI_ACCEPTABLE)}"


def chi_square_text(measures: Mapping[str, float], n: int | None = None, sign: str = "χ²") -> str:
    """The test of exact fit as journals print it, "χ²(24) = 85.305, p < .001".

    Examples
    --------
    >>> chi_square_text({"chisq": 85.3055, "df": 24.0, "pvalue": 8.5e-9}, 301)
    'χ²(24, N = 301) = 85.305, p < .001'
    """
    if math.isnan(measures["chisq"]):
        return NONE
    cases = f", N = {n}" if n is not None else ""
    test = f", {p_equation(measures['pvalue'])}" if measures["df"] > 0 else ""
    return f"{sign}({degrees(measures['df'])}{cases}) = {decimal(measures['chisq'])}{test}"
