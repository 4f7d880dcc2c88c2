"""A ladder of ever stricter models: fits, their differences, decisions, and what to free first."""

from __future__ import annotations

import html
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.assess.compare import common_indices, resolved_method
from lvmodels.assess.criteria import Criteria, Verdict, judge
from lvmodels.assess.difference import difference_test
from lvmodels.assess.measures import all_measures
from lvmodels.assess.products import refuse_products
from lvmodels.errors import LvmodelsWarning, OptionValueError
from lvmodels.estimate.settings import FitOptions
from lvmodels.fit import Fit, sem

if TYPE_CHECKING:
    import pandas as pd


_SMALL = 100  # cases of a group


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One model of a ladder.

    Attributes
    ----------
    name : str
        Of the level; "(partial)" is added where some equalities were released.
    kinds : tuple of str
        Kinds of parameters that become equal here.
    released : tuple of str
        Parameters that are not equal although their kind is.
    fit : Fit
    text : str
        The model text.
    """

    name: str
    kinds: tuple[str, ...]
    released: tuple[str, ...]
    fit: Fit
    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ladder:
    """Measurement invariance, step by step.

    Attributes
    ----------
    steps : tuple of Step
    table : DataFrame
        One row a step (the index): against (the step it is compared with), df, chisq, pvalue, cfi, rmsea, srmr, and the
        changes chisq_diff, df_diff, p_diff (the difference test that goes with the estimator), cfi_diff, rmsea_diff,
        srmr_diff; npar, aic, bic where there is a likelihood; verdict.
    decisions : tuple of str
        What the changes mean, one sentence a step and a conclusion.
    release : DataFrame
        Score tests of single equalities, by step, largest first: step, lhs, op, rhs, x2, df, pvalue, est, and the
        expected change in each group or wave.
    log : tuple of str
        What a partial search did.
    """

    steps: tuple[Step, ...]
    table: pd.DataFrame
    decisions: tuple[str, ...]
    release: pd.DataFrame
    log: tuple[str, ...] = ()

    @property
    def fits(self) -> dict[str, Fit]:
        """The fits by the name of their step."""
        return {step.name: step.fit for step in self.steps}

    @property
    def texts(self) -> dict[str, str]:
        """The model texts by the name of their step."""
        return {step.name: step.text for step in self.steps}

    def fit(self, step: str) -> Fit:
        """The fit of a step.

        Raises
        ------
        OptionValueError
        """
        if step not in self.fits:
            raise OptionValueError(f"there is no step '{step}'; the steps are {', '.join(self.fits)}.")
        return self.fits[step]

    def __str__(self) -> str:
        parts = [self._shown().to_string(), "\n".join(self.decisions)]
        if self.log:
            parts.append("\n".join(self.log))
        if len(self.release):
            parts.append("Largest score tests of single equalities:\n" + self._first_to_free().to_string(index=False))
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in (*self.decisions, *self.log))
        first = self._first_to_free()
        freed = f"<p>Largest score tests of single equalities</p>{first.to_html(index=False)}" if len(first) else ""
        return f"{self._shown().to_html()}<ul>{said}</ul>{freed}"

    def _shown(self) -> pd.DataFrame:
        """The table in the digits people read."""
        digits = {"chisq": 2, "chisq_diff": 2}
        shown = self.table.drop(columns=[c for c in ("npar", "aic", "bic") if c in self.table])
        for name in shown.columns:
            if shown[name].dtype.kind == "f":
                whole = name == "df_diff"
                shown[name] = [
                    "" if not np.isfinite(v) else f"{v:.0f}" if whole else f"{v:.{digits.get(str(name), 3)}f}"
                    for v in shown[name]
                ]
        return shown

    def _first_to_free(self) -> pd.DataFrame:
        if not len(self.release):
            return self.release
        return self.release.groupby("step", sort=False).head(3).round(3)


def fitted_step(
    name: str, kinds: tuple[str, ...], released: tuple[str, ...], text: str, data: Any, options: FitOptions
) -> Step:
    """Fit one step; its warnings wait for the whole ladder, and an error says at which step it arose."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LvmodelsWarning)
            fit = sem(text, data, **options)
    except Exception as error:
        error.add_note(f"(at the step '{name}' of the ladder)")
        raise
    refuse_products(fit, "steps of invariance are", "Leave the paths out: invariance is about measurement.")
    return Step(name, kinds, released, fit, text)


def build_ladder(
    steps: Sequence[Step],
    against: Sequence[int | None],
    limits: Criteria,
    release: pd.DataFrame,
    log: Sequence[str] = (),
    across: str = "groups",
) -> Ladder:
    """The record of fitted steps.

    Parameters
    ----------
    steps : sequence of Step
    against : sequence of int or None
        Which step each is compared with.
    limits : Criteria
    release : DataFrame
    log : sequence of str
    across : {"groups", "waves"}
    """
    import pandas as pd

    rows = [_row(step, None if k is None else steps[k], steps) for step, k in zip(steps, against, strict=True)]
    judged = [_judged(s, k, row, limits) for s, k, row in zip(steps, against, rows, strict=True)]
    table = pd.DataFrame(rows, index=pd.Index([step.name for step in steps], name="step"))
    table.insert(0, "against", ["" if k is None else steps[k].name for k in against])
    table["verdict"] = [verdict for verdict, _ in judged]
    sentences = [
        f"{step.name}: {verdict}. {_capital(why)}." for step, (verdict, why) in zip(steps, judged, strict=True)
    ]
    verdicts = [verdict for verdict, _ in judged]
    said = (*sentences, conclusion(steps, verdicts, across), *_about_small_groups(steps[0].fit))
    _warn_once(steps)
    return Ladder(tuple(steps), table, said, release, tuple(log))


def _judged(step: Step, against: int | None, row: Mapping[str, float], limits: Criteria) -> tuple[Verdict, str]:
    if not step.fit.converged:
        way_out = ""
        if step.fit.settings.categorical and step.fit.settings.parameterization == "theta":
            way_out = (
                "; an item may measure its construct without any error, which parameterization='theta' cannot express: "
                "try 'delta', without the step 'strict'"
            )
        return "not judged", f"the model did not converge: {step.fit.optimum.reason}{way_out}"
    return judge(() if against is None else step.kinds, row, limits)


def _about_small_groups(fit: Fit) -> list[str]:
    sizes = [moments.n for moments in fit.prepared.moments]
    label, smallest = fit.prepared.group_labels[int(np.argmin(sizes))], min(sizes)
    if len(sizes) < 2 or smallest >= _SMALL:
        return []
    return [
        f"Mind that group '{label}' has {smallest:.0f} cases: with fewer than {_SMALL} the changes of fit are erratic, "
        "and the limits have hardly been studied."
    ]


def _warn_once(steps: Sequence[Step]) -> None:
    """Issue what the fits warn of, each sentence once, with the steps it is about unless it is about all."""
    told: dict[str, tuple[type[LvmodelsWarning], list[str]]] = {}
    for step in steps:
        for warning in step.fit.warnings:
            told.setdefault(str(warning), (type(warning), []))[1].append(step.name)
    for text, (category, names) in told.items():
        where = "" if len(names) == len(steps) else f" (at {', '.join(names)})"
        warnings.warn(category(text + where), stacklevel=5)


def verdict_of(step: Step, before: Step, limits: Criteria) -> tuple[Verdict, str]:
    """The verdict on one step against another."""
    return judge(step.kinds, _row(step, before, (step, before)), limits)


def _row(step: Step, before: Step | None, steps: Sequence[Step]) -> dict[str, float]:
    """A row of the table; NaN throughout for a fit that did not converge."""
    measures, kind = all_measures(step.fit), common_indices([s.fit for s in steps if s.fit.converged])
    if not step.fit.converged:
        measures = dict.fromkeys(measures, float("nan")) | {"df": measures["df"], "npar": measures["npar"]}
    scaled = "_scaled" if "chisq_scaled" in measures else ""
    found: dict[str, float] = {"df": round(measures["df"])}
    found |= {name: measures[name + scaled] for name in ("chisq", "pvalue")}
    found |= {name: measures.get(name + kind, float("nan")) for name in ("cfi", "rmsea")} | {"srmr": measures["srmr"]}
    nan = float("nan")
    changes = dict.fromkeys(("chisq_diff", "df_diff", "p_diff", "cfi_diff", "rmsea_diff", "srmr_diff"), nan)
    if before is not None and before.fit.converged and step.fit.converged:
        base = _row(before, None, steps)
        test = difference_test(before.fit, step.fit, resolved_method(step.fit, "default"))
        changes = {"chisq_diff": test.chisq, "df_diff": float(test.df), "p_diff": test.pvalue}
        changes |= {f"{name}_diff": found[name] - base[name] for name in ("cfi", "rmsea", "srmr")}
    criteria = {name: measures[name] for name in ("aic", "bic") if name in measures}
    return found | changes | {"npar": round(measures["npar"])} | criteria


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


_MEANING = {
    "configural": "the same items measure the same constructs in all {across}, but nothing may be compared yet",
    "loadings": "relations between constructs (regressions, covariances) may be compared over {across}",
    "intercepts": "means of constructs may be compared over {across}, and relations, too",
    "residuals": "means of sum scores and their variances may be compared over {across}, too",
}


def conclusion(steps: Sequence[Step], verdicts: Sequence[Verdict], across: str) -> str:
    """How far invariance reaches, and what may be compared."""
    names: list[str] = []
    equal: set[str] = set()
    last = len(steps) - 1
    if verdicts[0] == "not judged":
        return "Conclusion: the first step could not be judged, so that nothing can be said about the others."
    for k, (step, verdict) in enumerate(zip(steps, verdicts, strict=True)):
        replaced = k < last and steps[k + 1].name.startswith(f"{step.name} (partial")
        if replaced and verdict != "holds":
            continue
        if verdict in ("fails", "not judged") and step.kinds:
            break
        names.append(step.name)
        equal |= set(step.kinds)
    key = next((kind for kind in ("residuals", "intercepts", "loadings") if kind in equal), "configural")
    if key == "residuals" and not {"loadings", "intercepts"} <= equal:
        key = "loadings" if "loadings" in equal else "configural"
    partial = " (for the constructs as measured by the items that stay equal)" if "partial" in " ".join(names) else ""
    return f"Conclusion: supported up to '{names[-1]}': {_MEANING[key].format(across=across)}{partial}."
