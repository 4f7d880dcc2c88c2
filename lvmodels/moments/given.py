"""Moments that are passed in instead of data: covariance matrices, means and numbers of cases, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, UnknownVariableError, nearest
from lvmodels.moments.complete import Moments, given_moments

Vector = NDArray[np.float64]
_FRAME = "sample_cov must be a data frame with the variables' names as index and columns"


def moments_given(cov: Any, mean: Any, nobs: Any, names: Sequence[str], unbiased: bool) -> tuple[Moments, ...]:
    """One record a group from `sample_cov`, `sample_mean` and `sample_nobs`; a list of each for several groups.

    Raises
    ------
    DataError, UnknownVariableError
        With what to give instead.
    """
    if nobs is None:
        raise DataError("sample_cov needs sample_nobs, the number of cases.")
    covs = cov if isinstance(cov, (list, tuple)) else [cov]
    counts = nobs if isinstance(nobs, (list, tuple)) else [nobs]
    several = isinstance(mean, (list, tuple)) and isinstance(cov, (list, tuple))
    means = mean if several else [mean] * len(covs)
    if not covs:
        raise DataError(f"sample_cov is an empty list; {_FRAME}, or a list of them, one a group.")
    if len(counts) != len(covs) or len(means) != len(covs):
        raise DataError(
            f"sample_cov has {len(covs)} groups, sample_nobs {len(counts)} and sample_mean {len(means)}; give one each "
            "a group."
        )
    return tuple(
        given_moments(_matrix(c, names), None if m is None else _vector(m, names, c), _count(n), unbiased)
        for c, m, n in zip(covs, means, counts, strict=True)
    )


def _count(value: Any) -> float:
    try:
        n = float(value)
    except (TypeError, ValueError):
        n = np.nan
    if not (np.isfinite(n) and n > 1):
        raise DataError(f"sample_nobs={value!r} must be the number of cases behind sample_cov, such as 250.")
    return n


def _matrix(cov: Any, names: Sequence[str]) -> Vector:
    if not (hasattr(cov, "loc") and hasattr(cov, "columns")):
        raise DataError(f"{_FRAME}; this is a {type(cov).__name__}.")
    _check_names([str(c) for c in cov.columns], names, "sample_cov")
    _check_names([str(c) for c in cov.index], names, "the index of sample_cov")
    matrix = _numbers(cov.loc[list(names), list(names)].to_numpy(), "sample_cov")
    if not np.isfinite(matrix).all():
        raise DataError("sample_cov holds a missing or infinite entry; give the full matrix, both triangles.")
    size = np.sqrt(np.abs(np.diagonal(matrix)))
    if not (np.abs(matrix - matrix.T) <= 1e-6 * np.outer(size, size)).all():
        raise DataError("sample_cov is not symmetric; give the full matrix, both triangles.")
    return np.asarray((matrix + matrix.T) / 2.0)


def _vector(mean: Any, names: Sequence[str], cov: Any) -> Vector:
    if hasattr(mean, "loc") and hasattr(mean, "index"):
        known = dict(zip(map(str, mean.index), np.asarray(mean).tolist(), strict=True))
    elif isinstance(mean, Mapping):
        known = dict(mean)
    else:
        entries = [mean] if isinstance(mean, str) or not hasattr(mean, "__len__") else list(mean)
        if len(entries) != len(cov.columns):
            raise DataError(
                f"sample_mean has {len(entries)} entries, but sample_cov {len(cov.columns)} variables; give one mean a "
                "variable, in the same order, or a Series with their names."
            )
        known = dict(zip(map(str, cov.columns), entries, strict=True))
    _check_names(list(known), names, "sample_mean")
    values = _numbers([known[name] for name in names], "sample_mean")
    if not np.isfinite(values).all():
        raise DataError("sample_mean holds a missing or infinite entry; give one number a variable.")
    return values


def _numbers(entries: Any, what: str) -> Vector:
    try:
        return np.array(entries, dtype=float)
    except (TypeError, ValueError):
        raise DataError(f"{what} holds an entry that is no number; give numbers only.") from None


def _check_names(known: Sequence[str], names: Sequence[str], where: str) -> None:
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise DataError(f"{where} names {', '.join(map(repr, twice))} more than once; keep one of each.")
    unknown = [name for name in names if name not in known]
    if unknown:
        hint = nearest(unknown[0], known) if len(unknown) == 1 else ""
        raise UnknownVariableError(
            f"{where} has no variable {', '.join(map(repr, unknown))}; it has {', '.join(known)}. {hint}".strip()
        )
