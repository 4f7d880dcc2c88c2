"""Where the files that ship with the package lie: data sets in folders of their own, instruments in one folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from lvmodels.errors import MissingFileError, nearest

__all__ = ["also_shipped", "data_folder", "instrument_file", "instrument_names"]


def data_folder() -> Path:
    """The folder of the shipped files: inside an installed package, beside the package in a checkout.

    Examples
    --------
    >>> (data_folder() / "instruments" / "servqual.toml").is_file()
    True
    """
    inside = Path(__file__).parents[1] / "data"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "data"


def instrument_names() -> tuple[str, ...]:
    """Names of the shipped instruments, in alphabetical order."""
    return tuple(sorted(file.stem for file in (data_folder() / "instruments").glob("*.toml")))


def instrument_file(name: str | Path) -> Path:
    """The file of an instrument: the one of that path, or else the shipped one of that name.

    Examples
    --------
    >>> instrument_file("servqual").name, instrument_file("mine.toml").name
    ('servqual.toml', 'mine.toml')
    """
    if str(name) in instrument_names() and not Path(name).is_file():
        return data_folder() / "instruments" / f"{name}.toml"
    return Path(name)


@contextlib.contextmanager
def also_shipped(name: str | Path, shipped: Sequence[str]) -> Iterator[None]:
    """Add to the message on a missing file that it could have been the name of something shipped.

    Raises
    ------
    MissingFileError
        With the nearest name, or all of them; only where `name` is a bare name, without folder and ending.
    """
    try:
        yield
    except MissingFileError as error:
        place = Path(name)
        if str(place) != str(name) or place.parent != Path() or place.suffix:
            raise
        hint = nearest(str(name), shipped) or f"Shipped are: {', '.join(shipped)}."
        raise MissingFileError(f"{error} It is no shipped name either. {hint}") from None
