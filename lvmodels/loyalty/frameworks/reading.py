"""Framework files: TOML in data/frameworks, with the questions from the shipped instruments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lvmodels.errors import FrameworkError
from lvmodels.loyalty.frameworks.record import Blocks, Framework, Hypothesis
from lvmodels.survey.instrument import Construct, Instrument, Item
from lvmodels.survey.shipped import data_folder

_KEYS = {
    "title", "description", "source", "instruments", "constructs", "second_order", "composites", "items", "hypotheses",
    "dataset", "dataset_items", "missing", "family", "asked_if", "raters", "figures",
}  # fmt: skip


def read_framework(path: Path) -> Framework:
    """Read a framework file.

    Raises
    ------
    FrameworkError
        When a key is not known, or a name stands for nothing in the instruments.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(raw) - _KEYS):
        raise FrameworkError(f"{path}: unknown keys {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}.")
    instrument = _instrument(path.stem, raw)
    given = _blocks(raw.get("items", {}))
    blocks = {
        name: given.get(name) or tuple(item.name for item in instrument.items_of(name)) for name in raw["constructs"]
    }
    return Framework(
        name=path.stem,
        title=raw["title"],
        description=raw["description"],
        source=raw["source"],
        instrument=instrument,
        blocks=blocks,
        second_order=_blocks(raw.get("second_order", {})),
        composites=_blocks(raw.get("composites", {})),
        hypotheses=tuple(_hypothesis(k, row) for k, row in enumerate(raw["hypotheses"], start=1)),
        dataset=raw.get("dataset", ""),
        dataset_items=raw.get("dataset_items", {}),
        missing=raw.get("missing", "listwise"),
        family=raw.get("family", ""),
        asked_if={item: (rule["item"], rule["from"], rule["to"]) for item, rule in raw.get("asked_if", {}).items()},
        raters=raw.get("raters", 1),
    )


def _blocks(raw: Mapping[str, list[str]]) -> Blocks:
    return {name: tuple(parts) for name, parts in raw.items()}


def _hypothesis(number: int, row: Mapping[str, Any]) -> Hypothesis:
    outcome, predictor = (side.strip() for side in row["path"].split("~"))
    return Hypothesis(f"H{number}", outcome, predictor, row.get("sign", "+"), float(row["value"]), row["source"])


def _instrument(name: str, raw: Mapping[str, Any]) -> Instrument:
    """The questions about the constructs of a framework, from one or several instruments."""
    sources = [_shipped(each) for each in raw["instruments"]]
    wanted = set(raw["constructs"])
    figures = raw.get("figures", {})
    of_figure = {item: construct for construct, items in raw.get("items", {}).items() for item in items}
    constructs: dict[str, Construct] = {}
    items: dict[str, Item] = {}
    for source in sources:
        fresh = [c for c in source.constructs if c.name in wanted and c.name not in constructs]
        constructs |= {c.name: c for c in fresh}
        names = {c.name for c in fresh}
        items |= {i.name: i for i in source.items if i.construct in names or (i.construct is None)}
    for figure, words in figures.items():
        constructs[of_figure[figure]] = Construct(name=of_figure[figure], label=words)
        items[figure] = Item(name=figure, construct=of_figure[figure], wording=words)
    return Instrument(
        schema=1,
        name=name,
        title=raw["title"],
        description=raw["description"],
        source="; ".join(dict.fromkeys(source.source for source in sources)),
        missing=tuple(dict.fromkeys(code for source in sources for code in source.missing)),
        scales={key: scale for source in sources for key, scale in source.scales.items()},
        constructs=tuple(constructs.values()),
        items=tuple(items.values()),
    )


def _shipped(name: str) -> Instrument:
    """An instrument of data/instruments, or that of a data set."""
    file = data_folder() / "instruments" / f"{name}.toml"
    return Instrument.load(file if file.is_file() else data_folder() / name / "instrument.toml")
