"""Whatever the data and the model: a Fit, or an error of ours that names the remedy."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import LvmodelsError, NotConvergedError

NAMES = ["a", "b", "c", "d", "e", "g"]
MODELS = [
    "f =~ a + b + c",
    "f =~ a + b + c + d",
    "f =~ a + b + c\nh =~ d + e + g",
    "f =~ a + b + c\nh =~ d + e + g\nh ~ f",
    "f =~ a + b\nh =~ d + e\nh ~ f + c",
    "f =~ NA*a + b + c + d",
    "f =~ a + b + c + d\nh =~ a + b + c + d",
    "f =~ a\nh =~ d + e + g\nh ~ f",
    "a ~ b + c\nd ~ a + b",
    "a ~ b\nb ~ a",
    "a ~ b + c\nb ~ a + d",
    "a ~ b + c + b:c",
    "a ~~ b",
    "a ~ 1\nb ~~ 0*a",
    "f <~ a + b + c\nf ~ d",
    "f =~ a + p*b + p*c + d\np > 0.5",
    "f =~ a + p*b + q*c + d\np*q == 0.3\nr := p/q",
    "f =~ 1*a + 1*b + 1*c\nh =~ 0*a + 1*b + 2*c\nf ~ 1\nh ~ 1\na ~ 0*1\nb ~ 0*1\nc ~ 0*1",
]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"std_lv": True},
    {"meanstructure": True},
    {"orthogonal": True},
    {"fixed_x": False},
    {"likelihood": "wishart"},
    {"information": "observed"},
    {"bounds": "pos.var"},
    {"group": "group"},
    {"group": "group", "group_equal": ["loadings", "intercepts"]},
    {"se": "none"},
    {"std_lv": True, "group": "group", "group_equal": "loadings", "fixed_x": False},
]
SPOILERS = [
    "nothing", "nothing", "constant", "copy", "sum", "missing", "all missing", "infinite", "text", "numbers as text",
    "boolean", "categorical", "dates", "none", "huge", "tiny", "astronomic", "offset", "twice", "duplicate rows",
    "outlier", "integers", "rare", "nullable", "absent", "nearly a copy", "heavy", "uncorrelated",
]  # fmt: skip


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A frame of six correlated columns and a group, spoilt in one or two ways."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.sampled_from([0, 1, 2, 3, 4, 5, 7, 8, 12, 30, 200]))
    factor = rng.normal(size=(n, 1))
    Y = factor * rng.uniform(-1, 1, size=6) + rng.normal(size=(n, 6)) * rng.uniform(0.2, 2.0, size=6)
    data = pd.DataFrame(Y, columns=NAMES)
    data["group"] = rng.choice(["x", "y", "z"][: draw(st.integers(1, 3))], size=n)
    for _ in range(draw(st.integers(1, 2))):
        column = draw(st.sampled_from(NAMES))
        data = spoilt(data, draw(st.sampled_from(SPOILERS)), column, rng)
    return data


def spoilt(data: pd.DataFrame, how: str, column: str, rng: np.random.Generator) -> pd.DataFrame:
    if column not in data or data.columns.has_duplicates:
        return data
    n, values = len(data), data[column]
    other = NAMES[(NAMES.index(column) + 1) % 6]
    numbers = values if values.dtype.kind == "f" else pd.Series(rng.normal(size=n))
    changed: Any = values
    match how:
        case "constant":
            changed = 0.1
        case "copy":
            changed = data.get(other, values)
        case "sum":
            changed = sum(data[x] for x in NAMES if x in data and x != column and data[x].dtype.kind == "f")
        case "missing":
            changed = numbers.where(rng.random(n) > 0.3)
        case "all missing":
            changed = np.nan
        case "infinite":
            changed = numbers.where(rng.random(n) > 0.1, -np.inf)
        case "text":
            changed = "often"
        case "numbers as text":
            changed = numbers.round(2).astype(str)
        case "boolean":
            changed = numbers > 0
        case "categorical":
            changed = pd.Categorical(np.where(numbers > 0, "low", "high"))
        case "dates":
            changed = pd.Timestamp("2020-02-29") + pd.to_timedelta(np.arange(n), unit="D")
        case "none":
            changed = [None if rng.random() < 0.2 else {"a": 1} for _ in range(n)]
        case "huge":
            changed = numbers * 1e12
        case "tiny":
            changed = numbers * 1e-12
        case "astronomic":
            changed = numbers * 1e200
        case "offset":
            changed = numbers + 1e9
        case "twice":
            return pd.concat([data, data[[column]]], axis=1)
        case "duplicate rows":
            return pd.concat([data.head(3)] * 30, ignore_index=True)
        case "outlier":
            changed = numbers.where(np.arange(n) > 0, 1e6)
        case "integers":
            changed = numbers.where(numbers.abs() < 1e9).round().astype("Int64")
        case "rare":
            changed = (np.arange(n) == 1).astype(int)
        case "nullable":
            changed = numbers.astype("Float64").where(numbers > -1)
        case "absent":
            return data.drop(columns=column)
        case "nearly a copy":
            changed = (
                data[other] + 1e-7 * rng.normal(size=n) if other in data and data[other].dtype.kind == "f" else values
            )
        case "heavy":
            changed = rng.standard_cauchy(size=n) ** 3
        case "uncorrelated":
            changed = rng.normal(size=n)
    return data.assign(**{column: changed})


def fit_or_message(function: Callable[[], Any]) -> Any:
    """The fit, or the message of our own exception; any other exception is a failure."""
    try:
        return function()
    except LvmodelsError as error:
        return str(error)


def look_at_everything(fit: Any) -> None:
    """Every door of a fit opens, or says in our own words why not."""
    estimates, measures = fit.estimates(), fit.fit_measures()
    if not fit.converged:
        assert estimates.loc[estimates["se"] != 0, "se"].isna().all()
        assert np.isnan(measures["pvalue"])
        assert np.isnan(measures["chisq"])
    else:
        assert measures["chisq"] >= 0
        assert np.isfinite(estimates.loc[estimates["op"] != ":=", "est"]).all()
    doors = [
        fit.standardized, fit.modification_indices, fit.residuals, fit.scores, fit.r2, fit.effects, fit.vcov,
        fit.conf_int, fit.summary, fit.implied, fit.to_json, lambda: fit.residuals("standardized"),
        lambda: fit.residuals("cor"),
        lambda: fit.scores("bartlett"), lambda: str(fit.summary()), lambda: fit.llf, lambda: fit.pvalues,
    ]  # fmt: skip
    for door in doors:
        try:
            door()
        except NotConvergedError:
            assert not fit.converged


@given(data=frames(), model=st.sampled_from(MODELS), options=st.sampled_from(OPTIONS))
def test_nasty_data_give_a_fit_or_an_error_of_ours(data: pd.DataFrame, model: str, options: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", lv.errors.LvmodelsWarning)
        fit = fit_or_message(lambda: lv.sem(model, data, **options))
        if not isinstance(fit, str):
            look_at_everything(fit)
        else:
            assert len(fit) > 20


@given(
    cov=st.lists(st.floats(-10, 10) | st.sampled_from([0.0, 1.0, 1e12, 1e-12, np.inf, np.nan]), min_size=6, max_size=6),
    nobs=st.sampled_from([0, 1, 3, 4, 50, 10**9, -1, 2.5, np.nan, "50", None]),
    likelihood=st.sampled_from(["normal", "wishart"]),
)
def test_nasty_moments_give_a_fit_or_an_error_of_ours(cov: list[float], nobs: Any, likelihood: str) -> None:
    matrix = np.zeros((3, 3))
    matrix[np.tril_indices(3)] = cov
    matrix = np.maximum(np.tril(matrix), np.tril(matrix).T) if cov[0] > 5 else matrix + np.tril(matrix, -1).T
    frame = pd.DataFrame(matrix, index=list("abc"), columns=list("abc"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", lv.errors.LvmodelsWarning)
        fit = fit_or_message(
            lambda: lv.cfa("f =~ a + b + c", sample_cov=frame, sample_nobs=nobs, likelihood=likelihood)
        )
        if not isinstance(fit, str):
            assert np.isfinite(fit.estimates()["est"]).all()
            fit.fit_measures()
        else:
            assert len(fit) > 20
