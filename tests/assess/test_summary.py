"""The printed summary tells what was done and shows the measures that belong to it."""

import pytest

import lvmodels as lv


@pytest.fixture(scope="module")
def survey():
    return lv.datasets.load("holzinger_swineford")


MODEL = "visual =~ x1 + x2 + x3\ntextual =~ a*x4 + b*x5 + x6\nratio := a/b\nx1 ~~ x4"


@pytest.mark.parametrize(
    ("options", "says", "silent"),
    [
        ({}, ["maximum likelihood", "Chi-square", "Log-likelihood", "Defined parameters", "Covariances"], ["Scaled"]),
        ({"estimator": "MLR"}, ["MLR", "robust.huber.white errors", "Scaled chi-square", "Robust CFI"], []),
        ({"estimator": "MLMVS"}, ["MLMVS", "Scaled CFI"], ["Robust CFI"]),
        ({"estimator": "ULS"}, ["ULS", "robust.sem errors"], ["Log-likelihood"]),
        ({"meanstructure": True}, ["Intercepts", "x1 ~ 1"], []),
        ({"group": "school"}, ["Group 1: Pasteur", "Group 2: Grant-White"], []),
    ],
)
def test_summary_names_what_was_done(survey, options, says, silent):
    text = str(lv.cfa(MODEL, survey, **options).summary())
    assert [part for part in says if part not in text] == []
    assert [part for part in silent if part in text] == []


def test_a_fit_without_convergence_says_so_first(survey, monkeypatch):
    monkeypatch.setattr("lvmodels.estimate.solve.MAX_ITERATIONS", 1)
    with pytest.warns(lv.errors.ConvergenceWarning):
        text = str(lv.cfa(MODEL, survey).summary())
    assert "DID NOT CONVERGE" in text.splitlines()[0]
