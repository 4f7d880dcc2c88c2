"""LimeSurvey: one header row of codes, of question texts, or of both; the import format VV has two.

Subquestions stand in brackets: Q1[SQ001] in codes, "Question [row]" in texts, "Q1[SQ001]. Question [row]" in both. A
response without a date of submission is incomplete. Answers are codes such as A3, or the full words.

References
----------
LimeSurvey (2024), Exporting results; LimeSurvey Manual.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import alone_or_whole, plain, question_names, row_wordings, stem_and_row
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.sheet import Column, open_sheet, without_answers
from lvmodels.survey.raw import RawTable

__all__ = ["ABOUT", "NAME", "recognise", "unpack"]

NAME = "LimeSurvey"

# Code → name here, English and German header, whether it identifies a person.
ABOUT: Mapping[str, tuple[str, tuple[str, ...], bool]] = {
    "id": ("response_id", ("Response ID", "Antwort ID"), False),
    "submitdate": ("end", ("Date submitted", "Datum Abgeschickt"), False),
    "lastpage": ("last_page", ("Last page", "Letzte Seite"), False),
    "startlanguage": ("language", ("Start language", "Start-Sprache"), False),
    "seed": ("seed", ("Seed", "Zufallsstartwert"), False),
    "token": ("token", ("Access code", "Token", "Zugangscode"), True),
    "startdate": ("start", ("Date started", "Datum gestartet"), False),
    "datestamp": ("last_action", ("Date last action", "Datum letzte Aktivität"), False),
    "ipaddr": ("ip", ("IP address", "IP-Adresse"), True),
    "refurl": ("referrer", ("Referrer URL", "Weiterleitungs-URL"), False),
    "firstname": ("first_name", ("First name", "Vorname"), True),
    "lastname": ("last_name", ("Last name", "Nachname"), True),
    "email": ("email", ("Email address", "E-Mail-Adresse"), True),
    "interviewtime": ("duration", ("Total time", "Gesamtzeit"), False),
}
_CODES = {plain(text): code for code, (_, texts, _) in ABOUT.items() for text in (code, *texts)}
_CODE = r"[A-Za-z][A-Za-z0-9_]*(?:\[[^\[\]]*\])*"
_BOTH = re.compile(rf"({_CODE})\.(?:\s+(.*))?", re.DOTALL)
_ONLY_CODE = re.compile(_CODE)
_PARTS = re.compile(r"\[([^\[\]]*)\]")
_NUMBERED = re.compile(r"(?:SQ|A|AO|Y|X)?\d+|other|comment", re.IGNORECASE)  # codes that say nothing of what is asked
_TIMING = re.compile(r".*Time\d*|(?:Question|Group) time:.*", re.DOTALL)
_ANSWER = re.compile(r"AO?0*(\d+)")
_NOT_ASKED = {"{question_not_shown}": "not shown", "N/A": "not shown"}
_LOOKED_AT = 12  # columns in which those of the platform begin
_NO_DATE = "1980-01-01"  # stands for "submitted" where dates are not recorded


def recognise(cells: Cells) -> bool:
    """Whether the columns begin with a response's number and hold dates of submission and what LimeSurvey adds."""
    return _head(cells) >= 0


def _head(cells: Cells) -> int:
    """Which of the first two rows names the columns of the platform; -1 for none."""
    for position, (_, row) in enumerate(cells.rows[:2]):
        found = [_code(header) for header in row[:_LOOKED_AT]]
        if found[:1] == ["id"] and "submitdate" in found and {"lastpage", "startlanguage", "seed"} & set(found):
            return position
    return -1


def _code(header: str) -> str:
    """The platform's code for a column about the interview; empty for other columns."""
    both = _BOTH.fullmatch(header.strip())
    return _CODES.get(plain(both[1] if both else header), "")


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; a response without a date of submission has finished 0."""
    head = _head(cells)
    sheet = open_sheet(cells, head + 1)
    reading = Reading(sheet, NAME)
    headers, texts = sheet.headers[head], sheet.headers[0] if head else [""] * len(sheet.headers[0])
    about = {place: code for place, header in enumerate(headers) if (code := _code(header))}
    _respondents(reading, {code: sheet.columns[place] for place, code in about.items()}, headers, about)
    asked = [place for place in range(len(headers)) if place not in about and headers[place]]
    names, wordings = _questions([headers[place] for place in asked], [texts[place] for place in asked])
    ticks = _ticked(names, [sheet.columns[place] for place in asked])
    for name, wording, place in zip(names, wordings, asked, strict=True):
        if headers[place].startswith("attribute_") or _TIMING.fullmatch(headers[place].partition(".")[0]):
            reading.about(name, sheet.columns[place])
        else:
            reading.columns.append(_answers(name, wording, ticks.get(name) or sheet.columns[place], reading))
    return reading.table()


def _respondents(
    reading: Reading, columns: Mapping[str, Sequence[str]], headers: Sequence[str], about: Mapping[int, str]
) -> None:
    named = {ABOUT[code][0]: headers[place] for place, code in about.items()}
    submitted = columns["submitdate"]
    finished = ["0" if is_blank(cell) else "1" for cell in submitted]
    dates = {ABOUT[code][0]: columns[code] for code in ("startdate", "submitdate", "datestamp") if code in columns}
    dates = {name: ["" if cell.startswith(_NO_DATE) else cell for cell in body] for name, body in dates.items()}
    times = reading.times(dates, named)
    if "interviewtime" in columns:
        reading.duration(columns["interviewtime"], named["duration"])
    elif "start" in times:
        reading.time_between(times)
    reading.about("finished", finished)
    reading.flags("finished", "0", "unfinished")
    for code, body in columns.items():
        name, _, personal = ABOUT[code]
        if name not in times and name != "duration":
            reading.about(name, body, personal)


def _questions(headers: Sequence[str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names and wordings of the questions."""
    both = [_BOTH.fullmatch(header) for header in headers]
    if all(both):
        codes = [match[1] for match in both if match]
        texts = [match[2] or "" for match in both if match]
    elif all(_ONLY_CODE.fullmatch(header) for header in headers):
        codes = list(headers)
    else:
        return question_names(headers), row_wordings(headers)
    rows = [stem_and_row(text)[1] if "[" in code else text for code, text in zip(codes, texts, strict=True)]
    return _names(codes), alone_or_whole(rows, texts)


def _names(codes: Sequence[str]) -> list[str]:
    """Q1[SAT1] as SAT1 where that is telling and there is one only, else as Q1_SAT1."""
    inner = [parts[-1] if (parts := _PARTS.findall(code)) else code for code in codes]
    uses = Counter(map(plain, inner))
    return [
        own if uses[plain(own)] == 1 and not _NUMBERED.fullmatch(own) else _PARTS.sub(r"_\1", code)
        for own, code in zip(inner, codes, strict=True)
    ]


def _ticked(names: Sequence[str], columns: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Multiple choice as 1 and 0: several columns of one question in which nothing but Y stands."""
    groups: dict[str, list[int]] = {}
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        filled = {cell for cell in column if not is_blank(cell)}
        if "_" in name and filled <= {"Y"}:
            groups.setdefault(name.rpartition("_")[0], []).append(place)
    found = {}
    for places in groups.values():
        together = list(zip(*(columns[place] for place in places), strict=True))
        if len(places) > 1 and any("Y" in row for row in together):
            for number, place in enumerate(places):
                found[names[place]] = ["1" if row[number] == "Y" else "0" if "Y" in row else "" for row in together]
    return found


def _answers(name: str, wording: str, body: Sequence[str], reading: Reading) -> Column:
    """Answers; codes that are a letter and a number become the number."""
    cells, reasons = without_answers(body, _NOT_ASKED)
    codes = {cell: _ANSWER.fullmatch(cell) for cell in dict.fromkeys(cells) if not is_blank(cell)}
    if codes and all(codes.values()):
        cells = [match[1] if (match := codes.get(cell)) else cell for cell in cells]
        sentence = "Answer codes such as A3 were read as numbers."
        reading.log += [sentence] if sentence not in reading.log else []
    return Column(name, cells, wording, reasons=reasons)
