"""Incomplete cases in clusters, arranged for their likelihood: patterns of cases, and of clusters at level 2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class IncompleteClusters:
    """Answers of one group; vectors are over the p variables of both levels.

    Attributes
    ----------
    Y : ndarray, shape (n, p)
        Cases, cluster by cluster; 0 for missing values and for variables of level 2 alone.
    first : ndarray of int, shape (J,)
        First case of each cluster.
    cluster : ndarray of int, shape (n,)
    observed : ndarray of bool, shape (K, p)
        Patterns of the variables of level 1.
    member : ndarray of int, shape (n,)
        Pattern of each case.
    counts : ndarray, shape (J, K)
        Cases of each pattern in each cluster.
    z : ndarray, shape (J, p)
        Variables of level 2 alone; 0 elsewhere and where missing.
    z_observed : ndarray of bool, shape (L, p)
        Patterns of these.
    z_member : ndarray of int, shape (J,)
    order : ndarray of int, shape (n,)
        Places of the cases among those of the group as they stand in the data.
    """

    Y: Matrix
    first: Index
    cluster: Index
    observed: Flags
    member: Index
    counts: Matrix
    z: Matrix
    z_observed: Flags
    z_member: Index
    order: Index

    @property
    def n_values(self) -> float:
        """Answers there are, a variable of level 2 counted once a cluster."""
        by_case = self.observed.sum(axis=1)[self.member].sum()
        return float(by_case + self.z_observed.sum(axis=1)[self.z_member].sum())


def incomplete_clusters(Y: Matrix, clusters: Index, within: Flags, between: Flags) -> IncompleteClusters:
    """Arrange cases with missing values (NaN).

    Parameters
    ----------
    Y : ndarray, shape (n, p)
    clusters : ndarray of int, shape (n,)
        Cluster of each case, numbered from 0 without gaps.
    within, between : ndarray of bool, shape (p,)
        Variables of level 1, and of level 2.
    """
    order = np.argsort(clusters, kind="stable")
    cluster, Y = clusters[order], Y[order]
    n = np.bincount(clusters)
    seen = ~np.isnan(Y)
    observed, member = np.unique(seen & within, axis=0, return_inverse=True)
    counts = np.zeros((len(n), len(observed)))
    np.add.at(counts, (cluster, member.reshape(-1)), 1.0)
    above = between & ~within
    z = cluster_values(Y, cluster, len(n))
    z_observed, z_member = np.unique(~np.isnan(z) & above, axis=0, return_inverse=True)
    return IncompleteClusters(
        Y=np.where(seen & within, Y, 0.0),
        first=np.concatenate([[0], np.cumsum(n)[:-1]]).astype(np.intp),
        cluster=cluster,
        observed=observed,
        member=member.reshape(-1),
        counts=counts,
        z=np.where(np.isnan(z) | ~above, 0.0, z),
        z_observed=z_observed,
        z_member=z_member.reshape(-1),
        order=order,
    )


def cluster_values(Y: Matrix, cluster: Index, J: int) -> Matrix:
    """Means of the answers of each cluster, NaN where there is none, shape (J, p)."""
    seen = ~np.isnan(Y)
    total, count = np.zeros((J, Y.shape[1])), np.zeros((J, Y.shape[1]))
    np.add.at(total, cluster, np.where(seen, Y, 0.0))
    np.add.at(count, cluster, seen)
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)


def filled(Y: Matrix, clusters: Index, within: Flags) -> Matrix:
    """Cases with guesses for missing values, for starting values alone: the cluster's mean and a deviation."""
    J = int(clusters.max()) + 1
    means = cluster_values(Y, clusters, J)
    overall = np.nanmean(Y, axis=0)
    guess = np.where(np.isnan(means), overall, means)[clusters]
    spread = np.nanstd(Y - guess, axis=0) * within
    signs = np.where(np.arange(Y.size).reshape(Y.shape) % 2 == 0, 1.0, -1.0)
    return np.where(np.isnan(Y), guess + signs * spread, Y)
