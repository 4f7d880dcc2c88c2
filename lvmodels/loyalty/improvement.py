"""What a better driver is worth: from the model's total effect on loyalty, by the retention it brings, to money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lvmodels.assess.vcov import parameter_covariance
from lvmodels.errors import DataError, NotConvergedError, NotEstimableError, OptionValueError, nearest
from lvmodels.fit.record import Fit
from lvmodels.loyalty.lifetime.numbers import checked
from lvmodels.loyalty.lifetime.retention import First, retention_value
from lvmodels.model.matrices import model_matrices
from lvmodels.model.restrictions import table_values

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ImprovementValue", "value_of_improvement"]

Vector = NDArray[np.float64]
_CELLS = 2_000_000  # customers times draws at once


@dataclass(frozen=True, slots=True, eq=False)
class ImprovementValue:
    """What a rise of a driver is worth.

    Attributes
    ----------
    driver, outcome : str
    rise : float
        Of the mean of the driver's items, in points of their scale.
    table : DataFrame
        Columns est, se, ci_lower, ci_upper; rows total_effect (of the driver on the outcome, unstandardized),
        outcome_change (of the outcome, in its own unit), retention_before, retention_after (mean probabilities),
        value_before, value_after, value_change (money a customer).
    curve : DataFrame
        The logistic regression of staying on the outcome: rows intercept and slope, columns est, se, z, pvalue.
    draws : DataFrame
        The simulated values of the rows of `table`, a row a draw.
    n : int
        Customers.
    """

    driver: str
    outcome: str
    rise: float
    table: pd.DataFrame
    curve: pd.DataFrame
    draws: pd.DataFrame
    n: int

    def __str__(self) -> str:
        row = self.table.loc["value_change"]
        return (
            f"A rise of {self.driver} by {self.rise:g} is worth {row['est']:.2f} a customer "
            f"[{row['ci_lower']:.2f}, {row['ci_upper']:.2f}].\n\n{self.table.round(4).to_string()}"
        )


def value_of_improvement(
    fit: Fit,
    driver: str,
    outcome: str,
    retained: ArrayLike,
    margin: float,
    rate: float,
    rise: float = 1.0,
    periods: int | None = None,
    first: First = "now",
    margin_se: float = 0.0,
    draws: int = 2000,
    seed: Any = None,
    level: float = 0.95,
) -> ImprovementValue:
    """What it is worth, a customer, when a driver of loyalty rises.

    The rise times the driver's total effect is the change of loyalty. A logistic curve, fitted to the loyalty scores of
    customers of whom it is known whether they stayed, turns it into retention, and `lifetime.retention_value` turns
    that into money, customer by customer. Model, curve and margin are drawn anew for each simulated value.

    Parameters
    ----------
    fit : Fit
        A model of one group with both constructs.
    driver, outcome : str
        Names of latent variables, such as satisfaction and loyalty.
    retained : array_like, shape (n,)
        Whether each case stayed, 1 or 0 (or True or False), in the order of the data; missing values are left out.
    margin : float
        Contribution of a customer in a period, money.
    rate : float
        Discount rate of a period.
    rise : float
        Of the mean of the driver's items, in points of their scale.
    periods, first
        As for `lifetime.retention_value`.
    margin_se : float
        Standard error of the margin.
    draws : int
        Simulated values.
    seed : int, Generator or None
    level : float
        Of the intervals, from the percentiles of the draws.

    Returns
    -------
    ImprovementValue

    Raises
    ------
    OptionValueError, NotConvergedError, DataError, NotEstimableError

    Notes
    -----
    The scores are regression scores, so that the curve is not flattened by the measurement error of the loyalty items.
    The curve tells how those who are more loyal stay more often; that a rise of loyalty makes people stay rests on the
    same assumption as the model's paths.

    References
    ----------
    Rust, R. T., Lemon, K. N. and Zeithaml, V. A. (2004). Return on marketing: Using customer equity to focus marketing
    strategy. *Journal of Marketing*, 68(1), 109-127.

    Examples
    --------
    >>> import lvmodels as lv
    >>> import numpy as np
    >>> data = lv.datasets.load("ecsi_mobi").answers
    >>> fit = lv.sem("SAT =~ CUSA1 + CUSA2 + CUSA3; LOY =~ CUSL1 + CUSL3; LOY ~ SAT", data)
    >>> rng = np.random.default_rng(1)
    >>> chance = 1 / (1 + np.exp(-0.5 * (data["CUSL1"] - 4)))
    >>> worth = lv.value_of_improvement(fit, "SAT", "LOY", rng.random(250) < chance, margin=100, rate=0.1, seed=1)
    >>> bool(worth.table.loc["value_change", "ci_lower"] > 0)
    True
    """
    import pandas as pd

    a, b = _places(fit, outcome, driver)
    stayed, scores = _cases(fit, outcome, retained)
    coefficients, spread, curve = _curve(stayed, scores)
    mean, error = float(checked("margin", margin)), float(checked("margin_se", margin_se, lowest=0.0))
    count = int(checked("draws", draws, lowest=2.0))
    rng = np.random.default_rng(seed)
    unit = float(checked("rise", rise)) / _points(fit, driver)
    theta = rng.multivariate_normal(fit.solution.theta, parameter_covariance(fit), count, method="svd")
    lines = rng.multivariate_normal(coefficients, spread, count, method="svd")
    margins = rng.normal(mean, error, count) if error else np.full(count, mean)
    names = ("total_effect", "outcome_change", "retention_before", "retention_after", "value_before", "value_after",
             "value_change")  # fmt: skip

    def worth(totals: Vector, lines: Vector, margins: Vector) -> Vector:
        change = unit * totals
        rates = [_stays(lines, scores + shift) for shift in (0.0, change[:, None])]
        values = [np.mean(retention_value(margins[:, None], s, rate, periods, first), axis=1) for s in rates]
        means = [s.mean(axis=1) for s in rates]
        return np.column_stack([totals, change, *means, *values, values[1] - values[0]])

    total = fit.solution.states[0].matrices.Tau[a, b]
    est = worth(np.array([total]), coefficients[None, :], np.array([mean]))[0]
    totals = _total_effects(fit, theta, a, b)
    parts = np.array_split(np.arange(count), max(1, count * len(scores) // _CELLS))
    simulated = np.concatenate([worth(totals[part], lines[part], margins[part]) for part in parts])
    tail = (1.0 - float(checked("level", level, 0.0, 1.0, open_ends=True))) / 2.0
    lower, upper = np.quantile(simulated, [tail, 1.0 - tail], axis=0)
    table = pd.DataFrame(
        {"est": est, "se": simulated.std(axis=0, ddof=1), "ci_lower": lower, "ci_upper": upper}, index=list(names)
    )
    return ImprovementValue(
        driver, outcome, float(rise), table, curve, pd.DataFrame(simulated, columns=list(names)), len(stayed)
    )


def _places(fit: Fit, outcome: str, driver: str) -> tuple[int, int]:
    """Where the two stand among the variables of the model."""
    if not fit.converged:
        raise NotConvergedError("the value of an improvement needs a model that converged; " + fit.optimum.reason + ".")
    if len(fit.objective.template.groups) > 1:
        raise NotEstimableError("the model has several groups or levels; fit it to one group and ask for that one.")
    if not np.isfinite(parameter_covariance(fit)).all():
        raise NotEstimableError("the estimates have no standard errors, which the simulation needs; see fit.warnings.")
    names, latent = fit.objective.template.names, fit.objective.template.latent
    for role, name in (("outcome", outcome), ("driver", driver)):
        if name not in latent:
            hint = nearest(name, latent) or f"Latent variables are: {', '.join(latent)}."
            raise OptionValueError(f"{role}='{name}' is no latent variable of the model. {hint}")
    a, b = names.index(outcome), names.index(driver)
    if a == b or fit.solution.states[0].matrices.Tau[a, b] == 0.0:
        raise OptionValueError(f"the model has no path from '{driver}' to '{outcome}'; choose a driver that has one.")
    return a, b


def _cases(fit: Fit, outcome: str, retained: ArrayLike) -> tuple[Vector, Vector]:
    """Staying and loyalty score of the cases that have both."""
    data = fit.prepared.data
    if data is None:
        raise DataError(
            "loyalty scores need the answers of each case, but the model was fitted to moments; pass data=."
        )
    try:
        given = np.asarray(retained, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError("retained must hold 1 for those who stayed and 0 for those who left.") from None
    if given.shape not in ((data.n_total,), (len(data.rows),)):
        raise DataError(f"retained has {given.size} values and the data have {data.n_total} cases; give one a case.")
    given = given[data.rows] if len(given) == data.n_total else given
    known = ~np.isnan(given)
    wrong = np.flatnonzero(known & (given != 0.0) & (given != 1.0))
    if len(wrong):
        raise DataError(f"retained has {given[wrong[0]]:g} at case {wrong[0] + 1}; it must be 1 (stayed) or 0 (left).")
    if len(np.unique(given[known])) < 2:
        raise DataError("all customers stayed, or all left, so that no curve from loyalty to retention can be fitted.")
    return given[known], fit.scores()[outcome].to_numpy(dtype=float)[known]


def _curve(stayed: Vector, scores: Vector) -> tuple[Vector, Vector, pd.DataFrame]:
    """Intercept and slope of the logistic regression, their covariance, and both as a table."""
    import pandas as pd
    import statsmodels.api as sm

    left, remained = scores[stayed == 0.0], scores[stayed == 1.0]
    if left.max() <= remained.min() or remained.max() <= left.min():
        raise DataError(
            "loyalty separates those who stayed from those who left perfectly, so that the curve has no finite slope; "
            "observe more customers."
        )
    fitted = sm.GLM(stayed, sm.add_constant(scores), family=sm.families.Binomial()).fit()
    columns = {"est": fitted.params, "se": fitted.bse, "z": fitted.tvalues, "pvalue": fitted.pvalues}
    return (
        np.asarray(fitted.params),
        np.asarray(fitted.cov_params()),
        pd.DataFrame({name: np.asarray(values) for name, values in columns.items()}, index=["intercept", "slope"]),
    )


def _stays(lines: Vector, scores: Vector) -> Vector:
    """Probability to stay, by curves of the shape (draws, 2), shape (draws, n)."""
    from scipy.special import expit

    return np.asarray(expit(lines[:, :1] + lines[:, 1:] * scores))


def _points(fit: Fit, driver: str) -> float:
    """Points of the mean of a construct's items that one unit of the construct makes: their mean loading."""
    rows = [(i, row) for i, row in enumerate(fit.table.rows) if row.op == "=~" and row.lhs == driver]
    loadings = [float(fit.solution.values[i]) for i, row in rows if row.rhs in fit.objective.template.observed]
    if not loadings:
        return 1.0  # a construct of higher order: its own unit
    return float(np.mean(loadings))


def _total_effects(fit: Fit, theta: Vector, a: int, b: int) -> Vector:
    """Total effects of variable b on variable a at many parameter vectors, shape (draws,)."""
    values = table_values(fit.objective.restrictions, fit.objective.base, theta)
    return np.asarray(model_matrices(fit.objective.template, 0, values).Tau[:, a, b])
