"""The answers that partial least squares works on, and what of them cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.composites.options import PlsSettings
from lvmodels.errors import (
    ConstantVariableError,
    DataTypeError,
    DroppedRowsWarning,
    EmptyDataError,
    LvmodelsWarning,
    TooFewCasesError,
)
from lvmodels.moments.checks import check_pairs, check_scale
from lvmodels.survey.columns import as_survey
from lvmodels.survey.matrix import DataMatrix, data_matrix

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Items and cases.

    Attributes
    ----------
    Y : ndarray, shape (n, p)
        Answers as deviations from `centre`; 0 where there is none.
    seen : ndarray, shape (n, p)
        1.0 where there is an answer, else 0.0.
    centre : ndarray, shape (p,)
        Weighted means.
    weights : ndarray, shape (n,)
        Of the cases; their sum is n.
    names : tuple of str
    rows : ndarray of int, shape (n,)
        Rows of the data, from 0.
    pairwise : bool
        Correlations from the cases that answer both items; otherwise missing answers are the mean of the item.
    missing : ndarray of int, shape (p,)
        Missing answers by item.
    """

    Y: Matrix
    seen: Matrix
    centre: Vector
    weights: Vector
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    pairwise: bool
    missing: NDArray[np.intp]

    @property
    def n(self) -> int:
        """Number of cases."""
        return len(self.Y)

    @property
    def complete(self) -> bool:
        """Whether no answer is missing."""
        return not self.missing.any()

    def take(self, cases: NDArray[np.intp]) -> Answers:
        """Some of the cases, with the weights they have."""
        Y = np.where(self.seen[cases] > 0, self.Y[cases] + self.centre, np.nan)
        return answers_of(Y, self.names, self.weights[cases], self.rows[cases], self.pairwise)


def read_answers(
    data: Any, names: Sequence[str], latent: Sequence[str], settings: PlsSettings, group: str | None = None
) -> tuple[Answers, DataMatrix, tuple[LvmodelsWarning, ...]]:
    """Take the items from the data.

    Returns
    -------
    Answers
    DataMatrix
    tuple of LvmodelsWarning
        About cases that were left out.

    Raises
    ------
    DataError
    """
    if data is None:
        raise DataTypeError("no data were given; pass a data frame, a Survey, or the path of a file.")
    survey = as_survey(data)
    complete = None if settings.missing == "casewise" else ()
    source = data if survey is None else survey
    matrix = data_matrix(source, names, group, weights=settings.sampling_weights, complete=complete, latent=latent)
    weights = np.ones(len(matrix.Y)) if matrix.weights is None else matrix.weights
    pairwise = settings.missing == "pairwise" and bool(np.isnan(matrix.Y).any())
    if pairwise:
        check_pairs(matrix.Y, matrix.names)
    found = answers_of(matrix.Y, matrix.names, weights, matrix.rows, pairwise)
    check_answers(found)
    dropped: tuple[LvmodelsWarning, ...] = ()
    if matrix.n_dropped:
        why = "an answer is missing (casewise deletion)" if complete is None else "it has no answer at all"
        text = f"{matrix.n_dropped} of {matrix.n_total} cases were left out because {why}; {found.n} are analysed."
        dropped = (DroppedRowsWarning(text),)
    return found, matrix, dropped


def answers_of(Y: Matrix, names: tuple[str, ...], weights: Vector, rows: NDArray[np.intp], pairwise: bool) -> Answers:
    """Answers from a matrix with NaN where there is none."""
    seen = ~np.isnan(Y)
    filled = np.where(seen, Y, 0.0)
    total = weights @ seen
    centre = np.divide(weights @ filled, total, out=np.zeros(Y.shape[1]), where=total > 0)
    return Answers(
        Y=read_only(np.where(seen, filled - centre, 0.0)),
        seen=read_only(seen.astype(np.float64)),
        centre=read_only(centre),
        weights=read_only(np.asarray(weights, dtype=np.float64) * 1.0),
        names=names,
        rows=rows,
        pairwise=pairwise,
        missing=(~seen).sum(axis=0),
    )


def check_answers(answers: Answers, label: str = "") -> None:
    """Refuse items that do not vary, or too wildly, and too few cases.

    Raises
    ------
    ConstantVariableError, DataError, EmptyDataError, TooFewCasesError
    """
    where = f" in group '{label}'" if label else ""
    if answers.n < 3:
        raise TooFewCasesError(f"{answers.n} cases{where} are too few for correlations; collect more.")
    counted = np.asarray((answers.seen * (answers.weights > 0)[:, None]).any(axis=0))
    empty = [name for name, any_seen in zip(answers.names, counted, strict=True) if not any_seen]
    if empty:
        raise EmptyDataError(f"{', '.join(map(repr, empty))} has no answer{where}; drop it from the model.")
    counted_answers = answers.Y * (answers.weights > 0)[:, None]
    reach = np.abs(counted_answers).max(axis=0)
    constant = [
        n for n, far, mean in zip(answers.names, reach, answers.centre, strict=True) if far <= 1e-13 * abs(mean)
    ]
    if constant:
        raise ConstantVariableError(
            f"{', '.join(map(repr, constant))} {'does' if len(constant) == 1 else 'do'} not vary{where}; drop "
            f"{'it' if len(constant) == 1 else 'them'} from the model."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        check_scale((answers.weights @ answers.Y**2) / (answers.weights @ answers.seen), answers.names, where)
