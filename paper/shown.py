"""How numbers are written: fixed digits, a true minus sign, no zero with a sign."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def fixed(value: float, digits: int) -> str:
    """A number with so many digits after the point; a dash for what is no number."""
    if not math.isfinite(value):
        return DASH
    text = f"{value:.{digits}f}"
    return (text if float(text) else text.lstrip("-")).replace("-", MINUS)


def bounded(value: float, digits: int = 2) -> str:
    """A number that cannot exceed one (a correlation, an index): without its leading zero.

    Examples
    --------
    >>> bounded(0.931), bounded(-0.2), bounded(1.0)
    ('.93', '−.20', '1.00')
    """
    text = fixed(value, digits)
    return text.replace("0.", ".", 1) if abs(float(f"{value:.{digits}f}")) < 1 else text


def probability(value: float) -> str:
    """A p value with its relation, to three digits."""
    return "< .001" if value < 0.0005 else f"= {bounded(value, 3)}"


def power(value: float) -> str:
    """One significant digit and a power of ten; a dash for what is no number.

    Examples
    --------
    >>> power(2.8e-5).split(NARROW), power(0.0)
    (['3', '·', '10⁻⁵'], '0')
    """
    if not math.isfinite(value):
        return DASH
    if value == 0:
        return "0"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}{NARROW}·{NARROW}10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def counted(number: int) -> str:
    """A count within a sentence."""
    return str(number) if number else "none"
