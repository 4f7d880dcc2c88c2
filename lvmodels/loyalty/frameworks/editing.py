"""Frameworks trimmed, joined and renamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lvmodels.errors import FrameworkError, nearest
from lvmodels.loyalty.frameworks.record import Blocks, Framework, Hypothesis, refuse
from lvmodels.survey.instrument import Construct, Instrument, Item


def without(framework: Framework, constructs: Sequence[str]) -> Framework:
    """The framework without some constructs; parts of a construct of higher order go with it.

    Raises
    ------
    FrameworkError
    """
    for name in constructs:
        if name not in framework.constructs:
            hint = nearest(name, framework.constructs) or f"It has: {', '.join(framework.constructs)}."
            raise refuse(framework, f"it has no construct '{name}' to leave out. {hint}")
    wholes = {**framework.second_order, **framework.composites}
    gone = {*constructs, *(part for name in constructs for part in wholes.get(name, ()))}
    blocks = _left(framework.blocks, gone)
    second, composites = _parts(framework.second_order, gone), _parts(framework.composites, gone)
    for name, parts in {**framework.second_order, **framework.composites}.items():
        if name not in gone and not (set(parts) - gone):
            raise refuse(framework, f"without {', '.join(constructs)} nothing measures '{name}'; leave it out, too.")
    paths = tuple(h for h in framework.hypotheses if h.outcome not in gone and not gone & set(h.factors))
    if not paths:
        raise refuse(framework, f"without {', '.join(constructs)} no path is left; keep some of them.")
    trimmed = replace(framework, blocks=blocks, second_order=second, composites=composites, hypotheses=paths)
    return replace(
        trimmed, instrument=_instrument(trimmed, framework.instrument.constructs, framework.instrument.items)
    )


def joined(first: Framework, second: Framework, name: str = "") -> Framework:
    """Both frameworks in one; the hypotheses are numbered anew.

    Raises
    ------
    FrameworkError
    """
    for kind in ("blocks", "second_order", "composites"):
        mine, theirs = getattr(first, kind), getattr(second, kind)
        different = [each for each in mine if each in theirs and mine[each] != theirs[each]]
        if different:
            raise FrameworkError(
                f"'{first.name}' and '{second.name}' measure {', '.join(different)} by different items; rename one of "
                "the two, or give both the same items, with renamed()."
            )
    asked = {item.name: item for item in second.instrument.items}
    clash = [i.name for i in first.instrument.items if i.name in asked and asked[i.name].wording != i.wording]
    if clash:
        raise FrameworkError(
            f"{', '.join(clash)} asks one thing in '{first.name}', another in '{second.name}'; rename."
        )
    paths = {h.path: h for h in (*second.hypotheses, *first.hypotheses)}
    order = dict.fromkeys(h.path for h in (*first.hypotheses, *second.hypotheses))
    both = replace(
        first,
        name=name or f"{first.name}_{second.name}",
        title={key: f"{words} + {second.title.get(key, second.title['en'])}" for key, words in first.title.items()},
        source="; ".join(dict.fromkeys((first.source, second.source))),
        blocks={**first.blocks, **second.blocks},
        second_order={**first.second_order, **second.second_order},
        composites={**first.composites, **second.composites},
        hypotheses=tuple(replace(paths[path], name=f"H{k}") for k, path in enumerate(order, start=1)),
        dataset="",
        asked_if={**first.asked_if, **second.asked_if},
    )
    constructs = (*first.instrument.constructs, *second.instrument.constructs)
    items = (*first.instrument.items, *second.instrument.items)
    scales = {**second.instrument.scales, **first.instrument.scales}
    return replace(both, instrument=_instrument(both, constructs, items, scales))


def renamed(framework: Framework, mapping: Mapping[str, Any]) -> Framework:
    """The framework with other names, or other items, as the mapping says.

    Raises
    ------
    FrameworkError
    """
    known = [*framework.constructs, *(item for items in framework.blocks.values() for item in items)]
    for name in mapping:
        if name not in known:
            hint = nearest(name, known) or f"Its constructs are: {', '.join(framework.constructs)}."
            raise refuse(framework, f"it has no item or construct '{name}' to rename. {hint}")
    names = {old: new for old, new in mapping.items() if isinstance(new, str)}
    measured = {old: tuple(map(str, new)) for old, new in mapping.items() if not isinstance(new, str)}
    changed = _with_items(framework, measured)
    result = replace(
        changed,
        blocks=_renamed(changed.blocks, names),
        second_order=_renamed(changed.second_order, names),
        composites=_renamed(changed.composites, names),
        hypotheses=tuple(_renamed_path(h, names) for h in changed.hypotheses),
        dataset="",
        asked_if={
            names.get(item, item): (names.get(rule[0], rule[0]), *rule[1:]) for item, rule in changed.asked_if.items()
        },
    )
    twice = [name for name, count in Counter(_all_names(result)).items() if count > 1]
    if twice:
        raise refuse(framework, f"after renaming, {', '.join(twice)} would stand twice; give each its own name.")
    constructs = [replace(c, name=names.get(c.name, c.name)) for c in changed.instrument.constructs]
    items = [
        replace(i, name=names.get(i.name, i.name), construct=names.get(i.construct or "", i.construct))
        for i in changed.instrument.items
    ]
    return replace(result, instrument=_instrument(result, constructs, items))


def _with_items(framework: Framework, measured: Blocks) -> Framework:
    """Constructs measured by other items; one of higher order then has items instead of parts."""
    gone = {part for name in measured for part in framework.second_order.get(name, ())}
    gone |= {part for name in measured for part in framework.composites.get(name, ())}
    blocks = {**_left(framework.blocks, gone), **measured}
    known = {item.name: item for item in framework.instrument.items}
    labels = {construct.name: construct for construct in framework.instrument.constructs}
    for name, items in measured.items():
        labels.setdefault(name, Construct(name=name, label={"en": framework.label(name)}))
        fresh = [Item(name=item, construct=name, wording={"en": item}) for item in items]
        known |= {
            item.name: replace(known[item.name], construct=name) if item.name in known else item for item in fresh
        }
    changed = replace(
        framework,
        blocks=blocks,
        second_order=_left(framework.second_order, set(measured)),
        composites=_left(framework.composites, set(measured)),
    )
    return replace(changed, instrument=_instrument(changed, labels.values(), known.values()))


def _instrument(
    framework: Framework, constructs: Iterable[Construct], items: Iterable[Item], scales: Any = None
) -> Instrument:
    """The questions about what is left of a framework, and the background."""
    used = {item for block in framework.blocks.values() for item in block}
    kept = {i.name: i for i in items if i.name in used or i.construct is None or i.name in framework.asked_if}
    named = {c.name: c for c in constructs if c.name in framework.blocks}
    return replace(
        framework.instrument,
        scales=framework.instrument.scales if scales is None else scales,
        constructs=tuple(named.values()),
        items=tuple(kept.values()),
    )


def _left(blocks: Blocks, gone: set[str]) -> Blocks:
    return {name: parts for name, parts in blocks.items() if name not in gone}


def _parts(blocks: Blocks, gone: set[str]) -> Blocks:
    return {
        name: tuple(part for part in parts if part not in gone) for name, parts in blocks.items() if name not in gone
    }


def _renamed(blocks: Blocks, names: Mapping[str, str]) -> Blocks:
    return {names.get(name, name): tuple(names.get(p, p) for p in parts) for name, parts in blocks.items()}


def _renamed_path(h: Hypothesis, names: Mapping[str, str]) -> Hypothesis:
    predictor = ":".join(names.get(factor, factor) for factor in h.factors)
    return replace(h, outcome=names.get(h.outcome, h.outcome), predictor=predictor)


def _all_names(framework: Framework) -> list[str]:
    return [*framework.constructs, *(item for items in framework.blocks.values() for item in items)]
