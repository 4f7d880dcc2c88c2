r"""What an effect is at chosen values of its moderator: simple slopes, and where they differ from zero.

With b x + w x m in the equation of an outcome the slope of x is b + w m, with the error

.. math:: se(m)^2 = var(b) + 2 m\, cov(b, w) + m^2 var(w)

(Aiken and West 1991). Where the slope is as many errors from zero as the test asks for, m solves a quadratic equation:
the bounds of Johnson and Neyman (1936; Bauer and Curran 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lvmodels.assess.implied import group_index
from lvmodels.assess.intervals import normal_quantile, tests
from lvmodels.assess.vcov import row_covariance
from lvmodels.errors import ModelError, NotConvergedError, OptionValueError, nearest
from lvmodels.estimate.choices import check_level
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Region = Literal["outside", "between", "above", "below", "everywhere", "nowhere"]
_DISTANCES = (-1.0, 0.0, 1.0)  # of the moderator from its mean, in standard deviations
_REACH, _POINTS = 3.0, 61
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Moderation:
    """A path whose size depends on a moderator.

    Attributes
    ----------
    outcome, predictor, moderator : str
    coefficients : ndarray, shape (2,)
        Slope where the moderator is 0, and its change for each unit of the moderator.
    covariance : ndarray, shape (2, 2)
        Of these.
    mean, sd : float
        Of the moderator, as the model implies them.
    """

    outcome: str
    predictor: str
    moderator: str
    coefficients: Vector
    covariance: Matrix
    mean: float
    sd: float

    def slopes(self, at: Vector) -> tuple[Vector, Vector]:
        """Slopes and their standard errors at values of the moderator."""
        D = np.column_stack([np.ones(len(at)), at])
        return D @ self.coefficients, np.sqrt(np.maximum(((D @ self.covariance) * D).sum(axis=1), 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class JohnsonNeyman:
    """Where a slope differs from zero.

    Attributes
    ----------
    bounds : tuple of float
        Values of the moderator at which the test turns, ascending; none, one or two.
    significant : {"outside", "between", "above", "below", "everywhere", "nowhere"}
        Where, relative to the bounds, the slope differs from zero.
    share : float
        Of the cases, taking the moderator as normal, for which it does.
    level : float
        Of the test: 0.95 for p < .05.
    slopes : DataFrame
        Columns at, slope, se, ci_lower, ci_upper, over three standard deviations on both sides of the mean.
    """

    bounds: tuple[float, ...]
    significant: Region
    share: float
    level: float
    slopes: pd.DataFrame


def simple_slopes(
    fit: Fit,
    predictor: str,
    moderator: str,
    outcome: str | None = None,
    at: Sequence[float] | None = None,
    group: int = 1,
    level: float | None = None,
) -> pd.DataFrame:
    """The effect of a predictor at values of a moderator (Aiken and West 1991).

    Parameters
    ----------
    fit : Fit
        With ``predictor:moderator`` on the right of a formula: a product of latent variables, estimated either way, or
        of observed columns.
    predictor, moderator : str
        The same name twice for a square: the slope of the curve at values of the predictor itself.
    outcome : str, optional
        Needed when the product predicts several.
    at : sequence of float, optional
        Values of the moderator, in its own units; by default its mean, and one standard deviation below and above.
    group : int
        From 1.
    level : float, optional
        Of the intervals; that of the fit by default.

    Returns
    -------
    DataFrame
        Columns outcome, predictor, moderator, at, distance (of `at` from the mean, in standard deviations), slope, se,
        z, pvalue, ci_lower, ci_upper.

    Raises
    ------
    ModelError
        When the model has no such product.
    NotConvergedError, OptionValueError

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("political_democracy")
    >>> fit = lv.sem("y1 ~ x1 + x2 + x1:x2", data)
    >>> lv.simple_slopes(fit, "x1", "x2")[["at", "distance", "slope", "se"]].round(2)
         at  distance  slope    se
    0  3.29      -1.0   0.78  1.15
    1  4.79       0.0   1.23  0.93
    2  6.29       1.0   1.68  0.85
    """
    import pandas as pd

    found = moderation(fit, predictor, moderator, outcome, group)
    values = np.array([found.mean + k * found.sd for k in _DISTANCES] if at is None else at, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise OptionValueError("at= must be some numbers, such as at=[-1, 0, 1].")
    slope, error = found.slopes(values)
    used = fit.settings.level if level is None else level
    check_level(used)
    columns = {"at": values, "distance": (values - found.mean) / found.sd, "slope": slope, "se": error}
    names = {"outcome": found.outcome, "predictor": predictor, "moderator": moderator}
    return pd.DataFrame({**names, **columns, **tests(slope, error, used)})


def johnson_neyman(
    fit: Fit,
    predictor: str,
    moderator: str,
    outcome: str | None = None,
    group: int = 1,
    level: float | None = None,
) -> JohnsonNeyman:
    """The values of a moderator at which the effect of a predictor differs from zero.

    Parameters
    ----------
    fit, predictor, moderator, outcome, group
        As for `simple_slopes`.
    level : float, optional
        0.95 for p < .05; that of the fit by default.

    Returns
    -------
    JohnsonNeyman

    Raises
    ------
    ModelError, NotConvergedError, OptionValueError

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> fit = lv.sem("x9 ~ x1 + x7 + x1:x7", data)
    >>> found = lv.johnson_neyman(fit, "x1", "x7")
    >>> found.significant, [round(bound, 2) for bound in found.bounds]
    ('between', [-2.81, 7.21])
    """
    import pandas as pd

    found = moderation(fit, predictor, moderator, outcome, group)
    used = fit.settings.level if level is None else level
    check_level(used)
    quantile = normal_quantile(used)
    bounds = _bounds(found, quantile)
    inner = [-np.inf, *bounds, np.inf]
    middles = np.array([_between(low, high, found) for low, high in pairwise(inner)])
    slope, error = found.slopes(middles)
    sure = np.abs(slope) > quantile * error
    ends = ndtr((np.array(inner) - found.mean) / found.sd)
    at = found.mean + found.sd * np.linspace(-_REACH, _REACH, _POINTS)
    slope, error = found.slopes(at)
    half = quantile * error
    table = pd.DataFrame({"at": at, "slope": slope, "se": error, "ci_lower": slope - half, "ci_upper": slope + half})
    return JohnsonNeyman(bounds, _region(sure.tolist()), float(np.diff(ends)[sure].sum()), used, table)


def _bounds(found: Moderation, quantile: float) -> tuple[float, ...]:
    """Real solutions of slope² = quantile² error²."""
    (b, w), C, q = found.coefficients, found.covariance, quantile**2
    roots = np.roots([w * w - q * C[1, 1], 2.0 * (b * w - q * C[0, 1]), b * b - q * C[0, 0]])
    return tuple(sorted(float(root.real) for root in roots if abs(root.imag) < 1e-12 * (1.0 + abs(root.real))))


def _between(low: float, high: float, found: Moderation) -> float:
    """A value inside an interval that may have no end."""
    if np.isfinite(low) and np.isfinite(high):
        return 0.5 * (low + high)
    return low + found.sd if np.isfinite(low) else high - found.sd if np.isfinite(high) else found.mean


def _region(sure: list[bool]) -> Region:
    if len(set(sure)) == 1:
        return "everywhere" if sure[0] else "nowhere"
    if len(sure) == 2:
        return "below" if sure[0] else "above"
    return "between" if sure[1] else "outside"


def moderation(fit: Fit, predictor: str, moderator: str, outcome: str | None, group: int) -> Moderation:
    """The coefficients of a moderated path.

    Raises
    ------
    ModelError
        When the model has no such product, or several.
    NotConvergedError, OptionValueError
    """
    if not fit.converged:
        raise NotConvergedError("simple slopes need a model that converged; " + fit.optimum.reason + ".")
    if fit.table.levels:
        raise OptionValueError("simple slopes are for models of one level; remove the level blocks.")
    group_index(fit, group)
    product = _product_row(fit, predictor, moderator, outcome, group)
    row = fit.table.rows[product]
    weights = _weights(fit, row.lhs, predictor, moderator, group, product)
    free = fit.objective.restrictions.free_rows
    D = weights[:, free]
    covariance = np.asarray(D @ row_covariance(fit) @ D.T)
    mean, sd = variable_moments(fit, moderator, group)
    return Moderation(row.lhs, predictor, moderator, weights @ fit.solution.values, covariance, mean, sd)


def variable_moments(fit: Fit, name: str, group: int) -> tuple[float, float]:
    """Implied mean and standard deviation of a variable; without a mean structure latent variables have mean 0.

    Raises
    ------
    ModelError
        When the model has the variable in a product alone.
    """
    template, g = fit.objective.template, group - 1
    if name not in template.names:
        raise ModelError(
            f"'{name}' is in the model as a factor of a product alone; give it an effect of its own, as in "
            f"'y ~ x + {name} + x:{name}'."
        )
    matrices, k = fit.solution.states[g].matrices, template.names.index(name)
    mean = float(matrices.eta[k])
    if not template.meanstructure:
        mean = float(fit.prepared.moments[g].mean[k]) if k < template.n_observed else 0.0
    return (0.0 if abs(mean) < _ROUNDING else mean), float(np.sqrt(matrices.V[k, k]))


def _product_row(fit: Fit, predictor: str, moderator: str, outcome: str | None, group: int) -> int:
    """The row of the table with the product."""
    spellings = {f"{predictor}:{moderator}", f"{moderator}:{predictor}"}
    products = [(i, r) for i, r in enumerate(fit.table.rows) if r.op == "~" and ":" in r.rhs and r.group == group]
    found = [(i, r) for i, r in products if r.rhs in spellings and outcome in (None, r.lhs)]
    if len(found) == 1:
        return found[0][0]
    if found:
        outcomes = ", ".join(repr(r.lhs) for _, r in found)
        raise ModelError(f"'{predictor}:{moderator}' predicts {outcomes}; name one of them with outcome=.")
    known = list(dict.fromkeys(f"{r.lhs} ~ {r.rhs}" for _, r in products))
    told = f"Its products are {', '.join(known)}." if known else "Write it into the model, as in 'y ~ x + m + x:m'."
    wanted = f"{outcome or known[0].split(' ~ ')[0] if known else 'y'} ~ {predictor}:{moderator}"
    whose = f" that predicts {outcome!r}" if outcome else ""
    hint = nearest(wanted, known) or told
    raise ModelError(f"the model has no product '{predictor}:{moderator}'{whose}. {hint}")


def _weights(fit: Fit, outcome: str, predictor: str, moderator: str, group: int, product: int) -> Matrix:
    """Weights of the rows of the table in the slope at 0 and in its change, shape (2, n_rows).

    A square of the predictor adds twice its coefficient times the predictor, which is taken at its mean.
    """
    weights = np.zeros((2, len(fit.table.rows)))
    weights[1, product] = 2.0 if predictor == moderator else 1.0
    for i, row in enumerate(fit.table.rows):
        if (row.lhs, row.op, row.rhs, row.group) == (outcome, "~", predictor, group):
            weights[0, i] = 1.0
        elif (row.lhs, row.op, row.group) == (outcome, "~", group) and i != product:
            weights[0, i] = _other_products(fit, row.rhs, predictor, group)
    return weights


def _other_products(fit: Fit, term: str, predictor: str, group: int) -> float:
    """What a further product with the predictor adds to its slope, the other factor at its mean."""
    factors = term.split(":")
    if len(factors) != 2 or predictor not in factors:
        return 0.0
    others = list(factors)
    others.remove(predictor)
    mean, _ = variable_moments(fit, others[0], group)
    return mean * (2.0 if others[0] == predictor else 1.0)
