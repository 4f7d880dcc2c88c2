"""A questionnaire as a file: a page to print (HTML) or a document to edit (Word)."""

from __future__ import annotations

from pathlib import Path

from lvmodels import __version__
from lvmodels.errors import OptionValueError, OutputError
from lvmodels.report.html import TEMPLATES, template_environment
from lvmodels.report.output_folder import write_file
from lvmodels.report.questionnaire import Questionnaire
from lvmodels.report.questionnaire_word import questionnaire_to_word
from lvmodels.report.wording import wording

__all__ = ["questionnaire_to_html", "write_new_file", "write_questionnaire"]


def write_questionnaire(questionnaire: Questionnaire, path: str | Path) -> Path:
    """Write a questionnaire; the ending of the file says how.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : str or Path
        Ending in .html or .docx. An existing file is left alone.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    OptionValueError
        When the ending is another one.
    OutputError
        When the file is there already, or cannot be written.
    MissingPackageError
        When python-docx, which writes Word files, is not installed.
    """
    ending = Path(path).suffix.casefold()
    if ending in {".html", ".htm"}:
        return write_new_file(path, questionnaire_to_html(questionnaire))
    if ending == ".docx":
        return write_new_file(path, questionnaire_to_word(questionnaire))
    raise OptionValueError(f"'{path}' ends in '{ending}'; a questionnaire is written as .html or .docx")


def questionnaire_to_html(questionnaire: Questionnaire) -> str:
    """One page of HTML that needs nothing else; made for printing on A4.

    Examples
    --------
    >>> from lvmodels.report.questionnaire import lay_out_questionnaire
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
