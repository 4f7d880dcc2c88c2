"""What one respondent's answers say among themselves: their spread, and correlations over a person's own answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

__all__ = ["even_odd", "pair_correlation", "pair_matrix", "pair_sets", "person_total", "response_variability"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_FEWEST = 3
_FLAT = 1e-12


def response_variability(Y: Matrix) -> Vector:
    """Standard deviation of a respondent's answers over the items (n - 1), shape (n,).

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        Answers as codes, NaN where there is none; NaN for who gave fewer than two.

    References
    ----------
    Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response variability as an
    indicator of insufficient effort responding. Journal of Business and Psychology, 33(1), 105-121.

    Examples
    --------
    >>> response_variability(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, np.nan]])).tolist()
    [1.0, 0.0]
    """
    answered = ~np.isnan(Y)
    count = answered.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        D = np.where(answered, Y - np.where(answered, Y, 0.0).sum(axis=0) / count, 0.0)
        return np.where(count > 1, np.sqrt((D * D).sum(axis=0) / (count - 1)), np.nan)


def even_odd(Y: Matrix, scales: Sequence[NDArray[np.intp]]) -> Vector:
    """Even-odd consistency: do the odd items of the scales say what the even ones say.

    The mean of the odd and that of the even items of each scale are correlated over the scales, within the respondent;
    the correlation is corrected for the halved length by Spearman and Brown's formula. 1 is perfectly consistent.
    Corrected values below -1 are set to -1.

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        Answers, reverse-keyed items turned round, all on one range.
    scales : sequence of ndarray of int
        Positions of the items of each scale; scales of one item are passed over.

    Returns
    -------
    ndarray, shape (n,)
        NaN for who answered fewer than three scales, or fewer than half of them, or all alike.

    References
    ----------
    Johnson, J. A. (2005), as in `longest_run`. Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in
    survey data. Psychological Methods, 17(3), 437-455.

    Examples
    --------
    >>> person = np.array([[1.0, 2.0, 3.0, 4.0, 4.0, 5.0]])  # scales (1, 2), (3, 4), (4, 5): halves differ by one
    >>> even_odd(person.T, [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]).tolist()
    [1.0]
    """
    split = [scale for scale in scales if len(scale) > 1]
    if not split:
        return np.full(Y.shape[1], np.nan)
    odd = np.array([_mean(Y[scale[0::2]]) for scale in split])
    even = np.array([_mean(Y[scale[1::2]]) for scale in split])
    r = _correlation(odd, even, len(split))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(r > -1, np.maximum(2 * r / (1 + r), -1.0), r)


def pair_matrix(cor: Matrix, at_least: float = 0.6, antonyms: bool = False) -> Matrix:
    """Which items are psychometric synonyms (r >= .60), or antonyms (r <= -.60); 1 above the diagonal, shape (p, p)."""
    with np.errstate(invalid="ignore"):
        close = -cor >= at_least if antonyms else cor >= at_least
    return np.triu(close, 1).astype(np.float64)


def pair_sets(pairs: Matrix) -> int:
    """How many separate sets of items the pairs make, of which no item of one is paired with one of another.

    Pairs within one set tell of the same thing again, so that only the sets can rise and fall together.

    Examples
    --------
    >>> pair_sets(pair_matrix(np.array([[1, 0.7, 0.7, 0], [0.7, 1, 0.7, 0], [0.7, 0.7, 1, 0], [0, 0, 0, 1]])))
    1
    """
    paired = np.flatnonzero(pairs.any(axis=0) | pairs.any(axis=1))
    if not len(paired):
        return 0
    return int(connected_components(pairs[np.ix_(paired, paired)], directed=False)[0])


def pair_correlation(Y: Matrix, pairs: Matrix) -> Vector:
    """Correlation, within the respondent, of the first with the second items of pairs.

    Of each pair the item that comes earlier in the questionnaire is the first one.

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        Answers on one range.
    pairs : ndarray, shape (p, p)
        1 where the row's and the column's item are a pair, above the diagonal.

    Returns
    -------
    ndarray, shape (n,)
        NaN for who answered fewer than three pairs, or fewer than half of them, or all alike.

    References
    ----------
    Meade, A. W., & Craig, S. B. (2012), as in `even_odd`.

    Examples
    --------
    >>> person = np.array([[1.0, 1.0, 3.0, 3.0, 5.0, 4.0]])
    >>> pairs = np.zeros((6, 6))
    >>> pairs[[0, 2, 4], [1, 3, 5]] = 1
    >>> round(float(pair_correlation(person.T, pairs)[0]), 4)
    0.982
    """
    # Sums over pairs are products with the matrix of pairs, so a thousand pairs cost no more than ten.
    answered = ~np.isnan(Y)
    M = answered.astype(np.float64)
    D = np.where(answered, Y, 0.0)
    after, before = pairs @ M, pairs.T @ M  # with how many later, earlier items an item is paired and both answered
    count = (M * after).sum(axis=0)
    sums = ((D * after).sum(axis=0), (D * before).sum(axis=0))
    squares = ((D * D * after).sum(axis=0), (D * D * before).sum(axis=0))
    return _from_sums(count, *sums, *squares, (D * (pairs @ D)).sum(axis=0), int(pairs.sum()))


def person_total(Y: Matrix, mean: Vector, count: Vector) -> Vector:
    """Correlation, over the items, of a respondent's answers with the mean answers of all others.

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        Answers on one range.
    mean, count : ndarray, shape (p,)
        Mean answer to each item and number of answers, over everybody.

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Donlon, T. F., & Fischer, F. E. (1968). An index of an individual's agreement with group-determined item
    difficulties. Educational and Psychological Measurement, 28(1), 105-113. Curran, P. G. (2016). Methods for the
    detection of carelessly invalid responses in survey data. Journal of Experimental Social Psychology, 66, 4-19.

    Examples
    --------
    >>> answers = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 5.0], [4.0, 2.0, 1.0]])
    >>> person_total(answers.T, answers.mean(axis=0), np.full(3, 3.0)).round(3).tolist()
    [0.0, -0.5, -0.866]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        others = mean[:, None] + (mean[:, None] - Y) / (count[:, None] - 1)
    others[~np.isfinite(others)] = np.nan
    return _correlation(np.where(np.isnan(others), np.nan, Y), others, len(Y))


def _mean(Y: Matrix) -> Vector:
    """Mean of the answers that were given, down the items."""
    answered = ~np.isnan(Y)
    with np.errstate(invalid="ignore", divide="ignore"):
        total: Vector = np.where(answered, Y, 0.0).sum(axis=0) / answered.sum(axis=0)
    return total


def _correlation(X: Matrix, Z: Matrix, points: int) -> Vector:
    """Correlation down the rows of two matrices, where both have a value."""
    both = ~(np.isnan(X) | np.isnan(Z))
    count = both.sum(axis=0).astype(np.float64)
    size = np.maximum(count, 1.0)
    X, Z = np.where(both, X, 0.0), np.where(both, Z, 0.0)
    A = np.where(both, X - X.sum(axis=0) / size, 0.0)
    B = np.where(both, Z - Z.sum(axis=0) / size, 0.0)
    zero = np.zeros_like(count)
    return _from_sums(count, zero, zero, (A * A).sum(axis=0), (B * B).sum(axis=0), (A * B).sum(axis=0), points)


def _from_sums(n: Vector, x: Vector, z: Vector, xx: Vector, zz: Vector, xz: Vector, points: int) -> Vector:
    """Correlations from counts, sums, squares and products; NaN where there are too few points or no spread."""
    size = np.maximum(n, 1.0)
    vx, vz, c = xx - x * x / size, zz - z * z / size, xz - x * z / size
    usable = (n >= max(_FEWEST, points / 2)) & (vx > _FLAT * (xx + 1.0)) & (vz > _FLAT * (zz + 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(usable, np.clip(c / np.sqrt(vx * vz), -1.0, 1.0), np.nan)
