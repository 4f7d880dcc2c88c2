"""From scores and rules to flags, exclusions and a log of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.survey.numbers import counted
from lvmodels.survey.screening.rules import CARELESS, Rule
from lvmodels.survey.screening.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Decided", "decide"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DECISIONS = {"exclude": "excluded", "count": "counted"}


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What the rules say of n respondents.

    Attributes
    ----------
    scores, flags, rules, decisions : DataFrame
        As in `Screening`.
    keep : ndarray of bool, shape (n,)
        Who remains.
    reasons : Series of str
        Who was excluded → the rules that did it.
    log : tuple of str
    """

    scores: pd.DataFrame
    flags: pd.DataFrame
    rules: pd.DataFrame
    decisions: pd.DataFrame
    keep: Flags
    reasons: pd.Series
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Applied:
    """A rule with its cut settled, or the reason why it was not applied."""

    rule: Rule
    cut: float
    flagged: Flags
    reason: str = ""
    note: str = ""


def decide(scores: Scores, rules: tuple[Rule, ...], index: pd.Index, p: int) -> Decided:
    """Apply the rules to the scores of n respondents with p items."""
    import pandas as pd

    n = len(index)
    values = dict(scores.values)
    applied = [_apply(rule, values, scores, p, n) for rule in rules if rule.index != CARELESS]
    values[CARELESS] = _kinds(applied, n)
    applied += [_apply(rule, values, scores, p, n) for rule in rules if rule.index == CARELESS]
    excluding = [one for one in applied if one.rule.action == "exclude"]
    out = np.logical_or.reduce([one.flagged for one in excluding]) if excluding else np.zeros(n, dtype=bool)
    shown = {one.rule.index for one in applied if one.rule.action != "off"} | {"mahalanobis"}
    table = _rule_table(applied, values, out)
    return Decided(
        pd.DataFrame({name: score for name, score in values.items() if name in shown}, index=index, copy=False),
        pd.DataFrame({one.rule.name: one.flagged for one in applied if _flags(one)}, index=index),
        table,
        _decisions(applied, values, index),
        ~out,
        _reasons(excluding, out, index),
        (*_sentences(applied, table), _closing(out)),
    )


def _flags(one: _Applied) -> bool:
    return one.rule.action not in ("off", "score")


def _apply(rule: Rule, values: dict[str, Vector], scores: Scores, p: int, n: int) -> _Applied:
    nobody = np.zeros(n, dtype=bool)
    if rule.action == "off":
        return _Applied(rule, np.nan, nobody, "off", "turned off")
    if rule.index not in values:
        return _Applied(rule, np.nan, nobody, *scores.lacking[rule.index])
    score = values[rule.index]
    cut = _settled_cut(rule, score, p)
    if np.isnan(score).all():
        return _Applied(rule, cut, nobody, "values", "nobody has a value of its index")
    if rule.action == "score" or np.isnan(cut):
        return _Applied(rule, cut, nobody, *(("cut", "no cut") if rule.cut is None else ()))
    basis = scores.basis.get(rule.index, rule.needs)
    if basis < rule.needs:
        things = {"even_odd": "scales", "synonyms": "sets of paired items", "antonyms": "sets of paired items"}
        thing = things.get(rule.index, "items")
        note = f"it rests on {basis} {thing}, fewer than the {rule.needs} that flags need"
        return _Applied(rule, cut, nobody, "basis", note)
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[rule.sign]
    with np.errstate(invalid="ignore"):
        return _Applied(rule, cut, np.asarray(compare(score, cut), dtype=bool))


def _settled_cut(rule: Rule, score: Vector, p: int) -> float:
    """The cut in the units of the score."""
    if rule.cut is None:
        return float("nan")
    if rule.of == "items":
        return rule.cut * p
    if rule.of == "value":
        return rule.cut
    if np.isnan(score).all():
        return float("nan")
    return rule.cut * float(np.nanmedian(score)) if rule.of == "median" else float(np.nanquantile(score, rule.cut))


def _kinds(applied: list[_Applied], n: int) -> Vector:
    """How many kinds of evidence of carelessness a respondent shows."""
    kinds: dict[str, Flags] = {}
    for one in applied:
        if one.rule.action == "count":
            key = one.rule.kind or one.rule.name
            kinds[key] = kinds[key] | one.flagged if key in kinds else one.flagged
    total = np.zeros(n)
    for flagged in kinds.values():
        total += flagged
    return total


def _rule_table(applied: list[_Applied], values: dict[str, Vector], out: Flags) -> pd.DataFrame:
    import pandas as pd

    excluding = [one.flagged for one in applied if one.rule.action == "exclude"]
    times = np.sum(excluding, axis=0) if excluding else np.zeros(len(out), dtype=np.intp)
    rows = []
    for one in applied:
        rule = one.rule
        score, excludes = values.get(rule.index), rule.action == "exclude"
        rows.append({
            "rule": rule.name, "index": rule.index, "sign": rule.sign,
            "default": np.nan if rule.cut is None else rule.cut, "of": rule.of, "cut": one.cut, "action": rule.action,
            "kind": rule.kind, "needs": rule.needs, "n": 0 if score is None else int((~np.isnan(score)).sum()),
            "flagged": int(one.flagged.sum()), "excluded": int(one.flagged.sum()) if excludes else 0,
            "only": int((one.flagged & (times == 1)).sum()) if excludes else 0,
            "meaning": rule.meaning, "source": rule.source, "cut_source": rule.cut_source, "reason": one.reason,
            "note": one.note,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _decisions(applied: list[_Applied], values: dict[str, Vector], index: pd.Index) -> pd.DataFrame:
    """A row for every flag, by respondent and, within, by rule."""
    import pandas as pd

    flagging = [one for one in applied if _flags(one)]
    where = [np.flatnonzero(one.flagged) for one in flagging]
    rows = np.concatenate(where) if where else np.empty(0, dtype=np.intp)
    which = np.repeat(np.arange(len(flagging)), [len(some) for some in where])
    order = np.lexsort((which, rows))
    scores = [values[one.rule.index][some] for one, some in zip(flagging, where, strict=True) if len(some)]
    score = np.concatenate(scores) if scores else np.empty(0)

    def of_rule(parts: list[object]) -> NDArray[np.object_]:
        return np.array([*parts, ""], dtype=object)[which[order]]

    return pd.DataFrame({
        "respondent": index[rows[order]],
        "row": rows[order] + 1,
        "rule": of_rule([one.rule.name for one in flagging]),
        "index": of_rule([one.rule.index for one in flagging]),
        "score": score[order],
        "sign": of_rule([one.rule.sign for one in flagging]),
        "cut": np.array([*(one.cut for one in flagging), np.nan])[which[order]],
        "decision": of_rule([_DECISIONS.get(one.rule.action, "flagged") for one in flagging]),
    })  # fmt: skip


def _reasons(excluding: list[_Applied], out: Flags, index: pd.Index) -> pd.Series:
    import pandas as pd

    rows = np.flatnonzero(out)
    names = [one.rule.name for one in excluding]
    # The same sets of rules come again and again: each is written once.
    sets = np.array([one.flagged[rows] for one in excluding]).T if names else np.empty((0, 0), dtype=bool)
    written = {key.tobytes(): ", ".join(np.array(names)[key]) for key in np.unique(sets, axis=0)} if len(rows) else {}
    return pd.Series([written[key.tobytes()] for key in sets], index=index[rows], name="rules", dtype=object)


def _sentences(applied: list[_Applied], table: pd.DataFrame) -> list[str]:
    said = []
    for one, row in zip(applied, table.to_dict("records"), strict=True):
        rule = one.rule
        if rule.action == "off":
            said.append(f"Rule '{rule.name}' was turned off.")
        elif one.note and rule.action != "score":
            said.append(f"Rule '{rule.name}' flagged nobody: {one.note}.")
        elif _flags(one):
            what = f"Rule '{rule.name}' ({rule.index} {rule.sign} {one.cut:.6g})"
            many = counted(row["flagged"], "respondent")
            alone = f", {row['only']} of them by it alone" if row["flagged"] else ""
            tail = f"excluded {many}{alone}" if rule.action == "exclude" else f"flagged {many}"
            said.append(f"{what} {tail}.")
    return said


def _closing(out: Flags) -> str:
    left = len(out) - int(out.sum())
    return f"Screening excluded {int(out.sum())} of {counted(len(out), 'respondent')}; {left} remain."
