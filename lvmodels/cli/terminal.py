"""What the terminal shows beside results: the step that is under way, and notes."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import TextIO

import typer

from lvmodels.errors import LvmodelsWarning

__all__ = ["notes", "progress"]


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line that tells what is being done; silent when nobody looks."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda text: status.update(f"{text} ...")


@contextlib.contextmanager
def notes() -> Iterator[None]:
    """Show the package's own warnings as notes, each once."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", LvmodelsWarning)
        usual = warnings.showwarning

        def show(
            message: Warning | str, category: type[Warning], filename: str, lineno: int,
            file: TextIO | None = None, line: str | None = None,
        ) -> None:  # fmt: skip
            if not issubclass(category, LvmodelsWarning):
                usual(message, category, filename, lineno, file, line)
            elif str(message) not in told:
                told.add(str(message))
                typer.echo(f"note: {message}", err=True)

        warnings.showwarning = show
        yield
