"""GLS, WLS, ULS and DWLS on continuous data: derivatives, identities, defaults and refusals."""

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, NaiveErrorsWarning, OptionValueError, TooFewCasesError
from lvmodels.estimate.objective import evaluate, information

MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ESTIMATORS = ("GLS", "WLS", "ULS", "DWLS")
pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")


@pytest.fixture(scope="module")
def data():
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents[["school"]]], axis=1)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("options", [{}, {"meanstructure": True}, {"group": "school", "group_equal": "loadings"}])
def test_gradient_and_information_agree_with_finite_differences(data, estimator, options):
    objective = lv.cfa(MODEL, data, estimator=estimator, **options).objective
    fit = lv.cfa(MODEL, data, estimator=estimator, **options)
    theta = fit.solution.theta * 1.05 + 0.01
    step = 1e-6 * np.eye(len(theta))
    here = evaluate(objective, theta)
    slopes = [(evaluate(objective, theta + h).F - evaluate(objective, theta - h).F) / 2e-6 for h in step]
    np.testing.assert_allclose(here.gradient, slopes, atol=1e-6 * max(1.0, np.abs(slopes).max()))
    bends = [(evaluate(objective, theta + h).gradient - evaluate(objective, theta - h).gradient) / 2e-6 for h in step]
    found = 2 * information(objective, here, observed=True)
    np.testing.assert_allclose(found, bends, atol=2e-5 * np.abs(found).max())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_mean_structure_changes_neither_test_nor_loadings(data, estimator):
    plain = lv.cfa(MODEL, data, estimator=estimator, se="standard", test="standard")
    means = lv.cfa(MODEL, data, estimator=estimator, se="standard", test="standard", meanstructure=True)
    assert means.fit_measures()["chisq"] == pytest.approx(plain.fit_measures()["chisq"], rel=1e-7)
    np.testing.assert_allclose(means.params[plain.params.index], plain.params, rtol=1e-4)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_population_is_recovered_from_its_own_moments(data, estimator):
    fit = lv.cfa(MODEL, data, estimator="ML")
    cov = fit.implied().cov
    if estimator in ("WLS", "DWLS"):
        with pytest.raises(DataError, match="needs the answers of each case"):
            lv.cfa(MODEL, sample_cov=cov, sample_nobs=301, estimator=estimator)
        return
    again = lv.cfa(MODEL, sample_cov=cov, sample_nobs=301, estimator=estimator, se="standard", test="standard")
    np.testing.assert_allclose(again.params, fit.params, rtol=1e-4)
    assert again.fit_measures()["chisq"] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("estimator", ["ULS", "DWLS"])
def test_unweighted_estimators_come_with_the_sandwich_and_a_scaled_test(data, estimator):
    fit = lv.cfa(MODEL, data, estimator=estimator)
    assert (fit.settings.se, fit.settings.test) == ("robust.sem", "satorra.bentler")
    assert "chisq_scaled" in fit.fit_measures()


@pytest.mark.parametrize("option", ["se", "test"])
def test_asking_for_the_naive_ones_warns(data, option):
    with pytest.warns(NaiveErrorsWarning, match=f"{option}='standard' with estimator='ULS'"):
        lv.cfa(MODEL, data, estimator="ULS", **{option: "standard"})


@pytest.mark.parametrize("estimator", ["GLS", "WLS"])
def test_standardized_residuals_do_not_depend_on_the_units(data, estimator):
    units = data.assign(x1=data["x1"] * 10)
    first, second = (lv.cfa(MODEL, d, estimator=estimator).residuals("standardized") for d in (data, units))
    np.testing.assert_allclose(second, first, atol=1e-4)


def test_standardized_residuals_agree_with_lavaan(data):
    two = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
    lavaan = {"GLS": [2.670, -1.897, 3.101, 1.501, 3.213, 4.276], "WLS": [2.662, -0.839, 1.142, 0.432, 1.994, 3.096]}
    for estimator, expected in lavaan.items():
        found = lv.cfa(two, data, estimator=estimator).residuals("standardized").to_numpy()[:3, :3]
        np.testing.assert_allclose(found[np.tril_indices(3)], expected, atol=0.01)


def test_gls_does_not_depend_on_the_units_but_uls_does(data):
    units = data.assign(x1=data["x1"] * 10)
    options = {"se": "standard", "test": "standard"}

    def chisq(frame, estimator):
        return lv.cfa(MODEL, frame, estimator=estimator, **options).fit_measures()["chisq"]

    assert chisq(units, "GLS") == pytest.approx(chisq(data, "GLS"), rel=1e-6)
    assert chisq(units, "ULS") != pytest.approx(chisq(data, "ULS"), rel=1e-2)


@pytest.mark.parametrize(
    "options",
    [
        {"missing": "fiml"},
        {"se": "robust.huber.white"},
        {"test": "yuan.bentler.mplus"},
        {"cluster": "school"},
        {"sampling_weights": "x9"},
        {"information": "first.order"},
    ],
)
def test_what_needs_a_likelihood_is_refused(data, options):
    with pytest.raises(OptionValueError, match="rests on the likelihood"):
        lv.cfa(MODEL, data, estimator="GLS", **options)


def test_there_is_no_likelihood_to_report(data):
    fit = lv.cfa(MODEL, data, estimator="GLS")
    assert np.isnan([fit.llf, fit.aic, fit.bic]).all()
    assert "logl" not in fit.fit_measures()


def test_wls_with_too_few_cases_is_refused_with_a_remedy(data):
    with pytest.raises(TooFewCasesError, match="use estimator='MLR'"):
        lv.cfa(MODEL, data.head(45), estimator="WLS")


def test_covariates_are_free_by_default(data):
    survey = lv.datasets.load("holzinger_swineford")
    frame = data.assign(ageyr=survey.respondents["ageyr"])
    fit = lv.sem("visual =~ x1 + x2 + x3\nvisual ~ ageyr", frame, estimator="GLS")
    row = fit.estimates().query("lhs == 'ageyr' and op == '~~'").iloc[0]
    assert row["se"] > 0
