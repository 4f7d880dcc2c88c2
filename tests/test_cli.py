"""The command line: what a newcomer types, and what it says when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.cli import main

HEAVY = {"jinja2", "matplotlib", "numpy", "pandas", "pydantic", "scipy", "statsmodels"}


def run(*arguments: str) -> int:
    """Run the command line in this process; returns its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model and answers, as a user has them."""
    answers = lv.datasets.load("holzinger_swineford")
    pd.concat([answers.answers, answers.respondents], axis=1).to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "model.txt").write_text(lv.datasets.model("holzinger_swineford"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- demo and fit ---------------------------------------------------------------------------------------------------


def test_demo_prints_the_paths_and_where_the_report_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("demo") == 0
    said = capsys.readouterr()
    assert "χ²(144) = 298.887, p < .001" in said.out
    assert "CFI .925" in said.out
    line = next(line for line in said.out.splitlines() if line.startswith("Satisfaction → Loyalty"))
    assert line.split()[3:] == ["1.513", "0.228", "<", ".001", ".779"]
    assert said.out.rstrip().endswith(f"Report: {Path('results') / 'demo' / 'report.html'}")
    assert (tmp_path / "results/demo/report.html").exists()
    assert said.err == ""


def test_fit_with_files_names_its_folder_after_the_model(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fit", "model.txt", "answers.csv") == 0
    assert "χ²(24) = 85.306" in capsys.readouterr().out
    assert (project / "results/model/report.html").exists()


def test_fit_passes_its_options_on(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("fit", "model.txt", "answers.csv", "--group", "school", "--std-lv", "--out", "out", "--title", "Mine",
               "--language", "zh")  # fmt: skip
    assert code == 0
    results = json.loads((project / "out/results.json").read_text(encoding="utf-8"))
    assert (results["options"]["group"], results["options"]["std_lv"]) == ("school", True)
    assert results["command"].startswith("lvmodels fit model.txt answers.csv --group school --std-lv")
    html = (project / "out/report.html").read_text(encoding="utf-8")
    assert "<h1>Mine</h1>" in html
    assert 'lang="zh-Hans"' in html
    assert "估计值" in capsys.readouterr().out


def test_fit_reads_an_instrument(project: Path) -> None:
    toml = lv.datasets.load("holzinger_swineford").instrument
    assert toml is not None
    (project / "instrument.toml").write_text(toml.to_toml(), encoding="utf-8")
    assert run("fit", "model.txt", "answers.csv", "--instrument", "instrument.toml", "--out", "out") == 0
    assert "Verbal ability" in (project / "out/report.html").read_text(encoding="utf-8")


def test_shipped_names_stand_for_files(project: Path) -> None:
    assert run("fit", "holzinger_swineford", "holzinger_swineford", "--out", "out") == 0
    assert (project / "out/report.html").exists()


def test_a_model_in_gbk_is_read(project: Path) -> None:
    frame = pd.read_csv("answers.csv").rename(columns={"x1": "题一", "x2": "题二", "x3": "题三"})
    frame.to_csv("answers.csv", index=False, encoding="gbk")
    (project / "model.txt").write_bytes("能力 =~ 题一 + 题二 + 题三".encode("gbk"))
    assert run("fit", "model.txt", "answers.csv", "--out", "out") == 0
    assert "能力" in (project / "out/report.html").read_text(encoding="utf-8")


def test_warnings_are_notes_on_the_error_stream(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fit", "value_loyalty", "value_loyalty", "--out", "out") == 0
    said = capsys.readouterr()
    assert said.err.startswith("note: 187 of 620 cases were left out")
    assert "Warning" not in said.err
    assert "note:" not in said.out


def test_fit_uses_incomplete_cases_and_a_robust_estimator(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fit", "value_loyalty", "value_loyalty", "--estimator", "mlr", "--missing", "fiml", "--out", "out") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "Cases analysed: 620   scaled χ²(182) = 194.818, p = .245" in said.out
    assert "χ² Yuan–Bentler scaled   CFI, TLI, RMSEA robust, for incomplete data" in said.out
    options = json.loads((project / "out/results.json").read_text(encoding="utf-8"))["options"]
    assert (options["estimator"], options["missing"], options["se"]) == ("MLR", "fiml", "robust.huber.white")


def test_fit_takes_clusters_and_weights(project: Path) -> None:
    frame = pd.read_csv("answers.csv")
    frame.assign(weight=[1.0, 2.0, 1.5] * 100 + [1.0], room=frame.index // 7).to_csv("answers.csv", index=False)
    assert run("fit", "model.txt", "answers.csv", "--cluster", "room", "--weights", "weight", "--out", "out") == 0
    options = json.loads((project / "out/results.json").read_text(encoding="utf-8"))["options"]
    assert (options["cluster"], options["sampling_weights"], options["estimator"]) == ("room", "weight", "MLR")
    assert "from 43 clusters (room)" in (project / "out/report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("ordered", ["all", "x1,x2, x3"])
def test_ordinal_items_are_named_with_commas_or_all(project: Path, ordered: str) -> None:
    pd.read_csv(project / "answers.csv").filter(regex="^x").round().clip(2, 6).to_csv(
        project / "steps.csv", index=False
    )
    assert run("fit", "model.txt", "steps.csv", "--ordered", ordered, "--out", "out") == 0
    options = json.loads((project / "out/results.json").read_text(encoding="utf-8"))["options"]
    assert options["estimator"] == "WLSMV"
    assert len(options["ordered"]) == (9 if ordered == "all" else 3)


def test_help_of_fit_names_the_estimators_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fit", "--help") == 0
    said = capsys.readouterr().out
    from lvmodels.estimate.choices import AVAILABLE

    for name in AVAILABLE["estimator"]:
        assert name in said
    assert "fiml.x" in said


# ---- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fit", "modle.txt", "answers.csv"), "there is no file 'modle.txt'. Did you mean 'model.txt'?"),
        (("fit", "model.txt", "answer.csv"), "Did you mean 'answers.csv'?"),
        (("fit", "model.txt", "ecsi_mobil"), "Did you mean 'ecsi_mobi'?"),
        (("fit", "f =~ x1 + x2 + x3", "answers.csv"), "save the model text in a file"),
        (("fit", "wrong.txt", "answers.csv"), "line 1, column 10"),
        (("fit", "model.txt", "answers.csv", "--group", "schol"), "did you mean 'school'?"),
        (("fit", "model.txt", "answers.csv", "--estimator", "MLX"), "estimator='MLX' is not known"),
        (("fit", "model.txt", "answers.csv", "--missing", "film"), "missing='film' is not known"),
        (("fit", "model.txt", "answers.csv", "--cluster", "schol"), "did you mean 'school'?"),
        (("fit", "model.txt", "answers.csv", "--weights", "wieght"), "sampling_weights= takes the name"),
        (("fit", "model.txt", "answers.csv", "--language", "fr"), "language='fr' is not available"),
        (("fit", "model.txt", "answers.csv", "--instrument", "no.toml"), "there is no file 'no.toml'"),
        (("fit", "model.txt", "answers.csv", "--out", "answers.csv"), "'answers.csv' is a file"),
        (("data", "ecsi"), "Did you mean 'ecsi_mobi'?"),
    ],
)
def test_an_error_is_one_message_with_the_remedy(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    (project / "wrong.txt").write_text("f =~ x1 +* x2")
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert says in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not (project / "results").exists()


def test_a_model_that_does_not_converge_is_reported_and_ends_with_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy as np

    pd.DataFrame(np.random.default_rng(0).normal(size=(12, 6)), columns=list("abcdef")).to_csv("noise.csv", index=False)
    (project / "noise.txt").write_text("F =~ a + b + c\nG =~ d + e + f\nG ~ F")
    assert run("fit", "noise.txt", "noise.csv", "--out", "out") == 1
    assert "The model did not converge" in capsys.readouterr().out
    assert (project / "out/report.html").exists()


@pytest.mark.parametrize("arguments", [("nothing",), ("fit",), ("fit", "--nothing"), ("data", "--out", "x")])
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


# ---- data, schema, version ------------------------------------------------------------------------------------------


def test_data_lists_every_set_with_its_terms(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("data") == 0
    said = capsys.readouterr().out
    for name in lv.datasets.names():
        assert f"{name}: " in said
    assert "GPL-3.0" in said
    assert "simulated" in said


def test_data_shows_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("data", "ecsi_mobi") == 0
    said = capsys.readouterr().out
    assert "250 rows" in said
    assert "Loyalty      =~ CUSL1 + CUSL2 + CUSL3" in said


@pytest.mark.parametrize("name", lv.datasets.names())
def test_exported_data_give_the_same_survey(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    assert run("data", name, "--out", str(out)) == 0
    assert {path.name for path in out.iterdir()} == {"answers.csv", "instrument.toml", "model.txt", "SOURCE.md"}
    survey = lv.read_survey(out / "answers.csv", out / "instrument.toml")
    shipped = lv.datasets.load(name)
    pd.testing.assert_frame_equal(survey.answers, shipped.answers)
    assert list(survey.respondents.columns) == list(shipped.respondents.columns)


def test_export_does_not_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.txt").write_text("mine")
    assert run("data", "ecsi_mobi", "--out", str(tmp_path)) == 2
    assert "already has model.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["model.txt"]


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"lvmodels {lv.__version__}"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom lvmodels.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\nprint('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    help_text, _, loaded = done.stdout.partition("LOADED")
    assert "demo" in help_text
    assert HEAVY & set(loaded.split()) == set()


def test_a_terminal_without_greek_letters_gets_question_marks(tmp_path: Path) -> None:
    name, out = "holzinger_swineford", str(tmp_path / "r")
    code = f"from lvmodels.cli import main; main(['fit', {name!r}, {name!r}, '--out', {out!r}])"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code],
        env={"PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(Path(lv.__file__).parents[1]), "PATH": ""},
        capture_output=True, text=True, encoding="cp1252", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "?²(24) = 85.306" in done.stdout
