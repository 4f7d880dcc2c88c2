"""Scores of the cases on exploratory factors, from the answers that each case gave."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
ScoreMethod = Literal["regression", "bartlett", "anderson-rubin"]
SCORE_METHODS: tuple[ScoreMethod, ...] = ("regression", "bartlett", "anderson-rubin")


def score_weights(Lambda: Matrix, Phi: Matrix, psi: Vector, method: str) -> Matrix:
    """What standardized answers are multiplied by, shape (m, p); NaN where too few answers determine the scores.

    regression      Phi Lambda'Sigma^-1 (Thomson 1935; Thurstone 1935)
    bartlett        (Lambda'Psi^-1 Lambda)^-1 Lambda'Psi^-1 (Bartlett 1937)
    anderson-rubin  (Lambda'Psi^-1 Sigma Psi^-1 Lambda)^-1/2 Lambda'Psi^-1 (Anderson and Rubin 1956)
    """
    p, m = Lambda.shape
    Sigma = Lambda @ Phi @ Lambda.T + np.diag(psi)
    if method == "regression":
        return np.asarray(np.linalg.solve(Sigma, Lambda @ Phi).T)
    scaled = Lambda / psi[:, None]
    inner = scaled.T @ (Lambda if method == "bartlett" else Sigma @ scaled)
    if p < m or np.linalg.matrix_rank(inner, hermitian=True) < m:
        return np.full((m, p), np.nan)
    if method == "bartlett":
        return np.asarray(np.linalg.solve(inner, scaled.T))
    values, vectors = np.linalg.eigh(inner)
    return np.asarray(vectors / np.sqrt(values) @ vectors.T @ scaled.T)


def factor_scores(Z: Matrix, Lambda: Matrix, Phi: Matrix, psi: Vector, method: str) -> Matrix:
    """Scores of standardized answers, shape (n, m); with missing answers from those given, NaN where there is none."""
    found = np.full((len(Z), Lambda.shape[1]), np.nan)
    kinds, kind = np.unique(~np.isnan(Z), axis=0, return_inverse=True)
    for k, seen in enumerate(kinds):
        if seen.any():
            of = np.flatnonzero(kind.ravel() == k)
            found[of] = Z[np.ix_(of, seen)] @ score_weights(Lambda[seen], Phi, psi[seen], method).T
    return found
