"""Mardia's skewness and kurtosis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels import errors
from lvmodels.measurement import normality

LOYALTY = Path(__file__).resolve().parent.parent / "reference" / "data" / "loyalty.csv"


def test_agrees_with_the_definition_computed_in_r() -> None:
    # tests/reference/make_golden.R, case quality-screening: Mardia 1970 with the covariance matrix divided by n
    found = lv.mardia(pd.read_csv(LOYALTY).iloc[:, :18])
    assert found.skew == pytest.approx(22.4960431273492, rel=1e-9)
    assert found.skew_statistic == pytest.approx(2324.59112315942, rel=1e-9)
    assert found.kurtosis == pytest.approx(390.804522574106, rel=1e-9)
    assert found.kurtosis_z == pytest.approx(14.2926935835082, rel=1e-9)
    assert (found.n, found.p, found.skew_df) == (620, 18, 1140)


def test_one_variable_by_hand() -> None:
    # 1 2 3 4 10: mean 4, deviations -3 -2 -1 0 6; second moment 50 / 5 = 10, third (-27 - 8 - 1 + 216) / 5 = 36,
    # fourth (81 + 16 + 1 + 1296) / 5 = 278.8; b1 = 36² / 10³ = 1.296, b2 = 278.8 / 10² = 2.788
    # statistic 5 * 1.296 / 6 = 1.08 with 1 df; z = (2.788 - 3) / sqrt(8 * 3 / 5) = -.096765
    # small samples: (2 * 6 * 8) / (5 * (6 * 2 - 6)) = 96 / 30 = 3.2 times
    found = lv.mardia(pd.DataFrame({"x": [1, 2, 3, 4, 10]}))
    assert found.skew == pytest.approx(1.296)
    assert found.kurtosis == pytest.approx(2.788)
    assert found.skew_statistic == pytest.approx(1.08)
    assert found.skew_statistic_small == pytest.approx(3.456)
    assert found.skew_df == 1
    assert found.skew_pvalue == pytest.approx(0.298698, abs=1e-6)
    assert found.kurtosis_z == pytest.approx(-0.096765, abs=1e-6)


@given(st.integers(0, 10**6))
def test_third_moments_and_pairs_of_cases_give_the_same_skewness(seed: int) -> None:
    Z = np.random.default_rng(seed).exponential(size=(40, 5))
    assert normality._skew_by_moments(Z) == pytest.approx(normality._skew_by_pairs(Z))


@given(st.integers(0, 10**6))
def test_linear_maps_do_not_change_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y, A = rng.exponential(size=(60, 4)), rng.standard_normal((4, 4)) + 3 * np.eye(4)
    plain, mapped = (lv.mardia(pd.DataFrame(M, columns=list("abcd"))) for M in (Y, Y @ A + 10))
    assert (plain.skew, plain.kurtosis) == pytest.approx((mapped.skew, mapped.kurtosis), rel=1e-6)


def test_incomplete_cases_are_left_out_and_said_so() -> None:
    frame = pd.DataFrame(np.random.default_rng(1).standard_normal((30, 3)), columns=list("abc"))
    gaps = frame.copy()
    gaps.loc[:4, "b"] = np.nan
    with pytest.warns(
        errors.DroppedRowsWarning, match="5 cases with missing values left out of Mardia's test; 25 remain"
    ):
        found = lv.mardia(gaps)
    assert found == lv.mardia(frame.iloc[5:])


@pytest.mark.parametrize(
    ("frame", "variables", "error"),
    [
        (pd.DataFrame({"x": [1.0, 1, 1], "y": [1.0, 2, 4]}), None, errors.ConstantVariableError),
        (pd.DataFrame({"x": [1.0, 2, 4], "y": [2.0, 4, 8]}), None, errors.CollinearVariablesError),
        (pd.DataFrame({"x": [1.0, 2], "y": [1.0, 5]}), None, errors.TooFewCasesError),
        (pd.DataFrame({"x": [np.nan, 2], "y": [1.0, np.nan]}), None, errors.EmptyDataError),
        (pd.DataFrame({"x": ["a", "b"]}), None, errors.NonNumericError),
        (pd.DataFrame({"x": [1.0, 2]}), ["z"], errors.UnknownVariableError),
        (pd.DataFrame({"x": [1.0, 2]}), [], errors.DataError),
    ],
)
def test_what_cannot_be_tested_is_refused(frame: pd.DataFrame, variables: list[str] | None, error: type) -> None:
    with pytest.raises(error):
        lv.mardia(frame, variables)
