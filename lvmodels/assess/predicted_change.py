"""What a moderated path makes of an outcome: how far it lies from that of an average case, with its error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.slopes import moderation, variable_moments
from lvmodels.assess.vcov import row_covariance
from lvmodels.fit.record import Fit

Vector = NDArray[np.float64]


def predicted_change(
    fit: Fit,
    predictor: str,
    moderator: str,
    x: Vector,
    m: Vector,
    outcome: str | None = None,
    group: int = 1,
) -> tuple[Vector, Vector]:
    """Expected outcome at values of predictor and moderator, less that where both are at their means.

    All other predictors stay as they are. Squares of either are part of it.

    Parameters
    ----------
    fit : Fit
    predictor, moderator : str
    x, m : ndarray, shape (n,)
        Values of the predictor and of the moderator.
    outcome : str, optional
        Needed when the product predicts several.
    group : int
        From 1.

    Returns
    -------
    ndarray, shape (n,)
    ndarray, shape (n,)
        Standard errors.

    Raises
    ------
    ModelError, NotConvergedError, OptionValueError

    Examples
    --------
    >>> import numpy as np
    >>> import lvmodels as lv
    >>> fit = lv.sem("y1 ~ x1 + x2 + x1:x2", lv.datasets.load("political_democracy"))
    >>> change, error = predicted_change(fit, "x1", "x2", np.array([5.05, 6.05]), np.array([4.79, 4.79]))
    >>> change.round(2).tolist()
    [-0.01, 1.22]
    """
    found = moderation(fit, predictor, moderator, outcome, group)
    values = {predictor: np.asarray(x, dtype=np.float64), moderator: np.asarray(m, dtype=np.float64)}
    if predictor == moderator:
        values = {predictor: values[predictor]}
    means = {name: variable_moments(fit, name, group)[0] for name in values}
    weights = np.zeros((len(x), len(fit.table.rows)))
    for i, row in enumerate(fit.table.rows):
        factors = row.rhs.split(":")
        if (row.lhs, row.op, row.group) == (found.outcome, "~", group) and set(factors) <= values.keys():
            there = np.prod([values[name] for name in factors], axis=0)
            weights[:, i] = there - float(np.prod([means[name] for name in factors]))
    D = weights[:, fit.objective.restrictions.free_rows]
    variance = ((D @ row_covariance(fit)) * D).sum(axis=1)
    return weights @ fit.solution.values, np.sqrt(np.maximum(variance, 0.0))
