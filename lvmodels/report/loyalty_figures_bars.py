"""Figures in rows: gaps, indices, indicators, promoters, delivered value, responses, and sources of profit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.loyalty.indices.delivered_value import DeliveredValue
from lvmodels.loyalty.indices.gaps import GapScores, ServiceQuality
from lvmodels.loyalty.indices.indicators import IndicatorIndex, LoyaltyForm
from lvmodels.loyalty.indices.promoters import NetPromoterScore
from lvmodels.loyalty.indices.response import ResponseAccount
from lvmodels.loyalty.indices.satisfaction_index import SatisfactionIndex
from lvmodels.loyalty.lifetime.profit_sources import ProfitSources
from lvmodels.report.loyalty_canvas import (
    ALERT,
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    Shown,
    legend,
    name_axes,
    name_rows,
    new_figure,
    number,
    row_height,
    settle,
    whiskers,
)
from lvmodels.report.pathdraw.drawing import FAINT, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_gaps(record: GapScores, shown: Shown) -> Figure:
    """Expected and experienced, and the gap between them with its interval."""
    table = record.table
    names = [shown.words["loyalty.overall"] if name == "overall" else shown.name(name) for name in table.index]
    return _two_panels(table, names, table["experience"], shown)


def draw_service_quality(record: ServiceQuality, shown: Shown) -> Figure:
    """The same by dimension, with the weighted and unweighted whole below."""
    import pandas as pd

    table = pd.concat([record.table, record.overall])
    whole = {"unweighted": shown.words["loyalty.unweighted"], "weighted": shown.words["loyalty.weighted"]}
    names = [whole.get(str(name), shown.name(name)) for name in table.index]
    return _two_panels(table, names, table["perception"], shown)


def _two_panels(table: Any, names: list[str], experience: Any, shown: Shown) -> Figure:
    words = shown.words
    figure, (left, right) = new_figure(row_height(len(table), 1.0), 2, (1.15, 1.0))
    rows = np.arange(len(table))
    left.hlines(rows, table["expectation"], experience, color=LIGHT, linewidth=2.0)
    left.scatter(table["expectation"], rows, s=26, facecolor="white", edgecolor=DARK, label=words["loyalty.expected"],
                 zorder=3)  # fmt: skip
    left.scatter(experience, rows, s=26, color=DARK, label=words["loyalty.experienced"], zorder=3)
    name_rows(left, names)
    legend(left, 2)
    name_axes(left, words["loyalty.points"])
    right.axvline(0.0, color=FAINT, linewidth=0.8)
    whiskers(right, table["ci_lower"], table["ci_upper"], rows)
    colours = np.where(table["ci_upper"] < 0, ALERT, np.where(table["ci_lower"] > 0, DARK, GREY))
    right.scatter(table["gap"], rows, s=26, c=list(colours), zorder=3)
    name_rows(right, [""] * len(table))
    name_axes(right, words["loyalty.gap"])
    return settle(figure)


def draw_index(record: SatisfactionIndex, shown: Shown) -> Figure:
    """The index of every group, and the items behind it."""
    words = shown.words
    count = max(len(record.table), len(record.items))
    figure, (left, right) = new_figure(row_height(count, 1.0), 2)
    names = [words["loyalty.all"] if name == "all" else shown.name(name) for name in record.table.index]
    _score_rows(left, names, record.table["index"], record.table["ci_lower"], record.table["ci_upper"])
    name_axes(left, words["loyalty.index"], title=shown.name(record.construct))
    scores = record.items["score"]
    items = [f"{shown.name(name)} ({row.weight:.2f})" for name, row in record.items.iterrows()]
    _score_rows(right, items, scores)
    name_axes(right, words["loyalty.index"], title=words["loyalty.items_weights"])
    return settle(figure)


def draw_indicators(record: IndicatorIndex, shown: Shown) -> Figure:
    """Indicators and their index, 0 to 100."""
    table, words = record.table, shown.words
    names = [words["loyalty.index_row"] if name == "index" else _indicator(shown, str(name)) for name in table.index]
    figure, (axes,) = new_figure(row_height(len(table)))
    _score_rows(axes, names, table["score"], table["ci_lower"], table["ci_upper"])
    name_axes(axes, words["loyalty.index"])
    return settle(figure)


def draw_loyalty_form(record: LoyaltyForm, shown: Shown) -> Figure:
    """Scores of the questions, and the shares of their levels."""
    words, table = shown.words, record.table
    names = [_indicator(shown, str(name)) if name != "index" else words["loyalty.index_row"] for name in table.index]
    figure, (left, right) = new_figure(row_height(len(table), 1.1), 2)
    _score_rows(left, names, table["score"], table["ci_lower"], table["ci_upper"])
    name_axes(left, words["loyalty.index"])
    shades = {4: (ALERT, LIGHT, MIDDLE, DARK), 3: (ALERT, LIGHT, DARK)}
    questions = list(dict.fromkeys(record.levels.index.get_level_values("question")))
    for row, question in enumerate(questions):
        shares = record.levels.loc[question, "share"]
        _stack(right, row, 100 * shares.to_numpy(), shades[len(shares)])
    name_rows(right, [""] * len(table))
    right.set_xlim(0, 100)
    name_axes(right, words["loyalty.percent_levels"])
    secure = words["loyalty.secure"].format(share=100 * record.secure["share"])
    number(right, 0, len(questions), secure, GREY)
    return settle(figure)


def draw_promoters(record: NetPromoterScore, shown: Shown) -> Figure:
    """Detractors, passives and promoters, and the score with its interval."""
    words, table = shown.words, record.table
    names = [words["loyalty.all"] if name == "all" else shown.name(name) for name in table.index]
    figure, (left, right) = new_figure(row_height(len(table), 1.1), 2, (1.3, 1.0))
    for row, (_, cells) in enumerate(table.iterrows()):
        _stack(left, row, 100 * cells[["detractors", "passives", "promoters"]].to_numpy(float) / cells["n"],
               (ALERT, LIGHT, DARK))  # fmt: skip
    name_rows(left, names)
    left.set_xlim(0, 100)
    name_axes(left, words["loyalty.percent"])
    _key(left, [(ALERT, words["loyalty.detractors"]), (LIGHT, words["loyalty.passives"]),
                (DARK, words["loyalty.promoters"])])  # fmt: skip
    rows = np.arange(len(table))
    right.axvline(0.0, color=FAINT, linewidth=0.8)
    whiskers(right, table["ci_lower"], table["ci_upper"], rows)
    right.scatter(table["nps"], rows, s=26, color=DARK, zorder=3)
    for row, value in enumerate(table["nps"]):
        number(right, value, row - 0.28, f"{value:.0f}".replace("-", "−"), ha="center")
    name_rows(right, [""] * len(table))
    right.set_ylim(len(table) - 0.4, -0.75)
    right.set_xlim(-100, 100)
    name_axes(right, words["loyalty.nps"])
    return settle(figure)


def draw_delivered(record: DeliveredValue, shown: Shown) -> Figure:
    """Benefits climb, costs descend; what is left is delivered."""
    words = shown.words
    means = record.table["mean"]
    order = [*means.index[:4], "benefit", *means.index[4:8], "delivered"]
    figure, (axes,) = new_figure(2.9)
    height = 0.0
    for place, name in enumerate(order):
        value = float(means[name])
        total, cost = name in ("benefit", "delivered"), name in means.index[4:8]
        base = 0.0 if total else height - value if cost else height
        axes.bar(place, value, bottom=base, width=0.66, color=DARK if total else LIGHT if cost else MIDDLE,
                 edgecolor=GREY, linewidth=0.5)  # fmt: skip
        number(axes, place, max(base, base + value), f"{value:.4g}".replace("-", "−"), ha="center", va="bottom")
        height = value if total else height - value if cost else height + value
    if not np.isnan(record.table.loc["delivered", "ci_lower"]):
        axes.vlines(
            len(order) - 1, *record.table.loc["delivered", ["ci_lower", "ci_upper"]], color=ALERT, linewidth=1.2
        )
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.set_xticks(range(len(order)), [words[f"loyalty.value_{name}"] for name in order])
    axes.tick_params(axis="x", length=0)
    name_axes(axes, y=words["loyalty.value"])
    return settle(figure)


def draw_response(record: ResponseAccount, shown: Shown) -> Figure:
    """Questionnaires sent, returned and usable, and the response rate."""
    words, table = shown.words, record.table
    modes = table.drop(index="total")
    figure, (left, right) = new_figure(row_height(len(table), 1.1), 2, (1.3, 1.0))
    rows = np.arange(len(modes))
    for column, colour, width in (("sent", PALE, 0.7), ("returned", MIDDLE, 0.5), ("usable", DARK, 0.3)):
        left.barh(rows, modes[column], height=width, color=colour, label=words[f"loyalty.{column}"])
    name_rows(left, [shown.name(name) for name in modes.index] + [words["loyalty.total"]])
    number(
        left, 0, len(modes), " → ".join(f"{int(table.loc['total', c])}" for c in ("sent", "returned", "usable")), GREY
    )
    legend(left, 3)
    name_axes(left, words["loyalty.questionnaires"])
    rates = ["response_rate_lower", "response_rate_upper", "response_rate"]
    low, high, mean = (100 * table[name].to_numpy(float) for name in rates)
    whiskers(right, low, high, np.arange(len(table)))
    right.scatter(mean, np.arange(len(table)), s=26, color=DARK, zorder=3)
    name_rows(right, [""] * len(table))
    name_axes(right, words["loyalty.response_rate"])
    return settle(figure)


def draw_profit_sources(record: ProfitSources, shown: Shown) -> Figure:
    """Profit of a customer year by year, stacked by source, with what has come in so far."""
    words, table = shown.words, record.table
    figure, (axes,) = new_figure(3.2)
    years = table.index.to_numpy()
    above, below = np.zeros(len(table)), np.zeros(len(table))
    shades = {"acquisition": "#ffffff", "base": DARK, "cross_selling": MIDDLE, "lower_cost": PALE, "referral": LIGHT,
              "price_premium": "#7a7a7a"}  # fmt: skip
    for name, colour in shades.items():
        values = table[name].to_numpy(float)
        if values.any():
            axes.bar(years, values, bottom=np.where(values >= 0, above, below), width=0.7, color=colour, edgecolor=GREY,
                     linewidth=0.5, label=words[f"loyalty.profit_{name}"])  # fmt: skip
        above, below = above + np.maximum(values, 0.0), below + np.minimum(values, 0.0)
    total = np.cumsum(table["total"].to_numpy(float))
    axes.plot(years, total, color=ALERT, linewidth=1.2, marker="o", markersize=3, label=words["loyalty.profit_so_far"])
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.set_xticks(years)
    legend(axes, 4)
    name_axes(axes, words["loyalty.year"], words["loyalty.profit"])
    return settle(figure)


def _score_rows(axes: Axes, names: list[str], scores: Any, low: Any = None, high: Any = None) -> None:
    rows = np.arange(len(names))
    axes.barh(rows, 100.0, height=0.5, color="#f3f3f3")
    axes.barh(rows, scores, height=0.5, color=MIDDLE)
    if low is not None:
        whiskers(axes, low, high, rows)
    ends = np.fmax(np.asarray(scores, dtype=float), np.asarray(scores if high is None else high, dtype=float))
    for row, (score, end) in enumerate(zip(scores, ends, strict=True)):
        inside = end > 88
        number(axes, 2 if inside else end + 1.5, row, f"{score:.1f}")
    name_rows(axes, names)
    axes.set_xlim(0, 100)


def _stack(axes: Axes, row: int, shares: Any, colours: tuple[str, ...]) -> None:
    left = 0.0
    for share, colour in zip(shares, colours, strict=True):
        axes.barh(row, share, left=left, height=0.55, color=colour)
        if share >= 6:
            number(axes, left + share / 2, row, f"{share:.0f}", "white" if colour in (DARK, ALERT) else "#1a1a1a",
                   ha="center")  # fmt: skip
        left += share


def _key(axes: Axes, pairs: list[tuple[str, str]]) -> None:
    from matplotlib.patches import Patch

    legend(axes, len(pairs), [Patch(facecolor=colour, label=text) for colour, text in pairs])


def _indicator(shown: Shown, name: str) -> str:
    """The user's label, else that of a known indicator, else its name."""
    key = f"loyalty.indicator_{name}"
    return shown.labels.get(name) or (shown.words[f"loyalty.indicator_{name}"] if key in shown.words else name)
