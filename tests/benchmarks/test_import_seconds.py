"""How long an import keeps people waiting."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.benchmark


def seconds(statement: str, repeats: int = 5) -> float:
    """Best time of a fresh interpreter that runs `statement`."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def test_import_takes_under_four_tenths_of_a_second() -> None:
    assert seconds("import lvmodels") - seconds("pass") < 0.4


def test_estimation_imports_in_little_more_than_numpy_and_scipy() -> None:
    yardstick = seconds("import numpy, scipy.linalg, scipy.optimize, scipy.special")
    assert seconds("from lvmodels import sem") < 2 * yardstick
