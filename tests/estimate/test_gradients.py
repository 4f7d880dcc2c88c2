"""Every analytic derivative agrees with finite differences, for every kind of model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import lvmodels as lv
from lvmodels.estimate.objective import Evaluation, Objective, evaluate, information
from lvmodels.model.identification import moment_jacobian
from lvmodels.model.matrices import model_matrices
from lvmodels.model.restrictions import constraint_values, table_values

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
STEP = 1e-5

ABILITIES = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
    ind60 =~ x1 + x2 + x3
    dem60 =~ y1 + a*y2 + b*y3 + c*y4
    dem65 =~ y5 + a*y6 + b*y7 + c*y8
    dem60 ~ ind60
    dem65 ~ ind60 + dem60
    y1 ~~ y5
    y2 ~~ y4 + y6
"""
GROUPS: dict[str, Any] = {"group": "school"}
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {  # kind → data, model, options
    "factors": ("hs", ABILITIES, {}),
    "factors with unit variance": ("hs", ABILITIES, {"std_lv": True}),
    "factors with means": ("hs", ABILITIES, {"meanstructure": True}),
    "orthogonal factors": ("hs", ABILITIES, {"orthogonal": True}),
    "Wishart likelihood": ("hs", ABILITIES, {"likelihood": "wishart"}),
    "second order": ("hs", ABILITIES + "\ng =~ visual + textual + speed", {"meanstructure": True}),
    "structural": ("pd", DEMOCRACY, {}),
    "structural with means": ("pd", DEMOCRACY, {"meanstructure": True}),
    "latent mean": ("pd", "f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1\nf ~ y1", {}),
    "linear constraints": ("pd", DEMOCRACY + "a + b == 2.4\nc > 0.1", {}),
    "fixed covariates": ("hs", ABILITIES + "\nvisual + textual + speed ~ ageyr + sex", {"meanstructure": True}),
    "free covariates": ("hs", ABILITIES + "\nvisual + speed ~ ageyr + sex", {"fixed_x": False, "meanstructure": True}),
    "item on a covariate": ("hs", "visual =~ x1 + x2 + x3\nx2 ~ ageyr + x7", {"meanstructure": True}),
    "paths": ("pd", "y1 ~ x1 + x2\ny5 ~ y1 + x3\ny8 ~ y5 + y1", {"meanstructure": True}),
    "feedback": ("pd", "y1 ~ x1 + y5\ny5 ~ x2 + y1", {"meanstructure": True}),
    "composite": ("pd", "ses <~ 1*x1 + x2 + x3\ndem60 =~ y1 + y2 + y3\ndem60 ~ ses", {"fixed_x": False}),
    "product": ("pd", "y1 ~ x1 + x2 + x1:x2", {"meanstructure": True}),
    "groups": ("hs", ABILITIES, GROUPS),
    "scalar invariance": ("hs", ABILITIES, GROUPS | {"group_equal": ["loadings", "intercepts"]}),
    "groups with unit variance": ("hs", ABILITIES, GROUPS | {"std_lv": True, "group_equal": "loadings"}),
    "groups with labels": ("hs", "visual =~ x1 + c(a,a)*x2 + c(b1,b2)*x3\nvisual ~ ageyr\nb1 + b2 == 2", GROUPS),
    "groups, Wishart": ("hs", ABILITIES, GROUPS | {"likelihood": "wishart", "group_equal": "residuals"}),
}
GROWTH = "i =~ 1*y1 + 1*y2 + 1*y3 + 1*y4\ns =~ 0*y1 + 1*y2 + y3 + 3*y4\ni + s ~ x1\ny2 ~ x2"


def frame(name: str) -> pd.DataFrame:
    survey = lv.datasets.load({"hs": "holzinger_swineford", "pd": "political_democracy"}[name])
    return pd.concat([survey.answers, survey.respondents], axis=1)


def away_from_the_minimum(fit: Any) -> Evaluation:
    """An admissible point with a gradient far from zero."""
    rng = np.random.default_rng(7)
    theta = fit.optimum.theta
    for size in (0.1, 0.03, 0.01):
        there = evaluate(fit.objective, theta + size * rng.uniform(-1, 1, len(theta)) * (0.2 + np.abs(theta)))
        if there is not None:
            return there
    raise AssertionError("no admissible point near the minimum")


def differences(function: Callable[[Vector], Vector], theta: Vector) -> Matrix:
    """Derivatives by central differences of two widths, extrapolated (Richardson), shape (..., q)."""
    columns = []
    for k in range(len(theta)):
        e = np.zeros(len(theta))
        e[k] = STEP * max(abs(theta[k]), 1.0)
        narrow = (function(theta + e) - function(theta - e)) / (2.0 * e[k])
        wide = (function(theta + 2.0 * e) - function(theta - 2.0 * e)) / (4.0 * e[k])
        columns.append((4.0 * narrow - wide) / 3.0)
    return np.stack(columns, axis=-1)


def at(objective: Objective, theta: Vector) -> Evaluation:
    found = evaluate(objective, theta)
    assert found is not None
    return found


def moments_of(objective: Objective, theta: Vector) -> Vector:
    """Lower triangles of all implied covariances, then all implied means, group by group."""
    p = objective.template.n_observed
    parts = []
    for g in range(len(objective.template.groups)):
        matrices = model_matrices(objective.template, g, table_values(objective.restrictions, objective.base, theta))
        parts += [matrices.V[:p, :p][np.tril_indices(p)], matrices.eta[:p] * objective.template.meanstructure]
    return np.concatenate(parts)


@pytest.fixture(scope="module", params=[*KINDS, "growth"])
def fit(request: pytest.FixtureRequest) -> Any:
    if request.param == "growth":
        return lv.growth(GROWTH, frame("pd"))
    data, model, options = KINDS[request.param]
    return lv.sem(model, frame(data), **options)


def test_gradient_agrees_with_finite_differences(fit: Any) -> None:
    here = away_from_the_minimum(fit)
    numeric = differences(lambda theta: np.asarray(at(fit.objective, theta).F), here.theta)
    assert np.abs(here.gradient).max() > 1e-3, "the point says nothing"
    np.testing.assert_allclose(here.gradient, numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max())


def test_observed_information_is_half_the_derivative_of_the_gradient(fit: Any) -> None:
    here = away_from_the_minimum(fit)
    numeric = 0.5 * differences(lambda theta: at(fit.objective, theta).gradient, here.theta)
    analytic = information(fit.objective, here, observed=True)
    np.testing.assert_allclose(analytic, analytic.T, atol=1e-12 * np.abs(analytic).max())
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max())


def test_expected_information_is_that_of_the_normal_distribution(fit: Any) -> None:
    """½ tr(W dSigma_k W dSigma_l) + dmu_k' W dmu_l, with derivatives of the moments by finite differences."""
    here, objective = away_from_the_minimum(fit), fit.objective
    D = differences(lambda theta: moments_of(objective, theta), here.theta)
    p, q = objective.template.n_observed, len(here.theta)
    half = p * (p + 1) // 2
    expected = np.zeros((q, q))
    for g, (weight, state) in enumerate(zip(objective.weights, here.states, strict=True)):
        block = D[g * (half + p) : (g + 1) * (half + p)]
        dSigma = np.zeros((q, p, p))
        rows, columns = np.tril_indices(p)
        dSigma[:, rows, columns] = dSigma[:, columns, rows] = block[:half].T
        WD = state.W @ dSigma
        expected += weight * (0.5 * np.einsum("kij,lji->kl", WD, WD) + block[half:].T @ state.W @ block[half:])
    np.testing.assert_allclose(information(objective, here), expected, rtol=1e-6, atol=1e-8 * np.abs(expected).max())


def test_jacobian_of_the_moments_agrees_with_finite_differences(fit: Any) -> None:
    here = away_from_the_minimum(fit)
    numeric = differences(lambda theta: moments_of(fit.objective, theta), here.theta)
    analytic = moment_jacobian(fit.objective.template, fit.objective.restrictions, here.values)
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-8 * np.abs(numeric).max())


def test_both_informations_agree_in_a_saturated_model() -> None:
    fit = lv.sem("y1 ~ x1 + x2\ny5 ~ x1 + x2", frame("pd"))
    both = [information(fit.objective, fit.solution, observed) for observed in (False, True)]
    np.testing.assert_allclose(both[0], both[1], atol=1e-9 * np.abs(both[0]).max())


def test_nonlinear_constraints_have_exact_jacobians() -> None:
    fit = lv.sem(
        "f =~ x1 + a*x2 + b*x3\ng =~ y1 + c*y2 + y3\ng ~ d*f\na*d == exp(c)/2\nlog(b)^2 + d < 9\nd*c > -5", frame("pd")
    )
    restrictions, base = fit.objective.restrictions, fit.objective.base
    for expressions in (restrictions.equalities, restrictions.inequalities):

        def value(theta: Vector, expressions: Any = expressions) -> Vector:
            return constraint_values(restrictions, expressions, table_values(restrictions, base, theta))[0]

        theta = fit.optimum.theta + 0.05
        _, analytic = constraint_values(restrictions, expressions, table_values(restrictions, base, theta))
        np.testing.assert_allclose(analytic, differences(value, theta), rtol=1e-7, atol=1e-8)


def test_gradient_vanishes_at_the_solution(fit: Any) -> None:
    if fit.converged:
        errors = np.sqrt(np.abs(np.diagonal(information(fit.objective, fit.solution))))
        assert np.abs(fit.optimum.gradient / errors).max() < 1e-5
