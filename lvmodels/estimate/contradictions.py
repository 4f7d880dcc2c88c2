"""Options that exclude each other: said before any data are read, with the one to change."""

from __future__ import annotations

from lvmodels.errors import DataError, OptionValueError
from lvmodels.estimate.product_options import refuse_with_products
from lvmodels.estimate.settings import Settings


def refuse_contradictions(settings: Settings, two_level: bool = False, products: tuple[str, ...] = ()) -> None:
    """Refuse combinations of options that have no meaning.

    Parameters
    ----------
    settings : Settings
    two_level : bool
        Whether the model has levels.
    products : tuple of str
        Products of latent variables in the model.

    Raises
    ------
    OptionValueError
    DataError
        When moments were given to what needs the answers of each case.
    """
    if products:
        refuse_with_products(settings, products[0], two_level)
    if two_level:
        _refuse_with_levels(settings)
    if settings.se in ("two.stage", "robust.two.stage") and not settings.two_stage:
        raise OptionValueError(f"se='{settings.se}' is for incomplete data; pass missing='{settings.se}' beside it.")
    if settings.missing == "pairwise":
        _refuse_pairwise(settings)
    elif settings.categorical and settings.missing != "listwise":
        raise OptionValueError(
            f"missing='{settings.missing}' rests on the likelihood of continuous variables; with ordered= use "
            "missing='pairwise', which keeps every answer that there is."
        )
    elif settings.two_stage:
        _refuse_with_two_stage(settings)
    elif settings.full_information:
        _refuse_with_incomplete_data(settings)
    if settings.aux or settings.two_stage:
        _refuse_fixed_covariates(settings)
    if settings.categorical:
        _refuse_with_ordinal(settings)
    if settings.least_squares:
        _refuse_with_least_squares(settings)
    if settings.test == "bollen.stine":
        _refuse_with_bollen_stine(settings)
    if settings.residual_test:
        _refuse_with_residual_test(settings)
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
    if settings.residual_test:
        raise OptionValueError(
            f"test='{settings.residual_test}' is not defined for two-level models; leave test out, or use "
            "'yuan.bentler.mplus'."
        )
    if settings.meanstructure is False:
        raise OptionValueError("a two-level model estimates means; leave meanstructure out.")
    for name, possible in (
        ("aux", ((), None)),
        ("missing", ("listwise", "fiml", "fiml.x")),
        ("estimator", ("ML", "MLR", "MLF")),
        ("se", ("standard", "robust.huber.white", "first.order", "none")),
        ("test", ("standard", "yuan.bentler.mplus", "none")),
        ("likelihood", ("normal",)),
        ("sampling_weights", (None,)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            known = " or ".join(repr(choice) for choice in possible if choice)
            raise OptionValueError(
                f"{name}={value!r} is not defined for two-level models; {'use ' + known if known else 'leave it out'}."
            )


def _refuse_fixed_covariates(settings: Settings) -> None:
    """Auxiliary variables correlate with the covariates, whose moments are then estimated like all others."""
    if settings.aux and settings.missing not in ("fiml", "fiml.x", "two.stage", "robust.two.stage"):
        raise OptionValueError(
            f"aux= helps with missing answers, which missing='{settings.missing}' leaves out; pass missing='fiml' or "
            "'two.stage' beside it, or leave aux out."
        )
    if settings.fixed_x is True:
        what = "aux=" if settings.aux else f"missing='{settings.missing}'"
        raise OptionValueError(
            f"{what} estimates the moments of covariates, too, and excludes fixed_x=True; leave it out."
        )


def _refuse_pairwise(settings: Settings) -> None:
    if not settings.categorical:
        raise OptionValueError(
            "missing='pairwise' is for ordinal outcomes, whose moments are estimated pair by pair. Covariances of "
            "continuous ones from different cases are no sample of one size, so that errors and test would be wrong; "
            "use missing='fiml' or 'two.stage', which lose no answer."
        )


def _refuse_with_least_squares(settings: Settings) -> None:
    """What rests on the likelihood of single cases, which a least-squares discrepancy does not have."""
    for name, possible in (
        ("missing", ("listwise", "pairwise")),
        ("se", ("standard", "robust.sem", "bootstrap", "none")),
        ("test", ("standard", "satorra.bentler", "mean.var.adjusted", "scaled.shifted", "bollen.stine", "none")),
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


def _refuse_with_bollen_stine(settings: Settings) -> None:
    """Cases can be made to fit the model when they are single, complete, continuous and count alike."""
    for name, value in (("cluster", settings.cluster), ("sampling_weights", settings.sampling_weights)):
        if value is not None:
            raise OptionValueError(f"test='bollen.stine' excludes {name}='{value}'; leave test= out.")
    if settings.categorical:
        raise OptionValueError("test='bollen.stine' is for continuous outcomes; leave test= or ordered= out.")


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


def _refuse_with_residual_test(settings: Settings) -> None:
    """Browne's test is about residual moments of complete, independent cases."""
    what = f"test='{settings.residual_test}'"
    possible = ("listwise", "pairwise") if settings.categorical else ("listwise",)
    if settings.missing not in possible:
        raise OptionValueError(f"{what} needs complete data; leave it out with missing='{settings.missing}'.")
    for name in ("cluster", "sampling_weights"):
        if getattr(settings, name) is not None:
            raise OptionValueError(f"{what} takes cases as independent and equal; leave it out with {name}=.")
    if settings.categorical and settings.residual_test == "browne.residual.nt":
        raise OptionValueError(f"{what} is about continuous variables; use 'browne.residual.adf' with ordered=.")
    if settings.sample_cov is not None and settings.residual_test == "browne.residual.adf":
        raise DataError(f"{what} needs the answers of each case; pass data=, or use test='browne.residual.nt'.")


def _refuse_with_two_stage(settings: Settings) -> None:
    """Errors and test of two stages are their own; what else they may be."""
    what = f"missing='{settings.missing}'"
    for name, possible in (
        ("estimator", ("ML",)),
        ("se", (settings.missing, "bootstrap", "none")),
        ("test", ("satorra.bentler", "mean.var.adjusted", "scaled.shifted", "none")),
        ("information", ("observed", "expected")),
        ("likelihood", ("normal",)),
        ("cluster", (None,)),
        ("sampling_weights", (None,)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            raise OptionValueError(
                f"{name}='{value}' excludes {what}, which brings errors and a test of its own; leave {name} out, or "
                "use missing='fiml'."
            )
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
