"""What screening gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lvmodels.survey.answers import Survey
from lvmodels.survey.numbers import counted
from lvmodels.survey.screening.layout import Layout

if TYPE_CHECKING:
    import pandas as pd

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
        A row a flag: respondent, row (of the data, from 1), rule, index, score, sign, cut, decision ("excluded" or
        "flagged").
    rules : DataFrame
        A row a rule: rule, index, sign, default (the cut), of (what it is a share of), cut (as applied), action, kind,
        needs, n (who has a score), flagged, excluded, only (excluded by this rule alone), meaning, source, note (why it
        was not applied).
    items : DataFrame
        A row an item: n, missing, mean, sd, skew, kurtosis, min, max, floor, ceiling, outliers.
    survey : Survey
        Without the excluded respondents; its log tells of the screening.
    screened : Survey
        As it was before.
    layout : Layout
        Items, codes, scales and pages as screening saw them.
    sensitivity : DataFrame or None
        With a model: its key figures with all respondents, without those whom each rule names, and without all that
        were excluded. A row a fit: rule, role ("all", "excluding", "flagging" or "together"), left_out, n, converged,
        chisq, df, pvalue, cfi, rmsea, srmr, a column for every standardized loading and path (``Quality=~QUA1``,
        ``Loyalty~Value``) and for R² (``r2:Loyalty``), problem.
    log : tuple of str
        Everything that was done, a sentence each.
    """

    scores: pd.DataFrame
    flags: pd.DataFrame
    excluded: pd.Series
    decisions: pd.DataFrame
    rules: pd.DataFrame
    items: pd.DataFrame
    survey: Survey
    screened: Survey
    layout: Layout
    sensitivity: pd.DataFrame | None
    log: tuple[str, ...]

    def __repr__(self) -> str:
        flagged = int(self.flags.any(axis=1).sum())
        return f"<Screening: {counted(len(self.scores), 'respondent')}, {flagged} flagged, {len(self.excluded)} excluded>"
