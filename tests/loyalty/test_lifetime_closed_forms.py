"""Lifetime value in closed form: worked examples, identities, and input that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import DataError, LvmodelsError, OptionValueError

life = lv.lifetime
RATES = st.floats(0.001, 0.5)


def test_the_worked_example() -> None:
    assert round(life.annuity(5, 0.09), 6) == 3.889651
    assert round(life.revenue_value(2000, 500, 5, 0.09), 2) == 3944.83
    assert round(life.contribution_value(2000, 500, 400, 10, 5, 0.09), 2) == 3505.93
    assert life.profit_value(500, 300, 5, 0.09) == pytest.approx(200 * life.annuity(5, 0.09))


@given(st.integers(1, 60), RATES)
def test_the_annuity_is_the_sum_of_its_payments(periods: int, rate: float) -> None:
    assert life.annuity(periods, rate) == pytest.approx(sum((1 + rate) ** -t for t in range(1, periods + 1)))


def test_the_annuity_without_interest_counts_payments_and_takes_arrays() -> None:
    assert life.annuity(7, 0.0) == 7.0
    assert life.annuity(7, 1e-12) == pytest.approx(7.0)
    np.testing.assert_allclose(life.annuity([1, 2], [[0.0], [0.1]]), [[1, 2], [1 / 1.1, 1 / 1.1 + 1 / 1.21]])


@given(st.floats(0.0, 0.99), RATES)
def test_retention_without_end_is_the_limit_and_counts_the_first_payment(s: float, r: float) -> None:
    long = life.retention_value(10, s, r, periods=20_000)
    assert life.retention_value(10, s, r) == pytest.approx(long)
    assert life.retention_value(10, s, r, first="next") == pytest.approx(life.retention_value(10, s, r) - 10)


def test_certain_retention_is_an_annuity() -> None:
    assert life.retention_value(1, 1.0, 0.09, periods=5, first="next") == pytest.approx(life.annuity(5, 0.09))
    assert life.retention_value(1, 1.0, 0.0, periods=5) == 5.0


def test_the_lever_is_larger_the_higher_retention_is() -> None:
    shares = [life.retention_lever(100, s, 0.1).share for s in (0.5, 0.7, 0.9)]
    assert shares == sorted(shares)
    lever = life.retention_lever(100, 0.9, 0.1)
    assert lever.after - lever.before == pytest.approx(lever.change) == pytest.approx(lever.share * lever.before)
    assert lever.published["banking"] == 0.85


def test_profitability() -> None:
    found = life.profitability(300, 40, 60, 5, 400, customers=1000)
    assert (found.customer, found.total, found.retention_cost) == (600.0, 600_000.0, 100.0)


def test_wallet_by_hand_and_from_a_switching_matrix() -> None:
    by_hand = 12 * 0.5 * 3 / 1.1 + 12 * 0.6 * 3 / 1.21
    assert life.wallet_value([12, 12], [0.5, 0.6], 3.0, 0.1) == pytest.approx(by_hand)
    share = life.wallet_share([[0.7, 0.3], [0.4, 0.6]], [1, 0], 0, 200)
    assert share[-1] == pytest.approx(4 / 7)  # the steady state


def test_vouchers_as_in_the_worked_examples() -> None:
    assert life.voucher([100, 100]).price_share == 0.75
    assert life.voucher([300, 100]).price_share == 0.875
    assert life.voucher([100]) == life.Voucher(100.0, 100.0, 0.0, 50.0, 1.0)
    assert life.voucher([99, 99]).price_share == 1.0
    assert life.voucher([200, 90], minimum=100).price_share == 1.0  # too small a second purchase


@given(st.lists(st.floats(1, 500), min_size=1, max_size=5), st.floats(0, 1))
def test_vouchers_keep_their_accounts(spend: list[float], redemption: float) -> None:
    found = life.voucher(spend, redemption=redemption)
    assert found.goods == pytest.approx(sum(spend)) == pytest.approx(found.cash + found.redeemed)
    assert 0.5 - 1e-9 <= found.price_share <= 1.0 + 1e-9
    assert life.voucher(spend, redemption=0.0).redeemed == pytest.approx(0.0)


def test_profit_is_shared_in_proportion() -> None:
    np.testing.assert_allclose(life.profit_share([1, 3], 100, 0.2), [5, 15])
    assert life.profit_share([1, 3], -100, 0.2).sum() == 0.0


def test_sources_of_profit_add_up() -> None:
    found = life.profit_sources(60, [30, 30], [0, 5], 1.0, [0, 2], 3.0, rate=0.1, retention=0.8)
    table = found.table
    np.testing.assert_allclose(table.drop(columns="total").sum(axis=1), table["total"])
    assert table.loc[2, "total"] == pytest.approx(0.8 * (30 + 5 + 1 + 2 + 3))
    assert found.present_value == pytest.approx(-60 + 34 / 1.1 + 0.8 * 41 / 1.21)
    assert found.breakeven == 2
    assert life.profit_sources(1e6, [1, 1]).breakeven is None


def test_relationship_revenue_is_a_product() -> None:
    assert life.relationship_revenue(5, 200, 3) == 3000.0


P = [[0.6, 0.4, 0.0], [0.3, 0.0, 0.7], [0.0, 0.0, 1.0]]


def test_migration_is_the_sum_over_the_future() -> None:
    R, value, now = np.array([40.0, -4.0, 0.0]), np.zeros(3), np.eye(3)
    for t in range(400):
        value += now @ R / 1.2**t
        now = now @ P
    np.testing.assert_allclose(life.migration_value(P, R, 0.2).value, value)
    np.testing.assert_allclose(life.migration_value(P, R, 0.2, periods=0).value, R)
    np.testing.assert_allclose(life.migration_value(P, R, 0.2).steady, [0, 0, 1], atol=1e-12)


def test_leaving_for_good_is_a_chain_of_two_states() -> None:
    chain = life.migration_value([[0.8, 0.2], [0.0, 1.0]], [100, 0], 0.1)
    assert chain.value.iloc[0] == pytest.approx(life.retention_value(100, 0.8, 0.1))


def test_steady_state_of_chains_with_cycles_and_memory() -> None:
    np.testing.assert_allclose(life.migration_value([[0, 1], [1, 0]], [1, 0], 0.1).steady, [0.5, 0.5])
    np.testing.assert_allclose(life.migration_value([[0.9, 0.1], [0.3, 0.7]], [1, 0], 0.1).steady, [0.75, 0.25])
    np.testing.assert_allclose(life.migration_value(np.eye(2), [1, 0], 0.1).steady, [1.0, 0.0])


def test_estimated_chains_carry_their_uncertainty() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([[0.7, 0.3], [0.2, 0.8]])
    values = []
    before = np.repeat([0, 1], 200)
    for _ in range(120):
        after = (rng.random(400) < truth[before, 1]).astype(int)
        values.append(life.migration_value(life.transition_matrix(before, after), [10, 1], 0.1).value.iloc[0])
    chain = life.transition_matrix(before, after)
    np.testing.assert_allclose(chain.se.loc[0, 1] ** 2, chain.transition.loc[0, 1] * chain.transition.loc[0, 0] / 200)
    told = life.migration_value(chain, [10, 1], 0.1).value_se
    assert told is not None
    assert told.iloc[0] == pytest.approx(np.std(values), rel=0.25)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: life.annuity(-1, 0.1), OptionValueError, "periods=-1 is not possible; it must be at least 0"),
        (lambda: life.annuity(5, -1), OptionValueError, "rate=-1 is not possible; it must be above -1"),
        (lambda: life.annuity("five", 0.1), OptionValueError, "periods='five' is no number"),
        (lambda: life.annuity(5, float("nan")), OptionValueError, "rate=nan is not possible"),
        (lambda: life.retention_value(1, 1.2, 0.1), OptionValueError, "retention=1.2 .* at least 0 and at most 1"),
        (lambda: life.retention_value(1, 1.0, 0.0), OptionValueError, "without an end the value has no limit"),
        (lambda: life.retention_value(1, 0.5, 0.1, first="later"), OptionValueError, "'now' or 'next'"),
        (lambda: life.retention_lever(1, 0.98, 0.1), OptionValueError, r"retention would be 1\.03"),
        (lambda: life.wallet_value([1, 2], [0.1, 0.2, 0.3], 1, 0.1), OptionValueError, "share has 3 periods"),
        (lambda: life.wallet_share([[0.5, 0.6], [0.5, 0.5]], [1, 0], 0, 3), OptionValueError, "adds up to 1.1"),
        (lambda: life.wallet_share(np.eye(2), [1, 0], 2, 3), OptionValueError, "brand=2 does not exist"),
        (lambda: life.voucher([100], minimum=20), OptionValueError, "minimum=20"),
        (lambda: life.voucher([0]), OptionValueError, "no purchase above 0"),
        (lambda: life.profit_share([0, 0], 1, 0.1), OptionValueError, "adds up to 0"),
        (
            lambda: life.profit_sources(1, [1, 2], [1, 2, 3]),
            OptionValueError,
            "cross_selling has 3 years and base has 2",
        ),
        (lambda: life.migration_value([[0.5, 0.4], [0, 1]], [1, 0], 0.1), OptionValueError, "row 1 .* adds up to 0.9"),
        (lambda: life.migration_value(np.eye(2), [1, 0], 0.0), OptionValueError, "without an end"),
        (lambda: life.migration_value(np.eye(2), [1], 0.1), OptionValueError, "margin has 1 states"),
        (lambda: life.transition_matrix(["a"], ["a", "b"]), DataError, "before has 1 customers and after has 2"),
        (lambda: life.transition_matrix(["a", None], ["a", "b"]), DataError, "customer 2 lacks a state"),
        (lambda: life.transition_matrix(["a"], ["b"]), DataError, "nobody was in state 'b' before"),
        (lambda: life.transition_matrix(["a"], ["b"], ["a"]), DataError, "state 'b' is not among"),
    ],
)
def test_what_cannot_be_is_named(call: Callable[[], object], error: type[LvmodelsError], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
