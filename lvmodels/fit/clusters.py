"""Data of a two-level model: clusters checked, and summarised group by group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, DataWarning, LvmodelsWarning
from lvmodels.estimate.settings import Settings
from lvmodels.model.variables import Variables
from lvmodels.moments.checks import check_moments, check_pairs, check_spread
from lvmodels.moments.clustered import check_constant, cluster_moments
from lvmodels.moments.clustered_missing import filled, incomplete_clusters
from lvmodels.moments.complete import Moments, complete_moments
from lvmodels.moments.levels import level_moments
from lvmodels.survey.matrix import DataMatrix

Flags = NDArray[np.bool_]


def covariates_of(roles: tuple[Variables, ...]) -> tuple[str, ...]:
    """Variables that are covariates at some level."""
    return tuple(dict.fromkeys(name for role in roles for name in role.covariates))


def clustered_moments(
    settings: Settings, matrix: DataMatrix, variables: Variables, roles: tuple[Variables, ...]
) -> tuple[tuple[Moments, ...], tuple[LvmodelsWarning, ...]]:
    """Moments of every group of clusters, checked, with what there is to warn about.

    Raises
    ------
    DataError
        For clusters that cannot tell the levels apart, and variables that vary where they should not.
    """
    within, between = (np.array([name in role.observed for name in variables.observed]) for role in roles)
    moments = tuple(_of_group(settings, matrix, g, within, between) for g in range(len(matrix.group_labels)))
    found: list[LvmodelsWarning] = []
    for sample in moments:
        assert sample.levels is not None
        J, count = sample.levels.clusters.n_clusters, int(between.sum())
        if J <= count:
            found.append(
                DataWarning(
                    f"there are {J:.0f} clusters for {count} variables at level 2; estimates there are hardly "
                    "determined. Use fewer variables at level 2, or more clusters."
                )
            )
    return moments, tuple(found)


def _of_group(settings: Settings, matrix: DataMatrix, g: int, within: Flags, between: Flags) -> Moments:
    assert matrix.clusters is not None
    label = matrix.group_labels[g]
    cases = matrix.groups == g
    Y, names = matrix.Y[cases], matrix.names
    codes, clusters = np.unique(matrix.clusters[cases], return_inverse=True)
    where = f" in group '{label}'" if label else ""
    sizes = np.bincount(clusters)
    if len(codes) < 2:
        raise DataError(
            f"there is one cluster{where}; a two-level model needs many. Check cluster='{settings.cluster}'."
        )
    if sizes.max() < 2:
        raise DataError(
            f"every cluster of '{settings.cluster}'{where} has a single case, which cannot tell the levels apart; name "
            "the column with the clusters, or remove the level blocks."
        )
    check_constant(Y, clusters, names, between & ~within, [matrix.cluster_labels[k] for k in codes])
    incomplete = None
    if np.isnan(Y).any():
        check_spread(Y, names, label)
        check_pairs(Y, names, label)
        incomplete = incomplete_clusters(Y, clusters, within, between)
        Y = filled(Y, clusters, within)
    whole = complete_moments(Y)
    check_moments(whole, names, label)
    statistics = cluster_moments(Y, clusters, within, between)
    flat = [n for n, v, s, w in zip(names, np.diagonal(statistics.scatter), np.diagonal(whole.cov), within, strict=True)
            if w and v <= 1e-14 * s]  # fmt: skip
    if flat:
        raise DataError(
            f"{', '.join(map(repr, flat))} {'does' if len(flat) == 1 else 'do'} not vary within clusters{where}; name "
            f"{'it' if len(flat) == 1 else 'them'} at level 2 alone."
        )
    levels = replace(level_moments(Y, statistics), incomplete=incomplete)
    return Moments(whole.n, whole.mean, whole.cov, levels=levels)
