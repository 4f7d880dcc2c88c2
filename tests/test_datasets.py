"""Loading the data sets that ship, and the errors when a name is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lvmodels import datasets
from lvmodels.errors import LvmodelsError, UnknownDatasetError
from lvmodels.survey import shipped

DATA = Path(__file__).parents[1] / "data"
NAMES = ("corp_rep", "ecsi_mobi", "holzinger_swineford", "political_democracy", "value_loyalty")

# name: rows, items, columns of the respondents, cells without an answer, rows without a gap
SHAPES = {
    "corp_rep": (344, 39, ["servicetype", "serviceprovider"], 11, 336),
    "ecsi_mobi": (250, 24, [], 0, 250),
    "holzinger_swineford": (301, 9, ["id", "sex", "ageyr", "agemo", "school", "grade"], 0, 301),
    "political_democracy": (75, 11, [], 0, 75),
    "value_loyalty": (620, 21, ["respondent", "gender", "age", "tenure", "provider"], 493, 433),
}


def header_and_rows(name: str) -> tuple[list[str], list[list[str]]]:
    with (DATA / name / "answers.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def test_five_data_sets_ship() -> None:
    assert datasets.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_loaded_survey_has_the_promised_shape(name: str) -> None:
    rows, items, background, gaps, complete = SHAPES[name]
    survey = datasets.load(name)
    assert survey.answers.shape == (rows, items)
    assert list(survey.respondents.columns) == background
    assert len(survey.respondents) == rows
    assert int(survey.answers.isna().sum().sum()) == gaps
    assert len(survey.answers.dropna()) == complete


@pytest.mark.parametrize("name", NAMES)
def test_loaded_survey_carries_instrument_and_source(name: str) -> None:
    survey = datasets.load(name)
    assert survey.instrument is not None
    assert survey.instrument.name == name
    assert survey.source == survey.instrument.source


def test_missing_codes_become_missing() -> None:
    for name in ("corp_rep", "value_loyalty"):
        _, rows = header_and_rows(name)
        assert any("-99" in row for row in rows), "the file shows the code as it was given"
        assert not (datasets.load(name).answers == -99).any().any()


def test_every_loaded_value_is_the_value_of_the_file() -> None:
    for name in NAMES:
        header, rows = header_and_rows(name)
        answers = datasets.load(name).answers
        for item in answers.columns:
            cells = [row[header.index(item)] for row in rows]
            expected = [np.nan if cell in ("", "-99") else float(cell) for cell in cells]
            np.testing.assert_array_equal(answers[item].to_numpy(dtype=float), expected)


def test_background_keeps_text_and_numbers() -> None:
    respondents = datasets.load("holzinger_swineford").respondents
    assert respondents["school"].value_counts().to_dict() == {"Pasteur": 156, "Grant-White": 145}
    assert respondents["grade"].isna().sum() == 1
    assert respondents["ageyr"].mean() == pytest.approx(12.9966777, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("ecsi", "ecsi_mobi"), ("value_loyality", "value_loyalty"), ("xyzzy", "There are: corp_rep")],
)
def test_unknown_name_is_answered_with_the_nearest(asked: str, hint: str) -> None:
    for function in (datasets.load, datasets.model, datasets.source):
        with pytest.raises(UnknownDatasetError, match=hint):
            function(asked)
    assert issubclass(UnknownDatasetError, (LvmodelsError, LookupError))


def test_a_path_is_no_name() -> None:
    with pytest.raises(UnknownDatasetError):
        datasets.load("../data/ecsi_mobi")


def test_an_installed_package_finds_its_data_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lvmodels" / "data" / "small"
    folder.mkdir(parents=True)
    (folder / "instrument.toml").touch()
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "lvmodels" / "survey" / "shipped.py"))
    assert datasets.names() == ("small",)


def test_describe_lists_every_data_set_with_its_terms() -> None:
    table = datasets.describe()
    assert list(table.index) == list(NAMES)
    assert table["rows"].to_dict() == {name: SHAPES[name][0] for name in NAMES}
    assert table["items"].to_dict() == {name: SHAPES[name][1] for name in NAMES}
    assert list(table.index[table["simulated"]]) == ["value_loyalty"]
    assert table["licence"].to_dict() == {
        "corp_rep": "GPL-3.0-only",
        "ecsi_mobi": "GPL-3.0-only",
        "holzinger_swineford": "MIT",
        "political_democracy": "MIT",
        "value_loyalty": "BSD-3-Clause",
    }
