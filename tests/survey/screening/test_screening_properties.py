"""What must hold for any answers: order, other columns, constant columns, empty rows, a single item."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.survey.screening import chunks
from lvmodels.survey.screening.record import Screening

ANSWER = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, float("nan")])


@st.composite
def answers(draw: st.DrawFn) -> pd.DataFrame:
    n, p = draw(st.integers(1, 14)), draw(st.integers(1, 13))
    rows = draw(st.lists(st.lists(ANSWER, min_size=p, max_size=p), min_size=n, max_size=n))
    return pd.DataFrame(rows, columns=[f"q{k}" for k in range(p)], dtype=float)


def screened(frame: pd.DataFrame, items: list[str] | None = None) -> Screening:
    names = list(frame.columns) if items is None else items
    scales = {f"s{k}": names[k : k + 2] for k in range(0, len(names), 2)}
    return lv.screen(frame, items=names, scales=scales, reverse=names[1::4], codes=(1, 5))


@given(answers())
def test_any_answers_are_screened_and_no_rule_is_silent(frame: pd.DataFrame) -> None:
    found = screened(frame)
    assert len(found.clean.answers) + len(found.excluded) == len(frame)
    for row in found.rules.to_dict("records"):
        assert row["n"] > 0 or row["note"], row["rule"]
        assert row["flagged"] == 0 or not row["note"]
    assert np.isfinite(found.scores.to_numpy()[~np.isnan(found.scores.to_numpy())]).all()


@given(answers(), st.randoms(use_true_random=False))
def test_order_of_respondents_does_not_matter(frame: pd.DataFrame, random: object) -> None:
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    found, turned = screened(frame), screened(frame.iloc[order])
    pd.testing.assert_frame_equal(found.scores.iloc[order], turned.scores, rtol=1e-7, atol=1e-7)
    assert found.rules["cut"].to_numpy() == pytest.approx(turned.rules["cut"].to_numpy(), nan_ok=True)
    assert found.items.to_numpy(dtype=float) == pytest.approx(turned.items.to_numpy(dtype=float), nan_ok=True, abs=1e-7)


@given(answers())
def test_other_columns_do_not_matter(frame: pd.DataFrame) -> None:
    items = list(frame.columns)
    more = frame.assign(age=np.arange(len(frame)), city="Graz")[["city", *items, "age"]]
    pd.testing.assert_frame_equal(screened(frame).scores, screened(more, items).scores)


@given(answers())
def test_pieces_make_no_difference(frame: pd.DataFrame) -> None:
    many = pd.concat([frame] * 200, ignore_index=True)
    with pytest.MonkeyPatch.context() as patch:
        whole = screened(many)
        patch.setattr(chunks, "_CELLS", 1)  # the shortest pieces
        pieces = screened(many)
    pd.testing.assert_frame_equal(whole.scores, pieces.scores, rtol=1e-9, atol=1e-9)


@given(answers(), st.integers(-3, 3), st.sampled_from([2, 10]))
def test_codes_may_begin_and_step_anywhere(frame: pd.DataFrame, start: int, step: int) -> None:
    names = list(frame.columns)
    scales = {f"s{k}": names[k : k + 2] for k in range(0, len(names), 2)}
    found = lv.screen(frame, items=names, scales=scales, rules={"impossible": "off"})
    moved = lv.screen(frame * step + start, items=names, scales=scales, rules={"impossible": "off"})
    same = [name for name in found.scores if name != "irv"]
    pd.testing.assert_frame_equal(found.scores[same], moved.scores[same], rtol=1e-7, atol=1e-7)
    if "irv" in found.scores:
        pd.testing.assert_series_equal(found.scores["irv"] * step, moved.scores["irv"])


def test_constant_columns_and_empty_rows_are_no_obstacle() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.integers(1, 6, (30, 12)).astype(float), columns=[f"q{k}" for k in range(12)])
    frame["q3"], frame["q7"] = 5.0, np.nan
    frame.loc[4] = np.nan
    found = screened(frame)
    assert found.excluded.to_dict() == {4: "completeness"}
    assert found.scores.loc[4, "answered"] == 0
    assert found.scores.loc[4].drop("answered").fillna(0).eq(0).all()
    assert found.scores["mahalanobis"].drop(index=4).notna().all()
    assert found.items.loc["q3", ["sd", "floor", "ceiling"]].tolist() == [0, 0, 1]
    assert found.items.loc["q7", "n"] == 0


def test_a_single_item() -> None:
    found = lv.screen(pd.DataFrame({"q": [1, 2, 2, 5]}), codes=(1, 5))
    notes = found.rules.set_index("rule")["note"]
    assert notes["variability"] == "it needs 2 items, and there is 1"
    assert notes["mahalanobis"].startswith("it needs two items that vary")
    assert len(found.excluded) == 0


def test_a_duration_column_that_is_empty_says_so() -> None:
    frame = pd.DataFrame({"q1": [1, 2, 3], "q2": [2, 2, 1], "duration": [np.nan] * 3})
    found = lv.screen(frame)
    assert found.rules.set_index("rule").loc["speed", "note"] == "nobody has a value of its index"
    assert "duration" not in found.layout.items


def test_items_are_described_as_pandas_describes_them() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.integers(1, 6, (80, 3)).astype(float), columns=["a", "b", "c"])
    frame.loc[:9, "b"] = np.nan
    found = lv.screen(frame, codes=(1, 5)).items
    np.testing.assert_allclose(found["sd"], frame.std())
    np.testing.assert_allclose(found["skew"], frame.skew())
    np.testing.assert_allclose(found["kurtosis"], frame.kurt())
    np.testing.assert_allclose(found["missing"], frame.isna().mean())
    np.testing.assert_allclose(found["floor"], (frame == 1).sum() / frame.count())
    np.testing.assert_allclose(found["ceiling"], (frame == 5).sum() / frame.count())


def test_outliers_are_answers_beyond_three_standard_deviations_and_more() -> None:
    # 99 answers of 3 and one of 5: mean 3.02, sd .2, so that 5 lies 9.9 standard deviations above
    found = lv.screen(pd.DataFrame({"q": [3.0] * 99 + [5.0], "r": [3.0, 2.0] * 50})).items
    assert found["outliers"].tolist() == [1, 0]


def test_nullable_and_categorical_columns_are_numbers() -> None:
    plain = pd.DataFrame({"a": [1, 2, np.nan, 4], "b": [1, 1, 2, 3]})
    nullable = pd.DataFrame({
        "a": pd.array([1, 2, None, 4], dtype="Int64"),
        "b": pd.Categorical([1, 1, 2, 3], ordered=True),
    })  # fmt: skip
    items = ["a", "b"]
    pd.testing.assert_frame_equal(lv.screen(plain, items=items).scores, lv.screen(nullable, items=items).scores)


@pytest.mark.slow
def test_a_million_respondents_are_screened_in_half_a_minute_of_one_processor() -> None:
    import time

    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 8, (1_000_000, 60)), columns=[f"q{k}" for k in range(60)], dtype=float)
    frame = frame.mask(rng.random(frame.shape, dtype=np.float32) < 0.03)
    start = time.process_time()
    lv.screen(frame, codes=(1, 7), scales={f"s{k}": [f"q{j}" for j in range(k, k + 6)] for k in range(0, 60, 6)})
    assert time.process_time() - start < 30
