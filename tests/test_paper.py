"""The paper: numbers are computed, none is typed, and what the words claim holds of the numbers."""

from __future__ import annotations

import csv
import doctest
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lvmodels.assess.vcov import inverse_information
from paper import build, figures, shown, sources, values
from paper.derivatives import gradient_error
from paper.elsewhere import error_difference
from paper.replication import replicate
from paper.shown import MINUS, bounded, counted, fixed, power, probability

PAPER = Path(__file__).resolve().parents[1] / "paper"
TEXT = (PAPER / "paper.typ").read_text(encoding="utf-8")

# Where a digit is no result: comments, formulas, citation keys, lengths, code, files.
NO_RESULTS = (r"//[^\n]*", r"\$[^$]*\$", r"```.*?```", r"`[^`\n]*`", r"@[\w-]+", r"<[\w-]+>", r"\b\d+%", r'"[^"\n]*"')


@pytest.fixture(scope="module")
def computed() -> dict[str, Any]:
    return values.compute()


def typed_numbers(text: str) -> list[str]:
    for pattern in NO_RESULTS:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return re.findall(r"(?<![\w.])[\d.]*\d", re.sub(r"#[\w.]+", " ", text))


# ---- no number is typed ---------------------------------------------------------------------------------------------


def test_no_number_is_typed_in_the_text() -> None:
    assert typed_numbers(TEXT) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the CFI is .931", [".931"]),
        ("answers of 250 customers", ["250"]),
        ("a loading of 0.655 $p < x$", ["0.655"]),
        ("chi-square is #main.chisq @lee1979 in $n^2$ units, `x1`, width: 100%", []),
    ],
)
def test_a_typed_number_would_be_found(text: str, found: list[str]) -> None:
    assert typed_numbers(text) == found


def test_every_value_that_the_text_names_is_computed(computed: dict[str, Any]) -> None:
    short = {"main": computed["main"], "chain": computed["chain"], "all": computed["all"]}
    short |= {"flat": computed["flat"], "robust": computed["robust"]}
    named = re.findall(r"#?\b(v|main|chain|all|flat|robust)((?:\.\w+)+)", re.sub(r"#import.*|#let.*", "", TEXT))
    assert len(named) > 40
    for root, path in named:
        value: Any = computed if root == "v" else short[root]
        for key in path.strip(".").split("."):
            assert key in value, f"{root}{path}"
            value = value[key]


def test_every_citation_has_its_entry() -> None:
    known = set(re.findall(r"@\w+\{(\w+),", (PAPER / "references.bib").read_text(encoding="utf-8")))
    cited = set(re.findall(r"@([a-z]+\d*)(?![\w-])", TEXT)) | set(re.findall(r"cite\(<(\w+)>", TEXT))
    cited |= {key for name in sources.names() for key in sources.load(name).cite}
    cited |= {entry["cite"] for entry in sources.left_out()}
    assert cited == known


# ---- what is shown is what was computed -----------------------------------------------------------------------------


def test_main_table_shows_estimates_of_the_fit(computed: dict[str, Any]) -> None:
    estimates = replicate(values.MAIN).fit.estimates().set_index(["lhs", "op", "rhs"])
    rows = computed["main_rows"]
    assert [sum(row["op"] == op for row in rows) for op in ("=~", "~", "~~")] == [21, 9, 1]
    for row in rows:
        ours = estimates.loc[(row["lhs"], row["op"], row["rhs"])]
        assert row["est_ours"] == fixed(ours["est"], 3)
        assert row["se_ours"] == fixed(ours["se"], 3)
        assert row["std_all_ours"] == fixed(ours["std_all"], 3)


def test_main_table_shows_what_was_published(computed: dict[str, Any]) -> None:
    reported = {entry.parameter: entry.values for entry in sources.load(values.MAIN).estimates}
    for row in computed["main_rows"]:
        published = reported[f"{row['lhs']} {row['op']} {row['rhs']}"]
        assert row["est_published"] == fixed(published["est"], 3)
        assert row["se_published"] == fixed(published["se"], 3)


def test_second_table_has_a_line_for_each_model(computed: dict[str, Any]) -> None:
    assert [row["title"] for row in computed["models"]] == [sources.load(name).title for name in sources.names()]
    assert all(row["agree"] == row["count"] for row in computed["models"])


def test_words_of_the_text_hold_of_the_numbers(computed: dict[str, Any]) -> None:
    """Claims that are made in words: should a number change so far that they fail, the words must change too."""
    fit = replicate(values.MAIN).fit
    table = fit.estimates().set_index(["lhs", "op", "rhs"])
    for outer in ("Image", "Quality"):  # neither can be told from zero
        assert table.loc[("Satisfaction", "~", outer), "pvalue"] > 0.05
    measures = fit.fit_measures()
    assert measures["cfi"] < 0.9  # falls short of what is usually asked
    assert measures["srmr"] < 0.08  # the residuals are small
    routes = computed["chain"]["routes"]
    assert float(routes["quality_complaints_loyalty"]["p"].removeprefix("= ")) > 0.05  # could not be told from zero
    assert routes["quality_total"]["p"] == "< .001"
    assert float(computed["chain"]["direct_share"]) > 50  # satisfaction alone carries most


def test_errors_at_the_published_estimates_are_the_published_errors() -> None:
    """What the text says of the robust index: searches stopped at two points, errors are computed alike."""
    robust = replicate(values.ROBUST)
    errors = [c for c in robust.comparisons if c.column == "se"]
    assert error_difference(robust) < 1e-6 < max(c.difference / c.published for c in errors)


def test_observed_information_almost_vanishes_in_one_direction() -> None:
    fit = replicate(values.ROBUST).fit
    largest = [np.linalg.eigvalsh(inverse_information(fit, observed=observed)).max() for observed in (True, False)]
    assert largest[0] > 10 * largest[1]


# ---- derivatives, figures, pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sources.names())
def test_gradient_agrees_with_differences(name: str) -> None:
    assert gradient_error(replicate(name).fit) < 1e-6


def test_the_whole_paper_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("typst")
    here = tmp_path / "paper"
    here.mkdir()
    for name in ("paper.typ", "template.typ", "references.bib"):
        (here / name).write_text((PAPER / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(build, "HERE", here)
    build.write_values(here / "build")
    figures.draw_all(here / "build")
    pdf = build.set_pages(here / "build")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert json.loads((here / "build" / "values.json").read_text(encoding="utf-8"))["all"]["disagree"] == "none"
    with (here / "build" / "comparisons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(replicate(name).count() for name in sources.names())


# ---- how numbers are written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (fixed(-0.0636, 3), f"{MINUS}0.064"),
        (fixed(-0.0001, 3), "0.000"),
        (fixed(float("nan"), 3), "–"),
        (bounded(0.9305), ".93"),
        (bounded(-0.2), f"{MINUS}.20"),
        (bounded(0.999), "1.00"),
        (probability(0.0004), "< .001"),
        (probability(0.0127), "= .013"),
        (power(2.8e-5), "3\u202f·\u202f10⁻⁵"),
        (power(0.0), "0"),
        (power(float("nan")), "–"),
        (counted(0), "none"),
        (counted(3), "3"),
    ],
)
def test_numbers_are_written_alike(text: str, expected: str) -> None:
    assert text == expected


def test_examples_in_docstrings_hold() -> None:
    found = doctest.testmod(shown)
    assert found.attempted >= 2
    assert found.failed == 0
