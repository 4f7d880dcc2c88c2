"""Measurement invariance over waves: the ladder for the same items asked of the same people again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np

from lvmodels.assess.criteria import Criteria, checked_criteria
from lvmodels.assess.ladder import Ladder, Step, build_ladder, fitted_step
from lvmodels.assess.levels import LEVELS, Plan, checked_levels
from lvmodels.assess.wave_release import wave_release_table
from lvmodels.assess.wave_text import Waves, latent_name, wave_model
from lvmodels.errors import DataError, ModelError, OptionValueError
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.settings import FitOptions
from lvmodels.estimate.threads import one_thread
from lvmodels.survey.columns import ordered_names
from lvmodels.survey.matrix import data_matrix

_KINDS: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("intercepts",),
    "strict": ("residuals",),
    **{kind: (kind,) for kind in ("thresholds", "loadings", "intercepts", "residuals", "lv.variances", "means")},
}
_SEVERAL = 2
_MOST_CATEGORIES = 20


@one_thread
def longitudinal_invariance(
    items: Waves,
    data: Any,
    levels: str | Sequence[str] = LEVELS,
    criteria: Criteria | Mapping[str, float] | None = None,
    **options: Unpack[FitOptions],
) -> Ladder:
    """Fit the ladder of measurement invariance over waves of one survey, compare its steps and say what they mean.

    Parameters
    ----------
    items : dict of str to list of lists of str
        For each construct, wave by wave, the columns of its items, always in the same order. The construct at wave 2 is
        called ``name_2``.
    data : data frame, Survey or path
        One row a person.
    levels : sequence of str
        What becomes equal over waves, in this order: "configural", "metric" (loadings), "scalar" (intercepts), "strict"
        (residual variances); also "thresholds", "lv.variances", "means". With ordinal items the four default levels
        are preceded by "thresholds".
    criteria : Criteria or dict, optional
        Other limits than the usual ones.
    **options
        As for `sem`; ``constraints=`` adds lines to every model text, such as ``"value_2 ~ value_1"``.

    Returns
    -------
    Ladder
        `texts` holds the model text of each step.

    Raises
    ------
    ModelError
        When waves have different numbers of items, or an item stands twice.
    DataError
        When a category of an ordinal item occurs at some waves only.
    OptionValueError
        For levels that do not exist, and options that the levels set.

    Examples
    --------
    >>> import lvmodels as lv
    >>> ladder = lv.longitudinal_invariance(
    ...     {"dem": [["y1", "y2", "y3", "y4"], ["y5", "y6", "y7", "y8"]]}, lv.datasets.load("political_democracy")
    ... )
    >>> ladder.table["df"].tolist()
    [15, 18, 21, 25]
    >>> print(ladder.texts["metric"].splitlines()[0])
    dem_1 =~ NA*y1 + dem.l1*y1 + dem.l2*y2 + dem.l3*y3 + dem.l4*y4
    """
    limits, names = checked_criteria(criteria), _checked_items(items)
    thresholds = _thresholds(items, data, _ordinal(names, data, options))
    plan = _plan(levels, thresholds)
    chosen = _options(options, list(thresholds))
    steps: list[Step] = []
    equal: tuple[str, ...] = ()
    for name, kinds in plan:
        equal += kinds
        text = wave_model(items, equal, thresholds)
        steps.append(fitted_step(name, kinds, (), text, data, chosen))
    against = [None, *range(len(steps) - 1)]
    return build_ladder(steps, against, limits, wave_release_table(steps, items), across="waves")


def _checked_items(items: Waves) -> list[str]:
    """All items, or an error that says what is wrong with them."""
    if not hasattr(items, "items") or not items:
        raise ModelError('items is a dict from constructs to waves, such as {"value": [["a1", "a2"], ["b1", "b2"]]}.')
    names: list[str] = []
    for construct, waves in items.items():
        counts = [len(wave) for wave in waves]
        if len(waves) < _SEVERAL or isinstance(waves, str) or any(isinstance(wave, str) for wave in waves):
            raise ModelError(f"'{construct}' needs a list of items for each of at least two waves.")
        if len(set(counts)) > 1 or counts[0] < _SEVERAL:
            raise ModelError(
                f"'{construct}' has {', '.join(map(str, counts))} items at its waves; it needs the same ones, at least "
                "two, at each, in the same order."
            )
        names += [name for wave in waves for name in wave]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ModelError(
            f"{', '.join(twice)} stands twice among the items; each column belongs to one wave of one construct."
        )
    clash = sorted({latent_name(c, w + 1) for c, waves in items.items() for w in range(len(waves))} & set(names))
    if clash:
        raise ModelError(f"'{clash[0]}' would be an item and a construct; call the construct something else.")
    return names


def _ordinal(names: Sequence[str], data: Any, options: FitOptions) -> list[str]:
    """Items named in ordered=; without it, those whose columns have an order of their own."""
    ordered = options["ordered"] if "ordered" in options else ordered_names(data, names)
    if isinstance(ordered, (bool, np.bool_)):
        return list(names) if ordered else []
    wanted = set(names_of(ordered))
    return [name for name in names if name in wanted]


def _thresholds(items: Waves, data: Any, ordinal: Sequence[str]) -> dict[str, int]:
    """Numbers of thresholds of ordinal items; every wave of an item must show the same categories."""
    if not ordinal:
        return {}
    Y = data_matrix(data, ordinal, complete=()).Y
    values = {name: set(column[~np.isnan(column)].tolist()) for name, column in zip(ordinal, Y.T, strict=True)}
    for waves in items.values():
        for same in zip(*waves, strict=True):
            known = [name for name in same if name in values]
            if known and len(known) < len(same):
                raise OptionValueError(
                    f"ordered= names {', '.join(known)}, but not all of {', '.join(same)}; name all waves."
                )
            every = set().union(*(values[name] for name in known))
            for name in known:
                if every - values[name]:
                    absent = ", ".join(f"{v:g}" for v in sorted(every - values[name]))
                    raise DataError(
                        f"nobody chose category {absent} of '{name}', which other waves have, so its threshold cannot "
                        "be equal over waves; join it with the next category at all waves."
                    )
                if len(every) > _MOST_CATEGORIES:
                    raise DataError(f"'{name}' has {len(every)} different values, too many for an ordinal item.")
    return {name: len(found) - 1 for name, found in values.items()}


def _plan(levels: str | Sequence[str], thresholds: Mapping[str, int]) -> Plan:
    names = checked_levels(levels, _KINDS)
    if not thresholds:
        return [(name, _KINDS[name]) for name in names if name != "thresholds"]
    if min(thresholds.values()) < _SEVERAL and {"metric", "loadings", "scalar", "intercepts"} & set(names):
        if not {"scalar", "intercepts"} & set(names):
            raise OptionValueError(
                "items with two categories cannot show equal loadings without equal intercepts; add 'scalar' to levels."
            )
        kept = [name for name in names if name not in ("thresholds", "metric", "loadings")]
        all_three = ("thresholds", "loadings", "intercepts")
        return [(name, all_three if _KINDS[name] == ("intercepts",) else _KINDS[name]) for name in kept]
    if "thresholds" not in names:
        first = next((k for k, name in enumerate(names) if _KINDS[name]), len(names))
        if tuple(names) == LEVELS:
            names.insert(first, "thresholds")
        else:
            return [(n, ("thresholds", *_KINDS[n]) if k == first else _KINDS[n]) for k, n in enumerate(names)]
    return [(name, _KINDS[name]) for name in names]


def _options(options: FitOptions, ordinal: list[str]) -> FitOptions:
    if "std_lv" in options:
        raise OptionValueError("longitudinal_invariance() scales constructs at the first wave; leave std_lv out.")
    if not ordinal:
        return options
    if options.get("parameterization", "theta") != "theta":
        raise OptionValueError("ordinal items over waves need parameterization='theta'; leave parameterization out.")
    return {**options, "ordered": ordinal, "parameterization": "theta"}
