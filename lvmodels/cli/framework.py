"""`lvmodels framework`: shipped frameworks listed, shown, drawn, simulated and fitted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lvmodels.cli.application import InstrumentFile, Language, Out, Title, app
from lvmodels.cli.sources import survey_of

if TYPE_CHECKING:
    from lvmodels.loyalty.frameworks.record import Framework

framework = typer.Typer(help="Frameworks that the literature knows by name.", no_args_is_help=True)
app.add_typer(framework, name="framework")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A shipped framework; `lvmodels framework list` has them.")]
Leave = Annotated[
    list[str] | None, typer.Option("--without", metavar="CONSTRUCT", help="Leave a construct out; may be repeated.")
]


@framework.command("list")
def list_frameworks() -> None:
    """List the shipped frameworks."""
    from lvmodels.loyalty.frameworks import frameworks

    for name, row in frameworks.describe().iterrows():
        real = f", data set {row['dataset']}" if row["dataset"] else ""
        typer.echo(f"{name}: {row['title']}")
        typer.echo(f"    {row['constructs']} constructs, {row['items']} items, {row['hypotheses']} hypotheses{real}")
    typer.echo("\nShow one: lvmodels framework show NAME. Fit it: lvmodels framework fit NAME answers.csv")


@framework.command()
def show(
    name: Name,
    without: Leave = None,
    language: Language = "en",
    model: Annotated[bool, typer.Option("--model", help="The model text alone, to be edited.")] = False,
    diagram: Annotated[Path | None, typer.Option("--diagram", metavar="FILE", help="Draw it, too.")] = None,
) -> None:
    """Show a framework: what it says, its hypotheses with their sources, and its model text."""
    from lvmodels.report.framework_diagram import draw_framework
    from lvmodels.report.wording import wording

    wording(language)  # refuses a language that is not known
    found = _framework(name, without)
    typer.echo(found.text if model else "\n".join(_shown(found, language)))
    if diagram is not None:
        for path in draw_framework(found, diagram, language):  # type: ignore[arg-type]
            typer.echo(str(path), err=True)


@framework.command()
def fit(
    context: typer.Context,
    name: Name,
    data: Annotated[
        str | None, typer.Argument(help="File of answers, or a shipped data set; that of the framework by default.")
    ] = None,
    instrument: InstrumentFile = None,
    without: Leave = None,
    product: Annotated[bool, typer.Option(help="With products of latent variables.")] = True,
    simulate: Annotated[
        int | None, typer.Option("--simulate", metavar="N", help="Fit N simulated answers instead.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
    out: Out = None,
    language: Language = "en",
    title: Title = None,
) -> None:
    """Fit a framework and write the report, with a verdict on each hypothesis."""
    from lvmodels.loyalty.frameworks import hypotheses_table
    from lvmodels.report.document import report
    from lvmodels.report.wording import wording

    words: Any = language
    wording(words)
    found = _framework(name, without)
    answers: Any = survey_of(data, instrument) if data is not None else None
    if simulate is not None:
        answers = found.simulate(simulate, seed)
    fitted = found.fit(answers, product)
    place = out or Path("results") / name
    path = report(fitted, place, language=words, title=title, command=str(context.obj or ""), hypotheses=found)
    for row in hypotheses_table(fitted, found).to_dict("records"):
        typer.echo(
            f"{row['hypothesis']}  {row['path']} ({row['expected']}): {row['standardized']:.2f}, {row['verdict']}"
        )
    typer.echo(f"\nReport: {path}")
    if not fitted.converged:
        raise typer.Exit(1)


def _framework(name: str, without: list[str] | None) -> Framework:
    from lvmodels.loyalty.frameworks import frameworks

    found = frameworks[name]
    return found.without(*without) if without else found


def _shown(found: Framework, language: Any) -> list[str]:
    lines = [f"{found.name}: {found.title[language]}", "", found.description[language], "", found.source, ""]
    for h in found.hypotheses:
        lines += [f"{h.name}  {h.path} ({h.sign})", f"    {h.source}"]
    return [*lines, "", found.text]
