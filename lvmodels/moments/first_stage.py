"""Stage one of two-stage maximum likelihood: saturated moments of incomplete data, auxiliary variables among them.

The moments come from the EM algorithm; how uncertain they are, from the information that the incomplete data carry
(Savalei and Bentler 2009; Yuan and Bentler 2000 for answers that are not normal).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle, read_only
from lvmodels.moments.missing import Patterns

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FirstStage:
    """Where the moments of a model come from when auxiliary variables took part in estimating them.

    Attributes
    ----------
    patterns : Patterns
        Of the p variables of the model, then a auxiliary ones.
    mean : ndarray, shape (p + a,)
    cov : ndarray, shape (p + a, p + a)
    """

    patterns: Patterns
    mean: Vector
    cov: Matrix

    def of_model(self, p: int) -> NDArray[np.intp]:
        """Positions, among all distinct covariances and then means, of those of the first p variables.

        Examples
        --------
        >>> stage = FirstStage(None, np.zeros(3), np.eye(3))
        >>> stage.of_model(2)
        array([0, 1, 2, 6, 7])
        """
        i, j = lower_triangle(len(self.mean))
        return np.flatnonzero(np.concatenate([(i < p) & (j < p), np.arange(len(self.mean)) < p]))


def first_stage(patterns: Patterns, mean: Vector, cov: Matrix) -> FirstStage:
    """A first stage, its arrays made read-only."""
    return FirstStage(patterns, read_only(mean), read_only(cov))
