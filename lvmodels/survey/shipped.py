"""Where the files that ship with the package lie: data sets in folders of their own, instruments in one folder."""

from __future__ import annotations

from pathlib import Path

__all__ = ["data_folder"]


def data_folder() -> Path:
    """The folder of the shipped files: inside an installed package, beside the package in a checkout.

    Examples
    --------
    >>> (data_folder() / "instruments" / "servqual.toml").is_file()
    True
    """
    inside = Path(__file__).parents[1] / "data"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "data"
