"""What every part of a report needs: the fit, the language, the names to show, and the table of estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from lvmodels.fit.record import Fit
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The material of a report.

    Attributes
    ----------
    fit : Fit
    language : {"en", "zh"}
    words : mapping
        The texts of that language.
    labels : mapping
        What a construct is called in the instrument, where there is one.
    estimates : DataFrame
        `Fit.estimates()`, with the number of the block as its group and without the parameters of auxiliary variables.
    tested : bool
        Whether there are standard errors and tests.
    """

    fit: Fit
    language: Language
    words: Mapping[str, str]
    labels: Mapping[str, str]
    estimates: pd.DataFrame
    tested: bool

    @property
    def instrument(self) -> Instrument | None:
        """The instrument of the survey, when the data came with one."""
        return self.fit.prepared.survey.instrument if self.fit.prepared.survey is not None else None

    @property
    def several_groups(self) -> bool:
        """Whether the model was fitted to more than one group."""
        return self.fit.table.n_groups > 1

    @property
    def group_names(self) -> tuple[str, ...]:
        """What a reader is shown for each group."""
        return self.fit.prepared.group_labels

    @property
    def blocks(self) -> tuple[tuple[int, int, int], ...]:
        """Number, group and level of every block of the model: a group, or a level of a group."""
        pairs = product(range(1, self.fit.table.n_groups + 1), range(1, self.fit.table.n_levels + 1))
        return tuple((k, group, level) for k, (group, level) in enumerate(pairs, start=1))

    @property
    def several_blocks(self) -> bool:
        """Whether tables tell groups or levels apart."""
        return len(self.blocks) > 1

    @property
    def block_names(self) -> tuple[str, ...]:
        """What a reader is shown for each block."""
        if not self.fit.table.levels:
            return self.group_names
        levels = (self.words["level.within"], self.words["level.between"])
        if not self.several_groups:
            return levels
        return tuple(f"{self.group_names[group - 1]}: {levels[level - 1]}" for _, group, level in self.blocks)

    @property
    def block_title(self) -> str:
        """What the blocks are, for the head of a column."""
        group = self.fit.settings.group or self.words["column.group"]
        if not self.fit.table.levels:
            return group
        return f"{group}: {self.words['column.level']}" if self.several_groups else self.words["column.level"]

    def by_block(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame of the fit with the number of the block as its group."""
        return frame_by_block(self.fit, frame)

    def r2(self) -> dict[tuple[int, str], float]:
        """Explained variance by the number of the block and the variable."""
        return r2_by_block(self.fit)

    def label(self, name: str) -> str:
        """What a reader is shown for a variable."""
        return self.labels.get(name, name)

    def level(self) -> str:
        """Level of the confidence intervals, in percent."""
        return f"{100 * self.fit.settings.level:g}"


def frame_by_block(fit: Fit, frame: pd.DataFrame) -> pd.DataFrame:
    """Group and level of a frame as one number, counted from 1; 0 stays 0. Unchanged for models of one level."""
    if "level" not in frame.columns:
        return frame
    group = frame["group"] if "group" in frame.columns else 1
    number = (group - 1) * fit.table.n_levels + frame["level"]
    return frame.drop(columns="level").assign(group=number.where(frame["level"] > 0, 0))


def cluster_count(fit: Fit) -> int:
    """Clusters of a two-level model, over all groups."""
    return round(sum(m.levels.clusters.n_clusters for m in fit.prepared.moments if m.levels is not None))


def r2_by_block(fit: Fit) -> dict[tuple[int, str], float]:
    """Explained variance by block and variable."""
    found = {}
    for key, value in fit.r2().items():
        parts = key if isinstance(key, tuple) else (key,)
        group = int(parts[0]) if fit.table.n_groups > 1 else 1
        level = int(parts[-2]) if fit.table.levels else 1
        found[(group - 1) * fit.table.n_levels + level, str(parts[-1])] = float(value)
    return found


def make_context(fit: Fit, language: Language) -> Context:
    """Gather the material of a report."""
    estimates = frame_by_block(fit, fit.estimates())
    tested = fit.converged and bool(np.isfinite(estimates["se"].to_numpy(dtype=float)).all())
    if "auxiliary" in estimates:
        estimates = estimates[~estimates["auxiliary"]].drop(columns="auxiliary").reset_index(drop=True)
    return Context(fit, language, wording(language), _labels(fit, language), estimates, tested)


def _labels(fit: Fit, language: Language) -> dict[str, str]:
    """Labels of the model's constructs; two constructs of one label keep their names beside it."""
    survey = fit.prepared.survey
    if survey is None or survey.instrument is None:
        return {}
    instrument = survey.instrument
    known = {construct.name for construct in instrument.constructs}
    found = {name: instrument.label(name, language) for name in fit.table.variables.latent if name in known}
    often = Counter(found.values())
    return {name: text if often[text] == 1 else f"{text} ({name})" for name, text in found.items()}
