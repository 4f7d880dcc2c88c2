"""A draft is a valid instrument that reads the answers it was made from, and claims no more than a file can tell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import EmptyDataError, MissingFileError
from lvmodels.survey.column_guess import guess_column, guess_range
from lvmodels.survey.raw import Labels


def drafted(data: Any) -> lv.Instrument:
    text = lv.draft_instrument(data)
    instrument = lv.Instrument.from_toml(text)
    survey = lv.read_survey(data, instrument)
    assert list(survey.answers.columns) == [item.name for item in instrument.items]
    return instrument


def constructs(instrument: lv.Instrument) -> dict[str, list[str]]:
    return {c.name: [item.name for item in instrument.items_of(c.name)] for c in instrument.constructs}


def answers(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


# ---- round trip -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", lv.datasets.names())
def test_the_draft_of_every_shipped_file_reads_it_again(name: str) -> None:
    path = Path(__file__).parents[2] / "data" / name / "answers.csv"
    instrument, shipped = drafted(path), lv.datasets.load(name)
    again = lv.read_survey(path, instrument).answers
    for item in shipped.instrument.items if shipped.instrument else ():
        np.testing.assert_array_equal(again[item.name], shipped.answers[item.name])


def test_constructs_and_scales_of_a_shipped_file_are_found_again() -> None:
    path = Path(__file__).parents[2] / "data" / "value_loyalty" / "answers.csv"
    instrument, shipped = drafted(path), lv.datasets.load("value_loyalty").instrument
    assert shipped is not None
    assert list(constructs(instrument).values()) == [
        [item.name for item in shipped.items_of(construct.name)] for construct in shipped.constructs
    ]
    assert instrument.missing == (-99,)
    assert {instrument.codes(item.name) for item in shipped.items} == {(1, 2, 3, 4, 5, 6, 7)}


@pytest.mark.parametrize("name", lv.instruments.names())
def test_constructs_of_every_shipped_instrument_are_found_from_its_names(name: str) -> None:
    shipped = lv.instruments.load(name)
    codes = {item.name: (shipped.codes(item.name) or (0, 50.5)) for item in shipped.items}
    frame = pd.DataFrame({name: [each[k % len(each)] for k in range(44)] for name, each in codes.items()})
    found = list(constructs(drafted(frame)).values())
    expected = [[item.name for item in shipped.items_of(c.name)] for c in shipped.constructs]
    numbered = [[item for item in items if item[-1].isdigit() or item[-1] == "E"] for items in expected]
    numbered = [[item for item in items if codes[item] != (0, 50.5)] for items in numbered]
    assert sorted(found) == sorted(items for items in numbered if len(items) > 1)


@settings(max_examples=max(8, settings.default.max_examples // 3))  # a draft takes its time
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=30).filter(lambda name: name.strip()),
        st.lists(
            st.one_of(
                st.none(), st.integers(-100, 1000), st.floats(-5, 5), st.sampled_from(["yes", "no", "1", "-99", "é\n"])
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_columns_the_draft_is_valid_and_reads_them(columns: Mapping[str, list[Any]]) -> None:
    frame = pd.DataFrame(columns)
    try:
        text = lv.draft_instrument(frame)
    except lv.errors.LvmodelsError:
        return
    instrument = lv.Instrument.from_toml(text)
    assert len(lv.read_survey(frame, instrument).answers) == 3


# ---- names ----------------------------------------------------------------------------------------------------------


def test_numbered_names_make_constructs_and_names_that_say_nothing_do_not() -> None:
    frame = answers(SAT_1=[1, 5], SAT_2=[2, 4], Q1=[1, 5], Q2=[2, 5], Q7_1=[1, 3], Q7_2=[1, 3], sex=[1, 2])
    assert constructs(drafted(frame)) == {"SAT": ["SAT_1", "SAT_2"], "Q7": ["Q7_1", "Q7_2"]}


def test_a_construct_never_has_the_name_of_an_item() -> None:
    assert constructs(drafted(answers(SAT=[1, 5], SAT1=[1, 5], SAT2=[1, 5]))) == {"SAT_all": ["SAT1", "SAT2"]}


def test_questions_as_names_become_wordings_and_are_read_by_column() -> None:
    names = ["1、总的来说，我对这家公司感到满意。", "G1Q2[LOY1]", "How likely are you to come again?", "G1Q2[LOY2]"]
    instrument = drafted(pd.DataFrame({name: [1, 5] for name in names}))
    assert [item.name for item in instrument.items] == ["Q1", "LOY1", "Q3", "LOY2"]
    assert [item.column for item in instrument.items] == names
    assert instrument.items[0].wording == {"zh": "总的来说,我对这家公司感到满意。"}
    assert instrument.items[2].wording == {"en": "How likely are you to come again?"}
    assert constructs(instrument) == {"LOY": ["LOY1", "LOY2"]}


# ---- scales ---------------------------------------------------------------------------------------------------------


def test_items_of_a_construct_share_the_scale_that_all_of_them_need() -> None:
    instrument = drafted(answers(SAT1=[2, 3, 3], SAT2=[4, 6, 7], SAT3=[1, 2, 2]))
    assert {instrument.codes(name) for name in ("SAT1", "SAT2", "SAT3")} == {(1, 2, 3, 4, 5, 6, 7)}


@pytest.mark.parametrize(
    ("codes", "few", "many"),
    [
        ({2, 3, 4}, (1, 4), (1, 4)),
        ({1, 6}, (1, 7), (1, 6)),
        ({3}, (1, 3), (1, 3)),
        ({0, 1}, (0, 1), (0, 1)),
        ({0, 9}, (0, 10), (0, 9)),
        ({-1, 2}, (-2, 2), (-2, 2)),
        ({8}, (1, 10), (1, 8)),
        ({1}, (1, 2), (1, 2)),
        ({0}, (0, 1), (0, 1)),
    ],
)
def test_ends_of_scales_are_the_usual_ones_unless_many_answers_say_otherwise(
    codes: set[int], few: tuple[int, int], many: tuple[int, int]
) -> None:
    assert guess_range(codes, 10) == few
    assert guess_range(codes, 1000) == many


# ---- missing codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ([1, 5, -99], (-99,)),
        ([1, 7, 9], (9,)),
        ([1, 10, 9], ()),
        ([0, 5, 10, 99], (99,)),
        ([-3, -2, 1, 2, 3, 4, 5], (-3, -2)),
        ([-3, -2, -1, 0, 1, 2, 3], ()),
        ([-2, -1, 1, 2], ()),
        ([1, 2, 3, 4, 5, 88, 99], (88, 99)),
        ([-1, 1, 2, 3], (-1,)),
        ([-99], ()),
    ],
)
def test_codes_that_stand_apart_are_taken_for_no_answer(values: list[int], missing: tuple[int, ...]) -> None:
    assert guess_column("x", pd.Series(values), Labels()).missing == missing


def test_a_code_that_another_item_of_the_construct_explains_is_an_answer() -> None:
    instrument = drafted(answers(SAT1=[1, 7, 9], SAT2=[8, 10, 9]))
    assert instrument.codes("SAT1") == tuple(range(1, 11))
    assert instrument.missing_codes("SAT1") == ()


def test_missing_codes_of_several_columns_stand_once() -> None:
    text = lv.draft_instrument(answers(SAT1=[1, -99], SAT2=[2, -99], age=[-99, 40.5], income=[-50, 2000]))
    assert tomllib.loads(text)["missing"] == [-99]
    assert not [item for item in lv.Instrument.from_toml(text).items if item.missing]


def test_a_negative_number_that_is_an_answer_somewhere_is_no_missing_code_there() -> None:
    frame = answers(SAT1=[1, 5, -9], SAT2=[2, 5, -9], gain=[-9, -8, -10.5])
    assert lv.read_survey(frame, lv.Instrument.from_toml(lv.draft_instrument(frame))).answers["gain"].tolist() == [
        -9, -8, -10.5,
    ]  # fmt: skip


# ---- what is said ---------------------------------------------------------------------------------------------------


def test_an_item_that_runs_against_the_others_is_pointed_out_and_not_turned() -> None:
    good = np.tile([1, 2, 3, 4, 5], 10)
    text = lv.draft_instrument(answers(SAT1=good, SAT2=np.roll(good, 25), SAT3=good, SAT4=6 - good))
    assert not any(item.reverse for item in lv.Instrument.from_toml(text).items)
    block = next(block for block in text.split("\n\n") if 'name = "SAT4"' in block)
    assert "# reverse = true  # if it is turned round: it runs against the others (r = -" in block
    assert text.count("# reverse = true  #") == 1
    turned = text.replace("# reverse = true  # if", "reverse = true  # if")
    assert lv.Instrument.from_toml(turned).item("SAT4").reverse


def test_what_is_left_out_is_said_with_the_reason() -> None:
    frame = answers(
        id=range(30), SAT1=[1, 5] * 15, SAT2=[1, 2] * 15, city=["Köln\n\x01", "Bonn"] * 15, note=[None] * 30,
        agrees=[True, False] * 15,
    )  # fmt: skip
    text = lv.draft_instrument(frame)
    assert "# Left out: column 'id' has another whole number in every row." in text
    assert "# Left out: column 'city' holds text (2 different answers: Köln , Bonn)." in text
    assert "# Left out: column 'note' is empty." in text
    assert [item.name for item in drafted(frame).items] == ["SAT1", "SAT2"]


def test_words_of_a_file_become_anchors_and_wordings() -> None:
    labels = Labels(values={"v": {1.0: "no", 2.0: "yes", 9.0: "refused"}}, missing={"v": ((9.0, 9.0),)})
    guess = guess_column("v", pd.Series([1, 2, 9]), labels)
    assert (guess.codes, dict(guess.anchors), guess.missing) == ((1, 2), {1: "no", 2: "yes"}, (9.0,))
    partly = guess_column("w", pd.Series([2, 3, 5]), Labels(values={"w": {1.0: "never", 7.0: "always"}}))
    assert partly.codes == (1, 2, 3, 5, 7)


def test_the_labels_of_an_spss_file_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "x.sav"
    frame = answers(v1=[1, 2, 5, 9], v2=[2, 3, 4, 5], area=[1, 1, 2, 3], age=[20, 31, 45, 99])
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"v1": "How content are you?", "v2": "您会再来吗？"},
        variable_value_labels={
            "v1": {1: "not at all", 5: "fully", 9: "refused"},
            "area": {1: "north", 2: "south", 3: "east"},
        },
        missing_ranges={"v1": [9], "age": [99]},
    )
    instrument = drafted(path)
    assert instrument.item("v1").wording == {"en": "How content are you?"}
    assert instrument.item("v2").wording == {"zh": "您会再来吗？"}
    assert instrument.scales[str(instrument.item("v1").scale)].anchors == {"en": {1: "not at all", 5: "fully"}}
    assert instrument.missing_codes("v1") == (9,)
    assert instrument.codes("area") == (1, 2, 3)
    asked = lv.Instrument.from_toml(instrument.to_toml().replace('name = "v1"', 'name = "SAT1"'))
    assert lv.read_survey(path, asked, match="question").answers["SAT1"].tolist()[:3] == [1, 2, 5]


def test_a_file_without_codes_cannot_be_drafted_and_says_why() -> None:
    with pytest.raises(EmptyDataError, match=r"no column that could be an item: column 'city' holds text"):
        lv.draft_instrument(answers(city=["Köln", "Bonn"]))
    with pytest.raises(MissingFileError):
        lv.draft_instrument("nowhere.csv")
