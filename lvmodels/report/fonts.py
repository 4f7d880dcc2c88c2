"""Which font a figure uses, and how wide its text is.

Latin text is set in the first installed of Arial, Helvetica and Liberation Sans, otherwise in DejaVu Sans, which
matplotlib brings along. Chinese, Japanese and Korean text needs a font of the system.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterable

from lvmodels.errors import FontWarning

LATIN = ("Arial", "Helvetica", "Liberation Sans")
ALWAYS = "DejaVu Sans"
CJK = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "STHeiti",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Source Han Sans",
    "Microsoft JhengHei",
    "Arial Unicode MS",
    "SimSun",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Droid Sans Fallback",
)
_EMPTY_BOX = 1.15  # widest of what versions of matplotlib draw for a letter that no font has, in font sizes
_CJK_LETTER = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003134f]")
_CJK_FILE = re.compile(r"cjk|sourcehan|source-han|wqy|pingfang|hiragino|msyh|simhei|simsun|stheiti|notosanssc", re.I)


def has_cjk(text: str) -> bool:
    """Whether `text` holds a Chinese, Japanese or Korean letter.

    Examples
    --------
    >>> has_cjk("感知价值"), has_cjk("valeur perçue")
    (True, False)
    """
    return _CJK_LETTER.search(text) is not None


def font_families(texts: Iterable[str]) -> tuple[str, ...]:
    """Font families for `texts`, each taking the letters that those before it lack.

    Warns
    -----
    FontWarning
        When `texts` hold Chinese letters and no installed font has them; they will show as empty boxes.
    """
    installed = _installed()
    families = [name for name in LATIN if name in installed][:1]
    if any(has_cjk(text) for text in texts):
        found = _first_cjk(installed) or _first_cjk(_look_again())
        if found is None:
            warnings.warn(
                "the figure has Chinese, Japanese or Korean labels, but no font on this computer can show them. "
                "Install one (Debian, Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install "
                "google-noto-sans-cjk-fonts; else Noto Sans SC from fonts.google.com) and draw the figure again.",
                FontWarning,
                stacklevel=3,
            )
        else:
            families.append(found)
    return (*families, ALWAYS)


@functools.lru_cache(maxsize=20_000)
def text_width(text: str, size: float, families: tuple[str, ...] = (ALWAYS,)) -> float:
    """Width of one line of text in points.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in points.
    families : tuple of str
        As `font_families` returns them.

    Examples
    --------
    >>> text_width("wide", 12) > text_width("wide", 6)
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    boxes = 0
    if not any(name in CJK for name in families):  # shown as empty boxes; asking the font for their width would warn
        text, boxes = _CJK_LETTER.subn("", text)
    width = 0.0
    if text:
        width, _, _ = text_to_path.get_text_width_height_descent(
            text, FontProperties(family=list(families), size=size), ismath=False
        )
    return float(width) + boxes * _EMPTY_BOX * size


def _installed() -> set[str]:
    from matplotlib.font_manager import fontManager

    return {entry.name for entry in fontManager.ttflist}


def _first_cjk(installed: set[str]) -> str | None:
    return next((name for name in CJK if name in installed), None)


@functools.cache
def _look_again() -> set[str]:
    """matplotlib keeps a list of fonts on disk; one installed since it was written is added here."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    for path in sorted(findSystemFonts()):
        if _CJK_FILE.search(path):
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError, ValueError):
                continue
    return _installed()
