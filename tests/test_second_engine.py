"""semopy, written by others in another way, finds the same minimum for every model that ships.

What it does differently, and how the comparison allows for it:

- Its language has no labels and no ``:=``. Both are dropped from the text; they restrict nothing here.
- It does not fix the residual variance of a single indicator to 0. As a search with that line added ends at a point
  with a much larger discrepancy, the latent variable is written as the item itself, which is the same model.
- It fixes the first loading to 1, lets exogenous latent variables covary, divides covariances by n and uses the
  expected information for standard errors: all as here.
- It stops when the discrepancy falls by less than 1e-6, about 1e-3 away from the minimum. Its own objective and
  gradient are therefore minimised further, by scipy, from where it stopped.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

import lvmodels as lv

semopy = pytest.importorskip("semopy")
NAMES = lv.datasets.names()
OBSERVED_INSTEAD = {
    "corp_rep": {"Satisfaction": "cusa"},
    "ecsi_mobi": {"Complaints": "CUSCO"},
}  # latent → its only item


@dataclass(frozen=True, slots=True)
class Pair:
    """One model, fitted by both engines."""

    fit: Any
    renamed: dict[str, str]
    estimates: pd.DataFrame  # of semopy, with columns lval, op, rval, Estimate, Std. Err
    stopped_at: float
    minimum: float
    slope: float


def without_labels(text: str, renamed: dict[str, str]) -> str:
    """A model text in semopy's language: comments, labels and defined parameters dropped, latent variables renamed."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    plain = [re.sub(r"\b[A-Za-z_]\w*\s*\*\s*", "", line) for line in lines if line and ":=" not in line]
    for latent, item in renamed.items():
        plain = [
            re.sub(rf"\b{latent}\b", item, line) for line in plain if not re.fullmatch(rf"{latent}\s*=~\s*{item}", line)
        ]
    return "\n".join(plain)


@pytest.fixture(scope="module", params=NAMES)
def pair(request: pytest.FixtureRequest) -> Pair:
    text, answers = lv.datasets.model(request.param), lv.datasets.load(request.param).answers
    renamed = OBSERVED_INSTEAD.get(request.param, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = lv.sem(text, answers)
        engine = semopy.Model(without_labels(text, renamed))
        first = engine.fit(answers[list(fit.objective.template.observed)].dropna(), obj="MLW")
        objective, gradient = engine.get_objective("MLW")
        polished = minimize(objective, engine.param_vals, jac=gradient, method="BFGS", options={"gtol": 1e-8})
        engine.param_vals = polished.x
        engine.update_matrices(polished.x)
        table = engine.inspect()
    return Pair(fit, renamed, table, first.fun, polished.fun, float(np.abs(polished.jac).max()))


def both(pair: Pair) -> pd.DataFrame:
    """Estimates and errors side by side; semopy writes a loading as a regression of the item."""
    ours = pair.fit.estimates().replace({"lhs": pair.renamed, "rhs": pair.renamed})
    by_key: dict[tuple[str, str, str], Any] = {}
    for row in ours.itertuples():
        keys = [(row.lhs, row.op, row.rhs)] + [(row.rhs, "~~", row.lhs)] * (row.op == "~~")
        keys += [(row.rhs, "~", row.lhs)] * (row.op == "=~")
        by_key |= dict.fromkeys(keys, row)
    found = [(r, by_key[r.lval, r.op, r.rval]) for r in pair.estimates.itertuples()]
    errors = pd.to_numeric(pair.estimates["Std. Err"], errors="coerce")
    return pd.DataFrame(
        {"semopy": [r.Estimate for r, _ in found], "ours": [o.est for _, o in found],
         "semopy_error": errors.to_numpy(), "our_error": [o.se for _, o in found]},
        index=["".join((r.lval, r.op, r.rval)) for r, _ in found],
    )  # fmt: skip


def test_semopy_reaches_the_same_minimum(pair: Pair) -> None:
    assert pair.fit.converged
    assert pair.slope < 1e-6, "semopy's objective was not minimised"
    assert pair.minimum == pytest.approx(pair.fit.optimum.F, abs=1e-10)


def test_our_minimum_is_at_least_as_low_as_where_semopy_stops(pair: Pair) -> None:
    assert pair.fit.optimum.F <= pair.stopped_at + 1e-12


def test_semopy_finds_the_same_estimates(pair: Pair) -> None:
    table = both(pair)
    assert len(table) >= pair.fit.fit_measures()["npar"]
    np.testing.assert_allclose(table["ours"], table["semopy"], atol=1e-3, rtol=1e-4)


def test_semopy_finds_the_same_standard_errors(pair: Pair) -> None:
    table = both(pair).dropna()
    assert len(table) == pair.fit.fit_measures()["npar"]
    np.testing.assert_allclose(table["our_error"], table["semopy_error"], rtol=2e-3)


def test_semopy_finds_the_same_chi_square(pair: Pair) -> None:
    measures = pair.fit.fit_measures()
    assert pair.minimum * pair.fit.nobs == pytest.approx(measures["chisq"], rel=1e-8)


def test_every_shipped_model_is_compared() -> None:
    assert len(NAMES) >= 5
