"""results.json: everything, with every digit, as valid JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.errors import OutputError
from lvmodels.report.results import to_json
from lvmodels.report.sample_tables import data_hash


def strict(text: str) -> Any:
    """Parse JSON and refuse the constants that are none."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def results(ecsi: lv.Fit) -> Any:
    return strict(to_json(ecsi))


def test_estimates_have_all_their_digits(ecsi: lv.Fit, results: Any) -> None:
    wanted = ecsi.estimates()
    assert [row["est"] for row in results["estimates"]] == wanted["est"].tolist()
    assert [row["se"] for row in results["estimates"]] == wanted["se"].tolist()


def test_what_does_not_exist_is_null(results: Any) -> None:
    marker = results["estimates"][0]
    assert marker["est"] == 1
    assert marker["z"] is None
    assert marker["pvalue"] is None


@pytest.mark.parametrize(
    "part",
    [
        "command", "convergence", "created", "data", "effects", "estimates", "fit_measures", "groups", "model",
        "modification_indices", "options", "r2", "schema", "software", "standardized", "vcov", "warnings",
    ],
)  # fmt: skip
def test_results_have_every_part(results: Any, part: str) -> None:
    assert part in results


def test_matrices_are_those_of_the_fit(ecsi: lv.Fit, results: Any) -> None:
    assert results["vcov"]["values"] == ecsi.vcov().to_numpy().tolist()
    group = results["groups"][0]
    assert group["implied"]["cov"]["values"] == ecsi.implied().cov.to_numpy().tolist()
    assert group["residuals"]["standardized"]["values"] == ecsi.residuals("standardized").to_numpy().tolist()
    assert group["implied"]["cov"]["names"] == list(ecsi.implied().cov.columns)


def test_measures_and_counts(ecsi: lv.Fit, results: Any) -> None:
    assert results["fit_measures"]["chisq"] == ecsi.fit_measures()["chisq"]
    assert results["fit_measures"]["df"] == 144
    assert isinstance(results["fit_measures"]["df"], int)
    assert (results["data"]["n_total"], results["data"]["n_analysed"], results["data"]["n_dropped"]) == (250, 250, 0)


def test_versions_and_model_are_named(ecsi: lv.Fit, results: Any) -> None:
    assert results["software"]["lvmodels"] == lv.__version__
    assert {"python", "numpy", "scipy", "pandas"} <= set(results["software"])
    assert results["model"]["text"] == ecsi.text.text
    assert results["model"]["sha256"] == hashlib.sha256(ecsi.text.text.encode()).hexdigest()


def test_a_fit_without_convergence_has_no_errors_and_no_tests(diverged: lv.Fit) -> None:
    results = strict(to_json(diverged))
    assert results["convergence"]["converged"] is False
    assert {row["pvalue"] for row in results["estimates"]} == {None}
    assert results["fit_measures"]["chisq"] is None
    assert results["modification_indices"] == results["effects"] == []
    assert results["warnings"][0]["kind"] == "ConvergenceWarning"


def test_groups_each_have_their_moments(schools: lv.Fit) -> None:
    groups = strict(to_json(schools))["groups"]
    assert [(g["label"], g["n"]) for g in groups] == [("Pasteur", 156), ("Grant-White", 145)]
    assert groups[0]["sample"]["cov"]["values"] != groups[1]["sample"]["cov"]["values"]


def test_moments_instead_of_data_have_results_too() -> None:
    names = list("yxz")
    fit = lv.sem("y ~ x + z", sample_cov=pd.DataFrame(np.eye(3) + 0.2, index=names, columns=names), sample_nobs=100)
    results = strict(to_json(fit))
    assert results["data"]["n_total"] is None
    assert results["options"]["sample_cov"] == "given"


def test_data_hash_is_of_names_matrix_and_groups(schools: lv.Fit) -> None:
    data = schools.prepared.data
    assert data is not None
    content = b"".join(f"{name}\n".encode() for name in data.names)
    content += data.Y.astype("<f8").tobytes() + data.groups.astype("<i8").tobytes()
    assert data_hash(schools) == hashlib.sha256(content).hexdigest()


def test_data_hash_changes_with_a_single_answer() -> None:
    answers = lv.datasets.load("holzinger_swineford").answers
    changed = answers.copy()
    changed.loc[7, "x1"] += 1e-9
    first, again, other = (lv.cfa("f =~ x1 + x2 + x3", frame) for frame in (answers, answers.copy(), changed))
    assert data_hash(first) == data_hash(again) != data_hash(other)


def test_results_are_written_where_asked(ecsi: lv.Fit, tmp_path: Path) -> None:
    place = tmp_path / "new" / "results.json"
    assert ecsi.to_json(place) == place.read_text(encoding="utf-8")
    assert list(place.parent.iterdir()) == [place]


def test_a_place_that_cannot_be_written_is_an_output_error(ecsi: lv.Fit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="choose a folder that you may write to"):
        ecsi.to_json(tmp_path / "file" / "results.json")
