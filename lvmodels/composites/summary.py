"""A fit of partial least squares at a glance, as a record that prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lvmodels.composites.estimates import estimates, r2
from lvmodels.composites.quality import reliability
from lvmodels.composites.record import PlsRecord

if TYPE_CHECKING:
    import pandas as pd

_TITLES = {"=~": "Loadings", "<~": "Outer weights", "~": "Paths", ":=": "Defined parameters"}


@dataclass(frozen=True, slots=True, eq=False)
class PlsSummary:
    """What a reader wants first.

    Attributes
    ----------
    heading : str
    estimates : DataFrame
    r2, r2_adjusted : Series
    reliability : DataFrame
    warnings : tuple of str
    """

    heading: str
    estimates: pd.DataFrame
    r2: pd.Series[float]
    r2_adjusted: pd.Series[float]
    reliability: pd.DataFrame
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        parts = [self.heading, *(f"Warning: {text}" for text in self.warnings)]
        for op in ("~", ":=", "=~", "<~"):
            part = self.estimates[self.estimates["op"] == op].drop(columns=["op", "std_lv", "std_all"])
            if len(part):
                shown = part.drop(columns=[c for c in part if c != "est" and part[c].isna().all()])
                parts.append(f"{_TITLES[op]}\n{shown.to_string(index=False, float_format=_three)}")
        explained = self.r2.to_frame("r2").assign(adjusted=self.r2_adjusted)
        parts.append(f"Explained variance\n{explained.to_string(float_format=_three)}")
        parts.append(f"Reliability and validity\n{self.reliability.to_string(float_format=_three)}")
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        return str(self)


def _three(value: float) -> str:
    return f"{value:.3f}"


def summary(fit: PlsRecord) -> PlsSummary:
    """The record behind `PlsFit.summary`."""
    from lvmodels import __version__

    settings = fit.settings
    kind = "consistent partial least squares" if settings.consistent else "partial least squares"
    state = f"converged after {fit.iterations} iterations" if fit.converged else "DID NOT CONVERGE"
    details = f"{settings.scheme} scheme, missing answers: {settings.missing}"
    return PlsSummary(
        heading=f"lvmodels {__version__} · {kind} · {details} · n = {fit.nobs} · {state}",
        estimates=estimates(fit, settings.level),
        r2=r2(fit, False),
        r2_adjusted=r2(fit, True),
        reliability=reliability(fit),
        warnings=tuple(map(str, fit.warnings)),
    )
