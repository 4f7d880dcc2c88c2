"""`lvmodels instrument`: shipped instruments, drafts of one's own, and files to ask from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lvmodels.cli.application import app
from lvmodels.cli.sources import instrument_of

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

instrument = typer.Typer(help="Shipped instruments, drafts of your own, questionnaires.", no_args_is_help=True)
app.add_typer(instrument, name="instrument")

Source = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A shipped instrument, or an instrument file (TOML).")]
Tongue = Annotated[str, typer.Option("--language", metavar="en|zh", help="Language of the questions.")]
Heading = Annotated[str | None, typer.Option("--title", help="Above the questionnaire.")]
About = Annotated[str, typer.Option("--about", help="What all questions are about, such as the name of a company.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Shuffle the questions within each part by this number.")]


@instrument.command("list")
def list_instruments() -> None:
    """List the shipped instruments."""
    from lvmodels import instruments

    for name, row in instruments.describe().iterrows():
        typer.echo(f"{name}: {row['title']}")
        typer.echo(f"    {row['constructs']} constructs, {row['items']} items. {row['source']}")
    typer.echo(
        "\nShow one: lvmodels instrument show NAME. Make it yours: lvmodels instrument show NAME --toml > mine.toml"
    )


@instrument.command()
def show(
    source: Source,
    language: Tongue = "en",
    toml: Annotated[bool, typer.Option("--toml", help="As an instrument file, to be edited.")] = False,
) -> None:
    """Show the constructs and questions of an instrument, and where they come from."""
    from lvmodels.report.wording import wording

    wording(language)  # refuses a language that is not known
    loaded = instrument_of(source)
    typer.echo(loaded.to_toml().rstrip("\n") if toml else "\n".join(_shown(loaded, language)))


def _shown(loaded: Instrument, language: Any) -> list[str]:
    lines = [f"{loaded.name}: {loaded.title.get(language) or next(iter(loaded.title.values()))}"]
    if loaded.description:
        lines += ["", loaded.description.get(language) or next(iter(loaded.description.values()))]
    lines += ["", loaded.source] if loaded.source else []
    for construct in loaded.constructs:
        lines += ["", f"{construct.name}: {loaded.label(construct.name, language)}"]
        lines += [f"    {_asked(loaded, item.name, language)}" for item in loaded.items_of(construct.name)]
    background = [item.name for item in loaded.items if item.construct is None]
    lines += ["", *(_asked(loaded, name, language) for name in background)] if background else []
    return lines


def _asked(loaded: Instrument, name: str, language: Any) -> str:
    item = loaded.item(name)
    turned = ", reverse-keyed" if item.reverse else ""
    return f"{name}  {loaded.label(name, language)} ({item.scale or 'number'}{turned})"


@instrument.command()
def draft(
    answers: Annotated[str, typer.Argument(metavar="FILE", help="File of answers without an instrument.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The instrument file to write.")] = Path(
        "instrument.toml"
    ),
    name: Annotated[str | None, typer.Option("--name", help="Name of the instrument.")] = None,
) -> None:
    """Write a first instrument from a file of answers, for you to correct."""
    from lvmodels.report.questionnaire_files import write_new_file
    from lvmodels.survey.drafting import draft_instrument
    from lvmodels.survey.instrument import Instrument

    text = draft_instrument(answers, name)
    path = write_new_file(out, text)
    made = Instrument.from_toml(text)
    for construct in made.constructs:
        typer.echo(f"{construct.name}: {', '.join(item.name for item in made.items_of(construct.name))}")
    alone = [item.name for item in made.items if item.construct is None]
    typer.echo(f"without a construct: {', '.join(alone) or 'none'}")
    for line in text.splitlines():
        if line.startswith("# Left out"):
            typer.echo(line.removeprefix("# "))
    then = shlex.join(["lvmodels", "fit", "model.txt", answers, "--instrument", str(path)])
    typer.echo(f"\nDraft: {path}. Correct it; then: {then}")


@instrument.command()
def questionnaire(
    source: Source,
    out: Annotated[
        list[Path] | None, typer.Option("--out", metavar="FILE", help="Ending in .html or .docx; may be repeated.")
    ] = None,
    language: Tongue = "en",
    title: Heading = None,
    about: About = "",
    seed: Seed = None,
) -> None:
    """Write a questionnaire to print or to edit: NAME.html and NAME.docx, or the files that --out names."""
    loaded = instrument_of(source)
    for path in out or [Path(f"{loaded.name}.html"), Path(f"{loaded.name}.docx")]:
        _write(loaded, path, language, title, about, seed)


@instrument.command()
def export(
    source: Source,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="lss|txt|csv", help="LimeSurvey, Qualtrics, or a table of the items."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Ending in .lss, .txt or .csv; NAME.lss by default.")
    ] = None,
    language: Tongue = "en",
    title: Heading = None,
    about: About = "",
    seed: Seed = None,
) -> None:
    """Write an instrument as a survey for LimeSurvey or Qualtrics, or as a table of its items."""
    from lvmodels.report.questionnaire_limesurvey import limesurvey_codes

    loaded = instrument_of(source)
    ending = f".{form.removeprefix('.')}" if form else out.suffix if out and out.suffix else ".lss"
    path = out.with_suffix(ending) if out else Path(f"{loaded.name}{ending}")
    _write(loaded, path, language, title, about, seed)
    if ending == ".lss":
        for name, code in limesurvey_codes([item.name for item in loaded.items]).items():
            if name != code:
                typer.echo(
                    f'note: LimeSurvey will call {name} {code}; write column = "{code}" under the item.', err=True
                )


def _write(loaded: Instrument, path: Path, language: Any, title: str | None, about: str, seed: int | None) -> None:
    from lvmodels.report.questionnaire_files import write_questionnaire

    written = write_questionnaire(loaded, path, language, seed=seed, title=title, about=about)
    typer.echo(str(written))
