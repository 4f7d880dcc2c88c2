"""The texts of a report in each language; the languages have the same keys and the same gaps to fill."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from lvmodels.errors import OptionValueError, nearest
from lvmodels.report.wording_en import ENGLISH
from lvmodels.report.wording_zh import CHINESE

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_CATALOGUE: Mapping[str, Mapping[str, str]] = {"en": MappingProxyType(ENGLISH), "zh": MappingProxyType(CHINESE)}


def wording(language: str) -> Mapping[str, str]:
    """The texts of a language by key.

    Raises
    ------
    OptionValueError
        When there are no texts in that language.

    Examples
    --------
    >>> wording("en")["column.outcome"], wording("zh")["column.outcome"]
    ('Outcome', '结果变量')
    """
    if language not in _CATALOGUE:
        hint = nearest(language, LANGUAGES) or "Use 'en' (English) or 'zh' (Chinese)."
        raise OptionValueError(f"language={language!r} is not available. {hint}")
    return _CATALOGUE[language]
