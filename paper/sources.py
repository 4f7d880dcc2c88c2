"""Published results as they were found: what was fitted, what came out, and how many digits were shown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).resolve().parent / "published"
ROUNDING = 1e-9
"""Added to half a unit of the last digit shown, so that a value just on the edge counts as agreeing."""

Kind = Literal["printed", "program", "recomputed"]


@dataclass(frozen=True, slots=True)
class Reported:
    """One parameter as reported; `values` holds those of est, se, std_lv and std_all that were."""

    parameter: str
    group: str | None
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a value may be from the reported one, and why when that is not half a unit of the last digit.

    `robust` is a share of the value, for standard errors and for scaled or robust fit measures; where it allows less
    than the other two, they hold.
    """

    estimates: float
    fit: float
    robust: float
    why: str

    def of_estimate(self, column: str, value: float) -> float:
        """What is allowed for a value of est, se, std_lv or std_all."""
        return max(self.estimates, self.robust * abs(value)) if column == "se" else self.estimates

    def of_measure(self, name: str, value: float) -> float:
        """What is allowed for a fit measure."""
        corrected = "scal" in name or name.endswith("_robust")
        return max(self.fit, self.robust * abs(value)) if corrected else self.fit


@dataclass(frozen=True, slots=True)
class Published:
    """A published model with its results.

    Attributes
    ----------
    name, title : str
        Name of the file, and the words for a reader.
    cite : tuple of str
        Keys in references.bib.
    kind : {"printed", "program", "recomputed"}
        Printed in a text; all digits of a program's output; or the input is published and the values were computed
        from it by an independent program.
    seen, note : str
        Where the values were read, and what a reader should know.
    n : int
    function : str
        Name of the function of lvmodels that fits it.
    model : str
    options : dict
        Passed to the function.
    data : str
        A data set, or the path of a CSV file in the repository; empty when there are moments.
    correlation : bool
        Whether the correlations of the data are analysed.
    names, lower : tuple
        Variables and lower triangle of the covariances, when these are all that is published.
    estimates : tuple of Reported
    fit : dict
    decimals : dict
        Digits shown after the point, of estimates and of fit.
    tolerance : Tolerance
    """

    name: str
    title: str
    cite: tuple[str, ...]
    kind: Kind
    seen: str
    note: str
    n: int
    function: str
    model: str
    options: dict[str, Any]
    data: str
    correlation: bool
    names: tuple[str, ...]
    lower: tuple[tuple[float, ...], ...]
    estimates: tuple[Reported, ...]
    fit: dict[str, float]
    decimals: dict[str, int]
    tolerance: Tolerance


def names() -> tuple[str, ...]:
    """Names of all published results, in the order of the paper."""
    return tuple(sorted(path.stem for path in FOLDER.glob("[0-9]*.toml")))


def load(name: str) -> Published:
    """Read one published result."""
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    moments = found.get("moments", {"names": (), "lower": ()})
    return Published(
        name=name,
        title=found["title"],
        cite=tuple(found["cite"]),
        kind=found["kind"],
        seen=found["seen"],
        note=found.get("note", ""),
        n=found["n"],
        function=found["function"],
        model=found["model"],
        options=found.get("options", {}),
        data=found.get("data", ""),
        correlation=found.get("correlation", False),
        names=tuple(moments["names"]),
        lower=tuple(tuple(row) for row in moments["lower"]),
        estimates=tuple(_reported(row) for row in found["estimates"]),
        fit=found.get("fit", {}),
        decimals=found["decimals"],
        tolerance=_tolerance(found),
    )


def left_out() -> tuple[dict[str, str], ...]:
    """Published results that are not replicated, with the reason."""
    return tuple(tomllib.loads((FOLDER / "left_out.toml").read_text(encoding="utf-8"))["result"])


def _reported(row: dict[str, Any]) -> Reported:
    values = {key: float(value) for key, value in row.items() if key not in ("parameter", "group")}
    return Reported(row["parameter"], row.get("group"), values)


def _tolerance(found: dict[str, Any]) -> Tolerance:
    """What the file states; else half a unit of the last digit shown."""
    stated = found.get("tolerance", {})
    shown = {key: 0.5 * 10.0**-digits + ROUNDING for key, digits in found["decimals"].items()}
    estimates = stated.get("estimates", shown["estimates"])
    fit = stated.get("fit", shown.get("fit", 0.0))
    return Tolerance(estimates, fit, stated.get("robust", 0.0), stated.get("why", ""))
