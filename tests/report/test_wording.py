"""The texts of the report: complete in every language, and all of them used."""

from __future__ import annotations

import functools
import re
import string
from pathlib import Path

import pytest

import lvmodels.report.wording as module
from lvmodels.errors import OptionValueError
from lvmodels.report.wording import LANGUAGES, wording
from lvmodels.report.wording_en import ENGLISH
from lvmodels.report.wording_zh import CHINESE

FOLDER = Path(module.__file__).parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.j2")]
    if not path.name.startswith("wording_")
)
KEY = re.compile(r"""(f?)["']([a-z]\w*(?:\.[\w{}.\[\]"']+)|yes|no|stop|list_and|list_comma)["']""")


def gaps(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@functools.cache
def asked_for() -> list[re.Pattern[str]]:
    """Patterns of the keys that the code looks up: an f-string's gap may be any word."""
    found = []
    for keyed in re.findall(r"words\[(.*?)\](?=[\s.,)\]:}]|$)", SOURCES, re.MULTILINE):
        for literal in re.findall(r"""["']([^"']+)["']""", keyed):
            pattern = re.escape(re.sub(r"\{.*?\}", "\0", literal)).replace("\0", r"\w+")
            found.append(re.compile(pattern.replace("\\\0", r"\w+")))
    # keys put into a name before they are looked up
    names = re.findall(r"""["']((?:says|finding|convergence|methods|part|kind)\.[\w]+)["']""", SOURCES)
    names += ["says.reach_good", "says.reach_acceptable", "says.reach_poor"]
    return [*found, *(re.compile(re.escape(name)) for name in names)]


def test_languages_have_the_same_keys() -> None:
    assert set(ENGLISH) == set(CHINESE)


@pytest.mark.parametrize("key", ENGLISH)
def test_texts_of_a_key_have_the_same_gaps(key: str) -> None:
    english, chinese = gaps(ENGLISH[key]), gaps(CHINESE[key])
    if key.startswith("convergence.good"):
        assert chinese <= english
    assert english == chinese


@pytest.mark.parametrize("key", ENGLISH)
def test_no_text_is_left_over(key: str) -> None:
    assert any(pattern.fullmatch(key) for pattern in asked_for())


def test_every_key_that_is_written_out_exists() -> None:
    written = re.findall(r"""words\[["']([\w.]+)["']\]""", SOURCES)
    assert len(written) > 100
    assert set(written) <= set(ENGLISH)


@pytest.mark.parametrize("key", [k for k in CHINESE if re.search(r"[\u4e00-\u9fff]", CHINESE[k])])
def test_chinese_sentences_have_chinese_punctuation(key: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", CHINESE[key])


def test_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OptionValueError, match=r"'fr' is not available.*'en'.*'zh'"):
        wording("fr")
    assert LANGUAGES == ("en", "zh")
