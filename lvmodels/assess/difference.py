"""Difference tests of nested models whose chi-squares are scaled: a difference of scaled statistics is no chi-square.

With T the difference of the plain statistics, df that of the degrees of freedom and c the scaling factors,

2001  T / [(df0 c0 - df1 c1) / df]          (Satorra and Bentler 2001, eq. 5)
2010  the same with c10 for c1, the factor of the freer model at the estimates of the stricter one, which keeps the
      denominator positive (Satorra and Bentler 2010)
2000  moments of T from U = V Delta P A' (A P A')^-1 A P Delta' V, P = (Delta' V Delta)^-1, at the freer model; A are
      the derivatives of the restrictions that lead to the stricter one (Satorra 2000), and T is scaled and shifted to
      the mean and variance of a chi-square (Asparouhov and Muthén 2010). With missing answers V is the observed
      information about the moments at the freer model, and Gamma their sandwich at the saturated ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import cases_of
from lvmodels.assess.categorical import sample_of
from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.measures import all_measures
from lvmodels.assess.nesting import matched_parameters, order_of_moments, same_moments
from lvmodels.assess.product_likelihood import likelihood_ratio
from lvmodels.assess.products import has_products
from lvmodels.assess.scaling import moment_covariance, scaled_at, weight_and_covariance
from lvmodels.assess.two_stage import two_stage_parts
from lvmodels.errors import ModelError, OptionValueError
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.estimate.likelihood import moments_weight
from lvmodels.estimate.objective import evaluate, information
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.moments.weight import block_diagonal

Matrix = NDArray[np.float64]
Method = Literal["default", "standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"]
AMethod = Literal["delta", "exact"]
_RANK = 1e-8


@dataclass(frozen=True, slots=True)
class Difference:
    """A test of the restrictions that one model adds to another.

    Attributes
    ----------
    chisq : float
        NaN where the test does not exist.
    df : int
    pvalue : float
    doubt : str
        What is wrong with it, a sentence; empty when nothing is.
    """

    chisq: float
    df: int
    pvalue: float
    doubt: str = ""


def difference_test(freer: Fit, stricter: Fit, method: Method, a_method: AMethod = "delta") -> Difference:
    """The difference test of two nested fits by one of the scaled methods, or "standard".

    Raises
    ------
    ModelError
        Under ``a_method="exact"``, when the stricter model is not the freer one with restricted parameters.
    """
    if has_products(freer) or has_products(stricter):
        return _by_likelihoods(freer, stricter, method)
    less, more = all_measures(freer), all_measures(stricter)
    gap, df = more["chisq"] - less["chisq"], round(more["df"] - less["df"])
    if df == 0:
        return Difference(float("nan"), 0, float("nan"), "they have the same degrees of freedom, so there is no test")
    value, doubt = gap, ""
    if method == "satorra.2000":
        value = _satorra_2000(freer, stricter, gap, df, a_method)
    elif method != "standard":
        value, doubt = _rescaled(freer, stricter, gap, df, method)
    if gap < 0.0:
        doubt = "chi-square falls where parameters are taken away: they are not nested, or one search stopped too early"
    return Difference(value, df, chi_square_tail(max(value, 0.0), df), doubt)


def _by_likelihoods(freer: Fit, stricter: Fit, method: Method) -> Difference:
    """The test where products of latent variables leave no chi-square."""
    if method not in ("standard", "satorra.bentler.2001"):
        raise OptionValueError(
            f"method='{method}' rests on covariances, in which products of latent variables do not show; use "
            "'standard' or 'satorra.bentler.2001'."
        )
    value, df, pvalue = likelihood_ratio(freer, stricter, scaled=method != "standard")
    if df == 0:
        return Difference(float("nan"), 0, float("nan"), "they have equally many parameters, so there is no test")
    if value < 0.0:
        doubt = "the likelihood rises where parameters are taken away: they are not nested, or one search stopped early"
        return Difference(value, df, pvalue, doubt)
    doubt = "" if value == value else "the scaling factor of their difference is not positive; use method='standard'"
    return Difference(value, df, pvalue, doubt)


def _rescaled(freer: Fit, stricter: Fit, gap: float, df: int, method: Method) -> tuple[float, str]:
    """T over its scaling factor; NaN where that is not positive."""
    less, more = all_measures(freer), all_measures(stricter)
    inner, doubt = less["chisq_scaling_factor"], ""
    if freer.settings.test in ("scaled.shifted", "mean.var.adjusted"):
        doubt = (
            f"method='{method}' takes the printed scaling factor for the mean of the statistic, which under "
            f"test='{freer.settings.test}' it is not; use method='satorra.2000'"
        )
    if method == "satorra.bentler.2010" and less["df"]:
        inner, elsewhere = _factor_at(freer, stricter)
        doubt = elsewhere or doubt
    factor = (more["df"] * more["chisq_scaling_factor"] - (less["df"] * inner if less["df"] else 0.0)) / df
    if factor > 0:
        return gap / factor, doubt
    remedy = "'satorra.2000'" if method == "satorra.bentler.2010" else "'satorra.bentler.2010' or 'satorra.2000'"
    return float("nan"), f"the scaling factor of their difference is negative ({factor:.3g}); use method={remedy}"


def _factor_at(freer: Fit, stricter: Fit) -> tuple[float, str]:
    """The scaling factor of the freer model at the estimates of the stricter one, matched by name."""
    evaluation = evaluate(freer.objective, matched_parameters(freer, stricter))
    if evaluation is None:
        return float("nan"), "the freer model cannot be evaluated at the other's estimates; use method='satorra.2000'"
    less = all_measures(freer)
    tangent = constraint_tangent(freer.objective, freer.optimum)
    found = scaled_at(freer, freer.objective, evaluation, tangent, less["chisq"], round(less["df"]))
    if same_moments(freer, evaluation, stricter):
        return found.factor, ""
    return found.factor, (
        "the freer model at the other's estimates implies other moments, because the stricter one frees parameters "
        "that it fixes (latent means, say), so that the 2010 scaling is doubtful; use method='satorra.2000'"
    )


def _satorra_2000(freer: Fit, stricter: Fit, gap: float, df: int, a_method: AMethod) -> float:
    """T scaled and shifted to the mean and variance of a chi-square with df degrees of freedom."""
    V, Gamma = _weight_and_covariance(freer)
    Delta = _tangential_slopes(freer)
    observed = freer.settings.information != "expected" and freer.settings.missing == "listwise"
    J = Delta.T @ V @ Delta
    if observed:
        tangent = constraint_tangent(freer.objective, freer.optimum)
        J = information(freer.objective, freer.solution, observed=True)
        J = J if tangent is None else tangent.T @ J @ tangent
    P = np.asarray(np.linalg.inv(J))
    A = _exact_restrictions(freer, stricter, df) if a_method == "exact" else _restrictions(freer, stricter, df)
    VDPA = V @ Delta @ P @ A.T
    half = np.linalg.solve(A @ P @ A.T, VDPA.T @ Gamma)  # U Gamma = VDPA half, and traces do not mind turning around
    core = half @ VDPA
    trace, square = float(np.trace(core)), float(np.vdot(core, core.T))
    slope = float(np.sqrt(df / square))
    return slope * gap + df - slope * trace


def _weight_and_covariance(fit: Fit) -> tuple[Matrix, Matrix]:
    """V and Gamma, with groups as blocks of one weighted problem."""
    objective = fit.objective
    if fit.settings.categorical:
        V, Gamma = [], []
        for share, moments in zip(objective.weights, objective.moments, strict=True):
            responses, weight = sample_of(moments)
            V.append(share * (np.diag(weight) if weight.ndim == 1 else weight))
            Gamma.append(responses.Gamma / share)
        return block_diagonal(V), block_diagonal(Gamma)
    if fit.settings.two_stage:
        _, H, covariance = two_stage_parts(fit, objective, fit.solution)
        return H, covariance
    data = cases_of(fit.prepared.data, "a scaled difference test")
    if all(sample.patterns is None for sample in objective.moments):
        return weight_and_covariance(objective, fit.solution, data)
    infos, Gamma = [], []
    for g, (share, sample) in enumerate(zip(objective.weights, objective.moments, strict=True)):
        if sample.patterns is None:
            raise ModelError(
                "method='satorra.2000' needs missing answers in all groups or in none; use 'satorra.bentler.2001'."
            )
        saturated = moment_information(pattern_state(sample.patterns, sample.cov, sample.mean), observed=True)
        inverse = np.linalg.inv(saturated)
        at_model = moments_weight(fit.solution.states[g], observed=True)
        assert at_model is not None
        infos.append(share * at_model)
        Gamma.append(inverse @ moment_covariance(data, g, sample) @ inverse / share)
    return block_diagonal(infos), block_diagonal(Gamma)


def _tangential_slopes(fit: Fit) -> Matrix:
    """Derivatives of all moments along the directions that the constraints leave open."""
    Delta = moment_jacobian(fit.objective.template, fit.objective.restrictions, fit.solution.values)
    tangent = constraint_tangent(fit.objective, fit.optimum)
    return Delta if tangent is None else Delta @ tangent


def _restrictions(freer: Fit, stricter: Fit, df: int) -> Matrix:
    """A by the delta method: what the derivatives of the stricter model cannot reach among those of the freer one."""
    inside = _tangential_slopes(stricter)[order_of_moments(freer, stricter)]
    H = np.linalg.lstsq(_tangential_slopes(freer), inside, rcond=None)[0]
    return _complement(np.asarray(H), df)


def _exact_restrictions(freer: Fit, stricter: Fit, df: int) -> Matrix:
    """A from the parameters themselves, which must then be those of the freer model, restricted."""
    mine, theirs = freer.objective.restrictions, stricter.objective.restrictions
    tangent = constraint_tangent(stricter.objective, stricter.optimum)
    K = theirs.K if tangent is None else theirs.K @ tangent
    place = {}
    for k, i in enumerate(theirs.free_rows):
        row = stricter.table.rows[i]
        place[(*row.key, row.group)] = k
        if row.op == "~~":
            place[(row.rhs, row.op, row.lhs, row.group)] = k
    H = np.zeros((mine.n_parameters, K.shape[1]))
    for k, i in enumerate(mine.parameter_rows):
        row = freer.table.rows[i]
        at = place.get((*row.key, row.group))
        if at is not None:
            H[k] = K[at]
    tangent = constraint_tangent(freer.objective, freer.optimum)
    return _complement(np.asarray(H if tangent is None else tangent.T @ H), df, exact=True)


def _complement(H: Matrix, df: int, exact: bool = False) -> Matrix:
    """Orthonormal rows that H is orthogonal to, df of them."""
    left, singular, _ = np.linalg.svd(H, full_matrices=True)
    rank = int((singular > _RANK * singular.max(initial=1e-300)).sum())
    if exact and len(H) - rank != df:
        raise ModelError(
            "a_method='exact' needs a stricter model that only restricts parameters of the freer one, but it also "
            "frees some (latent means with equal intercepts, say); use a_method='delta'."
        )
    return np.asarray(left[:, len(H) - df :].T)
