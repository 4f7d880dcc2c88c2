"""model text, data -> the same complete cases -> every method -> estimates on one scale -> findings."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lvmodels.composites.declaration import Declaration, declare
from lvmodels.composites.fit import PlsFit
from lvmodels.composites.options import settle
from lvmodels.errors import DroppedRowsWarning, LvmodelsError, ModelTypeError, UnknownVariableError, nearest
from lvmodels.fit import Fit
from lvmodels.measurement.item_answers import answers_of
from lvmodels.measurement.side_by_side.engines import (
    by_covariances,
    by_pls,
    by_sums,
    of_covariances,
    of_pls,
    quietly,
)
from lvmodels.measurement.side_by_side.findings import findings
from lvmodels.measurement.side_by_side.options import SideBySideOptions, check_names
from lvmodels.measurement.side_by_side.records import Comparison, Estimated, Method, Pair
from lvmodels.measurement.side_by_side.second_engine import by_semopy
from lvmodels.model.syntax import parse_model
from lvmodels.survey.columns import columns_of, numeric

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare_methods"]


def compare_methods(model: str, data: Any, options: SideBySideOptions) -> Comparison:
    """Everything behind `lvmodels.side_by_side`."""
    check_names(options)
    if not isinstance(model, str):
        raise ModelTypeError(f"the model is a {type(model).__name__}; pass its text, such as 'F =~ x1 + x2; y ~ F'.")
    scheme = options.get("scheme", "path")
    text = parse_model(model)
    declared = declare(text, settle(scheme, False, "casewise", {}))
    frame, dropped = _complete_cases(data, declared)
    options = {"ordered": _with_an_order(data, declared), **options}
    plain = quietly(lambda: by_pls(model, frame, scheme))
    turned = _negative(plain, declared) if isinstance(plain, PlsFit) else []
    tried: dict[Method, Any] = {
        "cbsem": quietly(lambda: by_covariances(model, frame, options)),
        "pls": plain,
        "plsc": quietly(lambda: by_pls(model, frame, scheme, consistent=True)),
        "sums": quietly(lambda: by_sums(model, frame, turned)),
        "semopy": quietly(lambda: by_semopy(text, declared, frame)),
    }
    if all(isinstance(found, LvmodelsError) for found in tried.values()):
        raise tried["cbsem"]
    left_out = {method: found for method, found in tried.items() if isinstance(found, LvmodelsError)}
    fits = {method: found for method, found in tried.items() if isinstance(found, (Fit, PlsFit))}
    known = {
        method: _oriented(_estimated(method, found, declared, turned), declared)
        for method, found in tried.items()
        if method not in left_out
    }
    sem = fits.get("cbsem")
    return Comparison(
        estimator=sem.settings.estimator if isinstance(sem, Fit) else "",
        nobs=len(frame),
        methods=known,
        paths=tuple((b, a) for a, b in declared.paths),
        loadings=tuple(_pairs(declared)),
        constructs=tuple(block.name for block in (*declared.blocks, *declared.higher) if len(block.items) > 1),
        findings=tuple(findings(known, left_out, fits, declared, (len(frame), dropped), turned)),
    )


def _pairs(declared: Declaration) -> list[Pair]:
    """Construct and item, leaving out single observed variables on paths."""
    blocks = (*declared.blocks, *declared.higher)
    return [(block.name, item) for block in blocks if block.items != (block.name,) for item in block.items]


def _complete_cases(data: Any, declared: Declaration) -> tuple[pd.DataFrame, int]:
    """Items of the model, cases that answer all of them; and how many cases do not."""
    import pandas as pd

    columns = columns_of(data)
    names = [str(name) for name in columns.names]
    for item in declared.items:
        if item not in names:
            problem = f"the data have no column '{item}', which the model names. {nearest(item, names)}"
            raise UnknownVariableError(problem.strip())
    chosen = pd.DataFrame(numeric(columns, declared.items), columns=list(declared.items))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DroppedRowsWarning)
        Y, kept = answers_of(chosen, "side_by_side", "listwise")
    return pd.DataFrame(Y, columns=kept), len(chosen) - len(Y)


def _with_an_order(data: Any, declared: Declaration) -> list[str] | None:
    """Items whose column of a pandas frame has ordered categories."""
    kinds: Any = getattr(data, "dtypes", None)
    if not hasattr(kinds, "get"):
        return None
    return [item for item in declared.items if getattr(kinds.get(item), "ordered", False)] or None


def _negative(fit: PlsFit, declared: Declaration) -> list[str]:
    """Items of several that go against their construct."""
    loadings = fit.loadings()
    blocks = [block for block in declared.blocks if len(block.items) > 1]
    return [item for block in blocks for item in block.items if loadings.loc[item, block.name] < 0.0]


def _estimated(method: Method, found: Any, declared: Declaration, turned: list[str]) -> Estimated:
    if method == "cbsem":
        return of_covariances(found, declared)
    if method == "semopy":
        return found  # type: ignore[no-any-return]
    measures: Mapping[Method, Any] = {"pls": "composite_reliability", "plsc": "rho_a", "sums": "alpha"}
    return of_pls(found, measures[method], turned if method == "sums" else [])


def _oriented(found: Estimated, declared: Declaration) -> Estimated:
    """Every construct turned so that its loadings have a positive sum, as the sign of a construct is arbitrary."""
    sums: dict[str, float] = {}
    for (name, _), x in found.loadings.items():
        sums[name] = sums.get(name, 0.0) + x
    sign = {name: math.copysign(1.0, total) for name, total in sums.items()}

    def turn(name: str) -> float:
        return math.prod(sign.get(part, 1.0) for part in name.split(":"))

    return Estimated(
        {(a, b): x * turn(a) * turn(b) for (a, b), x in found.paths.items()},
        {(a, b): x * turn(a) * turn(b) for (a, b), x in found.loadings.items()},
        found.r2,
        found.reliability,
    )
