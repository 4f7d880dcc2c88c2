"""Indices and maps: worked examples computed by hand or elsewhere, identities, and input that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

import lvmodels as lv
from lvmodels.errors import LvmodelsError

ix = lv.indices
MODEL = """
    Quality =~ PERQ1 + PERQ2 + PERQ3
    Value =~ PERV1 + PERV2
    Loyalty =~ CUSL1 + CUSL3
    Value ~ Quality
    Loyalty ~ Value + Quality
"""


@pytest.fixture(scope="module")
def fit() -> lv.Fit:
    return lv.sem(MODEL, lv.datasets.load("ecsi_mobi"))


@pytest.fixture(scope="module")
def pls() -> lv.PlsFit:
    return lv.pls(MODEL, lv.datasets.load("ecsi_mobi"))


# ---- gaps -----------------------------------------------------------------------------------------------------------


def test_gap_and_its_test_are_those_of_the_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 8, (40, 2)), columns=["seen", "wished"])
    row = ix.gap_scores(frame, {"seen": "wished"}, 1, 7).table.loc["seen"]
    test = stats.ttest_rel(frame["seen"], frame["wished"])
    assert (row["gap"], row["t"], row["pvalue"]) == pytest.approx(
        (frame["seen"].mean() - frame["wished"].mean(), test.statistic, test.pvalue)
    )
    interval = test.confidence_interval()
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((interval.low, interval.high))
    assert row["better"] + row["equal"] + row["worse"] == pytest.approx(1)


def test_servqual_of_the_shipped_instruments_weighs_by_the_points_of_each_respondent() -> None:
    seen, wished = lv.instruments.load("servqual"), lv.instruments.load("servqual_expectations")
    rng = np.random.default_rng(2)
    columns = [item.name for item in (*seen.items, *wished.items)]
    frame = pd.DataFrame(rng.integers(1, 8, (30, len(columns))), columns=columns)
    points = pd.DataFrame(rng.dirichlet(np.ones(5), 30) * 100, columns=list("ABCDE"))
    names = [c.name for c in seen.constructs]
    found = ix.servqual(pd.concat([frame, points], axis=1), importance=dict(zip(names, "ABCDE", strict=True)))
    by_hand = sum(
        points[letter] / 100 * np.mean([frame[i.name] - frame[f"{i.name}E"] for i in seen.items_of(name)], axis=0)
        for name, letter in zip(names, "ABCDE", strict=True)
    )
    assert found.overall.loc["weighted", "gap"] == pytest.approx(float(np.mean(by_hand)))
    assert found.table["weighted_gap"].sum() == pytest.approx(found.overall.loc["weighted", "gap"])
    assert found.table["weight"].sum() == pytest.approx(1)


def test_reverse_keyed_items_are_turned_round_once() -> None:
    block = ix.likert_items("Sat", "Satisfaction", ["a", "b"], ix.likert_scale(5), reverse=[2])
    survey = lv.read_survey(
        pd.DataFrame({"SAT1": [5, 4], "SAT2": [1, 2]}), instrument=ix.build_instrument("x", "X", [block])
    )
    index = ix.satisfaction_index(survey, weights=["SAT1", "SAT2"], n=10, seed=1)
    assert index.items["mean"].tolist() == [4.5, 4.5]
    assert index.table.loc["all", "index"] == 87.5


# ---- index and importance -------------------------------------------------------------------------------------------


def test_index_of_the_formula_and_its_bootstrap() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.integers(1, 11, (200, 3)), columns=list("abc"))
    w = np.array([0.5, 0.3, 0.2])
    found = ix.satisfaction_index(
        pl.from_pandas(frame), weights=dict(zip("abc", w, strict=True)), low=1, high=10, seed=1
    )
    row = found.table.loc["all"]
    scores = 100 * (frame.to_numpy() @ w - 1) / 9
    assert row["index"] == pytest.approx(scores.mean())
    assert row["se"] == pytest.approx(scores.std(ddof=1) / np.sqrt(200), rel=0.05)
    assert row["ci_lower"] < row["index"] < row["ci_upper"]


def test_index_by_group_is_that_of_the_group_alone() -> None:
    frame = pd.DataFrame({"a": [1, 5, 3, 3, 4.0], "b": [2, 4, 3, np.nan, 5], "shop": list("xxyyy")})
    found = ix.satisfaction_index(frame, weights=["a", "b"], group="shop", low=1, high=5, n=20, seed=1)
    assert found.table["index"].tolist() == pytest.approx([50.0, 100 * ((10 / 3 - 1) + (4 - 1)) / 8])


def test_index_of_a_model_weighs_by_loading_over_residual_variance(fit: lv.Fit) -> None:
    table = fit.estimates().set_index(["lhs", "op", "rhs"])["est"]
    items = ["PERQ1", "PERQ2", "PERQ3"]
    w = np.array([table["Quality", "=~", i] / table[i, "~~", i] for i in items])
    means = lv.datasets.load("ecsi_mobi").answers[items].mean().to_numpy()
    found = ix.satisfaction_index(fit, "Quality", n=500, seed=1)
    assert found.table.loc["all", "index"] == pytest.approx(100 * ((means - 1) @ w) / (9 * w.sum()), abs=1e-3)
    assert found.items["weight"].tolist() == pytest.approx(w / w.sum())
    assert found.draws.equals(ix.satisfaction_index(fit, "Quality", n=500, seed=1).draws)


def test_index_of_partial_least_squares_is_its_performance(pls: lv.PlsFit) -> None:
    found = ix.satisfaction_index(pls, "Quality", n=300, seed=1)
    assert found.table.loc["all", "index"] == pytest.approx(
        pls.ipma("Loyalty").constructs.loc["Quality", "performance"], abs=1e-6
    )
    assert 0 < found.table.loc["all", "se"] < 3


def test_importance_is_the_total_effect_in_points_of_the_indices(fit: lv.Fit) -> None:
    found = ix.importance_performance(fit, "Loyalty")
    table = fit.estimates().set_index(["lhs", "op", "rhs"])["est"]
    effects = fit.effects().query("outcome == 'Loyalty' and effect == 'total'").set_index("predictor")

    def points(construct: str, *items: str) -> float:
        loading = np.array([table[construct, "=~", item] for item in items])
        w = loading / np.array([table[item, "~~", item] for item in items])
        return float(100 * (w @ loading) / (9 * w.sum()))

    ratio = points("Loyalty", "CUSL1", "CUSL3") / points("Quality", "PERQ1", "PERQ2", "PERQ3")
    row = found.constructs.loc["Quality"]
    assert row["importance"] == pytest.approx(effects.loc["Quality", "est"] * ratio)
    assert found.items.loc["Quality", "importance"].sum() == pytest.approx(row["importance"])
    assert row["performance"] == pytest.approx(ix.satisfaction_index(fit, "Quality", n=10).table.loc["all", "index"])


def test_importance_does_not_depend_on_the_marker(fit: lv.Fit) -> None:
    other = lv.sem(MODEL, lv.datasets.load("ecsi_mobi"), std_lv=True)
    first, second = (ix.importance_performance(f, "Loyalty").constructs for f in (fit, other))
    np.testing.assert_allclose(first[["importance", "se"]], second[["importance", "se"]], rtol=1e-3)


def test_map_of_partial_least_squares_is_that_of_ipma(pls: lv.PlsFit) -> None:
    found = ix.importance_performance(pls, "Loyalty")
    assert found.constructs["importance"].tolist() == pls.ipma("Loyalty").constructs["importance"].tolist()


# ---- Kano, promoters, value -----------------------------------------------------------------------------------------


def test_kano_places_every_pair_of_answers() -> None:
    pairs = [(f, d) for f in range(1, 6) for d in range(1, 6)]
    found = ix.kano(pd.DataFrame(pairs, columns=["f", "d"]), {"x": ("f", "d")})
    letters = "".join(c[0] for c in found.answers["x"])
    assert letters == "qaaao" + "riiim" * 3 + "rrrrq"
    row = found.table.loc["x"]
    assert row[["attractive", "one_dimensional", "must_be", "indifferent", "reverse", "questionable"]].tolist() == [
        3, 1, 3, 9, 7, 2,
    ]  # fmt: skip
    assert (row["better"], row["worse"]) == (4 / 16, -4 / 16)


def test_fong_test_of_a_worked_example() -> None:
    # 60 attractive, 30 one-dimensional, 10 indifferent: z = 30 / sqrt(90 * 110 / 200)
    frame = pd.DataFrame({"f": [1] * 90 + [3] * 10, "d": [3] * 60 + [5] * 30 + [3] * 10})
    row = ix.kano(frame, {"x": ("f", "d")}).table.loc["x"]
    assert row["z"] == pytest.approx(30 / np.sqrt(90 * 110 / 200))
    assert row["clear"]
    assert row["category"] == "attractive"
    assert (row["better_lower"], row["better_upper"]) == pytest.approx(
        tuple(stats.binomtest(90, 100).proportion_ci(method="wilson"))
    )


def test_ties_go_to_what_must_be_there() -> None:
    frame = pd.DataFrame({"f": [2, 1, 1, 3], "d": [5, 3, 5, 3]})
    row = ix.kano(frame, {"x": ("f", "d")}).table.loc["x"]
    assert (row["category"], row["tied"], row["clear"]) == ("must_be", True, False)


def test_score_interval_inverts_the_score_test() -> None:
    b, m, c, n = 30, 25, 15, 70
    for delta in np.array(ix.promoter_interval(b, m, c, "score")) / 100:

        def deviance(q: float, delta: float = float(delta)) -> float:
            return -(b * np.log(q + delta) + c * np.log(q) + m * np.log(1 - 2 * q - delta))

        low, high = max(1e-9, 1e-9 - delta), (1 - delta) / 2 - 1e-9
        q = minimize_scalar(deviance, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
        z = (b - c - n * delta) / np.sqrt(n * (2 * q + delta * (1 - delta)))
        assert abs(z) == pytest.approx(stats.norm.ppf(0.975), rel=1e-4)


def test_adjusted_interval_adds_three_observations() -> None:
    p, q, n = 50.75 / 103, 20.75 / 103, 103
    half = stats.norm.ppf(0.975) * np.sqrt((p + q - (p - q) ** 2) / n)
    assert ix.promoter_interval(50, 30, 20) == pytest.approx((100 * (p - q - half), 100 * (p - q + half)))
    assert ix.promoter_interval(5, 0, 0, "score")[1] == 100


def test_promoters_by_group_and_their_difference() -> None:
    frame = pd.DataFrame({"x": [10, 9, 8, 0] * 5 + [10, 10, 9, 7] * 5, "g": ["a"] * 20 + ["b"] * 20})
    found = ix.net_promoter_score(frame, "x", "g")
    assert found.table["nps"].tolist() == [25.0, 75.0]
    row = found.differences.iloc[0]
    assert row["se"] == pytest.approx(100 * np.sqrt((0.75 - 0.0625) / 20 + (0.75 - 0.5625) / 20))
    assert row["z"] == pytest.approx(row["difference"] / row["se"])


def test_value_map_after_gale() -> None:
    weights = {"yellow": 10, "meat": 20, "clean": 20, "fresh": 15, "at_hand": 10, "image": 25}
    ours, theirs = (8.1, 9.0, 9.2, 8.0, 8.0, 9.4), (7.2, 7.3, 6.5, 8.0, 8.0, 6.4)
    scores = {n: dict(zip(weights, s, strict=True)) for n, s in (("ours", ours), ("theirs", theirs))}
    found = ix.value_map(scores, weights, {"ours": 1.1, "theirs": 1.0}, quality_share=0.6)
    by_hand = sum(w * a / b for w, a, b in zip(weights.values(), ours, theirs, strict=True)) / 100
    row = found.table.loc["ours"]
    assert row["quality"] == pytest.approx(by_hand)
    assert row["fair_price"] == pytest.approx(1 + 1.5 * (by_hand - 1))
    assert row["zone"] == "better"
    assert found.attributes.loc["ours", "contribution"].sum() == pytest.approx(by_hand)


def test_value_map_of_answers_has_intervals() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.integers(4, 10, (60, 2)), columns=["a", "b"])
    found = ix.value_map({"A": {"x": "a"}, "B": {"x": "b"}}, {"x": 1}, {"A": 5, "B": 5}, frame, n=200, seed=1)
    assert found.n == 60
    assert (found.table["quality_lower"] < found.table["quality"]).all()
    assert found.table.loc["A", "quality"] == pytest.approx(frame["a"].mean() / frame["b"].mean())


def test_delivered_value_of_customers() -> None:
    frame = pd.DataFrame({"p": [10.0, 8, np.nan], "m": [4.0, 6, 5]})
    found = ix.delivered_value(product="p", money="m", service=1.0, data=frame)
    assert found.values["delivered"].tolist()[:2] == [7.0, 3.0]
    assert found.table.loc["delivered", ["mean", "n"]].tolist() == [5.0, 2]
    assert found.ratio == pytest.approx(10 / 5)


# ---- curve, indicators, form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "curve"),
    [
        ("linear", lambda x: 1 + 0.8 * x),
        ("exponential", lambda x: 0.8 * np.exp(0.25 * x)),
        ("power", lambda x: 0.5 * x**1.8),
        ("logistic", lambda x: 1 + 8 / (1 + np.exp(-1.5 * (x - 5.5)))),
    ],
)
def test_curve_finds_the_shape_that_made_the_data(shape: Any, curve: Callable[..., Any]) -> None:
    x = np.tile(np.arange(1.0, 11.0), 20)
    y = curve(x) + np.random.default_rng(5).normal(0, 0.15, len(x))
    found = ix.satisfaction_loyalty_curve(pd.DataFrame({"s": x, "l": y}), "s", "l")
    assert found.shapes.loc["all"].query("best").index.tolist() == [shape]
    assert found.shapes["weight"].sum() == pytest.approx(1)
    np.testing.assert_allclose(found.predict([2.0, 9.0]), curve(np.array([2.0, 9.0])), atol=0.15)
    assert found.zones["n"].sum() == 200


def test_line_has_the_aic_of_least_squares() -> None:
    rng = np.random.default_rng(6)
    x = rng.uniform(1, 7, 50)
    y = 2 + x + rng.normal(size=50)
    row = ix.satisfaction_loyalty_curve(pd.DataFrame({"s": x, "l": y}), "s", "l", shapes=["linear"]).shapes.iloc[0]
    rss = np.polyfit(x, y, 1, full=True)[1][0]
    assert row["aic"] == pytest.approx(50 * np.log(rss / 50) + 6)


def test_zones_of_a_hundred_customers_are_the_published_shares() -> None:
    y = np.arange(100.0)
    found = ix.satisfaction_loyalty_curve(pd.DataFrame({"s": y, "l": y}), "s", "l", shapes=["linear"])
    assert found.zones.loc["all", "n"].tolist() == [15, 70, 15]


def test_indicators_are_turned_and_weighted() -> None:
    frame = pd.DataFrame({"c": [0.1, 0.3], "r": [0.5, 0.9]})
    found = ix.satisfaction_indicators(
        frame, {"complaint_rate": "c", "return_rate": "r"},
        {"complaint_rate": (0, 1), "return_rate": (0, 1)}, {"complaint_rate": 1, "return_rate": 3},
    )  # fmt: skip
    assert found.scores["index"].tolist() == pytest.approx([(90 + 150) / 4, (70 + 270) / 4])
    assert len(ix.SATISFACTION_INDICATORS) == 7
    assert len(ix.LOYALTY_INDICATORS) == 5


def test_loyalty_form_of_its_instrument() -> None:
    frame = pd.DataFrame({"OVS": [4, 2, 4], "REP": [3, 1, 3], "REC": [3, 2, 2], "NPS": [10, 6, 9]})
    survey = lv.read_survey(frame, instrument=lv.instruments.load("loyalty_form"))
    found = ix.loyalty_form(survey)
    assert found.scores["index"].tolist() == pytest.approx([100, (100 / 3 + 0 + 50) / 3, 250 / 3])
    assert found.secure["n"] == 1
    assert found.nps is not None
    assert found.nps.table.loc["all", "nps"] == pytest.approx(100 / 3)
    assert found.levels.loc[("satisfaction", 4), "n"] == 2


# ---- scales, responses, plan ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", range(4, 12))
@pytest.mark.parametrize("kind", ["agreement", "satisfaction", "frequency", "likelihood", "importance"])
def test_scales_have_different_words_at_their_points_in_both_languages(points: int, kind: Any) -> None:
    scale = ix.likert_scale(points, kind, low=0)
    assert scale.values == tuple(range(points))
    for words in scale.anchors.values():
        assert len(set(words.values())) == len(words) >= 2
        assert {0, points - 1} <= set(words)
    assert scale.anchors["en"].keys() == scale.anchors["zh"].keys()


def test_built_instrument_is_read_again_as_it_was() -> None:
    agree = ix.likert_items("Loyalty", {"en": "Loyalty", "zh": "忠诚"}, [{"en": "a", "zh": "甲"}], ix.likert_scale(5))
    image = ix.semantic_differential(
        "Image", {"en": "Image", "zh": "形象"}, [({"en": "old", "zh": "旧"}, {"en": "new", "zh": "新"})], 11, 0,
        stem={"en": "It is", "zh": "它"},
    )  # fmt: skip
    built = ix.build_instrument("x", {"en": "X", "zh": "某"}, [agree, image], missing=[-9])
    assert lv.Instrument.from_toml(built.to_toml()) == built
    assert built.codes("IMA1") == tuple(range(11))


def test_response_rates_and_their_test() -> None:
    found = ix.response_account({"a": 100, "b": 100}, {"a": 50, "b": 30}, {"a": 40, "b": 20}, undelivered={"a": 20})
    assert found.table["response_rate"].tolist() == pytest.approx([0.5, 0.2, 60 / 180])
    expected = stats.chi2_contingency([[40, 40], [20, 80]], correction=False)
    assert (found.chisq, found.pvalue) == pytest.approx((expected.statistic, expected.pvalue))


def test_usable_answers_are_counted_by_mode() -> None:
    frame = pd.DataFrame({"mode": ["web", "web", "mail"]})
    found = ix.response_account({"mail": 9, "web": 5}, {"mail": 2, "web": 2}, data=frame, mode="mode")
    assert found.table["usable"].tolist() == [1, 2, 3]


def test_plan_looks_up_what_it_can_and_sees_problems(fit: lv.Fit) -> None:
    response = ix.response_account({"web": 500}, {"web": 260}, {"web": 250})
    short = lv.instruments.load("loyalty_form")
    plan = ix.measurement_plan({"use": {"owner": "service"}}, instrument=short, response=response, fit=fit)
    state = plan.table["state"]
    assert state["criteria", "items_enough"] == "problem"
    assert state["statistics", "converged"] == state["field", "response"] == state["use", "owner"] == "done"
    assert state["use", "decision"] == "open"
    assert "[!] items_enough" in str(plan)


# ---- input that cannot be -------------------------------------------------------------------------------------------

FRAME = pd.DataFrame(
    {"a": [1.0, 2, 3] * 4, "b": [3.0, 1, 2] * 4, "c": [4.0] * 12, "none": [np.nan] * 12, "t": ["x"] * 12}
)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: ix.gap_scores(FRAME, {"a": "bb"}), "no column 'bb'"),
        (lambda: ix.gap_scores(FRAME, {"a": "none"}), "'none' has no answer"),
        (lambda: ix.gap_scores(FRAME, {"a": "t"}), "must be numeric"),
        (lambda: ix.gap_scores(FRAME, {"a": "b"}, 1, 2), "holds 3 in data row"),
        (lambda: ix.gap_scores(FRAME, {}), "pairs is empty"),
        (lambda: ix.servqual(FRAME, {"x": {"a": "b"}}, {"y": 1}), "every dimension"),
        (lambda: ix.satisfaction_index(FRAME, weights=["a"]), "low= and high="),
        (lambda: ix.satisfaction_index(FRAME, "x"), "weights="),
        (lambda: ix.satisfaction_index(FRAME, weights={"a": -1}, low=1, high=5), "not negative"),
        (lambda: ix.satisfaction_index(FRAME, weights=["a"], low=1, high=5, n=1), "at least 2 replicates"),
        (lambda: ix.kano(FRAME, {"x": ("a", "b", "c")}), "feature →"),  # type: ignore[dict-item]
        (lambda: ix.kano(FRAME.assign(a=9), {"x": ("a", "b")}), "outside its scale of 1 to 5"),
        (lambda: ix.net_promoter_score(FRAME.assign(a=11), "a"), "outside its scale of 0 to 10"),
        (lambda: ix.promoter_interval(1, 1, 1, "exact"), "method='exact'"),  # type: ignore[arg-type]
        (lambda: ix.value_map({"A": {"x": 1}}, {"x": 1}, {"A": 1}), "two or more"),
        (lambda: ix.value_map({"A": {"x": 1}, "B": {"x": 0}}, {"x": 1}, {"A": 1, "B": 1}), "above 0"),
        (lambda: ix.value_map({"A": {"x": "a"}, "B": {"x": 1}}, {"x": 1}, {"A": 1, "B": 1}), "there is no data"),
        (lambda: ix.delivered_value(product=1, money=-1), "positive numbers"),
        (lambda: ix.relationship_value(1, 1, 0, 0), "without any sacrifice"),
        (lambda: ix.satisfaction_loyalty_curve(FRAME, "a", "c"), "'c' is 4 in every row"),
        (lambda: ix.satisfaction_loyalty_curve(FRAME[:4], "a", "b"), "needs 8 or more"),
        (lambda: ix.satisfaction_loyalty_curve(FRAME, "a", "b", shapes=["round"]), "choose among"),  # type: ignore[list-item]
        (lambda: ix.satisfaction_indicators(FRAME, {"reputatoin": "a"}), "Did you mean 'reputation'"),
        (lambda: ix.satisfaction_indicators(FRAME, {"reputation": "c"}), "does not vary"),
        (lambda: ix.likert_scale(3), "4 to 11"),
        (lambda: ix.likert_items("X", "X", ["a"], reverse=[2]), "counted from 1 to 1"),
        (lambda: ix.response_account({"a": 5}, {"a": 6}, {"a": 1}), "6 returned and only 5"),
        (lambda: ix.response_account({"a": 5}, {"b": 2}, {"a": 1}), "must name the modes"),
        (lambda: ix.response_account({"a": 5}, {"a": 2}, {"a": 1.5}), "whole number"),  # type: ignore[dict-item]
        (lambda: ix.sample_size(1.5), "between 0 and 1"),
        (lambda: ix.measurement_plan({"use": {"ownr": "x"}}), "Did you mean 'owner'"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], match: str) -> None:
    with pytest.raises(LvmodelsError, match=match):
        call()


def test_models_that_have_no_index_say_so(fit: lv.Fit) -> None:
    with pytest.raises(LvmodelsError, match="Did you mean 'Quality'"):
        ix.satisfaction_index(fit, "Qualty")
    with pytest.raises(LvmodelsError, match="explained by nothing"):
        ix.importance_performance(fit, "Quality")
    with pytest.raises(LvmodelsError, match="outside its scale"):
        ix.satisfaction_index(fit, "Quality", low=1, high=5)
