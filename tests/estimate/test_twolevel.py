"""Two-level models: the likelihood is that of all cases of a cluster at once; derivatives, identities, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.assess.cluster_scores import cluster_scores
from lvmodels.estimate.objective import evaluate, information

MODEL = """
level: 1
  fw =~ y1 + y2 + y3
  fw ~ x
level: 2
  fb =~ y1 + y2 + y3
  fb ~ z
"""
LOG_2_PI = np.log(2.0 * np.pi)


def clusters(n_clusters: int = 60, seed: int = 7, sizes: tuple[int, int] = (2, 9)) -> pd.DataFrame:
    """Customers (cases) within stores (clusters)."""
    rng = np.random.default_rng(seed)
    n = rng.integers(*sizes, n_clusters)
    store = np.repeat(np.arange(n_clusters), n)
    z, x = rng.normal(size=n_clusters), rng.normal(size=len(store))
    fb, fw = 0.5 * z + rng.normal(size=n_clusters) * 0.7, 0.6 * x + rng.normal(size=len(store))
    frame = pd.DataFrame({"store": store, "x": x, "z": z[store]})
    for k, (within, between) in enumerate(((1.0, 1.0), (0.8, 0.9), (0.7, 1.1)), start=1):
        own = rng.normal(size=n_clusters) * 0.3
        frame[f"y{k}"] = 3 + within * fw + (between * fb + own)[store] + rng.normal(size=len(store)) * 0.6
    return frame


def with_gaps(frame: pd.DataFrame, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    found = frame.copy()
    for name in ("y1", "y2", "y3"):
        found.loc[rng.random(len(frame)) < 0.15, name] = np.nan
    found.loc[found["store"] == 4, "y2"] = np.nan
    found.loc[found["store"].isin([1, 9]), "z"] = np.nan
    return found


DATA = clusters()
GAPS = with_gaps(DATA)
OPTIONS: dict[str, Any] = {"cluster": "store"}
FREE_X: dict[str, Any] = {"cluster": "store", "missing": "fiml", "fixed_x": False}


@pytest.fixture(scope="module")
def fit() -> lv.fit.Fit:
    return lv.sem(MODEL, DATA, **OPTIONS)


@pytest.fixture(scope="module")
def gappy() -> lv.fit.Fit:
    return lv.sem(MODEL, GAPS, **FREE_X)


def dense(fit: Any, answers: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Deviations of all answers of each cluster, their covariance, and those with the two latent variables."""
    names = list(fit.objective.template.observed)
    within, between = (state.matrices for state in fit.solution.states)
    p = len(names)
    place = {name: k for k, name in enumerate(fit.objective.template.names)}
    fw, fb, k = place["fw"], place["fb"], names.index("z")
    mu = (within.eta + between.eta)[:p]
    found = []
    for _, group in answers.groupby("store", sort=False):
        Y = group[names].to_numpy()
        entries = [(i, j) for i in range(len(Y)) for j in range(p) if j != k and not np.isnan(Y[i, j])]
        entries += [(0, k)] if not np.isnan(Y[0, k]) else []
        case, column = np.array(entries).T
        Sigma = between.V[np.ix_(column, column)] + within.V[np.ix_(column, column)] * (case[:, None] == case)
        first = within.V[fw, column] * (case == 0)
        found.append((Y[case, column] - mu[column], Sigma, first, between.V[fb, column]))
    return found


def dense_log_likelihood(fit: Any, answers: pd.DataFrame) -> float:
    parts = dense(fit, answers)
    return sum(-0.5 * (len(d) * LOG_2_PI + np.linalg.slogdet(S)[1] + d @ np.linalg.solve(S, d)) for d, S, _, _ in parts)


def x_log_likelihood(data: pd.DataFrame) -> float:
    """Of the covariates by themselves: x over cases, z over clusters."""
    z = data.groupby("store")["z"].first()
    return sum(-0.5 * len(v) * (LOG_2_PI + 1 + np.log(v.var(ddof=0))) for v in (data["x"], z))


def test_log_likelihood_is_that_of_whole_clusters(fit: Any) -> None:
    whole = dense_log_likelihood(fit, DATA)
    assert fit.llf == pytest.approx(whole - x_log_likelihood(DATA), abs=1e-7)


def test_log_likelihood_of_incomplete_clusters_is_that_of_their_answers(gappy: Any) -> None:
    assert gappy.llf == pytest.approx(dense_log_likelihood(gappy, GAPS), abs=1e-7)


@pytest.mark.parametrize("name", ["fit", "gappy"])
def test_scores_are_means_given_all_answers_of_the_cluster(name: str, request: pytest.FixtureRequest) -> None:
    fit = request.getfixturevalue(name)
    answers = DATA if name == "fit" else GAPS
    latent = fit.objective.template.latent
    eta = [s.matrices.eta[fit.objective.template.n_observed + latent.index(f)]
           for s, f in zip(fit.solution.states, ("fw", "fb"), strict=True)]  # fmt: skip
    expected = [
        (eta[0] + first @ np.linalg.solve(S, d), eta[1] + second @ np.linalg.solve(S, d))
        for d, S, first, second in dense(fit, answers)
    ]
    ours = fit.scores().groupby(answers["store"].to_numpy(), sort=False).first()[["fw", "fb"]]
    np.testing.assert_allclose(ours.to_numpy(), expected, atol=1e-9)


def slopes(objective: Any, theta: np.ndarray, step: float = 1e-5) -> np.ndarray:
    sides = [[evaluate(objective, theta + sign * step * e) for sign in (1, -1)] for e in np.eye(len(theta))]
    return np.array([(up.F - down.F) / (2 * step) for up, down in sides])  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["fit", "gappy"])
def test_gradient_agrees_with_differences(name: str, request: pytest.FixtureRequest) -> None:
    objective = request.getfixturevalue(name).objective
    theta = request.getfixturevalue(name).optimum.theta
    theta = theta + np.random.default_rng(1).normal(size=len(theta)) * 0.05
    here = evaluate(objective, theta)
    assert here is not None
    np.testing.assert_allclose(here.gradient, slopes(objective, theta), atol=2e-8)


def test_observed_information_is_half_the_hessian(fit: Any) -> None:
    objective, theta = fit.objective, fit.optimum.theta + 0.02
    here, step = evaluate(objective, theta), 1e-5
    assert here is not None
    hessian = [
        (evaluate(objective, theta + step * e).gradient - evaluate(objective, theta - step * e).gradient) / (2 * step)  # type: ignore[union-attr]
        for e in np.eye(len(theta))
    ]
    np.testing.assert_allclose(information(objective, here, observed=True), np.array(hessian) / 2, atol=1e-7)


def test_expected_information_is_the_mean_of_the_observed_one() -> None:
    """Over many draws of the model at its own parameters."""
    big = lv.sem(MODEL, clusters(4000, seed=1), **OPTIONS)
    J, K = (information(big.objective, big.solution, observed=kind) for kind in (True, False))
    np.testing.assert_allclose(J, K, atol=0.05 * np.diagonal(K).max())


@pytest.mark.parametrize("name", ["fit", "gappy"])
def test_scores_of_clusters_sum_to_the_gradient(name: str, request: pytest.FixtureRequest) -> None:
    fit = request.getfixturevalue(name)
    theta = fit.optimum.theta + 0.03
    here = evaluate(fit.objective, theta)
    assert here is not None
    total = cluster_scores(fit.objective, here, fit.prepared.data).sum(axis=0) @ fit.objective.restrictions.K
    np.testing.assert_allclose(-2.0 * total / fit.nobs, here.gradient, atol=1e-10)


def test_full_information_equals_listwise_on_complete_data(fit: Any) -> None:
    other = lv.sem(MODEL, DATA, missing="fiml", **OPTIONS)
    pd.testing.assert_frame_equal(other.estimates(), fit.estimates(), rtol=1e-8)


def test_one_missing_answer_changes_next_to_nothing(fit: Any) -> None:
    other = DATA.copy()
    other.loc[5, "y2"] = np.nan
    gap = lv.sem(MODEL, other, missing="fiml", **OPTIONS)
    for column, size in (("est", 0.02), ("se", 0.005)):
        np.testing.assert_allclose(gap.estimates()[column], fit.estimates()[column], atol=size)


def test_balanced_clusters_have_the_estimates_of_analysis_of_variance() -> None:
    data = clusters(40, sizes=(5, 6))
    found = lv.sem("level: 1; y1 ~~ w*y1; level: 2; y1 ~~ b*y1; y1 ~ m*1", data, cluster="store").params
    means = data.groupby("store")["y1"].mean()
    within = data.groupby("store")["y1"].var(ddof=1).mean()
    assert found["w"] == pytest.approx(within, rel=1e-7)
    assert found["b"] == pytest.approx(means.var(ddof=0) - within / 5, rel=1e-6)
    assert found["m"] == pytest.approx(means.mean(), rel=1e-8)


def test_order_of_cases_and_of_levels_does_not_matter(fit: Any) -> None:
    first, second = MODEL.split("level: 2")
    turned = "level: 2" + second + first
    mixed = lv.sem(turned, DATA.sample(frac=1, random_state=1), **OPTIONS)
    assert mixed.fit_measures()["chisq"] == pytest.approx(fit.fit_measures()["chisq"], abs=1e-6)
    pd.testing.assert_frame_equal(mixed.estimates(), fit.estimates(), atol=1e-6)


def test_levels_may_be_named_in_words(fit: Any) -> None:
    words = MODEL.replace("level: 1", "level: within").replace("level: 2", "level: between")
    pd.testing.assert_frame_equal(lv.sem(words, DATA, **OPTIONS).estimates(), fit.estimates())


def test_units_do_not_matter(fit: Any) -> None:
    other = lv.sem(MODEL, DATA.assign(y1=DATA["y1"] * 1e4, y2=DATA["y2"] * 1e4, y3=DATA["y3"] * 1e4), **OPTIONS)
    for name in ("chisq", "cfi", "srmr_within", "srmr_between"):
        assert other.fit_measures()[name] == pytest.approx(fit.fit_measures()[name], abs=1e-6)


def test_marker_and_unit_variance_give_one_fit(fit: Any) -> None:
    other = lv.sem(MODEL, DATA, std_lv=True, **OPTIONS)
    assert other.fit_measures()["chisq"] == pytest.approx(fit.fit_measures()["chisq"], abs=1e-7)


def test_saturated_model_fits_perfectly() -> None:
    names = " + ".join(["y1", "y2", "y3"])
    lines = [f"y{k} ~~ {names}" for k in (1, 2, 3)]
    text = "\n".join(["level: 1", *lines, "level: 2", *lines])
    measures = lv.sem(text, DATA, **OPTIONS).fit_measures()
    assert measures["df"] == 0
    assert measures[["chisq", "srmr", "srmr_within", "srmr_between"]].abs().max() < 1e-6


@pytest.mark.filterwarnings("ignore::lvmodels.errors.HeywoodWarning")
def test_groups_without_equal_parameters_are_separate_fits() -> None:
    data = DATA.assign(region=np.where(DATA["store"] % 2 == 0, "east", "west"))
    both = lv.sem(MODEL, data, group="region", **OPTIONS)
    alone = [lv.sem(MODEL, data[data["region"] == name], **OPTIONS) for name in both.prepared.group_labels]
    for name in ("chisq", "logl", "df"):
        assert both.fit_measures()[name] == pytest.approx(sum(f.fit_measures()[name] for f in alone), abs=1e-6)
    np.testing.assert_allclose(both.bse, np.concatenate([f.bse for f in alone]), rtol=1e-6)


@pytest.mark.filterwarnings("ignore::lvmodels.errors.HeywoodWarning")
def test_equal_parameters_across_groups_are_equal() -> None:
    data = DATA.assign(region=np.where(DATA["store"] % 2 == 0, "east", "west"))
    table = lv.sem(MODEL, data, group="region", group_equal="loadings", **OPTIONS).estimates()
    loadings = table[table["op"] == "=~"].pivot_table(index=["lhs", "rhs"], columns="group", values="est")
    np.testing.assert_allclose(loadings[1], loadings[2])


def test_robust_errors_are_near_the_naive_ones_for_normal_data() -> None:
    data = clusters(1500, seed=5)
    plain, robust = (lv.sem(MODEL, data, estimator=name, **OPTIONS) for name in ("ML", "MLR"))
    np.testing.assert_allclose(robust.bse, plain.bse, rtol=0.15)
    assert robust.fit_measures()["chisq_scaling_factor"] == pytest.approx(1.0, abs=0.25)


# ---- what is said of each level -------------------------------------------------------------------------------------


def test_tables_have_a_level(fit: Any) -> None:
    assert list(fit.estimates()["level"].unique()) == [1, 2]
    for frame in (fit.standardized(), fit.effects(), fit.modification_indices()):
        assert set(frame["level"]) <= {1, 2}
    assert fit.r2().index.names == ["level", "variable"]
    assert set(fit.r2()[2].index) == {"y1", "y2", "y3", "fb"}


def test_defined_parameters_reach_over_levels() -> None:
    text = MODEL.replace("fw ~ x", "fw ~ a*x").replace("fb ~ z", "fb ~ b*z") + "\ngap := a - b"
    table = lv.sem(text, DATA, **OPTIONS).estimates().set_index("label")
    assert table.at["gap", "est"] == pytest.approx(table.at["a", "est"] - table.at["b", "est"])
    assert table.at["gap", "level"] == 0


def test_intraclass_correlation_is_the_share_between_clusters(fit: Any) -> None:
    table = fit.icc()
    assert list(table.index) == ["y1", "y2", "y3", "x"]
    np.testing.assert_allclose(table["icc"], table["between"] / (table["between"] + table["within"]))
    assert table.at["x", "icc"] == 0
    assert 0.1 < table.at["y1", "icc"] < 0.6


def test_implied_moments_and_residuals_are_those_of_a_level(fit: Any) -> None:
    assert list(fit.implied(level=1).cov.columns) == ["y1", "y2", "y3", "x"]
    assert list(fit.implied(level=2).cov.columns) == ["y1", "y2", "y3", "z"]
    assert list(fit.implied(level=2).latent_cov.columns) == ["fb"]
    assert fit.residuals("raw", level=1).at["x", "x"] == pytest.approx(0, abs=1e-9)
    over = fit.residuals("standardized", level=2).to_numpy()
    assert np.isfinite(over).all()
    assert np.abs(over).max() < 5


def test_modification_index_is_about_the_fall_of_chi_square() -> None:
    text = MODEL.replace("fb =~ y1 + y2 + y3", "fb =~ y1 + y2\n y3 ~~ 0*fb")
    fixed = lv.sem(text, DATA, **OPTIONS)
    table = fixed.modification_indices().set_index(["lhs", "op", "rhs", "level"])
    freed = lv.sem(text.replace("0*fb", "fb"), DATA, **OPTIONS)
    fall = fixed.fit_measures()["chisq"] - freed.fit_measures()["chisq"]
    assert table.loc[("y3", "~~", "fb", 2), "mi"] == pytest.approx(fall, rel=0.5)


def test_srmr_is_the_sum_of_both_levels(fit: Any) -> None:
    m = fit.fit_measures()
    assert m["srmr"] == pytest.approx(m["srmr_within"] + m["srmr_between"])


# ---- bad input ------------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[str, dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "no cluster": (MODEL, {"cluster": None}, errors.OptionValueError, ("cluster=", "'store'")),
    "unknown cluster": (MODEL, {"cluster": "stores"}, errors.UnknownVariableError, ("did you mean 'store'",)),
    "clusters of one": (MODEL, {"cluster": "id"}, errors.DataError, ("'id'", "single case")),
    "one level": ("level: 1\ny1 ~ x", {}, errors.ModelError, ("'1'", "'level: 2'")),
    "three levels": ("level: a\ny1 ~ x\nlevel: b\ny1 ~ z\nlevel: c\ny2 ~ z", {}, errors.ModelError, ("'a', 'b', 'c'",)),
    "one level twice": ("level: 1\ny1 ~ x\nlevel: within\ny1 ~ z", {}, errors.ModelError, ("'within'", "'level: 2'")),
    "no level": ("y2 ~ x\nlevel: 1\ny1 ~ x\nlevel: 2\ny1 ~ z", {}, errors.ModelError, ("under no level",)),
    "varies within": ("level: 1\ny1 ~ x\nlevel: 2\ny1 ~ x2", {}, errors.DataError, ("'x2'", "cluster '", "level 1")),
    "does not vary": ("level: 1\ny1 ~ z\nlevel: 2\ny1 ~~ y1", {}, errors.DataError, ("'z'", "level 2 alone")),
    "ordinal": (MODEL, {"ordered": ["y1"]}, errors.OptionValueError, ("continuous", "ordered=")),
    "least squares": (MODEL, {"estimator": "WLS"}, errors.OptionValueError, ("'WLS'", "'MLR'")),
    "weights": (MODEL, {"sampling_weights": "x2"}, errors.OptionValueError, ("sampling_weights", "leave it out")),
    "no means": (MODEL, {"meanstructure": False}, errors.OptionValueError, ("meanstructure",)),
    "wishart": (MODEL, {"likelihood": "wishart"}, errors.OptionValueError, ("'wishart'", "'normal'")),
    "another test": (MODEL, {"test": "satorra.bentler"}, errors.OptionValueError, ("'yuan.bentler.mplus'",)),
    "auxiliary variables": (MODEL, {"aux": ["x2"], "missing": "fiml"}, errors.OptionValueError, ("leave it out",)),
    "two stages": (MODEL, {"missing": "two.stage"}, errors.OptionValueError, ("'two.stage'", "'fiml'")),
    "a test of residuals": (MODEL, {"test": "browne.residual.nt"}, errors.OptionValueError, ("leave test out",)),
    "expected and missing": (
        MODEL, {"missing": "fiml", "information": "expected"}, errors.OptionValueError, ("complete data", "observed"),
    ),
    "two means": (
        "level: 1\nf =~ y1 + 1*y2 + y3\ny1 ~ 1\nlevel: 2\nf =~ y1 + y2 + y3", {}, errors.IdentificationError,
        ("y1~1 at level 1", "y1~1 at level 2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_the_remedy(name: str) -> None:
    text, options, error, said = BAD[name]
    data = DATA.assign(id=range(len(DATA)), x2=DATA["x"] + 1)
    with pytest.raises(error) as caught:
        lv.sem(text, data, **{**OPTIONS, **options})
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_moments_are_refused() -> None:
    with pytest.raises(errors.DataError, match="pass data="):
        lv.sem(MODEL, sample_cov=DATA[["y1", "y2", "y3", "x", "z"]].cov(), sample_nobs=100, **OPTIONS)


def test_what_two_levels_alone_have_is_refused_for_one() -> None:
    single = lv.sem("f =~ y1 + y2 + y3", DATA)
    with pytest.raises(errors.OptionValueError, match="two-level"):
        single.icc()
    with pytest.raises(errors.OptionValueError, match="one level"):
        single.implied(level=2)


def test_bartlett_scores_and_levels_beyond_the_second_are_refused(fit: Any) -> None:
    with pytest.raises(errors.OptionValueError, match="'regression'"):
        fit.scores("bartlett")
    with pytest.raises(errors.OptionValueError, match="levels are 1"):
        fit.residuals("raw", level=3)


@pytest.mark.filterwarnings("ignore::lvmodels.errors.ConvergenceWarning")
def test_too_few_clusters_are_warned_about() -> None:
    text = "level: 1\ny1 ~ x\nlevel: 2\ny1 ~ z + z2\nz3 ~ z"
    few = DATA[DATA["store"] < 4]
    few = few.assign(z2=np.sin(few["store"]), z3=np.cos(few["store"]))
    with pytest.warns(errors.DataWarning, match="4 clusters for 4 variables"):
        lv.sem(text, few, **OPTIONS)


def test_heywood_warning_names_the_level() -> None:
    text = "level: 1\ny1 ~~ y1\nlevel: 2\ny1 ~~ y1"
    rng = np.random.default_rng(2)
    flat = pd.DataFrame({"store": np.repeat(np.arange(30), 6), "y1": rng.normal(size=180)})
    flat["y1"] -= 0.9 * flat.groupby("store")["y1"].transform("mean")
    with pytest.warns(errors.HeywoodWarning, match="at level 2"):
        lv.sem(text, flat, **OPTIONS)
