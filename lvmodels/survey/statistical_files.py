"""Files of SPSS, Stata and SAS: answers with the labels, missing codes and levels of measurement that they carry.

pyreadstat reads them; here its codes for "no answer" become NaN and are counted, and its metadata become `Labels`.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey.numbers import counted
from lvmodels.survey.raw import Labels
from lvmodels.survey.sav_dictionary import dictionary_fault

__all__ = ["read_statistical", "statistical_kind"]

_SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_STATA = frozenset(range(104, 116))  # first byte of files before Stata 13: the version of the format
_MOST_BYTES = 1 << 30  # of the table, as its file declares it
_ALWAYS = 64 << 20  # a table of so many bytes is read, however small its file
_MOST_TIMES = {"zsav": 100}  # other tables are at most so many times as large as their files
_USUAL_TIMES = 16  # one byte for eight, or for eight spaces, twice over
_ENCODINGS = (None, "GB18030", "WINDOWS-1252")  # None: the one that the file names
_LEVELS = frozenset({"nominal", "ordinal", "scale"})
_SMALLER = "select fewer variables or cases, or save it as CSV in UTF-8"

# Kind → function of pyreadstat and the name in words.
_KINDS = {
    "sav": ("read_sav", "SPSS file (.sav)"),
    "zsav": ("read_sav", "compressed SPSS file (.zsav)"),
    "por": ("read_por", "portable SPSS file (.por)"),
    "dta": ("read_dta", "Stata file (.dta)"),
    "sas7bdat": ("read_sas7bdat", "SAS file (.sas7bdat)"),
    "xpt": ("read_xport", "SAS transport file (.xpt)"),
}


def statistical_kind(data: bytes) -> str:
    """Name the kind of file by its first bytes: "sav", "zsav", "por", "dta", "sas7bdat" or "xpt"; empty for another.

    Examples
    --------
    >>> statistical_kind(b"$FL2@(#) SPSS DATA FILE"), statistical_kind(b"Q1,Q2")
    ('sav', '')
    """
    if data.startswith((b"$FL2", b"$FL3")):
        return "zsav" if data[3:4] == b"3" else "sav"
    old_stata = data[:1] and data[0] in _STATA and data[1:2] in (b"\1", b"\2") and data[2:3] == b"\1"
    if data.startswith(b"<stata_dta>") or old_stata:
        return "dta"
    if data.startswith(_SAS):
        return "sas7bdat"
    if data.startswith((b"HEADER RECORD*******LIBRARY", b"HEADER RECORD*******LIBV8")):
        return "xpt"
    head = data[:600].replace(b"\r", b"").replace(b"\n", b"")
    return "por" if b"SPSS PORT FILE" in head[:200] or head[456:464] == b"SPSSPORT" else ""


def read_statistical(path: Path, kind: str) -> tuple[pd.DataFrame, Labels, tuple[str, ...], str]:
    """Read a file of SPSS, Stata or SAS.

    Parameters
    ----------
    path : Path
    kind : str
        As `statistical_kind` names it.

    Returns
    -------
    frame : pandas.DataFrame, shape (n, k)
        Whole numbers as integers where none is missing, dates as datetime64, times of day as text (09:05:00).
    labels : Labels
    log : tuple of str
        Codes that became missing, with counts, and which labels were kept.
    form : str
        What was read, for the log.

    Raises
    ------
    FileFormatError
        When the file is damaged or too large.
    EmptyDataError
        When it holds no row or no column.
    """
    source = path.name
    fault = dictionary_fault(path.read_bytes()) if kind in ("sav", "zsav") else ""
    if fault:
        raise FileFormatError(f"{source} is damaged or cut short: {fault}; export it again")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        raw, meta, encoding = _decoded(path, kind)
    if raw.empty:
        size = f"{counted(raw.shape[0], 'row')} and {counted(raw.shape[1], 'column')}"
        raise EmptyDataError(f"{source} has {size}; export the answers again")
    labels = _labels(meta, list(raw.columns))
    log = [f"pyreadstat: {warning.message}." for warning in said if warning.category is UserWarning]
    if encoding is not None:
        log.append(f"Texts were read as {encoding}: the encoding that the file names fails.")
    numeric = _numeric_names(meta, raw)
    columns, stood = {}, {}
    for name in raw.columns:
        ranges, texts = labels.missing.get(name, ()), _missing_texts(meta, name)
        column, recoded = _without_missing(raw[name], texts, ranges, name in numeric)
        if recoded:
            codes = counted(sum(recoded.values()), "user-missing code")
            each = ", ".join(f"{code}: {count}" for code, count in recoded.items())
            log.append(f"Column '{name}': {codes} became missing ({each}).")
            if name in numeric:
                lost = raw[name].notna().to_numpy() & column.isna().to_numpy()
                stood[name] = pd.to_numeric(raw[name][lost], errors="coerce").dropna().astype(float)
        columns[name] = _plain(column, name in numeric)
    log += _kept(labels)
    form = _KINDS[kind][1] + (f", {meta.file_encoding}" if meta.file_encoding and encoding is None else "")
    return pd.DataFrame(columns), replace(labels, missing_codes=stood), tuple(log), form


def _decoded(path: Path, kind: str) -> tuple[pd.DataFrame, Any, str | None]:
    """The file in its own encoding, or in the first other one that its bytes allow."""
    import pyreadstat

    function, words = _KINDS[kind]
    read: Callable[..., tuple[pd.DataFrame, Any]] = getattr(pyreadstat, function)
    options: dict[str, Any] = {} if kind in ("por", "xpt") else {"user_missing": True}
    size = path.stat().st_size
    first: Exception | None = None
    for encoding in _ENCODINGS if kind != "por" else (None,):
        named = {} if encoding is None else {"encoding": encoding}
        try:
            _refuse_large(read(path, metadataonly=True, **named)[1], kind, size, path.name)
            return *read(path, **named, **options), encoding
        except FileFormatError:
            raise
        except MemoryError:
            raise FileFormatError(f"{path.name} is too large for the memory of this machine; {_SMALLER}") from None
        except Exception as error:  # pyreadstat lets through what its own reading of dates and texts brings about
            first = first or error
            if not (isinstance(error, UnicodeError) or "encoding" in str(error)):
                break
    reason = (str(first) or type(first).__name__)[:200]
    raise FileFormatError(
        f"{path.name} is a {words} that is damaged or cut short ({reason}); export it again, or save it as CSV in UTF-8"
    )


def _refuse_large(meta: Any, kind: str, size: int, source: str) -> None:
    """Raise when the table that the file declares does not fit in memory, or not in the file."""
    width = sum(max(8, int(bytes_ or 0)) for bytes_ in (meta.variable_storage_width or {}).values())
    table = (meta.number_rows or 0) * max(width, 8 * len(meta.column_names))
    declared = f"{source} declares {meta.number_rows} rows and {len(meta.column_names)} columns"
    if table > max(_ALWAYS, _MOST_TIMES.get(kind, _USUAL_TIMES) * size):
        raise FileFormatError(f"{declared}, more than a file of {size} bytes holds; it is damaged, export it again")
    if table > _MOST_BYTES:
        raise FileFormatError(f"{declared}, more than the {_MOST_BYTES >> 20} MiB that are read; {_SMALLER}")


def _numeric_names(meta: Any, raw: pd.DataFrame) -> frozenset[str]:
    """Columns that the file declares as numbers; codes for "no answer" may make pandas call them text."""
    types: Mapping[str, str] = meta.readstat_variable_types or {}
    return frozenset(name for name in raw.columns if types.get(name, "string") != "string")


def _labels(meta: Any, names: list[str]) -> Labels:
    """The metadata of pyreadstat, without what is empty."""
    wording = {name: text for name, text in (meta.column_names_to_labels or {}).items() if text and text.strip()}
    words = {
        name: {float(code): text for code, text in pairs.items() if not isinstance(code, str)}
        for name, pairs in (meta.variable_value_labels or {}).items()
    }
    ranges = {
        name: tuple((_bound(pair["lo"]), _bound(pair["hi"])) for pair in pairs if _are_numbers(pair))
        for name, pairs in (meta.missing_ranges or {}).items()
    }
    levels = {name: level for name, level in (meta.variable_measure or {}).items() if level in _LEVELS}
    return Labels(
        {name: wording[name] for name in names if name in wording},
        {name: words[name] for name in names if words.get(name)},
        {name: ranges[name] for name in names if ranges.get(name)},
        {name: levels[name] for name in names if name in levels},
    )


def _are_numbers(pair: Mapping[str, Any]) -> bool:
    """Whether a range is one of codes; ranges of texts and of dates are not."""
    return all(isinstance(pair[end], int | float) for end in ("lo", "hi"))


def _bound(value: float) -> float:
    """SPSS writes "lowest" and "highest" as the numbers furthest from zero."""
    return math.copysign(math.inf, value) if abs(value) > 1e307 else float(value)


def _missing_texts(meta: Any, name: str) -> frozenset[str]:
    """Texts that mean no answer: of a text column in SPSS, or the letters of Stata's and SAS's .a to .z."""
    pairs = (meta.missing_ranges or {}).get(name, ())
    letters = (meta.missing_user_values or {}).get(name, ())
    return frozenset([*(pair["lo"] for pair in pairs if isinstance(pair["lo"], str)), *map(str, letters)])


def _without_missing(
    column: pd.Series, texts: frozenset[str], ranges: tuple[tuple[float, float], ...], numeric: bool
) -> tuple[pd.Series, Mapping[str, int]]:
    """The column with NaN for codes that mean no answer, and how often each stood there."""
    if texts:
        found = column.isin(texts) | (column.map(lambda cell: isinstance(cell, str)) if numeric else False)
        counts = Counter(f".{cell}" if numeric else repr(cell) for cell in column[found])
        return column.astype(object).mask(found, None), dict(sorted(counts.items()))
    if ranges and pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64)
        hit = np.logical_or.reduce([(values >= low) & (values <= high) for low, high in ranges])
        codes, sizes = np.unique(values[hit], return_counts=True)
        recoded = {f"{code:.15g}": size for code, size in zip(codes.tolist(), sizes.tolist(), strict=True)}
        return column.astype(np.float64).mask(hit), recoded
    return column, {}


def _plain(column: pd.Series, numeric: bool) -> pd.Series:
    """Numbers as integers or floats, dates as datetime64, texts and times of day as text; an empty text is missing."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in ("date", "datetime"):
        try:
            return pd.to_datetime(column)
        except (ValueError, OverflowError):  # before 1677 or after 2262 for older pandas
            kind = "mixed"
    if numeric and kind in ("floating", "integer", "mixed-integer-float", "boolean", "empty"):
        values = pd.to_numeric(column).to_numpy(dtype=np.float64)
        whole = np.isfinite(values).all() and (values == np.floor(values)).all() and (np.abs(values) < 2**53).all()
        return pd.Series(values.astype(np.int64) if whole else values)
    texts = [None if cell is None or cell is pd.NaT or cell != cell else str(cell).rstrip() for cell in column]
    return pd.Series([text or None for text in texts])


def _kept(labels: Labels) -> list[str]:
    counts = {
        "questions": len(labels.wording),
        "words at the codes": len(labels.values),
        "user-missing codes": len(labels.missing),
        "levels of measurement": len(labels.measure),
    }
    told = ", ".join(f"{what} of {counted(count, 'column')}" for what, count in counts.items() if count)
    return [f"Kept from the file: {told}."] if told else []
