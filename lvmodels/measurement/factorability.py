"""Whether correlations are such that common factors can explain them: sampling adequacy and Bartlett's test.

R the correlations, U their inverse; the partial correlation of two items given all others is -u_ij / sqrt(u_ii u_jj).
KMO = sum r_ij^2 / (sum r_ij^2 + sum of squared partial correlations), over all pairs, or the pairs of one item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from lvmodels.errors import CollinearVariablesError
from lvmodels.measurement.factors.sample import correlations
from lvmodels.measurement.item_answers import Missing, answers_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Factorability", "factorability"]

_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Factorability:
    """Whether factoring makes sense.

    Attributes
    ----------
    kmo : float
        Measure of sampling adequacy, 0 to 1: above .90 marvellous, .80 meritorious, .70 middling, .60 mediocre, .50
        miserable, below unacceptable (Kaiser and Rice 1974).
    kmo_items : Series
        The same of each item.
    bartlett_chisq : float
        Test of the hypothesis that no items correlate.
    bartlett_df : int
    pvalue : float
    determinant : float
        Of the correlation matrix; 0 when items are collinear.
    n : int
        Cases.
    """

    kmo: float
    kmo_items: pd.Series[float]
    bartlett_chisq: float
    bartlett_df: int
    pvalue: float
    determinant: float
    n: int


def factorability(frame: Any, missing: Missing = "listwise") -> Factorability:
    """Kaiser-Meyer-Olkin measure of sampling adequacy and Bartlett's test of sphericity.

    Parameters
    ----------
    frame : data frame, Survey or path
        The items as columns.
    missing : {"listwise", "pairwise"}
        Leave incomplete cases out, or take each correlation from the cases that answer both items.

    Returns
    -------
    Factorability

    Raises
    ------
    CollinearVariablesError
        When the correlation matrix has no inverse.
    DataError, NonNumericError, EmptyDataError, ConstantVariableError, TooFewCasesError, OptionValueError

    Warns
    -----
    DroppedRowsWarning

    References
    ----------
    Kaiser, H. F., & Rice, J. (1974). Little Jiffy, Mark IV. Educational and Psychological Measurement, 34(1), 111-117.
    Bartlett, M. S. (1950). Tests of significance in factor analysis. British Journal of Psychology, 3(2), 77-85.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.factorability(lv.datasets.load("holzinger_swineford").answers)
    >>> round(found.kmo, 3), round(found.bartlett_chisq, 1), found.bartlett_df
    (0.752, 904.1, 36)
    """
    import pandas as pd

    Y, names = answers_of(frame, "factorability", missing)
    R = correlations(Y)
    n, p = len(Y), len(R)
    values, vectors = np.linalg.eigh(R)
    if values[0] < _SINGULAR:
        raise CollinearVariablesError(_collinear(names, vectors[:, 0], n, p))
    inverse = (vectors / values) @ vectors.T
    root = np.sqrt(np.diagonal(inverse))
    off = 1.0 - np.eye(p)
    r2, q2 = R**2 * off, (inverse / np.outer(root, root)) ** 2 * off
    log_det = float(np.log(values).sum())
    chisq = max(-(n - 1 - (2 * p + 5) / 6.0) * log_det, 0.0)
    df = p * (p - 1) // 2
    return Factorability(
        kmo=float(r2.sum() / (r2.sum() + q2.sum())),
        kmo_items=pd.Series(r2.sum(axis=1) / (r2.sum(axis=1) + q2.sum(axis=1)), index=pd.Index(names, name="item")),
        bartlett_chisq=chisq,
        bartlett_df=df,
        pvalue=float(chdtrc(df, chisq)),
        determinant=float(np.exp(log_det)),
        n=n,
    )


def _collinear(names: list[str], direction: NDArray[np.float64], n: int, p: int) -> str:
    if n <= p:
        return f"{n} cases are too few for {p} items: their correlation matrix has no inverse. Use fewer items."
    involved = [names[int(k)] for k in np.flatnonzero(np.abs(direction) > 0.1)]
    return (
        f"{', '.join(map(repr, involved))} are collinear, or correlations of different cases contradict each other, so "
        "the correlation matrix has no inverse; drop one of them."
    )
