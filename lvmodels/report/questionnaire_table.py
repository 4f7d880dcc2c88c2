"""The items of an instrument as a table, for spreadsheets, translators and pre-registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lvmodels.report.csv_text import table_to_csv
from lvmodels.report.records import Column, Table

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["instrument_to_csv"]

_COLUMNS = (
    "item", "construct", "label_en", "label_zh", "wording_en", "wording_zh", "reverse", "scale", "codes", "anchors_en",
    "anchors_zh", "min", "max", "missing", "source",
)  # fmt: skip


def instrument_to_csv(instrument: Instrument) -> bytes:
    """The content of a CSV file with a row for every item: everything that the instrument says of it.

    Examples
    --------
    >>> import lvmodels as lv
    >>> text = instrument_to_csv(lv.instruments.load("servqual")).decode("utf-8-sig")
    >>> text.splitlines()[0][:35], len(text.splitlines())
    ('item,construct,label_en,label_zh,wo', 23)
    """
    constructs = {construct.name: construct for construct in instrument.constructs}
    rows = []
    for item in instrument.items:
        construct, scale = constructs.get(item.construct or ""), instrument.scales.get(item.scale or "")
        label, anchors = construct.label if construct else {}, scale.anchors if scale else {}
        said = {
            language: "; ".join(f"{code} = {words}" for code, words in sorted(anchors.get(language, {}).items()))
            for language in ("en", "zh")
        }
        rows.append((
            item.name, item.construct, label.get("en"), label.get("zh"), item.wording.get("en"), item.wording.get("zh"),
            "yes" if item.reverse else "no", item.scale, " ".join(map(str, scale.values)) if scale else None,
            said["en"] or None, said["zh"] or None, item.min, item.max,
            " ".join(map(str, instrument.missing_codes(item.name))) or None, construct.source if construct else None,
        ))  # fmt: skip
    return table_to_csv(Table("items", instrument.name, tuple(map(Column, _COLUMNS)), tuple(rows)))
