"""Scaled test statistics: how far the distribution of the data stretches the chi-square of a model.

U = V - V Delta (Delta'V Delta)^-1 Delta'V with the normal-theory weight V, and Gamma, the covariance of the sample
moments, give the mean tr(U Gamma) and the variance 2 tr((U Gamma)²) of the statistic (Satorra and Bentler 1994;
Asparouhov and Muthén 2010; Yuan and Bentler 2000 in the form of Mplus).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.baseline import baseline_solution
from lvmodels.assess.casewise import cases_of, cross_product, deviations, moment_scores, score_covariance
from lvmodels.assess.categorical import categorical_traces
from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.two_stage import two_stage_traces
from lvmodels.assess.twolevel import saturated_optimum, saturated_outcomes
from lvmodels.estimate.derived import derived
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.estimate.objective import Evaluation, Objective, information
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.moments.complete import Moments
from lvmodels.moments.weight import block_diagonal, moment_deviations, normal_weight
from lvmodels.survey.matrix import DataMatrix

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScaledTest:
    """A corrected chi-square.

    Attributes
    ----------
    chisq, df, pvalue : float
        `df` is fractional under "mean.var.adjusted".
    factor : float
        The scaling factor that is reported.
    shift : float
        Added after scaling ("scaled.shifted"), else 0.
    trace : float
        tr(U Gamma): what the plain statistic averages to when the model holds.
    factor_h1, factor_h0 : float
        Scaling factors of the two log-likelihoods (Yuan-Bentler), else NaN.
    """

    chisq: float
    df: float
    pvalue: float
    factor: float
    shift: float
    trace: float
    factor_h1: float = float("nan")
    factor_h0: float = float("nan")


@derived
def scaled_test(fit: Fit, chisq: float, df: int, of_baseline: bool = False) -> ScaledTest:
    """The corrected test that `test=` asks for, of the model or of its baseline model."""
    if fit.singular and not of_baseline:  # the mean of the statistic hangs on the inverse of the information
        nan = float("nan")
        return ScaledTest(nan, df, nan, nan, 0.0, nan)
    objective, evaluation = baseline_solution(fit) if of_baseline else (fit.objective, fit.solution)
    tangent = None if of_baseline else constraint_tangent(fit.objective, fit.optimum)
    return scaled_at(fit, objective, evaluation, tangent, chisq, df)


def scaled_at(
    fit: Fit, objective: Objective, evaluation: Evaluation, tangent: Matrix | None, chisq: float, df: int
) -> ScaledTest:
    """The corrected test of any model of the data of a fit, at any values of its parameters."""
    if fit.settings.two_stage:
        return _two_moments(fit.settings.test, chisq, df, *two_stage_traces(fit, objective, evaluation, tangent))
    data = cases_of(fit.prepared.data, f"test='{fit.settings.test}'")
    if fit.settings.test == "yuan.bentler.mplus":
        return _yuan_bentler(fit, objective, evaluation, data, tangent, chisq, df)
    independent = data.clusters is None and data.weights is None and not fit.settings.categorical
    if fit.settings.test in ("satorra.bentler", "yuan.bentler") and independent:  # the same when no value is missing
        trace = _trace(objective, evaluation, data, tangent)
        return _scaled(chisq, df, trace)
    if fit.settings.categorical:
        trace, square = categorical_traces(objective, evaluation, tangent)
    else:
        trace, square = _traces(objective, evaluation, data, tangent)
    return _two_moments(fit.settings.test, chisq, df, trace, square)


def _scaled(chisq: float, df: int, trace: float) -> ScaledTest:
    factor = trace / df if df else float("nan")
    value = chisq / factor if df else chisq
    return ScaledTest(value, df, chi_square_tail(value, df), factor, 0.0, trace)


def _two_moments(test: str, chisq: float, df: int, trace: float, square: float) -> ScaledTest:
    if not df or test in ("satorra.bentler", "yuan.bentler"):
        return _scaled(chisq, df, trace)
    if test == "mean.var.adjusted":
        factor, new_df = square / trace, trace**2 / square
        value = chisq / factor
        return ScaledTest(value, new_df, chi_square_tail(value, new_df), factor, 0.0, trace)
    slope = float(np.sqrt(df / square))
    shift = df - slope * trace
    value = slope * chisq + shift
    return ScaledTest(value, df, chi_square_tail(value, df), 1.0 / slope, shift, trace)


def _yuan_bentler(
    fit: Fit,
    objective: Objective,
    evaluation: Evaluation,
    data: DataMatrix,
    tangent: Matrix | None,
    chisq: float,
    df: int,
) -> ScaledTest:
    """Trace of the saturated less that of the fitted model, each the mean of its log-likelihood's inflation."""
    J = information(objective, evaluation, observed=fit.settings.information != "expected")
    B = score_covariance(objective, evaluation, data)
    trace_h0 = _ratio_trace(J, B, tangent)
    observed = fit.settings.information != "expected"
    if fit.table.levels:
        trace_h1, moments = _saturated_trace_of_levels(fit, data, observed)
    else:
        trace_h1, moments = _saturated_trace(objective, data, observed)
    free = len(objective.restrictions.free_rows)  # by custom counted before equality constraints
    found = _scaled(chisq, df, trace_h1 - trace_h0)
    return ScaledTest(
        found.chisq, found.df, found.pvalue, found.factor, 0.0, found.trace, trace_h1 / moments, trace_h0 / free
    )


def _ratio_trace(J: Matrix, B: Matrix, tangent: Matrix | None) -> float:
    if tangent is not None:
        J, B = tangent.T @ J @ tangent, tangent.T @ B @ tangent
    return float(np.trace(np.linalg.solve(J, B)))


def _saturated_trace(objective: Objective, data: DataMatrix, observed: bool) -> tuple[float, int]:
    """Trace for the saturated model, and its number of parameters; moments of fixed covariates left out."""
    total, count = 0.0, 0
    k, means = objective.template.n_covariates, objective.template.meanstructure
    for g, sample in enumerate(objective.moments):
        p = len(sample.cov)
        total += (
            _incomplete_inflation(data, g, sample, observed)
            if sample.patterns
            else _inflation(data, g, sample, slice(0, p), means)
        )
        count += p * (p + 1) // 2 + p * means
        if k:
            total -= _inflation(data, g, sample, slice(p - k, p), means)
            count -= k * (k + 1) // 2 + k * means
    return total, count


def _saturated_trace_of_levels(fit: Fit, data: DataMatrix, observed: bool) -> tuple[float, int]:
    """The same for both levels."""
    objective, optimum = saturated_optimum(fit)
    kept = saturated_outcomes(fit)
    some = np.ix_(kept, kept)
    J = information(objective, optimum.evaluation, observed)[some]
    return _ratio_trace(J, score_covariance(objective, optimum.evaluation, data)[some], None), len(kept)


def _incomplete_inflation(data: DataMatrix, g: int, sample: Moments, observed: bool) -> float:
    """The same with missing values, where the information about the moments is no longer diagonal."""
    assert sample.patterns is not None
    J = moment_information(pattern_state(sample.patterns, sample.cov, sample.mean), observed)
    return float(np.trace(np.linalg.solve(J, moment_covariance(data, g, sample))))


def moment_covariance(data: DataMatrix, g: int, sample: Moments) -> Matrix:
    """Covariance of the scores of one case of a group by the saturated moments."""
    of_group = data.groups == g
    scores = moment_scores(sample, data.Y[of_group])
    contributions = np.zeros((len(data.Y), scores.shape[1]))
    contributions[of_group] = scores
    return cross_product(contributions, data) * (len(data.Y) / sample.n)


def _inflation(data: DataMatrix, g: int, sample: Moments, some: slice, means: bool) -> float:
    """tr(Gamma V) of the saturated model for some variables of a group, at the sample moments.

    In whitened variables V is diagonal, so that it is a sum of variances of products.
    """
    of_group = data.groups == g
    root = np.linalg.cholesky(sample.cov[some, some])
    A = np.linalg.solve(root, (data.Y[of_group, some] - sample.mean[some]).T).T
    if data.clusters is None:
        square = np.ones(len(A)) if data.weights is None else data.weights[of_group] ** 2
        distance, p = np.einsum("ij,ij->i", A, A), A.shape[1]
        by_case = (distance**2 - 2.0 * distance + p) / 2.0 + distance * means
        return float(square @ by_case / sample.n)
    i, j = lower_triangle(A.shape[1])
    same = i == j
    products = (A[:, i] * A[:, j] - same) * np.where(same, np.sqrt(0.5), 1.0)
    contributions = np.zeros((len(data.Y), len(i) + A.shape[1]))
    contributions[of_group] = np.concatenate([products, A * means], axis=1)
    return float(np.trace(cross_product(contributions, data))) * len(data.Y) / sample.n


def _trace(objective: Objective, evaluation: Evaluation, data: DataMatrix, tangent: Matrix | None) -> float:
    """tr(U Gamma) without any p² x p² matrix: tr(V Gamma) from squared distances, the rest from scores."""
    J = information(objective, evaluation)
    B = score_covariance(objective, evaluation, data, at_sample=True)
    total = 0.0
    for g, state in enumerate(evaluation.states):
        z, given = deviations(objective, data, g)
        if state.weight is not None:
            e = moment_deviations(z, given)
            total += float(np.vdot(e @ state.weight, e)) / len(e)
            continue
        W, n = state.W, len(z)
        a, b, c = (np.einsum("ij,ij->i", left @ W, right) for left, right in ((z, z), (given, given), (z, given)))
        WE = W @ (z.T @ z - given.T @ given) / n
        own = (a @ a + b @ b - 2.0 * c @ c) / n / 2.0 - np.trace(WE @ WE) / 2.0
        total += float(own) + float((a + b - 2.0 * c).mean()) * objective.template.meanstructure
    return total - _ratio_trace(J, B, tangent)


def _traces(
    objective: Objective, evaluation: Evaluation, data: DataMatrix, tangent: Matrix | None
) -> tuple[float, float]:
    """tr(U Gamma) and tr((U Gamma)²), with groups as blocks of one weighted problem."""
    Delta = moment_jacobian(objective.template, objective.restrictions, evaluation.values)
    if tangent is not None:
        Delta = Delta @ tangent
    V, Gamma = weight_and_covariance(objective, evaluation, data)
    VD = V @ Delta
    U = V - VD @ np.linalg.solve(Delta.T @ VD, VD.T)
    UG = U @ Gamma
    return float(np.trace(UG)), float(np.sum(UG * UG.T))


def weight_and_covariance(objective: Objective, evaluation: Evaluation, data: DataMatrix) -> tuple[Matrix, Matrix]:
    """V and Gamma of the complete moments of continuous variables, with groups as blocks of one weighted problem.

    Returns
    -------
    ndarray, shape (n_groups * p (p + 3) / 2,) * 2
    ndarray, shape (n_groups * p (p + 3) / 2,) * 2
    """
    contributions, weights = [], []
    for g in range(len(objective.moments)):
        weights_of_cases = None if data.weights is None else data.weights[data.groups == g]
        e = moment_deviations(*deviations(objective, data, g), weights_of_cases)
        if not objective.template.meanstructure:
            e[:, -len(objective.moments[g].cov) :] = 0.0
        share, state = float(objective.weights[g]), evaluation.states[g]
        by_case = np.zeros((len(data.Y), e.shape[1]))
        by_case[data.groups == g] = e
        contributions.append(by_case / share)
        weights.append(share * (normal_weight(state.W) if state.weight is None else state.weight))
    return block_diagonal(weights), cross_product(np.concatenate(contributions, axis=1), data)
