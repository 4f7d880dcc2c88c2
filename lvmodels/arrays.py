"""Arrays inside records are read-only; this is the one place that makes them so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make an array that a record holds immutable, and return it."""
    array.flags.writeable = False
    return array
