"""Automatic parameters: scales of latent variables, variances, covariances and intercepts nobody writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import combinations, combinations_with_replacement

from lvmodels.model.options import TableOptions
from lvmodels.model.ordinal import scale_rows, threshold_rows
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables


def fix_scales(rows: Iterable[Row], variables: Variables, options: TableOptions) -> list[Row]:
    """Fix the first loading of every latent variable to 1, unless it has a modifier or the variance is fixed instead.

    With `std_lv` the first loading stays free (and the variance is set by `automatic_rows`).
    """
    rows = list(rows)
    seen: set[str] = set()
    for i, row in enumerate(rows):
        if row.op != "=~" or row.lhs in seen:
            continue
        seen.add(row.lhs)
        if options.auto_fix_first and not options.std_lv and not row.starred and row.lhs not in variables.composite:
            rows[i] = replace(row, free=False, value=1.0)
    return rows


def automatic_rows(
    rows: Iterable[Row],
    variables: Variables,
    options: TableOptions,
    group: int,
    fixed: Collection[str],
    centred: Collection[str] = (),
) -> list[Row]:
    """The parameters that `options` add to the written `rows` of one group, in the customary order.

    Parameters
    ----------
    rows : iterable of Row
    variables : Variables
        Roles in this group.
    options : TableOptions
    group : int
    fixed : collection of str
        Covariates whose moments stay at their sample values (if `options.fixed_x`); those of others are estimated.
    centred : collection of str
        Observed variables whose means belong to the level above.
    """
    fixed = fixed if options.fixed_x else ()
    present = {row.key for row in rows} | {(row.rhs, row.op, row.lhs) for row in rows if row.op == "~~"}
    candidates = [
        *threshold_rows(options),
        *_variances(rows, variables, options),
        *_covariances(variables, options),
        *_covariate_moments(variables, fixed),
        *scale_rows(options),
        *_intercepts(rows, variables, options, fixed, centred),
    ]
    return [replace(row, group=group) for row in candidates if row.key not in present]


def _variances(rows: Iterable[Row], variables: Variables, options: TableOptions) -> Iterator[Row]:
    single = _single_indicators(rows) if options.auto_fix_single else set()
    ordinal = dict(options.ordered)
    for name in variables.observed:
        if name in ordinal:
            yield _variance(name, False, 1.0)
        elif name not in variables.covariates:
            yield _variance(name, options.auto_var and name not in single, 0.0)
    for name in variables.latent:
        if name in variables.composite:
            yield _variance(name, False, 0.0)
        elif options.std_lv:
            yield _variance(name, False, 1.0)
        else:
            yield _variance(name, options.auto_var, 0.0)


def _variance(name: str, free: bool, value: float) -> Row:
    return Row(name, "~~", name, free=free, value=None if free else value)


def _single_indicators(rows: Iterable[Row]) -> set[str]:
    """Items that are the only indicator of their latent variable, and of no other."""
    loadings = [row for row in rows if row.op == "=~"]
    counts: dict[str, list[str]] = {}
    for row in loadings:
        counts.setdefault(row.lhs, []).append(row.rhs)
    items = [row.rhs for row in loadings]
    return {names[0] for names in counts.values() if len(names) == 1 and items.count(names[0]) == 1}


def _covariances(variables: Variables, options: TableOptions) -> Iterator[Row]:
    if options.auto_cov_lv_x:
        for a, b in combinations(variables.latent_exogenous, 2):
            yield Row(a, "~~", b, free=not options.orthogonal, value=0.0 if options.orthogonal else None)
    if options.auto_cov_y:
        for a, b in combinations(variables.last_endogenous, 2):
            yield Row(a, "~~", b)


def _covariate_moments(variables: Variables, fixed: Collection[str]) -> Iterator[Row]:
    for a, b in combinations_with_replacement(variables.covariates, 2):
        held = a in fixed and b in fixed
        yield Row(a, "~~", b, free=not held, covariate=held)


def _intercepts(
    rows: Iterable[Row],
    variables: Variables,
    options: TableOptions,
    fixed: Collection[str],
    centred: Collection[str],
) -> Iterator[Row]:
    if not options.meanstructure:
        return
    above = {row.lhs for row in rows if row.op == "=~" and row.rhs in centred}
    for name in variables.observed:
        if name in centred:
            yield _intercept(name, False)
        elif name in variables.covariates:
            yield Row(name, "~1", "", free=name not in fixed, covariate=name in fixed)
        else:
            yield _intercept(name, options.int_ov_free and name not in dict(options.ordered))
    for name in variables.latent:
        yield _intercept(name, options.int_lv_free and name not in above)


def _intercept(name: str, free: bool) -> Row:
    return Row(name, "~1", "", free=free, value=None if free else 0.0)
