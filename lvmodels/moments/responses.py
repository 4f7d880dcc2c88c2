"""The order of the moments of ordinal and continuous answers together: one layout for samples and for models.

For every group: thresholds of the ordinal variables, variable by variable; means of the continuous ones; slopes on
covariates, outcome by outcome; variances of the continuous ones; covariances of all pairs (correlations for ordinal
variables), in the order of the lower triangle. With covariates all but the slopes are given these, at zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]


@dataclass(frozen=True)
class Responses:
    """Which outcomes are ordinal, and where their moments stand.

    Attributes
    ----------
    categories : tuple of int
        Number of categories of each outcome; 0 for continuous ones.
    n_covariates : int
        Covariates that everything is conditional on.

    Examples
    --------
    >>> responses = Responses((3, 0, 2), 0)
    >>> responses.size, responses.threshold_variable.tolist()
    (8, [0, 0, 2])
    """

    categories: tuple[int, ...]
    n_covariates: int = 0

    @property
    def p(self) -> int:
        """Number of outcomes."""
        return len(self.categories)

    @cached_property
    def ordinal(self) -> Index:
        """Positions of the ordinal outcomes."""
        return np.flatnonzero(np.array(self.categories) > 0)

    @cached_property
    def continuous(self) -> Index:
        """Positions of the continuous outcomes."""
        return np.flatnonzero(np.array(self.categories) == 0)

    @cached_property
    def threshold_variable(self) -> Index:
        """The outcome each threshold belongs to, shape (T,)."""
        return np.repeat(np.arange(self.p), [max(c - 1, 0) for c in self.categories])

    @cached_property
    def first_threshold(self) -> Index:
        """Position of the first threshold of each outcome, shape (p,)."""
        counts = np.array([max(c - 1, 0) for c in self.categories])
        return np.asarray(np.cumsum(counts) - counts)

    @cached_property
    def pairs(self) -> tuple[Index, Index]:
        """The two outcomes of each covariance; the first is the later one."""
        rows, columns = np.tril_indices(self.p, -1)
        return rows, columns

    @cached_property
    def places(self) -> tuple[slice, slice, slice, slice, slice]:
        """Where thresholds, means, slopes, variances and covariances stand."""
        counts = (
            len(self.threshold_variable),
            len(self.continuous),
            self.p * self.n_covariates,
            len(self.continuous),
            self.p * (self.p - 1) // 2,
        )
        ends = np.cumsum(counts)
        found = [slice(int(end - count), int(end)) for end, count in zip(ends, counts, strict=True)]
        return found[0], found[1], found[2], found[3], found[4]

    @property
    def size(self) -> int:
        """Number of moments of one group."""
        return int(self.places[-1].stop)

    def covariances(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Correlations of ordinal outcomes, covariances with and among continuous ones, shape (p, p)."""
        *_, variances, pairs = self.places
        found = np.eye(self.p)
        rows, columns = self.pairs
        found[rows, columns] = found[columns, rows] = moments[pairs]
        found[self.continuous, self.continuous] = moments[variances]
        return found
