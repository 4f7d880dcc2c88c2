"""What one group contributes when its likelihood is a sum over values of latent variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.matrices import ModelMatrices
from lvmodels.moments.cases import CaseBlock

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
ALL = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class BlockNodes:
    """The cases of one pattern of missing values at K nodes.

    Attributes
    ----------
    block : CaseBlock
    share : ndarray, shape (n, K)
        Probability of each node given the answers of a case.
    log_density : ndarray, shape (n,)
    place : ndarray of int, shape (q + d,)
        The variables answered, then those given, among all variables.
    W : ndarray, shape (K, q + d, q + d)
        Inverse of the covariances of these variables.
    WZ : ndarray, shape (K, q + d, 2M)
        W times the columns Z of `lvmodels.model.matrices`.
    offset : ndarray, shape (K, q + d)
        What the answers less their centre, followed by zeros, lie above the means implied at the node.
    """

    block: CaseBlock
    share: Matrix
    log_density: Vector
    place: NDArray[np.intp]
    W: Matrix
    WZ: Matrix
    offset: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """A group at all its nodes.

    Attributes
    ----------
    c : ndarray, shape (K, d)
        Values of the variables given.
    matrices : ModelMatrices
        Of the linear model at each node, as a stack.
    blocks : tuple of BlockNodes
    weights : ndarray, shape (n,)
        Of the cases.
    """

    c: Matrix
    matrices: ModelMatrices
    blocks: tuple[BlockNodes, ...]
    weights: Vector

    @property
    def multipliers(self) -> Matrix:
        """[1, c] of each node: what derivatives along products are multiplied by, shape (K, 1 + d)."""
        return np.concatenate([np.ones((len(self.c), 1)), self.c], axis=1)

    def columns(self, place: NDArray[np.intp], some: NDArray[np.intp] | slice = ALL) -> Matrix:
        """Z = [Tau, V] in the rows of some variables, at some or all nodes, shape (K, len(place), 2M)."""
        return np.concatenate([self.matrices.Tau[some][:, place], self.matrices.V[some][:, place]], axis=2)

    def at(self, some: NDArray[np.intp]) -> ModelMatrices:
        """The linear models at some nodes."""
        m = self.matrices
        return ModelMatrices(m.Beta[some], m.Psi[some], m.alpha[some], m.Tau[some], m.V[some], m.eta[some])

    @property
    def means(self) -> Matrix:
        """[eta, 1, 0] of each node, shape (K, M + 2)."""
        ends = np.tile([1.0, 0.0], (len(self.c), 1))
        return np.concatenate([self.matrices.eta, ends], axis=1)
