"""Measurement invariance over groups: the ladder of ever more equal parameters, and the search for what to release.

Continuous items: equal pattern, loadings, intercepts, residual variances (Meredith 1993). Ordinal items: thresholds
come before loadings, and what they identify is freed step by step (Wu and Estabrook 2016). Partial invariance releases
the equality with the largest score test, one at a time (Byrne, Shavelson and Muthén 1989).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack, cast

from lvmodels.assess.criteria import STRUCTURAL, Criteria, checked_criteria
from lvmodels.assess.ladder import Ladder, Step, build_ladder, verdict_of
from lvmodels.assess.levels import LEVELS, has_ordinal, joined_for_binary, plan_of
from lvmodels.assess.partial import Study, search
from lvmodels.assess.release import release_table
from lvmodels.errors import OptionValueError
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.settings import FitOptions
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.categories import with_ordered_columns
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import model_variables


@one_thread
def invariance(  # type: ignore[misc]  # the group is a parameter of its own and one of the options
    model: str,
    data: Any,
    group: str,
    levels: str | Sequence[str] = LEVELS,
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
        As for `sem`. `group_partial` names parameters that are never equal. With ordinal items the defaults are
        ``id_cat="wu.estabrook.2016"``, ``parameterization="theta"``, in which residual variances can be equal, and
        ``std_lv=True``.

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
    >>> ladder = lv.invariance("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data, "school")
    >>> dict(ladder.table["verdict"])
    {'configural': 'holds', 'metric': 'holds', 'scalar': 'fails', 'strict': 'holds'}
    >>> round(float(ladder.table.loc["scalar", "cfi_diff"]), 3)
    -0.033
    >>> ladder.release.iloc[4][["step", "lhs", "op"]].tolist()
    ['scalar', 'x3', '~1']
    """
    limits = checked_criteria(criteria)
    if "group_equal" in options:
        raise OptionValueError("invariance() sets group_equal itself; say in levels= what becomes equal, step by step.")
    exempt = list(names_of(options.get("group_partial")))
    study = Study(model, data, _options(model, data, group, cast(FitOptions, options)))
    plan = plan_of(levels, study.options)
    log: list[str] = []
    steps: list[Step] = []
    against: list[int | None] = []
    equal: tuple[str, ...] = ()
    base: int | None = None
    while plan:
        (name, kinds), *plan = plan
        equal += kinds
        step = study.step(name, kinds, equal, exempt)
        steps, against = [*steps, step], [*against, base]
        if base is None and any("intercepts" in more for _, more in plan) and not step.fit.table.meanstructure:
            raise OptionValueError(
                "equal intercepts need means; pass sample_mean beside sample_cov, leave meanstructure on, or leave the "
                "step with intercepts out of levels."
            )
        if base is None and study.options.get("id_cat", "mplus") != "mplus":
            plan, log = joined_for_binary(plan, step.fit)
        elif partial and base is not None and not set(kinds) <= STRUCTURAL:
            verdict, _ = verdict_of(step, steps[base], limits)
            if verdict in ("fails", "doubtful"):
                found, exempt, said = search(study, step, equal, exempt, steps[base], limits)
                log = [*log, *said]
                steps, against = [*steps, *found], [*against, *([base] * len(found))]
        base = len(steps) - 1
    return build_ladder(steps, against, limits, release_table(steps), log)


def _options(model: str, data: Any, group: str, options: FitOptions) -> FitOptions:
    """Options of all steps, with those that ordinal items need here unless they are given."""
    defaults: FitOptions = {"group": group}
    if isinstance(model, str):
        options = with_ordered_columns(options, data, model_variables(parse_model(model)))
    if has_ordinal(options):
        defaults |= {"id_cat": "wu.estabrook.2016", "parameterization": "theta", "std_lv": True}
    return {**defaults, **options}
