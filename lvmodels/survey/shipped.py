"""Where the files that ship with the package lie: data sets in folders of their own, instruments in one folder."""

from __future__ import annotations

from pathlib import Path

from lvmodels.errors import UnknownInstrumentError, nearest

__all__ = ["data_folder", "shipped_instrument", "shipped_instruments"]

_OF_DATA_SETS = ("ecsi_mobi", "value_loyalty")
"""Instruments of data sets that are measures of their framework for any survey."""


def data_folder() -> Path:
    """The folder of the shipped files: inside an installed package, beside the package in a checkout."""
    inside = Path(__file__).parents[1] / "data"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "data"


def shipped_instruments() -> tuple[str, ...]:
    """Names of the shipped instruments, in alphabetical order.

    Examples
    --------
    >>> "servqual" in shipped_instruments()
    True
    """
    return tuple(sorted(_files()))


def shipped_instrument(name: str) -> Path:
    """The file of a shipped instrument.

    Raises
    ------
    UnknownInstrumentError
        When none has that name; the message suggests the nearest.

    Examples
    --------
    >>> shipped_instrument("acsi").name
    'acsi.toml'
    """
    files = _files()
    if name not in files:
        hint = nearest(name, files) or f"There are: {', '.join(sorted(files))}."
        message = f"no instrument '{name}' ships with lvmodels. {hint}"
        raise UnknownInstrumentError(message)
    return files[name]


def _files() -> dict[str, Path]:
    own = {path.stem: path for path in (data_folder() / "instruments").glob("*.toml")}
    return own | {name: data_folder() / name / "instrument.toml" for name in _OF_DATA_SETS}
