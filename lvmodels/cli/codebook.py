"""`lvmodels codebook`: every column of a file described."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lvmodels.cli.application import InstrumentFile, Language, Title, app
from lvmodels.cli.sources import survey_of


@app.command()
def codebook(
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: InstrumentFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Page to write, ending in .html; a .csv of that name goes beside."),
    ] = None,
    language: Language = "en",
    title: Title = None,
) -> None:
    """Describe every column: wording, scale, key, missing answers by reason, distribution."""
    from lvmodels.report.codebook import codebook as describe
    from lvmodels.report.wording import wording

    tongue: Any = language
    wording(tongue)  # an unknown language is refused before a file is read
    page = out or Path("results") / f"{Path(data).stem}-codebook.html"
    if page.suffix.casefold() not in {".html", ".htm"}:
        raise typer.BadParameter(f"'{page}' does not end in .html", param_hint="--out")
    book = describe(survey_of(data, instrument), language=tongue)
    typer.echo(book.to_html(page, title))
    typer.echo(book.to_csv(page.with_suffix(".csv")))
