"""Comparison of models: tests that go with the estimator, and a word where there is none."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.assess.nesting import nested
from lvmodels.errors import ComparisonWarning, ModelError, NotConvergedError, OptionValueError

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DATA = lv.datasets.load("holzinger_swineford")
FREE = lv.cfa(HS, DATA)
TIGHT = lv.cfa(HS + "\nvisual ~~ 0*textual", DATA)
SEVERAL = "satorra.2000"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    answers = DATA.answers[[f"x{k}" for k in range(1, 10)]]
    found: pd.DataFrame = answers.assign(school=DATA.respondents["school"])
    return found


def test_order_of_arguments_and_of_variables_does_not_matter(frame: pd.DataFrame) -> None:
    turned = "speed =~ x7 + x9 + x8\ntextual =~ x4 + x6 + x5\nvisual =~ x1 + x3 + x2"
    straight = lv.compare(
        lv.cfa(HS, frame, estimator="MLM"), lv.cfa(HS + "\nvisual ~~ 0*textual", frame, estimator="MLM"), method=SEVERAL
    )
    other = lv.compare(
        lv.cfa(HS + "\nvisual ~~ 0*textual", frame, estimator="MLM"),
        lv.cfa(turned, frame, estimator="MLM"),
        method=SEVERAL,
    )
    assert other["chisq_diff"].iloc[1] == pytest.approx(straight["chisq_diff"].iloc[1], rel=1e-5)
    assert list(other.index) == [2, 1]


def test_scaled_difference_is_the_plain_one_for_normal_theory_when_gamma_is_normal() -> None:
    """With data whose fourth moments are those of a normal distribution the scaling is near 1."""
    rng = np.random.default_rng(3)
    f = rng.normal(size=(4000, 1))
    frame = pd.DataFrame(0.7 * f + rng.normal(size=(4000, 4)), columns=list("abcd"))
    plain = lv.compare(lv.cfa("f =~ a + b + c + d", frame), lv.cfa("f =~ a + u*b + u*c + d", frame))
    for method in ("satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"):
        scaled = lv.compare(
            lv.cfa("f =~ a + b + c + d", frame, estimator="MLM"),
            lv.cfa("f =~ a + u*b + u*c + d", frame, estimator="MLM"),
            method=method,  # type: ignore[arg-type]
        )
        assert scaled["chisq_diff"].iloc[1] == pytest.approx(plain["chisq_diff"].iloc[1], rel=0.1)


def test_exact_and_delta_restrictions_agree_where_the_stricter_model_holds() -> None:
    rng = np.random.default_rng(5)
    f = rng.normal(size=(3000, 1))
    frame = pd.DataFrame(0.7 * f + rng.normal(size=(3000, 4)), columns=list("abcd"))
    fits = [lv.cfa(text, frame, estimator="MLM") for text in ("f =~ a + b + c + d", "f =~ a + u*b + u*c + d")]
    delta = lv.compare(*fits, method="satorra.2000")
    exact = lv.compare(*fits, method="satorra.2000", a_method="exact")
    assert exact["chisq_diff"].iloc[1] == pytest.approx(delta["chisq_diff"].iloc[1], rel=0.01, abs=0.01)


def test_default_is_satorra_2000_where_two_moments_are_corrected(frame: pd.DataFrame) -> None:
    fits = [lv.cfa(text, frame, estimator="MLMV") for text in (HS, HS + "\nvisual ~~ 0*textual")]
    assert lv.compare(*fits).equals(lv.compare(*fits, method="satorra.2000"))
    fits = [lv.cfa(text, frame, estimator="MLR") for text in (HS, HS + "\nvisual ~~ 0*textual")]
    assert lv.compare(*fits).equals(lv.compare(*fits, method="satorra.bentler.2001"))


def test_differences_of_indices_are_between_the_kind_that_all_fits_have(frame: pd.DataFrame) -> None:
    robust = lv.cfa(HS, frame, estimator="MLR"), lv.cfa(HS + "\nvisual ~~ 0*textual", frame, estimator="MLR")
    table = lv.compare(*robust)
    assert table.attrs["indices"] == "robust"
    gap = robust[1].fit_measures()["cfi_robust"] - robust[0].fit_measures()["cfi_robust"]
    assert table["cfi_diff"].iloc[1] == pytest.approx(gap)
    assert lv.compare(FREE, TIGHT).attrs["indices"] == "plain"
    assert lv.compare(FREE, TIGHT)["srmr_diff"].iloc[1] > 0


def test_missing_answers_have_a_difference_test_by_every_method(frame: pd.DataFrame) -> None:
    holes = frame.copy()
    holes.loc[::7, "x2"] = np.nan
    fits = [
        lv.cfa(HS, holes, group="school", group_equal=equal, estimator="MLR", missing="fiml")
        for equal in ((), "loadings")
    ]
    values = [lv.compare(*fits, method=m)["chisq_diff"].iloc[1] for m in ("satorra.bentler.2001", "satorra.2000")]
    assert values[0] == pytest.approx(values[1], rel=0.15)


# ---- nested or not --------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_nested_models_are_known_however_they_are_written(frame: pd.DataFrame) -> None:
    scalar = lv.cfa(HS, frame, group="school", group_equal=("loadings", "intercepts"))
    assert nested(lv.cfa(HS, frame, group="school", std_lv=True), scalar)
    one_factor = lv.cfa("g =~ " + " + ".join(f"x{k}" for k in range(1, 10)), frame)
    assert nested(FREE, one_factor)
    assert not nested(one_factor, lv.cfa(HS + "\nvisual ~~ 0*textual\nvisual ~~ 0*speed\ntextual ~~ 0*speed", frame))


def test_models_that_are_not_nested_are_told() -> None:
    other = lv.cfa("visual =~ x1 + x2 + x3 + x4\ntextual =~ x5 + x6\nspeed =~ x7 + x8 + x9", DATA)
    with pytest.warns(ComparisonWarning) as told:
        lv.compare(other, TIGHT)
    assert [("AIC or BIC" in str(w.message), "falls" in str(w.message)) for w in told] == [(False, True), (True, False)]
    with pytest.warns(ComparisonWarning, match="same degrees of freedom"):
        table = lv.compare(other, FREE)
    assert np.isnan(table["pvalue"].iloc[1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lv.compare(FREE, TIGHT)


def test_stricter_model_that_frees_latent_means_makes_2010_doubtful(frame: pd.DataFrame) -> None:
    fits = [
        lv.cfa(HS, frame, group="school", group_equal=equal, estimator="MLR")
        for equal in ("loadings", ("loadings", "intercepts"))
    ]
    with pytest.warns(ComparisonWarning, match=r"latent means.*satorra.2000"):
        lv.compare(*fits, method="satorra.bentler.2010")
    with pytest.raises(ModelError, match="a_method='delta'"):
        lv.compare(*fits, method="satorra.2000", a_method="exact")


@pytest.mark.filterwarnings("ignore::lvmodels.errors.HeywoodWarning")
def test_negative_scaling_of_2001_is_told_with_the_remedy(frame: pd.DataFrame) -> None:
    few = frame.sample(40, random_state=0)
    fits = [lv.cfa(text, few, estimator="MLM") for text in (HS, HS + "\nx7 ~~ 2*x7")]
    with pytest.warns(ComparisonWarning, match=r"negative.*satorra.bentler.2010"):
        table = lv.compare(*fits)
    assert np.isnan(table["chisq_diff"].iloc[1])
    assert lv.compare(*fits, method="satorra.bentler.2010")["chisq_diff"].iloc[1] > 0


# ---- input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: lv.compare(FREE), OptionValueError, "two fits"),
        (lambda: lv.compare(FREE, "TIGHT"), OptionValueError, "not a fit"),
        (lambda: lv.compare(FREE, TIGHT, method="satorra.2010"), OptionValueError, "Did you mean"),
        (lambda: lv.compare(FREE, TIGHT, a_method="beta"), OptionValueError, "'delta' or 'exact'"),
        (lambda: lv.compare(FREE, TIGHT, method="satorra.2000"), OptionValueError, "scaled test"),
        (lambda: lv.compare(FREE, lv.cfa(HS, DATA, estimator="GLS")), ModelError, "estimators"),
        (lambda: lv.compare(FREE, lv.cfa(HS, DATA, meanstructure=True)), ModelError, "meanstructure"),
        (lambda: lv.compare(FREE, lv.cfa(HS, DATA.answers.head(200))), ModelError, "n = 301 and 200"),
        (lambda: lv.compare(FREE, lv.cfa(HS, DATA.answers + np.eye(301, 9))), ModelError, "different data"),
        (lambda: lv.compare(FREE, lv.cfa("visual =~ x1 + x2 + x3", DATA)), ModelError, "in one of them only"),
    ],
)
def test_fits_that_cannot_be_compared_are_refused(make: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()  # type: ignore[operator]


def test_fit_without_convergence_is_refused() -> None:
    from dataclasses import replace

    lost = replace(TIGHT, optimum=replace(TIGHT.optimum, converged=False))
    with pytest.raises(NotConvergedError, match="model 2"):
        lv.compare(FREE, lost)
