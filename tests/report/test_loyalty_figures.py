"""Figures of indices and maps, and the page of the measurement plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import lvmodels as lv
from lvmodels.errors import OptionValueError
from lvmodels.report.loyalty_figures import _DRAWERS

ix, sg = lv.indices, lv.segments


@pytest.fixture(scope="module")
def records() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    n = 80
    frame = pd.DataFrame(rng.integers(1, 6, (n, 4)), columns=list("abcd")).assign(shop=np.repeat(["x", "y"], n // 2))
    form = pd.DataFrame({"OVS": rng.integers(1, 5, n), "REP": rng.integers(1, 4, n), "REC": rng.integers(1, 4, n),
                         "NPS": rng.integers(0, 11, n)})  # fmt: skip
    mobi = lv.datasets.load("ecsi_mobi")
    pls = lv.pls(
        "Value =~ PERV1 + PERV2; Sat =~ CUSA1 + CUSA2; Loyalty =~ CUSL1 + CUSL3; Sat ~ Value; Loyalty ~ Sat", mobi
    )
    found = [
        ix.gap_scores(frame, {"a": "b", "c": "d"}),
        ix.servqual(frame, {"first": {"a": "b"}, "second": {"c": "d"}}),
        ix.satisfaction_index(frame, weights=["a", "b"], group="shop", low=1, high=5, n=20, seed=1),
        ix.importance_performance(pls, "Loyalty"),
        ix.kano(frame, {"wifi": ("a", "b"), "bath": ("c", "d")}),
        ix.value_map({"A": {"x": 8}, "B": {"x": 6}, "C": {"x": 7}}, {"x": 1}, {"A": 9, "B": 8, "C": 9}),
        ix.delivered_value(product=10, money=4, time=1),
        ix.satisfaction_loyalty_curve(frame, "a", "b", shapes=["linear", "power"]),
        ix.satisfaction_indicators(frame, {"reputation": "a", "complaint_rate": "b"}),
        ix.loyalty_form(form),
        ix.net_promoter_score(form, "NPS"),
        ix.response_account({"web": 9, "mail": 9}, {"web": 5, "mail": 4}, {"web": 4, "mail": 4}),
        lv.lifetime.profit_sources(60, [30, 30], referral=[0, 2]),
        sg.satisfaction_loyalty(frame, "a", "b", apostle=5, terrorist=1),
        sg.concentration(frame, "a"),
        sg.whale_curve(frame, "a"),
        sg.transitions(sg.ladder(frame, "a"), sg.ladder(frame, "b")),
        sg.latent_classes(frame, ["a", "b"], classes=[1, 2], shape="diagonal", starts=2),
    ]
    return {type(record).__name__: record for record in found}


@pytest.mark.parametrize("name", [kind.__name__ for kind in _DRAWERS])
def test_every_record_has_a_figure_of_print_size_with_its_texts_inside(records: dict[str, Any], name: str) -> None:
    figure = lv.draw(records[name])
    assert figure.get_size_inches()[0] == 6.3
    width, height = figure.canvas.get_width_height()
    ticks = {id(t) for axes in figure.axes for t in [*axes.get_xticklabels(), *axes.get_yticklabels()]}
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and id(text) not in ticks:  # those outside the axes are not drawn
            box = text.get_window_extent()
            assert box.x0 > -1, text.get_text()
            assert box.x1 < width + 1, text.get_text()
            assert box.y0 > -1, text.get_text()
            assert box.y1 < height + 1, text.get_text()


def test_quadrants_tiers_and_stages_have_their_own_pictures_and_names() -> None:
    frame = pd.DataFrame({"involvement": [5, 1, 5, 1], "brands": [1, 1, 5, 5], "share": [0.9, 0.9, 0.2, 0.2]})
    texts = [t.get_text() for t in lv.draw(sg.loyalty_diamond(frame)).findobj(Text)]
    assert {"loyal 25 %", "habitual 25 %", "variety-seeking 25 %", "switchers 25 %"} <= set(texts)
    tiers = lv.draw(sg.pyramid(pd.DataFrame({"revenue": range(100)})), labels={"top": "our best"})
    names = [t.get_text() for t in tiers.axes[0].get_yticklabels()]
    assert names == ["our best", "big", "medium", "small"]
    assert [bar.get_width() for bar in tiers.axes[0].patches] == [1.0, 4.0, 15.0, 80.0]
    assert len(tiers.axes) == 2
    steps = lv.draw(sg.ladder(pd.DataFrame({"purchases": [0, 1, 1]})))
    assert steps.axes[0].get_yticklabels()[-1].get_text() == "suspects"


@pytest.mark.filterwarnings("ignore::lvmodels.errors.FontWarning")
def test_figure_speaks_chinese_and_the_labels_of_the_user(records: dict[str, Any]) -> None:
    figure = lv.draw(records["Kano"], language="zh", labels={"wifi": "无线网络"})
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert any(text.startswith("无线网络") for text in texts)
    assert "魅力" in texts


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_file_is_written_in_the_format_of_its_ending_and_again_the_same(
    records: dict[str, Any], tmp_path: Path, ending: str
) -> None:
    first, second = (tmp_path / "new" / f"{k}.{ending}" for k in "ab")
    lv.draw(records["ValueMap"], first, dpi=80)
    lv.draw(records["ValueMap"], second, dpi=80)
    assert first.read_bytes() == second.read_bytes()


def test_what_has_no_figure_is_named(records: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OptionValueError, match="no figure of a DataFrame"):
        lv.draw(pd.DataFrame())
    with pytest.raises(OptionValueError, match=r"\.svg, \.pdf or \.png"):
        lv.draw(records["Kano"], tmp_path / "kano.jpg")


@pytest.mark.parametrize(("language", "step"), [("en", "1. Criteria"), ("zh", "1. 确定指标")])
def test_plan_is_a_page(tmp_path: Path, language: Any, step: str) -> None:
    plan = ix.measurement_plan({"use": {"owner": "A & B"}}, instrument=lv.instruments.load("acsi"), title="Wave 1")
    page = lv.write_plan(plan, tmp_path / "plan.html", language).read_text(encoding="utf-8")
    assert step in page
    assert "A &amp; B" in page
    assert "Wave 1" in page
