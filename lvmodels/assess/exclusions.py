"""What excluding respondents does to a model: its key figures with and without them, together and rule by rule."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import LvmodelsError, LvmodelsWarning
from lvmodels.estimate.settings import FitOptions
from lvmodels.fit import Fit, sem
from lvmodels.survey.answers import Survey

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.screening.record import Screening

__all__ = ["Sensitivity", "sensitivity"]

_MEASURES = (
    ("chisq", ("chisq_scaled", "chisq")),
    ("df", ("df_scaled", "df")),
    ("pvalue", ("pvalue_scaled", "pvalue")),
    ("cfi", ("cfi_robust", "cfi_scaled", "cfi")),
    ("tli", ("tli_robust", "tli_scaled", "tli")),
    ("rmsea", ("rmsea_robust", "rmsea_scaled", "rmsea")),
    ("srmr", ("srmr",)),
)
"""Key measures, each with its names from the one preferred to the plain one."""
_ALPHA = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Key figures of a model with and without the respondents that screening found.

    Attributes
    ----------
    samples : DataFrame
        A row a fit: sample ("all", "clean", or the name of a rule), left_out, n (cases analysed), converged, problem
        (why there is no fit; empty when there is one).
    figures : DataFrame
        A row a figure: kind ("fit", "path", "loading", "defined" or "r2"), figure (``Loyalty~Value``), group, all,
        clean, change (clean - all), p_all, p_clean (NaN where there is no test), differs ("sign" or "significance" at
        .05 where that is another one, else ""), and a column for every rule: the figure without those it flags. Paths,
        loadings and defined parameters are standardized; fit measures are the robust or scaled ones where they exist.
    """

    samples: pd.DataFrame
    figures: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Sensitivity: {len(self.samples)} samples, {len(self.figures)} figures, {self.n_differing} differ>"

    @property
    def n_differing(self) -> int:
        """Figures whose sign or significance is another one without the excluded."""
        return int((self.figures["differs"] != "").sum())

    @property
    def n_parameters(self) -> int:
        """Paths, loadings and defined parameters among the figures that both samples have."""
        shown = self.figures[~self.figures["kind"].isin(("fit", "r2"))]
        return int(shown["change"].notna().sum())


def sensitivity(screening: Screening, model: str, by_rule: bool = True, **options: Unpack[FitOptions]) -> Sensitivity:
    """Fit a model to all respondents, to those that remain, and to those that each rule alone would leave.

    Parameters
    ----------
    screening : Screening
    model : str
        As in `lvmodels.sem`.
    by_rule : bool
        Whether to fit the model without those whom each single rule flags, also rules that exclude nobody.
    **options
        The options of `lvmodels.sem`.

    Returns
    -------
    Sensitivity

    Raises
    ------
    LvmodelsError
        As `lvmodels.sem` does when the model cannot be fitted to all respondents. When that happens in a smaller sample
        its problem is recorded instead.

    References
    ----------
    Aguinis, H., Gottfredson, R. K., & Joo, H. (2013). Best-practice recommendations for defining, identifying, and
    handling outliers. Organizational Research Methods, 16(2), 270-301: results belong in a report with and without
    those left out.

    Examples
    --------
    >>> import lvmodels as lv
    >>> survey = lv.datasets.load("ecsi_mobi")
    >>> found = sensitivity(lv.screen(survey), "Satisfaction =~ CUSA1 + CUSA2 + CUSA3; CUSCO ~ Satisfaction")
    >>> found.figures.query("kind == 'path'")[["figure", "all", "longstring"]].round(2)
                   figure   all  longstring
    7  CUSCO~Satisfaction  0.61        0.59
    """
    import pandas as pd

    whole = screening.screened
    fitted: dict[str, Fit | None] = {}
    rows = []
    for name, keep in _samples(screening, by_rule):
        problem = ""
        try:
            fitted[name] = _fit(model, _part(whole, keep), options)
        except LvmodelsError as error:
            if name == "all":
                raise
            fitted[name], problem = None, str(error)
        fit = fitted[name]
        n, converged = (0, False) if fit is None else (fit.nobs, fit.converged)
        rows.append(
            {"sample": name, "left_out": int((~keep).sum()), "n": n, "converged": converged, "problem": problem}
        )
    return Sensitivity(pd.DataFrame(rows), _figures(fitted))


def _samples(screening: Screening, by_rule: bool) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    n = len(screening.scores)
    yield "all", np.ones(n, dtype=bool)
    yield "clean", ~screening.is_excluded
    if not by_rule:
        return
    for name in screening.flags.columns:
        flagged = screening.flags[name].to_numpy(dtype=bool)
        if flagged.any():
            yield str(name), ~flagged


def _part(survey: Survey, keep: NDArray[np.bool_]) -> Survey:
    if keep.all():
        return survey
    return replace(survey, answers=survey.answers[keep], respondents=survey.respondents[keep])


def _fit(model: str, survey: Survey, options: FitOptions) -> Fit:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LvmodelsWarning)  # each fit holds its own; here their figures are compared
        return sem(model, survey, **options)


def _figures(fitted: dict[str, Fit | None]) -> pd.DataFrame:
    import pandas as pd

    found = {name: _of(fit) for name, fit in fitted.items() if fit is not None and fit.converged}
    keys = list(dict.fromkeys(key for figures in found.values() for key in figures))
    nothing = (np.nan, np.nan)

    def column(name: str, place: int = 0) -> list[float]:
        return [found.get(name, {}).get(key, nothing)[place] for key in keys]

    frame = pd.DataFrame(keys, columns=["kind", "figure", "group"])
    frame["all"], frame["clean"] = column("all"), column("clean")
    frame["change"] = frame["clean"] - frame["all"]
    frame["p_all"], frame["p_clean"] = column("all", 1), column("clean", 1)
    rows = frame[["all", "clean", "p_all", "p_clean"]].to_numpy(dtype=float)
    frame["differs"] = [_differs(kind, *row) for kind, row in zip(frame["kind"], rows.tolist(), strict=True)]
    for name in fitted:
        if name not in ("all", "clean"):
            frame[name] = column(name)
    return frame


def _of(fit: Fit) -> dict[tuple[str, str, int], tuple[float, float]]:
    """Key figures of a fit, each with its p value."""
    measures = fit.fit_measures()
    found = {}
    for name, names in _MEASURES:
        best = next((one for one in names if one in measures and np.isfinite(measures[one])), None)
        if best is not None:
            found["fit", name, 1] = (float(measures[best]), float("nan"))
    kinds = {"~": "path", "=~": "loading", "<~": "loading", ":=": "defined"}
    table = fit.estimates()
    for op in ("~", ":=", "=~", "<~"):
        for row in table[table["op"] == op].to_dict("records"):
            name = row["lhs"] if op == ":=" else f"{row['lhs']}{op}{row['rhs']}"
            found[kinds[op], name, int(row.get("group", 1))] = (float(row["std_all"]), float(row["pvalue"]))
    outcomes = {*fit.table.variables.latent, *table[table["op"] == "~"]["lhs"]}
    for key, value in fit.r2().items():
        group, name = key if isinstance(key, tuple) else (1, key)
        if str(name) in outcomes:
            found["r2", str(name), int(group)] = (float(value), float("nan"))
    return found


def _differs(kind: str, before: float, after: float, p_before: float, p_after: float) -> str:
    if kind in ("fit", "r2") or np.isnan(before) or np.isnan(after):
        return ""
    if before * after < 0:
        return "sign"
    tested = not (np.isnan(p_before) or np.isnan(p_after))
    return "significance" if tested and (p_before < _ALPHA) != (p_after < _ALPHA) else ""
