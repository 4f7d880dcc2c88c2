"""Wenjuanxing 问卷星: six columns about the answer sheet, then questions under "1、question".

A grid has a column a row, "3、question—row". Ticked options stand in one cell with ┋ between them, ranked ones with →.
The same answers come as texts or as numbers of the options; then -3 is skipped, -2 left empty.

References
----------
Changsha Ranxing Information Technology (2024), 查看与下载答卷; help pages of 问卷星.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pandas as pd

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import parse_number
from lvmodels.survey.platforms.naming import alone_or_whole, is_code, rows_behind_stem
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.several import RANKED
from lvmodels.survey.platforms.sheet import Column, open_sheet, without_answers
from lvmodels.survey.platforms.times import iso
from lvmodels.survey.raw import RawTable

__all__ = ["NAME", "TICKED", "recognise", "unpack"]

NAME = "Wenjuanxing"
TICKED = "┋"

# Header → name here, whether it identifies a person.
_ABOUT = {
    "序号": ("response_id", False),
    "提交答卷时间": ("end", False),
    "开始答卷时间": ("start", False),
    "所用时间": ("duration", False),
    "来源": ("channel", False),
    "来源详情": ("channel_detail", False),
    "来自IP": ("ip", True),
    "IP": ("ip", True),
    "总分": ("score", False),
    "省份": ("province", True),
    "城市": ("city", True),
    "昵称": ("nickname", True),
    "微信昵称": ("nickname", True),
    "用户ID": ("user", True),
}
_NUMBER = re.compile(r"(\d+)\s*[、.．:：]\s*(.*)", re.DOTALL)
_KIND = re.compile(
    r"\s*[\[【(（](?:单选|多选|填空|单项填空|多项填空|量表|评分|排序|下拉|矩阵\w{0,4})题?[\]】)）]\s*\*?\s*$"
)
_SEPARATORS = ("—", "–", "|", "_", "：", ":", "(", "（", "[")
_OPEN, _SHUT = ("(", "（"), (")", "）")
_AROUND = " :：(（"
_REASONS = {"-3": "skipped", "-2": "left empty", "(跳过)": "skipped", "(空)": "left empty", "（跳过）": "skipped"}
_WRITTEN = re.compile(r"〖(.*?)〗", re.DOTALL)  # what was written beside an option such as "other"


def recognise(cells: Cells) -> bool:
    """Whether the columns begin with number, time of submission and time used."""
    head = [header.strip() for header in cells.rows[0][1]] if cells.rows else []
    known = {_ABOUT[header][0] for header in itertools.takewhile(_ABOUT.__contains__, head)}
    return head[:1] == ["序号"] and {"end", "duration"} <= known


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; the start is the time of submission less the time used."""
    sheet = open_sheet(cells, 1)
    reading = Reading(sheet, NAME)
    headers = sheet.headers[0]
    first = next((place for place, header in enumerate(headers) if header not in _ABOUT), len(headers))
    _respondents(reading, headers[:first])
    names, wordings = _questions(headers[first:])
    for name, wording, body in zip(names, wordings, sheet.columns[first:], strict=True):
        reading.columns += _answers(name, wording, body)
    return reading.table()


def _respondents(reading: Reading, headers: Sequence[str]) -> None:
    named = {_ABOUT[header][0]: place for place, header in enumerate(headers)}
    body = {name: reading.sheet.columns[place] for name, place in named.items()}
    dates: dict[str, Sequence[str]] = {name: body[name] for name in ("start", "end") if name in body}
    times = reading.times(dates, {name: headers[named[name]] for name in dates})
    reading.duration(body["duration"], "所用时间")
    if "start" not in times:
        seconds = [parse_number(str(cell)) for cell in reading.columns[-1].cells]
        used = pd.to_timedelta(pd.Series(seconds, dtype=float), unit="s")
        reading.about("start", iso((times["end"] - used).dt.round("s")))
    for name, column in body.items():
        if name not in (*times, "duration"):
            reading.about(name, column, _ABOUT[headers[named[name]]][1])


def _questions(headers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names and wordings; columns of one number, and those without one behind them, are one question."""
    numbers: list[str] = []
    texts: list[str] = []
    for header in headers:
        found = _NUMBER.fullmatch(header)
        numbers.append(found[1] if found else header if is_code(header) else numbers[-1] if numbers else "0")
        texts.append(_KIND.sub("", found[2] if found else header).strip())
    names, rows = [], []
    for number, group in itertools.groupby(range(len(headers)), key=numbers.__getitem__):
        places = list(group)
        stem = f"Q{number}" if number.isdigit() else number
        names += [stem] if len(places) == 1 else [f"{stem}_{place}" for place in range(1, len(places) + 1)]
        rows += _rows([texts[place] for place in places])
    return names, alone_or_whole(rows, texts)


def _rows(texts: Sequence[str]) -> list[str]:
    """The rows of a grid, or the question with each of its options, which stand in brackets."""
    if len(texts) == 1:
        return list(texts)
    rows = rows_behind_stem(texts, _SEPARATORS)
    stem = texts[0][: -len(rows[0])].rstrip() if rows[0] else ""
    if not stem.endswith(_OPEN) or not all(row.endswith(_SHUT) for row in rows):
        return rows
    return [f"{stem.rstrip(_AROUND)}: {row[:-1].strip()}".removeprefix(": ") for row in rows]


def _answers(name: str, wording: str, body: Sequence[str]) -> list[Column]:
    """A question's column, and one of what was written beside its options."""
    cells, reasons = without_answers(body, _REASONS)
    different = dict.fromkeys(cells)
    beside = {cell: " ".join(texts) for cell in different if (texts := _WRITTEN.findall(cell))}
    written = [Column(f"{name}_text", [beside.get(cell, "") for cell in cells], wording)] if beside else []
    cells = [_WRITTEN.sub("", cell).strip() if cell in beside else cell for cell in cells]
    separator = next((sign for sign in (TICKED, RANKED) if any(sign in cell for cell in different)), "")
    return [Column(name, cells, wording, separator=separator, reasons=reasons), *written]
