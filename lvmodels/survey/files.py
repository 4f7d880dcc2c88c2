"""The door for answers: a data frame of any library, or a file of any usual kind, becomes a `Survey`.

What a file is, its encoding, its delimiter and its decimal sign are found out from its content, in the fixed order
given in `_read_file`, `formats`, `encoding` and `delimited`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lvmodels.errors import DataTypeError, EmptyDataError, OptionValueError
from lvmodels.survey.answers import Survey, check_answers, duplicate_names, raise_problems
from lvmodels.survey.any_frame import open_frame
from lvmodels.survey.columnar import columnar_kind, read_columnar
from lvmodels.survey.delimited import DELIMITERS, Cells, Delimited, columns_below_header, read_cells
from lvmodels.survey.encoding import decode
from lvmodels.survey.formats import is_workbook, refuse_other_formats
from lvmodels.survey.json_rows import is_json, read_json
from lvmodels.survey.large_text import LARGE, read_regular
from lvmodels.survey.matching import match_columns
from lvmodels.survey.numbers import as_numbers, counted, has_decimal_comma, is_blank, keeps_its_digits, parse_number
from lvmodels.survey.paths import read_bytes
from lvmodels.survey.platforms.numbered import numbers_set_aside
from lvmodels.survey.platforms.pairs import with_words
from lvmodels.survey.platforms.recognition import is_export, unpack_export, without_persons
from lvmodels.survey.platforms.several import unfold
from lvmodels.survey.raw import Labels, RawTable
from lvmodels.survey.raw_columns import joined_labels, labels_under, renamed, without_columns
from lvmodels.survey.statistical_files import read_statistical, statistical_kind
from lvmodels.survey.workbook import read_workbook

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument
    from lvmodels.survey.matching import Match

__all__ = ["Survey", "held_against", "read_frame", "read_raw", "read_survey"]

_FIRST_ROWS = 200  # enough to tell whether a platform wrote the file


def read_survey(
    data: Any,
    instrument: Instrument | str | Path | None = None,
    *,
    match: Match = "auto",
    words: Any = None,
    keep_personal: bool = False,
) -> Survey:
    """Read answers and check them against their instrument.

    Parameters
    ----------
    data : str, Path, data frame or Survey
        A file, recognised by its content: a delimited text (commas, semicolons, tabs or vertical bars; UTF-8, UTF-16,
        GBK, GB18030, Windows-1252 or Latin-1), an Excel workbook (.xlsx), a file of SPSS (.sav, .zsav, .por), Stata
        (.dta) or SAS (.sas7bdat, .xpt), JSON lines or a JSON list of records, Parquet or Feather (read by Polars or
        PyArrow). Exports of Qualtrics, LimeSurvey, SurveyMonkey, Wenjuanxing, Google Forms, Microsoft Forms and REDCap
        are unpacked, whatever their rows of headers, and what they say of the interviews becomes `respondents`. Or a
        data frame of pandas, Polars, PyArrow, DuckDB or another library that narwhals knows. A survey that was read
        before is held against another instrument.
    instrument : Instrument, str or Path, optional
        The instrument, the path of its TOML file, or the name of one that ships (`instruments.names`). Without one, all
        columns are answers: those that hold numbers become numeric, the others stay text.
    match : {"auto", "code", "question", "position"} or mapping of str to str
        How the items find their columns: by their codes and then by the questions asked, as the file or the names of
        its columns tell them ("auto"), by one of the two alone, or in their order; a mapping gives the items that it
        names (item → column) their columns and finds the others. What only comes near is proposed in the error.
    words : str, Path or data frame, optional
        The same responses exported once more, as words instead of codes: the labels then have the words at the codes.
    keep_personal : bool
        Whether to keep the columns of a platform's export that identify a person (addresses, names, places, telephone
        numbers); the log names them.

    Returns
    -------
    Survey
        Its `log` says what was recoded and dropped; its `labels` hold what the file says of its columns.

    Raises
    ------
    SurveyError
        When rows, names or codes are wrong; it lists all of them, with row, column and remedy.
    MatchingError
        The same, when columns come near to items that have none; it proposes a `match`.
    OptionValueError
        When `match` is not known, or there is no instrument to match.
    FileFormatError
        When the file is empty, damaged, too large, or of another kind.
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
    raw = read_raw(data) if words is None else with_words(read_raw(data), read_raw(words))
    raw = without_persons(raw, keep_personal, instrument)
    if instrument is None:
        if match != "auto":
            raise OptionValueError("match gives items their columns; pass the instrument that has the items, too")
        raise_problems(f"{raw.source} cannot be read", raw.problems)
        raw = unfold(raw)
        frame, about = _typed(raw), list(raw.respondents)
        answers = frame.drop(columns=about) if about else frame
        return Survey(answers, frame[about], None, raw.source, raw.log, raw.labels)
    return held_against(instrument, raw, match)


def held_against(instrument: Instrument, raw: RawTable, match: Match) -> Survey:
    """The items' answers, and the other columns; labels are kept under the names of the items."""
    raw = numbers_set_aside(raw, instrument, match)
    asked = raw.frame.drop(columns=list(raw.respondents)) if match == "position" else raw.frame
    answers, _, log, codes = check_answers(
        asked, instrument, raw.source, raw.row_name, raw.decimal_comma, raw.problems, raw.labels, match
    )
    columns = match_columns(instrument, list(asked.columns), raw.labels.wording, match).columns
    aside = {item: f"{item}_" for item, column in columns.items() if item != column}  # named alike, asks another thing
    rest = unfold(renamed(without_columns(raw, set(columns.values())), aside))
    labels = labels_under(raw.labels, {column: item for item, column in columns.items()})
    log = (*rest.log, *log)
    return Survey(answers, _typed(rest), instrument, raw.source, log, joined_labels(labels, rest.labels), codes)


def read_frame(data: Any) -> pd.DataFrame:
    """Turn a path or any data frame into a pandas frame; columns of a file that hold numbers become numeric.

    Raises
    ------
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.
    """
    return read_survey(data).answers


def read_raw(data: Any) -> RawTable:
    """Answers as they came, before an instrument is held against them and before persons are left out.

    Raises
    ------
    FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.
    """
    if isinstance(data, Survey):
        return _from_survey(data)
    return _read_file(Path(data)) if isinstance(data, str | os.PathLike) else _read_native(data)


def _read_file(path: Path) -> RawTable:
    """A file of any kind as a frame; what is no kind of its own is a delimited text."""
    content = read_bytes(path)
    source = path.name
    if is_workbook(content):
        return _from_cells(*read_workbook(content, source))
    if kind := statistical_kind(content):
        frame, labels, log, form = read_statistical(path, kind)
        return _from_typed(frame, source, form, log, labels)
    if kind := columnar_kind(content):
        columns, form = read_columnar(path, kind)
        return _from_typed(_from_other_library(columns), source, form, (), Labels())
    refuse_other_formats(content, source)
    text, encoding = decode(content, source)
    if is_json(text):
        return _from_cells(read_json(text, source), f"{encoding}, JSON")
    if len(text) >= LARGE and not is_export(read_cells(text, source, _FIRST_ROWS)):
        table = read_regular(text)
        if table is not None:
            return _from_table(table, source, f"{encoding}, {_separated(table.delimiter)}")
    cells = read_cells(text, source)
    return _from_cells(cells, f"{encoding}, {_separated(cells.delimiter)}")


def _from_cells(cells: Cells, form: str) -> RawTable:
    """Rows of text cells as a frame of text columns; `form` says what kind of file they come from."""
    if (export := unpack_export(cells, form)) is not None:
        return export
    return _from_table(columns_below_header(cells), cells.source, form)


def _from_table(table: Delimited, source: str, form: str) -> RawTable:
    """Columns of text cells as a frame; those that know their different cells (Categoricals) stay so."""
    twice = _name_problems(table.names)
    columns = dict(zip(reversed(table.names), reversed(table.columns), strict=True))  # of equal names the first
    rows = table.rows
    return RawTable(
        pd.DataFrame({name: _as_array(columns[name]) for name in dict.fromkeys(table.names)}),
        source,
        lambda position: str(rows[position]),
        table.decimal_comma,
        (*twice, *table.problems),
        (f"{source}: {_shape(len(rows), len(table.names))}, {form}.", *table.log, *_decimal_commas(table)),
    )


def _as_array(cells: Sequence[str]) -> Any:
    return cells if isinstance(cells, pd.Categorical) else np.array(cells, dtype=object)


def _different(cells: Any) -> list[str]:
    """Every cell that occurs, once, in order of first appearance."""
    if isinstance(cells, pd.Series):
        cells = cells.array
    return list(cells.categories if isinstance(cells, pd.Categorical) else dict.fromkeys(cells))


def _separated(delimiter: str) -> str:
    return f"separated by {DELIMITERS.get(delimiter, repr(delimiter))}" if delimiter else "one column"


def _shape(rows: int, columns: int) -> str:
    return f"{counted(rows, 'row')}, {counted(columns, 'column')}"


def _decimal_commas(table: Delimited) -> list[str]:
    """Say where commas were taken as decimal signs, because "1,234" can also be meant otherwise."""
    if not table.decimal_comma:
        return []
    pairs = zip(table.names, table.columns, strict=True)
    found = [name for name, cells in pairs if any(map(has_decimal_comma, _different(cells)))]
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
    return _from_typed(frame, "data frame", "", (), Labels())


def _from_typed(frame: pd.DataFrame, source: str, form: str, log: Sequence[str], labels: Labels) -> RawTable:
    """A frame whose columns have their types; rows are counted from 1."""
    if frame.empty:
        what = source if form else f"the {source}"
        raise EmptyDataError(f"{what} has {frame.shape[0]} rows and {frame.shape[1]} columns; pass one with answers")
    frame.columns = pd.Index([str(name) for name in frame.columns], dtype=object)
    twice = _name_problems(list(frame.columns))
    frame = frame.loc[:, ~frame.columns.duplicated()] if twice else frame
    opening = f"{source}: {_shape(*frame.shape)}" + (f", {form}." if form else ".")
    log = (opening, *log)
    return RawTable(frame, source, lambda position: str(position + 1), False, tuple(twice), log, True, labels)


def _from_survey(survey: Survey) -> RawTable:
    """A survey as the table that it came from, with what is known of its columns; missing codes stay missing."""
    about = tuple(map(str, survey.respondents.columns))
    frame = pd.concat([survey.answers, survey.respondents], axis=1)
    frame.columns = pd.Index([str(name) for name in frame.columns], dtype=object)
    codes = {**survey.labels.missing_codes, **survey.missing_codes}
    labels = replace(survey.labels, missing_codes=codes)
    return RawTable(
        frame, survey.source, lambda position: str(position + 1), False, (), survey.log, True, labels, about
    )


def _from_other_library(data: Any) -> pd.DataFrame:
    eager = open_frame(data)
    if eager is None:
        message = f"answers are read from a path or a data frame, not from {type(data).__name__}"
        raise DataTypeError(f"{message}; pass pandas.DataFrame(...) of it")
    return pd.DataFrame({name: _plain_column(eager[name]) for name in eager.columns})


def _plain_column(column: Any) -> pd.Series:
    """A narwhals column as a pandas one, without asking the other library for its own way (which may need PyArrow)."""
    import narwhals as nw

    if column.dtype.is_numeric() and not column.is_null().any():
        return pd.Series(column.to_numpy())
    values = column.to_list()
    return pd.Series(values, dtype=float if column.dtype.is_numeric() or column.dtype == nw.Boolean else None)


def _typed(raw: RawTable) -> pd.DataFrame:
    """Columns of text cells as numbers where all of them are numbers; others keep their text, blank cells are NaN."""
    frame = raw.frame
    if raw.typed:
        return frame
    columns = {name: _typed_column(column, raw.decimal_comma) for name, column in frame.items()}
    return pd.DataFrame(columns, index=frame.index)


def _typed_column(column: pd.Series, decimal_comma: bool) -> Any:
    """An array, whole numbers as integers where none is missing."""
    different = _different(column)
    if all(parse_number(cell, decimal_comma) is not None and keeps_its_digits(cell) for cell in different):
        values = as_numbers(column, decimal_comma)[0]
        whole = np.isfinite(values).all() and (values == np.floor(values)).all()
        return values.astype(np.int64) if whole else values
    cells = [None if is_blank(cell) else cell for cell in different]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pd.Series(np.array(cells, dtype=object)[column.cat.codes.to_numpy()].tolist()).array
    texts = dict(zip(different, cells, strict=True))
    return pd.Series([texts[cell] for cell in column]).array
