"""`lvmodels instrument`: look, draft, ask."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["instrument", *arguments])
    return int(ended.value.code or 0)


def test_list_has_every_instrument_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    said = capsys.readouterr().out
    assert all(f"{name}: " in said for name in lv.instruments.names())
    assert "5 constructs, 22 items. Dimensions: Parasuraman" in said


def test_show_prints_questions_by_construct_in_either_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "loyalty_moderators", "--language", "zh") == 0
    said = capsys.readouterr().out
    assert "CompetitionIntensity: 竞争强度" in said
    assert "    ALT3  别家没有一家适合我。 (agree7, reverse-keyed)" in said
    assert "TENURE  您成为它的顾客有多少年了？ (number)" in said


def test_show_as_toml_is_a_file_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "acsi", "--toml") == 0
    (folder / "mine.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert lv.Instrument.load("mine.toml") == lv.instruments.load("acsi")
    assert run("show", "mine.toml") == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "srvqual"), "Did you mean 'servqual'?"),
        (("show", "nowhere/x.toml"), "there is no file"),
        (("show", "acsi", "--language", "fr"), "Use 'en' (English) or 'zh' (Chinese)"),
        (("export", "acsi", "--format", "qsf"), "Qualtrics imports the .txt, too"),
        (("questionnaire", "acsi", "--out", "acsi.pdf"), "print the .html to a PDF"),
        (("draft", "nowhere.csv"), "there is no file"),
    ],
)
def test_what_goes_wrong_is_one_message(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""
    assert list(folder.iterdir()) == []


def test_draft_load_and_read_go_round(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = lv.datasets.load("value_loyalty")
    pd.concat([shipped.respondents, shipped.answers], axis=1).to_csv("answers.csv", index=False)
    assert run("draft", "answers.csv", "--name", "my study") == 0
    said = capsys.readouterr().out
    assert "QUA: QUA1, QUA2, QUA3, QUA4, QUA5" in said
    assert "Left out: column 'provider' holds text" in said
    assert "lvmodels fit model.txt answers.csv --instrument instrument.toml" in said
    instrument = lv.Instrument.load("instrument.toml")
    assert instrument.name == "my_study"
    assert len(lv.read_survey("answers.csv", "instrument.toml").answers) == 620
    assert run("draft", "answers.csv") == 2
    assert "is there already" in capsys.readouterr().err


def test_questionnaire_writes_a_page_and_a_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("questionnaire", "scsb", "--language", "zh", "--about", "天河酒店") == 0
    assert sorted(path.name for path in folder.iterdir()) == ["scsb.docx", "scsb.html"]
    assert "以下问题均针对天河酒店。" in (folder / "scsb.html").read_text(encoding="utf-8")
    assert run("questionnaire", "scsb", "--out", "a.html", "--title", "Guests", "--seed", "3") == 0
    assert "<h1>Guests</h1>" in (folder / "a.html").read_text(encoding="utf-8")


def test_export_takes_the_form_from_either_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "acsi") == 0
    assert run("export", "acsi", "--format", "txt") == 0
    assert run("export", "acsi", "--out", "table.csv") == 0
    assert run("export", "acsi", "--format", "lss", "--out", "survey") == 0
    assert {path.name for path in folder.iterdir()} == {"acsi.lss", "acsi.txt", "table.csv", "survey.lss"}
    assert capsys.readouterr().err == ""


def test_export_says_which_codes_limesurvey_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = lv.instruments.load("scsb").to_toml().replace('name = "PER1"', 'name = "per_1"')
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    assert run("export", "mine.toml") == 0
    assert 'LimeSurvey will call per_1 per1; write column = "per1" under the item.' in capsys.readouterr().err


def test_a_shipped_instrument_goes_with_a_file_of_answers_by_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instrument = lv.instruments.load("loyalty_stages")
    simulated = pd.DataFrame(
        {item.name: [1 + (k * 7 + len(item.name)) % 7 for k in range(9)] for item in instrument.items}
    )
    simulated.iloc[0, 0] = 8
    simulated.to_csv("answers.csv", index=False)
    (folder / "model.txt").write_text("L =~ COG1 + COG2 + COG3", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["fit", "model.txt", "answers.csv", "--instrument", "loyalty_stages"])
    assert ended.value.code == 2
    assert "8 is no code of scale 'agree7'" in capsys.readouterr().err
