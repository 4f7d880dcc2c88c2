"""Random small populations: estimation finds its way back to them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

import lvmodels as lv
from lvmodels.estimate.objective import evaluate

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
signs = st.sampled_from([-1.0, 1.0])
seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class Population:
    """A model text, its true parameters by (lhs, op, rhs), and the moments they imply."""

    text: str
    truth: dict[tuple[str, str, str], float]
    cov: pd.DataFrame
    mean: pd.Series


@st.composite
def populations(draw: st.DrawFn, fewest: int = 2) -> Population:
    """Up to four factors of two to five items that covary, or are each regressed on those before it."""
    rng = np.random.default_rng(draw(seeds))
    n_factors = draw(st.integers(1, 4))
    least = 4 if n_factors == 1 else fewest
    sizes = [draw(st.integers(least, 5)) for _ in range(n_factors)]
    structural = draw(st.booleans())
    scale = 10.0 ** draw(st.integers(-3, 3))
    truth: dict[tuple[str, str, str], float] = {}
    factors = [f"f{k}" for k in range(n_factors)]
    m, p = n_factors, sum(sizes)
    Lambda, Beta, Psi = np.zeros((p, m)), np.zeros((m, m)), np.diag(rng.uniform(0.5, 1.5, m))
    items = [f"x{i}" for i in range(p)]
    row = 0
    for k, size in enumerate(sizes):
        for j in range(size):
            Lambda[row, k] = 1.0 if j == 0 else draw(signs) * rng.uniform(0.5, 1.5)
            truth[factors[k], "=~", items[row]] = Lambda[row, k]
            row += 1
    for k in range(1, m):
        for j in range(k):
            strength = draw(signs) * rng.uniform(0.25, 0.6)
            if structural:
                Beta[k, j] = truth[factors[k], "~", factors[j]] = strength
            else:
                Psi[k, j] = Psi[j, k] = 0.5 * strength * np.sqrt(Psi[k, k] * Psi[j, j])
    assume(np.linalg.eigvalsh(Psi)[0] > 0.1)
    theta = rng.uniform(0.3, 1.0, p)
    inverse = np.linalg.inv(np.eye(m) - Beta)
    cov = scale**2 * (Lambda @ inverse @ Psi @ inverse.T @ Lambda.T + np.diag(theta))
    for i in range(p):
        truth[items[i], "~~", items[i]] = scale**2 * theta[i]
    for a in range(m):
        for b in range(a + 1):
            if Psi[a, b] or not structural:
                truth[factors[b], "~~", factors[a]] = scale**2 * Psi[a, b]
    lines = [f"{f} =~ " + " + ".join(x for (g, op, x) in truth if op == "=~" and g == f) for f in factors]
    lines += [f"{y} ~ {x}" for (y, op, x) in truth if op == "~"]
    mean = pd.Series(rng.normal(size=p) * scale, index=items)
    return Population("\n".join(lines), truth, pd.DataFrame(cov, index=items, columns=items), mean)


def exact(population: Population, n: int = 1000, **options: Any) -> Any:
    """The model fitted to the moments of its own population."""
    given_moments = {"sample_cov": population.cov, "sample_nobs": n, "likelihood": "wishart"} | options
    return lv.sem(population.text, **given_moments)


def sample(population: Population, n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    Y = rng.multivariate_normal(population.mean, population.cov, size=n, method="cholesky")
    return pd.DataFrame(Y, columns=population.cov.columns)


def truth_of(population: Population, fit: Any) -> NDArray[np.float64]:
    """True values in the order of the rows of the table."""
    return np.array([population.truth.get((r.lhs, r.op, r.rhs), np.nan) for r in fit.table.rows])


@given(populations())
def test_a_model_fitted_to_its_own_moments_returns_the_parameters(population: Population) -> None:
    fit = exact(population)
    assert fit.converged, population.text
    assert fit.fit_measures()["chisq"] == pytest.approx(0.0, abs=1e-6)
    truth = truth_of(population, fit)
    known = np.isfinite(truth)
    assert known.sum() == len(population.truth)
    error = fit.estimates()["se"].to_numpy()
    unit = np.where(error > 0, error, 1.0) * np.sqrt(1000.0)
    np.testing.assert_allclose((fit.solution.values[known] - truth[known]) / unit[known], 0.0, atol=1e-4)


@given(populations())
def test_exact_moments_leave_no_residuals_and_no_modifications(population: Population) -> None:
    fit = exact(population)
    size = np.sqrt(np.diagonal(population.cov))
    np.testing.assert_allclose(fit.residuals("raw") / np.outer(size, size), 0.0, atol=1e-5)
    np.testing.assert_allclose(fit.residuals("cor"), 0.0, atol=1e-5)
    assert (fit.modification_indices()["mi"] < 1e-3).all()
    measures = fit.fit_measures()
    assert measures["srmr"] == pytest.approx(0.0, abs=1e-5)
    assert measures["rmsea"] == 0.0
    assert measures["cfi"] == pytest.approx(1.0)


@given(populations(fewest=3), st.sampled_from([60, 200, 1000]), seeds)
def test_samples_give_a_minimum(population: Population, n: int, seed: int) -> None:
    """The gradient vanishes, the discrepancy is not negative, and no parameter can be moved to lower it.

    A factor of two items lives on its covariances with others alone; where a sample has none, there is no minimum. So
    there are three items here.
    """
    fit = lv.sem(population.text, sample(population, n, seed))
    assert fit.optimum.F >= 0.0
    assert fit.converged or n < 200, "only a small sample may have no minimum"
    if not fit.converged or fit.singular:
        assert fit.bse.isna().all()
        return
    errors = fit.bse.to_numpy() * np.sqrt(n)
    assert np.abs(fit.optimum.gradient * errors).max() < 1e-4
    theta = fit.optimum.theta
    for k in range(len(theta)):
        for sign in (-0.01, 0.01):
            moved = theta.copy()
            moved[k] += sign * errors[k]
            there = evaluate(fit.objective, moved)
            assert there is None or there.F >= fit.optimum.F - 1e-9


@given(populations(fewest=3), seeds)
def test_a_large_sample_finds_the_population(population: Population, seed: int) -> None:
    fit = lv.sem(population.text, sample(population, 20_000, seed))
    assert fit.converged
    estimates, truth = fit.estimates(), truth_of(population, fit)
    free = (estimates["se"] > 0).to_numpy() & np.isfinite(truth)
    z = (estimates["est"].to_numpy() - truth)[free] / estimates["se"].to_numpy()[free]
    assert np.abs(z).max() < 5.5
    assert fit.fit_measures()["pvalue"] > 1e-6 or fit.df == 0


@given(populations(fewest=3), seeds)
def test_unit_variance_and_marker_find_the_same_minimum(population: Population, seed: int) -> None:
    data = sample(population, 300, seed)
    marker, unit = lv.sem(population.text, data), lv.sem(population.text, data, std_lv=True)
    assume(marker.converged and not any(isinstance(w, lv.errors.HeywoodWarning) for w in marker.warnings))
    assert unit.converged
    assert marker.fit_measures()["chisq"] == pytest.approx(unit.fit_measures()["chisq"], rel=1e-6, abs=1e-6)


@given(populations(), seeds)
def test_freeing_a_parameter_never_raises_chi_square(population: Population, seed: int) -> None:
    data = sample(population, 300, seed)
    fit = lv.sem(population.text, data)
    assume(fit.converged and fit.df > 0)
    largest = fit.modification_indices().query("op == '~~'").head(1)
    assume(len(largest) > 0)
    row = largest.iloc[0]
    try:
        freed = lv.sem(f"{population.text}\n{row.lhs} ~~ {row.rhs}", data)
    except lv.errors.ModelError:
        return
    assume(freed.converged)
    assert freed.fit_measures()["chisq"] <= fit.fit_measures()["chisq"] + 1e-6


@given(seeds, st.integers(2, 6))
def test_recursive_paths_are_least_squares_equation_by_equation(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    Y = rng.normal(size=(80, p)) @ np.triu(rng.uniform(-1, 1, (p, p)) + np.eye(p))
    data = pd.DataFrame(Y, columns=[f"y{i}" for i in range(p)])
    text = "\n".join(f"y{i} ~ " + " + ".join(f"y{j}" for j in range(i)) for i in range(1, p))
    fit = lv.sem(text, data)
    centred = Y - Y.mean(axis=0)
    rows = fit.estimates().set_index(["lhs", "op", "rhs"])["est"]
    for i in range(1, p):
        beta = np.linalg.lstsq(centred[:, :i], centred[:, i], rcond=None)[0]
        np.testing.assert_allclose([rows[f"y{i}", "~", f"y{j}"] for j in range(i)], beta, atol=1e-6, rtol=1e-6)
    assert fit.fit_measures()["chisq"] == pytest.approx(0.0, abs=1e-5)


@given(seeds)
def test_the_same_call_gives_the_same_digits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(rng.normal(size=(50, 4)) + rng.normal(size=(50, 1)), columns=list("abcd"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, two = lv.cfa("f =~ a + b + c + d", data), lv.cfa("f =~ a + b + c + d", data)
    np.testing.assert_array_equal(one.optimum.theta, two.optimum.theta)
