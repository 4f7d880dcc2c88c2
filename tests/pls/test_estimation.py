"""Identities that partial least squares obeys, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from tests.pls.models import ECSI, FEW, HIGHER, MODERATED, fit, mobi


def with_gaps(seed: int = 1, share: float = 0.05) -> pd.DataFrame:
    data = mobi().astype(float)
    return data.mask(np.random.default_rng(seed).random(data.shape) < share)


def simulated(population: str, n: int, seed: int) -> pd.DataFrame:
    """Normal data from a matrix of correlations, written as a table of factor loadings and factor correlations."""
    generator = np.random.default_rng(seed)
    correlation = {"weak": 0.3, "strong": 0.6}[population]
    eta = generator.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=n)
    loadings = np.array([0.8, 0.7, 0.6])
    noise = generator.standard_normal((n, 6)) * np.sqrt(1 - np.tile(loadings, 2) ** 2)
    Y = np.hstack([eta[:, [0]] * loadings, eta[:, [1]] * loadings]) + noise
    return pd.DataFrame(Y, columns=["a1", "a2", "a3", "b1", "b2", "b3"])


def test_unit_mode_is_the_sum_of_standardized_items() -> None:
    data = mobi()
    found = lv.pls(FEW, data, modes="unit")
    items = data[["CUSA1", "CUSA2", "CUSA3"]]
    total = ((items - items.mean()) / items.std()).sum(axis=1)
    assert np.allclose(found.scores()["Satisfaction"], total / total.std())


def test_mode_b_maximizes_the_correlation_of_two_blocks() -> None:
    """With two blocks of mode B, partial least squares is canonical correlation (Wold 1982)."""
    data = mobi()
    found = lv.pls("A <~ IMAG1 + IMAG2 + IMAG3; B <~ CUSA1 + CUSA2 + CUSA3; B ~ A", data, tolerance=1e-12)
    R = data[["IMAG1", "IMAG2", "IMAG3", "CUSA1", "CUSA2", "CUSA3"]].corr().to_numpy()
    inner = np.linalg.solve(R[:3, :3], R[:3, 3:]) @ np.linalg.solve(R[3:, 3:], R[3:, :3])
    assert found.paths().loc["A", "B"] == pytest.approx(np.sqrt(np.linalg.eigvals(inner).real.max()), abs=1e-9)


def test_standardized_results_do_not_depend_on_units_or_order() -> None:
    data = mobi()
    other = (data * np.linspace(0.5, 3.0, data.shape[1]) + 7.0).sample(frac=1.0, random_state=3, axis=1)
    assert np.allclose(fit("ecsi").paths(), lv.pls(ECSI, other).paths(), atol=1e-10)
    lines = FEW.strip().splitlines()
    reordered = lv.pls("\n".join([*reversed(lines[:-1]), lines[-1]]), data)
    names = list(lv.pls(FEW, data).paths())
    assert np.allclose(lv.pls(FEW, data).paths(), reordered.paths().loc[names, names], atol=1e-6)


def test_mean_replacement_is_a_fit_of_the_filled_data() -> None:
    data = with_gaps()
    found = lv.pls(ECSI, data)
    assert np.allclose(found.paths(), lv.pls(ECSI, data.fillna(data.mean())).paths(), atol=1e-10)
    moderated = lv.pls(MODERATED, data)
    assert np.allclose(moderated.paths(), lv.pls(MODERATED, data.fillna(data.mean())).paths(), atol=1e-10)


def test_casewise_deletion_is_a_fit_of_the_complete_cases() -> None:
    data = with_gaps(share=0.01)
    with pytest.warns(errors.DroppedRowsWarning, match="casewise"):
        found = lv.pls(ECSI, data, missing="casewise")
    complete = data.dropna()
    assert found.nobs == len(complete)
    assert np.allclose(found.paths(), lv.pls(ECSI, complete).paths(), atol=1e-10)


def test_pairwise_correlations_are_those_of_the_pairs() -> None:
    data = with_gaps()
    found = lv.pls(ECSI, data, missing="pairwise")
    names = [column.name for column in found.stage.columns]
    assert np.allclose(found.solution.S[0], data[names].corr().to_numpy(), atol=1e-10)
    assert np.allclose(lv.pls(ECSI, mobi(), missing="pairwise").paths(), fit("ecsi").paths(), atol=1e-10)


def test_weights_of_cases_are_repetitions() -> None:
    data = mobi()
    times = np.random.default_rng(5).integers(1, 4, size=len(data))
    weighted = lv.pls(ECSI, data.assign(times=times), sampling_weights="times")
    repeated = lv.pls(ECSI, data.loc[data.index.repeat(times)])
    assert np.allclose(weighted.paths(), repeated.paths(), atol=1e-9)
    assert np.allclose(weighted.weights(), repeated.weights(), atol=1e-9)


def test_scores_have_the_correlations_and_variances_that_are_reported() -> None:
    for name in ("basic", "ecsi", "higher_order", "two_stage"):
        found = fit(name)
        scores = found.scores()
        assert np.allclose(scores.corr(), found.correlations("scores"), atol=1e-9)
        assert np.allclose(scores.std(), found.solution.scale[0], atol=1e-9)


def test_unstandardized_scores_are_weighted_means_of_the_answers() -> None:
    found, data = fit("basic"), mobi()
    scores = found.scores("unstandardized")
    assert scores.min().min() > 1.0 - 1e-9
    assert scores.max().max() < 10.0 + 1e-9
    slope = np.linalg.lstsq(
        np.column_stack([np.ones(len(data)), scores[["Image", "Expectation", "Value"]]]),
        scores["Satisfaction"],
        rcond=None,
    )[0]
    assert np.allclose(slope[1:], found.paths("unstandardized")["Satisfaction"].iloc[:3], atol=1e-9)


def test_a_dominant_item_gives_the_sign() -> None:
    data = mobi()
    turned = data.assign(PERV1=-data["PERV1"], PERV2=-data["PERV2"])
    plain = lv.pls(FEW, turned)
    assert plain.loadings()["Value"].sum() > 0
    negative = lv.pls(FEW, mobi().assign(PERV1=11 - data["PERV1"]), modes={"Value": "B"}, dominant={"Value": "PERV1"})
    assert negative.loadings().loc["PERV1", "Value"] > 0
    assert negative.paths().loc["Value", "Satisfaction"] < 0


def test_consistent_estimates_find_a_common_factor_population() -> None:
    data = simulated("strong", 200_000, 1)
    model = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"
    found = lv.pls(model, data, consistent=True)
    assert found.paths().loc["A", "B"] == pytest.approx(0.6, abs=0.01)
    assert found.loadings()["A"].iloc[:3].tolist() == pytest.approx([0.8, 0.7, 0.6], abs=0.01)
    assert lv.pls(model, data).paths().loc["A", "B"] < 0.53  # attenuated: what the correction is for


def test_consistent_estimates_and_maximum_likelihood_agree_as_n_grows() -> None:
    model = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"
    apart = []
    for n in (500, 50_000):
        data = simulated("weak", n, 7)
        ml = lv.sem(model, data).standardized().query("op == '~'")["est_std"].item()
        apart.append(abs(lv.pls(model, data, consistent=True).paths().loc["A", "B"] - ml))
    assert apart[1] < 0.003
    assert apart[1] < apart[0]


def test_partial_least_squares_is_right_on_a_composite_population() -> None:
    """Mode B: composites with weights .4, .5, .3 of items that correlate by .3; their scores correlate by .5."""
    w, R = np.array([0.4, 0.5, 0.3]), 0.3 + 0.7 * np.eye(3)
    w = w / np.sqrt(w @ R @ w)
    cross = 0.5 * np.outer(R @ w, R @ w)
    S = np.block([[R, cross], [cross, R]])
    Y = np.random.default_rng(2).multivariate_normal(np.zeros(6), S, size=200_000)
    data = pd.DataFrame(Y, columns=["a1", "a2", "a3", "b1", "b2", "b3"])
    found = lv.pls("A <~ a1 + a2 + a3; B <~ b1 + b2 + b3; B ~ A", data)
    assert found.paths().loc["A", "B"] == pytest.approx(0.5, abs=0.01)
    assert found.weights()["A"].iloc[:3].tolist() == pytest.approx(w, abs=0.02)


def test_single_observed_variables_stand_on_paths() -> None:
    found = lv.pls("Value =~ PERV1 + PERV2; CUSCO ~ Value", mobi())
    assert found.weights().loc["CUSCO", "CUSCO"] == 1.0
    assert found.reliability().loc["CUSCO"].tolist() == [1.0, 1.0, 1.0, 1.0]


def test_effects_add_up() -> None:
    table = fit("ecsi").effects().pivot_table("est", ["predictor", "outcome"], "effect")
    assert np.allclose(table["direct"] + table["indirect"], table["total"])
    chains = fit("ecsi").specific_effects().groupby(["predictor", "outcome"])["est"].sum()
    indirect = table["indirect"][table.index.isin(chains.index)]
    assert np.allclose(chains.loc[indirect.index], indirect)


def test_labels_and_defined_parameters_are_computed() -> None:
    found = lv.pls("A =~ IMAG1 + IMAG2; B =~ PERV1 + PERV2; B ~ p*A; CUSCO ~ q*B; through := p*q", mobi())
    table = found.estimates().set_index("label")["est"]
    assert table["through"] == pytest.approx(table["p"] * table["q"])


def test_communality_and_redundancy_follow_from_loadings() -> None:
    found = fit("ecsi")
    square = found.loadings().loc["CUSL1", "Loyalty"] ** 2
    assert found.communality()["Loyalty", "CUSL1"] == pytest.approx(square)
    assert found.redundancy()["Loyalty", "CUSL1"] == pytest.approx(square * found.r2()["Loyalty"])
    assert "Image" not in found.redundancy().index.get_level_values("construct")


def test_geometric_ratios_agree_with_arithmetic_ones_when_items_are_parallel() -> None:
    R = np.array([[1, 0.5, 0.3, 0.3], [0.5, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.6], [0.3, 0.3, 0.6, 1]])
    Z = np.random.default_rng(0).standard_normal((500, 4))
    Z = np.linalg.solve(np.linalg.cholesky(np.cov(Z.T)), (Z - Z.mean(axis=0)).T).T @ np.linalg.cholesky(R).T
    found = lv.pls("A =~ a + b; B =~ c + d; B ~ A", pd.DataFrame(Z, columns=list("abcd")))
    for kind in ("arithmetic", "geometric", "absolute"):
        assert found.htmt(kind).loc["B", "A"] == pytest.approx(0.3 / np.sqrt(0.5 * 0.6))


@pytest.mark.parametrize("how", ["disjoint", "embedded", "repeated"])
def test_higher_order_constructs_are_estimated(how: str) -> None:
    found = lv.pls(HIGHER, mobi(), higher_order=how)
    measured = "IMAG1" if how == "repeated" else "Image"  # repeated: the components are constructs of the same model
    assert found.loadings().loc[measured, "Satisfaction"] > 0.5
    assert found.loadings().loc["IMAG1", "Image"] > 0.5
    assert 0.5 < found.r2()["Satisfaction"] <= 1.0
    assert found.converged


def test_orthogonal_products_leave_the_other_paths_as_they_are() -> None:
    found = lv.pls(MODERATED, mobi(), interaction="orthogonal")
    C = found.correlations("scores")
    assert abs(C.loc["Image:Expectation", "Image"]) < 1e-9
    assert abs(C.loc["Image:Expectation", "Expectation"]) < 1e-9


def test_quadratic_effect_is_that_of_the_squared_score() -> None:
    found = lv.pls(FEW + "Satisfaction ~ Image:Image\n", mobi())
    scores = lv.pls(FEW, mobi()).scores()
    X = np.column_stack([np.ones(250), scores[["Image", "Expectation", "Value"]], scores["Image"] ** 2])
    slope = np.linalg.lstsq(X, scores["Satisfaction"], rcond=None)[0]
    assert found.paths().loc["Image:Image", "Satisfaction"] == pytest.approx(slope[-1], abs=1e-5)
    at = found.slopes((0.0, 1.0))["est"]
    assert at[1] - at[0] == pytest.approx(2 * found.paths().loc["Image:Image", "Satisfaction"])


def test_summary_prints_what_was_done() -> None:
    text = str(fit("consistent").summary())
    assert "consistent partial least squares" in text
    assert "Explained variance" in text


def test_what_has_no_counterpart_is_said() -> None:
    with pytest.warns(errors.IgnoredFormulaWarning, match="IMAG1 ~~ IMAG2"):
        lv.pls(FEW + "IMAG1 ~~ IMAG2\n", mobi())


def test_too_few_iterations_are_said() -> None:
    with pytest.warns(errors.ConvergenceWarning, match="did not settle"):
        found = lv.pls(ECSI, mobi(), max_iterations=1)
    assert not found.converged
    with pytest.raises(errors.NotConvergedError, match="max_iterations"):
        found.bootstrap(10, seed=1)


def test_inadmissible_correction_is_said() -> None:
    with pytest.warns(errors.InadmissibleWarning, match="consistent=False"):
        lv.pls(ECSI, mobi(), consistent=True)


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        ("A =~ IMAG1 + IMAG2", errors.ModelError, "no path"),
        ("A =~ IMAG1 + IMAG2; B =~ PERV1 + PERV2; B ~ A; A ~ B", errors.NonRecursiveError, "circle"),
        ("A =~ IMAG1 + IMAG2; B =~ IMAG2 + PERV2; B ~ A", errors.RepeatedItemError, "two blocks"),
        ("A =~ IMAG1 + IMAG2; B =~ PERV1 + PERV2; B ~ 0.5*A", errors.NotEstimableError, "fixed"),
        ("A =~ IMAG1 + IMAG2; B =~ PERV1 + PERV2; B ~ p*A; p > 0", errors.NotEstimableError, "constraints"),
        ("A =~ IMAG1 + IMAG2; B =~ PERV1 + PERV2; C =~ CUSA1 + CUSA2; B ~ A", errors.ModelError, "'C' has no path"),
        ("A =~ IMAG1 + IMAG2; A <~ PERV1; CUSCO ~ A", errors.ModelError, "both measured"),
        ("A =~ IMAG1 + NOPE; CUSCO ~ A", errors.LvmodelsError, "NOPE"),
    ],
)
def test_models_without_an_estimate_are_refused(model: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        lv.pls(model, mobi())


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"scheme": "pathh"}, "path"),
        ({"missing": "fiml"}, "'mean'"),
        ({"modes": "C"}, "'A'"),
        ({"tolerance": 2.0}, "between 0 and 1"),
        ({"max_iterations": 0}, "from 1"),
        ({"consistent": "yes"}, "True or False"),
        ({"level": 2}, "level"),
    ],
)
def test_unknown_options_are_refused(option: dict, words: str) -> None:
    with pytest.raises(errors.OptionValueError, match=words):
        lv.pls(FEW, mobi(), **option)


def test_an_option_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(errors.UnknownOptionError, match="interaction"):
        lv.pls(FEW, mobi(), interactions="two_stage")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="scheme"):
        lv.pls(FEW, mobi(), schem="path")  # type: ignore[call-arg]


def test_data_without_an_estimate_are_refused() -> None:
    data = mobi()
    with pytest.raises(errors.ConstantVariableError, match="PERV1"):
        lv.pls(FEW, data.assign(PERV1=3.0))
    with pytest.raises(errors.SingularBlockError, match="PERV2"):
        lv.pls(FEW.replace("Value =~", "Value <~"), data.assign(PERV2=data["PERV1"]))
    with pytest.raises(errors.TooFewCasesError):
        lv.pls(FEW, data.iloc[:4])
    with pytest.raises(errors.DataTypeError):
        lv.pls(FEW)
    with pytest.raises(errors.ModelTypeError):
        lv.pls(FEW.encode(), data)  # type: ignore[arg-type]
