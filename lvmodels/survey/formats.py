"""Files that are no delimited text, told by their content: each is named, with what to do about it."""

from __future__ import annotations

from lvmodels.errors import FileFormatError

__all__ = ["is_workbook", "refuse_other_formats"]

_SAVE = "open it in the program that made it and save it as CSV in UTF-8"

# First bytes → what it is. Names of files say less: a web page is often saved under the name of a CSV.
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an Excel workbook of the old kind (.xls)",
        "save it as an Excel workbook (.xlsx) or as CSV UTF-8",
    ),
    (b"%PDF", "a PDF document", "ask for the answers as a table and save them as CSV"),
    (b"\x89PNG", "a picture (PNG)", "name the file that holds the answers"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "name the file that holds the answers"),
    (b"GIF8", "a picture (GIF)", "name the file that holds the answers"),
    (b"\x1f\x8b", "a compressed file (gzip, or R's .rds)", "unpack it, or save it as CSV from R"),
    (b"7z\xbc\xaf", "a compressed archive (7z)", "unpack it first"),
    (b"Rar!", "a compressed archive (RAR)", "unpack it first"),
    (b"PARE", "an encrypted Parquet file", "decrypt it and pass the data frame"),
    (b"SQLite format 3", "a SQLite database", "query it and pass the data frame"),
    (b"{\\rtf", "a formatted text (RTF)", _SAVE),
    (b"RDX", "a file of R objects (.RData)", "save it as CSV from R"),
)
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<script", b"<svg")
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a\x1b") | {127}


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an archive that holds an Excel workbook in XML (.xlsx, .xlsm), whole or cut short."""
    other = b"opendocument" in data[:200] or b"xl/workbook.bin" in data or b"word/document.xml" in data
    return data.startswith(b"PK\x03\x04") and b"xl/" in data and not other


def refuse_other_formats(data: bytes, source: str) -> None:
    """Raise when the bytes are empty or known to be no delimited text.

    Parameters
    ----------
    data : bytes
        The whole file.
    source : str
        Its name, for the message.

    Raises
    ------
    FileFormatError
        Says what the file is and what to do.
    """
    bare = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not bare or data in (b"\xff\xfe", b"\xfe\xff"):
        raise FileFormatError(f"{source} is empty; name the file that holds the answers")
    kind, remedy = _kind(data, bare)
    if kind:
        raise FileFormatError(f"{source} is {kind}, not a delimited text; {remedy}")


def _kind(data: bytes, bare: bytes) -> tuple[str, str]:
    """What the bytes are, and the remedy; two empty texts when nothing speaks against a delimited text."""
    if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        return "an Excel workbook with a password", "remove the password (File, Info, Protect workbook), save it again"
    for start, kind, remedy in _STARTS:
        if data.startswith(start):
            return kind, remedy
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if bare[:512].lower().startswith(_PAGES):
        return "a web page or XML", "download the table itself, as CSV"
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not is_wide(data):
        head = data[:4096]
        if b"\x00" in data or sum(byte in _CONTROL for byte in head) > 0.02 * len(head):
            return "a binary file", _SAVE
    return "", ""


def _archive(data: bytes) -> tuple[str, str]:
    """Name the kind of document that a zip archive holds."""
    if b"xl/workbook.bin" in data:
        return "a binary Excel workbook (.xlsb)", "save it as an Excel workbook (.xlsx) or as CSV UTF-8"
    if b"opendocument.spreadsheet" in data[:200]:
        return "a LibreOffice spreadsheet (.ods)", "choose Save as, Text CSV"
    if b"word/" in data:
        return "a Word document (.docx)", "name the file that holds the answers"
    return "a zip archive", "unpack it first"


def is_wide(data: bytes) -> bool:
    """Whether every other byte is mostly zero, as in UTF-16 text of Latin letters without a mark at its start."""
    even, odd = data[:4096:2], data[1:4096:2]
    zeros = sorted((even.count(0) / max(len(even), 1), odd.count(0) / max(len(odd), 1)))
    return len(data) % 2 == 0 and zeros[0] < 0.05 and zeros[1] > 0.6
