"""Interactions of latent variables come out right over 1,000 samples of 400 cases, and closer than by items."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv

pytestmark = pytest.mark.slow
SAMPLES, CASES, EFFECT = 1000, 400, 0.2
MODEL = """
    SAT =~ s1 + s2 + s3
    SWC =~ c1 + c2 + c3
    LOY =~ l1 + l2 + l3
    LOY ~ SAT + SWC + SAT:SWC
"""


def answers(rng: np.random.Generator) -> pd.DataFrame:
    """Items with reliabilities of .64 to .74; the predictors correlate .3."""
    X = rng.multivariate_normal([0, 0], [[1.0, 0.3], [0.3, 1.0]], CASES)
    linear = 0.4 * X[:, 0] + 0.3 * X[:, 1]
    Y = linear + EFFECT * X[:, 0] * X[:, 1] + np.sqrt(0.6) * rng.standard_normal(CASES)
    factors = np.column_stack([*X.T, Y])[:, [0, 0, 0, 1, 1, 1, 2, 2, 2]]
    items = 1.0 + factors * np.tile([1.0, 0.9, 0.8], 3) + 0.6 * rng.standard_normal((CASES, 9))
    return pd.DataFrame(items, columns=[f"{letter}{i}" for letter in "scl" for i in (1, 2, 3)])


def test_interaction_is_unbiased_covered_and_closer_than_by_product_indicators() -> None:
    ways = {"lms": {}, "product.indicator": {"estimator": "MLR"}}
    found = {way: np.empty((SAMPLES, 2)) for way in ways}
    seconds = dict.fromkeys(ways, 0.0)
    for k, seed in enumerate(np.random.SeedSequence(20261125).spawn(SAMPLES)):
        data = answers(np.random.default_rng(seed))
        for way, options in ways.items():
            started = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", lv.errors.LvmodelsWarning)
                fit = lv.sem(MODEL, data, latent_product=way, **options)  # type: ignore[typeddict-item]
            found[way][k] = fit.params["LOY~SAT:SWC"], fit.bse["LOY~SAT:SWC"]
            seconds[way] += time.process_time() - started
            assert fit.converged
    error, spread, covered = {}, {}, {}
    for way, (estimate, se) in ((way, table.T) for way, table in found.items()):
        error[way], spread[way] = estimate.mean() - EFFECT, np.sqrt(((estimate - EFFECT) ** 2).mean())
        covered[way] = float((np.abs(estimate - EFFECT) < 1.959964 * se).mean())
        print(f"{way}: bias {error[way]:.4f}, root mean square error {spread[way]:.4f}, coverage {covered[way]:.3f}, "
              f"mean error {se.mean():.4f}, {seconds[way] / SAMPLES:.3f} s a fit")  # fmt: skip
    assert abs(error["lms"]) < 0.01
    assert 0.93 <= covered["lms"] <= 0.97
    assert spread["lms"] < spread["product.indicator"]
