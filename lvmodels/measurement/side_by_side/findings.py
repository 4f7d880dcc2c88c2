"""Why the methods differ, in numbers from the data at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from lvmodels.composites.declaration import Declaration
from lvmodels.composites.fit import PlsFit
from lvmodels.errors import LvmodelsError, MissingPackageError
from lvmodels.fit import Fit
from lvmodels.measurement.side_by_side.records import Estimated, Finding, Method, Pair

__all__ = ["findings"]

Known = Mapping[Method, Estimated]
_SMALL = 0.005  # what two decimals do not show


def findings(
    known: Known,
    left_out: Mapping[Method, LvmodelsError],
    fits: Mapping[Method, Fit | PlsFit],
    declared: Declaration,
    cases: tuple[int, int],
    turned: list[str],
) -> Iterator[Finding]:
    """Sentences, the common scale first and the particular last.

    Parameters
    ----------
    known : mapping of method to Estimated
    left_out : mapping of method to error
        Methods without a column, and why.
    fits : mapping of method to Fit or PlsFit
        Those of this package.
    declared : Declaration
    cases : (int, int)
        Analysed, and left out because an answer is missing.
    turned : list of str
        Items that enter the sums with the other sign.
    """
    used, dropped = cases
    yield Finding("scale", {"n": used})
    if dropped:
        yield Finding("dropped", {"dropped": dropped, "all": used + dropped})
    sem = fits.get("cbsem")
    if isinstance(sem, Fit) and sem.settings.categorical:
        yield Finding("ordinal", {"estimator": sem.settings.estimator})
    for part in (_attenuation, _turned_around, _loadings, _sums):
        yield from part(known, declared)
    yield from _common_factors(known, sem)
    if turned:
        yield Finding("turned", {"items": ", ".join(turned)})
    composites = [block.name for block in declared.blocks if not block.reflective and len(block.items) > 1]
    if composites:
        yield Finding("composites", {"names": ", ".join(composites)})
    if declared.ignored:
        yield Finding("ignored", {"formulas": "; ".join(declared.ignored)})
    yield from _second_engine(known, sem, left_out)
    for method, error in left_out.items():
        if not isinstance(error, MissingPackageError):
            yield Finding("left_out", {"method": method, "reason": str(error).rstrip(".")})
    for method, fit in fits.items():
        for warning in (str(w) for w in fit.warnings if type(w).__name__ in ("InadmissibleWarning", "HeywoodWarning")):
            yield Finding("warning", {"method": method, "text": warning})


def _attenuation(known: Known, declared: Declaration) -> Iterator[Finding]:
    """How much smaller the paths of scores are than those of the factors behind them."""
    if "pls" not in known or "plsc" not in known:
        return
    reliable = known["plsc"].reliability
    if not reliable:
        return
    low, high = min(reliable, key=lambda k: reliable[k]), max(reliable, key=lambda k: reliable[k])
    plain = np.mean([abs(x) for x in known["pls"].paths.values()])
    corrected = np.mean([abs(x) for x in known["plsc"].paths.values()])
    values: dict[str, str | int | float] = {
        "plain": float(plain), "corrected": float(corrected),
        "low": low, "low_value": reliable[low], "high": high, "high_value": reliable[high],
    }  # fmt: skip
    yield Finding("attenuation" if plain < corrected else "no_attenuation", values)


def _turned_around(known: Known, declared: Declaration) -> Iterator[Finding]:
    """Paths that grow when errors of measurement are ignored: predictors take over from one another."""
    if "pls" not in known or "plsc" not in known:
        return
    plain, corrected = known["pls"].paths, known["plsc"].paths
    larger = [k for k in plain if abs(plain[k]) > abs(corrected[k]) + _SMALL]
    if larger:
        worst = max(larger, key=lambda k: abs(plain[k]) - abs(corrected[k]))
        yield Finding(
            "larger_paths",
            {"number": len(larger), "all": len(plain), "outcome": worst[0], "predictor": worst[1],
             "pls": plain[worst], "plsc": corrected[worst]},
        )  # fmt: skip


def _loadings(known: Known, declared: Declaration) -> Iterator[Finding]:
    if "pls" not in known or "cbsem" not in known:
        return
    several = {(block.name, item) for block in declared.blocks if len(block.items) > 1 for item in block.items}
    both = [k for k in several if k in known["pls"].loadings and k in known["cbsem"].loadings]
    if both:
        mean = {m: float(np.mean([abs(known[m].loadings[k]) for k in sorted(both)])) for m in ("pls", "cbsem")}
        key = "loadings" if mean["pls"] > mean["cbsem"] else "loadings_smaller"
        yield Finding(key, {"pls": mean["pls"], "cbsem": mean["cbsem"]})


def _sums(known: Known, declared: Declaration) -> Iterator[Finding]:
    found = _largest(known, "pls", "sums", lambda e: e.paths)
    if found:
        (outcome, predictor), gap = found
        yield Finding("sums" if gap < 0.05 else "sums_apart", {"gap": gap, "outcome": outcome, "predictor": predictor})


def _common_factors(known: Known, sem: Fit | PlsFit | None) -> Iterator[Finding]:
    """Two estimates of common factors, which meet in large samples when the model holds."""
    found = _largest(known, "cbsem", "plsc", lambda e: e.paths)
    if not found or not isinstance(sem, Fit):
        return
    (outcome, predictor), gap = found
    measures = sem.fit_measures()
    suffix = "_scaled" if "cfi_scaled" in measures.index else ""
    values: dict[str, str | int | float] = {
        "gap": gap, "outcome": outcome, "predictor": predictor,
        "cfi": float(measures[f"cfi{suffix}"]), "srmr": float(measures["srmr"]),
    }  # fmt: skip
    yield Finding("common_factors" if gap < 0.1 else "common_factors_apart", values)


def _second_engine(
    known: Known, sem: Fit | PlsFit | None, left_out: Mapping[Method, LvmodelsError]
) -> Iterator[Finding]:
    if isinstance(left_out.get("semopy"), MissingPackageError):
        yield Finding("no_semopy")
    found = _largest(known, "cbsem", "semopy", lambda e: {**e.paths, **e.loadings})
    if found and isinstance(sem, Fit):
        (one, other), gap = found
        plain = sem.settings.estimator in ("ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF")
        values: dict[str, str | int | float] = {"gap": gap, "one": one, "other": other}
        yield Finding("semopy" if plain and gap < 0.01 else "semopy_apart" if plain else "semopy_numbers", values)


def _largest(
    known: Known, one: Method, other: Method, part: Callable[[Estimated], Mapping[Pair, float]]
) -> tuple[Pair, float] | None:
    """Where two methods differ most, and by how much."""
    if one not in known or other not in known:
        return None
    first, second = part(known[one]), part(known[other])
    gaps = {k: abs(first[k] - second[k]) for k in first if k in second}
    return max(gaps.items(), key=lambda pair: pair[1]) if gaps else None
