"""`Fit.report`: everything about a fit as a folder with a page to read, tables, figures and all numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lvmodels.fit.record import Fit
from lvmodels.loyalty.frameworks.record import Framework
from lvmodels.report.context import Context, make_context
from lvmodels.report.csv_text import table_to_csv
from lvmodels.report.figures import draw_diagrams, figure_of, write_diagram
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import FIGURES, REPORT, RESULTS, TABLES, write_folder
from lvmodels.report.results import results_json
from lvmodels.report.sections import compose
from lvmodels.report.wording import Language

Step = Callable[[str], None]
"""Told what is being done: "diagram", "tables" or "writing"."""


def report(
    fit: Fit,
    path: str | Path,
    *,
    language: Language = "en",
    title: str | None = None,
    command: str = "",
    on_step: Step | None = None,
    hypotheses: Framework | None = None,
) -> Path:
    """Write the report of a fit.

    Parameters
    ----------
    fit : Fit
    path : str or Path
        The folder. It is made when it is not there; in an existing one only files of an earlier report are replaced.
    language : {"en", "zh"}
        Of the page.
    title : str, optional
        Of the page; by default that of the instrument.
    command : str
        The command that made it, for the section on reproduction.
    on_step : callable, optional
        Called with the name of each step as it begins.
    hypotheses : Framework, optional
        Whose hypotheses get a section of their own.

    Returns
    -------
    Path
        Of report.html. Beside it lie tables/*.csv, figures/path_diagram.svg, .pdf and .png (one a group when there are
        several) and results.json.

    Raises
    ------
    OutputError
        When the folder cannot be written; nothing has changed then.
    OptionValueError
        When there are no texts in that language.
    """
    context = make_context(fit, language)
    created = now()

    def build(folder: Path) -> None:
        _build(context, folder, title, command, created, on_step or (lambda step: None), hypotheses)

    return write_folder(path, build)


def _build(
    context: Context,
    folder: Path,
    title: str | None,
    command: str,
    created: datetime,
    on_step: Step,
    hypotheses: Framework | None,
) -> None:
    for name in (TABLES, FIGURES):
        (folder / name).mkdir()
    on_step("diagram")
    diagrams = draw_diagrams(context)
    on_step("writing")
    figures = tuple(figure_of(context, diagram, write_diagram(diagram, folder / FIGURES)) for diagram in diagrams)
    on_step("tables")
    document = compose(context, figures, title, command, created, hypotheses)
    for table in document.tables():
        (folder / TABLES / f"{table.name}.csv").write_bytes(table_to_csv(table))
    (folder / RESULTS).write_text(results_json(context.fit, created, command), encoding="utf-8")
    (folder / REPORT).write_text(document_to_html(document, created), encoding="utf-8")
