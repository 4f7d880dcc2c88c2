"""What a two-level model is fitted to: the clusters' statistics, and first guesses of the moments of both levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.moments.clustered import ClusterMoments
from lvmodels.moments.clustered_missing import IncompleteClusters

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_LEAST_SHARE, _LEAST_ROOT = 0.05, 0.1


@dataclass(frozen=True, slots=True, eq=False)
class LevelMoments:
    """Statistics of one group of clusters.

    Attributes
    ----------
    clusters : ClusterMoments
    mean : ndarray, shape (2, p)
        Of each level; that of a variable of both levels stands at the second.
    cov : ndarray, shape (2, p, p)
        Exact for variables of one level; those of both by the moments of the pooled scatter, unless refined.
    incomplete : IncompleteClusters or None
        With missing values; the statistics above are then of guesses for them, and good for starting values alone.
    """

    clusters: ClusterMoments
    mean: Matrix
    cov: Matrix
    incomplete: IncompleteClusters | None = None

    @property
    def n_values(self) -> float:
        """Answers there are, a variable of level 2 counted once a cluster."""
        if self.incomplete is not None:
            return self.incomplete.n_values
        c = self.clusters
        return float(c.n_cases * c.within.sum() + c.n_clusters * (c.between & ~c.within).sum())

    def start(self, level: int) -> tuple[Vector, Matrix]:
        """Mean and a positive definite covariance of the variables of a level (1 or 2) to start from."""
        there = self.clusters.between if level == 2 else self.clusters.within
        cov = self.cov[level - 1].copy()
        some = np.ix_(there, there)
        total = np.diagonal(self.cov.sum(axis=0))
        cov[some] = _steadied(cov[some], total[there])
        return self.mean[level - 1], cov


def level_moments(Y: Matrix, clusters: ClusterMoments) -> LevelMoments:
    """First guesses of the moments of both levels from complete data (Muthén 1990, eq. 10-12).

    Variables of level 1 alone have their covariances over all cases, variables of level 2 alone those over clusters;
    what is common to both levels is the scatter of cluster means less that of cases, over the typical cluster size.
    """
    N, J, w, b = clusters.n_cases, clusters.n_clusters, clusters.within, clusters.between
    n = clusters.sizes[clusters.size_of]
    both = w & b
    overall = Y.mean(axis=0)
    gap = clusters.cluster_means - overall
    typical = (N - (n @ n) / N) / (J - 1.0)
    means = (gap * n[:, None]).T @ gap
    within = np.where(np.outer(both, both), clusters.scatter, (clusters.scatter * (N - J) + means) / N)
    center = clusters.cluster_means.mean(axis=0)
    plain = clusters.cluster_means - center
    between = np.where(np.outer(both, both), (means / (J - 1.0) - clusters.scatter) / typical, plain.T @ plain / J)
    return LevelMoments(
        clusters,
        np.array([np.where(w & ~b, overall, 0.0), np.where(w & b, overall, center) * b]),
        np.array([within * np.outer(w, w), between * np.outer(b, b)]),
    )


def _steadied(cov: Matrix, total: Vector) -> Matrix:
    """The nearest sound covariance matrix: no variance vanishes, no correlation is perfect."""
    variance = np.maximum(np.diagonal(cov), _LEAST_SHARE * total)
    size = np.sqrt(variance)
    R = np.clip(cov / size / size[:, None], -1.0, 1.0)
    np.fill_diagonal(R, 1.0)
    roots, vectors = np.linalg.eigh(R)
    if roots.size and roots[0] < _LEAST_ROOT:
        R = (vectors * np.maximum(roots, _LEAST_ROOT)) @ vectors.T
        unit = np.sqrt(np.diagonal(R))
        R = R / unit / unit[:, None]
    return np.asarray(R * size * size[:, None])
