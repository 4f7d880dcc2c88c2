"""Values of latent variables at which a model with their products is linear, and over which its likelihood is summed.

On equally spaced nodes the sum over a smooth function with normal tails is as good as its integral: the error falls
like exp(-2 pi² s² / h²) with the spacing h in units of the narrowest spread s of the function (Trefethen and Weideman
2014). The function here is the density of one case's answers and the latent variables c jointly, as narrow as c is
known from the answers; so h is somewhat less than the standard deviation of c given the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import NotEstimableError
from lvmodels.estimate.cholesky import inverse_and_logdet
from lvmodels.model.conditional import Products, beta_given, rest_given
from lvmodels.model.matrices import ModelMatrices
from lvmodels.moments.cases import Cases

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
SPACING = {1: 0.9, 2: 1.1}  # of the standard deviation of c given the answers: errors of 1e-10, 1e-7 for each case
_PRIOR_REACH, _CASE_REACH = 4.0, 6.0  # standard deviations: of c, and of c given the answers around each case
_FURTHER = 2.0  # the latter, for each time as many nodes
_MOST_NODES = 6000
_STEP = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Nodes of one group.

    Attributes
    ----------
    nodes : ndarray, shape (K, d)
        Values of the latent variables given.
    log_volume : float
        Logarithm of what each node stands for.
    """

    nodes: Matrix
    log_volume: float


def make_grid(
    matrices: ModelMatrices,
    products: Products,
    omega: Vector,
    cases: Cases,
    names: tuple[str, ...],
    fineness: float = 1.0,
) -> Grid:
    """Nodes that cover the latent variables given, and are as dense as these are known from the answers.

    Parameters
    ----------
    matrices : ModelMatrices
        Of the group.
    products : Products
    omega : ndarray, shape (k,)
        Coefficients of the products.
    cases : Cases
    names : tuple of str
        Of all variables, for the message.
    fineness : float
        How many times as many nodes as usual, in each direction; they then reach further, too.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the latent variables given, or the answers, have no positive definite covariance matrix.
    NotEstimableError
        When the latent variables are measured with hardly any error, so that too many nodes would be needed.
    """
    given, p = products.given, len(cases.centre)
    origin, V = (matrices.Tau @ matrices.alpha)[given], matrices.Tau @ matrices.Psi @ matrices.Tau.T
    prior = V[given[:, None], given]
    root = np.asarray(np.linalg.cholesky(prior), dtype=np.float64)
    spreads = [_spread(matrices, products, omega, origin + root @ z, p) for z in _probes(len(given))]
    if not all(spread.any() for spread in spreads):
        raise _too_many(given, names)
    own = np.asarray(np.linalg.cholesky(spreads[0]), dtype=np.float64)
    narrowest = min(float(np.linalg.eigvalsh(_whitened(spread, own))[0]) for spread in spreads)
    step = SPACING[len(given)] / fineness * np.sqrt(max(narrowest, 0.0))
    means, reach = _case_means(V, (matrices.Tau @ matrices.alpha)[:p], given, cases, own)
    reach = reach + _FURTHER * (fineness - 1.0)
    size = np.abs(np.linalg.solve(own, root)).sum() * _PRIOR_REACH
    most = _MOST_NODES * fineness ** len(given)
    if not step > 0.0 or (2.0 * size / step) ** len(given) > 50 * most:
        raise _too_many(given, names)
    nodes = _lattice(own, root, step, means, reach)
    if len(nodes) > most:
        raise _too_many(given, names)
    return Grid(origin + nodes, float(len(given) * np.log(step) + np.log(np.diagonal(own)).sum()))


def _too_many(given: NDArray[np.intp], names: tuple[str, ...]) -> NotEstimableError:
    listed = " and ".join(f"'{names[k]}'" for k in given)
    return NotEstimableError(
        f"the answers tell {listed} with hardly any error, so that the integral over it needs too many nodes. Use the "
        "product of observed columns, or latent_product='product.indicator'."
    )


def _probes(d: int) -> Matrix:
    """Points, in standard deviations, at which the spread of c is looked at; the centre first."""
    corners = [np.array(point) for point in product((-2.0, 0.0, 2.0), repeat=d) if any(point)]
    return np.array([np.zeros(d), *corners])


def _spread(matrices: ModelMatrices, products: Products, omega: Vector, c: Vector, p: int) -> Matrix:
    """Covariances of the variables given, once the answers are known, near a value c of theirs; 0 without error."""
    given = products.given
    V = matrices.Tau @ matrices.Psi @ matrices.Tau.T
    prior = V[given[:, None], given]
    size = np.sqrt(np.diagonal(prior))
    sides = np.repeat(c[None, :], 2 * len(c) + 1, axis=0)
    for j in range(len(c)):
        sides[1 + 2 * j, j] += _STEP * size[j]
        sides[2 + 2 * j, j] -= _STEP * size[j]
    B = np.linalg.inv(np.eye(len(V)) - beta_given(products, matrices.Beta, omega, sides))
    slopes = V[:, given] @ np.linalg.inv(prior)
    regression = (np.eye(len(V)) - matrices.Beta) @ slopes  # of the disturbances on c
    origin = (matrices.Tau @ matrices.alpha)[given]
    mean = (B @ (matrices.alpha + (sides - origin) @ regression.T)[..., None])[:, :p, 0]
    D = np.column_stack([(mean[1 + 2 * j] - mean[2 + 2 * j]) / (2.0 * _STEP * size[j]) for j in range(len(c))])
    rest = B[0] @ rest_given(given, matrices.Psi, matrices.Tau, V).P @ B[0].T
    try:
        W, _ = inverse_and_logdet(rest[:p, :p])
    except np.linalg.LinAlgError:  # the answers tell c without error, unless they have no covariance matrix at all
        inverse_and_logdet(V[:p, :p])
        return np.zeros_like(prior)
    return np.asarray(np.linalg.inv(np.linalg.inv(prior) + D.T @ W @ D))


def _whitened(spread: Matrix, root: Matrix) -> Matrix:
    half = np.linalg.solve(root, spread)
    return np.asarray(np.linalg.solve(root, half.T))


def _case_means(V: Matrix, mu: Vector, given: NDArray[np.intp], cases: Cases, own: Matrix) -> tuple[Matrix, Vector]:
    """What the linear part of the model expects of c for each case, less its mean, and how far nodes reach around it.

    Returns
    -------
    ndarray, shape (n, d)
    ndarray, shape (n,)
        In units of `own`.
    """
    means, reach = np.empty((len(cases.weights), len(given))), np.empty(len(cases.weights))
    for block in cases.blocks:
        o = block.observed
        slopes = np.linalg.solve(V[o[:, None], o], V[o[:, None], given])
        means[block.rows] = (block.design[:, 1 : 1 + len(o)] + cases.centre[o] - mu[o]) @ slopes
        spread = V[given[:, None], given] - V[given[:, None], o] @ slopes
        reach[block.rows] = _CASE_REACH * np.sqrt(max(float(np.linalg.eigvalsh(_whitened(spread, own))[-1]), 1.0))
    return means, reach


def _lattice(own: Matrix, root: Matrix, step: float, means: Matrix, reach: Vector) -> Matrix:
    """Nodes, as distances from the centre: around the centre, and around each case that lies far from it."""
    at = np.linalg.solve(own, means.T).T
    prior = np.linalg.solve(own, root)
    half = _PRIOR_REACH * np.sqrt((prior**2).sum(axis=1))
    low = np.floor(np.minimum(-half, (at - reach[:, None]).min(axis=0)) / step).astype(int)
    high = np.ceil(np.maximum(half, (at + reach[:, None]).max(axis=0)) / step).astype(int)
    axes = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    points = step * np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(own)).astype(float)
    near = (np.linalg.solve(prior, points.T) ** 2).sum(axis=0) <= _PRIOR_REACH**2
    cells = np.unique(np.column_stack([np.round(at / step) * step, reach]), axis=0)  # cases side by side count once
    far, limit = cells[:, :-1], cells[:, -1] ** 2
    for start in range(0, len(points), 256):
        some = slice(start, start + 256)
        near[some] |= (((points[some, None, :] - far) ** 2).sum(axis=-1) <= limit).any(axis=1)
    return np.asarray(points[near] @ own.T)
