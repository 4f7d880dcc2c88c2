"""A general factor: populations that are recovered, identities, agreement with psych, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
GOLDEN: dict[str, Any] = json.loads((REFERENCE / "efa.json").read_text(encoding="utf-8"))
GENERAL = np.repeat([0.6, 0.5, 0.4, 0.7], 4)
GROUPS = np.kron(np.eye(4), np.array([[0.6], [0.5], [0.4], [0.5]]))


def exact(Sigma: np.ndarray, n: int = 400) -> pd.DataFrame:
    """Answers whose correlations are those given."""
    Z = np.random.default_rng(0).standard_normal((n, len(Sigma)))
    Z = np.linalg.qr(Z - Z.mean(axis=0))[0] * np.sqrt(n)
    return pd.DataFrame(Z @ np.linalg.cholesky(Sigma).T, columns=[f"y{k}" for k in range(len(Sigma))])


def hierarchical() -> tuple[np.ndarray, np.ndarray]:
    """Correlations of a second-order population, and loadings on the general factor."""
    gamma, Lambda = np.array([0.8, 0.7, 0.6, 0.5]), np.kron(np.eye(4), np.array([[0.8], [0.7], [0.6]]))
    Phi = np.outer(gamma, gamma)
    np.fill_diagonal(Phi, 1.0)
    Sigma = Lambda @ Phi @ Lambda.T
    np.fill_diagonal(Sigma, 1.0)
    return Sigma, Lambda @ gamma


@pytest.mark.parametrize(("name", "m"), [("hs", 3), ("loyalty", 5)])
def test_psych_says_the_same(name: str, m: int) -> None:
    answers, golden = pd.read_csv(REFERENCE / "data" / f"{name}.csv"), GOLDEN["general"][name]
    found = lv.bifactor(lv.efa(answers[GOLDEN["items"][name]], m))
    np.testing.assert_allclose(found.loadings["general"], golden["general"], atol=1e-4)
    theirs = np.array(golden["groups"])
    mine = found.loadings.iloc[:, 1:].to_numpy()
    np.testing.assert_allclose(mine[:, np.abs(mine.T @ theirs).argmax(axis=0)], theirs, atol=1e-4)
    assert found.omega_hierarchical == pytest.approx(golden["omega_hierarchical"], abs=1e-4)
    assert found.omega_total == pytest.approx(golden["omega_total"], abs=1e-4)
    assert found.explained_common_variance == pytest.approx(golden["ecv"], abs=1e-4)


def test_second_order_population_is_recovered() -> None:
    Sigma, general = hierarchical()
    found = lv.bifactor(lv.efa(exact(Sigma), 4))
    np.testing.assert_allclose(found.loadings["general"], general, atol=1e-5)
    assert found.omega_hierarchical == pytest.approx(general.sum() ** 2 / Sigma.sum(), abs=1e-5)
    np.testing.assert_allclose(sorted(found.second_order), [0.5, 0.6, 0.7, 0.8], atol=1e-5)
    L = found.loadings.to_numpy()
    np.testing.assert_allclose((L @ L.T)[np.tril_indices(12, -1)], Sigma[np.tril_indices(12, -1)], atol=1e-5)
    assert found.uncontaminated == pytest.approx(1 - 4 * 3 * 2 / (12 * 11))
    assert found.groups["items"].tolist() == [3, 3, 3, 3]
    np.testing.assert_allclose(found.groups["omega"], found.groups["omega_general"] + found.groups["omega_group"])
    assert 0 < found.omega_hierarchical < found.omega_total < 1


def test_bifactor_rotation_finds_a_population_that_has_no_second_order() -> None:
    Sigma = np.outer(GENERAL, GENERAL) + GROUPS @ GROUPS.T
    np.fill_diagonal(Sigma, 1.0)
    analysis = lv.efa(exact(Sigma), 5, "bifactor")
    assert list(analysis.loadings.columns) == ["G", "F1", "F2", "F3", "F4"]
    np.testing.assert_allclose(analysis.loadings["G"], GENERAL, atol=1e-5)
    groups = analysis.loadings.iloc[:, 1:].to_numpy()
    order = (groups.T @ GROUPS).argmax(axis=0)
    np.testing.assert_allclose(groups[:, order], GROUPS, atol=1e-5)
    assert np.isfinite(analysis.standard_errors).all(axis=None)
    found = lv.bifactor(analysis)
    assert found.second_order.isna().all()
    assert found.omega_hierarchical == pytest.approx(GENERAL.sum() ** 2 / Sigma.sum(), abs=1e-5)
    assert found.explained_common_variance == pytest.approx(
        (GENERAL**2).sum() / ((GENERAL**2).sum() + (GROUPS**2).sum())
    )


def test_two_factors_load_equally() -> None:
    answers = lv.datasets.load("holzinger_swineford").answers
    analysis = lv.efa(answers, 2)
    second = lv.bifactor(analysis).second_order
    np.testing.assert_allclose(second**2, analysis.phi.iloc[0, 1])


def test_reversed_items_are_counted_reversed() -> None:
    Sigma, _ = hierarchical()
    answers = exact(Sigma)
    plain = lv.bifactor(lv.efa(answers, 4))
    found = lv.bifactor(lv.efa(answers.assign(y0=-answers["y0"]), 4))
    assert found.reversed == ("y0",)
    assert found.omega_hierarchical == pytest.approx(plain.omega_hierarchical, abs=1e-6)
    pd.testing.assert_frame_equal(found.groups, plain.groups, atol=1e-6)


def test_a_factor_that_is_the_general_one_is_named() -> None:
    gamma, Lambda = np.array([1.0, 0.5, 0.5]), np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    Phi = np.outer(gamma, gamma)
    Phi[1, 2] = Phi[2, 1] = 0.1
    np.fill_diagonal(Phi, 1.0)
    Sigma = Lambda @ Phi @ Lambda.T
    np.fill_diagonal(Sigma, 1.0)
    for method in ("ml", "minres", "pa"):
        with pytest.warns(errors.HeywoodWarning, match="nothing but the general factor"):
            found = lv.bifactor(lv.efa(exact(Sigma), 3, method=method))
        assert np.isfinite(found.loadings).all(axis=None)


@pytest.mark.parametrize(("m", "rotation"), [(1, "oblimin"), (3, "varimax"), (3, "none")])
def test_uncorrelated_factors_share_nothing(m: int, rotation: Any) -> None:
    analysis = lv.efa(lv.datasets.load("holzinger_swineford").answers, m, rotation)
    with pytest.raises(errors.NotEstimableError, match="what correlated factors share"):
        lv.bifactor(analysis)


def test_one_group_is_no_bifactor_rotation() -> None:
    with pytest.raises(errors.OptionValueError, match="a general factor and two or more groups"):
        lv.efa(lv.datasets.load("holzinger_swineford").answers, 2, "bifactor")
