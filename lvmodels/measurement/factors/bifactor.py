"""A general factor beside group factors, and what a total score owes to it.

Schmid and Leiman (1957): with pattern Lambda and correlations Phi = gamma gamma' + diag(1 - gamma²) of the factors,
items load Lambda gamma on the general factor, and Lambda diag(1 - gamma²)^1/2 on group factors that are uncorrelated
with it and with each other.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataTypeError, HeywoodWarning, NotEstimableError
from lvmodels.measurement.factors.extraction import LEAST, extract
from lvmodels.measurement.factors.record import FactorAnalysis

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bifactor:
    """A general factor and group factors, made by `bifactor`.

    Attributes
    ----------
    loadings : DataFrame, shape (p, 1 + m)
        Of the items on uncorrelated factors: general, and those of the groups.
    second_order : Series, shape (m,)
        Loadings of correlated factors on the general one; NaN where the rotation found the general factor.
    omega_hierarchical : float
        Share of the variance of the total score that the general factor makes.
    omega_total : float
        Share that all factors make.
    explained_common_variance : float
        Of the variance that items share, what the general factor explains.
    uncontaminated : float
        Share of the correlations that only the general factor makes: those of items of different groups.
    groups : DataFrame
        A row a group factor: items (how many have their largest group loading there), omega (of their sum),
        omega_general and omega_group (what the general and the group factor contribute to it).
    reversed : tuple of str
        Items that load negatively on the general factor; total scores count them reversed.
    """

    loadings: pd.DataFrame
    second_order: pd.Series[float]
    omega_hierarchical: float
    omega_total: float
    explained_common_variance: float
    uncontaminated: float
    groups: pd.DataFrame
    reversed: tuple[str, ...]


def bifactor(analysis: FactorAnalysis) -> Bifactor:
    """Tell how much of a total score is one general factor (omega hierarchical).

    Correlated factors are split into a general factor and what is left of each (Schmid and Leiman).

    Parameters
    ----------
    analysis : FactorAnalysis
        Made by `efa` with two or more correlated factors, or with `rotation="bifactor"`. Two correlated factors are
        taken to load equally on the general one.

    Returns
    -------
    Bifactor

    Raises
    ------
    NotEstimableError
        When there is one factor only, or another rotation holds the factors uncorrelated.

    Warns
    -----
    HeywoodWarning
        When a factor is nothing but the general one.

    Notes
    -----
    Omega hierarchical near .70 or above is often read as: a total score may stand for the general factor. The variance
    of a total score is that of the observed correlations.

    References
    ----------
    Schmid, J., and Leiman, J. M. (1957). The development of hierarchical factor solutions. Psychometrika, 22, 53-61.
    Zinbarg, R. E., Revelle, W., Yovel, I., and Li, W. (2005). Cronbach's alpha, Revelle's beta, and McDonald's omega_H.
    Psychometrika, 70, 123-133. Rodriguez, A., Reise, S. P., and Haviland, M. G. (2016). Evaluating bifactor models.
    Psychological Methods, 21, 137-150 (explained common variance, uncontaminated correlations).

    Examples
    --------
    >>> import lvmodels as lv
    >>> split = lv.bifactor(lv.efa(lv.datasets.load("holzinger_swineford").answers, 3))
    >>> round(split.omega_hierarchical, 2), round(split.omega_total, 2)
    (0.45, 0.85)
    """
    import pandas as pd

    if not isinstance(analysis, FactorAnalysis):
        raise DataTypeError(
            f"bifactor() takes the result of efa(), as in bifactor(efa(frame, 3)), not a {type(analysis).__name__}."
        )
    gamma, L = _split(analysis)
    general, groups = L[:, 0], L[:, 1:]
    m = groups.shape[1]
    sign = np.where(general < 0.0, -1.0, 1.0)
    R = analysis.correlations.to_numpy(dtype=float) * np.outer(sign, sign)
    owner = np.abs(groups).argmax(axis=1)
    common, unique = float(general @ general), 1.0 - analysis.communalities.to_numpy(dtype=float)
    counts = np.bincount(owner, minlength=m)
    names, items = list(analysis.loadings.columns[-m:]), list(analysis.loadings.index)
    alone = [name for name, g in zip(names, gamma, strict=True) if g * g > 1.0 - LEAST * (1.0 + 1e-6)]
    if alone:
        text = f"{', '.join(map(repr, alone))} is nothing but the general factor (a Heywood case); try fewer factors."
        warnings.warn(HeywoodWarning(text), stacklevel=2)
    return Bifactor(
        loadings=pd.DataFrame(L, index=items, columns=["general", *names]),
        second_order=pd.Series(gamma, index=names),
        omega_hierarchical=float((sign * general).sum() ** 2 / R.sum()),
        omega_total=float(1.0 - unique.sum() / R.sum()),
        explained_common_variance=common / (common + float((groups**2).sum())),
        uncontaminated=1.0 - float((counts * (counts - 1)).sum()) / (len(items) * (len(items) - 1)),
        groups=_groups(R, sign * general, sign[:, None] * groups, owner, names),
        reversed=tuple(item for item, s in zip(items, sign, strict=True) if s < 0),
    )


def _split(analysis: FactorAnalysis) -> tuple[Vector, Matrix]:
    """Loadings of the second order, and of the items on the general factor and on the groups, shape (p, 1 + m).

    Raises
    ------
    NotEstimableError
    """
    Lambda, Phi = analysis.loadings.to_numpy(dtype=float), analysis.phi.to_numpy(dtype=float)
    m = len(Phi)
    if analysis.rotation == "bifactor" and m > 1:
        return np.full(m - 1, np.nan), Lambda
    if m < 2 or not np.abs(Phi - np.eye(m)).max() > 0:
        raise NotEstimableError(
            "a general factor is what correlated factors share; extract two or more, with rotation='oblimin', "
            "'geomin', 'promax' or 'target', or with 'bifactor'."
        )
    gamma = _second_order(Phi, analysis.method)
    return gamma, np.column_stack([Lambda @ gamma, Lambda * np.sqrt(1.0 - gamma**2)])


def _second_order(Phi: Matrix, method: str) -> Vector:
    """Loadings of the factors on one general factor, shape (m,), their sum positive."""
    if len(Phi) == 2:  # one correlation cannot tell two loadings apart
        r = float(Phi[0, 1])
        root = np.sqrt(min(abs(r), 1.0 - LEAST))
        return np.array([root, root if r >= 0 else -root])
    most = np.sqrt(1.0 - LEAST)  # principal axes may pass their bound
    gamma = np.clip(extract(Phi, 1, method).A[:, 0], -most, most)
    return np.asarray(gamma if gamma.sum() >= 0 else -gamma)


def _groups(R: Matrix, general: Vector, groups: Matrix, owner: NDArray[np.intp], names: list[str]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for k in range(len(names)):
        own = np.flatnonzero(owner == k)
        total = R[np.ix_(own, own)].sum() if len(own) else np.nan
        by_general, by_group = general[own].sum() ** 2 / total, groups[own, k].sum() ** 2 / total
        rows.append((len(own), by_general + by_group, by_general, by_group))
    return pd.DataFrame(rows, index=names, columns=["items", "omega", "omega_general", "omega_group"])
