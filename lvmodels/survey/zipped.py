"""A zip archive held against limits before a library unpacks it.

A few kilobytes can unpack to gigabytes, a directory can lie about sizes, and XML can be small on disk and large as a
tree. So every part is unpacked once here, in pieces, counted and thrown away; only then may a library read it.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from lvmodels.errors import FileFormatError

__all__ = ["open_archive"]

_PIECE = 1 << 20
_MOST_BYTES = 256 << 20  # unpacked; a tree of cells takes two to three times as much
_MOST_PARTS = 20_000
_LONGEST_TEXT = 1 << 20  # between two tags, in bytes; Excel allows 32,767 characters in a cell
_MOST_STRING_TAGS = 8_000_000
_MOST_TAGS = 300_000  # in other parts; in a sheet from row to row, where 16,384 cells have a formula and a value each
_MOST_ROWS = 1_048_576  # of a sheet of Excel
_MOST_CELLS = 12_000_000  # some of them empty
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_SMALLER = "save the sheet as CSV UTF-8 and read that"


def open_archive(content: bytes, source: str) -> zipfile.ZipFile:
    """Open an archive of XML parts, as Excel writes them.

    Parameters
    ----------
    content : bytes
        The whole file.
    source : str
        Its name, for messages.

    Raises
    ------
    FileFormatError
        When the archive is damaged, protected by a password, or unpacks to more than 256 MiB or to XML that no
        spreadsheet holds.
    """
    if content.count(b"PK\x01\x02") > _MOST_PARTS:
        raise FileFormatError(f"{source} is an archive of more than {_MOST_PARTS} parts, no workbook; check the file")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_directory(archive, source)
        for part in archive.infolist():
            if part.filename.lower().endswith((".xml", ".rels")):
                _check_part(archive, part, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, IndexError) as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(
            f"{source} is a workbook or zip archive that is damaged or cut short ({error}); export or copy it again"
        ) from None
    return archive


def _check_directory(archive: zipfile.ZipFile, source: str) -> None:
    """What the list of parts says, before any of them is touched."""
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size >= _MOST_BYTES:
        limit = f"more than the {_MOST_BYTES >> 20} MiB that are read"
        raise FileFormatError(f"{source} unpacks to {size >> 20} MiB, {limit}; {_SMALLER}")
    if any(part.flag_bits & 1 for part in parts):
        raise FileFormatError(f"{source} is an archive with a password; save it without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise FileFormatError(f"{source} is a zip archive, packed as no workbook is; unpack it first")


@dataclass(slots=True)
class _Counts:
    """What a part holds so far: bytes, tags, rows, cells, tags since the last row, and the longest stretches."""

    size: int = 0
    tags: int = 0
    rows: int = 0
    cells: int = 0
    since_row: int = 0
    most_by_row: int = 0
    since_tag: int = 0
    longest: int = 0

    def add(self, piece: bytes) -> None:
        first, *others = piece.split(b"<")
        self.longest = max(self.longest, self.since_tag + len(first), max(map(len, others), default=0))
        self.since_tag = len(others[-1]) if others else self.since_tag + len(first)
        self.tags += len(others)
        self.cells += sum(piece.count(cell) for cell in (b"<c ", b"<c>", b"<c/"))
        start = 0
        for row in _ROW.finditer(piece):
            self.most_by_row = max(self.most_by_row, self.since_row + piece.count(b"<", start, row.start()))
            self.since_row, start, self.rows = 0, row.start(), self.rows + 1
        self.since_row += piece.count(b"<", start)
        self.most_by_row = max(self.most_by_row, self.since_row)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, source: str) -> None:
    """Unpack a part in pieces, whatever size the directory promises, and count what is in it."""
    whole = copy.copy(part)
    whole.file_size, whole.CRC = _MOST_BYTES, None  # type: ignore[assignment]  # read to the real end
    counts = _Counts()
    with archive.open(whole) as stream:
        while counts.size <= part.file_size and (piece := stream.read(_PIECE)):
            counts.size += len(piece)
            plain = piece.replace(b"\0", b"")  # of UTF-16
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise FileFormatError(f"{source}, part {part.filename}: a DTD, which no workbook has; {_SMALLER}")
            counts.add(plain)
            _refuse_unusual(counts, part.filename, f"{source}, part {part.filename}")
    if counts.size != part.file_size:
        raise FileFormatError(
            f"{source}, part {part.filename}: its size is not what the archive says; export the file again"
        )


def _refuse_unusual(counts: _Counts, name: str, where: str) -> None:
    """Refuse XML that would be far larger in memory than in the archive."""
    if counts.longest > _LONGEST_TEXT:
        says = "a cell of more than a million bytes, where Excel allows 32,767 characters"
        raise FileFormatError(f"{where}: {says}; shorten it")
    if counts.rows > _MOST_ROWS or counts.cells > _MOST_CELLS:
        raise FileFormatError(f"{where}: more than {_MOST_ROWS:,} rows or {_MOST_CELLS:,} cells; {_SMALLER}")
    if "sharedstrings" in name.lower():
        most, tags = _MOST_STRING_TAGS, counts.tags
    else:
        most, tags = _MOST_TAGS, counts.most_by_row if "worksheets/" in name else counts.tags
    if tags > most:
        raise FileFormatError(f"{where}: more XML elements than a workbook of answers has; {_SMALLER}")
