"""The instrument of a survey: its constructs, items, answer scales, anchors and missing codes, read from TOML.

An instrument file is written by people, so it is checked as a whole: every problem is reported at once, each with the
file, the line, the key and the remedy (`instrument_checks`). `Instrument.json_schema()` gives editors the same rules.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from lvmodels.errors import InstrumentError, UnknownNameError, nearest
from lvmodels.survey.instrument_checks import Problem, cross_problems, field_problems
from lvmodels.survey.numbers import counted
from lvmodels.survey.paths import read_bytes
from lvmodels.survey.shipped import also_shipped, instrument_file, instrument_names
from lvmodels.survey.toml_text import key_lines, write_instrument

__all__ = ["Construct", "Instrument", "Item", "Language", "Scale"]

Language = Literal["en", "zh"]
Name = Annotated[str, Field(pattern=r"^[^\s`]([^`\x00-\x1f]*[^\s`])?$")]
Words = Annotated[str, Field(pattern=r"\S")]
Text = Annotated[Mapping[Language, Words], Field(min_length=1)]
Codes = Annotated[tuple[int, ...], Field(strict=False)]
MissingCodes = Annotated[tuple[int | float, ...], Field(strict=False)]

# The classes have no slots: pydantic builds a class anew, after which a frozen class with slots fails with a TypeError.
_RULES = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True)


@dataclass(frozen=True, kw_only=True, config=_RULES)
class Scale:
    """An answer scale: the codes that may be answered, and the words printed at some of them."""

    points: Annotated[int, Field(ge=2, le=1001)] | None = None
    """Number of answer points; the codes are then low, low + 1, ..."""
    codes: Annotated[Codes, Field(min_length=2)] | None = None
    """The codes one by one, instead of points."""
    low: int = 1
    """The lowest code when points is given."""
    anchors: Mapping[Language, Mapping[int, Words]] = Field(default_factory=dict)
    """Words printed at the codes: language → code → words."""

    @property
    def values(self) -> tuple[int, ...]:
        """The codes that may be answered, in the order of the scale."""
        return self.codes if self.codes is not None else tuple(range(self.low, self.low + (self.points or 0)))


@dataclass(frozen=True, kw_only=True, config=_RULES)
class Construct:
    """A construct: what several items measure together."""

    name: Name
    """The name used in model texts."""
    label: Text
    """What reports call it: language → words."""
    definition: Text | None = None
    """What it means: language → words."""
    source: str = ""
    """Where the definition comes from."""


@dataclass(frozen=True, kw_only=True, config=_RULES)
class Item:
    """A question of the survey; a background variable is an item without a construct."""

    name: Name
    """The code of the item, and as a rule the column in the file of answers."""
    column: Words | None = None
    """What the column is called in the file of answers, where neither the name nor the question tells."""
    construct: Name | None = None
    """Name of the construct it measures; left out for background variables."""
    scale: Name | None = None
    """Name of its scale; left out for numeric background variables."""
    reverse: bool = False
    """Whether a high code means little of the construct; the codes in `Survey.answers` stay as answered."""
    wording: Text
    """The question as asked: language → words."""
    missing: MissingCodes = ()
    """Codes that mean no answer, for this item alone."""
    min: int | float | None = None
    """Lowest number allowed, for an item without a scale."""
    max: int | float | None = None
    """Highest number allowed, for an item without a scale."""


@dataclass(frozen=True, kw_only=True, config=_RULES)
class Instrument:
    """A questionnaire: constructs, items, scales, reverse keys, missing codes and labels in English and Chinese.

    Made by `Instrument.load` or `Instrument.from_toml`; it cannot be changed afterwards. One that is built in Python
    is checked too (a fault raises pydantic's ValidationError, a ValueError).

    Examples
    --------
    >>> instrument = Instrument.from_toml('''
    ... schema = 1
    ... name = "cafe"
    ... title = { en = "Café guests" }
    ... missing = [-99]
    ... [scales.agree]
    ... points = 5
    ... [[constructs]]
    ... name = "SAT"
    ... label = { en = "Satisfaction", zh = "满意" }
    ... [[items]]
    ... name = "SAT1"
    ... construct = "SAT"
    ... scale = "agree"
    ... wording = { en = "All in all I am content." }
    ... ''')
    >>> instrument.codes("SAT1")
    (1, 2, 3, 4, 5)
    >>> instrument.label("SAT", "zh")
    '满意'
    """

    schema: Literal[1]
    """Version of this file format."""
    name: Name
    """Short name of the instrument."""
    title: Text
    """Title: language → words."""
    description: Text | None = None
    """What the survey is about: language → words."""
    source: str = ""
    """Where the instrument comes from."""
    simulated: bool = False
    """Whether the answers that ship with it are simulated."""
    missing: MissingCodes = ()
    """Codes that mean no answer, for every item."""
    scales: Mapping[Name, Scale] = Field(default_factory=dict)
    """The answer scales by name."""
    constructs: Annotated[tuple[Construct, ...], Field(strict=False)] = ()
    """The constructs."""
    items: Annotated[tuple[Item, ...], Field(strict=False, min_length=1)]
    """The items, in the order of the questionnaire."""

    def __post_init__(self) -> None:
        """Check what no single field can tell."""
        problems = cross_problems(dataclasses.asdict(self))
        if problems:
            raise _error(f"instrument '{self.name}'", problems, {})

    def __repr__(self) -> str:
        constructs, items = counted(len(self.constructs), "construct"), counted(len(self.items), "item")
        return f"<Instrument '{self.name}': {constructs}, {items}>"

    @classmethod
    def load(cls, path: str | Path) -> Instrument:
        """Read an instrument file.

        Parameters
        ----------
        path : str or Path
            A TOML file in UTF-8, or the name of an instrument that ships with lvmodels where there is no such file.

        Returns
        -------
        Instrument

        Raises
        ------
        InstrumentError
            When the file is no valid instrument; it lists every problem with its line and remedy.
        UnreadableFileError
            When there is no such file, or it cannot be opened.

        Examples
        --------
        >>> Instrument.load("acsi")
        <Instrument 'acsi': 6 constructs, 15 items>
        """
        try:
            with also_shipped(path, instrument_names()):
                text = read_bytes(instrument_file(path)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"{path} is not a UTF-8 text (byte {error.start}); save the instrument file as UTF-8"
            raise InstrumentError(message) from None
        return cls.from_toml(text, source=str(path))

    @classmethod
    def from_toml(cls, text: str, source: str = "<text>") -> Instrument:
        """Read an instrument from TOML text; `source` is what error messages call it.

        Raises
        ------
        InstrumentError
            When the text is no valid instrument; it lists every problem with its line and remedy.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = f"{source} is not valid TOML: {error}; correct that place (texts stand in straight quotes)"
            raise InstrumentError(message, [str(error)]) from None
        try:
            return _adapter().validate_json(json.dumps(data, default=str))  # as JSON: strict, yet keys may be numbers
        except ValidationError as error:
            fields = field_problems(error.errors(include_url=False), data, _adapter().json_schema())
            raise _error(source, [*fields, *cross_problems(data)], key_lines(text)) from None

    def to_toml(self) -> str:
        """Write the instrument as TOML text; reading it again gives an equal instrument."""
        return write_instrument(dataclasses.asdict(self))

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of instrument files, for completion and checks in editors."""
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter().json_schema()}

    def item(self, name: str) -> Item:
        """Return the item of that name.

        Raises
        ------
        UnknownNameError
            When there is none.
        """
        for item in self.items:
            if item.name == name:
                return item
        raise self._unknown("item", name, [item.name for item in self.items])

    def items_of(self, construct: str) -> tuple[Item, ...]:
        """Return the items that measure a construct, in the order of the questionnaire."""
        names = [known.name for known in self.constructs]
        if construct not in names:
            raise self._unknown("construct", construct, names)
        return tuple(item for item in self.items if item.construct == construct)

    def label(self, name: str, language: Language = "en") -> str:
        """Return the label of a construct or wording of an item; in another language when that one is lacking."""
        texts = {known.name: known.label for known in self.constructs}
        texts |= {item.name: item.wording for item in self.items}
        if name not in texts:
            raise self._unknown("construct or item", name, list(texts))
        return texts[name].get(language) or next(iter(texts[name].values()))

    def codes(self, item: str) -> tuple[int, ...]:
        """Return the codes that may be answered to an item; empty when it has no scale, so that any number may."""
        scale = self.item(item).scale
        return self.scales[scale].values if scale is not None else ()

    def missing_codes(self, item: str) -> tuple[int | float, ...]:
        """Return the codes that mean "no answer" to an item: the instrument's and its own."""
        return tuple(dict.fromkeys((*self.missing, *self.item(item).missing)))

    def _unknown(self, kind: str, name: str, known: list[str]) -> UnknownNameError:
        hint = nearest(name, known) or f"Known are: {', '.join(known) or 'none'}."
        return UnknownNameError(f"instrument '{self.name}' has no {kind} '{name}'. {hint}")


@functools.cache
def _adapter() -> TypeAdapter[Instrument]:
    """Make what reads plain tables into an Instrument; built once."""
    return TypeAdapter(Instrument)


def _error(source: str, problems: list[Problem], lines: Mapping[tuple[str | int, ...], int]) -> InstrumentError:
    """Put all problems into one error, in the order of the file."""
    placed = sorted({(problem.line(lines), problem.place, problem.says) for problem in problems})
    texts = [f"{f'line {line}, ' if line else ''}{place}: {says}" for line, place, says in placed]
    return InstrumentError(f"{source} is not a valid instrument ({counted(len(texts), 'problem')})", texts)
