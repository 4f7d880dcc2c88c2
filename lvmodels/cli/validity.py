"""`lvmodels validity`: whether the items of a model measure its constructs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lvmodels.cli.application import ESTIMATORS, InstrumentFile, Language, Title, app
from lvmodels.cli.sources import model_text, split_names, survey_of


@app.command()
def validity(
    model: Annotated[str, typer.Argument(help="File with a model text, or the name of a shipped model.")],
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: InstrumentFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Page to write, ending in .html.")] = None,
    estimator: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=f"One of {ESTIMATORS}.")
    ] = "default",
    ordered: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Ordinal items: names with commas between, or all.")
    ] = "",
    missing: Annotated[str, typer.Option(metavar="listwise|fiml|pairwise")] = "listwise",
    bounds: Annotated[
        int, typer.Option(metavar="N", help="Bounds of HTMT from so many resamples of the cases; 0 for none.", min=0)
    ] = 0,
    seed: Annotated[int | None, typer.Option(help="Of the resamples.")] = None,
    language: Language = "en",
    title: Title = None,
) -> None:
    """Reliability, validity, collinearity and common method on one page, beside customary benchmarks."""
    from lvmodels.fit import sem
    from lvmodels.report.validity import validity as look
    from lvmodels.report.wording import wording

    tongue: Any = language
    wording(tongue)  # an unknown language is refused before anything is computed
    page = out or Path("results") / f"{Path(model).stem}-validity.html"
    if page.suffix.casefold() not in {".html", ".htm"}:
        raise typer.BadParameter(f"'{page}' does not end in .html", param_hint="--out")
    boxes = ordered == "all" or split_names(ordered)
    fit = sem(model_text(model), survey_of(data, instrument), estimator=estimator, ordered=boxes, missing=missing)
    found = look(fit, ci=0.90 if bounds else None, n=bounds or 2000, seed=seed)
    typer.echo(str(found))
    typer.echo(found.to_html(page, tongue, title))
