"""PLSpredict and CVPAT."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import lvmodels as lv
from lvmodels import errors
from tests.pls.models import ECSI, FEW, fit, mobi, published


def order() -> np.ndarray:
    return np.array(published("seminr_predict")["order"]) - 1


def test_predictions_of_seminr_are_found() -> None:
    expected, found = published("seminr_predict"), fit("basic").predict(10, order=order())
    for where, part in (("out", found.out_of_sample), ("in", found.in_sample)):
        for name, values in (("pls", part.pls), ("lm", part.linear_model)):
            frame = pd.DataFrame(expected["items"][f"{name}_{where}"])
            assert np.abs(values - frame[list(found.names)].to_numpy()).max() < 1e-5
        assert np.abs(part.scores[:, 0] - expected["constructs"][where]["Satisfaction"]).max() < 1e-5


def test_errors_of_prediction_of_seminr_are_found() -> None:
    expected, found = published("seminr_predict"), fit("basic").predict(10, order=order())
    for name, ending in (("pls_out", ""), ("lm_out", "_lm"), ("pls_in", "_in_sample"), ("lm_in", "_lm_in_sample")):
        for measure in ("rmse", "mae"):
            ours = found.metrics[measure + ending].to_dict()
            assert ours == pytest.approx(expected["metrics"][name][measure.upper()], abs=1e-5)
    row, error = found.construct_metrics.loc["Satisfaction"], expected["construct_error"]
    assert row["rmse"] ** 2 == pytest.approx(error["OOS_MSE"], abs=1e-5)
    assert row["mae"] == pytest.approx(error["OOS_MAE"], abs=1e-5)
    assert row["rmse_in_sample"] ** 2 == pytest.approx(error["IS_MSE"], abs=1e-5)
    assert row["mae_in_sample"] == pytest.approx(error["IS_MAE"], abs=1e-5)


def test_a_held_out_case_is_predicted_by_the_fit_of_the_others() -> None:
    data = mobi()
    found = lv.pls(FEW, data).predict(250, order=np.arange(250))
    others = data.drop(index=7)
    single = lv.pls(FEW, others)
    z = (data.loc[7] - others.mean()) / others.std()
    weights, names = single.weights(), ["Image", "Expectation", "Value"]
    score = sum(single.paths().loc[c, "Satisfaction"] * (weights[c] * z[weights.index]).sum() for c in names)
    expected = others["CUSA1"].mean() + others["CUSA1"].std() * single.loadings().loc["CUSA1", "Satisfaction"] * score
    assert found.items.loc[7, "CUSA1"] == pytest.approx(expected, abs=1e-6)


def test_earliest_antecedents_use_predicted_scores_alone() -> None:
    """What the items of a mediator say about a case makes no difference to its prediction."""
    data, cases = mobi(), np.arange(250)
    moved = data.copy()
    moved.loc[3, ["CUSA1", "CUSA2", "CUSA3"]] = [1, 1, 1]
    for technique, same in (("earliest", True), ("direct", False)):
        a, b = (lv.pls(ECSI, d).predict(10, order=cases, technique=technique) for d in (data, moved))  # type: ignore[arg-type]
        assert bool(abs(a.items.loc[3, "CUSL1"] - b.items.loc[3, "CUSL1"]) < 1e-9) == same


def test_repetitions_are_averaged_and_the_seed_decides() -> None:
    found = fit("ecsi")
    once, again = (found.predict(10, repeats=2, seed=5) for _ in range(2))
    assert once.items.equals(again.items)
    assert not once.items.equals(found.predict(10, repeats=2, seed=6).items)
    orders = np.stack([np.random.default_rng(k).permutation(250) for k in (1, 2)])
    both = found.predict(5, repeats=2, order=orders).items
    assert np.allclose(both, (found.predict(5, order=orders[0]).items + found.predict(5, order=orders[1]).items) / 2)


def test_cvpat_is_a_paired_t_test_of_losses() -> None:
    found = fit("basic").predict(10, order=order())
    for against, benchmark in (("linear_model", found.out_of_sample.linear_model), ("mean", found.out_of_sample.mean)):
        loss, other = (((found.actual - p) ** 2).mean(axis=1) for p in (found.out_of_sample.pls, benchmark))
        test = stats.ttest_rel(loss, other)
        row = found.cvpat(against).loc["Satisfaction"]  # type: ignore[arg-type]
        assert row["t"] == pytest.approx(test.statistic)
        assert row["pvalue"] == pytest.approx(test.pvalue)
        assert row["difference"] == pytest.approx((loss - other).mean())


def test_missing_outcomes_are_left_out_of_the_errors() -> None:
    data = mobi().astype(float)
    data.loc[:20, "CUSA1"] = np.nan
    found = lv.pls(FEW, data).predict(10, seed=1)
    kept = found.items["CUSA1"][21:] - data["CUSA1"][21:]
    assert found.metrics.loc["CUSA1", "rmse"] == pytest.approx(np.sqrt((kept**2).mean()))


@pytest.mark.parametrize("name", ["two_stage", "product_indicator", "higher_order", "consistent"])
def test_every_kind_of_model_predicts(name: str) -> None:
    metrics = fit(name).predict(5, seed=1).metrics
    assert np.isfinite(metrics.drop(columns="construct").to_numpy()).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"folds": 1}, "folds"),
        ({"folds": 251}, "folds"),
        ({"repeats": 0}, "repeats"),
        ({"order": [1, 2, 3]}, "every case once"),
        ({"technique": "wrong"}, "technique"),
    ],
)
def test_impossible_requests_are_refused(options: dict, words: str) -> None:
    with pytest.raises(errors.OptionValueError, match=words):
        fit("basic").predict(**options)
