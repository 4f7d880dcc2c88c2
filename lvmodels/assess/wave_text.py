"""Model texts for the same items asked at several waves: what is equal over time, and what that identifies.

Constructs are scaled at the first wave (variance 1, mean 0). What becomes equal over the waves lets later waves have
their own variance (equal loadings) and mean (equal intercepts); the residuals of one item covary over the waves
(Widaman, Ferrer and Conger 2010). Ordinal items: equal thresholds let later waves have their own scale and intercept
(Liu, Millsap, West et al. 2017, in the order of Wu and Estabrook 2016).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

Waves = Mapping[str, Sequence[Sequence[str]]]


def wave_model(items: Waves, equal: Collection[str], thresholds: Mapping[str, int]) -> str:
    """The model text of one step.

    Parameters
    ----------
    items : dict of str to list of lists of str
        For each construct, wave by wave, the names of its items in one order.
    equal : collection of str
        "thresholds", "loadings", "intercepts", "residuals", "lv.variances", "means".
    thresholds : dict of str to int
        Of ordinal items, by the name of the item at any wave.
    """
    lines: list[str] = []
    for construct, waves in items.items():
        lines += _loadings(construct, waves, "loadings" in equal)
        for wave in range(1, len(waves) + 1):
            lines += _latent(construct, wave, equal)
        for k, name in enumerate(zip(*waves, strict=True), start=1):
            for wave, item in enumerate(name, start=1):
                label = f"{construct}.{{}}{k}"
                rows = _ordinal(item, wave, label, equal, thresholds[item]) if item in thresholds else None
                lines += rows if rows is not None else _continuous(item, label, equal)
            lines += [f"{a} ~~ {b}" for a, b in combinations(name, 2)]
    return "\n".join(lines) + "\n"


def latent_name(construct: str, wave: int) -> str:
    """The construct at a wave, from 1."""
    return f"{construct}_{wave}"


def _loadings(construct: str, waves: Sequence[Sequence[str]], equal: bool) -> list[str]:
    lines = []
    for wave, names in enumerate(waves, start=1):
        terms = [f"{construct}.l{k}*{item}" if equal else item for k, item in enumerate(names, start=1)]
        lines.append(f"{latent_name(construct, wave)} =~ NA*{names[0]} + {' + '.join(terms)}")
    return lines


def _latent(construct: str, wave: int, equal: Collection[str]) -> list[str]:
    name = latent_name(construct, wave)
    free_variance = wave > 1 and "loadings" in equal and "lv.variances" not in equal
    free_mean = wave > 1 and "intercepts" in equal and "means" not in equal
    return [f"{name} ~~ {'NA' if free_variance else '1'}*{name}", f"{name} ~ {'NA' if free_mean else '0'}*1"]


def _continuous(item: str, label: str, equal: Collection[str]) -> list[str]:
    intercept = f"{label.format('i')}*1" if "intercepts" in equal else "1"
    residual = f"{label.format('r')}*{item}" if "residuals" in equal else item
    return [f"{item} ~ {intercept}", f"{item} ~~ {residual}"]


def _ordinal(item: str, wave: int, label: str, equal: Collection[str], thresholds: int) -> list[str]:
    """With one threshold, scale and intercept cannot both be free: the scale waits until all else is equal."""
    tied = "thresholds" in equal
    steps = [f"{label.format('t')}.{t}*t{t}" if tied else f"t{t}" for t in range(1, thresholds + 1)]
    waits = thresholds < 2 and not {"loadings", "intercepts"} <= set(equal)
    scale = wave > 1 and tied and not waits and "residuals" not in equal
    intercept = wave > 1 and tied and "intercepts" not in equal
    return [
        f"{item} | {' + '.join(steps)}",
        f"{item} ~ {'NA' if intercept else '0'}*1",
        f"{item} ~~ {'NA' if scale else '1'}*{item}",
    ]
