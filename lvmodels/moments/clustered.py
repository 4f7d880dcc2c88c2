"""Sufficient statistics of cases in clusters: scatter within clusters, and means of clusters by their size.

Under normality, with Sigma_W within and Sigma_B between clusters, the likelihood depends on complete data only through
the pooled scatter within clusters and, for each size of cluster, the mean and the scatter of the cluster means
(McDonald and Goldstein 1989; Muthén 1990).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
_CONSTANT = 1e-8  # spread within a cluster, in standard deviations, that counts as rounding


@dataclass(frozen=True, slots=True, eq=False)
class ClusterMoments:
    """Statistics of one group; all vectors are over the p variables of both levels.

    Attributes
    ----------
    within, between : ndarray of bool, shape (p,)
        Which variables vary within, and which between clusters.
    sizes : ndarray, shape (S,)
        The sizes of clusters that occur.
    counts : ndarray, shape (S,)
        Clusters of each size.
    size_of : ndarray of int, shape (J,)
        Which of the sizes each cluster has.
    cluster_means : ndarray, shape (J, p)
    scatter : ndarray, shape (p, p)
        Pooled covariance within clusters, divided by N - J; 0 for variables of level 2 alone.
    mean : ndarray, shape (S, p)
    cov : ndarray, shape (S, p, p)
        Of the cluster means of each size, divided by their number.
    """

    within: NDArray[np.bool_]
    between: NDArray[np.bool_]
    sizes: Vector
    counts: Vector
    size_of: Index
    cluster_means: Matrix
    scatter: Matrix
    mean: Matrix
    cov: Matrix

    @property
    def n_cases(self) -> float:
        """N."""
        return float(self.sizes @ self.counts)

    @property
    def n_clusters(self) -> float:
        """J."""
        return float(self.counts.sum())


def cluster_moments(
    Y: Matrix, clusters: Index, within: NDArray[np.bool_], between: NDArray[np.bool_]
) -> ClusterMoments:
    """Summarise complete cases in clusters.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
    clusters : ndarray of int, shape (n,)
        Cluster of each case, numbered from 0 without gaps.
    within, between : ndarray of bool, shape (p,)

    Examples
    --------
    >>> Y = np.array([[1.0], [3.0], [4.0], [6.0], [7.0]])
    >>> moments = cluster_moments(Y, np.array([0, 0, 1, 1, 1]), np.array([True]), np.array([True]))
    >>> moments.sizes, moments.scatter.round(3), moments.mean.round(3)
    (array([2., 3.]), array([[2.222]]), array([[2.   ],
           [5.667]]))
    """
    order = np.argsort(clusters, kind="stable")
    n = np.bincount(clusters).astype(float)
    first = np.concatenate([[0], np.cumsum(n)[:-1]]).astype(np.intp)
    means = np.add.reduceat(Y[order], first, axis=0) / n[:, None]
    deviations = (Y - means[clusters]) * within
    sizes, size_of = np.unique(n, return_inverse=True)
    counts = np.bincount(size_of).astype(float)
    by_size = np.argsort(size_of, kind="stable")
    start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    mean = np.add.reduceat(means[by_size], start, axis=0) / counts[:, None]
    gap = means - mean[size_of]
    products = gap[by_size, :, None] * gap[by_size, None, :]
    return ClusterMoments(
        within=within,
        between=between,
        sizes=sizes,
        counts=counts,
        size_of=size_of,
        cluster_means=means,
        scatter=deviations.T @ deviations / max(len(Y) - len(n), 1),
        mean=mean,
        cov=np.add.reduceat(products, start, axis=0) / counts[:, None, None],
    )


def check_constant(
    Y: Matrix, clusters: Index, names: Sequence[str], level2: NDArray[np.bool_], labels: Sequence[str]
) -> None:
    """Refuse variables of level 2 alone that vary within a cluster.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Missing values are NaN.
    level2 : ndarray of bool, shape (p,)
        The variables that are checked.
    labels : sequence of str
        Names of the clusters.

    Raises
    ------
    DataError
        With the variable and the cluster.
    """
    J = len(labels)
    for k in np.flatnonzero(level2).tolist():
        y = Y[:, k]
        seen = ~np.isnan(y)
        low, high = np.full(J, np.inf), np.full(J, -np.inf)
        np.minimum.at(low, clusters[seen], y[seen])
        np.maximum.at(high, clusters[seen], y[seen])
        spread = np.where(np.isfinite(low), high - low, 0.0)
        if (spread > _CONSTANT * (np.nanstd(y) or 1.0)).any():
            j = int(spread.argmax())
            raise DataError(
                f"'{names[k]}' stands at level 2 alone, but takes {low[j]:.6g} and {high[j]:.6g} in cluster "
                f"'{labels[j]}'; name it at level 1, too, or give it one value in each cluster."
            )
