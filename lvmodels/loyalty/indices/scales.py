"""Answer scales and the items on them: Likert and semantic-differential, 4 to 11 points, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from lvmodels.errors import OptionValueError, nearest

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Construct, Instrument, Item, Scale

__all__ = ["ItemBlock", "LikertKind", "build_instrument", "likert_items", "likert_scale", "semantic_differential"]

LikertKind = Literal["agreement", "satisfaction", "frequency", "likelihood", "importance"]
Text = Mapping[str, str] | str

_ENDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "agreement": {"en": ("strongly disagree", "strongly agree"), "zh": ("非常不同意", "非常同意")},
    "satisfaction": {"en": ("very dissatisfied", "very satisfied"), "zh": ("非常不满意", "非常满意")},
    "frequency": {"en": ("never", "always"), "zh": ("从不", "总是")},
    "likelihood": {"en": ("very unlikely", "very likely"), "zh": ("非常不可能", "非常可能")},
    "importance": {"en": ("not at all important", "extremely important"), "zh": ("完全不重要", "极其重要")},
}
_VERBAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # between the ends, from low to high, of seven points
    "agreement": {
        "en": ("disagree", "rather disagree", "neither agree nor disagree", "rather agree", "agree"),
        "zh": ("不同意", "有点不同意", "中立", "有点同意", "同意"),
    },
    "satisfaction": {
        "en": ("dissatisfied", "rather dissatisfied", "neither satisfied nor dissatisfied", "rather satisfied",
               "satisfied"),
        "zh": ("不满意", "有点不满意", "一般", "有点满意", "满意"),
    },
}  # fmt: skip
_BETWEEN = {4: (0, 4), 5: (0, 2, 4), 6: (0, 1, 3, 4), 7: (0, 1, 2, 3, 4)}  # which of the five stand in between


def likert_scale(points: int = 7, kind: LikertKind = "agreement", low: int = 1) -> Scale:
    """An answer scale with labels in English and Chinese.

    Agreement and satisfaction of up to seven points have a label at every point; other scales at their ends, because
    distinct words for more points do not exist.

    Parameters
    ----------
    points : int
        4 to 11; an even number leaves out the middle.
    kind : {"agreement", "satisfaction", "frequency", "likelihood", "importance"}
    low : int
        Code of the first point; 0 with 11 points gives 0 to 10.

    Returns
    -------
    Scale

    Raises
    ------
    OptionValueError

    References
    ----------
    Likert, R. (1932). A technique for the measurement of attitudes. *Archives of Psychology*, 22(140), 5-55.
    Krosnick, J. A. and Presser, S. (2010). Question and questionnaire design. In *Handbook of survey research* (2nd
    ed., 263-313). Emerald.

    Examples
    --------
    >>> scale = likert_scale(5)
    >>> scale.values, scale.anchors["en"][3], scale.anchors["zh"][5]
    ((1, 2, 3, 4, 5), 'neither agree nor disagree', '非常同意')
    """
    from lvmodels.survey.instrument import Scale

    _check_points(points, low)
    if kind not in get_args(LikertKind):
        hint = nearest(str(kind), get_args(LikertKind)) or f"Use one of {', '.join(get_args(LikertKind))}."
        raise OptionValueError(f"kind={kind!r} does not exist. {hint}")
    anchors: dict[Any, dict[int, str]] = {}
    for language, (least, most) in _ENDS[kind].items():
        words = {low: least, low + points - 1: most}
        if kind in _VERBAL and points in _BETWEEN:
            between = (_VERBAL[kind][language][k] for k in _BETWEEN[points])
            words |= {low + 1 + k: text for k, text in enumerate(between)}
        anchors[language] = dict(sorted(words.items()))
    return Scale(points=points, low=low, anchors=anchors)


@dataclass(frozen=True, slots=True, eq=False)
class ItemBlock:
    """A construct with its items and their scales.

    Attributes
    ----------
    construct : Construct
    items : tuple of Item
    scales : mapping of str to Scale
    """

    construct: Construct
    items: tuple[Item, ...]
    scales: Mapping[str, Scale]


def likert_items(
    construct: str,
    label: Text,
    wordings: Sequence[Text],
    scale: Scale | None = None,
    reverse: Sequence[int] = (),
    prefix: str | None = None,
) -> ItemBlock:
    """Items of one construct on one scale.

    Parameters
    ----------
    construct : str
        Name in model texts.
    label : str or mapping of language to str
        What reports call it; a text alone is English.
    wordings : sequence of str or mapping of language to str
        The statements, in order.
    scale : Scale, optional
        Seven points of agreement by default.
    reverse : sequence of int
        Which items, counted from 1, are reverse-keyed.
    prefix : str, optional
        Items are called prefix1, prefix2, ...; by default the first three letters of the construct in capitals.

    Returns
    -------
    ItemBlock

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> block = likert_items("Loyalty", {"en": "Loyalty", "zh": "忠诚"},
    ...     [{"en": "I shall come back.", "zh": "我会再来。"}, {"en": "I look for others.", "zh": "我在寻找别家。"}],
    ...     likert_scale(5), reverse=[2])
    >>> [(item.name, item.reverse) for item in block.items]
    [('LOY1', False), ('LOY2', True)]
    """
    from lvmodels.survey.instrument import Construct, Item

    answers = likert_scale() if scale is None else scale
    _check_points(len(answers.values), answers.values[0])
    _check_reverse(reverse, len(wordings))
    name = f"{construct}_scale"
    stem = construct[:3].upper() if prefix is None else prefix
    items = tuple(
        Item(name=f"{stem}{k}", construct=construct, scale=name, reverse=k in reverse, wording=_texts(wording))
        for k, wording in enumerate(wordings, start=1)
    )
    return ItemBlock(Construct(name=construct, label=_texts(label)), items, {name: answers})


def semantic_differential(
    construct: str,
    label: Text,
    pairs: Sequence[tuple[Text, Text]],
    points: int = 7,
    low: int = 1,
    reverse: Sequence[int] = (),
    prefix: str | None = None,
    stem: Text = "The company is ...",
) -> ItemBlock:
    """Items between two opposite adjectives, each with a scale of its own.

    Parameters
    ----------
    construct, label, prefix
        As for `likert_items`.
    pairs : sequence of pair
        (Left, right) ends of each item; left is the lowest code.
    points : int
        4 to 11.
    low : int
        Code of the left end.
    reverse : sequence of int
        Items, counted from 1, whose left end is the favourable one.
    stem : str or mapping of language to str
        What the adjectives belong to.

    Returns
    -------
    ItemBlock

    Raises
    ------
    OptionValueError

    References
    ----------
    Osgood, C. E., Suci, G. J. and Tannenbaum, P. H. (1957). *The measurement of meaning*. University of Illinois Press.

    Examples
    --------
    >>> block = semantic_differential("Image", "Image", [("old", "modern"), ("friendly", "cold")], reverse=[2])
    >>> block.scales["IMA1_scale"].anchors["en"], block.items[1].reverse
    ({1: 'old', 7: 'modern'}, True)
    """
    from lvmodels.survey.instrument import Construct, Item, Scale

    _check_points(points, low)
    _check_reverse(reverse, len(pairs))
    start = construct[:3].upper() if prefix is None else prefix
    scales: dict[str, Scale] = {}
    items = []
    for k, (left, right) in enumerate(pairs, start=1):
        first, last = _texts(left), _texts(right)
        if set(first) != set(last):
            raise OptionValueError(f"pair {k} has its two ends in different languages; give both in each.")
        anchors: Any = {language: {low: first[language], low + points - 1: last[language]} for language in first}
        scales[f"{start}{k}_scale"] = Scale(points=points, low=low, anchors=anchors)
        opening = _texts(stem)
        wording = {code: f"{opening.get(code, '')} {first[code]} – {last[code]}".strip() for code in first}
        items.append(Item(name=f"{start}{k}", construct=construct, scale=f"{start}{k}_scale", reverse=k in reverse,
                          wording=_texts(wording)))  # fmt: skip
    return ItemBlock(Construct(name=construct, label=_texts(label)), tuple(items), scales)


def build_instrument(name: str, title: Text, blocks: Sequence[ItemBlock], missing: Sequence[int] = ()) -> Instrument:
    """Put blocks of items together into an instrument.

    Parameters
    ----------
    name : str
    title : str or mapping of language to str
    blocks : sequence of ItemBlock
    missing : sequence of int
        Codes that mean no answer.

    Returns
    -------
    Instrument

    Raises
    ------
    OptionValueError, InstrumentError

    Examples
    --------
    >>> image = semantic_differential("Image", "Image", [("old", "modern"), ("cold", "friendly")])
    >>> instrument = build_instrument("guests", "Café guests", [image], missing=[-99])
    >>> instrument.codes("IMA2")
    (1, 2, 3, 4, 5, 6, 7)
    """
    from lvmodels.survey.instrument import Instrument

    if not blocks:
        raise OptionValueError("blocks is empty; an instrument needs items.")
    scales = {key: scale for block in blocks for key, scale in block.scales.items()}
    items = tuple(item for block in blocks for item in block.items)
    constructs = tuple(block.construct for block in blocks)
    for kind, names in (("construct", [c.name for c in constructs]), ("item", [i.name for i in items])):
        twice = sorted({known for known in names if names.count(known) > 1})
        if twice:
            raise OptionValueError(f"two blocks have the {kind} '{twice[0]}'; give another name, or prefix=.")
    return Instrument(
        schema=1, name=name, title=_texts(title), scales=scales, constructs=constructs, items=items,
        missing=tuple(missing),
    )  # fmt: skip


def _texts(text: Text) -> Any:
    if isinstance(text, str):
        return {"en": text}
    unknown = set(text) - {"en", "zh"}
    if unknown or not text:
        raise OptionValueError(f"texts come in 'en' and 'zh', not in {', '.join(map(repr, unknown)) or 'none'}.")
    return dict(text)


def _check_points(points: Any, low: Any) -> None:
    if isinstance(points, bool) or not isinstance(points, int) or not 4 <= points <= 11:
        raise OptionValueError(f"points={points!r} is not possible; a scale has 4 to 11 points.")
    if isinstance(low, bool) or not isinstance(low, int):
        raise OptionValueError(f"low={low!r} must be a whole number, the code of the first point.")


def _check_reverse(reverse: Sequence[int], count: int) -> None:
    if count == 0:
        raise OptionValueError("there are no items; give a wording, or a pair of adjectives, for each.")
    wrong = [k for k in reverse if k not in range(1, count + 1)]
    if wrong:
        raise OptionValueError(f"reverse names item {wrong[0]}, but items are counted from 1 to {count}.")
