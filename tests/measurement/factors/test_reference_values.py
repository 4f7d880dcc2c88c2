"""Exploratory factors agree with stats, psych, GPArotation and lavaan of R; make_efa.R made the figures."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.estimate.promax import promax
from lvmodels.estimate.rotation import kaiser_weight, rotate
from lvmodels.estimate.rotation_criteria import Criterion
from lvmodels.measurement.factors.parallel import both_eigenvalues
from lvmodels.measurement.factors.record import FactorAnalysis

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
GOLDEN: dict[str, Any] = json.loads((REFERENCE / "efa.json").read_text(encoding="utf-8"))
FACTORS = {"hs": 3, "loyalty": 5}


@functools.cache
def answers(name: str, items: str = "hs") -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")[GOLDEN["items"][items]]


def data(name: str) -> pd.DataFrame:
    return answers(name, name)


def matched(mine: np.ndarray, theirs: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Which of my columns is each of theirs, and with which sign."""
    product = mine.T @ theirs
    order = np.abs(product).argmax(axis=0).tolist()
    assert sorted(order) == list(range(theirs.shape[1]))
    return order, np.sign(product[order, range(theirs.shape[1])])


def assert_same_loadings(
    found: FactorAnalysis, Lambda: Any, atol: float, errors: Any = None, rtol: float = 0.0
) -> None:
    theirs, mine = np.array(Lambda), found.loadings.to_numpy()
    order, sign = matched(mine, theirs)
    np.testing.assert_allclose(mine[:, order] * sign, theirs, atol=atol)
    if errors is not None:
        np.testing.assert_allclose(found.standard_errors.to_numpy()[:, order], np.array(errors), rtol=rtol)


@pytest.mark.parametrize("name", FACTORS)
@pytest.mark.parametrize(("method", "atol"), [("ml", 1e-6), ("minres", 2e-4), ("pa", 1e-6)])
def test_extraction(name: str, method: Any, atol: float) -> None:
    golden = GOLDEN["extraction"][name][method]
    found = lv.efa(data(name), FACTORS[name], "none", method)
    np.testing.assert_allclose(found.uniquenesses, golden["psi"], atol=atol)
    assert found.df == golden["df"]
    assert found.chisq == pytest.approx(golden["chisq"], rel=1e-3 if method == "minres" else 1e-5)
    assert_same_loadings(found, golden["A"], 10 * atol)


@pytest.mark.parametrize("case", GOLDEN["rotation"], ids=lambda c: f"{c['data']}-{c['rotation']}")
def test_rotation(case: dict[str, Any]) -> None:
    goal = np.where(np.array(case["free"]), np.nan, 0.0) if "free" in case else None
    A = np.array(GOLDEN["extraction"][case["data"]]["ml"]["A"])
    name = "varimax" if case["rotation"] == "promax" else case["rotation"]
    criterion = Criterion(name, gamma=case["gamma"], target=goal)
    found = rotate(A, criterion, case["kaiser"], 30, np.random.default_rng(0))
    Lambda, Phi = found.Lambda, found.Phi
    if case["rotation"] == "promax":
        weight = kaiser_weight(A)[:, None]
        Lambda, Phi = promax(Lambda / weight, 4.0)
        Lambda = Lambda * weight
    theirs = np.array(case["Lambda"])
    order, sign = matched(Lambda, theirs)
    np.testing.assert_allclose(Lambda[:, order] * sign, theirs, atol=1e-4)
    np.testing.assert_allclose(Phi[np.ix_(order, order)] * np.outer(sign, sign), case["Phi"], atol=1e-4)


@pytest.mark.parametrize("kind", ["normal", "robust"])
@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda c: c["rotation"])
def test_standard_errors(case: dict[str, Any], kind: Any) -> None:
    """Against the whole of extraction and rotation differentiated numerically in R."""
    goal = np.where(np.kron(np.eye(3), np.ones((3, 1))), np.nan, 0.0) if case["rotation"] == "target" else None
    found = lv.efa(data("hs"), 3, case["rotation"], kaiser=case["kaiser"], se=kind, target=goal)
    assert_same_loadings(found, case["Lambda"], 1e-4, case[kind]["Lambda"], 2e-3)
    theirs = np.array(case["Lambda"])
    order, _ = matched(found.loadings.to_numpy(), theirs)
    mine = found.phi_errors.to_numpy()[np.ix_(order, order)]
    # theirs are in the order of R: 21, 31, 32
    np.testing.assert_allclose(mine[[1, 2, 2], [0, 0, 1]], case[kind]["Phi"], rtol=2e-3, atol=1e-8)


def test_ordinal_answers_agree_with_lavaan() -> None:
    golden = GOLDEN["ordinal"]
    found = lv.efa(answers("hs_ordered"), 3, "oblimin", "minres", ordered=True)
    assert_same_loadings(found, golden["Lambda"], 2e-4, golden["se"], 1.5e-2)  # theirs by differences of rotations
    fit, names = (
        golden["fit"],
        {"chisq": "chisq.scaled", "baseline_chisq": "baseline.chisq.scaled", "cfi": "cfi.scaled"},
    )
    names |= {"tli": "tli.scaled", "rmsea": "rmsea.scaled", "srmr": "srmr"}
    for mine, theirs in names.items():
        assert found.fit_measures[mine] == pytest.approx(fit[theirs], rel=1e-3), mine


def test_incomplete_answers_agree_with_lavaans_moments() -> None:
    golden = GOLDEN["incomplete"]
    found = lv.efa(answers("hs_missing"), 3, missing="two.stage")
    np.testing.assert_allclose(found.correlations, golden["R"], atol=1e-4)
    np.testing.assert_allclose(found.uniquenesses, golden["psi"], atol=1e-3)


@pytest.mark.parametrize("method", ["regression", "bartlett", "anderson-rubin"])
def test_scores(method: Any) -> None:
    theirs = np.array(GOLDEN["scores"][method])
    found = lv.efa(data("hs"), 3, "none")
    mine = found.scores(data("hs"), method).to_numpy()[:6]
    sign = np.sign((mine * theirs).sum(axis=0))
    np.testing.assert_allclose(mine * sign, theirs, atol=1e-4)


@pytest.mark.parametrize("name", FACTORS)
def test_number_of_factors(name: str) -> None:
    golden = GOLDEN["number"][name]
    np.testing.assert_allclose(lv.map_test(data(name)).table["squared"].iloc[1:7], golden["map"], rtol=1e-8)
    components, factors = both_eigenvalues(data(name).corr().to_numpy()[None])[:, 0]
    np.testing.assert_allclose(components, golden["components"], atol=1e-10)
    np.testing.assert_allclose(factors, golden["factors"], atol=1e-10)
