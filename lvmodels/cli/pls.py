"""`lvmodels pls`: a model estimated by partial least squares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lvmodels.cli.application import InstrumentFile, app
from lvmodels.cli.sources import model_text, survey_of


@app.command()
def pls(
    model: Annotated[str, typer.Argument(help="File with a model text, or the name of a shipped model.")],
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: InstrumentFile = None,
    scheme: Annotated[str, typer.Option(metavar="path|factorial|centroid", help="Inner weights.")] = "path",
    consistent: Annotated[bool, typer.Option("--consistent", help="Correct blocks with =~ for attenuation.")] = False,
    missing: Annotated[
        str, typer.Option(metavar="mean|casewise|pairwise", help="What stands for missing answers.")
    ] = "mean",
    interaction: Annotated[
        str, typer.Option(metavar="two_stage|product_indicator|orthogonal", help="How products are measured.")
    ] = "two_stage",
    higher_order: Annotated[
        str, typer.Option(metavar="disjoint|embedded|repeated", help="How constructs of constructs are estimated.")
    ] = "disjoint",
    weights: Annotated[str | None, typer.Option(help="Column with the weight of each case.")] = None,
    bootstrap: Annotated[int, typer.Option(metavar="N", help="Replicates behind errors and intervals.")] = 0,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same digits.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="CSV file for the estimates, with all digits.")
    ] = None,
) -> None:
    """Estimate a model by partial least squares and print its tables."""
    from lvmodels.composites.pipeline import pls as estimate

    text, survey = model_text(model), survey_of(data, instrument)
    options: dict[str, Any] = {"interaction": interaction, "higher_order": higher_order, "sampling_weights": weights}
    fit = estimate(text, survey, scheme, consistent, missing, **options)  # type: ignore[arg-type]
    if bootstrap:
        fit.bootstrap(bootstrap, seed=seed)
    typer.echo(str(fit.summary()))
    typer.echo(f"\nHeterotrait-monotrait ratios\n{fit.htmt().to_string(float_format='{:.3f}'.format, na_rep='')}")
    total = fit.effects().query("effect == 'total'").drop(columns=["effect", "std_all"]).dropna(axis=1, how="all")
    typer.echo(f"\nTotal effects\n{total.to_string(index=False, float_format='{:.3f}'.format)}")
    if out is not None:
        from lvmodels.report.output_folder import write_file

        typer.echo(str(write_file(out, fit.estimates().to_csv(index=False, lineterminator="\n"))))
