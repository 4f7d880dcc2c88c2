"""The validity report: benchmarks with their worst case and source, and a page for every kind of model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main
from lvmodels.errors import NotEstimableError
from lvmodels.report.references import REFERENCES
from lvmodels.report.validity import Validity

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="module")
def abilities() -> Validity:
    return lv.validity(lv.cfa(HS, lv.datasets.load("holzinger_swineford")))


def held(found: Validity, criterion: str) -> Any:
    return found.benchmarks.set_index("criterion").loc[criterion]


def test_benchmarks_name_the_worst_case(abilities: Validity) -> None:
    loading = held(abilities, "loading")
    table = abilities.loadings
    assert loading["value"] == pytest.approx(table["std_all"].min())
    assert loading["where"] == table["rhs"][table["std_all"].idxmin()]
    assert loading["failing"] == (table["std_all"] < 0.708).sum()
    assert (loading["met"], loading["of"]) == (False, 9)
    assert held(abilities, "ave")["where"] == "visual"


def test_every_benchmark_has_a_source_with_a_full_reference(abilities: Validity) -> None:
    assert set(abilities.benchmarks["source"]) <= set(REFERENCES)


def test_fornell_larcker_compares_with_the_largest_correlation(abilities: Validity) -> None:
    table = abilities.fornell_larcker
    assert table is not None
    gaps = {n: table.loc[n, n] - table[n].drop(n).abs().max() for n in table.index}
    assert held(abilities, "fornell_larcker")["value"] == pytest.approx(min(gaps.values()))


def test_htmt_names_the_pair(abilities: Validity) -> None:
    assert abilities.htmt is not None
    worst = held(abilities, "htmt_distinct")
    one, other = worst["where"].split(", ")
    assert worst["value"] == pytest.approx(abilities.htmt.loc[one, other])
    assert "htmt_bound" not in set(abilities.benchmarks["criterion"])


def frame() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


@pytest.mark.parametrize(
    ("model", "options", "shows"),
    [
        (HS, {"group": "school"}, "Validity and method are those of group"),
        (f"{HS}\ng =~ visual + textual + speed", {}, "ω of the constructs below"),
        ("visual =~ x1 + x2 + x3", {}, "Benchmarks"),
        ("visual =~ x1 + x2\ntextual =~ x4 + x5 + x6 + x7", {}, "Tests of vanishing tetrads"),
        (
            f"{HS}\nspeed ~ visual + textual",
            {"estimator": "MLR"},
            "A method factor beside the constructs cannot be told",
        ),
    ],
)
def test_every_kind_of_model_has_a_page(model: str, options: dict[str, Any], shows: str, tmp_path: Path) -> None:
    found = lv.validity(lv.sem(model, frame(), **options))
    for language in ("en", "zh"):
        page = found.to_html(tmp_path / f"{language}.html", language).read_text(encoding="utf-8")  # type: ignore[arg-type]
        assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).casefold().split()
        if language == "en":
            assert shows in page


def test_ordinal_answers_have_ordinal_reliability(tmp_path: Path) -> None:
    answers = frame()[[f"x{k}" for k in range(1, 10)]].apply(lambda x: pd.qcut(x, 4, labels=False))
    found = lv.validity(lv.cfa(HS, answers, ordered=True), ci=0.9, n=20, seed=1)
    page = found.to_html(tmp_path / "o.html").read_text(encoding="utf-8")
    assert "ω ordinal" in page
    assert "from 20 resamples" in page
    assert held(found, "htmt_bound")["met"]


def test_method_factor_stands_beside_loadings_and_paths(tmp_path: Path) -> None:
    found = lv.validity(lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi")))
    assert found.method is not None
    assert found.method.proper
    assert found.method.method_share == pytest.approx(0.153, abs=2e-3)
    page = found.to_html(tmp_path / "m.html").read_text(encoding="utf-8")
    assert "Paths without and with a method factor" in page
    assert lv.datasets.load("ecsi_mobi").instrument.label("CUSA2") in page  # type: ignore[union-attr]


def test_works_that_the_page_names_are_in_its_references(abilities: Validity, tmp_path: Path) -> None:
    text = abilities.to_html(tmp_path / "v.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    body, works = text.split('<section id="references">')
    for key, work in REFERENCES.items():
        if key in body:
            assert work.split(" (")[0].replace("&", "&amp;") in works


def test_two_level_models_are_refused_with_a_remedy() -> None:
    generator = np.random.default_rng(1)
    unit = np.repeat(np.arange(40), 10)
    Y = generator.normal(size=(400, 1)) + generator.normal(size=(40, 1))[unit] + generator.normal(size=(400, 4))
    data = pd.DataFrame(Y, columns=list("abcd")).assign(unit=unit)
    fit = lv.sem("level: 1\nF =~ a + b + c + d\nlevel: 2\nG =~ a + b + c + d", data, cluster="unit")
    assert lv.reliability(fit).index.tolist() == [("within", "F"), ("between", "G")]
    with pytest.raises(NotEstimableError, match="without levels"):
        lv.validity(fit)


def test_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "v.html"
    with pytest.raises(SystemExit) as ended:
        main(["validity", "holzinger_swineford", "holzinger_swineford", "--out", str(page), "--bounds", "20"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "customary benchmarks met" in out
    assert str(page) in out.replace("\n", "")
    assert "Upper bound of HTMT" in page.read_text(encoding="utf-8")
