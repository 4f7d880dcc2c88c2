"""Answers piece by piece, items by rows, so that a million respondents need no second copy of their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import NonNumericError
from lvmodels.survey.columns import columns_of, numeric

__all__ = ["chunks", "refuse_text"]

_CELLS = 1 << 21
"""Cells of a piece: 16 MiB."""


def refuse_text(answers: pd.DataFrame, items: Sequence[str]) -> None:
    """Refuse items that hold anything but numbers, with the first row at fault.

    Raises
    ------
    NonNumericError, InfiniteValueError
    """
    worded = [name for name in items if answers[name].dtype.kind not in "fiu"]
    if worded:
        numeric(columns_of(answers[worded]), worded)
    booleans = [name for name in worded if answers[name].dtype.kind == "b"]
    if booleans:
        raise NonNumericError(f"column '{booleans[0]}' holds yes and no, which is no answer scale; leave it out of items=.")


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
