"""Groups compared: measurement invariance of composites (MICOM), permutation tests, Henseler's multigroup analysis.

Henseler, Ringle and Sarstedt (2016); Chin and Dibbern (2010); Henseler, Ringle and Sinkovics (2009); Welch (1947). A
permutation is a sample of each group told by counts, so that all permutations are solved as stacks.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from lvmodels.composites.answers import check_answers, read_answers
from lvmodels.composites.estimated import PlsEstimated
from lvmodels.composites.estimation import fit_answers
from lvmodels.composites.micom import Composites, composites_in, invariance_table
from lvmodels.composites.replicates import (
    Replicates,
    block_length,
    check_converged,
    draw,
    resampled,
    usable_in,
)
from lvmodels.composites.rows import row_values
from lvmodels.composites.solution import Solution, solve_stages
from lvmodels.errors import NotEstimableError
from lvmodels.estimate.choices import check_replicates, seed_sequence
from lvmodels.estimate.resample import blocks_of
from lvmodels.estimate.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two groups.

    Attributes
    ----------
    first, second : int
        Numbers of the groups, from 0.
    together : PlsFit
        The model in both groups pooled.
    observed : tuple of Composites
        What MICOM compares, in the groups.
    permuted : Composites
        The same in R divisions of the pooled cases at random.
    differences : ndarray, shape (R, n_rows)
        Estimates of one part of each division minus those of the other.
    """

    first: int
    second: int
    together: PlsEstimated
    observed: Composites
    permuted: Composites
    differences: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class GroupComparison:
    """Groups and the tests of their differences.

    Attributes
    ----------
    labels : tuple of str
    fits : tuple of PlsFit
        One a group.
    bootstraps : tuple of Replicates
    pairs : tuple of Pair
    """

    labels: tuple[str, ...]
    fits: tuple[PlsEstimated, ...]
    bootstraps: tuple[Replicates, ...]
    pairs: tuple[Pair, ...]

    def micom(self) -> pd.DataFrame:
        """Measurement invariance of composites, pair by pair.

        Returns
        -------
        DataFrame
            Columns group, other, construct; correlation of scores made by the weights of either group, with the
            5 % quantile of permutations and its p; difference of means and of logarithms of variances (pooled
            weights), each with its 95 % interval under permutation and its p; invariance: "full" when neither differs,
            "partial" when the composites agree, else "none".
        """
        import pandas as pd

        tables = []
        for pair in self.pairs:
            table = invariance_table(pair.together.stage, pair.observed, pair.permuted)
            table.insert(0, "other", self.labels[pair.second])
            table.insert(0, "group", self.labels[pair.first])
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    def paths(self) -> pd.DataFrame:
        """Differences of paths; as `estimates`, for rows with op ``~`` and defined parameters."""
        table = self.estimates()
        return table[table["op"].isin(["~", ":="])].reset_index(drop=True)

    def estimates(self) -> pd.DataFrame:
        """Differences of all parameters between groups.

        Returns
        -------
        DataFrame
            Columns group, other, lhs, op, rhs, est (in the group), est_other, difference, and p values (two-sided) of
            the permutation test, of Henseler's comparison of bootstrap draws, and of the Welch test.
        """
        import pandas as pd

        parts = []
        for pair in self.pairs:
            a, b = self.fits[pair.first], self.fits[pair.second]
            raw = a.settings.metric == "raw"
            own, other = (row_values(a.rows, a.declared, fit.solutions, raw)[0][0] for fit in (a, b))
            draws = [
                row_values(a.rows, a.declared, self.bootstraps[g].solutions, raw)[0] for g in (pair.first, pair.second)
            ]
            parts.append(
                pd.DataFrame(
                    {
                        "group": self.labels[pair.first],
                        "other": self.labels[pair.second],
                        **{name: [getattr(row, name) for row in a.rows] for name in ("lhs", "op", "rhs")},
                        "est": own,
                        "est_other": other,
                        "difference": own - other,
                        "pvalue_permutation": exceeding(pair.differences, own - other),
                        "pvalue_henseler": henseler(draws[0], draws[1]),
                        "pvalue_welch": welch(own - other, draws[0], draws[1], a.nobs, b.nobs),
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{label} (n = {fit.nobs})" for label, fit in zip(self.labels, self.fits, strict=True))
        return f"<GroupComparison: {sizes}>"


def groups(fit: PlsEstimated, by: str, n: int, seed: Any, executor: Executor | None) -> GroupComparison:
    """The record behind `PlsFit.groups`."""
    number = check_replicates(n)
    check_converged(fit)
    if fit.answers.pairwise:
        raise NotEstimableError("groups are compared case by case; estimate with missing='mean' or 'casewise'.")
    latent = tuple(block.name for block in (*fit.declared.blocks, *fit.declared.higher) if block.items != (block.name,))
    answers, matrix, _ = read_answers(fit.source, fit.declared.items, latent, fit.settings, by)
    members = [np.flatnonzero(matrix.groups == g) for g in range(len(matrix.group_labels))]
    fits = []
    for cases, label in zip(members, matrix.group_labels, strict=True):
        own = answers.take(cases)
        check_answers(own, label)
        fits.append(fit_answers(type(fit), fit.settings, fit.declared, own, fit.source))
        check_converged(fits[-1])
    streams = seed_sequence(seed).spawn(len(fits) + 1)
    boots = tuple(draw(f, number, s, "construct", 0, executor) for f, s in zip(fits, streams, strict=False))
    pair_streams = streams[-1].spawn(len(fits) * (len(fits) - 1) // 2)
    pairs = tuple(
        _pair(fit, answers.take(np.concatenate([members[a], members[b]])), len(members[a]), (a, b), number, stream)
        for (a, b), stream in zip(combinations(range(len(fits)), 2), pair_streams, strict=True)
    )
    return GroupComparison(tuple(matrix.group_labels), tuple(fits), boots, pairs)


@one_thread
def _pair(
    fit: PlsEstimated, answers: Any, n_first: int, which: tuple[int, int], n: int, seed: np.random.SeedSequence
) -> Pair:
    """Two groups against divisions of their cases at random."""
    together = fit_answers(type(fit), fit.settings, fit.declared, answers, fit.source)
    check_converged(together)
    task = resampled(together, "construct")
    raw = fit.settings.metric == "raw"
    member = np.zeros(answers.n)
    member[:n_first] = 1.0
    loadings, n_cases = task.loadings, answers.n

    def solve_both(first: Matrix) -> tuple[tuple[Solution, ...], tuple[Solution, ...], Composites]:
        a, b = (solve_stages(task.stages, answers, c, fit.settings, loadings) for c in (first, 1.0 - first))
        return a, b, composites_in(together, first, a[-1], b[-1])

    observed = solve_both(member[None])[2]
    parts, differences = [], []
    for size, stream in blocks_of(n, seed, block_length(task)):
        generator = np.random.default_rng(stream)
        first = np.stack([generator.permutation(member) for _ in range(size)]).reshape(size, n_cases)
        a, b, found = solve_both(first)
        usable = usable_in(a) & usable_in(b)
        values = [
            row_values(fit.rows, fit.declared, tuple(s.take(usable) for s in solutions), raw)[0] for solutions in (a, b)
        ]
        differences.append(values[0] - values[1])
        parts.append(found.take(usable))
    return Pair(*which, together, observed, Composites.joined(parts), np.concatenate(differences))


def exceeding(drawn: Matrix, observed: Vector) -> Vector:
    """Share of permutations whose difference is at least as large, the division observed counted among them."""
    scale = 1e-12 * (1.0 + np.abs(observed))
    return np.asarray((1.0 + (np.abs(drawn) >= np.abs(observed) - scale).sum(axis=0)) / (len(drawn) + 1.0))


def henseler(first: Matrix, second: Matrix) -> Vector:
    """Two-sided p from the share of pairs of draws in which the order of two groups is reversed.

    Draws are reflected at their means, as in Henseler, Ringle and Sinkovics (2009, eq. 6).

    Examples
    --------
    >>> henseler(np.array([[0.1], [0.2]]), np.array([[0.8], [0.9]])).tolist()
    [0.0]
    """
    found = np.empty(first.shape[1])
    for c in range(len(found)):
        a = np.sort(2.0 * first[:, c].mean() - first[:, c])
        b = 2.0 * second[:, c].mean() - second[:, c]
        below, upto = np.searchsorted(a, b, "left"), np.searchsorted(a, b, "right")
        share = float((below + upto).mean()) / (2.0 * len(a))
        found[c] = 2.0 * min(share, 1.0 - share)
    return found


def welch(difference: Vector, first: Matrix, second: Matrix, n_first: int, n_second: int) -> Vector:
    """Two-sided p of the difference over its bootstrap error, with Welch and Satterthwaite's degrees of freedom."""
    a, b = first.var(axis=0), second.var(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(a + b > 1e-20, difference / np.sqrt(a + b), np.nan)
        df = (a + b) ** 2 / (a**2 / (n_first - 1.0) + b**2 / (n_second - 1.0))
    return np.asarray(2.0 * stdtr(df, -np.abs(t)))
