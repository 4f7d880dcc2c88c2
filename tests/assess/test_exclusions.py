"""What exclusions do to a model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.survey.answers import Survey
from lvmodels.survey.screening.record import Screening

MODEL = """
    A =~ a1 + a2 + a3
    B =~ b1 + b2 + b3
    B ~ p*A
    twice := 2*p
"""


def answers(n: int = 400, fast: int = 60) -> Survey:
    """Two factors that go together, but for the first respondents, who are fast and against all others."""
    rng = np.random.default_rng(11)
    A = rng.standard_normal(n)
    B = 0.5 * A + 0.8 * rng.standard_normal(n)
    Y = np.column_stack([A, A, A, B, B, B]) + 0.7 * rng.standard_normal((n, 6))
    Y = np.clip(np.round(4 + 1.3 * Y), 1, 7)
    Y[:fast] = np.repeat([[7, 7, 6, 1, 1, 2], [1, 2, 1, 7, 6, 7]], fast // 2, axis=0)
    frame = pd.DataFrame(Y, columns=["a1", "a2", "a3", "b1", "b2", "b3"])
    return Survey(frame, pd.DataFrame({"duration": np.where(np.arange(n) < fast, 3.0, 90.0)}))


@pytest.fixture(scope="module")
def screening() -> Screening:
    return lv.screen(answers(), rules={"speed": "exclude"}, codes=(1, 7))


def test_figures_are_those_of_the_fits(screening: Screening) -> None:
    found = screening.sensitivity(MODEL)
    whole, clean = lv.sem(MODEL, screening.screened), lv.sem(MODEL, screening.clean)
    figures = found.figures.set_index("figure")
    assert found.samples.set_index("sample").loc["clean", ["left_out", "n"]].tolist() == [60, 340]
    for fit, column, p in ((whole, "all", "p_all"), (clean, "clean", "p_clean")):
        path = fit.estimates().query("lhs == 'B' and op == '~'").iloc[0]
        assert figures.loc["B~A", column] == pytest.approx(path["std_all"])
        assert figures.loc["B~A", p] == pytest.approx(path["pvalue"])
        assert figures.loc["cfi", column] == pytest.approx(fit.fit_measures()["cfi"])
        assert figures.loc["B", column] == pytest.approx(fit.r2()["B"])
    assert figures.loc["twice", "clean"] == pytest.approx(2 * figures.loc["B~A", "clean"])
    assert (figures["change"].dropna() == (figures["clean"] - figures["all"]).dropna()).all()


def test_a_changed_sign_is_named(screening: Screening) -> None:
    figures = screening.sensitivity(MODEL).figures.set_index("figure")
    assert figures.loc["B~A", "all"] < 0 < figures.loc["B~A", "clean"]
    assert figures.loc["B~A", "differs"] == "sign"
    assert figures.loc["A=~a2", "differs"] == ""
    assert screening.sensitivity(MODEL, by_rule=False).n_differing == 2  # the path, and what is defined by it


def test_each_rule_that_flags_somebody_has_its_own_sample(screening: Screening) -> None:
    found = screening.sensitivity(MODEL)
    flagged = [name for name in screening.flags if screening.flags[name].any()]
    assert found.samples["sample"].tolist() == ["all", "clean", *flagged]
    assert found.figures.columns[-len(flagged) :].tolist() == flagged
    assert found.figures["speed"].to_numpy() == pytest.approx(found.figures["clean"].to_numpy(), nan_ok=True)


def test_options_of_the_fit_are_passed_on(screening: Screening) -> None:
    robust = screening.sensitivity(MODEL, by_rule=False, estimator="MLR").figures.set_index("figure")
    fit = lv.sem(MODEL, screening.screened, estimator="MLR")
    assert robust.loc["cfi", "all"] == pytest.approx(fit.fit_measures()["cfi_robust"])
    assert robust.loc["chisq", "all"] == pytest.approx(fit.fit_measures()["chisq_scaled"])
    with pytest.raises(TypeError, match="estimater"):
        screening.sensitivity(MODEL, estimater="MLR")  # type: ignore[call-arg]


def test_groups_are_told_apart(screening: Screening) -> None:
    survey = answers()
    survey.respondents["city"] = np.where(np.arange(400) % 2, "Graz", "Wien")
    found = lv.screen(survey, rules={"speed": "exclude"}).sensitivity("A =~ a1 + a2 + a3", by_rule=False, group="city")
    assert sorted(found.figures.query("figure == 'A=~a2'")["group"]) == [1, 2]


def test_without_exclusions_both_columns_are_the_same() -> None:
    found = lv.screen(answers(fast=0)).sensitivity(MODEL, by_rule=False)
    assert (found.figures["change"] == 0).all()
    assert found.n_differing == 0


def test_a_sample_that_cannot_be_fitted_is_recorded() -> None:
    survey = answers(40, 0)
    survey.respondents["duration"] = np.r_[np.full(36, 3.0), np.full(4, 90.0)]
    found = lv.screen(survey, rules={"speed": "exclude"}).sensitivity(MODEL)
    row = found.samples.set_index("sample").loc["clean"]
    assert not row["converged"]
    assert "too few" in row["problem"]
    assert found.figures["clean"].isna().all()


def test_a_model_that_cannot_be_fitted_at_all_is_refused(screening: Screening) -> None:
    with pytest.raises(errors.UnknownVariableError):
        screening.sensitivity("A =~ a1 + a2 + a9")
