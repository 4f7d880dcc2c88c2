"""Fit of correlations, blindfolding, importance and performance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from tests.pls.models import ECSI, FEW, HIGHER, MODERATED, fit, mobi, published
from tests.pls.test_estimation import simulated

TWO = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"


@pytest.mark.parametrize("name", ["basic", "ecsi", "consistent"])
def test_information_criteria_of_seminr_are_found(name: str) -> None:
    expected, found = published("seminr")["models"][name], fit(name).criteria()
    assert found["aic"].to_dict() == pytest.approx(expected["aic"], abs=1e-5)
    assert found["bic"].to_dict() == pytest.approx(expected["bic"], abs=1e-5)


def test_distances_follow_from_the_correlations_they_compare() -> None:
    """A model of two composites: items of one block correlate with those of the other by loading · path · loading."""
    data = mobi()
    found = lv.pls("A =~ PERV1 + PERV2; B =~ CUSA1 + CUSA2 + CUSA3; B ~ A", data)
    R = data[["PERV1", "PERV2", "CUSA1", "CUSA2", "CUSA3"]].corr().to_numpy()
    loading = found.loadings().sum(axis=1).to_numpy()
    apart = R[:2, 2:] - found.paths().loc["A", "B"] * np.outer(loading[:2], loading[2:])
    measures = found.fit_measures()
    assert measures["srmr_saturated"] == pytest.approx(np.sqrt((apart**2).sum() / 15))
    assert measures["d_uls_saturated"] == pytest.approx((apart**2).sum())
    assert measures["d_uls_estimated"] == pytest.approx(measures["d_uls_saturated"])
    implied = R.copy()
    implied[:2, 2:] -= apart
    implied[2:, :2] -= apart.T
    own = np.linalg.eigvals(np.linalg.solve(R, implied)).real
    assert measures["d_g_saturated"] == pytest.approx(0.5 * (np.log(own) ** 2).sum())


def test_a_saturated_inner_model_implies_the_correlations_of_constructs() -> None:
    measures = fit("basic").fit_measures()
    for name in ("srmr", "d_uls", "d_g"):
        assert measures[f"{name}_estimated"] == pytest.approx(measures[f"{name}_saturated"])


def test_goodness_of_fit_is_communality_times_explained_variance() -> None:
    found = fit("ecsi")
    communality = found.communality().drop("Complaints", level="construct").mean()
    assert found.fit_measures()["gof"] == pytest.approx(np.sqrt(communality * found.r2().mean()))


def test_repeated_indicators_are_compared_once() -> None:
    measures = lv.pls(HIGHER, mobi(), higher_order="repeated").fit_measures()
    assert np.isfinite(measures).all()
    apart = np.sqrt(2 * measures["d_uls_saturated"] / (21 * 22))  # 21 items
    assert measures["srmr_saturated"] == pytest.approx(apart)


def test_exact_fit_holds_where_the_model_does_and_fails_where_not() -> None:
    right = lv.pls(TWO, simulated("strong", 400, 3), consistent=True).exact_fit(200, seed=1)
    assert (right["pvalue"] > 0.05).all()
    wrong = fit("ecsi").exact_fit(100, seed=1)
    assert wrong.loc["srmr_estimated", "pvalue"] < 0.05
    assert wrong.loc["srmr_estimated", "value"] > wrong.loc["srmr_estimated", "critical"]


def test_exact_fit_is_refused_where_there_is_no_sample_to_draw() -> None:
    for name in ("two_stage", "higher_order"):
        with pytest.raises(errors.NotEstimableError, match="products"):
            fit(name).exact_fit(10)


def test_blindfolding_finds_what_the_model_predicts() -> None:
    found = fit("ecsi").blindfold(7)
    assert (found["redundancy"] > 0).all()
    assert found["redundancy"]["Satisfaction"] == found["redundancy"].max()
    noise = mobi().assign(CUSCO=np.random.default_rng(1).permutation(mobi()["CUSCO"]))
    assert abs(lv.pls(ECSI, noise).blindfold().loc["Complaints", "redundancy"]) < 0.05


def test_blindfolding_by_hand_for_single_items() -> None:
    """With one item a construct, a regression on the other answers predicts, the one left out at their mean."""
    data = mobi()[["PERV1", "CUSCO"]].astype(float)
    found = lv.pls("CUSCO ~ PERV1", data).blindfold(7)
    errors_sum = total = 0.0
    for g in range(7):
        out = np.arange(250) % 7 == g
        y = data["CUSCO"].where(~out)
        z = (data["CUSCO"] - y.mean()) / y.fillna(y.mean()).std()
        x = (data["PERV1"] - data["PERV1"].mean()) / data["PERV1"].std()
        slope = (z.where(~out, 0.0) * x).sum() / 249
        errors_sum += ((z - slope * x)[out] ** 2).sum()
        total += (z[out] ** 2).sum()
    assert found.loc["CUSCO", "redundancy"] == pytest.approx(1 - errors_sum / total)


def test_blindfolding_reaches_the_items_of_components() -> None:
    assert 0 < fit("higher_order").blindfold().loc["Satisfaction", "redundancy"] < 1


@pytest.mark.parametrize("omission", [1, 5, 2.5, 250])
def test_omission_distances_that_leave_out_whole_cases_are_refused(omission: float) -> None:
    with pytest.raises(errors.OptionValueError, match="omission"):
        fit("ecsi").blindfold(omission)  # type: ignore[arg-type]


def test_importance_is_the_effect_on_scores_from_0_to_100() -> None:
    data = mobi()
    found = lv.pls(FEW, lv.datasets.load("ecsi_mobi"))
    table = found.ipma()
    scores = (found.scores("unstandardized") - 1.0) / 9.0 * 100.0
    assert table.constructs["performance"].to_dict() == pytest.approx(scores.mean().drop("Satisfaction").to_dict())
    assert table.target_performance == pytest.approx(scores["Satisfaction"].mean())
    X = np.column_stack([np.ones(250), scores[["Image", "Expectation", "Value"]]])
    slope = np.linalg.lstsq(X, scores["Satisfaction"], rcond=None)[0][1:]
    assert table.constructs["importance"].tolist() == pytest.approx(slope.tolist())
    assert table.items["performance"]["Value", "PERV1"] == pytest.approx((data["PERV1"].mean() - 1) / 9 * 100)
    assert table.items["importance"].groupby("construct").sum().to_dict() == pytest.approx(
        table.constructs["importance"].to_dict()
    )


def test_ends_of_the_scale_may_be_given() -> None:
    wide = lv.pls(FEW, mobi()).ipma("Satisfaction", minimum=0, maximum=20)
    assert wide.items["performance"]["Value", "PERV1"] == pytest.approx(mobi()["PERV1"].mean() * 5)
    with pytest.raises(errors.OptionValueError, match="outside"):
        lv.pls(FEW, mobi()).ipma(minimum=5)
    with pytest.raises(errors.ModelError, match="Satisfaction"):
        lv.pls(FEW, mobi()).ipma("Satisfactoin")
    with pytest.raises(errors.NotEstimableError):
        lv.pls(HIGHER, mobi()).ipma()


def test_negative_weights_are_warned_of() -> None:
    data = mobi()
    with pytest.warns(errors.DataWarning, match="PERV1"):
        lv.pls(FEW, data.assign(PERV1=11 - data["PERV1"]), modes={"Value": "B"}).ipma()


def test_unstandardized_scores_of_products_and_components_keep_the_units_of_items() -> None:
    scores = lv.pls(MODERATED, mobi()).scores("unstandardized")
    assert scores["Image"].between(1, 10).all()
    assert isinstance(scores, pd.DataFrame)
    assert lv.pls(HIGHER, mobi()).scores("unstandardized")["Satisfaction"].between(1, 10).all()
