"""The ladder over groups: what is compared with what, how it is judged, and what is refused."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.assess.criteria import Criteria, judge
from lvmodels.errors import DataError, DroppedRowsWarning, LvmodelsError, OptionValueError

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
TWO = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


def two_categories_or_more(cuts: list[float]) -> pd.DataFrame:
    """Two constructs, two groups; the second has another mean and variance of the first construct."""
    rng = np.random.default_rng(12)
    school = np.arange(700) % 2
    first = rng.normal(size=700) * (1.0 + 0.3 * school) + 0.4 * school
    second = 0.5 * first + rng.normal(size=700)
    found: dict[str, Any] = {"school": np.where(school, "b", "a")}
    for names, factor in ((("x1", "x2", "x3"), first), (("x7", "x8", "x9"), second)):
        for name, loading, easier in zip(names, (0.9, 0.8, 0.7), (0.0, 0.2, -0.2), strict=True):
            y = loading * factor + 0.8 * rng.normal(size=700)
            found[name] = np.digitize(y, np.quantile(y, np.array(cuts) + easier))
    return pd.DataFrame(found)


def graded(frame: pd.DataFrame, cuts: list[float]) -> pd.DataFrame:
    """Items cut into categories at shares of the whole sample."""
    items = [f"x{k}" for k in range(1, 10)]
    found = frame.copy()
    found[items] = found[items].apply(lambda x: np.digitize(x, np.quantile(x, cuts)))
    return found


def test_ladder_prints_and_shows_itself_in_a_notebook(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, frame, "school")
    assert list(ladder.fits) == ["configural", "metric", "scalar", "strict"]
    assert "Cheung and Rensvold 2002" in str(ladder)
    assert "supported up to 'metric'" in ladder.decisions[-1]
    page = ladder._repr_html_()
    assert page.count("<table") == 2
    assert "Chen 2007" in page
    assert ladder.fit("scalar").df == 60
    with pytest.raises(OptionValueError, match="the steps are configural"):
        ladder.fit("scalr")


def test_changes_are_those_of_compare(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, frame, "school", estimator="MLR")
    table = lv.compare(*ladder.fits.values())
    for column, ours in (("chisq_diff", "chisq_diff"), ("pvalue", "p_diff"), ("cfi_diff", "cfi_diff")):
        assert np.allclose(table[column], ladder.table[ours], equal_nan=True)
    measures = ladder.fit("metric").fit_measures()
    assert ladder.table.loc["metric", "chisq"] == measures["chisq_scaled"]


def test_largest_release_is_the_intercept_that_gains_most(frame: pd.DataFrame) -> None:
    """Known of these data: x3 and x7 have other intercepts in the two schools."""
    ladder = lv.invariance(HS, frame, "school", levels=("configural", "metric", "scalar"))
    first = ladder.release[ladder.release["step"] == "scalar"].head(2)
    assert first["lhs"].tolist() == ["x3", "x7"]
    free = lv.cfa(HS, frame, group="school", group_equal=("loadings", "intercepts"), group_partial="x3~1")
    fall = lv.compare(free, ladder.fit("scalar"))["chisq_diff"].iloc[1]
    assert first["x2"].iloc[0] == pytest.approx(fall, rel=0.05)


def test_partial_search_releases_until_the_step_holds(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, frame, "school", partial=True)
    assert list(ladder.table.index) == ["configural", "metric", "scalar", "scalar (partial)", "strict"]
    assert ladder.steps[3].released == ("x3~1", "x7~1")
    assert ladder.steps[4].released == ("x3~1", "x7~1")
    assert ladder.table.loc["scalar (partial)", "against"] == "metric"
    assert any("x3~1 released" in sentence for sentence in ladder.log)


def test_partial_search_leaves_two_items_equal(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, frame, "school", partial=True, criteria={"cfi": -1.0}, levels=("configural", "metric"))
    assert "fewer than two items" in ladder.log[-1]
    released = ladder.steps[-1].released
    assert all(sum(f"{f}=~" in name for name in released) <= 1 for f in ("visual", "textual", "speed"))


def test_released_loading_takes_its_intercept_along(frame: pd.DataFrame) -> None:
    data = frame.copy()
    other = data["school"] == data["school"].iloc[0]
    data.loc[other, "x5"] = data.loc[other, "x5"] * 2.0
    ladder = lv.invariance(HS, data, "school", partial=True, levels=("configural", "metric", "scalar"), std_lv=True)
    assert {"textual=~x5", "x5~1"} <= set(ladder.steps[-1].released)


def test_levels_of_the_structure_are_judged_by_their_test(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, frame, "school", levels=("configural", "metric", "scalar", "lv.variances", "means"))
    assert ladder.table.loc["means", "verdict"] == "fails"
    assert "5% level" in ladder.decisions[4]


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_scale_of_answers_is_free_where_wu_and_estabrook_free_it(frame: pd.DataFrame) -> None:
    """delta and theta are two ways to write one model."""
    data = graded(frame, [0.2, 0.5, 0.8])
    levels = ("configural", "thresholds", "metric", "scalar")
    theta = lv.invariance(TWO, data, "school", levels=levels, ordered=True)
    delta = lv.invariance(TWO, data, "school", levels=levels, ordered=True, parameterization="delta")
    assert np.allclose(theta.table["chisq"], delta.table["chisq"], rtol=1e-4)
    marker = lv.invariance(TWO, data, "school", levels=levels, ordered=True, std_lv=False)
    assert np.allclose(theta.table["chisq"], marker.table["chisq"], rtol=1e-4)


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_equal_thresholds_of_three_categories_restrict_nothing() -> None:
    ladder = lv.invariance(TWO, two_categories_or_more([0.3, 0.7]), "school", ordered=True)
    assert ladder.table.loc["thresholds", "df_diff"] == 0
    assert "nothing to test" in ladder.decisions[1]
    assert ladder.table.loc["strict", "df_diff"] == 6
    assert set(ladder.table["verdict"]) == {"holds"}


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_items_of_two_categories_become_equal_in_one_step() -> None:
    data = two_categories_or_more([0.5])
    ladder = lv.invariance(TWO, data, "school", ordered=True)
    assert list(ladder.fits) == ["configural", "scalar", "strict"]
    assert ladder.table["df_diff"].tolist()[1:] == [2.0, 6.0]
    assert "together" in ladder.log[0]
    with pytest.raises(OptionValueError, match="add 'scalar'"):
        lv.invariance(TWO, data, "school", ordered=True, levels=("configural", "metric"))


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
def test_partial_search_of_ordinal_items_frees_their_intercepts(frame: pd.DataFrame) -> None:
    ladder = lv.invariance(HS, graded(frame, [0.2, 0.5, 0.8]), "school", ordered=True, partial=True)
    partial = next(step for step in ladder.steps if step.name == "scalar (partial)")
    assert set(partial.released) <= {f"x{k}~1" for k in range(1, 10)}
    e = partial.fit.estimates()
    assert (e.query(f"op == '~1' and lhs == '{partial.released[0][:2]}' and group == 2")["se"] > 0).all()


# ---- judgement ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "changes", "verdict"),
    [
        (("loadings",), (-0.005, 0.002, 0.020), "holds"),
        (("loadings",), (-0.011, 0.002, 0.020), "fails"),
        (("loadings",), (-0.005, 0.020, 0.020), "doubtful"),
        (("loadings",), (-0.005, 0.020, 0.031), "fails"),
        (("intercepts",), (-0.005, 0.002, 0.020), "doubtful"),
        (("means",), (-0.050, 0.050, 0.050), "holds"),
    ],
)
def test_verdict_follows_the_published_limits(kinds: tuple[str, ...], changes: tuple[float, ...], verdict: str) -> None:
    row = dict(zip(("cfi_diff", "rmsea_diff", "srmr_diff"), changes, strict=True))
    found, why = judge(kinds, row | {"df_diff": 3, "chisq_diff": 1.0, "p_diff": 0.8}, Criteria())
    assert found == verdict
    assert "p = .800" in why


# ---- input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"levels": ("configural", "metrik")}, "Did you mean 'metric'"),
        ({"levels": ()}, "levels= is empty"),
        ({"levels": ("metric", "metric")}, "twice"),
        ({"group_equal": "loadings"}, "sets group_equal itself"),
        ({"criteria": {"cfy": 0.1}}, "Did you mean 'cfi'"),
        ({"group_partial": "x1~2"}, "Did you mean 'x1~1'"),
        ({"ordered": True, "parameterization": "delta"}, "parameterization='theta'"),
        ({"estimator": "MLX"}, "estimator='MLX'"),
        ({"meanstructure": False}, "equal intercepts need means"),
    ],
)
def test_bad_options_are_refused_with_the_remedy(frame: pd.DataFrame, options: Any, message: str) -> None:
    with pytest.raises(OptionValueError, match=message):
        lv.invariance(HS, frame, "school", **options)


def test_group_without_a_category_is_refused_with_advice(frame: pd.DataFrame) -> None:
    data = graded(frame, [0.2, 0.5, 0.8])
    data.loc[(data["school"] == data["school"].iloc[0]) & (data["x1"] == 0), "x1"] = 1
    with pytest.raises(DataError, match="join it with the next category") as caught:
        lv.invariance(HS, data, "school", ordered=True)
    assert "configural" in caught.value.__notes__[0]


def test_one_group_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="at least two"):
        lv.invariance(HS, frame[frame["school"] == frame["school"].iloc[0]], "school")


def test_group_of_twelve_gives_an_answer_with_a_caution(frame: pd.DataFrame) -> None:
    one = frame["school"] == frame["school"].iloc[0]
    few = pd.concat([frame[one].head(12), frame[~one]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ladder = lv.invariance(TWO, few, "school", levels=("configural", "metric", "scalar"))
    assert "has 12 cases" in ladder.decisions[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lost = lv.invariance(HS, few, "school", levels=("configural",))
    assert lost.table["verdict"].tolist() == ["not judged"]
    assert "nothing can be said" in lost.decisions[1]
    with pytest.raises(LvmodelsError, match="too few"):
        lv.invariance(HS, pd.concat([frame[one].head(8), frame[~one]]), "school")


def test_missing_groups_are_told_once(frame: pd.DataFrame) -> None:
    data = frame.copy()
    data.loc[data.index[::10], "school"] = None
    with pytest.warns(DroppedRowsWarning) as told:
        lv.invariance(HS, data, "school", levels=("configural", "metric"))
    assert len(told) == 1
    assert told[0].filename == __file__


def test_groups_may_have_names_of_any_kind(frame: pd.DataFrame) -> None:
    first = frame["school"] == frame["school"].iloc[0]
    plain = lv.invariance(TWO, frame, "school").table["chisq"]
    for labels in (("第一 中学", "Grant White"), (7, 3), (True, False)):
        named = frame.assign(place=np.where(first, *labels))
        ladder = lv.invariance(TWO, named, "place")
        assert np.allclose(ladder.table["chisq"], plain)
        assert f"epc ({labels[0]})" in ladder.release.columns or labels[0] in (True, 7)
    text = 'group: "第一 中学"\nvisual =~ x1 + x2 + x3\ngroup: "Grant White"\nvisual =~ x1 + x2 + 0.7*x3'
    fit = lv.cfa(text, frame.assign(place=np.where(first, "第一 中学", "Grant White")), group="place")
    assert fit.df == 1
