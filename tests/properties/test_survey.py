"""Whatever is written is read back, and whatever is broken is a survey or a named error."""

from __future__ import annotations

import dataclasses
import string
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lvmodels.errors import LvmodelsError
from lvmodels.survey.files import Survey, read_frame, read_survey
from lvmodels.survey.instrument import Instrument
from lvmodels.survey.numbers import is_blank, parse_number

INSTRUMENT = Instrument.from_toml(
    'schema = 1\nname = "p"\ntitle = { en = "p" }\nmissing = [-99]\n[scales.s]\npoints = 10\n'
    + "".join(f'[[items]]\nname = "q{k}"\nscale = "s"\nwording = {{ en = "{k}" }}\n' for k in range(4))
)
PLAIN = string.ascii_letters + " ,;|'\"\n."
CHINESE = "满意度价值忠诚质量服务很好的客户手机品牌"
WESTERN = "äöüßéèêàçñåø"
ENCODINGS = {
    "utf-8": PLAIN + CHINESE + WESTERN + "\t😀",
    "utf-8-sig": PLAIN + CHINESE + WESTERN + "\t😀",
    "utf-16": PLAIN + CHINESE + WESTERN + "\t😀",
    "gbk": PLAIN + CHINESE,
    "gb18030": PLAIN + CHINESE,
    "cp1252": PLAIN + WESTERN,
    "latin-1": PLAIN + WESTERN,
}
WORD = {"gbk": "满意度", "gb18030": "满意度", "cp1252": "Größe über", "latin-1": "Größe über"}


def is_text(cell: str) -> bool:
    """Whether a cell stays a text of a text column: neither blank nor a number, nor with spaces that are trimmed."""
    return not is_blank(cell) and parse_number(cell, decimal_comma=True) is None


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, pd.DataFrame]:
    """An encoding and a frame that can be written in it."""
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    rows = draw(st.integers(1, 12))
    texts = st.text(ENCODINGS[encoding], min_size=1, max_size=12).filter(is_text)
    extra = draw(st.lists(texts.map(str.strip), max_size=3, unique=True))
    frame = pd.DataFrame(
        {
            # Some bytes are valid in several encodings: one word makes sure that there is something to go by.
            WORD.get(encoding, "word"): draw(st.lists(texts, min_size=rows, max_size=rows)),
            "whole": draw(st.lists(st.integers(-(10**9), 10**9), min_size=rows, max_size=rows)),
            "real": draw(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=rows, max_size=rows)),
        }
    )
    frame["real"] = frame["real"].astype(float) + 0.5
    for name in extra:
        if name not in frame.columns:
            frame[name] = draw(st.lists(texts, min_size=rows, max_size=rows))
    return encoding, frame


@given(
    table=tables(),
    layout=st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ".")]),
    line=st.sampled_from(["\n", "\r\n"]),
)
def test_a_written_frame_is_read_back(table: tuple[str, pd.DataFrame], layout: tuple[str, str], line: str) -> None:
    encoding, frame = table
    delimiter, decimal = layout
    text = frame.to_csv(index=False, sep=delimiter, decimal=decimal, lineterminator=line)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(text.encode(encoding))
        read = read_frame(path)
    expected = frame.copy()
    if np.isfinite(frame["real"]).all() and (frame["real"] % 1 == 0).all():
        expected["real"] = expected["real"].astype(np.int64)
    pd.testing.assert_frame_equal(read, expected, check_exact=True)


CODES = st.integers(1, 10) | st.just(-99) | st.none()


@given(st.lists(st.tuples(CODES, CODES, CODES, CODES), min_size=1, max_size=20), st.permutations(range(4)))
def test_codes_survive_in_any_order_of_columns(rows: list[tuple[int | None, ...]], order: list[int]) -> None:
    frame = pd.DataFrame(rows, columns=[f"q{k}" for k in range(4)], dtype=object)
    survey = read_survey(frame[[f"q{k}" for k in order]], INSTRUMENT)
    expected = frame.replace(-99, None).astype(float)
    pd.testing.assert_frame_equal(survey.answers, expected)
    recoded = int((frame == -99).to_numpy().sum())
    assert any(f"In all, {recoded} missing code" in line for line in survey.log) == (recoded > 0)


WHOLE = 'q0,q1,q2,q3,note\n1,2,3,4,"a ""b"", c"\n10,-99,,1,很好\n5,6,7,8,"two\nlines"\n'.encode()
JUNK = st.sampled_from([b'"', b",", b";", b"\n", b"\xff", b"\x00", b"11", b"x", b"\xe6", b"\r", b"q0", b"\t"])


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A good file, cut short and with junk put in."""
    data = WHOLE
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(JUNK) + data[place + draw(st.integers(0, 3)) :]
    return data[: draw(st.integers(0, len(data)) | st.just(len(data)))]


def outcome(read: Callable[[], Survey | Instrument]) -> Survey | Instrument | str:
    """What reading gives, or the message of its named error; any other exception passes through."""
    try:
        return read()
    except LvmodelsError as error:
        return str(error)


def read_bytes(data: bytes, instrument: Instrument | None) -> Survey | Instrument | str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(data)
        return outcome(lambda: read_survey(path, instrument))


@given(data=broken(), instrument=st.sampled_from([None, INSTRUMENT]))
def test_broken_files_give_a_survey_or_a_named_error(data: bytes, instrument: Instrument | None) -> None:
    result = read_bytes(data, instrument)
    if isinstance(result, Survey):
        assert len(result.answers) == len(result.respondents) > 0
    else:
        assert "answers.csv" in result


@given(st.binary(max_size=200))
def test_any_bytes_give_a_survey_or_a_named_error(data: bytes) -> None:
    result = read_bytes(data, None)
    assert isinstance(result, Survey) or "answers.csv" in result


@given(st.text(max_size=200) | st.sampled_from(INSTRUMENT.to_toml().splitlines()).map(lambda line: line[1:] + "\n"))
def test_any_text_gives_an_instrument_or_a_named_error(text: str) -> None:
    for whole in (text, INSTRUMENT.to_toml() + text, INSTRUMENT.to_toml().replace("points", text or "x", 1)):
        result = outcome(lambda whole=whole: Instrument.from_toml(whole))
        assert isinstance(result, Instrument) or "<text>" in result


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)


@given(st.lists(WORDS, min_size=1, max_size=4), st.dictionaries(st.sampled_from(["en", "zh"]), WORDS, min_size=1))
def test_any_words_survive_writing_an_instrument(wordings: list[str], title: dict[str, str]) -> None:
    names = [f"q{k}" for k in range(len(wordings))]
    entries = [f'[[items]]\nname = "{name}"\nwording = {{ en = "w" }}\n' for name in names]
    plain = Instrument.from_toml('schema = 1\nname = "x"\ntitle = { en = "t" }\n' + "".join(entries))
    items = tuple(
        dataclasses.replace(item, wording={"en": words}) for item, words in zip(plain.items, wordings, strict=True)
    )
    instrument = dataclasses.replace(plain, items=items, title=title)
    assert Instrument.from_toml(instrument.to_toml()) == instrument
