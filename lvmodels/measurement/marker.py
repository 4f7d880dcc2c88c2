"""Correlations without what a marker variable, which should have nothing to do with the others, shares with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.special import stdtr

from lvmodels.errors import DataError, UnknownVariableError, nearest
from lvmodels.estimate.choices import choice_of
from lvmodels.measurement.item_answers import answers_of, pairwise_covariance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MarkerVariable", "marker_variable"]


@dataclass(frozen=True, slots=True, eq=False)
class MarkerVariable:
    """Correlations without what a marker variable shares with everything.

    Attributes
    ----------
    marker : str
    r_marker : float
        The correlation taken for common method variance; 0 where the marker has no positive one.
    table : DataFrame
        A row a pair: first, second, r, r_adjusted, t, pvalue (both of r_adjusted).
    cor : DataFrame
        Adjusted correlations.
    n : int
        Cases.
    """

    marker: str
    r_marker: float
    table: pd.DataFrame
    cor: pd.DataFrame
    n: int


def marker_variable(frame: Any, marker: str, use: Literal["smallest", "second"] = "smallest") -> MarkerVariable:
    """Take out of correlations what a marker variable, unrelated in theory, shares with the other variables.

    r_adjusted = (r - r_M) / (1 - r_M), where r_M is the smallest positive correlation of the marker with the others.

    Parameters
    ----------
    frame : data frame, Survey or path
        Scores of the scales, such as ``scale_scores(survey).scores``, and the marker as columns.
    marker : str
        A column that theory says has nothing to do with at least one of the others.
    use : {"smallest", "second"}
        The second smallest is the cautious choice.

    Returns
    -------
    MarkerVariable

    Raises
    ------
    UnknownVariableError, DataError, OptionValueError

    Warns
    -----
    DroppedRowsWarning

    References
    ----------
    Lindell, M. K., & Whitney, D. J. (2001). Accounting for common method variance in cross-sectional research designs.
    Journal of Applied Psychology, 86(1), 114-121.

    Examples
    --------
    >>> import lvmodels as lv
    >>> scores = lv.scale_scores(lv.datasets.load("value_loyalty"), min_answered=0.2).scores.dropna()
    >>> found = lv.marker_variable(scores[["Quality", "Value", "Satisfaction", "SwitchingCost"]], "SwitchingCost")
    >>> round(found.r_marker, 3), found.table["r"].round(3).tolist(), found.table["r_adjusted"].round(3).tolist()
    (0.064, [0.532, 0.568, 0.547], [0.5, 0.538, 0.516])
    """
    import pandas as pd

    how = choice_of("use", use, ("smallest", "second"))
    Y, names = answers_of(frame, "marker_variable", "listwise", least=3)
    if marker not in names:
        hint = nearest(marker, names) or f"Columns are: {', '.join(names)}."
        raise UnknownVariableError(f"the data have no column '{marker}' to be the marker. {hint}")
    if len(Y) < 4:
        raise DataError(f"adjusted correlations need at least 4 cases, not {len(Y)}.")
    C = pairwise_covariance(Y)
    R = C / np.sqrt(np.outer(np.diagonal(C), np.diagonal(C)))
    m, n = names.index(marker), len(Y)
    others = [k for k in range(len(names)) if k != m]
    positive = np.sort([r for r in R[m, others] if r > 0])
    chosen = min(1 if how == "second" else 0, len(positive) - 1)
    r_marker = float(positive[chosen]) if len(positive) else 0.0
    adjusted = (R[np.ix_(others, others)] - r_marker) / (1.0 - r_marker)
    labels = [names[k] for k in others]
    rows = []
    for j in range(len(others)):
        for i in range(j):
            r = float(adjusted[i, j])
            t = r / np.sqrt((1.0 - r * r) / (n - 3))
            rows.append(
                (labels[i], labels[j], float(R[others[i], others[j]]), r, t, 2.0 * float(stdtr(n - 3, -abs(t))))
            )
    table = pd.DataFrame(rows, columns=["first", "second", "r", "r_adjusted", "t", "pvalue"])
    return MarkerVariable(marker, r_marker, table, pd.DataFrame(adjusted, index=labels, columns=labels), n)
