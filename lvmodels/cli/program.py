"""The program: errors become one message on the error stream and exit code 2, warnings become notes.

Heavy packages load inside the commands, so that `lvmodels --help` is there at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

import typer

# Commands join the application at import.
from lvmodels.cli import codebook, data, fit, framework, instrument, invariance, pls, schema, screen, validity  # noqa: F401
from lvmodels.cli.application import app
from lvmodels.cli.terminal import notes
from lvmodels.errors import LvmodelsError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends with SystemExit."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without χ or Chinese letters must not end the program
    try:
        with notes():
            app(args=arguments, prog_name="lvmodels", obj=shlex.join(["lvmodels", *arguments]))
    except LvmodelsError as error:
        typer.secho("error: ", fg="red", bold=True, err=True, nl=False)
        typer.echo(str(error), err=True)
        sys.exit(2)
