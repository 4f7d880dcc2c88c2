"""A distribution as a chart of the height of a line of text."""

from __future__ import annotations

__all__ = ["sparkline"]

_HEIGHT, _WIDTH, _WIDEST = 18.0, 66.0, 9.0
_LEAST = 1.0
"""Height of the line that marks a value nobody chose, in points."""


def sparkline(counts: str) -> str:
    """Counts as SVG bars, the highest as high as the chart.

    Parameters
    ----------
    counts : str
        Whole numbers with spaces between; nothing is drawn of anything else.

    Returns
    -------
    str
        SVG with the counts as its label, for those who cannot see it.

    Examples
    --------
    >>> sparkline("1 0 2").count("<rect")
    3
    >>> sparkline("often")
    ''
    """
    numbers = [int(count) for count in counts.split() if count.isascii() and count.isdigit()]
    if not numbers or len(numbers) != len(counts.split()):
        return ""
    step = min(_WIDTH / len(numbers), _WIDEST)
    highest = max(*numbers, 1)
    bars = []
    for k, number in enumerate(numbers):
        height = max(_HEIGHT * number / highest, _LEAST)
        place = f'x="{k * step:.2f}" y="{_HEIGHT - height:.2f}"'
        faint = "" if number else ' opacity=".4"'
        bars.append(f'<rect {place} width="{0.8 * step:.2f}" height="{height:.2f}"{faint}/>')
    width = f"{step * len(numbers):.2f}"
    label = ", ".join(map(str, numbers))
    head = (
        f'<svg role="img" aria-label="{label}" width="{width}" height="{_HEIGHT:g}" viewBox="0 0 {width} {_HEIGHT:g}">'
    )
    return f"{head}<title>{label}</title>{''.join(bars)}</svg>"
