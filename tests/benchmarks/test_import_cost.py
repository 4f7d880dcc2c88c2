"""How long an import keeps people waiting, measured against the imports nobody can do without."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

pytestmark = pytest.mark.benchmark


def seconds(statement: str, repeats: int = 5) -> float:
    """Least processor time of a fresh interpreter that runs `statement`."""
    times = []
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", statement], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_the_package_imports_faster_than_numpy() -> None:
    assert seconds("import lvmodels") < seconds("import numpy")


def test_estimation_imports_in_little_more_than_numpy_and_scipy() -> None:
    yardstick = seconds("import numpy, scipy.linalg, scipy.optimize, scipy.special")
    assert seconds("from lvmodels import sem") < 2 * yardstick
