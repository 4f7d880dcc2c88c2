"""The options of a fit: their names, their values, and a clear word for those that do not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict

import numpy as np

from lvmodels.errors import NotEstimableError, OptionValueError, UnknownOptionError, nearest
from lvmodels.model.equality import EQUALITY_KINDS

Kind = Literal["sem", "cfa", "growth", "lavaan"]
Names = str | Sequence[str]


class FitOptions(TypedDict, total=False):
    """Options of `sem`, `cfa`, `growth` and `lavaan`; see `Settings` for what they mean."""

    estimator: str
    ordered: Names | bool | None
    missing: str
    group: str | None
    group_equal: Names
    group_partial: Names
    se: str
    test: str
    information: str
    likelihood: str
    std_lv: bool
    orthogonal: bool
    meanstructure: bool | str
    fixed_x: bool | str
    parameterization: str
    cluster: str | None
    sampling_weights: str | None
    constraints: str
    bounds: str
    sample_cov: Any
    sample_mean: Any
    sample_nobs: Any
    aux: Names | None
    conditional_x: bool | str
    rotation: str
    rotation_args: Mapping[str, Any] | None
    level: float
    auto_var: bool
    auto_fix_first: bool
    auto_fix_single: bool
    auto_cov_lv_x: bool
    auto_cov_y: bool
    auto_th: bool
    auto_delta: bool
    int_ov_free: bool
    int_lv_free: bool


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Options with their values settled.

    Attributes
    ----------
    kind : {"sem", "cfa", "growth", "lavaan"}
        Which set of automatic parameters.
    estimator : {"ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF"}
    missing : {"listwise", "fiml", "fiml.x"}
        "fiml.x" keeps cases that lack a covariate, too.
    group : str or None
        Grouping variable.
    group_equal, group_partial : tuple of str
        Kinds of parameters equal across groups, and single ones that are exempt.
    se : {"standard", "robust.sem", "robust.huber.white", "first.order", "none"}
    test : {"standard", "satorra.bentler", "yuan.bentler.mplus", "mean.var.adjusted", "scaled.shifted", ..., "none"}
    information : {"expected", "observed", "first.order"}
    likelihood : {"normal", "wishart"}
        Moments divided by n, or by n - 1.
    std_lv : bool
        Latent variables are scaled by unit variance instead of a first loading of 1.
    orthogonal : bool
        Exogenous latent variables do not covary.
    meanstructure, fixed_x : bool or "default"
    constraints : str
        More lines of model text.
    bounds : {"none", "pos.var", "pos.ov.var", "pos.lv.var"}
    sample_cov, sample_mean, sample_nobs
        Moments instead of data.
    level : float
        Of confidence intervals.
    auto_var, auto_fix_first, auto_fix_single, auto_cov_lv_x, auto_cov_y, int_ov_free, int_lv_free : bool
        Automatic parameters.
    """

    kind: Kind
    estimator: str = "default"
    ordered: Names | bool | None = None
    missing: str = "listwise"
    group: str | None = None
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    se: str = "default"
    test: str = "default"
    information: str = "default"
    likelihood: str = "normal"
    std_lv: bool = False
    orthogonal: bool = False
    meanstructure: bool | str = "default"
    fixed_x: bool | str = "default"
    parameterization: str = "delta"
    cluster: str | None = None
    sampling_weights: str | None = None
    constraints: str = ""
    bounds: str = "none"
    sample_cov: Any = None
    sample_mean: Any = None
    sample_nobs: Any = None
    aux: Names | None = None
    conditional_x: bool | str = "default"
    rotation: str = "geomin"
    rotation_args: Mapping[str, Any] | None = None
    level: float = 0.95
    auto_var: bool = True
    auto_fix_first: bool = True
    auto_fix_single: bool = True
    auto_cov_lv_x: bool = True
    auto_cov_y: bool = True
    auto_th: bool = True
    auto_delta: bool = True
    int_ov_free: bool = True
    int_lv_free: bool = False

    @property
    def least_squares(self) -> bool:
        """Whether the discrepancy is a weighted sum of squared residual moments."""
        return self.estimator in LEAST_SQUARES

    @property
    def unbiased(self) -> bool:
        """Whether covariances are divided by n - 1, and groups count n - 1 cases."""
        return self.likelihood == "wishart" or self.least_squares

    @property
    def hold_x(self) -> bool:
        """Whether moments of covariates stay at their sample values: by default for maximum likelihood alone."""
        if self.fixed_x == "default":
            return not self.least_squares and self.missing != "fiml.x"
        return bool(self.fixed_x) and self.missing != "fiml.x"


_AUTOMATIC: Mapping[Kind, Mapping[str, bool]] = {
    "sem": {},
    "cfa": {},
    "growth": {"int_ov_free": False, "int_lv_free": True},
    "lavaan": dict.fromkeys(
        ("auto_var", "auto_fix_first", "auto_fix_single", "auto_cov_lv_x", "auto_cov_y", "auto_th", "auto_delta",
         "int_ov_free"), False,
    ),
}  # fmt: skip

_SWITCHES = (
    "std_lv", "orthogonal", "auto_var", "auto_fix_first", "auto_fix_single", "auto_cov_lv_x", "auto_cov_y", "auto_th",
    "auto_delta", "int_ov_free", "int_lv_free",
)  # fmt: skip
_AVAILABLE: Mapping[str, tuple[str, ...]] = {
    "estimator": ("default", "ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF", "GLS", "WLS", "ULS", "DWLS"),
    "missing": ("listwise", "fiml", "ml", "direct", "fiml.x", "ml.x"),
    "se": ("default", "standard", "robust.sem", "robust.huber.white", "first.order", "none"),
    "test": (
        "default",
        "standard",
        "satorra.bentler",
        "yuan.bentler",
        "yuan.bentler.mplus",
        "mean.var.adjusted",
        "scaled.shifted",
        "none",
    ),
    "information": ("default", "expected", "observed", "first.order"),
    "likelihood": ("normal", "wishart"),
    "parameterization": ("delta", "theta"),
    "bounds": ("none", "pos.var", "pos.ov.var", "pos.lv.var"),
}
_PLANNED: Mapping[str, tuple[str, ...]] = {
    "estimator": ("WLSMV", "WLSM", "ULSMV"),
    "missing": ("two.stage", "pairwise"),
    "se": ("bootstrap",),
    "test": ("bollen.stine", "browne.residual.adf", "browne.residual.nt"),
    "bounds": ("standard", "wide", "wide.zerovar"),
}  # fmt: skip


def settle(kind: Kind, options: FitOptions) -> Settings:
    """Check option names and values, and fill in the defaults of `kind`.

    Raises
    ------
    UnknownOptionError
        A `TypeError` that names the nearest option.
    OptionValueError
        When a value is not known.
    NotEstimableError
        When a value is known but not available yet.
    """
    known = [f.name for f in fields(Settings) if f.name != "kind"]
    for name in options:
        if name not in known:
            dotted = name.replace(".", "_")
            raise UnknownOptionError(f"{kind}() has no option '{name}'. {nearest(dotted, known)}".strip())
    given: dict[str, Any] = {**_AUTOMATIC[kind], **options}
    for name, allowed in _AVAILABLE.items():
        if name in given:
            given[name] = _choice(name, given[name], allowed)
    for name in _SWITCHES:
        if name in given and not isinstance(given[name], (bool, np.bool_)):
            raise OptionValueError(f"{name}={given[name]!r} is not known; use True or False.")
    _check_texts(given)
    given["group_equal"] = _equal_kinds(given.get("group_equal", ()))
    given["group_partial"] = _names(given.get("group_partial", ()))
    given |= _resolved(given)
    settings = Settings(kind, **given)
    _refuse_unavailable(settings)
    check_level(settings.level)
    return settings


_CORRECTIONS: Mapping[str, tuple[str, str, str]] = {
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
}
LEAST_SQUARES = ("GLS", "WLS", "ULS", "DWLS")


def _resolved(given: Mapping[str, Any]) -> dict[str, str]:
    """The estimator, and the errors, test and information it stands for unless they are named."""
    estimator = given.get("estimator", "default")
    if estimator in ("default", "ML"):  # draws that are neither independent nor equal need the sandwich
        estimator = "MLR" if given.get("cluster") or given.get("sampling_weights") else "ML"
    missing = {"ml": "fiml", "direct": "fiml", "ml.x": "fiml.x"}.get(given.get("missing", ""), given.get("missing"))
    found = {"estimator": estimator} | ({"missing": missing} if missing else {})
    for name, usual in zip(("se", "test", "information"), _CORRECTIONS[estimator], strict=True):
        value = given.get(name, "default")
        found[name] = usual if value == "default" else value
    observed = found["se"] == "robust.huber.white" or found.get("missing", "listwise") != "listwise"
    if given.get("information", "default") == "default" and found["information"] == "expected" and observed:
        found["information"] = "observed"
    return found


def check_level(level: Any, name: str = "level") -> None:
    """Refuse what cannot be the level of a confidence interval.

    Raises
    ------
    OptionValueError
    """
    if not isinstance(level, (int, float)) or not 0.0 < level < 1.0:
        raise OptionValueError(f"{name}={level!r} must lie between 0 and 1, such as 0.95.")


def _check_texts(given: Mapping[str, Any]) -> None:
    if not isinstance(given.get("constraints", ""), str):
        raise OptionValueError("constraints must be text in the language of the model, such as 'a == b'.")
    for name, example in (("group", "school"), ("cluster", "store"), ("sampling_weights", "weight")):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise OptionValueError(f"{name}={value!r} must be the name of one column, such as {name}='{example}'.")


def _choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """A value in its customary spelling; case, dots and underscores do not matter."""
    plain = str(value).lower().replace("_", ".")
    for choice in allowed:
        if plain == choice.lower():
            return choice
    for choice in _PLANNED.get(name, ()):
        if plain == choice.lower():
            options = " or ".join(repr(a) for a in allowed if a != "default")
            raise NotEstimableError(f"{name}='{choice}' is not available yet; use {options}.")
    hint = nearest(plain, allowed) or f"Use one of {', '.join(map(repr, allowed))}."
    raise OptionValueError(f"{name}={value!r} is not known. {hint}")


def _names(value: Any) -> tuple[str, ...]:
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, (Sequence, Set)) or not all(isinstance(name, str) for name in value):
        raise OptionValueError(f"{value!r} must be a name, or a list of names.")
    return tuple(value)


def _equal_kinds(value: Names | None) -> tuple[str, ...]:
    kinds = [name.replace("_", ".") for name in _names(value)]
    for name in kinds:
        if name not in (*EQUALITY_KINDS, "none"):
            hint = nearest(name, EQUALITY_KINDS) or f"Use some of {', '.join(EQUALITY_KINDS)}."
            raise OptionValueError(f"group_equal names '{name}', which is no kind of parameter. {hint}")
    return tuple(name for name in dict.fromkeys(kinds) if name != "none")


def _refuse_unavailable(settings: Settings) -> None:
    reasons = {
        "ordered": "ordinal variables cannot be estimated yet; leave `ordered` out to treat them as continuous",
        "aux": "auxiliary variables are not available yet; leave `aux` out, or give them covariances in the model",
    }
    for name, reason in reasons.items():
        if getattr(settings, name):
            raise NotEstimableError(f"{reason}.")
    if settings.conditional_x is True:
        raise NotEstimableError("conditional_x=True is not available yet; leave it out.")
    for name in ("meanstructure", "fixed_x", "conditional_x"):
        if getattr(settings, name) not in (True, False, "default"):
            raise OptionValueError(f"{name}={getattr(settings, name)!r} is not known; use True or False.")
