"""Unrotated factors turned as an option says, with signs and order settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.promax import promax
from lvmodels.estimate.rotation import arranged, kaiser_weight, rotate, settled
from lvmodels.estimate.rotation_criteria import Criterion
from lvmodels.measurement.factors.extraction import Extracted
from lvmodels.measurement.factors.uncertainty import Solution

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """Factors in their final position.

    Attributes
    ----------
    Lambda : ndarray, shape (p, m)
    Phi : ndarray, shape (m, m)
    solution : Solution
        From which errors follow: the same, or for promax the varimax loadings.
    value : float
        Of the criterion; NaN where nothing is rotated.
    starts, found : int
    converged : bool
    """

    Lambda: Matrix
    Phi: Matrix
    solution: Solution
    value: float
    starts: int
    found: int
    converged: bool


def turned(
    extracted: Extracted, method: str, criterion: Criterion | None, kaiser: bool, power: float | None,
    starts: int, seed: np.random.Generator,
) -> Turned:  # fmt: skip
    """Rotate, reorder and reflect.

    Parameters
    ----------
    extracted : Extracted
    method : str
        Of extraction.
    criterion : Criterion or None
        None leaves the factors where they are; with `power` that of varimax.
    kaiser : bool
    power : float or None
        Of promax.
    starts : int
    seed : Generator
    """
    A, psi, held = extracted.A, extracted.psi, extracted.at_bound
    m = A.shape[1]
    if criterion is None or m == 1:
        _, sign = arranged(A, np.eye(m))
        solution = Solution(A * sign, np.eye(m), psi, held, method, None, False)
        return Turned(solution.Lambda, solution.Phi, solution, float("nan"), 1, 1, True)
    found = rotate(A, criterion, kaiser, starts, seed)
    X, Lambda, Phi = found.Lambda, found.Lambda, found.Phi
    if power is not None:
        weight = kaiser_weight(A)[:, None] if kaiser else np.ones((len(A), 1))
        Lambda, Phi = promax(X / weight, power)
        Lambda = Lambda * weight
    order, sign = settled(criterion, Lambda, Phi)
    X, Lambda = X[:, order] * sign, Lambda[:, order] * sign
    Phi = Phi[np.ix_(order, order)] * np.outer(sign, sign)
    of_errors = Solution(X, np.eye(m) if power is not None else Phi, psi, held, method, criterion, kaiser, power)
    return Turned(Lambda, Phi, of_errors, found.value, found.starts, found.found, found.converged)
