"""Frameworks: texts and instruments agree, populations are recovered, editing and errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import FrameworkError, OptionValueError, UnknownFrameworkError, UnknownNameError
from lvmodels.loyalty.frameworks.population import construct_scores, remainders
from lvmodels.model.syntax import parse_model

NAMES = lv.frameworks.names()
DULLED = {"acsi": {"Complaints ~ Satisfaction", "Loyalty ~ Complaints"}}  # a yes or no in place of an inclination


@pytest.mark.parametrize("name", NAMES)
def test_text_parses_and_asks_what_the_instrument_asks(name: str) -> None:
    framework = lv.frameworks[name]
    for product in (True, False):
        parse_model(framework.model(product))
    by_construct = {item.name: item.construct for item in framework.instrument.items}
    for construct, items in framework.blocks.items():
        assert [by_construct[item] for item in items] == [construct] * len(items)
    assert set(framework.title) == set(framework.description) == {"en", "zh"}


@pytest.mark.parametrize("name", NAMES)
def test_hypotheses_are_paths_of_the_text_with_the_sign_of_the_population(name: str) -> None:
    framework = lv.frameworks[name]
    lines = [line.split(" ~ ") for line in framework.text.split("# structure")[1].strip().splitlines()]
    paths = {(left, right) for left, terms in lines for right in terms.split(" + ")}
    assert paths == {(h.outcome, h.predictor) for h in framework.hypotheses}
    assert all((h.value > 0) == (h.sign == "+") and h.source for h in framework.hypotheses)
    assert {part for h in framework.hypotheses for part in (h.outcome, *h.factors)} <= set(framework.constructs)


@pytest.mark.parametrize("name", NAMES)
def test_constructs_have_unit_variance_in_the_population(name: str) -> None:
    framework = lv.frameworks[name]
    assert all(0 <= left <= 1 for left in remainders(framework).values())
    scores = construct_scores(framework, 40_000, np.random.default_rng(5))
    assert all(abs(values.var() - 1) < 0.05 for values in scores.values())


def deviations(name: str, n: int, seed: int, product: bool = False) -> dict[str, float]:
    """Standardized estimates minus population values, by path."""
    framework = lv.frameworks[name]
    fit = framework.fit(framework.simulate(n, seed), product)
    assert fit.converged
    assert not fit.singular
    table = lv.hypotheses_table(fit, framework).set_index("path")["standardized"]
    return {
        h.path: table[h.path] - h.value
        for h in framework.hypotheses
        if (product or len(h.factors) == 1) and h.path not in DULLED.get(name, ())
    }


@pytest.mark.parametrize("name", NAMES)
def test_framework_is_identified_and_its_population_found_again(name: str) -> None:
    assert max(map(abs, deviations(name, 1200, 11).values())) < 0.16


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_population_is_found_again_in_a_large_sample(name: str) -> None:
    assert max(map(abs, deviations(name, 20_000, 12).values())) < 0.04


@pytest.mark.slow
@pytest.mark.parametrize("name", ["value_loyalty", "competition_moderator"])
def test_interactions_of_the_population_are_found_again(name: str) -> None:
    found = deviations(name, 1500, 3, product=True)
    assert max(map(abs, found.values())) < 0.12


def test_same_seed_gives_the_same_answers_on_the_scale() -> None:
    framework = lv.frameworks["value_loyalty"]
    first, again = framework.simulate(80, 7), framework.simulate(80, 7)
    pd.testing.assert_frame_equal(first.answers, again.answers)
    assert first.answers.isin(range(1, 8)).all(axis=None)
    assert first.instrument is not None
    assert first.instrument.simulated
    lv.read_survey(first.answers, framework.instrument)


def test_price_tolerance_is_asked_only_of_those_who_would_return() -> None:
    answers = lv.frameworks["acsi"].simulate(300, 1).answers
    stay = answers["LOY1"] >= 6
    assert answers.loc[stay, "LOY2"].notna().all()
    assert answers.loc[~stay, "LOY2"].isna().all()
    assert answers.loc[stay, "LOY3"].isna().all()


def test_ecsi_and_reputation_are_fitted_to_real_answers() -> None:
    trimmed = lv.frameworks["ecsi"].without("Image")
    shipped = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))
    assert trimmed.fit().fit_measures()["chisq"] == pytest.approx(shipped.fit_measures()["chisq"], abs=1e-4)
    reputation = lv.frameworks["reputation"]
    own = lv.sem(lv.datasets.model("corp_rep"), lv.datasets.load("corp_rep"), missing="fiml")
    assert reputation.fit(missing="fiml").llf == pytest.approx(own.llf, abs=1e-4)


def test_flagship_takes_the_items_of_the_data_set_of_its_name() -> None:
    items = {"Quality": ("QUA", 5), "Value": ("VAL", 4), "Satisfaction": ("SAT", 4), "SwitchingCost": ("SWI", 4),
             "Loyalty": ("LOY", 4)}  # fmt: skip
    mine = lv.frameworks["value_loyalty"].without("RelationshipBenefit")
    mine = mine.renamed({name: [f"{code}{k + 1}" for k in range(n)] for name, (code, n) in items.items()})
    data = lv.datasets.load("value_loyalty")
    shipped = lv.sem(lv.datasets.model("value_loyalty"), data, missing="fiml")
    fit = mine.fit(data, product=False, missing="fiml")
    assert fit.llf == pytest.approx(shipped.llf, abs=1e-4)
    table = lv.hypotheses_table(fit, mine)
    verdicts = table["verdict"].tolist()
    assert verdicts[:3] == ["supported"] * 3
    assert verdicts[-1] == "not tested"


def test_composites_form_value_without_a_remainder() -> None:
    framework = lv.frameworks["value_drivers"]
    assert "Gains <~ 1*ProductQuality + ServiceQuality + PromotionQuality" in framework.text
    r2 = framework.fit(framework.simulate(600, 4)).r2()
    assert r2["Gains"] == pytest.approx(1.0)


# ---- verdicts -------------------------------------------------------------------------------------------------------


def test_verdicts_say_supported_contrary_and_not_tested() -> None:
    framework = lv.frameworks["loyalty_chain"]
    fit = framework.fit(framework.simulate(300, 2))
    against = lv.Framework(
        **{
            **{name: getattr(framework, name) for name in framework.__slots__},
            "hypotheses": tuple(
                type(h)(h.name, h.outcome, h.predictor, "-", -h.value, h.source) for h in framework.hypotheses
            ),
        }
    )
    assert set(lv.hypotheses_table(fit, framework)["verdict"]) == {"supported"}
    assert set(lv.hypotheses_table(fit, against)["verdict"]) == {"contrary"}
    other = lv.hypotheses_table(fit, lv.frameworks["scsb"])
    assert set(other["verdict"]) == {"not tested"}
    with pytest.raises(OptionValueError, match="not between 0 and 1"):
        lv.hypotheses_table(fit, framework, level=95)


def test_verdicts_come_by_group() -> None:
    framework = lv.frameworks["loyalty_chain"]
    answers = framework.simulate(300, 2).answers.assign(stage=np.repeat(["new", "old"], 150))
    table = lv.hypotheses_table(framework.fit(answers, group="stage"), framework)
    assert table["group"].tolist() == [1, 2, 1, 2, 1, 2]


@pytest.mark.parametrize(("language", "heading"), [("en", "Hypotheses"), ("zh", "假设检验")])
def test_report_has_the_table_of_hypotheses(tmp_path: Path, language: str, heading: str) -> None:
    framework = lv.frameworks["loyalty_chain"]
    fit = framework.fit(framework.simulate(200, 2))
    page = fit.report(tmp_path / "r", language=language, hypotheses=framework).read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert f">{heading}" in page
    assert (tmp_path / "r" / "tables" / "hypotheses.csv").read_text(encoding="utf-8").count("H") >= 3


def test_diagram_is_drawn(tmp_path: Path) -> None:
    (path,) = lv.frameworks["value_loyalty"].diagram(tmp_path / "framework.svg")
    assert "H8" in path.read_text(encoding="utf-8") or path.stat().st_size > 10_000
    assert len(lv.frameworks["loyalty_chain"].diagram(tmp_path / "all")) == 3


# ---- trimmed, joined, renamed ---------------------------------------------------------------------------------------


def test_without_takes_paths_products_and_parts_along() -> None:
    framework = lv.frameworks["value_loyalty"].without("SwitchingCost", "Quality")
    assert "SwitchingCost" not in framework.text
    assert "ProductQuality" not in framework.text
    assert [h.name for h in framework.hypotheses] == ["H3", "H4", "H5", "H6"]
    assert {item.construct for item in framework.instrument.items} == set(framework.blocks)


def test_joined_frameworks_share_their_constructs() -> None:
    first, second = lv.frameworks["value_levels"], lv.frameworks["competition_moderator"]
    both = first.joined(second, "both")
    assert set(both.blocks) == {*first.blocks, *second.blocks}
    assert [h.path for h in both.hypotheses].count("AttitudinalLoyalty ~ Satisfaction") == 1
    assert both.fit(both.simulate(400, 1), product=False).converged


def test_join_refuses_the_same_code_for_two_questions() -> None:
    with pytest.raises(FrameworkError, match="measure Satisfaction by different items"):
        lv.frameworks["value_levels"].joined(lv.frameworks["online_loyalty"])
    with pytest.raises(FrameworkError, match=r"different items|asks one thing"):
        lv.frameworks["acsi"].joined(lv.frameworks["ecsi"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f.without("SwitchingCosts"), r"no construct 'SwitchingCosts'.*Did you mean 'SwitchingCost'"),
        (lambda f: f.without("ProductQuality", "ServiceQuality", "Price"), "nothing measures 'Quality'"),
        (lambda f: f.without("Quality", "Value", "Satisfaction", "RelationshipBenefit", "SwitchingCost"), "no path"),
        (lambda f: f.renamed({"SAT9": "q"}), "no item or construct 'SAT9'"),
        (lambda f: f.renamed({"SAT1": "SAT2"}), "SAT2 would stand twice"),
        (lambda f: f.fit(), "no data set of real answers"),
        (lambda f: f.fit(f.simulate(50, 1).answers.filter(regex="^(?!SWC)")), "missing construct: switching cost"),
        (lambda f: f.fit(f.simulate(50, 1).answers.drop(columns="SAT2")), "missing items of satisfaction.*SAT2"),
    ],
)
def test_errors_say_what_is_missing(call: object, message: str) -> None:
    with pytest.raises(FrameworkError, match=message):
        call(lv.frameworks["value_loyalty"])  # type: ignore[operator]


def test_unknown_framework_gets_a_suggestion() -> None:
    with pytest.raises(UnknownFrameworkError, match="Did you mean 'value_loyalty'"):
        _ = lv.frameworks["value_loyalti"]
    with pytest.raises(UnknownFrameworkError, match="service_encounter"):
        lv.frameworks.family("none")
    with pytest.raises(OptionValueError, match="n=0"):
        lv.frameworks["ecsi"].simulate(0)


# ---- facets, units, waves -------------------------------------------------------------------------------------------


def test_facet_regression_agrees_with_least_squares() -> None:
    survey = lv.frameworks["loyalty_facet_paths"].simulate(300, 1)
    found = lv.facet_regression(survey)
    scores = lv.scale_scores(survey).scores
    X = np.column_stack([np.ones(300), scores[list(found.coefficients.index[1:])]])
    b = np.linalg.lstsq(X, scores["OverallLoyalty"], rcond=None)[0]
    np.testing.assert_allclose(found.coefficients["b"], b)
    assert found.correlations.shape == (5, 5)
    with pytest.raises(UnknownNameError, match="no construct 'Overall'"):
        lv.facet_regression(survey, outcome="Overall")


def test_units_are_joined_and_losses_named() -> None:
    staff = pd.DataFrame({"UNIT": [1, 1, 2, 3], "ESA1": [6, 4, 3, 5]})
    customers = pd.DataFrame({"UNIT": [1, 2, 2], "SCS1": [5, 2, 4]})
    joined = lv.join_units(
        {"staff": staff, "customers": customers}, figures=pd.DataFrame({"UNIT": [1, 2], "PROFIT": [9, 8]})
    )
    assert joined.answers.to_numpy().tolist() == [[5, 5, 9], [3, 3, 8]]
    assert joined.respondents["n_staff"].tolist() == [2, 1]
    assert "UNIT 3" in joined.log[1]
    with pytest.raises(FrameworkError, match="no column 'UNIT'"):
        lv.join_units({"staff": staff.drop(columns="UNIT")})
    with pytest.raises(FrameworkError, match="no UNIT is in all"):
        lv.join_units({"staff": staff, "customers": customers.assign(UNIT=[7, 8, 8])})
    with pytest.raises(FrameworkError, match="more than one row for UNIT 1"):
        lv.join_units({"staff": staff}, figures=pd.DataFrame({"UNIT": [1, 1], "PROFIT": [9, 8]}))
    with pytest.raises(FrameworkError, match="ESA1 stands in two sources"):
        lv.join_units({"a": staff, "b": staff})


def test_wave_changes_tell_gradual_from_abrupt() -> None:
    framework = lv.frameworks["value_dimensions"]
    first = framework.simulate(1500, 1).answers
    second = framework.simulate(1500, 2).answers
    mixed = second.copy()
    stranger = framework.simulate(1500, 3).answers
    functional = [c for c in mixed if c.startswith("FUN")]
    mixed[functional] = stranger[functional]  # answers of other people: nothing leads to satisfaction there
    both = pd.concat([first.assign(wave=1), mixed.assign(wave=2)], ignore_index=True)
    changes = lv.wave_changes(framework, both).set_index("path")["change"]
    assert changes["Satisfaction ~ FunctionalValue"] == "drops out"
    with pytest.raises(OptionValueError, match="has 1 wave"):
        lv.wave_changes(framework, first.assign(wave=1))
    with pytest.raises(OptionValueError, match="no column"):
        lv.wave_changes(framework, first)
