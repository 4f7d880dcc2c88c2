"""What a classification returns, and how it is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.loyalty.segments.cut_points import CutPoint
from lvmodels.loyalty.segments.profiles import profile_of, tests_of
from lvmodels.loyalty.segments.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Classification", "Corner", "classified"]

Corner = tuple[int, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """Customers with their labels.

    Attributes
    ----------
    system : str
        Which classification, such as "attitude_behaviour".
    labels : Series of ordered categories, shape (n,)
        Label of each customer, missing where it cannot be known; index as in the data, or the customers.
    profile : DataFrame
        A row a label: n, share (of who has a label), mean_x of each role and described column x (shares of each answer
        where these are words), for pyramids and values their sum and its share.
    tests : DataFrame
        A row a described column and test: statistic, df1, df2, p, p_holm (Holm 1979, over all rows), effect, size.
    cuts : DataFrame
        A row a cut point: role, method, low, high.
    log : tuple of str
        What was done with ties, cut points and missing values.
    kind : {"matrix", "tiers", "stages", "classes"}
        How it is drawn.
    axes : DataFrame, shape (n, roles)
        The values of the roles.
    corners : tuple
        For a matrix: side on the first axis, side on the second (1 high, -1 low), label.
    """

    system: str
    labels: pd.Series[Any]
    profile: pd.DataFrame
    tests: pd.DataFrame
    cuts: pd.DataFrame
    log: tuple[str, ...]
    kind: Literal["matrix", "tiers", "stages", "classes"]
    axes: pd.DataFrame
    corners: tuple[Corner, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """All labels of the classification in their order, whether a customer has them or not."""
        return tuple(self.labels.cat.categories)

    def __repr__(self) -> str:
        counts = ", ".join(f"{label} {n}" for label, n in self.profile["n"].items())
        return f"<Classification {self.system}: {counts}>"


def classified(
    system: str,
    kind: Literal["matrix", "tiers", "stages", "classes"],
    levels: Sequence[str],
    codes: NDArray[np.intp],
    roles: Roles,
    describe: Sequence[str] = (),
    cuts: Sequence[CutPoint] = (),
    log: Sequence[str] = (),
    corners: Sequence[Corner] = (),
    total: str | None = None,
) -> Classification:
    """Put the record together.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Place of each customer's label among `levels`; -1 for none.
    total : str, optional
        Role whose sums the profile shows, too.

    Raises
    ------
    UnknownVariableError
        When a column to describe does not exist.
    """
    import pandas as pd

    labels = pd.Series(pd.Categorical.from_codes(codes, categories=list(levels), ordered=True), roles.index)
    labels.name = system
    tests, said = tests_of(codes, roles, describe)
    table = pd.DataFrame(
        [(cut.role, cut.method, cut.low, cut.high) for cut in cuts], columns=["role", "method", "low", "high"]
    )
    return Classification(
        system=system,
        labels=labels,
        profile=profile_of(codes, levels, roles, describe, total),
        tests=tests,
        cuts=table,
        log=(*roles.log, *log, *said),
        kind=kind,
        axes=pd.DataFrame(roles.values, index=roles.index),
        corners=tuple(corners),
    )
