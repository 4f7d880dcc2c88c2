"""Print the lower bounds of pyproject.toml as exact pins, for `pip install -c`.

Only what a user installs is pinned (the core and the extras named on the command line); the development tools stay new.

    python .ci/lower_bounds.py report semopy > constraints.txt
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

BOUND = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*>=\s*(?P<version>[0-9][^,;\s]*)")


def pin(requirement: str) -> str:
    """Turn `name>=version` into `name==version`; anything without a lower bound is an error."""
    found = BOUND.match(requirement)
    if found is None:
        raise SystemExit(f"{requirement!r} in pyproject.toml has no lower bound: write name>=version")
    return f"{found['name']}=={found['version']}"


def pins(project: dict[str, dict[str, object]], extras: Iterable[str]) -> list[str]:
    """All pins of the core and of the named extras."""
    table = project["project"]
    optional: dict[str, list[str]] = table["optional-dependencies"]  # type: ignore[assignment]
    core: list[str] = table["dependencies"]  # type: ignore[assignment]
    return [pin(requirement) for requirement in [*core, *(r for extra in extras for r in optional[extra])]]


if __name__ == "__main__":
    pyproject = Path(__file__).resolve().parent.parent / "pyproject.toml"
    print("\n".join(pins(tomllib.loads(pyproject.read_text(encoding="utf-8")), sys.argv[1:])))
