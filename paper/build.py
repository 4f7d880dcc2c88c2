"""Build the paper: compute every number, draw the figures, set the pages.

Run `python -m paper.build` in the root of the repository; the result is paper/build/paper.pdf.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __package__ in (None, ""):  # run as a file: make `paper` and `lvmodels` importable
    sys.path.insert(0, str(HERE.parent))

from paper import figures, sources, values  # noqa: E402
from paper.replication import replicate  # noqa: E402

BUILD = HERE / "build"


def write_values(folder: Path) -> None:
    """values.json for the text, and comparisons.csv with every compared quantity at full precision."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(values.compute(), ensure_ascii=False, indent=1)
    (folder / "values.json").write_text(text, encoding="utf-8")
    with (folder / "comparisons.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["model", "quantity", "column", "ours", "published", "difference", "allowed"])
        for name in sources.names():
            for c in replicate(name).comparisons:
                rows.writerow([name, c.quantity, c.column, c.ours, c.published, c.difference, c.allowed])


def set_pages(folder: Path) -> Path:
    """Compile the text with the fonts that typst carries, so that the pages look the same on every machine."""
    import typst

    pdf = folder / "paper.pdf"
    typst.compile(HERE / "paper.typ", output=pdf, root=HERE, ignore_system_fonts=True)
    return pdf


def main() -> int:
    """Build everything; a value that does not agree with what was published stops the build and is named."""
    apart = [(n, c) for n in sources.names() for c in replicate(n).comparisons if not c.agrees]
    for name, c in apart:
        print(f"{name}: {c.quantity} ({c.column}) is {c.ours:.6g}, published {c.published:.6g}", file=sys.stderr)
    if apart:
        return 1
    write_values(BUILD)
    figures.draw_all(BUILD)
    print(f"wrote {set_pages(BUILD).relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
