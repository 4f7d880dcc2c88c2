"""Partial least squares against figures of SmartPLS, seminr, and papers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from tests.pls.models import ECSI, REPUTATION, REPUTATION_SIMPLE, fit, mobi, published, widest

SEMINR = ("basic", "ecsi", "consistent", "two_stage", "product_indicator", "higher_order")
EVALUATED = ("basic", "ecsi", "consistent")


def figures(name: str) -> dict:
    return published("seminr")["models"][name]


@pytest.mark.parametrize("scheme", ["path", "factorial", "centroid"])
def test_smartpls_estimates_are_found(scheme: str) -> None:
    expected = published("smartpls_ecsi")["schemes"][scheme]
    found = lv.pls(ECSI, mobi(), scheme=scheme)
    assert widest(found.paths(), expected["paths"]) < 1e-6
    assert widest(found.weights(), expected["weights"]) < 1e-6
    assert widest(found.cross_loadings(), expected["cross_loadings"]) < 1e-6
    assert widest(found.total_effects(), expected["total_effects"]) < 1e-6
    loadings = {
        i: {c: v for c, v in row.items() if c in expected["weights"][i]}
        for i, row in expected["cross_loadings"].items()
    }
    assert widest(found.loadings(), loadings) < 1e-6


@pytest.mark.parametrize("name", SEMINR)
def test_seminr_estimates_are_found(name: str) -> None:
    expected, found = figures(name), fit(name)
    size = dict(zip(found.stage.names, found.solution.scale[0], strict=True))
    names = found.loadings().columns
    assert widest(found.paths(), expected["paths"]) < 1e-5
    assert widest(found.weights(), expected["weights"]) < 1e-5
    assert widest(found.loadings() * [size.get(n, 1.0) for n in names], expected["loadings"]) < 1e-5
    assert found.r2().to_dict() == pytest.approx(expected["r2"], abs=1e-5)
    assert found.r2(adjusted=True).to_dict() == pytest.approx(expected["r2_adjusted"], abs=1e-5)


@pytest.mark.parametrize("name", SEMINR)
def test_seminr_scores_are_found(name: str) -> None:
    expected, scores = figures(name), fit(name).scores()
    first = pd.DataFrame.from_dict(expected["scores"], orient="index")
    assert np.abs(scores.iloc[: len(first)][first.columns].to_numpy() - first.to_numpy()).max() < 1e-5
    assert scores.abs().mean().to_dict() == pytest.approx(expected["scores_abs_mean"], abs=1e-5)


@pytest.mark.parametrize("name", EVALUATED)
def test_seminr_evaluation_is_found(name: str) -> None:
    expected, found = figures(name), fit(name)
    reliability = found.reliability().rename(columns={"rho_a": "rhoA", "composite_reliability": "rhoC", "ave": "AVE"})
    assert widest(reliability, expected["reliability"]) < 1e-5
    assert widest(found.htmt("absolute"), _transposed(expected["htmt"])) < 1e-5
    assert widest(found.fornell_larcker("scores"), expected["fornell_larcker"]) < 1e-5
    assert widest(found.cross_loadings(), expected["cross_loadings"]) < 1e-5
    assert widest(found.f2(), expected["f2"]) < 1e-5
    assert widest(found.total_effects(), expected["total_effects"]) < 1e-5
    assert widest(found.indirect_effects(), expected["indirect_effects"]) < 1e-5
    assert widest(found.correlations("scores"), expected["construct_correlations"]) < 1e-5


@pytest.mark.parametrize("name", EVALUATED)
def test_seminr_descriptives_are_those_of_items_and_scores(name: str) -> None:
    expected, scores = published("seminr_descriptives")["models"][name], fit(name).scores()
    for frame, figure in ((mobi(), expected["items"]), (scores, expected["constructs"])):
        frame = frame[list(figure)]
        z = (frame - frame.mean()) / frame.std(ddof=0)
        found = pd.DataFrame({"Mean": frame.mean(), "Median": frame.median(), "Min": frame.min(), "Max": frame.max()})
        found["Std.Dev."], found["Kurtosis"], found["Skewness"] = frame.std(), (z**4).mean(), (z**3).mean()
        told = pd.DataFrame.from_dict(figure, orient="index")[found.columns]
        np.testing.assert_allclose(found, told, atol=1e-5)


@pytest.mark.parametrize("name", EVALUATED)
def test_seminr_collinearity_is_found(name: str) -> None:
    expected, found = figures(name), fit(name)
    for construct, values in expected["item_vif"].items():
        assert found.vif("items")[construct].to_dict() == pytest.approx(values, abs=1e-5)
    for outcome, values in expected["vif"].items():
        assert found.vif()[outcome].dropna().to_dict() == pytest.approx(values, abs=1e-5)


def test_seminr_bootstrap_is_found_within_sampling_error() -> None:
    expected = figures("basic")["bootstrap"]
    boot = fit("basic").bootstrap(2000, seed=1)
    table = boot.ci().assign(mean=lambda t: t["est"] + t["bias"])
    for op, kind in (("~", "paths"), ("=~", "loadings"), ("<~", "weights")):
        for name, row in expected[kind].items():
            a, b = name.split(" -> ")
            lhs, rhs = (b, a)
            ours = table[(table["op"] == op) & (table["lhs"] == lhs) & (table["rhs"] == rhs)].iloc[0]
            assert abs(ours["mean"] - row["mean"]) < 4 * row["se"] / np.sqrt(200) + 1e-12
            assert ours["se"] == pytest.approx(row["se"], rel=0.3)
    htmt = boot.ci(of="htmt").set_index(["construct", "other"])
    for name, row in expected["htmt"].items():
        a, b = name.split(" -> ")
        ours = htmt.loc[(b, a)]
        assert abs(ours["est"] + ours["bias"] - row["mean"]) < 4 * row["se"] / np.sqrt(200)


def test_specific_effects_of_seminr_are_found() -> None:
    boot, n = fit("ecsi").bootstrap(1000, seed=1), figures("ecsi")["bootstrap"]["replicates"]
    table = boot.ci(of="specific_effects").set_index(["predictor", "through", "outcome"])
    for chain, row in figures("ecsi")["bootstrap"]["specific"].items():
        first, *through, last = chain.split(" -> ")
        if through:
            found = table.loc[(first, " -> ".join(through), last)]
            assert found["est"] == pytest.approx(row["est"], abs=1e-5)
            assert abs(found["est"] + found["bias"] - row["mean"]) < 4 * row["se"] / np.sqrt(n)
            assert found["se"] == pytest.approx(row["se"], rel=0.4)


def test_raw_metric_of_tenenhaus_is_found() -> None:
    expected = published("tenenhaus2005")
    found = lv.pls(ECSI, mobi(), scheme="centroid", metric="raw")
    paths, n = found.paths(), found.nobs
    for key, value in expected["paths"].items():
        outcome, origin = key.split("~")
        assert paths.loc[origin, outcome] == pytest.approx(value, abs=1e-4)
    assert found.r2().to_dict() == pytest.approx(expected["r2"], abs=1e-4)
    assert found.loadings().sum(axis=1).to_dict() == pytest.approx(expected["loadings"], abs=1e-4)
    weights = found.weights().sum(axis=1) * np.sqrt(n / (n - 1))
    assert weights.to_dict() == pytest.approx(expected["weights"], abs=1e-4)
    assert found.reliability()["ave"].to_dict() == pytest.approx(expected["ave"], abs=1e-4)


def test_moderation_by_switching_costs_is_found() -> None:
    expected = published("corp_rep_moderation")
    found = lv.pls(REPUTATION, lv.datasets.load("corp_rep"))
    more = expected["more_digits"]
    assert found.paths().loc["CUSA:SC", "CUSL"] == pytest.approx(expected["interaction"], abs=5e-4)
    assert found.paths().loc["CUSA:SC", "CUSL"] == pytest.approx(more["interaction"], abs=1e-6)
    assert found.paths("standardized").loc["CUSA:SC", "CUSL"] == pytest.approx(
        more["interaction_standardized"], abs=1e-6
    )
    assert found.r2()["CUSL"] == pytest.approx(expected["r2"], abs=5e-4)
    assert found.f2().loc["CUSA:SC", "CUSL"] == pytest.approx(expected["f2"], abs=5e-4)
    slopes = found.slopes((-1.0, 1.0)).query("predictor == 'CUSA'")["est"]
    assert slopes.round(2).tolist() == [expected["slopes"]["-1"], expected["slopes"]["1"]]
    for key, value in more["paths"].items():
        outcome, origin = key.split("~")
        assert found.paths().loc[origin, outcome] == pytest.approx(value, abs=1e-6)


def test_interval_of_the_moderation_is_found_within_sampling_error() -> None:
    found = lv.pls(REPUTATION, lv.datasets.load("corp_rep"))
    found.bootstrap(800, seed=3)
    row = found.estimates().query("op == '~' and rhs == 'CUSA:SC'").iloc[0]
    assert [row["ci_lower"], row["ci_upper"]] == pytest.approx(published("corp_rep_moderation")["ci"], abs=0.02)


def test_information_criteria_of_seminr_are_found() -> None:
    for name in EVALUATED:
        criteria = fit(name).criteria()
        for measure in ("aic", "bic"):
            assert criteria[measure].to_dict() == pytest.approx(figures(name)[measure], abs=1e-5)


def test_first_stage_of_a_higher_order_construct_is_found() -> None:
    expected, found = figures("higher_order")["first_stage"], fit("higher_order")
    names, first = found.stages[0].names, found.solutions[0]
    assert widest(pd.DataFrame(first.B[0], names, names), expected["paths"]) < 1e-5


def test_first_stage_weights_and_scores_of_seminr_are_found() -> None:
    expected, found = figures("higher_order")["first_stage"], fit("higher_order")
    stage, first, answers = found.stages[0], found.solutions[0], mobi()
    items = [column.name for column in stage.columns]
    weights = pd.DataFrame(0.0, items, stage.names)
    for k, item in enumerate(items):
        weights.iloc[k, stage.block[k]] = first.w[0, k]
        assert weights.loc[item, weights.loc[item] != 0].to_dict() == pytest.approx(expected["weights"][item], abs=1e-5)
    scores = ((answers - answers.mean()) / answers.std())[items] @ weights
    told = pd.DataFrame.from_dict(expected["scores"], orient="index")
    np.testing.assert_allclose(scores.iloc[: len(told)][told.columns], told, atol=1e-5)


def test_product_items_of_seminr_are_products_of_standardized_items() -> None:
    expected, answers = published("seminr_descriptives")["product_items"], mobi()
    z = (answers - answers.mean()) / answers.std()
    made = pd.DataFrame({name: z[name.split("*")[0]] * z[name.split("*")[1]] for name in expected["abs_mean"]})
    told = pd.DataFrame.from_dict(expected["head"], orient="index")
    np.testing.assert_allclose(made.iloc[: len(told)][told.columns], told, atol=1e-5)
    assert made.abs().mean().to_dict() == pytest.approx(expected["abs_mean"], abs=1e-5)


def test_intervals_of_indirect_effects_of_seminr_are_found_within_sampling_error() -> None:
    table = fit("ecsi").bootstrap(1000, seed=1).ci(of="effects").set_index(["predictor", "outcome", "effect"])
    for name, ends in published("seminr_descriptives")["indirect_intervals"].items():
        ours = table.loc[(*name.split(" -> "), "indirect")]
        assert [ours["ci_lower"], ours["ci_upper"]] == pytest.approx(ends, abs=0.8 * ours["se"])


def test_paths_that_no_bootstrap_of_seminr_turned_keep_their_sign_here() -> None:
    table = basic_intervals().query("op == '~'").set_index(["rhs", "lhs"])
    for name, p in published("seminr_descriptives")["path_p_values"].items():
        assert p == 0
        assert table.loc[tuple(name.split(" -> ")), "ci_lower"] > 0


@pytest.mark.parametrize(("op", "kind"), [("~", "paths"), ("=~", "loadings"), ("<~", "weights")])
def test_intervals_of_seminr_are_found_within_sampling_error(op: str, kind: str) -> None:
    expected, table = figures("basic")["bootstrap"], basic_intervals()
    for name, row in expected[kind].items():
        a, b = name.split(" -> ")
        lhs, rhs = b, a
        ours = table[(table["op"] == op) & (table["lhs"] == lhs) & (table["rhs"] == rhs)].iloc[0]
        for end, theirs in zip(("ci_lower", "ci_upper"), row["ci"], strict=True):
            assert abs(ours[end] - theirs) < 0.8 * row["se"] + 1e-12  # the ends of 200 draws err by some .2 se


@cache
def basic_intervals() -> pd.DataFrame:
    return fit("basic").bootstrap(1000, seed=4).ci()


def test_simple_model_of_corporate_reputation_is_found() -> None:
    expected = published("corp_rep_simple")
    found = lv.pls(REPUTATION_SIMPLE, lv.datasets.load("corp_rep"))
    for key, value in expected["paths"].items():
        outcome, origin = key.split("~")
        assert found.paths().loc[origin, outcome] == pytest.approx(value, abs=1e-6)
    assert found.r2().to_dict() == pytest.approx(expected["r2"], abs=1e-6)


def test_loadings_and_product_of_the_moderation_are_found() -> None:
    more = published("corp_rep_moderation")["more_digits"]
    found = lv.pls(REPUTATION, lv.datasets.load("corp_rep"))
    assert found.loadings().sum(axis=1)[list(more["loadings"])].to_dict() == pytest.approx(more["loadings"], abs=1e-6)
    assert found.scores()["CUSA:SC"].std() == pytest.approx(more["sd_product"], abs=1e-6)
    assert found.r2().to_dict() == pytest.approx(more["r2"], abs=1e-6)


def _transposed(cells: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row, values in cells.items():
        for column, value in values.items():
            found.setdefault(column, {})[row] = value
    return found
