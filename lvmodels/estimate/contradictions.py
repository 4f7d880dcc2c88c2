"""Options that exclude each other: said before any data are read, with the one to change."""

from __future__ import annotations

from lvmodels.errors import DataError, OptionValueError
from lvmodels.estimate.settings import Settings


def refuse_contradictions(settings: Settings) -> None:
    """Refuse combinations of options that have no meaning.

    Raises
    ------
    OptionValueError
    DataError
        When moments were given to what needs the answers of each case.
    """
    if settings.missing != "listwise":
        _refuse_with_incomplete_data(settings)
    if settings.least_squares:
        _refuse_with_least_squares(settings)
    if settings.sample_cov is not None:
        _refuse_with_moments(settings)


def _refuse_with_least_squares(settings: Settings) -> None:
    """What rests on the likelihood of single cases, which a least-squares discrepancy does not have."""
    for name, possible in (
        ("missing", ("listwise",)),
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
