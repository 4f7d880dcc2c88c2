"""One model by several methods: where they must agree, where they must not, and what is left out by name."""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import lvmodels as lv
from lvmodels.errors import LvmodelsError, NotEstimableError, OptionValueError
from lvmodels.measurement.side_by_side import SideBySide

TEXT = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3
C =~ c1 + c2 + c3
B ~ A
C ~ A + B
"""
HAS_SEMOPY = importlib.util.find_spec("semopy") is not None


def factors(n: int, seed: int) -> pd.DataFrame:
    """Common factors: B = .6 A, C = .3 A + .4 B, loadings .8, .7, .6."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.6 * a + rng.normal(scale=0.8, size=n)
    c = 0.3 * a + 0.4 * b + rng.normal(scale=np.sqrt(1 - 0.09 - 0.16 - 0.144), size=n)
    return pd.DataFrame(
        {
            f"{name}{k}": w * f + rng.normal(scale=np.sqrt(1 - w**2), size=n)
            for name, f in (("a", a), ("b", b), ("c", c))
            for k, w in ((1, 0.8), (2, 0.7), (3, 0.6))
        }
    )


@pytest.fixture(scope="module")
def large() -> tuple[SideBySide, pd.DataFrame]:
    data = factors(20_000, 1)
    return lv.side_by_side(TEXT, data), data


def test_consistent_methods_find_the_population_others_attenuate(
    large: tuple[SideBySide, pd.DataFrame],
) -> None:
    found, _ = large
    truth = np.array([0.6, 0.3, 0.4])
    for name in ("CB-SEM", "PLSc"):
        np.testing.assert_allclose(found.paths[name], truth, atol=0.03)
    for name in ("PLS", "sum scores"):
        assert found.paths[name].iloc[0] < 0.5
        assert (found.loadings[name] > found.loadings["CB-SEM"]).all()
    assert found.r2.loc["B", "CB-SEM"] == pytest.approx(0.36, abs=0.03)
    assert (found.r2["PLS"] < found.r2["CB-SEM"]).all()


def test_sum_scores_are_ordinary_regressions_of_standardized_sums(large: tuple[SideBySide, pd.DataFrame]) -> None:
    found, data = large
    z = (data - data.mean()) / data.std()
    sums = pd.DataFrame({name: z[[f"{name.lower()}{k}" for k in (1, 2, 3)]].sum(axis=1) for name in "ABC"})
    sums = sums / sums.std()
    by_hand = sm.OLS(sums["C"], sums[["A", "B"]]).fit()
    np.testing.assert_allclose(found.paths.loc["C", "sum scores"], by_hand.params, atol=1e-8)
    assert found.r2.loc["C", "sum scores"] == pytest.approx(by_hand.rsquared)


def test_every_column_is_that_of_its_own_fit(large: tuple[SideBySide, pd.DataFrame]) -> None:
    found, data = large
    own = lv.pls(TEXT, data, missing="casewise", consistent=True)
    np.testing.assert_allclose(found.r2["PLSc"], own.r2().reindex(found.r2.index))
    assert found.reliability.loc["A", "alpha"] == pytest.approx(lv.cronbach_alpha(data[["a1", "a2", "a3"]]).alpha)
    assert found.n == 20_000
    assert list(found.fits) == ["CB-SEM", "PLS", "PLSc", "sum scores"]


@pytest.mark.skipif(not HAS_SEMOPY, reason="semopy is not installed")
def test_the_second_engine_agrees(large: tuple[SideBySide, pd.DataFrame]) -> None:
    found, _ = large
    for table in (found.paths, found.loadings):
        np.testing.assert_allclose(table["semopy"], table["CB-SEM"], atol=2e-3)
    assert any("second engine" in note and "same function" in note for note in found.notes)


@pytest.mark.skipif(not HAS_SEMOPY, reason="semopy is not installed")
def test_the_second_engine_takes_labels_and_single_items_and_says_what_it_cannot() -> None:
    data = factors(300, 2)
    labelled = "A =~ a1 + a2 + a3; D =~ b1; D ~ p*A; twice := 2*p"
    found = lv.side_by_side(labelled, data)
    assert found.paths["semopy"].iloc[0] == pytest.approx(found.paths["CB-SEM"].iloc[0], abs=5e-3)
    for text in ("A =~ a1 + l*a2 + l*a3; b1 ~ A", "A =~ 1*a1 + a2 + 0.8*a3; b1 ~ A"):
        found = lv.side_by_side(text, data)
        assert "semopy" not in found.paths
        assert any(note.startswith("semopy was left out: the model") for note in found.notes)


def test_observed_variables_alone_are_the_same_everywhere() -> None:
    data = factors(400, 3)
    found = lv.side_by_side("b1 ~ a1 + a2; c1 ~ b1", data)
    assert len(found.loadings) == 0
    assert found.paths.notna().all().all()
    assert (found.paths.max(axis=1) - found.paths.min(axis=1)).max() < 1e-3
    assert "b1" in str(found)


def test_a_method_that_refuses_is_left_out_by_name() -> None:
    data = factors(500, 4)
    found = lv.side_by_side("A =~ a1 + a2 + a3 + b1; B =~ b1 + b2 + b3; B ~ A", data)
    assert "PLS" not in found.paths
    assert any(note.startswith("PLS was left out: ") for note in found.notes)
    assert found.paths["CB-SEM"].notna().all()


def test_ordinal_and_incomplete_answers() -> None:
    data = factors(600, 5)
    boxes = (data.clip(-1.4, 1.4).round() + 2).astype(int)
    found = lv.side_by_side(TEXT, boxes, ordered=True)
    assert any("polychoric" in note for note in found.notes)
    assert "semopy" not in found.paths
    assert found.loadings["CB-SEM"].mean() > lv.side_by_side(TEXT, boxes).loadings["CB-SEM"].mean()
    gaps = data.mask(np.random.default_rng(1).random(data.shape) < 0.1)
    whole, complete = lv.side_by_side(TEXT, gaps, missing="fiml"), lv.side_by_side(TEXT, gaps)
    assert whole.n == 600 > complete.n
    assert any("full information" in note for note in whole.notes)


def test_no_warning_passes_and_tables_print(large: tuple[SideBySide, pd.DataFrame]) -> None:
    found, data = large
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lv.side_by_side(TEXT, data.head(300))
    assert "Paths" in repr(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: lv.side_by_side(TEXT, d, missing="mean"), OptionValueError, "missing='mean' is not known"),
        (lambda d: lv.side_by_side(TEXT.replace("c3", "cc"), d), LvmodelsError, "no column 'cc'"),
        (lambda d: lv.side_by_side(f"group: 1\n{TEXT}\ngroup: 2\n{TEXT}", d), LvmodelsError, "group"),
    ],
)
def test_what_cannot_be_is_named(call, error: type[Exception], message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        call(factors(200, 6))


def test_two_levels_are_refused() -> None:
    data = factors(200, 7).assign(unit=np.repeat(np.arange(20), 10))
    text = "level: 1\nA =~ a1 + a2 + a3\nlevel: 2\nB =~ a1 + a2 + a3"
    with pytest.raises((NotEstimableError, LvmodelsError)):
        lv.side_by_side(text, data)
