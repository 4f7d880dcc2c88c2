"""Parameters that share one value: `equal()` references and equality across groups; bounds by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lvmodels.errors import ModelError, OptionValueError, nearest
from lvmodels.model.options import TableOptions
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables

EQUALITY_KINDS = (
    "loadings", "intercepts", "thresholds", "residuals", "residual.covariances", "lv.variances", "lv.covariances",
    "means", "regressions",
)  # fmt: skip


def resolve_references(rows: list[Row]) -> list[Row]:
    """Replace every ``equal("f=~x2")`` by a label shared with the row it names (in the same group) or its label."""
    for i, row in enumerate(rows):
        if not row.equal_to:
            continue
        wanted = row.equal_to.replace(" ", "")
        peers = [j for j, other in enumerate(rows) if other.group == row.group and str(other) == wanted]
        peers.sort(key=lambda j: rows[j].level != rows[i].level)
        labelled = [j for j, other in enumerate(rows) if other.label == row.equal_to]
        if not peers and not labelled:
            hint = nearest(wanted, [str(r) for r in rows if r.group == row.group])
            raise ModelError(f"equal(\"{row.equal_to}\") of '{row}' names no parameter of the model. {hint}".strip())
        target = (peers or labelled)[0]
        if target == i:
            raise ModelError(f"equal(\"{row.equal_to}\") of '{row}' names the parameter itself; name another one.")
        label = rows[target].label or f".p{target + 1}."
        rows[target] = replace(rows[target], label=label)
        rows[i] = replace(row, label=label, equal_to="")
    return rows


def free_latent_means(rows: list[Row], variables: Variables, options: TableOptions) -> list[Row]:
    """With equal intercepts, free the means (with equal loadings and `std_lv`, the variances) of latents after group 1.

    Only latent variables measured by observed items are freed: the mean of a higher-order factor and those of its
    dimensions are not identified together.
    """
    equal = options.group_equal
    above = {r.lhs for r in rows if r.level == 2 and r.op == "~1"}  # their means do not belong to level 1
    measured = {
        (r.level, r.lhs)
        for r in rows
        if r.op == "=~" and r.rhs in variables.observed and not (r.level == 1 and r.rhs in above)
    }
    thresholds = "thresholds" in equal and options.ordered and options.id_cat == "mplus"
    free_means = ("intercepts" in equal or thresholds) and "means" not in equal
    free_variances = "loadings" in equal and "lv.variances" not in equal and options.std_lv
    for i, row in enumerate(rows):
        if row.group == 1 or row.user or row.free or row.lhs not in variables.latent:
            continue
        mean = free_means and row.op == "~1" and (row.level, row.lhs) in measured
        variance = free_variances and row.is_variance and row.lhs not in variables.composite
        if mean or variance:
            rows[i] = replace(row, free=True, value=None)
    return rows


def equal_across_groups(rows: list[Row], variables: Variables, options: TableOptions) -> list[Row]:
    """Give corresponding free parameters of all groups one label, by the kinds in `group_equal`."""
    exempt = {name.replace(" ", "") for name in options.group_partial}
    _check_partial(rows, exempt)
    first = {(row.level, row.key): i for i, row in enumerate(rows) if row.group == 1}
    for i, row in enumerate(rows):
        kind = parameter_kind(row, variables)
        if row.group == 1 or kind not in options.group_equal or not row.free or row.label in exempt:
            continue
        j = first.get((row.level, row.key))
        if j is None or not rows[j].free or str(row) in exempt or row.label:
            continue
        label = rows[j].label or f".p{j + 1}."
        rows[j] = replace(rows[j], label=label)
        rows[i] = replace(row, label=label)
    return rows


def _check_partial(rows: Iterable[Row], exempt: set[str]) -> None:
    known = {str(r) for r in rows} | {r.label for r in rows if r.label}
    for name in exempt - known:
        raise OptionValueError(f"group_partial names '{name}', which is no parameter. {nearest(name, known)}".strip())


def parameter_kind(row: Row, variables: Variables) -> str:
    """The kind of parameter in the words of `group_equal`; empty for moments of covariates."""
    latent = row.lhs in variables.latent
    if row.covariate or row.lhs in variables.covariates:
        return ""
    if row.op == "~~":
        if latent:
            return "lv.variances" if row.is_variance else "lv.covariances"
        return "residuals" if row.is_variance else "residual.covariances"
    if row.op == "~1":
        return "means" if latent else "intercepts"
    return {"=~": "loadings", "~": "regressions", "|": "thresholds"}.get(row.op, "")


def apply_bounds(rows: list[Row], variables: Variables, bounds: str) -> list[Row]:
    """Lower bounds of 0 for free variances: none, all, of observed, or of latent variables."""
    kinds = {"none": (), "pos.var": (False, True), "pos.ov.var": (False,), "pos.lv.var": (True,)}
    if bounds not in kinds:
        raise OptionValueError(f"bounds={bounds!r} is not known; use one of {', '.join(map(repr, kinds))}.")
    for i, row in enumerate(rows):
        if row.free and row.is_variance and row.lower is None and (row.lhs in variables.latent) in kinds[bounds]:
            rows[i] = replace(row, lower=0.0)
    return rows
