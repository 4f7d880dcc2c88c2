"""The tests of Vuong (1989) for models not nested: whether they differ at all, and which is nearer to the truth.

With l_i the difference of the log-likelihoods of case i under the two models, sum l_i = LR and the variance omega^2:

    n omega^2 is a sum of chi-squares of one degree, weighted by the squared eigenvalues of
        W = [[B_1 A_1^-1, B_12 A_2^-1], [-B_21 A_1^-1, -B_2 A_2^-1]]    when the models are indistinguishable,
    z = LR / (sqrt(n) omega) is standard normal                         when they are distinguishable and equally near,

with the observed information A of a case and the covariances B of the scores of both models. The tail of the weighted
sum is that of Imhof (1961).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special

from lvmodels.assess.casewise import case_scores, cases_of
from lvmodels.assess.vcov import inverse_information
from lvmodels.errors import NotEstimableError
from lvmodels.fit.record import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_LOG_2_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class Vuong:
    """Both tests.

    Attributes
    ----------
    omega2 : float
        Variance of the casewise differences.
    distinguishable : float
        p of the hypothesis that the models cannot be told apart in the population.
    z, pvalue : float
        Positive z favours the first model; two-sided p.
    """

    omega2: float
    distinguishable: float
    z: float
    pvalue: float


def vuong_test(first: Fit, second: Fit) -> Vuong:
    """Compare two models fitted by maximum likelihood to the same cases.

    Parameters
    ----------
    first, second : Fit

    Returns
    -------
    Vuong

    Raises
    ------
    NotEstimableError
        For levels, clusters, weights, or products of latent variables.
    DataError
        When the models were fitted to moments.

    References
    ----------
    Vuong, Q. H. (1989). Likelihood ratio tests for model selection and non-nested hypotheses. Econometrica, 57(2),
    307-333. Merkle, E. C., You, D. and Preacher, K. J. (2016). Testing nonnested structural equation models.
    Psychological Methods, 21(2), 151-163.
    """
    gap = case_log_likelihoods(first) - case_log_likelihoods(second)
    n = len(gap)
    omega2 = float(gap.var())
    together = float(gap.sum())
    z = together / np.sqrt(n * omega2) if omega2 > 0 else 0.0
    weights = np.asarray(np.linalg.eigvals(_difference_matrix(first, second)).real ** 2, dtype=np.float64)
    return Vuong(omega2, weighted_tail(n * omega2, weights), float(z), float(2.0 * special.ndtr(-abs(z))))


def case_log_likelihoods(fit: Fit) -> Vector:
    """Log-likelihood of every case at the estimates, shape (n,).

    Raises
    ------
    NotEstimableError, DataError
    """
    data = cases_of(fit.prepared.data, "Vuong's test")
    objective = fit.objective
    products = any(part.products is not None for part in objective.template.groups)
    if objective.template.levels is not None or data.clusters is not None or data.weights is not None or products:
        raise NotEstimableError(
            "Vuong's test is for independent cases without weights and for models without products of latent "
            "variables; compare AIC and BIC instead."
        )
    found = np.empty(len(data.Y))
    for g, sample in enumerate(objective.moments):
        rows = np.flatnonzero(data.groups == g)
        matrices, p = fit.solution.states[g].matrices, len(sample.cov)
        centre = matrices.eta[:p] if objective.template.meanstructure else sample.mean
        found[rows] = _normal(data.Y[rows] - centre, matrices.V[:p, :p])
        k = objective.template.n_covariates
        if k:  # the moments of fixed covariates are no part of the model
            found[rows] -= _normal((data.Y[rows] - centre)[:, -k:], matrices.V[p - k : p, p - k : p])
    return found


def _normal(z: Matrix, Sigma: Matrix) -> Vector:
    """Log-density of each row of deviations, over what was answered."""
    there = ~np.isnan(z)
    found = np.empty(len(z))
    patterns, member = np.unique(there, axis=0, return_inverse=True)
    for k, pattern in enumerate(patterns):
        rows = np.flatnonzero(member.ravel() == k)
        L = np.linalg.cholesky(Sigma[np.ix_(pattern, pattern)])
        u = np.linalg.solve(L, z[np.ix_(rows, pattern)].T)
        found[rows] = -0.5 * (pattern.sum() * _LOG_2_PI + (u * u).sum(axis=0)) - np.log(np.diagonal(L)).sum()
    return found


def _difference_matrix(first: Fit, second: Fit) -> Matrix:
    """W, shape (q_1 + q_2, q_1 + q_2)."""
    s1, s2 = _scores(first), _scores(second)
    A1, A2 = inverse_information(first, observed=True), inverse_information(second, observed=True)
    n = len(s1)
    B1, B2, B12 = s1.T @ s1 / n, s2.T @ s2 / n, s1.T @ s2 / n
    return np.asarray(np.block([[B1 @ A1, B12 @ A2], [-B12.T @ A1, -B2 @ A2]]))


def _scores(fit: Fit) -> Matrix:
    data = cases_of(fit.prepared.data, "Vuong's test")
    return np.asarray(case_scores(fit.objective, fit.solution, data) @ fit.objective.restrictions.K)


def weighted_tail(x: float, weights: Vector) -> float:
    """Probability that a sum of independent chi-squares of one degree, times weights >= 0, exceeds x (Imhof 1961).

    Examples
    --------
    >>> round(weighted_tail(3.841459, np.array([1.0])), 4), round(weighted_tail(5.991465, np.array([1.0, 1.0])), 4)
    (0.05, 0.05)
    """
    largest = weights.max(initial=0.0)
    kept = weights[weights > 1e-10 * largest] if largest > 0 else weights[:0]
    if not len(kept):
        return float(x <= 0)
    w, at = kept / largest, x / largest
    if len(w) == 1:
        return float(special.chdtrc(1, at))

    def angle(u: float) -> float:
        return float(0.5 * np.arctan(w * u).sum())

    def size(u: float) -> float:
        return float(np.exp(-0.25 * np.log1p((w * u) ** 2).sum()) / u)

    # Waves of one length from 1 on, which the rules of Fourier integrals take; below 1 there are few of them.
    start, _ = integrate.quad(lambda u: np.sin(angle(u) - 0.5 * at * u) * size(u), 0.0, 1.0, limit=200)
    even, _ = integrate.quad(lambda u: np.sin(angle(u)) * size(u), 1.0, np.inf, weight="cos", wvar=0.5 * at)
    odd, _ = integrate.quad(lambda u: np.cos(angle(u)) * size(u), 1.0, np.inf, weight="sin", wvar=0.5 * at)
    value = start + even - odd
    return float(np.clip(0.5 + value / np.pi, 0.0, 1.0))
