"""Measurement invariance over groups: the ladder of ever more equal parameters, and the search for what to release.

Continuous items: equal pattern, loadings, intercepts, residual variances (Meredith 1993). Ordinal items: thresholds come
before loadings, and what they identify is freed step by step (Wu and Estabrook 2016). Partial invariance releases the
equality with the largest score test, one at a time (Byrne, Shavelson and Muthén 1989).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from lvmodels.assess.criteria import STRUCTURAL, Criteria
from lvmodels.assess.ladder import Ladder, Step, build_ladder, checked_criteria, verdict_of
from lvmodels.assess.release import invariant_items, release_table, released_parameters
from lvmodels.errors import LvmodelsWarning, OptionValueError, nearest
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.settings import FitOptions
from lvmodels.fit import Fit, sem
from lvmodels.model.equality import EQUALITY_KINDS

LEVELS = ("configural", "metric", "scalar", "strict")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "weak": ("loadings",),
    "scalar": ("intercepts",),
    "strong": ("intercepts",),
    "strict": ("residuals",),
    **{kind: (kind,) for kind in EQUALITY_KINDS},
}
_FEWEST = 2  # items of a factor that must stay equal


def invariance(
    model: str,
    data: Any,
    group: str,
    levels: Sequence[str] = LEVELS,
    partial: bool = False,
    criteria: Criteria | Mapping[str, float] | None = None,
    **options: Unpack[FitOptions],
) -> Ladder:
    """Fit the ladder of measurement invariance over groups, compare its steps and say what they mean.

    Parameters
    ----------
    model : str
        The measurement model, as for `cfa`; the same in all groups unless ``group:`` blocks say otherwise.
    data : data frame, Survey or path
    group : str
        Column with the group of each case.
    levels : sequence of str
        What becomes equal, in this order, each on top of the one before: "configural" (nothing), "metric" (loadings),
        "scalar" (intercepts), "strict" (residual variances), or any kind of parameter that `group_equal` knows, such as
        "thresholds", "lv.variances", "lv.covariances", "means", "regressions". With ordinal items the four default
        levels are preceded by "thresholds".
    partial : bool
        Where a step fails, release the equality with the largest score test, one at a time, until the step holds or a
        construct would keep fewer than two items equal. Later steps build on what was found.
    criteria : Criteria or dict, optional
        Other limits than the usual ones, such as ``{"cfi": 0.005}``.
    **options
        As for `sem`. `group_partial` names parameters that are never equal; `id_cat` is "wu.estabrook.2016" here
        unless it is given, and `parameterization` "theta", in which residual variances of ordinal items can be equal.

    Returns
    -------
    Ladder
        Prints as a table with decisions; holds `table`, `decisions`, `fits`, `release`, `log`.

    Raises
    ------
    OptionValueError
        For levels that do not exist, and `group_equal`, which the levels set.

    Notes
    -----
    The first loading of each construct is 1 in all groups and cannot be released; with ``std_lv=True``, which fits
    alike, every loading is tested.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> ladder = lv.invariance("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data, "school", levels=("configural",
    ...     "metric", "scalar"))
    >>> ladder.table[["df", "chisq", "cfi_diff", "verdict"]].round(3)
                df   chisq  cfi_diff verdict
    step
    configural  16  26.005       NaN   holds
    metric      20  33.266    -0.005   holds
    scalar      24  55.859    -0.028   fails
    """
    limits, options = checked_criteria(criteria), {**options}
    exempt = list(names_of(options.pop("group_partial", ())))
    if "group_equal" in options:
        raise OptionValueError("invariance() sets group_equal itself; say in levels= what becomes equal, step by step.")
    first = _options(options)
    plan = _plan(levels, first)
    steps: list[Step] = []
    against: list[int | None] = []
    log: list[str] = []
    equal: tuple[str, ...] = ()
    base: int | None = None
    for name, kinds in plan:
        equal += kinds
        step = _climb(model, data, group, name, kinds, equal, exempt, first)
        steps, against = [*steps, step], [*against, base]
        fails = base is not None and verdict_of(step, steps[base], limits)[0] in ("fails", "doubtful")
        if partial and base is not None and fails and not set(kinds) <= STRUCTURAL:
            found, exempt, said = _search(model, data, group, step, equal, exempt, first, steps[base], limits)
            log += said
            if found is not None:
                steps, against = [*steps, found], [*against, base]
        base = len(steps) - 1
    return build_ladder(steps, against, limits, release_table(steps), log)


def _options(options: FitOptions) -> FitOptions:
    """Options of all steps, with those that ordinal items need here unless they are given."""
    ordinal = options.get("ordered") not in (None, False, (), [])
    if not ordinal:
        return options
    defaults: FitOptions = {"id_cat": "wu.estabrook.2016", "parameterization": "theta"}
    return {**defaults, **options}


def _plan(levels: Sequence[str], options: FitOptions) -> list[tuple[str, tuple[str, ...]]]:
    """Names of the steps with the kinds of parameters that become equal at each.

    Raises
    ------
    OptionValueError
    """
    names = [level.replace("_", ".") for level in names_of(levels)]
    stepwise = options.get("id_cat", "mplus") != "mplus"
    if stepwise and tuple(names) == LEVELS:
        names.insert(1, "thresholds")
    if not names:
        raise OptionValueError(f"levels= is empty; name some of {', '.join(_KINDS)}.")
    for name in names:
        if name not in _KINDS:
            hint = nearest(name, _KINDS) or f"Use some of {', '.join(_KINDS)}."
            raise OptionValueError(f"levels names '{name}', which is no step of the ladder. {hint}")
    if len(set(names)) < len(names):
        raise OptionValueError(f"levels names a step twice ({', '.join(names)}); name each once.")
    found = [(name, _KINDS[name]) for name in names]
    if options.get("ordered") in (None, False, (), []):
        return found
    if "strict" in names and options.get("parameterization") == "delta":
        raise OptionValueError(
            "equal residual variances of ordinal items need parameterization='theta'; leave parameterization out, or "
            "'strict' out of levels."
        )
    if "thresholds" in names:
        return found
    anchor = next((name for name in names if name in ("metric", "weak", "loadings")), "") if stepwise else ""
    anchor = anchor or next((name for name in names if name in ("scalar", "strong", "intercepts")), "")
    return [(name, ("thresholds", *kinds) if name == anchor else kinds) for name, kinds in found]


def _climb(
    model: str,
    data: Any,
    group: str,
    name: str,
    kinds: tuple[str, ...],
    equal: tuple[str, ...],
    exempt: Sequence[str],
    options: FitOptions,
) -> Step:
    """Fit one step."""
    try:
        fit: Fit = sem(model, data, **{**options, "group": group, "group_equal": equal, "group_partial": tuple(exempt)})
    except Exception as error:
        error.add_note(f"(at the step '{name}' of the ladder)")
        raise
    return Step(name, kinds, tuple(exempt), fit, model)


def _search(
    model: str,
    data: Any,
    group: str,
    failed: Step,
    equal: tuple[str, ...],
    exempt: list[str],
    options: FitOptions,
    base: Step,
    limits: Criteria,
) -> tuple[Step | None, list[str], list[str]]:
    """Release one equality after the other until the step holds.

    Returns
    -------
    Step or None
        The last model of the search; None when nothing could be released.
    list of str
        What is released now.
    list of str
        A log, one sentence a release.
    """
    step, found, log = failed, None, []
    freed = _with_dependents(failed, exempt)
    if freed != exempt:
        log.append(f"{failed.name}: {', '.join(sorted(set(freed) - set(exempt)))} released, because the loading is.")
    while True:
        if freed != list(step.released):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", LvmodelsWarning)  # each model of a search warns of the same things
                step = _climb(model, data, group, f"{failed.name} (partial)", failed.kinds, equal, freed, options)
            found = step
            verdict, why = verdict_of(step, base, limits)
            log.append(f"{failed.name}: with {', '.join(freed)} free, the step {verdict}: {why.split(';')[0]}.")
            if verdict == "holds":
                return found, freed, log
        candidates = release_table([base, step])
        for row in candidates.itertuples():
            names = released_parameters(step.fit, str(row.lhs), str(row.op), str(row.rhs))
            if not set(names) <= set(freed) and invariant_items(step.fit, [*freed, *names]) >= _FEWEST:
                break
        else:
            log.append(
                f"{failed.name}: no other equality can be released without leaving a construct fewer than two items."
            )
            return found, freed, log
        log.append(f"{failed.name}: {', '.join(names)} released (score test {row.x2:.2f}, p = {row.pvalue:.3g}).")
        freed = _with_dependents(failed, [*freed, *names])


def _with_dependents(step: Step, exempt: Sequence[str]) -> list[str]:
    """With a released loading, release the intercept as well where intercepts become equal: the origin hangs on it."""
    found = list(exempt)
    if "intercepts" in step.kinds:
        for row in step.fit.table.rows:
            name = f"{row.rhs}~1"
            if row.op == "=~" and str(row) in found and name not in found:
                found.append(name)
    return found
