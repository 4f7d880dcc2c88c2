"""The model given some latent variables: linear, with coefficients that grow with them; and its moments over them.

With v = alpha + Beta v + zeta and a product omega v_b c_j in the row of v_a, the values c of the variables given make

    Beta(c)[a, b] = Beta[a, b] + omega c_j

a linear model like any other (Klein and Moosbrugger 2000). The variables given are normal with means eta_c and
covariances V_cc. Moments over all c are polynomials in c, which a few Gauss-Hermite nodes integrate exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.directions import Directions, Pairs, directions_of, pairs_of
from lvmodels.model.row import Row

Index = NDArray[np.intp]
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_NODES = 5  # exact up to powers of 9: products of products of products


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """The products of one group.

    Attributes
    ----------
    given : ndarray of int, shape (d,)
        Variables given which the model is linear, the same in all groups.
    rows, head, tail, by : ndarray of int, shape (k,)
        Row of the table, outcome a and factor b of Beta(c)[a, b], and which of the variables given is the other factor.
    directions : Directions
        Of the group's free rows, with a product as the arrow from b to a.
    pairs : Pairs
        Of these directions.
    multiplier : ndarray of int, shape (r,)
        Position in [1, c] of what multiplies the derivative along each of them.
    """

    given: Index
    rows: Index
    head: Index
    tail: Index
    by: Index
    directions: Directions
    pairs: Pairs
    multiplier: Index


def products_of(
    rows: Mapping[int, Row], free: Sequence[Row], place: dict[str, int], given: tuple[int, ...]
) -> Products | None:
    """The products among the rows of a group; None where there are none.

    Parameters
    ----------
    rows : mapping of int to Row
        By their position in the table.
    free : sequence of Row
    """
    if not given:
        return None
    tails, by = {}, {}
    for row in rows.values():
        if row.factors:
            first, second = (place[name] for name in row.factors)
            other, carrier = (second, first) if first in given else (first, second)
            tails[row.factors], by[row.factors] = other, given.index(carrier)
    entries = [(i, place[row.lhs], tails[row.factors], by[row.factors]) for i, row in rows.items() if row.factors]
    rows_at, head, tail, carrier_of = np.array(entries, dtype=np.intp).reshape(len(entries), 4).T
    directions = directions_of(free, place, tails)
    multiplier = np.array([by[row.factors] + 1 if row.factors else 0 for row in free], dtype=np.intp)
    pairs = pairs_of(directions, len(place))
    return Products(np.array(given, dtype=np.intp), rows_at, head, tail, carrier_of, directions, pairs, multiplier)


def beta_given(products: Products, Beta: Matrix, omega: Vector, c: Matrix) -> Matrix:
    """Beta at each value of the variables given.

    Parameters
    ----------
    Beta : ndarray, shape (..., M, M)
    omega : ndarray, shape (..., k)
        Coefficients of the products.
    c : ndarray, shape (..., K, d)

    Returns
    -------
    ndarray, shape (..., K, M, M)
    """
    found = np.repeat(Beta[..., None, :, :], c.shape[-2], axis=-3)
    for k, (a, b, j) in enumerate(zip(products.head, products.tail, products.by, strict=True)):
        found[..., a, b] += omega[..., k, None] * c[..., j]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What the model says of all disturbances once the variables c are given.

    Attributes
    ----------
    root : ndarray, shape (..., d, d)
        A root of V_cc.
    Q : ndarray, shape (..., M, d)
        Regression of the disturbances on z, with c = eta_c + root z.
    P : ndarray, shape (..., M, M)
        What it leaves of their covariances.
    """

    root: Matrix
    Q: Matrix
    P: Matrix


def rest_given(given: Index, Psi: Matrix, Tau: Matrix, V: Matrix) -> Rest:
    """Disturbances given c, from the linear part of the model; without variance c counts as constant."""
    values, vectors = np.linalg.eigh(V[..., given[:, None], given])
    values = np.maximum(values, 0.0)
    size = np.sqrt(values)
    inverse = np.where(size > 0.0, 1.0 / np.where(size > 0.0, size, 1.0), 0.0)
    Q = Psi @ np.swapaxes(Tau[..., given, :], -1, -2) @ (vectors * inverse[..., None, :])
    return Rest(vectors * size[..., None, :], Q, Psi - Q @ np.swapaxes(Q, -1, -2))


def mixed_moments(
    products: Products, omega: Vector, Beta: Matrix, Psi: Matrix, alpha: Vector, Tau: Matrix
) -> tuple[Matrix, Vector]:
    """Covariances and means of all variables, over the variables given, of shapes (..., M, M) and (..., M).

    Parameters
    ----------
    Beta, Psi, alpha, Tau : ndarray
        Of the linear part of the model; leading axes are stacks.
    """
    given = products.given
    rest = rest_given(given, Psi, Tau, Tau @ Psi @ np.swapaxes(Tau, -1, -2))
    z, weights = normal_nodes(len(given))
    origin = (Tau[..., given, :] @ alpha[..., None])[..., 0]
    c = origin[..., None, :] + z @ np.swapaxes(rest.root, -1, -2)
    B = np.linalg.inv(np.eye(Beta.shape[-1]) - beta_given(products, Beta, omega, c))
    u = alpha[..., None, :] + z @ np.swapaxes(rest.Q, -1, -2)
    m = (B @ u[..., None])[..., 0]
    mean = weights @ m
    gap = m - mean[..., None, :]
    within = (weights[:, None, None] * (B @ rest.P[..., None, :, :] @ np.swapaxes(B, -1, -2))).sum(axis=-3)
    return within + np.swapaxes(gap * weights[:, None], -1, -2) @ gap, mean


@lru_cache(maxsize=4)
def normal_nodes(d: int) -> tuple[Matrix, Vector]:
    """Gauss-Hermite nodes and weights for the standard normal distribution of d variables."""
    z, w = np.polynomial.hermite_e.hermegauss(_NODES)
    nodes = np.array(list(product(z, repeat=d)))
    weights = np.array([float(np.prod(some)) for some in product(w / w.sum(), repeat=d)])
    return nodes, weights
