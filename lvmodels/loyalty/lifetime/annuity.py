"""The present value of one unit of money a period."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.loyalty.lifetime.numbers import checked, plain

__all__ = ["annuity"]


def annuity(periods: ArrayLike, rate: ArrayLike) -> Any:
    """Present value of 1 paid at the end of each of n periods, (1 - (1 + r)^-n) / r.

    Parameters
    ----------
    periods : float or array_like
        n, at least 0; ``float("inf")`` is not taken, use ``1 / rate``.
    rate : float or array_like
        r, the discount rate of a period, above -1; 0 gives n.

    Returns
    -------
    float or ndarray

    Raises
    ------
    OptionValueError

    References
    ----------
    Kellison, S. G. (2008). *The Theory of Interest* (3rd ed.), eq. 3.2. McGraw-Hill.

    Examples
    --------
    >>> round(annuity(5, 0.09), 6)
    3.889651
    """
    n, r = checked("periods", periods, lowest=0.0), checked("rate", rate, lowest=-1.0, open_ends=True)
    growth = n * np.log1p(r)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = -np.expm1(-growth) / r
    return plain(np.where(r == 0.0, n, value))
