"""From a driver to money: the chain by hand, its uncertainty, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, NotEstimableError, OptionValueError

TEXT = """
SAT =~ 1*s1 + 0.8*s2 + 1.2*s3
LOY =~ l1 + l2 + l3
LOY ~ SAT
"""


def population(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers whose chance to stay is a logistic curve of their loyalty: intercept 0.5, slope 1.2."""
    rng = np.random.default_rng(seed)
    sat = rng.normal(size=n)
    loy = 0.6 * sat + rng.normal(scale=0.8, size=n)
    items = {f"s{k}": w * sat + rng.normal(scale=0.5, size=n) for k, w in ((1, 1.0), (2, 0.8), (3, 1.2))}
    items |= {f"l{k}": loy + rng.normal(scale=0.4, size=n) for k in (1, 2, 3)}
    return pd.DataFrame(items), (rng.random(n) < 1 / (1 + np.exp(-(0.5 + 1.2 * loy)))).astype(float)


@pytest.fixture(scope="module")
def study() -> tuple[Any, np.ndarray]:
    data, stayed = population(2000, 1)
    return lv.sem(TEXT, data), stayed


def test_the_chain_by_hand(study: tuple[Any, np.ndarray]) -> None:
    fit, stayed = study
    found = lv.value_of_improvement(fit, "SAT", "LOY", stayed, margin=100, rate=0.1, rise=0.5, draws=50, seed=1)
    est = found.table["est"]
    path = float(fit.estimates().query("op == '~' and lhs == 'LOY'")["est"].iloc[0])
    assert est["total_effect"] == pytest.approx(path)
    assert est["outcome_change"] == pytest.approx(0.5 * path / 1.0)  # the mean loading of SAT is 1
    line, score = found.curve["est"], fit.scores()["LOY"].to_numpy()
    before = 1 / (1 + np.exp(-(line["intercept"] + line["slope"] * score)))
    after = 1 / (1 + np.exp(-(line["intercept"] + line["slope"] * (score + est["outcome_change"]))))
    assert est["retention_before"] == pytest.approx(before.mean()) == pytest.approx(stayed.mean())
    assert est["value_change"] == pytest.approx((100 / (1 - after / 1.1) - 100 / (1 - before / 1.1)).mean())
    assert line["slope"] == pytest.approx(1.2, abs=3 * found.curve.loc["slope", "se"])
    assert found.n == 2000


def test_the_same_seed_gives_the_same_intervals_and_uncertainty_adds_up(study: tuple[Any, np.ndarray]) -> None:
    fit, stayed = study
    first, again = (lv.value_of_improvement(fit, "SAT", "LOY", stayed, 100, 0.1, draws=400, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, again.table)
    unsure = lv.value_of_improvement(fit, "SAT", "LOY", stayed, 100, 0.1, draws=400, seed=5, margin_se=20)
    assert unsure.table.loc["value_change", "se"] > first.table.loc["value_change", "se"]
    assert first.table.loc["total_effect", "se"] == pytest.approx(
        float(fit.effects().query("effect == 'total'")["se"].iloc[0]), rel=0.15
    )
    assert "worth" in str(first)


def test_intervals_cover_what_they_should() -> None:
    truth_total, hits = 0.6, 0
    for seed in range(40):
        data, stayed = population(300, 100 + seed)
        found = lv.value_of_improvement(lv.sem(TEXT, data), "SAT", "LOY", stayed, 1, 0.1, draws=200, seed=seed).table
        hits += found.loc["total_effect", "ci_lower"] < truth_total < found.loc["total_effect", "ci_upper"]
    assert hits >= 34  # of 40 at 95 %


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"driver": "SATT"}, OptionValueError, "driver='SATT' is no latent variable .*Did you mean 'SAT'"),
        ({"driver": "LOY", "outcome": "SAT"}, OptionValueError, "no path from 'LOY' to 'SAT'"),
        ({"retained": [1, 0]}, DataError, "retained has 2 values and the data have 2000 cases"),
        ({"retained": np.full(2000, 2.0)}, DataError, "retained has 2 at case 1"),
        ({"retained": np.ones(2000)}, DataError, "all customers stayed, or all left"),
        ({"retained": ["yes"] * 2000}, DataError, "1 for those who stayed and 0"),
    ],
)
def test_what_cannot_be_is_named(
    study: tuple[Any, np.ndarray], change: dict[str, Any], error: type[Exception], message: str
) -> None:
    fit, stayed = study
    options: dict[str, Any] = {"driver": "SAT", "outcome": "LOY", "retained": stayed, **change}
    with pytest.raises(error, match=message):
        lv.value_of_improvement(fit, margin=100, rate=0.1, draws=10, **options)


def test_perfect_separation_and_several_groups_are_refused(study: tuple[Any, np.ndarray]) -> None:
    fit, _ = study
    perfect = (fit.scores()["LOY"].to_numpy() > 0).astype(float)
    with pytest.raises(DataError, match="separates those who stayed"):
        lv.value_of_improvement(fit, "SAT", "LOY", perfect, 100, 0.1, draws=10)
    data, stayed = population(400, 2)
    groups = lv.sem(TEXT, data.assign(g=np.repeat([1, 2], 200)), group="g")
    with pytest.raises(NotEstimableError, match="several groups"):
        lv.value_of_improvement(groups, "SAT", "LOY", stayed, 100, 0.1, draws=10)
