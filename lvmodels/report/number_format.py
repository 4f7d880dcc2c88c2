"""Numbers as journals print them: three decimals, p as < .001, a true minus sign."""

from __future__ import annotations

import math

from lvmodels.report.records import Cell, Format

NONE = "–"
"""Stands where there is no number."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOISE = 1e-12


def shown(value: Cell, format: Format = "text") -> str:  # noqa: A002
    """A cell as a reader sees it.

    Examples
    --------
    >>> shown(-0.1259, "estimate"), shown(0.9254, "index"), shown(0.00001, "p"), shown(None, "estimate")
    ('−0.126', '.925', '< .001', '–')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NONE
    if isinstance(value, str):
        return value
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if format == "p":
        return p_shown(float(value))
    if format in ("integer", "text", "prose", "code"):
        return with_minus(f"{value:.0f}") if value == round(value) else decimal(float(value))
    if format == "percent":
        return percent(float(value))
    if format == "ratio":
        return _fixed(float(value), 2)
    return decimal(float(value), leading_zero=format != "index")


def decimal(value: float, decimals: int = 3, leading_zero: bool = True) -> str:
    """A number with fixed decimals; a power of ten where these would hide it or be too many.

    Examples
    --------
    >>> decimal(1.0483), decimal(0.0000421), decimal(123456789.0), decimal(-1e-17)
    ('1.048', '4.2 × 10⁻⁵', '1.23 × 10⁸', '0.000')
    """
    size = abs(value)
    if size >= 1e6:
        return _power_of_ten(value, 2)
    if leading_zero and _NOISE < size < 0.5 * 10.0**-decimals:
        return _power_of_ten(value, 1)
    text = _fixed(value, decimals)
    return text if leading_zero or size >= 1 else text.replace("0.", ".", 1)


def p_shown(p: float) -> str:
    """A p value without its letter.

    Examples
    --------
    >>> p_shown(0.0004), p_shown(0.0123), p_shown(0.99999)
    ('< .001', '.012', '> .999')
    """
    if p < 0.001:
        return "< .001"
    return "> .999" if p > 0.9995 else decimal(p, leading_zero=False)


def p_equation(p: float) -> str:
    """A p value as running text has it.

    Examples
    --------
    >>> p_equation(0.0004), p_equation(0.0123)
    ('p < .001', 'p = .012')
    """
    text = p_shown(p)
    return f"p {text}" if text[0] in "<>" else f"p = {text}"


def percent(share: float) -> str:
    """A share in percent, with a decimal below ten.

    Examples
    --------
    >>> percent(0.6376), percent(0.012), percent(0.0), percent(1.0)
    ('64%', '1.2%', '0%', '100%')
    """
    value = 100.0 * share
    return with_minus(f"{value:.1f}%" if 0 < abs(value) < 9.95 else f"{value:.0f}%")


def with_minus(text: str) -> str:
    """The text with true minus signs instead of hyphens."""
    return text.replace("-", "−")


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return with_minus(text.lstrip("-") if float(text) == 0 else text)


def _power_of_ten(value: float, decimals: int) -> str:
    digits, exponent = f"{value:.{decimals}e}".split("e")
    return with_minus(digits) + " × 10" + str(int(exponent)).translate(_SUPERSCRIPT)
