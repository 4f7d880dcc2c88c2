"""Scores of scales: mean, sum or percent of the maximum possible; here alone reverse-keyed items are turned round."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, DataWarning, OptionValueError, UnknownNameError, nearest
from lvmodels.survey.answers import Survey
from lvmodels.survey.numbers import counted

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument, Item

__all__ = ["ScaleScores", "ScoreMethod", "scale_scores"]

ScoreMethod = Literal["mean", "sum", "pomp"]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScaleScores:
    """Scores of scales.

    Attributes
    ----------
    scores : DataFrame, shape (n, k)
        A row a respondent, a column a construct; NaN where too few items were answered.
    items : DataFrame, shape (n, p)
        The items the scores were made of, reverse-keyed ones turned round and named with an ``_r`` at the end.
    table : DataFrame
        A row a construct: items, reversed (names of the items that were turned round), low and high (the ends of the
        score's range; NaN where items have none), complete (respondents who answered every item), filled (scored from a
        part of the items), refused (answered some, but too few), mean, sd.
    method : {"mean", "sum", "pomp"}
    min_answered : float
    notes : tuple of str
        What was done, a sentence each.
    """

    scores: pd.DataFrame
    items: pd.DataFrame
    table: pd.DataFrame
    method: ScoreMethod
    min_answered: float
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        constructs = counted(self.scores.shape[1], "construct")
        return f"<ScaleScores ({self.method}): {constructs}, {counted(len(self.scores), 'respondent')}>"


def scale_scores(
    survey: Any,
    method: ScoreMethod = "mean",
    min_answered: float = 0.5,
    *,
    constructs: Sequence[str] | None = None,
    instrument: Instrument | str | Path | None = None,
) -> ScaleScores:
    """Score the constructs of an instrument from their items.

    Parameters
    ----------
    survey : Survey, path or data frame
        With an instrument. Its answers are codes as answered; the reverse-keyed items are turned round here (lowest
        code + highest code - answer) and nowhere before.
    method : {"mean", "sum", "pomp"}
        Mean or sum of the items, or percent of the maximum possible score, 0 to 100: what lies between the lowest and
        the highest score that the scale allows (Cohen, Cohen, Aiken and West 1999), item by item, so that items of
        different scales can be put together.
    min_answered : float
        Share of the items, above 0 to 1, that must be answered; with less there is no score. Means and percentages are
        then of the answered items, and sums are those means times the number of items (prorated): one half is the
        half-scale rule of Ware et al. (1993). 1 refuses every incomplete respondent.
    constructs : sequence of str, optional
        All that have items by default.
    instrument : Instrument, str or Path, optional
        That of a path or data frame; of a survey that has none.

    Returns
    -------
    ScaleScores

    Raises
    ------
    OptionValueError
        When there is no such method, `min_answered` is no such share, or there is no instrument.
    UnknownNameError
        When the instrument has no such construct.
    DataError
        When items of a construct have different scales, so that a mean or a sum has no meaning, or no scale where one
        is needed.

    Warns
    -----
    DataWarning
        When an item that was turned round goes against the others: perhaps the file had it turned round already.

    References
    ----------
    Cohen, P., Cohen, J., Aiken, L. S., & West, S. G. (1999). The problem of units and the circumstance for POMP.
    Multivariate Behavioral Research, 34(3), 315-346.
    Ware, J. E., Snow, K. K., Kosinski, M., & Gandek, B. (1993). SF-36 health survey: manual and interpretation guide.
    The Health Institute, New England Medical Center.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.scale_scores(lv.datasets.load("value_loyalty"), method="pomp")
    >>> found.table[["low", "high", "complete", "filled", "refused", "mean"]].round(1)
                   low   high  complete  filled  refused  mean
    construct
    Quality        0.0  100.0       544      75        1  66.0
    Value          0.0  100.0       554      65        1  66.7
    Satisfaction   0.0  100.0       558      62        0  68.8
    SwitchingCost  0.0  100.0       519      73       16  54.2
    Loyalty        0.0  100.0       547      72        1  66.1
    """
    import pandas as pd

    _check_options(method, min_answered)
    survey, instrument = _with_instrument(survey, instrument)
    scores: dict[str, Matrix] = {}
    used: dict[str, Matrix] = {}
    rows: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    against: list[str] = []
    for construct in _chosen(instrument, constructs):
        items = instrument.items_of(construct)
        keyed = _Keyed.of(survey.answers[[item.name for item in items]].to_numpy(dtype=float), items, instrument)
        keyed.check(construct, method)
        score, row = _score(keyed, method, min_answered)
        scores[construct], rows[construct] = score, row
        used |= {name: keyed.Y[:, k] for k, name in enumerate(keyed.names)}
        against += keyed.against_the_rest()
        notes += _sentences(construct, row, method, min_answered)
    if against:
        text = (
            f"turned round, {', '.join(against)} {'goes' if len(against) == 1 else 'go'} against the other items of "
            "the construct; if the file has it turned round already, take `reverse` out of the instrument."
        )
        warnings.warn(DataWarning(text), stacklevel=2)
        notes.append(text[0].upper() + text[1:])
    index = survey.answers.index
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")
    return ScaleScores(
        pd.DataFrame(scores, index=index), pd.DataFrame(used, index=index), table, method, min_answered, tuple(notes)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Keyed:
    """The items of a construct, all in the direction of the construct; shapes (n, p) and (p,)."""

    Y: Matrix
    names: list[str]
    reversed: list[str]
    low: Matrix
    high: Matrix

    @classmethod
    def of(cls, answers: Matrix, items: Sequence[Item], instrument: Instrument) -> _Keyed:
        bounds = np.array([_bounds(item, instrument) for item in items])
        turned = np.array([item.reverse for item in items])
        Y = np.where(turned, bounds.sum(axis=1) - answers, answers)
        names = [f"{item.name}_r" if item.reverse else item.name for item in items]
        return cls(Y, names, [item.name for item in items if item.reverse], bounds[:, 0], bounds[:, 1])

    def check(self, construct: str, method: ScoreMethod) -> None:
        """Refuse what has no meaning."""
        unbounded = [name for name, low, high in zip(self.names, self.low, self.high, strict=True) if not low < high]
        if unbounded and method == "pomp":
            raise DataError(
                f"'{construct}' has items without lowest and highest code ({', '.join(unbounded)}), so nothing is the "
                "maximum possible; give them a scale, or min and max, in the instrument, or use method='mean'."
            )
        ends = {(low, high) for low, high in zip(self.low.tolist(), self.high.tolist(), strict=True) if low < high}
        if method != "pomp" and len(ends) > 1:
            several = ", ".join(f"{low:g} to {high:g}" for low, high in sorted(ends))
            raise DataError(
                f"the items of '{construct}' have different scales ({several}), so their {method} has no unit; use "
                "method='pomp', which brings each to 0 to 100."
            )

    def against_the_rest(self) -> list[str]:
        """Items that were turned round and correlate negatively with the mean of the others."""
        found = []
        for k, name in enumerate(self.names):
            rest = np.delete(self.Y, k, axis=1)
            both = ~np.isnan(self.Y[:, k]) & ~np.isnan(rest).any(axis=1)
            if name in self.reversed_names and rest.shape[1] and both.sum() > 2:
                pair = np.stack([self.Y[both, k], rest[both].mean(axis=1)])
                if (pair.std(axis=1) > 0).all() and np.corrcoef(pair)[0, 1] < 0:
                    found.append(f"'{name.removesuffix('_r')}'")
        return found

    @property
    def reversed_names(self) -> list[str]:
        """Names in `names` of the items that were turned round."""
        return [f"{name}_r" for name in self.reversed]


def _score(keyed: _Keyed, method: ScoreMethod, min_answered: float) -> tuple[Matrix, dict[str, Any]]:
    """The scores of a construct, shape (n,), and its row of the table."""
    Y, p = keyed.Y, len(keyed.names)
    low, high = (keyed.low, keyed.high) if method != "pomp" else (np.zeros(p), np.full(p, 100.0))
    if method == "pomp":
        Y = 100.0 * (Y - keyed.low) / (keyed.high - keyed.low)
    answered = (~np.isnan(Y)).sum(axis=1)
    enough = answered >= max(min_answered * p - 1e-9, 1)
    factor = p if method == "sum" else 1
    score = np.full(len(Y), np.nan)
    score[enough] = factor * np.nansum(Y[enough], axis=1) / answered[enough]
    valid = score[enough]
    return score, {
        "items": p,
        "reversed": ", ".join(keyed.reversed),
        "low": float(low[0]) * factor,
        "high": float(high[0]) * factor,
        "complete": int((answered == p).sum()),
        "filled": int((enough & (answered < p)).sum()),
        "refused": int((~enough & (answered > 0)).sum()),
        "mean": float(valid.mean()) if len(valid) else np.nan,
        "sd": float(valid.std(ddof=1)) if len(valid) > 1 else np.nan,
    }


def _sentences(construct: str, row: dict[str, Any], method: ScoreMethod, min_answered: float) -> list[str]:
    said = []
    if row["reversed"]:
        said.append(f"{construct}: {row['reversed']} turned round (lowest code + highest code - answer).")
    if row["filled"]:
        how = {"mean": "the mean of what they answered", "pomp": "the percentage of what they answered"}
        way = how.get(method, f"their mean times {row['items']} (prorated)")
        said.append(f"{construct}: {counted(row['filled'], 'respondent')} left items out and got {way}.")
    if row["refused"]:
        who = counted(row["refused"], "respondent")
        said.append(f"{construct}: {who} answered less than {100 * min_answered:g}% of the items and got no score.")
    return said


def _bounds(item: Item, instrument: Instrument) -> tuple[float, float]:
    """Lowest and highest code; NaN where the instrument names none."""
    codes = instrument.codes(item.name)
    if codes:
        return float(min(codes)), float(max(codes))
    low, high = item.min, item.max
    return (np.nan if low is None else float(low)), (np.nan if high is None else float(high))


def _check_options(method: str, min_answered: float) -> None:
    if method not in get_args(ScoreMethod):
        hint = nearest(method, get_args(ScoreMethod)) or "Use 'mean', 'sum' or 'pomp'."
        raise OptionValueError(f"method={method!r} is not known. {hint}")
    if not 0 < min_answered <= 1:
        raise OptionValueError(f"min_answered={min_answered!r} must be a share of the items, above 0 and up to 1.")


def _with_instrument(data: Any, instrument: Instrument | str | Path | None) -> tuple[Survey, Instrument]:
    from lvmodels.survey.files import read_survey

    if isinstance(data, Survey) and data.instrument is not None and instrument is None:
        return data, data.instrument
    if instrument is None:
        raise OptionValueError(
            "scores need an instrument, which says what belongs to which construct and what is reverse-keyed; pass "
            "instrument=, or read the answers with one: read_survey(path, instrument)."
        )
    if isinstance(instrument, str | os.PathLike):
        from lvmodels.survey.instrument import Instrument

        instrument = Instrument.load(instrument)
    return read_survey(data, instrument), instrument


def _chosen(instrument: Instrument, constructs: Sequence[str] | None) -> list[str]:
    known = [c.name for c in instrument.constructs if instrument.items_of(c.name)]
    if constructs is None:
        return known
    names = [constructs] if isinstance(constructs, str) else list(dict.fromkeys(constructs))
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"Known are: {', '.join(known) or 'none'}."
            raise UnknownNameError(f"instrument '{instrument.name}' has no construct '{name}' with items. {hint}")
    return names
