"""Answers of several sources joined by the unit they belong to: staff, customers and figures of each branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lvmodels.errors import FrameworkError, OptionValueError
from lvmodels.survey.answers import Survey
from lvmodels.survey.files import read_survey

if TYPE_CHECKING:
    import pandas as pd


def join_units(sources: Mapping[str, Any], by: str = "UNIT", figures: Any = None, at_least: int = 1) -> Survey:
    """One row a unit: the mean answers of each source, and the figures of the unit.

    Parameters
    ----------
    sources : mapping of str to Survey, data frame or path
        Name of a source ("staff", "customers") → its answers, with a column that names the unit.
    by : str
        That column.
    figures : data frame or path, optional
        A row a unit, such as its profit, with the same column.
    at_least : int
        Units with fewer answers from one of the sources are left out.

    Returns
    -------
    Survey
        `answers`: means and figures; `respondents`: the unit, and from how many answers of each source (n_staff, ...).
        Its log says which units were left out.

    Raises
    ------
    OptionValueError
        When there is no source, or `at_least` is below 1.
    FrameworkError
        When a source has no column of units, an item stands in two sources, a unit has two rows of figures, or no unit
        is in all sources.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"UNIT": [1, 1, 2], "ESA1": [6, 4, 3]})
    >>> customers = pd.DataFrame({"UNIT": [1, 2, 2], "SCS1": [5, 2, 4]})
    >>> join_units({"staff": staff, "customers": customers}).answers
       ESA1  SCS1
    0   5.0   5.0
    1   3.0   3.0
    """
    import pandas as pd

    if not sources or at_least < 1:
        raise OptionValueError("join_units() needs at least one source, and at_least= 1 or more answers of each.")
    parts: list[pd.DataFrame] = []
    counts: list[pd.DataFrame] = []
    for name, source in sources.items():
        grouped = _frame(name, source, by).groupby(by, sort=True)
        size = grouped.size()
        enough = size.index[size >= at_least]
        parts.append(grouped.mean(numeric_only=True).loc[enough])
        counts.append(size.loc[enough].to_frame(f"n_{name}"))
    if figures is not None:
        table = _frame("figures", figures, by)
        if table[by].duplicated().any():
            twice = ", ".join(map(str, table.loc[table[by].duplicated(), by].unique()[:5]))
            raise FrameworkError(f"figures: more than one row for {by} {twice}; keep one row a unit.")
        parts.append(table.set_index(by))
    _refuse_twice(parts)
    joined = pd.concat(parts, axis=1, join="inner").sort_index()
    if joined.empty:
        raise FrameworkError(f"no {by} is in all of {', '.join(sources)}; check that its codes are the same.")
    everywhere = sorted({unit for part in parts for unit in part.index} - set(joined.index), key=str)
    log = [f"{len(joined)} units ({by}) with the mean answers of {', '.join(sources)}."]
    if everywhere:
        log.append(f"Left out, because not in every source: {by} {', '.join(map(str, everywhere))}.")
    about = pd.concat(counts, axis=1).loc[joined.index].reset_index()
    return Survey(joined.reset_index(drop=True), about, None, "units joined", tuple(log))


def _frame(name: str, source: Any, by: str) -> pd.DataFrame:
    import pandas as pd

    survey = source if isinstance(source, Survey) else read_survey(source)
    frame = pd.concat([survey.answers, survey.respondents], axis=1)
    if by not in frame.columns:
        raise FrameworkError(f"source '{name}' has no column '{by}' that names the unit; give it one, or set by=.")
    kept = [c for c in frame.columns if c == by or pd.api.types.is_numeric_dtype(frame[c])]
    return frame.loc[frame[by].notna(), kept]


def _refuse_twice(parts: list[pd.DataFrame]) -> None:
    names = [name for part in parts for name in part.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FrameworkError(f"{', '.join(twice)} stands in two sources; rename it in one of them.")
