"""When a report was made."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def now() -> datetime:
    """The present in UTC, or what SOURCE_DATE_EPOCH says it is, so that a report can be made again byte by byte."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.now(UTC)
