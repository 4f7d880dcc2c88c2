"""Robust errors and tests: what they equal, by hand and in the limit; and whether their promises hold over samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import lvmodels as lv
from lvmodels import errors
from lvmodels.assess.casewise import case_scores
from lvmodels.estimate.objective import evaluate

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
Matrix = NDArray[np.float64]

ABILITIES = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PATHS = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ b*f"
SCALED = ["satorra.bentler", "yuan.bentler.mplus", "mean.var.adjusted", "scaled.shifted"]
DOORS = ("chisq_scaled", "pvalue_scaled", "baseline_chisq_scaled", "cfi_scaled", "cfi_robust", "rmsea_robust")


def pupils() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


DATA = pupils()


def population(n: int, rng: np.random.Generator, skewed: bool = False) -> pd.DataFrame:
    """Two factors of three items, g = 0.5 f + ...; skewed draws are centred chi-squares of the same variances."""

    def draw(*shape: int) -> Matrix:
        return (rng.chisquare(3.0, shape) - 3.0) / np.sqrt(6.0) if skewed else rng.standard_normal(shape)

    f = draw(n)
    g = 0.5 * f + 0.8 * draw(n)
    items = np.column_stack([f, 0.8 * f, 0.7 * f, g, 0.9 * g, 0.8 * g]) + 0.7 * draw(n, 6)
    return pd.DataFrame(items, columns=[f"y{i}" for i in range(1, 7)])


TRUE = {"f=~y2": 0.8, "f=~y3": 0.7, "g=~y5": 0.9, "g=~y6": 0.8, "b": 0.5, "f~~f": 1.0, "y1~~y1": 0.49}


def measures(fit: Any, names: tuple[str, ...] = DOORS) -> pd.Series:
    return fit.fit_measures().reindex(list(names)).dropna()


# ---- scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
@pytest.mark.parametrize(
    ("model", "options"),
    [
        (ABILITIES, {}),
        (ABILITIES, {"group": "school", "group_equal": ["loadings", "intercepts"]}),
        (ABILITIES + "\nvisual + speed ~ ageyr", {}),
        (ABILITIES + "\nspeed ~ visual", {"sampling_weights": "ageyr", "group": "school"}),
    ],
)
def test_scores_of_cases_sum_to_the_gradient(missing: str, model: str, options: dict[str, Any]) -> None:
    data = DATA.assign(x2=DATA["x2"].where(DATA.index % 5 > 0), x8=DATA["x8"].where(DATA.index % 4 > 0))
    fit = lv.sem(model, data, missing=missing, meanstructure=True, **options)
    theta = fit.optimum.theta + 0.03
    there = evaluate(fit.objective, theta)
    assert there is not None
    scores = case_scores(fit.objective, there, fit.prepared.data) @ fit.objective.restrictions.K
    w = fit.prepared.data.weights
    total = (scores if w is None else scores * w[:, None]).sum(axis=0)
    np.testing.assert_allclose(
        total / fit.nobs, -0.5 * there.gradient, atol=1e-9 * np.abs(there.gradient).max() + 1e-12
    )


def test_scores_with_missing_values_are_the_complete_ones_where_complete() -> None:
    data = DATA.assign(x2=DATA["x2"].where(DATA.index % 5 > 0))
    fiml = lv.cfa(ABILITIES, data, missing="fiml")
    plain = lv.cfa(ABILITIES, DATA, meanstructure=True)
    at_fiml = evaluate(plain.objective, fiml.optimum.theta)
    assert at_fiml is not None
    a = case_scores(fiml.objective, fiml.solution, fiml.prepared.data)
    b = case_scores(plain.objective, at_fiml, plain.prepared.data)
    whole = data["x2"].notna().to_numpy()
    np.testing.assert_allclose(a[whole], b[whole], atol=1e-10)
    assert np.abs(a[~whole] - b[~whole]).max() > 0.1


# ---- tests ----------------------------------------------------------------------------------------------------------


def test_normal_data_need_no_scaling() -> None:
    data = population(40_000, np.random.default_rng(4))
    plain = lv.sem(PATHS, data)
    for estimator in ("MLM", "MLR"):
        robust = lv.sem(PATHS, data, estimator=estimator)
        assert robust.fit_measures()["chisq_scaling_factor"] == pytest.approx(1.0, abs=0.03)
        np.testing.assert_allclose(robust.bse, plain.bse, rtol=0.03)


def test_skewed_data_do() -> None:
    data = population(20_000, np.random.default_rng(4), skewed=True)
    plain, robust = lv.sem(PATHS, data), lv.sem(PATHS, data, estimator="MLM")
    assert robust.bse["f~~f"] > 1.2 * plain.bse["f~~f"]


@pytest.mark.parametrize("test", SCALED)
@pytest.mark.parametrize("estimator", ["MLM", "MLR"])
def test_weights_of_one_change_nothing(test: str, estimator: str) -> None:
    plain = lv.cfa(ABILITIES, DATA, estimator=estimator, test=test)
    weighted = lv.cfa(ABILITIES, DATA.assign(w=3.0), estimator=estimator, test=test, sampling_weights="w")
    np.testing.assert_allclose(weighted.params, plain.params, atol=1e-8)
    np.testing.assert_allclose(weighted.bse, plain.bse, rtol=1e-7)
    np.testing.assert_allclose(measures(weighted), measures(plain), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("test", SCALED)
@pytest.mark.parametrize("estimator", ["MLM", "MLR"])
@pytest.mark.parametrize("groups", [{}, {"group": "school", "group_equal": "loadings"}])
def test_weights_of_nothing_leave_cases_out(test: str, estimator: str, groups: dict[str, str]) -> None:
    """Errors, the scaled test and the robust indices are those of the cases with a weight."""
    weighted = lv.cfa(
        ABILITIES,
        DATA.assign(w=(DATA.index % 3 > 0) * 1.0),
        estimator=estimator,
        test=test,
        sampling_weights="w",
        **groups,
    )
    fewer = lv.cfa(ABILITIES, DATA[DATA.index % 3 > 0], estimator=estimator, test=test, **groups)
    np.testing.assert_allclose(weighted.params, fewer.params, atol=1e-6)
    np.testing.assert_allclose(weighted.bse, fewer.bse, rtol=1e-5)
    np.testing.assert_allclose(measures(weighted), measures(fewer), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
@pytest.mark.parametrize("groups", [{}, {"group": "school", "group_equal": "loadings"}])
def test_integer_weights_are_repeated_rows(missing: str, groups: dict[str, str]) -> None:
    """In the estimates; the errors know that a repeated row is one draw."""
    data = DATA.assign(w=1 + DATA.index % 3, x2=DATA["x2"].where(DATA.index % 5 > 0))
    repeated = data.loc[data.index.repeat(data["w"])]
    weighted = lv.cfa(ABILITIES, data, sampling_weights="w", missing=missing, meanstructure=True, **groups)
    longer = lv.cfa(ABILITIES, repeated, missing=missing, meanstructure=True, **groups)
    np.testing.assert_allclose(weighted.params, longer.params, atol=1e-6)
    assert weighted.fit_measures()["srmr"] == pytest.approx(longer.fit_measures()["srmr"], abs=1e-7)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_repeated_rows_are_a_cluster(missing: str) -> None:
    """Every case three times, each triple a cluster: the errors of the cases once, up to J / (J - 1)."""
    data = DATA.assign(x2=DATA["x2"].where(DATA.index % 5 > 0), case=DATA.index)
    once = lv.cfa(ABILITIES, data, estimator="MLR", missing=missing, meanstructure=True)
    thrice = lv.cfa(ABILITIES, pd.concat([data] * 3), cluster="case", missing=missing)
    J = once.nobs
    np.testing.assert_allclose(thrice.bse, once.bse * np.sqrt(J / (J - 1)), rtol=1e-5)
    scaled = thrice.fit_measures()["chisq_scaled"] * J / (J - 1)
    assert scaled == pytest.approx(once.fit_measures()["chisq_scaled"], rel=1e-5)


@pytest.mark.parametrize("test", ["satorra.bentler", "yuan.bentler.mplus"])
@pytest.mark.parametrize("groups", [{}, {"group": "school"}])
def test_a_cluster_for_each_case_is_no_cluster(test: str, groups: dict[str, str]) -> None:
    data = DATA.assign(case=np.arange(len(DATA)))
    estimator = "MLM" if test == "satorra.bentler" else "MLR"
    plain = lv.cfa(ABILITIES, data, estimator=estimator, test=test, meanstructure=True, **groups)
    clustered = lv.cfa(ABILITIES, data, estimator=estimator, test=test, meanstructure=True, cluster="case", **groups)
    correction = len(data) / (len(data) - 1)
    np.testing.assert_allclose(clustered.bse, plain.bse * np.sqrt(correction), rtol=1e-7)
    a, b = clustered.fit_measures(), plain.fit_measures()
    assert a["chisq_scaling_factor"] == pytest.approx(b["chisq_scaling_factor"] * correction, rel=1e-7)


def test_clusters_that_span_groups_stay_together() -> None:
    """The covariance of the two groups' scores within clusters counts: equal groups of the same clusters show it."""
    data = pd.concat([DATA.assign(half="a"), DATA.assign(half="b")]).assign(case=lambda d: d.index)
    both = lv.cfa(ABILITIES, data, group="half", group_equal=["loadings", "intercepts"], cluster="case")
    once = lv.cfa(ABILITIES, DATA, estimator="MLR", meanstructure=True)
    J = len(DATA)
    shared = ["visual=~x2", "speed=~x9"]
    by_name = both.estimates().query("group == 1 and op == '=~'").set_index("rhs")["se"]
    for name in shared:
        assert by_name[name.split("~")[1]] == pytest.approx(once.bse[name] * np.sqrt(J / (J - 1)), rel=1e-4)


def test_satorra_bentler_trace_agrees_with_the_matrices_written_out() -> None:
    """tr(U Gamma) from p² × p² matrices, against the one from distances and scores."""
    short = lv.cfa(ABILITIES, DATA, estimator="MLM").fit_measures()
    moments = lv.cfa(ABILITIES, DATA, estimator="MLMV").fit_measures()
    # scaled.shifted: shift = df - trace / factor, with the trace of the long way
    shift = moments["chisq_scaled"] - moments["chisq"] / moments["chisq_scaling_factor"]
    trace = (moments["df"] - shift) * moments["chisq_scaling_factor"]
    assert short["chisq_scaling_factor"] * short["df"] == pytest.approx(trace, rel=1e-9)


# ---- differences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", ["MLM", "MLR"])
def test_satorra_bentler_2001_by_hand(estimator: str) -> None:
    options: dict[str, Any] = {"group": "school", "estimator": estimator}
    free, equal = lv.cfa(ABILITIES, DATA, **options), lv.cfa(ABILITIES, DATA, group_equal="loadings", **options)
    a, b = free.fit_measures(), equal.fit_measures()
    factor = (b["df"] * b["chisq_scaling_factor"] - a["df"] * a["chisq_scaling_factor"]) / (b["df"] - a["df"])
    row = lv.compare(free, equal).iloc[1]
    assert row["chisq_diff"] == pytest.approx((b["chisq"] - a["chisq"]) / factor, rel=1e-10)
    assert row["df_diff"] == 6
    plain = lv.compare(free, equal, method="standard").iloc[1]
    assert plain["chisq_diff"] == pytest.approx(b["chisq"] - a["chisq"], rel=1e-10)


def test_a_difference_from_the_saturated_model_is_the_scaled_test() -> None:
    saturated = lv.sem("x1 ~ x2 + x3\nx4 ~ x2 + x3\nx1 ~~ x4", DATA, estimator="MLR")
    model = lv.sem("x1 ~ x2 + x3\nx4 ~ 0*x2 + x3\nx1 ~~ x4", DATA, estimator="MLR")
    row = lv.compare(saturated, model).iloc[1]
    assert row["chisq_diff"] == pytest.approx(model.fit_measures()["chisq_scaled"], rel=1e-8)


@pytest.mark.parametrize(
    "options", [{"estimator": "MLR"}, {"missing": "fiml"}, {"missing": "fiml", "estimator": "MLR"}]
)
def test_a_saturated_model_has_perfect_robust_indices(options: dict[str, str]) -> None:
    data = DATA.assign(x1=DATA["x1"].where(DATA.index % 5 > 0)) if "missing" in options else DATA
    m = lv.sem("x1 ~ x2 + x3", data, **options).fit_measures()
    assert (m["df"], m["cfi_robust"], m["tli_robust"], m["rmsea_robust"]) == (0, 1.0, 1.0, 0.0)


# ---- over samples ---------------------------------------------------------------------------------------------------


def at_random(data: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Answers to y5, y6 and y3 go missing with large values of the answers to y1 and y4, which stay."""
    chance = 1.0 / (1.0 + np.exp(1.5 - data["y1"] - 0.5 * data["y4"]))
    return data.assign(**{name: data[name].where(rng.random(len(data)) > chance) for name in ("y3", "y5", "y6")})


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "options"), [("skewed", {"estimator": "MLR"}), ("missing", {"missing": "fiml"})])
def test_intervals_cover_and_tests_reject_as_often_as_they_say(kind: str, options: dict[str, str]) -> None:
    """300 samples of 400; the standard error of a coverage of 0.95 is 0.013."""
    rng = np.random.default_rng(20_270_211)
    covered, rejected = [], []
    for _ in range(300):
        data = population(400, rng, skewed=kind == "skewed")
        data = at_random(data, rng) if kind == "missing" else data
        fit = lv.sem(PATHS, data, **options)
        assert fit.converged
        limits = fit.conf_int()
        truth = pd.Series(TRUE)
        covered.append((limits.loc[truth.index, "lower"] < truth) & (truth < limits.loc[truth.index, "upper"]))
        measures_ = fit.fit_measures()
        rejected.append([measures_[name] < 0.05 for name in ("pvalue", "pvalue_scaled") if name in measures_])
    coverage = pd.DataFrame(covered).mean()
    assert coverage.between(0.915, 0.98).all(), coverage
    assert 0.02 <= np.mean(rejected, axis=0)[-1] <= 0.09


@pytest.mark.slow
@pytest.mark.parametrize("estimator", ["MLM", "MLMV", "MLMVS", "MLR"])
def test_scaled_tests_reject_about_one_in_twenty(estimator: str) -> None:
    """Respondents differ in how widely they answer: tails shared by all items, so that the plain test rejects often.

    The scales are bounded: the tests need moments of the eighth order, and MLR's, at n = 400, their quick convergence.
    """
    rng = np.random.default_rng(20_270_212)
    plain, scaled = [], []
    for _ in range(300):
        data = population(400, rng)
        data = data.mul(rng.uniform(0.2, 1.8, 400), axis=0)
        m = lv.sem(PATHS, data, estimator=estimator).fit_measures()
        plain.append(m["pvalue"] < 0.05)
        scaled.append(m["pvalue_scaled"] < 0.05)
    assert np.mean(plain) > 0.12
    assert 0.02 <= np.mean(scaled) <= 0.09


def test_robust_estimators_need_cases() -> None:
    names = [f"x{i}" for i in range(1, 10)]
    with pytest.raises(errors.DataError, match="pass data= instead of sample_cov"):
        lv.cfa(ABILITIES, sample_cov=DATA[names].cov(), sample_nobs=301, estimator="MLR")
