"""Instruments: what a file says is what the object holds, and every fault is named with its line and remedy."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import jsonschema
import pytest

from lvmodels.errors import InstrumentError, MissingFileError, UnknownNameError, UnreadableFileError
from lvmodels.survey.instrument import Construct, Instrument, Item, Scale

CAFE = """\
schema = 1
name = "cafe"
title = { en = "Café guests", zh = "咖啡馆顾客" }
description = { en = "A line with \\"quotes\\", a \\\\ and a tab\\t." }
source = "Made up"
missing = [-99]

[scales.agree]
points = 5
anchors = { en = { 1 = "not at all", 5 = "fully" }, zh = { 1 = "完全不" } }

[scales.difference]
points = 7
low = -3
anchors = { en = { -3 = "cold", 3 = "warm" } }

[scales."yes no"]
codes = [0, 1]

[[constructs]]
name = "满意"
label = { en = "Satisfaction", zh = "满意" }
definition = { en = "All in all" }
source = "Oliver 1999"

[[items]]
name = "Q1"
construct = "满意"
scale = "agree"
wording = { en = "I am content.", zh = "我很满意。" }
missing = [98, 9.5]

[[items]]
name = "Q2"
construct = "满意"
scale = "difference"
reverse = true
wording = { zh = "这里很冷。" }

[[items]]
name = "age"
min = 0
max = 120.5
wording = { en = "How old are you?" }
"""


@pytest.fixture(scope="module")
def cafe() -> Instrument:
    return Instrument.from_toml(CAFE)


def test_everything_in_the_file_is_in_the_object(cafe: Instrument) -> None:
    assert (cafe.name, cafe.title["zh"], cafe.source, cafe.simulated) == ("cafe", "咖啡馆顾客", "Made up", False)
    assert cafe.scales["agree"] == Scale(points=5, anchors={"en": {1: "not at all", 5: "fully"}, "zh": {1: "完全不"}})
    assert cafe.constructs == (
        Construct(
            name="满意",
            label={"en": "Satisfaction", "zh": "满意"},
            definition={"en": "All in all"},
            source="Oliver 1999",
        ),
    )
    assert cafe.items[2] == Item(name="age", min=0, max=120.5, wording={"en": "How old are you?"})
    assert [item.name for item in cafe.items_of("满意")] == ["Q1", "Q2"]
    assert cafe.item("Q2").reverse
    assert not cafe.item("Q1").reverse


def test_codes_follow_points_low_and_lists(cafe: Instrument) -> None:
    assert cafe.codes("Q1") == (1, 2, 3, 4, 5)
    assert cafe.codes("Q2") == (-3, -2, -1, 0, 1, 2, 3)
    assert cafe.codes("age") == ()
    assert cafe.scales["yes no"].values == (0, 1)


def test_missing_codes_are_the_instruments_and_the_items_own(cafe: Instrument) -> None:
    assert cafe.missing_codes("Q1") == (-99, 98, 9.5)
    assert cafe.missing_codes("Q2") == (-99,)


def test_labels_fall_back_to_the_language_there_is(cafe: Instrument) -> None:
    assert cafe.label("满意") == "Satisfaction"
    assert cafe.label("Q1", "zh") == "我很满意。"
    assert cafe.label("Q2", "en") == "这里很冷。"
    assert cafe.label("age", "zh") == "How old are you?"


def test_an_instrument_cannot_be_changed(cafe: Instrument) -> None:
    for part in (cafe, cafe.items[0], cafe.constructs[0], cafe.scales["agree"]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            part.name = "other"


def test_writing_and_reading_gives_an_equal_instrument(cafe: Instrument) -> None:
    assert Instrument.from_toml(cafe.to_toml()) == cafe


def test_scales_at_zero_and_false_survive_writing() -> None:
    text = CAFE.replace("low = -3", "low = 0").replace("-3 = ", "0 = ")
    instrument = Instrument.from_toml(text)
    assert instrument.codes("Q2") == (0, 1, 2, 3, 4, 5, 6)
    assert Instrument.from_toml(instrument.to_toml()) == instrument


def test_json_schema_accepts_the_file_and_refuses_unknown_keys() -> None:
    schema = Instrument.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = tomllib.loads(CAFE)
    jsonschema.validate(data, schema)
    data["items"][0]["revers"] = True
    with pytest.raises(jsonschema.ValidationError, match="revers"):
        jsonschema.validate(data, schema)


@pytest.mark.parametrize("door", ["item", "items_of", "label", "codes", "missing_codes"])
def test_unknown_names_are_answered_with_the_nearest(cafe: Instrument, door: str) -> None:
    name, near = ("满", "满意") if door == "items_of" else ("q2", "Q2")
    with pytest.raises(UnknownNameError, match=f"Did you mean '{near}'"):
        getattr(cafe, door)(name)


FAULTS = {
    "an unknown key": ("source =", "sauce =", "line 5, sauce: there is no such key. Did you mean 'source'?"),
    "an unknown key of an item": ("reverse =", "revers =", "line 37, item 'Q2', revers: there is no such key"),
    "another version": ("schema = 1", "schema = 2", "line 1, schema: this version reads schema = 1, not 2"),
    "an unknown construct": ('construct = "满意"', 'construct = "满"', "line 28, item 'Q1', construct: there is no"),
    "an unknown scale": ('"agree"\n', '"agre"\n', "item 'Q1', scale: there is no scale 'agre'. Did you mean 'agree'?"),
    "an item twice": ('"Q2"', '"Q1"', "line 34, item 'Q1': the name stands twice (item 1 and 2)"),
    "an item named as its construct": ('"Q2"', '"满意"', "line 34, item '满意', name: a construct has the same name"),
    "an anchor outside": ("5 = ", "6 = ", "scale 'agree', anchors.en.6: 6 is no code of this scale (1 to 5)"),
    "an anchor of no number": ("5 = ", "five = ", "line 10, scale 'agree', anchors.en.five: write a whole number"),
    "an unknown language": ("zh = { 1", "fr = { 1", "anchors.fr: 'fr' is not a language"),
    "a missing code that is valid": (
        "[-99]",
        "[5]",
        "the missing code 5 is also a valid answer (1 to 5); list it only",
    ),
    "an item's missing code that is valid": ("[98, 9.5]", "[3]", "line 31, item 'Q1', missing: the missing code 3"),
    "a missing code between min and max": ("[-99]", "[99]", "item 'age', missing: the missing code 99 is also a valid"),
    "an empty label": ('"Satisfaction"', '" "', "line 22, construct '满意', label.en: the text is empty"),
    "no wording": ('{ en = "How old are you?" }', "{}", "item 'age', wording: nothing is listed here"),
    "wording without language": ('{ zh = "这里很冷。" }', '"cold"', "wording: write a text for each language"),
    "a name with a backtick": ('"Q2"', '"Q`2"', "cannot be a name; take away spaces at its ends"),
    "a name with a space at its end": ('"Q2"', '"Q2 "', "cannot be a name"),
    "a text for a flag": ("reverse = true", 'reverse = "yes"', "write true or false, without quotes, not 'yes'"),
    "a text for a number": ("min = 0", 'min = "0"', "item 'age', min: write a number, without quotes, not '0'"),
    "a code for missing": ("[-99]", "-99", "line 6, missing: write a list in square brackets"),
    "a scale of one point": ("points = 5", "points = 1", "a scale has 2 to 1001 points"),
    "a scale without end": ("points = 5", "points = 1000000000000", "a scale has 2 to 1001 points"),
    "points and codes": ("codes = [0, 1]", "codes = [0, 1]\npoints = 2", "both points and codes are given"),
    "neither points nor codes": ("codes = [0, 1]", "", "scale 'yes no': give points = 5, or codes = [0, 1, 2]"),
    "low beside codes": ("codes = [0, 1]", "codes = [0, 1]\nlow = 0", "low goes with points"),
    "a code twice": ("codes = [0, 1]", "codes = [0, 1, 1]", "a code stands twice"),
    "min above max": ("min = 0", "min = 200", "min (200) is not below max (120.5)"),
    "min beside a scale": ("reverse = true", "min = 1", "the scale says which codes are allowed"),
    "reverse without a scale": ("min = 0", "reverse = true", "an item without a scale cannot be reversed"),
    "no title": ("title =", "source =", "not valid TOML"),
    "an open quotation mark": ('name = "cafe"', 'name = "cafe', "line 2, column 13"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named_with_its_place(old: str, new: str, says: str) -> None:
    assert old in CAFE
    with pytest.raises(InstrumentError) as caught:
        Instrument.from_toml(CAFE.replace(old, new, 1), source="cafe.toml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("cafe.toml is not")


def test_missing_keys_are_named() -> None:
    with pytest.raises(InstrumentError) as caught:
        Instrument.from_toml("[[items]]\nscale = 'agree'")
    says = str(caught.value)
    for place in ("schema", "name", "title", "line 1, item 1, name", "line 1, item 1, wording"):
        assert f"{place}: this key is missing; add it" in says
    assert "there is no scale 'agree'" in says


def test_all_problems_are_reported_at_once() -> None:
    text = CAFE
    for old, new, _ in list(FAULTS.values())[:4]:
        text = text.replace(old, new, 1)
    with pytest.raises(InstrumentError) as caught:
        Instrument.from_toml(text)
    assert len(caught.value.problems) == 4
    assert "(4 problems)" in str(caught.value)


def test_an_instrument_made_in_python_is_checked_too() -> None:
    with pytest.raises(ValueError, match="there is no scale 's'"):
        Instrument(schema=1, name="x", title={"en": "x"}, items=(Item(name="q", scale="s", wording={"en": "q"}),))


def test_lines_are_right_behind_texts_of_several_lines() -> None:
    text = CAFE.replace('"Made up"', '"""Made\n[items]\nname = 1\nup"""').replace("reverse =", "revers =")
    with pytest.raises(InstrumentError, match="line 40, item 'Q2', revers"):
        Instrument.from_toml(text)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, cafe: Instrument) -> None:
    path = tmp_path / "cafe.toml"
    path.write_bytes(CAFE.encode("utf-8-sig"))
    assert Instrument.load(path) == cafe


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    path = tmp_path / "cafe.toml"
    with pytest.raises(MissingFileError, match=r"there is no file .*cafe\.toml"):
        Instrument.load(path)
    path.write_bytes(CAFE.encode("gbk", errors="replace"))
    with pytest.raises(InstrumentError, match="not a UTF-8 text"):
        Instrument.load(path)
    with pytest.raises(UnreadableFileError, match="is a folder"):
        Instrument.load(tmp_path)
