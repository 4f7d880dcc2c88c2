"""Options of `lvmodels.side_by_side`: those that make sense to every method at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from lvmodels.composites.options import Scheme
from lvmodels.errors import NotEstimableError, UnknownOptionError, nearest

__all__ = ["SideBySideOptions", "check_names"]

_GROUPS = ("group", "group_equal", "group_partial", "cluster", "sampling_weights")
_MOMENTS = ("sample_cov", "sample_mean", "sample_nobs")


class SideBySideOptions(TypedDict, total=False):
    """Options given by name.

    Attributes
    ----------
    estimator : str
        Of the covariance-based model: "ML" (the default), "MLR" and the like, or for ordinal answers "WLSMV".
    ordered : sequence of str or bool
        Items that are ordinal to the covariance-based model; True for all.
    scheme : {"path", "factorial", "centroid"}
        Inner weights of partial least squares.
    """

    estimator: str
    ordered: Sequence[str] | bool | None
    scheme: Scheme


def check_names(options: SideBySideOptions) -> None:
    """Refuse options that are unknown, or that not every method has.

    Raises
    ------
    NotEstimableError
        For groups, clusters, weights and moments.
    UnknownOptionError
        A `TypeError` that names the nearest option.
    """
    names: dict[str, Any] = dict(options)
    for name in names:
        if name in _GROUPS:
            raise NotEstimableError(
                f"side_by_side() has no {name}=: not every method here can use it. Compare the methods in one group at "
                "a time, by passing the rows of that group as data."
            )
        if name in _MOMENTS:
            raise NotEstimableError(f"side_by_side() has no {name}=: partial least squares needs answers as data.")
        if name not in SideBySideOptions.__annotations__:
            hint = nearest(name, SideBySideOptions.__annotations__)
            raise UnknownOptionError(f"side_by_side() has no option '{name}'. {hint}".strip())
