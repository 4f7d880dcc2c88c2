"""`lvmodels data`: the data sets that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lvmodels.cli.application import app
from lvmodels.errors import OutputError


@app.command()
def data(
    name: Annotated[str | None, typer.Argument(help="A shipped data set; without it, all are listed.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write answers, instrument, model and source into."),
    ] = None,
) -> None:
    """List the shipped data sets, show one, or write its files."""
    from lvmodels import datasets

    if name is None:
        if out is not None:
            raise typer.BadParameter("name a data set to write, as in: lvmodels data ecsi_mobi --out DIR")
        _list_datasets()
    elif out is None:
        survey = datasets.load(name)
        typer.echo(f"{datasets.source(name).strip()}\n\n{survey!r}\n\nModel:\n\n{datasets.model(name).strip()}")
    else:
        for path in _write_dataset(name, out):
            typer.echo(str(path))


def _list_datasets() -> None:
    from lvmodels import datasets

    for name, row in datasets.describe().iterrows():
        typer.echo(f"{name}: {row['title']}")
        simulated = ", simulated" if row["simulated"] else ""
        typer.echo(f"    {row['rows']} rows, {row['items']} items, {row['constructs']} constructs{simulated}")
        typer.echo(f"    {row['licence']}")
    typer.echo("\nShow one: lvmodels data NAME. Write its files: lvmodels data NAME --out DIR")


def _write_dataset(name: str, out: Path) -> list[Path]:
    """Write answers.csv, instrument.toml, model.txt and SOURCE.md; files that are there already are left alone."""
    import pandas as pd

    from lvmodels import datasets

    survey = datasets.load(name)
    answers = pd.concat([survey.answers, survey.respondents], axis=1).convert_dtypes()
    contents = {
        "answers.csv": answers.to_csv(index=False, lineterminator="\n"),
        "instrument.toml": survey.instrument.to_toml() if survey.instrument is not None else "",
        "model.txt": datasets.model(name),
        "SOURCE.md": datasets.source(name),
    }
    there = [file for file in contents if (out / file).exists()]
    if there:
        raise OutputError(f"'{out}' already has {', '.join(there)}; choose another folder, or move them.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, text in contents.items():
            (out / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"cannot write '{out}' ({error.strerror or error}); choose a folder that you may write to."
        ) from error
    return [out / file for file in contents]
