"""Products of latent variables measured by products of items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, ModelError, NotEstimableError
from lvmodels.model.product_indicators import product_indicators
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import model_variables

MEASURES = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nY =~ y1 + y2 + y3\n"


def data(n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(6)
    F = rng.multivariate_normal([0, 0], [[1.0, 0.3], [0.3, 1.0]], n)
    y = 0.4 * F[:, 0] + 0.3 * F[:, 1] + 0.3 * F[:, 0] * F[:, 1] + 0.7 * rng.standard_normal(n)
    items = np.column_stack([*F.T, y])[:, [0, 0, 0, 1, 1, 1, 2, 2, 2]] + 0.5 * rng.standard_normal((n, 9)) + 3.0
    return pd.DataFrame(items, columns=[f"{letter}{i}" for letter in "aby" for i in (1, 2, 3)])


def test_matched_pairs_equal_products_made_by_hand() -> None:
    frame = data()
    fit = lv.sem(MEASURES + "Y ~ A + B + A:B", frame, latent_product="product.indicator")
    centred = frame - frame.mean()
    for i in (1, 2, 3):
        product = centred[f"a{i}"] * centred[f"b{i}"]
        frame[f"p{i}"] = product - product.mean()
    by_hand = lv.sem(MEASURES + "P =~ p1 + p2 + p3\nY ~ A + B + P", frame)
    assert fit.fit_measures()["chisq"] == pytest.approx(by_hand.fit_measures()["chisq"])
    assert fit.params["Y~A:B"] == pytest.approx(by_hand.params["Y~P"])
    assert fit.bse["Y~A:B"] == pytest.approx(by_hand.bse["Y~P"])
    slopes = lv.simple_slopes(fit, "A", "B", at=[0.0])
    assert slopes["slope"].iloc[0] == pytest.approx(fit.params["Y~A"])


def test_both_ways_estimate_the_same_effect() -> None:
    frame = data(800)
    ways = ("lms", "product.indicator", "product.indicator.all")
    found = [lv.sem(MEASURES + "Y ~ A + B + A:B", frame, latent_product=way).params["Y~A:B"] for way in ways]
    assert found == pytest.approx([0.3] * 3, abs=0.1)


def test_products_that_share_an_item_share_a_residual() -> None:
    text = parse_model("A =~ a1 + a2; B =~ b1 + b2; Y ~ A + B + A:B")
    lines = product_indicators(text, model_variables(text), all_pairs=True).lines.splitlines()
    assert lines[0] == "`A:B` =~ `a1:b1` + `a1:b2` + `a2:b1` + `a2:b2`"
    assert lines[1:] == [
        "`a1:b1` ~~ `a1:b2`",
        "`a1:b1` ~~ `a2:b1`",
        "`a1:b2` ~~ `a2:b2`",
        "`a2:b1` ~~ `a2:b2`",
    ]
    square = parse_model("A =~ a1 + a2; Y ~ A + A:A")
    assert product_indicators(square, model_variables(square), all_pairs=False).columns == ("a1:a1", "a2:a2")


def test_what_cannot_be_matched_is_refused() -> None:
    frame = data(60)
    uneven = "A =~ a1 + a2 + a3\nB =~ b1 + b2\nY =~ y1 + y2 + y3\nY ~ A + B + A:B"
    with pytest.raises(ModelError, match=r"product\.indicator\.all"):
        lv.sem(uneven, frame, latent_product="product.indicator")
    with pytest.raises(DataError, match="answers of each case"):
        lv.sem(MEASURES + "Y ~ A:B", sample_cov=frame.cov(), sample_nobs=60, latent_product="product.indicator")
    blocks = f"group: 1\n{MEASURES}Y ~ A:B\ngroup: 2\n{MEASURES}Y ~ A:B"
    with pytest.raises(NotEstimableError, match="blocks"):
        lv.sem(blocks, frame.assign(g=[1, 2] * 30), group="g", latent_product="product.indicator")
