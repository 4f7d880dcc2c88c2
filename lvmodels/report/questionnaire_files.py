"""An instrument as a file to ask from: a page, a Word document, a survey for LimeSurvey or Qualtrics, or a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels import __version__
from lvmodels.errors import LanguageError, OptionValueError, OutputError, nearest
from lvmodels.report.html import TEMPLATES, template_environment
from lvmodels.report.output_folder import write_file
from lvmodels.report.questionnaire import Questionnaire, lay_out_questionnaire
from lvmodels.report.questionnaire_limesurvey import questionnaires_to_limesurvey
from lvmodels.report.questionnaire_qualtrics import questionnaire_to_qualtrics
from lvmodels.report.questionnaire_table import instrument_to_csv
from lvmodels.report.questionnaire_word import questionnaire_to_word
from lvmodels.report.wording import LANGUAGES, Language, wording

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["ENDINGS", "questionnaire_to_html", "write_new_file", "write_questionnaire"]

ENDINGS: Mapping[str, str] = {
    ".html": "a page to print",
    ".docx": "a Word document",
    ".lss": "a survey to import into LimeSurvey",
    ".txt": "a survey to import into Qualtrics",
    ".csv": "a table of the items",
}
_ADVICE = {
    ".qsf": "Qualtrics imports the .txt, too",
    ".pdf": "print the .html to a PDF",
    ".doc": "Word opens the .docx",
    ".xlsx": "Excel opens the .csv",
}


def write_questionnaire(
    instrument: Instrument,
    path: str | Path,
    language: Language = "en",
    *,
    seed: int | None = None,
    title: str | None = None,
    about: str = "",
) -> Path:
    """Write the questionnaire of an instrument; the ending of the file says how.

    Parameters
    ----------
    instrument : Instrument
    path : str or Path
        Ending in .html (a page for A4 paper), .docx (Word), .lss (LimeSurvey: all languages that the instrument has),
        .txt (Qualtrics' advanced text format) or .csv (a table of the items). An existing file is left alone.
    language : {"en", "zh"}
        Of the questions; the first language in LimeSurvey.
    seed : int, optional
        Shuffles the questions within each part; the same seed gives the same order.
    title : str, optional
        Above the questionnaire; by default it says that this is a survey and nothing of what is measured.
    about : str
        What all questions are about, such as the name of a company.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    LanguageError
        When the instrument lacks a text in that language; it lists where.
    OptionValueError
        When the ending is another one, or there are no instructions in that language.
    OutputError
        When the file is there already, or cannot be written.
    MissingPackageError
        When python-docx, which writes Word files, is not installed.

    Examples
    --------
    >>> import lvmodels as lv
    >>> acsi = lv.instruments.load("acsi")
    >>> path = lv.write_questionnaire(acsi, "acsi.docx", "zh", about="Café Meyer")  # doctest: +SKIP
    """
    ending = Path(path).suffix.casefold()
    _refuse_ending(path, ending)

    def sheet(tongue: Language) -> Questionnaire:
        return lay_out_questionnaire(instrument, tongue, seed=seed, title=title, about=about)

    makers: Mapping[str, Callable[[], str | bytes]] = {
        ".html": lambda: questionnaire_to_html(sheet(language)),
        ".docx": lambda: questionnaire_to_word(sheet(language)),
        ".lss": lambda: questionnaires_to_limesurvey(_all_languages(sheet, language)),
        ".txt": lambda: questionnaire_to_qualtrics(sheet(language)),
        ".csv": lambda: instrument_to_csv(instrument),
    }
    return write_new_file(path, makers[ending]())


def _refuse_ending(path: str | Path, ending: str) -> None:
    if ending not in ENDINGS:
        listed = ", ".join(f"{known} ({what})" for known, what in ENDINGS.items())
        hint = _ADVICE.get(ending) or nearest(ending, ENDINGS).rstrip("?.")
        raise OptionValueError(f"'{path}' ends in '{ending}'; known are {listed}{f'. {hint}' if hint else ''}.")


def _all_languages(sheet: Callable[[Language], Questionnaire], first: Language) -> list[Questionnaire]:
    """The questionnaire in its first language, which it must have, and in the others as far as it has them."""
    sheets = [sheet(first)]
    for language in LANGUAGES:
        if language != first:
            try:
                sheets.append(sheet(language))
            except LanguageError:
                continue
    return sheets


def questionnaire_to_html(questionnaire: Questionnaire) -> str:
    """One page of HTML that needs nothing else; made for printing on A4.

    Examples
    --------
    >>> import lvmodels as lv
    >>> page = questionnaire_to_html(lay_out_questionnaire(lv.instruments.load("scsb"), about="Café Meyer"))
    >>> "All questions are about Café Meyer." in page
    True
    """
    return (
        template_environment()
        .get_template("questionnaire.html.j2")
        .render(
            sheet=questionnaire,
            words=wording(questionnaire.language),
            version=__version__,
            style=(TEMPLATES / "questionnaire.css").read_text(encoding="utf-8"),
        )
    )


def write_new_file(path: str | Path, content: str | bytes) -> Path:
    """Write a file that a person may have edited since: never over an existing one.

    Raises
    ------
    OutputError
        When the file is there already, or cannot be written.
    """
    if Path(path).expanduser().exists():
        raise OutputError(f"'{path}' is there already; choose another name, or move it.")
    return write_file(path, content)
