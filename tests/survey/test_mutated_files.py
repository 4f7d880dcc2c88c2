"""Whatever is done to a file, reading it gives a survey or an error of ours, and never takes the memory."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
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
    b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", "满".encode("gbk"),
    "é".encode("latin-1"), b"1e999", b"-", b"NaN", b"9" * 40, b"<row>", b"</c>", b'"a":', b"[", b"]", b"{", b"}", b"\x1a", b" ",
]  # fmt: skip


def made(suffix: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        write(path)
        return path.read_bytes()


def _sav(path: Path, **options: object) -> None:
    pyreadstat.write_sav(
        FRAME, path, variable_value_labels={"Q1": {1: "no", 5: "yes"}}, missing_ranges={"Q3": [{"lo": 90, "hi": 99}]}, **options
    )


LATIN = FRAME.assign(city="a")
FILES = {
    "csv": FRAME.to_csv(index=False).encode(),
    "semicolons": FRAME.to_csv(index=False, sep=";", decimal=",").encode("gb18030"),
    "tabs": FRAME.to_csv(index=False, sep="\t").encode("utf-16"),
    "latin": FRAME.assign(city="é").to_csv(index=False, quoting=1).encode("latin-1"),
    "jsonl": FRAME.to_json(orient="records", lines=True).encode(),
    "json": json.dumps({"answers": json.loads(FRAME.to_json(orient="records"))}, indent=1).encode(),
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
            except LvmodelsError as error:
                assert str(error)
            else:
                assert isinstance(survey, Survey)
                assert survey.log


def check(kind: str, seed: int) -> None:
    chance = random.Random(seed)
    inside = kind == "xlsx" and chance.random() < 0.8
    read((mutate_inside if inside else mutate)(FILES[kind], chance))
