"""The paragraph on screening for the methods section of a paper."""

from __future__ import annotations

from lvmodels.report.number_format import decimal, percent
from lvmodels.report.screening_tables import Material, largest_change
from lvmodels.survey.screening.rules import CARELESS

__all__ = ["methods_text"]


def methods_text(material: Material) -> str:
    """What was screened, how, who was excluded, and what that does to the model."""
    words, screening = material.words, material.screening
    n, out = len(screening.scores), len(screening.excluded)
    comma = words["list_comma"]
    rows = material.rows()
    used = [row for row in rows if row["rule"] != CARELESS and (not row["reason"] or row["reason"] == "cut")]
    indices = [words["screen.method.index"].format(label=_label(material, row), source=row["source"]) for row in used]
    said = [
        words["screen.method.indices"].format(n=n, items=len(screening.layout.items), indices=comma.join(indices)),
        *_exclusion(material),
        words["screen.method.result"].format(out=out, n=n, share=percent(out / n), left=n - out),
    ]
    found = material.sensitivity
    if found is not None and out:
        change = largest_change(found, "clean")
        said.append(
            words["screen.method.sensitivity"].format(
                differ=found.n_differing, total=found.n_parameters, largest=decimal(change or 0.0)
            )
        )
    return (" " if material.language == "en" else "").join(said)


def _label(material: Material, row: dict[str, object]) -> str:
    label = material.rule(str(row["rule"]))
    return label[:1].lower() + label[1:] if not label.startswith("Mahalanobis") else label


def _exclusion(material: Material) -> list[str]:
    """Which rules exclude, and what it takes to be called careless."""
    words, rows = material.words, material.rows()
    exclude = [_label(material, row) for row in rows if row["action"] == "exclude" and not row["reason"]]
    careless = next((row for row in rows if row["rule"] == CARELESS and row["action"] == "exclude"), None)
    said = [words["screen.method.exclude"].format(rules=words["list_comma"].join(exclude))] if exclude else []
    if careless is not None and not any(row["action"] == "exclude" and row["kind"] for row in rows):
        said.append(words["screen.method.careless"].format(cut=f"{careless['cut']:g}"))
    return said
