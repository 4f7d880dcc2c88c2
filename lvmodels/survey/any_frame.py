"""Data frames of any library, opened in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw


def open_frame(data: Any) -> nw.DataFrame[Any] | None:
    """The frame as one of narwhals, computed if it was lazy; None for what is no frame.

    DuckDB and its like hand their rows over as pandas frames, because narwhals' own way needs PyArrow.
    """
    import narwhals as nw

    try:
        opened = nw.from_native(data)
    except TypeError:
        return None
    if isinstance(opened, nw.LazyFrame):
        opened = opened.collect() if opened.implementation.is_polars() else opened.collect("pandas")
    frame: nw.DataFrame[Any] = opened
    return frame
