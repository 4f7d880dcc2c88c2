"""The quick way through a large text gives what the careful one gives, or leaves the text to it."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import LvmodelsError
from lvmodels.survey import files
from lvmodels.survey.files import read_survey
from lvmodels.survey.large_text import LARGE, read_regular
from lvmodels.survey.numbers import as_numbers

INSTRUMENT = lv.Instrument.from_toml(
    """
    schema = 1
    name = "small"
    title = { en = "Small" }
    [scales.five]
    points = 5
    [[items]]
    name = "Q1"
    scale = "five"
    missing = [9]
    wording = { en = "One" }
    [[items]]
    name = "Q2"
    min = 0
    max = 4
    wording = { en = "Two" }
    """
)
KINDS = {
    "codes": ["1", "2", "3", "4", "5"],
    "codes with faults": ["1", "2", "5", "6", "9", "2.5", "often", ""],
    "numbers": ["1", "1.0", "1.5", " 2", "-3", "1e3", "NA", "", "７", "inf"],
    "keys": ["007", "1234567890123456", "12", "0"],
    "commas": ["1,5", "2", "3,25"],
    "texts": ["Köln", "上海", 'say "a"', "two\nlines", "a;b", "NA", "", " x "],
    "blanks": ["", "NA", "."],
}


def outcome(path: Path, instrument: lv.Instrument | None, large: int) -> object:
    """The survey, or the error in words; texts of at least `large` characters go the quick way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LARGE", large)
        try:
            return read_survey(path, instrument)
        except LvmodelsError as error:
            return type(error), str(error)


def same(path: Path) -> None:
    for instrument in (None, INSTRUMENT):
        quick, careful = (outcome(path, instrument, large) for large in (0, 10**12))
        if not isinstance(careful, lv.Survey):
            assert quick == careful
            continue
        assert isinstance(quick, lv.Survey)
        assert quick.log == careful.log
        pd.testing.assert_frame_equal(quick.answers, careful.answers)
        pd.testing.assert_frame_equal(quick.respondents, careful.respondents)


def table(chance: random.Random) -> str:
    """A table that is regular most of the time."""
    columns = {
        name: KINDS[chance.choice(list(KINDS))] for name in chance.sample(["Q1", "q2", "Q3", "城市", " x", ""], 4)
    }
    separator, end = chance.choice([",", ";", "\t"]), chance.choice(["\n", "\r\n", "\r"])
    rows = [list(columns), *([chance.choice(kind) for kind in columns.values()] for _ in range(chance.choice([1, 30])))]
    if chance.random() < 0.2:
        chance.choice(rows).append(chance.choice(["", "x"]))
    if chance.random() < 0.1:
        rows.insert(chance.randrange(len(rows)), [""] * 4)
    quoted = [
        [f'"{cell.replace(chr(34), chr(34) * 2)}"' if {*'"\n,;\t'} & {*cell} else cell for cell in row] for row in rows
    ]
    text = end.join(separator.join(row) for row in quoted) + chance.choice(["", end, end + end])
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(['"', "\n", separator]) + text[place:] if chance.random() < 0.1 else text


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_both_ways_give_the_same(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_both_ways_give_the_same_two_thousand_times(seed: int) -> None:
    compare(seed)


def compare(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(table(random.Random(seed)).encode())
        same(path)


def test_a_large_file_goes_the_quick_way_in_several_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"Q1": rng.integers(1, 6, 45_000), "Q2": rng.integers(0, 5, 45_000), "key": np.arange(45_000)})
    frame["text"] = [f"line one of {row}\nline two, to the end" for row in range(45_000)]
    frame.to_csv(tmp_path / "answers.csv", index=False)
    assert (tmp_path / "answers.csv").stat().st_size > LARGE
    monkeypatch.setattr(files, "columns_below_header", None)
    pd.testing.assert_frame_equal(read_survey(tmp_path / "answers.csv").answers, frame)
    survey = read_survey(tmp_path / "answers.csv", INSTRUMENT)
    pd.testing.assert_frame_equal(survey.answers, frame[["Q1", "Q2"]].astype(float))
    pd.testing.assert_frame_equal(survey.respondents, frame[["key", "text"]])


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n", "1,2\n3,4\n", "a,b\n1\n", "a,b\n1,2,3\n", "a,a\n1,2\n", "a,\n1,2\n", "a,b\n,\n", "a,b\n\n1,2\n",
     'a,b\n1,"2\n', 'a,b\n1,"2"x\n', "sep=,\na,b\n1,2\n"],
)  # fmt: skip
def test_what_is_irregular_is_left_to_the_careful_way(text: str) -> None:
    assert read_regular(text) is None


def test_categories_are_read_as_their_cells_are() -> None:
    cells = pd.Series(["2", "often", None, "1", "often", "NA"])
    plain, unread = as_numbers(cells)
    numbers, wrong = as_numbers(cells.astype(pd.CategoricalDtype(["never", "1", "2", "NA", "often"])))
    np.testing.assert_array_equal(numbers, plain)
    assert {text: positions.tolist() for text, positions in wrong.items()} == {"often": [1, 4]}
    assert list(unread) == ["often"]


@pytest.mark.slow
def test_a_million_answers_to_sixty_questions(tmp_path: Path) -> None:
    codes = np.random.default_rng(1).integers(1, 6, (1_000_000, 60))
    lines = (",".join(row) for row in codes.astype("U1").tolist())
    (tmp_path / "a.csv").write_text(",".join(f"Q{k}" for k in range(60)) + "\n" + "\n".join(lines), encoding="utf-8")
    answers = read_survey(tmp_path / "a.csv").answers
    assert (answers.dtypes == np.int64).all()
    np.testing.assert_array_equal(answers.to_numpy(), codes)
