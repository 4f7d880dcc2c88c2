"""Long strings: how many items in a row got the same answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_longest_run", "longest_run"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def longest_run(Y: Matrix, breaks: NDArray[np.bool_] | None = None) -> Vector:
    """The longest string of identical answers.

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        An item a row, in the order of the questionnaire. A missing answer ends a run.
    breaks : ndarray of bool, shape (p,), optional
        Whether a run ends before an item.

    Returns
    -------
    ndarray, shape (n,)
        Number of items; NaN for who answered nothing.

    References
    ----------
    Johnson, J. A. (2005). Ascertaining the validity of individual protocols from web-based personality inventories.
    Journal of Research in Personality, 39(1), 103-129.

    Examples
    --------
    >>> answers = np.array([[4, 4, 3, 3, 3, 5, 5], [1, 2, np.nan, 2, 2, 1, 1]])
    >>> longest_run(answers.T).tolist()
    [3.0, 2.0]
    """
    answered = ~np.isnan(Y)
    run = answered[0].astype(np.int32)
    longest = run.copy()
    for k in range(1, len(Y)):
        if breaks is not None and breaks[k]:
            run = answered[k].astype(np.int32)
        else:
            run *= Y[k] == Y[k - 1]
            run += answered[k]
            run *= answered[k]
        np.maximum(longest, run, out=longest)
    return np.where(longest > 0, longest, np.nan)


def average_longest_run(
    Y: Matrix, pages: Sequence[NDArray[np.intp]], breaks: NDArray[np.bool_] | None = None
) -> Vector:
    """The longest string of each page, averaged over the pages that were answered (Meade and Craig 2012).

    Examples
    --------
    >>> answers = np.array([[4, 4, 4, 3, 3, 5]])
    >>> average_longest_run(answers.T, [np.array([0, 1, 2]), np.array([3, 4, 5])]).tolist()
    [2.5]
    """
    total, count = np.zeros(Y.shape[1]), np.zeros(Y.shape[1])
    for page in pages:
        found = longest_run(Y[page], None if breaks is None else breaks[page])
        seen = ~np.isnan(found)
        total += np.where(seen, found, 0.0)
        count += seen
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan)
