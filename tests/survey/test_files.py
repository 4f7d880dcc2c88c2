"""Reading: what comes out of a path or a data frame, of whatever kind."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataTypeError, EmptyDataError, MissingFileError, SurveyError, UnreadableFileError
from lvmodels.survey.files import Survey, read_frame, read_survey

INSTRUMENT = """
schema = 1
name = "small"
title = { en = "Small" }
[[items]]
name = "Q1"
wording = { en = "One" }
[[items]]
name = "Q2"
wording = { en = "Two" }
"""
COLUMNS = {"Q1": [1, 2, None], "Q2": [1.5, None, 3.0], "city": ["Köln", None, "上海"]}


def test_without_an_instrument_all_columns_are_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("Q1,Q2,group,zip\n1,1.5,a,01067\n2,NA,b,\n", encoding="utf-8")
    survey = read_survey(path)
    assert survey.answers["Q1"].tolist() == [1, 2]
    np.testing.assert_array_equal(survey.answers["Q2"], [1.5, np.nan])
    assert survey.answers["group"].tolist() == ["a", "b"]
    assert survey.answers["zip"].iloc[0] == "01067"
    assert pd.isna(survey.answers["zip"].iloc[1])
    assert survey.respondents.shape == (2, 0)
    assert survey.instrument is None
    pd.testing.assert_frame_equal(read_frame(path), survey.answers)


def test_the_log_begins_with_what_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.txt"
    path.write_bytes("满意度;年龄\n7,5;30\n".encode("gbk"))
    survey = read_survey(str(path))
    assert survey.log == (
        "answers.txt: 1 row, 2 columns, GB18030, separated by semicolons.",
        "Commas were read as decimal signs in columns 满意度.",
    )
    assert survey.answers.loc[0, "满意度"] == 7.5


def test_an_instrument_may_be_given_as_a_path(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(INSTRUMENT, encoding="utf-8")
    survey = read_survey(pd.DataFrame(COLUMNS), tmp_path / "small.toml")
    assert survey.instrument is not None
    assert survey.instrument.name == "small"


def frames() -> dict[str, Any]:
    """The same table in every library that is installed."""
    made: dict[str, Any] = {"pandas": pd.DataFrame(COLUMNS), "nullable": pd.DataFrame(COLUMNS).convert_dtypes()}
    try:
        import polars

        made |= {"polars": polars.DataFrame(COLUMNS), "lazy polars": polars.LazyFrame(COLUMNS)}
    except ImportError:
        pass
    try:
        import pyarrow

        made["pyarrow"] = pyarrow.table(COLUMNS)
    except ImportError:
        pass
    return made


@pytest.mark.parametrize("library", frames())
def test_frames_of_any_library_give_the_same_survey(library: str) -> None:
    survey = read_survey(frames()[library], lv.Instrument.from_toml(INSTRUMENT))
    expected = pd.DataFrame({name: COLUMNS[name] for name in ("Q1", "Q2")}, dtype=float)
    pd.testing.assert_frame_equal(survey.answers, expected)
    assert survey.respondents["city"].fillna("").tolist() == ["Köln", "", "上海"]


def test_a_survey_is_a_copy_with_the_index_of_its_frame() -> None:
    frame = pd.DataFrame({"Q1": [1, 2]}, index=["a", "b"])
    survey = read_survey(frame)
    frame.loc["a", "Q1"] = 99
    assert survey.answers.loc["a", "Q1"] == 1


def test_names_of_columns_become_text() -> None:
    assert list(read_frame(pd.DataFrame({1: [1], "a": [2]}))) == ["1", "a"]


def test_a_name_twice_in_a_frame_is_an_error() -> None:
    with pytest.raises(SurveyError, match="the column name 'a' stands 2 times"):
        read_survey(pd.DataFrame([[1, 2]], columns=["a", "a"]))


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": []})])
def test_an_empty_frame_is_an_error(frame: pd.DataFrame) -> None:
    with pytest.raises(EmptyDataError, match="pass one with answers"):
        read_survey(frame)


@pytest.mark.parametrize("data", [None, 3, [1], {"a": [1]}, np.eye(2), b"Q1\n1"])
def test_what_is_neither_path_nor_frame_is_an_error(data: Any) -> None:
    with pytest.raises(DataTypeError, match=type(data).__name__):
        read_survey(data)


def test_paths_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(MissingFileError, match=r"Did you mean 'answers\.csv'"):
        read_survey(tmp_path / "answer.csv")
    with pytest.raises(MissingFileError, match=r"folder .* does not exist"):
        read_survey(tmp_path / "no" / "answers.csv")
    with pytest.raises(FileNotFoundError):
        read_survey("a\0b")
    with pytest.raises(UnreadableFileError, match="is a folder"):
        read_survey(tmp_path)


def test_a_survey_cannot_be_changed() -> None:
    survey = read_survey(pd.DataFrame(COLUMNS))
    assert isinstance(survey, Survey)
    with pytest.raises(dataclasses.FrozenInstanceError):
        survey.source = "x"  # type: ignore[misc]


def test_time_grows_in_proportion_to_the_file(tmp_path: Path) -> None:
    def seconds(rows: int) -> float:
        path = tmp_path / f"{rows}.csv"
        path.write_text("a,b,c\n" + "".join(f"{row},{row % 7},text {row}\n" for row in range(rows)), encoding="utf-8")
        started = time.process_time()
        read_survey(path)
        return time.process_time() - started

    small, large = (min(seconds(rows) for _ in range(3)) for rows in (2_000, 20_000))
    assert large < 50 * small  # in proportion 10 times, a quadratic reader 100 times
