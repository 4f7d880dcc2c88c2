"""How many factors: the elbow of fit against parameters (Lorenzo-Seva, Timmerman and Kiers 2011)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, OptionValueError
from lvmodels.estimate.choices import choice_of
from lvmodels.estimate.threads import one_thread
from lvmodels.measurement.factors.extraction import METHODS, Method, extract
from lvmodels.measurement.factors.goodness import degrees_of_freedom, fit_measures, most_factors
from lvmodels.measurement.factors.parallel import chance_eigenvalues, leading
from lvmodels.measurement.factors.sample import Missing, Sample, sample_of, used_answers
from lvmodels.measurement.factors.suitability import check_sample

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
_DRAWS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Hull:
    """Fit against parameters, made by `hull`.

    Attributes
    ----------
    table : DataFrame
        Index number of factors, from 0; columns cfi, parameters, on_hull, and st, how many times the gain of fit per
        parameter before it exceeds the gain after it: infinite where none of those after fits better, NaN off the hull,
        for no factors, and for the most.
    suggested : int
        Where st is largest, and first of these; where there is none, the largest number on the hull.
    n : int
        Cases used.
    """

    table: pd.DataFrame
    suggested: int
    n: int


@one_thread
def hull(
    frame: Any,
    most: int | None = None,
    method: Method = "ml",
    *,
    ordered: bool | str | Sequence[str] | None = None,
    missing: Missing = "listwise",
) -> Hull:
    """Find the number of factors beyond which fit gains little per parameter.

    Parameters
    ----------
    frame : data frame, Survey or path
    most : int, optional
        The largest number of factors to try; by default one more than parallel analysis of components finds, as the
        authors advise, and no more than leave degrees of freedom.
    method : {"ml", "minres", "pa"}
    ordered : bool, names or None
        Ordinal items, by polychoric correlations; True for all.
    missing : {"listwise", "pairwise", "two.stage"}

    Returns
    -------
    Hull

    Raises
    ------
    NotPositiveDefiniteError
        When correlations are singular.
    OptionValueError, ConstantVariableError, DataError, EmptyDataError, NonNumericError, UnknownVariableError

    References
    ----------
    Lorenzo-Seva, U., Timmerman, M. E., and Kiers, H. A. L. (2011). The hull method for selecting the number of common
    factors. Multivariate Behavioral Research, 46, 340-364.

    Examples
    --------
    >>> import lvmodels as lv
    >>> lv.hull(lv.datasets.load("holzinger_swineford").answers).suggested
    3
    """
    import pandas as pd

    how = choice_of("method", method, METHODS)
    sample = sample_of(frame, ordered, missing, False)
    check_sample(sample, "ml")  # the fit index needs the discrepancy of maximum likelihood
    p, R = len(sample.names), np.array(sample.R)
    if p < 4:
        raise DataError(f"fit needs degrees of freedom, and {p} items leave none; use four items or more.")
    limit = most_factors(p) if degrees_of_freedom(p, most_factors(p)) else most_factors(p) - 1
    last: Any = min(limit, _expected(frame, missing, sample) + 1) if most is None else most
    if not isinstance(last, (int, np.integer)) or isinstance(last, bool) or not 1 <= last <= limit:
        raise OptionValueError(f"most={most!r} must be a whole number from 1 to {limit}, for {p} items.")
    fits = [0.0]
    for m in range(1, last + 1):
        found = extract(R, m, how)
        fits.append(fit_measures(R, found.A @ found.A.T + np.diag(found.psi), m, sample.n, None)["cfi"])
    parameters = np.array([p * (p + 1) // 2 - degrees_of_freedom(p, m) for m in range(last + 1)], dtype=float)
    f = np.array(fits)
    on_hull, st = elbow(f, parameters)
    for note in sample.warnings:
        warnings.warn(note, stacklevel=3)
    table = pd.DataFrame({"cfi": f, "parameters": parameters.astype(int), "on_hull": on_hull, "st": st})
    suggested = int(np.nanargmax(st)) if not np.isnan(st).all() else int(np.flatnonzero(on_hull)[-1])
    return Hull(table=table, suggested=suggested, n=sample.n)


def _expected(frame: Any, missing: str, sample: Sample) -> int:
    """What parallel analysis of components finds."""
    chance = chance_eigenvalues(used_answers(frame, missing), sample, _DRAWS, True, np.random.default_rng(0))[0]
    return leading(np.linalg.eigvalsh(sample.R)[::-1] > np.quantile(chance, 0.95, axis=0))


def elbow(fit: Vector, parameters: Vector) -> tuple[NDArray[np.bool_], Vector]:
    """Which solutions lie on the upper convex hull, and the ratio of slopes before and after each.

    Examples
    --------
    >>> on, st = elbow(np.array([0.0, 0.3, 0.9, 0.92]), np.array([0.0, 10.0, 20.0, 30.0]))
    >>> on.tolist(), st.round(2).tolist()
    ([True, False, True, True], [nan, nan, 22.5, nan])
    """
    kept = [k for k in range(len(fit)) if k == 0 or fit[k] > fit[:k].max()]
    k = 1
    while k < len(kept) - 1:
        a, b, c = kept[k - 1 : k + 2]
        chord = fit[a] + (fit[c] - fit[a]) * (parameters[b] - parameters[a]) / (parameters[c] - parameters[a])
        if fit[b] <= chord:
            del kept[k]
            k = max(k - 1, 1)
        else:
            k += 1
    on = np.zeros(len(fit), dtype=bool)
    on[kept] = True
    st = np.full(len(fit), np.nan)
    for a, b, c in zip(kept, kept[1:], kept[2:], strict=False):
        before = (fit[b] - fit[a]) / (parameters[b] - parameters[a])
        st[b] = before / ((fit[c] - fit[b]) / (parameters[c] - parameters[b]))
    if kept[-1] < len(fit) - 1 and len(kept) > 1:
        st[kept[-1]] = np.inf
    return on, st
