"""Rows of ordinal variables: thresholds, scale factors, and what may not be written about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lvmodels.errors import ModelError
from lvmodels.model.options import TableOptions
from lvmodels.model.row import Row

_THRESHOLD = re.compile(r"t[1-9][0-9]*")


def threshold_rows(options: TableOptions) -> Iterator[Row]:
    """All thresholds of all ordinal variables, free."""
    for name, count in options.ordered if options.auto_th else ():
        for t in range(1, count):
            yield Row(name, "|", f"t{t}")


def scale_rows(options: TableOptions) -> Iterator[Row]:
    """Scale factors of the latent responses, 1 in the first group."""
    for name, _ in options.ordered if options.auto_delta else ():
        yield Row(name, "~*~", name, free=False, value=1.0)


def check_ordinal_rows(rows: Iterable[Row], options: TableOptions) -> None:
    """Refuse thresholds that do not exist, and scales that are not parameters.

    Raises
    ------
    ModelError
    """
    ordinal = dict(options.ordered)
    for row in rows:
        if row.op in ("|", "~*~") and row.lhs not in ordinal:
            raise ModelError(
                f"'{row}' is about an ordinal variable, but '{row.lhs}' is not declared as one; add it to ordered=."
            )
        if row.op == "|":
            known = bool(_THRESHOLD.fullmatch(row.rhs)) and row.threshold < ordinal[row.lhs] - 1
            if not known:
                raise ModelError(
                    f"'{row.lhs} | {row.rhs}' names no threshold: '{row.lhs}' has {ordinal[row.lhs]} categories, so "
                    f"its thresholds are t1 to t{ordinal[row.lhs] - 1}."
                )
        if row.op == "~*~" and row.lhs != row.rhs:
            raise ModelError(f"'{row}' is no scale factor; write '{row.lhs} ~*~ {row.lhs}'.")
        _refuse_free_scale(row, ordinal, options.parameterization)


def _refuse_free_scale(row: Row, ordinal: dict[str, int], parameterization: str) -> None:
    variance = row.is_variance and row.lhs in ordinal and row.free
    if parameterization == "delta" and variance:
        raise ModelError(
            f"the residual variance '{row}' of an ordinal variable is no free parameter in the delta parameterization; "
            "use parameterization='theta', or free its scale factor with ~*~."
        )
    if parameterization == "theta" and row.op == "~*~" and row.free:
        raise ModelError(
            f"the scale factor '{row}' is no free parameter in the theta parameterization; use "
            "parameterization='delta'."
        )


def free_response_scales(rows: list[Row], options: TableOptions) -> list[Row]:
    """With equal thresholds, free what these identify of the latent responses after group 1.

    "mplus": the scales, scale factors (delta) or residual variances (theta) unless these are equal, too; together with
    latent means (Millsap and Yun-Tein 2004). "wu.estabrook.2016": the scales and, until they are equal as well, the
    intercepts of the latent responses (Wu and Estabrook 2016). One equal threshold,
    all that a binary item has, cannot identify both: the scale then waits for equal loadings and intercepts. Residual
    variances that `group_partial` names stay free, and under "wu.estabrook.2016" such intercepts, too.
    """
    equal = options.group_equal
    exempt = {name.replace(" ", "") for name in options.group_partial}
    if "thresholds" not in equal:
        return rows
    ordinal = dict(options.ordered)
    stepwise = options.id_cat == "wu.estabrook.2016"
    for i, row in enumerate(rows):
        if row.group == 1 or row.user or row.lhs not in ordinal:
            continue
        named = str(row) in exempt
        scale = row.op == "~*~" if options.parameterization == "delta" else _free_residual(row, options, named)
        anchors = sum(f"{row.lhs}|t{t}" not in exempt for t in range(1, ordinal[row.lhs]))
        if stepwise and anchors < 2 and not {"loadings", "intercepts"} <= set(equal):
            scale = False
        intercept = stepwise and row.op == "~1" and anchors > 0 and ("intercepts" not in equal or named)
        if scale or intercept:
            rows[i] = replace(row, free=True, value=None)
    return rows


def _free_residual(row: Row, options: TableOptions, named: bool) -> bool:
    return row.is_variance and ("residuals" not in options.group_equal or named)
