"""Answers piece by piece, items by rows, so that a million respondents need no second copy of their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import NonNumericError
from lvmodels.survey.columns import columns_of, numeric

__all__ = ["chunks", "item_numbers"]

_CELLS = 1 << 19
"""Cells of a piece: 4 MiB, small enough for the caches of most processors."""


def item_numbers(answers: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """The answers with items of another kind than numbers (objects, ordered categories) turned into numbers.

    Raises
    ------
    NonNumericError
        When an item holds words, or yes and no; with the first row at fault.
    """
    booleans = [name for name in items if answers[name].dtype.kind == "b"]
    if booleans:
        raise NonNumericError(
            f"column '{booleans[0]}' holds yes and no, which is no answer scale; leave it out of items=."
        )
    other = [name for name in items if answers[name].dtype.kind not in "fiu"]
    if not other:
        return answers
    found = numeric(columns_of(answers[other]), other)
    return answers.assign(**{name: found[:, k] for k, name in enumerate(other)})


def chunks(answers: pd.DataFrame, items: Sequence[str]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Pieces of the answers.

    Yields
    ------
    rows : slice
        Of the frame.
    Y : ndarray, shape (p, rows)
        Answers of these respondents, an item a row; NaN where there is none.
    """
    where = [answers.columns.get_loc(name) for name in items]
    everything = where == list(range(answers.shape[1]))
    step = max(1024, _CELLS // max(1, len(items)))
    for start in range(0, len(answers), step):
        rows = slice(start, min(start + step, len(answers)))
        piece = answers.iloc[rows] if everything else answers.iloc[rows, where]
        yield rows, np.ascontiguousarray(piece.to_numpy(dtype=np.float64, na_value=np.nan).T)
