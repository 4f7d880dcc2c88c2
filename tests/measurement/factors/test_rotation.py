"""Rotations: gradients, invariances, special cases, and agreement with statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.multivariate.factor_rotation import rotate_factors

from lvmodels.estimate.promax import promax
from lvmodels.estimate.rotation import arranged, derivative, rotate
from lvmodels.estimate.rotation_criteria import Criterion, stationarity

TARGET = np.array([[np.nan, 0.0, 0.0], [0.0, np.nan, 0.1], [0.0, 0.0, np.nan]] * 3)
CRITERIA = {
    "oblimin": Criterion("oblimin"),
    "oblimin, gamma -1": Criterion("oblimin", gamma=-1.0),
    "geomin": Criterion("geomin"),
    "target": Criterion("target", target=TARGET),
    "varimax": Criterion("varimax"),
    "quartimax": Criterion("quartimax"),
    "equamax": Criterion("equamax"),
    "bifactor": Criterion("bifactor"),
}
FEW = settings(max_examples=2)  # each is a rotation from several starts
KINDS = pytest.mark.parametrize("kind", CRITERIA)


def loadings(seed: int, p: int = 9, m: int = 3) -> np.ndarray:
    """Simple structure with noise, turned at random."""
    rng = np.random.default_rng(seed)
    plain = np.zeros((p, m))
    plain[np.arange(p), np.arange(p) % m] = rng.uniform(0.5, 0.8, p)
    turn = np.linalg.qr(rng.standard_normal((m, m)))[0]
    return (plain + rng.normal(0, 0.08, (p, m))) @ turn


def turned(A: np.ndarray, kind: str, kaiser: bool = False, starts: int = 12, seed: int = 0):
    return rotate(A, CRITERIA[kind], kaiser, starts, np.random.default_rng(seed))


@KINDS
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1))
def test_gradient_is_the_slope_of_the_criterion(kind: str, seed: int) -> None:
    Lambda = loadings(seed)
    G = CRITERIA[kind](Lambda)[1]
    for step in np.eye(Lambda.size).reshape(-1, *Lambda.shape)[:: Lambda.size // 5]:
        slope = (CRITERIA[kind](Lambda + 1e-6 * step)[0] - CRITERIA[kind](Lambda - 1e-6 * step)[0]) / 2e-6
        assert slope == pytest.approx((G * step).sum(), abs=1e-8)


@KINDS
def test_criterion_of_a_stack_is_that_of_each(kind: str) -> None:
    stack = np.array([loadings(k) for k in range(4)])
    value, G = CRITERIA[kind](stack)
    for k in range(4):
        one = CRITERIA[kind](stack[k])
        assert value[k] == pytest.approx(one[0])
        np.testing.assert_allclose(G[k], one[1])


@KINDS
@pytest.mark.parametrize("kaiser", [False, True])
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_rotation_keeps_the_common_part(kind: str, kaiser: bool, seed: int) -> None:
    A = loadings(seed)
    found = turned(A, kind, kaiser, starts=2)
    np.testing.assert_allclose(found.Lambda @ found.Phi @ found.Lambda.T, A @ A.T, atol=1e-8)
    np.testing.assert_allclose(np.diagonal(found.Phi), 1.0, atol=1e-10)
    if CRITERIA[kind].orthogonal:
        np.testing.assert_allclose(found.Phi, np.eye(3), atol=1e-10)


@KINDS
@FEW
@given(seed=st.integers(0, 2**32 - 1))
def test_where_rotation_starts_does_not_matter(kind: str, seed: int) -> None:
    A = loadings(seed)
    turn = np.linalg.qr(np.random.default_rng(seed + 1).standard_normal((3, 3)))[0]
    first, second = turned(A, kind), turned(A @ turn, kind, seed=7)
    assert first.value == pytest.approx(second.value, abs=1e-7)


@KINDS
@FEW
@given(seed=st.integers(0, 2**32 - 1))
def test_rotated_loadings_are_stationary(kind: str, seed: int) -> None:
    found = turned(loadings(seed), kind, starts=2)
    # two groups leave a flat valley, where Newton's method does not help
    limit = 2e-3 if kind == "bifactor" else 1e-8
    assert np.abs(stationarity(CRITERIA[kind], found.Lambda, found.Phi)).max() < limit


@KINDS
def test_no_turn_nearby_is_better(kind: str) -> None:
    A, rng, criterion = loadings(5), np.random.default_rng(1), CRITERIA[kind]
    found = turned(A, kind)
    T = np.linalg.inv(np.linalg.lstsq(A, found.Lambda, rcond=None)[0]).T
    for _ in range(50):
        near = T + 0.02 * rng.standard_normal((3, 3))
        if criterion.orthogonal:
            U, _, V = np.linalg.svd(near)
            near = U @ V
        else:
            near /= np.sqrt((near**2).sum(axis=0))
        assert criterion(A @ np.linalg.inv(near).T)[0] > found.value


@pytest.mark.parametrize("kind", ["varimax", "quartimax", "oblimin"])
def test_statsmodels_does_no_better(kind: str) -> None:
    A = loadings(11, p=12)
    method = {"varimax": "varimax", "quartimax": "quartimax", "oblimin": "quartimin"}[kind]
    theirs = rotate_factors(A, method)[0]
    ours = rotate(A, CRITERIA[kind], False, 12, np.random.default_rng(0))
    assert ours.value <= CRITERIA[kind](theirs)[0] + 1e-7
    order = np.abs(ours.Lambda.T @ theirs).argmax(axis=1)
    np.testing.assert_allclose(np.abs(ours.Lambda), np.abs(theirs[:, order]), atol=2e-3)


def test_perfect_simple_structure_is_found() -> None:
    plain = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    root = np.linalg.cholesky(np.array([[1.0, 0.4, 0.2], [0.4, 1.0, 0.3], [0.2, 0.3, 1.0]]))
    found = rotate(plain @ root, CRITERIA["oblimin"], False, 8, np.random.default_rng(0))
    order = np.abs(found.Lambda.T @ plain).argmax(axis=0)
    np.testing.assert_allclose(np.abs(found.Lambda[:, order]), plain, atol=1e-7)


def test_equamax_of_two_factors_is_varimax() -> None:
    A = loadings(2, m=2)
    a, b = turned(A, "varimax"), turned(A, "equamax")
    np.testing.assert_allclose(np.sort(np.abs(a.Lambda)), np.sort(np.abs(b.Lambda)), atol=1e-7)


def test_kaiser_makes_rotation_blind_to_communalities() -> None:
    A = loadings(3)
    stretched = A * np.linspace(0.3, 1.2, len(A))[:, None]
    a, b = turned(A, "varimax", kaiser=True), turned(stretched, "varimax", kaiser=True)
    np.testing.assert_allclose(b.Lambda, a.Lambda * np.linspace(0.3, 1.2, len(A))[:, None], atol=1e-6)


def test_many_starts_escape_a_poor_minimum() -> None:
    """With geomin of many factors some starts end elsewhere; the best is at least as good as the first."""
    A = loadings(8, p=15, m=5)
    one, many = (rotate(A, CRITERIA["geomin"], False, k, np.random.default_rng(0)) for k in (1, 30))
    assert many.value <= one.value + 1e-9
    assert 1 <= many.found <= many.starts == 30


def test_same_seed_same_digits() -> None:
    A = loadings(4)
    np.testing.assert_array_equal(turned(A, "geomin", seed=3).Lambda, turned(A, "geomin", seed=3).Lambda)


def test_one_factor_is_left_as_it_is() -> None:
    A = loadings(1, m=1)
    found = rotate(A, CRITERIA["oblimin"], False, 5, np.random.default_rng(0))
    np.testing.assert_array_equal(found.Lambda, A)


def test_promax_keeps_the_common_part_and_power_one_changes_nothing() -> None:
    X = turned(loadings(6), "varimax").Lambda
    Lambda, Phi = promax(X, 4.0)
    np.testing.assert_allclose(Lambda @ Phi @ Lambda.T, X @ X.T, atol=1e-12)
    np.testing.assert_allclose(promax(X, 1.0)[0], X, atol=1e-12)


def test_order_and_sign_do_not_depend_on_where_factors_stood() -> None:
    Lambda, Phi = loadings(9), np.array([[1.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 1.0]])
    order, sign = arranged(Lambda, Phi)
    settled = Lambda[:, order] * sign
    mixed, flip = [2, 0, 1], np.array([1.0, -1.0, -1.0])
    again, back = arranged(Lambda[:, mixed] * flip, Phi[np.ix_(mixed, mixed)] * np.outer(flip, flip))
    np.testing.assert_allclose((Lambda[:, mixed] * flip)[:, again] * back, settled)


def test_complex_step_agrees_with_differences() -> None:
    A = loadings(10)
    jacobian = derivative(lambda x: stationarity(CRITERIA["geomin"], x.reshape(9, 3), np.eye(3)), A.ravel())
    h = 1e-6
    for k in (0, 7, 20):
        e = np.eye(27)[k].reshape(9, 3) * h
        slope = (
            stationarity(CRITERIA["geomin"], A + e, np.eye(3)) - stationarity(CRITERIA["geomin"], A - e, np.eye(3))
        ) / (2 * h)
        np.testing.assert_allclose(jacobian[:, k], slope, atol=1e-7)
