"""Two ways to say the same thing give the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")

ABILITIES = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
    ind60 =~ x1 + x2 + x3
    dem60 =~ y1 + a*y2 + b*y3 + c*y4
    dem65 =~ y5 + d*y6 + e*y7 + f*y8
    dem60 ~ p*ind60
    dem65 ~ q*ind60 + r*dem60
    y1 ~~ y5
    y2 ~~ y4 + y6
"""
STRICT = ["loadings", "intercepts", "residuals", "lv.variances", "lv.covariances", "means", "regressions"]


@pytest.fixture(scope="module")
def pupils() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return lv.datasets.load("political_democracy").answers


def standardized(fit: Any) -> pd.Series:
    """Standardized values by parameter, whatever the order of rows, sides of a covariance and signs of factors."""
    rows = fit.estimates()
    keys = [
        "|".join([*sorted((r.lhs, r.rhs)), r.op]) if r.op == "~~" else f"{r.lhs}{r.op}{r.rhs}"
        for r in rows.itertuples()
    ]
    return pd.Series(rows["std_all"].to_numpy(), index=keys).sort_index()


def same_fit(one: Any, two: Any, tolerance: float = 1e-7) -> None:
    a, b = one.fit_measures(), two.fit_measures()
    for name in ("chisq", "df", "cfi", "tli", "rmsea", "baseline_chisq", "srmr_bentler_nomean"):
        assert a[name] == pytest.approx(b[name], rel=1e-6, abs=tolerance), name


def same_standardized(one: Any, two: Any, tolerance: float = 1e-6) -> None:
    a, b = standardized(one), standardized(two)
    shared = a.index.intersection(b.index)
    assert len(shared) > 5
    np.testing.assert_allclose(a[shared], b[shared], atol=tolerance)


# ---- scale and order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [ABILITIES, ABILITIES + "\nspeed ~ visual + textual", ABILITIES + "\nvisual ~ ageyr"])
def test_marker_and_unit_variance_are_one_model(pupils: pd.DataFrame, model: str) -> None:
    marker, unit = lv.sem(model, pupils), lv.sem(model, pupils, std_lv=True)
    same_fit(marker, unit)
    same_standardized(marker, unit)
    np.testing.assert_allclose(marker.implied().cov, unit.implied().cov, atol=1e-6)
    # errors of standardized values do not depend on the scale of the factors either
    a, b = (f.standardized().set_index(["lhs", "op", "rhs"])["se"] for f in (marker, unit))
    np.testing.assert_allclose(a, b, atol=1e-6)


def test_any_marker_gives_the_same_model(pupils: pd.DataFrame) -> None:
    other = "visual =~ NA*x1 + x2 + 1*x3\ntextual =~ NA*x4 + 2*x5 + x6\nspeed =~ x7 + x8 + x9"
    same_fit(lv.cfa(ABILITIES, pupils), lv.cfa(other, pupils))
    same_standardized(lv.cfa(ABILITIES, pupils), lv.cfa(other, pupils))


@pytest.mark.parametrize("factor", [1e-3, 0.02, 7.0, 1e4])
def test_the_unit_of_an_item_does_not_matter(pupils: pd.DataFrame, factor: float) -> None:
    fit = lv.cfa(ABILITIES, pupils)
    scaled = lv.cfa(ABILITIES, pupils.assign(x1=pupils["x1"] * factor, x5=pupils["x5"] / factor))
    same_fit(fit, scaled)
    same_standardized(fit, scaled)
    a, b = fit.modification_indices(), scaled.modification_indices()
    np.testing.assert_allclose(a["mi"], b["mi"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        a["sepc_all"].abs().sort_values(), b["sepc_all"].abs().sort_values(), rtol=1e-4, atol=1e-6
    )


def test_the_scale_of_all_items_does_not_matter(pupils: pd.DataFrame) -> None:
    items = [f"x{i}" for i in range(1, 10)]
    fit = lv.cfa(ABILITIES, pupils)
    for factor in (1e-12, 1e12):
        scaled = lv.cfa(ABILITIES, pupils[items] * factor)
        same_fit(fit, scaled)
        same_standardized(fit, scaled)
        np.testing.assert_allclose(scaled.bse["visual=~x2"], fit.bse["visual=~x2"], rtol=1e-5)


def test_reversing_an_item_turns_its_sign_only(pupils: pd.DataFrame) -> None:
    fit, turned = lv.cfa(ABILITIES, pupils), lv.cfa(ABILITIES, pupils.assign(x2=-pupils["x2"]))
    same_fit(fit, turned)
    a, b = standardized(fit), standardized(turned)
    assert b["visual=~x2"] == pytest.approx(-a["visual=~x2"], abs=1e-6)
    np.testing.assert_allclose(a.drop("visual=~x2"), b.drop("visual=~x2"), atol=1e-6)


def test_order_of_columns_rows_and_lines_does_not_matter(countries: pd.DataFrame) -> None:
    fit = lv.sem(DEMOCRACY, countries)
    lines = [line.strip() for line in DEMOCRACY.strip().splitlines()]
    turned = lv.sem("\n".join(lines[::-1]), countries)
    shuffled = lv.sem(DEMOCRACY, countries[countries.columns[::-1]].sample(frac=1.0, random_state=3))
    for other in (turned, shuffled):
        same_fit(fit, other)
        same_standardized(fit, other)
        a, b = (f.estimates().set_index("label").loc[list("abcdefpqr"), "se"] for f in (fit, other))
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_order_of_items_within_a_factor_does_not_matter(pupils: pd.DataFrame) -> None:
    turned = "speed =~ 1*x7 + x9 + x8\nvisual =~ x1 + x3 + x2\ntextual =~ x4 + x6 + x5"
    fit, other = lv.cfa(ABILITIES, pupils), lv.cfa(turned, pupils)
    same_fit(fit, other)
    same_standardized(fit, other)


# ---- data -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("likelihood", ["normal", "wishart"])
@pytest.mark.parametrize("means", [False, True])
def test_moments_serve_as_well_as_data(countries: pd.DataFrame, likelihood: str, means: bool) -> None:
    options: dict[str, Any] = {"likelihood": likelihood, "meanstructure": means}
    given = {"sample_cov": countries.cov(), "sample_nobs": len(countries)}
    if means:
        given["sample_mean"] = countries.mean()
    fit, other = lv.sem(DEMOCRACY, countries, **options), lv.sem(DEMOCRACY, **given, **options)
    pd.testing.assert_frame_equal(fit.estimates(), other.estimates(), rtol=1e-6, atol=1e-8)
    pd.testing.assert_series_equal(fit.fit_measures(), other.fit_measures(), rtol=1e-6, atol=1e-8)


def test_moments_by_group_serve_as_well_as_data(pupils: pd.DataFrame) -> None:
    items = [f"x{i}" for i in range(1, 10)]
    parts = [part[items] for _, part in pupils.groupby("school", sort=False)]
    fit = lv.cfa(ABILITIES, pupils, group="school", group_equal=["loadings", "intercepts"])
    other = lv.cfa(
        ABILITIES,
        sample_cov=[part.cov() for part in parts],
        sample_mean=[part.mean() for part in parts],
        sample_nobs=[len(part) for part in parts],
        group_equal=["loadings", "intercepts"],
    )
    pd.testing.assert_series_equal(fit.fit_measures(), other.fit_measures(), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(fit.estimates()["est"], other.estimates()["est"], atol=1e-6)


def test_mean_structure_changes_neither_chi_square_nor_other_estimates(countries: pd.DataFrame) -> None:
    plain, means = lv.sem(DEMOCRACY, countries), lv.sem(DEMOCRACY, countries, meanstructure=True)
    same_fit(plain, means)
    same_standardized(plain, means)
    a, b = plain.estimates().set_index("label"), means.estimates().set_index("label")
    np.testing.assert_allclose(a.loc[list("abcdefpqr"), "se"], b.loc[list("abcdefpqr"), "se"], rtol=1e-6)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_mean_structure_does_not_change_factor_scores(pupils: pd.DataFrame, method: Any) -> None:
    model = ABILITIES + "\nvisual + speed ~ ageyr"
    plain, means = lv.sem(model, pupils), lv.sem(model, pupils, meanstructure=True)
    np.testing.assert_allclose(plain.scores(method), means.scores(method), atol=1e-5)


def test_fixed_and_free_covariates_give_the_same_estimates(pupils: pd.DataFrame) -> None:
    model = ABILITIES + "\nvisual + textual ~ ageyr + sex"
    fixed, free = lv.sem(model, pupils), lv.sem(model, pupils, fixed_x=False)
    same_fit(fixed, free)
    same_standardized(fixed, free)


def test_wishart_and_normal_differ_by_the_divisor_only(pupils: pd.DataFrame) -> None:
    n = len(pupils)
    normal, wishart = lv.cfa(ABILITIES, pupils), lv.cfa(ABILITIES, pupils, likelihood="wishart")
    assert wishart.fit_measures()["chisq"] == pytest.approx(normal.fit_measures()["chisq"] * (n - 1) / n, rel=1e-7)
    a, b = normal.estimates(), wishart.estimates()
    loadings = a["op"] == "=~"
    np.testing.assert_allclose(a.loc[loadings, "est"], b.loc[loadings, "est"], atol=1e-6)
    np.testing.assert_allclose(a.loc[~loadings, "est"] * n / (n - 1), b.loc[~loadings, "est"], atol=1e-6)
    np.testing.assert_allclose(a["std_all"], b["std_all"], atol=1e-6)


# ---- groups ---------------------------------------------------------------------------------------------------------


def test_a_sample_given_twice_as_two_equal_groups_gives_the_same_estimates(pupils: pd.DataFrame) -> None:
    model = ABILITIES + "\nspeed ~ visual"
    twice = pd.concat([pupils.assign(copy="a"), pupils.assign(copy="b")], ignore_index=True)
    single = lv.sem(model, pupils, meanstructure=True)
    double = lv.sem(model, twice, group="copy", group_equal=[*STRICT, "residual.covariances"])
    first = double.estimates().query("group == 1").reset_index(drop=True)
    np.testing.assert_allclose(first["est"], single.estimates()["est"], atol=1e-6)
    np.testing.assert_allclose(first["se"] * np.sqrt(2.0), single.estimates()["se"], atol=1e-6)
    assert double.fit_measures()["chisq"] == pytest.approx(2.0 * single.fit_measures()["chisq"], rel=1e-7)
    assert double.fit_measures()["npar"] == single.fit_measures()["npar"]
    assert double.fit_measures()["srmr"] == pytest.approx(single.fit_measures()["srmr"], rel=1e-6)
    assert double.llf == pytest.approx(2.0 * single.llf, rel=1e-9)


def test_unrelated_groups_are_separate_fits(pupils: pd.DataFrame) -> None:
    both = lv.cfa(ABILITIES, pupils, group="school")
    parts = [lv.cfa(ABILITIES, part, meanstructure=True) for _, part in pupils.groupby("school", sort=False)]
    assert both.fit_measures()["chisq"] == pytest.approx(sum(f.fit_measures()["chisq"] for f in parts), rel=1e-7)
    assert both.llf == pytest.approx(sum(f.llf for f in parts), rel=1e-9)
    for g, part in enumerate(parts, start=1):
        rows = both.estimates().query("group == @g").reset_index(drop=True)
        np.testing.assert_allclose(rows["est"], part.estimates()["est"], atol=1e-6)
        np.testing.assert_allclose(rows["se"], part.estimates()["se"], rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(both.residuals("standardized", group=g), part.residuals("standardized"), atol=1e-4)


def test_equal_across_groups_is_the_same_as_one_label(pupils: pd.DataFrame) -> None:
    by_option = lv.cfa(ABILITIES, pupils, group="school", group_equal="loadings")
    labelled = "\n".join(
        f"{f} =~ {x[0]} + c(a{x[1]},a{x[1]})*{x[1]} + c(a{x[2]},a{x[2]})*{x[2]}"
        for f, x in {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}.items()
    )
    by_label = lv.cfa(labelled, pupils, group="school")
    pd.testing.assert_series_equal(by_option.fit_measures(), by_label.fit_measures(), rtol=1e-7)
    np.testing.assert_allclose(by_option.estimates()["se"], by_label.estimates()["se"], rtol=1e-6)


def test_scalar_invariance_fits_alike_with_either_scale(pupils: pd.DataFrame) -> None:
    options: dict[str, Any] = {"group": "school", "group_equal": ["loadings", "intercepts"]}
    same_fit(lv.cfa(ABILITIES, pupils, **options), lv.cfa(ABILITIES, pupils, std_lv=True, **options))


@pytest.mark.parametrize("rows", [slice(None), slice(None, None, -1)])
def test_order_of_groups_does_not_matter(pupils: pd.DataFrame, rows: slice) -> None:
    fit = lv.cfa(ABILITIES, pupils.iloc[rows], group="school", group_equal=["loadings", "intercepts"])
    assert fit.fit_measures()["chisq"] == pytest.approx(164.10282, abs=1e-4)


# ---- constraints ----------------------------------------------------------------------------------------------------

SAME = {
    "label": DEMOCRACY.replace("d*y6", "a*y6").replace("e*y7", "b*y7"),
    "equal()": DEMOCRACY.replace("d*y6", 'equal("a")*y6').replace("e*y7", 'equal("dem60=~y3")*y7'),
    "linear": DEMOCRACY + "a == d\nb - e == 0",
    "linear, odd": DEMOCRACY + "2*a - d == a\n0 == (b - e)/3",
    "through a definition": DEMOCRACY + "gap := a - d\nother := b - e\ngap == 0\nother == 0",
    "nonlinear": DEMOCRACY + "exp(a) == exp(d)\nb^3 == e^3",
    "two inequalities": DEMOCRACY + "a == d\nb < e\nb > e",
}


@pytest.mark.parametrize("way", SAME)
def test_one_restriction_said_in_many_ways(countries: pd.DataFrame, way: str) -> None:
    base, fit = lv.sem(SAME["label"], countries), lv.sem(SAME[way], countries)
    assert fit.converged
    assert fit.fit_measures()["chisq"] == pytest.approx(base.fit_measures()["chisq"], abs=1e-6)
    np.testing.assert_allclose(fit.implied().cov, base.implied().cov, atol=1e-5)
    if way != "two inequalities":  # active inequalities take no degree of freedom
        assert fit.df == base.df
        np.testing.assert_allclose(fit.estimates()["se"][: len(base.estimates())], base.estimates()["se"], rtol=1e-4)


def test_fixing_a_value_is_the_same_as_constraining_it(countries: pd.DataFrame) -> None:
    fixed = lv.sem(DEMOCRACY.replace("q*ind60", "0.5*ind60"), countries)
    for way in ("q == 0.5", "q^2 == 0.25", "2*q == 1"):
        fit = lv.sem(DEMOCRACY + way, countries)
        assert fit.df == fixed.df
        same_fit(fit, fixed, 1e-5)
        assert fit.estimates().set_index("label").loc["q", "est"] == pytest.approx(0.5, abs=1e-8)
        assert fit.estimates().set_index("label").loc["q", "se"] == pytest.approx(0.0, abs=1e-8)


def test_constraints_by_option_and_in_the_text_are_the_same(countries: pd.DataFrame) -> None:
    one, two = lv.sem(DEMOCRACY, countries, constraints="a == d\nb > 0"), lv.sem(DEMOCRACY + "a == d\nb > 0", countries)
    pd.testing.assert_series_equal(one.fit_measures(), two.fit_measures())


def test_an_inactive_inequality_changes_nothing(countries: pd.DataFrame) -> None:
    free, bound = lv.sem(DEMOCRACY, countries), lv.sem(DEMOCRACY + "a > 0.1\nr < 5", countries)
    pd.testing.assert_frame_equal(free.estimates(), bound.estimates())
    assert bound.warnings == ()


def test_an_active_inequality_is_the_equality(countries: pd.DataFrame) -> None:
    active, equality = lv.sem(DEMOCRACY + "r > 1", countries), lv.sem(DEMOCRACY + "r == 1", countries)
    np.testing.assert_allclose(active.estimates()["est"], equality.estimates()["est"], atol=1e-6)
    assert active.df == equality.df - 1
    assert [type(w) for w in active.warnings] == [lv.errors.BoundaryWarning]


# ---- degrees of freedom, defined parameters, residuals ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "model"),
    [
        (lv.cfa, "f =~ x1 + x2 + x3"),
        (lv.sem, "x1 ~ x2 + x3\nx4 ~ x1 + x2 + x3"),
        (lv.sem, "x1 ~~ x2"),
    ],
)
def test_a_saturated_model_reproduces_the_sample(pupils: pd.DataFrame, function: Any, model: str) -> None:
    fit = function(model, pupils)
    measures = fit.fit_measures()
    assert (measures["df"], measures["rmsea"]) == (0, 0)
    assert measures["cfi"] == pytest.approx(1.0)
    assert measures["chisq"] == pytest.approx(0.0, abs=1e-8)
    assert np.isnan(measures["pvalue"])
    np.testing.assert_allclose(fit.residuals("raw"), 0.0, atol=1e-6)
    np.testing.assert_allclose(fit.residuals("standardized"), 0.0, atol=1e-6)
    assert measures["logl"] == pytest.approx(measures["unrestricted_logl"], abs=1e-8)


def test_regression_with_observed_variables_is_least_squares(pupils: pd.DataFrame) -> None:
    fit = lv.sem("x1 ~ x2 + x3", pupils, meanstructure=True)
    X = np.column_stack([pupils["x2"], pupils["x3"], np.ones(len(pupils))])
    beta, rest, *_ = np.linalg.lstsq(X, pupils["x1"].to_numpy(), rcond=None)
    rows = fit.estimates().set_index(["lhs", "op", "rhs"])
    keys = [("x1", "~", "x2"), ("x1", "~", "x3"), ("x1", "~1", "")]
    np.testing.assert_allclose(rows.loc[keys, "est"], beta, rtol=1e-6)
    variance = rest[0] / len(pupils)
    np.testing.assert_allclose(rows.loc[keys, "se"], np.sqrt(np.diagonal(variance * np.linalg.inv(X.T @ X))), rtol=1e-5)
    assert rows.loc[("x1", "~~", "x1"), "est"] == pytest.approx(variance)
    assert fit.r2()["x1"] == pytest.approx(1.0 - variance / pupils["x1"].var(ddof=0))


def test_error_of_a_product_is_the_delta_method_by_hand(countries: pd.DataFrame) -> None:
    fit = lv.sem(DEMOCRACY + "indirect := p*r\ntotal := q + p*r\nratio := indirect/total", countries)
    rows, V = fit.estimates().set_index("label"), fit.vcov()
    p, q, r = (rows.loc[name, "est"] for name in "pqr")
    block = V.loc[list("pqr"), list("pqr")].to_numpy()
    total = q + p * r
    slopes = {
        "indirect": np.array([r, 0.0, p]),
        "total": np.array([r, 1.0, p]),
        "ratio": np.array([r * q, -p * r, p * q]) / total**2,
    }
    for name, slope in slopes.items():
        assert rows.loc[name, "se"] == pytest.approx(np.sqrt(slope @ block @ slope), rel=1e-8)
    assert rows.loc["ratio", "est"] == pytest.approx(p * r / total)
    assert rows.loc["indirect", "z"] == pytest.approx(rows.loc["indirect", "est"] / rows.loc["indirect", "se"])


def test_effects_agree_with_defined_parameters(countries: pd.DataFrame) -> None:
    fit = lv.sem(DEMOCRACY + "indirect := p*r\ntotal := q + p*r", countries)
    rows = fit.estimates().set_index("label")
    effects = fit.effects().set_index(["outcome", "predictor", "effect"])
    for name in ("indirect", "total"):
        mine = effects.loc[("dem65", "ind60", name)]
        for column in ("est", "se", "ci_lower", "ci_upper", "std_all"):
            assert mine[column] == pytest.approx(rows.loc[name, column], rel=1e-7), column
    assert effects.loc[("dem65", "ind60", "direct"), "est"] == pytest.approx(rows.loc["q", "est"])


def test_standard_errors_come_from_the_covariance_matrix(countries: pd.DataFrame) -> None:
    fit = lv.sem(DEMOCRACY, countries)
    np.testing.assert_allclose(fit.bse, np.sqrt(np.diagonal(fit.vcov())))
    np.testing.assert_allclose(fit.conf_int(0.1)["upper"] - fit.params, 1.6448536 * fit.bse, rtol=1e-6)


def test_modification_index_foretells_the_fall_of_chi_square(pupils: pd.DataFrame) -> None:
    """Both go to the same limit: with data that miss the model by little, they agree closely."""
    fit = lv.cfa(ABILITIES, pupils)
    near = 0.97 * fit.implied().cov + 0.03 * pupils[list(fit.implied().cov)].cov(ddof=0)
    given: dict[str, Any] = {"sample_cov": near, "sample_nobs": 3000, "likelihood": "wishart"}
    base = lv.cfa(ABILITIES, **given)
    for row in base.modification_indices().head(4).itertuples():
        freed = lv.cfa(f"{ABILITIES}\n{row.lhs} {row.op} {row.rhs}", **given)
        fall = base.fit_measures()["chisq"] - freed.fit_measures()["chisq"]
        assert row.mi == pytest.approx(fall, rel=0.05)
        found = freed.estimates().set_index(["lhs", "op", "rhs"]).loc[(row.lhs, row.op, row.rhs)]
        assert row.epc == pytest.approx(found["est"], rel=0.1)
        assert row.sepc_all == pytest.approx(found["std_all"], rel=0.1)


@pytest.mark.parametrize("fixed_x", [True, False])
def test_standardized_residuals_of_a_true_model_have_unit_variance(fixed_x: bool) -> None:
    """Two groups with equal parameters: the sampling error that each brings to the other counts."""
    rng = np.random.default_rng(5)
    model = "f =~ a + b + c + d\nf ~ x"
    found = []
    n = 150
    x = rng.normal(size=2 * n)
    group = np.repeat(["one", "two"], n)
    for _ in range(150):
        drawn = x if fixed_x else rng.normal(size=2 * n)
        f = 0.7 * drawn + rng.normal(size=2 * n)
        items = f[:, None] * [1.0, 0.8, 0.7, 0.9] + rng.normal(size=(2 * n, 4)) * 0.8
        data = pd.DataFrame(items, columns=list("abcd")).assign(x=drawn, g=group)
        fit = lv.sem(model, data, group="g", group_equal=["loadings", "intercepts", "residuals"], fixed_x=fixed_x)
        z = fit.residuals("standardized", group=2).to_numpy()
        found.append(
            [z[1, 0], z[2, 2], z[3, 1], z[4, 0], z[4, 3], *fit.residuals("standardized", group=2, means=True)[:4]]
        )
    spread = np.std(found, axis=0)
    np.testing.assert_allclose(spread, 1.0, atol=0.2)  # standard error about 0.06
