"""Whether answers agree because they were given by the same person in the same questionnaire: checks of common method.

None of them proves that there is no such variance; they say how large it would have to be.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.compare import compare
from lvmodels.assess.implied import block_index
from lvmodels.errors import BoundaryWarning, ModelError
from lvmodels.fit.extension import extended
from lvmodels.fit.record import Fit
from lvmodels.measurement.another_model import fit_instead, refuse_levels
from lvmodels.measurement.constructs import blocks_of
from lvmodels.measurement.item_answers import answers_of, pairwise_covariance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Harman", "MethodFactor", "harman", "method_factor"]

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
    fits = {"model": fit, "one factor": fit_instead(fit, text)}
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
    proper : bool
        Whether the solution is one: no negative variances, no correlations beyond 1. Else nothing here can be read.
    """

    fit: Fit
    loadings: pd.DataFrame
    paths: pd.DataFrame
    method_share: float
    construct_share: float
    comparison: pd.DataFrame
    proper: bool


def method_factor(fit: Fit, equal: bool = True) -> MethodFactor:
    """Add an unmeasured method factor: one that all items load on, uncorrelated with the constructs.

    Single items of constructs take no part: they cannot tell method from construct.

    Parameters
    ----------
    fit : Fit
        Of one level, with reflective constructs.
    equal : bool
        Whether all items load on it equally, which adds one parameter: its variance, held at 0 or above; at 0 there is
        nothing for it to explain. Free loadings add as many as there are items, often fail to converge, and
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

    Warns
    -----
    HeywoodWarning, RankDeficientWarning
        When the solution is improper.

    References
    ----------
    Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method biases in behavioral
    research: a critical review of the literature and recommended remedies. Journal of Applied Psychology, 88(5).

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.method_factor(lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi")))
    >>> round(found.method_share, 2), round(found.construct_share, 2), found.proper
    (0.15, 0.37, True)
    >>> found.paths.round(2).tail(3)
                lhs           rhs  without  with
    6    Complaints  Satisfaction     0.59  0.70
    7       Loyalty  Satisfaction     0.78  0.79
    8       Loyalty    Complaints     0.03 -0.04
    """
    refuse_levels(fit)
    block = blocks_of(fit)[0]
    items = [block.names[j] for j in sorted({int(j) for c in block.first_order if len(c.items) > 1 for j in c.items})]
    name = _new_name("method", fit)
    loaded = [f"1*{_quoted(item)}" if equal else f"NA*{_quoted(item)}" for item in items]
    apart = [f"{name} ~~ 0*{_quoted(other)}" for other in fit.table.variables.latent_exogenous]
    terms = f"{name} =~ {' + '.join(loaded)}"
    small = np.sqrt(0.05 * float(np.diagonal(block.S).mean()))

    def wider_fit(scale: str) -> Fit:
        return extended(fit, "\n".join([terms, scale, *apart]), lambda row: small if row.op == "=~" else 0.0)

    wider = wider_fit(f"{name} ~~ {'NA' if equal else '1'}*{name}")
    if equal and wider.converged and (wider.solution.values[_variances(wider, name)] < 0.0).any():
        wider = wider_fit(f"{name} ~~ lower(0)*{name}")
    if not wider.converged:
        raise ModelError(
            "the model with a method factor did not converge; "
            + ("the items may have too little in common beside the constructs." if equal else "use equal=True.")
        )
    improper = [warning for warning in wider.warnings if not isinstance(warning, BoundaryWarning)]
    for warning in improper:
        warnings.warn(warning, stacklevel=2)
    before, after = fit.estimates(), wider.estimates()
    keys = [key for key in ("lhs", "rhs", "group") if key in after.columns]
    on_method = after[(after["op"] == "=~") & (after["lhs"] == name)].rename(columns={"std_all": "method"})
    on_method = on_method.fillna({"method": 0.0})  # a factor without variance has no standardized loadings
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
        not improper,
    )


def _variances(fit: Fit, name: str) -> list[int]:
    """Where the variance of a variable stands in the table, one a group."""
    return [k for k, row in enumerate(fit.table.rows) if row.is_variance and row.lhs == name]


def _beside(before: pd.DataFrame, after: pd.DataFrame, op: str, keys: list[str]) -> pd.DataFrame:
    one, other = (
        table.loc[table["op"] == op, [*keys, "std_all"]].rename(columns={"std_all": name})
        for table, name in ((before, "without"), (after, "with"))
    )
    return one.merge(other, on=keys, how="left")


def _new_name(wanted: str, fit: Fit) -> str:
    """A name that no variable of the model has."""
    known = {*fit.objective.template.names}
    while wanted in known:
        wanted += "_"
    return wanted


def _quoted(name: str) -> str:
    """A name as model texts need it."""
    return name if name.isidentifier() and name.isascii() else f"`{name}`"
