"""What a fit says of its constructs: loadings, item covariances, latent correlations, block by block.

A block is a group, or a level of a group. Loadings are in units of the items for one standard deviation of the
construct: L = (standardized loading) sqrt(Sigma_jj). With ordinal items covariances are polychoric correlations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import compared_moments, latent_names, outcome_names
from lvmodels.assess.standardization import standardized_values
from lvmodels.errors import ModelError, NotConvergedError
from lvmodels.estimate.derived import derived
from lvmodels.fit.record import Fit

__all__ = ["Block", "Construct", "blocks_of", "item_codes"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Construct:
    """A latent variable and what measures it in one block.

    Attributes
    ----------
    name : str
    items : ndarray of int, shape (k,)
        Positions in the block of all items below it: its own, and those of constructs that measure it.
    loadings : ndarray, shape (k,)
        Of these items on the construct, in their units for one standard deviation of the construct; for a construct of
        higher order the products along the way.
    standardized : ndarray, shape (m,)
        Standardized loadings of what measures it directly: items, or constructs of the order below.
    indicators : tuple of str
        Names of these.
    higher : bool
        Whether constructs measure it.
    """

    name: str
    items: Index
    loadings: Vector
    standardized: Vector
    indicators: tuple[str, ...]
    higher: bool


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A group, or a level of a group.

    Attributes
    ----------
    label : str
        Empty for the only one.
    names : tuple of str
        Observed variables.
    S, Sigma : ndarray, shape (p, p)
        Their covariances in the sample and as the model implies them.
    n : float
        Cases; clusters at the second level.
    constructs : tuple of Construct
        Those that something measures, in the order of the model.
    latent : ndarray, shape (m, m)
        Implied covariances of all latent variables of the template.
    latent_names : tuple of str
        Of these.
    thresholds : tuple of ndarray
        By observed variable, in standard deviations of the latent response; empty where it is continuous.
    group : int
        From 0.
    """

    label: str
    names: tuple[str, ...]
    S: Matrix
    Sigma: Matrix
    n: float
    constructs: tuple[Construct, ...]
    latent: Matrix
    latent_names: tuple[str, ...]
    thresholds: tuple[Vector, ...]
    group: int

    @property
    def correlations(self) -> Matrix:
        """Correlations of the observed variables in the sample."""
        sd = np.sqrt(np.diagonal(self.S))
        return np.asarray(self.S / np.outer(sd, sd))

    @property
    def first_order(self) -> tuple[Construct, ...]:
        """Constructs that items measure directly."""
        return tuple(construct for construct in self.constructs if not construct.higher)


@derived
def blocks_of(fit: Fit) -> tuple[Block, ...]:
    """The blocks of a fit with their constructs.

    Raises
    ------
    NotConvergedError
    ModelError
        When nothing is measured, or when the moments are conditional on covariates.
    """
    if not fit.converged:
        raise NotConvergedError("measurement quality needs a model that converged; " + fit.optimum.reason + ".")
    if fit.objective.template.n_given:
        raise ModelError(
            "the moments of this fit are given its covariates, so that variances and loadings are not those of the "
            "constructs as a whole; fit the measurement model without covariates, or with conditional_x=False."
        )
    found = tuple(_block(fit, k) for k in range(fit.table.n_groups * fit.table.n_levels))
    if not any(block.constructs for block in found):
        raise ModelError("the model measures nothing: no construct is defined with =~, as in 'F =~ x1 + x2 + x3'.")
    return found


def item_codes(fit: Fit, block: Block) -> Matrix:
    """Answers of the block's cases to its observed variables, NaN where there is none; no row without data."""
    data = fit.prepared.data
    if data is None:
        return np.empty((0, len(block.names)))
    columns = [data.names.index(name) for name in block.names]
    return np.asarray(data.Y[data.groups == block.group][:, columns])


def _block(fit: Fit, k: int) -> Block:
    template = fit.objective.template
    group, level = k // fit.table.n_levels, k % fit.table.n_levels + 1
    names = tuple(outcome_names(fit, k))
    (S, _), (Sigma, _) = compared_moments(fit, k)
    sample, p = fit.prepared.moments[group], template.n_observed
    n = sample.n if sample.levels is None or level == 1 else sample.levels.clusters.n_clusters
    return Block(
        label=_label(fit, group, level),
        names=names,
        S=S,
        Sigma=Sigma,
        n=float(n),
        constructs=_constructs(fit, group + 1, level, names, Sigma),
        latent=fit.solution.states[k].matrices.V[p:, p:],
        latent_names=tuple(template.latent),
        thresholds=_thresholds(fit, k),
        group=group,
    )


def _label(fit: Fit, group: int, level: int) -> str:
    parts = [fit.prepared.group_labels[group]] if fit.table.n_groups > 1 else []
    if fit.table.levels:
        parts.append("within" if level == 1 else "between")
    return ": ".join(parts)


def _constructs(fit: Fit, group: int, level: int, names: tuple[str, ...], Sigma: Matrix) -> tuple[Construct, ...]:
    values = standardized_values(fit, "all")
    latent = latent_names(fit, level)
    direct: dict[str, dict[str, float]] = {}
    for row, value in zip(fit.table.rows, values, strict=True):
        if row.op == "=~" and (row.group, row.level) == (group, level):
            direct.setdefault(row.lhs, {})[row.rhs] = float(value)
    place, sd = {name: k for k, name in enumerate(names)}, np.sqrt(np.diagonal(Sigma))
    found = []
    for name in latent:
        if name not in direct:
            continue
        below = _items_below(name, direct, frozenset())
        items = np.array([place[item] for item in below], dtype=np.intp)
        found.append(
            Construct(
                name, items, sd[items] * np.array(list(below.values())), np.array(list(direct[name].values())),
                tuple(direct[name]), any(indicator in latent for indicator in direct[name]),
            )
        )  # fmt: skip
    return tuple(found)


def _items_below(name: str, direct: dict[str, dict[str, float]], above: frozenset[str]) -> dict[str, float]:
    """Items and their standardized loadings on a construct, through constructs that measure it."""
    found: dict[str, float] = {}
    for indicator, loading in direct[name].items():
        through = indicator in direct and indicator not in above
        lower = _items_below(indicator, direct, above | {name}) if through else {indicator: 1.0}
        for item, part in lower.items():
            found[item] = found.get(item, 0.0) + loading * part
    return found


def _thresholds(fit: Fit, k: int) -> tuple[Vector, ...]:
    state, layout = fit.solution.states[k].responses, fit.objective.template.responses
    if state is None or layout is None:
        return tuple(np.empty(0) for _ in outcome_names(fit, k))
    all_of_them = state.moments[layout.places[0]]
    return tuple(all_of_them[layout.threshold_variable == j] for j in range(layout.p))
