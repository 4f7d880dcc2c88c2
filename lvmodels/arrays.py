"""Arrays inside records are read-only, and the order of distinct elements of a matrix is one everywhere."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make an array that a record holds immutable, and return it."""
    array.flags.writeable = False
    return array


@lru_cache(maxsize=64)
def lower_triangle(p: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the lower triangle of a p x p matrix, the diagonal included, row by row.

    Examples
    --------
    >>> [index.tolist() for index in lower_triangle(2)]
    [[0, 1, 1], [0, 0, 1]]
    """
    rows, columns = np.tril_indices(p)
    rows.flags.writeable = columns.flags.writeable = False
    return rows, columns
