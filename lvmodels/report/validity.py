"""Everything on the measurement quality of a fit in one record, and as one page."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lvmodels.assess.implied import block_index
from lvmodels.errors import LvmodelsError, LvmodelsWarning
from lvmodels.fit.record import Fit
from lvmodels.measurement.benchmarks import Quality, benchmarks
from lvmodels.measurement.collinearity import vif
from lvmodels.measurement.constructs import blocks_of
from lvmodels.measurement.discriminant import cross_loadings, fornell_larcker
from lvmodels.measurement.htmt import htmt
from lvmodels.measurement.method_bias import MethodFactor, harman, method_factor
from lvmodels.measurement.reliability import reliability
from lvmodels.measurement.tetrads import Tetrads, tetrads
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import write_page
from lvmodels.report.validity_page import Material, compose_validity
from lvmodels.report.wording import Language

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.measurement.method_bias import Harman

__all__ = ["Validity", "validity"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Validity:
    """Measurement quality of a fit.

    Attributes
    ----------
    fit : Fit
    benchmarks : DataFrame
        A row a benchmark that applies: criterion, value (the worst), where, sign, limit, source, met, failing (values
        that miss it), of (how many there are). Conventions, no verdicts.
    reliability : DataFrame
        As `reliability` gives it.
    loadings : DataFrame
        Rows ``=~`` of the estimates.
    fornell_larcker, htmt, htmt2 : DataFrame or None
        None with one construct.
    bounds : DataFrame or None
        Intervals of HTMT, when they were asked for.
    cross_loadings, vif : DataFrame
    harman : Harman
    method : MethodFactor or None
        None where it cannot be estimated, or only improperly.
    tetrads : Tetrads or None
        None without a construct of four items.
    group : int
        Whose validity it is, from 1; reliability is that of all groups.
    """

    fit: Fit
    benchmarks: pd.DataFrame
    reliability: pd.DataFrame
    loadings: pd.DataFrame
    fornell_larcker: pd.DataFrame | None
    htmt: pd.DataFrame | None
    htmt2: pd.DataFrame | None
    bounds: pd.DataFrame | None
    cross_loadings: pd.DataFrame
    vif: pd.DataFrame
    harman: Harman
    method: MethodFactor | None
    tetrads: Tetrads | None
    group: int
    _material: Material

    def __repr__(self) -> str:
        met = int(self.benchmarks["met"].sum())
        return f"<Validity: {met} of {len(self.benchmarks)} customary benchmarks met>"

    def to_html(self, path: str | Path, language: Language = "en", title: str | None = None) -> Path:
        """Write all of it as one page of HTML that needs nothing else.

        Parameters
        ----------
        path : str or Path
        language : {"en", "zh"}
        title : str, optional
            By default that of the instrument.

        Returns
        -------
        Path
            Of the page.

        Raises
        ------
        OutputError
            When it cannot be written, or would replace a page that lvmodels did not make.
        OptionValueError
            When there are no texts in that language.
        """
        created = now()
        return write_page(path, document_to_html(compose_validity(self._material, language, title, created), created))


def validity(fit: Fit, ci: float | None = None, *, n: int = 2000, seed: Any = None, group: int = 1) -> Validity:
    """Reliability, convergent and discriminant validity, collinearity, common method and tetrads of a fit.

    Parameters
    ----------
    fit : Fit
        Of one level, with reflective constructs.
    ci : float, optional
        Level of intervals of HTMT from resampled cases; .90 gives one-sided bounds of level .95.
    n : int
        Resamples for `ci`.
    seed : int, Generator or None
    group : int
        Of fits with groups: whose validity is looked at, from 1.

    Returns
    -------
    Validity
        With frames, and with `to_html`.

    Raises
    ------
    NotConvergedError, ModelError, NotEstimableError, OptionValueError

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa(lv.datasets.model("holzinger_swineford"), lv.datasets.load("holzinger_swineford"))
    >>> found = lv.validity(fit)
    >>> found
    <Validity: 8 of 15 customary benchmarks met>
    >>> missed = found.benchmarks.query("not met")
    >>> missed[["criterion", "value", "where", "sign", "limit"]].round(3)
                   criterion  value   where sign  limit
    0                    cfi  0.931            ≥  0.950
    1                  rmsea  0.092            ≤  0.060
    3                loading  0.424      x2    ≥  0.708
    4                  alpha  0.626  visual    ≥  0.700
    5                  omega  0.612  visual    ≥  0.700
    6  composite_reliability  0.626  visual    ≥  0.700
    8                    ave  0.371  visual    ≥  0.500
    """
    import pandas as pd

    block = blocks_of(fit)[block_index(fit, group, 1)]
    several = len(block.first_order) > 1
    table = fit.estimates()
    loadings = table[table["op"] == "=~"]
    if "group" in loadings:
        loadings = loadings[loadings["group"] == group]
    quality = Quality(
        fit=fit,
        reliability=reliability(fit),
        loadings=loadings.reset_index(drop=True),
        cross_loadings=cross_loadings(fit, group=group),
        vif=vif(fit, group=group),
        fornell_larcker=fornell_larcker(fit, group=group) if len(block.constructs) > 1 else None,
        htmt=htmt(fit, group=group) if several else None,
        bounds=htmt(fit, ci=ci, n=n, seed=seed, group=group) if several and ci is not None else None,
        harman=harman(fit, group=group),
        tetrads=tetrads(fit, group=group) if any(len(c.items) >= 4 for c in block.first_order) else None,
    )
    htmt2 = htmt(fit, geometric=True, group=group) if several else None
    method = _method(fit) if several else None
    held = benchmarks(quality)
    material = Material(fit, quality, held, htmt2, method, block, group, ci, n)
    rows = [(b.criterion, b.value, b.where, b.sign, b.limit, b.source, b.met, b.failing, b.of) for b in held]
    columns = ["criterion", "value", "where", "sign", "limit", "source", "met", "failing", "of"]
    return Validity(
        fit, pd.DataFrame(rows, columns=columns), quality.reliability, quality.loadings, quality.fornell_larcker,
        quality.htmt, htmt2, quality.bounds, quality.cross_loadings, quality.vif, quality.harman, method,
        quality.tetrads, group, material,
    )  # fmt: skip


def _method(fit: Fit) -> MethodFactor | None:
    """A method factor beside the constructs; None where the data cannot tell it from them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LvmodelsWarning)
        try:
            found = method_factor(fit)
        except LvmodelsError:
            return None
    return found if found.proper else None
