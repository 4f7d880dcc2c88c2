"""Reports of fits with corrections, missing values, clusters or weights say so, and name their sources."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.report.context import make_context
from lvmodels.report.document import report
from lvmodels.report.finding import finding, key_numbers
from lvmodels.report.fit_tables import fit_table
from lvmodels.report.headline import correction_notes, headline_measures
from lvmodels.report.methods import methods_paragraph, python_call
from lvmodels.report.misfit_tables import modification_table
from lvmodels.report.missing_answers import missingness, pattern_table
from lvmodels.report.overview import overview
from lvmodels.report.references import REFERENCES
from lvmodels.report.sample_tables import item_table

MODEL = lv.datasets.model("value_loyalty")


def loyalty(**options: object) -> lv.Fit:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lv.errors.DroppedRowsWarning)
        return lv.sem(MODEL, lv.datasets.load("value_loyalty"), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def full() -> lv.Fit:
    """Robust, and with every answer that there is."""
    return loyalty(estimator="MLR", missing="fiml")


@pytest.fixture(scope="module")
def page(full: lv.Fit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(full, tmp_path_factory.mktemp("report") / "r")


def text_of(path: Path) -> str:
    html = re.sub(r"<(style|svg).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def methods(fit: lv.Fit, language: str = "en") -> str:
    return methods_paragraph(make_context(fit, language)).text  # type: ignore[arg-type]


# ---- the measures shown first ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "test", "index"),
    [
        ({}, "", ""),
        ({"estimator": "MLF"}, "", ""),
        ({"estimator": "MLM"}, "_scaled", "_robust"),
        ({"estimator": "MLR"}, "_scaled", "_robust"),
        ({"estimator": "MLMV"}, "_scaled", "_robust"),
        ({"estimator": "MLMVS"}, "_scaled", "_scaled"),
        ({"missing": "fiml"}, "", "_robust"),
        ({"estimator": "MLR", "missing": "fiml"}, "_scaled", "_robust"),
    ],
)
def test_headline_takes_the_corrected_measures(options: dict[str, str], test: str, index: str) -> None:
    fit = loyalty(**options)
    known, shown = fit.fit_measures(), headline_measures(fit)
    for name in ("chisq", "df", "pvalue"):
        assert shown[name] == known[f"{name}{test}"]
    for name in ("cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue"):
        assert shown[name] == known[f"{name}{index}"]
    for name in ("srmr", "aic", "bic"):
        assert shown[name] == known[name]


def test_a_saturated_model_has_nothing_to_correct() -> None:
    data = lv.datasets.load("political_democracy").answers
    context = make_context(lv.sem("y1 ~ x1 + x2", data, estimator="MLR"), "en")
    assert headline_measures(context.fit)["df"] == 0
    assert correction_notes(context) == ()
    assert "scaled" not in finding(context).text + overview(context)


def test_finding_key_numbers_and_overview_show_the_scaled_test(full: lv.Fit) -> None:
    context = make_context(full, "en")
    assert "not rejected, scaled χ²(182) = 194.818, p = .245." in finding(context).text
    assert "all 620 cases were analysed, 187 of them with some values missing." in finding(context).text
    assert ("scaled χ²(182)", "194.818") in key_numbers(context).pairs
    lines = overview(context).splitlines()
    assert lines[0] == "Cases analysed: 620   scaled χ²(182) = 194.818, p = .245"
    assert lines[1].startswith("CFI .998")
    assert lines[2] == "χ² Yuan–Bentler scaled   CFI, TLI, RMSEA robust, for incomplete data"


def test_fractional_degrees_of_freedom_are_shown() -> None:
    context = make_context(loyalty(estimator="MLMVS"), "en")
    assert "scaled χ²(109.32) = 135.021" in finding(context).text
    assert "has 109.32 instead of 182 degrees of freedom" in " ".join(fit_table(context).notes)


def test_fit_table_has_the_plain_test_in_a_further_row(full: lv.Fit) -> None:
    table = fit_table(make_context(full, "en"))
    assert [row[0] for row in table.rows] == [
        "Scaled χ²", "Uncorrected χ²", "CFI", "TLI", "RMSEA", "SRMR", "AIC", "BIC",
    ]  # fmt: skip
    assert table.rows[0][1] == "194.818, df = 182, p = .245"
    assert table.rows[1][1] == "200.001, df = 182, p = .171"
    assert table.rows[2][1] == ".998"
    assert table.rows[4][1] == ".010 [.000, .022]"


@pytest.mark.parametrize(
    ("options", "sources"),
    [
        ({}, set()),
        ({"estimator": "MLF"}, set()),
        ({"estimator": "MLM"}, {"Satorra and Bentler 1994", "Brosseau-Liard and Savalei 2014"}),
        ({"estimator": "MLMV"}, {"Asparouhov and Muthén 2010", "Brosseau-Liard and Savalei 2014"}),
        ({"estimator": "MLMVS"}, {"Satorra and Bentler 1994"}),
        ({"estimator": "MLR"}, {"Yuan and Bentler 2000", "Brosseau-Liard and Savalei 2014"}),
        ({"estimator": "MLR", "test": "yuan.bentler"}, {"Yuan and Bentler 2000", "Brosseau-Liard and Savalei 2014"}),
        ({"missing": "fiml"}, {"Zhang and Savalei 2023"}),
        ({"estimator": "MLR", "missing": "fiml"}, {"Yuan and Bentler 2000", "Zhang and Savalei 2023"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_notes_name_the_correction_and_its_source(options: dict[str, str], sources: set[str], language: str) -> None:
    context = make_context(loyalty(**options), language)  # type: ignore[arg-type]
    notes = " ".join(fit_table(context).notes)
    known = {key for key in REFERENCES if key in notes} - {"Brosseau-Liard et al. 2012", "Marsh et al. 2004"}
    assert known == sources
    assert "{" not in notes


def test_modification_indices_say_that_they_are_not_corrected(full: lv.Fit, ecsi: lv.Fit) -> None:
    sentence = "Residuals and modification indices are those of the uncorrected χ²."
    found = [modification_table(make_context(fit, "en")) for fit in (full, ecsi)]
    assert [table is not None and sentence in table.notes for table in found] == [True, False]


# ---- the methods paragraph ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ("under multivariate normality (Bollen 1989)", "errors come from the expected information")),
        ({"information": "observed"}, ("errors come from the observed information",)),
        ({"estimator": "MLR"}, ("robust standard errors and the Yuan–Bentler scaled test", "White 1982", "observed")),
        ({"estimator": "MLM"}, ("the Satorra–Bentler scaled test", "robust against non-normal answers", "expected")),
        ({"estimator": "MLMV"}, ("the scaled-and-shifted test", "divided by 1.333 and shifted")),
        ({"estimator": "MLMVS"}, ("the mean-and-variance-adjusted test",)),
        ({"estimator": "MLF"}, ("first-order information; Berndt et al. 1974",)),
        ({"estimator": "MLR", "se": "none"}, ("with the Yuan–Bentler scaled test",)),
        ({"missing": "fiml"}, ("full information maximum likelihood", "missing at random", "observed information")),
    ],
)
def test_methods_say_what_was_done(options: dict[str, str], said: tuple[str, ...]) -> None:
    text = methods(loyalty(**options))
    for words in said:
        assert words in text


def test_methods_count_what_is_missing(full: lv.Fit) -> None:
    answers = lv.datasets.load("value_loyalty").answers[list(full.objective.template.observed)]
    share = f"{100 * answers.isna().to_numpy().mean():.1f}%"
    assert f"All 620 cases were analysed. Of these, 187 (30%) lacked some values, {share} of all" in methods(full)
    assert "listwise" not in methods(full)
    assert "复制" not in methods(full, "zh")
    assert f"其中 187 个（30%）缺少部分数值，共占全部数值的 {share}" in methods(full, "zh")


def test_full_information_without_a_missing_value_is_complete() -> None:
    data = lv.datasets.load("holzinger_swineford")
    context = make_context(lv.cfa("f =~ x1 + x2 + x3 + x4", data, missing="fiml"), "en")
    assert missingness(context) is pattern_table(context) is None
    assert "All 301 cases had complete answers" in methods_paragraph(context).text
    assert correction_notes(context) == ()


def test_clusters_and_weights_are_named(tmp_path: Path) -> None:
    data = lv.datasets.load("ecsi_mobi").answers.assign(shop=np.arange(250) // 10, w=np.linspace(0.5, 1.5, 250))
    model = "S =~ CUSA1 + CUSA2 + CUSA3\nL =~ CUSL1 + CUSL2 + CUSL3\nL ~ S"
    fit = lv.sem(model, data, cluster="shop", sampling_weights="w")
    assert "the 25 clusters (shop) from which the cases come (Muthén and Satorra 1995)" in methods(fit)
    assert "Cases were weighted by w (pseudo maximum likelihood; Asparouhov 2005)." in methods(fit)
    text = text_of(report(fit, tmp_path / "r"))
    assert "The cases come from 25 clusters (shop), of 10 to 10 cases." in text
    assert "Cases are weighted by w; the largest weight is 1.5 times the mean." in text
    assert "Asparouhov, T. (2005)" in text


def test_the_call_shows_the_estimator_and_not_what_it_implies(full: lv.Fit) -> None:
    assert "data, estimator='MLR', missing='fiml')" in python_call(full.settings)
    assert "estimator='MLR', test='satorra.bentler')" in python_call(
        loyalty(estimator="MLR", test="satorra.bentler").settings
    )


# ---- the sample -----------------------------------------------------------------------------------------------------


def test_sample_section_counts_cases_values_and_patterns(page: Path) -> None:
    text = text_of(page)
    sample = text[text.index("Cases in the data") : text.index("Wording and distribution of the items")]
    assert "187 of the 620 cases analysed (30%) lack some values; they were kept" in sample
    assert "in 142 patterns" in sample
    assert "The 10 most frequent of 142; the CSV file has all." in sample
    assert "listwise" not in text
    assert (page.parent / "tables/missing.csv").exists()


def test_patterns_are_those_of_the_answers(full: lv.Fit) -> None:
    table = pattern_table(make_context(full, "en"))
    assert table is not None
    assert table.shown_rows == 10
    answers = lv.datasets.load("value_loyalty").answers[list(full.objective.template.observed)]
    wanted = answers.isna().apply(lambda row: ", ".join(answers.columns[row]) or "none", axis=1).value_counts()
    assert {row[0]: row[2] for row in table.rows} == wanted.to_dict()
    counts = [int(row[2] or 0) for row in table.rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 620
    assert sum(float(row[3] or 0) for row in table.rows) == pytest.approx(1.0)


def test_items_are_described_by_those_who_answered(full: lv.Fit, ecsi: lv.Fit) -> None:
    table = item_table(make_context(full, "en"))
    n = {row[0]: row[table.position("n")] for row in table.rows}
    assert n["SWI1"] == 572
    assert "n: cases that answered." in table.notes
    assert not any("Curran" in note for note in table.notes)
    assert any("Curran" in note for note in item_table(make_context(ecsi, "en")).notes)


def test_cases_left_out_by_full_information_are_explained(tmp_path: Path) -> None:
    data = lv.datasets.load("political_democracy").answers.copy()
    data.loc[3:6, "x1"] = np.nan
    data.loc[5:9, "y1"] = np.nan
    with pytest.warns(lv.errors.DroppedRowsWarning, match="no answer at all, or lack a fixed covariate"):
        fit = lv.sem("y2 ~ y1\ny1 ~ x1", data, missing="fiml")
    assert "Of 75 cases, 4 without any answer, or without a value of x1, were left out; 71 were" in methods(fit)
    text = text_of(report(fit, tmp_path / "r"))
    assert "4 of 75 cases (5.3%) were left out: they have no answer at all, or lack a value of x1." in text
    assert "listwise" not in text


# ---- the page -------------------------------------------------------------------------------------------------------


def test_every_work_that_is_named_is_in_the_references(page: Path) -> None:
    text = text_of(page)
    body, works = text[: text.index("References Akaike")], text[text.index("References Akaike") :]
    named = set(re.findall(r"([\w-]+)(?: and [\w-]+| et al\.)? (19\d\d|20\d\d)(?=[);,])", body))
    named = {(author, year) for author, year in named if author[0].isupper()}
    assert {("Yuan", "2000"), ("Zhang", "2023"), ("Rubin", "1976"), ("White", "1982")} <= named
    for author, year in named:
        assert re.search(rf"{author}.{{0,80}}\({year}\)", works), (author, year)


def test_only_works_that_are_named_are_in_the_references(page: Path) -> None:
    text = text_of(page)
    body, works = text[: text.index("References Akaike")], text[text.index("References Akaike") :]
    for key, work in REFERENCES.items():
        assert (work[:40].replace("&", "&amp;") in works) == (key in body), key


def test_chinese_page_tells_the_same(full: lv.Fit, tmp_path: Path) -> None:
    text = text_of(report(full, tmp_path / "r", language="zh"))
    for words in ("校正 χ²(182) = 194.818", "其中 187 个缺少部分数值", "缺失模式", "完全信息最大似然法", "未校正的 χ²"):
        assert words in text
    for words in ("scaled χ²", "Uncorrected", "missing at random", "列表删除"):
        assert words not in text


def test_hostile_names_stay_text_where_values_are_missing(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{ 7 * 7 }}", '"><img src=x>']
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(200, 1)) + rng.normal(size=(200, 4)), columns=names)
    data = data.mask(rng.random(data.shape) < 0.1).assign(**{"<i>shop</i>": np.arange(200) // 4, "<b>w</b>": 1.0})
    model = "f =~ " + " + ".join(f"`{name}`" for name in names)
    fit = lv.sem(model, data, missing="fiml", cluster="<i>shop</i>", sampling_weights="<b>w</b>")
    html = report(fit, tmp_path / "r").read_text(encoding="utf-8")
    for tag in ("<script", "<img", "<i>shop", "<b>w"):
        assert tag not in html
    for escaped in ("&lt;script&gt;alert(1)", "&lt;i&gt;shop&lt;/i&gt;", "&lt;b&gt;w&lt;/b&gt;", "{{ 7 * 7 }}"):
        assert escaped in html
    patterns = (tmp_path / "r/tables/missing_patterns.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r'(^|,)"?=cmd', patterns, re.MULTILINE)


@pytest.mark.parametrize(
    ("estimator", "named"),
    [("GLS", "generalized least squares"), ("WLS", "asymptotically free"), ("ULS", "unweighted least squares"),
     ("DWLS", "diagonally weighted")],
)  # fmt: skip
def test_least_squares_are_named_and_have_no_information_criteria(estimator: str, named: str, tmp_path: Path) -> None:
    fit = lv.cfa(
        "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", lv.datasets.load("holzinger_swineford"), estimator=estimator
    )
    text = fit.report(tmp_path / "en").read_text(encoding="utf-8")
    assert named in text
    assert "by maximum likelihood" not in text
    assert ">AIC<" not in text
    assert "最小二乘法" in fit.report(tmp_path / "zh", language="zh").read_text(encoding="utf-8")


def test_groups_are_counted_in_cases_whatever_their_weights(tmp_path: Path) -> None:
    survey = lv.datasets.load("holzinger_swineford")
    frame = pd.concat([survey.answers, survey.respondents[["school"]]], axis=1)
    frame["w"] = np.where(frame["school"] == "Pasteur", 0.5, 2.0)
    fit = lv.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", frame, group="school", sampling_weights="w")
    fit.report(tmp_path)
    groups = pd.read_csv(tmp_path / "tables" / "groups.csv")
    assert groups["n"].tolist() == frame["school"].value_counts()[["Pasteur", "Grant-White"]].tolist()


# ---- two stages, auxiliary variables, Little's test ------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("options", "sources"),
    [
        ({"missing": "two.stage"}, {"Savalei and Bentler 2009", "Savalei and Falk 2014"}),
        ({"missing": "robust.two.stage", "aux": ["age"]}, {"Savalei and Falk 2014", "Graham 2003"}),
        ({"missing": "fiml", "aux": ["age", "tenure"]}, {"Arbuckle 1996", "Graham 2003", "Zhang and Savalei 2023"}),
    ],
)
def test_methods_name_what_was_done_about_missing_answers(
    options: dict[str, object], sources: set[str], language: str
) -> None:
    text = methods(loyalty(**options), language)
    assert sources <= {key for key in REFERENCES if key in text}
    assert "{" not in text


def test_the_report_of_two_stages_speaks_of_no_full_information(tmp_path: Path) -> None:
    text = text_of(report(loyalty(missing="two.stage", aux=["tenure"]), tmp_path / "r"))
    assert "two-stage maximum likelihood" in text
    assert "(full information" not in text
    assert "tenure" in text


def test_little_test_stands_below_the_patterns(page: Path, full: lv.Fit) -> None:
    from lvmodels.report.missing_answers import little_text

    assert "test compares the means of these patterns: χ²(2565) = 2552.240, p = .567" in text_of(page)
    assert little_text(make_context(loyalty(), "en")) == []
    assert "Little 检验" in little_text(make_context(full, "zh"))[0]


def test_auxiliary_variables_are_in_no_table_of_parameters() -> None:
    from lvmodels.report.misfit_tables import residual_table
    from lvmodels.report.tables import covariance_table, variance_table

    context = make_context(loyalty(missing="fiml", aux=["age"]), "en")
    for table in (covariance_table(context), variance_table(context), residual_table(context)):
        assert table is not None
        assert "age" not in {cell for row in table.rows for cell in row}
