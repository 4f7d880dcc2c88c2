"""The result of partial least squares: what was computed, and nothing derived from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lvmodels.composites.answers import Answers
from lvmodels.composites.declaration import Declaration
from lvmodels.composites.layout import Stage
from lvmodels.composites.options import PlsSettings
from lvmodels.composites.rows import Row
from lvmodels.composites.solution import Solution
from lvmodels.errors import LvmodelsWarning


@dataclass(frozen=True, slots=True, eq=False)
class PlsRecord:
    """A model estimated by partial least squares.

    Frames that relate constructs have the origin of a path in the row and its outcome in the column.

    Attributes
    ----------
    settings : PlsSettings
    declared : Declaration
        The model text, sorted.
    stages : tuple of Stage
        The last one is the model; products of scores and constructs of higher order need others before it.
    answers : Answers
    source : object
        The data as they were given.
    rows : tuple of Row
        Loadings, weights, paths and defined parameters.
    solutions : tuple of Solution
        One a stage, each of a single sample.
    warnings : tuple of LvmodelsWarning
    """

    settings: PlsSettings
    declared: Declaration
    stages: tuple[Stage, ...]
    answers: Answers
    source: Any
    rows: tuple[Row, ...]
    solutions: tuple[Solution, ...]
    warnings: tuple[LvmodelsWarning, ...]
    _derived: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    @property
    def stage(self) -> Stage:
        """The model itself."""
        return self.stages[-1]

    @property
    def solution(self) -> Solution:
        """That of the model itself."""
        return self.solutions[-1]

    @property
    def converged(self) -> bool:
        """Whether the weights of every stage settled."""
        return all(bool(solution.converged[0]) for solution in self.solutions)

    @property
    def iterations(self) -> int:
        """Of the last stage."""
        return int(self.solution.iterations[0])

    @property
    def nobs(self) -> int:
        """Number of cases analysed."""
        return self.answers.n
