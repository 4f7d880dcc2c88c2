"""Browne's residual-based tests: what they equal, and when they are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lvmodels as lv
from lvmodels import errors

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
DATA = lv.datasets.load("holzinger_swineford")


def statistic(kind: str, model: str = MODEL, **options: Any) -> float:
    measures = lv.cfa(model, DATA, test=f"browne.residual.{kind}", **options).fit_measures()
    return float(measures[f"chisq_browne_residual_{kind}"])


@pytest.mark.parametrize(("estimator", "kind"), [("GLS", "nt"), ("WLS", "adf")])
@pytest.mark.parametrize("group", [None, "school"])
def test_it_is_the_discrepancy_whose_weight_it_shares(estimator: str, kind: str, group: str | None) -> None:
    plain = lv.cfa(MODEL, DATA, estimator=estimator, group=group).fit_measures()["chisq"]
    assert statistic(kind, estimator=estimator, group=group) == pytest.approx(plain, rel=1e-5)


@pytest.mark.parametrize("kind", ["adf", "nt"])
def test_free_intercepts_change_nothing(kind: str) -> None:
    assert statistic(kind) == pytest.approx(statistic(kind, meanstructure=True), rel=1e-6)


@pytest.mark.parametrize("kind", ["adf", "nt"])
def test_units_do_not_matter(kind: str) -> None:
    data = DATA.answers.assign(x1=1000.0 * DATA.answers["x1"], x5=0.01 * DATA.answers["x5"])
    measures = lv.cfa(MODEL, data, test=f"browne.residual.{kind}").fit_measures()
    assert measures[f"chisq_browne_residual_{kind}"] == pytest.approx(statistic(kind), rel=1e-5)


def test_the_usual_test_of_the_estimator_stays_beside_it() -> None:
    with_it, without = (lv.cfa(MODEL, DATA, estimator="MLM", **o).fit_measures() for o in
                        ({"test": "browne.residual.adf"}, {}))  # fmt: skip
    np.testing.assert_allclose(with_it[without.index], without)


def test_a_saturated_model_leaves_no_residual() -> None:
    measures = lv.cfa("visual =~ x1 + x2 + x3", DATA, test="browne.residual.adf").fit_measures()
    assert measures["chisq_browne_residual_adf"] == 0.0


def test_summary_and_report_show_it() -> None:
    from lvmodels.report.context import make_context
    from lvmodels.report.fit_tables import fit_table
    from lvmodels.report.methods import python_call

    fit = lv.cfa(MODEL, DATA, test="browne.residual.nt")
    assert "Browne's residual-based test (normal theory)" in str(fit.summary())
    assert "test='browne.residual.nt'" in python_call(fit.settings)
    for language in ("en", "zh"):
        assert "Browne" in str(fit_table(make_context(fit, language)).rows[1][0])  # type: ignore[arg-type]


def test_too_few_cases_for_its_matrix_are_said() -> None:
    with pytest.raises(errors.TooFewCasesError, match=r"browne\.residual\.nt"):
        lv.cfa(MODEL, DATA.answers.head(20), test="browne.residual.adf").fit_measures()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"missing": "fiml"}, errors.OptionValueError, "needs complete data"),
        ({"cluster": "school"}, errors.OptionValueError, "leave it out with cluster="),
        ({"ordered": True, "test": "browne.residual.nt"}, errors.OptionValueError, "continuous variables"),
        ({"sample_cov": DATA.answers.cov(), "sample_nobs": 301}, errors.DataError, "answers of each case"),
    ],
)
def test_it_needs_complete_independent_cases(options: dict[str, Any], error: type[Exception], said: str) -> None:
    data = None if "sample_cov" in options else DATA
    with pytest.raises(error) as caught:
        lv.cfa(MODEL, data, **{"test": "browne.residual.adf", **options})
    assert said in str(caught.value)
