"""Classes of customers by rules: examples worked by hand, properties, bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import (
    ConstantVariableError,
    DataError,
    FutureDateError,
    NegativeValueError,
    OptionValueError,
    RepeatedCustomerError,
    UnknownLabelError,
    UnknownVariableError,
)

sg = lv.segments
TWO_ROLES = {
    sg.attitude_behaviour: ("attitude", "behaviour"),
    sg.attachment: ("preference", "differentiation"),
    sg.satisfaction_loyalty: ("satisfaction", "loyalty"),
    sg.loyalty_value: ("loyalty", "value"),
    sg.combined_pyramid: ("loyalty", "value"),
    sg.loyalty_kind: ("transactional", "emotional"),
}
SYSTEMS: dict[Callable[..., Any], tuple[str, ...]] = {
    **TWO_ROLES,
    sg.loyalty_diamond: ("involvement", "brands", "share"),
    sg.pyramid: ("revenue",),
    sg.ladder: ("purchases",),
    sg.relationship_level: ("customers", "margin"),
    sg.closing_grades: ("months",),
}


def customers(*roles: str, n: int = 60, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({role: rng.integers(0, 8, n).astype(float) for role in roles})
    if "share" in roles:
        frame["share"] = rng.integers(0, 5, n) / 4.0
    return frame.set_axis([f"c{k}" for k in range(n)])


# ---- worked by hand --------------------------------------------------------------------------------------------------


def test_attitude_and_behaviour_cut_at_the_median_by_hand() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, None], "b": [10, 50, 20, 40, 30, 99], "age": [20, 30, 40, 50, 60, 70]})
    found = sg.attitude_behaviour(frame, "a", "b", describe=["age"])
    # medians 3 and 35 (of 10, 20, 30, 40, 50, 99); the 3 is on its cut point and counts as high
    assert found.labels.tolist()[:5] == ["none", "spurious", "latent", "loyal", "latent"]
    assert np.isnan(found.labels.tolist()[5])
    assert found.cuts[["role", "low"]].values.tolist() == [["attitude", 3.0], ["behaviour", 35.0]]
    assert found.profile["n"].tolist() == [1, 2, 1, 1]
    assert found.profile["share"].tolist() == [0.2, 0.4, 0.2, 0.2]
    assert found.profile["mean_age"].tolist() == [50.0, 50.0, 30.0, 20.0]
    log = " ".join(found.log)
    assert "1 of 6 customers have no label: attitude for 1 missing." in log
    assert "1 customers lie on a cut point of attitude; ties='high'" in log


def test_ties_go_where_they_are_told() -> None:
    frame = pd.DataFrame({"attitude": [1, 3, 5], "behaviour": [1, 3, 5]})
    assert sg.attitude_behaviour(frame, cut=3.0).labels.tolist() == ["none", "loyal", "loyal"]
    assert sg.attitude_behaviour(frame, cut=3.0, ties="low").labels.tolist() == ["none", "none", "loyal"]


def test_terciles_leave_customers_between() -> None:
    frame = pd.DataFrame({"loyalty": range(1, 10), "value": range(1, 10)})
    found = sg.loyalty_value(frame, cut="terciles")
    # thirds end at 1 + 8/3 = 3.67 and 1 + 16/3 = 6.33
    assert found.labels.tolist() == ["D"] * 3 + ["between"] * 3 + ["A"] * 3
    assert found.profile.loc["A", "value_sum"] == 24.0
    assert found.profile.loc["A", "value_share"] == pytest.approx(24 / 45)
    assert sg.combined_pyramid(frame, cut="terciles").labels.tolist() == ["third"] * 3 + ["second"] * 3 + ["first"] * 3


def test_optimised_cut_is_the_best_of_all_two_groups() -> None:
    values = np.random.default_rng(4).integers(0, 30, 25).astype(float)

    def within(cut: float) -> float:
        return sum(float(((g - g.mean()) ** 2).sum()) for g in (values[values < cut], values[values >= cut]) if len(g))

    frame = pd.DataFrame({"attitude": values, "behaviour": values})
    found = float(sg.attitude_behaviour(frame, cut="optimised").cuts["low"].iloc[0])
    assert within(found) == pytest.approx(min(within(cut) for cut in np.unique(values)[1:]))


def test_diamond_says_when_brands_and_share_disagree() -> None:
    frame = pd.DataFrame({"involvement": [5, 5], "brands": [1, 6], "share": [0.1, 0.9]})
    cut = {"involvement": 3, "brands": 2, "share": 0.5}
    by_share = sg.loyalty_diamond(frame, cut=cut)
    assert by_share.labels.tolist() == ["variety-seeking", "loyal"]
    assert any("disagree on 2 customers, and share decides" in line for line in by_share.log)
    assert sg.loyalty_diamond(frame, cut=cut, decides="brands").labels.tolist() == ["loyal", "variety-seeking"]


def test_diamond_counts_a_number_of_brands_on_the_cut_as_few() -> None:
    frame = pd.DataFrame({"involvement": [5, 1], "brands": [2, 3], "share": [0.5, 0.4]})
    found = sg.loyalty_diamond(frame, cut={"involvement": 3, "brands": 2, "share": 0.5}, decides="brands")
    assert found.labels.tolist() == ["loyal", "switcher"]


def test_pyramid_of_ten_and_of_a_thousand_customers() -> None:
    assert sg.pyramid(pd.DataFrame({"revenue": range(10)})).profile["n"].tolist() == [1, 0, 1, 8]
    found = sg.pyramid(pd.DataFrame({"revenue": np.arange(1000.0)}), names=sg.METALS)
    assert found.profile["n"].to_dict() == {"platinum": 10, "gold": 40, "iron": 150, "lead": 800}
    assert found.cuts["low"].tolist() == [990.0, 950.0, 800.0]
    assert found.profile["revenue_sum"].sum() == 999 * 500


def test_equal_revenue_is_on_one_tier() -> None:
    frame = pd.DataFrame({"revenue": [9, 5, 5, 1]})
    halves = {"shares": (0.5, 0.5), "names": ("upper", "lower")}
    assert sg.pyramid(frame, **halves).labels.tolist() == ["upper", "upper", "upper", "lower"]
    assert sg.pyramid(frame, ties="low", **halves).labels.tolist() == ["upper", "lower", "lower", "lower"]


def test_concentration_by_hand() -> None:
    found = sg.concentration(pd.DataFrame({"revenue": [0, 0, 0, 0, 0, 0, 0, 0, 40, 60]}))
    # half the mean absolute difference over the mean: (2 * (16 * 50) + 2 * 20) / (2 * 100 * 10) = .82
    assert found.gini == pytest.approx(0.82)
    assert found.top_share == 1.0
    assert found.customers_for == pytest.approx(0.15)  # 60 from the first tenth, half of the second's 40
    assert found.lorenz["revenue"].tolist()[-3:] == [0.0, 0.4, 1.0]
    assert sg.concentration(pd.DataFrame({"revenue": [7, 7, 7]})).gini == pytest.approx(0.0)


def test_whale_curve_loses_half_of_its_peak_in_the_last_third() -> None:
    found = sg.whale_curve(pd.DataFrame({"profit": [100, 60, 40, 0, 0, 0, 0, -20, -30, -50]}))
    assert (found.peak, found.peak_at, found.total) == (2.0, 0.3, 100.0)
    assert found.destroyed == 0.5
    assert found.share_at(0.7) == 2.0
    assert found.curve["profit"].iloc[-1] == pytest.approx(1.0)


def test_origin_is_the_highest_reason_of_who_buys_without_liking() -> None:
    frame = pd.DataFrame(
        {"attitude": [1, 1, 1, 5, 5, 1], "behaviour": [9, 9, 9, 9, 1, 1], "lazy": [5, 1, 3, 5, 5, 5],
         "kin": [1, 5, 3, 1, 1, 1]}
    )  # fmt: skip
    found = sg.loyalty_origin(frame, cut=3, inertia="lazy", kinship="kin", scale="raw")
    assert found.labels.tolist() == ["inertia", "kinship", "mixed", "value", "latent", "none"]
    assert found.levels == ("value", "inertia", "kinship", "mixed", "latent", "none")


def test_ladder_leaves_open_what_a_missing_value_decides() -> None:
    people = pd.DataFrame({"purchases": [5, 5, 1], "referrals": [None, 1, None]})
    found = sg.ladder(people, referrals="referrals")
    assert found.labels.isna().tolist() == [True, False, False]
    assert sg.ladder(people, referrals="referrals", unknown="lower").labels.tolist() == [
        "client", "advocate", "first-time"
    ]  # fmt: skip
    share = people.assign(share=[0.2, 0.2, 0.2])
    assert sg.ladder(share, share="share").labels.tolist() == ["repeat", "repeat", "first-time"]


def test_ladder_climbs_between_two_dates() -> None:
    log = pd.DataFrame(
        {"customer": ["a", "a", "b", "b", "c"],
         "date": ["2024-01-01", "2024-06-01", "2024-02-01", "2024-02-01", "2024-07-01"]}
    )  # fmt: skip
    early, late = (sg.ladder(sg.purchases_by(log, at)) for at in ("2024-03-01", "2024-12-31"))
    assert early.labels.to_dict() == {"a": "first-time", "b": "first-time", "c": "suspect"}
    moved = sg.transitions(early, late)
    assert moved.counts.loc["first-time", ["first-time", "repeat"]].tolist() == [1, 1]
    assert moved.counts.loc["suspect", "first-time"] == 1
    assert (moved.n, moved.up, moved.down) == (3, pytest.approx(2 / 3), 0.0)
    assert moved.flows["n"].sum() == 3


def test_trend_of_purchases_makes_the_decline() -> None:
    log = pd.DataFrame(
        {"customer": ["a"] * 4 + ["b"] * 2,
         "date": ["2023-01-05", "2023-03-05", "2023-05-05", "2024-02-01", "2024-02-01", "2024-05-01"]}
    )  # fmt: skip
    counts = sg.purchases_by(log, "2024-12-31", everyone=["a", "b", "z"])
    assert counts["purchases"].tolist() == [4, 2, 0]
    assert counts["trend"].tolist()[:2] == [pytest.approx(1 / 3), 2.0]
    found = sg.stages(counts, "life_cycle", {"purchases": "purchases", "trend": "trend"})
    assert found.labels.tolist() == ["decline", "exploration", "start"]


def test_eight_levels_building_and_acceptance() -> None:
    roles = {name: name for name in ("purchases", "visits", "intention", "share", "referrals", "partner")}
    people = pd.DataFrame(
        [[0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0], [0, 2, 1, 0, 0, 0], [1, 2, 1, 0, 0, 0], [2, 2, 1, 0.2, 0, 0],
         [3, 2, 1, 0.8, 0, 0], [3, 2, 1, 0.8, 2, 0], [3, 2, 1, 0.8, 2, 1]], columns=list(roles)
    )  # fmt: skip
    assert sg.stages(people, "eight_levels", roles).labels.tolist() == [
        "possible", "watching", "potential", "one-time", "repeat", "follower", "advocate", "partner"
    ]  # fmt: skip
    built = pd.DataFrame(
        {"aware": [1, 1, 1, 1, 1, 0], "purchases": [0, 1, 1, 1, 2, 0], "satisfaction": [None, None, 4, 4, 5, None],
         "intention": [0, 0, 0, 1, 1, 0]}
    )  # fmt: skip
    found = sg.stages(built, "building", {name: name for name in built})
    assert found.labels.tolist()[:5] == ["aware", "first purchase", "evaluation", "decision", "repeat"]
    assert found.labels.isna().tolist()[5]
    assert any("conditions of no stage" in line for line in found.log)


def test_own_stages() -> None:
    scheme = [sg.Stage("guest"), sg.Stage("regular", (sg.Condition("nights", ">=", 10),))]
    found = sg.stages(pd.DataFrame({"n": [3, 10]}), scheme, {"nights": "n"})
    assert found.labels.tolist() == ["guest", "regular"]


def test_transactional_loyalty_by_hand() -> None:
    log = pd.DataFrame(
        {"customer": ["a", "a", "b", "a"], "date": ["2025-01-01", "2025-01-15", "2025-01-08", "2025-03-01"],
         "money": [10, 20, 5, 999]}
    )  # fmt: skip
    found = sg.transactional_loyalty(log, amount="money", end="2025-01-29", share={"a": 0.5, "b": 0.9})
    assert found.loc["a"].tolist()[:5] == [14.0, 2.0, 28.0, 30.0, 0.5]
    assert found.loc["b"].tolist()[:5] == [21.0, 1.0, 21.0, 5.0, 0.9]
    assert found["index"].tolist() == [pytest.approx((4 * 0.75 + 0.25) / 5), pytest.approx((4 * 0.25 + 0.75) / 5)]


def test_weighted_grades_turn_a_range_where_less_is_better() -> None:
    frame = pd.DataFrame({"loyalty": [1, 5], "complaints": [4, 0]})
    found = sg.weighted_grades(frame, {"loyalty": 1, "complaints": 1}, ranges={"loyalty": (1, 5), "complaints": (4, 0)})
    assert found.labels.tolist() == ["E", "A"]


def test_tests_of_a_profile_are_those_of_scipy_and_holm() -> None:
    from scipy import stats

    rng = np.random.default_rng(2)
    frame = customers("attitude", "behaviour", n=120).assign(age=rng.normal(40, 9, 120))
    frame["town"] = rng.choice(["north", "south"], 120)
    found = sg.attitude_behaviour(frame, describe=["age", "town"])
    groups = [frame["age"][found.labels == label] for label in found.levels]
    table = found.tests.set_index("test")
    assert table.loc["ANOVA", "p"] == pytest.approx(stats.f_oneway(*groups).pvalue)
    H, p = stats.kruskal(*groups)
    assert table.loc["Kruskal-Wallis", ["p", "size"]].tolist() == pytest.approx([p, H / 119])
    chi2 = stats.chi2_contingency(pd.crosstab(found.labels, frame["town"]), correction=False)
    assert table.loc["chi-square", ["statistic", "size"]].tolist() == pytest.approx(
        [chi2.statistic, (chi2.statistic / 120) ** 0.5]
    )
    ordered = np.sort(found.tests["p"]) * [3, 2, 1]
    assert np.sort(found.tests["p_holm"]) == pytest.approx(np.minimum(np.maximum.accumulate(ordered), 1.0))
    shares = found.profile[["town: north", "town: south"]].sum(axis=1)
    assert shares.tolist() == pytest.approx([1.0] * len(shares))


def test_transitions_say_who_came_and_went() -> None:
    first = pd.Series(["x", "y", "y", None], index=list("abcd"))
    second = pd.Series(["y", "x", "y"], index=list("bcd"))
    moved = sg.transitions(first, second)
    assert (moved.n, moved.left, moved.entered) == (2, 1, 1)
    assert moved.shares.loc["y"].tolist() == [0.5, 0.5]
    assert moved.shares.loc["x"].isna().all()
    balanced = sg.transitions(pd.Series(list("xxxxy")), pd.Series(list("yyyyx")))
    assert balanced.symmetry["statistic"] == pytest.approx((4 - 1) ** 2 / 5)
    assert balanced.symmetry["df"] == 1


# ---- properties ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.__name__)
def test_order_of_rows_does_not_matter_and_each_customer_has_one_label(system: Callable[..., Any]) -> None:
    frame = customers(*SYSTEMS[system])
    frame.iloc[::7, 0] = np.nan
    found, shuffled = system(frame), system(frame.sample(frac=1.0, random_state=3))
    assert shuffled.labels[frame.index].tolist() == found.labels.tolist() or found.labels.equals(
        shuffled.labels.reindex(frame.index)
    )
    pd.testing.assert_frame_equal(found.profile, shuffled.profile)
    if system is sg.closing_grades:  # without a closing time the grade is E
        assert found.labels.notna().all()
    else:
        assert found.labels.isna().equals(frame.isna().any(axis=1))
        assert any("no label" in line for line in found.log)
    assert found.profile["n"].sum() == found.labels.notna().sum()
    assert set(found.labels.dropna()) <= set(found.levels)


@given(st.lists(st.floats(0, 1e6, allow_nan=False), min_size=2, max_size=40).filter(lambda v: max(v) > min(v)))
@settings(max_examples=25)
def test_pyramid_never_ranks_less_revenue_higher(values: list[float]) -> None:
    for ties in ("high", "low"):
        codes = sg.pyramid(pd.DataFrame({"revenue": values}), ties=ties).labels.cat.codes.to_numpy()
        order = np.argsort(values)
        assert (np.diff(codes[order]) <= 0).all()
    assert 0.0 <= sg.concentration(pd.DataFrame({"revenue": values})).gini < 1.0


@pytest.mark.parametrize("library", ["polars", "duckdb"])
def test_frames_of_other_libraries_give_the_same(library: str) -> None:
    pytest.importorskip(library)
    frame = customers("attitude", "behaviour").assign(who=lambda f: f.index).reset_index(drop=True)
    if library == "polars":
        import polars

        other: Any = polars.from_dict({name: frame[name].tolist() for name in frame})
    else:
        import duckdb

        other = duckdb.from_df(frame)
    found, same = (sg.attitude_behaviour(data, customer="who") for data in (frame, other))
    assert found.labels.to_dict() == same.labels.to_dict()


def test_survey_turns_reversed_items_round() -> None:
    survey = lv.datasets.load("ecsi_mobi")
    found = sg.satisfaction_loyalty(survey, ["CUSA1", "CUSA2"], "CUSL1")
    assert len(found.labels) == len(survey.answers)
    assert "satisfaction is the mean of CUSA1, CUSA2" in found.log[0]


# ---- bad input -------------------------------------------------------------------------------------------------------

BAD: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (
        lambda: sg.purchases_by(pd.DataFrame({"customer": ["a"], "date": ["2020-01-01"]}), "2021-01-01", everyone="aa"),
        RepeatedCustomerError,
        "everyone names 'a' twice",
    ),
    (lambda: sg.ladder(pd.DataFrame({"purchases": [1.5]})), DataError, "whole number"),
    (
        lambda: lv.draw(sg.loyalty_value(pd.DataFrame({"loyalty": [1, None], "value": [None, 1]}), cut=1)),
        DataError,
        "nothing to draw",
    ),
    (
        lambda: sg.pyramid(pd.DataFrame({"revenue": [1, -2]}, index=["x", "y"])),
        NegativeValueError,
        "-2 for customer 'y'",
    ),
    (lambda: sg.concentration(pd.DataFrame({"revenue": [1, -2]})), NegativeValueError, "cannot be negative"),
    (lambda: sg.ladder(pd.DataFrame({"purchases": [-1]})), NegativeValueError, "purchases is -1"),
    (
        lambda: sg.pyramid(pd.DataFrame({"revenue": [1, 2], "id": ["x", "x"]}), customer="id"),
        RepeatedCustomerError,
        "customer 'x' is in rows 1 and 2",
    ),
    (lambda: sg.pyramid(pd.DataFrame({"revenue": [1, 2]}, index=[7, 7])), RepeatedCustomerError, "rows 1 and 2"),
    (lambda: sg.pyramid(pd.DataFrame({"revenue": [3, 3]})), ConstantVariableError, "revenue is 3 for every customer"),
    (
        lambda: sg.attitude_behaviour(pd.DataFrame({"attitude": [1, 1], "behaviour": [1, 2]})),
        ConstantVariableError,
        "give a cut point",
    ),
    (
        lambda: sg.attitude_behaviour(pd.DataFrame({"atitude": [1], "behaviour": [1]})),
        UnknownVariableError,
        "did you mean 'atitude'",
    ),
    (lambda: sg.loyalty_value(customers("loyalty", "value"), cut="mean"), OptionValueError, "not known"),
    (lambda: sg.loyalty_value(customers("loyalty", "value"), cut=(3, 1)), OptionValueError, "lower number first"),
    (lambda: sg.loyalty_value(customers("loyalty", "value"), cut={"sat": 1}), OptionValueError, "names the role 'sat'"),
    (lambda: sg.loyalty_value(customers("loyalty", "value"), describe=["x"]), UnknownVariableError, "describe="),
    (lambda: sg.pyramid(customers("revenue"), shares=(0.5, 0.6)), OptionValueError, "add up to 1"),
    (lambda: sg.whale_curve(pd.DataFrame({"profit": [1, -2]})), DataError, "a total above 0"),
    (lambda: sg.concentration(pd.DataFrame({"revenue": [0, 0]})), DataError, "nothing to share out"),
    (
        lambda: sg.transitions(pd.Series(["repeat"]), pd.Series(["repaet"]), levels=["repeat"]),
        UnknownLabelError,
        "Did you mean 'repeat'",
    ),
    (lambda: sg.transitions(pd.Series(["x"]), pd.Series(["x"], index=[9])), DataError, "both dates"),
    (
        lambda: sg.transitions(pd.Series(["x", "y"], index=[1, 1]), pd.Series(["x"])),
        RepeatedCustomerError,
        "two rows of before",
    ),
    (
        lambda: sg.purchases_by(pd.DataFrame({"customer": ["a"], "date": ["2200-01-01"]}), "2024-01-01"),
        FutureDateError,
        "row 1 of the transactions is dated 2200-01-01",
    ),
    (
        lambda: sg.purchases_by(pd.DataFrame({"customer": ["a"], "date": ["2020-01-01"]}), "2200-01-01"),
        FutureDateError,
        "nobody knows",
    ),
    (
        lambda: sg.stages(pd.DataFrame({"n": [1]}), "lader", {"purchases": "n"}),
        OptionValueError,
        "Did you mean 'ladder'",
    ),
    (lambda: sg.stages(pd.DataFrame({"n": [1]}), "ladder", {"bought": "n"}), OptionValueError, "no stage asks for"),
    (lambda: sg.loyalty_origin(customers("attitude", "behaviour")), OptionValueError, "at least one of monopoly"),
    (
        lambda: sg.loyalty_diamond(pd.DataFrame({"involvement": [1, 2], "brands": [1, 2], "share": [50, 20]})),
        OptionValueError,
        "divide percentages by 100",
    ),
    (lambda: sg.closing_grades(pd.DataFrame({"months": [-1]})), NegativeValueError, "months is -1"),
    (lambda: sg.weighted_grades(customers("value"), {"value": 0}), OptionValueError, "weight above 0"),
    (
        lambda: sg.weighted_grades(pd.DataFrame({"value": [1, 9]}), {"value": 1}, ranges={"value": (1, 5)}),
        DataError,
        "outside its range",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), BAD)
def test_bad_input_is_named(call: Callable[[], Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text.replace("(", r"\(")):
        call()
