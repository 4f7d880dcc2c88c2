"""Auxiliary variables: they say something about missing answers, and are no part of the model.

The saturated-correlates model (Graham 2003): auxiliary variables correlate with each other, with the covariates and
with the residuals of all other observed variables, so that they leave the model's degrees of freedom as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lvmodels.errors import ModelError
from lvmodels.model.row import Row
from lvmodels.model.variables import Variables


def with_auxiliaries(variables: Variables, auxiliary: tuple[str, ...]) -> Variables:
    """The variables of a model with auxiliary ones before the covariates.

    Raises
    ------
    ModelError
        When the model itself names one of them.
    """
    named = [name for name in auxiliary if name in variables.observed or name in variables.latent]
    if named:
        raise ModelError(
            f"aux= names {', '.join(map(repr, named))}, which the model has already; name only variables outside of it."
        )
    inner = variables.observed[: len(variables.observed) - len(variables.covariates)]
    return replace(variables, observed=(*inner, *auxiliary, *variables.covariates), auxiliary=auxiliary)


def auxiliary_rows(observed: Sequence[str], auxiliary: tuple[str, ...], group: int) -> Iterator[Row]:
    """Variances, covariances and means of auxiliary variables in one group, all of them free.

    Parameters
    ----------
    observed : sequence of str
        All observed variables, auxiliary ones among them.

    Examples
    --------
    >>> [str(row) for row in auxiliary_rows(["x", "z"], ("z",), 1)]
    ['z~~z', 'z~1', 'z~~x']
    """
    for i, name in enumerate(auxiliary):
        for other in auxiliary[i:]:
            yield Row(name, "~~", other, group, auxiliary=True)
    for name in auxiliary:
        yield Row(name, "~1", "", group, auxiliary=True)
    for other in observed:
        for name in auxiliary:
            if other not in auxiliary:
                yield Row(name, "~~", other, group, auxiliary=True)
