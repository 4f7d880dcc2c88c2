"""Replicates solved as stacks: the same function, the same minima, the same digits."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.assess.resampling_plan import refitting_of, resampling_of, units_of
from lvmodels.estimate.descent import evaluate_stack
from lvmodels.estimate.objective import evaluate, make_objective
from lvmodels.estimate.resample import (
    SINGULAR,
    UNSETTLED,
    Resampling,
    Units,
    block_size,
    blocks_of,
    case_moments,
    draw_block,
    drawn_counts,
    solve_block,
    solve_samples,
)
from lvmodels.estimate.solve import minimise
from lvmodels.estimate.stack import Samples
from lvmodels.fit.refit import refit_block
from lvmodels.model.specification import Specification
from lvmodels.moments.complete import Moments
from lvmodels.moments.weight import moment_weight

DATA = Path(__file__).resolve().parents[1] / "reference" / "data"
FACTORS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + y4
dem65 =~ y5 + a*y6 + b*y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5; y2 ~~ y4 + y6; y3 ~~ y7; y4 ~~ y8; y6 ~~ y8
"""
MODELS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "factors": (FACTORS, "hs", {}),
    "factors with means": (FACTORS, "hs", {"meanstructure": True}),
    "equal groups": (FACTORS, "hs", {"group": "school", "group_equal": ("loadings", "intercepts")}),
    "second order": (f"{FACTORS}\ng =~ visual + textual + speed", "hs", {"std_lv": True}),
    "labels and residual covariances": (DEMOCRACY, "pd", {}),
    "a linear constraint": (f"{DEMOCRACY}\na + b == 2.5", "pd", {}),
    "paths alone": ("x4 ~ x1 + x2\nx7 ~ x4 + x1", "hs", {}),
    "covariates": (f"{FACTORS}\nvisual ~ ageyr + grade\nx4 ~ grade", "hs", {"meanstructure": True}),
    "a nonrecursive path": ("x4 ~ x7 + x1\nx7 ~ x4 + x2", "hs", {}),
    "wishart": (FACTORS, "hs", {"likelihood": "wishart", "group": "school"}),
    "GLS": (FACTORS, "hs", {"estimator": "GLS", "meanstructure": True}),
    "ULS": (DEMOCRACY, "pd", {"estimator": "ULS"}),
    "growth": ("i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni ~ x1\ns ~ x1", "growth", {}),
    "weights": (FACTORS, "hs", {"sampling_weights": "ageyr"}),
}


def frame(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv").dropna()


def fitted(name: str) -> Any:
    model, data, options = MODELS[name]
    return (lv.growth if data == "growth" else lv.sem)(model, frame(data), **options)


@pytest.fixture(params=MODELS)
def fit(request: pytest.FixtureRequest) -> Any:
    return fitted(request.param)


def problem_of(fit: Any, kind: str = "ordinary") -> Resampling:
    found = resampling_of(fit, kind)
    assert found is not None
    return found


def first_block(n: int, seed: int = 1) -> Any:
    return blocks_of(n, np.random.SeedSequence(seed), n)[0]


# ---- one function ---------------------------------------------------------------------------------------------------


def objectives(fit: Any, samples: tuple[Samples, ...], R: int) -> list[Any]:
    """The objective of each sample as a single fit would have it."""
    specification = Specification(fit.text, fit.table, fit.objective.template, fit.objective.restrictions)
    found = []
    for k in range(R):
        moments = []
        for sample in samples:
            weight = None
            if fit.settings.least_squares:
                means = fit.table.meanstructure
                weight = moment_weight(fit.settings.discrepancy, None, sample.cov[k], means)
            moments.append(Moments(float(1000 * sample.share[k]), sample.mean[k], sample.cov[k], weight=weight))
        found.append(make_objective(specification, tuple(moments)))
    return found


def test_stack_is_the_objective_of_each_sample(fit: Any) -> None:
    problem, R = problem_of(fit), 6
    samples, usable = draw_block(problem, first_block(R))
    assert usable.all()
    moved = 1.0 + 0.02 * np.random.default_rng(2).standard_normal((R, len(problem.start)))
    theta = problem.start * moved
    F, gradient = evaluate_stack(problem.model, samples, theta)
    for k, objective in enumerate(objectives(fit, samples, R)):
        single = evaluate(objective, theta[k])
        assert single is not None
        assert F[k] == pytest.approx(single.F, abs=1e-11)
        np.testing.assert_allclose(gradient[k], single.gradient, atol=1e-10 * np.abs(single.gradient).max() + 1e-11)


def test_gradient_of_the_stack_is_the_slope_of_its_function(fit: Any) -> None:
    problem = problem_of(fit)
    samples, _ = draw_block(problem, first_block(2))
    theta = np.tile(problem.start * 1.01, (2, 1))
    _, gradient = evaluate_stack(problem.model, samples, theta)
    for j in range(len(problem.start)):
        step = np.zeros(len(problem.start))
        step[j] = 1e-5 * (1.0 + abs(problem.start[j]))
        up, down = (evaluate_stack(problem.model, samples, theta + sign * step)[0] for sign in (1, -1))
        np.testing.assert_allclose(gradient[:, j], (up - down) / (2 * step[j]), rtol=1e-5, atol=1e-7)


def test_heywood_cases_in_a_stack_are_evaluated_like_the_others() -> None:
    fit = fitted("factors")
    problem = problem_of(fit)
    samples, _ = draw_block(problem, first_block(3))
    theta = np.tile(problem.start, (3, 1))
    rows = fit.objective.restrictions.parameter_rows
    at = next(k for k, row in enumerate(rows) if str(fit.table.rows[row]) == "x5~~x5")
    theta[1, at], theta[2, at] = -0.01, 0.0
    F, gradient = evaluate_stack(problem.model, samples, theta)
    for k, objective in enumerate(objectives(fit, samples, 3)):
        single = evaluate(objective, theta[k])
        assert single is not None
        assert F[k] == pytest.approx(single.F, abs=1e-10)
        np.testing.assert_allclose(gradient[k], single.gradient, rtol=1e-8, atol=1e-9)


def test_points_without_a_distribution_are_infinitely_bad_and_leave_the_others_alone() -> None:
    fit = fitted("factors with means")
    problem = problem_of(fit)
    samples, _ = draw_block(problem, first_block(3))
    theta = np.tile(problem.start, (3, 1))
    rows = fit.objective.restrictions.parameter_rows
    at = next(k for k, row in enumerate(rows) if str(fit.table.rows[row]) == "visual~~visual")
    theta[1, at] = -5.0
    F, gradient = evaluate_stack(problem.model, samples, theta)
    assert np.isinf(F[1])
    alone = evaluate_stack(problem.model, tuple(s.take(np.array([0, 2])) for s in samples), theta[[0, 2]])
    np.testing.assert_allclose(F[[0, 2]], alone[0], rtol=1e-12)
    np.testing.assert_allclose(gradient[[0, 2]], alone[1], rtol=1e-9, atol=1e-12)


# ---- the same minima ------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_replicate_in_a_stack_equals_a_fit_to_the_same_resampled_cases(fit: Any) -> None:
    problem, R = problem_of(fit), 10
    block = first_block(R)
    found = solve_block(problem, block)
    assert problem.units is not None
    counts = drawn_counts(problem.units, np.random.default_rng(block[1]), R).astype(int)
    data = frame("growth" if fit.settings.kind == "growth" else "pd" if "y1" in fit.table.variables.observed else "hs")
    refit = lv.growth if fit.settings.kind == "growth" else lv.sem
    options = {name: getattr(fit.settings, name) for name in ("group", "group_equal", "std_lv", "likelihood")}
    options |= {"sampling_weights": fit.settings.sampling_weights, "meanstructure": fit.table.meanstructure}
    for k in range(R):
        if found.reasons[k]:
            assert found.reasons[k] == UNSETTLED
            continue
        cases = np.repeat(np.arange(len(data)), counts[k])
        single = refit(fit.text.text, data.iloc[cases], estimator=fit.settings.estimator, **options)
        if not single.converged:  # unweighted least squares may end where Sigma is not positive definite
            assert fit.settings.estimator == "ULS"
            continue
        start = evaluate(single.objective, problem.start)  # as there may be more than one minimum
        assert start is not None
        polished = minimise(single.objective, minimise(single.objective, start).evaluation).evaluation
        scale = 1.0 + np.abs(polished.values)
        assert (np.abs(found.values[k] - polished.values) / scale).max() < 1e-6
        assert found.F[k] == pytest.approx(polished.F, abs=1e-9)
        assert found.F[k] <= single.optimum.F + 1e-9
    assert sum(not reason for reason in found.reasons) >= 0.5 * R


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_samples_equal_to_the_data_give_the_estimates(fit: Any) -> None:
    problem = problem_of(fit)
    moments = [case_moments(s, np.ones((2, len(s.Y))), problem.unbiased) for s in problem.groups]
    samples = tuple(
        Samples(cov, mean, np.full(2, share), np.linalg.slogdet(cov)[1] + cov.shape[-1], np.linalg.inv(cov))
        for (cov, mean, _), share in zip(moments, fit.objective.weights, strict=True)
    )
    away = replace(problem, start=problem.start * 1.02)
    found = solve_samples(away, samples, np.ones(2, dtype=bool))
    assert found.reasons == ("", "")
    np.testing.assert_allclose(found.values[0], fit.solution.values, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.F, fit.optimum.F, atol=1e-11)


def test_moments_of_counts_are_moments_of_repeated_cases() -> None:
    rng = np.random.default_rng(4)
    Y, weights = rng.normal(100.0, 1.0, size=(5000, 3)), rng.uniform(0.5, 2.0, 5000)
    source = replace(problem_of(fitted("factors")).groups[0], Y=Y - 100.0, weights=weights, centre=np.full(3, 100.0))
    counts = rng.integers(0, 3, size=(2, 5000)).astype(float)
    cov, mean, total = case_moments(source, counts, unbiased=False)
    for k in range(2):
        cases = np.repeat(np.arange(5000), counts[k].astype(int))
        np.testing.assert_allclose(cov[k], np.cov(Y[cases].T, aweights=weights[cases], ddof=0), rtol=1e-9)
        np.testing.assert_allclose(mean[k], np.average(Y[cases], axis=0, weights=weights[cases]))
        assert total[k] == pytest.approx(weights[cases].sum())


# ---- what is drawn --------------------------------------------------------------------------------------------------


def test_cases_are_drawn_within_their_groups() -> None:
    fit = fitted("equal groups")
    counts = drawn_counts(units_of(fit), np.random.default_rng(1), 20)
    groups = fit.prepared.data.groups
    for g in (0, 1):
        assert (counts[:, groups == g].sum(axis=1) == (groups == g).sum()).all()


def test_clusters_are_drawn_whole() -> None:
    of_case = np.array([0, 0, 1, 2, 2, 2])
    counts = drawn_counts(Units(of_case, (np.array([0, 1, 2]),)), np.random.default_rng(1), 50)
    for J in range(3):
        assert (np.ptp(counts[:, of_case == J], axis=1) == 0).all()
    assert (counts[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_clusters_that_lie_in_one_group_are_drawn_within_groups() -> None:
    data = frame("hs")
    data["class"] = data["school"] + (data.index % 30).astype(str)
    fit = lv.cfa(FACTORS, data, group="school", cluster="class")
    assert len(units_of(fit).strata) == 2
    data["class"] = data.index % 30
    fit = lv.cfa(FACTORS, data, group="school", cluster="class")
    assert len(units_of(fit).strata) == 1


def test_parametric_samples_have_the_moments_of_the_model_and_the_covariates_of_the_data() -> None:
    fit = fitted("covariates")
    problem, R = problem_of(fit, "parametric"), 4000
    (samples,), _ = draw_block(problem, first_block(R))
    matrices, p = fit.solution.states[0].matrices, len(samples.cov[0])
    Sigma, mu, n = matrices.V[:p, :p], matrices.eta[:p], fit.nobs
    k = fit.objective.template.n_covariates
    assert k == 2
    np.testing.assert_allclose(samples.cov[:, -k:, -k:], np.tile(Sigma[-k:, -k:], (R, 1, 1)), rtol=1e-9)
    np.testing.assert_allclose(samples.mean[:, -k:], np.tile(mu[-k:], (R, 1)), rtol=1e-12)
    sd = np.sqrt(np.diagonal(Sigma))
    gap = (samples.cov.mean(axis=0) * n / (n - 1) - Sigma) / np.outer(sd, sd)
    assert np.abs(gap).max() < 5.0 * np.sqrt(2.0 / n / R) + 2.0 / n
    assert (np.abs(samples.mean.mean(axis=0) - mu) < 5.0 * sd / np.sqrt(n * R) + 1e-9).all()


def test_parametric_samples_vary_like_samples_of_cases() -> None:
    fit = fitted("factors")
    (samples,), _ = draw_block(problem_of(fit, "parametric"), first_block(4000))
    Sigma, n = fit.solution.states[0].matrices.V[:9, :9], fit.nobs
    own = np.diagonal(Sigma)
    expected = (np.outer(own, own) + Sigma**2) * (n - 1) / n**2  # of a Wishart matrix over n
    np.testing.assert_allclose(samples.cov.var(axis=0), expected, rtol=0.15)


def test_sample_without_variation_is_told_apart() -> None:
    data = frame("hs")
    data["x9"] = (data.index < 3).astype(float)
    fit = lv.cfa("f =~ x1 + x2 + x3 + x9", data)
    found = solve_block(problem_of(fit), first_block(200))
    assert set(found.reasons) >= {"", SINGULAR}
    assert np.isnan(found.F[np.array(found.reasons) == SINGULAR]).all()


# ---- the same digits ------------------------------------------------------------------------------------------------


def test_blocks_do_not_depend_on_how_many_follow() -> None:
    few, many = (blocks_of(n, np.random.SeedSequence(5), 10) for n in (20, 60))
    for (_, a), (_, b) in zip(few, many[:2], strict=True):
        assert a.generate_state(2).tolist() == b.generate_state(2).tolist()
    assert block_size(9) == 250
    assert 8 <= block_size(300) < 250


@pytest.mark.parametrize("name", ["factors", "labels and residual covariances", "equal groups"])
def test_same_digits_with_any_number_of_threads(name: str) -> None:
    fit = fitted(name)
    expected = fit.bootstrap(600, seed=7)
    for workers in (1, 2, 4):
        with ThreadPoolExecutor(workers) as executor:
            found = fit.bootstrap(600, seed=7, executor=executor)
        assert (found.values == expected.values).all()


def test_same_digits_with_processes() -> None:
    fit = fitted("covariates")
    ordered = lv.cfa("f =~ x1 + x2 + x3 + x4", frame("hs_ordered"), ordered=True)
    with ProcessPoolExecutor(2) as executor:
        stacked = fit.bootstrap(300, seed=7, executor=executor)
        single = ordered.bootstrap(30, seed=7, executor=executor)
    assert (stacked.values == fit.bootstrap(300, seed=7).values).all()
    assert (single.values == ordered.bootstrap(30, seed=7).values).all()


def test_another_seed_gives_other_draws_and_a_generator_will_do() -> None:
    fit = fitted("factors")
    assert (fit.bootstrap(20, seed=1).values != fit.bootstrap(20, seed=2).values).any()
    a, b = (fit.bootstrap(20, seed=np.random.default_rng(3)) for _ in range(2))
    assert (a.values == b.values).all()


# ---- one by one -----------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
@pytest.mark.parametrize(
    ("model", "data", "options"),
    [
        ("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", "hs_missing", {"missing": "fiml"}),
        ("f =~ x1 + x2 + x3 + x4", "hs_ordered", {"ordered": True}),
        (FACTORS, "hs", {"estimator": "DWLS"}),
        ("f =~ x1 + a*x2 + b*x3\ng =~ x4 + x5 + x6\na*b == 0.5", "hs", {}),
    ],
    ids=["incomplete", "ordinal", "fourth moments", "nonlinear"],
)
def test_refitted_replicate_equals_a_fit_to_the_same_cases(model: str, data: str, options: dict[str, Any]) -> None:
    answers = pd.read_csv(DATA / f"{data}.csv")
    fit = lv.cfa(model, answers, **options)
    assert resampling_of(fit, "ordinary") is None
    block = first_block(4)
    found = refit_block(refitting_of(fit, "ordinary"), block)
    counts = drawn_counts(units_of(fit), np.random.default_rng(block[1]), 4).astype(int)
    for k in range(4):
        if found.reasons[k]:
            continue
        rows = np.repeat(fit.prepared.data.rows, counts[k])
        single = lv.cfa(model, answers.iloc[rows], **options)
        np.testing.assert_allclose(found.values[k], single.solution.values, rtol=1e-5, atol=1e-5)
    assert "" in found.reasons


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_replicates_outside_bounds_are_searched_within_them() -> None:
    fit = lv.cfa("f =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", frame("hs"), bounds="pos.var")
    rows = [i for i, row in enumerate(fit.table.rows) if row.is_variance]
    assert fit.bootstrap(300, seed=1).values[:, rows].min() >= -1e-8
    free = lv.cfa("f =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", frame("hs")).bootstrap(300, seed=1)
    assert free.values[:, rows].min() < -1e-3
