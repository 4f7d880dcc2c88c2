"""Minima of a stack of problems, by limited-memory quasi-Newton steps (Nocedal 1980; Liu and Nocedal 1989).

All problems are the same but for their samples, and start where the curvature is known: the inverse of the information
at the estimates scales the first step, and pairs of steps and changes of the gradient refine it for each sample. No
matrix is solved or inverted for a step. Steps are halved, sample by sample, until F falls; samples whose search has
settled leave the stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.stack import Samples, StackModel, stack_values
from lvmodels.estimate.stack_dense import dense_group
from lvmodels.estimate.stack_factors import factor_group

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Pair = tuple[Matrix, Matrix, Vector]
MAX_STEPS = 60
_PAIRS = 25
_TOLERANCE = 1e-15
"""Predicted decrease of F, as a share of 1 + F, that ends a search."""
_SHRINK = 0.15
"""Share of settled samples from which on it pays to take them out."""


@dataclass(frozen=True, slots=True, eq=False)
class Minima:
    """Where the searches ended.

    Attributes
    ----------
    theta : ndarray, shape (R, q)
    F : ndarray, shape (R,)
    settled : ndarray of bool, shape (R,)
        Whether a minimum was found; the others need a more careful search.
    """

    theta: Matrix
    F: Vector
    settled: NDArray[np.bool_]


def evaluate_stack(model: StackModel, samples: tuple[Samples, ...], theta: Matrix) -> tuple[Vector, Matrix]:
    """F and its gradient at the theta of each sample; F is infinite where a point is not admissible.

    Parameters
    ----------
    samples : tuple of Samples
        One a group.
    theta : ndarray, shape (R, q)

    Returns
    -------
    ndarray, shape (R,)
    ndarray, shape (R, q)
    """
    values = stack_values(model, samples, theta)
    by_row = np.zeros((len(theta), len(model.free_rows)))
    F = np.zeros(len(theta))
    for part, sample in zip(model.groups, samples, strict=True):
        if part.factors is not None and model.discrepancy == "ML":
            discrepancy, slopes = factor_group(model, part, part.factors, sample, values)
        else:
            discrepancy, slopes = dense_group(model, part, sample, values)
        F += sample.share * discrepancy
        by_row[:, part.free] += sample.share[:, None] * slopes
    F = np.where(np.isfinite(F), F, np.inf)
    return F, by_row if model.K is None else by_row @ model.K


def descend(model: StackModel, samples: tuple[Samples, ...], start: Vector, inverse: Matrix) -> Minima:
    """Find the minimum for every sample.

    Parameters
    ----------
    start : ndarray, shape (q,)
        Where all searches begin.
    inverse : ndarray, shape (q, q)
        Inverse of the information of one case there.
    """
    R = len(samples[0].share)
    found = Minima(np.tile(start, (R, 1)), np.full(R, np.inf), np.zeros(R, dtype=bool))
    here, rows = found.theta.copy(), np.arange(R)
    F, g = evaluate_stack(model, samples, here)
    H, pairs = 0.5 * inverse, list[Pair]()
    direction, length = -g @ H, np.ones(R)
    for _ in range(MAX_STEPS):
        slope = _dot(direction, g)
        step = length[:, None] * direction
        F_there, g_there = evaluate_stack(model, samples, here + step)
        lower = F_there <= F + 1e-4 * length * slope + 1e-13 * (1.0 + np.abs(F))
        settled = lower & (np.abs(slope) < 2.0 * _TOLERANCE * (1.0 + np.abs(F)))
        step *= lower[:, None]
        here = here + step
        pairs = [*pairs[1 - _PAIRS :], _pair(step, np.where(lower[:, None], g_there - g, 0.0))]
        F, g = np.where(lower, F_there, F), np.where(lower[:, None], g_there, g)
        _record(found, rows, settled, here, F)
        if settled.all():
            break
        direction = np.where(lower[:, None], _direction(g, H, pairs), direction)
        length = np.where(lower, 1.0, 0.5 * length)
        if settled.mean() >= _SHRINK:
            keep = ~settled
            rows, here, F, g = rows[keep], here[keep], F[keep], g[keep]
            direction, length = direction[keep], length[keep]
            pairs = [(s[keep], y[keep], rho[keep]) for s, y, rho in pairs]
            samples = tuple(sample.take(keep) for sample in samples)
    return found


def _record(found: Minima, rows: NDArray[np.intp], settled: NDArray[np.bool_], here: Matrix, F: Vector) -> None:
    fresh = settled & ~found.settled[rows]
    at = rows[fresh]
    found.theta[at], found.F[at], found.settled[at] = here[fresh], F[fresh], True


def _pair(step: Matrix, change: Matrix) -> Pair:
    """A step, the change of the gradient along it, and one over their product; 0 where they say nothing."""
    product = _dot(step, change)
    useful = product > 1e-12 * np.sqrt(_dot(step, step) * _dot(change, change))
    return step, change, np.divide(1.0, product, out=np.zeros_like(product), where=useful & (product > 1e-280))


def _direction(g: Matrix, H: Matrix, pairs: Sequence[Pair]) -> Matrix:
    """Minus the gradient times the approximate inverse Hessian, by the two loops of Nocedal (1980)."""
    v, weights = -g, []
    for step, change, rho in reversed(pairs):
        weight = rho * _dot(step, v)
        weights.append(weight)
        v = v - weight[:, None] * change
    v = v @ H
    for (step, change, rho), weight in zip(pairs, reversed(weights), strict=True):
        v += (weight - rho * _dot(change, v))[:, None] * step
    return v


def _dot(a: Matrix, b: Matrix) -> Vector:
    return np.asarray(np.einsum("rq,rq->r", a, b))
