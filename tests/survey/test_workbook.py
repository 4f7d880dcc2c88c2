"""Excel workbooks: what a person sees is what is read, and what may be missed is said."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.chart
import pandas as pd
import pytest

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey.files import read_survey
from lvmodels.survey.workbook import read_workbook

ROWS: list[list[Any]] = [["Q1", "Q2", "city"], [7, 1.5, "Köln"], [9.0, None, "上海"]]


def workbook(rows: list[list[Any]] = ROWS, change: Callable[[openpyxl.Workbook], Any] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with its parts rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new) if "sheet1" in name else part


def cells(content: bytes) -> list[list[str]]:
    return [row for _, row in read_workbook(content, "answers.xlsx")[0].rows]


def test_a_workbook_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(workbook())
    survey = read_survey(path)
    assert survey.answers["Q1"].tolist() == [7, 9]
    assert survey.answers["Q1"].dtype == "int64"
    assert survey.answers["Q2"].iloc[0] == 1.5
    assert survey.answers["city"].tolist() == ["Köln", "上海"]
    assert survey.log == ("answers.csv: 2 rows, 3 columns, Excel workbook, sheet 'Sheet'.",)


def test_values_become_the_text_a_person_sees() -> None:
    values = [
        (7.0, "7"), (1.1, "1.1"), (-0.5, "-0.5"), (10**15, "1000000000000000"), (True, "TRUE"),
        (dt.datetime(2026, 5, 31), "2026-05-31"), (dt.datetime(2026, 5, 31, 9, 5), "2026-05-31 09:05:00"),
        (dt.time(9, 5), "09:05:00"), (dt.timedelta(hours=30, seconds=3), "30:00:03"), ("007", "007"), ("a\nb", "a\nb"),
    ]  # fmt: skip
    assert cells(workbook([[value for value, _ in values]]))[0] == [text for _, text in values]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    content = workbook([[], [None, "Q1", "Q2"], [], [None, 1, None], [None, None, 2]])
    read, _ = read_workbook(content, "answers.xlsx")
    assert read.rows == ((2, ["Q1", "Q2"]), (4, ["1", ""]), (5, ["", "2"]))


def test_the_first_visible_sheet_with_a_table_is_read() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active.title = "hidden"
        book.active.sheet_state = "hidden"
        book.create_sheet("read me").append(["Answers of May"])
        book.create_sheet("nothing")
        book.create_chartsheet("chart").add_chart(openpyxl.chart.BarChart())
        answers = book.create_sheet("answers")
        for row in (["a", "b"], [1, 2]):
            answers.append(row)
        book.create_sheet("later").append(["c", "d"])

    read, form = read_workbook(workbook(change=change), "answers.xlsx")
    assert form == "Excel workbook, sheet 'answers'"
    assert [row for _, row in read.rows] == [["a", "b"], ["1", "2"]]
    assert read.log == ("Other sheets were not read: 'hidden', 'read me', 'nothing', 'later'.",)


def test_what_may_be_missed_in_a_sheet_is_said() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet["D1"], sheet["D2"] = "sum", "=A2+B2"
        sheet.merge_cells("A4:B4")
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True

    read, _ = read_workbook(workbook(change=change), "answers.xlsx")
    assert read.log == (
        "Hidden columns were read as well (B).",
        "1 hidden row was read as well.",
        "Merged cells (A4:B4) hold their value in their first cell; the others read as empty.",
        "1 formula without a stored result read as empty; open the file in Excel and save it again.",
    )


def test_the_declared_size_of_a_sheet_is_not_believed() -> None:
    content = repacked(workbook(), in_sheet(b'ref="A1:C3"', b'ref="A1:XFD1048576"'))
    assert len(cells(content)) == 3
    content = repacked(workbook(), in_sheet(b'ref="A1:C3"', b'ref="A1:A1"'))
    assert len(cells(content)[0]) == 3


def empty(book: openpyxl.Workbook) -> None:
    book.create_sheet("data").append([1])
    book["data"].sheet_state = "hidden"


def test_a_workbook_without_cells_is_an_error() -> None:
    with pytest.raises(EmptyDataError, match="no visible sheet with any cell; hidden sheets: 'data'"):
        read_workbook(workbook([], empty), "answers.xlsx")


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def lying(content: bytes) -> bytes:
    """The directory's sizes of unpacked parts replaced by 10 bytes."""
    central = bytearray(content)
    place = central.find(b"PK\x01\x02")
    while place >= 0:
        central[place + 24 : place + 28] = (10).to_bytes(4, "little")
        place = central.find(b"PK\x01\x02", place + 4)
    return bytes(central)


def many(tag: bytes, times: int = 400_000) -> Callable[[str, bytes], bytes]:
    return in_sheet(b"<sheetData>", b"<sheetData>" + tag * times)


HARMFUL = {
    "cut short": (workbook()[:-300], "damaged or cut short"),
    "a damaged part": (repacked(workbook(), in_sheet(b"</row>", b"</wor>")), "a damaged Excel workbook"),
    "without a sheet": (zipped({"[Content_Types].xml": b"<a/>", "xl/a.xml": b""}), "a damaged Excel workbook"),
    "a zip archive of a workbook": (zipped({"xl/answers.xlsx": workbook()}), "a zip archive, not a workbook"),
    "a bomb": (repacked(workbook(), in_sheet(b"<sheetData>", b" " * (300 << 20))), "unpacks to 300 MiB"),
    "a bomb that lies": (lying(repacked(workbook(), in_sheet(b"<sheetData>", b" " * (9 << 20)))), "is not what the"),
    "a huge cell": (repacked(workbook(), in_sheet(b"<v>7</v>", b"<v>" + b"7" * 2_000_000 + b"</v>")), "32,767"),
    "small XML, large tree": (repacked(workbook(), many(b"<z/>")), "more XML elements"),
    "a row far below": (repacked(workbook(), in_sheet(b'<row r="3"', b'<row r="99999999999"')), "more rows than Excel"),
    "entities": (repacked(workbook(), in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY a "b">]><worksheet')), "a DTD"),
    "a binary workbook": (zipped({"xl/workbook.bin": b""}), r"binary Excel workbook \(\.xlsb\)"),
    "packed otherwise": (zipped({"xl/workbook.xml": b""}, zipfile.ZIP_LZMA), "packed as no workbook is"),
    "a password": (b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    "the old kind": (b"\xd0\xcf\x11\xe0" + bytes(512), r"\.xls\).*save it as an Excel workbook"),
}


@pytest.mark.parametrize(("content", "says"), HARMFUL.values(), ids=HARMFUL.keys())
def test_workbooks_that_cannot_be_read_are_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=says):
        read_survey(path)


def test_stray_cells_far_away_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lvmodels.survey.workbook._MOST_CELLS", 100)
    with pytest.raises(FileFormatError, match="remove stray cells"):
        cells(workbook([["a", *[None] * 60, "b"], [1], [2]]))


def test_a_frame_written_by_pandas_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": [1, 5, 3], "Q2": [0.1, 2 / 3, -1e-7], "name": ["a", "b;c", "ü"]})
    frame.to_excel(tmp_path / "answers.xlsx", index=False)
    pd.testing.assert_frame_equal(read_survey(tmp_path / "answers.xlsx").answers, frame)
