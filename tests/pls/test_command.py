"""`lvmodels pls` on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lvmodels.cli import main
from tests.pls.models import FEW, fit, mobi


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_tables_are_printed_and_estimates_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, answers, out = tmp_path / "model.txt", tmp_path / "answers.csv", tmp_path / "estimates.csv"
    model.write_text(FEW, encoding="utf-8")
    mobi().to_csv(answers, index=False)
    arguments = [str(model), str(answers), "--consistent", "--bootstrap", "50", "--seed", "1", "--out", str(out)]
    assert run("pls", *arguments) == 0
    said = capsys.readouterr().out
    for words in ("consistent partial least squares", "Paths", "Reliability and validity", "Total effects", "ci_lower"):
        assert words in said
    written = pd.read_csv(out)
    assert written["est"].tolist() == pytest.approx(fit("consistent").estimates()["est"].tolist(), abs=1e-12)


def test_shipped_names_are_known_and_errors_have_a_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pls", "ecsi_mobi", "ecsi_mobi", "--scheme", "centroid") == 0
    assert "centroid scheme" in capsys.readouterr().out
    assert run("pls", "ecsi_mobi", "ecsi_mobi", "--missing", "fiml") == 2
    assert "Use one of 'mean'" in capsys.readouterr().err
