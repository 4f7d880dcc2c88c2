"""Intervals cover the truth and tests reject true models as often as they say, over 1,000 samples of 400 cases."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import lvmodels as lv

pytestmark = pytest.mark.slow

Matrix = NDArray[np.float64]
SAMPLES, CASES = 1000, 400
ITEMS = [f"{letter}{i}" for letter in "qsl" for i in (1, 2, 3)]
MODEL = """
    QUA =~ q1 + q2 + q3
    SAT =~ s1 + s2 + s3
    LOY =~ l1 + l2 + l3
    SAT ~ a*QUA
    LOY ~ b*SAT + c*QUA
    indirect := a*b
"""
# unit variances of all responses, so that the truth is the same for continuous and for ordinal answers
LOADING, A, B, C = np.array([0.8, 0.75, 0.7]), 0.5, 0.4, 0.3
MEASURES = {"QUA": "q", "SAT": "s", "LOY": "l"}
TRUTH = {
    **{f"{f}=~{x}{i}": LOADING[i - 1] / LOADING[0] for f, x in MEASURES.items() for i in (2, 3)},
    "SAT~QUA": A, "LOY~SAT": B, "LOY~QUA": C, "indirect:=": A * B,
}  # fmt: skip


def factors(draw: Callable[[tuple[int, ...]], Matrix]) -> Matrix:
    """Three constructs of unit variance, shape (n, 3)."""
    e = draw((CASES, 3))
    quality = e[:, 0]
    satisfaction = A * quality + np.sqrt(1 - A**2) * e[:, 1]
    explained = B**2 + C**2 + 2 * A * B * C
    return np.column_stack([quality, satisfaction, B * satisfaction + C * quality + np.sqrt(1 - explained) * e[:, 2]])


def items(draw: Callable[[tuple[int, ...]], Matrix]) -> Matrix:
    loadings = np.tile(LOADING, 3)
    return np.repeat(factors(draw), 3, axis=1) * loadings + draw((CASES, 9)) * np.sqrt(1 - loadings**2)


def normal(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(items(rng.standard_normal), columns=ITEMS)


def skewed(rng: np.random.Generator) -> pd.DataFrame:
    """Sums of gamma variables: skewness up to 1.4, kurtosis up to 3."""
    return pd.DataFrame(items(lambda shape: (rng.standard_gamma(2.0, shape) - 2.0) / np.sqrt(2.0)), columns=ITEMS)


def missing_at_random(rng: np.random.Generator) -> pd.DataFrame:
    """A fifth of most items lacks, the more often the higher an item that everybody answers."""
    frame = normal(rng)
    for name in ITEMS[1:]:
        probability = 1.0 / (1.0 + np.exp(1.6 - 1.2 * frame["q1"]))
        frame.loc[rng.random(CASES) < probability, name] = np.nan
    return frame


def five_categories(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(np.digitize(items(rng.standard_normal), (-1.3, -0.6, 0.2, 1.0)) + 1.0, columns=ITEMS)


KINDS: dict[str, tuple[Callable[[np.random.Generator], pd.DataFrame], dict[str, Any]]] = {
    "ML on normal answers": (normal, {}),
    "MLR on skewed answers": (skewed, {"estimator": "MLR"}),
    "FIML on answers missing at random": (missing_at_random, {"missing": "fiml"}),
    "WLSMV on five categories": (five_categories, {"ordered": True}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_cover_and_tests_reject_as_they_say(kind: str) -> None:
    draw, options = KINDS[kind]
    covered, rejected, failed = np.zeros(len(TRUTH)), 0, 0
    for seed in np.random.SeedSequence(20261125).spawn(SAMPLES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lv.errors.LvmodelsWarning)
            fit = lv.sem(MODEL, draw(np.random.default_rng(seed)), **options)
        if not fit.converged:
            failed += 1
            continue
        rows = fit.estimates(standardized=False)
        keys = [f"{r.lhs}:=" if r.op == ":=" else f"{r.lhs}{r.op}{r.rhs}" for r in rows.itertuples()]
        found = rows.set_axis(keys).loc[list(TRUTH)]
        truth = np.array(list(TRUTH.values()))
        covered += (found["ci_lower"].to_numpy() <= truth) & (truth <= found["ci_upper"].to_numpy())
        m = fit.fit_measures()
        rejected += float(m.get("pvalue_scaled", m["pvalue"])) < 0.05
    n = SAMPLES - failed
    shares = {name: round(float(share), 3) for name, share in zip(TRUTH, covered / n, strict=True)}
    print(kind, shares, "rejected", rejected / n, "failed", failed)
    assert failed <= 5
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
    assert 0.03 <= rejected / n <= 0.08
