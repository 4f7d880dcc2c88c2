"""Execute every notebook and keep its outputs, without the times that would change it in every run."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main() -> int:
    """Execute all notebooks in place; an error in one stops the run and names the cell."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(
            notebook, timeout=600, record_timing=False, resources={"metadata": {"path": path.parent}}
        ).execute()
        nbformat.write(notebook, path)
        print(f"executed {path.name}")
    print(f"{len(paths)} notebooks executed")
    return 0 if paths else 1


if __name__ == "__main__":
    sys.exit(main())
