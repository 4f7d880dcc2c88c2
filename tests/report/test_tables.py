"""Tables of the report: their numbers are the fit's, shown as journals show them, and complete in CSV."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.report.context import Context, make_context
from lvmodels.report.convergence import condition_number
from lvmodels.report.csv_text import table_to_csv
from lvmodels.report.effect_tables import effect_table
from lvmodels.report.fit_tables import fit_table, verdicts
from lvmodels.report.html import lay_out
from lvmodels.report.misfit_tables import modification_table, residual_table
from lvmodels.report.number_format import decimal, p_equation, p_shown, shown
from lvmodels.report.records import Column, Format, Table
from lvmodels.report.sample_tables import distribution, item_table, missing_table
from lvmodels.report.tables import (
    covariance_table,
    defined_table,
    intercept_table,
    measurement_table,
    r2_table,
    structural_table,
    variance_table,
)


def frame(table: Table | None) -> pd.DataFrame:
    assert table is not None
    return pd.DataFrame(table.rows, columns=[column.key for column in table.columns])


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (1.04832, "estimate", "1.048"),
        (-0.12590, "index", "−.126"),
        (1.0, "index", "1.000"),
        (-1.2, "index", "−1.200"),
        (0.9254, "index", ".925"),
        (-0.00001, "index", ".000"),
        (0.0000421, "estimate", "4.2 × 10⁻⁵"),
        (-3e-17, "estimate", "0.000"),
        (12345678.9, "estimate", "1.23 × 10⁷"),
        (-0.4914, "ratio", "−0.49"),
        (0.0, "p", "< .001"),
        (0.00099, "p", "< .001"),
        (0.001, "p", ".001"),
        (0.6231, "p", ".623"),
        (0.99999, "p", "> .999"),
        (250, "integer", "250"),
        (-99.0, "integer", "−99"),
        (0.5, "integer", "0.500"),
        (0.6376, "percent", "64%"),
        (0.012, "percent", "1.2%"),
        (None, "estimate", "–"),
        (math.nan, "p", "–"),
        (math.inf, "ratio", "∞"),
        ("x-1", "code", "x-1"),
    ],
)
def test_numbers_look_as_in_a_journal(value: str | float | None, kind: Format, expected: str) -> None:
    assert shown(value, kind) == expected


def test_p_in_running_text_has_its_sign() -> None:
    assert [p_equation(p) for p in (0.0001, 0.04, 0.9999)] == ["p < .001", "p = .040", "p > .999"]


@pytest.mark.parametrize("value", np.linspace(-3, 3, 41).tolist())
def test_shown_decimals_round_the_value(value: float) -> None:
    text = decimal(value).replace("−", "-")
    assert abs(float(text) - value) <= 0.0005 + 1e-12
    assert p_shown(0.0) == "< .001"


# ---- parameters -----------------------------------------------------------------------------------------------------


def test_loadings_are_those_of_the_fit(ecsi: lv.Fit, ecsi_context: Context) -> None:
    found = frame(measurement_table(ecsi_context)).set_index("item")
    wanted = ecsi.estimates().query("op == '=~'").set_index("rhs")
    for column, source in (("est", "est"), ("std_all", "std_all")):
        assert found[column].tolist() == wanted[source].tolist()
    free = wanted["se"] > 0
    assert found.loc[free.to_numpy(), "p"].tolist() == wanted.loc[free, "pvalue"].tolist()


def test_fixed_parameters_have_no_error_and_no_test(ecsi_context: Context) -> None:
    markers = frame(measurement_table(ecsi_context)).query("item in ['CUEX1', 'PERQ1', 'PERV1']")
    assert (markers["est"] == 1).all()
    assert markers[["se", "z", "p", "ci_lower", "ci_upper"]].isna().all(axis=None)


def test_constructs_bear_the_labels_of_the_instrument(ecsi: lv.Fit) -> None:
    english, chinese = (make_context(ecsi, language) for language in ("en", "zh"))
    assert frame(structural_table(english))["outcome_label"].tolist()[0] == "Perceived quality"
    assert frame(structural_table(chinese))["outcome_label"].tolist()[0] == "感知质量"
    assert frame(structural_table(chinese))["outcome"].tolist()[0] == "Quality"


def test_two_constructs_of_one_label_stay_apart() -> None:
    toml = """
        schema = 1
        name = "twins"
        title = { en = "Twins" }
        [[constructs]]
        name = "A"
        label = { en = "Trust" }
        [[constructs]]
        name = "B"
        label = { en = "Trust" }
        """ + "".join(
        f'[[items]]\nname = "{n}"\nwording = {{ en = "?" }}\n' for n in ("a1", "a2", "a3", "b1", "b2", "b3")
    )
    rng = np.random.default_rng(3)
    two = np.repeat(rng.normal(size=(200, 2)), 3, axis=1)
    data = pd.DataFrame(two + rng.normal(size=(200, 6)), columns=["a1", "a2", "a3", "b1", "b2", "b3"])
    survey = lv.read_survey(data, lv.Instrument.from_toml(toml))
    context = make_context(lv.cfa("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3", survey), "en")
    assert context.label("A") == "Trust (A)"
    assert context.label("B") == "Trust (B)"


def test_every_estimate_stands_in_exactly_one_table(schools: lv.Fit, schools_context: Context) -> None:
    tables = [make(schools_context) for make in (measurement_table, variance_table, covariance_table, intercept_table)]
    latent_means_at_zero = 6
    assert sum(len(t.rows) for t in tables if t is not None) == len(schools.estimates()) - latent_means_at_zero


def test_defined_parameters_have_their_expression(ecsi_context: Context) -> None:
    found = frame(defined_table(ecsi_context)).set_index("name")
    assert found.loc["quality_satisfaction_loyalty", "expression"] == "qs*sl"
    assert found.loc["quality_satisfaction_loyalty", "est"] == pytest.approx(0.939892, abs=1e-6)


def test_kinds_of_variances_and_covariances() -> None:
    fit = lv.sem(lv.datasets.model("political_democracy"), lv.datasets.load("political_democracy"))
    context = make_context(fit, "en")
    variances = frame(variance_table(context)).set_index("variable")["kind"]
    assert variances[["ind60", "dem60", "y1"]].tolist() == ["variance", "residual variance", "residual variance"]
    assert set(frame(covariance_table(context))["kind"]) == {"residual covariance"}


def test_r2_lists_constructs_before_items(ecsi: lv.Fit, ecsi_context: Context) -> None:
    found = frame(r2_table(ecsi_context))
    assert found["part"].drop_duplicates().tolist() == ["Constructs", "Items"]
    assert found.set_index("variable")["r2"].to_dict() == ecsi.r2().to_dict()


def test_groups_have_their_own_column(schools_context: Context) -> None:
    table = measurement_table(schools_context)
    assert table is not None
    assert next(c for c in table.columns if c.key == "group_label").title == "school"
    assert frame(table)["group_label"].tolist()[:4] == ["Pasteur", "Grant-White"] * 2
    assert frame(table)["item"].tolist()[:4] == ["x1", "x1", "x2", "x2"]


def test_without_errors_the_columns_of_tests_are_left_out() -> None:
    fit = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"), se="none")
    table = structural_table(make_context(fit, "en"))
    assert table is not None
    assert not {"se", "z", "p", "ci_lower"} & {column.key for column in table.columns}


def test_without_convergence_only_estimates_are_left(diverged: lv.Fit) -> None:
    context = make_context(diverged, "en")
    table = measurement_table(context)
    assert table is not None
    assert [column.key for column in table.columns] == ["construct", "construct_label", "item", "label", "est"]
    assert r2_table(context) is effect_table(context) is residual_table(context) is modification_table(context) is None


# ---- effects, misfit, fit -------------------------------------------------------------------------------------------


def test_effects_stand_side_by_side_and_add_up(ecsi: lv.Fit, ecsi_context: Context) -> None:
    found = frame(effect_table(ecsi_context))
    assert (found.fillna(0.0)["direct_est"] + found.fillna(0.0)["indirect_est"]).tolist() == pytest.approx(
        found["total_est"].tolist()
    )
    total = ecsi.effects().query("effect == 'total'")
    assert found["total_p"].tolist() == total["pvalue"].tolist()


def test_an_effect_without_a_path_is_empty_not_zero(ecsi_context: Context) -> None:
    row = frame(effect_table(ecsi_context)).query("outcome == 'Loyalty' and predictor == 'Quality'").iloc[0]
    assert math.isnan(row["direct_est"])
    assert row["indirect_est"] == row["total_est"]


def test_residuals_come_largest_first_and_once_a_pair(ecsi_context: Context) -> None:
    found = frame(residual_table(ecsi_context))
    assert len(found) == 19 * 18 // 2
    assert found["standardized_residual"].abs().is_monotonic_decreasing


def test_modification_indices_are_those_of_the_fit(ecsi: lv.Fit, ecsi_context: Context) -> None:
    table = modification_table(ecsi_context)
    assert table is not None
    assert frame(table)["mi"].tolist() == ecsi.modification_indices()["mi"].tolist()
    assert frame(table)["parameter"][0] == "CUEX3 ~~ PERQ1"
    assert len(lay_out(table).bodies[0][1]) == table.shown_rows == 10


@pytest.mark.parametrize(
    ("cfi", "rmsea", "srmr", "overall", "short"),
    [
        (0.96, 0.04, 0.05, "good", ()),
        (0.93, 0.04, 0.05, "acceptable", ()),
        (0.96, 0.07, 0.09, "acceptable", ()),
        (0.89, 0.04, 0.05, "poor", ("CFI",)),
        (0.80, 0.12, 0.11, "poor", ("CFI", "RMSEA", "SRMR")),
    ],
)
def test_verdict_is_the_least_favourable(
    cfi: float, rmsea: float, srmr: float, overall: str, short: tuple[str]
) -> None:
    found = verdicts({"cfi": cfi, "rmsea": rmsea, "srmr": srmr})
    assert (found.overall, found.short_of) == (overall, short)


def test_fit_table_words_each_measure_with_a_source(ecsi_context: Context) -> None:
    found = frame(fit_table(ecsi_context)).set_index("measure")
    assert found.index.tolist() == ["χ²", "CFI", "TLI", "RMSEA", "SRMR", "AIC", "BIC"]
    assert found.loc["χ²", "value"] == "298.887, df = 144, p < .001"
    assert found.loc["RMSEA", "value"] == ".066 [.055, .076]"
    assert found["benchmark"].str.contains(r"19\d\d").all()
    assert found["says"].str.len().min() > 10


def test_condition_number_grows_when_parameters_are_hard_to_tell_apart(ecsi: lv.Fit, schools: lv.Fit) -> None:
    assert 1 < condition_number(schools) < condition_number(ecsi) < 1e6


# ---- the sample -----------------------------------------------------------------------------------------------------


def test_distribution_of_a_known_sample() -> None:
    found = distribution(np.array([1.0, 2.0, 4.0, np.nan]))
    assert found[0] == 3
    assert list(found[1:]) == pytest.approx([7 / 3, 1.5275252, 0.9352195, math.nan, 1, 4], nan_ok=True)


def test_items_have_wording_and_numbers_of_the_cases_analysed(ecsi_context: Context) -> None:
    found = frame(item_table(ecsi_context)).set_index("variable")
    answers = lv.datasets.load("ecsi_mobi").answers["CUSA1"]
    assert found.loc["CUSA1", "wording"] == "All in all, how content are you with this provider?"
    assert found.loc["CUSA1", ["n", "mean", "sd"]].tolist() == pytest.approx([250, answers.mean(), answers.std()])


def test_missing_values_are_counted_over_all_cases() -> None:
    with pytest.warns(lv.errors.DroppedRowsWarning):
        fit = lv.sem(lv.datasets.model("value_loyalty"), lv.datasets.load("value_loyalty"))
    found = frame(missing_table(make_context(fit, "en"))).set_index("variable")
    assert found.loc["SWI1", ["answered", "missing"]].tolist() == [572, 48]
    assert (
        missing_table(make_context(lv.cfa("f =~ x1 + x2 + x3", lv.datasets.load("holzinger_swineford")), "en")) is None
    )


# ---- CSV ------------------------------------------------------------------------------------------------------------


def test_csv_keeps_every_digit_and_every_row(ecsi: lv.Fit, ecsi_context: Context) -> None:
    table = structural_table(ecsi_context)
    assert table is not None
    found = pd.read_csv(io.BytesIO(table_to_csv(table)), dtype=str)
    assert found["est"].map(float).tolist() == ecsi.estimates().query("op == '~'")["est"].tolist()


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\tx", "=cmd|' /C calc'!A0"])
def test_csv_text_is_no_formula(text: str) -> None:
    content = table_to_csv(Table("t", "T", (Column("name"), Column("value")), ((text, -1.5),))).decode()
    name, value = list(csv.reader(io.StringIO(content)))[1]
    assert name == f"'{text}"
    assert value == "-1.5"


def test_csv_with_chinese_letters_says_that_it_is_utf8() -> None:
    table = Table("t", "T", (Column("名"),), (('满意, "是"',),))
    content = table_to_csv(table)
    assert content.startswith("\ufeff".encode())
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["名"], ['满意, "是"']]


def test_rows_are_divided_where_their_heading_changes() -> None:
    columns = (Column("group", "Group"), Column("x", "X", "integer"), Column("y"))
    laid = lay_out(Table("t", "T", columns, (("a", 1, 0), ("a", 2, 0), ("b", 3, 0)), divided_by="group"))
    assert [(heading, len(rows)) for heading, rows in laid.bodies] == [("a", 2), ("b", 1)]
    assert [column.key for column in laid.columns] == ["x"]
