"""Models of purchase histories: published estimates, recovery of populations, identities, bad logs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, DataTypeError, NotConvergedError, UnknownVariableError
from lvmodels.loyalty.lifetime.bg_nbd import BgNbd
from lvmodels.loyalty.lifetime.pareto_nbd import ParetoNbd

life = lv.lifetime
POPULATION = {"r": 0.5, "alpha": 5.0, "a": 1.0, "b": 3.0}
COHORT = [1000, 869, 743, 653, 593, 551, 517, 491]  # Fader and Hardie (2007), table 1, high end


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return life.simulate_bg_nbd(POPULATION, T=50.0, n=3000, seed=23)


@pytest.fixture(scope="module")
def model(customers: pd.DataFrame) -> BgNbd:
    return life.bg_nbd(customers)


def test_bg_nbd_finds_its_population(model: BgNbd) -> None:
    assert ((model.params - pd.Series(POPULATION)).abs() < 2.5 * model.bse).all()
    assert model.n == 3000


def test_bg_nbd_is_at_a_maximum_and_its_errors_are_those_of_the_curvature(
    customers: pd.DataFrame, model: BgNbd
) -> None:
    from lvmodels.loyalty.lifetime.bg_nbd import _loglik
    from lvmodels.loyalty.lifetime.histories import histories_of

    at, best = histories_of(customers), model.params.to_numpy()
    assert _loglik(best, at) == pytest.approx(model.llf)
    for k in range(4):
        for factor in (0.97, 1.03):
            moved = best.copy()
            moved[k] *= factor
            assert _loglik(moved, at) < model.llf


def test_bg_nbd_adds_up(customers: pd.DataFrame, model: BgNbd) -> None:
    assert sum(model.probability_of(x, 20.0) for x in range(400)) == pytest.approx(1.0, abs=1e-6)
    mean = sum(x * model.probability_of(x, 20.0) for x in range(1, 400))
    assert mean == pytest.approx(model.expected_purchases(20.0), rel=1e-4)
    assert model.expected_purchases(50.0) == pytest.approx(customers["frequency"].mean(), rel=0.03)
    assert model.expected_purchases(0.0) == 0.0
    alive = model.probability_alive(customers["frequency"], customers["recency"], customers["T"])
    assert alive[customers["frequency"] == 0].tolist() == [1.0] * int((customers["frequency"] == 0).sum())
    assert alive.mean() == pytest.approx(customers["alive"].mean(), abs=0.03)
    assert model.conditional_purchases(10.0, 0, 0.0, 0.0) == pytest.approx(model.expected_purchases(10.0))


def test_units_of_time_do_not_matter(customers: pd.DataFrame, model: BgNbd) -> None:
    days = customers.assign(recency=7 * customers["recency"], T=7 * customers["T"])
    other = life.bg_nbd(days)
    np.testing.assert_allclose(other.params / model.params, [1, 7, 1, 1], rtol=2e-3)
    assert other.conditional_purchases(70, 3, 140, 350) == pytest.approx(
        model.conditional_purchases(10, 3, 20, 50), rel=1e-3
    )


@pytest.fixture(scope="module")
def pareto() -> tuple[ParetoNbd, pd.DataFrame]:
    rng = np.random.default_rng(12)
    n = 6000
    rates, deaths, T = rng.gamma(0.6, 1 / 8.0, n), rng.exponential(1.0, n) / rng.gamma(0.8, 1 / 15.0, n), 60.0
    stays = np.minimum(deaths, T)
    frequency = rng.poisson(rates * stays)
    recency = stays * np.array([rng.random(x).max() if x else 0.0 for x in frequency])
    frame = pd.DataFrame({"frequency": frequency, "recency": recency, "T": T, "alive": deaths > T})
    return life.pareto_nbd(frame), frame


def test_pareto_nbd_finds_its_population(pareto: tuple[ParetoNbd, pd.DataFrame]) -> None:
    found, frame = pareto
    truth = pd.Series({"r": 0.6, "alpha": 8.0, "s": 0.8, "beta": 15.0})
    assert ((found.params - truth).abs() < 2.5 * found.bse).all()
    alive = found.probability_alive(frame["frequency"], frame["recency"], frame["T"])
    assert alive.mean() == pytest.approx(frame["alive"].mean(), abs=0.03)
    assert found.expected_purchases(60.0) == pytest.approx(frame["frequency"].mean(), rel=0.03)
    assert found.conditional_purchases(9.0, 0, 0.0, 0.0) == pytest.approx(found.expected_purchases(9.0))


@pytest.mark.parametrize(("alpha", "beta"), [(10.0, 12.0), (12.0, 10.0), (9.0, 9.0)])
@pytest.mark.parametrize("history", [(3.0, 20.0, 30.0), (0.0, 0.0, 30.0), (1.0, 0.5, 30.0)])
def test_pareto_likelihood_is_the_integral(alpha: float, beta: float, history: tuple[float, float, float]) -> None:
    from scipy.special import gamma, roots_genlaguerre

    from lvmodels.loyalty.lifetime.histories import Histories
    from lvmodels.loyalty.lifetime.pareto_nbd import _loglik

    r, s = 0.5, 0.6
    x, t_x, T = history
    (u, wu), (v, wv) = (roots_genlaguerre(120, shape - 1.0) for shape in (r, s))
    lam, mu = u[:, None] / alpha, v / beta
    each = lam**x * (mu * np.exp(-(lam + mu) * t_x) + lam * np.exp(-(lam + mu) * T)) / (lam + mu)
    integral = wu @ each @ wv / gamma(r) / gamma(s)
    one = Histories(*(np.array([value]) for value in (x, t_x, T, 1.0)))
    assert _loglik(np.array([r, alpha, s, beta]), one) == pytest.approx(np.log(integral), abs=1e-3)


def test_gamma_gamma_finds_its_population() -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 12, 4000)
    nu = rng.gamma(4.0, 1 / 15.0, 4000)
    z = np.array([rng.gamma(6.0, 1 / b, k).mean() if k else np.nan for k, b in zip(x, nu, strict=True)])
    found = life.gamma_gamma(pd.DataFrame({"frequency": x, "monetary": z}))
    assert ((found.params - pd.Series({"p": 6.0, "q": 4.0, "v": 15.0})).abs() < 2.5 * found.bse).all()
    assert found.mean_spending == pytest.approx(np.nanmean(z), rel=0.05)
    assert found.n == int((x > 0).sum())
    assert abs(found.correlation) < 0.05
    own, common = 50.0, found.mean_spending
    assert found.expected_spending(0, float("nan")) == pytest.approx(common)
    assert min(own, common) < found.expected_spending(3, own) < max(own, common)


def test_retention_of_a_cohort_as_published() -> None:
    model = life.shifted_beta_geometric(COHORT)
    assert model.params.round(3).tolist() == [0.668, 3.806]  # Fader and Hardie (2007), p. 82
    assert model.survival(0) == 1.0
    np.testing.assert_allclose(np.cumprod(model.retention(np.arange(1, 9))), model.survival(np.arange(1, 9)))
    assert (np.diff(model.retention(np.arange(1, 9))) > 0).all()
    by_sum = sum(100 * model.survival(t) / 1.1**t for t in range(2000))
    assert model.value(100, 0.1) == pytest.approx(by_sum)
    later = sum(100 * model.survival(t) / model.survival(3) / 1.1 ** (t - 4) for t in range(4, 2000))
    assert model.value(100, 0.1, renewals=3) == pytest.approx(later)


# ---- logs -----------------------------------------------------------------------------------------------------

LOG = pd.DataFrame(
    {
        "id": ["a", "a", "a", "b", "c", "c"],
        "day": ["2025-01-01", "2025-01-08", "2025-01-08", "2025-01-15", "2025-01-01", "2025-01-29"],
        "euro": [10.0, 20.0, 5.0, 7.0, 1.0, 3.0],
    }
)


def test_histories_by_hand() -> None:
    found = life.purchase_histories(LOG, "id", "day", "euro")
    assert found["frequency"].tolist() == [1, 0, 1]
    assert found["recency"].tolist() == [1.0, 0.0, 4.0]
    assert found["T"].tolist() == [4.0, 2.0, 4.0]
    assert found["monetary"].fillna(-1).tolist() == [25.0, -1.0, 3.0]  # two purchases of one day are one
    earlier = life.purchase_histories(LOG, "id", "day", end="2025-01-10", unit="day")
    assert earlier.index.tolist() == ["a", "c"]
    assert earlier["T"].tolist() == [9.0, 9.0]


@pytest.mark.parametrize("library", ["polars", "duckdb"])
def test_histories_from_other_libraries(library: str) -> None:
    module = pytest.importorskip(library)
    if library == "polars":
        other = module.DataFrame({name: LOG[name].tolist() for name in LOG}).lazy()
    else:
        connection = module.connect()
        connection.register("purchases", LOG.astype({"id": object, "day": object}))
        other = connection.table("purchases")
    pd.testing.assert_frame_equal(
        life.purchase_histories(other, "id", "day", "euro"), life.purchase_histories(LOG, "id", "day", "euro")
    )


@pytest.mark.parametrize(
    ("log", "error", "message"),
    [
        (LOG.assign(id=["a", None, "a", "b", "c", "c"]), DataError, "row 2 of the transactions has no id"),
        (LOG.assign(day="soon"), DataError, "row 1 of the transactions has 'soon' in 'day', which is no date"),
        (LOG.assign(euro=-1.0), DataError, "row 1 of the transactions has the amount '-1.0' in 'euro'"),
        (LOG.rename(columns={"euro": "eur"}), UnknownVariableError, "no column 'euro' .*Did you mean 'eur'"),
        ([1, 2], DataTypeError, "transactions are a data frame, not a list"),
    ],
)
def test_bad_logs_are_named(log: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        life.purchase_histories(log, "id", "day", "euro")


GOOD = {"frequency": [2, 0, 1], "recency": [3.0, 0.0, 1.0], "T": [5.0, 5.0, 5.0]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frequency": [2, 0.5, 1]}, "row 2 has a number of repeat purchases"),
        ({"recency": [3.0, 0.0, 9.0]}, "row 3 has a last purchase"),
        ({"recency": [0.0, 0.0, 1.0]}, "row 1 has repeat purchases, and all at time 0"),
        ({"recency": [3.0, 2.0, 1.0]}, "row 2 has a last purchase after the first"),
        ({"T": [5.0, np.nan, 5.0]}, "row 2 has a missing value"),
        ({"T": [5.0, 0.0, 5.0]}, "row 2 was not observed for any time"),
    ],
)
def test_histories_that_cannot_be_are_named(change: dict[str, list[float]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        life.bg_nbd(pd.DataFrame({**GOOD, **change}))


def test_customers_without_differences_have_no_maximum() -> None:
    same = pd.DataFrame({"frequency": [4] * 50, "recency": [9.0] * 50, "T": [10.0] * 50})
    with pytest.raises(NotConvergedError, match="too little difference between customers"):
        life.bg_nbd(same)


@pytest.mark.parametrize(
    ("remaining", "message"),
    [([10, 11, 9], "after renewal 1 there are 11"), ([10, 9], "at least two renewals"), ([0, 0, 0], "above 0")],
)
def test_cohorts_that_cannot_be_are_named(remaining: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        life.shifted_beta_geometric(remaining)


def test_spending_that_cannot_be_is_named() -> None:
    with pytest.raises(DataError, match="row 2 has repeat purchases and no mean spending above 0"):
        life.gamma_gamma(pd.DataFrame({"frequency": [1, 2], "monetary": [3.0, 0.0]}))
    with pytest.raises(DataError, match="nobody bought again"):
        life.gamma_gamma(pd.DataFrame({"frequency": [0, 0], "monetary": [3.0, 1.0]}))
