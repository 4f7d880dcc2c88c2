"""Patterns of missing values, and Little's test against lavaan's moments and a computation by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "data"
NAN = float("nan")


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv")


# Little's arithmetic on the saturated moments that lavaan's EM gives (tests/reference/make_missing.R)
@pytest.mark.parametrize(
    ("name", "variables", "statistic", "df", "pvalue", "patterns"),
    [
        ("hs_missing", [f"x{i}" for i in range(1, 10)], 386.726632729, 362, 0.177880512833, 54),
        ("pd_missing", [f"y{i}" for i in range(1, 9)], 40.059828922162, 27, 0.050580302566, 5),
    ],
)
def test_little_agrees_with_lavaans_moments(
    name: str, variables: list[str], statistic: float, df: int, pvalue: float, patterns: int
) -> None:
    found = lv.little_mcar(reference(name), variables)
    assert found.statistic == pytest.approx(statistic, rel=1e-6)
    assert (found.df, found.n_patterns) == (df, patterns)
    assert found.pvalue == pytest.approx(pvalue, rel=1e-5)


def test_little_by_hand_for_one_gap() -> None:
    """With y missing for some, the moments are those of x, and the regression of y on x in the complete cases."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(60)
    y = x + rng.standard_normal(60)
    gone = np.arange(60) < 20
    frame = pd.DataFrame({"x": x, "y": np.where(gone, NAN, y)})
    slope = np.cov(x[~gone], y[~gone], bias=True)[0, 1] / x[~gone].var()
    rest = (y[~gone] - y[~gone].mean() - slope * (x[~gone] - x[~gone].mean())).var()
    mean = np.array([x.mean(), y[~gone].mean() + slope * (x.mean() - x[~gone].mean())])
    Sigma = np.array([[x.var(), slope * x.var()], [slope * x.var(), rest + slope**2 * x.var()]])
    whole = np.array([x[~gone].mean(), y[~gone].mean()]) - mean
    by_hand = 40 * whole @ np.linalg.solve(Sigma, whole) + 20 * (x[gone].mean() - x.mean()) ** 2 / x.var()
    found = lv.little_mcar(frame)
    assert found.statistic == pytest.approx(by_hand, rel=1e-8)
    assert found.df == 1


def test_little_does_not_depend_on_units_or_order() -> None:
    data = reference("hs_missing")[[f"x{i}" for i in range(1, 7)]]
    turned = (data * [10, 1, 0.1, 3, 1, 100]).iloc[::-1, ::-1]
    assert lv.little_mcar(turned).statistic == pytest.approx(lv.little_mcar(data).statistic, rel=1e-7)


def test_complete_data_have_nothing_to_test() -> None:
    found = lv.little_mcar(reference("hs"), ["x1", "x2"])
    assert (found.statistic, found.df, found.n_patterns) == (0.0, 0, 1)
    assert np.isnan(found.pvalue)


def test_cases_without_any_answer_do_not_count() -> None:
    data = reference("pd_missing")[[f"y{i}" for i in range(1, 9)]]
    longer = pd.concat([data, pd.DataFrame([dict.fromkeys(data.columns, NAN)])])
    assert lv.little_mcar(longer) == lv.little_mcar(data)


def test_forty_percent_missing_in_hundreds_of_patterns_settles() -> None:
    rng = np.random.default_rng(1)
    Y = rng.standard_normal((600, 1)) + rng.standard_normal((600, 12))
    Y[rng.random(Y.shape) < 0.4] = NAN
    found = lv.little_mcar(pd.DataFrame(Y, columns=[f"x{k}" for k in range(12)]))
    assert found.n_patterns > 300
    assert 0.001 < found.pvalue < 0.999


@pytest.mark.parametrize(
    ("frame", "error", "said"),
    [
        ({"x": [1.0, 2.0, NAN, NAN, 3.0] * 3, "y": [NAN, NAN, 1.0, 2.0, NAN] * 3}, errors.DataError, "'x' and 'y'"),
        ({"x": [1.0, 2.0, 3.0], "y": [NAN, NAN, NAN]}, errors.EmptyDataError, "'y' has no value at all"),
        ({"x": [1.0, 2.0, 3.0, 4.0], "y": [5.0, 5.0, 5.0, NAN]}, errors.ConstantVariableError, "'y' does not vary"),
        ({"x": ["a", "b", "c"], "y": [1.0, 2.0, NAN]}, errors.NonNumericError, "column 'x' must be numeric"),
        ({"x": [1.0, 2.0, 4.0, NAN], "y": [2.0, 4.0, 8.0, 1.0]}, errors.NotPositiveDefiniteError, "copies"),
        (
            {"x": [*range(1, 9), NAN], "y": [*range(2, 17, 2), 1.0]},
            errors.CollinearVariablesError,
            "'x', 'y' are exactly",
        ),
        ({"x": [1.0, NAN], "y": [2.0, 4.0]}, errors.TooFewCasesError, "too few"),
    ],
)
def test_what_cannot_be_tested_is_refused(frame: dict[str, list[object]], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        lv.little_mcar(pd.DataFrame(frame))
    assert said in str(caught.value)


def test_unknown_variables_are_refused() -> None:
    with pytest.raises(errors.UnknownVariableError, match="did you mean 'x1'"):
        lv.missing_patterns(reference("hs"), ["x1", "x11"])


def test_patterns_are_counted() -> None:
    data = reference("hs_missing")[["x1", "x2", "x3"]]
    counts = Counter(tuple(data.columns[row]) for row in data.isna().to_numpy())
    found = lv.missing_patterns(data)
    assert dict(zip(found.patterns["missing"], found.patterns["n"], strict=True)) == counts
    assert found.patterns["n"].is_monotonic_decreasing
    assert found.n_complete == counts[()]
    assert found.variables["missing"].tolist() == data.isna().sum().tolist()
    assert found.coverage.loc["x1", "x2"] == pytest.approx(data[["x1", "x2"]].notna().all(axis=1).mean())


def test_patterns_know_text_and_surveys() -> None:
    frame = pd.DataFrame({"shop": ["a", None, "b"], "x": [1.0, NAN, 2.0]})
    assert lv.missing_patterns(frame).patterns["missing"].tolist() == [(), ("shop", "x")]
    survey = lv.datasets.load("value_loyalty")
    assert list(lv.missing_patterns(survey).variables.index) == list(survey.answers.columns)
