"""Score tests: what they promise is what a new fit brings, and constraints of every kind are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import ModelError, NotConvergedError

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


def test_score_test_foretells_the_fall_of_chi_square(frame: pd.DataFrame) -> None:
    """Near the null the three classical tests agree."""
    rng = np.random.default_rng(2)
    f = rng.normal(size=(2000, 1))
    data = pd.DataFrame(f + rng.normal(size=(2000, 3)), columns=list("abc")).assign(g=np.arange(2000) % 2)
    tied = lv.cfa("f =~ a + b + c", data, group="g", group_equal="loadings")
    tests = lv.score_tests(tied).univariate
    for row in tests.itertuples():
        freed = lv.cfa("f =~ a + b + c", data, group="g", group_equal="loadings", group_partial=f"f=~{row.rhs}")
        fall = lv.compare(freed, tied)["chisq_diff"].iloc[1]
        assert row.x2 == pytest.approx(fall, abs=0.02)
        now = freed.estimates().query(f"op == '=~' and rhs == '{row.rhs}' and group == {row.group}")["est"].iloc[0]
        assert row.est + row.epc == pytest.approx(now, abs=0.01)


def test_written_constraints_and_labels_are_released_alike(frame: pd.DataFrame) -> None:
    label = lv.cfa(HS.replace("x2 + x3", "a*x2 + a*x3"), frame)
    formula = lv.cfa(HS.replace("x2 + x3", "a*x2 + b*x3") + "\na == b", frame)
    one, other = lv.score_tests(label), lv.score_tests(formula)
    assert other.univariate[["lhs", "op", "rhs"]].iloc[0].tolist() == ["a", "==", "b"]
    assert one.x2 == pytest.approx(other.x2, rel=1e-5)
    assert one.df == other.df == 1


def test_constraint_that_others_imply_has_no_test_of_its_own(frame: pd.DataFrame) -> None:
    fit = lv.cfa(HS.replace("x2 + x3", "a*x2 + b*x3").replace("x5", "c*x5") + "\na == b\nb == c\na == c", frame)
    tests = lv.score_tests(fit)
    assert tests.univariate["x2"].isna().all()
    assert tests.df == 2


def test_group_order_and_unit_of_an_item_do_not_matter(frame: pd.DataFrame) -> None:
    one = lv.score_tests(lv.cfa(HS, frame, group="school", group_equal="loadings")).univariate
    turned = frame.iloc[::-1].assign(x5=frame["x5"] * 100)
    other = lv.score_tests(lv.cfa(HS, turned, group="school", group_equal="loadings")).univariate
    assert np.allclose(one["x2"], other["x2"], rtol=1e-4)


def test_degrees_of_freedom_count_what_is_identified(frame: pd.DataFrame) -> None:
    fit = lv.cfa(HS, frame, group="school", group_equal=("loadings", "intercepts"))
    tests = lv.score_tests(fit)
    assert len(tests.univariate) == 15
    assert tests.df == 12  # three latent means take what three intercepts give


def test_nothing_to_release_is_refused(frame: pd.DataFrame) -> None:
    fit = lv.cfa(HS, frame)
    with pytest.raises(ModelError, match="no equality constraint"):
        lv.score_tests(fit)
    lost = replace(fit, optimum=replace(fit.optimum, converged=False))
    with pytest.raises(NotConvergedError):
        lv.score_tests(lost)
