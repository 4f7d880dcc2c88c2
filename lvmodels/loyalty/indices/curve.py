"""The curve from satisfaction to loyalty: which shape it has, by industry or competition, and the zones on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError, TooFewCasesError, nearest
from lvmodels.loyalty.indices.answers import answers_of, groups_of
from lvmodels.loyalty.indices.curve_shapes import SHAPES, FittedShape, Shape, fit_shape

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LoyaltyCurve", "satisfaction_loyalty_curve"]

Vector = NDArray[np.float64]
_FEWEST = 8


@dataclass(frozen=True, slots=True, eq=False)
class LoyaltyCurve:
    """Loyalty as a function of satisfaction.

    Attributes
    ----------
    shapes : DataFrame
        A row a pair of group and shape. Columns n, k (parameters, with the variance), rss, r2, aic, delta (to the best
        of the group), weight (Akaike's), best, why_not (why a shape has no fit).
    params : DataFrame
        A row a parameter, by group and shape: columns est, se.
    zones : DataFrame
        A row a pair of group and zone ("loyal", "indifferent", "searching"). Columns n, share, from, to (loyalty), mean
        satisfaction and loyalty.
    data : DataFrame
        Columns satisfaction, loyalty, group, zone of the respondents who have both.
    """

    shapes: pd.DataFrame
    params: pd.DataFrame
    zones: pd.DataFrame
    data: pd.DataFrame

    def predict(self, satisfaction: Any, group: str = "all", shape: Shape | None = None) -> Vector:
        """Loyalty on the curve.

        Parameters
        ----------
        satisfaction : array_like
        group : str
        shape : str, optional
            That with the smallest AIC by default.

        Returns
        -------
        ndarray

        Raises
        ------
        OptionValueError
        """
        groups = list(self.shapes.index.get_level_values("group").unique())
        if group not in groups:
            hint = nearest(group, groups) or f"There are: {', '.join(groups)}."
            raise OptionValueError(f"there is no group '{group}'. {hint}")
        own = self.shapes.loc[group]
        chosen = str(own.index[own["best"]][0]) if shape is None else shape
        if chosen not in own.index or own.loc[chosen, "why_not"]:
            raise OptionValueError(f"the shape {chosen!r} was not fitted to group '{group}'; see shapes.")
        rule = SHAPES[chosen]  # type: ignore[index]
        values = self.params.loc[(group, chosen), "est"].to_numpy()
        return np.asarray(rule.value(np.asarray(satisfaction, dtype=float), *values))


def satisfaction_loyalty_curve(
    data: Any,
    satisfaction: str | Sequence[str],
    loyalty: str | Sequence[str],
    group: str | None = None,
    shapes: Sequence[Shape] = ("linear", "exponential", "power", "logistic"),
    top: float = 0.15,
    bottom: float = 0.15,
) -> LoyaltyCurve:
    """Fit curves from satisfaction to loyalty, choose one by AIC, and mark the zones.

    Parameters
    ----------
    data : data frame, Survey or path
    satisfaction, loyalty : str or sequence of str
        A column, or several whose mean is taken.
    group : str, optional
        Column with the industry or level of competition; each has its curve.
    shapes : sequence of str
        "linear": a + bx; "exponential": a exp(bx); "power": a x^b; "logistic": an S between floor and ceiling.
    top, bottom : float
        Shares of the customers, by loyalty, who are loyal, and who search for another provider; one published survey of
        telecommunication found 15 % each. With ties the shares that come out differ; they are in `zones`.

    Returns
    -------
    LoyaltyCurve

    Raises
    ------
    OptionValueError, UnknownVariableError, ConstantVariableError, TooFewCasesError

    Notes
    -----
    AIC = n log(RSS / n) + 2k with k the parameters of the curve and the variance around it. All shapes are fitted to
    loyalty itself, so that their AIC can be compared.

    References
    ----------
    Jones, T. O. and Sasser, W. E. (1995). Why satisfied customers defect. *Harvard Business Review*, 73(6), 88-99.
    Burnham, K. P. and Anderson, D. R. (2002). *Model selection and multimodel inference* (2nd ed.). Springer, chap. 2.

    Examples
    --------
    >>> import pandas as pd
    >>> import numpy as np
    >>> x = np.tile(np.arange(1.0, 8.0), 6)
    >>> y = 2 * np.exp(0.3 * x) + np.tile([0.1, -0.1], 21)
    >>> found = satisfaction_loyalty_curve(pd.DataFrame({"sat": x, "loy": y}), "sat", "loy")
    >>> found.shapes.loc["all"].query("best").index.tolist()
    ['exponential']
    >>> found.params.loc[("all", "exponential"), "est"].round(2).tolist()
    [2.0, 0.3]
    """
    import pandas as pd

    unknown = [shape for shape in shapes if shape not in get_args(Shape)]
    if unknown or not shapes:
        raise OptionValueError(f"shapes={list(shapes)!r}: choose among {', '.join(get_args(Shape))}.")
    if not (0.0 <= top and 0.0 <= bottom and top + bottom <= 1.0):
        raise OptionValueError("top and bottom must be shares that add up to 1 at most.")
    x, y = (_mean(data, columns) for columns in (satisfaction, loyalty))
    rows, params, zones, points = [], [], [], []
    for name, member in groups_of(data, group, len(x)).items():
        label = name or "all"
        both = member & ~np.isnan(x) & ~np.isnan(y)
        if both.sum() < _FEWEST:
            raise TooFewCasesError(
                f"group '{label}' has {int(both.sum())} respondents with satisfaction and loyalty; a curve needs "
                f"{_FEWEST} or more."
            )
        found = [fit_shape(shape, x[both], y[both]) for shape in shapes]
        rows += _compared(label, found, y[both])
        params += [(label, f.shape, *cell) for f in found if not f.why_not
                   for cell in zip(SHAPES[f.shape].names, f.params, f.se, strict=True)]  # fmt: skip
        own = pd.DataFrame({"satisfaction": x[both], "loyalty": y[both], "group": label})
        own["zone"] = _zone_of(y[both], top, bottom)
        zones += _zone_rows(label, own)
        points.append(own)
    columns = ["group", "shape", "n", "k", "rss", "r2", "aic", "delta", "weight", "best", "why_not"]
    zone_columns = ["group", "zone", "n", "share", "from", "to", "satisfaction", "loyalty"]
    return LoyaltyCurve(
        pd.DataFrame(rows, columns=columns).set_index(["group", "shape"]),
        pd.DataFrame(params, columns=["group", "shape", "parameter", "est", "se"])
        .set_index(["group", "shape", "parameter"]).sort_index(level=[0, 1], sort_remaining=False),
        pd.DataFrame(zones, columns=zone_columns).set_index(["group", "zone"]),
        pd.concat(points, ignore_index=True),
    )  # fmt: skip


def _mean(data: Any, columns: str | Sequence[str]) -> Vector:
    names = [columns] if isinstance(columns, str) else list(columns)
    Y, _ = answers_of(data, names, varies=True)
    seen = ~np.isnan(Y)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.nansum(Y, axis=1) / np.maximum(count, 1), np.nan)


def _compared(label: str, found: list[FittedShape], y: Vector) -> list[tuple[Any, ...]]:
    n = len(y)
    total = float(((y - y.mean()) ** 2).sum())
    ks = [len(f.params) + 1 for f in found]
    floor = np.finfo(float).tiny
    aic = np.array([n * np.log(max(f.rss / n, floor)) + 2 * k for f, k in zip(found, ks, strict=True)])
    if np.isnan(aic).all():
        reasons = "; ".join(f"{f.shape}: {f.why_not}" for f in found)
        raise TooFewCasesError(f"no shape could be fitted to group '{label}' ({reasons}); try the linear one.")
    delta = aic - np.nanmin(aic)
    weight = np.nan_to_num(np.exp(-delta / 2.0))
    weight = weight / weight.sum()
    best = int(np.nanargmin(aic))
    return [
        (label, f.shape, n, k, f.rss, 1.0 - f.rss / total if total else np.nan, aic[i], delta[i], weight[i], i == best,
         f.why_not)
        for i, (f, k) in enumerate(zip(found, ks, strict=True))
    ]  # fmt: skip


def _zone_of(loyalty: Vector, top: float, bottom: float) -> NDArray[Any]:
    """Zone of every customer; who ties with the last one in a zone is in it, too."""
    n = len(loyalty)
    ordered = np.sort(loyalty)
    few, many = round(bottom * n), round(top * n)
    low = ordered[few - 1] if few else -np.inf
    high = ordered[n - many] if many else np.inf
    searching, loyal = loyalty <= low, loyalty >= high
    return np.where(loyal & ~searching, "loyal", np.where(searching & ~loyal, "searching", "indifferent"))


def _zone_rows(label: str, own: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = []
    for zone in ("loyal", "indifferent", "searching"):
        part = own[own["zone"] == zone]
        ends = (part["loyalty"].min(), part["loyalty"].max()) if len(part) else (np.nan, np.nan)
        means = (part["satisfaction"].mean(), part["loyalty"].mean())
        rows.append((label, zone, len(part), len(part) / len(own), *ends, *means))
    return rows
