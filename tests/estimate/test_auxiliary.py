"""Auxiliary variables: saturated correlates that leave the model as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")

TWO = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
ITEMS = [f"x{i}" for i in range(1, 10)]


def pupils(share: float) -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    data = pd.concat([survey.answers, survey.respondents], axis=1).astype(dict.fromkeys(ITEMS, float))
    gone = np.random.default_rng(9).random((len(data), len(ITEMS))) < share
    data[ITEMS] = data[ITEMS].mask(gone)
    return data


COMPLETE, HOLED = pupils(0.0), pupils(0.2)


@pytest.fixture(scope="module")
def helped() -> lv.Fit:
    return lv.cfa(TWO, HOLED, missing="fiml", aux=["x7", "x8"])


def close(a: Any, b: Any, rtol: float = 1e-5) -> None:
    np.testing.assert_allclose(np.asarray(a, dtype=float), np.asarray(b, dtype=float), rtol=rtol, atol=1e-7)


def test_they_are_covariances_that_one_could_write(helped: lv.Fit) -> None:
    text = f"{TWO}\nx7 ~~ x8 + {' + '.join(ITEMS[:6])}\nx8 ~~ {' + '.join(ITEMS[:6])}"
    written = lv.cfa(text, HOLED, missing="fiml").estimates().set_index(["lhs", "op", "rhs"])
    ours = helped.estimates().set_index(["lhs", "op", "rhs"])
    close(ours["est"], written.loc[ours.index, "est"])
    close(ours["se"], written.loc[ours.index, "se"])


def test_degrees_of_freedom_are_those_of_the_model_alone(helped: lv.Fit) -> None:
    alone = lv.cfa(TWO, HOLED, missing="fiml")
    assert helped.df == alone.df
    assert helped.fit_measures()["baseline_df"] == alone.fit_measures()["baseline_df"]


@pytest.mark.parametrize("options", [{}, {"estimator": "MLR"}, {"group": "school", "group_equal": "intercepts"}])
def test_complete_data_need_no_help(options: dict[str, Any]) -> None:
    """Without gaps the model's own estimates, errors and test are the same with and without them."""
    alone, helped = (lv.cfa(TWO, COMPLETE, missing="fiml", aux=aux, **options) for aux in (None, ["x7", "x9"]))
    table = helped.estimates()
    own = table[~table["auxiliary"]].reset_index(drop=True)
    close(own["est"], alone.estimates()["est"])
    close(own["se"], alone.estimates()["se"], rtol=1e-4)
    names = ["chisq", "df", "baseline_chisq", "cfi", "tli", "rmsea"]
    close(helped.fit_measures()[names], alone.fit_measures()[names])


def test_their_rows_follow_those_of_the_model_and_are_marked(helped: lv.Fit) -> None:
    table = helped.estimates()
    assert table["auxiliary"].to_numpy().nonzero()[0].min() == (~table["auxiliary"]).sum()
    assert set(table.loc[table["auxiliary"], "lhs"]) == {"x7", "x8"}
    assert helped.standardized()["auxiliary"].sum() == 2 + 1 + 2 + 12


def test_they_are_left_out_of_what_describes_the_model(helped: lv.Fit) -> None:
    assert "x7 ~~" not in str(helped.summary())
    assert "auxiliary variables x7, x8" in str(helped.summary())
    assert list(helped.residuals("standardized").columns) == ITEMS[:6]
    assert list(helped.residuals("raw", means=True).index) == ITEMS[:6]
    assert not set(helped.modification_indices()["lhs"]) & {"x7", "x8"}


def test_equalities_between_groups_do_not_touch_them() -> None:
    fit = lv.cfa(
        TWO, HOLED, missing="fiml", aux="x7", group="school", group_equal=["loadings", "residuals", "intercepts"]
    )
    table = fit.estimates()
    of_x7 = table[(table["lhs"] == "x7") & (table["rhs"] == "x7")]["est"]
    assert of_x7.nunique() == 2


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"aux": "x7"}, errors.OptionValueError, "pass missing='fiml'"),
        ({"aux": "x77", "missing": "fiml"}, errors.UnknownVariableError, "did you mean 'x7'?"),
        ({"aux": ["x7", "x1"], "missing": "fiml"}, errors.ModelError, "'x1', which the model has already"),
        ({"aux": "visual", "missing": "two.stage"}, errors.ModelError, "'visual', which the model has already"),
        ({"aux": "x7", "missing": "fiml", "fixed_x": True}, errors.OptionValueError, "excludes fixed_x=True"),
        ({"aux": "school", "missing": "fiml"}, errors.NonNumericError, "column 'school' must be numeric"),
        ({"aux": "x7", "missing": "pairwise", "ordered": True}, errors.OptionValueError, "pass missing='fiml'"),
        ({"aux": 7, "missing": "fiml"}, errors.OptionValueError, "7 must be a name"),
    ],
)
def test_bad_auxiliary_variables_are_refused(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        lv.cfa(TWO, HOLED, **options)
    assert said in str(caught.value)
