"""A finite mixture of normal distributions by the EM algorithm, on arrays.

K classes with shares pi_k, means mu_k (p,) and covariances Sigma_k (p, p):

    f(y) = sum over k of pi_k N(y; mu_k, Sigma_k)

Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). *Journal of the Royal Statistical Society B*, 39(1), 1-38;
covariances by shape as in Banfield, J. D. and Raftery, A. E. (1993). *Biometrics*, 49(3), 803-821.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mixture", "Shape", "fit_mixture", "n_parameters"]

Array = NDArray[np.float64]
Shape = Literal["diagonal", "equal", "full"]
_LOG_2PI = float(np.log(2.0 * np.pi))
_FLOOR = 1e-3
"""Least variance of a class in any direction, in standard deviations of the data: no class shrinks to a point."""
_FEWEST = 1e-8
_NEAR = 1e-4
"""Log-likelihood still to come at which EM rests."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """pi (K,), mu (K, p), Sigma (K, p, p), posterior (n, K), the log-likelihood, and whether EM settled."""

    pi: Array
    mu: Array
    Sigma: Array
    posterior: Array
    log_likelihood: float
    settled: bool


def n_parameters(K: int, p: int, shape: Shape) -> int:
    """How many numbers a mixture has free."""
    covariances = {"diagonal": K * p, "equal": p * (p + 1) // 2, "full": K * p * (p + 1) // 2}[shape]
    return K - 1 + K * p + covariances


def fit_mixture(Y: Array, K: int, shape: Shape, starts: int, rng: np.random.Generator, steps: int = 2000) -> Mixture:
    """The best of several runs of EM.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Standard scores.
    K : int
        Classes.
    shape : {"diagonal", "equal", "full"}
        Covariances: none within classes, one for all, or one a class.
    starts : int
        Runs from means drawn far apart; the best after 30 steps goes on to the end, with the runner-up.
    steps : int
        Most steps of a run.
    """
    runs = [_run(Y, shape, _start(Y, K, rng), 30) for _ in range(starts if K > 1 else 1)]
    runs.sort(key=lambda run: -run.log_likelihood)
    finished = [_run(Y, shape, run.posterior, steps) for run in runs[:2]]
    best = max(finished, key=lambda run: run.log_likelihood)
    order = np.argsort(-best.pi, kind="stable")
    return Mixture(
        best.pi[order],
        best.mu[order],
        best.Sigma[order],
        best.posterior[:, order],
        best.log_likelihood,
        best.settled,
    )


def _start(Y: Array, K: int, rng: np.random.Generator) -> Array:
    """Each case to the nearest of K cases drawn far apart (k-means++: Arthur and Vassilvitskii 2007), as shares."""
    centres = [Y[rng.integers(len(Y))]]
    for _ in range(K - 1):
        away = np.min([((Y - centre) ** 2).sum(axis=1) for centre in centres], axis=0)
        total = away.sum()
        centres.append(Y[rng.choice(len(Y), p=away / total)] if total > 0.0 else Y[rng.integers(len(Y))])
    distance = np.array([((Y - centre) ** 2).sum(axis=1) for centre in centres]).T
    own = np.zeros((len(Y), K))
    own[np.arange(len(Y)), distance.argmin(axis=1)] = 1.0
    return 0.9 * own + 0.1 / K


def _run(Y: Array, shape: Shape, posterior: Array, steps: int) -> Mixture:
    """EM until the limit that the last three steps point to is near (Aitken; Boehning et al. 1994)."""
    path: list[float] = []
    settled = False
    for _ in range(steps):
        pi, mu, Sigma = _maximise(Y, posterior, shape)
        joint = np.log(pi) + _log_density(Y, mu, Sigma)
        top = joint.max(axis=1, keepdims=True)
        each = top[:, 0] + np.log(np.exp(joint - top).sum(axis=1))
        posterior = np.exp(joint - each[:, None])
        path.append(float(each.sum()))
        if len(path) > 2 and _remaining(path) < _NEAR:
            settled = True
            break
    return Mixture(pi, mu, Sigma, posterior, path[-1], settled)


def _remaining(path: list[float]) -> float:
    """How much log-likelihood is still to come, from the rate at which gains shrink."""
    gain, before = path[-1] - path[-2], path[-2] - path[-3]
    if gain <= 1e-10 * (1.0 + abs(path[-1])):
        return 0.0
    rate = gain / before if before > 0.0 else 1.0
    return gain / (1.0 - rate) if rate < 1.0 else np.inf


def _maximise(Y: Array, posterior: Array, shape: Shape) -> tuple[Array, Array, Array]:
    p = Y.shape[1]
    weight = posterior.sum(axis=0) + _FEWEST
    mu = posterior.T @ Y / weight[:, None]
    away = Y - mu[:, None]
    Sigma = (posterior.T[:, :, None] * away).transpose(0, 2, 1) @ away / weight[:, None, None]
    if shape == "equal":
        Sigma[:] = np.einsum("k,kij->ij", weight / weight.sum(), Sigma)
    if shape == "diagonal":
        Sigma *= np.eye(p)
    values, vectors = np.linalg.eigh(Sigma)
    Sigma = np.einsum("kij,kj,klj->kil", vectors, np.maximum(values, _FLOOR), vectors)
    return weight / weight.sum(), mu, Sigma


def _log_density(Y: Array, mu: Array, Sigma: Array) -> Array:
    """log N(y_i; mu_k, Sigma_k), shape (n, K)."""
    L = np.linalg.cholesky(Sigma)
    z = (Y - mu[:, None]) @ np.linalg.inv(L).transpose(0, 2, 1)
    log_det = np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1)
    out: Array = -0.5 * (z**2).sum(axis=2).T - log_det - 0.5 * Y.shape[1] * _LOG_2PI
    return out
