"""What screening gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

import numpy as np
from numpy.typing import NDArray

from lvmodels.survey.answers import Survey
from lvmodels.survey.numbers import counted
from lvmodels.survey.screening.layout import Layout

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.assess.exclusions import Sensitivity
    from lvmodels.estimate.settings import FitOptions

__all__ = ["Screening"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Screening:
    """Scores, rules and decisions on n respondents.

    Attributes
    ----------
    scores : DataFrame, shape (n, k)
        A row a respondent (the index is that of the answers), a column an index. NaN where it has no value.
    flags : DataFrame of bool, shape (n, r)
        A column a rule: whose score is beyond its cut.
    excluded : Series of str
        Who was excluded → the rules that did it, with commas between.
    decisions : DataFrame
        A row a flag: respondent, row (of the data, from 1), rule, index, score, sign, cut, decision ("excluded",
        "counted" as evidence of carelessness, or "flagged").
    rules : DataFrame
        A row a rule: rule, index, sign, default (the cut), of (what it is a share of), cut (as applied), action, kind,
        needs, n (who has a score), flagged, excluded, only (excluded by this rule alone), meaning, source,
        cut_source, reason and note (why it was not applied: a key and a clause).
    items : DataFrame
        A row an item: n, missing, mean, sd, skew, kurtosis, min, max, floor, ceiling, outliers.
    clean : Survey
        Without the excluded respondents; its log tells of the screening.
    screened : Survey
        All respondents, impossible codes made missing.
    layout : Layout
        Items, codes, scales and pages as screening saw them.
    log : tuple of str
        Everything that was done, a sentence each.
    """

    scores: pd.DataFrame
    flags: pd.DataFrame
    excluded: pd.Series
    decisions: pd.DataFrame
    rules: pd.DataFrame
    items: pd.DataFrame
    clean: Survey
    screened: Survey
    layout: Layout
    log: tuple[str, ...]

    def __repr__(self) -> str:
        flagged = int(self.flags.any(axis=1).sum())
        return (
            f"<Screening: {counted(len(self.scores), 'respondent')}, {flagged} flagged, {len(self.excluded)} excluded>"
        )

    @property
    def is_excluded(self) -> NDArray[np.bool_]:
        """Whether each respondent was excluded, shape (n,)."""
        excluding = [row["rule"] for row in self.rules.to_dict("records") if row["excluded"]]
        found: NDArray[np.bool_] = self.flags[excluding].to_numpy(dtype=bool).any(axis=1)
        return found

    def summary(self) -> str:
        """What was decided, as text: a line for every rule, and how many remain.

        Examples
        --------
        >>> import lvmodels as lv
        >>> found = lv.screen(lv.datasets.load("value_loyalty"))
        >>> print(found.summary().splitlines()[-1])
        Screening excluded 0 of 620 respondents; 620 remain.
        """
        lines = [f"{'rule':<20}{'cut':>14}{'action':>9}{'n':>9}{'flagged':>9}{'excluded':>10}  note"]
        for row in self.rules.to_dict("records"):
            cut = "" if row["cut"] != row["cut"] else f"{row['sign']} {row['cut']:.4g}"
            numbers = f"{row['n']:>9}{row['flagged']:>9}{row['excluded']:>10}"
            lines.append(f"{row['rule']:<20}{cut:>14}{row['action']:>9}{numbers}  {row['note']}".rstrip())
        return "\n".join([*lines, "", self.log[-1]])

    def sensitivity(self, model: str, by_rule: bool = True, **options: Unpack[FitOptions]) -> Sensitivity:
        """What the exclusions do to a model: see `lvmodels.assess.exclusions.sensitivity`."""
        from lvmodels.assess.exclusions import sensitivity

        return sensitivity(self, model, by_rule, **options)

    def report(
        self,
        path: str | Path,
        sensitivity: Sensitivity | None = None,
        language: Literal["en", "zh"] = "en",
        title: str | None = None,
    ) -> Path:
        """Write the screening report into a folder: see `lvmodels.report.screening.screening_report`."""
        from lvmodels.report.screening import screening_report

        return screening_report(self, path, sensitivity, language=language, title=title)
