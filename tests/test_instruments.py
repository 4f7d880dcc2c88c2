"""The shipped instruments: every framework has one, complete in both languages, with its literature."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from pathlib import Path

import pytest

import lvmodels as lv
from lvmodels.errors import LvmodelsError, UnknownInstrumentError
from lvmodels.survey import shipped
from lvmodels.survey.instrument import Instrument
from lvmodels.survey.question_text import bare_question

NAMES = lv.instruments.names()
CHINESE = re.compile("[\u4e00-\u9fff]")
CITATION = re.compile(r"[A-Z]\S+.* \((19|20)\d\d\), ")

CONSTRUCTS = {
    "value_loyalty": {
        "ProductQuality", "ServiceQuality", "Price", "FunctionalValue", "EmotionalValue", "SocialValue",
        "EpistemicValue", "ConditionalValue", "RelationshipBenefit", "Satisfaction", "SwitchingCost",
        "AttitudinalLoyalty",
        "BehaviouralLoyalty",
    },
    "acsi": {"Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"},
    "ecsi": {"Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"},
    "scsb": {"Performance", "Expectation", "Satisfaction", "Complaints", "Loyalty"},
    "service_encounter": {"Sacrifice", "Quality", "Value", "Satisfaction", "Intention"},
    "loyalty_stages": {"CognitiveLoyalty", "AffectiveLoyalty", "ConativeLoyalty", "ActionLoyalty"},
    "loyalty_facets": {
        "CognitiveFacet", "AffectiveFacet", "BehaviouralFacet", "RecommendationFacet", "OverallLoyalty",
    },
    "servqual": {"Tangibles", "Reliability", "Responsiveness", "Assurance", "Empathy"},
    "perceived_value": {"FunctionalValue", "EmotionalValue", "SocialValue", "EpistemicValue", "ConditionalValue"},
    "switching_cost": {"ProceduralCost", "FinancialCost", "RelationalCost"},
    "relationship_benefits": {"ConfidenceBenefit", "SocialBenefit", "SpecialTreatment"},
    "online_loyalty": {
        "Security", "Reputation", "Trust", "Promise", "Personalisation", "Satisfaction", "SwitchingCost",
        "OnlineLoyalty",
    },
    "value_hierarchy": {
        f"{level}{kind}"
        for level in ("Attribute", "Consequence", "Goal")
        for kind in ("Desired", "Received", "Satisfaction")
    },
    "service_profit_staff": {"InternalQuality", "EmployeeSatisfaction", "EmployeeLoyalty"},
    "service_profit_customers": {"ServiceValue", "Satisfaction", "Loyalty"},
    "loyalty_moderators": {"CompetitionIntensity", "AlternativeAttractiveness"},
    "value_drivers": {
        "ProductQuality", "ServiceQuality", "PromotionQuality", "PriceSacrifice", "TimeSacrifice", "EffortSacrifice",
        "RiskSacrifice", "OverallValue",
    },
    "value_levels": {"MarketValue", "TransactionValue", "PersonalisedValue", "EmotionalBondValue"},
}  # fmt: skip


@pytest.fixture(params=NAMES)
def instrument(request: pytest.FixtureRequest) -> Instrument:
    return lv.instruments.load(request.param)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_every_framework_has_its_instrument_with_its_constructs(name: str) -> None:
    assert {construct.name for construct in lv.instruments.load(name).constructs} == CONSTRUCTS[name]


def test_file_and_instrument_have_the_same_name(instrument: Instrument) -> None:
    assert lv.instruments.path(instrument.name).stem == instrument.name
    assert not instrument.simulated


def test_every_text_stands_in_both_languages(instrument: Instrument) -> None:
    texts = [instrument.title, instrument.description, *(item.wording for item in instrument.items)]
    for construct in instrument.constructs:
        texts += [construct.label, construct.definition]
    texts += [{lang: " ".join(words.values()) for lang, words in s.anchors.items()} for s in instrument.scales.values()]
    for text in texts:
        assert text is not None
        assert re.search("[a-z]", text["en"])
        assert not CHINESE.search(text["en"])
        assert CHINESE.search(text["zh"])


def test_scales_are_used_and_have_the_same_anchors_in_both_languages(instrument: Instrument) -> None:
    assert set(instrument.scales) == {item.scale for item in instrument.items if item.scale}
    for scale in instrument.scales.values():
        assert set(scale.anchors["en"]) == set(scale.anchors["zh"]) >= {min(scale.values), max(scale.values)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_items_of_an_instrument_ask_nearly_the_same(instrument: Instrument, language: str) -> None:
    wordings = [bare_question(item.wording[language]) for item in instrument.items]
    near = [
        (one, other)
        for k, one in enumerate(wordings)
        for other in wordings[:k]
        if difflib.SequenceMatcher(None, one, other).quick_ratio() > 0.97
    ]
    assert near == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_wording_stands_in_two_instruments(language: str) -> None:
    """Two instruments may be joined into one questionnaire, and then nothing is asked twice."""
    loaded = [lv.instruments.load(name) for name in NAMES]
    places = [
        (bare_question(item.wording[language]), instrument.name)
        for instrument in loaded
        for item in instrument.items
        if item.name != "UNIT"  # the branch stands on both questionnaires of the service-profit chain
    ]
    twice = [text for text, count in Counter(text for text, _ in places).items() if count > 1]
    assert twice == []


def test_sources_are_cited_with_author_year_and_journal(instrument: Instrument) -> None:
    assert instrument.source.endswith("Wording: our own.")
    for source in (instrument.source, *(construct.source for construct in instrument.constructs)):
        for one in source.removesuffix(" Wording: our own.").split("; "):
            assert CITATION.search(one), one
            assert re.search(r"\d+\([\w -]+\), \d+-\d+|Press", one), one


def test_every_construct_is_measured_and_every_item_belongs_somewhere(instrument: Instrument) -> None:
    background = {item.name for item in instrument.items if item.construct is None}
    assert background <= {"UNIT", "STAGE", "TENURE"}
    for construct in instrument.constructs:
        assert instrument.items_of(construct.name), construct.name


def test_names_do_for_model_texts_and_for_platforms(instrument: Instrument) -> None:
    """LimeSurvey takes letters and digits only; SPSS and the model text take these, too."""
    for item in instrument.items:
        assert re.fullmatch("[A-Z]{3,6}[0-9]{0,2}E?", item.name), item.name
    for construct in instrument.constructs:
        assert re.fullmatch("[A-Z][A-Za-z]+", construct.name)


def test_items_of_a_construct_stand_together_with_one_prefix(instrument: Instrument) -> None:
    """So that `instrument draft` finds the constructs again from the answers alone."""
    order = [item.construct for item in instrument.items if item.construct]
    assert [name for k, name in enumerate(order) if k == 0 or order[k - 1] != name] == list(dict.fromkeys(order))


def test_writing_and_reading_again_gives_the_same(instrument: Instrument) -> None:
    assert Instrument.from_toml(instrument.to_toml()) == instrument


def test_expectations_mirror_perceptions_item_by_item() -> None:
    perceived, expected = lv.instruments.load("servqual"), lv.instruments.load("servqual_expectations")
    assert [f"{item.name}E" for item in perceived.items] == [item.name for item in expected.items]
    assert [f"{item.construct}Expected" for item in perceived.items] == [item.construct for item in expected.items]
    assert [len(perceived.items_of(construct.name)) for construct in perceived.constructs] == [4, 5, 4, 4, 5]


def test_the_overview_has_a_row_for_each() -> None:
    table = lv.instruments.describe()
    assert tuple(table.index) == NAMES
    assert table.loc["servqual", "items"] == 22
    assert table["title"].is_unique


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownInstrumentError, match="Did you mean 'servqual'"):
        lv.instruments.load("serqual")
    with pytest.raises(LvmodelsError, match="There are: acsi, ecsi, "):
        lv.instruments.load("../../secrets")
    with pytest.raises(LookupError):
        lv.instruments.path("")


def test_an_installed_package_finds_its_instruments_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lvmodels" / "data" / "instruments"
    folder.mkdir(parents=True)
    (folder / "small.toml").touch()
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "lvmodels" / "survey" / "shipped.py"))
    assert lv.instruments.names() == ("small",)
