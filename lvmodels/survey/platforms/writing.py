"""What all writers of exports share: answers as cells, invented interviews, files.

The writers are for simulations: what they write is read back as the same answers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from lvmodels.errors import OutputError, SurveyError
from lvmodels.survey.anchors import ambiguous_words, words_of_codes

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Language

__all__ = ["Choices", "Interviews", "answer_cells", "interviews", "number", "refuse", "wordings", "write_table"]

Choices = Literal["codes", "text"]


class Interviews:
    """What exports say about respondents: given columns, else invented ones.

    Parameters
    ----------
    given : pandas.DataFrame or None, shape (n, q)
        Any of the columns start and end (times), duration (seconds), finished (1 or 0), language, response_id, ip,
        email, first_name, last_name, preview (1 or 0).
    n : int
    language : {"en", "zh"}
    """

    def __init__(self, given: pd.DataFrame | None, n: int, language: Language) -> None:
        self.n = n
        frame = pd.DataFrame(index=range(n)) if given is None else given.reset_index(drop=True)
        if len(frame) != n:
            raise SurveyError(f"there are {n} rows of answers and {len(frame)} of respondents; pass as many of both")
        self._given = frame
        begins = pd.Series(pd.Timestamp("2026-01-05 09:00:00") + pd.to_timedelta(np.arange(n) * 60, unit="s"))
        self.start = pd.to_datetime(self._column("start", begins))
        self.duration = [int(seconds) for seconds in self._column("duration", pd.Series([180] * n))]
        ends = self.start + pd.to_timedelta(np.asarray(self.duration, dtype=float), unit="s")
        self.end = pd.to_datetime(self._column("end", ends))
        self.finished = [bool(int(mark)) for mark in self._column("finished", pd.Series([1] * n))]
        self.preview = [bool(int(mark)) for mark in self._column("preview", pd.Series([0] * n))]
        self.language = self.text("language", {"en": "EN", "zh": "ZH-S"}[language])

    def _column(self, name: str, default: pd.Series) -> pd.Series:
        return self._given[name] if name in self._given.columns else default

    def text(self, name: str, default: str = "") -> list[str]:
        """A column as text."""
        return [str(cell) for cell in self._column(name, pd.Series([default] * self.n, dtype=object))]

    def ids(self, pattern: str = "{}", first: int = 1) -> list[str]:
        """Names of the responses."""
        if "response_id" in self._given.columns:
            return self.text("response_id")
        return [pattern.format(first + position) for position in range(self.n)]

    @staticmethod
    def times(times: pd.Series, written: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
        """Points in time as text."""
        return ["" if pd.isna(time) else time.strftime(written) for time in times]


def interviews(respondents: pd.DataFrame | None, answers: pd.DataFrame, language: Language) -> Interviews:
    """Interviews for as many respondents as there are rows of answers."""
    return Interviews(respondents, len(answers), language)


def number(value: float) -> str:
    """A number that is read back as the same number: 7, -99, 3.5."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def answer_cells(
    answers: pd.DataFrame,
    instrument: Instrument,
    choices: Choices,
    language: Language,
    empty: str = "",
    pattern: str = "{}",
) -> dict[str, list[str]]:
    """The cells of each item.

    Parameters
    ----------
    answers : pandas.DataFrame, shape (n, p)
        Codes, NaN where there is no answer.
    instrument : Instrument
    choices : {"codes", "text"}
        Whether cells hold codes, or the words printed at them.
    language : {"en", "zh"}
        Of those words.
    empty : str
        The cell of a missing answer.
    pattern : str
        How the platform writes a code of a scale.

    Raises
    ------
    SurveyError
        When the answers lack an item or hold a code that its scale does not have, or words cannot be told apart.
    """
    problems = [
        f"item '{item.name}' has no column in the answers; add it, filled with NaN if nobody was asked"
        for item in instrument.items
        if item.name not in answers.columns
    ]
    refuse(problems, instrument)
    cells = {}
    for item in instrument.items:
        written = {code: pattern.format(code) for code in instrument.codes(item.name)}
        if choices == "text":
            written = words_of_codes(item.name, instrument, language)
            problems += [
                f"item '{item.name}': the words {words!r} could not be read back; reword the anchors, or write codes"
                for words in ambiguous_words(written)
            ]
        values = answers[item.name].astype(float)
        odd = {v for v in values.unique() if written and not np.isnan(v) and v not in written}
        problems += [f"item '{item.name}': {number(v)} is no code of its scale; correct it" for v in sorted(odd)]
        cells[item.name] = [empty if np.isnan(v) else written.get(v) or number(v) for v in values]
    refuse(problems, instrument)
    return cells


def refuse(problems: Sequence[str], instrument: Instrument) -> None:
    """Raise one error for all that keeps answers from being written; nothing happens when there is nothing."""
    if problems:
        raise SurveyError(f"answers to instrument '{instrument.name}' cannot be written", problems)


def wordings(instrument: Instrument, language: Language) -> dict[str, str]:
    """Item → its wording."""
    return {item.name: instrument.label(item.name, language) for item in instrument.items}


def write_table(
    path: str | Path,
    headers: Sequence[Sequence[str]],
    columns: Iterable[Sequence[str]] | Mapping[str, Sequence[str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
    quote_all: bool = False,
) -> None:
    """Write header rows and columns as delimited text.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerows(headers)
    body = columns.values() if isinstance(columns, Mapping) else columns
    writer.writerows(zip(*body, strict=True))
    try:
        Path(path).write_bytes(text.getvalue().encode(encoding))
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written ({error.strerror or error}); check folder and rights") from None
