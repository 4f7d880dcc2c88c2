"""A questionnaire as LimeSurvey's survey structure (.lss), in one language or several.

The form with a row for each language is written, as LimeSurvey 2.5 to 3 exported it (DBVersion 366): later versions
read it, too. Shape: LimeSurvey manual, "Importing a survey" and "Tab Separated Value survey structure".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from lvmodels.report.questionnaire import Part, Question, Questionnaire
from lvmodels.report.wording import wording

__all__ = ["limesurvey_codes", "questionnaires_to_limesurvey"]

_LANGUAGES = {"en": "en", "zh": "zh-Hans"}
_SURVEY = 100001  # LimeSurvey gives a survey a number of its own when it is imported
_LONGEST_CODE = 20
_QUESTIONS_ON_A_PAGE = 12
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SETTINGS = {
    "active": "N", "anonymized": "Y", "datestamp": "Y", "savetimings": "Y", "ipaddr": "N", "refurl": "N", "format": "G",
    "allowprev": "Y", "showprogress": "Y", "showwelcome": "Y", "shownoanswer": "N", "showgroupinfo": "X",
    "showqnumcode": "X", "usecookie": "N",
}  # fmt: skip

Row = Mapping[str, object]


@dataclass(slots=True)
class _Tables:
    """The rows of the tables of a survey structure."""

    groups: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    subquestions: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    question_attributes: list[Row] = field(default_factory=list)
    last: int = 0

    def number(self) -> int:
        """A number that no question has yet."""
        self.last += 1
        return self.last


def limesurvey_codes(items: Sequence[str]) -> dict[str, str]:
    """Codes that LimeSurvey admits: letters and digits, beginning with a letter, at most 20, none twice.

    Examples
    --------
    >>> limesurvey_codes(["SAT1", "sat_1", "满意1", "1a"])
    {'SAT1': 'SAT1', 'sat_1': 'sat1x', '满意1': 'q1', '1a': 'q1a'}
    """
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for item in items:
        bare = re.sub("[^A-Za-z0-9]", "", item)
        code = (bare if bare[:1].isalpha() else f"q{bare}")[:_LONGEST_CODE]
        while code.casefold() in taken:
            code = f"{code[: _LONGEST_CODE - 1]}x" if len(code) < _LONGEST_CODE else f"q{len(codes)}x"
        codes[item] = code
        taken.add(code.casefold())
    return codes


def questionnaires_to_limesurvey(sheets: Sequence[Questionnaire]) -> bytes:
    """The content of an .lss file.

    Parameters
    ----------
    sheets : sequence of Questionnaire
        The same questionnaire in each language, the language of the survey first.

    Returns
    -------
    bytes
        XML in UTF-8. A grid is an array question whose rows have the codes of the items, so that the answers come back
        in columns `part1[SAT1]`, which `read_survey` knows.
    """
    root = ElementTree.Element("document")
    ElementTree.SubElement(root, "LimeSurveyDocType").text = "Survey"
    ElementTree.SubElement(root, "DBVersion").text = "366"
    languages = ElementTree.SubElement(root, "languages")
    for sheet in sheets:
        ElementTree.SubElement(languages, "language").text = _LANGUAGES[sheet.language]
    tables = _fill(sheets)
    _add(root, "answers", tables.answers)
    _add(root, "groups", tables.groups)
    _add(root, "questions", tables.questions)
    _add(root, "subquestions", tables.subquestions)
    _add(root, "question_attributes", tables.question_attributes)
    others = " ".join(_LANGUAGES[sheet.language] for sheet in sheets[1:])
    first = {"sid": _SURVEY, "language": _LANGUAGES[sheets[0].language], "additional_languages": others}
    _add(root, "surveys", [first | _SETTINGS])
    _add(root, "surveys_languagesettings", [_texts_of_survey(sheet) for sheet in sheets])
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _fill(sheets: Sequence[Questionnaire]) -> _Tables:
    tables = _Tables()
    codes = limesurvey_codes([question.item for question in sheets[0].questions()])
    page, filled = 0, _QUESTIONS_ON_A_PAGE
    for k, part in enumerate(sheets[0].parts):
        if filled >= _QUESTIONS_ON_A_PAGE:
            page, filled = page + 1, 0
            tables.groups.extend(_group(sheet, page) for sheet in sheets)
        filled += len(part.questions)
        parts = [sheet.parts[k] for sheet in sheets]
        if part.layout == "grid":
            taken = {code.casefold() for code in codes.values()}
            code = next(name for n in range(k + 1, 10_000) if (name := f"part{n}") not in taken)
            _add_grid(tables, sheets, parts, page, code, codes)
        else:
            for q in range(len(part.questions)):
                _add_single(tables, sheets, [each.questions[q] for each in parts], parts, page, codes)
    return tables


def _group(sheet: Questionnaire, page: int) -> Row:
    words = wording(sheet.language)
    name = words["questionnaire.part"].format(number=page)
    return {
        "gid": page, "sid": _SURVEY, "group_name": name, "group_order": page, "description": "",
        "language": _LANGUAGES[sheet.language], "randomization_group": "", "grelevance": "1",
    }  # fmt: skip


def _question(sheet: Questionnaire, page: int, number: int, kind: str, code: str, text: str, parent: int = 0) -> Row:
    return {
        "qid": number, "parent_qid": parent, "sid": _SURVEY, "gid": page, "type": kind, "title": code,
        "question": _safe(text), "preg": "", "help": "", "other": "N", "mandatory": "N", "question_order": number,
        "language": _LANGUAGES[sheet.language], "scale_id": 0, "same_default": 0, "relevance": "1",
    }  # fmt: skip


def _add_grid(
    tables: _Tables,
    sheets: Sequence[Questionnaire],
    parts: Sequence[Part],
    page: int,
    code: str,
    codes: Mapping[str, str],
) -> None:
    """An array question: the questions of a part are its rows."""
    number = tables.number()
    rows = [tables.number() for _ in parts[0].questions]
    for sheet, part in zip(sheets, parts, strict=True):
        words = wording(sheet.language)
        tables.questions.append(_question(sheet, page, number, "F", code, words["questionnaire.choose"]))
        tables.subquestions.extend(
            _question(sheet, page, row, "T", codes[question.item], question.text, number)
            for row, question in zip(rows, part.questions, strict=True)
        )
        tables.answers.extend(_answers(sheet, part, number))


def _add_single(
    tables: _Tables,
    sheets: Sequence[Questionnaire],
    questions: Sequence[Question],
    parts: Sequence[Part],
    page: int,
    codes: Mapping[str, str],
) -> None:
    """A list of options, or a number to be written."""
    number, one = tables.number(), questions[0]
    kind = "L" if parts[0].codes else "N"
    for sheet, part, question in zip(sheets, parts, questions, strict=True):
        tables.questions.append(_question(sheet, page, number, kind, codes[one.item], question.text))
        tables.answers.extend(_answers(sheet, part, number))
    if kind == "N":
        bounds = {"min_num_value_n": one.low, "max_num_value_n": one.high}
        tables.question_attributes.extend(
            {"qid": number, "attribute": name, "value": value} for name, value in bounds.items() if value is not None
        )


def _answers(sheet: Questionnaire, part: Part, number: int) -> Iterator[Row]:
    full = len(part.anchors) == len(part.codes)
    for order, code in enumerate(part.codes, start=1):
        words = part.anchors.get(code, "")
        text = words if full else f"{code}: {words}" if words else str(code)
        yield {
            "qid": number, "code": code, "answer": _safe(text), "sortorder": order, "assessment_value": 0,
            "language": _LANGUAGES[sheet.language], "scale_id": 0,
        }  # fmt: skip


def _texts_of_survey(sheet: Questionnaire) -> Row:
    words = wording(sheet.language)
    about = words["questionnaire.about"].format(about=sheet.about) if sheet.about else ""
    return {
        "surveyls_survey_id": _SURVEY, "surveyls_language": _LANGUAGES[sheet.language],
        "surveyls_title": _safe(sheet.title), "surveyls_description": "",
        "surveyls_welcometext": _safe(f"{words['questionnaire.intro']} {about}".strip()),
        "surveyls_endtext": _safe(words["questionnaire.thanks"]), "surveyls_dateformat": 6, "surveyls_numberformat": 0,
    }  # fmt: skip


def _safe(text: str) -> str:
    """Plain words as LimeSurvey's HTML; a brace before a letter would begin an expression, one before a space not."""
    return html.escape(" ".join(text.split()), quote=False).replace("{", "{ ")


def _add(root: ElementTree.Element, name: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    table = ElementTree.SubElement(root, name)
    fields = ElementTree.SubElement(table, "fields")
    for key in rows[0]:
        ElementTree.SubElement(fields, "fieldname").text = key
    listed = ElementTree.SubElement(table, "rows")
    for row in rows:
        entry = ElementTree.SubElement(listed, "row")
        for key, value in row.items():
            ElementTree.SubElement(entry, key).text = _NO_XML.sub("", str(value))
