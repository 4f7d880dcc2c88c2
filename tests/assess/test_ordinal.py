"""Models of ordinal answers: identities, derivatives, scores, sparse and impossible answers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

import lvmodels as lv
from lvmodels import errors
from lvmodels.estimate.objective import evaluate
from lvmodels.moments.margins import ordinal_margin
from lvmodels.moments.ordinal import response_moments
from lvmodels.moments.responses import Responses

pytestmark = pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")

ITEMS = [f"y{i}" for i in range(1, 10)]
MODEL = "a =~ y1 + y2 + y3\nb =~ y4 + y5 + y6\nc =~ y7 + y8 + y9"
PATHS = MODEL + "\nb ~ a\nc ~ a + b"


def answers(n: int = 400, cuts: tuple[float, ...] = (-1.0, -0.3, 0.4, 1.1), seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.5 * a + np.sqrt(0.75) * rng.normal(size=n)
    c = 0.3 * a + 0.4 * b + rng.normal(size=n)
    latent = np.repeat(np.column_stack([a, b, c]), 3, axis=1) * np.tile([0.8, 0.7, 0.6], 3)
    responses = latent + rng.normal(size=latent.shape) * 0.65
    frame = pd.DataFrame(np.digitize(responses, cuts) + 1.0, columns=ITEMS)
    return frame.assign(age=a + rng.normal(size=n), score=b + rng.normal(size=n), half=np.arange(n) % 2)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return answers()


def measures(fit: Any, *names: str) -> NDArray[np.float64]:
    return fit.fit_measures()[list(names)].to_numpy(dtype=float)


def loadings(fit: Any, column: str = "std_all") -> NDArray[np.float64]:
    return fit.estimates().query("op in ('=~', '~')")[column].to_numpy(dtype=float)


TESTS = ("chisq", "df", "chisq_scaled", "cfi", "cfi_scaled", "rmsea_scaled", "srmr", "baseline_chisq")

# ---- two ways to say the same ---------------------------------------------------------------------------------------


def test_delta_and_theta_are_one_model_of_one_group(data: pd.DataFrame) -> None:
    delta, theta = (lv.sem(PATHS, data, ordered=ITEMS, parameterization=p) for p in ("delta", "theta"))
    np.testing.assert_allclose(measures(delta, *TESTS), measures(theta, *TESTS), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(loadings(delta), loadings(theta), atol=1e-6)
    a, b = (f.standardized().query("op == '~'")["se"].to_numpy() for f in (delta, theta))
    np.testing.assert_allclose(a, b, atol=1e-6)


def test_marker_and_unit_variance_are_one_model(data: pd.DataFrame) -> None:
    marker, unit = (lv.cfa(MODEL, data, ordered=True, std_lv=s) for s in (False, True))
    np.testing.assert_allclose(measures(marker, *TESTS), measures(unit, *TESTS), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(loadings(marker), loadings(unit), atol=1e-6)


def test_only_the_order_of_categories_counts(data: pd.DataFrame) -> None:
    stretched = data.assign(**{name: data[name].map({1: -7, 2: 0, 3: 0.5, 4: 20, 5: 99}) for name in ITEMS})
    one, two = (lv.cfa(MODEL, frame, ordered=ITEMS) for frame in (data, stretched))
    np.testing.assert_allclose(measures(one, *TESTS), measures(two, *TESTS), rtol=1e-12)


def test_categories_in_reverse_order_turn_the_signs(data: pd.DataFrame) -> None:
    turned = lv.cfa(MODEL, data.assign(y2=6 - data["y2"]), ordered=ITEMS)
    straight = lv.cfa(MODEL, data, ordered=ITEMS)
    np.testing.assert_allclose(measures(turned, *TESTS), measures(straight, *TESTS), rtol=1e-6, atol=1e-8)
    assert loadings(turned)[1] == pytest.approx(-loadings(straight)[1], abs=1e-6)
    first, last = turned.implied().thresholds["y2|t1"], straight.implied().thresholds["y2|t4"]
    assert first == pytest.approx(-last, abs=1e-8)


def test_pairwise_equals_listwise_on_complete_answers(data: pd.DataFrame) -> None:
    one, two = (lv.cfa(MODEL, data, ordered=ITEMS, missing=m) for m in ("listwise", "pairwise"))
    np.testing.assert_allclose(measures(one, *TESTS), measures(two, *TESTS), rtol=1e-10)
    np.testing.assert_allclose(one.bse, two.bse, rtol=1e-10)


def test_pairwise_keeps_what_listwise_drops(data: pd.DataFrame) -> None:
    holed = data.mask(np.random.default_rng(3).random(data.shape) < 0.08)
    one, two = (lv.cfa(MODEL, holed, ordered=ITEMS, missing=m) for m in ("listwise", "pairwise"))
    assert one.nobs < 0.6 * two.nobs
    assert (two.bse < one.bse).mean() > 0.9


def test_two_copies_of_a_sample_as_groups_fit_as_the_sample(data: pd.DataFrame) -> None:
    """Among them the robust CFI, whose baseline counts the sampling variance of each group once."""
    twice = pd.concat([data.assign(copy=1), data.assign(copy=2)])
    alone, groups = lv.cfa(MODEL, data, ordered=ITEMS), lv.cfa(MODEL, twice, ordered=ITEMS, group="copy")
    names = ("cfi", "tli", "rmsea", "cfi_robust", "tli_robust", "rmsea_robust", "srmr")
    np.testing.assert_allclose(measures(alone, *names), measures(groups, *names), rtol=1e-6, atol=1e-8)
    assert groups.df == 2 * alone.df


def test_robust_indices_need_free_thresholds(data: pd.DataFrame) -> None:
    """A discrepancy of correlations tells nothing of restricted thresholds."""
    for model, options in (
        (MODEL + "\ny1 | a*t1\ny2 | a*t1", {}),
        (MODEL, {"group": "half", "group_equal": "thresholds"}),
    ):
        assert "cfi_robust" not in lv.cfa(model, data, ordered=ITEMS, **options).fit_measures().dropna().index
    free = lv.cfa(MODEL, data, ordered=ITEMS, group="half", group_equal="loadings")
    assert np.isfinite(measures(free, "cfi_robust", "rmsea_robust")).all()


def test_column_types_with_an_order_are_ordinal_by_themselves(data: pd.DataFrame) -> None:
    words = dict(enumerate(("never", "seldom", "at times", "often", "always"), start=1))
    kind = pd.CategoricalDtype(list(words.values()), ordered=True)
    named = data.assign(**{name: data[name].map(words).astype(kind) for name in ITEMS})
    one, two = lv.cfa(MODEL, named), lv.cfa(MODEL, data, ordered=ITEMS)
    assert one.settings.estimator == "WLSMV"
    np.testing.assert_allclose(measures(one, *TESTS), measures(two, *TESTS), rtol=1e-12)


def test_modification_index_of_a_linear_model_is_the_drop_of_chi_square() -> None:
    """The discrepancy is then quadratic, and the score test exact: n - 1 counts, as for chi-square."""
    pupils = lv.datasets.load("holzinger_swineford").answers
    linear = "x1 ~~ x2 + x3\nx2 ~~ x3"
    held = lv.sem(linear.replace("x2 + x3", "0*x2 + x3"), pupils, estimator="GLS")
    freed = lv.sem(linear, pupils, estimator="GLS")
    index = held.modification_indices().set_index(["lhs", "op", "rhs"]).loc[("x1", "~~", "x2")]
    assert index["mi"] == pytest.approx(measures(held, "chisq")[0] - measures(freed, "chisq")[0], rel=1e-6)
    change = freed.estimates().set_index(["lhs", "op", "rhs"]).loc[("x1", "~~", "x2"), "est"]
    assert index["epc"] == pytest.approx(change, rel=1e-6)


# ---- derivatives ----------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "delta": (PATHS, {}),
    "theta": (PATHS, {"parameterization": "theta"}),
    "mixed": (PATHS + "\nscore ~ b", {}),
    "covariates": (PATHS + "\na + y8 ~ age", {}),
    "covariates, theta": (PATHS + "\na ~ age", {"parameterization": "theta"}),
    "free covariates": (PATHS + "\na ~ age", {"conditional_x": False, "fixed_x": False}),
    "groups": (PATHS, {"group": "half", "group_equal": ["thresholds", "loadings"]}),
    "groups, theta": (
        PATHS,
        {"group": "half", "group_equal": ["thresholds", "loadings"], "parameterization": "theta"},
    ),
    "responses predict": ("y4 ~ y1 + y2\ny7 ~ y4 + age\nscore ~ y7", {}),
    "WLS": (MODEL, {"estimator": "WLS"}),
    "ULS": (MODEL + "\ny1 ~~ y4", {"estimator": "ULSMV"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_agrees_with_finite_differences(kind: str, data: pd.DataFrame) -> None:
    model, options = KINDS[kind]
    fit = lv.sem(model, data, ordered=ITEMS, **options)
    rng = np.random.default_rng(5)
    theta = fit.optimum.theta + 0.02 * rng.uniform(-1, 1, len(fit.optimum.theta))
    here = evaluate(fit.objective, theta)
    assert here is not None
    numeric = np.empty(len(theta))
    for k in range(len(theta)):
        e = np.zeros(len(theta))
        e[k] = 1e-5
        up, down = evaluate(fit.objective, theta + e), evaluate(fit.objective, theta - e)
        assert up is not None
        assert down is not None
        numeric[k] = (up.F - down.F) / 2e-5
    assert np.abs(here.gradient).max() > 1e-3
    np.testing.assert_allclose(here.gradient, numeric, rtol=1e-5, atol=1e-6 * np.abs(numeric).max())


def test_scores_of_a_probit_regression_agree_with_finite_differences() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 2))
    codes = np.digitize(X @ [0.5, -0.4] + rng.normal(size=60), [-0.5, 0.6]).astype(np.intp)
    margin = ordinal_margin(codes, 3, X)
    theta = np.concatenate([margin.location, margin.slopes])

    def logl(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        edges = np.concatenate([[-np.inf], theta[:2], [np.inf]])
        eta = X @ theta[2:]
        return np.log(ndtr(edges[codes + 1] - eta) - ndtr(edges[codes] - eta))

    numeric = np.column_stack([(logl(theta + e) - logl(theta - e)) / 2e-6 for e in 1e-6 * np.eye(4)])
    np.testing.assert_allclose(margin.scores, numeric, atol=1e-6)
    np.testing.assert_allclose(margin.scores.sum(axis=0), 0.0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ordinal", "mixed", "covariate"])
def test_sampling_covariance_of_the_moments_is_that_over_samples(kind: str) -> None:
    """Gamma / n against the covariance of the moments of 2,000 samples."""
    categories = (5, 5, 5) if kind != "mixed" else (5, 0, 5)
    layout = Responses(categories, 1 if kind == "covariate" else 0)
    names = ["y1", "score" if kind == "mixed" else "y2", "y4"]
    found, gamma = [], np.zeros((layout.size, layout.size))
    for seed in range(2000):
        frame = answers(300, seed=seed)
        Y = frame[names].to_numpy(copy=True)
        Y[:, [j for j, c in enumerate(categories) if c]] -= 1.0
        moments = response_moments(Y, frame[["age"]].to_numpy()[:, : layout.n_covariates], layout, names)
        found.append(moments.statistics)
        gamma += moments.Gamma / 2000
    sampled = 300 * np.cov(np.array(found).T)
    size = np.sqrt(np.diagonal(gamma))
    np.testing.assert_allclose(np.sqrt(np.diagonal(sampled)), size, rtol=0.06)
    np.testing.assert_allclose(sampled / np.outer(size, size), gamma / np.outer(size, size), atol=0.1)


# ---- scores ---------------------------------------------------------------------------------------------------------


def test_scores_are_the_modes_of_the_posterior(data: pd.DataFrame) -> None:
    fit = lv.cfa("a =~ y1 + y2 + y3", data, ordered=True)
    lam = loadings(fit, "est")
    variance = fit.estimates().query("lhs == 'a' and op == '~~'")["est"].item()
    tau = fit.implied().thresholds
    grid = np.linspace(-4, 4, 80_001)
    for case in (0, 7, 42):
        posterior = -0.5 * grid**2 / variance
        for j, name in enumerate(("y1", "y2", "y3")):
            edges = np.array([-np.inf, *(tau[f"{name}|t{t}"] for t in range(1, 5)), np.inf])
            code, residual = int(data[name].iloc[case]) - 1, np.sqrt(1.0 - lam[j] ** 2 * variance)
            high, low = (edges[code + 1] - lam[j] * grid) / residual, (edges[code] - lam[j] * grid) / residual
            posterior = posterior + np.log(np.maximum(ndtr(high) - ndtr(low), 1e-300))
        assert fit.scores()["a"].iloc[case] == pytest.approx(grid[posterior.argmax()], abs=2e-4)


def test_scores_order_cases_as_their_sums_do(data: pd.DataFrame) -> None:
    scores = lv.cfa(MODEL, data, ordered=True).scores()
    assert scores["a"].corr(data[["y1", "y2", "y3"]].sum(axis=1)) > 0.97


# ---- hard answers ---------------------------------------------------------------------------------------------------


def warned(model: str, frame: pd.DataFrame, **options: Any) -> tuple[Any, str]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fit = lv.cfa(model, frame, ordered=ITEMS, **options)
    return fit, " ".join(str(w.message) for w in said)


def test_a_category_chosen_once_is_fitted_and_named(data: pd.DataFrame) -> None:
    fit, said = warned(MODEL, data.assign(y1=data["y1"].where(data.index != 3, 6.0)))
    assert fit.converged
    assert "'y1' = 6 (1)" in said
    assert "join them" in said


@pytest.mark.parametrize("sign", [1, -1])
def test_a_copy_of_an_item_is_fitted_and_named(data: pd.DataFrame, sign: int) -> None:
    fit, said = warned(MODEL, data.assign(y2=data["y1"] if sign == 1 else 6 - data["y1"]))
    assert fit.converged
    assert "'y1' and 'y2' is as high as it can be" in said


def test_an_empty_cell_of_two_binary_items_has_a_finite_correlation() -> None:
    x = np.repeat([0, 0, 1], [50, 30, 40])
    y = np.repeat([0, 1, 1], [50, 30, 40])  # nobody answers 1 and 0
    found = lv.polychoric(pd.DataFrame({"x": x, "y": y}))
    assert 0.5 < found.cor.loc["x", "y"] < 0.999


def test_sixty_items_of_three_hundred_cases_come_to_an_end() -> None:
    rng = np.random.default_rng(4)
    factors = np.repeat(rng.normal(size=(300, 6)), 10, axis=1)
    responses = 0.7 * factors + 0.7 * rng.normal(size=(300, 60))
    frame = pd.DataFrame(np.digitize(responses, (-1, -0.3, 0.4, 1.1)), columns=[f"y{i}" for i in range(60)])
    model = "\n".join(f"f{k} =~ " + " + ".join(f"y{10 * k + i}" for i in range(10)) for k in range(6))
    fit = lv.cfa(model, frame, ordered=True)
    assert fit.converged
    assert np.isfinite(fit.bse).all()
    with pytest.raises(errors.TooFewCasesError, match="2010 moments, for which 300 cases are too few"):
        lv.cfa(model, frame, ordered=True, estimator="WLS")


def with_gap(frame: pd.DataFrame) -> pd.DataFrame:
    """Nobody answers both y1 and y2."""
    first = frame.index < 200
    return frame.assign(y1=frame["y1"].where(first), y2=frame["y2"].where(~first))


REFUSED: dict[str, tuple[Any, dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "never together": (with_gap, {"missing": "pairwise"}, errors.DataError, ("'y1' and 'y2'", "Leave one")),
    "full information": (None, {"missing": "fiml"}, errors.OptionValueError, ("missing='pairwise'",)),
    "likelihood": (None, {"estimator": "ML"}, errors.OptionValueError, ("estimator='WLSMV'",)),
    "clusters": (None, {"cluster": "half"}, errors.OptionValueError, ("leave cluster out",)),
    "one category": (lambda d: d.assign(y1=3.0), {}, errors.ConstantVariableError, ("'y1'", "drop it")),
    "absent in a group": (
        lambda d: d.assign(y1=d["y1"].where((d["half"] == 0) | (d["y1"] > 1), 2.0)),
        {"group": "half"},
        errors.DataError,
        ("group '1' chose category 1 of 'y1'", "join it"),
    ),
    "many values": (lambda d: d.assign(y1=d["score"]), {}, errors.DataError, ("different values", "group its")),
    "a misspelt name": (None, {"ordered": ["y1", "y22"]}, errors.UnknownVariableError, ("'y22'", "ordered=")),
    "theta and a free scale": (
        None, {"parameterization": "theta", "constraints": "y1 ~*~ NA*y1"}, errors.ModelError, ("'delta'",),
    ),
    "a threshold too many": (None, {"constraints": "y1 | t5"}, errors.ModelError, ("t1 to t4",)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_the_remedy(case: str, data: pd.DataFrame) -> None:
    change, options, error, fragments = REFUSED[case]
    with pytest.raises(errors.LvmodelsError) as caught:
        lv.cfa(MODEL, data if change is None else change(data), **({"ordered": ITEMS} | options))
    assert type(caught.value) is error
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_covariates_that_separate_the_answers_are_refused(data: pd.DataFrame) -> None:
    frame = data.assign(y1=(data["age"] > 0).astype(float))
    with pytest.raises(errors.CollinearVariablesError, match="'y1' on the covariates has no estimate"):
        lv.sem(MODEL + "\na ~ age", frame, ordered=ITEMS)
