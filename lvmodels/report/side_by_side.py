"""One model by several methods in one record, and as one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from lvmodels.measurement.side_by_side.options import SideBySideOptions
from lvmodels.measurement.side_by_side.pipeline import compare_methods
from lvmodels.measurement.side_by_side.records import Comparison, Pair
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import write_page
from lvmodels.report.side_by_side_page import compose_side_by_side, sentences
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument

__all__ = ["SideBySide", "side_by_side"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SideBySide:
    """Standardized estimates of one model by several methods, a column each.

    Columns are those methods that could estimate the model: cbsem, pls, plsc, sums, semopy.

    Attributes
    ----------
    paths : DataFrame
        Index (outcome, predictor).
    loadings : DataFrame
        Index (construct, item); composites have none in covariance-based columns.
    r2 : DataFrame
        Index construct.
    reliability : DataFrame
        Index construct: composite reliability (cbsem, pls, semopy), rho_A (plsc), alpha of standardized items (sums).
    notes : tuple of str
        Why the columns differ, in numbers from these data; and which method is missing, and why.
    comparison : Comparison
        What the frames are made of.
    instrument : Instrument or None
        That of the data.
    """

    paths: pd.DataFrame
    loadings: pd.DataFrame
    r2: pd.DataFrame
    reliability: pd.DataFrame
    notes: tuple[str, ...]
    comparison: Comparison
    instrument: Instrument | None

    def __repr__(self) -> str:
        return f"<SideBySide: {', '.join(self.comparison.methods)}; n = {self.comparison.nobs}>"

    def __str__(self) -> str:
        tables = [
            ("Paths", self.paths),
            ("Loadings", self.loadings),
            ("R²", self.r2),
            ("Reliability", self.reliability),
        ]
        parts = [f"{title}\n{frame.round(3).to_string()}" for title, frame in tables if len(frame)]
        return "\n\n".join([*parts, "\n".join(f"- {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        from html import escape

        tables = [
            ("Paths", self.paths),
            ("Loadings", self.loadings),
            ("R²", self.r2),
            ("Reliability", self.reliability),
        ]
        parts = [f"<p><b>{title}</b></p>{frame.round(3).to_html()}" for title, frame in tables if len(frame)]
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"{''.join(parts)}<ul>{notes}</ul>"

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
        document = compose_side_by_side(self.comparison, self.instrument, language, title, created)
        return write_page(path, document_to_html(document, created))


def side_by_side(model: str, data: Any, **options: Unpack[SideBySideOptions]) -> SideBySide:
    """Estimate one model by several methods, and say why they differ.

    Covariance-based SEM (maximum likelihood, or WLSMV for ordinal answers), partial least squares, consistent partial
    least squares, least squares on sum scores, and semopy as a second engine where it is installed. All see the same
    complete cases, and all estimates are standardized. A method that cannot estimate the model has no column, and a
    note says why.

    Parameters
    ----------
    model : str
        As for `sem` and `pls`: every construct with its own items, paths in one direction.
    data : data frame, Survey or path
        Of one group.
    estimator : str, optional
        Of the covariance-based model: "ML" by default, "WLSMV" with ordinal items.
    ordered : sequence of str or bool, optional
        Ordinal items; True for all. Columns of a pandas frame with ordered categories are found by themselves.
    scheme : {"path", "factorial", "centroid"}
        Inner weights of partial least squares.

    Returns
    -------
    SideBySide
        With frames `paths`, `loadings`, `r2`, `reliability`, the sentences `notes`, and `to_html`.

    Raises
    ------
    NotEstimableError
        For groups, clusters, weights, constraints and fixed parameters, which not every method has.
    ModelError, DataError
    UnknownOptionError, OptionValueError

    References
    ----------
    Dijkstra, T. K., & Henseler, J. (2015). Consistent partial least squares path modeling. MIS Quarterly, 39(2).
    Igolkina, A. A., & Meshcheryakov, G. (2020). semopy: A Python package for structural equation modeling. Structural
    Equation Modeling, 27(6), 952-963.
    Rönkkö, M., & Evermann, J. (2013). A critical examination of common beliefs about partial least squares path
    modeling. Organizational Research Methods, 16(3), 425-448.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.side_by_side('''
    ...     Value =~ PERV1 + PERV2
    ...     Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    ...     Satisfaction ~ Value
    ... ''', lv.datasets.load("ecsi_mobi"))
    >>> found.paths[["cbsem", "pls", "plsc", "sums"]].round(2)
                            cbsem   pls  plsc  sums
    outcome      predictor
    Satisfaction Value       0.75  0.61  0.74  0.59
    """
    import pandas as pd

    comparison = compare_methods(model, data, options)
    methods = comparison.methods.items()

    def frame(rows: tuple[Any, ...], part: str, names: list[str]) -> pd.DataFrame:
        values = {m: [_value(getattr(e, part), row) for row in rows] for m, e in methods}
        several = len(names) > 1
        index = pd.MultiIndex.from_tuples(rows, names=names) if several else pd.Index(rows, name=names[0])
        return pd.DataFrame(values, index=index, dtype=float)

    explained = tuple(dict.fromkeys(outcome for outcome, _ in comparison.paths))
    return SideBySide(
        frame(comparison.paths, "paths", ["outcome", "predictor"]),
        frame(comparison.loadings, "loadings", ["construct", "item"]),
        frame(explained, "r2", ["construct"]),
        frame(comparison.constructs, "reliability", ["construct"]),
        sentences(comparison, wording("en")),
        comparison,
        getattr(data, "instrument", None),
    )


def _value(estimates: Mapping[Pair | str, float], row: Any) -> float:
    return estimates.get(row, float("nan"))
