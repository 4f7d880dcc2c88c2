"""The ladder over waves: its texts, what they identify, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import DataError, ModelError, OptionValueError

DEMOCRACY = {"dem": [["y1", "y2", "y3", "y4"], ["y5", "y6", "y7", "y8"]]}
DATA = lv.datasets.load("political_democracy")


def answers(n: int = 500, shift: float = 0.0) -> pd.DataFrame:
    """Three items at two waves, in four categories; the third item of the second wave is `shift` easier."""
    rng = np.random.default_rng(7)
    first = rng.normal(size=n)
    found = {}
    for wave, f in enumerate((first, 0.3 + 0.6 * first + 0.8 * rng.normal(size=n)), start=1):
        for k, loading in enumerate((0.9, 0.8, 0.7), start=1):
            y = loading * f + 0.6 * rng.normal(size=n) + shift * (k == 3 and wave == 2)
            found[f"v{k}_{wave}"] = np.digitize(y, (-0.8, 0.2, 1.0)).astype(float)
    return pd.DataFrame(found)


WAVES = {"value": [["v1_1", "v2_1", "v3_1"], ["v1_2", "v2_2", "v3_2"]]}


def test_texts_of_the_steps_fit_like_the_ladder() -> None:
    ladder = lv.longitudinal_invariance(DEMOCRACY, DATA)
    for step, text in ladder.texts.items():
        assert lv.sem(text, DATA).fit_measures()["chisq"] == pytest.approx(ladder.table.loc[step, "chisq"])
    assert "dem_2 ~ NA*1" in ladder.texts["scalar"]
    assert "y1 ~~ y5" in ladder.texts["configural"]


def test_shifted_item_is_found_first() -> None:
    ladder = lv.longitudinal_invariance(WAVES, answers(shift=0.6), levels=("configural", "metric", "scalar"))
    assert ladder.table["verdict"].tolist() == ["holds", "holds", "fails"]
    row = ladder.release[ladder.release["step"] == "scalar"].iloc[0]
    assert (row["lhs"], row["op"]) == ("v3_1", "~1")
    assert row["epc (wave 2)"] > 0 > row["epc (wave 1)"]


def test_shifted_ordinal_item_is_found_first() -> None:
    ladder = lv.longitudinal_invariance(WAVES, answers(shift=0.6), ordered=True)
    assert list(ladder.fits) == ["configural", "thresholds", "metric", "scalar", "strict"]
    row = ladder.release[ladder.release["step"] == "scalar"].iloc[0]
    assert (row["lhs"], row["op"]) == ("v3_2", "~1")
    assert "over waves" in ladder.decisions[-1]


def test_means_and_variances_can_be_equal_too() -> None:
    levels = ("configural", "metric", "scalar", "lv.variances", "means")
    ladder = lv.longitudinal_invariance(WAVES, answers(), levels=levels)
    assert ladder.table["df_diff"].tolist()[1:] == [2.0, 2.0, 1.0, 1.0]
    assert ladder.table.loc["means", "verdict"] == "fails"  # the mean rises by .3


def test_lines_can_be_added_to_every_step() -> None:
    ladder = lv.longitudinal_invariance(
        WAVES, answers(), levels=("configural", "metric"), constraints="value_2 ~ value_1"
    )
    assert ladder.fit("metric").estimates().query("op == '~'")["lhs"].tolist() == ["value_2"]


def test_names_may_hold_dots_and_chinese() -> None:
    data = answers().rename(columns={"v1_1": "题1"})
    items = {"价.值": [["题1", "v2_1", "v3_1"], ["v1_2", "v2_2", "v3_2"]]}
    ladder = lv.longitudinal_invariance(items, data, levels=("configural", "metric"))
    assert set(ladder.release["lhs"]) == {"价.值"}


@pytest.mark.parametrize(
    ("items", "options", "error", "message"),
    [
        ({"v": [["v1_1", "v2_1"]]}, {}, ModelError, "at least two waves"),
        ({"v": [["v1_1", "v2_1"], ["v1_2"]]}, {}, ModelError, "2, 1 items"),
        ({"v": [["v1_1", "v2_1"], ["v1_1", "v2_2"]]}, {}, ModelError, "v1_1 stands twice"),
        ({"v": "v1_1"}, {}, ModelError, "list of items"),
        ("v1_1", {}, ModelError, "dict from constructs"),
        ({"v1": WAVES["value"]}, {}, ModelError, "item and a construct"),
        (WAVES, {"std_lv": True}, OptionValueError, "leave std_lv out"),
        (WAVES, {"levels": "metrc"}, OptionValueError, "Did you mean 'metric'"),
        (WAVES, {"ordered": ["v1_1"]}, OptionValueError, "name all waves"),
        (WAVES, {"ordered": True, "parameterization": "delta"}, OptionValueError, "theta"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(items: Any, options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        lv.longitudinal_invariance(items, answers(), **options)


def test_category_of_one_wave_alone_is_refused() -> None:
    data = answers()
    data.loc[data["v1_2"] == 3, "v1_2"] = 2
    with pytest.raises(DataError, match=r"category 3 of 'v1_2'.*join it"):
        lv.longitudinal_invariance(WAVES, data, ordered=True)
