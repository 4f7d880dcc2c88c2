"""Whatever is done to a file, reading it gives a survey or an error of ours, and never takes the memory."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import LvmodelsError
from lvmodels.survey.answers import Survey
from lvmodels.survey.files import read_survey

FRAME = pd.DataFrame(
    {
        "Q1": np.arange(40) % 5 + 1,
        "Q2": [None if row % 7 == 3 else row / 4 for row in range(40)],
        "Q3": np.where(np.arange(40) % 9 == 0, 99, np.arange(40) % 3),
        "city": ["Köln", "上海", 'say "a, b"', "", "two\nlines"] * 8,
        "day": pd.date_range("2026-05-01 08:30", periods=40, freq="7h"),
    }
)
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
    wording = { en = "One" }
    [[items]]
    name = "Q3"
    missing = [99]
    min = 0
    max = 4
    wording = { en = "Three" }
    """
)
PIECES = [
    b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b" ", b"\x1a",
    "满".encode("gbk"), "é".encode("latin-1"), b"1e999", b"-", b"NaN", b"9" * 40, b"<row>", b"</c>", b'"a":',
    b"[", b"]", b"{", b"}",
]  # fmt: skip


def made(suffix: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        write(path)
        return path.read_bytes()


def _sav(path: Path, **options: object) -> None:
    pyreadstat.write_sav(
        FRAME,
        path,
        variable_value_labels={"Q1": {1: "no", 5: "yes"}},
        missing_ranges={"Q3": [{"lo": 90, "hi": 99}]},
        **options,
    )


LATIN = FRAME.assign(city="a")
DATED = FRAME.assign(day=FRAME["day"].dt.strftime("%Y-%m-%dT%H:%M:%S"))  # pandas means to change how it writes dates
FILES = {
    "csv": FRAME.to_csv(index=False).encode(),
    "semicolons": FRAME.to_csv(index=False, sep=";", decimal=",").encode("gb18030"),
    "tabs": FRAME.to_csv(index=False, sep="\t").encode("utf-16"),
    "latin": FRAME.assign(city="é").to_csv(index=False, quoting=1).encode("latin-1"),
    "jsonl": DATED.to_json(orient="records", lines=True).encode(),
    "json": json.dumps({"answers": json.loads(DATED.to_json(orient="records"))}, indent=1).encode(),
    "xlsx": made(".xlsx", lambda path: FRAME.to_excel(path, index=False)),
    "sav": made(".sav", _sav),
    "zsav": made(".zsav", lambda path: _sav(path, compress=True)),
    "por": made(".por", lambda path: pyreadstat.write_por(LATIN, path)),
    "dta": made(".dta", lambda path: pyreadstat.write_dta(FRAME, path)),
    "old dta": made(".dta", lambda path: pyreadstat.write_dta(LATIN, path, version=12)),
    "xpt": made(".xpt", lambda path: pyreadstat.write_xport(LATIN, path)),
    "old xpt": made(".xpt", lambda path: pyreadstat.write_xport(LATIN, path, file_format_version=5)),
}


def mutate(content: bytes, chance: random.Random) -> bytes:
    """A few changes of the kinds that disks, mail programs and editors make."""
    for _ in range(chance.choice([1, 1, 2, 5])):
        start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        end = min(end, start + chance.choice([1, 8, 200, 10**6]))
        piece = chance.choice(PIECES)
        content = chance.choice(
            [
                content[:start],  # cut short
                content[start:],
                content[:start] + piece + content[start:],
                content[:start] + piece * 50 + content[end:],
                content[:start] + content[end:],
                content[:end] + content[start:],  # a stretch twice
                content[:start] + bytes(chance.randrange(256) for _ in range(4)) + content[start + 4 :],
                content[:start] + bytes(end - start) + content[end:],
                content.replace(piece[:1], b""),
                content.replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\n"])),
            ]
        )
    return content


def mutate_inside(content: bytes, chance: random.Random) -> bytes:
    """The same inside a part of a zip archive, which is then packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == chosen:
                part = mutate_tags(part, chance) if chance.random() < 0.7 else mutate(part, chance)
            new.writestr(name, part)
    return out.getvalue()


def mutate_tags(part: bytes, chance: random.Random) -> bytes:
    """Tags dropped, doubled, and moved, and attributes changed: XML that is still well formed more often than not."""
    pieces = part.split(b"<")
    for _ in range(chance.choice([1, 3])):
        first, second = (chance.randrange(len(pieces)) for _ in range(2))
        change = chance.randrange(4)
        if change == 0:
            pieces[first] = pieces[second]
        elif change == 1:
            del pieces[first]
        else:
            letters = bytearray(pieces[first])
            for place, letter in enumerate(letters):
                if 48 <= letter < 58 and chance.random() < 0.5:
                    letters[place] = chance.randrange(48, 58)
            pieces[first] = bytes(letters)
    return b"<".join(pieces)


def read(content: bytes) -> None:
    """Fails unless reading gives a survey or an error of ours, with an instrument and without."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(content)
        for instrument in (None, INSTRUMENT):
            try:
                survey = read_survey(path, instrument)
            except LvmodelsError:
                continue
            assert isinstance(survey, Survey)
            assert survey.log


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_file_gives_a_survey_or_an_error_of_ours(kind: str, seed: int) -> None:
    check(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=1_000, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_thousand_mutated_files_of_each_kind(kind: str, seed: int) -> None:
    check(kind, seed)


def check(kind: str, seed: int) -> None:
    chance = random.Random(seed)
    inside = kind == "xlsx" and chance.random() < 0.8
    read((mutate_inside if inside else mutate)(FILES[kind], chance))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_columns_does_not_matter(seed: int) -> None:
    """Columns shuffled, texts re-encoded: the same answers, by name."""
    chance = random.Random(seed)
    names = chance.sample(list(FRAME), len(FRAME.columns))
    text = FRAME[names].to_csv(index=False, sep=chance.choice([",", ";", "\t", "|"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers"
        path.write_bytes(text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])))
        survey = read_survey(path, INSTRUMENT)
    assert survey.answers["Q1"].tolist() == FRAME["Q1"].tolist()
    assert survey.answers["Q3"].isna().sum() == 5
    assert survey.respondents["city"].fillna("").tolist() == FRAME["city"].tolist()


# ---- files that could take the memory, each read in a process of its own --------------------------------------------

HARD = {
    "100,000 columns": 'b",".join(b"Q%d" % k for k in range(100_000)) + b"\\n" + b",".join([b"7"] * 100_000) + b"\\n"',
    "a column 100,000 times": 'b",".join([b"a"] * 100_000) + b"\\n" + b",".join([b"7"] * 100_000) + b"\\n"',
    "commas alone": 'b"," * 10_000_000',
    "quotation marks alone": "b'\"' * 20_000_000",
    "a huge cell": 'b"Q1,Q2\\n1," + b"x" * 50_000_000',
    "a huge number": 'b"Q1,Q2\\n" + b"1" * 130_000 + b",2\\n"',
    "brackets alone": 'b"[" * 20_000_000',
    "empty records": 'b"[" + b"{}," * 3_000_000 + b"{}]"',
    "zeros behind the start of a Stata file": 'b"<stata_dta>" + bytes(50_000_000)',
    "a zip bomb": 'workbook(b"</sheetData>", b" " * (240 << 20) + b"</sheetData>")',
    "a zip bomb of rows": 'workbook(b"</sheetData>", b"<row/>" * 20_000_000 + b"</sheetData>")',
    "a zip bomb of cells": 'workbook(b"</sheetData>", (b"<row>" + b"<c/>" * 9_000 + b"</row>") * 2_000)',
    "a workbook declared too large": "workbook(b'ref=\"A1:B2\"', b'ref=\"A1:XFD1048576\"')",
    "cells far to the right": """workbook(b"</sheetData>", b"".join(
        b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (k, k) for k in range(3, 50_000)) + b"</sheetData>")""",
}
PROGRAM = """
import io, resource, sys, zipfile
import openpyxl
from lvmodels.errors import LvmodelsError
from lvmodels.survey.files import read_survey

def workbook(old, new):
    book, made, out = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append([1, 2]), book.active.append(["a", "b"])
    book.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            part = parts.read(name)
            packed.writestr(name, part.replace(old, new) if "sheet1" in name else part)
    return out.getvalue()

def peak():
    try:  # what getrusage tells includes the peak of the process that began this one
        status = open("/proc/self/status").read()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024

if sys.argv[1] == "write":
    open(sys.argv[2], "wb").write(eval(sys.stdin.read()))
else:
    try:
        print(read_survey(sys.argv[2]))
    except LvmodelsError as error:
        print(type(error).__name__)
    print(peak())
"""


@pytest.mark.slow
@pytest.mark.parametrize("content", HARD.values(), ids=HARD.keys())
def test_reading_takes_less_than_a_gibibyte(tmp_path: Path, content: str) -> None:
    for task in ("write", "read"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, task, str(tmp_path / "file.xlsx")],
            input=content, capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
    *said, peak = done.stdout.split()
    assert said
    assert int(peak) < 1024
