"""Parquet and Feather files, by whichever library is there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey import columnar
from lvmodels.survey.files import read_survey

COLUMNS = {"Q1": [7, 9, 1], "Q2": [1.5, None, 3.0], "city": ["Köln", None, "上海"], "yes": [True, False, True]}
INSTALLED = [name for name in ("polars", "pyarrow") if importlib.util.find_spec(name)]
KINDS = {"parquet": "Parquet", "feather": "Feather"}


def choose(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by this library even where the other is there, too; pandas itself may go on using PyArrow."""
    reader, failures = columnar._reader()
    if library == "polars":
        panic = importlib.import_module("polars.exceptions").PanicException
        reader, failures = columnar._by_polars, (Exception, panic)
    monkeypatch.setattr(columnar, "_reader", lambda: (reader, failures))


def write(path: Path, kind: str, columns: dict[str, list[object]] = COLUMNS) -> Path:
    if "polars" in INSTALLED:
        frame = importlib.import_module("polars").DataFrame(columns)
        (frame.write_parquet if kind == "parquet" else frame.write_ipc)(path)
    else:
        table = importlib.import_module("pyarrow").table(columns)
        module = importlib.import_module(f"pyarrow.{kind}")
        (module.write_table if kind == "parquet" else module.write_feather)(table, path)
    return path


@pytest.mark.parametrize("library", INSTALLED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_read_whatever_its_name(
    tmp_path: Path, kind: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "answers.csv", kind)
    choose(library, monkeypatch)
    survey = read_survey(path)
    assert survey.log[0] == f"answers.csv: 3 rows, 4 columns, {KINDS[kind]} file."
    assert survey.answers["Q1"].tolist() == [7, 9, 1]
    np.testing.assert_array_equal(survey.answers["Q2"], [1.5, np.nan, 3.0])
    assert survey.answers["city"].fillna("").tolist() == ["Köln", "", "上海"]


@pytest.mark.parametrize("library", INSTALLED)
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_and_empty_files_are_named(
    tmp_path: Path, kind: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "answers", kind)
    empty = write(tmp_path / "nothing", kind, {"Q1": []})
    content = path.read_bytes()
    choose(library, monkeypatch)
    for damaged in (content[:-30], content[:20], content[:8] + bytes(len(content) - 16) + content[-8:]):
        path.write_bytes(damaged)
        with pytest.raises(FileFormatError, match=f"answers is a {KINDS[kind]} file that is damaged"):
            read_survey(path)
    with pytest.raises(EmptyDataError, match="nothing has 0 rows"):
        read_survey(empty)


@pytest.mark.parametrize("library", INSTALLED)
def test_a_table_far_larger_than_its_file_is_an_error(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "answers", "parquet")
    choose(library, monkeypatch)
    monkeypatch.setattr("lvmodels.survey.columnar._MOST_CELLS", 10)
    with pytest.raises(FileFormatError, match=r"3 rows and 4 columns in .* bytes, too many"):
        read_survey(path)


@pytest.mark.parametrize("start", [b"PAR1\x15", b"ARROW1\0\0", b"FEA1"])
def test_without_a_library_the_remedy_is_named(tmp_path: Path, start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "polars", "polars.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "answers").write_bytes(start + bytes(50))
    with pytest.raises(FileFormatError, match=r'answers is a .* file, and neither .* pip install "lvmodels\[scale\]"'):
        read_survey(tmp_path / "answers")
