"""The items one by one: how they spread, how many stand at the floor and at the ceiling, who lies far out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.survey.screening.moments import ItemMoments

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.screening.layout import Layout

__all__ = ["FAR", "EdgeCounts", "describe_items"]

Vector = NDArray[np.float64]
FAR = 3.29
"""Standard deviations from the mean beyond which an answer is called an outlier: one in a thousand if normal."""


class EdgeCounts:
    """Counts answers at the lowest and the highest code, and beyond 3.29 standard deviations, piece by piece."""

    def __init__(self, low: Vector, high: Vector, moments: ItemMoments) -> None:
        self._low, self._high = low[:, None], high[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            sd = np.sqrt(moments.central[0] * moments.count / (moments.count - 1))
        self._from, self._to = (moments.mean - FAR * sd)[:, None], (moments.mean + FAR * sd)[:, None]
        self.floor, self.ceiling, self.outliers = (np.zeros(len(low)) for _ in range(3))

    def add(self, Y: NDArray[np.float64]) -> None:
        """Count a piece of the answers, shape (p, rows)."""
        with np.errstate(invalid="ignore"):
            self.floor += (self._low == Y).sum(axis=1)
            self.ceiling += (self._high == Y).sum(axis=1)
            self.outliers += ((self._from > Y) | (self._to < Y)).sum(axis=1)


def describe_items(layout: Layout, moments: ItemMoments, edges: EdgeCounts) -> pd.DataFrame:
    """A row an item.

    Returns
    -------
    DataFrame
        n, missing (share), mean, sd (n - 1), skew, kurtosis (excess; both adjusted for small samples: Joanes and Gill
        1998, G1 and G2), min, max, floor and ceiling (share of the answers at the lowest and highest code), outliers
        (answers more than 3.29 standard deviations from the mean).
    """
    import pandas as pd

    n = moments.count
    m2, m3, m4 = moments.central
    with np.errstate(invalid="ignore", divide="ignore"):
        g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
        skew = np.where(n > 2, g1 * np.sqrt(n * (n - 1)) / (n - 2), np.nan)
        kurtosis = np.where(n > 3, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)), np.nan)
        columns = {
            "n": n.astype(np.intp),
            "missing": 1 - n / max(moments.n, 1),
            "mean": moments.mean,
            "sd": np.sqrt(m2 * n / (n - 1)),
            "skew": np.where(m2 > 0, skew, np.nan),
            "kurtosis": np.where(m2 > 0, kurtosis, np.nan),
            "min": moments.minimum,
            "max": moments.maximum,
            "floor": edges.floor / n,
            "ceiling": edges.ceiling / n,
            "outliers": edges.outliers.astype(np.intp),
        }
    return pd.DataFrame(columns, index=pd.Index(layout.items, name="item"))
