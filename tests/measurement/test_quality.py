"""Reliability and validity agree with semTools and psych; reference/make_quality.R says how the values were made."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import (
    CollinearVariablesError,
    ConstantVariableError,
    DataError,
    DataWarning,
    DroppedRowsWarning,
    ModelError,
    OptionValueError,
)
from lvmodels.fit import Fit
from lvmodels.measurement.item_answers import pairwise_covariance
from lvmodels.measurement.ordinal_omega import ordinal_omega

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN: dict[str, Any] = json.loads((REFERENCE / "quality.json").read_text(encoding="utf-8"))
HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@functools.cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


@functools.cache
def fitted(case: str) -> Fit:
    golden = GOLDEN[case]
    options: dict[str, Any] = {"fiml": {"missing": "fiml"}, "ordinal": {"ordered": True}}.get(case, {})
    fit = lv.sem if case == "paths" else lv.cfa
    return fit(golden["model"], data(golden["data"]), **options)


def close(ours: pd.Series[float], golden: dict[str, float], tolerance: float = 1e-4) -> None:
    assert ours[list(golden)].to_numpy() == pytest.approx(list(golden.values()), abs=tolerance)


# ---- alpha ----------------------------------------------------------------------------------------------------------


def test_alpha_and_item_analysis() -> None:
    golden = GOLDEN["alpha"]
    found = lv.cronbach_alpha(data("loyalty")[golden["items"]])
    assert found.alpha == pytest.approx(golden["alpha"])
    assert found.alpha_standardized == pytest.approx(golden["standardized"])
    assert found.mean_correlation == pytest.approx(golden["mean_correlation"])
    assert found.item_rest.to_numpy() == pytest.approx(golden["item_rest"])
    assert found.if_dropped.to_numpy() == pytest.approx(golden["if_dropped"])
    assert found.ci.loc["feldt"].to_numpy() == pytest.approx(golden["feldt"], abs=1e-8)


def test_alpha_from_pairs_of_incomplete_answers() -> None:
    golden = GOLDEN["alpha_pairwise"]
    found = lv.cronbach_alpha(data("loyalty_missing")[golden["items"]], missing="pairwise")
    assert found.alpha == pytest.approx(golden["alpha"])
    assert found.alpha_standardized == pytest.approx(golden["standardized"])


def test_pairwise_covariances_are_those_of_pandas() -> None:
    frame = data("loyalty_missing").iloc[:, :6]
    assert pairwise_covariance(frame.to_numpy(float)) == pytest.approx(frame.cov().to_numpy())


def test_both_intervals_hold_alpha_and_agree_in_large_samples() -> None:
    found = lv.cronbach_alpha(data("loyalty")[GOLDEN["alpha"]["items"]])
    assert (found.ci["lower"] < found.alpha).all()
    assert (found.ci["upper"] > found.alpha).all()
    assert found.ci.loc["feldt"].to_numpy() == pytest.approx(found.ci.loc["bonett"].to_numpy(), abs=0.003)


def test_intervals_of_alpha_cover_the_population() -> None:
    generator = np.random.default_rng(7)
    k, inside = 4, {"feldt": 0, "bonett": 0}
    alpha = k * 0.4 / (1 + (k - 1) * 0.4)
    for _ in range(200):
        Y = np.sqrt(0.4) * generator.normal(size=(80, 1)) + np.sqrt(0.6) * generator.normal(size=(80, k))
        ci = lv.cronbach_alpha(pd.DataFrame(Y, columns=list("abcd"))).ci
        for name in inside:
            inside[name] += bool(ci.loc[name, "lower"] < alpha < ci.loc[name, "upper"])
    assert all(0.90 <= count / 200 <= 0.99 for count in inside.values())


def test_an_item_against_the_others_is_named() -> None:
    frame = data("loyalty")[["q1", "q2", "q3"]].assign(q3=lambda d: 8 - d["q3"])
    with pytest.warns(DataWarning, match="'q3' correlates negatively.*turn reverse-keyed"):
        lv.cronbach_alpha(frame)


def test_alpha_refuses_what_it_cannot_use() -> None:
    with pytest.raises(DataError, match="at least 2 items, not 1"):
        lv.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3]}))
    with pytest.raises(ConstantVariableError, match="'b'"):
        lv.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 1, 1]}))
    with pytest.raises(OptionValueError, match="missing='fiml'"):
        lv.cronbach_alpha(data("loyalty")[["q1", "q2"]], missing="fiml")  # type: ignore[arg-type]
    with pytest.warns(DroppedRowsWarning, match="1 of 5 cases were left out"):
        lv.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 2, 4, 3, np.nan]}))


# ---- sampling adequacy ----------------------------------------------------------------------------------------------


def test_factorability() -> None:
    golden = GOLDEN["factorability"]
    found = lv.factorability(data("loyalty")[golden["items"]])
    assert found.kmo == pytest.approx(golden["kmo"])
    assert found.kmo_items.to_numpy() == pytest.approx(golden["kmo_items"])
    assert (found.bartlett_chisq, found.bartlett_df) == (pytest.approx(golden["chisq"]), golden["df"])


def test_factorability_from_pairs_of_incomplete_answers() -> None:
    """Each correlation with the standard deviations of the cases that answer both items, as `efa` takes it."""
    golden, answers = GOLDEN["factorability_pairwise"], data("loyalty_missing").iloc[:, :18]
    found = lv.factorability(answers, missing="pairwise")
    assert found.kmo == pytest.approx(golden["kmo"])
    assert found.kmo_items.to_numpy() == pytest.approx(golden["kmo_items"])


def test_factorability_does_not_depend_on_scale_or_order() -> None:
    frame = data("loyalty").iloc[:, :6]
    one, other = lv.factorability(frame), lv.factorability(frame[frame.columns[::-1]] * 10 + 3)
    assert other.kmo == pytest.approx(one.kmo)
    assert other.kmo_items["q1"] == pytest.approx(one.kmo_items["q1"])
    assert other.bartlett_chisq == pytest.approx(one.bartlett_chisq)


def test_collinear_items_are_named() -> None:
    frame = data("loyalty")[["q1", "q2", "q3"]].assign(total=lambda d: d["q1"] + d["q2"])
    with pytest.raises(CollinearVariablesError, match="'q1', 'q2', 'total' are collinear"):
        lv.factorability(frame)


# ---- reliability ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["plain", "cross", "errors", "paths", "fiml"])
def test_omega(case: str) -> None:
    close(lv.reliability(fitted(case))["omega"], GOLDEN[case]["omega"])


def test_alpha_of_constructs() -> None:
    close(lv.reliability(fitted("plain"))["alpha"], GOLDEN["plain"]["alpha"])


def test_alpha_of_constructs_is_cronbach_alpha_of_their_items() -> None:
    found = lv.reliability(fitted("plain")).loc["QUA"]
    alone = lv.cronbach_alpha(data("loyalty")[["q1", "q2", "q3", "q4", "q5"]])
    assert found["alpha"] == pytest.approx(alone.alpha)
    assert found[["alpha_lower", "alpha_upper"]].to_numpy() == pytest.approx(alone.ci.loc["feldt"].to_numpy())


def test_omega_by_group() -> None:
    golden = GOLDEN["groups"]
    found = lv.reliability(lv.cfa(HS, data("hs"), group="school"))["omega"]
    for construct, values in golden["omega"].items():
        ours = [found[label, construct] for label in golden["labels"]]
        assert ours == pytest.approx(values, abs=1e-4)


def test_omega_of_higher_order() -> None:
    golden = GOLDEN["higher"]
    found = lv.reliability(fitted("higher"))
    close(found["omega"], golden["omega"])
    assert found.loc["g", "items"] == 9
    assert found.loc["g", "omega"] == pytest.approx(golden["total"], abs=1e-4)
    assert found.loc["g", "omega_level2"] == pytest.approx(golden["level2"]["omegaL2"], abs=1e-4)
    assert found.loc["g", "omega_partial"] == pytest.approx(golden["level2"]["partialOmegaL1"], abs=1e-4)


def test_reliability_of_ordinal_answers() -> None:
    golden, found = GOLDEN["ordinal"], lv.reliability(fitted("ordinal"))
    close(found["omega"], golden["omega"], 5e-4)
    close(found["omega_ordinal"], golden["latent"], 5e-4)
    close(found["alpha_ordinal"], golden["alpha_latent"], 5e-4)
    close(found["alpha"], golden["alpha_scale"], 1e-6)


def test_ordinal_omega_tends_to_omega_with_many_categories() -> None:
    loadings = np.array([0.6, 0.7, 0.8])
    R = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    many = ordinal_omega([np.linspace(-3.5, 3.5, 80)] * 3, loadings, R)
    assert many == pytest.approx(loadings.sum() ** 2 / R.sum(), abs=1e-3)


def test_true_scores_correlate_with_the_sum_of_answers_as_omega_says() -> None:
    generator = np.random.default_rng(3)
    loadings, tau = np.array([0.5, 0.7, 0.8]), np.array([-0.5, 0.8])
    R = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    eta = generator.normal(size=(400_000, 1))
    halves = [
        (eta * loadings + np.sqrt(1 - loadings**2) * generator.normal(size=(400_000, 3)))[..., None] > tau
        for _ in range(2)
    ]
    sums = [half.sum(axis=(1, 2)) for half in halves]  # given eta the two sums share nothing but their true part
    assert ordinal_omega([tau] * 3, loadings, R) == pytest.approx(np.corrcoef(*sums)[0, 1], abs=4e-3)


def test_spearman_brown_is_for_two_items() -> None:
    frame = data("loyalty")
    fit = lv.cfa("A =~ q1 + q2\nB =~ v1 + v2 + v3", frame)
    found = lv.reliability(fit)["spearman_brown"]
    r = frame["q1"].corr(frame["q2"])
    assert found["A"] == pytest.approx(2 * r / (1 + r))
    assert np.isnan(found["B"])


def test_reliability_does_not_depend_on_how_constructs_are_scaled() -> None:
    one = lv.reliability(fitted("plain"))
    other = lv.reliability(lv.cfa(GOLDEN["plain"]["model"], data("loyalty"), std_lv=True))
    pd.testing.assert_frame_equal(one, other, atol=1e-5)


def test_single_items_have_no_reliability() -> None:
    found = lv.reliability(lv.cfa("A =~ q1 + q2 + q3\nB =~ 1*v1", data("loyalty"))).loc["B"]
    assert found["items"] == 1
    assert found.drop("items").isna().all()


def test_a_model_without_constructs_is_refused() -> None:
    with pytest.raises(ModelError, match="the model measures nothing"):
        lv.reliability(lv.sem("q1 ~ q2", data("loyalty")))


def test_ordinal_answers_in_groups_with_related_errors_and_of_second_order() -> None:
    golden, answers = GOLDEN["ordinal_groups"], data("hs_ordered")
    higher = GOLDEN["higher"]["model"]
    three = higher.partition("\ng =~")[0]
    found = lv.reliability(lv.cfa(three, answers, ordered=True, group="school"))
    for column, kind in (("omega", "omega"), ("omega_ordinal", "latent")):
        for construct in ("visual", "textual", "speed"):
            ours = [found.loc[(label, construct), column] for label in golden[kind]["labels"]]
            assert ours == pytest.approx(golden[kind][construct], abs=1e-5)
    golden, found = (
        GOLDEN["ordinal_errors"],
        lv.reliability(lv.cfa(three + "\nx7 ~~ x8\nx1 ~~ x4", answers, ordered=True)),
    )
    close(found["omega"], golden["omega"], 1e-6)
    close(found["omega_ordinal"], golden["latent"], 1e-6)
    golden, found = GOLDEN["ordinal_higher"], lv.reliability(lv.cfa(higher, answers, ordered=True))
    close(found["omega"], golden["omega"], 1e-6)
    assert found.loc["g", "omega_level2"] == pytest.approx(golden["level2"]["omegaL2"], abs=1e-6)
    assert found.loc["g", "omega_partial"] == pytest.approx(golden["level2"]["partialOmegaL1"], abs=1e-6)


def test_second_order_by_group() -> None:
    golden, found = (
        GOLDEN["higher_groups"],
        lv.reliability(lv.cfa(GOLDEN["higher"]["model"], data("hs"), group="school")),
    )
    for construct in ("visual", "textual", "speed", "g"):
        ours = [found.loc[(label, construct), "omega"] for label in golden["labels"]]
        assert ours == pytest.approx(golden[construct], abs=1e-5)


def test_ratios_of_two_items_without_signs_and_of_incomplete_answers() -> None:
    golden = GOLDEN["two_items"]
    np.testing.assert_allclose(lv.htmt(lv.cfa(golden["model"], data("hs")), absolute=True), golden["plus"], atol=1e-6)
    golden = GOLDEN["incomplete"]
    found = lv.htmt(lv.cfa(golden["model"], data("loyalty_missing"), missing="fiml"))
    np.testing.assert_allclose(found, golden["htmt"], atol=1e-5)
