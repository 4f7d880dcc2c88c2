"""The options of a fit: their names, their values, and a clear word for those that do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict

import numpy as np

from lvmodels.errors import NotEstimableError, OptionValueError, UnknownOptionError, nearest
from lvmodels.estimate.choices import (
    AVAILABLE,
    CORRECTIONS,
    LEAST_SQUARES,
    Names,
    check_level,
    check_replicates,
    check_switches,
    check_texts,
    choice_of,
    equal_kinds,
    names_of,
    seed_sequence,
)

Kind = Literal["sem", "cfa", "growth", "lavaan"]


DERIVED = ("kind", "residual_test")  # settings that are no options
_RESIDUAL_TESTS = ("browne.residual.adf", "browne.residual.nt")


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
    id_cat: str
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
    bootstrap: int
    seed: Any
    auto_var: bool
    auto_fix_first: bool
    auto_fix_single: bool
    auto_cov_lv_x: bool
    auto_cov_y: bool
    auto_th: bool
    auto_delta: bool
    int_ov_free: bool
    int_lv_free: bool
    latent_product: str


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Options with their values settled.

    Attributes
    ----------
    kind : {"sem", "cfa", "growth", "lavaan"}
        Which set of automatic parameters.
    estimator : {"ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF", "GLS", "WLS", "ULS", "DWLS", "WLSMV", "WLSM", "ULSMV", ...}
    ordered : tuple of str
        Outcomes that are ordinal.
    missing : {"listwise", "fiml", "fiml.x", "two.stage", "robust.two.stage", "pairwise"}
        "fiml.x" keeps cases that lack a covariate, too. "two.stage" fits the model to the saturated moments of the
        incomplete data, with errors and test corrected for it (Savalei and Bentler 2009; Savalei and Falk 2014);
        "robust.two.stage" allows for answers that are not normal. "pairwise" is for ordinal outcomes.
    group : str or None
        Grouping variable.
    group_equal, group_partial : tuple of str
        Kinds of parameters equal across groups, and single ones that are exempt.
    se : {"standard", "robust.sem", "robust.huber.white", "first.order", "two.stage", ..., "bootstrap", "none"}
    test : {"standard", "satorra.bentler", "yuan.bentler.mplus", "scaled.shifted", "bollen.stine", ..., "none"}
    information : {"expected", "observed", "first.order"}
    likelihood : {"normal", "wishart"}
        Moments divided by n, or by n - 1.
    std_lv : bool
        Latent variables are scaled by unit variance instead of a first loading of 1.
    orthogonal : bool
        Exogenous latent variables do not covary.
    meanstructure, fixed_x : bool or "default"
    parameterization : {"delta", "theta"}
        Whether scale factors or residual variances of ordinal variables are parameters.
    id_cat : {"mplus", "wu.estabrook.2016"}
        What equal thresholds free in later groups: scales and latent means, or scales and, step by step, intercepts.
    conditional_x : bool or "default"
        Whether moments are given the covariates.
    constraints : str
        More lines of model text.
    bounds : {"none", "pos.var", "pos.ov.var", "pos.lv.var"}
    sample_cov, sample_mean, sample_nobs
        Moments instead of data.
    aux : tuple of str
        Auxiliary variables: outside the model, they say something about missing answers. With full information they
        correlate with all others (Graham 2003); with two stages they take part in the first.
    rotation : {"geomin", "oblimin", "varimax", "quartimax", "equamax", "bifactor", "target"}
        Of `efa()` blocks in the model text.
    rotation_args : dict or None
        With geomin_epsilon (.001), oblimin_gamma (0), rstarts (30), std_ov (True: items are standardized) or target.
    level : float
        Of confidence intervals.
    bootstrap : int
        Replicates for se="bootstrap" and test="bollen.stine".
    seed : int, Generator or None
        Of these replicates.
    auto_var, auto_fix_first, auto_fix_single, auto_cov_lv_x, auto_cov_y, int_ov_free, int_lv_free : bool
        Automatic parameters.
    latent_product : {"lms", "product.indicator", "product.indicator.all"}
        How products of latent variables (``SAT:SWC``) are estimated: by latent moderated structural equations, or as
        latent variables of their own, measured by matched or by all products of items (centred twice); standardized
        by their own deviation then, not by those of their factors.
    residual_test : {"", "browne.residual.adf", "browne.residual.nt"}
        Browne's test when `test=` asked for it; `test` is then the usual one of the estimator, reported beside it.
    """

    kind: Kind
    estimator: str = "default"
    ordered: tuple[str, ...] = ()
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
    id_cat: str = "mplus"
    cluster: str | None = None
    sampling_weights: str | None = None
    constraints: str = ""
    bounds: str = "none"
    sample_cov: Any = None
    sample_mean: Any = None
    sample_nobs: Any = None
    aux: tuple[str, ...] = ()
    conditional_x: bool | str = "default"
    rotation: str = "geomin"
    rotation_args: Mapping[str, Any] | None = None
    level: float = 0.95
    bootstrap: int = 1000
    seed: Any = None
    auto_var: bool = True
    auto_fix_first: bool = True
    auto_fix_single: bool = True
    auto_cov_lv_x: bool = True
    auto_cov_y: bool = True
    auto_th: bool = True
    auto_delta: bool = True
    int_ov_free: bool = True
    int_lv_free: bool = False
    latent_product: str = "lms"
    residual_test: str = ""

    @property
    def scaled_test(self) -> bool:
        """Whether chi-square is corrected for the distribution of the answers."""
        return self.test not in ("standard", "bollen.stine", "none")

    @property
    def least_squares(self) -> bool:
        """Whether the discrepancy is a weighted sum of squared residual moments."""
        return self.estimator in LEAST_SQUARES

    @property
    def discrepancy(self) -> str:
        """The least-squares discrepancy behind the estimator's name: "GLS", "WLS", "ULS" or "DWLS"."""
        return LEAST_SQUARES[self.estimator]

    @property
    def categorical(self) -> bool:
        """Whether some outcomes of the model are ordinal."""
        return bool(self.ordered)

    @property
    def given_x(self) -> bool:
        """Whether all moments are given the covariates: by default with ordinal outcomes."""
        return self.categorical and self.conditional_x is not False

    @property
    def full_information(self) -> bool:
        """Whether the likelihood is that of every single answer."""
        return self.missing in ("fiml", "fiml.x")

    @property
    def two_stage(self) -> bool:
        """Whether the moments that the model is fitted to are estimates from incomplete data."""
        return self.missing in ("two.stage", "robust.two.stage")

    @property
    def unbiased(self) -> bool:
        """Whether covariances are divided by n - 1, and groups count n - 1 cases."""
        return self.likelihood == "wishart" or self.least_squares

    @property
    def hold_x(self) -> bool:
        """Whether moments of covariates stay at their sample values: by default for maximum likelihood alone.

        Never where covariates are estimated with all other variables: "fiml.x", two stages, auxiliary variables.
        """
        if self.given_x:
            return True
        if self.missing == "fiml.x" or self.two_stage or self.aux:
            return False
        return not self.least_squares if self.fixed_x == "default" else bool(self.fixed_x)


_AUTOMATIC: Mapping[Kind, Mapping[str, bool]] = {
    "sem": {},
    "cfa": {},
    "growth": {"int_ov_free": False, "int_lv_free": True},
    "lavaan": dict.fromkeys(
        ("auto_var", "auto_fix_first", "auto_fix_single", "auto_cov_lv_x", "auto_cov_y", "auto_th", "auto_delta",
         "int_ov_free"), False,
    ),
}  # fmt: skip


def settle(
    kind: Kind,
    options: FitOptions,
    outcomes: tuple[str, ...] = (),
    two_level: bool = False,
    products: bool = False,
) -> Settings:
    """Check option names and values, and fill in the defaults of `kind`.

    Parameters
    ----------
    kind : {"sem", "cfa", "growth", "lavaan"}
    options : dict
    outcomes : tuple of str
        Observed variables of the model that may be ordinal: all but its covariates.
    two_level : bool
        Clusters are part of the model, so that they ask for no robust errors.
    products : bool
        There are products of latent variables, for which no information is expected in closed form.

    Raises
    ------
    UnknownOptionError
        A `TypeError` that names the nearest option.
    OptionValueError
        When a value is not known.
    NotEstimableError
        When a value is known but not available yet.
    """
    known = [f.name for f in fields(Settings) if f.name not in DERIVED]
    for name in options:
        if name not in known:
            dotted = name.replace(".", "_")
            raise UnknownOptionError(f"{kind}() has no option '{name}'. {nearest(dotted, known)}".strip())
    given: dict[str, Any] = {**_AUTOMATIC[kind], **options}
    for name, allowed in AVAILABLE.items():
        if name in given:
            given[name] = choice_of(name, given[name], allowed)
    check_switches(given)
    check_texts(given)
    given["ordered"] = _ordered(given.get("ordered"), outcomes)
    given["group_equal"] = equal_kinds(given.get("group_equal", ()))
    given["aux"] = tuple(dict.fromkeys(names_of(given.get("aux"))))
    given["group_partial"] = names_of(given.get("group_partial", ()))
    given |= _resolved(given, two_level, products)
    settings = Settings(kind, **given)
    _refuse_unavailable(settings)
    check_level(settings.level)
    check_replicates(settings.bootstrap, "bootstrap")
    seed_sequence(settings.seed)
    return settings


def _ordered(value: Any, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Ordinal outcomes of the model; names that are no part of it do not matter."""
    if isinstance(value, (bool, np.bool_)):
        return outcomes if value else ()
    names = set(names_of(value))
    return tuple(name for name in outcomes if name in names)


def _resolved(given: Mapping[str, Any], two_level: bool, products: bool) -> dict[str, str]:
    """The estimator, and the errors, test and information it stands for unless they are named."""
    estimator = given.get("estimator", "default")
    if estimator == "default" and given["ordered"]:
        estimator = "WLSMV"
    if estimator in ("default", "ML"):  # draws that are neither independent nor equal need the sandwich
        dependent = given.get("cluster") and not two_level
        estimator = "MLR" if dependent or given.get("sampling_weights") else "ML"
    missing = {"ml": "fiml", "direct": "fiml", "ml.x": "fiml.x"}.get(given.get("missing", ""), given.get("missing"))
    found = {"estimator": estimator} | ({"missing": missing} if missing else {})
    corrections = CORRECTIONS[estimator]
    if estimator == "ML" and missing in ("two.stage", "robust.two.stage"):
        corrections = (missing, "satorra.bentler", "observed")
    for name, usual in zip(("se", "test", "information"), corrections, strict=True):
        value = given.get(name, "default")
        found[name] = usual if value in ("default", *_RESIDUAL_TESTS) else value
    if given.get("test") in _RESIDUAL_TESTS:
        found["residual_test"] = given["test"]
    observed = (
        two_level
        or products
        or found["se"] == "robust.huber.white"
        or found.get("missing", "listwise") not in ("listwise", "pairwise")
    )
    if given.get("information", "default") == "default" and found["information"] == "expected" and observed:
        found["information"] = "observed"
    return found


def _refuse_unavailable(settings: Settings) -> None:
    if settings.conditional_x is True and not settings.categorical:
        raise NotEstimableError(
            "conditional_x=True is for ordinal outcomes; leave it out for continuous ones, where fixed_x=True, the "
            "default, gives the same estimates, errors and test."
        )
    for name in ("meanstructure", "fixed_x", "conditional_x"):
        if getattr(settings, name) not in (True, False, "default"):
            raise OptionValueError(f"{name}={getattr(settings, name)!r} is not known; use True or False.")
