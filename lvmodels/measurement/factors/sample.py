"""From a frame of answers to the correlations that exploratory factors are extracted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle, read_only
from lvmodels.errors import (
    BoundaryWarning,
    ConstantVariableError,
    DataError,
    DroppedRowsWarning,
    EmptyDataError,
    LvmodelsWarning,
    OptionValueError,
)
from lvmodels.estimate.choices import choice_of, names_of
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.moments.checks import check_pairs, check_settled, check_spread
from lvmodels.moments.complete import incomplete_moments
from lvmodels.moments.ordinal import ResponseMoments, response_moments
from lvmodels.moments.responses import Responses
from lvmodels.survey.columns import as_survey, columns_of, numeric, ordered_names
from lvmodels.survey.matrix import check_known

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Missing = Literal["listwise", "pairwise", "two.stage"]
MISSING = ("listwise", "pairwise", "two.stage")
_MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Correlations and where they come from.

    Attributes
    ----------
    R : ndarray, shape (p, p)
        Product-moment correlations; polychoric and polyserial ones where variables are ordinal.
    n : int
        Cases used.
    names : tuple of str
    mean, sd : ndarray, shape (p,)
        Of the answers, for scores.
    Gamma : ndarray, shape (p (p - 1) / 2,) twice, or None
        Sampling covariance, times n, of the correlations below the diagonal, row by row; None when they are those of a
        complete normal sample.
    ordered : tuple of str
        Variables that are ordinal.
    warnings : tuple of LvmodelsWarning
    """

    R: Matrix
    n: int
    names: tuple[str, ...]
    mean: Vector
    sd: Vector
    Gamma: Matrix | None
    ordered: tuple[str, ...]
    warnings: tuple[LvmodelsWarning, ...]


def answers_of(frame: Any) -> tuple[Matrix, tuple[str, ...]]:
    """All columns of a frame, or all answers of a survey, as numbers, with missing as NaN.

    Raises
    ------
    DataError, NonNumericError, EmptyDataError
    """
    survey = as_survey(frame)
    columns = columns_of(frame if survey is None else survey.answers)
    if len(columns.names) < 3:
        raise DataError(f"factors need at least three variables, and the data have {len(columns.names)}.")
    return numeric(columns, columns.names), tuple(str(name) for name in columns.names)


def sample_of(frame: Any, ordered: bool | str | Sequence[str] | None, missing: str, robust: bool) -> Sample:
    """Correlations of the columns of a frame.

    Parameters
    ----------
    frame : data frame, Survey or path
    ordered : bool, names or None
        Ordinal variables; True for all. None: the columns that have an order.
    missing : {"listwise", "pairwise", "two.stage"}
    robust : bool
        Whether the sampling covariance is to hold for answers that are not normal.

    Raises
    ------
    DataError and its kin, UnknownVariableError, OptionValueError
    """
    Y, names = answers_of(frame)
    how = choice_of("missing", missing, MISSING)
    ordinal = _ordinal(frame, ordered, names)
    if ordinal and how == "two.stage":
        raise OptionValueError("missing='two.stage' is for continuous answers; use 'pairwise' with ordered=.")
    Y, warnings = _cases(Y, how)
    _check(Y, names)
    Gamma: Matrix | None
    mean, sd = np.nanmean(Y, axis=0), np.nanstd(Y, axis=0, ddof=1)
    if ordinal:
        R, Gamma, more = _latent(Y, names, ordinal)
        warnings += more
    elif how == "two.stage" and np.isnan(Y).any():
        mean, sd, R, Gamma = _two_stage(Y, names)
    else:
        R = correlations(Y)
        Gamma = correlation_gamma(Y, R) if robust or np.isnan(Y).any() else None
    return Sample(read_only(R), len(Y), names, mean, sd, Gamma, ordinal, tuple(warnings))


def used_answers(frame: Any, missing: str) -> Matrix:
    """The answers of the cases that `sample_of` uses, shape (n, p)."""
    return _cases(answers_of(frame)[0], missing)[0]


def _ordinal(frame: Any, ordered: bool | str | Sequence[str] | None, names: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(ordered, (bool, np.bool_)):
        return names if ordered else ()
    given = names_of(ordered)
    check_known(given, names, "ordered= takes names of ordinal variables.")
    found = {*given, *ordered_names(frame, names)}
    return tuple(name for name in names if name in found)


def _cases(Y: Matrix, how: str) -> tuple[Matrix, list[LvmodelsWarning]]:
    gone = np.isnan(Y)
    kept = np.logical_not(gone.any(axis=1) if how == "listwise" else gone.all(axis=1))
    if not kept.any():
        raise EmptyDataError(
            "no case answers all of the variables; leave out those with most missing values, or use missing='pairwise'."
        )
    if kept.all():
        return Y, []
    dropped, used = int((~kept).sum()), int(kept.sum())
    text = f"{dropped} of {len(Y)} cases were left out because an answer is missing; {used} are used."
    return Y[kept], [DroppedRowsWarning(text)]


def _check(Y: Matrix, names: tuple[str, ...]) -> None:
    seen: NDArray[np.bool_] = ~np.isnan(Y)
    empty = [names[int(k)] for k in np.flatnonzero(~seen.any(axis=0))]
    if empty:
        raise EmptyDataError(f"{', '.join(map(repr, empty))} has no value at all; drop it.")
    check_spread(Y, names)
    check_pairs(Y, names)


def correlations(Y: Matrix) -> Matrix:
    """Product-moment correlations, each from the cases that answer both, shape (p, p).

    Raises
    ------
    ConstantVariableError
        When a variable does not vary among the cases that answer another.
    """
    seen = ~np.isnan(Y)
    if seen.all():
        Z = Y - Y.mean(axis=0)
        Z = Z / np.sqrt((Z * Z).sum(axis=0))
        R = Z.T @ Z
    else:
        one = seen.astype(float)
        Z = np.where(seen, Y - np.nanmean(Y, axis=0), 0.0)
        n = one.T @ one
        mean, square = Z.T @ one / n, (Z * Z).T @ one / n
        spread = square - mean**2
        if not (spread > 1e-12 * np.diagonal(square)[:, None]).all():
            raise ConstantVariableError(
                "some variable does not vary among the cases that answer another one; use missing='two.stage'."
            )
        R = (Z.T @ Z / n - mean * mean.T) / np.sqrt(spread * spread.T)
    np.fill_diagonal(R, 1.0)
    return np.asarray((R + R.T) / 2.0)


def correlation_gamma(Y: Matrix, R: Matrix) -> Matrix:
    """Sampling covariance, times n, of correlations for answers of any distribution, from what each case adds.

    A case adds z_i z_j - r_ij (z_i² + z_j²)/2 to r_ij (Steiger and Hakstian 1982), and, with missing answers, only to
    the pairs that it answers.
    """
    i, j = np.tril_indices(len(R), -1)
    n = len(Y)
    seen = ~np.isnan(Y)
    if seen.all():
        z = (Y - Y.mean(axis=0)) / Y.std(axis=0)
        influence = z[:, i] * z[:, j] - R[i, j] * (z[:, i] ** 2 + z[:, j] ** 2) / 2.0
        return np.asarray(influence.T @ influence / n)
    influence = np.zeros((n, len(i)))
    for k, (a, b) in enumerate(zip(i, j, strict=True)):
        both = seen[:, a] & seen[:, b]
        pair = Y[np.ix_(both, [a, b])]
        z = (pair - pair.mean(axis=0)) / pair.std(axis=0)
        own = z[:, 0] * z[:, 1] - R[a, b] * (z**2).sum(axis=1) / 2.0
        influence[both, k] = own * (n / both.sum())
    return np.asarray(influence.T @ influence / n)


def _two_stage(Y: Matrix, names: tuple[str, ...]) -> tuple[Vector, Vector, Matrix, Matrix]:
    """Moments of greatest likelihood, and the covariance of their correlations from the incomplete data."""
    moments, settled = incomplete_moments(Y)
    check_settled(settled, Y, names)
    assert moments.patterns is not None
    cov, mean = np.array(moments.cov), np.array(moments.mean)
    sd = np.sqrt(np.diagonal(cov))
    R = cov / np.outer(sd, sd)
    state = pattern_state(moments.patterns, cov, mean)
    p = len(R)
    inverse = np.linalg.inv(moment_information(state, observed=True))[: p * (p + 1) // 2, : p * (p + 1) // 2]
    slope = _standardizing(cov, R)
    return mean, sd, R, np.asarray(slope @ inverse @ slope.T)


def _standardizing(cov: Matrix, R: Matrix) -> Matrix:
    """Derivatives of the correlations below the diagonal by the distinct covariances."""
    p = len(R)
    rows, columns = lower_triangle(p)
    at = np.zeros((p, p), dtype=np.intp)
    at[rows, columns] = np.arange(len(rows))
    i, j = np.tril_indices(p, -1)
    found = np.zeros((len(i), len(rows)))
    k = np.arange(len(i))
    variance = np.diagonal(cov)
    found[k, at[i, j]] = 1.0 / np.sqrt(variance[i] * variance[j])
    for side in (i, j):
        found[k, at[side, side]] = -R[i, j] / (2.0 * variance[side])
    return found


def _latent(
    Y: Matrix, names: tuple[str, ...], ordinal: tuple[str, ...]
) -> tuple[Matrix, Matrix, list[LvmodelsWarning]]:
    """Polychoric, polyserial and product-moment correlations and their sampling covariance."""
    codes, counts = latent_codes(Y, names, ordinal)
    layout = Responses(tuple(counts))
    found = response_moments(codes, np.zeros((len(Y), 0)), layout, names)
    warnings: list[LvmodelsWarning] = [
        BoundaryWarning(
            f"the correlation of '{names[i]}' and '{names[j]}' is as high as it can be; one may be a copy of the other."
        )
        for i, j in found.at_limit
    ]
    R, Gamma = _correlated(found, layout)
    return R, Gamma, warnings


def _correlated(found: ResponseMoments, layout: Responses) -> tuple[Matrix, Matrix]:
    pairs, variances = layout.places[-1], layout.places[-2]
    cov = np.array(found.cov)
    sd = np.sqrt(np.diagonal(cov))
    R = cov / np.outer(sd, sd)
    i, j = layout.pairs
    slope = np.zeros((len(i), layout.size))
    k = np.arange(len(i))
    slope[k, pairs.start + k] = 1.0 / (sd[i] * sd[j])
    place = np.full(layout.p, -1)
    place[layout.continuous] = variances.start + np.arange(len(layout.continuous))
    for side in (i, j):
        moves = place[side] >= 0
        slope[k[moves], place[side[moves]]] = -R[i, j][moves] / (2.0 * sd[side[moves]] ** 2)
    return R, np.asarray(slope @ found.Gamma @ slope.T)


def latent_codes(Y: Matrix, names: tuple[str, ...], ordinal: Sequence[str]) -> tuple[Matrix, list[int]]:
    """Y with ordinal columns as categories from 0, and how many there are (0 for continuous columns).

    Raises
    ------
    DataError
        When a variable has too many different values to be ordinal.
    """
    codes, counts = Y.copy(), []
    for k, name in enumerate(names):
        if name not in ordinal:
            counts.append(0)
            continue
        answered = ~np.isnan(Y[:, k])
        values = np.unique(Y[answered, k])
        if len(values) > _MOST_CATEGORIES:
            raise DataError(
                f"'{name}' has {len(values)} different values; it is no ordinal answer. Leave it out of ordered=, or "
                "group its values."
            )
        codes[answered, k] = np.searchsorted(values, Y[answered, k])
        counts.append(len(values))
    return codes, counts
