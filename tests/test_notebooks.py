"""The notebooks run from top to bottom, and the outputs kept in them are those of today."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
TOLERANCE = 2e-3
"""Outputs are rounded to three digits; the last one may fall either way on another machine."""

LARGEST = 500_000
"""Bytes of one notebook with its outputs."""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


# ---- executed afresh ------------------------------------------------------------------------------------------------


@pytest.fixture
def here_and_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and the interpreter that runs this test as the only kernel of the name python3."""
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    specification = {"argv": command, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(specification), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))
    work = tmp_path / "work"
    work.mkdir()
    return work


def test_fresh_outputs_equal_those_kept(path: Path, here_and_now: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    kept = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=120, resources={"metadata": {"path": str(here_and_now)}}).execute()
    changed = [
        f"cell {k}, {place}:\n  kept  {one!r}\n  fresh {two!r}"
        for k, (old, new) in enumerate(zip(kept.cells, fresh.cells, strict=True))
        for place, one, two in differences(outputs(old), outputs(new))
    ]
    assert not changed, "\n".join(changed) + "\n`make notebooks` stores fresh outputs, should these be right."


def outputs(cell: Any) -> list[tuple[str, str]]:
    """Kind and text of each output of a cell, pictures by their kind alone; what goes to stderr is the machine's."""
    found = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            continue
        data = output.get("data", {})
        kinds = "+".join(sorted(data)) or output.output_type
        text = output.get("text") or data.get("text/plain", "")
        found.append((kinds, re.sub(r"0x[0-9a-f]+", "0x", text)))
    return found


def differences(kept: list[tuple[str, str]], fresh: list[tuple[str, str]]) -> list[tuple[str, object, object]]:
    """Where two lists of outputs differ: in kind, in words, or in a number by more than its last digit."""
    found: list[tuple[str, object, object]] = []
    for k, (old, new) in enumerate(zip_longest(kept, fresh)):
        place = f"output {k}"
        if old is None or new is None or old[0] != new[0]:
            found.append((place, old, new))
        elif words(old[1]) != words(new[1]):
            found.append((place, words(old[1]), words(new[1])))
        else:
            pairs = zip(numbers(old[1]), numbers(new[1]), strict=True)
            found += [(place, a, b) for a, b in pairs if not math.isclose(a, b, rel_tol=1e-4, abs_tol=TOLERANCE)]
    return found


def words(text: str) -> str:
    """A text without its numbers and with single spaces, as columns are as wide as their numbers."""
    return " ".join(NUMBER.sub("#", text).split())


def numbers(text: str) -> list[float]:
    return [float(number) for number in NUMBER.findall(text)]


@pytest.mark.parametrize(
    ("kept", "fresh", "differ"),
    [
        ([("text/plain", "cfi 0.939")], [("text/plain", "cfi  0.940")], False),
        ([("text/plain", "cfi 0.939")], [("text/plain", "cfi 0.949")], True),
        ([("text/plain", "cfi 0.939")], [("text/plain", "tli 0.939")], True),
        ([("text/plain", "p -0.5")], [("text/plain", "p 0.5")], True),
        ([("text/plain", "a")], [("image/png+text/plain", "a")], True),
        ([("text/plain", "a")], [], True),
        ([], [], False),
    ],
)
def test_comparison_notices(kept: list[tuple[str, str]], fresh: list[tuple[str, str]], differ: bool) -> None:
    assert bool(differences(kept, fresh)) == differ


# ---- as they are kept -----------------------------------------------------------------------------------------------


def test_notebook_is_kept_executed_in_order_and_without_error(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = [output["output_type"] for cell in cells for output in cell["outputs"]]
    assert "error" not in kinds
    assert "stderr" not in [output.get("name") for cell in cells for output in cell["outputs"]]


def test_notebook_is_small_and_says_nothing_of_the_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert not re.findall(r"/(?:home|root|tmp|Users|usr|opt|work)/|[A-Z]:\\\\", text)


def test_every_notebook_is_listed(path: Path) -> None:
    assert f"`{path.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem)


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


# ---- what the words claim -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_words_hold_of_the_numbers_above_them(notebook: Path) -> None:
    """Numbers that sentences repeat are in the outputs above them."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    seen: set[str] = set()
    for cell in cells:
        if cell["cell_type"] == "code":
            text = "".join(
                "".join(output.get("data", {}).get("text/plain", "")) for output in cell["outputs"]
            )  # what a reader sees
            seen |= {f"{abs(number):.2f}".lstrip("0") for number in numbers(text)}
        elif "often" not in "".join(cell["source"]):
            claimed = re.findall(r"\((?:p = )?(\.\d\d)|p = (\.\d\d)|of (\.\d\d)", "".join(cell["source"]))
            for number in (part for match in claimed for part in match if part):
                assert number in seen, f"{number} is in the text and in no output above it"
