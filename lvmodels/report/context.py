"""What every part of a report needs: the fit, the language, the names to show, and the table of estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
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
        `Fit.estimates()`, without the parameters of auxiliary variables.
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

    def label(self, name: str) -> str:
        """What a reader is shown for a variable."""
        return self.labels.get(name, name)

    def level(self) -> str:
        """Level of the confidence intervals, in percent."""
        return f"{100 * self.fit.settings.level:g}"


def make_context(fit: Fit, language: Language) -> Context:
    """Gather the material of a report."""
    estimates = fit.estimates()
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
