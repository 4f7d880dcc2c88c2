"""One model by several methods: where they must agree, where they must not, and what is said about it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import lvmodels as lv
from lvmodels.errors import NotEstimableError, OptionValueError, UnknownOptionError, UnknownVariableError
from lvmodels.report.side_by_side import SideBySide

MODEL = """
Quality      =~ PERQ1 + PERQ2 + PERQ3 + PERQ4
Value        =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Value        ~ Quality
Satisfaction ~ Quality + Value
"""
THREE = "F =~ x1 + x2 + x3\nG =~ y1 + y2 + y3\nH =~ z1 + z2 + z3\nG ~ F\nH ~ F + G"


def factor_answers(n: int, seed: int = 5) -> pd.DataFrame:
    """Answers of a population of common factors: G = .5 F, H = .3 F + .4 G, unequal loadings."""
    draw = np.random.default_rng(seed)
    F = draw.standard_normal(n)
    G = 0.5 * F + np.sqrt(0.75) * draw.standard_normal(n)
    H = 0.3 * F + 0.4 * G + np.sqrt(1 - 0.09 - 0.16 - 2 * 0.3 * 0.4 * 0.5) * draw.standard_normal(n)
    columns = {}
    for letter, construct in zip("xyz", (F, G, H), strict=True):
        for k, loading in enumerate((0.6, 0.7, 0.8), start=1):
            columns[f"{letter}{k}"] = loading * construct + np.sqrt(1 - loading**2) * draw.standard_normal(n)
    return pd.DataFrame(columns)


def composite_answers(n: int, R: np.ndarray, w: np.ndarray, seed: int = 6) -> pd.DataFrame:
    """Answers of a population of composites with unit variance, F = w'x, G = w'y and G = .6 F."""
    load = R @ w / np.sqrt(w @ R @ w)
    between = 0.6 * np.outer(load, load)
    names = ["x1", "x2", "x3", "y1", "y2", "y3"]
    draw = np.random.default_rng(seed)
    return pd.DataFrame(draw.multivariate_normal(np.zeros(6), np.block([[R, between], [between, R]]), n), columns=names)


@pytest.fixture(scope="module")
def mobi() -> SideBySide:
    return lv.side_by_side(MODEL, lv.datasets.load("ecsi_mobi"))


def said(found: SideBySide) -> list[str]:
    return [finding.key for finding in found.comparison.findings]


# ---- identities -----------------------------------------------------------------------------------------------------


def test_methods_agree_on_a_saturated_model_of_single_items() -> None:
    data = lv.datasets.load("ecsi_mobi").answers
    found = lv.side_by_side("A =~ PERQ1\nB =~ CUSA1\nC =~ CUSL1\nB ~ A\nC ~ A + B", data)
    ours = found.paths.drop(columns="semopy", errors="ignore")
    assert list(ours.columns) == ["cbsem", "pls", "plsc", "sums"]
    for column in ours:
        np.testing.assert_allclose(ours[column], ours["sums"], atol=1e-6)
        np.testing.assert_allclose(found.r2[column], found.r2["sums"], atol=1e-6)
    z = data[["PERQ1", "CUSA1", "CUSL1"]].apply(lambda y: (y - y.mean()) / y.std())
    truth = sm.OLS(z["CUSL1"], z[["PERQ1", "CUSA1"]]).fit()
    np.testing.assert_allclose(ours["sums"].loc["C"], truth.params, atol=1e-10)


def test_sum_scores_are_regressed_by_least_squares(mobi: SideBySide) -> None:
    data = lv.datasets.load("ecsi_mobi").answers
    z = (data - data.mean()) / data.std()
    names = {"Quality": "PERQ1 PERQ2 PERQ3 PERQ4", "Value": "PERV1 PERV2", "Satisfaction": "CUSA1 CUSA2 CUSA3"}
    sums = pd.DataFrame({name: z[items.split()].sum(axis=1) for name, items in names.items()})
    sums = (sums - sums.mean()) / sums.std()
    truth = sm.OLS(sums["Satisfaction"], sums[["Quality", "Value"]]).fit()
    np.testing.assert_allclose(mobi.paths["sums"].loc["Satisfaction"], truth.params, atol=1e-10)
    assert mobi.r2["sums"]["Satisfaction"] == pytest.approx(truth.rsquared)
    assert mobi.loadings["sums"]["Value", "PERV1"] == pytest.approx(z["PERV1"].corr(sums["Value"]))
    alpha = lv.cronbach_alpha(data[names["Quality"].split()]).alpha_standardized
    assert mobi.reliability["sums"]["Quality"] == pytest.approx(alpha)


def test_columns_are_those_of_each_method_alone(mobi: SideBySide) -> None:
    data = lv.datasets.load("ecsi_mobi")
    fit, plain, corrected = lv.sem(MODEL, data), lv.pls(MODEL, data), lv.pls(MODEL, data, consistent=True)
    rows = fit.estimates().query("op == '~'").set_index(["lhs", "rhs"])["std_all"]
    np.testing.assert_allclose(mobi.paths["cbsem"], rows.loc[mobi.paths.index])
    for column, one in (("pls", plain), ("plsc", corrected)):
        np.testing.assert_allclose(mobi.paths[column], [one.paths().loc[a, b] for b, a in mobi.paths.index])
        np.testing.assert_allclose(mobi.r2[column], one.r2()[mobi.r2.index])
    np.testing.assert_allclose(mobi.r2["cbsem"], fit.r2()[mobi.r2.index])
    np.testing.assert_allclose(mobi.reliability["cbsem"], lv.reliability(fit)["composite_reliability"])
    np.testing.assert_allclose(mobi.reliability["plsc"], corrected.reliability()["rho_a"])


def test_semopy_finds_what_maximum_likelihood_finds(mobi: SideBySide) -> None:
    pytest.importorskip("semopy")
    for frame in (mobi.paths, mobi.loadings, mobi.r2, mobi.reliability):
        np.testing.assert_allclose(frame["semopy"], frame["cbsem"], atol=2e-3)
    assert "semopy" in said(mobi)


def test_an_item_that_goes_the_other_way_changes_signs_alone() -> None:
    data = factor_answers(300)
    turned = data.assign(x1=-data["x1"])
    one, other = lv.side_by_side(THREE, data), lv.side_by_side(THREE, turned)
    for column in ("cbsem", "pls", "plsc", "sums"):
        np.testing.assert_allclose(one.paths[column], other.paths[column], atol=1e-5)
        assert one.loadings[column]["F", "x1"] == pytest.approx(-other.loadings[column]["F", "x1"], abs=1e-5)
    assert "turned" in said(other)
    assert "turned" not in said(one)


# ---- recovery -------------------------------------------------------------------------------------------------------


def test_consistent_pls_and_likelihood_meet_on_common_factors_as_n_grows() -> None:
    truth = np.array([0.5, 0.3, 0.4])
    gaps = []
    for n in (200, 20_000):
        found = lv.side_by_side(THREE, factor_answers(n))
        gaps.append(float((found.paths["plsc"] - found.paths["cbsem"]).abs().max()))
    assert gaps[1] < 0.01 < gaps[0]
    np.testing.assert_allclose(found.paths["cbsem"], truth, atol=0.03)
    np.testing.assert_allclose(found.paths["plsc"], truth, atol=0.03)
    assert found.paths["pls"].iloc[0] < 0.43  # attenuated for good
    assert {"attenuation", "loadings", "common_factors"} <= set(said(found))


def test_pls_is_right_on_composites_and_factor_methods_correct_what_is_no_error() -> None:
    """Items that correlate by .5 within and by .4 between: composites correlate by .6, factors behind them by .8."""
    data = composite_answers(20_000, np.full((3, 3), 0.5) + 0.5 * np.eye(3), np.ones(3))
    found = lv.side_by_side("F =~ x1 + x2 + x3\nG =~ y1 + y2 + y3\nG ~ F", data).paths.iloc[0]
    assert found[["pls", "sums"]].tolist() == pytest.approx([0.6, 0.6], abs=0.015)
    assert found[["plsc", "cbsem"]].tolist() == pytest.approx([0.8, 0.8], abs=0.02)


def test_mode_b_is_right_on_composites_of_unequal_weights() -> None:
    R = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.0], [0.2, 0.0, 1.0]])
    data = composite_answers(20_000, R, np.array([0.3, 0.5, 0.7]))
    found = lv.side_by_side("F <~ x1 + x2 + x3\nG <~ y1 + y2 + y3\nG ~ F", data)
    assert found.paths["pls"].iloc[0] == pytest.approx(0.6, abs=0.015)
    assert found.paths["sums"].iloc[0] < 0.59
    assert "composites" in said(found)
    assert "semopy" not in found.paths


# ---- what is said, and what is refused ------------------------------------------------------------------------------


def test_every_method_uses_the_same_cases() -> None:
    data = factor_answers(300)
    holes = data.copy()
    holes.loc[:19, "y2"] = np.nan
    found, complete = lv.side_by_side(THREE, holes), lv.side_by_side(THREE, data.iloc[20:])
    pd.testing.assert_frame_equal(found.paths, complete.paths)
    assert "20 of 300 cases lack an answer" in " ".join(found.notes)


def test_ordinal_answers_make_it_wlsmv() -> None:
    boxes = factor_answers(400).apply(lambda y: np.digitize(y, [-1.0, 0.0, 1.0]) + 1)
    named = lv.side_by_side(THREE, boxes, ordered=True)
    found = lv.side_by_side(THREE, boxes.apply(lambda y: pd.Categorical(y, ordered=True)))
    assert (named.comparison.estimator, found.comparison.estimator) == ("WLSMV", "WLSMV")
    pd.testing.assert_frame_equal(named.paths, found.paths)
    assert "ordinal" in said(found)


def test_without_semopy_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "semopy", None)
    found = lv.side_by_side(THREE, factor_answers(200))
    assert list(found.paths.columns) == ["cbsem", "pls", "plsc", "sums"]
    assert "pip install 'lvmodels[semopy]'" in " ".join(found.notes)


def test_a_method_that_cannot_estimate_the_model_says_why() -> None:
    found = lv.side_by_side(THREE + "\nH ~ F:G", factor_answers(200))
    assert list(found.paths.columns) == ["cbsem", "pls", "sums"]
    for method in ("PLSc", "semopy"):
        assert any(note.startswith(f"{method} ") for note in found.notes), method
    assert ("H", "F:G") in found.paths.index


@pytest.mark.parametrize("option", ["group", "cluster", "sampling_weights"])
def test_groups_and_their_kin_are_refused_by_name(option: str) -> None:
    with pytest.raises(NotEstimableError, match=rf"no {option}=.*one group at a time"):
        lv.side_by_side(THREE, factor_answers(50), **{option: "x1"})  # type: ignore[arg-type]


def test_other_mistakes_are_named() -> None:
    data = factor_answers(50)
    with pytest.raises(NotEstimableError, match="group: or level: blocks"):
        lv.side_by_side("group: 1\n" + THREE, data)
    with pytest.raises(UnknownOptionError, match=r"no option 'ordred'\. Did you mean 'ordered'\?"):
        lv.side_by_side(THREE, data, ordred=True)  # type: ignore[call-arg]
    with pytest.raises(UnknownVariableError, match=r"no column 'w1'"):
        lv.side_by_side(THREE.replace("x1", "w1"), data)
    with pytest.raises(OptionValueError, match="estimator"):
        lv.side_by_side(THREE, data, estimator="MX")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_and_texts_show_all_of_it(mobi: SideBySide, tmp_path: Path, language: str) -> None:
    page = mobi.to_html(tmp_path / "beside.html", language).read_text(encoding="utf-8")  # type: ignore[arg-type]
    for text in ("PLSc", "PERQ4", f"{mobi.paths['cbsem'].iloc[0]:.3f}".lstrip("0"), "Dijkstra, T. K."):
        assert text in page
    assert "methods_beside" not in page
    assert "Reliability" in str(mobi)
    assert mobi._repr_html_().count("<table") == 4
    assert all(note in str(mobi) for note in mobi.notes)
