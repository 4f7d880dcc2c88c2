"""Every column of a survey described: what it asks, how it was answered, what is missing and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.survey.answers import Survey
from lvmodels.survey.numbers import as_numbers, is_blank

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item, Language

__all__ = ["CountedValue", "ItemDescription", "describe_columns"]

Role = Literal["item", "background", "other"]
Vector = NDArray[np.float64]

_LISTED = 21
"""Most different values that are counted one by one."""
_BINS = 10
_UNKNOWN = (np.nan, np.nan, np.nan, np.nan)
_POINTS = 11
"""Most points of an answer scale that is known from its answers alone."""


@dataclass(frozen=True, slots=True)
class CountedValue:
    """A value, or a range of values, and how often it was answered.

    Attributes
    ----------
    low, high : float
        Equal for a single value; a range includes its lower end and, when it is the last, its upper. NaN for text.
    label : str
        The words printed at the value; the value itself where it is a text.
    n : int
    """

    low: float
    high: float
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class ItemDescription:
    """One column.

    Attributes
    ----------
    name : str
    role : {"item", "background", "other"}
        Of an instrument: an item of a construct, an item without one, a column that is no item. Without an instrument
        every column of the answers is an item.
    construct : str
        Name; empty without one.
    wording : str
    scale : str
        Name of the answer scale; empty without one.
    labels : mapping of float to str
        Code → words printed at it, in the order of the codes.
    reverse : bool
        Whether a high code means little of the construct. All figures are of the codes as answered.
    n : int
        Valid answers.
    not_answered : int
        Cells that are empty, and the file does not say why.
    reasons : mapping of str to int
        Why an answer is missing, as the survey platform says it → how often: "skipped", "not shown", ...
    declared : mapping of float to int
        Missing code → how often it stood in the file.
    declared_labels : mapping of float to str
        Missing code → words printed at it, where there are any.
    mean, sd, min, max : float
        Of the valid answers (sd with n - 1); NaN where they are no numbers or name kinds.
    floor, ceiling : float
        Share of the valid answers at the lowest and at the highest code; NaN where the ends are not known.
    values : tuple of CountedValue
        The distribution; empty for texts that hardly ever repeat.
    different : int
        Different valid values.
    """

    name: str
    role: Role
    construct: str
    wording: str
    scale: str
    labels: Mapping[float, str]
    reverse: bool
    n: int
    not_answered: int
    reasons: Mapping[str, int]
    declared: Mapping[float, int]
    declared_labels: Mapping[float, str]
    mean: float
    sd: float
    min: float
    max: float
    floor: float
    ceiling: float
    values: tuple[CountedValue, ...]
    different: int

    @property
    def missing(self) -> int:
        """Answers that are missing for whatever reason."""
        return self.not_answered + sum(self.reasons.values()) + sum(self.declared.values())


def describe_columns(survey: Survey, language: Language = "en") -> tuple[ItemDescription, ...]:
    """Describe the answers and the other columns of a survey.

    Parameters
    ----------
    survey : Survey
    language : {"en", "zh"}
        Of the instrument's texts.

    Returns
    -------
    tuple of ItemDescription
        The answers in their order, then the other columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"Q1": [1.0, 5.0, 5.0, np.nan]})
    >>> (found,) = describe_columns(Survey(frame, frame[[]]))
    >>> found.n, found.not_answered, round(found.mean, 2), [(v.low, v.n) for v in found.values]
    (3, 1, 3.67, [(1.0, 1), (5.0, 2)])
    """
    answers = [_describe(survey, survey.answers[name], language) for name in survey.answers.columns]
    others = [_describe(survey, survey.respondents[name], language) for name in survey.respondents.columns]
    return (*answers, *others)


@dataclass(frozen=True, slots=True)
class _Known:
    """What instrument and file say of a column before any answer is looked at."""

    role: Role
    construct: str
    wording: str
    scale: str
    labels: Mapping[float, str]
    reverse: bool
    codes: tuple[float, ...]
    bounds: tuple[float, float]
    nominal: bool


def _describe(survey: Survey, column: pd.Series, language: Language) -> ItemDescription:
    name = str(column.name)
    known = _known(survey, name, language)
    numbers, unread = as_numbers(column)
    values, declared, words = _without_declared(survey, name, column, numbers)
    if unread:
        texts = pd.Series([text for text in column.dropna().astype(str) if not is_blank(text)], dtype=object)
        declared = {}
        n, figures, ends = len(texts), _UNKNOWN, (np.nan, np.nan)
        counted, different = _count_texts(texts)
    else:
        valid = values[~np.isnan(values)]
        n, figures, ends = len(valid), _figures(valid, known.nominal), _ends(valid, known)
        counted, different = _count_numbers(valid, known)
    absent = len(column) - n - sum(declared.values())
    reasons = _reasons(survey, name, column) if absent else {}
    return ItemDescription(
        name=name, role=known.role, construct=known.construct, wording=known.wording, scale=known.scale,
        labels=known.labels, reverse=known.reverse, n=n,
        not_answered=absent - sum(reasons.values()), reasons=reasons, declared=declared, declared_labels=words,
        mean=figures[0], sd=figures[1], min=figures[2], max=figures[3], floor=ends[0], ceiling=ends[1],
        values=counted, different=different,
    )  # fmt: skip


def _known(survey: Survey, name: str, language: Language) -> _Known:
    labels = survey.labels
    wording, words = labels.wording.get(name, ""), dict(sorted(labels.values.get(name, {}).items()))
    nominal = labels.measure.get(name) == "nominal"
    item = _item(survey.instrument, name)
    if item is None or survey.instrument is None:
        is_answer = survey.instrument is None and name in survey.answers.columns
        missing = labels.missing.get(name, ())
        words = {code: text for code, text in words.items() if not _within(np.array([code]), missing)[0]}
        return _Known("item" if is_answer else "other", "", wording, "", words, False, (), (np.nan, np.nan), nominal)
    scale = survey.instrument.scales[item.scale] if item.scale is not None else None
    if scale is not None and scale.anchors:
        anchors = scale.anchors.get(language) or next(iter(scale.anchors.values()))
        words = {float(code): anchors[code] for code in scale.values if code in anchors}
    codes = tuple(map(float, scale.values)) if scale is not None else ()
    words = {code: text for code, text in words.items() if not codes or code in codes}
    low, high = (np.nan if bound is None else float(bound) for bound in (item.min, item.max))
    return _Known(
        "item" if item.construct else "background", item.construct or "", survey.instrument.label(name, language),
        item.scale or "", words, item.reverse, codes, (min(codes), max(codes)) if codes else (low, high), nominal,
    )  # fmt: skip


def _item(instrument: Instrument | None, name: str) -> Item | None:
    if instrument is None:
        return None
    return next((item for item in instrument.items if item.name == name), None)


def _without_declared(
    survey: Survey, name: str, column: pd.Series, numbers: Vector
) -> tuple[Vector, dict[float, int], dict[float, str]]:
    """The values with declared missing codes made NaN; how often each code stood there, and its words.

    Codes were taken out where an instrument declared them; where only the file does, they may still be there.
    """
    values = numbers.copy()
    still = _within(values, survey.labels.missing.get(name, ()))
    codes = [values[still]]
    values[still] = np.nan
    stood = survey.missing_codes.get(name, survey.labels.missing_codes.get(name))
    if stood is not None:
        codes.append(stood[stood.index.isin(column.index)].to_numpy(dtype=np.float64))
    found, counts = np.unique(np.concatenate(codes), return_counts=True)
    declared = dict(zip(found.tolist(), counts.tolist(), strict=True))
    if survey.instrument is not None and _item(survey.instrument, name) is not None:
        declared |= {float(c): 0 for c in survey.instrument.missing_codes(name) if float(c) not in declared}
    printed = survey.labels.values.get(name, {})
    return values, declared, {code: printed[code] for code in declared if code in printed}


def _reasons(survey: Survey, name: str, column: pd.Series) -> dict[str, int]:
    """How often the platform says why an answer is missing, among the respondents who are still there."""
    missing = column.index[column.isna()]
    counts = {why: int(missing.isin(rows).sum()) for why, rows in survey.labels.reasons.get(name, {}).items()}
    return {why: count for why, count in counts.items() if count}


def _within(values: Vector, ranges: tuple[tuple[float, float], ...]) -> NDArray[np.bool_]:
    inside = np.zeros(len(values), dtype=bool)
    for low, high in ranges:
        inside |= (values >= low) & (values <= high)
    return inside


def _figures(valid: Vector, nominal: bool) -> tuple[float, float, float, float]:
    """Mean, sd, min, max."""
    if not len(valid) or nominal:
        return _UNKNOWN
    sd = float(valid.std(ddof=1)) if len(valid) > 1 else np.nan
    return float(valid.mean()), sd, float(valid.min()), float(valid.max())


def _ends(valid: Vector, known: _Known) -> tuple[float, float]:
    """Shares of the answers at the lowest and the highest code."""
    if not len(valid) or known.nominal:
        return np.nan, np.nan
    low, high = known.bounds
    if not known.codes and np.isnan(low) and np.isnan(high) and known.role == "item":
        ends = list(known.labels) or _scale_of(valid)
        low, high = (ends[0], ends[-1]) if ends else (np.nan, np.nan)
    shares = (float((valid == end).mean()) if not np.isnan(end) else np.nan for end in (low, high))
    return next(shares), next(shares)


def _scale_of(valid: Vector) -> list[float]:
    """The ends of what looks like an answer scale: whole numbers that span few points."""
    low, high = float(valid.min()), float(valid.max())
    return [low, high] if 0 < high - low < _POINTS and bool((valid == np.floor(valid)).all()) else []


def _count_numbers(valid: Vector, known: _Known) -> tuple[tuple[CountedValue, ...], int]:
    seen, counts = np.unique(valid, return_counts=True)
    number = dict(zip(seen.tolist(), counts.tolist(), strict=True))
    listed = sorted({*known.codes, *known.labels, *number})
    if len(listed) <= _LISTED:
        every = [CountedValue(c, c, known.labels.get(c, ""), number.get(c, 0)) for c in listed]
        return tuple(every), len(seen)
    between = known.bounds if known.codes else None
    heights, edges = np.histogram(valid, bins=_BINS, range=between)
    pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True)
    return tuple(CountedValue(low, high, "", n) for low, high, n in pairs), len(seen)


def _count_texts(texts: pd.Series) -> tuple[tuple[CountedValue, ...], int]:
    """Kinds that repeat are counted; texts that hardly do may be names or remarks and are not listed."""
    counts = texts.value_counts()
    if len(counts) > _LISTED or len(texts) < 2 * len(counts):
        return (), len(counts)
    return tuple(CountedValue(np.nan, np.nan, str(text), int(n)) for text, n in counts.items()), len(counts)
