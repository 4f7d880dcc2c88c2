"""The same model in semopy, an engine written by others in another way (Igolkina and Meshcheryakov 2020).

Its language has no labels and no defined parameters: both are left out, as they restrict nothing; models with fixed or
equal parameters are not handed over. It does not fix the residual variance of a single indicator, so that a construct
of one item is handed over as the item itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lvmodels.errors import MissingPackageError, NotEstimableError
from lvmodels.fit.record import Fit
from lvmodels.model.records import Term

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["semopy_standardized"]

_KNOWN = ("=~", "~", "~~")


def semopy_standardized(fit: Fit) -> pd.Series[float]:
    """Standardized estimates of a model that was fitted here, by semopy's maximum likelihood.

    Returns
    -------
    Series
        By (lhs, op, rhs) of the loadings and paths.

    Raises
    ------
    MissingPackageError
        When semopy is not installed.
    NotEstimableError
        When the model has something that semopy's language lacks, or its search fails.
    """
    import pandas as pd

    try:
        import semopy
    except ImportError:
        raise MissingPackageError("semopy is not installed; pip install semopy brings the second engine.") from None
    text, alone = _translated(fit)
    data = fit.prepared.data
    assert data is not None
    frame = pd.DataFrame(data.Y, columns=list(data.names))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            engine = semopy.Model(text)
            engine.fit(frame, obj="MLW")
            table = engine.inspect(std_est=True)
        except Exception as error:  # whatever the other engine fails with is one sentence here
            raise NotEstimableError(f"semopy could not fit the model ({type(error).__name__}: {error}).") from None
    found: dict[tuple[str, str, str], float] = {(c, "=~", item): 1.0 for c, item in alone.items()}
    item_of = {item: c for c, item in alone.items()}
    loadings = {(row.rhs, row.lhs) for row in fit.table.rows if row.op == "=~"}
    for row in table.itertuples(index=False):
        left, right = item_of.get(row.lval, row.lval), item_of.get(row.rval, row.rval)
        if row.op == "~":
            key = (right, "=~", left) if (left, right) in loadings else (left, "~", right)
            found[key] = float(row[table.columns.get_loc("Est. Std")])
    return pd.Series(found)


def _translated(fit: Fit) -> tuple[str, dict[str, str]]:
    """The text in semopy's language, and the constructs of one item."""
    if len(fit.text.blocks) > 1 or fit.text.constraints:
        raise NotEstimableError("the model has groups, levels or constraints, which are not handed over to semopy.")
    formulas = fit.text.blocks[0].formulas
    if any(formula.op not in _KNOWN or not all(t.names for t in formula.rhs) for formula in formulas):
        raise NotEstimableError("semopy's language lacks some of the model's formulas.")
    _refuse_restrictions([term for formula in formulas for term in (*formula.lhs, *formula.rhs)])
    count: dict[str, list[str]] = {}
    for row in fit.table.rows:
        if row.op == "=~":
            count.setdefault(row.lhs, []).append(row.rhs)
    alone = {name: items[0] for name, items in count.items() if len(items) == 1}
    lines = []
    for formula in formulas:
        left = [":".join(term.names) for term in formula.lhs]
        right = [":".join(term.names) for term in formula.rhs]
        if formula.op == "=~":
            left = [name for name in left if name not in alone]
        if left:
            sides = (" + ".join(alone.get(name, name) for name in side) for side in (left, right))
            lines.append(f" {formula.op} ".join(sides))
    return "\n".join(lines), alone


def _refuse_restrictions(terms: Sequence[Term]) -> None:
    """Labels that stand once restrict nothing and are dropped; fixed values and equal labels cannot be handed over."""
    said = [modifier for term in terms for modifier in term.modifiers if modifier.kind != "start"]
    labels = [value for modifier in said for value in modifier.values]
    if any(m.kind not in ("value", "label") for m in said) or not all(isinstance(label, str) for label in labels):
        raise NotEstimableError("the model fixes or bounds parameters, which semopy's language cannot say this way.")
    if len(set(labels)) < len(labels):
        raise NotEstimableError("the model has equal labels, which semopy's language cannot say this way.")
