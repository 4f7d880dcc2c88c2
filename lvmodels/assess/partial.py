"""The search for partial invariance: release one equality after the other until a step holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lvmodels.assess.criteria import Criteria
from lvmodels.assess.ladder import Step, fitted_step, verdict_of
from lvmodels.assess.release import invariant_items, release_table, released_parameters
from lvmodels.estimate.settings import FitOptions

_FEWEST = 2  # items of a construct that must stay equal


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What all steps of a ladder over groups have in common.

    Attributes
    ----------
    model : str
    data : data frame, Survey or path
    options : dict
        Of `sem`.
    """

    model: str
    data: Any
    options: FitOptions

    def step(self, name: str, kinds: tuple[str, ...], equal: tuple[str, ...], exempt: Sequence[str]) -> Step:
        """Fit one step; an error says at which it arose."""
        options: FitOptions = {**self.options, "group_equal": equal, "group_partial": tuple(exempt)}
        return fitted_step(name, kinds, tuple(exempt), self.model, self.data, options)


def search(
    study: Study, failed: Step, equal: tuple[str, ...], exempt: Sequence[str], base: Step, limits: Criteria
) -> tuple[list[Step], list[str], list[str]]:
    """Release what gains most, one at a time, until the step holds or a construct would keep fewer than two items.

    Parameters
    ----------
    study : Study
    failed : Step
        The step with everything equal.
    equal : tuple of str
        Kinds of parameters that are equal at this step.
    exempt : sequence of str
        What is released already.
    base : Step
        The step it is compared with.
    limits : Criteria

    Returns
    -------
    list of Step
        The last model of the search, or nothing when nothing could be released.
    list of str
        What is released now.
    list of str
        A log, one sentence a release.
    """
    step, found, log = failed, [], []
    freed = _with_intercepts(failed, exempt)
    if len(freed) > len(exempt):
        log.append(f"{failed.name}: {', '.join(freed[len(exempt) :])} released, because the loading is.")
    while True:
        if tuple(freed) != step.released:
            step = study.step(f"{failed.name} (partial)", failed.kinds, equal, freed)
            found = [step]
            verdict, why = verdict_of(step, base, limits)
            log.append(f"{failed.name}: with {', '.join(freed)} free it {verdict}. {why.split(';')[0]}.")
            if verdict == "holds":
                return found, freed, log
        names, reason = _next(base, step, freed)
        if not names:
            log.append(f"{failed.name}: {reason}.")
            return found, freed, log
        log.append(f"{failed.name}: {', '.join(names)} released ({reason}).")
        freed = _with_intercepts(failed, [*freed, *names])


def _next(base: Step, step: Step, freed: Sequence[str]) -> tuple[list[str], str]:
    """The parameters to release next, and why; none when nothing more may be released."""
    for row in release_table([base, step]).itertuples():
        names = released_parameters(step.fit, str(row.lhs), str(row.op), str(row.rhs))
        if not set(names) <= set(freed) and invariant_items(step.fit, [*freed, *names]) >= _FEWEST:
            return names, f"score test {row.x2:.2f}, p = {row.pvalue:.3g}"
    return [], "no other equality can be released without leaving a construct fewer than two items that are equal"


def _with_intercepts(step: Step, exempt: Sequence[str]) -> list[str]:
    """With a released loading, release the intercept where intercepts become equal: the origin hangs on it, too."""
    found = list(exempt)
    if "intercepts" in step.kinds:
        for row in step.fit.table.rows:
            name = f"{row.rhs}~1"
            if row.op == "=~" and str(row) in found and name not in found:
                found.append(name)
    return found
