"""Instruments that ship with the package: a questionnaire for every framework, worded in English and Chinese.

The items are worded afresh, to say what each of them measures; the literature that the constructs come from is cited
in each instrument. Copy one with `Instrument.to_toml`, or `lvmodels instrument show NAME --toml`, to make it your own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels.errors import UnknownInstrumentError, nearest
from lvmodels.survey.shipped import instrument_file, instrument_names

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument

__all__ = ["describe", "load", "names", "path"]


def names() -> tuple[str, ...]:
    """Names of the shipped instruments, in alphabetical order.

    Examples
    --------
    >>> names()[:3]
    ('acsi', 'ecsi', 'loyalty_facets')
    """
    return instrument_names()


def load(name: str) -> Instrument:
    """Read a shipped instrument.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Instrument

    Raises
    ------
    UnknownInstrumentError
        When none has that name; the message suggests the nearest.

    Examples
    --------
    >>> servqual = load("servqual")
    >>> [len(servqual.items_of(construct.name)) for construct in servqual.constructs]
    [4, 5, 4, 4, 5]
    >>> servqual.label("Empathy", "zh")
    '移情性'
    """
    from lvmodels.survey.instrument import Instrument

    return Instrument.load(path(name))


def path(name: str) -> Path:
    """The file of a shipped instrument.

    Raises
    ------
    UnknownInstrumentError
        When none has that name; the message suggests the nearest.

    Examples
    --------
    >>> path("acsi").name
    'acsi.toml'
    """
    known = names()
    if name not in known:
        hint = nearest(name, known) or f"There are: {', '.join(known)}."
        raise UnknownInstrumentError(f"no instrument '{name}' ships with lvmodels. {hint}")
    return instrument_file(name)


def describe() -> pd.DataFrame:
    """Every shipped instrument on a row, under its name: title, constructs, items and where it comes from.

    Returns
    -------
    pandas.DataFrame
        Index: name. Columns: title (str), constructs (int), items (int), source (str).

    Examples
    --------
    >>> describe().loc["servqual", ["constructs", "items"]].tolist()
    [5, 22]
    """
    import pandas as pd

    rows = [(name, load(name)) for name in names()]
    return pd.DataFrame(
        {
            "title": [instrument.title["en"] for _, instrument in rows],
            "constructs": [len(instrument.constructs) for _, instrument in rows],
            "items": [len(instrument.items) for _, instrument in rows],
            "source": [instrument.source for _, instrument in rows],
        },
        index=pd.Index([name for name, _ in rows], name="name"),
    )
