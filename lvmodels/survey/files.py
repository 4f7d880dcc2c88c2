"""The door for answers: a data frame of any library, or a delimited text in any encoding, becomes a `Survey`.

What a file is, its encoding, its delimiter and its decimal sign are found out from its content, in the fixed order
given in `formats`, `encoding` and `delimited`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lvmodels.errors import DataTypeError, EmptyDataError
from lvmodels.survey.answers import Survey, check_answers, duplicate_names, raise_problems
from lvmodels.survey.delimited import DELIMITERS, Cells, Delimited, columns_below_header, read_cells
from lvmodels.survey.encoding import decode
from lvmodels.survey.formats import refuse_other_formats
from lvmodels.survey.numbers import as_numbers, counted, has_decimal_comma, is_blank, keeps_its_digits, parse_number
from lvmodels.survey.paths import read_bytes
from lvmodels.survey.raw import RawTable

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["Survey", "read_frame", "read_survey"]


def read_survey(data: Any, instrument: Instrument | str | Path | None = None) -> Survey:
    """Read answers and check them against their instrument.

    Parameters
    ----------
    data : str, Path or data frame
        A delimited text (commas, semicolons, tabs or vertical bars; UTF-8, UTF-16, GBK, GB18030, Windows-1252 or
        Latin-1), or a data frame of pandas, Polars, PyArrow, DuckDB or another library that narwhals knows.
    instrument : Instrument, str or Path, optional
        The instrument, or the path of its TOML file. Without one, all columns are answers: those that hold numbers
        become numeric, the others stay text.

    Returns
    -------
    Survey
        Its `log` says what was recoded and dropped.

    Raises
    ------
    SurveyError
        When rows, names or codes are wrong; it lists all of them, with row, column and remedy.
    FileFormatError
        When the file is empty or no delimited text.
    UnreadableFileError
        When there is no such file or it cannot be opened.
    DataTypeError
        When `data` is neither a path nor a data frame.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = read_survey(pd.DataFrame({"Q1": [7, 9], "city": ["Köln", "上海"]}))
    >>> survey
    <Survey data frame: 2 rows, 2 answers, 0 other columns, no instrument>
    """
    if isinstance(instrument, str | os.PathLike):
        from lvmodels.survey.instrument import Instrument

        instrument = Instrument.load(instrument)
    raw = _read_raw(data)
    if instrument is None:
        raise_problems(f"{raw.source} cannot be read", raw.problems)
        frame = _typed(raw)
        return Survey(frame, frame[[]], None, raw.source, raw.log, raw.labels)
    answers, others, log, codes = check_answers(
        raw.frame, instrument, raw.source, raw.row_name, raw.decimal_comma, raw.problems
    )
    return Survey(answers, _typed(raw, others), instrument, raw.source, (*raw.log, *log), raw.labels, codes)


def read_frame(data: Any) -> pd.DataFrame:
    """Turn a path or any data frame into a pandas frame; columns of a file that hold numbers become numeric.

    Raises
    ------
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.
    """
    return read_survey(data).answers


def _read_raw(data: Any) -> RawTable:
    return _read_file(Path(data)) if isinstance(data, str | os.PathLike) else _read_native(data)


def _read_file(path: Path) -> RawTable:
    """A delimited text as a frame of text columns."""
    content = read_bytes(path)
    source = path.name
    refuse_other_formats(content, source)
    text, encoding = decode(content, source)
    return _from_cells(read_cells(text, source), encoding)


def _from_cells(cells: Cells, encoding: str) -> RawTable:
    """Rows of text cells as a frame of text columns."""
    table = columns_below_header(cells)
    twice = _name_problems(table.names)
    columns = dict(zip(reversed(table.names), reversed(table.columns), strict=True))  # of equal names the first
    frame = pd.DataFrame({name: pd.Series(columns[name], dtype=object) for name in dict.fromkeys(table.names)})
    rows = table.rows
    return RawTable(
        frame,
        cells.source,
        lambda position: str(rows[position]),
        table.decimal_comma,
        (*twice, *table.problems),
        (_opening(cells.source, table, encoding), *table.log, *_decimal_commas(table)),
    )


def _opening(source: str, table: Delimited, encoding: str) -> str:
    separated = (
        f"separated by {DELIMITERS.get(table.delimiter, repr(table.delimiter))}" if table.delimiter else "one column"
    )
    return f"{source}: {_shape(len(table.rows), len(table.names))}, {encoding}, {separated}."


def _shape(rows: int, columns: int) -> str:
    return f"{counted(rows, 'row')}, {counted(columns, 'column')}"


def _decimal_commas(table: Delimited) -> list[str]:
    """Say where commas were taken as decimal signs, because "1,234" can also be meant otherwise."""
    if not table.decimal_comma:
        return []
    pairs = zip(table.names, table.columns, strict=True)
    found = [name for name, cells in pairs if any(map(has_decimal_comma, dict.fromkeys(cells)))]
    return [f"Commas were read as decimal signs in columns {', '.join(found)}."] if found else []


def _name_problems(names: Sequence[str]) -> list[str]:
    return [
        f"the column name '{name}' stands {len(positions)} times (columns {', '.join(map(str, positions))}); "
        "rename or remove all but one"
        for name, positions in duplicate_names(names).items()
    ]


def _read_native(data: Any) -> RawTable:
    """A data frame of any library as a pandas frame of its own."""
    frame = data.copy() if isinstance(data, pd.DataFrame) else _from_other_library(data)
    frame.columns = pd.Index([str(name) for name in frame.columns], dtype=object)
    twice = _name_problems(list(frame.columns))
    frame = frame.loc[:, ~frame.columns.duplicated()] if twice else frame
    if frame.empty:
        raise EmptyDataError(
            f"the data frame has {frame.shape[0]} rows and {frame.shape[1]} columns; pass one with answers"
        )
    log = f"data frame: {_shape(*frame.shape)}."
    return RawTable(frame, "data frame", lambda position: str(position + 1), False, tuple(twice), (log,), typed=True)


def _from_other_library(data: Any) -> pd.DataFrame:
    import narwhals as nw

    try:
        native = nw.from_native(data)
    except TypeError:
        message = f"answers are read from a path or a data frame, not from {type(data).__name__}"
        raise DataTypeError(f"{message}; pass pandas.DataFrame(...) of it") from None
    eager = native.collect() if isinstance(native, nw.LazyFrame) else native
    return pd.DataFrame({name: _plain_column(eager[name]) for name in eager.columns})


def _plain_column(column: Any) -> pd.Series:
    """A narwhals column as a pandas one, without asking the other library for its own way (which may need PyArrow)."""
    import narwhals as nw

    if column.dtype.is_numeric() and not column.is_null().any():
        return pd.Series(column.to_numpy())
    values = column.to_list()
    return pd.Series(values, dtype=float if column.dtype.is_numeric() or column.dtype == nw.Boolean else None)


def _typed(raw: RawTable, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Columns of text cells as numbers where all of them are numbers; others keep their text, blank cells are NaN."""
    frame = raw.frame if frame is None else frame
    if raw.typed:
        return frame
    return pd.DataFrame(
        {name: _typed_column(frame[name], raw.decimal_comma) for name in frame.columns}, index=frame.index
    )


def _typed_column(column: pd.Series, decimal_comma: bool) -> pd.Series:
    different = list(dict.fromkeys(column))
    if all(parse_number(cell, decimal_comma) is not None and keeps_its_digits(cell) for cell in different):
        values = as_numbers(column, decimal_comma)[0]
        whole = np.isfinite(values).all() and (values == np.floor(values)).all()
        return pd.Series(values.astype(np.int64) if whole else values, index=column.index)
    cells = {cell: None if is_blank(cell) else cell for cell in different}
    return pd.Series([cells[cell] for cell in column], index=column.index)
