"""`Screening.report`: a page to read, the decision log, every score and the clean answers as a folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels.assess.exclusions import Sensitivity
from lvmodels.report.csv_text import table_to_csv
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import FIGURES, REPORT, SCREENING_FILES, TABLES, write_folder
from lvmodels.report.screening_document import compose_screening
from lvmodels.report.screening_figure import scores_figure
from lvmodels.report.screening_tables import Material
from lvmodels.report.wording import Language, wording
from lvmodels.survey.screening.record import Screening
from lvmodels.survey.screening.scores import described_items

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["screening_report"]


def screening_report(
    screening: Screening,
    path: str | Path,
    sensitivity: Sensitivity | None = None,
    *,
    language: Language = "en",
    title: str | None = None,
    command: str = "",
) -> Path:
    """Write the report of a screening.

    Parameters
    ----------
    screening : Screening
    path : str or Path
        The folder. It is made when it is not there; in an existing one only files of an earlier report are replaced.
    sensitivity : Sensitivity, optional
        What the exclusions do to a model, from `Screening.sensitivity`.
    language : {"en", "zh"}
        Of the page.
    title : str, optional
        Of the page; by default that of the instrument.
    command : str
        The command that made it, for the section on reproduction.

    Returns
    -------
    Path
        Of report.html. Beside it lie decisions.csv (a row a flag), scores.csv (a row a respondent), clean_answers.csv
        (answers and other columns of those that remain), tables/*.csv and figures/screening_scores.svg, .pdf and .png.

    Raises
    ------
    OutputError
        When the folder cannot be written; nothing has changed then.
    OptionValueError
        When there are no texts in that language.
    """
    words, created = wording(language), now()
    items = described_items(screening.clean, screening.layout)
    material = Material(screening, sensitivity, items, language, words)

    def build(folder: Path) -> None:
        _build(material, folder, title, command, created)

    return write_folder(path, build)


def _build(material: Material, folder: Path, title: str | None, command: str, created: datetime) -> None:
    for name in (TABLES, FIGURES):
        (folder / name).mkdir()
    figure = scores_figure(material, folder / FIGURES)
    document = compose_screening(material, figure, title, command, created)
    for table in document.tables():
        (folder / TABLES / f"{table.name}.csv").write_bytes(table_to_csv(table))
    for name, frame in zip(SCREENING_FILES, _frames(material.screening), strict=True):
        frame.to_csv(folder / name, index=False, lineterminator="\n", encoding=_encoding(frame))
    (folder / REPORT).write_text(document_to_html(document, created), encoding="utf-8")


def _frames(screening: Screening) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clean answers, decisions and scores, a row a respondent or a flag."""
    import pandas as pd

    clean = screening.clean
    answers = pd.concat([clean.answers, clean.respondents], axis=1).convert_dtypes()
    scores = screening.scores.reset_index(drop=True)
    scores.insert(0, "respondent", screening.scores.index)
    scores["excluded"] = screening.is_excluded
    return answers, screening.decisions, scores


def _encoding(frame: pd.DataFrame) -> str:
    """UTF-8, with the mark that tells spreadsheets so where there are letters beyond ASCII."""
    words = [*map(str, frame.columns)]
    for name in frame.columns[[kind.kind not in "fiub" for kind in frame.dtypes]]:
        words += map(str, frame[name].dropna().unique())
    return "utf-8" if all(map(str.isascii, words)) else "utf-8-sig"
