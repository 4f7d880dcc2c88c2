"""Common method variance and tetrads: they find what is there, and nothing where nothing is."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, ModelError, NotEstimableError, UnknownVariableError
from lvmodels.fit import Fit
from lvmodels.measurement.tetrads import vanishing_tetrads

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN: dict[str, Any] = json.loads((REFERENCE / "quality.json").read_text(encoding="utf-8"))


@functools.cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


@functools.cache
def measured() -> Fit:
    return lv.cfa(GOLDEN["plain"]["model"], data("loyalty"))


# ---- Harman ---------------------------------------------------------------------------------------------------------


def test_harman() -> None:
    golden, found = GOLDEN["harman"], lv.harman(measured())
    assert found.share == pytest.approx(golden["share"])
    assert found.fits is not None
    assert found.fits.loc["one factor", ["chisq", "cfi"]].to_numpy() == pytest.approx(
        [golden["chisq"], golden["cfi"]], rel=1e-4
    )
    assert found.fits.loc["model", "chisq"] == measured().fit_measures()["chisq"]


def test_harman_of_a_frame_is_that_of_the_fit() -> None:
    found = lv.harman(data("loyalty").iloc[:, :18])
    assert found.eigenvalues.to_numpy() == pytest.approx(lv.harman(measured()).eigenvalues.to_numpy())
    assert found.eigenvalues.sum() == pytest.approx(18)


# ---- the method factor ----------------------------------------------------------------------------------------------


def test_method_factor() -> None:
    golden, found = GOLDEN["method"], lv.method_factor(measured())
    assert found.fit.fit_measures()["chisq"] == pytest.approx(golden["chisq"], rel=1e-5)
    assert found.comparison["df_diff"].iloc[-1] == 1
    assert found.method_share == pytest.approx(golden["method"], abs=1e-4)
    assert found.construct_share == pytest.approx(golden["construct"], abs=1e-4)


def simulated(method: float, n: int = 2000) -> pd.DataFrame:
    """Two constructs of unequal loadings, and a method factor that all items load on."""
    generator = np.random.default_rng(9)
    eta = generator.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
    loadings = np.array([0.4, 0.6, 0.8, 1.0])
    Y = np.hstack([eta[:, :1] * loadings, eta[:, 1:] * loadings[::-1]]) + 0.6 * generator.normal(size=(n, 8))
    return pd.DataFrame(Y + method * generator.normal(size=(n, 1)), columns=[f"{c}{k}" for c in "ab" for k in range(4)])


MODEL = "A =~ a0 + a1 + a2 + a3\nB =~ b0 + b1 + b2 + b3\nB ~ A"


def test_method_variance_is_found_and_taken_out_of_the_path() -> None:
    found = lv.method_factor(lv.sem(MODEL, simulated(0.7)))
    paths = found.paths.iloc[0]
    assert found.comparison["pvalue"].iloc[-1] < 0.001
    assert paths["without"] > 0.5
    assert paths["with"] == pytest.approx(0.4, abs=0.12)


def test_no_method_variance_is_found_where_none_is() -> None:
    found = lv.method_factor(lv.sem(MODEL, simulated(0.0)))
    assert found.proper
    assert found.method_share < 0.01
    assert found.comparison["pvalue"].iloc[-1] > 0.05


def test_method_factor_with_free_loadings_adds_a_parameter_an_item() -> None:
    found = lv.method_factor(lv.sem(MODEL, simulated(0.7)), equal=False)
    assert found.comparison["df_diff"].iloc[-1] == 8


@pytest.mark.parametrize("options", [{"group": "half"}, {"ordered": True}, {"missing": "fiml"}])
def test_method_factor_keeps_the_options_of_the_fit(options: dict[str, Any]) -> None:
    frame = simulated(0.7, 600)
    if "ordered" in options:
        frame = frame.apply(lambda y: np.digitize(y, [-1, 0, 1]))
    if "missing" in options:
        frame = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.05)
    frame["half"] = np.where(np.arange(600) % 2, "odd", "even")
    fit = lv.sem(MODEL, frame, **options)
    found = lv.method_factor(fit)
    assert found.fit.settings.estimator == fit.settings.estimator
    assert found.fit.nobs == fit.nobs
    assert len(found.loadings) == 8 * fit.table.n_groups
    assert np.isfinite(found.loadings[["without", "with", "method"]].to_numpy()).all()


def test_method_factor_of_moments_is_that_of_the_cases() -> None:
    frame = simulated(0.7)
    given = lv.sem(MODEL, sample_cov=frame.cov(), sample_nobs=len(frame))
    one, other = (lv.method_factor(fit).method_share for fit in (given, lv.sem(MODEL, frame)))
    assert one == pytest.approx(other, abs=1e-5)


def test_method_factor_is_for_one_level() -> None:
    model = "level: 1\nA =~ y1 + y2 + y3\nlevel: 2\nB =~ y1 + y2 + y3"
    with pytest.raises(NotEstimableError, match="models of one level"):
        lv.method_factor(lv.sem(model, data("twolevel"), cluster="cluster"))


# ---- the marker variable --------------------------------------------------------------------------------------------


def test_marker_takes_out_its_smallest_correlation() -> None:
    generator = np.random.default_rng(4)
    shared = generator.normal(size=(3000, 1))
    Y = generator.normal(size=(3000, 4)) + shared
    frame = pd.DataFrame(Y, columns=["x", "y", "z", "marker"])
    found = lv.marker_variable(frame, "marker")
    R = frame.corr()
    smallest = R["marker"].drop("marker").min()
    assert found.r_marker == pytest.approx(smallest)
    assert found.cor.loc["x", "y"] == pytest.approx((R.loc["x", "y"] - smallest) / (1 - smallest))
    assert found.table["r_adjusted"].abs().max() < 0.1
    assert lv.marker_variable(frame, "marker", use="second").r_marker > found.r_marker


def test_a_marker_without_positive_correlations_changes_nothing() -> None:
    frame = pd.DataFrame({"x": [1, 2, 3, 4, 5], "y": [1, 3, 2, 5, 4], "m": [5, 4, 3, 2, 1]})
    found = lv.marker_variable(frame, "m")
    assert found.r_marker == 0
    assert found.table["r_adjusted"].iloc[0] == pytest.approx(frame["x"].corr(frame["y"]))


def test_unknown_marker_is_refused() -> None:
    with pytest.raises(UnknownVariableError, match=r"no column 'q22' to be the marker\. Did you mean 'q2'\?"):
        lv.marker_variable(data("loyalty")[["q1", "q2", "q3"]], "q22")


# ---- tetrads --------------------------------------------------------------------------------------------------------


def test_tetrads_of_four_items() -> None:
    golden = GOLDEN["tetrads"]
    found = lv.tetrads(data("loyalty")[golden["items"]])
    assert found.table["value"].to_numpy() == pytest.approx(golden["value"])
    assert found.table["se"].to_numpy() == pytest.approx(golden["se"])
    assert found.tests["chisq"].iloc[0] == pytest.approx(golden["chisq"])


@pytest.mark.parametrize("k", [4, 5, 6, 9])
def test_there_are_as_many_tetrads_as_degrees_of_freedom_of_one_factor(k: int) -> None:
    assert len(vanishing_tetrads(k)) == k * (k - 3) // 2
    assert len(set(vanishing_tetrads(k))) == k * (k - 3) // 2


def test_tetrads_of_effects_vanish_as_often_as_the_level_says() -> None:
    generator = np.random.default_rng(2)
    rejected = 0
    for _ in range(200):
        Y = generator.normal(size=(400, 1)) * [0.6, 0.7, 0.8, 0.9, 0.7] + generator.normal(size=(400, 5))
        rejected += bool(lv.tetrads(pd.DataFrame(Y, columns=list("abcde"))).tests["pvalue"].iloc[0] < 0.05)
    assert 2 <= rejected <= 22


def test_tetrads_of_causes_do_not_vanish() -> None:
    generator = np.random.default_rng(2)
    C = np.array([[1, 0.6, 0.1, 0.1], [0.6, 1, 0.1, 0.1], [0.1, 0.1, 1, 0.5], [0.1, 0.1, 0.5, 1]])
    frame = pd.DataFrame(generator.multivariate_normal(np.zeros(4), C, 500), columns=list("abcd"))
    found = lv.tetrads(frame)
    assert found.tests["pvalue"].iloc[0] < 0.001
    assert (found.table["lower"] > 0).all()


def test_tetrad_test_does_not_depend_on_scale() -> None:
    frame = data("loyalty")[["q1", "q2", "q3", "q4", "q5"]]
    one, other = lv.tetrads(frame).tests, lv.tetrads(frame * [1, 10, 0.1, 5, 2] + 3).tests
    assert other["chisq"].iloc[0] == pytest.approx(one["chisq"].iloc[0], rel=1e-6)


def test_tetrads_of_a_fit_are_those_of_its_items() -> None:
    found = lv.tetrads(measured())
    assert found.tests.index.tolist() == ["QUA", "LOY"]
    alone = lv.tetrads(data("loyalty")[["q1", "q2", "q3", "q4", "q5"]])
    assert found.tests.loc["QUA", "chisq"] == pytest.approx(alone.tests["chisq"].iloc[0])


def test_tetrads_of_ordinal_answers_and_of_moments() -> None:
    items = ["q1", "q2", "q3", "q4", "q5"]
    model = f"QUA =~ {' + '.join(items)}"
    ordinal = lv.tetrads(lv.cfa(model, data("loyalty_ordered"), ordered=True)).tests
    assert (ordinal["df"] == 5).all()
    frame = simulated(0.0, 5000)[["a0", "a1", "a2", "a3"]]
    normal = lv.tetrads(lv.cfa("A =~ a0 + a1 + a2 + a3", sample_cov=frame.cov(), sample_nobs=5000)).table
    assert normal["se"].to_numpy() == pytest.approx(lv.tetrads(frame).table["se"].to_numpy(), rel=0.05)


def test_tetrads_need_four_items_and_cases() -> None:
    with pytest.raises(ModelError, match="tetrads need four items of one construct"):
        lv.tetrads(lv.cfa("A =~ q1 + q2 + q3", data("loyalty")))
    with pytest.raises(DataError, match="at least 4 items, not 3"):
        lv.tetrads(data("loyalty")[["q1", "q2", "q3"]])
    with pytest.raises(DataError, match="the frame has 9 tetrads and 8 cases"):
        lv.tetrads(data("loyalty").iloc[:8, :6])
