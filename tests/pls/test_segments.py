"""Segments, endogeneity, necessary conditions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.composites.necessity import bottleneck, ceilings
from tests.pls.models import ECSI, FEW, MODERATED, fit, mobi

SINGLE = "y ~ x"


def two_segments(n: int = 400) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(3)
    member = np.arange(n) % 4 == 0  # a quarter
    x = generator.standard_normal(n)
    y = np.where(member, -0.9, 0.9) * x + 0.3 * generator.standard_normal(n)
    return pd.DataFrame({"x": x, "y": y}), member


def test_segments_with_opposite_paths_are_found() -> None:
    data, member = two_segments()
    found = lv.pls(SINGLE, data).fimix(2, seed=1)
    assert found.sizes.tolist() == pytest.approx([0.75, 0.25], abs=0.05)
    assert found.paths[0].loc["x", "y"] > 0 > found.paths[1].loc["x", "y"]
    clear = np.abs(data["x"]) > 0.5
    assert ((found.assigned == 2) == member)[clear].mean() > 0.95
    assert (found.r2.loc["y"] > 0.8).all()


def test_criteria_prefer_the_true_number_of_segments() -> None:
    data, _ = two_segments()
    model = lv.pls(SINGLE, data)
    bic = [model.fimix(k, starts=3, seed=1).criteria["bic"] for k in (1, 2, 3)]
    assert int(np.argmin(bic)) == 1
    assert model.fimix(1, seed=1).criteria["entropy"] == 1.0


def test_one_segment_is_the_model_itself() -> None:
    model = fit("ecsi")
    found = model.fimix(1, starts=1, seed=1)
    assert np.allclose(found.paths[0], model.paths(), atol=1e-9)
    assert np.allclose(found.r2[1], model.r2().loc[found.r2.index], atol=1e-9)
    residual = 1 - model.r2()
    expected = -0.5 * 250 * (np.log(2 * np.pi * residual * 249 / 250) + 1).sum()
    assert found.criteria["log_likelihood"] == pytest.approx(expected)


def test_membership_adds_up_and_the_seed_decides() -> None:
    found, again = (fit("ecsi").fimix(2, starts=2, seed=4) for _ in range(2))
    assert np.allclose(found.membership.sum(axis=1), 1.0)
    assert found.membership.equals(again.membership)


def test_impossible_segments_are_refused() -> None:
    for segments in (0, 1.5, 100):
        with pytest.raises(errors.OptionValueError):
            fit("ecsi").fimix(segments)  # type: ignore[arg-type]
        with pytest.raises(errors.OptionValueError):
            fit("ecsi").pos(segments)  # type: ignore[arg-type]


def test_segments_that_predict_are_found() -> None:
    data, member = two_segments(200)
    found = lv.pls(SINGLE, data).pos(2, starts=2, seed=1)
    assert found.objective > 0.8 > found.pooled
    assert found.paths[0].loc["x", "y"] > 0 > found.paths[1].loc["x", "y"]
    clear = np.abs(data["x"]) > 0.7
    assert ((found.assigned == 2) == member)[clear].mean() > 0.9
    again = lv.pls(SINGLE, data).pos(2, starts=2, seed=1)
    assert again.assigned.equals(found.assigned)


def test_each_segment_is_the_fit_of_its_cases() -> None:
    data = mobi()[:120]
    found = lv.pls(FEW, data).pos(2, starts=1, seed=1)
    for label, paths, share in zip(found.sizes.index, found.paths, found.sizes, strict=True):
        own = lv.pls(FEW, data[(found.assigned == label).to_numpy()])
        assert np.allclose(paths, own.paths(), atol=1e-5)
        assert share == pytest.approx(own.nobs / 120)
    assert found.objective == pytest.approx((found.r2.sum() * found.sizes).sum())
    assert found.objective > found.pooled


def test_a_predictor_that_goes_with_the_residual_is_found() -> None:
    """Simulated as Park and Gupta do: skewed x, and an error that correlates with its normal score."""
    generator = np.random.default_rng(5)
    z, e = generator.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=800).T
    x = np.exp(z)
    endogenous = lv.pls(SINGLE, pd.DataFrame({"x": x, "y": x + 2 * e})).copula(100, seed=1).iloc[0]
    exogenous = lv.pls(SINGLE, pd.DataFrame({"x": x, "y": x + 2 * generator.standard_normal(800)})).copula(100, seed=1)
    assert endogenous["pvalue"] < 0.01
    assert endogenous["normality_pvalue"] < 0.01
    assert exogenous.iloc[0]["pvalue"] > 0.01


def test_copulas_are_added_one_by_one_and_together() -> None:
    table = lv.pls(FEW, mobi()).copula(30, seed=1)
    assert table["with_copulas_of"].tolist()[:3] == ["Image", "Expectation", "Value"]
    assert set(table["with_copulas_of"][3:]) == {"Image + Expectation + Value"}
    assert "Image:Expectation" not in set(lv.pls(MODERATED, mobi()).copula(10, seed=1)["predictor"])


def test_ceilings_by_hand() -> None:
    x, y = np.array([0.0, 1.0, 2.0, 4.0]), np.array([1.0, 0.0, 3.0, 4.0])
    sizes, line = ceilings(x, y[None])
    assert sizes[0, 0] == pytest.approx((3 * 2 + 1 * 2) / 16)  # empty: 3 above x < 2, 1 above x < 4
    slope, intercept = np.polyfit([0, 2, 4], [1, 3, 4], 1)
    assert line[0].tolist() == pytest.approx([intercept, slope])
    grid = np.linspace(0, 4, 400_001)
    area = 4 * (4 - np.clip(intercept + slope * grid, 0, 4)).mean()
    assert sizes[0, 1] == pytest.approx(area / 16, abs=1e-5)
    assert bottleneck(x, y, np.array([0.0, 25.0, 50.0, 100.0]))[2:].tolist() == [50.0, 100.0]


def test_a_necessary_condition_is_found() -> None:
    generator = np.random.default_rng(2)
    x = generator.uniform(0, 10, 300)
    data = pd.DataFrame({"x": x, "z": generator.uniform(0, 10, 300), "y": x * generator.uniform(0, 1, 300)})
    found = lv.pls("y ~ x + z", data).nca(n=200, seed=1).effects.set_index("predictor")
    assert found.loc["x", "ce_fdh_pvalue"] < 0.01
    assert found.loc["x", "cr_fdh"] > 0.35
    assert found.loc["z", "ce_fdh_pvalue"] > 0.05


def test_bottlenecks_name_what_an_outcome_needs() -> None:
    found = lv.pls(ECSI, mobi()).nca("Loyalty", n=50, seed=1)
    assert list(found.bottlenecks) == ["Image", "Satisfaction", "Complaints"]
    needed = found.bottlenecks["Satisfaction"].fillna(0.0)
    assert needed.is_monotonic_increasing
    with pytest.raises(errors.ModelError, match="Loyalty"):
        lv.pls(ECSI, mobi()).nca("Loyality")
