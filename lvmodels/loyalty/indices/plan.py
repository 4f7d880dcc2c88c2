"""The measurement plan: criteria, sample, questionnaire, field, statistics, use, as a checklist that checks itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import OptionValueError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.loyalty.indices.response import ResponseAccount
    from lvmodels.survey.instrument import Instrument

__all__ = ["CHECKS", "MeasurementPlan", "measurement_plan"]

CHECKS: Mapping[str, tuple[str, ...]] = {
    "criteria": ("question", "constructs", "definitions", "items_enough"),
    "sample": ("population", "size", "groups"),
    "questionnaire": ("wording", "scales", "reverse_keys", "languages", "pretest"),
    "field": ("mode", "period", "response", "screening"),
    "statistics": ("model", "cases_enough", "reliability", "converged"),
    "use": ("owner", "decision", "next_wave"),
}
"""The steps, in order, and what is checked at each."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementPlan:
    """A checklist of a study.

    Attributes
    ----------
    table : DataFrame
        A row a pair of step and check. Columns state ("done", "open" or "problem"), detail (what was said or found;
        empty when open), found (whether it was looked up in the study itself rather than said).
    title : str
    """

    table: pd.DataFrame
    title: str

    @property
    def open(self) -> list[str]:
        """What is still open or a problem, as "step.check"."""
        return [f"{step}.{check}" for (step, check), state in self.table["state"].items() if state != "done"]

    def __str__(self) -> str:
        marks = {"done": "[x]", "open": "[ ]", "problem": "[!]"}
        lines = [self.title] if self.title else []
        for step, rows in self.table.groupby(level="step", sort=False):
            lines += ["", str(step)]
            lines += [f"  {marks[row.state]} {row.Index[1]}: {row.detail}".rstrip(": ") for row in rows.itertuples()]
        return "\n".join(lines)


def measurement_plan(
    answers: Mapping[str, Mapping[str, str]] | None = None,
    *,
    instrument: Instrument | None = None,
    response: ResponseAccount | None = None,
    screening: Any = None,
    fit: Any = None,
    title: str = "",
) -> MeasurementPlan:
    """Make the checklist of a study: what is settled, what is open, and what is a problem.

    Parameters
    ----------
    answers : mapping of str to mapping, optional
        Step → (check → what was settled, in words), with the steps and checks of `CHECKS`; "sample" → {"population":
        "all customers of 2025"}, for example.
    instrument : Instrument, optional
        Constructs, definitions, numbers of items, scales, reverse keys and languages are looked up in it.
    response : ResponseAccount, optional
        Sample size, modes and response rate.
    screening : Screening, optional
        How many answers were kept.
    fit : Fit or PlsFit, optional
        Convergence, and cases for each free parameter (10 or more is customary; Bentler and Chou 1987).
    title : str

    Returns
    -------
    MeasurementPlan

    Raises
    ------
    OptionValueError

    References
    ----------
    Hayes, B. E. (2008). *Measuring customer satisfaction and loyalty* (3rd ed.). ASQ Quality Press.
    Bentler, P. M. and Chou, C.-P. (1987). Practical issues in structural modeling. *Sociological Methods & Research*,
    16(1), 78-117.

    Examples
    --------
    >>> import lvmodels as lv
    >>> plan = measurement_plan({"use": {"owner": "head of service"}}, instrument=lv.instruments.load("acsi"))
    >>> plan.table.loc[("use", "owner"), "state"], plan.table.loc[("questionnaire", "scales"), "state"]
    ('done', 'done')
    >>> len(plan.open)
    16
    """
    import pandas as pd

    said = _said(answers or {})
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    if instrument is not None:
        found |= _of_instrument(instrument)
    if response is not None:
        found |= _of_response(response)
    if screening is not None:
        kept, all_of = len(screening.clean.answers), len(screening.survey.answers)
        found["field", "screening"] = (True, f"{kept} / {all_of}")
    if fit is not None:
        found |= _of_fit(fit)
    rows = []
    for step, checks in CHECKS.items():
        for check in checks:
            key = (step, check)
            good, detail = found.get(key, (True, ""))
            words = "; ".join(part for part in (said.get(key, ""), detail) if part)
            state = "problem" if not good else "done" if words else "open"
            rows.append((*key, state, words, key in found))
    table = pd.DataFrame(rows, columns=["step", "check", "state", "detail", "found"])
    return MeasurementPlan(table.set_index(["step", "check"]), title)


def _said(answers: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
    said = {}
    for step, given in answers.items():
        if step not in CHECKS:
            raise OptionValueError(f"there is no step '{step}'. {nearest(step, CHECKS) or ', '.join(CHECKS)}")
        for check, words in given.items():
            if check not in CHECKS[step]:
                hint = nearest(check, CHECKS[step]) or f"There are: {', '.join(CHECKS[step])}."
                raise OptionValueError(f"step '{step}' has no check '{check}'. {hint}")
            said[step, check] = str(words).strip()
    return said


def _of_instrument(instrument: Instrument) -> dict[tuple[str, str], tuple[bool, str]]:
    """Details are names and numbers, which need no language."""
    names = [construct.name for construct in instrument.constructs]
    undefined = [construct.name for construct in instrument.constructs if construct.definition is None]
    sizes = {name: len(instrument.items_of(name)) for name in names}
    unscaled = [
        i.name for i in instrument.items if i.construct and i.scale is None and (i.min is None or i.max is None)
    ]
    turned = [item.name for item in instrument.items if item.reverse]
    languages = [code for code in ("en", "zh") if all(code in item.wording for item in instrument.items)]
    found = {
        ("criteria", "constructs"): (bool(names), ", ".join(names)),
        ("criteria", "items_enough"): (
            min(sizes.values(), default=0) >= 2, ", ".join(f"{name} {size}" for name, size in sizes.items()),
        ),
        ("questionnaire", "wording"): (True, str(len(instrument.items))),
        ("questionnaire", "scales"): (not unscaled, ", ".join(unscaled or instrument.scales)),
        ("questionnaire", "reverse_keys"): (True, ", ".join(turned) or "0"),
        ("questionnaire", "languages"): (bool(languages), ", ".join(languages)),
    }  # fmt: skip
    defined = f"{len(names) - len(undefined)} / {len(names)}"
    return found | {("criteria", "definitions"): (not undefined, ", ".join([defined, *undefined]))}


def _of_response(response: ResponseAccount) -> dict[tuple[str, str], tuple[bool, str]]:
    table = response.table
    total = table.loc["total"]
    return {
        ("sample", "size"): (True, f"{int(total['sent'])} → {int(total['usable'])}"),
        ("field", "mode"): (True, ", ".join(str(m) for m in table.index if m != "total")),
        ("field", "response"): (True, f"{total['response_rate']:.1%}"),
    }


def _of_fit(fit: Any) -> dict[tuple[str, str], tuple[bool, str]]:
    converged = bool(fit.converged)
    found = {("statistics", "converged"): (converged, type(fit).__name__)}
    solution = getattr(fit, "optimum", None)
    if solution is not None:
        q = int(np.size(solution.evaluation.theta))
        found["statistics", "cases_enough"] = (
            fit.nobs >= 10 * q,
            f"n = {fit.nobs}, q = {q}, n / q = {fit.nobs / q:.1f}",
        )
    return found
