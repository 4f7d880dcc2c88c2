"""Replicates of a fit: samples drawn from the cases, solved as stacks, block by block.

A block has its own random stream and a size that depends on model and data alone, so that the same seed gives the same
digits on any number of workers.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lvmodels.composites.answers import Answers
from lvmodels.composites.declaration import Declaration
from lvmodels.composites.layout import Stage
from lvmodels.composites.options import PlsSettings
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.rows import Row, row_values
from lvmodels.composites.solution import Solution, solve_stages
from lvmodels.errors import DataError, NotConvergedError
from lvmodels.estimate.choices import seed_sequence
from lvmodels.estimate.resample import Block, Units, blocks_of, drawn_counts, run
from lvmodels.estimate.resampled_intervals import interval, standard_errors
from lvmodels.estimate.threads import one_thread, processors

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Signs = Literal["none", "construct", "individual"]
LATEST = ("bootstrap",)
"""Where a fit keeps its latest bootstrap."""
_BLOCK = 250
_ENTRIES = 4_000_000
"""Numbers in the largest array of a block."""


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Samples that have a solution.

    Attributes
    ----------
    solutions : tuple of Solution
        One a stage, each of R samples.
    errors : ndarray, shape (R, n_rows), or None
        Standard errors of all rows within each sample, from samples of it.
    signs : {"none", "construct", "individual"}
    failed : int
        Samples without a solution.
    """

    solutions: tuple[Solution, ...]
    errors: Matrix | None
    signs: Signs
    failed: int

    def turned(self, draws: Matrix, estimate: Vector) -> Matrix:
        """Draws with the signs of the sample, where each was asked to have its own."""
        return np.abs(draws) * np.sign(estimate) if self.signs == "individual" else draws


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """What a worker needs.

    Attributes
    ----------
    stages : tuple of Stage
    answers : Answers
    settings : PlsSettings
    declared : Declaration
    rows : tuple of Row
    loadings : tuple of ndarray of shape (K,), or None
        Those of the sample, which give the constructs of every replicate their signs.
    inner : int
        Samples drawn from each sample.
    """

    stages: tuple[Stage, ...]
    answers: Answers
    settings: PlsSettings
    declared: Declaration
    rows: tuple[Row, ...]
    loadings: tuple[Vector, ...] | None
    inner: int


def resampled(fit: PlsRecord, signs: Signs = "none", inner: int = 0) -> Resampled:
    """What a worker needs to draw from a fit."""
    loadings = tuple(solution.loadings[0] for solution in fit.solutions) if signs == "construct" else None
    return Resampled(fit.stages, fit.answers, fit.settings, fit.declared, fit.rows, loadings, inner)


def block_length(task: Resampled) -> int:
    """Samples a block: as many as fit into memory comfortably."""
    columns = max(len(stage.columns) for stage in task.stages)
    by_case = len(task.stages) > 1 or not task.stages[0].plain
    entries = max(columns**2, task.answers.n, task.answers.n * columns * by_case)
    return int(np.clip(_ENTRIES // entries, 4, _BLOCK))


def draw(fit: PlsRecord, n: int, seed: Any, signs: Signs, inner: int, executor: Executor | None) -> Replicates:
    """Draw n samples of the cases and solve them.

    Raises
    ------
    NotConvergedError, DataError, OptionValueError
    """
    check_converged(fit)
    task = resampled(fit, signs, inner)
    blocks = blocks_of(n, seed_sequence(seed), block_length(task))
    workers = min(processors(), len(blocks))
    if executor is None and workers > 1:
        with one_thread, ThreadPoolExecutor(workers) as own:
            parts = list(run(solve_block, task, blocks, own))
    else:
        parts = list(run(solve_block, task, blocks, executor))
    solutions = tuple(joined(stage) for stage in zip(*(part for part, _ in parts), strict=True))
    usable = usable_in(solutions)
    if not usable.any():
        raise DataError("no replicate could be solved; the sample is too small to resample.")
    errors = np.concatenate([e for _, e in parts])[usable] if inner else None
    return Replicates(tuple(s.take(usable) for s in solutions), errors, signs, int((~usable).sum()))


def check_converged(fit: PlsRecord) -> None:
    """Refuse to build on weights that did not settle.

    Raises
    ------
    NotConvergedError
    """
    if not fit.converged or not np.isfinite(fit.solution.B).all():
        raise NotConvergedError(
            "there is nothing to build on: the weights did not settle; see fit.warnings, and raise max_iterations."
        )


@one_thread
def solve_block(task: Resampled, block: Block) -> tuple[tuple[Solution, ...], Matrix]:
    """Draw a block of samples and solve each; with `inner`, the errors within each, too."""
    R, seed = block
    generator = np.random.default_rng(seed)
    n = task.answers.n
    everyone = np.arange(n)
    counts = drawn_counts(Units(everyone, (everyone,)), generator, R)
    solutions = solve_stages(task.stages, task.answers, counts, task.settings, task.loadings)
    errors = np.full((R, len(task.rows)), np.nan)
    for r in range(R if task.inner else 0):
        errors[r] = _errors_within(task, counts[r], generator)
    return solutions, errors


def _errors_within(task: Resampled, counts: Vector, generator: np.random.Generator) -> Vector:
    """Standard errors of all rows in samples drawn from one sample."""
    n, R = task.answers.n, task.inner
    cases = np.repeat(np.arange(n), counts.astype(np.intp))
    drawn = cases[generator.integers(0, n, size=(R, n))] + n * np.arange(R)[:, None]
    again = np.bincount(drawn.ravel(), minlength=R * n).reshape(R, n).astype(np.float64)
    solutions = solve_stages(task.stages, task.answers, again, task.settings, task.loadings)
    usable = usable_in(solutions)
    if usable.sum() < 2:
        return np.full(len(task.rows), np.nan)
    kept = tuple(solution.take(usable) for solution in solutions)
    return standard_errors(row_values(task.rows, task.declared, kept, task.settings.metric == "raw")[0])


def solved_without_each(fit: PlsRecord, signs: Signs) -> tuple[Solution, ...]:
    """The samples that lack one case each, for the acceleration of BCa intervals (Efron 1987)."""
    task, n = resampled(fit, signs), fit.nobs
    size, parts = block_length(task), []
    with one_thread:
        for begin in range(0, n, size):
            left_out = np.arange(begin, min(begin + size, n))
            counts = np.ones((len(left_out), n))
            counts[np.arange(len(left_out)), left_out] = 0.0
            parts.append(solve_stages(task.stages, task.answers, counts, task.settings, task.loadings))
    return tuple(joined(stage) for stage in zip(*parts, strict=True))


def joined(parts: tuple[Solution, ...]) -> Solution:
    """Solutions of several blocks as one."""
    return Solution(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Solution)))


def usable_in(solutions: tuple[Solution, ...]) -> NDArray[np.bool_]:
    """Samples that have a solution in all stages, shape (R,)."""
    return np.asarray(np.logical_and.reduce([solution.usable for solution in solutions]))


def latest_bootstrap(fit: PlsRecord) -> Replicates | None:
    """The replicates of the latest bootstrap of a fit, if there was one."""
    found: Replicates | None = fit._derived.get(LATEST)
    return found


def tests(estimate: Vector, draws: Matrix | None, level: float) -> dict[str, Vector]:
    """Standard errors, normal tests and percentile intervals; NaN without draws."""
    if draws is None:
        return {name: np.full(len(estimate), np.nan) for name in ("se", "z", "pvalue", "ci_lower", "ci_upper")}
    se = standard_errors(draws)
    se = np.where(se > 1e-10 * (1.0 + np.abs(estimate)), se, 0.0)
    z = np.divide(estimate, se, out=np.full(len(estimate), np.nan), where=se > 0)
    lower, upper = interval("percentile", estimate, draws, level)
    return {"se": se, "z": z, "pvalue": 2.0 * ndtr(-np.abs(z)), "ci_lower": lower, "ci_upper": upper}
