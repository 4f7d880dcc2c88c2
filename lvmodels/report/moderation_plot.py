"""Figures of a moderated effect: lines at values of the moderator, the slope itself, or the whole surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.intervals import normal_quantile
from lvmodels.assess.predicted_change import predicted_change
from lvmodels.assess.slopes import JohnsonNeyman, Moderation, johnson_neyman, moderation, variable_moments
from lvmodels.errors import OptionValueError
from lvmodels.fit.record import Fit
from lvmodels.report.fonts import font_families
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mpl_toolkits.mplot3d import Axes3D  # type: ignore[import-untyped]

Kind = Literal["lines", "region", "surface"]
Vector = NDArray[np.float64]

_INK, _BAND = ("#1f4e79", "#5a5a5a", "#b35900"), 0.18
_STYLES = ("-", "--", "-.")
_REACH, _POINTS, _MESH = 2.5, 101, 25


def moderation_plot(
    fit: Fit,
    predictor: str,
    moderator: str,
    outcome: str | None = None,
    kind: Kind = "lines",
    group: int = 1,
    language: Language = "en",
) -> Figure:
    """Draw how an effect depends on its moderator, with pointwise confidence bands.

    Parameters
    ----------
    fit, predictor, moderator, outcome, group
        As for `lvmodels.simple_slopes`.
    kind : {"lines", "region", "surface"}
        The outcome against the predictor, where the moderator is at its mean and a standard deviation below and above;
        the slope against the moderator, with the values shaded at which it differs from zero; or the outcome over both.
    language : {"en", "zh"}

    Returns
    -------
    matplotlib.figure.Figure
        To be saved with its `savefig`. Outcomes are differences from that of an average case.

    Raises
    ------
    ModelError, NotConvergedError, OptionValueError

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.sem("y1 ~ x1 + x2 + x1:x2", lv.datasets.load("political_democracy"))
    >>> len(lv.moderation_plot(fit, "x1", "x2", kind="region").axes)
    1
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if kind not in ("lines", "region", "surface"):
        raise OptionValueError(f"kind={kind!r} is not known; use 'lines', 'region' or 'surface'.")
    words = wording(language)
    found = moderation(fit, predictor, moderator, outcome, group)
    figure = Figure(figsize=(5.5, 4.0), layout="constrained")
    FigureCanvasAgg(figure)
    if kind == "region":
        _region(figure.add_subplot(), johnson_neyman(fit, predictor, moderator, found.outcome, group), words, found)
    names = (predictor, moderator, found.outcome)
    if kind == "surface":
        _surface(figure.add_subplot(projection="3d"), fit, names, group, words)
    elif kind == "lines":
        _lines(figure.add_subplot(), fit, names, group, words)
    _set_fonts(figure)
    return figure


def _set_fonts(figure: Figure) -> None:
    """Fonts that have the letters of all texts, none of which is a formula."""
    from matplotlib.text import Text

    texts = [text for text in figure.findobj(Text) if text.get_text()]
    families = list(font_families([text.get_text() for text in texts]))
    for text in texts:
        text.set_family(families)
        text.set_parse_math(False)


def _span(fit: Fit, name: str, group: int, count: int) -> Vector:
    mean, sd = variable_moments(fit, name, group)
    return mean + sd * np.linspace(-_REACH, _REACH, count)


def _lines(axes: Axes, fit: Fit, names: tuple[str, str, str], group: int, words: Mapping[str, str]) -> None:
    predictor, moderator, outcome = names
    x, quantile = _span(fit, predictor, group, _POINTS), normal_quantile(fit.settings.level)
    mean, sd = variable_moments(fit, moderator, group)
    distances = (0,) if predictor == moderator else (-1, 0, 1)
    for k, distance in enumerate(distances):
        m = x if predictor == moderator else np.full_like(x, mean + distance * sd)
        value, error = predicted_change(fit, predictor, moderator, x, m, outcome, group)
        label = words["slopes.mean" if distance == 0 else "slopes.distance"]
        label = label.format(moderator=moderator, sign="+" if distance > 0 else "−")
        axes.plot(x, value, _STYLES[k], color=_INK[k], label=label)
        axes.fill_between(
            x, value - quantile * error, value + quantile * error, color=_INK[k], alpha=_BAND, linewidth=0
        )
    axes.set_xlabel(predictor)
    axes.set_ylabel(words["slopes.change"].format(outcome=outcome))
    if len(distances) > 1:
        axes.legend(frameon=False)


def _region(axes: Axes, regions: JohnsonNeyman, words: Mapping[str, str], found: Moderation) -> None:
    table = regions.slopes
    at, slope = table["at"].to_numpy(), table["slope"].to_numpy()
    low, high = table["ci_lower"].to_numpy(), table["ci_upper"].to_numpy()
    axes.fill_between(at, low, high, color=_INK[0], alpha=_BAND, linewidth=0)
    axes.plot(at, slope, color=_INK[0])
    axes.axhline(0.0, color=_INK[1], linewidth=0.8)
    sure = (low > 0) | (high < 0)
    bottom, top = axes.get_ylim()
    axes.fill_between(at, bottom, top, where=sure.tolist(), color=_INK[2], alpha=0.08, linewidth=0)
    axes.set_ylim(bottom, top)
    for bound in regions.bounds:
        if at[0] <= bound <= at[-1]:
            axes.axvline(bound, color=_INK[2], linestyle=":", linewidth=1.0)
    axes.set_xlabel(found.moderator)
    axes.set_ylabel(words["slopes.effect"].format(predictor=found.predictor, outcome=found.outcome))
    axes.set_title(words["slopes.shaded"].format(level=f"{100 * (1 - regions.level):.0f}"), fontsize="small")


def _surface(axes: Axes3D, fit: Fit, names: tuple[str, str, str], group: int, words: Mapping[str, str]) -> None:
    predictor, moderator, outcome = names
    x, m = np.meshgrid(_span(fit, predictor, group, _MESH), _span(fit, moderator, group, _MESH))
    value, error = predicted_change(fit, predictor, moderator, x.ravel(), m.ravel(), outcome, group)
    half = normal_quantile(fit.settings.level) * error
    axes.plot_surface(x, m, value.reshape(x.shape), cmap="cividis", alpha=0.8, linewidth=0)
    for edge in (value - half, value + half):
        axes.plot_wireframe(x, m, edge.reshape(x.shape), color=_INK[1], alpha=0.3, linewidth=0.5, rstride=4, cstride=4)
    axes.set_xlabel(predictor)
    axes.set_ylabel(moderator)
    axes.set_zlabel(words["slopes.change"].format(outcome=outcome))
