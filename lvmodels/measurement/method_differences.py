"""Why methods differ on one model, in sentences with the numbers of the comparison at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.fit import Fit

__all__ = ["difference_notes"]

_SAME = 0.005  # differences of standardized estimates that nobody would report


def difference_notes(
    fit: Fit, paths: pd.DataFrame, loadings: pd.DataFrame, trusted: pd.DataFrame, missing: str
) -> tuple[str, ...]:
    """The sentences of a comparison.

    Parameters
    ----------
    fit : Fit
        The covariance-based one.
    paths, loadings : DataFrame
        A column a method.
    trusted : DataFrame
        Reliability of the constructs.
    missing : str
    """
    found = [_of_paths(paths, trusted), _of_loadings(loadings), _of_consistency(fit, paths)]
    found += [_of_sums(paths), _of_engines(paths, loadings)]
    if fit.settings.categorical:
        found.append(
            "CB-SEM models the answers as ordered categories (polychoric correlations); the others take the "
            "codes as numbers, whose correlations are lower where categories are few."
        )
    if missing == "fiml":
        found.append(
            "CB-SEM uses every answer by full information; the others put the item's mean in place of a "
            "missing answer, which lowers correlations."
        )
    return tuple(note for note in found if note)


def _of_paths(paths: pd.DataFrame, trusted: pd.DataFrame) -> str:
    ours, theirs = paths.get("CB-SEM"), paths.get("PLS")
    if ours is None or theirs is None or not theirs.notna().any():
        return ""
    gap = float((theirs.abs() - ours.abs()).mean())
    lowest = trusted["rho_A"].dropna() if "rho_A" in trusted else None
    because = ""
    if lowest is not None and len(lowest):
        because = f", least reliable: {lowest.idxmin()}, rho_A {lowest.min():.2f}"
    if abs(gap) < _SAME:
        return (
            "Paths of PLS and CB-SEM are of like size on average here. PLS relates weighted sums of the items, which "
            f"carry their measurement error{because}; CB-SEM relates the factors behind them."
        )
    word = "smaller" if gap < 0 else "larger"
    return (
        f"Paths of PLS are {abs(gap):.2f} {word} than those of CB-SEM on average (absolute values): PLS relates "
        f"weighted sums of the items, which carry their measurement error{because}; CB-SEM relates the factors behind. "
        "With several predictors the error of one also shifts the paths of the others."
    )


def _of_loadings(loadings: pd.DataFrame) -> str:
    ours, theirs = loadings.get("CB-SEM"), loadings.get("PLS")
    if ours is None or theirs is None or not theirs.notna().any():
        return ""
    gap = float((theirs - ours).mean())
    if abs(gap) < _SAME:
        return ""
    return (
        f"Loadings of PLS are {abs(gap):.2f} {'higher' if gap > 0 else 'lower'} on average: they are correlations of "
        "an item with a sum that contains the item itself."
    )


def _of_consistency(fit: Fit, paths: pd.DataFrame) -> str:
    if "PLSc" not in paths or not paths["PLSc"].notna().any() or not len(paths):
        return ""
    gap = float((paths["PLSc"] - paths["CB-SEM"]).abs().max())
    measures = fit.fit_measures()
    srmr = f" (SRMR {float(measures['srmr']):.3f})" if "srmr" in measures else ""
    return (
        "PLSc divides the measurement error out again, and estimates what CB-SEM does; the largest difference of a "
        f"path, {gap:.2f}, comes from sampling, which it weighs differently, and from misfit of the factor model{srmr}."
    )


def _of_sums(paths: pd.DataFrame) -> str:
    if "sum scores" not in paths or "PLS" not in paths or not len(paths):
        return ""
    gap = float((paths["sum scores"] - paths["PLS"]).abs().max())
    if not np.isfinite(gap):
        return ""
    return f"Sum scores give every item the same weight; the weights of PLS change no path by more than {gap:.2f} here."


def _of_engines(paths: pd.DataFrame, loadings: pd.DataFrame) -> str:
    if "semopy" not in paths:
        return ""
    gaps = [frame["semopy"] - frame["CB-SEM"] for frame in (paths, loadings) if len(frame)]
    gap = max(float(difference.abs().max()) for difference in gaps)
    if not np.isfinite(gap):
        return ""
    end = (
        "both minimise the same function." if gap < 0.01 else "it ends its search elsewhere; read its column with care."
    )
    return f"semopy, a second engine, differs by at most {gap:.4f}: {end}"
