"""The classes described by further columns, and tests of whether they differ in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.loyalty.segments.roles import Roles
from lvmodels.survey.columns import is_missing, numeric
from lvmodels.survey.matrix import check_known

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["profile_of", "tests_of"]

Vector = NDArray[np.float64]
Codes = NDArray[np.intp]
_COLUMNS = ["column", "test", "statistic", "df1", "df2", "p", "p_holm", "effect", "size"]
_NAN = float("nan")


def profile_of(
    codes: Codes, levels: Sequence[str], roles: Roles, describe: Sequence[str], total: str | None
) -> pd.DataFrame:
    """A row a label: n, share, sums, means of roles and columns, shares of answers in words."""
    import pandas as pd

    members = [codes == k for k in range(len(levels))]
    n = np.array([inside.sum() for inside in members])
    table: dict[str, Any] = {"n": n, "share": n / max(n.sum(), 1)}
    if total is not None:
        sums = np.array([np.nansum(roles.values[total][inside]) for inside in members])
        table[f"{total}_sum"] = sums
        table[f"{total}_share"] = sums / sums.sum() if sums.sum() else np.full(len(levels), _NAN)
    for name, values in roles.values.items():
        table[f"mean_{name}"] = [_mean(values[inside]) for inside in members]
    for name in describe:
        if _is_numeric(roles, name):
            values = numeric(roles.columns, [name])[:, 0]
            table[f"mean_{name}"] = [_mean(values[inside]) for inside in members]
        else:
            words = _words(roles, name)
            for answer in sorted({*words} - {""}):
                table[f"{name}: {answer}"] = [_mean((words == answer)[inside & (words != "")]) for inside in members]
    return pd.DataFrame(table, index=pd.Index(levels, name="label"))


def tests_of(codes: Codes, roles: Roles, describe: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Analysis of variance and Kruskal-Wallis for numbers, chi-square for words, and what to say about them.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of Statistics*,
    6(2), 65-70. Tomczak, M. and Tomczak, E. (2014). *Trends in Sport Sciences*, 21(1), 19-25 (effect sizes).
    """
    import pandas as pd

    check_known(list(describe), roles.columns.names, "describe= names columns of the data.")
    rows: list[list[Any]] = []
    log = []
    for name in dict.fromkeys(describe):
        if _is_numeric(roles, name):
            values = numeric(roles.columns, [name])[:, 0]
            known = (codes >= 0) & ~np.isnan(values)
            found = _of_numbers(name, values[known], codes[known])
            used = [role for role, own in roles.values.items() if np.array_equal(own, values, equal_nan=True)]
            if used:
                log.append(f"{name} helped to make the classes ({used[0]}): its tests describe, they prove nothing.")
        else:
            words = _words(roles, name)
            known = (codes >= 0) & (words != "")
            found = _of_words(name, words[known], codes[known])
        if found is None:
            log.append(f"{name} is not tested: it takes two classes with customers, and values that vary within them.")
        rows += found or []
    frame = pd.DataFrame(rows, columns=[c for c in _COLUMNS if c != "p_holm"])
    frame.insert(6, "p_holm", _holm(frame["p"].to_numpy(dtype=float)))
    return frame, tuple(log)


def _holm(p: Vector) -> Vector:
    if not len(p):
        return p
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(p, method="holm")[1])


def _of_numbers(name: str, values: Vector, codes: Codes) -> list[list[Any]] | None:
    from scipy import stats

    groups = [values[codes == k] for k in np.unique(codes)]
    n, k = len(values), len(groups)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    if k < 2 or n <= k or within <= 1e-12 * max(1.0, float((values**2).sum())):
        return None
    around = float(((values - values.mean()) ** 2).sum())
    F, p = stats.f_oneway(*groups)
    H, p_rank = stats.kruskal(*groups)
    return [
        [name, "ANOVA", float(F), k - 1, n - k, float(p), "eta squared", 1.0 - within / around],
        [name, "Kruskal-Wallis", float(H), k - 1, _NAN, float(p_rank), "epsilon squared", float(H) / (n - 1)],
    ]


def _of_words(name: str, words: NDArray[np.str_], codes: Codes) -> list[list[Any]] | None:
    import pandas as pd
    from scipy import stats

    counts = pd.crosstab(codes, words).to_numpy()
    if min(counts.shape) < 2:
        return None
    chi2, p, df, _ = stats.chi2_contingency(counts, correction=False)
    v = float(np.sqrt(chi2 / (counts.sum() * (min(counts.shape) - 1))))
    return [[name, "chi-square", float(chi2), int(df), _NAN, float(p), "Cramér's V", v]]


def _is_numeric(roles: Roles, name: str) -> bool:
    array = roles.columns.array(name)
    if array.dtype.kind in "fiu":
        return True
    known = [value for value in array.tolist() if not is_missing(value)]
    return all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in known)


def _words(roles: Roles, name: str) -> NDArray[np.str_]:
    values = roles.columns.array(name).tolist()
    return np.array(["" if is_missing(value) else str(value) for value in values], dtype=str)


def _mean(values: NDArray[Any]) -> float:
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    return float(known.mean()) if len(known) else _NAN
