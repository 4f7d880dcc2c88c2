"""Which survey platform a file comes from, found out from its first rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from lvmodels.survey.platforms import (
    google_forms,
    limesurvey,
    microsoft_forms,
    qualtrics,
    redcap,
    surveymonkey,
    wenjuanxing,
)
from lvmodels.survey.platforms.devices import numbered_addresses
from lvmodels.survey.platforms.naming import is_code, plain
from lvmodels.survey.raw import Labels, RawTable
from lvmodels.survey.raw_columns import without_columns

if TYPE_CHECKING:
    from lvmodels.survey.delimited import Cells
    from lvmodels.survey.instrument import Instrument

__all__ = ["is_export", "unpack_export", "without_persons"]

# What tells the platforms apart is looked for in this order: the surest first.
_PLATFORMS: tuple[tuple[Callable[[Cells], bool], Callable[[Cells], RawTable]], ...] = (
    (qualtrics.recognise, qualtrics.unpack),
    (wenjuanxing.recognise, wenjuanxing.unpack),
    (limesurvey.recognise, limesurvey.unpack),
    (surveymonkey.recognise, surveymonkey.unpack),
    (microsoft_forms.recognise, microsoft_forms.unpack),
    (google_forms.recognise, google_forms.unpack),
    (redcap.recognise, redcap.unpack),
)


def is_export(cells: Cells) -> bool:
    """Whether the rows, or the first of them, are those of a survey platform."""
    return any(recognise(cells) for recognise, _ in _PLATFORMS)


def unpack_export(cells: Cells, form: str = "") -> RawTable | None:
    r"""Unpack the export of a survey platform; None when the rows come from none that is known.

    Parameters
    ----------
    cells : Cells
        All rows of the file.
    form : str
        What kind of file they come from, for the log.

    Raises
    ------
    FileFormatError, EmptyDataError
        When the header rows are those of a platform, and below them there is no table or no answer.

    Examples
    --------
    >>> from lvmodels.survey.delimited import read_cells
    >>> unpack_export(read_cells("SAT1,SAT2\n1,2\n", "plain.csv")) is None
    True
    >>> head = "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您满意吗?"
    >>> row = "1,2026/1/5 9:02:03,123秒,微信,N/A,203.0.113.7(北京-北京),4"
    >>> raw = unpack_export(read_cells(f"{head}\n{row}\n", "wjx.csv"))
    >>> raw.labels.wording, raw.frame["duration"].tolist(), raw.personal
    ({'Q1': '您满意吗?'}, ['123'], ('ip',))
    """
    unpack = next((unpack for recognise, unpack in _PLATFORMS if recognise(cells)), None)
    if unpack is None:
        return None
    raw = unpack(cells)
    opening, *log = raw.log
    return dataclasses.replace(raw, log=(opening.removesuffix(".") + (f", {form}." if form else "."), *log))


def without_persons(raw: RawTable, keep: bool, instrument: Instrument | None = None) -> RawTable:
    """Drop the columns that identify a person, or say that they are kept; an instrument's items always stay.

    Of IP addresses there remains who shares one; see `numbered_addresses`.
    """
    items = [] if instrument is None else list(instrument.items)
    asked = {plain(text) for item in items for text in (item.name, *item.wording.values())}
    named = [c for c in raw.personal if not {plain(c), plain(raw.labels.wording.get(c, c))} & asked]
    if not named:
        return raw
    listed = ", ".join(_with_question(column, raw.labels) for column in named)
    if keep:
        return dataclasses.replace(raw, log=(*raw.log, f"Kept although they identify persons: {listed}."))
    raw = numbered_addresses(raw, named)
    log = f"Dropped because they identify persons: {listed}; read_survey(..., keep_personal=True) keeps them."
    return dataclasses.replace(without_columns(raw, named), log=(*raw.log, log))


def _with_question(column: str, labels: Labels) -> str:
    wording = labels.wording.get(column, "")
    return f"{column} ({wording})" if wording and is_code(column) else column
