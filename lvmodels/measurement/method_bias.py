"""Whether answers agree because they were given by the same person in the same questionnaire: checks of common method.

None of them proves that there is no such variance; they say how large it would have to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from lvmodels.assess.compare import compare
from lvmodels.assess.implied import block_index
from lvmodels.errors import DataError, ModelError, UnknownVariableError, nearest
from lvmodels.estimate.choices import choice_of
from lvmodels.fit.record import Fit
from lvmodels.measurement.another_model import fit_instead
from lvmodels.measurement.constructs import blocks_of
from lvmodels.measurement.item_answers import answers_of, pairwise_covariance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Harman", "MarkerVariable", "MethodFactor", "harman", "marker_variable", "method_factor"]

Matrix = NDArray[np.float64]
_MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")


@dataclass(frozen=True, slots=True, eq=False)
class Harman:
    """Harman's single-factor test.

    Attributes
    ----------
    share : float
        Of the items' variance in their first principal component.
    eigenvalues : Series
        Of the item correlations, largest first.
    fits : DataFrame or None
        Fit measures of the model and of one factor behind all items; None for a frame.
    """

    share: float
    eigenvalues: pd.Series[float]
    fits: pd.DataFrame | None


def harman(fit_or_frame: Any, group: int = 1) -> Harman:
    """Harman's single-factor test: whether one factor accounts for most of what the items share.

    More than half of the variance in the first component is the customary sign of common method variance (Podsakoff and
    Organ 1986). The test is weak: a small share does not rule it out, and one strong construct gives a large one.

    Parameters
    ----------
    fit_or_frame : Fit, data frame, Survey or path
        Of a fit the items of its constructs; then one factor behind all of them is fitted, too.
    group : int
        Whose item correlations are taken, of fits with groups.

    Returns
    -------
    Harman

    Raises
    ------
    NotConvergedError, ModelError, DataError, NotEstimableError

    References
    ----------
    Podsakoff, P. M., & Organ, D. W. (1986). Self-reports in organizational research: problems and prospects. Journal of
    Management, 12(4), 531-544.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> found = lv.harman(fit)
    >>> round(found.share, 3)
    0.357
    >>> found.fits[["df", "cfi", "rmsea"]].round(3)
                  df    cfi  rmsea
    model       24.0  0.931  0.092
    one factor  27.0  0.677  0.187
    """
    import pandas as pd

    if isinstance(fit_or_frame, Fit):
        block = blocks_of(fit_or_frame)[block_index(fit_or_frame, group, 1)]
        used = sorted({int(item) for construct in block.first_order for item in construct.items})
        R = block.correlations[np.ix_(used, used)]
        fits = _one_factor(fit_or_frame, [block.names[j] for j in used])
    else:
        C, fits = pairwise_covariance(answers_of(fit_or_frame, "harman", "listwise")[0]), None
        R = C / np.sqrt(np.outer(np.diagonal(C), np.diagonal(C)))
    values = np.linalg.eigvalsh(R)[::-1]
    index = pd.RangeIndex(1, len(values) + 1, name="component")
    return Harman(float(values[0] / len(values)), pd.Series(values, index=index), fits)


def _one_factor(fit: Fit, items: list[str]) -> pd.DataFrame:
    import pandas as pd

    text = f"{_new_name('general', fit)} =~ {' + '.join(map(_quoted, items))}"
    fits = {"model": fit, "one factor": fit_instead(fit, text, same_constraints=False)}
    rows = {name: some.fit_measures().reindex(list(_MEASURES)) for name, some in fits.items()}
    return pd.DataFrame(rows).T


@dataclass(frozen=True, slots=True, eq=False)
class MethodFactor:
    """A model with a factor behind all items beside the constructs.

    Attributes
    ----------
    fit : Fit
        Of the model with the method factor.
    loadings : DataFrame
        A row a loading: construct, item, without and with the method factor (both standardized), method (that of the
        item on the method factor); with groups a column group.
    paths : DataFrame
        Standardized paths without and with it: lhs, rhs, [group], without, with.
    method_share, construct_share : float
        Mean of the squared standardized loadings: of the method factor, of the constructs beside it.
    comparison : DataFrame
        As `compare` gives it: whether the method factor improves the fit.
    """

    fit: Fit
    loadings: pd.DataFrame
    paths: pd.DataFrame
    method_share: float
    construct_share: float
    comparison: pd.DataFrame


def method_factor(fit: Fit, equal: bool = True) -> MethodFactor:
    """Add an unmeasured method factor: one that all items load on, uncorrelated with the constructs.

    Parameters
    ----------
    fit : Fit
        Of one level, with reflective constructs.
    equal : bool
        Whether all items load on it equally, which adds one parameter (a variance, which may come out negative: then
        there is nothing for it to explain). Free loadings add as many as there are items, often fail to converge, and
        take up whatever else the items share.

    Returns
    -------
    MethodFactor
        What matters most is whether loadings and paths change. Where items load nearly equally on their constructs, a
        method factor with equal loadings can hardly be told from what the constructs share: then the fit does not
        improve, and its variance has a large standard error.

    Raises
    ------
    NotConvergedError, ModelError, NotEstimableError

    References
    ----------
    Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method biases in behavioral
    research: a critical review of the literature and recommended remedies. Journal of Applied Psychology, 88(5).

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> found = lv.method_factor(fit)
    >>> round(found.method_share, 3), round(found.construct_share, 3)
    (0.323, 0.189)
    """
    block = blocks_of(fit)[0]
    items = [block.names[j] for j in sorted({int(j) for c in block.first_order for j in c.items})]
    name = _new_name("method", fit)
    loaded = [f"1*{_quoted(item)}" if equal else f"NA*{_quoted(item)}" for item in items]
    apart = [f"{name} ~~ 0*{_quoted(other)}" for other in fit.table.variables.latent_exogenous]
    scale = f"{name} ~~ NA*{name}" if equal else f"{name} ~~ 1*{name}"
    wider = fit_instead(fit, "\n".join([fit.text.text, f"{name} =~ {' + '.join(loaded)}", scale, *apart]))
    if not wider.converged:
        raise ModelError(
            "the model with a method factor did not converge; "
            + ("the items may have too little in common beside the constructs." if equal else "use equal=True.")
        )
    before, after = fit.estimates(), wider.estimates()
    keys = [key for key in ("lhs", "rhs", "group") if key in after.columns]
    on_method = after[(after["op"] == "=~") & (after["lhs"] == name)].rename(columns={"std_all": "method"})
    loadings = _beside(before, after[after["lhs"] != name], "=~", keys)
    own = [key for key in keys if key != "lhs"]
    loadings = loadings.merge(on_method[[*own, "method"]], on=own, how="left")
    return MethodFactor(
        wider,
        loadings.rename(columns={"lhs": "construct", "rhs": "item"}),
        _beside(before, after, "~", keys),
        float((on_method["method"] ** 2).mean()),
        float((loadings["with"] ** 2).mean()),
        compare(fit, wider),
    )


def _beside(before: pd.DataFrame, after: pd.DataFrame, op: str, keys: list[str]) -> pd.DataFrame:
    one, other = (
        table.loc[table["op"] == op, [*keys, "std_all"]].rename(columns={"std_all": name})
        for table, name in ((before, "without"), (after, "with"))
    )
    return one.merge(other, on=keys, how="left")


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


def _new_name(wanted: str, fit: Fit) -> str:
    """A name that no variable of the model has."""
    known = {*fit.objective.template.names}
    while wanted in known:
        wanted += "_"
    return wanted


def _quoted(name: str) -> str:
    """A name as model texts need it."""
    return name if name.isidentifier() and name.isascii() else f"`{name}`"
