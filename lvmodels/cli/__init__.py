"""The command line `lvmodels`: a file for every command, read by `program`."""

from lvmodels.cli.program import main

__all__ = ["main"]
