"""`lvmodels framework`: list, show, fit."""

from __future__ import annotations

from pathlib import Path

import pytest

import lvmodels as lv
from lvmodels.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["framework", *arguments])
    return int(ended.value.code or 0)


def test_list_has_every_framework(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    said = capsys.readouterr().out
    assert all(f"{name}: " in said for name in lv.frameworks)


def test_show_prints_hypotheses_and_a_model_that_can_be_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "scsb") == 0
    assert "H1  Performance ~ Expectation (+)" in capsys.readouterr().out
    assert run("show", "ecsi", "--without", "Image", "--model") == 0
    assert capsys.readouterr().out.strip() == lv.frameworks["ecsi"].without("Image").text


def test_fit_judges_simulated_answers(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run("fit", "loyalty_chain", "--simulate", "200", "--out", "made") == 0
    assert "H1  AffectiveLoyalty ~ CognitiveLoyalty (+): " in capsys.readouterr().out
    assert (folder / "made" / "tables" / "hypotheses.csv").is_file()


def test_errors_name_the_framework_and_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "esci") == 2
    assert "Did you mean 'ecsi'" in capsys.readouterr().err
    assert run("fit", "scsb") == 2
    assert "no data set of real answers" in capsys.readouterr().err
