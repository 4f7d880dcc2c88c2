"""Options that have no meaning with products of latent variables, and what to do instead."""

from __future__ import annotations

from lvmodels.errors import DataError, NotEstimableError, OptionValueError
from lvmodels.estimate.settings import Settings


def refuse_with_products(settings: Settings, product: str, two_level: bool) -> None:
    """Refuse what the likelihood of products of latent variables is not defined for.

    Parameters
    ----------
    settings : Settings
    product : str
        The first product, for the message.
    two_level : bool

    Raises
    ------
    NotEstimableError, OptionValueError
    DataError
        When moments were given: products show in higher moments.
    """
    if two_level:
        raise NotEstimableError(
            f"the product '{product}' of latent variables cannot be estimated in a two-level model; remove the level "
            "blocks, and pass cluster= alone to allow for clusters in the errors."
        )
    if settings.categorical:
        raise NotEstimableError(
            f"the product '{product}' of latent variables needs items that count as continuous; leave ordered= out."
        )
    if settings.sample_cov is not None:
        raise DataError(
            f"the product '{product}' of latent variables needs the answers of each case; pass data= instead of "
            "sample_cov."
        )
    if settings.meanstructure is False:
        raise OptionValueError(f"the product '{product}' moves means; leave meanstructure out.")
    for name, possible in (
        ("estimator", ("ML", "MLR", "MLF")),
        ("missing", ("listwise", "fiml", "fiml.x")),
        ("se", ("standard", "robust.huber.white", "first.order", "bootstrap", "none")),
        ("test", ("standard", "yuan.bentler.mplus", "none")),
        ("information", ("observed", "first.order")),
        ("likelihood", ("normal",)),
        ("residual_test", ("",)),
        ("aux", ((), None)),
    ):
        value = getattr(settings, name)
        if value not in possible:
            known = " or ".join(repr(choice) for choice in possible if choice)
            raise OptionValueError(
                f"{name}={value!r} is not defined with the product '{product}' of latent variables; "
                f"{'use ' + known if known else 'leave it out'}."
            )
