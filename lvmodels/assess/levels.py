"""The steps of a ladder of invariance: what becomes equal, and in which order it can be tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lvmodels.errors import OptionValueError, nearest
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.settings import FitOptions
from lvmodels.fit.record import Fit
from lvmodels.model.equality import EQUALITY_KINDS

Plan = list[tuple[str, tuple[str, ...]]]
LEVELS = ("configural", "metric", "scalar", "strict")
KINDS: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "weak": ("loadings",),
    "scalar": ("intercepts",),
    "strong": ("intercepts",),
    "strict": ("residuals",),
    **{kind: (kind,) for kind in EQUALITY_KINDS},
}


def has_ordinal(options: FitOptions) -> bool:
    """Whether options declare ordinal items."""
    return options.get("ordered") not in (None, False, (), [])


def checked_levels(levels: str | Sequence[str], known: Mapping[str, object]) -> list[str]:
    """Names of levels in their customary spelling.

    Raises
    ------
    OptionValueError
    """
    names = [level.replace("_", ".") for level in names_of(levels)]
    if not names:
        raise OptionValueError(f"levels= is empty; name some of {', '.join(known)}.")
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"Use some of {', '.join(known)}."
            raise OptionValueError(f"levels names '{name}', which is no step of the ladder. {hint}")
    if len(set(names)) < len(names):
        raise OptionValueError(f"levels names a step twice ({', '.join(names)}); name each once.")
    return names


def plan_of(levels: str | Sequence[str], options: FitOptions) -> Plan:
    """Names of the steps with the kinds of parameters that become equal at each.

    Raises
    ------
    OptionValueError
    """
    names = checked_levels(levels, KINDS)
    stepwise = options.get("id_cat", "mplus") != "mplus"
    if stepwise and tuple(names) == LEVELS:
        names.insert(1, "thresholds")
    found = [(name, KINDS[name]) for name in names]
    if not has_ordinal(options):
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


def joined_for_binary(plan: Plan, fit: Fit) -> tuple[Plan, list[str]]:
    """With binary items, thresholds, loadings and intercepts become equal in one step.

    Equal thresholds restrict nothing there, and equal loadings nothing before intercepts are equal, too, because the
    scale of a binary response is not identified (Wu and Estabrook 2016, section on binary data).

    Raises
    ------
    OptionValueError
        When there is no step at which all three are equal.
    """
    together = {"thresholds", "loadings", "intercepts"}
    binary = [name for name, count in fit.table.ordered if count == 2]
    asked = {kind for _, kinds in plan for kind in kinds} & together
    if not binary or not asked:
        return plan, []
    if asked != together:
        raise OptionValueError(
            f"{binary[0]} has two categories, so that equal {' and '.join(sorted(asked))} cannot be tested alone; add "
            "'scalar' to levels, or use id_cat='mplus'."
        )
    rest = ((name, tuple(k for k in kinds if k not in together or "intercepts" in kinds)) for name, kinds in plan)
    all_three = ("thresholds", "loadings", "intercepts")
    found = [(name, all_three if "intercepts" in kinds else kinds) for name, kinds in rest if kinds]
    shown = ", ".join(binary[:3]) + (", ..." if len(binary) > 3 else "")
    note = (
        "Thresholds, loadings and intercepts become equal together, because items with two categories "
        f"({shown}) cannot tell them apart."
    )
    return found, [note]
