"""`lvmodels demo` and `lvmodels fit`: a model meets answers, and the report is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lvmodels.cli.application import ESTIMATORS, InstrumentFile, Language, Out, Title, app
from lvmodels.cli.sources import model_text, split_names, survey_of
from lvmodels.cli.terminal import progress

if TYPE_CHECKING:
    from lvmodels.estimate.settings import FitOptions
    from lvmodels.fit import Fit
    from lvmodels.survey.files import Survey

_DEMO = "ecsi_mobi"
_STEPS = {"diagram": "Drawing the path diagram", "writing": "Writing the figures", "tables": "Writing tables and page"}


@app.command()
def demo(context: typer.Context, out: Out = None, language: Language = "en") -> None:
    """Fit the shipped example, 250 customers of mobile-phone providers, and write its report."""
    place = out or Path("results") / "demo"
    _fit_and_report(context, lambda: model_text(_DEMO), lambda: survey_of(_DEMO, None), {}, place, language, None)


@app.command()
def fit(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="File with a model text, or the name of a shipped model.")],
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: InstrumentFile = None,
    out: Out = None,
    group: Annotated[str | None, typer.Option(help="Column whose values divide the cases into groups.")] = None,
    estimator: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=f"One of {ESTIMATORS}.")
    ] = "default",
    ordered: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Ordinal items: names with commas between, or all.")
    ] = "",
    missing: Annotated[
        str,
        typer.Option(
            metavar="listwise|fiml|fiml.x|two.stage|pairwise",
            help="Leave incomplete cases out, or use what they answer.",
        ),
    ] = "listwise",
    aux: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Auxiliary variable outside the model; may be repeated.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Column with the cluster of each case.")] = None,
    weights: Annotated[str | None, typer.Option(help="Column with the sampling weight of each case.")] = None,
    std_lv: Annotated[bool, typer.Option("--std-lv", help="Scale latent variables by unit variance.")] = False,
    language: Language = "en",
    title: Title = None,
) -> None:
    """Fit a model to answers and write the report."""
    options: FitOptions = {
        "estimator": estimator, "missing": missing, "group": group, "cluster": cluster, "sampling_weights": weights,
        "std_lv": std_lv, "ordered": ordered == "all" or split_names(ordered), "aux": aux,
    }  # fmt: skip
    place = out or Path("results") / (Path(model).stem or "fit")
    _fit_and_report(
        context, lambda: model_text(model), lambda: survey_of(data, instrument), options, place, language, title
    )


def _fit_and_report(
    context: typer.Context,
    read_model: Callable[[], str],
    read_answers: Callable[[], Survey],
    options: FitOptions,
    place: Path,
    language: Any,
    title: str | None,
) -> None:
    from lvmodels.fit import sem
    from lvmodels.report.context import make_context
    from lvmodels.report.overview import overview
    from lvmodels.report.wording import wording

    wording(language)  # an unknown language is refused before anything is computed
    with progress() as step:
        step("Reading the answers")
        text, survey = read_model(), read_answers()
        step("Fitting the model")
        fitted = sem(text, survey, **options)
        path = _report(fitted, place, language, title, str(context.obj or ""), step)
    typer.echo(overview(make_context(fitted, language)))
    typer.echo(f"\nReport: {path}")
    if not fitted.converged:
        raise typer.Exit(1)


def _report(
    fitted: Fit, place: Path, language: Any, title: str | None, command: str, step: Callable[[str], None]
) -> Path:
    from lvmodels.report.document import report

    return report(
        fitted, place, language=language, title=title, command=command, on_step=lambda name: step(_STEPS[name])
    )
