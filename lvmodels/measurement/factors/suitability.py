"""Whether the number of factors and the correlations are such that factors can be extracted."""

from __future__ import annotations

from typing import Any

import numpy as np

from lvmodels.errors import NegativeDegreesOfFreedomError, NotPositiveDefiniteError, OptionValueError
from lvmodels.measurement.factors.goodness import degrees_of_freedom, most_factors
from lvmodels.measurement.factors.sample import Sample


def number_of_factors(n_factors: Any, p: int) -> int:
    """A number of factors that p items can tell apart.

    Raises
    ------
    OptionValueError, NegativeDegreesOfFreedomError
    """
    whole = isinstance(n_factors, (int, np.integer)) and not isinstance(n_factors, (bool, np.bool_))
    if not whole or n_factors < 1:
        raise OptionValueError(f"n_factors={n_factors!r} must be a whole number from 1, such as 3.")
    if n_factors >= p or degrees_of_freedom(p, int(n_factors)) < 0:
        raise NegativeDegreesOfFreedomError(
            f"{n_factors} factors of {p} items have more parameters than there are correlations; {p} items can tell at "
            f"most {most_factors(p)} apart. Use fewer factors, or more items."
        )
    return int(n_factors)


def check_sample(sample: Sample, method: str) -> None:
    """Refuse singular correlations for maximum likelihood.

    Raises
    ------
    NotPositiveDefiniteError
    """
    values, vectors = np.linalg.eigh(sample.R)
    if method != "ml" or values[0] > 1e-8:
        return
    p, n = len(sample.names), sample.n
    if n <= p:
        why = f"{n} cases are too few for {p} items"
    else:
        involved = [sample.names[int(k)] for k in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
        why = (
            f"{', '.join(map(repr, involved))} are collinear, or correlations of different cases contradict each other"
        )
    raise NotPositiveDefiniteError(
        f"the correlation matrix is not positive definite (smallest eigenvalue {values[0]:.3g}): {why}. Drop items, "
        "or use method='minres'."
    )
