"""Competing models side by side, and Vuong's tests against R's arithmetic done by hand."""

from __future__ import annotations

import numpy as np
import pytest

import lvmodels as lv
from lvmodels.assess.ranking import ModelRanking
from lvmodels.assess.vuong import case_log_likelihoods, vuong_test, weighted_tail
from lvmodels.errors import ModelError, ModelTypeError, NotEstimableError, OptionValueError


@pytest.fixture(scope="module")
def ranking() -> ModelRanking:
    data = lv.frameworks["encounter_research"].simulate(400, seed=1)
    return lv.rank_models(lv.frameworks.family("service_encounter"), data)


def test_true_model_comes_first_and_weights_sum_to_one(ranking: ModelRanking) -> None:
    assert ranking.table.index[0] == "encounter_research"
    assert ranking.table[["aic_weight", "bic_weight"]].sum().tolist() == pytest.approx([1, 1])
    gap = ranking.table["bic_diff"]
    assert ranking.table["bic_weight"].iloc[1] / ranking.table["bic_weight"].iloc[0] == pytest.approx(
        np.exp(-gap.iloc[1] / 2)
    )


def test_nested_pairs_have_the_difference_of_chi_squares(ranking: ModelRanking) -> None:
    pairs = ranking.pairs.set_index(["first", "second"])
    row = pairs.loc[("encounter_indirect", "encounter_research")]
    by_hand = (
        ranking.fits["encounter_indirect"].fit_measures()["chisq"]
        - ranking.fits["encounter_research"].fit_measures()["chisq"]
    )
    assert row["relation"] == "nested"
    assert row["chisq_diff"] == pytest.approx(by_hand)
    assert pairs.loc[("encounter_satisfaction", "encounter_value"), "relation"] == "not nested"


def test_vuong_by_hand(ranking: ModelRanking) -> None:
    first, second = ranking.fits["encounter_satisfaction"], ranking.fits["encounter_value"]
    gap = case_log_likelihoods(first) - case_log_likelihoods(second)
    assert gap.sum() == pytest.approx(first.llf - second.llf)
    tested, turned = vuong_test(first, second), vuong_test(second, first)
    assert tested.z == pytest.approx(gap.sum() / np.sqrt(len(gap)) / gap.std())
    assert turned.z == pytest.approx(-tested.z)
    assert turned.distinguishable == pytest.approx(tested.distinguishable, abs=1e-6)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_case_log_likelihoods_sum_to_that_of_the_fit(missing: str) -> None:
    fit = lv.sem(lv.datasets.model("value_loyalty"), lv.datasets.load("value_loyalty"), missing=missing)
    assert case_log_likelihoods(fit).sum() == pytest.approx(fit.llf)
    given = lv.sem("x1 ~ x2 + x3\nx4 ~ x1", lv.datasets.load("holzinger_swineford"), group="school")
    assert case_log_likelihoods(given).sum() == pytest.approx(given.llf)


def test_weighted_tail_agrees_with_simulation() -> None:
    weights = np.array([0.9, 0.5, 0.5, 0.2, 0.01])
    draws = np.random.default_rng(0).chisquare(1, (200_000, 5)) @ weights
    for x in (0.5, 2.0, 6.0):
        assert weighted_tail(x, weights) == pytest.approx((draws > x).mean(), abs=0.004)


def test_equivalent_models_are_called_so() -> None:
    data = lv.datasets.load("holzinger_swineford")
    ranking = lv.rank_models({"forth": "x1 ~ x2\nx2 ~ x3", "back": "x3 ~ x2\nx2 ~ x1"}, data, fixed_x=False)
    assert ranking.pairs["relation"].tolist() == ["equivalent"]


@pytest.mark.slow
def test_indistinguishable_models_are_rarely_told_apart() -> None:
    rejected, runs = 0, 300
    for seed in range(runs):
        answers = np.random.default_rng(seed).standard_normal((400, 3))
        data = dict(zip("abc", answers.T, strict=True))
        import pandas as pd

        fits = [lv.sem(f"c ~ {x}\na ~~ 0*b\na ~~ a\nb ~~ b\nc ~~ 0*{y}", pd.DataFrame(data)) for x, y in ("ab", "ba")]
        rejected += vuong_test(*fits).distinguishable < 0.05
    assert 0.02 < rejected / runs < 0.09


def test_bad_input_is_named() -> None:
    data = lv.datasets.load("holzinger_swineford")
    with pytest.raises(OptionValueError, match="at least two models, not 1"):
        lv.rank_models({"one": "x1 ~ x2"}, data)
    with pytest.raises(ModelTypeError, match="model 'b' is a int"):
        lv.rank_models({"a": "x1 ~ x2", "b": 3}, data)
    with pytest.raises(ModelError, match="in one of them only"):
        lv.rank_models({"a": "x1 ~ x2", "b": "x1 ~ x3"}, data)
    weighted = lv.sem("x1 ~ x2", data, cluster="school")
    with pytest.raises(NotEstimableError, match="independent cases"):
        vuong_test(weighted, weighted)
