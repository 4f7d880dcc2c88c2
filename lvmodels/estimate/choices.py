"""What the options of a fit may be, and a clear word for a value that does not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np

from lvmodels.errors import NotEstimableError, OptionValueError, nearest
from lvmodels.model.equality import EQUALITY_KINDS

Names = str | Sequence[str]

SWITCHES = (
    "std_lv", "orthogonal", "auto_var", "auto_fix_first", "auto_fix_single", "auto_cov_lv_x", "auto_cov_y", "auto_th",
    "auto_delta", "int_ov_free", "int_lv_free",
)  # fmt: skip
AVAILABLE: Mapping[str, tuple[str, ...]] = {
    "estimator": (
        "default",
        "ML",
        "MLR",
        "MLM",
        "MLMV",
        "MLMVS",
        "MLF",
        "GLS",
        "WLS",
        "ULS",
        "DWLS",
        "WLSM",
        "WLSMV",
        "WLSMVS",
        "ULSM",
        "ULSMV",
        "ULSMVS",
    ),
    "missing": (
        "listwise",
        "fiml",
        "ml",
        "direct",
        "fiml.x",
        "ml.x",
        "two.stage",
        "robust.two.stage",
        "pairwise",
    ),
    "se": (
        "default",
        "standard",
        "robust.sem",
        "robust.huber.white",
        "first.order",
        "two.stage",
        "robust.two.stage",
        "bootstrap",
        "none",
    ),
    "test": (
        "default",
        "standard",
        "satorra.bentler",
        "yuan.bentler",
        "yuan.bentler.mplus",
        "mean.var.adjusted",
        "scaled.shifted",
        "bollen.stine",
        "browne.residual.adf",
        "browne.residual.nt",
        "none",
    ),
    "information": ("default", "expected", "observed", "first.order"),
    "likelihood": ("normal", "wishart"),
    "parameterization": ("delta", "theta"),
    "id_cat": ("mplus", "wu.estabrook.2016"),
    "bounds": ("none", "pos.var", "pos.ov.var", "pos.lv.var"),
    "latent_product": ("lms", "product.indicator", "product.indicator.all"),
}
PLANNED: Mapping[str, tuple[str, ...]] = {
    "bounds": ("standard", "wide", "wide.zerovar"),
}  # fmt: skip


CORRECTIONS: Mapping[str, tuple[str, str, str]] = {
    "ML": ("standard", "standard", "expected"),
    "MLR": ("robust.huber.white", "yuan.bentler.mplus", "observed"),
    "MLM": ("robust.sem", "satorra.bentler", "expected"),
    "MLMV": ("robust.sem", "scaled.shifted", "expected"),
    "MLMVS": ("robust.sem", "mean.var.adjusted", "expected"),
    "MLF": ("first.order", "standard", "first.order"),
    "GLS": ("standard", "standard", "expected"),
    "WLS": ("standard", "standard", "expected"),
    "ULS": ("robust.sem", "satorra.bentler", "expected"),  # naive errors and tests are wrong for these two
    "DWLS": ("robust.sem", "satorra.bentler", "expected"),
    "WLSM": ("robust.sem", "satorra.bentler", "expected"),
    "WLSMV": ("robust.sem", "scaled.shifted", "expected"),
    "WLSMVS": ("robust.sem", "mean.var.adjusted", "expected"),
    "ULSM": ("robust.sem", "satorra.bentler", "expected"),
    "ULSMV": ("robust.sem", "scaled.shifted", "expected"),
    "ULSMVS": ("robust.sem", "mean.var.adjusted", "expected"),
}
LEAST_SQUARES: Mapping[str, str] = {
    "GLS": "GLS",
    "WLS": "WLS",
    "ULS": "ULS",
    "DWLS": "DWLS",
    **dict.fromkeys(("WLSM", "WLSMV", "WLSMVS"), "DWLS"),
    **dict.fromkeys(("ULSM", "ULSMV", "ULSMVS"), "ULS"),
}


def check_switches(given: Mapping[str, Any]) -> None:
    """Refuse anything but True and False where there is nothing else."""
    for name in SWITCHES:
        if name in given and not isinstance(given[name], (bool, np.bool_)):
            raise OptionValueError(f"{name}={given[name]!r} is not known; use True or False.")


def check_level(level: Any, name: str = "level") -> None:
    """Refuse what cannot be the level of a confidence interval.

    Raises
    ------
    OptionValueError
    """
    if not isinstance(level, (int, float)) or not 0.0 < level < 1.0:
        raise OptionValueError(f"{name}={level!r} must lie between 0 and 1, such as 0.95.")


def level_of(level: float | None, usual: float) -> float:
    """The level that is asked for, or the usual one.

    Raises
    ------
    OptionValueError
    """
    if level is None:
        return usual
    check_level(level)
    return float(level)


def check_replicates(value: Any, name: str = "n") -> int:
    """A number of replicates.

    Raises
    ------
    OptionValueError
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < 2:
        raise OptionValueError(f"{name}={value!r} must be a whole number of replicates above 1, such as 5000.")
    return int(value)


def seed_sequence(seed: Any) -> np.random.SeedSequence:
    """The root of all random streams: from a whole number, a generator, or the machine's own entropy for None.

    Raises
    ------
    OptionValueError
    """
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)
    if isinstance(seed, np.random.Generator):
        return np.random.SeedSequence(seed.integers(0, 2**32, size=4).tolist())
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, (bool, np.bool_)) and seed >= 0
    if seed is not None and not whole:
        raise OptionValueError(f"seed={seed!r} must be a whole number from 0, a numpy Generator, or None.")
    return np.random.SeedSequence(None if seed is None else int(seed))


def check_texts(given: Mapping[str, Any]) -> None:
    """Refuse options that take a text, or the name of one column, and were given something else."""
    if not isinstance(given.get("constraints", ""), str):
        raise OptionValueError("constraints must be text in the language of the model, such as 'a == b'.")
    for name, example in (("group", "school"), ("cluster", "store"), ("sampling_weights", "weight")):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise OptionValueError(f"{name}={value!r} must be the name of one column, such as {name}='{example}'.")


def choice_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """A value in its customary spelling; case, dots and underscores do not matter."""
    plain = str(value).lower().replace("_", ".")
    for choice in allowed:
        if plain == choice.lower():
            return choice
    for choice in PLANNED.get(name, ()):
        if plain == choice.lower():
            options = " or ".join(repr(a) for a in allowed if a != "default")
            raise NotEstimableError(f"{name}='{choice}' is not available yet; use {options}.")
    hint = nearest(plain, allowed) or f"Use one of {', '.join(map(repr, allowed))}."
    raise OptionValueError(f"{name}={value!r} is not known. {hint}")


def names_of(value: Any) -> tuple[str, ...]:
    """A name or a list of names, as a tuple."""
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, (Sequence, Set)) or not all(isinstance(name, str) for name in value):
        raise OptionValueError(f"{value!r} must be a name, or a list of names.")
    return tuple(value)


def equal_kinds(value: Names | None) -> tuple[str, ...]:
    """Kinds of parameters for `group_equal`, in their customary spelling."""
    kinds = [name.replace("_", ".") for name in names_of(value)]
    for name in kinds:
        if name not in (*EQUALITY_KINDS, "none"):
            hint = nearest(name, EQUALITY_KINDS) or f"Use some of {', '.join(EQUALITY_KINDS)}."
            raise OptionValueError(f"group_equal names '{name}', which is no kind of parameter. {hint}")
    return tuple(name for name in dict.fromkeys(kinds) if name != "none")
