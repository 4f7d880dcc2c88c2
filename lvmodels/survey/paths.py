"""Opening a file that a user named: what may go wrong before its first byte is understood."""

from __future__ import annotations

from pathlib import Path

from lvmodels.errors import MissingFileError, UnreadableFileError, nearest

__all__ = ["read_bytes"]


def read_bytes(path: str | Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    MissingFileError
        When there is no such file; a file of a similar name beside it is suggested.
    UnreadableFileError
        When the path is a folder, or the file may not be opened.
    """
    place = Path(path)
    try:
        return place.read_bytes()
    except FileNotFoundError:
        raise MissingFileError(f"there is no file '{place}'. {_hint(place)}") from None
    except OSError as error:
        if place.is_dir():
            raise UnreadableFileError(f"'{place}' is a folder; name a file in it") from None
        reason = error.strerror or str(error)
        raise UnreadableFileError(f"'{place}' cannot be opened ({reason}); check its name and rights") from None
    except ValueError:  # a name with a null character
        raise MissingFileError(f"{str(place)!r} cannot be the name of a file; check the path") from None


def _hint(place: Path) -> str:
    """Guess what may have been meant instead of a file that is not there."""
    if not place.parent.is_dir():
        return f"The folder '{place.parent}' does not exist either; check the path."
    try:
        beside = [near.name for near in place.parent.iterdir()]
    except OSError:
        beside = []
    return nearest(place.name, beside) or f"Check the name; the path was looked up from '{Path.cwd()}'."
