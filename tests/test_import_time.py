"""What an import loads; how long it takes is measured in benchmarks/."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "dask", "docx", "jinja2", "matplotlib", "narwhals", "openpyxl", "pandas", "polars", "pydantic", "pyreadstat",
    "rich", "scipy.stats", "semopy", "sklearn", "statsmodels", "sympy", "typer", "typst",
}  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """Names of all modules in a fresh interpreter after `statement`."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_import_of_the_package_loads_no_other_package() -> None:
    assert loaded_by("import lvmodels") & (HEAVY | {"numpy", "scipy"}) == set()


@pytest.mark.parametrize("statement", ["from lvmodels import sem", "from lvmodels import Fit, cfa, growth, lavaan"])
def test_estimation_loads_no_heavy_package(statement: str) -> None:
    assert loaded_by(statement) & HEAVY == set()


def test_the_check_would_see_a_heavy_package() -> None:
    assert {"pandas", "numpy"} <= loaded_by("import pandas")
