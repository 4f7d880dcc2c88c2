"""The folder of a report: built whole out of sight, then put in place; files that are not ours are left alone."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from lvmodels.errors import OutputError

REPORT, RESULTS, TABLES, FIGURES = "report.html", "results.json", "tables", "figures"
_MARK = b'<meta name="generator" content="lvmodels '
_HEAD = 2000

TABLE_NAMES = (
    "constructs", "covariances", "defined", "effects", "fit", "fit_measures", "groups", "intercepts", "items",
    "measurement", "missing", "missing_patterns", "modification_indices", "r2", "residuals", "scales",
    "screening_excluded", "screening_figures", "screening_items", "screening_rules", "screening_samples",
    "screening_sources", "slopes", "structure", "thresholds", "variances",
)  # fmt: skip
"""Every table that a report can have; files of these names are ours."""
SCREENING_FILES = ("clean_answers.csv", "decisions.csv", "scores.csv")
"""What a screening report has beside its page."""


def write_folder(target: str | Path, build: Callable[[Path], None]) -> Path:
    """Write the folder of a report.

    Parameters
    ----------
    target : str or Path
        The folder; it is made when it is not there.
    build : callable
        Called with an empty folder, to fill it. When it fails nothing has changed.

    Returns
    -------
    Path
        The report in its place.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds a report.html that this package did not make.
    """
    place = Path(target).expanduser()
    try:
        _refuse(place)
        # Inside an existing folder, else beside the new one: in either case on the same disk, so moving is renaming.
        parent = place if place.is_dir() else place.parent
        parent.mkdir(parents=True, exist_ok=True)
        hidden = parent / f".lvmodels-{uuid.uuid4().hex[:12]}"
        hidden.mkdir()
    except OSError as error:
        raise _cannot(place, error) from error
    try:
        build(hidden)
        if place.is_dir():
            _replace(hidden, place)
        else:
            hidden.rename(place)
    except OutputError:
        raise
    except OSError as error:
        raise _cannot(place, error) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return place / REPORT


def write_file(target: str | Path, content: str | bytes) -> Path:
    """Write a file at once or not at all.

    Raises
    ------
    OutputError
        When it cannot be written there.
    """
    place = Path(target).expanduser()
    hidden = place.with_name(f".{place.name}.{uuid.uuid4().hex[:12]}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        hidden.write_bytes(content.encode() if isinstance(content, str) else content)
        hidden.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            hidden.unlink(missing_ok=True)
        raise _cannot(place, error) from error
    return place


def write_page(target: str | Path, page: str) -> Path:
    """Write a page of ours at once or not at all.

    Raises
    ------
    OutputError
        When it cannot be written there, or a page that this package did not make stands there.
    """
    place = Path(target).expanduser()
    if place.is_file() and not is_ours(place):
        raise OutputError(f"'{place}' is there already and lvmodels did not make it; choose another name, or move it.")
    return write_file(place, page)


def is_ours(path: Path) -> bool:
    """Whether a report.html was made by this package."""
    with path.open("rb") as file:
        return _MARK in file.read(_HEAD)


def _refuse(place: Path) -> None:
    """Refuse places that are no folder, or whose report is someone else's."""
    if place.exists() and not place.is_dir():
        raise OutputError(f"'{place}' is a file, so no folder of that name can be made; choose another name.")
    report = place / REPORT
    if report.exists() and not (report.is_file() and is_ours(report)):
        raise OutputError(
            f"'{place}' already holds a {REPORT} that lvmodels did not make; choose another folder, or move that file."
        )


def _replace(hidden: Path, place: Path) -> None:
    """Move new files over old ones, and remove what an earlier report left; the report itself comes last."""
    fresh = [path.relative_to(hidden) for path in sorted(hidden.rglob("*")) if path.is_file()]
    if (place / REPORT).exists():
        for old in _owned(place):
            if old.relative_to(place) not in fresh:
                old.unlink()
    for name in sorted(fresh, key=lambda name: (name == Path(REPORT), name)):
        (place / name).parent.mkdir(exist_ok=True)
        (hidden / name).replace(place / name)


def _owned(place: Path) -> list[Path]:
    """Files in a folder that an earlier report wrote, by their names."""
    tables = [place / TABLES / f"{name}.csv" for name in TABLE_NAMES]
    figures = [
        path
        for ending in ("svg", "pdf", "png")
        for path in (place / FIGURES).glob(f"path_diagram*.{ending}")
        if path.stem.removeprefix("path_diagram").removeprefix("_group").isdigit() or path.stem == "path_diagram"
    ]
    figures += [place / FIGURES / f"screening_scores.{ending}" for ending in ("svg", "pdf", "png")]
    others = [place / name for name in (*SCREENING_FILES, RESULTS)]
    return [path for path in (*tables, *figures, *others) if path.is_file()]


def _cannot(place: Path, error: OSError) -> OutputError:
    if isinstance(error, OutputError):
        return error
    return OutputError(f"cannot write '{place}' ({error.strerror or error}); choose a folder that you may write to.")
