"""Polychoric correlations: recovery, invariances, limits and bad input."""

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import BoundaryWarning, ConstantVariableError, DataError, DroppedRowsWarning, NonNumericError

R = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])


@pytest.fixture(scope="module")
def answers():
    latent = np.random.default_rng(3).multivariate_normal(np.zeros(3), R, 20000)
    codes = np.column_stack(
        [np.digitize(latent[:, j], cuts) for j, cuts in enumerate(([-1, 0, 1], [0.3], [-0.5, 0.8]))]
    )
    return pd.DataFrame(codes, columns=["a", "b", "c"])


def test_population_correlations_and_thresholds_are_recovered(answers):
    found = lv.polychoric(answers)
    np.testing.assert_allclose(found.cor, R, atol=0.02)
    np.testing.assert_allclose(found.thresholds, [-1, 0, 1, 0.3, -0.5, 0.8], atol=0.03)
    assert list(found.thresholds.index) == ["a|t1", "a|t2", "a|t3", "b|t1", "c|t1", "c|t2"]


def test_only_the_order_of_categories_counts(answers):
    stretched = answers.assign(a=answers["a"] ** 3 - 7, c=answers["c"] * 10)
    np.testing.assert_allclose(lv.polychoric(stretched).cor, lv.polychoric(answers).cor, atol=1e-12)


def test_reversing_a_variable_reverses_its_correlations(answers):
    turned = lv.polychoric(answers.assign(b=-answers["b"])).cor
    np.testing.assert_allclose(turned.loc["b", ["a", "c"]], -lv.polychoric(answers).cor.loc["b", ["a", "c"]], atol=1e-8)


def test_incomplete_cases_are_dropped_with_their_count(answers):
    holed = answers.astype(float)
    holed.loc[:2, "a"] = np.nan
    with pytest.warns(DroppedRowsWarning, match=r"3 of 20000 cases"):
        assert lv.polychoric(holed).n == 19997


def test_a_copy_is_reported_as_a_limit(answers):
    with pytest.warns(BoundaryWarning, match="'copy' and 'a'"):
        found = lv.polychoric(answers[["a"]].assign(copy=answers["a"]))
    assert found.cor.loc["a", "copy"] > 0.99


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"b": 1}, ConstantVariableError, "'b' has one category only"),
        ({"b": "yes"}, NonNumericError, "holds the text 'yes'"),
        ({"b": np.arange(20000) * 0.5}, DataError, "20000 different values"),
    ],
)
def test_bad_variables_are_named(answers, change, error, says):
    with pytest.raises(error, match=says):
        lv.polychoric(answers.assign(**change))


def test_one_variable_is_too_few(answers):
    with pytest.raises(DataError, match="at least two"):
        lv.polychoric(answers[["a"]])
