"""Segments found by a finite mixture of the path model (Hahn, Johnson, Herrmann and Huber 2002).

Scores are those of all cases; in segment k with share p_k every outcome is normal about its regression:

    L = Π_i Σ_k p_k Π_j N(η_ij; Σ_m β_kmj η_im, ψ_kj)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from lvmodels.composites.estimates import construct_frame, score_array
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import check_converged
from lvmodels.errors import NotConvergedError, OptionValueError
from lvmodels.estimate.choices import seed_sequence

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALLEST = 1e-6
"""Of a residual variance, so that no segment shrinks to cases that lie on one line."""
_ITERATIONS = 5000


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Parameters: p (K,), B (K, J, J), psi (K, J), and the log-likelihood they give."""

    p: Vector
    B: Matrix
    psi: Matrix
    posterior: Matrix
    log_likelihood: float


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """A mixture of K segments.

    Attributes
    ----------
    membership : DataFrame
        A row a case, a column a segment (from 1, the largest first): probabilities.
    sizes : Series
        Shares of the segments.
    paths : tuple of DataFrame
        Origin in the row, outcome in the column; one a segment.
    r2 : DataFrame
        Outcomes × segments: share of the outcome's variance in the segment that its predecessors explain.
    criteria : Series
        log_likelihood, n_parameters, aic, aic3, aic4, bic, caic, hq, mdl5 (smaller is better), and entropy (1: each
        case belongs to one segment).
    """

    membership: pd.DataFrame
    sizes: pd.Series[float]
    paths: tuple[pd.DataFrame, ...]
    r2: pd.DataFrame
    criteria: pd.Series[float]

    @property
    def assigned(self) -> pd.Series[int]:
        """The most probable segment of every case."""
        return self.membership.idxmax(axis=1).rename("segment")

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.sizes)
        return f"<Segments: {len(self.sizes)} ({shares}), BIC {self.criteria['bic']:.1f}>"


def fimix(fit: PlsRecord, segments: Any, starts: Any, seed: Any) -> Segments:
    """The record behind `PlsFit.fimix`."""
    check_converged(fit)
    for name, value in (("segments", segments), ("starts", starts)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise OptionValueError(f"{name}={value!r} must be a whole number from 1.")
    outcomes = np.flatnonzero(fit.stage.paths.any(axis=0))
    per_segment = int(fit.stage.paths.sum()) + len(outcomes)
    if segments * per_segment >= fit.nobs:
        raise OptionValueError(
            f"{segments} segments have more parameters than the {fit.nobs} cases allow; ask for fewer."
        )
    scores, streams = score_array(fit), seed_sequence(seed).spawn(int(starts))
    found = [_maximize(fit, scores, outcomes, int(segments), np.random.default_rng(s)) for s in streams]
    usable = [state for state in found if state is not None]
    if not usable:
        raise NotConvergedError("no start of the mixture settled; ask for fewer segments, or more starts.")
    return _record(fit, scores, outcomes, max(usable, key=lambda state: state.log_likelihood))


def _maximize(
    fit: PlsRecord, scores: Matrix, outcomes: NDArray[np.intp], K: int, generator: np.random.Generator
) -> _State | None:
    """Expectation and maximization in turn, from a random division; None where it does not settle."""
    posterior = np.eye(K)[generator.integers(0, K, size=len(scores))]
    before = -np.inf
    for _ in range(_ITERATIONS):
        state = _step(fit, scores, outcomes, posterior)
        if state is None:
            return None
        if state.log_likelihood - before < 1e-8 * abs(state.log_likelihood):
            return state
        before, posterior = state.log_likelihood, state.posterior
    return None


def _step(fit: PlsRecord, scores: Matrix, outcomes: NDArray[np.intp], posterior: Matrix) -> _State | None:
    """Regressions in each segment, and what they make of every case."""
    K, J = posterior.shape[1], scores.shape[1]
    weights = posterior * fit.answers.weights[:, None]
    totals = weights.sum(axis=0)
    B, psi = np.zeros((K, J, J)), np.ones((K, J))
    log_density = np.tile(np.log(np.maximum(totals / totals.sum(), 1e-300)), (len(scores), 1))
    if (totals < len(outcomes) + 1).any():
        return None
    for j in outcomes:
        X, y = scores[:, fit.stage.predecessors(j)], scores[:, j]
        weighted = weights.T[:, None, :] * X.T
        left, right = weighted @ X, weighted @ y
        try:
            slope = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            return None
        B[:, fit.stage.predecessors(j), j] = slope
        square = (y[:, None] - X @ slope.T) ** 2
        psi[:, j] = np.maximum((weights * square).sum(axis=0) / totals, _SMALLEST)
        log_density -= 0.5 * (np.log(2.0 * np.pi * psi[:, j]) + square / psi[:, j])
    highest = log_density.max(axis=1)
    density = np.exp(log_density - highest[:, None])
    total = density.sum(axis=1)
    posterior, each = density / total[:, None], highest + np.log(total)
    return _State(totals / totals.sum(), B, psi, posterior, float(fit.answers.weights @ each))


def _record(fit: PlsRecord, scores: Matrix, outcomes: NDArray[np.intp], state: _State) -> Segments:
    import pandas as pd

    order = np.argsort(-state.p, kind="stable")
    labels = list(range(1, len(order) + 1))
    posterior = state.posterior[:, order]
    weights = posterior * fit.answers.weights[:, None]
    mean = (weights.T @ scores) / weights.sum(axis=0)[:, None]
    variance = (weights.T @ scores**2) / weights.sum(axis=0)[:, None] - mean**2
    explained = 1.0 - state.psi[order][:, outcomes] / variance[:, outcomes]
    names = [fit.stage.names[j] for j in outcomes]
    return Segments(
        membership=pd.DataFrame(posterior, index=fit.answers.rows, columns=labels),
        sizes=pd.Series(state.p[order], index=labels, name="share"),
        paths=tuple(construct_frame(fit, state.B[k]) for k in order),
        r2=pd.DataFrame(explained.T, index=names, columns=labels),
        criteria=_criteria(fit, state, len(outcomes)),
    )


def _criteria(fit: PlsRecord, state: _State, n_outcomes: int) -> pd.Series[float]:
    import pandas as pd

    K, n = len(state.p), fit.nobs
    q = K - 1 + K * (int(fit.stage.paths.sum()) + n_outcomes)
    deviance, log_n = -2.0 * state.log_likelihood, np.log(n)
    unsure = -xlogy(state.posterior, state.posterior).sum()
    penalties = {
        "aic": 2.0, "aic3": 3.0, "aic4": 4.0, "bic": log_n, "caic": log_n + 1.0, "hq": 2.0 * np.log(log_n),
        "mdl5": 5.0 * log_n,
    }  # fmt: skip
    return pd.Series(
        {
            "log_likelihood": state.log_likelihood,
            "n_parameters": float(q),
            **{name: deviance + penalty * q for name, penalty in penalties.items()},
            "entropy": 1.0 - unsure / (n * np.log(K)) if K > 1 else 1.0,
        }
    )
