"""Classes found in the data: recovery, known likelihoods, order of rows, bad scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import lvmodels as lv
from lvmodels.errors import ConstantVariableError, OptionValueError, TooFewCasesError
from lvmodels.loyalty.segments.normal_mixture import n_parameters

latent_classes = lv.segments.latent_classes


@pytest.fixture(scope="module")
def population() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(11)
    true = np.repeat([0, 1, 2], [150, 90, 60])
    centres = np.array([[50.0, 50.0], [80.0, 75.0], [75.0, 30.0]])
    scores = centres[true] + rng.multivariate_normal([0, 0], [[36, 12], [12, 36]], len(true))
    frame = pd.DataFrame(scores, columns=["SAT", "LOY"], index=[f"c{k}" for k in range(len(true))])
    return frame.assign(region=rng.choice(["east", "west"], len(true))), true


@pytest.fixture(scope="module")
def found(population: tuple[pd.DataFrame, np.ndarray]) -> lv.segments.LatentClasses:
    return latent_classes(population[0], ["SAT", "LOY"], classes=[1, 2, 3, 4], starts=8, describe=["region"])


def test_bic_finds_the_classes_of_the_population(
    population: tuple[pd.DataFrame, np.ndarray], found: lv.segments.LatentClasses
) -> None:
    assert (len(found.shares), found.shape) == (3, "equal")
    assert (found.labels.astype(int).to_numpy() - 1 == population[1]).mean() > 0.95
    assert found.means.to_numpy() == pytest.approx(np.array([[50, 50], [80, 75], [75, 30]]), abs=3.0)
    assert found.covariances[0].to_numpy() == pytest.approx(np.array([[36, 12], [12, 36]]), abs=9.0)
    assert found.shares.to_numpy() == pytest.approx([0.5, 0.3, 0.2], abs=0.04)
    assert 0.85 < found.entropy <= 1.0
    assert found.posterior.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert found.profile["n"].sum() == 300
    assert found.classes.tests["test"].tolist() == ["chi-square"]


def test_likelihood_is_that_of_the_mixture(
    population: tuple[pd.DataFrame, np.ndarray], found: lv.segments.LatentClasses
) -> None:
    Y = population[0][["SAT", "LOY"]].to_numpy()
    density = sum(
        found.shares.iloc[k] * stats.multivariate_normal(found.means.iloc[k], found.covariances[k]).pdf(Y)
        for k in range(3)
    )
    best = found.criteria.loc[found.criteria["bic"].idxmin()]
    assert np.log(density).sum() == pytest.approx(best["log_likelihood"], abs=1e-3)
    assert best["bic"] == pytest.approx(-2 * best["log_likelihood"] + 11 * np.log(300))
    entropy = found.posterior.to_numpy()
    again = 1 + (entropy * np.log(np.maximum(entropy, 1e-300))).sum() / (300 * np.log(3))
    assert found.entropy == pytest.approx(again)


def test_one_class_is_the_normal_distribution(population: tuple[pd.DataFrame, np.ndarray]) -> None:
    Y = population[0][["SAT", "LOY"]]
    one = latent_classes(Y, ["SAT", "LOY"], classes=1)
    normal = stats.multivariate_normal(Y.mean(), Y.cov(ddof=0))
    assert one.criteria["log_likelihood"].iloc[0] == pytest.approx(normal.logpdf(Y).sum())
    assert np.isnan(one.entropy)
    assert any("there are no segments" in line for line in one.log)


def test_bic_finds_no_segments_in_one_normal_distribution() -> None:
    y = np.random.default_rng(5).normal(size=(250, 2))
    found = latent_classes(pd.DataFrame(y, columns=["a", "b"]), ["a", "b"], classes=[1, 2, 3], starts=5)
    assert len(found.shares) == 1


def test_order_of_rows_and_units_do_not_matter(population: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = population[0].copy()
    frame.loc["c5", "SAT"] = np.nan
    options = {"classes": 3, "shape": "full", "starts": 4, "seed": 7}
    first = latent_classes(frame, ["SAT", "LOY"], **options)
    mixed = latent_classes(frame.sample(frac=1, random_state=1), ["SAT", "LOY"], **options)
    pd.testing.assert_series_equal(first.labels, mixed.labels[frame.index])
    scaled = latent_classes(frame.assign(SAT=frame["SAT"] * 10 - 3), ["SAT", "LOY"], **options)
    assert scaled.labels.equals(first.labels)
    assert scaled.means["SAT"].to_numpy() == pytest.approx(first.means["SAT"].to_numpy() * 10 - 3)
    assert first.labels.isna().sum() == 1
    assert first.posterior.loc["c5"].isna().all()


def test_parameters_are_counted() -> None:
    assert n_parameters(3, 2, "full") == 2 + 6 + 9
    assert n_parameters(3, 2, "equal") == 2 + 6 + 3
    assert n_parameters(3, 2, "diagonal") == 2 + 6 + 6


def test_bad_scores_are_named() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 1, 1, 1]})
    with pytest.raises(ConstantVariableError, match="b is 1"):
        latent_classes(frame, ["a", "b"])
    with pytest.raises(TooFewCasesError, match="4 customers"):
        latent_classes(frame, ["a"], classes=4)
    with pytest.raises(OptionValueError, match="whole numbers from 1"):
        latent_classes(frame, ["a"], classes=[0, 1])
    with pytest.raises(OptionValueError, match="diagonal, equal, full"):
        latent_classes(frame, ["a"], shape="round")
    with pytest.raises(OptionValueError, match="list of different columns"):
        latent_classes(frame, ["a", "a"])
