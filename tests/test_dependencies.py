"""Each dependency has a purpose in words and a lower bound that is tested."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
OTHERS = sorted(r for r in REQUIREMENTS if not r.startswith("lvmodels["))


@pytest.mark.parametrize("requirement", OTHERS)
def test_dependency_has_a_lower_bound_and_no_upper_one(requirement: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+(\[\w+\])?>=[0-9.]+", requirement)


@pytest.mark.parametrize("requirement", OTHERS)
def test_contributing_says_what_the_dependency_is_for(requirement: str) -> None:
    name = re.split(r"[\[>]", requirement)[0]
    rows = [line for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert any(name in row.split("|")[1].replace(" ", "").split(",") for row in rows)
