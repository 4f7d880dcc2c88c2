"""Simple slopes and their regions, held against the same numbers found another way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.assess.predicted_change import predicted_change
from lvmodels.errors import ModelError, OptionValueError

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
RNG = np.random.default_rng(8)
X, M = RNG.multivariate_normal([2.0, 5.0], [[1.0, 0.4], [0.4, 2.0]], 250).T
DATA = pd.DataFrame({"x": X, "m": M, "y": 0.5 * X - 0.2 * M + 0.3 * X * M + 0.15 * X**2 + RNG.standard_normal(250)})
MODEL = "y ~ x + m + x:m"
FIT = lv.sem(MODEL, DATA)


def test_slope_is_the_coefficient_of_the_predictor_once_the_moderator_is_moved() -> None:
    at = [3.0, 4.5, 7.0]
    table = lv.simple_slopes(FIT, "x", "m", at=at)
    for value, (_, row) in zip(at, table.iterrows(), strict=True):
        moved = lv.sem(MODEL, DATA.assign(m=DATA["m"] - value))
        assert row["slope"] == pytest.approx(moved.params["y~x"], abs=1e-8)
        assert row["se"] == pytest.approx(moved.bse["y~x"], rel=1e-6)
    spread = lv.simple_slopes(FIT, "x", "m")
    assert spread["at"].to_numpy() == pytest.approx(M.mean() + np.array([-1, 0, 1]) * M.std(), abs=1e-8)


def test_square_bends_the_slope_twice_as_fast() -> None:
    fit = lv.sem("y ~ x + m + x:m + x:x", DATA)
    table = lv.simple_slopes(fit, "x", "x", at=[0.0, 1.0])
    assert np.diff(table["slope"])[0] == pytest.approx(2 * fit.params["y~x:x"])
    both = lv.simple_slopes(fit, "x", "m", at=[0.0])["slope"].iloc[0]
    assert both == pytest.approx(fit.params["y~x"] + 2 * X.mean() * fit.params["y~x:x"])


def test_bounds_are_where_the_test_turns() -> None:
    weak = DATA.assign(y=0.1 * X + 0.25 * (X - 2) * (M - 5) + np.random.default_rng(1).standard_normal(250))
    fit = lv.sem(MODEL, weak)
    found = lv.johnson_neyman(fit, "x", "m")
    assert len(found.bounds) == 2
    assert found.significant == "outside"
    at_bounds = lv.simple_slopes(fit, "x", "m", at=found.bounds)
    assert at_bounds["pvalue"].to_numpy() == pytest.approx(0.05, abs=1e-8)
    middle = lv.simple_slopes(fit, "x", "m", at=[np.mean(found.bounds)])
    assert middle["pvalue"].iloc[0] > 0.05
    outside = (M < found.bounds[0]) | (M > found.bounds[1])
    assert found.share == pytest.approx(outside.mean(), abs=0.06)
    strict = lv.johnson_neyman(fit, "x", "m", level=0.99)
    assert strict.bounds[0] < found.bounds[0] < found.bounds[1] < strict.bounds[1]


def test_predicted_change_is_what_a_prediction_changes_by() -> None:
    fit = lv.sem("y ~ x + m + x:m + x:x", DATA)
    b = fit.params
    x, m = np.array([1.0, 3.0]), np.array([4.0, 6.0])
    change, error = predicted_change(fit, "x", "m", x, m)
    at = [
        b["y~x"] * p + b["y~m"] * q + b["y~x:m"] * p * q + b["y~x:x"] * p * p
        for p, q in ((x[0], m[0]), (x[1], m[1]), (X.mean(), M.mean()))
    ]
    assert change == pytest.approx(np.array(at[:2]) - at[2])
    assert (error > 0).all()
    assert predicted_change(fit, "x", "m", X[:1] * 0 + X.mean(), M[:1] * 0 + M.mean())[1] == pytest.approx(
        [0.0], abs=1e-9
    )


@pytest.mark.parametrize("kind", ["lines", "region", "surface"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_of_each_kind_are_drawn(kind: str, language: str) -> None:
    figure = lv.moderation_plot(FIT, "x", "m", kind=kind, language=language)  # type: ignore[arg-type]
    axes = figure.axes[0]
    assert axes.get_xlabel() == ("m" if kind == "region" else "x")
    if kind == "lines":
        assert len(axes.get_lines()) == 3
        slope = np.diff(axes.get_lines()[1].get_ydata()) / np.diff(axes.get_lines()[1].get_xdata())
        assert slope == pytest.approx(lv.simple_slopes(FIT, "x", "m")["slope"].iloc[1])
    with pytest.raises(OptionValueError, match="'surface'"):
        lv.moderation_plot(FIT, "x", "m", kind="volume")  # type: ignore[arg-type]


def test_names_that_are_no_product_get_a_hint() -> None:
    with pytest.raises(ModelError, match="Did you mean 'y ~ x:m'"):
        lv.simple_slopes(FIT, "x", "n")
    with pytest.raises(ModelError, match="Write it into the model"):
        lv.johnson_neyman(lv.sem("y ~ x + m", DATA), "x", "m")
    two = lv.sem("y ~ x + m + x:m\nz ~ x + m + x:m", DATA.assign(z=RNG.standard_normal(250)))
    with pytest.raises(ModelError, match="outcome="):
        lv.simple_slopes(two, "x", "m")
    with pytest.raises(OptionValueError, match="numbers"):
        lv.simple_slopes(FIT, "x", "m", at=[])
