"""Results of fits with products of latent variables, beside those that cannot exist."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import NotEstimableError, OptionValueError

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
MODEL = """
    SAT =~ s1 + s2 + s3
    SWC =~ c1 + c2 + c3
    LOY =~ l1 + l2 + l3
    LOY ~ SAT + SWC + w*SAT:SWC
"""
PLAIN = MODEL.replace(" + w*SAT:SWC", "")


def answers(n: int, seed: int, tail: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    X = rng.multivariate_normal([0, 0], [[1.0, 0.3], [0.3, 1.0]], n)
    Y = 0.4 * X[:, 0] + 0.3 * X[:, 1] + 0.25 * X[:, 0] * X[:, 1] + 0.7 * rng.standard_normal(n)
    stretch = np.sqrt(rng.gamma(2.0, 0.5, (n, 9))) if tail else np.ones((n, 9))
    noise = 0.6 * rng.standard_normal((n, 9)) * stretch
    items = np.column_stack([*X.T, Y])[:, [0, 0, 0, 1, 1, 1, 2, 2, 2]] * np.tile([1.0, 0.9, 0.8], 3) + noise
    return pd.DataFrame(items, columns=[f"{letter}{i}" for letter in "scl" for i in (1, 2, 3)])


DATA = answers(300, 5)
FIT = lv.sem(MODEL, DATA)


def test_measures_are_likelihood_and_criteria_alone() -> None:
    measures = FIT.fit_measures()
    assert list(measures.index) == ["npar", "logl", "aic", "bic", "bic2", "ntotal"]
    assert FIT.aic == pytest.approx(-2 * FIT.llf + 2 * 31)
    text = str(FIT.summary())
    assert "latent moderated structural equations" in text
    assert "no chi-square" in text


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_the_product_is_tested_against_the_model_without_it(estimator: str) -> None:
    data = answers(300, 5, tail=1.0)
    fits = [lv.sem(model, data, estimator=estimator, meanstructure=True) for model in (PLAIN, MODEL)]
    table = lv.compare(*fits)
    gap = 2 * (fits[1].llf - fits[0].llf)
    found = table["chisq_diff"].iloc[1]
    assert table["df_diff"].iloc[1] == 1
    assert table.index.tolist() == [2, 1]
    assert found == pytest.approx(gap) if estimator == "ML" else found != pytest.approx(gap, rel=1e-3)
    # with so many cases the ratio is near the square of z
    assert found == pytest.approx(float(fits[1].params["w"] / fits[1].bse["w"]) ** 2, rel=0.5)
    assert np.isnan(table["cfi_diff"].iloc[1])
    with pytest.raises(OptionValueError, match=r"satorra\.2000" if estimator == "MLR" else "standard"):
        lv.compare(*fits, method="satorra.2000")


def test_standardized_product_and_its_error_follow_from_the_estimates() -> None:
    table = FIT.standardized().set_index(["lhs", "op", "rhs"])
    latent = FIT.implied().latent_cov
    sd = np.sqrt(np.diagonal(latent))
    expected = FIT.params["w"] * sd[0] * sd[1] / sd[2]
    assert table.loc[("LOY", "~", "SAT:SWC"), "est_std"] == pytest.approx(expected, abs=1e-10)
    unit = lv.sem(MODEL, DATA, std_lv=True).standardized()  # other parameters, the same functions of the data
    assert unit["est_std"].to_numpy() == pytest.approx(table["est_std"].to_numpy(), abs=1e-6)
    assert unit["se"].to_numpy() == pytest.approx(table["se"].to_numpy(), abs=1e-6)


def test_measurement_is_judged_as_in_any_other_model() -> None:
    linear = lv.sem(PLAIN, DATA)
    mine, theirs = (lv.reliability(fit)["omega"].to_numpy() for fit in (FIT, linear))
    assert mine == pytest.approx(theirs, abs=0.03)
    assert lv.htmt(FIT).to_numpy() == pytest.approx(lv.htmt(linear).to_numpy())
    predictors = lv.vif(FIT).query("kind == 'predictor'")["name"].tolist()
    assert predictors == ["SAT", "SWC"]


def test_bootstrap_refits_the_product() -> None:
    drawn = FIT.bootstrap(8, seed=3)
    assert drawn.draws["w"].std() > 0
    assert drawn.failed == 0
    table = drawn.ci()
    assert table[table["rhs"] == "SAT:SWC"]["std_se"].iloc[0] > 0


def test_scores_are_expected_values_given_the_answers() -> None:
    scores = FIT.scores()
    assert scores.shape == (300, 3)
    latent = FIT.implied()
    assert scores.mean().to_numpy() == pytest.approx(latent.latent_mean.to_numpy(), abs=0.02)
    assert (scores.var() < np.diagonal(latent.latent_cov)).all()
    linear = lv.sem(PLAIN, DATA).scores()
    assert 0.9 < np.corrcoef(scores["LOY"], linear["LOY"])[0, 1] < 1.0


def test_interaction_of_the_framework_comes_out_within_five_seconds() -> None:
    """Switching cost weakens the effect of satisfaction by .12 standard deviations in the simulated population."""
    data, started = lv.datasets.load("value_loyalty"), time.process_time()
    text = (Path(__file__).parents[2] / "data" / "value_loyalty" / "model.txt").read_text(encoding="utf-8")
    fit = lv.sem(text + "\nLoyalty ~ Satisfaction:SwitchingCost", data)
    table = fit.standardized().set_index(["lhs", "op", "rhs"])
    assert time.process_time() - started < 5.0
    found = table.loc[("Loyalty", "~", "Satisfaction:SwitchingCost")]
    assert abs(found["est_std"] + 0.12) < 2 * found["se"]
    assert found["pvalue"] < 0.01


def test_what_rests_on_covariances_alone_is_refused() -> None:
    for ask in (
        FIT.modification_indices,
        lambda: FIT.residuals("standardized"),
        lambda: FIT.bootstrap(10, kind="parametric"),
        lambda: lv.invariance(MODEL, DATA.assign(half=np.arange(300) % 2), "half"),
        lambda: lv.score_tests(lv.sem(MODEL.replace("SAT + SWC", "a*SAT + a*SWC"), DATA)),
    ):
        with pytest.raises(NotEstimableError, match="product of latent variables"):
            ask()
    assert np.abs(FIT.residuals("cor").to_numpy()).max() < 0.2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_and_json_leave_out_what_does_not_exist(language: str, tmp_path: Path) -> None:
    page = FIT.report(tmp_path / "report", language=language).read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert "RMSEA" not in page.split("references")[0]
    assert "Klein" in page
    assert "SAT × SWC" in page
    table = pd.read_csv(tmp_path / "report" / "tables" / "slopes.csv")
    assert table["slope"].to_numpy() == pytest.approx(lv.simple_slopes(FIT, "SAT", "SWC")["slope"].to_numpy())
    assert "Neyman" in page
    robust = lv.sem(MODEL, DATA, estimator="MLR").report(tmp_path / "robust", language=language)  # type: ignore[arg-type]
    assert "Bentler" not in robust.read_text(encoding="utf-8").split('id="methods"')[1].split('id="references"')[0]
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert results["modification_indices"] == []
    assert "chisq" not in results["fit_measures"]
