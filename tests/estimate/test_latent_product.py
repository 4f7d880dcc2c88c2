"""Products of latent variables: the likelihood agrees with brute force, its derivatives with differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import lvmodels as lv
from lvmodels.assess.casewise import case_scores, score_covariance
from lvmodels.errors import DataError, ModelError, NotEstimableError, OptionValueError
from lvmodels.estimate import grid
from lvmodels.estimate.objective import evaluate, information, with_grids
from lvmodels.model.matrices import model_matrices

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MEASURES = "SAT =~ s1 + s2 + s3\nSWC =~ c1 + c2 + c3\nLOY =~ l1 + l2 + l3\n"
PRODUCT = MEASURES + "LOY ~ SAT + SWC + SAT:SWC"


def answers(n: int = 300, seed: int = 1) -> pd.DataFrame:
    """Nine items, two predictors that interact, a square, an observed moderator, groups and weights."""
    rng = np.random.default_rng(seed)
    X = rng.multivariate_normal([0, 0], [[1.0, 0.3], [0.3, 1.0]], n)
    Y = 0.4 * X[:, 0] + 0.3 * X[:, 1] + 0.25 * X[:, 0] * X[:, 1] + 0.1 * X[:, 0] ** 2 + 0.7 * rng.standard_normal(n)
    frame = {
        f"{letter}{i}": 1.0 + loading * factor + 0.6 * rng.standard_normal(n)
        for letter, factor in zip("scl", (*X.T, Y), strict=True)
        for i, loading in enumerate((1.0, 0.9, 0.8), start=1)
    }
    more = {"age": rng.uniform(2.0, 7.0, n), "half": np.where(np.arange(n) % 2, "a", "b"), "w": rng.uniform(0.5, 2, n)}
    return pd.DataFrame({**frame, **more})


DATA = answers()
HOLES = DATA.mask(np.random.default_rng(2).random(DATA.shape) < 0.03).assign(half=DATA["half"], w=DATA["w"])
KINDS: dict[str, tuple[pd.DataFrame, str, dict[str, Any]]] = {
    "a product": (DATA, PRODUCT, {}),
    "a square": (DATA, PRODUCT + " + SAT:SAT", {"std_lv": True}),
    "two squares": (DATA[:80], PRODUCT + " + SAT:SAT + SWC:SWC", {}),
    "an observed moderator": (DATA, MEASURES + "LOY ~ SAT + SWC + age + SAT:age", {}),
    "an observed outcome": (DATA, "SAT =~ s1 + s2 + s3\nSWC =~ c1 + c2 + c3\nl1 ~ SAT + SWC + SAT:SWC", {}),
    "products on the way": (DATA, PRODUCT + "\nage ~ LOY + SWC + LOY:SWC", {}),
    "groups": (DATA, PRODUCT, {"group": "half", "group_equal": ("loadings", "intercepts")}),
    "missing answers": (HOLES, PRODUCT, {"missing": "fiml"}),
    "weights": (DATA, PRODUCT, {"sampling_weights": "w"}),
    "a curved constraint": (DATA, MEASURES + "LOY ~ a*SAT + b*SWC + w*SAT:SWC\nw == a*b", {}),
    "labels and a bound": (DATA, MEASURES + "LOY ~ a*SAT + a*SWC + w*SAT:SWC\nw > 0\nbend := a + w", {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_and_hessian_agree_with_differences(kind: str) -> None:
    data, model, options = KINDS[kind]
    fit = lv.sem(model, data, **options)
    assert fit.converged
    objective, rng = fit.objective, np.random.default_rng(3)
    theta = fit.optimum.theta + 0.03 * rng.standard_normal(len(fit.optimum.theta))
    here = evaluate(objective, theta)
    assert here is not None
    some = rng.choice(len(theta), 8, replace=False)
    J, step = information(objective, here, observed=True), 1e-5
    for k in some:
        ends = [evaluate(objective, theta + sign * step * (np.arange(len(theta)) == k)) for sign in (1.0, -1.0)]
        assert ends[0] is not None
        assert ends[1] is not None
        assert (ends[0].F - ends[1].F) / (2 * step) == pytest.approx(here.gradient[k], abs=2e-8)
        assert (ends[0].gradient - ends[1].gradient) / (4 * step) == pytest.approx(J[k], abs=2e-7)


def brute_force(fit: lv.Fit, values: Vector, Y: Matrix) -> float:
    """Log-likelihood of PRODUCT by a dense rule over both predictors, written from the model's equations alone."""
    names = list(fit.objective.template.names)
    at = {name: names.index(name) for name in ("SAT", "SWC", "LOY")}
    m = model_matrices(fit.objective.template, 0, values)
    omega = values[[str(row) for row in fit.table.rows].index("LOY~SAT:SWC")]
    predictors = [at["SAT"], at["SWC"]]
    z = np.linspace(-7.5, 7.5, 201)
    nodes = np.array(np.meshgrid(z, z, indexing="ij")).reshape(2, -1).T
    weights = np.exp(-0.5 * (nodes**2).sum(axis=1)) / (2 * np.pi) * (z[1] - z[0]) ** 2
    X = m.alpha[predictors] + nodes @ np.linalg.cholesky(m.Psi[np.ix_(predictors, predictors)]).T
    outcome = m.alpha[at["LOY"]] + X @ m.Beta[at["LOY"], predictors] + omega * X[:, 0] * X[:, 1]
    p = Y.shape[1]
    mu = m.alpha[:p] + np.column_stack([X, outcome]) @ m.Beta[:p, p:].T
    loading = m.Beta[:p, at["LOY"]]
    Sigma = m.Psi[:p, :p] + m.Psi[at["LOY"], at["LOY"]] * np.outer(loading, loading)
    root = np.linalg.inv(np.linalg.cholesky(Sigma))
    constant = np.log(np.diagonal(root)).sum() - 0.5 * p * np.log(2 * np.pi)
    total = 0.0
    for y in Y:
        total += np.log(weights @ np.exp(constant - 0.5 * (((y - mu) @ root.T) ** 2).sum(axis=1)))
    return float(total)


def test_likelihood_is_that_of_a_dense_rule_over_both_predictors() -> None:
    data = answers(40, seed=4)
    fit = lv.sem(PRODUCT, data)
    Y = data[list(fit.objective.template.observed)].to_numpy()
    assert fit.llf == pytest.approx(brute_force(fit, fit.solution.values, Y), abs=1e-7)


def test_implied_moments_are_those_of_a_dense_rule() -> None:
    fit = lv.sem(PRODUCT + " + SAT:SAT", DATA)
    values = fit.estimates(standardized=False).set_index(["lhs", "op", "rhs"])["est"]
    cov = np.array([[values["SAT", "~~", "SAT"], values["SAT", "~~", "SWC"]], [0, values["SWC", "~~", "SWC"]]])
    cov[1, 0] = cov[0, 1]
    z, w = np.polynomial.hermite_e.hermegauss(40)
    w = np.outer(w, w).ravel() / w.sum() ** 2
    X = np.array(np.meshgrid(z, z, indexing="ij")).reshape(2, -1).T @ np.linalg.cholesky(cov).T
    a, b, ab, aa = (values["LOY", "~", term] for term in ("SAT", "SWC", "SAT:SWC", "SAT:SAT"))
    y = a * X[:, 0] + b * X[:, 1] + ab * X[:, 0] * X[:, 1] + aa * X[:, 0] ** 2
    implied = fit.implied()
    assert implied.latent_mean["LOY"] == pytest.approx(w @ y, abs=1e-10)
    variance = w @ (y - w @ y) ** 2 + values["LOY", "~~", "LOY"]
    assert implied.latent_cov.loc["LOY", "LOY"] == pytest.approx(variance, abs=1e-10)
    assert implied.latent_cov.loc["LOY", "SAT"] == pytest.approx(w @ (y * X[:, 0]), abs=1e-10)
    r2 = 1 - values["LOY", "~~", "LOY"] / variance
    assert fit.r2()["LOY"] == pytest.approx(r2, abs=1e-10)


@pytest.mark.parametrize("kind", ["a product", "two squares", "missing answers"])
def test_twice_as_dense_a_grid_changes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, model, options = KINDS[kind]
    fit = lv.sem(model, data, **options)
    monkeypatch.setattr(grid, "SPACING", {1: 0.45, 2: 0.55})
    monkeypatch.setattr(grid, "_PRIOR_REACH", 6.0)
    monkeypatch.setattr(grid, "_CASE_REACH", 8.0)
    denser = with_grids(fit.objective, fit.solution.values)
    assert len(denser.grids[0].nodes) > 1.9 * len(fit.objective.grids[0].nodes)
    there = evaluate(denser, fit.optimum.theta)
    assert there is not None
    assert there.F == pytest.approx(fit.optimum.F, abs=2e-8)
    assert np.abs(there.gradient).max() < 1e-6


# ---- identities -----------------------------------------------------------------------------------------------------


def test_without_effect_of_the_product_the_likelihood_is_that_of_the_linear_model() -> None:
    plain = lv.sem(PRODUCT.removesuffix(" + SAT:SWC"), DATA, meanstructure=True)
    fixed = lv.sem(PRODUCT.replace("SAT:SWC", "0*SAT:SWC"), DATA)
    assert fixed.llf == pytest.approx(plain.llf, abs=1e-6)
    mine, theirs = (f.estimates(False).query("op != '~' or rhs != 'SAT:SWC'")["est"].to_numpy() for f in (fixed, plain))
    assert mine == pytest.approx(theirs, abs=1e-6)
    assert fixed.bse.to_numpy() == pytest.approx(lv.sem(plain.text.text, DATA, meanstructure=True,
                                                        information="observed").bse.to_numpy(), abs=1e-5)  # fmt: skip


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_without_effect_of_the_product_scores_are_those_of_the_linear_model(missing: str) -> None:
    data = HOLES if missing == "fiml" else DATA
    plain = lv.sem(PRODUCT.removesuffix(" + SAT:SWC"), data, meanstructure=True, missing=missing)
    fixed = lv.sem(PRODUCT.replace("SAT:SWC", "0*SAT:SWC"), data, missing=missing)
    for method in ("regression", "bartlett"):
        mine, theirs = (fit.scores(method).to_numpy() for fit in (fixed, plain))  # type: ignore[arg-type]
        assert mine == pytest.approx(theirs, abs=1e-5)


def test_order_of_the_factors_scale_of_the_factors_and_of_the_items_do_not_matter() -> None:
    fit = lv.sem(PRODUCT, DATA)
    swapped = lv.sem(PRODUCT.replace("SAT:SWC", "SWC:SAT"), DATA)
    unit = lv.sem(PRODUCT, DATA, std_lv=True)
    scaled = lv.sem(PRODUCT, DATA.assign(s1=100 * DATA["s1"], c1=0.01 * DATA["c1"] + 5))
    shown = fit.estimates().query("op == '~'")["std_all"].to_numpy()
    for other in (swapped, unit, scaled):
        assert other.estimates().query("op == '~'")["std_all"].to_numpy() == pytest.approx(shown, abs=1e-6)
    assert swapped.llf == pytest.approx(fit.llf, abs=1e-6)
    assert unit.llf == pytest.approx(fit.llf, abs=1e-6)


def test_full_information_equals_complete_data_and_groups_equal_single_fits() -> None:
    fit = lv.sem(PRODUCT, DATA)
    assert lv.sem(PRODUCT, DATA, missing="fiml").llf == pytest.approx(fit.llf, abs=1e-8)
    apart = [lv.sem(PRODUCT, DATA[DATA["half"] == name]) for name in ("a", "b")]
    together = lv.sem(PRODUCT, DATA, group="half")
    assert together.llf == pytest.approx(sum(f.llf for f in apart), abs=1e-5)
    assert set(together.bse.round(4)) == set(pd.concat([f.bse for f in apart]).round(4))


def test_observed_covariates_count_as_given() -> None:
    """The likelihood is that of the answers given the moderator, so its own distribution adds nothing."""
    model = MEASURES + "LOY ~ SAT + SWC + age + SAT:age"
    fit = lv.sem(model, DATA)
    free = lv.sem(model, DATA, fixed_x=False)
    assert free.fit_measures()["npar"] == fit.fit_measures()["npar"] + 2
    own = -0.5 * len(DATA) * (np.log(2 * np.pi * DATA["age"].var(ddof=0)) + 1)
    assert free.llf - fit.llf == pytest.approx(own, abs=1e-5)


def test_scores_of_cases_sum_to_the_gradient_and_lie_behind_robust_errors() -> None:
    fit = lv.sem(PRODUCT, HOLES, missing="fiml", estimator="MLR")
    assert fit.prepared.data is not None
    theta = fit.optimum.theta + 0.02
    here = evaluate(fit.objective, theta)
    assert here is not None
    scores = case_scores(fit.objective, here, fit.prepared.data)
    assert scores.mean(axis=0) == pytest.approx(-0.5 * here.gradient, abs=1e-9)
    J = information(fit.objective, fit.solution, observed=True)
    B = score_covariance(fit.objective, fit.solution, fit.prepared.data)
    bread = np.linalg.inv(J)
    assert fit.bse.to_numpy() == pytest.approx(np.sqrt(np.diagonal(bread @ B @ bread) / fit.nobs), rel=1e-6)


# ---- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "options", "error", "words"),
    [
        (MEASURES + "SAT:SWC ~ LOY", {}, ModelError, "can only predict"),
        (MEASURES + "LOY ~ SAT + SAT:SWC + SWC:SAT", {}, ModelError, "twice"),
        (MEASURES + "LOY ~ SAT + SAT:SWC\nSAT ~ LOY", {}, ModelError, "loop"),
        (MEASURES + "LOY ~ SAT + SAT:SWC\nage ~ LOY:LOY", {}, NotEstimableError, "not normal"),
        ("SAT <~ s1 + s2\nLOY =~ l1 + l2 + l3\nLOY ~ SAT + SAT:SAT", {}, NotEstimableError, "composite"),
        ("SAT =~ s1\nLOY =~ l1 + l2 + l3\nLOY ~ SAT + SAT:SAT", {}, NotEstimableError, "hardly any error"),
        (PRODUCT, {"ordered": ["l1"]}, NotEstimableError, "ordered="),
        (PRODUCT, {"estimator": "GLS"}, OptionValueError, "estimator"),
        (PRODUCT, {"missing": "two.stage"}, OptionValueError, "missing"),
        (PRODUCT, {"information": "expected"}, OptionValueError, "information"),
        (PRODUCT, {"meanstructure": False}, OptionValueError, "meanstructure"),
        (PRODUCT, {"aux": ["age"], "missing": "fiml"}, OptionValueError, "aux"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(model: str, options: Any, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        lv.sem(model, DATA, **options)


def test_moments_and_levels_are_refused() -> None:
    items = [name for name in DATA.columns if name[0] in "scl"]
    with pytest.raises(DataError, match="answers of each case"):
        lv.sem(PRODUCT, sample_cov=DATA[items].cov(), sample_nobs=300)
    levels = f"level: 1\n{PRODUCT}\nlevel: 2\nL =~ l1 + l2 + l3"
    with pytest.raises(NotEstimableError, match="two-level"):
        lv.sem(levels, DATA.assign(store=np.arange(300) // 10), cluster="store")


def test_an_unidentified_model_is_named_as_one_without_the_product() -> None:
    with pytest.raises(ModelError, match="not identified"):
        lv.sem(PRODUCT.replace("SAT =~ s1", "SAT =~ NA*s1"), DATA)


def test_products_do_not_go_with_rotated_factors() -> None:
    model = 'efa("f")*A + efa("f")*B =~ s1 + s2 + s3 + c1 + c2 + c3\nLOY =~ l1 + l2 + l3\nLOY ~ A + B + A:B'
    with pytest.raises(NotEstimableError, match="rotation"):
        lv.sem(model, DATA)
