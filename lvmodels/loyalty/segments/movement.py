"""Who moved from which class to which between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import DataError, RepeatedCustomerError, UnknownLabelError, nearest
from lvmodels.loyalty.segments.record import Classification

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Transitions", "transitions"]


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """Moves of the customers who have a label at both dates.

    Attributes
    ----------
    counts : DataFrame, shape (k, k)
        Customers with the label of the row before and of the column after.
    shares : DataFrame, shape (k, k)
        The same as shares of the row; NaN where nobody was.
    flows : DataFrame
        A row a move that occurs: source, target, n, share (of all); as drawn in a Sankey diagram.
    stayed, up, down : float
        Shares of the customers who kept their label, or moved to a label further down or further up in the order of the
        levels (up is towards the last level).
    symmetry : Series
        Bowker's test that moves between any two labels balance: statistic, df, p.
    entered, left : int
        Customers with a label at one of the dates only.
    n : int
        Customers at both dates.
    log : tuple of str
    """

    counts: pd.DataFrame
    shares: pd.DataFrame
    flows: pd.DataFrame
    stayed: float
    up: float
    down: float
    symmetry: pd.Series[float]
    entered: int
    left: int
    n: int
    log: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Transitions of {self.n} customers: {self.stayed:.0%} stayed, {self.up:.0%} up, {self.down:.0%} down>"


def transitions(before: Any, after: Any, levels: Sequence[str] | None = None) -> Transitions:
    """Compare the labels of the same customers at two dates.

    Parameters
    ----------
    before, after : Classification or Series
        Labels by customer; customers are matched by the index.
    levels : sequence of str, optional
        All labels in their order; by default those of the classifications, else those that occur, sorted.

    Returns
    -------
    Transitions
        `lvmodels.lifetime.migration_value` takes its `shares` as a chain.

    Raises
    ------
    RepeatedCustomerError
        When a customer is twice in an index.
    UnknownLabelError
        When a label is not among the levels.
    DataError
        When nobody has a label at both dates.

    References
    ----------
    Bowker, A. H. (1948). A test for symmetry in contingency tables. *Journal of the American Statistical Association*,
    43(244), 572-574.

    Examples
    --------
    >>> import pandas as pd
    >>> first = pd.Series(["repeat", "repeat", "client"], index=["a", "b", "c"])
    >>> second = pd.Series(["client", "repeat", "client"], index=["b", "a", "c"])
    >>> transitions(first, second, levels=["repeat", "client"]).counts.values.tolist()
    [[1, 1], [0, 1]]
    """
    import pandas as pd

    first, second = _labels(before, "before"), _labels(after, "after")
    names = _levels(before, after, first, second, levels)
    both = first.index.intersection(second.index, sort=False)
    if not len(both):
        raise DataError("no customer has a label at both dates; index both by the same customers.")
    pairs = pd.DataFrame({"source": first[both], "target": second[both]})
    place = {name: k for k, name in enumerate(names)}
    table = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(table, (pairs["source"].map(place).to_numpy(), pairs["target"].map(place).to_numpy()), 1)
    n = int(table.sum())
    rows = table.sum(axis=1, keepdims=True)
    shares = np.divide(table, rows, out=np.full(table.shape, np.nan), where=rows > 0)
    entered, left = len(second) - len(both), len(first) - len(both)
    log = [f"{n} customers have a label at both dates."]
    if entered or left:
        log.append(f"{left} have one only before and {entered} only after; they are left out of the table.")
    moves = [(names[i], names[j], int(table[i, j]), table[i, j] / n) for i, j in np.argwhere(table > 0)]
    return Transitions(
        counts=pd.DataFrame(table, index=names, columns=names),
        shares=pd.DataFrame(shares, index=names, columns=names),
        flows=pd.DataFrame(moves, columns=["source", "target", "n", "share"]),
        stayed=float(np.trace(table) / n),
        up=float(np.triu(table, 1).sum() / n),
        down=float(np.tril(table, -1).sum() / n),
        symmetry=_symmetry(table),
        entered=entered,
        left=left,
        n=n,
        log=tuple(log),
    )


def _labels(given: Any, name: str) -> pd.Series[Any]:
    import pandas as pd

    labels = given.labels if isinstance(given, Classification) else given
    if not isinstance(labels, pd.Series):
        raise DataError(
            f"{name} is a {type(given).__name__}; give a classification, or a Series of labels by customer."
        )
    twice = labels.index.duplicated()
    if twice.any():
        raise RepeatedCustomerError(
            f"customer {labels.index[int(np.flatnonzero(twice)[0])]!r} is in two rows of {name}; give each one label."
        )
    return labels.dropna().astype(object)


def _levels(
    before: Any, after: Any, first: pd.Series[Any], second: pd.Series[Any], levels: Sequence[str] | None
) -> list[Any]:
    occur = list(dict.fromkeys([*first, *second]))
    if levels is not None:
        names = list(dict.fromkeys(levels))
    elif isinstance(before, Classification):
        names = [*before.levels]
    elif isinstance(after, Classification):
        names = [*after.levels]
    else:
        return sorted(occur, key=str)
    if levels is None and isinstance(before, Classification) and isinstance(after, Classification):
        names += [name for name in after.levels if name not in names and before.system == after.system]
    for label in occur:
        if label not in names:
            raise UnknownLabelError(
                f"label {label!r} is none of {', '.join(map(str, names))}. "
                f"{nearest(str(label), map(str, names)) or 'Correct it, or add it to levels=.'}"
            )
    return names


def _symmetry(table: Any) -> pd.Series[float]:
    """Bowker's statistic over pairs of labels between which somebody moved."""
    import pandas as pd
    from scipy.special import chdtrc

    i, j = np.triu_indices(len(table), 1)
    there, back = table[i, j].astype(float), table[j, i].astype(float)
    moved = there + back > 0
    statistic = float(((there - back)[moved] ** 2 / (there + back)[moved]).sum())
    df = int(moved.sum())
    return pd.Series({"statistic": statistic, "df": float(df), "p": float(chdtrc(df, statistic)) if df else np.nan})
