"""Everything the text of the paper shows, as it is shown, computed now."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

import lvmodels as lv
from paper import sources
from paper.derivatives import gradient_error
from paper.elsewhere import error_difference
from paper.replication import Comparison, Replication, replicate
from paper.shown import NARROW, bounded, counted, fixed, power, probability

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels import Fit

MAIN = "01_ecsi_full"
FLAT = "04_ecsi_unit_variances"
ROBUST = "19_ecsi_full_robust"
TABLE_DIGITS = 3
ROUTES = (
    "quality_satisfaction_loyalty",
    "quality_value_satisfaction_loyalty",
    "quality_complaints_loyalty",
    "quality_total",
)
MEASURES = ("chisq", "df", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr")


def compute() -> dict[str, Any]:
    """The values of the paper by name; strings, and lists of them for the tables."""
    replications = [replicate(name) for name in sources.names()]
    return {
        "versions": {"lvmodels": lv.__version__, "python": platform.python_version()}
        | {name: version(name) for name in ("numpy", "scipy")},
        "main": _main(replicate(MAIN)),
        "main_rows": [_row(name, cells) for name, cells in _by_parameter(replicate(MAIN)).items()],
        "chain": _chain(),
        "models": [_model(replication) for replication in replications],
        "all": _all(replications),
        "flat": _flat(replicate(FLAT)),
        "robust": _robust(replicate(ROBUST), replicate(MAIN)),
        "left_out": [dict(entry) for entry in sources.left_out()],
    }


# ---- the index, as published ----------------------------------------------------------------------------------------


def _main(replication: Replication) -> dict[str, Any]:
    fit = replication.fit
    table = fit.estimates()
    r2 = fit.r2()
    return (
        {
            "n": str(fit.nobs),
            "npar": str(int(fit.fit_measures()["npar"])),
            "items": str(len(fit.implied().cov)),
            "iterations": str(fit.optimum.iterations),
            "chisq_difference": power(_find(replication, "chisq", "fit").difference),
            "est_difference": power(replication.largest("est", "std_all")),
            "se_difference": power(replication.largest("se")),
            "image_quality": bounded(_cell(table, "Image", "~~", "Quality", "std_all")),
            "image_satisfaction_se": fixed(_cell(table, "Satisfaction", "~", "Image", "se"), 2),
            "r2_satisfaction": bounded(r2["Satisfaction"]),
            "r2_loyalty": bounded(r2["Loyalty"]),
            "price_loading": bounded(_cell(table, "Loyalty", "=~", "CUSL2", "std_all")),
            "count": str(replication.count()),
        }
        | _same_digits(replication)
        | _measures(fit)
    )


def _same_digits(replication: Replication) -> dict[str, str]:
    """Of the cells that the main table shows: how many there are, and how many differ in a digit shown."""
    cells = [cell for row in _by_parameter(replication).values() for cell in row.values()]
    different = sum(fixed(cell.ours, TABLE_DIGITS) != fixed(cell.published, TABLE_DIGITS) for cell in cells)
    return {"cells": str(len(cells)), "cells_different": counted(different)}


def _measures(fit: Fit) -> dict[str, str]:
    found = fit.fit_measures()
    shown = {name: bounded(found[name], 3) for name in MEASURES[2:]}
    return shown | {"chisq": fixed(found["chisq"], 3), "df": str(int(found["df"])), "p": probability(found["pvalue"])}


def _by_parameter(replication: Replication) -> dict[str, dict[str, Comparison]]:
    """Loadings, paths and factor correlations: estimate, error and standardized value of each."""
    latent = {text.split(" =~ ")[0] for text in _quantities(replication) if " =~ " in text}
    rows: dict[str, dict[str, Comparison]] = {}
    for comparison in replication.comparisons:
        lhs, op, rhs = (*comparison.quantity.split(), "", "")[:3]
        if op in ("=~", "~") or (op == "~~" and lhs != rhs and lhs in latent):
            rows.setdefault(comparison.quantity, {})[comparison.column] = comparison
    return rows


def _quantities(replication: Replication) -> list[str]:
    return [comparison.quantity for comparison in replication.comparisons]


def _row(name: str, cells: dict[str, Comparison]) -> dict[str, str]:
    lhs, op, rhs = name.split()
    shown = {
        f"{column}_{side}": fixed(getattr(cell, side), TABLE_DIGITS)
        for column, cell in cells.items()
        for side in ("ours", "published")
    }
    difference = max(cell.difference for cell in cells.values())
    return {"lhs": lhs, "op": op, "rhs": rhs, "difference": power(difference)} | shown


# ---- the chain from quality to loyalty ------------------------------------------------------------------------------


def _chain() -> dict[str, Any]:
    """The index without its image block, which is the model that ships with the data."""
    fit = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))
    table = fit.estimates().set_index("lhs")
    routes = {}
    for name in ROUTES:
        row = table.loc[name]
        routes[name] = {"std": bounded(row["std_all"]), "est": fixed(row["est"], 3), "se": fixed(row["se"], 3),
                        "p": probability(row["pvalue"])}  # fmt: skip
    share = table.loc[ROUTES[0], "est"] / table.loc[ROUTES[-1], "est"]
    r2 = {name.lower(): bounded(value) for name, value in fit.r2().items()}
    return _measures(fit) | {"r2": r2, "routes": routes, "direct_share": f"{100 * share:.0f}"}


# ---- all replicated models ------------------------------------------------------------------------------------------


def _model(replication: Replication) -> dict[str, Any]:
    source = replication.source
    digits = source.decimals.get("fit", 3)
    corrected = "chisq_scaled" in source.fit
    test = "chisq_scaled" if corrected else "chisq"
    chisq = [c for c in replication.comparisons if c.quantity == test]
    return {
        "title": source.title,
        "cite": list(source.cite),
        "kind": source.kind,
        "corrected": corrected,
        "n": str(source.n),
        "count": str(replication.count()),
        "agree": str(sum(c.agrees for c in replication.comparisons)),
        "est": power(replication.largest("est", "std_lv", "std_all")),
        "se": power(replication.largest("se")),
        "chisq_ours": fixed(float(replication.fit.fit_measures()[test]), digits),
        "chisq_published": fixed(chisq[0].published, digits) if chisq else fixed(float("nan"), 0),
        "df": str(replication.fit.df),
    }


def _all(replications: list[Replication]) -> dict[str, str]:
    comparisons = [c for replication in replications for c in replication.comparisons]
    fits = [replication.fit for replication in replications]
    kinds = [replication.source.kind for replication in replications]
    return {
        "models": str(len(replications)),
        "count": f"{len(comparisons):,}".replace(",", NARROW),
        "disagree": counted(sum(not c.agrees for c in comparisons)),
        "gradient": power(max(gradient_error(fit) for fit in fits)),
        "iterations": str(max(fit.optimum.iterations for fit in fits)),
        "iterations_median": f"{np.median([fit.optimum.iterations for fit in fits]):.0f}",
    } | {kind: str(kinds.count(kind)) for kind in ("printed", "program", "recomputed")}


def _flat(replication: Replication) -> dict[str, str]:
    return {
        "count": str(replication.count()),
        "difference": power(replication.largest("est")),
        "gradient": power(float(np.abs(replication.fit.optimum.gradient).max())),
    } | _measures(replication.fit)


def _robust(replication: Replication, plain: Replication) -> dict[str, str]:
    """The index with robust errors and scaled test; `plain` is the same model without them."""
    fit = replication.fit
    found = fit.fit_measures()
    errors = {c.quantity: c for c in replication.comparisons if c.column == "se"}
    ratio = max(errors[c.quantity].ours / c.ours for c in plain.comparisons if c.column == "se")
    return {
        "models": str(sum("chisq_scaled" in sources.load(name).fit for name in sources.names())),
        "chisq": fixed(found["chisq_scaled"], 3),
        "chisq_published": fixed(_find(replication, "chisq_scaled", "fit").published, 3),
        "factor": fixed(found["chisq_scaling_factor"], 3),
        "cfi": bounded(found["cfi_robust"], 3),
        "rmsea": bounded(found["rmsea_robust"], 3),
        "largest_error": fixed(errors["Satisfaction ~ Image"].ours, 2),
        "ratio": f"{ratio:.0f}",
        "se_share": power(max(c.difference / c.published for c in errors.values())),
        "se_there": power(error_difference(replication)),
        "est_difference": power(replication.largest("est", "std_all")),
    }


# ---- look-ups -------------------------------------------------------------------------------------------------------


def _find(replication: Replication, quantity: str, column: str) -> Comparison:
    return next(c for c in replication.comparisons if (c.quantity, c.column) == (quantity, column))


def _cell(table: pd.DataFrame, lhs: str, op: str, rhs: str, column: str) -> float:
    row = table[(table["lhs"] == lhs) & (table["op"] == op) & (table["rhs"] == rhs)]
    return float(row[column].iloc[0])
