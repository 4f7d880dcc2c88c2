"""The heterotrait-monotrait ratio of correlations: how nearly two constructs are one, judged from item correlations.

Mean correlation of the items of one construct with those of another, over the geometric mean of the two constructs' own
mean item correlations. It estimates the correlation of the constructs when items load equally; with geometric means in
place of all means (HTMT2) also when they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import block_index
from lvmodels.errors import ModelError
from lvmodels.estimate.choices import check_level, check_replicates
from lvmodels.fit.record import Fit
from lvmodels.measurement.constructs import blocks_of
from lvmodels.measurement.resampled_correlations import resampled_correlations

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["htmt", "htmt_of"]

Matrix = NDArray[np.float64]
Index = NDArray[np.intp]


def htmt(
    fit: Fit,
    geometric: bool = False,
    ci: float | None = None,
    *,
    absolute: bool | None = None,
    n: int = 2000,
    seed: Any = None,
    group: int = 1,
    level: int = 1,
) -> pd.DataFrame:
    """Heterotrait-monotrait ratios of the constructs that items measure.

    Parameters
    ----------
    fit : Fit
    geometric : bool
        HTMT2, for items that load differently (Roemer, Schuberth and Henseler 2021).
    ci : float, optional
        Level of percentile intervals from resampled cases. What counts is the upper end: that of a two-sided interval
        of level .90 is a one-sided bound of level .95. Two constructs are told apart where it lies below 1, and are
        commonly held to be distinct below .90, or .85 for constructs that differ in kind (Henseler, Ringle and
        Sarstedt 2015; Franke and Sarstedt 2019).
    absolute : bool, optional
        Take correlations without their signs; with arithmetic means that is HTMT+ (Ringle et al. 2023). By default only
        with `geometric`, which has no meaning for negative ones.
    n : int
        Replicates for `ci`.
    seed : int, Generator or None
    group, level : int
        Of fits with groups or levels, counted from 1.

    Returns
    -------
    DataFrame
        Constructs by constructs, with 1 on the diagonal. With `ci` a row a pair: construct_1, construct_2, htmt, lower,
        upper. Polychoric correlations of ordinal items; those of the saturated model where answers are missing.

    Raises
    ------
    ModelError
        When fewer than two constructs are measured by items.
    NotConvergedError, OptionValueError
    DataError
        When intervals are asked for and the model was fitted to moments.

    References
    ----------
    Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing discriminant validity in
    variance-based structural equation modeling. Journal of the Academy of Marketing Science, 43(1), 115-135.
    Roemer, E., Schuberth, F., & Henseler, J. (2021). HTMT2: an improved criterion for assessing discriminant validity
    in structural equation modeling. Industrial Management & Data Systems, 121(12), 2637-2650.
    Ringle, C. M., Sarstedt, M., Sinkovics, N., & Sinkovics, R. R. (2023). A perspective on using partial least squares
    structural equation modelling in data articles. Data in Brief, 48, 109074.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> lv.htmt(fit).round(3)
             visual  textual  speed
    visual    1.000    0.424  0.424
    textual   0.424    1.000  0.290
    speed     0.424    0.290  1.000
    >>> bool((lv.htmt(fit, ci=0.90, n=500, seed=1)["upper"] < 0.85).all())
    True
    """
    import pandas as pd

    block = blocks_of(fit)[block_index(fit, group, level)]
    constructs = block.first_order
    if len(constructs) < 2:
        raise ModelError("HTMT compares constructs that items measure, and the model has fewer than two of them.")
    signless = geometric if absolute is None else absolute
    items = [construct.items for construct in constructs]
    names = [construct.name for construct in constructs]
    found = htmt_of(block.correlations, items, geometric, signless)
    if ci is None:
        return pd.DataFrame(found, index=names, columns=names)
    check_level(ci, "ci")
    R = resampled_correlations(fit, block, check_replicates(n), seed)
    drawn = htmt_of(R, items, geometric, signless)
    low, high = np.nanquantile(drawn, [(1.0 - ci) / 2.0, (1.0 + ci) / 2.0], axis=0)
    pairs = [(i, j) for j in range(len(names)) for i in range(j)]
    rows = [(names[i], names[j], found[i, j], low[i, j], high[i, j]) for i, j in pairs]
    return pd.DataFrame(rows, columns=["construct_1", "construct_2", "htmt", "lower", "upper"])


def htmt_of(R: Matrix, items: Sequence[Index], geometric: bool = False, absolute: bool = False) -> Matrix:
    """Ratios from correlations of items.

    Parameters
    ----------
    R : ndarray, shape (..., p, p)
        Leading axes are stacks.
    items : sequence of ndarray of int, length m
        Positions of the items of each construct; the own mean correlation of a single item counts as 1.
    geometric, absolute : bool
        As in `htmt`.

    Returns
    -------
    ndarray, shape (..., m, m)
        NaN where the mean correlation of a construct's items is not positive.

    Examples
    --------
    >>> R = np.array([[1, 0.6, 0.3, 0.3], [0.6, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.4], [0.3, 0.3, 0.4, 1]])
    >>> htmt_of(R, [np.array([0, 1]), np.array([2, 3])]).round(3)
    array([[1.   , 0.612],
           [0.612, 1.   ]])
    """
    used = np.abs(R) if absolute else R
    m = len(items)
    found = np.ones((*R.shape[:-2], m, m))
    with np.errstate(invalid="ignore", divide="ignore"):
        own = [_mean(used, *_below_diagonal(at), geometric) if len(at) > 1 else np.ones(R.shape[:-2]) for at in items]
        for i in range(m):
            for j in range(i):
                a, b = np.meshgrid(items[i], items[j], indexing="ij")
                other = (a != b).ravel()  # an item of both constructs says nothing of its own correlation
                across = _mean(used, a.ravel()[other], b.ravel()[other], geometric)
                found[..., i, j] = found[..., j, i] = across / np.sqrt(own[i] * own[j])
    return found


def _below_diagonal(at: Index) -> tuple[Index, Index]:
    rows, columns = np.tril_indices(len(at), -1)
    return at[rows], at[columns]


def _mean(R: Matrix, rows: Index, columns: Index, geometric: bool) -> Matrix:
    values = R[..., rows, columns]
    return np.asarray(np.exp(np.log(values).mean(axis=-1)) if geometric else values.mean(axis=-1))
