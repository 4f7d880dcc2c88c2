"""MICOM, permutation tests, Henseler's analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.composites.groups import exceeding, henseler
from tests.pls.models import FEW, MODERATED, mobi
from tests.pls.test_estimation import simulated

TWO = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"


def two_groups() -> pd.DataFrame:
    weak, strong = simulated("weak", 200, 1), simulated("strong", 200, 2)
    return pd.concat([weak.assign(group="weak"), strong.assign(group="strong")], ignore_index=True)


def test_each_group_is_the_fit_of_its_cases() -> None:
    data = two_groups()
    found = lv.pls(TWO, data).groups("group", 20, seed=1)
    assert found.labels == ("weak", "strong")
    for label, fit in zip(found.labels, found.fits, strict=True):
        assert np.allclose(fit.paths(), lv.pls(TWO, data[data["group"] == label]).paths(), atol=1e-7)
    row = found.paths().iloc[0]
    assert row["difference"] == pytest.approx(found.fits[0].paths().loc["A", "B"] - found.fits[1].paths().loc["A", "B"])


def test_a_difference_of_populations_is_found_by_all_three_tests() -> None:
    row = lv.pls(TWO, two_groups()).groups("group", 300, seed=1).paths().iloc[0]
    assert row["difference"] < -0.1
    assert row["pvalue_permutation"] < 0.05
    assert row["pvalue_henseler"] < 0.05
    assert row["pvalue_welch"] < 0.05


def test_groups_at_random_do_not_differ() -> None:
    data = mobi().assign(half=np.random.default_rng(8).integers(0, 2, 250))
    found = lv.pls(FEW, data).groups("half", 200, seed=1)
    assert (found.paths()["pvalue_permutation"] > 0.01).all()
    assert (found.micom()["correlation_pvalue"] > 0.01).all()


def test_a_shift_of_means_leaves_partial_invariance() -> None:
    low, high = simulated("strong", 300, 1), simulated("strong", 300, 2) + 0.5
    data = pd.concat([low.assign(group="low"), high.assign(group="high")], ignore_index=True)
    table = lv.pls(TWO, data).groups("group", 200, seed=1).micom().set_index("construct")
    assert (table["mean"] < -0.4).all()
    assert (table["mean_pvalue"] < 0.05).all()
    assert table["invariance"].tolist() == ["partial", "partial"]


def test_composites_made_by_other_weights_correlate_as_said() -> None:
    data = two_groups()
    found = lv.pls(TWO, data).groups("group", 50, seed=1)
    X = data[["a1", "a2", "a3"]]
    made = [
        X @ (fit.weights()["A"].iloc[:3] / data[data["group"] == label][["a1", "a2", "a3"]].std())
        for fit, label in zip(found.fits, found.labels, strict=True)
    ]
    assert found.micom().loc[0, "correlation"] == pytest.approx(np.corrcoef(*made)[0, 1])


def test_three_groups_are_compared_in_pairs() -> None:
    data = mobi().assign(third=np.arange(250) % 3)
    found = lv.pls(FEW, data).groups("third", 30, seed=1)
    assert found.micom()[["group", "other"]].drop_duplicates().to_numpy().tolist() == [
        ["0", "1"],
        ["0", "2"],
        ["1", "2"],
    ]
    assert len(found.paths()) == 9


def test_products_are_compared_too() -> None:
    data = mobi().assign(half=np.arange(250) % 2)
    found = lv.pls(MODERATED, data).groups("half", 20, seed=1)
    assert "Image:Expectation" in set(found.paths()["rhs"])
    assert "Image:Expectation" not in set(found.micom()["construct"])


def test_the_seed_decides() -> None:
    fit = lv.pls(TWO, two_groups())
    a, b = (fit.groups("group", 60, seed=4) for _ in range(2))
    assert a.estimates().equals(b.estimates())
    assert a.micom().equals(b.micom())


def test_p_values_by_hand() -> None:
    assert exceeding(np.array([[0.1], [-0.4], [0.2]]), np.array([0.3])).tolist() == [0.5]
    a, b = np.array([[0.1], [0.3]]), np.array([[0.2], [0.2]])
    assert henseler(a, b).tolist() == [1.0]


def test_impossible_groups_are_refused() -> None:
    data = mobi().assign(half=np.arange(250) % 2, tiny=[1] * 248 + [2] * 2)
    with pytest.raises(errors.LvmodelsError, match="hlaf"):
        lv.pls(FEW, data).groups("hlaf", 10)
    with pytest.raises(errors.TooFewCasesError, match="group '2'"):
        lv.pls(FEW, data).groups("tiny", 10)
    gaps = data.astype(float).mask(np.random.default_rng(1).random(data.shape) < 0.02)
    gaps["half"] = data["half"]
    with pytest.raises(errors.NotEstimableError, match="case by case"):
        lv.pls(FEW, gaps, missing="pairwise").groups("half", 10)
