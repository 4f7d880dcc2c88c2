"""Tables of estimates: every parameter with error, test, interval and standardized values."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.intervals import tests
from lvmodels.assess.quantities import with_defined
from lvmodels.assess.replicates import draws_for_errors
from lvmodels.assess.standardization import Kind, standardized_jacobian, standardized_values
from lvmodels.assess.vcov import row_covariance, row_errors, standard_deviations
from lvmodels.errors import OptionValueError
from lvmodels.estimate.derived import derived
from lvmodels.estimate.resampled_intervals import interval, standard_errors
from lvmodels.fit.record import Fit
from lvmodels.model.expression import evaluate, to_text
from lvmodels.model.restrictions import row_gradient, values_by_name
from lvmodels.model.table import ParameterTable

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]


@lru_cache(maxsize=128)
def identifying_columns(table: ParameterTable) -> dict[str, Any]:
    """Columns lhs, op, rhs, group, level, label of all rows, then of the defined parameters; kept with the table.

    With auxiliary variables a further column says which rows are about them.
    """
    import pandas as pd

    rows, definitions = table.rows, table.definitions
    columns: dict[str, Any] = {
        "lhs": [row.lhs for row in rows] + [d.name for d in definitions],
        "op": [row.op for row in rows] + [":="] * len(definitions),
        "rhs": [row.rhs for row in rows] + [to_text(d.expression) for d in definitions],
    }
    if table.n_groups > 1:
        columns["group"] = [row.group for row in rows] + [0] * len(definitions)
    if table.levels:
        columns["level"] = [row.level for row in rows] + [0] * len(definitions)
    if definitions or any(row.label for row in rows):
        columns["label"] = [row.label for row in rows] + [d.name for d in definitions]
    if table.variables.auxiliary:
        columns["auxiliary"] = [row.auxiliary for row in rows] + [False] * len(definitions)
    frame = pd.DataFrame(columns)  # makes strings of the library's own kind once, not at every call
    return {name: frame[name].array for name in columns}


@derived
def defined_parameters(fit: Fit) -> tuple[Vector, Vector]:
    """Values and delta-method standard errors of the defined parameters."""
    return _defined(fit, fit.solution.values, np.eye(len(fit.table.rows))[:, fit.objective.restrictions.free_rows])


def _defined(fit: Fit, values: Vector, jacobian: Vector) -> tuple[Vector, Vector]:
    """Defined parameters as functions of row values whose derivatives by the free rows are `jacobian`."""
    restrictions = fit.objective.restrictions
    by_name = values_by_name(restrictions, values)
    found, errors = [], []
    for _, expression in restrictions.definitions:
        found.append(float(evaluate(expression, by_name)))
        slope = row_gradient(restrictions, expression, values)
        used = np.flatnonzero(slope)
        with np.errstate(invalid="ignore", over="ignore"):  # a function without a finite slope here has no error: NaN
            by_free = slope[used] @ jacobian[used]
            variance = float(by_free @ row_covariance(fit) @ by_free)
        errors.append(float(np.sqrt(max(variance, 0.0))) if variance == variance else float("nan"))
    return np.array(found), np.array(errors)


def estimates(fit: Fit, standardized: bool, level: float) -> pd.DataFrame:
    """The frame behind `Fit.estimates`."""
    import pandas as pd

    defined, defined_errors = defined_parameters(fit) if fit.text.definitions else (np.zeros(0), np.zeros(0))
    columns = dict(identifying_columns(fit.table))
    columns["est"] = np.concatenate([fit.solution.values, defined])
    columns["se"] = np.concatenate([row_errors(fit), defined_errors])
    columns |= tests(columns["est"], columns["se"], level)
    if fit.settings.se == "bootstrap" and fit.converged and not fit.singular:
        columns |= _resampled_columns(fit, columns["est"], level)
    if standardized:
        for kind in ("lv", "all"):
            columns[f"std_{kind}"] = _standardized_column(fit, kind)
    return pd.DataFrame(columns)


def _resampled_columns(fit: Fit, estimate: Vector, level: float) -> dict[str, Vector]:
    """Errors and percentile intervals of all parameters from the replicates of se="bootstrap"."""
    draws = with_defined(fit, draws_for_errors(fit).values)
    lower, upper = interval("percentile", estimate, draws, level)
    fixed = np.isin(np.arange(draws.shape[1]), _estimated(fit), invert=True)
    errors = np.where(fixed, 0.0, standard_errors(draws))
    found = tests(estimate, errors, level)
    return {
        "se": errors,
        **found,
        "ci_lower": np.where(fixed, estimate, lower),
        "ci_upper": np.where(fixed, estimate, upper),
    }


def _estimated(fit: Fit) -> NDArray[np.intp]:
    """Free rows, and the defined parameters behind the rows."""
    n_rows, defined = len(fit.table.rows), len(fit.table.definitions)
    return np.concatenate([fit.objective.restrictions.free_rows, np.arange(n_rows, n_rows + defined)])


def _standardized_column(fit: Fit, kind: Kind) -> Vector:
    values = standardized_values(fit, kind)
    by_name = values_by_name(fit.objective.restrictions, values)
    defined = [float(evaluate(e, by_name)) for _, e in fit.objective.restrictions.definitions]
    return np.concatenate([values, defined])


def standardized(fit: Fit, kind: Kind, level: float) -> pd.DataFrame:
    """The frame behind `Fit.standardized`.

    Raises
    ------
    OptionValueError
    """
    import pandas as pd

    if kind not in ("all", "lv"):
        raise OptionValueError(f"kind={kind!r} is not known; use 'all' or 'lv'.")
    values, J = standardized_values(fit, kind), standardized_jacobian(fit, kind)
    errors = standard_deviations(np.asarray(J @ row_covariance(fit) @ J.T))
    # A variance that is the whole variance is 1 when standardized, whatever the parameters: rounding is no error.
    errors = np.where(errors < 1e-9, 0.0, errors)
    if fit.text.definitions:
        defined, defined_errors = _defined(fit, values, J)
        values, errors = np.concatenate([values, defined]), np.concatenate([errors, defined_errors])
    columns = dict(identifying_columns(fit.table))
    columns |= {"est_std": values, "se": errors}
    columns |= tests(values, errors, level)
    return pd.DataFrame(columns)
