"""The clock of the benchmarks: processor time, which a busy machine stretches far less than time on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable

from threadpoolctl import threadpool_limits


def best_time(function: Callable[[], object], repeats: int = 7) -> float:
    """Least processor seconds of `repeats` calls, with one thread for linear algebra."""
    times = []
    with threadpool_limits(1):
        for _ in range(repeats):
            start = time.process_time()
            function()
            times.append(time.process_time() - start)
    return min(times)
