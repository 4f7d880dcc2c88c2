"""Variance inflation: how much of a predictor, or of an item, the others already tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import block_index
from lvmodels.errors import CollinearVariablesError
from lvmodels.fit.record import Fit
from lvmodels.measurement.constructs import blocks_of
from lvmodels.measurement.item_answers import answers_of, pairwise_covariance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["vif", "vif_of"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_SINGULAR = 1e-10


def vif(fit_or_frame: Any, group: int = 1, level: int = 1) -> pd.DataFrame:
    """Variance inflation factors: 1 / (1 - R²) of each predictor, or item, on the others.

    Values above 5 are read as a serious, above 3 as a possible problem (Hair, Risher, Sarstedt and Ringle 2019); they
    say nothing about how well a coefficient is estimated in a large sample.

    Parameters
    ----------
    fit_or_frame : Fit, data frame, Survey or path
        Of a fit the predictors of each outcome, from the correlations that the model implies, and the items of each
        construct, from those of the sample; of a frame its columns.
    group, level : int
        Of fits with groups or levels, counted from 1.

    Returns
    -------
    DataFrame
        Columns kind ("predictor" or "item"), of (the outcome or construct; empty for a frame), name, vif.

    Raises
    ------
    CollinearVariablesError
        When one of them is a linear combination of the others.
    NotConvergedError, ModelError, OptionValueError, DataError

    References
    ----------
    Hair, J. F., Risher, J. J., Sarstedt, M., & Ringle, C. M. (2019). When to use and how to report the results of
    PLS-SEM. European Business Review, 31(1), 2-24.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))
    >>> found = lv.vif(fit)
    >>> found[found["kind"] == "predictor"].round(2).head(5)
            kind            of         name   vif
    0  predictor       Quality  Expectation  1.00
    1  predictor         Value  Expectation  3.75
    2  predictor         Value      Quality  3.75
    3  predictor  Satisfaction  Expectation  3.78
    4  predictor  Satisfaction      Quality  4.89
    """
    import pandas as pd

    if not isinstance(fit_or_frame, Fit):
        Y, names = answers_of(fit_or_frame, "vif", "listwise")
        rows = [
            ("item", "", name, value) for name, value in zip(names, vif_of(pairwise_covariance(Y), names), strict=True)
        ]
    else:
        rows = [*_predictors(fit_or_frame, group, level), *_items(fit_or_frame, group, level)]
    return pd.DataFrame(rows, columns=["kind", "of", "name", "vif"])


def vif_of(C: Matrix, names: Sequence[str]) -> Vector:
    """Variance inflation factors of variables with these covariances.

    Raises
    ------
    CollinearVariablesError

    Examples
    --------
    >>> vif_of(np.array([[1.0, 0.6], [0.6, 1.0]]), ["a", "b"]).round(4)
    array([1.5625, 1.5625])
    """
    sd = np.sqrt(np.diagonal(C))
    values, vectors = np.linalg.eigh(C / np.outer(sd, sd))
    if values[0] < _SINGULAR:
        involved = [names[int(k)] for k in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
        raise CollinearVariablesError(
            f"{', '.join(map(repr, involved))} are collinear: each is a linear combination of the others, so its "
            "variance inflation has no end. Drop one of them."
        )
    return np.asarray((vectors**2 / values).sum(axis=1))


def _predictors(fit: Fit, group: int, level: int) -> list[tuple[str, str, str, float]]:
    template, V = fit.objective.template, fit.solution.states[block_index(fit, group, level)].matrices.V
    by_outcome: dict[str, list[str]] = {}
    for row in fit.table.rows:
        if row.op == "~" and row.rhs and not row.factors and (row.group, row.level) == (group, level):
            by_outcome.setdefault(row.lhs, []).append(row.rhs)
    found = []
    for outcome, predictors in by_outcome.items():
        at = [template.names.index(name) for name in predictors]
        values = vif_of(V[np.ix_(at, at)], predictors)
        found += [("predictor", outcome, name, float(v)) for name, v in zip(predictors, values, strict=True)]
    return found


def _items(fit: Fit, group: int, level: int) -> list[tuple[str, str, str, float]]:
    if not any(row.op == "=~" for row in fit.table.rows):
        return []
    block = blocks_of(fit)[block_index(fit, group, level)]
    found = []
    for construct in block.first_order:
        names = [block.names[j] for j in construct.items]
        values = vif_of(block.S[np.ix_(construct.items, construct.items)], names)
        found += [("item", construct.name, name, float(v)) for name, v in zip(names, values, strict=True)]
    return found
