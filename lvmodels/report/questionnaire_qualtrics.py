"""A questionnaire in Qualtrics' advanced text format, for Tools > Import/Export > Import Survey.

Shape: Qualtrics support, "Preparing an Advanced Format TXT File".
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from lvmodels.report.questionnaire import Part, Question, Questionnaire
from lvmodels.report.wording import wording

__all__ = ["questionnaire_to_qualtrics"]


def questionnaire_to_qualtrics(questionnaire: Questionnaire) -> bytes:
    """The content of a .txt file, in UTF-8.

    A grid is a matrix question; its answers come back in columns `part1_1`, `part1_2`, whose second header row has the
    questions, and `read_survey` finds them by these.
    """
    words = wording(questionnaire.language)
    about = words["questionnaire.about"].format(about=questionnaire.about) if questionnaire.about else ""
    lines = ["[[AdvancedFormat]]", "", f"[[Block:{_safe(questionnaire.title)}]]", "", "[[Question:Text]]"]
    lines += [f"{words['questionnaire.intro']} {_safe(about)}".strip(), ""]
    taken = {question.item for question in questionnaire.questions()}
    for number, part in enumerate(questionnaire.parts, start=1):
        if part.layout == "grid":
            code = next(name for n in range(number, 10_000) if (name := f"part{n}") not in taken)
            lines += [*_matrix(part, code, words["questionnaire.choose"]), "", "[[PageBreak]]", ""]
        else:
            for question in part.questions:
                lines += [*(_choice(part, question) if part.codes else _number(question)), ""]
    return "\n".join(lines).encode("utf-8")


def _matrix(part: Part, code: str, stem: str) -> Iterator[str]:
    yield from ("[[Question:Matrix]]", f"[[ID:{code}]]", stem, "[[Choices]]")
    yield from (_safe(question.text) for question in part.questions)
    yield "[[AdvancedAnswers]]"
    yield from _options(part, "Answer")


def _choice(part: Part, question: Question) -> Iterator[str]:
    how = "Vertical" if part.layout == "list" else "Horizontal"
    yield from (f"[[Question:MC:SingleAnswer:{how}]]", f"[[ID:{_safe(question.item)}]]", _safe(question.text))
    yield "[[AdvancedChoices]]"
    yield from _options(part, "Choice")


def _number(question: Question) -> Iterator[str]:
    yield from ("[[Question:TextEntry:SingleLine]]", f"[[ID:{_safe(question.item)}]]", _safe(question.text))


def _options(part: Part, tag: str) -> Iterator[str]:
    """The codes, each with its words; the tag carries the code that is recorded."""
    full = len(part.anchors) == len(part.codes)
    for code in part.codes:
        words = part.anchors.get(code, "")
        yield f"[[{tag}:{code}]]"
        yield _safe(words if full else f"{code}: {words}" if words else str(code))


def _safe(text: str) -> str:
    """Plain words on one line as HTML, without what would begin a tag of the format or a piped text."""
    return (
        html.escape(" ".join(text.split()), quote=False).replace("[[", "[ [").replace("]]", "] ]").replace("${", "$ {")
    )
