"""Files of other kinds are refused by what they are, whatever their name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from lvmodels.errors import FileFormatError
from lvmodels.survey.files import read_survey


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, "content")
    return out.getvalue()


FILES = {
    "nothing": (b"", "is empty"),
    "spaces": (b" \r\n\t", "is empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "is empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.xls"),
    "a Word document": (archive("word/document.xml"), r"\.docx"),
    "a zip archive": (archive("answers.csv"), "zip archive; unpack it|a zip archive"),
    "PDF": (b"%PDF-1.7\n", "a PDF document"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
    "a web page": (b"\n<!DOCTYPE html>\n<html>", "a web page"),
    "a table saved by an old Excel": (b"<table><tr><td>1</td></tr></table>", "a web page"),
    "XML": (b'\xef\xbb\xbf<?xml version="1.0"?>', "XML"),
    "a compressed file": (b"\x1f\x8b\x08\x00", "compressed"),
    "an encrypted Parquet file": (b"PARE\x15\x04", "an encrypted Parquet"),
    "bytes of no kind": (bytes(range(256)) * 3, "a binary file"),
}


@pytest.mark.parametrize(("content", "says"), FILES.values(), ids=FILES.keys())
def test_files_of_other_kinds_are_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=says):
        read_survey(path)


def test_pictures_are_named(tmp_path: Path) -> None:
    plt.figure().savefig(tmp_path / "png.csv", format="png")
    plt.close("all")
    with pytest.raises(FileFormatError, match="a picture"):
        read_survey(tmp_path / "png.csv")
