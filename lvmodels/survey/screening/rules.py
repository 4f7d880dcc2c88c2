"""The rules of screening: which score, which cut, what follows, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from lvmodels.errors import OptionValueError, nearest

__all__ = ["CARELESS", "RULES", "Action", "Rule", "Sign", "settle_rules"]

Sign = Literal["<", "<=", ">", ">="]
Of = Literal["value", "items", "median", "quantile"]
Action = Literal["exclude", "count", "flag", "score", "off"]
Kind = Literal["", "speed", "pattern", "consistency", "outlier"]
CARELESS = "careless"
"""The rule that takes the counted kinds of evidence together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a score is remarkable, and what follows from it.

    Attributes
    ----------
    name : str
        Name of the rule; a column of `Screening.flags`.
    index : str
        The score it looks at; a column of `Screening.scores`.
    sign : {"<", "<=", ">", ">="}
        A respondent is flagged whose score stands in this relation to the cut.
    cut : float or None
        None: no cut is known, the score is only shown.
    of : {"value", "items", "median", "quantile"}
        What the cut is: the value itself; a share of the number of items; a multiple of the sample's median; a share of
        the sample.
    action : {"exclude", "count", "flag", "score", "off"}
        Exclude who is flagged; count it as evidence of carelessness (the rule "careless" excludes those with several
        kinds of evidence); flag and no more; show the score without flags; leave the index out.
    kind : str
        What kind of evidence it is. Rules of one kind tell of the same fact and are counted once.
    needs : int
        Items, scales or separate sets of paired items that the index must rest on before anybody is flagged: over a
        few scales a correlation is mostly chance, and over a few items two people in one office answer alike.
    meaning : str
        What it means, a sentence.
    source, cut_source : str
        Author and year of the definition of the index, and of the cut; the latter is empty where the cut is our own
        default, and "given" where `settle_rules` was given another one.

    Examples
    --------
    >>> from dataclasses import replace
    >>> next(rule for rule in RULES if rule.name == "speed").cut
    2.0
    >>> replace(RULES[3], cut=1.0, action="exclude").action
    'exclude'
    """

    name: str
    index: str
    sign: Sign
    cut: float | None
    of: Of = "value"
    action: Action = "flag"
    kind: Kind = ""
    needs: int = 0
    meaning: str = ""
    source: str = ""
    cut_source: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no rule."""
        for option, value, known in (
            ("sign", self.sign, get_args(Sign)), ("of", self.of, get_args(Of)),
            ("action", self.action, get_args(Action)), ("kind", self.kind, get_args(Kind)),
        ):  # fmt: skip
            if value not in known:
                options = ", ".join(repr(option) for option in known)
                raise OptionValueError(f"rule '{self.name}' has {option}={value!r}; it must be one of {options}.")


RULES: tuple[Rule, ...] = (
    Rule(
        name="completeness", index="answered", sign="<", cut=0.5, action="exclude",
        meaning="Answered fewer than half of the items: an interview broken off.",
        source="AAPOR 2023", cut_source="AAPOR 2023",
    ),
    Rule(
        name="unfinished", index="unfinished", sign=">=", cut=1,
        meaning="Did not reach the end of the questionnaire, as the survey platform says.",
        source="AAPOR 2023",
    ),
    Rule(
        name="preview", index="preview", sign=">=", cut=1, action="exclude",
        meaning="Is a preview or test of the questionnaire, as the survey platform says: no respondent.",
        source="AAPOR 2023",
    ),
    Rule(
        name="attention", index="attention_failed", sign=">=", cut=1, action="exclude",
        meaning="Gave another answer than an attention check asked for.",
        source="Oppenheimer et al. 2009; Meade and Craig 2012", cut_source="Oppenheimer et al. 2009",
    ),
    Rule(
        name="impossible", index="impossible", sign=">=", cut=1,
        meaning="Has codes that the answer scale does not have; they were made missing.",
        source="Van den Broeck et al. 2005", cut_source="Van den Broeck et al. 2005",
    ),
    Rule(
        name="speed", index="seconds_per_item", sign="<", cut=2.0, action="count", kind="speed",
        meaning="Took less than two seconds an item: too little to read it.",
        source="Huang et al. 2012", cut_source="Huang et al. 2012",
    ),
    Rule(
        name="relative_speed", index="relative_speed", sign=">=", cut=3.0, action="count", kind="speed",
        meaning="Needed a third of the median time an item, or less.",
        source="Leiner 2019",
    ),
    Rule(
        name="longstring", index="longstring", sign=">=", cut=0.5, of="items", action="count", kind="pattern", needs=10,
        meaning="Gave one and the same answer to half of all items in a row.",
        source="Johnson 2005", cut_source="Curran 2016",
    ),
    Rule(
        name="longstring_average", index="longstring_average", sign=">=", cut=None, action="score",
        meaning="Longest run of equal answers, on average over the pages.",
        source="Meade and Craig 2012",
    ),
    Rule(
        name="variability", index="irv", sign="<", cut=0.1, of="quantile", action="flag", kind="pattern",
        meaning="Varies less over the items than nine in ten respondents.",
        source="Dunn et al. 2018",
    ),
    Rule(
        name="even_odd", index="even_odd", sign="<", cut=0.3, action="count", kind="consistency", needs=10,
        meaning="Answers the two halves of the scales inconsistently.",
        source="Jackson 1977; Johnson 2005; Meade and Craig 2012", cut_source="Jackson 1977",
    ),
    Rule(
        name="synonyms", index="synonyms", sign="<", cut=0.0, action="count", kind="consistency", needs=10,
        meaning="Answers items that belong together (r ≥ .60) as if they were opposites.",
        source="Meade and Craig 2012",
    ),
    Rule(
        name="antonyms", index="antonyms", sign=">", cut=0.0, action="count", kind="consistency", needs=10,
        meaning="Answers items that are opposites (r ≤ −.60) alike.",
        source="Goldberg and Kilkowski 1985; Meade and Craig 2012",
    ),
    Rule(
        name="person_total", index="person_total", sign="<", cut=None, action="score", kind="outlier", needs=10,
        meaning="How well the answers rise and fall over the items with those of all others; where the items have "
        "equal means that is mostly chance.",
        source="Donlon and Fischer 1968; Curran 2016",
    ),
    Rule(
        name="mahalanobis", index="mahalanobis_p", sign="<", cut=0.001, action="count", kind="outlier",
        meaning="Lies far from all others, given how the items go together.",
        source="Mahalanobis 1936; Meade and Craig 2012", cut_source="Tabachnick and Fidell 2019",
    ),
    Rule(
        name="same_answers", index="same_answers", sign=">=", cut=1,
        meaning="Gave exactly the answers that another respondent gave.",
        source="Kuriakose and Robbins 2016",
    ),
    Rule(
        name="same_device", index="same_device", sign=">=", cut=1,
        meaning="Answered from a device or address that another respondent used.",
        source="Teitcher et al. 2015",
    ),
    Rule(
        name="duplicate", index="repeats", sign=">=", cut=1, action="exclude", needs=10,
        meaning="Repeats the answers of an earlier respondent from the same device.",
        source="Teitcher et al. 2015; Kuriakose and Robbins 2016",
    ),
    Rule(
        name=CARELESS, index="careless", sign=">=", cut=2, action="exclude",
        meaning="Several kinds of evidence of carelessness (speed, pattern, consistency, outlier) come together.",
        source="Meade and Craig 2012; Curran 2016",
    ),
)  # fmt: skip
"""The rules and their defaults. Exclusion is conservative: no index of carelessness excludes anybody alone."""


def settle_rules(changes: Mapping[str, float | str | Rule] | Iterable[Rule] | None) -> tuple[Rule, ...]:
    """The default rules with changes.

    Parameters
    ----------
    changes : mapping or iterable of Rule, optional
        Name of a rule → another cut (a number), another action (a word) or a whole `Rule`; or rules that take the place
        of those of their names. A rule of a new name may look at any index.

    Raises
    ------
    OptionValueError
        For rules, actions and indices that do not exist.

    Examples
    --------
    >>> settled = {rule.name: rule for rule in settle_rules({"speed": 1.5, "variability": "off"})}
    >>> settled["speed"].cut, settled["variability"].action
    (1.5, 'off')
    """
    rules = {rule.name: rule for rule in RULES}
    for name, change in _named(changes):
        if isinstance(change, Rule):
            rules[name] = replace(change, name=name)
        elif name not in rules:
            hint = nearest(name, rules) or f"Known are: {', '.join(rules)}."
            raise OptionValueError(f"rules= names '{name}', which is no rule. {hint}")
        elif isinstance(change, str):
            rules[name] = replace(rules[name], action=_action(name, change))
        elif isinstance(change, bool) or not isinstance(change, int | float):
            raise OptionValueError(
                f"rules= gives '{name}' a {type(change).__name__}; "
                "it takes a cut (a number), an action (a word) or a Rule."
            )
        else:
            rules[name] = _with_cut(rules[name], float(change))
    known = {rule.index for rule in RULES} | {"mahalanobis"}
    for rule in rules.values():
        if rule.index not in known:
            hint = nearest(rule.index, known) or f"Known are: {', '.join(sorted(known))}."
            raise OptionValueError(f"rule '{rule.name}' looks at index '{rule.index}', which does not exist. {hint}")
    return tuple(rules.values())


def _named(changes: Mapping[str, float | str | Rule] | Iterable[Rule] | None) -> list[tuple[str, float | str | Rule]]:
    if changes is None:
        return []
    if isinstance(changes, Mapping):
        return list(changes.items())
    given: list[object] = [changes] if isinstance(changes, Rule) else list(changes)
    wrong = [type(rule).__name__ for rule in given if not isinstance(rule, Rule)]
    if wrong:
        raise OptionValueError(f"rules= holds a {wrong[0]}; pass Rule records, or a dict of name and cut or action.")
    return [(rule.name, rule) for rule in given if isinstance(rule, Rule)]


def _action(name: str, word: str) -> Action:
    for action in get_args(Action):
        if word == action:
            return action  # type: ignore[no-any-return]
    known = ", ".join(repr(action) for action in get_args(Action))
    raise OptionValueError(f"rules= gives '{name}' the action {word!r}; it must be one of {known}, or a number as cut.")


def _with_cut(rule: Rule, cut: float) -> Rule:
    """The rule with another cut; one that had none begins to flag."""
    return replace(rule, cut=cut, cut_source="given", action="flag" if rule.action == "score" else rule.action)
