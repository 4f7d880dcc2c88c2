"""Whether constructs are distinct: their correlations beside the variance that they extract from their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import block_index
from lvmodels.estimate.choices import choice_of
from lvmodels.fit.record import Fit
from lvmodels.measurement.constructs import Block, Construct, blocks_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cross_loadings", "fornell_larcker"]

Matrix = NDArray[np.float64]


def fornell_larcker(fit: Fit, group: int = 1, level: int = 1) -> pd.DataFrame:
    """Correlations of the constructs, with the square root of the average variance extracted on the diagonal.

    A construct shares more with its items than with another construct where its diagonal value is the larger one in row
    and column. Simulations found that this seldom detects a lack of distinctness; see `htmt`.

    Parameters
    ----------
    fit : Fit
    group, level : int
        Of fits with groups or levels, counted from 1.

    Returns
    -------
    DataFrame
        Constructs by constructs: model-implied correlations, all of what leads from one to the other included. A
        construct and those that measure it are not compared: NaN. So is the diagonal for single items.

    Raises
    ------
    NotConvergedError, ModelError, OptionValueError

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and
    measurement error. Journal of Marketing Research, 18(1), 39-50.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> lv.fornell_larcker(fit).round(3)
             visual  textual  speed
    visual    0.609    0.459  0.471
    textual   0.459    0.848  0.283
    speed     0.471    0.283  0.656
    """
    import pandas as pd

    block = blocks_of(fit)[block_index(fit, group, level)]
    found = latent_correlations(block)
    for i, one in enumerate(block.constructs):
        found[i, i] = np.sqrt((one.standardized**2).mean()) if len(one.standardized) > 1 else np.nan
        for j, other in enumerate(block.constructs):
            if one.name in _parts(other, block):
                found[i, j] = found[j, i] = np.nan
    names = [construct.name for construct in block.constructs]
    return pd.DataFrame(found, index=names, columns=names)


def latent_correlations(block: Block) -> Matrix:
    """Implied correlations of the block's constructs, shape (m, m)."""
    place = [block.latent_names.index(construct.name) for construct in block.constructs]
    V = block.latent[np.ix_(place, place)]
    sd = np.sqrt(np.diagonal(V))
    return np.asarray(V / np.outer(sd, sd))


def _parts(construct: Construct, block: Block) -> set[str]:
    """Constructs that measure a construct, directly or through others."""
    known = {c.name: c for c in block.constructs}
    found: set[str] = set()
    left = [name for name in construct.indicators if name in known]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [below for below in known[name].indicators if below in known]
    return found


def cross_loadings(
    fit: Fit, kind: Literal["structure", "scores"] = "structure", group: int = 1, level: int = 1
) -> pd.DataFrame:
    """Correlation of every item with every construct; an item should go with its own construct most.

    Parameters
    ----------
    fit : Fit
    kind : {"structure", "scores"}
        Correlations that the model implies (structure coefficients), or those in the sample of the items with the
        constructs' regression scores, which show what the model leaves out.
    group, level : int
        Of fits with groups or levels, counted from 1.

    Returns
    -------
    DataFrame
        Items by constructs, with a first column, construct, that names the item's own (with "/" between several).

    Raises
    ------
    NotConvergedError, ModelError, OptionValueError

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> lv.cross_loadings(fit).round(3).head(4)
         construct  visual  textual  speed
    item
    x1      visual   0.772    0.354  0.363
    x2      visual   0.424    0.194  0.199
    x3      visual   0.581    0.266  0.273
    x4     textual   0.390    0.852  0.241
    """
    import pandas as pd

    how = choice_of("kind", kind, ("structure", "scores"))
    k = block_index(fit, group, level)
    block = blocks_of(fit)[k]
    item_latent = _item_latent(fit, block, k)
    place = [block.latent_names.index(construct.name) for construct in block.constructs]
    if how == "structure":
        found = item_latent[:, place] / np.sqrt(np.outer(np.diagonal(block.Sigma), np.diagonal(block.latent)[place]))
    else:
        weights = np.linalg.solve(block.Sigma, item_latent[:, place])  # of regression scores
        covariance, variance = block.S @ weights, np.einsum("ij,ik,kj->j", weights, block.S, weights)
        found = covariance / np.sqrt(np.outer(np.diagonal(block.S), variance))
    own: dict[int, list[str]] = {}
    for construct in block.first_order:
        for item in construct.items.tolist():
            own.setdefault(item, []).append(construct.name)
    table = pd.DataFrame(found, index=list(block.names), columns=[construct.name for construct in block.constructs])
    table = table.iloc[sorted(own)]
    table.insert(0, "construct", ["/".join(own[item]) for item in sorted(own)])
    return table.rename_axis("item")


def _item_latent(fit: Fit, block: Block, k: int) -> Matrix:
    """Implied covariances of the items with all latent variables, on the scale of Sigma, shape (p, m)."""
    template, matrices = fit.objective.template, fit.solution.states[k].matrices
    rows = [template.names.index(name) for name in block.names]
    V = matrices.V[np.ix_(rows, range(template.n_observed, len(template.names)))]
    return np.asarray(V * np.sqrt(np.diagonal(block.Sigma) / np.diagonal(matrices.V)[rows])[:, None])
