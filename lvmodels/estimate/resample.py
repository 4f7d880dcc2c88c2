"""Samples drawn from the cases or from the model, and the minima of a whole block of them at once.

A block has its own random stream (`numpy.random.SeedSequence.spawn`) and a size that depends on the model alone, so
that the same seed gives the same digits on any number of workers, threads or processes. What travels to a worker is a
`Resampling`, which holds arrays only.

Moments of resampled cases are one matrix product: how often each case was drawn times the products of its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.estimate.descent import descend
from lvmodels.estimate.stack import Samples, StackModel, stack_values
from lvmodels.estimate.stack_dense import positive_definite
from lvmodels.estimate.threads import one_thread

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
Task = TypeVar("Task")
Result = TypeVar("Result")
_BLOCK = 250
_ENTRIES = 4_000_000
"""Of the stacks of matrices of one block: what fits into memory comfortably."""
_ROWS = 4096
"""Cases whose products are made at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is drawn: cases, or clusters of them.

    Attributes
    ----------
    of_case : ndarray of int, shape (n,)
        The unit each case belongs to.
    strata : tuple of ndarray of int
        Units that are drawn among themselves, as many as there are.
    """

    of_case: Index
    strata: tuple[Index, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GroupSource:
    """Where the samples of one group come from.

    Attributes
    ----------
    cases : ndarray of int, shape (n_g,)
        Positions of the group's cases among all.
    Y : ndarray, shape (n_g, p)
        Their answers, as deviations from `centre`; empty where samples are drawn from the model.
    weights : ndarray, shape (n_g,)
        Sampling weights.
    centre : ndarray, shape (p,)
    root : ndarray, shape (p, p)
        For draws from the model: the lower triangular root of its covariances, the k fixed covariates first.
    n : float
        Number of cases, for draws from the model.
    """

    cases: Index
    Y: Matrix
    weights: Vector
    centre: Vector
    root: Matrix
    n: float


@dataclass(frozen=True, slots=True, eq=False)
class Resampling:
    """A model, where it starts, and what is resampled.

    Attributes
    ----------
    model : StackModel
    start : ndarray, shape (q,)
    inverse : ndarray, shape (q, q)
        Inverse of the information of one case at the start.
    groups : tuple of GroupSource
    units : Units or None
        None for draws from the model.
    n_fixed : int
        Covariates whose moments stay as they are when samples are drawn from the model.
    unbiased : bool
        Covariances are divided by n - 1, and groups count n - 1 cases.
    """

    model: StackModel
    start: Vector
    inverse: Matrix
    groups: tuple[GroupSource, ...]
    units: Units | None
    n_fixed: int
    unbiased: bool


Block = tuple[int, np.random.SeedSequence]


def blocks_of(n: int, root: np.random.SeedSequence, size: int) -> list[Block]:
    """Sizes and random streams of the blocks that n replicates are divided into.

    Examples
    --------
    >>> [size for size, _ in blocks_of(600, np.random.SeedSequence(1), 250)]
    [250, 250, 100]
    """
    sizes = [min(size, n - begun) for begun in range(0, n, size)]
    return list(zip(sizes, root.spawn(len(sizes)), strict=True))


def block_size(p: int) -> int:
    """Replicates a block, for p variables."""
    return int(np.clip(_ENTRIES // (p * p), 8, _BLOCK))


def drawn_counts(units: Units, generator: np.random.Generator, R: int) -> NDArray[np.float64]:
    """How often each case is drawn, shape (R, n): as many units as there are, with replacement, stratum by stratum."""
    counts = np.zeros((R, int(sum(map(len, units.strata)))))
    for stratum in units.strata:
        J = len(stratum)
        draws = generator.integers(0, J, size=(R, J)) + J * np.arange(R)[:, None]
        counts[:, stratum] = np.bincount(draws.ravel(), minlength=R * J).reshape(R, J)
    return counts.take(units.of_case, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """What became of R samples.

    Attributes
    ----------
    values : ndarray, shape (R, n_rows)
        Of all rows of the table.
    F : ndarray, shape (R,)
    reasons : tuple of str
        Why there is no solution, in words; empty where there is one, `UNSETTLED` where a more careful search may help.
    """

    values: Matrix
    F: Vector
    reasons: tuple[str, ...]


UNSETTLED = "the search did not settle"
SINGULAR = "the sample covariance matrix was not positive definite"


def solve_block(problem: Resampling, block: Block) -> Replicates:
    """Draw a block of samples and find the minimum of each."""
    with one_thread:
        samples, usable = draw_block(problem, block)
        return solve_samples(problem, samples, usable)


def solve_samples(problem: Resampling, samples: tuple[Samples, ...], usable: NDArray[np.bool_]) -> Replicates:
    """The minima of samples, of which only the usable ones are tried."""
    values = np.full((len(usable), len(problem.model.base)), np.nan)
    F, reasons = np.full(len(usable), np.nan), np.full(len(usable), SINGULAR, dtype=object)
    if usable.any():
        tried = samples if usable.all() else tuple(sample.take(usable) for sample in samples)
        found = descend(problem.model, tried, problem.start, problem.inverse)
        values[usable], F[usable] = stack_values(problem.model, tried, found.theta), found.F
        reasons[usable] = np.where(found.settled, "", UNSETTLED)
    return Replicates(values, F, tuple(reasons.tolist()))


def draw_block(problem: Resampling, block: Block) -> tuple[tuple[Samples, ...], NDArray[np.bool_]]:
    """The samples of a block, one record a group, and which of them are positive definite."""
    R, seed = block
    generator = np.random.default_rng(seed)
    if problem.units is None:
        moments = [_from_model(problem, source, generator, R) for source in problem.groups]
    else:
        counts = drawn_counts(problem.units, generator, R)
        moments = [case_moments(source, counts[:, source.cases], problem.unbiased) for source in problem.groups]
    return samples_of(problem, moments)


def samples_of(
    problem: Resampling, moments: list[tuple[Matrix, Matrix, Vector]]
) -> tuple[tuple[Samples, ...], NDArray[np.bool_]]:
    """Samples from covariances, means and sizes of all groups."""
    size = np.stack([n - problem.unbiased for _, _, n in moments])
    share = size / size.sum(axis=0)
    found, usable = [], np.ones(len(moments[0][2]), dtype=bool)
    for (cov, mean, _), weight in zip(moments, share, strict=True):
        log_det = _log_determinant(cov)
        usable &= np.isfinite(log_det)
        inverse = None
        if problem.model.discrepancy == "GLS":
            inverse = np.linalg.inv(np.where(np.isfinite(log_det)[:, None, None], cov, np.eye(cov.shape[-1])))
        found.append(Samples(cov, mean, weight, log_det + cov.shape[-1], inverse))
    return tuple(found), usable


def _log_determinant(cov: Matrix) -> Vector:
    """log|S|, NaN where S is not positive definite for all that can be told."""
    own = np.diagonal(cov, axis1=1, axis2=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = 1.0 / np.sqrt(own)
        R = cov * scale[:, :, None] * scale[:, None, :]
    good = np.asarray((own > 0.0).all(axis=1) & np.isfinite(R).all(axis=(1, 2)))
    R = np.where(good[:, None, None], R, np.eye(R.shape[-1]))
    try:
        root = np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        good &= positive_definite(R)
        root = np.linalg.cholesky(np.where(good[:, None, None], R, np.eye(R.shape[-1])))
    diagonal = np.diagonal(root, axis1=1, axis2=2)
    good &= (diagonal > 1e-7).all(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 2.0 * np.log(diagonal).sum(axis=1) + np.log(own).sum(axis=1)
    return np.where(good, found, np.nan)


def case_moments(source: GroupSource, counts: Matrix, unbiased: bool) -> tuple[Matrix, Matrix, Vector]:
    """Covariances, means and sizes of R samples of a group, from how often each case was drawn.

    Parameters
    ----------
    counts : ndarray, shape (R, n_g)
        Need not be whole numbers.

    Returns
    -------
    ndarray, shape (R, p, p)
    ndarray, shape (R, p)
    ndarray, shape (R,)
        Sums of the sampling weights.
    """
    n, p = source.Y.shape
    i, j = lower_triangle(p)
    weighted = counts * source.weights
    sums = np.zeros((len(counts), len(i) + p))
    for begin in range(0, n, _ROWS):
        Y = source.Y[begin : begin + _ROWS]
        sums += weighted[:, begin : begin + _ROWS] @ np.concatenate([Y[:, i] * Y[:, j], Y], axis=1)
    total, number = weighted.sum(axis=1), counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):  # a group of which nobody was drawn is told apart by NaN
        sums /= total[:, None]
        mean = sums[:, len(i) :]
        cov = np.empty((len(counts), p, p))
        cov[:, i, j] = cov[:, j, i] = sums[:, : len(i)]
        cov -= mean[:, :, None] * mean[:, None, :]
        if unbiased:
            cov *= (number / (number - 1.0))[:, None, None]
    return cov, mean + source.centre, total


def _from_model(
    problem: Resampling, source: GroupSource, generator: np.random.Generator, R: int
) -> tuple[Matrix, Matrix, Vector]:
    """Moments of samples from the normal distribution that the model implies, fixed covariates as they are.

    Covariances are C A A'C' with A triangular (Bartlett 1933): roots of chi-squares on the diagonal, normal below. The
    covariates stand first and their block of A is fixed.
    """
    p, k, n = len(source.centre), problem.n_fixed, source.n
    A = np.tril(generator.standard_normal((R, p, p)), -1)
    A[:, np.arange(p), np.arange(p)] = np.sqrt(generator.chisquare(n - 1.0 - np.arange(p), size=(R, p)))
    z = generator.standard_normal((R, p))
    divisor = n - problem.unbiased
    A[:, :k, :k] = np.sqrt(divisor) * np.eye(k)
    z[:, :k] = 0.0
    root = source.root @ A
    cov = root @ root.swapaxes(1, 2) / divisor
    mean = z @ source.root.T / np.sqrt(n)
    order = np.roll(np.arange(p), -k)  # covariates are the last of the observed variables
    return cov[:, order[:, None], order], mean[:, order] + source.centre, np.full(R, n)


def run(
    function: Callable[[Task, Block], Result], task: Task, blocks: list[Block], executor: Executor | None
) -> Iterator[Result]:
    """Results of all blocks in their order, from the workers of an executor or one after the other."""
    if executor is None:
        return (function(task, block) for block in blocks)
    futures = [executor.submit(function, task, block) for block in blocks]
    return (future.result() for future in futures)
