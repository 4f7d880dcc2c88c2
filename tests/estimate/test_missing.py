"""Incomplete data: derivatives by finite differences, saturated moments by a direct search, and what FIML equals."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

import lvmodels as lv
from lvmodels import errors
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.estimate.objective import Evaluation, evaluate, information
from lvmodels.model.matrices import model_matrices
from lvmodels.model.restrictions import table_values
from lvmodels.moments.missing import complete_pattern, patterns_of, saturated_moments

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

ABILITIES = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ITEMS = [f"x{i}" for i in range(1, 10)]


def pupils(share: float = 0.15, columns: tuple[str, ...] = tuple(ITEMS)) -> pd.DataFrame:
    """The pupils, with some answers taken away; no pair of items loses all its cases, no pupil all answers."""
    survey = lv.datasets.load("holzinger_swineford")
    data = pd.concat([survey.answers, survey.respondents], axis=1).astype(dict.fromkeys(columns, float))
    gone = np.random.default_rng(17).random((len(data), len(columns))) < share
    data[list(columns)] = data[list(columns)].mask(gone)
    return data


COMPLETE, HOLED = pupils(0.0), pupils()


def gaps(n: int = 60, p: int = 4, share: float = 0.25, seed: int = 2) -> Matrix:
    """Correlated normal draws with holes; every row has an answer."""
    rng = np.random.default_rng(seed)
    Y = rng.standard_normal((n, p)) @ rng.uniform(-0.5, 1.0, (p, p)).T + rng.standard_normal((n, p)) + np.arange(p)
    Y[rng.random((n, p)) < share] = np.nan
    Y[np.isnan(Y).all(axis=1), 0] = 0.3
    return Y


# ---- derivatives ----------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "factors": (ABILITIES, {}),
    "structural": (ABILITIES + "\nspeed ~ visual + textual\nx1 ~~ x9", {"std_lv": True}),
    "fixed covariates": (ABILITIES + "\nvisual + speed ~ ageyr + sex", {}),
    "free covariates": (ABILITIES + "\nvisual + speed ~ ageyr", {"missing": "fiml.x"}),
    "paths": ("x3 ~ x1 + x2\nx6 ~ b*x3 + x4\nx9 ~ b*x6", {"fixed_x": False}),
    "groups": (ABILITIES, {"group": "school", "group_equal": ["loadings", "intercepts"]}),
    "weights": (ABILITIES, {"sampling_weights": "ageyr"}),
}


def differences(function: Callable[[Vector], Vector], theta: Vector) -> Matrix:
    """Central differences of two widths, extrapolated."""
    columns = []
    for k in range(len(theta)):
        e = np.zeros(len(theta))
        e[k] = 1e-5 * max(abs(theta[k]), 1.0)
        narrow = (function(theta + e) - function(theta - e)) / (2.0 * e[k])
        wide = (function(theta + 2.0 * e) - function(theta - 2.0 * e)) / (4.0 * e[k])
        columns.append((4.0 * narrow - wide) / 3.0)
    return np.stack(columns, axis=-1)


@pytest.fixture(scope="module", params=KINDS)
def fit(request: pytest.FixtureRequest) -> Any:
    model, options = KINDS[request.param]
    return lv.sem(model, HOLED, **({"missing": "fiml"} | options))


def away(fit: Any) -> Evaluation:
    theta = fit.optimum.theta
    found = evaluate(fit.objective, theta + 0.03 * np.random.default_rng(5).uniform(-1, 1, len(theta)))
    assert found is not None
    return found


def at(fit: Any, theta: Vector) -> Evaluation:
    found = evaluate(fit.objective, theta)
    assert found is not None
    return found


def test_objective_is_the_likelihood_of_the_answers(fit: Any) -> None:
    """Case by case, from the answered block of the implied moments."""
    here, data = away(fit), fit.prepared.data
    p, total = fit.objective.template.n_observed, 0.0
    w = np.ones(len(data.Y)) if data.weights is None else data.weights
    for y, g, weight in zip(data.Y, data.groups, w, strict=True):
        matrices, seen = here.states[g].matrices, ~np.isnan(y)
        Sigma = matrices.V[:p, :p][np.ix_(seen, seen)]
        z = y[seen] - matrices.eta[:p][seen]
        total += weight * (np.linalg.slogdet(Sigma)[1] + z @ np.linalg.solve(Sigma, z))
    constants = float(fit.objective.weights @ np.array(fit.objective.constants))
    assert here.F == pytest.approx(total / w.sum() - constants, rel=1e-10)


def test_gradient_agrees_with_finite_differences(fit: Any) -> None:
    here = away(fit)
    numeric = differences(lambda theta: np.asarray(at(fit, theta).F), here.theta)
    assert np.abs(here.gradient).max() > 1e-3, "the point says nothing"
    np.testing.assert_allclose(here.gradient, numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max())


def test_observed_information_is_half_the_derivative_of_the_gradient(fit: Any) -> None:
    here = away(fit)
    numeric = 0.5 * differences(lambda theta: at(fit, theta).gradient, here.theta)
    analytic = information(fit.objective, here, observed=True)
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max())


def test_expected_information_sums_over_patterns(fit: Any) -> None:
    """½ tr(W dSigma_k W dSigma_l) + dmu_k' W dmu_l of each pattern, with derivatives by finite differences."""
    here, template = away(fit), fit.objective.template
    p, q = template.n_observed, len(here.theta)
    expected = np.zeros((q, q))
    for g, (weight, state) in enumerate(zip(fit.objective.weights, here.states, strict=True)):

        def moments(theta: Vector, g: int = g) -> Vector:
            values = table_values(fit.objective.restrictions, fit.objective.base, theta)
            matrices = model_matrices(template, g, values)
            return np.concatenate([matrices.V[:p, :p].ravel(), matrices.eta[:p]])

        D = differences(moments, here.theta)
        dSigma, dmu = D[: p * p].T.reshape(q, p, p), D[p * p :]
        for share, W in zip(state.patterns.patterns.share, state.patterns.W, strict=True):
            WD = W @ dSigma
            expected += weight * share * (0.5 * np.einsum("kij,lji->kl", WD, WD) + dmu.T @ W @ dmu)
    np.testing.assert_allclose(
        information(fit.objective, here), expected, rtol=1e-6, atol=1e-8 * np.abs(expected).max()
    )


@pytest.mark.parametrize("observed", [True, False])
def test_information_about_the_moments_is_half_the_hessian(observed: bool) -> None:
    """The expected one for complete data is the observed one at the sample moments."""
    Y = gaps()
    patterns = patterns_of(Y)
    mean, Sigma, _ = saturated_moments(patterns)
    if not observed:
        patterns = complete_pattern(mean, Sigma)
    i, j = np.tril_indices(len(mean))

    def discrepancy(packed: Vector) -> Vector:
        S = np.zeros_like(Sigma)
        S[i, j] = S[j, i] = packed[: len(i)]
        return np.asarray(pattern_state(patterns, S, packed[len(i) :]).discrepancy)

    here = np.concatenate([Sigma[i, j], mean])
    hessian = differences(lambda x: differences(discrepancy, x), here)
    analytic = moment_information(pattern_state(patterns, Sigma, mean), observed)
    np.testing.assert_allclose(analytic, hessian / 2.0, atol=2e-3 * np.abs(hessian).max())


# ---- patterns and saturated moments ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_saturated_moments_are_where_a_direct_search_ends(seed: int) -> None:
    patterns = patterns_of(gaps(seed=seed))
    mean, Sigma, settled = saturated_moments(patterns)
    assert settled
    p = len(mean)
    tril = np.tril_indices(p)

    def discrepancy(x: Vector) -> float:
        root = np.zeros((p, p))
        root[tril] = x[p:]
        np.fill_diagonal(root, np.exp(np.diagonal(root)))
        return pattern_state(patterns, root @ root.T, x[:p]).discrepancy

    start = np.concatenate([np.zeros(p), np.eye(p)[tril] * 0.1])
    found = minimize(discrepancy, start, method="BFGS", options={"gtol": 1e-7, "maxiter": 500})
    root = np.zeros((p, p))
    root[tril] = found.x[p:]
    np.fill_diagonal(root, np.exp(np.diagonal(root)))
    assert pattern_state(patterns, Sigma, mean).discrepancy <= found.fun + 1e-10
    np.testing.assert_allclose(mean, found.x[:p], atol=1e-5)
    np.testing.assert_allclose(Sigma, root @ root.T, atol=1e-5)


def test_saturated_moments_of_complete_data_are_the_sample_moments() -> None:
    Y = gaps(share=0.0)
    mean, Sigma, settled = saturated_moments(patterns_of(Y))
    assert settled
    np.testing.assert_allclose(mean, Y.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(Sigma, np.cov(Y.T, ddof=0), rtol=1e-10, atol=1e-12)


def test_monotone_missing_values_have_a_closed_form() -> None:
    """y2 seen for some cases only: its mean is the regression's at the mean of y1 (Anderson 1957)."""
    Y = gaps(p=2, share=0.0)
    Y[20:, 1] = np.nan
    mean, Sigma, _ = saturated_moments(patterns_of(Y))
    seen = Y[:20]
    slope = np.cov(seen.T, ddof=0)[0, 1] / seen[:, 0].var()
    residual = seen[:, 1].var() - slope**2 * seen[:, 0].var()
    np.testing.assert_allclose(mean, [Y[:, 0].mean(), seen[:, 1].mean() + slope * (Y[:, 0].mean() - seen[:, 0].mean())])
    np.testing.assert_allclose(Sigma[1, 1], residual + slope**2 * Y[:, 0].var())


@pytest.mark.parametrize("change", ["shuffled", "doubled", "weighted twice"])
def test_order_and_repetition_of_cases_do_not_matter(change: str) -> None:
    Y = gaps()
    other = {
        "shuffled": lambda: patterns_of(np.random.default_rng(3).permutation(Y)),
        "doubled": lambda: patterns_of(np.concatenate([Y, Y])),
        "weighted twice": lambda: patterns_of(Y, np.full(len(Y), 2.0)),
    }[change]()
    mean, Sigma, _ = saturated_moments(patterns_of(Y))
    again = saturated_moments(other)
    np.testing.assert_allclose(mean, again[0], atol=1e-9)
    np.testing.assert_allclose(Sigma, again[1], atol=1e-9)


def test_doubled_data_give_the_same_estimates_and_errors_smaller_by_the_root_of_two() -> None:
    once = lv.cfa(ABILITIES, HOLED, missing="fiml")
    twice = lv.cfa(ABILITIES, pd.concat([HOLED, HOLED]), missing="fiml")
    np.testing.assert_allclose(twice.params, once.params, atol=1e-6)
    np.testing.assert_allclose(twice.bse * np.sqrt(2.0), once.bse, rtol=1e-5)
    assert twice.fit_measures()["chisq"] == pytest.approx(2.0 * once.fit_measures()["chisq"], rel=1e-6)


# ---- what it equals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLF"])
@pytest.mark.parametrize("options", [{}, {"group": "school", "group_equal": "loadings"}, {"covariate": True}])
def test_fiml_equals_ml_on_complete_data(estimator: str, options: dict[str, Any]) -> None:
    model = ABILITIES + "\nvisual ~ ageyr" * bool(options.get("covariate"))
    given: dict[str, Any] = {k: v for k, v in options.items() if k != "covariate"} | {"estimator": estimator}
    if estimator == "ML":
        given["information"] = "expected"
    plain = lv.sem(model, COMPLETE, meanstructure=True, **given)
    fiml = lv.sem(model, COMPLETE, missing="fiml", **given)
    np.testing.assert_allclose(fiml.params, plain.params, atol=1e-7)
    np.testing.assert_allclose(fiml.bse, plain.bse, rtol=1e-6)
    a, b = fiml.fit_measures(), plain.fit_measures()
    shared = [name for name in b.index if not name.endswith("_robust")]
    np.testing.assert_allclose(a[shared], b[shared], rtol=1e-6, atol=1e-7)


def test_patterns_of_complete_data_give_the_complete_discrepancy() -> None:
    """One missing answer, filled with what is known exactly, leaves the limit unchanged."""
    Y = gaps(share=0.0)
    S, m = np.cov(Y.T, ddof=0), Y.mean(axis=0)
    Sigma, mu = S + 0.1 * np.eye(4), m + 0.05
    W = np.linalg.inv(Sigma)
    expected = np.linalg.slogdet(Sigma)[1] + np.trace(W @ S) + (m - mu) @ W @ (m - mu)
    assert pattern_state(patterns_of(Y), Sigma, mu).discrepancy == pytest.approx(expected, rel=1e-12)
    assert pattern_state(complete_pattern(m, S), Sigma, mu).discrepancy == pytest.approx(expected, rel=1e-12)


def test_fiml_x_is_fiml_with_free_covariates() -> None:
    data = HOLED.assign(ageyr=HOLED["ageyr"].where(HOLED.index % 7 > 0))
    model = ABILITIES + "\nvisual ~ ageyr + sex"
    one, two = lv.sem(model, data, missing="fiml.x"), lv.sem(model, data, missing="fiml", fixed_x=False)
    pd.testing.assert_frame_equal(one.estimates(), two.estimates())
    assert one.nobs == len(data)


def test_free_and_fixed_covariates_without_gaps_give_the_same_slopes() -> None:
    model = ABILITIES + "\nvisual + speed ~ ageyr + sex"
    fixed, free = lv.sem(model, HOLED, missing="fiml"), lv.sem(model, HOLED, missing="fiml", fixed_x=False)
    slopes = [name for name in fixed.params.index if "~ageyr" in name]
    assert slopes
    np.testing.assert_allclose(fixed.params[slopes], free.params[slopes], atol=1e-6)
    np.testing.assert_allclose(fixed.bse[slopes], free.bse[slopes], rtol=1e-4)
    a, b = fixed.fit_measures(), free.fit_measures()
    for name in ("chisq", "df", "baseline_chisq"):
        assert a[name] == pytest.approx(b[name], abs=2e-5), name
    for name in ("cfi_robust", "tli_robust", "rmsea_robust"):  # the two agree to first order in the misfit
        assert a[name] == pytest.approx(b[name], abs=1e-3), name


def test_an_item_answered_by_few_tells_little() -> None:
    """As answers go, so do the errors of what hangs on them, and no other."""
    full, less = (lv.cfa(ABILITIES, COMPLETE.assign(x9=COMPLETE["x9"].where(COMPLETE.index % k == 0)), missing="fiml")
                  for k in (1, 4))  # fmt: skip
    assert less.bse["x9~~x9"] > 1.5 * full.bse["x9~~x9"]
    assert less.bse["textual=~x5"] == pytest.approx(full.bse["textual=~x5"], rel=0.02)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_scores_of_complete_cases_are_those_of_the_complete_formula(method: str) -> None:
    fit = lv.sem(ABILITIES + "\nspeed ~ ageyr", HOLED, missing="fiml")
    scores = fit.scores(method)
    if method == "bartlett":  # a factor none of whose items is answered has no such score
        assert (scores["textual"].isna().to_numpy() == HOLED[["x4", "x5", "x6"]].isna().all(axis=1).to_numpy()).all()
    rows = HOLED[ITEMS].notna().all(axis=1).to_numpy()
    assert 20 < rows.sum() < 200
    # a fit fixed at these estimates, of the complete cases alone
    values = fit.estimates()
    text = "\n".join(
        f"{r.lhs} ~ {r.est!r}*1" if r.op == "~1" else f"{r.lhs} {r.op} {r.est!r}*{r.rhs}"
        for r in values.itertuples() if not (r.lhs == "ageyr" and r.op in ("~~", "~1"))
    )  # fmt: skip
    fixed = lv.lavaan(text, HOLED[rows], meanstructure=True)
    np.testing.assert_allclose(fixed.scores(method).to_numpy(), scores[rows].to_numpy(), atol=1e-7)


def test_bartlett_scores_use_the_answers_there_are() -> None:
    """A case without x1 has a score on every factor: the model of the other items scores it alike."""
    fit = lv.cfa(ABILITIES, COMPLETE.assign(x1=COMPLETE["x1"].where(COMPLETE.index > 0)), missing="fiml")
    first = fit.scores("bartlett").iloc[0]
    Lambda = fit.estimates().query("op == '=~'").set_index("rhs")["est"]
    theta = fit.estimates().query("op == '~~' and lhs == rhs").set_index("lhs")["est"]
    nu = fit.estimates().query("op == '~1'").set_index("lhs")["est"]
    for factor, items in (("visual", ["x2", "x3"]), ("textual", ["x4", "x5", "x6"])):
        w = Lambda[items] / theta[items]
        by_hand = (w * (COMPLETE.loc[0, items].astype(float) - nu[items])).sum() / (w * Lambda[items]).sum()
        assert first[factor] == pytest.approx(by_hand, abs=1e-8)


def test_standardized_residuals_with_one_gap_are_near_those_without() -> None:
    plain = lv.sem(ABILITIES + "\nvisual ~ ageyr", COMPLETE, meanstructure=True)
    one = COMPLETE.assign(x2=COMPLETE["x2"].where(COMPLETE.index != 9))
    holed = lv.sem(ABILITIES + "\nvisual ~ ageyr", one, missing="fiml")
    a, b = plain.residuals("standardized").to_numpy(), holed.residuals("standardized").to_numpy()
    off = ~np.eye(len(a), dtype=bool)
    assert np.corrcoef(a[off], b[off])[0, 1] > 0.98
    assert (b[off] != 0.0).mean() == (a[off] != 0.0).mean()


# ---- cases left out -------------------------------------------------------------------------------------------------


def test_cases_without_any_answer_are_left_out_and_counted() -> None:
    data = HOLED.copy()
    data.loc[data.index[:9], ITEMS] = np.nan
    with pytest.warns(errors.DroppedRowsWarning, match="9 of 301 cases"):
        fit = lv.cfa(ABILITIES, data, missing="fiml")
    assert fit.nobs == 292
    np.testing.assert_allclose(fit.params, lv.cfa(ABILITIES, data.iloc[9:], missing="fiml").params, atol=1e-9)


def test_cases_without_a_fixed_covariate_are_left_out_and_counted() -> None:
    data = HOLED.assign(ageyr=HOLED["ageyr"].where(HOLED.index > 19))
    with pytest.warns(errors.DroppedRowsWarning, match="20 of 301 cases.*fixed covariate"):
        fit = lv.sem(ABILITIES + "\nvisual ~ ageyr", data, missing="fiml")
    assert fit.nobs == 281


def test_many_patterns_are_fitted_in_bounded_time() -> None:
    """20 items, 40 % missing, every case another pattern."""
    rng = np.random.default_rng(1)
    Y = 0.7 * rng.standard_normal((400, 1)) + 0.7 * rng.standard_normal((400, 20))
    Y[rng.random(Y.shape) < 0.4] = np.nan
    data = pd.DataFrame(Y, columns=[f"y{i}" for i in range(20)])
    assert len(np.unique(np.isnan(Y), axis=0)) > 300
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = lv.cfa("f =~ " + " + ".join(data.columns), data, missing="fiml", estimator="MLR")
    assert fit.converged
    assert fit.fit_measures()["pvalue_scaled"] > 0.001
