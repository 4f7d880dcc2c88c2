"""Results that models with products of latent variables have in a form of their own, or cannot have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import NotEstimableError
from lvmodels.estimate.latent_product import node_scores
from lvmodels.fit.record import Fit

Matrix = NDArray[np.float64]


def has_products(fit: Fit) -> bool:
    """Whether the model has products of latent variables."""
    return bool(fit.objective.template.given)


def refuse_products(fit: Fit, what: str, remedy: str) -> None:
    """Refuse what rests on covariances and means alone.

    Raises
    ------
    NotEstimableError
    """
    if has_products(fit):
        product = fit.table.variables.products[0]
        raise NotEstimableError(f"{what} not defined for a model with '{product}', a product of latent variables: "
                                f"it shows in higher moments than covariances. {remedy}")  # fmt: skip


def expected_latent(fit: Fit, g: int) -> Matrix:
    """What the answers of each case of a group let one expect of the latent variables, shape (n_g, m)."""
    nodes = fit.solution.states[g].nodes
    assert nodes is not None
    return node_scores(nodes, fit.objective.template.n_observed)
