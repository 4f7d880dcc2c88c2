"""Options that exclude each other: said before any data are read, with the one to change."""

from __future__ import annotations

from lvmodels.errors import DataError, OptionValueError
from lvmodels.estimate.settings import Settings


def refuse_contradictions(settings: Settings, two_level: bool = False) -> None:
    """Refuse combinations of options that have no meaning.

    Parameters
    ----------
    settings : Settings
    two_level : bool
        Whether the model has levels.

    Raises
    ------
    OptionValueError
    DataError
        When moments were given to what needs the answers of each case.
    """
    if two_level:
        _refuse_with_levels(settings)
    if settings.missing == "pairwise":
        _refuse_pairwise(settings)
    elif settings.categorical and settings.missing != "listwise":
        raise OptionValueError(
            f"missing='{settings.missing}' rests on the likelihood of continuous variables; with ordered= use "
            "missing='pairwise', which keeps every answer that there is."
        )
    elif settings.missing != "listwise":
        _refuse_with_incomplete_data(settings)
    if settings.categorical:
        _refuse_with_ordinal(settings)
    if settings.least_squares:
        _refuse_with_least_squares(settings)
    if settings.sample_cov is not None:
        _refuse_with_moments(settings)


def _refuse_with_levels(settings: Settings) -> None:
    if settings.cluster is None:
        raise OptionValueError(
            "the model has levels, so cluster= must name the column with the cluster of each case, such as "
            "cluster='store'; remove the level blocks to fit a model of one level."
        )
    if settings.categorical:
        raise OptionValueError(
            "two-level models are for continuous outcomes; leave ordered= out, or remove the level blocks and keep "
            "ordered=."
        )
    if settings.sample_cov is not None:
        raise DataError("a two-level model needs the answers of each case; pass data= instead of sample_cov.")
    if settings.missing != "listwise" and settings.information == "expected":
        raise OptionValueError(
            f"information='expected' needs complete data in two-level models and excludes "
            f"missing='{settings.missing}'; leave information out to get the observed one."
        )
    if settings.meanstructure is False:
        raise OptionValueError("a two-level model estimates means; leave meanstructure out.")
    for name, possible in (
        ("estimator", ("ML", "MLR", "MLF")),
        ("se", ("standard", "robust.huber.white", "first.order", "none")),
        ("test", ("standard", "yuan.bentler.mplus", "none")),
        ("likelihood", ("normal",)),
        ("sampling_weights", (None,)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            known = " or ".join(repr(choice) for choice in possible if choice is not None)
            raise OptionValueError(
                f"{name}={value!r} is not defined for two-level models; {'use ' + known if known else 'leave it out'}."
            )


def _refuse_pairwise(settings: Settings) -> None:
    if not settings.categorical:
        raise OptionValueError(
            "missing='pairwise' is for ordinal outcomes, whose moments are estimated pair by pair; use missing='fiml', "
            "which loses no answer of continuous ones."
        )


def _refuse_with_least_squares(settings: Settings) -> None:
    """What rests on the likelihood of single cases, which a least-squares discrepancy does not have."""
    for name, possible in (
        ("missing", ("listwise", "pairwise")),
        ("se", ("standard", "robust.sem", "none")),
        ("test", ("standard", "satorra.bentler", "mean.var.adjusted", "scaled.shifted", "none")),
        ("information", ("expected", "observed")),
        ("cluster", (None,)),
        ("sampling_weights", (None,)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            raise OptionValueError(
                f"{name}='{value}' rests on the likelihood, which estimator='{settings.estimator}' has none of; leave "
                f"{name} out, or use estimator='MLR'."
            )


def _refuse_with_ordinal(settings: Settings) -> None:
    """What has no meaning, or no estimator here, when some outcomes are ordinal."""
    if not settings.least_squares or settings.discrepancy == "GLS":
        raise OptionValueError(
            f"estimator='{settings.estimator}' treats all variables as continuous; leave ordered= out, or use "
            "estimator='WLSMV', which estimator='default' means with ordered=."
        )
    if settings.sample_cov is not None:
        raise DataError("ordered= needs the answers of each case; pass data= instead of sample_cov.")
    if settings.likelihood == "wishart":
        raise OptionValueError("likelihood='wishart' is about continuous variables; leave it out with ordered=.")
    if settings.information != "expected":
        raise OptionValueError(
            f"information='{settings.information}' is not defined for ordinal outcomes; leave it out."
        )
    if settings.meanstructure is False:
        raise OptionValueError("ordinal outcomes need thresholds, a part of the mean structure; leave it on.")
    if settings.fixed_x is True and not settings.given_x:
        raise OptionValueError("fixed_x=True excludes conditional_x=False with ordinal outcomes; leave one out.")


def _refuse_with_incomplete_data(settings: Settings) -> None:
    what = f"missing='{settings.missing}'"
    instead = "use estimator='MLR', whose errors and test allow for incomplete data that are not normal"
    complete = (
        ("estimator", settings.estimator in ("MLM", "MLMV", "MLMVS")),
        ("se", settings.se == "robust.sem"),
        ("test", settings.test not in ("standard", "yuan.bentler.mplus", "none")),
    )
    for name, needs_complete_data in complete:
        if needs_complete_data:
            value = getattr(settings, name)
            raise OptionValueError(f"{name}='{value}' needs complete data and excludes {what}; {instead}.")
    if settings.likelihood == "wishart":
        raise OptionValueError(f"likelihood='wishart' is not defined for {what}; leave likelihood out.")
    if settings.sample_cov is not None:
        raise DataError(f"{what} needs the answers of each case; pass data= instead of sample_cov.")
    if settings.meanstructure is False:
        raise OptionValueError(f"{what} estimates means; leave meanstructure out.")


def _refuse_with_moments(settings: Settings) -> None:
    remedy = "pass data= instead of sample_cov, or use estimator='ML'"
    for name, possible in (
        ("se", ("standard", "none")),
        ("test", ("standard", "none")),
        ("information", ("expected", "observed")),
        ("cluster", (None,)),
        ("sampling_weights", (None,)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            raise DataError(f"{name}='{value}' needs the answers of each case; {remedy}.")
