"""How reliably the items of a model measure its constructs.

L the loadings of the k items of a construct in their own units for one standard deviation of it, S their covariances, l
standardized loadings, R correlations:

    alpha                  k / (k - 1) (1 - tr S / sum S)
    omega                  (sum L)^2 / sum S                                (McDonald 1999)
    composite reliability  (sum l)^2 / ((sum l)^2 + sum (1 - l^2))          (Jöreskog 1971; Fornell and Larcker 1981)
    AVE                    mean of l^2                                      (Fornell and Larcker 1981)
    rho_A                  (w'w)^2 w'(R - I)w / w'(ww' - diag ww')w         (Dijkstra and Henseler 2015)

with w proportional to l and w'Rw = 1, which is where the weights of mode A tend to when the model holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.choices import level_of
from lvmodels.fit.record import Fit
from lvmodels.measurement.alpha import alpha_of, feldt_interval
from lvmodels.measurement.constructs import Block, Construct, blocks_of, item_codes
from lvmodels.measurement.item_answers import pairwise_covariance
from lvmodels.measurement.ordinal_omega import ordinal_omega

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["composite_reliability", "reliability", "rho_a"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_NAN = float("nan")


def reliability(fit: Fit, level: float | None = None) -> pd.DataFrame:
    """Reliability of every construct of a fit.

    Parameters
    ----------
    fit : Fit
        With reflective constructs (``=~``); composites (``<~``) have no reliability of this kind.
    level : float, optional
        Of the interval of alpha; that of the fit by default.

    Returns
    -------
    DataFrame
        A row a construct, in the order of the model; with groups or levels the index begins with them. Columns:

        items : number of items, those of constructs below included
        alpha : of the items as answered, with alpha_lower and alpha_upper (Feldt, Woodruff and Salih 1987)
        omega : share of the variance of the items' sum that the construct explains. Of ordinal answers that of the sum
            of the answers themselves (Green and Yang 2009)
        composite_reliability, ave : from standardized loadings of what measures the construct directly
        rho_a : of the sum weighted by loadings
        spearman_brown : of two items alone, 2 r / (1 + r) (Eisinga, te Grotenhuis and Pelzer 2013)

        With ordinal answers alpha_ordinal and omega_ordinal are those of the responses behind the answers, from
        polychoric correlations (Zumbo, Gadermann and Zeisser 2007). With constructs of higher order, whose omega is
        that of the sum of all items below them, omega_level2 is their share of the sum of the constructs below, and
        omega_partial that of the items' sum without what these constructs have for themselves. Values that do not
        exist are NaN: those of single items, for one.

    Raises
    ------
    NotConvergedError, ModelError, OptionValueError

    References
    ----------
    Dijkstra, T. K., & Henseler, J. (2015). Consistent partial least squares path modeling. MIS Quarterly, 39(2).
    Eisinga, R., te Grotenhuis, M., & Pelzer, B. (2013). The reliability of a two-item scale: Pearson, Cronbach, or
    Spearman-Brown? International Journal of Public Health, 58(4), 637-642.
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and
    measurement error. Journal of Marketing Research, 18(1), 39-50.
    McDonald, R. P. (1999). Test theory: a unified treatment. Erlbaum.
    Zumbo, B. D., Gadermann, A. M., & Zeisser, C. (2007). Ordinal versions of coefficients alpha and theta for Likert
    rating scales. Journal of Modern Applied Statistical Methods, 6(1), 21-29.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> lv.reliability(fit)[["alpha", "omega", "composite_reliability", "ave", "rho_a"]].round(3)
               alpha  omega  composite_reliability    ave  rho_a
    construct
    visual     0.626  0.612                  0.626  0.371  0.680
    textual    0.883  0.885                  0.885  0.720  0.885
    speed      0.688  0.686                  0.691  0.430  0.700
    """
    import pandas as pd

    blocks = blocks_of(fit)
    wanted = level_of(level, fit.settings.level)
    keys, rows = [], []
    for block in blocks:
        for construct in block.constructs:
            keys.append((block.label, construct.name))
            rows.append(_row(fit, block, construct, wanted))
    table = pd.DataFrame(rows).dropna(axis=1, how="all") if rows else pd.DataFrame()
    table = table.reindex(columns=[name for name in rows[0] if name in table.columns or name in _ALWAYS])
    if len(blocks) == 1:
        table.index = pd.Index([name for _, name in keys], name="construct")
    else:
        table.index = pd.MultiIndex.from_tuples(keys, names=["block", "construct"])
    return table


_ALWAYS = ("items", "alpha", "alpha_lower", "alpha_upper", "omega", "composite_reliability", "ave", "rho_a")


def _row(fit: Fit, block: Block, construct: Construct, level: float) -> dict[str, float]:
    items, loadings = construct.items, construct.loadings
    k = len(items)
    S = block.S[np.ix_(items, items)]
    several = k > 1
    ordinal = [len(block.thresholds[j]) > 0 for j in items]
    observed = pairwise_covariance(item_codes(fit, block)[:, items]) if any(ordinal) and several else S
    alpha = alpha_of(observed)
    lower, upper = feldt_interval(alpha, block.n, k, level) if several else (_NAN, _NAN)
    latent_omega = float(loadings.sum() ** 2 / S.sum()) if several else _NAN
    omega = latent_omega
    if any(ordinal) and several:
        sd = np.sqrt(np.diagonal(S))
        R = S / np.outer(sd, sd)
        whole = all(ordinal)
        omega = ordinal_omega([block.thresholds[j] for j in items], loadings / sd, R) if whole else _NAN
    level2, partial = _of_higher_order(block, construct) if construct.higher else (_NAN, _NAN)
    direct = construct.standardized
    return {
        "items": k,
        "alpha": alpha,
        "alpha_lower": lower,
        "alpha_upper": upper,
        "omega": omega,
        "composite_reliability": composite_reliability(direct) if len(direct) > 1 else _NAN,
        "ave": float((direct**2).mean()) if len(direct) > 1 else _NAN,
        "rho_a": _NAN if construct.higher or not several else rho_a(direct, _correlations(S)),
        "spearman_brown": 2.0 * r / (1.0 + r) if k == 2 and (r := float(_correlations(observed)[0, 1])) > -1 else _NAN,
        "alpha_ordinal": alpha_of(S) if any(ordinal) else _NAN,
        "omega_ordinal": latent_omega if any(ordinal) else _NAN,
        "omega_level2": level2,
        "omega_partial": partial,
    }


def _correlations(S: Matrix) -> Matrix:
    sd = np.sqrt(np.diagonal(S))
    return np.asarray(S / np.outer(sd, sd))


def composite_reliability(loadings: Vector) -> float:
    """Reliability of a sum from standardized loadings; what the construct does not explain counts as error.

    Examples
    --------
    >>> round(composite_reliability(np.array([0.7, 0.8, 0.9])), 3)
    0.845
    """
    true = float(loadings.sum() ** 2)
    return true / (true + float((1.0 - loadings**2).sum()))


def rho_a(loadings: Vector, R: Matrix) -> float:
    """Reliability of a weighted sum with weights proportional to standardized loadings (Dijkstra and Henseler 2015).

    Examples
    --------
    >>> l = np.array([0.7, 0.8, 0.9])
    >>> round(rho_a(l, np.outer(l, l) + np.diag(1 - l**2)), 3)
    0.856
    """
    w = loadings / np.sqrt(loadings @ R @ loadings)
    off = 1.0 - np.eye(len(w))
    return float((w @ w) ** 2 * (w @ (R * off) @ w) / (w @ (np.outer(w, w) * off) @ w))


def _of_higher_order(block: Block, construct: Construct) -> tuple[float, float]:
    """Share of a construct in the sum of the constructs below it; and in the sum of the items less what these have."""
    below = [c for c in block.constructs if c.name in construct.indicators]
    if len(below) < len(construct.indicators):  # items and constructs side by side
        return _NAN, _NAN
    true = float(construct.loadings.sum() ** 2)
    place = [block.latent_names.index(c.name) for c in below]
    among = block.latent[np.ix_(place, place)]
    sd = np.sqrt(np.diagonal(among))
    loadings = np.array([construct.standardized[construct.indicators.index(c.name)] for c in below]) * sd
    items = construct.items
    lower = np.zeros((len(items), len(below)))
    for j, c in enumerate(below):
        at = [items.tolist().index(item) for item in c.items.tolist()]
        lower[at, j] = c.loadings / sd[j]
    explained = lower @ among @ lower.T
    error = float((block.Sigma[np.ix_(items, items)] - explained).sum())
    return float(loadings.sum() ** 2 / among.sum()), true / (true + error)
