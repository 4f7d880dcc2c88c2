"""The covariance-based model by semopy, which others wrote in another way (Igolkina and Meshcheryakov 2020).

semopy's language has no labels, and it gives a single item an error; the construct is therefore written as the item
itself, which is the same model. Names are replaced, as its language takes Latin letters only.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from lvmodels.composites.declaration import Declaration
from lvmodels.errors import MissingPackageError, NotConvergedError, NotEstimableError
from lvmodels.measurement.reliability import composite_reliability
from lvmodels.measurement.side_by_side.records import Estimated
from lvmodels.model.records import ModelText

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["by_semopy", "semopy_text"]


def semopy_text(text: ModelText, declared: Declaration) -> tuple[str, dict[str, str]]:
    """The model in semopy's language, and the name there of every construct and item.

    Raises
    ------
    NotEstimableError
        For composites and products, which it does not have.

    Examples
    --------
    >>> from lvmodels.composites.declaration import declare
    >>> from lvmodels.composites.options import PlsSettings
    >>> from lvmodels.model.syntax import parse_model
    >>> text = parse_model("F =~ a*x1 + x2 + x3; y =~ x4; y ~ F")
    >>> print(semopy_text(text, declare(text, PlsSettings()))[0])
    v0 =~ v1 + v2 + v3
    v4 ~ v0
    """
    names: dict[str, str] = {}
    for block in (*declared.blocks, *declared.higher):
        names.setdefault(block.name, f"v{len(names)}")
        for item in block.items:
            names.setdefault(item, names[block.name] if len(block.items) == 1 else f"v{len(names)}")
    lines = []
    for formula in (f for part in text.blocks for f in part.formulas):
        _refuse(formula.op, [term.names for term in (*formula.lhs, *formula.rhs)])
        right = [names[term.names[0]] for term in formula.rhs if term.names and term.names[0] in names]
        for left in formula.lhs:
            name = names.get(left.names[0], "")
            others = [other for other in right if other != name or formula.op == "~~"]
            if name and others:
                lines.append(f"{name} {formula.op} {' + '.join(others)}")
    return "\n".join(lines), names


def _refuse(op: str, terms: list[tuple[str, ...]]) -> None:
    if op == "<~":
        raise NotEstimableError("it has no composites (<~)")
    if any(len(names) > 1 for names in terms):
        raise NotEstimableError("it has no products of constructs")
    if op in ("|", "~*~"):
        raise NotEstimableError(f"it has no formulas with {op}")


def by_semopy(text: ModelText, declared: Declaration, frame: pd.DataFrame) -> Estimated:
    """Standardized estimates of maximum likelihood by semopy; ordinal answers count as numbers.

    Raises
    ------
    MissingPackageError
        When it is not installed.
    NotConvergedError, NotEstimableError
    """
    written, names = semopy_text(text, declared)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import semopy
        except ImportError as error:
            raise MissingPackageError("semopy is not installed; pip install 'lvmodels[semopy]' adds it.") from error
        columns = {names[item]: frame[item].to_numpy() for item in declared.items}
        table = _fitted(semopy.Model(written), type(frame)(columns))
    standard = {(row["lval"], row["op"], row["rval"]): float(row["Est. Std"]) for row in table.to_dict("records")}
    paths = {(b, a): standard[names[b], "~", names[a]] for a, b in declared.paths}
    loadings = {
        (block.name, item): standard.get((names[item], "~", names[block.name]), 1.0)
        for block in (*declared.blocks, *declared.higher)
        if block.items != (block.name,)
        for item in block.items
    }
    explained = dict.fromkeys(b for _, b in declared.paths)
    r2 = {name: 1.0 - standard[names[name], "~~", names[name]] for name in explained}
    return Estimated(paths, loadings, r2, _reliability(declared, loadings))


def _fitted(model: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Table of estimates with a column Est. Std."""
    try:
        solution = model.fit(frame, obj="MLW")
        table: pd.DataFrame = model.inspect(std_est=True)
    except Exception as error:  # whatever goes wrong in there is a reason to leave its column out, no more
        raise NotConvergedError(f"it stopped with {type(error).__name__}: {error}") from error
    if not solution.success:
        raise NotConvergedError("its search did not converge")
    return table


def _reliability(declared: Declaration, loadings: dict[tuple[str, str], float]) -> dict[str, float]:
    import numpy as np

    return {
        block.name: composite_reliability(np.array([loadings[block.name, item] for item in block.items]))
        for block in (*declared.blocks, *declared.higher)
        if len(block.items) > 1
    }
