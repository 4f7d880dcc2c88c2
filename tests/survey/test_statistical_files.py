"""Files of SPSS, Stata and SAS: answers, labels, and codes that mean no answer."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import lvmodels as lv
from lvmodels.errors import EmptyDataError, FileFormatError, SurveyError
from lvmodels.survey.files import read_survey
from lvmodels.survey.statistical_files import statistical_kind

FRAME = pd.DataFrame(
    {
        "q1": [1.0, 2.0, 9.0, 98.0],
        "q2": [1.0, 2.0, 3.0, 4.0],
        "q3": [0.5, np.nan, 1.5, 2.0],
        "city": ["Köln", "", "XX", "上海"],
        "day": [dt.date(2026, 5, 1), None, dt.date(1850, 5, 2), dt.date(2026, 5, 2)],
        "sent": pd.to_datetime(["2026-05-01 10:00:00", None, "2026-05-01 10:00:01", "2026-05-01 10:00:01"]),
        "clock": [dt.time(9, 5), None, dt.time(23, 59, 59), dt.time(0)],
    }
)
WRITERS: dict[str, Any] = {
    "sav": pyreadstat.write_sav,
    "zsav": lambda frame, path: pyreadstat.write_sav(frame, path, compress=True),
    "por": pyreadstat.write_por,
    "dta": pyreadstat.write_dta,
    "old dta": lambda frame, path: pyreadstat.write_dta(frame, path, version=12),
    "xpt": pyreadstat.write_xport,
    "old xpt": lambda frame, path: pyreadstat.write_xport(frame, path, file_format_version=5),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_is_read_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "answers.csv"
    frame = FRAME.assign(city=["a", "", "XX", "b"]) if kind in ("old dta", "por", "xpt") else FRAME
    WRITERS[kind](frame, path)
    assert statistical_kind(path.read_bytes()) == kind.removeprefix("old ")
    survey = read_survey(path)
    answers = survey.answers.rename(columns=str.lower)
    assert survey.log[0].startswith("answers.csv: 4 rows, 7 columns, ")
    assert f"(.{kind.removeprefix('old ')})" in survey.log[0]
    assert answers["q1"].dtype == "int64"
    assert answers["q1"].tolist() == [1, 2, 9, 98]
    np.testing.assert_array_equal(answers["q3"], FRAME["q3"])
    assert answers["city"].fillna("-").tolist() == [city if city else "-" for city in frame["city"]]
    assert [str(day)[:10] for day in answers["day"]] == [
        "2026-05-01",
        str(answers["day"].iloc[1]),
        "1850-05-02",
        "2026-05-02",
    ]
    assert answers["sent"].iloc[2] == pd.Timestamp("2026-05-01 10:00:01")
    assert pd.isna(answers["sent"].iloc[1])
    assert answers["clock"].iloc[0] == "09:05:00"


def spss(path: Path) -> Path:
    pyreadstat.write_sav(
        FRAME,
        path,
        column_labels=["How satisfied? 满意吗", *[""] * 6],
        variable_value_labels={"q1": {1: "not", 2: "very", 98: "don't know"}, "city": {"XX": "unknown"}},
        missing_ranges={"q1": [{"lo": 90, "hi": 99}, 9], "city": ["XX"]},
        variable_measure={"q1": "ordinal", "city": "nominal"},
    )
    return path


def test_labels_and_levels_of_measurement_are_kept(tmp_path: Path) -> None:
    labels = read_survey(spss(tmp_path / "answers.sav")).labels
    assert labels.wording == {"q1": "How satisfied? 满意吗"}
    assert labels.values == {"q1": {1.0: "not", 2.0: "very", 98.0: "don't know"}}
    assert labels.missing == {"q1": ((90.0, 99.0), (9.0, 9.0))}
    assert labels.measure == {"q1": "ordinal", "city": "nominal"}


def test_user_missing_codes_become_missing_and_are_counted(tmp_path: Path) -> None:
    survey = read_survey(spss(tmp_path / "answers.sav"))
    np.testing.assert_array_equal(survey.answers["q1"], [1, 2, np.nan, np.nan])
    assert survey.answers["city"].isna().tolist() == [False, True, True, False]
    assert survey.log[1:3] == (
        "Column 'q1': 2 user-missing codes became missing (9: 1, 98: 1).",
        "Column 'city': 1 user-missing code became missing ('XX': 1).",
    )
    kept = "questions of 1 column, words at the codes of 1 column, user-missing codes of 1 column"
    assert survey.log[3] == f"Kept from the file: {kept}, levels of measurement of 2 columns."


def test_open_ranges_of_missing_codes(tmp_path: Path) -> None:
    pyreadstat.write_sav(FRAME, tmp_path / "a.sav", missing_ranges={"q1": [{"lo": 9, "hi": math.inf}]})
    survey = read_survey(tmp_path / "a.sav")
    assert survey.labels.missing == {"q1": ((9.0, math.inf),)}
    assert survey.answers["q1"].isna().sum() == 2


def test_stata_letters_become_missing_and_are_counted(tmp_path: Path) -> None:
    pyreadstat.write_dta(
        pd.DataFrame({"q1": [1, "a", "b", "a"], "text": ["a", "b", "a", ""]}),
        tmp_path / "answers.dta",
        missing_user_values={"q1": ["a", "b"]},
        variable_value_labels={"q1": {1: "not", "a": "refused"}},
    )
    survey = read_survey(tmp_path / "answers.dta")
    np.testing.assert_array_equal(survey.answers["q1"], [1, np.nan, np.nan, np.nan])
    assert survey.answers["text"].iloc[0] == "a"
    assert survey.log[1] == "Column 'q1': 3 user-missing codes became missing (.a: 2, .b: 1)."
    assert survey.labels.values == {"q1": {1.0: "not"}}


def test_an_instrument_is_held_against_the_answers(tmp_path: Path) -> None:
    items = "".join(f'[[items]]\nname = "{name}"\nwording = {{ en = "?" }}\nscale = "s"\n' for name in ("q1", "q2"))
    scale = "[scales.s]\npoints = 3\n"
    instrument = lv.Instrument.from_toml(f'schema = 1\nname = "small"\ntitle = {{ en = "Small" }}\n{scale}{items}')
    with pytest.raises(SurveyError, match="row 4, column 'q2': 4 is no code") as caught:
        read_survey(spss(tmp_path / "answers.sav"), instrument)
    assert len(caught.value.problems) == 1


def test_texts_in_an_encoding_the_file_does_not_name_are_read(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"city": ["aaaaaaaa", "b"]}), tmp_path / "a.sav")
    content = (tmp_path / "a.sav").read_bytes()
    (tmp_path / "a.sav").write_bytes(content.replace(b"aaaaaaaa", "上海广州".encode("gb18030")))
    survey = read_survey(tmp_path / "a.sav")
    assert survey.answers["city"].tolist() == ["上海广州", "b"]
    assert "Texts were read as GB18030" in survey.log[1]


def test_damaged_and_empty_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    for kind, write in WRITERS.items():
        write(pd.DataFrame({"q1": np.arange(5_000.0)}), path)
        path.write_bytes(path.read_bytes()[:300])
        with pytest.raises((FileFormatError, EmptyDataError), match=r"damaged or cut short|0 rows"):
            read_survey(path)
        assert kind
    path.write_bytes(bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(300))
    with pytest.raises(FileFormatError, match=r"SAS file \(\.sas7bdat\)"):
        read_survey(path)
    pyreadstat.write_sav(pd.DataFrame({"q1": []}), path)
    with pytest.raises(EmptyDataError, match="0 rows"):
        read_survey(path)


def test_a_table_too_large_for_memory_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("lvmodels.survey.statistical_files._MOST_BYTES", 100)
    with pytest.raises(FileFormatError, match="select fewer variables"):
        read_survey(spss(tmp_path / "answers.sav"))


def test_a_number_of_rows_that_the_file_cannot_hold_is_an_error(tmp_path: Path) -> None:
    content = bytearray(spss(tmp_path / "answers.sav").read_bytes())
    content[80:84] = (80_000_000).to_bytes(4, "little")
    (tmp_path / "answers.sav").write_bytes(content)
    with pytest.raises(FileFormatError, match="declares 80000000 rows and 7 columns, more than a file of"):
        read_survey(tmp_path / "answers.sav")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (slice(80, 288), b"", "no variable follows its header"),
        (slice(180, 184), b"\xff\x00\xff\x00", "the widths of its variables do not fit together"),
        (slice(64, 68), b"\x09\x00\x00\x00", "the layout of its header is not known"),
        (slice(300, None), b"", "its dictionary is cut short"),
        (slice(176, 180), b"\x09\x00\x00\x00", "no variable follows its header"),
    ],
)
def test_damaged_dictionaries_of_spss_are_refused_before_they_are_parsed(
    tmp_path: Path, old: slice, new: bytes, says: str
) -> None:
    """With some of them pyreadstat ends the whole program."""
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(pd.DataFrame({"Q1": [1.0, 2.0]}), path, variable_value_labels={"Q1": {1: "no", 2: "yes"}})
    content = bytearray(path.read_bytes())
    content[old] = new
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=says):
        read_survey(path)


def test_labels_for_variables_that_are_not_there_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(pd.DataFrame({"Q1": [1.0, 2.0]}), path, variable_value_labels={"Q1": {1: "no", 2: "yes"}})
    content = path.read_bytes()
    labelled = bytes([4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
    assert labelled in content
    path.write_bytes(content.replace(labelled, labelled[:8] + bytes([9, 0, 0, 0])))
    with pytest.raises(FileFormatError, match="labels for variables that are not there"):
        read_survey(path)


def test_missing_ranges_of_times_are_passed_over(tmp_path: Path) -> None:
    pyreadstat.write_sav(
        pd.DataFrame({"Q1": [1.0, 2.0, 99.0], "hours": [3600.0, 7200.0, 99.0]}), tmp_path / "times.sav",
        variable_format={"hours": "TIME8"}, missing_ranges={"Q1": [99], "hours": [{"lo": 0, "hi": 99}]},
    )  # fmt: skip
    survey = read_survey(tmp_path / "times.sav")
    assert survey.answers["Q1"].isna().tolist() == [False, False, True]
    assert survey.answers["hours"].tolist()[:2] == ["01:00:00", "02:00:00"]
