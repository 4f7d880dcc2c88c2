"""Polychoric correlations of a data frame."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import (
    BoundaryWarning,
    ConstantVariableError,
    DataError,
    DroppedRowsWarning,
    EmptyDataError,
)
from lvmodels.moments.polychoric import polychorics
from lvmodels.survey.columns import columns_of, numeric

if TYPE_CHECKING:
    import pandas as pd

_MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Polychoric:
    """Correlations of the continuous variables behind ordinal answers.

    Attributes
    ----------
    cor : DataFrame, shape (p, p)
    thresholds : Series
        In standard deviations; the index is ``x1|t1``, ``x1|t2``, ...
    n : int
        Cases used: those with an answer to every variable.
    """

    cor: pd.DataFrame
    thresholds: pd.Series[float]
    n: int


def polychoric(frame: Any) -> Polychoric:
    """Estimate thresholds and polychoric correlations in two steps.

    Parameters
    ----------
    frame : data frame or Survey
        Ordinal answers as numbers; their order counts, their distances do not. Any frame that narwhals knows.

    Returns
    -------
    Polychoric

    Raises
    ------
    ConstantVariableError
        When a variable has one category only.
    DataError
        When a variable has so many categories that it must be continuous, or is not numeric.

    Warns
    -----
    DroppedRowsWarning, BoundaryWarning

    References
    ----------
    Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika, 44.

    Examples
    --------
    >>> import lvmodels as lv
    >>> answers = lv.datasets.load("ecsi_mobi").answers[["CUSA1", "CUSA2", "CUSA3"]]
    >>> lv.polychoric(answers).cor.round(2)
           CUSA1  CUSA2  CUSA3
    CUSA1   1.00   0.58   0.55
    CUSA2   0.58   1.00   0.63
    CUSA3   0.55   0.63   1.00
    """
    import pandas as pd

    columns = columns_of(frame)
    names = [str(name) for name in columns.names]
    if len(names) < 2:
        raise DataError(f"polychoric() needs at least two variables, not {len(names)}.")
    Y = numeric(columns, columns.names)
    complete = ~np.isnan(Y).any(axis=1)
    if not complete.any():
        raise EmptyDataError("no case answers all of the variables; leave out those with most missing values.")
    if not complete.all():
        dropped = int((~complete).sum())
        text = (
            f"{dropped} of {len(Y)} cases were left out because an answer is missing; {int(complete.sum())} are used."
        )
        warnings.warn(DroppedRowsWarning(text), stacklevel=2)
    codes, counts = _codes(Y[complete], names)
    found = polychorics(codes, counts)
    for i, j in zip(*(side[found.at_limit] for side in np.tril_indices(len(names), -1)), strict=True):
        text = (
            f"the correlation of '{names[i]}' and '{names[j]}' is as high as it can be; one may be a copy of the other."
        )
        warnings.warn(BoundaryWarning(text), stacklevel=2)
    index = [f"{name}|t{k + 1}" for name, t in zip(names, found.thresholds, strict=True) for k in range(len(t))]
    return Polychoric(
        cor=pd.DataFrame(found.cor, index=names, columns=names),
        thresholds=pd.Series(np.concatenate(found.thresholds), index=index),
        n=len(codes),
    )


def _codes(Y: NDArray[np.float64], names: list[str]) -> tuple[NDArray[np.intp], list[int]]:
    """Categories from 0, in order, and how many there are of each variable."""
    codes = np.empty(Y.shape, dtype=np.intp)
    counts = []
    for j, name in enumerate(names):
        values, codes[:, j] = np.unique(Y[:, j], return_inverse=True)
        if len(values) < 2:
            raise ConstantVariableError(f"'{name}' has one category only; drop it.")
        if len(values) > _MOST_CATEGORIES:
            raise DataError(
                f"'{name}' has {len(values)} different values; it is no ordinal answer. Drop it, or group its values."
            )
        counts.append(len(values))
    return codes, counts
