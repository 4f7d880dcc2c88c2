"""Frames of other libraries, eager and lazy."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.survey.any_frame import open_frame

FRAME = pd.DataFrame({"Q1": [1, 2, 3], "Q2": [1.5, None, 2.0], "city": ["Köln", "上海", None]})


def other(library: str) -> Any:
    if library == "duckdb":
        connection = pytest.importorskip("duckdb").connect()
        connection.register("answers", FRAME.astype({"city": object}))
        return connection.table("answers")
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({name: [None if pd.isna(v) else v for v in FRAME[name]] for name in FRAME})
    return frame.lazy() if library == "polars, lazy" else frame


@pytest.mark.parametrize("library", ["polars", "polars, lazy", "duckdb"])
def test_frames_of_other_libraries_hold_the_same_answers(library: str) -> None:
    read = lv.read_survey(other(library)).answers
    assert read["Q1"].tolist() == [1, 2, 3]
    assert read["Q2"].isna().tolist() == [False, True, False]
    assert read["city"].fillna("").tolist() == ["Köln", "上海", ""]


@pytest.mark.parametrize("library", ["polars", "polars, lazy", "duckdb"])
def test_models_take_frames_of_other_libraries(library: str) -> None:
    from lvmodels.survey.columns import columns_of, numeric

    assert numeric(columns_of(other(library)), ["Q1"])[:, 0].tolist() == [1.0, 2.0, 3.0]


def test_what_is_no_frame_is_none() -> None:
    assert open_frame([1, 2]) is None
