"""A figure of a record: one door for the indices, maps and segments of loyalty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lvmodels.errors import OptionValueError, OutputError
from lvmodels.loyalty.indices.curve import LoyaltyCurve
from lvmodels.loyalty.indices.delivered_value import DeliveredValue
from lvmodels.loyalty.indices.gaps import GapScores, ServiceQuality
from lvmodels.loyalty.indices.importance_performance import ImportancePerformanceMap
from lvmodels.loyalty.indices.indicators import IndicatorIndex, LoyaltyForm
from lvmodels.loyalty.indices.kano import Kano
from lvmodels.loyalty.indices.promoters import NetPromoterScore
from lvmodels.loyalty.indices.response import ResponseAccount
from lvmodels.loyalty.indices.satisfaction_index import SatisfactionIndex
from lvmodels.loyalty.indices.value_map import ValueMap
from lvmodels.loyalty.lifetime.profit_sources import ProfitSources
from lvmodels.loyalty.segments.concentration import Concentration, WhaleCurve
from lvmodels.loyalty.segments.latent_classes import LatentClasses
from lvmodels.loyalty.segments.movement import Transitions
from lvmodels.loyalty.segments.record import Classification
from lvmodels.report.loyalty_canvas import Shown
from lvmodels.report.loyalty_figures_bars import (
    draw_delivered,
    draw_gaps,
    draw_index,
    draw_indicators,
    draw_loyalty_form,
    draw_profit_sources,
    draw_promoters,
    draw_response,
    draw_service_quality,
)
from lvmodels.report.loyalty_figures_maps import draw_curve, draw_importance_performance, draw_kano, draw_value_map
from lvmodels.report.pathdraw.drawing import write
from lvmodels.report.segment_curves import draw_concentration, draw_latent_classes, draw_transitions, draw_whale
from lvmodels.report.segment_figures import draw_classification
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw"]

_FORMATS = ("svg", "pdf", "png")
_DRAWERS: Mapping[type, Callable[[Any, Shown], Figure]] = {
    Classification: draw_classification,
    Concentration: draw_concentration,
    DeliveredValue: draw_delivered,
    GapScores: draw_gaps,
    ImportancePerformanceMap: draw_importance_performance,
    IndicatorIndex: draw_indicators,
    Kano: draw_kano,
    LatentClasses: draw_latent_classes,
    LoyaltyCurve: draw_curve,
    LoyaltyForm: draw_loyalty_form,
    NetPromoterScore: draw_promoters,
    ProfitSources: draw_profit_sources,
    ResponseAccount: draw_response,
    SatisfactionIndex: draw_index,
    ServiceQuality: draw_service_quality,
    Transitions: draw_transitions,
    ValueMap: draw_value_map,
    WhaleCurve: draw_whale,
}


def draw(
    record: Any,
    path: str | Path | None = None,
    language: Language = "en",
    labels: Mapping[str, str] | None = None,
    dpi: int = 300,
) -> Figure:
    """Draw a record of `lvmodels.indices` or `lvmodels.segments`, or the sources of profit of `lvmodels.lifetime`.

    Parameters
    ----------
    record : object
        What one of their functions returned.
    path : str or Path, optional
        File to write; its ending, svg, pdf or png, is the format. Missing folders are made.
    language : {"en", "zh"}
        Of the words in the figure.
    labels : mapping of str to str, optional
        What to call rows, groups and constructs instead of their names in the record.
    dpi : int
        Resolution of a PNG.

    Returns
    -------
    matplotlib.figure.Figure
        6.3 inches wide; it is not registered with pyplot, so it needs no closing.

    Raises
    ------
    OptionValueError
        When there is no figure of such a record, no such format, or no such language.
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> import lvmodels as lv
    >>> sources = lv.lifetime.profit_sources(60, [30, 30, 30], referral=[0, 2, 4])
    >>> figure = lv.draw(sources)
    >>> figure.get_size_inches().round(1).tolist()
    [6.3, 3.2]
    """
    drawer = _DRAWERS.get(type(record))
    if drawer is None:
        known = ", ".join(sorted(kind.__name__ for kind in _DRAWERS))
        raise OptionValueError(f"there is no figure of a {type(record).__name__}; there are figures of: {known}.")
    place = None if path is None else Path(path).expanduser()
    if place is not None and place.suffix.lower().lstrip(".") not in _FORMATS:
        raise OptionValueError(f"'{place.name}' ends in no known format; let it end in .svg, .pdf or .png.")
    figure = drawer(record, Shown(wording(language), dict(labels or {})))
    if place is not None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # Chinese fonts are mostly of a kind (CFF outlines) that only Type 3 embeds so that every reader shows it.
            write(figure, str(place), fonttype=3 if language == "zh" else 42, dpi=dpi)
        except OSError as error:
            raise OutputError(f"the figure cannot be written to '{place}': {error.strerror or error}.") from None
    return figure
