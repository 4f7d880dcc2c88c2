"""Confirmatory tetrad analysis: whether items behave as effects of one construct.

Four items that one construct causes have tetrads s_12 s_34 - s_13 s_24 that vanish, whatever the loadings; items that
form the construct need not. Of all tetrads k (k - 3) / 2 say everything; tau are these, D their derivatives by the
covariances, Gamma the sampling covariance of those: T = n tau'(D Gamma D')^-1 tau is a chi-square when all vanish.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri

from lvmodels.assess.implied import block_index
from lvmodels.errors import DataError, ModelError
from lvmodels.estimate.choices import check_level
from lvmodels.fit.record import Fit
from lvmodels.measurement.constructs import Block, blocks_of, item_codes
from lvmodels.measurement.item_answers import answers_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tetrads", "tetrads", "vanishing_tetrads"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Tetrad = tuple[int, int, int, int]
_LEAST = 4


@dataclass(frozen=True, slots=True, eq=False)
class Tetrads:
    """Tetrads of the constructs.

    Attributes
    ----------
    tests : DataFrame
        A row a construct of at least four items: items, n, chisq, df, pvalue. A small p value speaks against items that
        are nothing but effects of one construct: they may form it, measure several things, or have related errors.
    table : DataFrame
        A row a tetrad: construct, tetrad ("a b c d" for cov(a, b) cov(c, d) - cov(a, c) cov(b, d)), value, se, z,
        pvalue, and lower and upper, an interval that holds for all tetrads of a construct together (Bonferroni).
    level : float
        Of these.
    """

    tests: pd.DataFrame
    table: pd.DataFrame
    level: float


def tetrads(fit_or_frame: Any, level: float = 0.95, group: int = 1) -> Tetrads:
    """Test whether the tetrads of each construct's items vanish: reflective against formative measurement.

    Parameters
    ----------
    fit_or_frame : Fit, data frame, Survey or path
        Of a fit the constructs with at least four items; of a frame all columns as one.
    level : float
        Of the intervals.
    group : int
        Of fits with groups, counted from 1.

    Returns
    -------
    Tetrads

    Raises
    ------
    ModelError
        When no construct has four items.
    DataError
        When a frame has fewer than four columns, or there are too few cases.
    NotConvergedError, OptionValueError

    References
    ----------
    Bollen, K. A., & Ting, K.-F. (1993). Confirmatory tetrad analysis. Sociological Methodology, 23, 147-175.
    Bollen, K. A., & Ting, K.-F. (2000). A tetrad test for causal indicators. Psychological Methods, 5(1), 3-22.
    Gudergan, S. P., Ringle, C. M., Wende, S., & Will, A. (2008). Confirmatory tetrad analysis in PLS path modeling.
    Journal of Business Research, 61(12), 1238-1249.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))
    >>> lv.tetrads(fit).tests.round(3)
               items      n   chisq  df  pvalue
    construct
    Quality        7  250.0  16.512  14   0.283
    """
    import pandas as pd

    check_level(level)
    tests, rows = {}, []
    for name, items, cov, Gamma, n in _sources(fit_or_frame, group):
        chosen = vanishing_tetrads(len(items))
        if n <= len(chosen):
            which = f"'{name}'" if name else "the frame"
            raise DataError(
                f"{which} has {len(chosen)} tetrads and {n:g} cases, which are too few for so many; leave items out."
            )
        tau, D = _values(cov, chosen)
        V = D @ Gamma @ D.T / n
        chisq = float(tau @ np.linalg.pinv(V, hermitian=True) @ tau)
        tests[name] = {"items": len(items), "n": n, "chisq": chisq, "df": len(chosen),
                       "pvalue": float(chdtrc(len(chosen), chisq))}  # fmt: skip
        width = float(ndtri(1.0 - (1.0 - level) / (2.0 * len(chosen))))
        for four, value, se in zip(chosen, tau, np.sqrt(np.diagonal(V)), strict=True):
            text, z = " ".join(items[k] for k in four), value / se
            p = 2.0 * float(ndtr(-abs(z)))
            rows.append((name, text, value, se, z, p, value - width * se, value + width * se))
    columns = ["construct", "tetrad", "value", "se", "z", "pvalue", "lower", "upper"]
    table = pd.DataFrame.from_dict(tests, orient="index").rename_axis("construct")
    return Tetrads(table, pd.DataFrame(rows, columns=columns), level)


@functools.lru_cache(maxsize=32)
def vanishing_tetrads(k: int) -> tuple[Tetrad, ...]:
    """A set of tetrads of k items that imply all the others when one construct causes the items.

    Returns
    -------
    tuple of (a, b, c, d)
        For s_ab s_cd - s_ac s_bd; k (k - 3) / 2 of them.

    Examples
    --------
    >>> vanishing_tetrads(4)
    ((0, 1, 2, 3), (0, 1, 3, 2))
    >>> len(vanishing_tetrads(7))
    14
    """
    loadings = 1.0 + np.modf(np.arange(k) * 0.6180339887)[0]  # any without special relations shows the rank
    every = [four for a, b, c, d in combinations(range(k), 4) for four in ((a, b, c, d), (a, b, d, c))]
    _, slopes = _values(np.outer(loadings, loadings), every)
    chosen, basis = [], np.empty((0, slopes.shape[1]))
    for four, slope in zip(every, slopes, strict=True):
        rest = slope - basis.T @ (basis @ slope)
        rest -= basis.T @ (basis @ rest)
        if (size := float(np.linalg.norm(rest))) > 1e-8 * np.linalg.norm(slope):
            chosen.append(four)
            basis = np.vstack([basis, rest / size])
        if len(chosen) == k * (k - 3) // 2:
            break
    return tuple(chosen)


def _values(cov: Matrix, chosen: Sequence[Tetrad]) -> tuple[Vector, Matrix]:
    """Tetrads and their derivatives by the covariances below the diagonal, row by row."""
    k = len(cov)
    rows, columns = np.tril_indices(k, -1)
    place = np.zeros((k, k), dtype=np.intp)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows))
    a, b, c, d = np.array(chosen).T
    D, at = np.zeros((len(chosen), len(rows))), np.arange(len(chosen))
    D[at, place[a, b]] += cov[c, d]
    D[at, place[c, d]] += cov[a, b]
    D[at, place[a, c]] -= cov[b, d]
    D[at, place[b, d]] -= cov[a, c]
    return cov[a, b] * cov[c, d] - cov[a, c] * cov[b, d], D


_Source = tuple[str, list[str], Matrix, Matrix, float]


def _sources(fit_or_frame: Any, group: int) -> list[_Source]:
    """Name, items, covariances, their sampling covariance times n (of those below the diagonal), and n."""
    if not isinstance(fit_or_frame, Fit):
        Y, names = answers_of(fit_or_frame, "tetrads", "listwise", least=_LEAST)
        return [("", names, *_from_cases(Y))]
    block = blocks_of(fit_or_frame)[block_index(fit_or_frame, group, 1)]
    large = [c for c in block.first_order if len(c.items) >= _LEAST]
    if not large:
        raise ModelError("tetrads need four items of one construct, and no construct of the model has so many.")
    return [_of_construct(fit_or_frame, block, c.name, c.items) for c in large]


def _of_construct(fit: Fit, block: Block, name: str, items: NDArray[np.intp]) -> _Source:
    names, responses = [block.names[j] for j in items], fit.prepared.moments[block.group].responses
    S = block.S[np.ix_(items, items)]
    if responses is not None:
        rows, columns = responses.layout.pairs
        place = np.zeros((responses.layout.p,) * 2, dtype=np.intp)
        place[rows, columns] = place[columns, rows] = np.arange(len(rows)) + responses.layout.places[-1].start
        i, j = np.tril_indices(len(items), -1)
        at = place[items[i], items[j]]
        return name, names, S, responses.Gamma[np.ix_(at, at)], block.n
    Y = item_codes(fit, block)[:, items]
    if not len(Y):
        return name, names, S, _normal_gamma(S), block.n
    return (name, names, *_from_cases(Y[~np.isnan(Y).any(axis=1)]))


def _from_cases(Y: Matrix) -> tuple[Matrix, Matrix, float]:
    """Covariances and their sampling covariance without assuming normality (Browne 1984)."""
    Z = Y - Y.mean(axis=0)
    i, j = np.tril_indices(Y.shape[1], -1)
    products = Z[:, i] * Z[:, j]
    return Z.T @ Z / len(Y), np.atleast_2d(np.cov(products, rowvar=False, ddof=0)), float(len(Y))


def _normal_gamma(S: Matrix) -> Matrix:
    i, j = np.tril_indices(len(S), -1)
    return np.asarray(S[np.ix_(i, i)] * S[np.ix_(j, j)] + S[np.ix_(i, j)] * S[np.ix_(j, i)])
