"""Each method applied to the same complete cases, and its estimates standardized.

cbsem   sem(), maximum likelihood or WLSMV        reliability: composite reliability (Fornell and Larcker 1981)
pls     pls()                                     composite reliability, from loadings on the scores
plsc    pls(consistent=True)                      rho_A (Dijkstra and Henseler 2015)
sums    pls(modes="unit"): least squares on       alpha of standardized items
        sums of standardized items
semopy  maximum likelihood by semopy              composite reliability
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from lvmodels.composites.declaration import Declaration
from lvmodels.composites.fit import PlsFit
from lvmodels.composites.options import Scheme
from lvmodels.composites.pipeline import pls
from lvmodels.errors import LvmodelsError, LvmodelsWarning, NotConvergedError, OptionValueError
from lvmodels.fit import Fit, sem
from lvmodels.measurement.reliability import reliability
from lvmodels.measurement.side_by_side.options import SideBySideOptions
from lvmodels.measurement.side_by_side.records import Estimated, Pair

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["by_covariances", "by_pls", "by_sums", "of_covariances", "of_pls", "quietly"]

T = TypeVar("T")
Measure = Literal["alpha", "rho_a", "composite_reliability"]


def quietly(work: Callable[[], T]) -> T | LvmodelsError:
    """The result of a method, or the error that is the reason to leave it out; warnings stay on its record."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LvmodelsWarning)
        try:
            return work()
        except OptionValueError:  # a mistake of the caller
            raise
        except LvmodelsError as error:
            return error


def by_covariances(model: str, frame: pd.DataFrame, options: SideBySideOptions) -> Fit:
    """The covariance-based fit.

    Raises
    ------
    NotConvergedError, ModelError, DataError
    """
    fit = sem(model, frame, estimator=options.get("estimator", "default"), ordered=options.get("ordered"))
    if not fit.converged:
        raise NotConvergedError("the search did not converge")
    return fit


def of_covariances(fit: Fit, declared: Declaration) -> Estimated:
    """Its standardized estimates."""
    table = fit.estimates()
    rows = list(zip(table["lhs"], table["op"], table["rhs"], table["std_all"], strict=True))
    wanted = {(b, a) for a, b in declared.paths}
    found = fit.r2()
    explained = [name for name in dict.fromkeys(b for _, b in declared.paths) if name in found.index]
    reliable = reliability(fit)["composite_reliability"] if any(op == "=~" for _, op, _, _ in rows) else {}
    return Estimated(
        {(a, b): float(x) for a, op, b, x in rows if op == "~" and (a, b) in wanted},
        {(a, b): float(x) for a, op, b, x in rows if op == "=~"},
        {name: float(found[name]) for name in explained},
        {str(name): float(x) for name, x in dict(reliable).items() if not math.isnan(x)},
    )


def by_pls(model: str, frame: pd.DataFrame, scheme: Scheme, consistent: bool = False) -> PlsFit:
    """Partial least squares, plain or consistent."""
    return _converged(pls(model, frame, scheme=scheme, consistent=consistent))


def by_sums(model: str, frame: pd.DataFrame, turned: list[str]) -> PlsFit:
    """Least squares on sums of standardized items, those that are `turned` with the other sign."""
    signs = np.where(np.isin(list(frame.columns), turned), -1.0, 1.0)
    return _converged(pls(model, frame * signs, modes="unit"))


def _converged(fit: PlsFit) -> PlsFit:
    if not fit.converged:
        raise NotConvergedError("the weights did not converge")
    return fit


def of_pls(fit: PlsFit, measure: Measure, turned: list[str]) -> Estimated:
    """Standardized estimates; loadings of items that were `turned` get their sign back."""
    table = fit.estimates()
    rows = list(zip(table["lhs"], table["op"], table["rhs"], table["std_all"], strict=True))
    several = _measured(fit.declared, {"A", "unit"})
    reliable = fit.reliability()[measure]
    loadings: dict[Pair, float] = {
        (a, b): float(-x if b in turned else x) for a, op, b, x in rows if op == "=~" and a != b
    }
    return Estimated(
        {(a, b): float(x) for a, op, b, x in rows if op == "~"},
        loadings,
        {str(name): float(x) for name, x in fit.r2().items()},
        {name: float(reliable[name]) for name in several if name in reliable.index},
    )


def _measured(declared: Declaration, modes: set[str]) -> list[str]:
    """Constructs of several items, in one of the modes."""
    blocks = (*declared.blocks, *declared.higher)
    return [block.name for block in blocks if len(block.items) > 1 and block.mode in modes]
