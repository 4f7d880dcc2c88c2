"""Whether sample moments can be analysed: constant and collinear variables, too few cases, unequal variances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import (
    CollinearVariablesError,
    ConstantVariableError,
    DataError,
    NotPositiveDefiniteError,
    TooFewCasesError,
)
from lvmodels.moments.complete import Moments

UNEQUAL_RATIO = 1000.0
_SINGULAR = 1e-10
_ROUNDING = 1e-26  # a column of one value leaves a variance of some 1e-32 times its square
_LEAST, _MOST = 1e-40, 1e40


def check_moments(moments: Moments, names: Sequence[str], label: str = "", given: bool = False) -> None:
    """Refuse moments that maximum likelihood cannot use.

    Parameters
    ----------
    moments : Moments
    names : sequence of str
        Of the variables.
    label : str
        Of the group, for messages.
    given : bool
        Whether the moments were passed in, not computed from data.

    Raises
    ------
    ConstantVariableError, TooFewCasesError, CollinearVariablesError, NotPositiveDefiniteError, DataError
    """
    where = _where(label)
    if given:
        check_count(moments.n, len(names), label)
    variance = np.diagonal(moments.cov)
    if given and (variance < 0.0).any():
        negative = [name for name, v in zip(names, variance, strict=True) if v < 0.0]
        raise NotPositiveDefiniteError(
            f"the variance of {', '.join(map(repr, negative))}{where} is negative; check the diagonal of sample_cov."
        )
    with np.errstate(over="ignore"):
        rounding = np.zeros(len(variance)) if given else _ROUNDING * moments.mean**2
    constant = [name for name, v, r in zip(names, variance, rounding, strict=True) if v <= r < np.inf]
    if constant:
        raise ConstantVariableError(
            f"{', '.join(map(repr, constant))} {'does' if len(constant) == 1 else 'do'} not vary{where}; drop "
            f"{'it' if len(constant) == 1 else 'them'} from the model."
        )
    check_scale(variance, names, where)
    size = np.sqrt(variance)
    R = moments.cov / np.outer(size, size)
    if _positive_definite(R):
        return
    eigenvalues, vectors = np.linalg.eigh(R)
    involved = [names[int(k)] for k in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
    if given and eigenvalues[0] < -_SINGULAR:
        raise NotPositiveDefiniteError(
            f"the covariance matrix{where} is not positive definite (smallest eigenvalue of its correlations "
            f"{eigenvalues[0]:.3g}); check the entries of {', '.join(map(repr, involved))}."
        )
    raise CollinearVariablesError(
        f"{', '.join(map(repr, involved))} are exactly collinear{where}: one is "
        f"{'a copy' if len(involved) == 2 else 'a linear combination'} of the other{'s' * (len(involved) > 2)}; "
        "drop one of them."
    )


def check_scale(variance: NDArray[np.float64], names: Sequence[str], where: str = "") -> None:
    """Refuse variances whose products overflow or vanish.

    Raises
    ------
    DataError
    """
    extreme = [name for name, v in zip(names, variance, strict=True) if not _LEAST < v < _MOST]
    if extreme:
        raise DataError(
            f"the variance of {', '.join(map(repr, extreme))}{where} is too large or too small to compute with; divide "
            "or multiply by a power of ten."
        )


def check_count(n: float, p: int, label: str = "", complete: bool = True) -> None:
    """Refuse groups with no more cases than variables.

    Raises
    ------
    TooFewCasesError
    """
    if n <= p:
        raise TooFewCasesError(
            f"{int(n)} {'complete ' * complete}cases{_where(label)} are too few for {p} variables: the sample "
            "covariance matrix is singular. Use fewer variables, or more cases."
        )


def _where(label: str) -> str:
    return f" in group '{label}'" if label else ""


def _positive_definite(R: NDArray[np.float64]) -> bool:
    try:
        root = np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        return False
    return bool(np.diagonal(root).min() ** 2 > _SINGULAR)


def unequal_variances(moments: Moments, names: Sequence[str]) -> str:
    """A sentence when the largest variance is more than a thousand times the smallest; else empty."""
    variance = np.diagonal(moments.cov)
    low, high = int(variance.argmin()), int(variance.argmax())
    if variance[high] <= UNEQUAL_RATIO * variance[low]:
        return ""
    return (
        f"the variance of '{names[high]}' ({variance[high]:.4g}) is {variance[high] / variance[low]:.3g} times that of "
        f"'{names[low]}' ({variance[low]:.4g}); rescale one, for example divide '{names[high]}' by a power of ten."
    )


def check_pairs(Y: NDArray[np.float64], names: Sequence[str], label: str = "") -> None:
    """Refuse incomplete data in which no case answers two of the variables both.

    Nothing is then known about their covariance: the saturated model is not identified, and a model that implies that
    covariance cannot be tested on it.

    Raises
    ------
    DataError
    """
    seen = (~np.isnan(Y)).astype(float)
    a, b = np.nonzero(np.triu(seen.T @ seen < 0.5))
    if len(a):
        pairs = [f"'{names[int(i)]}' and '{names[int(j)]}'" for i, j in zip(a[:5], b[:5], strict=True)]
        some = "; ".join(pairs) + (f"; {len(a) - 5} more" if len(a) > 5 else "")
        raise DataError(
            f"no case{_where(label)} answers both {some}: the data say nothing about their covariance, so a model "
            "cannot be tested on it. Leave one of the two out, or analyse them in models of their own."
        )


def check_spread(Y: NDArray[np.float64], names: Sequence[str], label: str = "") -> None:
    """Refuse incomplete data in which a variable does not vary over the cases that answer it, or too wildly.

    Raises
    ------
    ConstantVariableError, DataError
    """
    seen = ~np.isnan(Y)
    low, high = np.where(seen, Y, np.inf).min(axis=0), np.where(seen, Y, -np.inf).max(axis=0)
    constant = [name for name, a, b in zip(names, low, high, strict=True) if not b > a]
    if constant:
        raise ConstantVariableError(
            f"{', '.join(map(repr, constant))} {'does' if len(constant) == 1 else 'do'} not vary{_where(label)} among "
            f"the cases that answer; drop {'it' if len(constant) == 1 else 'them'} from the model."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        check_scale(np.nanvar(Y, axis=0), names, _where(label))


def check_settled(settled: bool, Y: NDArray[np.float64], names: Sequence[str], label: str = "") -> None:
    """Refuse saturated moments whose search did not settle; collinear variables are named where they show.

    Raises
    ------
    CollinearVariablesError, NotPositiveDefiniteError
    """
    if settled:
        return
    involved = [names[int(k)] for k in _collinear(Y)]
    if involved:
        raise CollinearVariablesError(
            f"{', '.join(map(repr, involved))} are exactly collinear{_where(label)} in the cases that answer all of "
            f"them: one is {'a copy' if len(involved) == 2 else 'a linear combination'} of the other"
            f"{'s' * (len(involved) > 2)}; drop one of them."
        )
    raise NotPositiveDefiniteError(
        f"the saturated moments of the incomplete data{_where(label)} did not settle: some variables are hardly "
        "ever observed together, are collinear, or are too many for the cases. Leave out the ones with most "
        "missing values, or copies of others."
    )


def _collinear(Y: NDArray[np.float64]) -> NDArray[np.intp]:
    """Variables of which one is a linear combination of the others in all complete cases; none where these are few."""
    complete = Y[~np.isnan(Y).any(axis=1)]
    if len(complete) <= Y.shape[1] + 1:
        return np.zeros(0, dtype=np.intp)
    z = complete - complete.mean(axis=0)
    size = np.sqrt((z**2).sum(axis=0))
    if not (size > 0).all():
        return np.zeros(0, dtype=np.intp)
    values, vectors = np.linalg.eigh((z / size).T @ (z / size))
    return np.flatnonzero(np.abs(vectors[:, 0]) > 0.1) if values[0] < _SINGULAR else np.zeros(0, dtype=np.intp)
