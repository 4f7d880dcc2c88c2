"""One thread of linear algebra: on matrices as small as ours more threads cost more than they give."""

from __future__ import annotations

import os
from contextlib import ContextDecorator
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController


class _OneThread(ContextDecorator):
    """The limit of the whole process, set by the first block to begin and lifted by the last to end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._depth = 0
        self._controller: ThreadpoolController | None = None
        self._limiter: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._controller = self._controller or ThreadpoolController()
                self._limiter = self._controller.limit(limits=1)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                self._limiter.restore_original_limits()


one_thread = _OneThread()
"""Use as ``with one_thread:`` or as a decorator; blocks may nest and run side by side."""


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        return os.cpu_count() or 1
