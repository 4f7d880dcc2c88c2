"""What is missing in a data frame, in which patterns, and whether it is missing completely at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from lvmodels.errors import DataError, EmptyDataError
from lvmodels.estimate.threads import one_thread
from lvmodels.moments.checks import check_count, check_pairs, check_settled, check_spread
from lvmodels.moments.complete import incomplete_moments
from lvmodels.moments.mcar import little_statistic
from lvmodels.moments.missing import patterns_of
from lvmodels.survey.columns import Columns, as_survey, columns_of, is_missing, numeric
from lvmodels.survey.matrix import check_known

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class MissingPatterns:
    """What is missing.

    Attributes
    ----------
    patterns : DataFrame
        A row a pattern, the most frequent first: missing (names of the variables that are missing, a tuple), n_missing,
        n (cases), share.
    variables : DataFrame
        A row a variable: answered, missing, share_missing.
    coverage : DataFrame, shape (p, p)
        Share of the cases that answer both variables; their own on the diagonal.
    n : int
        Cases.
    n_complete : int
        Cases that answer everything.
    """

    patterns: pd.DataFrame
    variables: pd.DataFrame
    coverage: pd.DataFrame
    n: int
    n_complete: int


@dataclass(frozen=True, slots=True)
class LittleTest:
    """Little's test that values are missing completely at random.

    Attributes
    ----------
    statistic : float
        d², a chi-square when they are.
    df : int
    pvalue : float
        NaN without degrees of freedom: when there is one pattern only.
    n : int
        Cases with an answer.
    n_patterns : int
    """

    statistic: float
    df: int
    pvalue: float
    n: int
    n_patterns: int


def missing_patterns(data: Any, variables: Sequence[str] | None = None) -> MissingPatterns:
    """Count which variables are missing together.

    Parameters
    ----------
    data : data frame, Survey or path
        Of a survey the answers, unless `variables` name other columns.
    variables : sequence of str, optional
        All columns by default.

    Returns
    -------
    MissingPatterns

    Raises
    ------
    UnknownVariableError, DataError, EmptyDataError

    Examples
    --------
    >>> import pandas as pd
    >>> nan = float("nan")
    >>> frame = pd.DataFrame({"x": [1, 2, 3, 4], "y": [1, nan, 3, nan], "z": [nan, nan, 3, 4]})
    >>> found = missing_patterns(frame)
    >>> found.patterns
      missing  n_missing  n  share
    0      ()          0  1   0.25
    1    (y,)          1  1   0.25
    2    (z,)          1  1   0.25
    3  (y, z)          2  1   0.25
    >>> found.variables["missing"].tolist(), found.n_complete
    ([0, 2, 2], 1)
    """
    import pandas as pd

    columns, names = _chosen(data, variables)
    absent = np.column_stack([_absent(columns.array(name)) for name in names])
    kinds, counts = np.unique(absent, axis=0, return_counts=True)
    size = kinds.sum(axis=1)
    order = sorted(range(len(kinds)), key=lambda k: (-counts[k], size[k], (~kinds[k]).tolist()))
    labels, gone, seen = np.array(names, dtype=object), absent.sum(axis=0), (~absent).astype(float)
    return MissingPatterns(
        patterns=pd.DataFrame({
            "missing": [tuple(labels[kinds[k]]) for k in order],
            "n_missing": size[order],
            "n": counts[order],
            "share": counts[order] / len(absent),
        }),
        variables=pd.DataFrame(
            {"answered": len(absent) - gone, "missing": gone, "share_missing": gone / len(absent)}, index=names
        ),
        coverage=pd.DataFrame(seen.T @ seen / len(absent), index=names, columns=names),
        n=len(absent),
        n_complete=int((~absent.any(axis=1)).sum()),
    )  # fmt: skip


@one_thread
def little_mcar(data: Any, variables: Sequence[str] | None = None) -> LittleTest:
    """Test whether values are missing completely at random: whether all patterns have the same means.

    A small p value says that cases which lack an answer differ from those which gave it, so that leaving them out would
    bias results; full information and two-stage maximum likelihood need less, that values are missing at random. A
    large one proves nothing.

    Parameters
    ----------
    data : data frame, Survey or path
        Of a survey the answers, unless `variables` name other columns. Numbers, taken as multivariate normal.
    variables : sequence of str, optional
        All columns by default.

    Returns
    -------
    LittleTest

    Raises
    ------
    NonNumericError, UnknownVariableError, ConstantVariableError, TooFewCasesError
    DataError
        When no case answers some two of the variables both.
    CollinearVariablesError, NotPositiveDefiniteError
        When variables are collinear, or too many for the cases.

    References
    ----------
    Little, R. J. A. (1988). A test of missing completely at random for multivariate data with missing values. Journal
    of the American Statistical Association, 83(404), 1198-1202. Sigma is the maximum likelihood estimate.

    Examples
    --------
    >>> import lvmodels as lv
    >>> test = lv.little_mcar(lv.datasets.load("value_loyalty"))
    >>> test.n_patterns, test.df, round(test.pvalue, 3)
    (142, 2565, 0.567)
    """
    columns, names = _chosen(data, variables)
    Y = numeric(columns, names)
    unknown: NDArray[np.bool_] = np.isnan(Y)
    empty = [names[k] for k in np.flatnonzero(unknown.all(axis=0))]
    if empty:
        raise EmptyDataError(f"{', '.join(map(repr, empty))} has no value at all; leave it out of variables=.")
    return little_of(Y[~unknown.all(axis=1)], names)


def little_of(Y: NDArray[np.float64], names: Sequence[str]) -> LittleTest:
    """The same for a matrix of answers in which every case has at least one, shape (n, p)."""
    check_count(len(Y), len(names), complete=False)
    check_spread(Y, names)
    check_pairs(Y, names)
    moments, settled = incomplete_moments(Y)
    check_settled(settled, Y, names)
    patterns = moments.patterns or patterns_of(Y)
    statistic, df = little_statistic(patterns, moments.n, moments.mean, moments.cov)
    if not df:
        return LittleTest(0.0, 0, float("nan"), len(Y), len(patterns.share))
    return LittleTest(statistic, df, float(chdtrc(df, statistic)), len(Y), len(patterns.share))


def _chosen(data: Any, variables: Sequence[str] | None) -> tuple[Columns, list[str]]:
    survey = as_survey(data)
    columns = columns_of(data if survey is None else survey)
    if variables is None:
        names = list(columns.names if survey is None else survey.answers.columns)
    else:
        names = [variables] if isinstance(variables, str) else list(dict.fromkeys(variables))
    if not names:
        raise DataError("variables= names no column; name those whose missing values matter.")
    check_known(names, columns.names, "variables= takes names of some of them.")
    return columns, names


def _absent(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        found: NDArray[np.bool_] = np.isnan(values)
        return found
    return np.array([is_missing(value) for value in values.tolist()], dtype=bool)
