"""`lvmodels invariance`: the ladder of equalities over groups."""

from __future__ import annotations

from typing import Annotated

import typer

from lvmodels.cli.application import ESTIMATORS, InstrumentFile, app
from lvmodels.cli.sources import model_text, split_names, survey_of


@app.command()
def invariance(
    model: Annotated[str, typer.Argument(help="File with a measurement model, or the name of a shipped model.")],
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    group: Annotated[str, typer.Option(help="Column whose values divide the cases into groups.")],
    instrument: InstrumentFile = None,
    levels: Annotated[
        str, typer.Option(metavar="NAMES", help="Steps, with commas between.")
    ] = "configural,metric,scalar,strict",
    partial: Annotated[bool, typer.Option("--partial", help="Release equalities where a step fails.")] = False,
    estimator: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=f"One of {ESTIMATORS}.")
    ] = "default",
    ordered: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Ordinal items: names with commas between, or all.")
    ] = "",
    missing: Annotated[str, typer.Option(metavar="listwise|fiml|pairwise")] = "listwise",
) -> None:
    """Say whether the items measure alike in all groups, step by step."""
    from lvmodels.assess.invariance import invariance as climb

    text, survey, boxes = model_text(model), survey_of(data, instrument), ordered == "all" or split_names(ordered)
    ladder = climb(
        text, survey, group, split_names(levels), partial, estimator=estimator, missing=missing, ordered=boxes
    )
    typer.echo(str(ladder))
