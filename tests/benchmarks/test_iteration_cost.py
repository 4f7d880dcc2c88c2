"""What one iteration costs, and how the cost grows from 10 to 200 items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.estimate.objective import evaluate, information
from tests.benchmarks.clock import best_time

pytestmark = pytest.mark.benchmark
ITEMS = (10, 50, 200)
PER_FACTOR = 5


def fitted(p: int) -> Any:
    """A factor model of p items, five to a factor, on a sample of its own population."""
    rng = np.random.default_rng(p)
    m = p // PER_FACTOR
    Lambda = np.kron(np.eye(m), rng.uniform(0.6, 1.0, (PER_FACTOR, 1)))
    factors = rng.normal(size=(1000, m)) + 0.6 * rng.normal(size=(1000, 1))
    names = [f"x{i}" for i in range(p)]
    data = pd.DataFrame(factors @ Lambda.T + 0.6 * rng.normal(size=(1000, p)), columns=names)
    # one factor above them keeps the number of parameters proportional to the number of items
    model = [f"f{k} =~ " + " + ".join(names[k * PER_FACTOR : (k + 1) * PER_FACTOR]) for k in range(m)]
    if m > 2:
        model.append("g =~ " + " + ".join(f"f{k}" for k in range(m)))
    return lv.cfa("\n".join(model), data)


def iteration(fit: Any) -> Callable[[], object]:
    """One Fisher scoring step from the solution: objective, gradient, information, a linear system."""

    def step() -> object:
        here = evaluate(fit.objective, fit.optimum.theta)
        assert here is not None
        return np.linalg.solve(information(fit.objective, here), here.gradient)

    return step


@pytest.fixture(scope="module")
def figures() -> dict[int, tuple[float, int, int]]:
    """Seconds an iteration, iterations and parameters by number of items."""
    found = {}
    for p in ITEMS:
        fit = fitted(p)
        assert fit.converged
        found[p] = (best_time(iteration(fit)), fit.optimum.iterations, len(fit.optimum.theta))
    print("\n items  parameters  iterations  ms an iteration")
    for p, (seconds, iterations, parameters) in found.items():
        print(f"{p:6d}  {parameters:10d}  {iterations:10d}  {1000 * seconds:15.3f}")
    return found


def test_cost_grows_well_below_the_cube_of_the_number_of_items(figures: dict[int, tuple[float, int, int]]) -> None:
    growth = figures[200][0] / figures[10][0]
    print(f"200 items cost {growth:.0f} times as much as 10 (the cube would be {20**3})")
    assert growth < 20**3 / 8


def test_the_number_of_iterations_does_not_grow_with_the_number_of_items(
    figures: dict[int, tuple[float, int, int]],
) -> None:
    assert figures[200][1] <= 2 * figures[10][1] + 2


def test_an_iteration_on_small_models_costs_few_matrix_products(figures: dict[int, tuple[float, int, int]]) -> None:
    """The yardstick is a dense inverse of the same size as the information matrix."""
    parameters = figures[50][2]
    matrix = np.eye(parameters) + 0.01
    yardstick = best_time(lambda: np.linalg.inv(matrix), 20)
    print(f"50 items: an iteration takes as long as {figures[50][0] / yardstick:.1f} inverses of its information")
    assert figures[50][0] < 40 * yardstick
