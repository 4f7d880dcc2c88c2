"""A wider model fitted from a narrower one is the wider model."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import ModelError
from lvmodels.fit.extension import extended

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def frame() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


@pytest.mark.parametrize("options", [{}, {"estimator": "MLR"}, {"group": "school"}, {"missing": "fiml"}])
def test_extended_model_is_the_model_with_more_lines(options: dict[str, Any]) -> None:
    lines = "x1 ~~ x4\nvisual =~ x9"
    wider = extended(lv.cfa(HS, frame(), **options), lines, lambda row: 0.0)
    whole = lv.cfa(f"{HS}\n{lines}", frame(), **options)
    pd.testing.assert_frame_equal(wider.estimates(), whole.estimates(), atol=1e-4, rtol=1e-3)
    assert wider.fit_measures()["chisq"] == pytest.approx(whole.fit_measures()["chisq"], rel=1e-6)


def test_search_begins_where_the_narrower_model_ended() -> None:
    fit = lv.cfa(HS, frame())
    again = extended(fit, "x1 ~~ 0*x2", lambda row: 0.0)
    assert again.optimum.iterations <= 2
    assert again.fit_measures()["chisq"] == pytest.approx(fit.fit_measures()["chisq"])


def test_new_observed_variables_are_refused() -> None:
    with pytest.raises(ModelError, match="not by more observed variables"):
        extended(lv.cfa(HS, frame()), "visual ~ age", lambda row: 0.0)
