"""Parquet and Feather files, by whichever of PyArrow and Polars is installed; neither is needed for anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lvmodels.errors import FileFormatError

__all__ = ["columnar_kind", "read_columnar"]

_WORDS = {"parquet": "Parquet file", "feather": "Feather file"}
_MOST_CELLS = 100_000_000
_ALWAYS, _MOST_TIMES = 10_000_000, 1_000  # cells that are read anyway, and cells for each byte of a file


def columnar_kind(data: bytes) -> str:
    """Name the kind of file by its first bytes: "parquet" or "feather" (also Arrow); empty for another.

    Examples
    --------
    >>> columnar_kind(b"PAR1..."), columnar_kind(b"ARROW1.."), columnar_kind(b"Q1,Q2")
    ('parquet', 'feather', '')
    """
    return "parquet" if data.startswith(b"PAR1") else "feather" if data.startswith((b"ARROW1", b"FEA1")) else ""


def read_columnar(path: Path, kind: str) -> tuple[Any, str]:
    """Read a Parquet or Feather file.

    Parameters
    ----------
    path : Path
    kind : str
        As `columnar_kind` names it.

    Returns
    -------
    frame : pyarrow.Table or polars.DataFrame
    form : str
        What was read, for the log.

    Raises
    ------
    FileFormatError
        When the file is damaged or too large, or when neither library is installed.
    """
    words = _WORDS[kind]
    read, failures = _reader()
    if read is None:
        remedy = 'pip install "lvmodels[scale]"'
        raise FileFormatError(f"{path.name} is a {words}, and neither Polars nor PyArrow is installed: {remedy}")
    try:
        return read(path, kind), words
    except FileFormatError:
        raise
    except failures as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise FileFormatError(
            f"{path.name} is a {words} that is damaged or cut short ({reason}); export it again"
        ) from None


def _reader() -> tuple[Callable[[Path, str], Any] | None, tuple[type[BaseException], ...]]:
    """The function of the library that is there, and what a damaged file makes it raise."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        pass
    else:
        return _by_pyarrow, (Exception,)
    try:
        from polars.exceptions import PanicException  # a failure of Polars' own code, which is no Exception
    except ImportError:
        return None, ()
    return _by_polars, (Exception, PanicException)


def _by_pyarrow(path: Path, kind: str) -> Any:
    from pyarrow import feather, parquet

    if kind == "feather":
        return feather.read_table(path, memory_map=False)
    with parquet.ParquetFile(path) as file:
        _refuse_large(file.metadata.num_rows, file.metadata.num_columns, path)
        return file.read()


def _by_polars(path: Path, kind: str) -> Any:
    import polars

    lazy = polars.scan_parquet(path) if kind == "parquet" else polars.scan_ipc(path)
    _refuse_large(lazy.select(polars.len()).collect().item(), len(lazy.collect_schema()), path)
    return lazy.collect()


def _refuse_large(rows: int, columns: int, path: Path) -> None:
    size = path.stat().st_size
    if rows * columns > min(_MOST_CELLS, max(_ALWAYS, _MOST_TIMES * size)):
        raise FileFormatError(
            f"{path.name} holds {rows} rows and {columns} columns in {size} bytes, too many to read at once; "
            "select the columns with the answers"
        )
