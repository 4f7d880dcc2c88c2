"""Two-stage maximum likelihood: what it equals, what auxiliary variables do to it, and what it excludes."""

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
KINDS = ("two.stage", "robust.two.stage")


def pupils(share: float) -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    data = pd.concat([survey.answers, survey.respondents], axis=1).astype(dict.fromkeys(ITEMS, float))
    gone = np.random.default_rng(5).random((len(data), len(ITEMS))) < share
    data[ITEMS] = data[ITEMS].mask(gone)
    return data


COMPLETE, HOLED = pupils(0.0), pupils(0.15)


def close(a: Any, b: Any, rtol: float = 1e-6) -> None:
    np.testing.assert_allclose(np.asarray(a, dtype=float), np.asarray(b, dtype=float), rtol=rtol, atol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", [None, "school"])
def test_on_complete_data_the_estimates_are_those_of_maximum_likelihood(kind: str, group: str | None) -> None:
    two, one = (lv.cfa(TWO, COMPLETE, group=group, meanstructure=True, **o) for o in ({"missing": kind}, {}))  # type: ignore[arg-type]
    close(two.params, one.params)
    close(two.fit_measures()[["chisq", "df", "srmr", "logl"]], one.fit_measures()[["chisq", "df", "srmr", "logl"]])


def test_a_saturated_model_has_the_errors_of_full_information() -> None:
    model = "x1 ~~ x2 + x4\nx2 ~~ x4"
    two, full = (lv.sem(model, HOLED, missing=kind, meanstructure=True) for kind in ("two.stage", "fiml"))
    close(two.params, full.params)
    close(two.bse, full.bse)


def test_robust_errors_of_a_saturated_model_are_those_of_the_sandwich() -> None:
    model = "x1 ~~ x2 + x4\nx2 ~~ x4"
    two = lv.sem(model, HOLED, missing="robust.two.stage", meanstructure=True)
    full = lv.sem(model, HOLED, missing="fiml", estimator="MLR", meanstructure=True)
    close(two.bse, full.bse)


def test_the_baseline_model_is_scaled_like_the_same_model_fitted() -> None:
    fit = lv.cfa(TWO, HOLED, missing="two.stage").fit_measures()
    alone = lv.lavaan("\n".join(f"x{i} ~~ x{i}\nx{i} ~ 1" for i in range(1, 7)), HOLED, missing="two.stage")
    measures = alone.fit_measures()
    assert fit["baseline_df"] == measures["df"]
    close(fit["baseline_chisq_scaled"], measures["chisq_scaled"])
    close(fit["baseline_chisq_scaling_factor"], measures["chisq_scaling_factor"])


def test_missing_answers_enlarge_the_errors_that_the_moments_alone_would_have() -> None:
    fit = lv.cfa(TWO, HOLED, missing="two.stage", information="expected")
    stage = fit.prepared.moments[0]
    names = ITEMS[:6]
    cov = pd.DataFrame(stage.cov * stage.n / (stage.n - 1.0), index=names, columns=names)
    naive = lv.cfa(TWO, sample_cov=cov, sample_mean=pd.Series(stage.mean, names), sample_nobs=int(stage.n))
    close(fit.params, lv.cfa(TWO, sample_cov=cov, sample_mean=pd.Series(stage.mean, names),
                             sample_nobs=int(stage.n), meanstructure=True).params)  # fmt: skip
    loading = "visual=~x2"
    assert fit.bse[loading] > naive.bse[loading]


def test_variables_without_a_relation_to_the_gaps_change_nothing_in_complete_data() -> None:
    alone, helped = (lv.cfa(TWO, COMPLETE, missing="two.stage", aux=aux) for aux in (None, ["x7", "x8"]))
    close(alone.params, helped.params)
    close(alone.bse, helped.bse)


def test_auxiliary_variables_take_part_in_the_first_stage_only() -> None:
    alone, helped = (lv.cfa(TWO, HOLED, missing="two.stage", aux=aux) for aux in (None, ["x7", "x8"]))
    assert list(alone.params.index) == list(helped.params.index)
    assert alone.df == helped.df
    assert np.abs(alone.params - helped.params).max() > 1e-4
    assert "auxiliary" not in helped.estimates()


def test_cases_that_lack_a_covariate_stay() -> None:
    data = HOLED.assign(ageyr=HOLED["ageyr"].astype(float).mask(np.arange(len(HOLED)) % 7 == 0))
    assert lv.sem(TWO + "\nvisual ~ ageyr", data, missing="two.stage").nobs == len(data)


@pytest.mark.parametrize("test", ["mean.var.adjusted", "scaled.shifted"])
def test_other_corrections_share_the_mean(test: str) -> None:
    plain, other = (lv.cfa(TWO, HOLED, missing="two.stage", **o).fit_measures() for o in ({}, {"test": test}))
    close(plain["chisq"], other["chisq"])
    assert other["pvalue_scaled"] == pytest.approx(plain["pvalue_scaled"], abs=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_scores_are_those_of_full_information_for_the_same_parameters(kind: str) -> None:
    fit = lv.cfa(TWO, HOLED, missing=kind, aux=["x7"])
    scores = fit.scores()
    assert scores.shape == (fit.nobs, 2)
    assert np.isfinite(scores.to_numpy()).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"estimator": "MLR"}, "estimator='MLR' excludes missing='two.stage'"),
        ({"estimator": "GLS"}, "estimator='GLS' excludes"),
        ({"se": "robust.sem"}, "leave se out"),
        ({"se": "robust.two.stage"}, "leave se out"),
        ({"test": "yuan.bentler.mplus"}, "leave test out"),
        ({"test": "browne.residual.adf"}, "needs complete data"),
        ({"cluster": "school"}, "use missing='fiml'"),
        ({"likelihood": "wishart"}, "leave likelihood out"),
        ({"fixed_x": True}, "excludes fixed_x=True"),
        ({"meanstructure": False}, "leave meanstructure out"),
    ],
)
def test_what_has_no_meaning_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.OptionValueError) as caught:
        lv.cfa(TWO, HOLED, missing="two.stage", **options)
    assert said in str(caught.value)


def test_two_stage_errors_need_two_stages() -> None:
    with pytest.raises(errors.OptionValueError, match=r"se='two\.stage'"):
        lv.cfa(TWO, HOLED, se="two.stage")


def test_standardized_residuals_allow_for_the_first_stage() -> None:
    """On complete data they are those of the complete sample, and no more than a few with gaps."""
    one = lv.cfa(TWO, COMPLETE, meanstructure=True)
    two = lv.cfa(TWO, COMPLETE, missing="two.stage", information="expected")
    np.testing.assert_allclose(two.residuals("standardized"), one.residuals("standardized"), atol=1e-4)
    holed = lv.cfa(TWO, HOLED, missing="two.stage", aux="x7")
    assert np.abs(holed.residuals("standardized").to_numpy()).max() < 8
    assert np.isnan(lv.cfa(TWO, HOLED, missing="two.stage", se="none").bse).all()
