"""Replicates of a fit: what is resampled, by which road it is solved, and what failed."""

from __future__ import annotations

import warnings as python_warnings
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.assess.resampling_plan import refitting_of, resampling_of
from lvmodels.errors import (
    BootstrapWarning,
    DataError,
    LvmodelsError,
    NotConvergedError,
    OptionValueError,
    nearest,
)
from lvmodels.estimate.choices import seed_sequence
from lvmodels.estimate.derived import derived
from lvmodels.estimate.resample import (
    UNSETTLED,
    Block,
    Replicates,
    Resampling,
    block_size,
    blocks_of,
    draw_block,
    run,
    solve_block,
)
from lvmodels.estimate.stack import Samples
from lvmodels.estimate.threads import one_thread, processors
from lvmodels.fit.preparation import Prepared, with_weights
from lvmodels.fit.record import Fit
from lvmodels.fit.refit import refit_block, refit_moments
from lvmodels.model.expression import evaluate
from lvmodels.model.specification import Specification
from lvmodels.moments.complete import Moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Kind = Literal["ordinary", "parametric", "bollen.stine", "cluster"]
KINDS = ("ordinary", "parametric", "bollen.stine", "cluster")
_SINGLE = 25
"""Replicates a block where they are refitted one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Replicates of a fit.

    Attributes
    ----------
    kind : {"ordinary", "parametric", "bollen.stine", "cluster"}
    values : ndarray, shape (R, n_rows)
        Of all rows of the table, in the replicates that have a solution.
    F : ndarray, shape (R,)
        Minima of the discrepancy.
    reasons : dict of str to int
        Why other replicates have none, and how many.
    """

    kind: Kind
    values: Matrix
    F: Vector
    reasons: Mapping[str, int]

    @property
    def failed(self) -> int:
        """Replicates without a solution."""
        return sum(self.reasons.values())


@one_thread
def draw(fit: Fit, n: int, kind: Kind, seed: Any = None, executor: Executor | None = None) -> Drawn:
    """Draw n samples and fit the model to each.

    Raises
    ------
    NotConvergedError
        When the fit itself has no solution to start from.
    OptionValueError, DataError
        When the kind, or the fit, does not allow it.
    """
    if not fit.converged or fit.singular:
        raise NotConvergedError(
            "there is nothing to resample: the fit did not converge, or its information is singular; see its warnings."
        )
    stacked, root = resampling_of(fit, kind), seed_sequence(seed)
    if stacked is not None:
        blocks = blocks_of(n, root, block_size(stacked.model.n_observed))
        found = _stacked(fit, stacked, blocks, executor)
    else:
        found = list(run(refit_block, refitting_of(fit, kind), blocks_of(n, root, _SINGLE), executor))
    reasons = np.array([reason for part in found for reason in part.reasons], dtype=object)
    solved = reasons == ""
    values, F = np.concatenate([part.values for part in found]), np.concatenate([part.F for part in found])
    counted = dict(Counter(reasons[~solved].tolist()).most_common())
    if not solved.any():
        raise DataError(f"no replicate could be solved ({next(iter(counted))}); the sample is too small to resample.")
    return Drawn(kind, read_only(values[solved]), read_only(F[solved]), counted)


def _stacked(fit: Fit, problem: Resampling, blocks: list[Block], executor: Executor | None) -> list[Replicates]:
    """All blocks, in threads of our own where none are given and there is more than one processor to use."""
    workers = min(processors(), len(blocks))
    if executor is None and workers > 1:
        with ThreadPoolExecutor(workers) as own:
            found = list(run(solve_block, problem, blocks, own))
    else:
        found = list(run(solve_block, problem, blocks, executor))
    return [_searched_again(fit, problem, b, part) for b, part in zip(blocks, found, strict=True)]


def _searched_again(fit: Fit, problem: Resampling, block: Block, part: Replicates) -> Replicates:
    """The block with the replicates that did not settle in the stack solved as a single fit is."""
    outside = _violating(fit, part.values)
    again = [k for k, reason in enumerate(part.reasons) if reason == UNSETTLED or (not reason and outside[k])]
    if not again:
        return part
    samples, _ = draw_block(problem, block)
    values, F, reasons = part.values.copy(), part.F.copy(), list(part.reasons)
    for k in again:
        try:
            moments = moments_at(fit, samples, k)
            optimum, reasons[k] = refit_moments(fit.settings, specification_of(fit), moments, problem.start)
        except (LvmodelsError, np.linalg.LinAlgError):
            reasons[k] = "the search did not converge"
            continue
        if optimum is not None:
            values[k], F[k] = optimum.evaluation.values, optimum.F
    return Replicates(values, F, tuple(reasons))


def _violating(fit: Fit, values: Matrix) -> NDArray[np.bool_]:
    """Which points violate an inequality constraint, shape (R,)."""
    restrictions, found = fit.objective.restrictions, np.zeros(len(values), dtype=bool)
    by_name = {name: values[:, row] for name, row in restrictions.lookup.items()}
    for expression in restrictions.inequalities:
        found |= ~(np.asarray(evaluate(expression, by_name)) >= -1e-12)
    return found


def moments_at(fit: Fit, samples: tuple[Samples, ...], k: int) -> tuple[Moments, ...]:
    """The moments of the k-th of some samples, one record a group."""
    unbiased = fit.settings.unbiased
    total = sum(m.n - unbiased for m in fit.prepared.moments)
    moments = tuple(
        Moments(float(sample.share[k] * total + unbiased), sample.mean[k], sample.cov[k]) for sample in samples
    )
    prepared = Prepared(None, None, moments, fit.prepared.group_labels, ())
    return with_weights(fit.settings, prepared, fit.table.meanstructure).moments


def specification_of(fit: Fit) -> Specification:
    """Everything about the model of a fit that does not depend on the data."""
    return Specification(fit.text, fit.table, fit.objective.template, fit.objective.restrictions)


def kind_of(value: Any) -> Kind:
    """A kind in its customary spelling.

    Raises
    ------
    OptionValueError
    """
    plain = str(value).lower().replace("_", ".")
    for kind in KINDS:
        if plain == kind:
            return kind  # type: ignore[return-value]
    hint = nearest(plain, KINDS) or f"Use one of {', '.join(map(repr, KINDS))}."
    raise OptionValueError(f"kind={value!r} is not known. {hint}")


def failure_sentence(drawn: Drawn) -> str:
    """How many replicates have no solution, and why."""
    total = len(drawn.F) + drawn.failed
    why = "; ".join(f"{reason} ({count})" for reason, count in drawn.reasons.items())
    return f"{drawn.failed} of {total} replicates have no solution and are left out: {why}."


def _with_warning(drawn: Drawn) -> Drawn:
    if drawn.failed:
        python_warnings.warn(BootstrapWarning(failure_sentence(drawn)), stacklevel=4)
    return drawn


@derived
def draws_for_errors(fit: Fit) -> Drawn:
    """The replicates behind se="bootstrap": cases, or whole clusters where there are clusters."""
    kind: Kind = "ordinary" if fit.settings.cluster is None else "cluster"
    return _with_warning(draw(fit, fit.settings.bootstrap, kind, fit.settings.seed))


@derived
def bollen_stine(fit: Fit) -> Drawn:
    """The replicates behind test="bollen.stine"."""
    return _with_warning(draw(fit, fit.settings.bootstrap, "bollen.stine", fit.settings.seed))


def exceedance(fit: Fit, drawn: Drawn) -> float:
    """Share of replicates whose discrepancy is at least that of the sample (Bollen and Stine 1992)."""
    return float((drawn.F >= fit.optimum.F).mean())
