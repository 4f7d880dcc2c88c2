"""Bootstrap: intervals by their definitions, influence, errors, the Bollen-Stine test, failures and refusals."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

import lvmodels as lv
from lvmodels import errors
from lvmodels.assess.influence import influence
from lvmodels.assess.quantities import quantities
from lvmodels.assess.resampling_plan import made_to_fit
from lvmodels.estimate.resampled_intervals import acceleration_of, interval, ordered, quantile, standard_errors

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "bootstrap.json").read_text(encoding="utf-8"))
FACTORS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
MEDIATION = "x4 ~ a*x1 + c*x2\nx7 ~ b*x4 + x1\nindirect := a*b"


def frame(name: str = "hs") -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


@pytest.fixture(scope="module")
def factors() -> Any:
    return lv.cfa(FACTORS, frame())


@pytest.fixture(scope="module")
def mediation() -> Any:
    return lv.sem(MEDIATION, frame())


# ---- intervals are functions of draws -------------------------------------------------------------------------------


def test_quantiles_are_draws_in_order_and_normal_between_them() -> None:
    ascending = ordered(np.array([[3.0], [1.0], [2.0], [4.0]]))
    assert quantile(ascending, np.array([0.4]))[0] == 2.0  # the second of four, (4 + 1) 0.4 = 2
    weight = (ndtri(0.5) - ndtri(0.4)) / (ndtri(0.6) - ndtri(0.4))
    assert quantile(ascending, np.array([0.5]))[0] == pytest.approx(2.0 + weight)
    assert quantile(ascending, np.array([0.01]))[0] == 1.0
    assert quantile(ascending, np.array([0.99]))[0] == 4.0


def test_draws_that_are_no_numbers_are_left_out() -> None:
    ascending = ordered(np.array([[3.0, 1.0], [np.nan, 2.0], [2.0, np.nan], [4.0, np.nan]]))
    assert quantile(ascending, np.array([0.5, 2.0 / 3.0])).tolist() == [3.0, 2.0]


def test_hand_computed_intervals() -> None:
    draws, estimate = np.arange(1.0, 100.0)[:, None], np.array([40.0])  # (99 + 1) 0.05 = 5
    found = {m: interval(m, estimate, draws, 0.9, np.zeros(1)) for m in ("percentile", "basic", "normal", "bca")}
    assert [float(x[0]) for x in found["percentile"]] == [5.0, 95.0]
    assert [float(x[0]) for x in found["basic"]] == [80.0 - 95.0, 80.0 - 5.0]
    half = ndtri(0.95) * draws.std()  # the mean of the draws is 50: a bias of 10
    np.testing.assert_allclose([x[0] for x in found["normal"]], [30.0 - half, 30.0 + half])
    z0 = ndtri(39.0 / 99.0)
    expected = [quantile(draws, np.array([ndtr(2 * z0 + ndtri(p))]))[0] for p in (0.05, 0.95)]
    np.testing.assert_allclose([x[0] for x in found["bca"]], expected)


def test_acceleration_moves_the_quantiles_as_efron_says() -> None:
    draws, estimate, a = np.arange(1.0, 1000.0)[:, None], np.array([500.5]), 0.05
    lower, upper = interval("bca", estimate, draws, 0.9, np.array([a]))
    z0 = ndtri(500.0 / 999.0)
    for found, p in ((lower, 0.05), (upper, 0.95)):
        z = z0 + ndtri(p)
        assert found[0] == pytest.approx(1000.0 * ndtr(z0 + z / (1.0 - a * z)), rel=1e-4)


def test_acceleration_is_a_sixth_of_the_skewness() -> None:
    values = np.random.default_rng(1).exponential(size=(2000, 2)) - 1.0
    skewness = (values**3).mean(axis=0) / (values**2).mean(axis=0) ** 1.5
    np.testing.assert_allclose(acceleration_of(values), skewness / 6.0 / np.sqrt(2000))


def test_what_does_not_vary_has_an_interval_without_width() -> None:
    for method in ("percentile", "basic", "normal", "bca"):
        lower, upper = interval(method, np.ones(1), np.ones((50, 1)), 0.95, np.zeros(1))
        assert lower == upper == 1.0


def test_bca_has_no_limits_when_all_draws_lie_on_one_side() -> None:
    lower, upper = interval("bca", np.zeros(1), np.arange(1.0, 51.0)[:, None], 0.95, np.zeros(1))
    assert np.isnan([lower, upper]).all()


@pytest.mark.parametrize("method", ["percentile", "basic", "normal", "bca"])
def test_intervals_from_the_same_draws_equal_those_of_lavaan(method: Any) -> None:
    case = GOLDEN["small"]
    draws, estimate = np.array(case["draws"]), np.array(case["est"])
    lower, upper = interval(method, estimate, draws, 0.95, np.zeros(len(estimate)))  # its "bca.simple" has a = 0
    np.testing.assert_allclose(lower, case["intervals"][method]["lower"], rtol=1e-6)
    np.testing.assert_allclose(upper, case["intervals"][method]["upper"], rtol=1e-6)
    np.testing.assert_allclose(standard_errors(draws), case["se"], rtol=1e-6)


# ---- influence ------------------------------------------------------------------------------------------------------

FITS = {
    "factors": (FACTORS, "hs", {}),
    "groups": (FACTORS, "hs", {"group": "school"}),
    "covariates": ("visual =~ x1 + x2 + x3\nvisual ~ ageyr + grade", "hs", {"meanstructure": True}),
    "incomplete": (FACTORS, "hs_missing", {"missing": "fiml"}),
    "linear": ("f =~ x1 + a*x2 + b*x3 + x4\na + b == 1.5", "hs", {}),
}


@pytest.mark.parametrize("name", FITS)
def test_influence_is_what_leaving_a_case_out_does(name: str) -> None:
    model, data, options = FITS[name]
    answers = frame(data)
    fit = lv.cfa(model, answers, **options)
    found = influence(fit)
    n = len(fit.prepared.data.rows)
    here = quantities(fit, fit.solution.values[None])
    shares = [float(fit.objective.weights[g]) for g in fit.prepared.data.groups]
    for case in (0, 17, n - 1):
        rows = np.delete(fit.prepared.data.rows, case)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            without = lv.cfa(model, answers.iloc[np.sort(rows)], **options)
        there = quantities(fit, without.solution.values[None])
        for part in ("estimates", "standardized", "r2"):
            moved, predicted = n * (getattr(here, part) - getattr(there, part))[0], getattr(found, part)[case]
            size = np.abs(getattr(found, part)).max(axis=0) + 1e-8
            assert (np.abs(moved - predicted) / size).max() < 30.0 / (n * min(shares))


def test_influence_sums_to_nothing(factors: Any) -> None:
    found = influence(factors)
    size = np.abs(found.estimates).sum(axis=0) + 1e-12
    assert (np.abs(found.estimates.sum(axis=0)) / size).max() < 1e-6


def test_jackknife_of_least_squares_agrees_with_influence_of_likelihood(factors: Any) -> None:
    squares = influence(lv.cfa(FACTORS, frame(), estimator="GLS"))
    free = factors.objective.restrictions.free_rows
    for row in free:
        a, b = squares.estimates[:, row], influence(factors).estimates[:, row]
        assert np.corrcoef(a, b)[0, 1] > 0.8


# ---- the record -----------------------------------------------------------------------------------------------------


def test_table_of_intervals_has_every_parameter_and_r2(mediation: Any) -> None:
    found = mediation.bootstrap(300, seed=1)
    table, estimates = found.ci(), mediation.estimates()
    shared = table[table["op"] != "r2"]
    pd.testing.assert_frame_equal(shared[["lhs", "op", "rhs", "label"]], estimates[["lhs", "op", "rhs", "label"]])
    np.testing.assert_allclose(shared["est"], estimates["est"])
    np.testing.assert_allclose(shared["std_all"], estimates["std_all"])
    r2 = table[table["op"] == "r2"].set_index("lhs")["est"]
    np.testing.assert_allclose(r2, mediation.r2()[r2.index])
    assert (table["ci_lower"] <= table["ci_upper"]).all()
    random = shared["se"] > 0
    assert set(shared.loc[random, "op"]) == {"~", "~~", ":="}
    assert (table.loc[table["op"] == "r2", "ci_lower"] > 0).all()


def test_draws_have_a_column_for_each_parameter(mediation: Any) -> None:
    found = mediation.bootstrap(50, seed=1)
    assert list(found.draws) == ["a", "c", "b", "x7~x1", "x4~~x4", "x7~~x7", "indirect"]
    np.testing.assert_allclose(found.draws["indirect"], found.draws["a"] * found.draws["b"])
    np.testing.assert_allclose(found.bse["a"], found.draws["a"].std(ddof=0))
    assert list(found.r2_draws) == ["x4", "x7"]
    assert "indirect" in found.standardized_draws
    assert len(found.draws) == 50
    assert repr(found) == "<Bootstrap: ordinary, 50 replicates>"


def test_a_shared_label_is_one_column() -> None:
    fit = lv.cfa("f =~ x1 + a*x2 + a*x3 + x4", frame())
    draws = fit.bootstrap(20, seed=1).draws
    assert list(draws).count("a") == 1
    assert draws.shape == (20, len(fit.optimum.theta))


def test_errors_agree_with_sandwich_errors_in_a_large_sample() -> None:
    rng = np.random.default_rng(3)
    f = rng.exponential(size=4000) - 1.0
    data = pd.DataFrame({f"x{k}": f + rng.exponential(size=4000) for k in range(4)})
    fit = lv.cfa("f =~ x0 + x1 + x2 + x3", data, estimator="MLR")
    found = fit.bootstrap(1000, seed=1)
    np.testing.assert_allclose(found.bse, fit.bse, rtol=0.1)


def test_cluster_errors_agree_with_the_cluster_sandwich() -> None:
    rng = np.random.default_rng(4)
    store = np.repeat(np.arange(150), 10)
    common = rng.normal(size=150)[store]
    f = common + rng.normal(size=1500)
    data = pd.DataFrame({f"x{k}": f + 0.5 * common + rng.normal(size=1500) for k in range(4)}).assign(store=store)
    fit = lv.cfa("f =~ x0 + x1 + x2 + x3", data, cluster="store")
    found = fit.bootstrap(800, kind="cluster", seed=1)
    free = [name for name in found.bse.index if "~1" not in name]
    np.testing.assert_allclose(found.bse[free], fit.bse[free], rtol=0.2)


@pytest.mark.parametrize("name", ["democracy"])
def test_errors_and_bollen_stine_p_are_those_of_lavaan_within_simulation_error(name: str) -> None:
    case = GOLDEN[name]
    fit = lv.sem(case["model"], frame(case["data"]))
    tested = fit.bootstrap(1000, kind="bollen.stine", seed=1)
    error = np.sqrt(case["p"] * (1 - case["p"]) * (1 / 1000 + 1 / case["replicates"]))
    assert abs(tested.pvalue - case["p"]) < 4 * error
    table = fit.bootstrap(1000, seed=1).ci()
    ours = {(r.lhs, r.op, r.rhs): r.se for r in table.itertuples()}
    theirs = dict(zip(zip(case["lhs"], case["op"], case["rhs"], strict=True), case["se"], strict=True))
    for key, se in theirs.items():
        if key[1] in ("=~", "~", ":=") and se > 0:
            assert ours[key] == pytest.approx(se, rel=0.25), key


def test_bollen_stine_p_of_groups_is_that_of_lavaan_within_simulation_error() -> None:
    case = GOLDEN["groups"]
    fit = lv.cfa(case["model"], frame(case["data"]), group=case["group"])
    found = fit.bootstrap(1000, kind="bollen.stine", seed=1)
    error = np.sqrt(case["p"] * (1 - case["p"]) * (1 / 1000 + 1 / case["replicates"]))
    assert abs(found.pvalue - case["p"]) < 4 * error


def test_model_holds_among_the_cases_made_to_fit_it(factors: Any) -> None:
    data = factors.prepared.data
    Y = pd.DataFrame(made_to_fit(factors, 0, data.Y), columns=list(data.names))
    again = lv.cfa(FACTORS, Y)
    assert again.fit_measures()["chisq"] < 1e-8
    np.testing.assert_allclose(again.solution.values, factors.solution.values, atol=1e-6)


# ---- as options of a fit --------------------------------------------------------------------------------------------


def test_bootstrap_errors_of_a_fit_come_from_its_replicates() -> None:
    fit = lv.sem(MEDIATION, frame(), se="bootstrap", bootstrap=200, seed=5)
    table, found = fit.estimates().set_index("label"), fit.bootstrap(200, seed=5)
    intervals = found.ci().set_index("label")
    for label in ("a", "b", "c", "indirect"):
        assert table.loc[label, "se"] == pytest.approx(intervals.loc[label, "se"])
        assert table.loc[label, "ci_lower"] == pytest.approx(intervals.loc[label, "ci_lower"])
        assert table.loc[label, "z"] == pytest.approx(table.loc[label, "est"] / table.loc[label, "se"])
    np.testing.assert_allclose(fit.vcov(), np.cov(found.draws.drop(columns="indirect").T, ddof=0))
    fixed = fit.estimates().query("op == '~~' and lhs == 'x1' and rhs == 'x2'").iloc[0]
    assert fixed["se"] == 0
    assert fixed["ci_lower"] == fixed["ci_upper"] == fixed["est"]


def test_bootstrap_errors_of_clustered_cases_resample_clusters() -> None:
    data = frame().assign(store=lambda d: d.index % 40)
    fit = lv.cfa(FACTORS, data, cluster="store", se="bootstrap", bootstrap=50, seed=5)
    np.testing.assert_allclose(fit.bse, fit.bootstrap(50, kind="cluster", seed=5).bse)


def test_bollen_stine_test_of_a_fit(factors: Any) -> None:
    fit = lv.cfa(FACTORS, frame(), test="bollen_stine", bootstrap=200, seed=5)
    measures = fit.fit_measures()
    assert measures["pvalue_bollen_stine"] == factors.bootstrap(200, kind="bollen.stine", seed=5).pvalue
    assert measures["chisq"] == pytest.approx(factors.fit_measures()["chisq"])
    assert "Bollen-Stine bootstrap p" in str(fit.summary())


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("bootstrap standard errors", "200 bootstrap replicates", "Bollen, K. A., &amp; Stine")),
        ("zh", ("自助法标准误", "200 次")),
    ],
)
def test_report_says_what_was_resampled(tmp_path: Path, language: Any, sentences: tuple[str, ...]) -> None:
    fit = lv.cfa(FACTORS, frame(), se="bootstrap", test="bollen.stine", bootstrap=200, seed=5)
    page = fit.report(tmp_path, language=language).read_text(encoding="utf-8")
    for sentence in sentences:
        assert sentence in page


def test_fits_with_the_bollen_stine_test_can_be_compared(factors: Any) -> None:
    options: dict[str, Any] = {"test": "bollen.stine", "bootstrap": 20, "seed": 1}
    one = lv.cfa("f =~ x1 + x2 + x3 + x4 + x5 + x6", frame(), **options)
    assert np.isfinite(lv.compare(one, lv.cfa(FACTORS, frame(), **options))["chisq_diff"].iloc[-1])


# ---- what fails and what is refused ---------------------------------------------------------------------------------


def test_failures_are_counted_and_told() -> None:
    data = frame()
    data["rare"] = (data.index < 2).astype(float)
    fit = lv.cfa("f =~ x1 + x2 + x3 + rare", data)
    with pytest.warns(errors.BootstrapWarning, match=r"of 200 replicates have no solution.*not positive definite"):
        found = fit.bootstrap(200, seed=1)
    assert found.failed == 200 - len(found.draws) == sum(found.reasons.values()) > 10
    assert f"{found.failed} failed" in repr(found)


def test_an_empty_category_is_a_failure() -> None:
    data = frame("hs_ordered")[["x1", "x2", "x3", "x4"]].copy()
    data.loc[data.index[:2], "x1"] = data["x1"].max() + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = lv.cfa("f =~ x1 + x2 + x3 + x4", data, ordered=True).bootstrap(30, seed=1)
    assert "a category was chosen by nobody" in found.reasons


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], type[Exception], str]] = {
    "no replicates": ({}, {"n": 0}, errors.OptionValueError, "above 1"),
    "half a replicate": ({}, {"n": 10.5}, errors.OptionValueError, "whole number"),
    "a misspelt kind": ({}, {"kind": "ordinery"}, errors.OptionValueError, "Did you mean 'ordinary'"),
    "a seed in words": ({}, {"seed": "one"}, errors.OptionValueError, "whole number"),
    "a negative seed": ({}, {"seed": -1}, errors.OptionValueError, "whole number"),
    "clusters without clusters": ({}, {"kind": "cluster"}, errors.OptionValueError, "cluster="),
    "cases of clusters": ({"cluster": "store"}, {}, errors.OptionValueError, "kind='cluster'"),
    "a model of clusters": ({"cluster": "store"}, {"kind": "parametric"}, errors.OptionValueError, "kind='cluster'"),
    "weights": ({"sampling_weights": "w"}, {"kind": "bollen.stine"}, errors.OptionValueError, "kind='ordinary'"),
    "moments": ({"moments": True}, {}, errors.DataError, "kind='parametric'"),
    "moments of least squares": (
        {"moments": True, "estimator": "GLS"}, {"kind": "parametric"}, errors.DataError, "estimator='ML'",
    ),
    "ordinal": ({"ordered": ["x1"]}, {"kind": "parametric"}, errors.NotEstimableError, "kind='ordinary'"),
    "incomplete": ({"missing": "fiml"}, {"kind": "bollen.stine"}, errors.NotEstimableError, "needs complete data"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_requests_are_refused_with_the_remedy(case: str) -> None:
    options, request, error, remedy = BAD[case]
    data = frame("hs_missing" if "missing" in options else "hs").assign(store=lambda d: d.index % 40, w=1.0)
    data["x1"] = data["x1"].round() if "ordered" in options else data["x1"]
    if options.pop("moments", False):
        names = [f"x{k}" for k in range(1, 7)]
        fit = lv.cfa(FACTORS, sample_cov=data[names].cov(), sample_nobs=len(data), **options)
        options["moments"] = True
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = lv.cfa(FACTORS, data, **options)
    with pytest.raises(error, match=remedy):
        fit.bootstrap(**{"n": 10, **request})


def test_what_a_kind_has_no_intervals_for_is_refused(factors: Any) -> None:
    with pytest.raises(errors.OptionValueError, match=r"'bca\.simple'.*Did you mean|is not known"):
        factors.bootstrap(10, seed=1).ci("bca.simple")
    with pytest.raises(errors.OptionValueError, match="between 0 and 1"):
        factors.bootstrap(10, seed=1).ci(level=95)
    with pytest.raises(errors.OptionValueError, match="kind='ordinary'"):
        factors.bootstrap(10, kind="bollen.stine", seed=1).ci()
    with pytest.raises(errors.OptionValueError, match="'percentile'"):
        factors.bootstrap(10, kind="parametric", seed=1).ci("bca")


def test_a_fit_without_a_solution_cannot_be_resampled(factors: Any) -> None:
    with pytest.raises(errors.NotConvergedError, match="nothing to resample"):
        replace(factors, singular=True).bootstrap(10)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"test": "bollen.stine", "cluster": "store"}, errors.OptionValueError, "excludes cluster"),
        ({"test": "bollen.stine", "missing": "fiml"}, errors.OptionValueError, "complete data"),
        ({"test": "bollen.stine", "ordered": True}, errors.OptionValueError, "continuous"),
        ({"se": "bootstrap", "bootstrap": 1}, errors.OptionValueError, "bootstrap=1"),
        ({"se": "bootstrap", "seed": "x"}, errors.OptionValueError, "seed='x'"),
    ],
)
def test_options_that_exclude_resampling_are_refused(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        lv.cfa(FACTORS, frame().assign(store=lambda d: d.index % 40), **options)


def test_bootstrap_errors_need_cases() -> None:
    data = frame()[[f"x{k}" for k in range(1, 7)]]
    with pytest.raises(errors.DataError, match="answers of each case"):
        lv.cfa(FACTORS, sample_cov=data.cov(), sample_nobs=len(data), se="bootstrap")
