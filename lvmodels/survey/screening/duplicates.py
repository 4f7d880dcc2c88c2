"""Who gave the answers that another gave, and who answered from the same device."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["answer_groups", "others_alike", "repeats", "row_keys"]

_SEED = 0x5EED
_STEP = 1 << 15
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_MISSING = np.float64(1.5e300)  # stands for a missing answer in the key: no answer scale has it


def row_keys(Y: NDArray[np.float64]) -> NDArray[np.uint64]:
    """A key of the answers of each respondent: equal answers have equal keys.

    Parameters
    ----------
    Y : ndarray, shape (p, n)

    Examples
    --------
    >>> keys = row_keys(np.array([[1.0, 1.0, 2.0], [np.nan, np.nan, 1.0]]))
    >>> bool(keys[0] == keys[1]), bool(keys[0] == keys[2])
    (True, False)
    """
    salt = np.random.default_rng(_SEED).integers(1, 2**63, size=len(Y), dtype=np.uint64)
    plain = np.where(np.isnan(Y), _MISSING, Y) + 0.0  # a negative zero becomes a zero
    bits = plain.view(np.uint64) + salt[:, None]
    for shift, factor in zip((30, 27), _MIX, strict=True):  # stir the bits, because codes differ in few of them
        bits ^= bits >> np.uint64(shift)
        bits *= factor
    bits ^= bits >> np.uint64(31)
    keys: NDArray[np.uint64] = bits.sum(axis=0, dtype=np.uint64)
    return keys


def answer_groups(
    answers: pd.DataFrame, items: Sequence[str], keys: NDArray[np.uint64], eligible: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Number the sets of equal answers.

    Parameters
    ----------
    answers : DataFrame, n rows
    items : sequence of str
    keys : ndarray, shape (n,)
        From `row_keys`. Rows of equal keys are compared answer by answer, so that chance cannot make a duplicate.
    eligible : ndarray of bool, shape (n,)
        Who can be a duplicate: those with enough answers.

    Returns
    -------
    ndarray of int, shape (n,)
        Equal numbers for equal answers, -1 for who has answers of his own.
    """
    groups = np.full(len(keys), -1, dtype=np.intp)
    rows = np.flatnonzero(eligible)
    order = rows[np.argsort(keys[rows], kind="stable")]
    if len(order) < 2:
        return groups
    starts = np.flatnonzero(np.concatenate([[True], keys[order[1:]] != keys[order[:-1]]]))
    sizes = np.diff(np.append(starts, len(order)))
    label = np.repeat(np.arange(len(starts)), sizes)
    shared = np.repeat(sizes > 1, sizes)
    first = np.repeat(order[starts], sizes)[shared]
    rows, label = order[shared], label[shared]
    values = answers[list(items)] if len(rows) and list(answers.columns) != list(items) else answers
    for start in range(0, len(rows), _STEP):
        part = slice(start, start + _STEP)
        mine, theirs = (values.iloc[which[part]].to_numpy(dtype=np.float64, na_value=np.nan) for which in (rows, first))
        equal = ((mine == theirs) | (np.isnan(mine) & np.isnan(theirs))).all(axis=1)
        groups[rows[part][equal]] = label[part][equal]
    return groups


def others_alike(groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """How many others share one's group; 0 where there is none (group -1).

    Examples
    --------
    >>> others_alike(np.array([0, -1, 0, 0, 1])).tolist()
    [2.0, 0.0, 2.0, 2.0, 0.0]
    """
    grouped = groups >= 0
    counts = np.bincount(groups[grouped]) if grouped.any() else np.zeros(1, dtype=np.intp)
    return np.where(grouped, counts[np.maximum(groups, 0)] - 1.0, 0.0)


def repeats(answers: NDArray[np.intp], devices: NDArray[np.intp]) -> NDArray[np.float64]:
    """How many earlier respondents share both the answers and the device: 0 for the first of them.

    Examples
    --------
    >>> repeats(np.array([0, 0, 0, 1, -1]), np.array([3, 3, 4, 4, 3])).tolist()
    [0.0, 1.0, 0.0, 0.0, 0.0]
    """
    both = (answers >= 0) & (devices >= 0)
    found = np.zeros(len(answers))
    pair = answers[both].astype(np.int64) * (int(devices.max(initial=0)) + 1) + devices[both]
    found[both] = pd.Series(pair).groupby(pair).cumcount().to_numpy()
    return found
