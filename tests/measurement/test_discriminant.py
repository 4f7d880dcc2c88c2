"""Discriminant validity: ratios of correlations, bounds from resampled cases, cross-loadings, variance inflation."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import CollinearVariablesError, DataError, ModelError, NotEstimableError, OptionValueError
from lvmodels.fit import Fit

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN: dict[str, Any] = json.loads((REFERENCE / "quality.json").read_text(encoding="utf-8"))
HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@functools.cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


@functools.cache
def measured(name: str = "loyalty", ordered: bool = False) -> Fit:
    return lv.cfa(GOLDEN["plain"]["model"], data(name), ordered=ordered)


@functools.cache
def abilities() -> Fit:
    return lv.cfa(HS, data("hs"))


def check_matrix(ours: pd.DataFrame, golden: dict[str, Any], tolerance: float = 1e-6) -> None:
    assert ours.loc[golden["vars"], golden["vars"]].to_numpy() == pytest.approx(np.array(golden["m"]), abs=tolerance)


# ---- HTMT -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "geometric", "absolute"),
    [("arithmetic", False, None), ("plus", False, True), ("geometric", True, None)],
)
def test_htmt(kind: str, geometric: bool, absolute: bool | None) -> None:
    check_matrix(lv.htmt(measured(), geometric, absolute=absolute), GOLDEN["htmt"][kind])


def test_htmt_of_ordinal_answers_takes_polychoric_correlations() -> None:
    check_matrix(lv.htmt(measured("loyalty_ordered", True)), GOLDEN["htmt"]["ordinal"], 5e-4)


def test_htmt2_is_the_correlation_of_congeneric_constructs() -> None:
    loadings, phi = np.array([0.5, 0.7, 0.9]), 0.6
    Lambda = np.kron(np.eye(2), loadings[:, None])
    R = Lambda @ np.array([[1, phi], [phi, 1]]) @ Lambda.T
    np.fill_diagonal(R, 1.0)
    names = ["a1", "a2", "a3", "b1", "b2", "b3"]
    fit = lv.cfa(
        "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3",
        sample_cov=pd.DataFrame(R, index=names, columns=names), sample_nobs=500,
    )  # fmt: skip
    assert lv.htmt(fit, geometric=True).loc["A", "B"] == pytest.approx(phi)
    assert lv.htmt(fit).loc["A", "B"] > phi + 0.005


def test_bounds_hold_the_ratio_and_come_again_with_the_seed() -> None:
    one, again = (lv.htmt(abilities(), ci=0.90, n=100, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert ((one["lower"] < one["htmt"]) & (one["htmt"] < one["upper"])).all()
    wider = lv.htmt(abilities(), ci=0.99, n=100, seed=5)
    assert (wider["upper"] > one["upper"]).all()


def test_bounds_cover_the_population() -> None:
    generator = np.random.default_rng(11)
    loadings, phi, below = np.array([0.7, 0.7, 0.7]), 0.8, 0
    Lambda = np.kron(np.eye(2), loadings[:, None])
    Sigma = Lambda @ np.array([[1, phi], [phi, 1]]) @ Lambda.T
    np.fill_diagonal(Sigma, 1.0)
    for seed in range(60):
        frame = pd.DataFrame(generator.multivariate_normal(np.zeros(6), Sigma, 200), columns=list("abcdef"))
        bounds = lv.htmt(lv.cfa("A =~ a + b + c\nB =~ d + e + f", frame), ci=0.90, n=120, seed=seed)
        below += bool(bounds["lower"].iloc[0] < phi < bounds["upper"].iloc[0])
    assert 0.80 <= below / 60 <= 0.98


@pytest.mark.parametrize("options", [{"missing": "fiml"}, {"ordered": True}, {"ordered": ["q1", "q2", "q3"]}])
def test_bounds_of_every_kind_of_answers(options: dict[str, Any]) -> None:
    frame = data("loyalty_missing" if "missing" in options else "loyalty_ordered")
    fit = lv.cfa("A =~ q1 + q2 + q3\nB =~ v1 + v2 + v3", frame, **options)
    found = lv.htmt(fit, ci=0.90, n=25, seed=1).iloc[0]
    assert found["lower"] < found["htmt"] < found["upper"]


def test_clusters_are_drawn_whole() -> None:
    frame = pd.concat([data("hs")] * 4, ignore_index=True)  # every case four times: as clusters no more than one each
    frame["family"] = np.tile(np.arange(len(data("hs"))), 4)
    width = {}
    for name, options in {"clusters": {"cluster": "family"}, "cases": {}}.items():
        found = lv.htmt(lv.cfa(HS, frame, **options), ci=0.90, n=300, seed=2)  # type: ignore[arg-type]
        width[name] = float((found["upper"] - found["lower"]).mean())
    assert width["clusters"] / width["cases"] == pytest.approx(2.0, rel=0.2)


def test_htmt_of_a_group_is_that_of_its_cases() -> None:
    fit = lv.cfa(HS, data("hs"), group="school")
    first = data("hs")["school"].iloc[0]
    alone = lv.cfa(HS, data("hs")[data("hs")["school"] == first])
    pd.testing.assert_frame_equal(lv.htmt(fit, group=1), lv.htmt(alone), atol=1e-9)
    with pytest.raises(OptionValueError, match="group=3 does not exist"):
        lv.htmt(fit, group=3)


def test_htmt_refuses_what_it_cannot_do() -> None:
    with pytest.raises(ModelError, match="fewer than two"):
        lv.htmt(lv.cfa("A =~ q1 + q2 + q3 + q4", data("loyalty")))
    moments = lv.cfa(HS, sample_cov=data("hs")[[f"x{k}" for k in range(1, 10)]].cov(), sample_nobs=301)
    with pytest.raises(DataError, match="fitted to moments"):
        lv.htmt(moments, ci=0.9)
    two = lv.sem("level: 1\nA =~ y1 + y2 + y3\nlevel: 2\nB =~ y1 + y2 + y3", data("twolevel"), cluster="cluster")
    with pytest.raises((NotEstimableError, ModelError)):
        lv.htmt(two, ci=0.9)


# ---- the others -----------------------------------------------------------------------------------------------------


def test_fornell_larcker_holds_latent_correlations_and_roots_of_ave() -> None:
    fit = lv.sem(GOLDEN["paths"]["model"], data("loyalty"))
    found = lv.fornell_larcker(fit)
    golden = GOLDEN["paths"]["latent"]
    expected = np.array(golden["m"])
    np.fill_diagonal(expected, np.sqrt(lv.reliability(fit)["ave"][golden["vars"]]))
    assert found.loc[golden["vars"], golden["vars"]].to_numpy() == pytest.approx(expected, abs=1e-4)


def test_a_construct_is_not_compared_with_its_own_parts() -> None:
    found = lv.fornell_larcker(lv.cfa(f"{HS}\ng =~ visual + textual + speed", data("hs")))
    assert found.loc["g", ["visual", "textual", "speed"]].isna().all()
    assert np.isfinite(found.loc["g", "g"])
    assert np.isfinite(found.loc["visual", "speed"])


def test_structure_coefficients_of_own_constructs_are_standardized_loadings() -> None:
    fit = measured()
    table, loadings = lv.cross_loadings(fit), fit.estimates().query("op == '=~'")
    for row in loadings.itertuples():
        assert table.loc[row.rhs, row.lhs] == pytest.approx(row.std_all)
        assert table.loc[row.rhs, "construct"] == row.lhs


def test_score_loadings_are_correlations_with_scores() -> None:
    fit = abilities()
    both = pd.concat([data("hs")[[f"x{k}" for k in range(1, 10)]], fit.scores()], axis=1).corr()
    names = ["visual", "textual", "speed"]
    found = lv.cross_loadings(fit, "scores")[names]
    assert found.to_numpy() == pytest.approx(both.loc[found.index, names].to_numpy(), abs=1e-6)


def test_items_of_several_constructs_name_them_all() -> None:
    fit = lv.cfa("A =~ x1 + x2 + x3 + x4\nB =~ x4 + x5 + x6", data("hs"))
    assert lv.cross_loadings(fit).loc["x4", "construct"] == "A/B"
    assert np.isfinite(lv.htmt(fit).loc["A", "B"])


def test_vif_of_a_frame_is_one_over_what_the_others_do_not_tell() -> None:
    frame = data("loyalty")[["q1", "q2", "q3"]]
    X = np.column_stack([np.ones(len(frame)), frame[["q2", "q3"]]])
    y = frame["q1"].to_numpy(float)
    rest = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    assert lv.vif(frame)["vif"].iloc[0] == pytest.approx(y.var() / rest.var())


def test_vif_of_a_fit_has_predictors_and_items() -> None:
    fit = lv.sem(GOLDEN["paths"]["model"], data("loyalty"))
    found = lv.vif(fit)
    predictors = found[found["kind"] == "predictor"].set_index(["of", "name"])["vif"]
    r = lv.fornell_larcker(fit).loc["QUA", "VAL"]
    assert predictors["SAT", "QUA"] == pytest.approx(1 / (1 - r**2))
    assert predictors["VAL", "QUA"] == 1.0
    items = found[(found["kind"] == "item") & (found["of"] == "QUA")]["vif"].to_numpy()
    assert items == pytest.approx(lv.vif(data("loyalty")[["q1", "q2", "q3", "q4", "q5"]])["vif"].to_numpy())


def test_vif_names_what_is_collinear() -> None:
    frame = data("loyalty")[["q1", "q2"]].assign(total=lambda d: d["q1"] + d["q2"])
    with pytest.raises(CollinearVariablesError, match="'q1', 'q2', 'total' are collinear"):
        lv.vif(frame)
