"""The bivariate normal distribution against an independent implementation, and its closed forms."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from lvmodels.moments.bivariate import density, distribution

RNG = np.random.default_rng(7)
LIMITS = RNG.normal(size=(2, 40)) * 1.5
CORRELATIONS = np.concatenate([RNG.uniform(-0.9, 0.9, 20), RNG.uniform(0.92, 0.999, 10), -RNG.uniform(0.92, 0.999, 10)])


def test_distribution_agrees_with_scipy():
    expected = [
        multivariate_normal.cdf([h, k], cov=[[1.0, r], [r, 1.0]]) for h, k, r in zip(*LIMITS, CORRELATIONS, strict=True)
    ]
    np.testing.assert_allclose(distribution(*LIMITS, CORRELATIONS), expected, atol=1e-9)


def test_density_is_the_derivative_of_the_distribution_by_rho():
    step = 1e-6
    slope = (distribution(*LIMITS, CORRELATIONS + step) - distribution(*LIMITS, CORRELATIONS - step)) / (2 * step)
    np.testing.assert_allclose(density(*LIMITS, CORRELATIONS), slope, atol=1e-7)


@pytest.mark.parametrize("rho", [-0.99, -0.5, 0.0, 0.3, 0.95])
def test_quadrant_probability_has_its_closed_form(rho):
    value = distribution(np.array(0.0), np.array(0.0), np.array(rho))
    assert value == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-12)


def test_infinite_limits_give_the_margins():
    inf = np.array(np.inf)
    assert distribution(inf, np.array(0.7), np.array(0.6)) == pytest.approx(0.7580363477769, abs=1e-12)
    assert distribution(-inf, np.array(0.7), np.array(0.95)) == pytest.approx(0.0, abs=1e-12)
    assert density(inf, np.array(0.0), np.array(0.2)) == 0.0
