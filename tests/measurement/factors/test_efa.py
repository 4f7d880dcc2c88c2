"""Exploratory factors: what is recovered, what does not matter, and what bad input says."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels import errors
from lvmodels.measurement.factors.extraction import _minres, _ml, extract
from lvmodels.measurement.factors.goodness import degrees_of_freedom, most_factors

Lambda = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6], [0.7]]))
PHI = np.array([[1.0, 0.4, 0.2], [0.4, 1.0, 0.3], [0.2, 0.3, 1.0]])
ITEMS = [f"y{k}" for k in range(1, 13)]
SEEDS = st.integers(0, 2**32 - 1)


def population() -> np.ndarray:
    Sigma = Lambda @ PHI @ Lambda.T
    np.fill_diagonal(Sigma, 1.0)
    return Sigma


def sample(n: int, seed: int = 0) -> pd.DataFrame:
    """Answers whose correlations are those of the population, exactly when n is not small."""
    Z = np.random.default_rng(seed).standard_normal((n, 12))
    return pd.DataFrame(Z @ np.linalg.cholesky(population()).T, columns=ITEMS)


def exact(n: int = 500) -> pd.DataFrame:
    Z = np.random.default_rng(0).standard_normal((n, 12))
    Z -= Z.mean(axis=0)
    Z = np.linalg.qr(Z)[0] * np.sqrt(n)
    return pd.DataFrame(Z @ np.linalg.cholesky(population()).T, columns=ITEMS)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return sample(400)


@pytest.fixture(scope="module")
def found(answers: pd.DataFrame) -> Any:
    return lv.efa(answers, 3)


@pytest.mark.parametrize("method", ["ml", "minres", "pa"])
def test_population_is_recovered_exactly(method: Any) -> None:
    found = lv.efa(exact(), 3, method=method)
    order = found.loadings.to_numpy().T @ Lambda
    order = np.abs(order).argmax(axis=0)
    np.testing.assert_allclose(found.loadings.to_numpy()[:, order], Lambda, atol=1e-5)
    np.testing.assert_allclose(found.phi.to_numpy()[np.ix_(order, order)], PHI, atol=1e-5)
    assert found.chisq == pytest.approx(0.0, abs=1e-6)
    assert found.fit_measures["srmr"] < 1e-6


@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax", "quartimax", "geomin", "equamax", "none"])
def test_no_rotation_changes_what_is_reproduced(answers: pd.DataFrame, found: Any, rotation: Any) -> None:
    other = lv.efa(answers, 3, rotation)
    np.testing.assert_allclose(other.residuals, found.residuals, atol=1e-8)
    np.testing.assert_allclose(other.communalities, found.communalities, atol=1e-8)
    assert other.chisq == pytest.approx(found.chisq, rel=1e-10)
    rebuilt = other.structure.to_numpy() @ other.loadings.to_numpy().T + np.diag(other.uniquenesses)
    np.testing.assert_allclose(rebuilt + other.residuals.to_numpy(), other.correlations, atol=1e-6)


def test_record_adds_up(found: Any) -> None:
    np.testing.assert_allclose(found.uniquenesses + found.communalities, 1.0, atol=1e-6)
    assert found.variance["ss_loadings"].sum() == pytest.approx(found.communalities.sum())
    assert found.variance["share"].sum() == pytest.approx(1.0)
    assert found.variance["ss_loadings"].is_monotonic_decreasing
    assert (found.loadings.sum() > 0).all()
    assert (found.n, found.df, found.n_factors, found.converged) == (400, 33, 3, True)
    assert 1 <= found.starts_at_best <= found.starts


def test_confirmatory_model_with_the_same_zeros_fits_worse(answers: pd.DataFrame, found: Any) -> None:
    model = "\n".join(f"F{k + 1} =~ " + " + ".join(ITEMS[4 * k : 4 * k + 4]) for k in range(3))
    assert lv.cfa(model, answers).fit_measures()["chisq"] > found.chisq


def test_one_factor_is_the_confirmatory_model(answers: pd.DataFrame) -> None:
    found = lv.efa(answers[ITEMS[:4]], 1)
    fit = lv.cfa("F =~ " + " + ".join(ITEMS[:4]), answers, std_lv=True)
    table = fit.standardized()
    rows = table[table["op"] == "=~"]
    np.testing.assert_allclose(found.loadings["F1"], rows["est_std"], atol=1e-5)
    np.testing.assert_allclose(found.standard_errors["F1"], rows["se"], rtol=1e-3)
    bartlett = 1.0 - 1.0 / 400 - (13 / 6 + 2 / 3) / 400
    assert found.chisq == pytest.approx(fit.fit_measures()["chisq"] * bartlett, rel=1e-5)


@settings(max_examples=2)
@given(seed=SEEDS)
def test_units_order_and_signs_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = sample(200, seed % 1000)
    order, scale = rng.permutation(12), rng.uniform(0.1, 50, 12)
    flip = np.ones(12)
    flip[rng.integers(12)] = -1.0
    changed = (answers * scale * flip + rng.normal(0, 9, 12)).iloc[rng.permutation(200), order]
    a, b = lv.efa(answers, 3, starts=10), lv.efa(changed, 3, starts=10)
    back = b.loadings.loc[ITEMS].to_numpy() * flip[:, None]
    np.testing.assert_allclose(np.abs(back), np.abs(a.loadings), atol=1e-5)
    np.testing.assert_allclose(b.standard_errors.loc[ITEMS], a.standard_errors, rtol=1e-3)


def test_a_survey_and_other_frames_give_the_same(answers: pd.DataFrame, found: Any) -> None:
    polars = pytest.importorskip("polars")
    other = lv.efa(polars.from_pandas(answers), 3)
    pd.testing.assert_frame_equal(other.loadings, found.loadings)
    survey = lv.datasets.load("holzinger_swineford")
    pd.testing.assert_frame_equal(lv.efa(survey, 2).loadings, lv.efa(survey.answers, 2).loadings)


@pytest.mark.parametrize("function", [_ml, _minres])
def test_slopes_of_extraction(function: Any) -> None:
    R = np.corrcoef(sample(80).to_numpy(), rowvar=False)
    x = np.log(np.linspace(0.3, 0.7, 12)) if function is _ml else np.linspace(0.3, 0.7, 12)
    _, gradient, hessian = function(R, 2, x)
    for k in (0, 5, 11):
        e = 1e-5 * np.eye(12)[k]
        above, below = function(R, 2, x + e), function(R, 2, x - e)
        assert gradient[k] == pytest.approx((above[0] - below[0]) / 2e-5, abs=1e-7)
        if function is _minres:
            np.testing.assert_allclose(hessian[k], (above[1] - below[1]) / 2e-5, atol=1e-6)
    found = extract(R, 3, "ml" if function is _ml else "minres")
    x = np.log(found.psi) if function is _ml else found.psi
    _, gradient, hessian = function(R, 3, x)
    assert np.abs(gradient).max() < 1e-8
    e = 1e-5 * np.eye(12)[3]
    difference = (function(R, 3, x + e)[1] - function(R, 3, x - e)[1]) / 2e-5
    np.testing.assert_allclose(hessian[3], difference, atol=1e-5)


def test_principal_axes_end_where_minres_does(answers: pd.DataFrame) -> None:
    a, b = lv.efa(answers, 3, "none", "pa"), lv.efa(answers, 3, "none", "minres")
    np.testing.assert_allclose(a.uniquenesses, b.uniquenesses, atol=1e-6)


def test_target_keeps_order_signs_and_names(answers: pd.DataFrame) -> None:
    goal = pd.DataFrame(np.where(Lambda > 0, np.nan, 0.0)[:, [2, 0, 1]], index=ITEMS, columns=["C", "A", "B"])
    found = lv.efa(answers, 3, "target", target=goal.iloc[::-1])
    assert list(found.loadings.columns) == ["C", "A", "B"]
    assert (found.loadings.loc[ITEMS[8:], "C"] > 0.4).all()
    assert (found.loadings.loc[ITEMS[:4], "A"] > 0.4).all()


@pytest.mark.slow
def test_errors_are_those_that_samples_show() -> None:
    draws = [lv.efa(sample(300, seed), 3, starts=2) for seed in range(300)]
    Ls = np.array([_in_place(d.loadings.to_numpy()) for d in draws])
    errors_ = np.array([_in_place(d.loadings.to_numpy(), d.standard_errors.to_numpy()) for d in draws])
    np.testing.assert_allclose(errors_.mean(axis=0), Ls.std(axis=0), rtol=0.25)
    assert errors_.mean() == pytest.approx(Ls.std(axis=0).mean(), rel=0.05)


def test_robust_errors_of_normal_answers_are_the_normal_ones() -> None:
    robust = lv.efa(sample(4000), 3, se="robust").standard_errors
    np.testing.assert_allclose(robust, lv.efa(sample(4000), 3).standard_errors, rtol=0.1)


def _in_place(L: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    order = np.abs(L.T @ Lambda).argmax(axis=0)
    return np.asarray((L if values is None else values)[:, order])


def test_scores_recover_factors_and_have_their_properties(answers: pd.DataFrame, found: Any) -> None:
    regression = found.scores(answers)
    assert regression.shape == (400, 3)
    assert regression.index.equals(answers.index)
    np.testing.assert_allclose(regression.mean(), 0.0, atol=1e-10)
    ar = found.scores(answers, "anderson-rubin")
    np.testing.assert_allclose(ar.cov(), np.eye(3), atol=0.05)
    bartlett = found.scores(answers, "bartlett")
    assert (bartlett.std() > regression.std()).all()
    new = found.scores(answers.iloc[[3]])
    np.testing.assert_allclose(new, regression.iloc[[3]])


def test_scores_use_the_answers_that_are_given(answers: pd.DataFrame, found: Any) -> None:
    holed = answers.copy()
    holed.iloc[0, 0] = np.nan
    holed.iloc[1] = np.nan
    scores = found.scores(holed)
    assert scores.iloc[0].notna().all()
    assert scores.iloc[1].isna().all()
    pd.testing.assert_frame_equal(scores.iloc[2:], found.scores(answers).iloc[2:])


def test_missing_answers_by_two_stages_beat_listwise(answers: pd.DataFrame) -> None:
    holed = answers.mask(np.random.default_rng(1).random(answers.shape) < 0.04)
    with pytest.warns(errors.DroppedRowsWarning, match=r"of 400 cases were left out"):
        listwise = lv.efa(holed, 3)
    both = {how: lv.efa(holed, 3, missing=how) for how in ("two.stage", "pairwise")}
    whole = lv.efa(answers, 3).loadings
    for found in both.values():
        assert found.n == 400
        assert np.abs(found.loadings - whole).to_numpy().max() < 0.1
        assert found.standard_errors.to_numpy().mean() < listwise.standard_errors.to_numpy().mean()
        assert found.fit_measures["pvalue"] > 0.001


def test_two_stages_without_gaps_are_maximum_likelihood(answers: pd.DataFrame, found: Any) -> None:
    pd.testing.assert_frame_equal(lv.efa(answers, 3, missing="two.stage").loadings, found.loadings)


def test_ordinal_answers_undo_the_boxes() -> None:
    boxes = sample(3000, 5).apply(lambda y: np.digitize(y, [-0.6, 0.4, 1.4]) + 1)
    found = lv.efa(boxes, 3, method="minres", ordered=True)
    assert found.ordered == tuple(ITEMS)
    np.testing.assert_allclose(_in_place(found.loadings.to_numpy()), Lambda, atol=0.07)
    plain = lv.efa(boxes, 3, method="minres")
    assert plain.communalities.mean() < found.communalities.mean() - 0.03
    assert found.fit_measures["pvalue"] > 0.001
    with pytest.raises(errors.NotEstimableError, match="thresholds of a model"):
        found.scores(boxes)


def test_degrees_of_freedom() -> None:
    assert [degrees_of_freedom(9, m) for m in range(6)] == [36, 27, 19, 12, 6, 1]
    assert [most_factors(p) for p in (3, 4, 5, 6, 9)] == [1, 1, 2, 3, 5]


def test_a_saturated_model_fits_without_a_test() -> None:
    found = lv.efa(sample(100)[ITEMS[:3]], 1)
    assert (found.chisq, found.df) == (0.0, 0)
    assert np.isnan(found.pvalue)


def test_heywood_case_is_named() -> None:
    rng = np.random.default_rng(0)
    f = rng.standard_normal(60)
    y = pd.DataFrame({"a": f, "b": f * 0.5 + rng.standard_normal(60), "c": f * 0.5 + rng.standard_normal(60)})
    y["d"] = 0.5 * f + rng.standard_normal(60)
    with pytest.warns(errors.HeywoodWarning, match=r"uniqueness of 'a' reached its bound of \.005"):
        found = lv.efa(y.assign(a=f + 0.01 * rng.standard_normal(60)), 1)
    assert found.uniquenesses["a"] == pytest.approx(0.005, rel=1e-4)
    assert np.isfinite(found.standard_errors).all(axis=None)


def test_few_cases_are_warned_of() -> None:
    with pytest.warns(errors.DataWarning, match="10 cases are fewer than 12 items"):
        found = lv.efa(sample(10), 2, method="minres")
    assert np.isnan(found.chisq)
    assert np.isfinite(found.loadings).all(axis=None)


@pytest.mark.parametrize(
    ("change", "options", "error", "says"),
    [
        ({}, {"n_factors": 8}, errors.NegativeDegreesOfFreedomError, "12 items can tell at most 7 apart"),
        ({}, {"n_factors": 0}, errors.OptionValueError, "whole number from 1"),
        ({}, {"n_factors": 2.5}, errors.OptionValueError, "whole number from 1"),
        ({}, {"n_factors": True}, errors.OptionValueError, "whole number from 1"),
        ({"y2": 1.0}, {}, errors.ConstantVariableError, "y2"),
        ({"y2": "often"}, {}, errors.NonNumericError, "'y2'.*often|often.*'y2'"),
        ({"y2": np.nan}, {}, errors.EmptyDataError, "no case answers all"),
        ({"y2": np.nan}, {"missing": "pairwise"}, errors.EmptyDataError, "'y2' has no value at all"),
        ({"y2": np.inf}, {}, errors.DataError, "y2"),
        ({}, {"rotation": "oblimim"}, errors.OptionValueError, "Did you mean 'oblimin'"),
        ({}, {"method": "mle"}, errors.OptionValueError, "method='mle'"),
        ({}, {"missing": "fiml"}, errors.OptionValueError, "missing='fiml'"),
        ({}, {"gamma": 2}, errors.OptionValueError, "gamma=2 must be a number at most 1"),
        ({}, {"epsilon": 0}, errors.OptionValueError, "epsilon=0"),
        ({}, {"starts": 0}, errors.OptionValueError, "starts=0"),
        ({}, {"seed": "x"}, errors.OptionValueError, "seed"),
        ({}, {"rotation": "target"}, errors.OptionValueError, "needs target="),
        ({}, {"target": np.zeros((12, 3))}, errors.OptionValueError, "takes no target="),
        ({}, {"rotation": "target", "target": np.zeros((11, 3))}, errors.OptionValueError, "12 items by 3 factors"),
        ({}, {"rotation": "target", "target": np.full((12, 3), np.nan)}, errors.OptionValueError, "column 1 holds"),
        ({}, {"ordered": ["z"]}, errors.ModelError, "'z'"),
        ({}, {"ordered": True}, errors.DataError, "is no ordinal answer"),
    ],
)
def test_bad_input_is_named(
    answers: pd.DataFrame, change: dict[str, Any], options: dict[str, Any], error: type[Exception], says: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.DroppedRowsWarning)
        with pytest.raises(error, match=says):
            lv.efa(answers.assign(**change), **{"n_factors": 3, **options})


@pytest.mark.parametrize("target", ["x", [["a", "b"]], pd.DataFrame({"A": ["low"] * 12}, index=ITEMS)])
def test_a_target_that_is_no_table_of_numbers_is_refused(answers: pd.DataFrame, target: Any) -> None:
    with pytest.raises(errors.OptionValueError, match="target"):
        lv.efa(answers, 3, "target", target=target)


def test_singular_correlations_name_the_items(answers: pd.DataFrame) -> None:
    sums = answers.assign(total=answers["y1"] + answers["y2"])
    with pytest.raises(errors.NotPositiveDefiniteError, match=r"'y1', 'y2', 'total' are collinear.*method='minres'"):
        lv.efa(sums, 3)
    with pytest.warns(errors.HeywoodWarning, match="'total'"):
        assert lv.efa(sums, 3, method="minres").converged
    with pytest.raises(errors.NotPositiveDefiniteError, match="12 cases are too few for 12 items"):
        lv.efa(sample(12), 3)


def test_two_columns_are_too_few(answers: pd.DataFrame) -> None:
    with pytest.raises(errors.DataError, match="at least three"):
        lv.efa(answers[ITEMS[:2]], 1)


def test_scores_without_an_item_name_it(answers: pd.DataFrame, found: Any) -> None:
    with pytest.raises(errors.ModelError, match="y12"):
        found.scores(answers[ITEMS[:11]])
