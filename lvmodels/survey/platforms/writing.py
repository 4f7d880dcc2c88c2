"""Surveys, simulated ones above all, as files that a survey platform would have exported."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lvmodels.errors import OptionValueError, OutputError, nearest
from lvmodels.survey.numbers import keeps_its_digits, parse_number
from lvmodels.survey.platforms.layouts import PLATFORMS, Platform, Sheet
from lvmodels.survey.platforms.simulated import AnswersAs, Export, Interviews, questions_of

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Language

__all__ = ["Layout", "PlatformName", "write_export"]

PlatformName = Literal[
    "qualtrics", "limesurvey", "surveymonkey", "wenjuanxing", "google_forms", "microsoft_forms", "redcap"
]
Layout = (
    Literal["default", "csv", "tsv", "code", "text", "code & text"]
    | Literal["condensed", "expanded", "single", "grid", "raw", "labels"]
)


def write_export(
    survey: Survey,
    path: str | Path,
    platform: PlatformName,
    *,
    answers: AnswersAs = "codes",
    layout: Layout = "default",
    language: Language | None = None,
) -> None:
    """Write a survey as the export of a survey platform; `read_survey` reads the same answers from it.

    Parameters
    ----------
    survey : Survey
        Its columns of numbers are the answers. Of its `respondents`, start, end (times), duration (seconds), finished
        (1 or 0), response_id, language, email and ip are used; what is lacking is invented, the same for every call.
    path : str or Path
        The file to be written, a workbook when it ends in .xlsx, else delimited text; one that is there is replaced.
    platform : {"qualtrics", "limesurvey", "surveymonkey", "wenjuanxing", "google_forms", "microsoft_forms", "redcap"}
    answers : {"codes", "words"}
        Whether cells hold the codes of scales or the words printed at them.
    layout : str
        Qualtrics: "csv" (UTF-8) or "tsv" (UTF-16); LimeSurvey: headers of "code", "text" or "code & text";
        SurveyMonkey: "condensed" or "expanded" (words only); Google Forms: "single" questions or "grid"; REDCap: "raw"
        or "labels". The first is the default.
    language : {"en", "zh"}, optional
        Of questions and words; by default Chinese for Wenjuanxing, else English.

    Raises
    ------
    OptionValueError
        When there is no such platform, layout or form of answers.
    SurveyError
        When the answers could not be read back from such a file; it lists why.
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> import lvmodels as lv
    >>> survey = lv.Survey(pd.DataFrame({"SAT1": [4.0, 5.0]}), pd.DataFrame({"duration": [123, 95]}))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_export(survey, f"{folder}/answers.csv", "wenjuanxing")
    ...     again = lv.read_survey(f"{folder}/answers.csv")
    >>> again.labels.wording, again.answers["Q1"].tolist(), again.respondents["duration"].tolist()
    ({'Q1': 'SAT1'}, [4, 5], [123, 95])
    """
    known = _platform(platform, answers, layout)
    chosen = known.layouts[0] if layout == "default" else layout
    spoken: Language = language or ("zh" if platform == "wenjuanxing" else "en")
    questions = questions_of(survey, answers, spoken, known.reserved, known.name)
    who = Interviews(survey.respondents, len(survey.answers), spoken)
    _write(known.sheet(Export(questions, who, answers, chosen, spoken)), Path(path))


def _platform(platform: str, answers: str, layout: str) -> Platform:
    if platform not in PLATFORMS:
        hint = nearest(str(platform), list(PLATFORMS)) or f"Known are: {', '.join(PLATFORMS)}."
        raise OptionValueError(f"platform={platform!r} is not known. {hint}")
    known = PLATFORMS[platform]
    if layout not in ("default", *known.layouts):
        raise OptionValueError(f"layout={layout!r} is none of {known.name}; it has {', '.join(known.layouts)}")
    if answers not in ("codes", "words"):
        raise OptionValueError(f"answers={answers!r} is not known; pass 'codes' or 'words'")
    if layout == "expanded" and answers == "codes":
        raise OptionValueError("layout='expanded' shows options by their words; pass answers='words', too")
    return known


def _write(sheet: Sheet, path: Path) -> None:
    """Write a workbook where the name of the file says so, else delimited text."""
    content = _workbook(sheet) if path.suffix.lower() == ".xlsx" else _delimited(sheet)
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"'{path}' cannot be written ({reason}); check folder and rights") from None


def _workbook(sheet: Sheet) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Responses")
    for head in sheet.headers:
        page.append(list(head))
    for row in zip(*sheet.columns, strict=True):
        page.append([_typed(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(cell: str) -> str | float | None:
    """Numbers as numbers, as platforms write them, empty cells as nothing."""
    value = parse_number(cell)
    if value is None or math.isinf(value) or not keeps_its_digits(cell):
        return cell
    return None if value != value else int(value) if value.is_integer() else value


def _delimited(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=sheet.delimiter,
        lineterminator="\r\n",
        quoting=csv.QUOTE_ALL if sheet.quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerows(sheet.headers)
    writer.writerows(zip(*sheet.columns, strict=True))
    return text.getvalue().encode(sheet.encoding)
