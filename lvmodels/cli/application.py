"""The application that commands join, and the options that several of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lvmodels import __version__

__all__ = ["ESTIMATORS", "InstrumentFile", "Language", "Out", "Title", "app"]

ESTIMATORS = (
    "ML, MLR, MLM, MLMV, MLMVS, MLF, GLS, WLS, ULS, DWLS, WLSM, WLSMV, WLSMVS, ULSM, ULSMV and ULSMVS; the default is "
    "ML, MLR with clusters or weights, and WLSMV with ordinal answers"
)

app = typer.Typer(
    name="lvmodels",
    help="Structural equation models for customer surveys: from answers to a report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

InstrumentFile = Annotated[Path | None, typer.Option(help="Instrument file (TOML), or the name of a shipped one.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder of the report.")]
Language = Annotated[str, typer.Option("--language", metavar="en|zh", help="Language of the report.")]
Title = Annotated[str | None, typer.Option("--title", help="Title of the report.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lvmodels {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
