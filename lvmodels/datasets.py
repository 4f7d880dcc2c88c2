"""The data sets that ship with the package: answers with their instrument, a model that suits them, and their source.

Each is a folder with `answers.csv`, `instrument.toml`, `model.txt` and `SOURCE.md`; adding a folder adds a data set.
The rows keep the terms of where they come from, which SOURCE.md states; some are not under the package's licence.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels.errors import UnknownDatasetError, nearest
from lvmodels.survey.shipped import data_folder

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.files import Survey

__all__ = ["describe", "load", "model", "names", "source"]


def load(name: str) -> Survey:
    """Read a data set: its answers, the background of its respondents and its instrument.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Survey
        `answers` (rows × items, missing as NaN), `respondents` (the other columns), `instrument`, `source` and `log`.

    Raises
    ------
    UnknownDatasetError
        When no data set has that name; the message suggests the nearest.

    Examples
    --------
    >>> survey = load("ecsi_mobi")
    >>> survey.answers.shape
    (250, 24)
    >>> survey.instrument.label("CUSA1", "zh")
    '总的来说,您对这家运营商有多满意?'
    """
    from lvmodels.survey.files import read_survey
    from lvmodels.survey.instrument import Instrument

    folder = _folder(name)
    instrument = Instrument.load(folder / "instrument.toml")
    return replace(read_survey(folder / "answers.csv", instrument), source=instrument.source)


def model(name: str) -> str:
    """Text of the model that goes with a data set; its comments say why it is that one.

    Raises
    ------
    UnknownDatasetError
        When no data set has that name.

    Examples
    --------
    >>> print(model("holzinger_swineford"))
    # Three abilities behind nine tests of school children (Holzinger and Swineford 1939).
    visual  =~ x1 + x2 + x3
    textual =~ x4 + x5 + x6
    speed   =~ x7 + x8 + x9
    """
    return (_folder(name) / "model.txt").read_text(encoding="utf-8")


def source(name: str) -> str:
    """Where a data set comes from and under which terms it stands: the text of its SOURCE.md.

    Raises
    ------
    UnknownDatasetError
        When no data set has that name.

    Examples
    --------
    >>> print(source("value_loyalty").splitlines()[0])
    # value_loyalty: a simulated survey. No person gave these answers
    """
    return (_folder(name) / "SOURCE.md").read_text(encoding="utf-8")


def names() -> tuple[str, ...]:
    """Names of the data sets, in alphabetical order.

    Examples
    --------
    >>> names()
    ('corp_rep', 'ecsi_mobi', 'holzinger_swineford', 'political_democracy', 'value_loyalty')
    """
    return tuple(sorted(path.parent.name for path in data_folder().glob("*/instrument.toml")))


def describe() -> pd.DataFrame:
    """The data sets at a glance: one row each, by name.

    Returns
    -------
    DataFrame
        Index: name. Columns: title, rows, items, constructs, simulated, licence (of the rows).

    Examples
    --------
    >>> describe()["rows"].tolist()
    [344, 250, 301, 75, 620]
    """
    import pandas as pd

    from lvmodels.survey.instrument import Instrument

    rows = {}
    for name in names():
        instrument = Instrument.load(_folder(name) / "instrument.toml")
        rows[name] = {
            "title": instrument.title["en"],
            "rows": len(load(name).answers),
            "items": len(instrument.items),
            "constructs": len(instrument.constructs),
            "simulated": instrument.simulated,
            "licence": _fact(source(name), "Licence"),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def _fact(text: str, key: str) -> str:
    """What a line `- **key:** ...` of a SOURCE.md says."""
    head = f"- **{key}:**"
    return next((line.removeprefix(head).strip() for line in text.splitlines() if line.startswith(head)), "")


def _folder(name: str) -> Path:
    known = names()
    if name not in known:
        hint = nearest(name, known) or f"There are: {', '.join(known)}."
        message = f"there is no data set '{name}'. {hint}"
        raise UnknownDatasetError(message)
    return data_folder() / name
