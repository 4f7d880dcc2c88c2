"""Exploratory blocks inside models: lavaan's figures, identities, and what is refused."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.estimate.rotation_conditions import rotation_conditions
from lvmodels.estimate.rotation_criteria import Criterion, stationarity
from lvmodels.model.expression import evaluate

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
FIGURES: dict[str, Any] = json.loads((REFERENCE / "efa.json").read_text(encoding="utf-8"))
GOLDEN: dict[str, Any] = FIGURES["blocks"]
ITEMS = [f"x{k}" for k in range(1, 10)]
THREE = 'efa("b")*f1 + efa("b")*f2 + efa("b")*f3 =~ ' + " + ".join(ITEMS)
TWO = 'efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4 + x5 + x6'


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


def loadings(fit: Any, factors: tuple[str, ...] = ("f1", "f2", "f3"), column: str = "std_all") -> np.ndarray:
    table = fit.estimates()
    table = table[(table["op"] == "=~") & table["lhs"].isin(factors)]
    if "group" in table:
        table = table[table["group"] == 1]
    return np.asarray(table.pivot(index="rhs", columns="lhs", values=column)[list(factors)])


@pytest.mark.parametrize("name", GOLDEN)
def test_lavaan_says_the_same(name: str) -> None:
    case = GOLDEN[name]
    fit = lv.sem(case["model"], data(case["data"]), rotation=case["rotation"], rotation_args=dict(case["args"]))
    assert fit.converged
    assert fit.df == case["fit"]["df"]
    for measure in ("chisq", "cfi", "rmsea", "srmr"):
        assert fit.fit_measures()[measure] == pytest.approx(case["fit"][measure], rel=1e-4, abs=1e-5), measure
    mine = fit.estimates().set_index(["lhs", "op", "rhs"])
    theirs = pd.DataFrame(case["rows"])
    blocks = [("f1", "f2")] if name != "chain" else [("a1", "a2"), ("b1", "b2")]
    names = _names(blocks, mine, theirs)  # which factor is called which is a matter of order
    exact = case["args"] == {"std.ov": False}  # otherwise their errors are those of other derivatives
    for row in theirs.to_dict("records"):
        lhs, rhs = names.get(row["lhs"], row["lhs"]), names.get(row["rhs"], row["rhs"])
        key = (lhs, row["op"], rhs) if (lhs, row["op"], rhs) in mine.index else (rhs, row["op"], lhs)
        assert mine.loc[key, "est"] == pytest.approx(row["est"], abs=5e-4), row
        assert mine.loc[key, "std_all"] == pytest.approx(row["std.all"], abs=5e-4), row
        assert mine.loc[key, "se"] == pytest.approx(row["se"], abs=5e-4 if exact else 5e-3), row


@pytest.mark.parametrize("name", FIGURES["three"])
def test_lavaan_says_the_same_of_three_factors(name: str) -> None:
    case = FIGURES["three"][name]
    options = {"rotation": case["rotation"], "rotation_args": dict(case["args"]), **dict(case["options"])}
    fit = lv.cfa(case["model"], data(case["data"]), **options)
    for measure, value in case["fit"].items():
        assert fit.fit_measures()[measure] == pytest.approx(value, rel=1e-5, abs=1e-6), measure
    table, expected = fit.estimates(), pd.DataFrame(case["rows"])
    for group in expected["group"].unique():
        mine = table[table["group"] == group] if "group" in table else table
        theirs = expected[expected["group"] == group]
        called = _names([("f1", "f2", "f3")], mine.set_index(["lhs", "op", "rhs"]), theirs)
        theirs = theirs[theirs["op"] == "=~"].assign(lhs=lambda t, c=called: t["lhs"].map(c))
        both = theirs.merge(mine, on=["lhs", "op", "rhs"], suffixes=("_lavaan", ""))
        assert len(both) == 27
        np.testing.assert_allclose(both["est"], both["est_lavaan"], atol=5e-5)
        # with std.ov their errors take the deviations of the items in another way
        np.testing.assert_allclose(both["se"], both["se_lavaan"], atol=1e-2 if name == "groups" else 5e-5)


def _names(blocks: list[tuple[str, ...]], mine: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, str]:
    found: dict[str, str] = {}
    for factors in blocks:
        rows = theirs[(theirs["op"] == "=~") & theirs["lhs"].isin(factors)]

        def off(order: tuple[str, ...], rows: pd.DataFrame = rows, factors: tuple[str, ...] = factors) -> float:
            called = dict(zip(factors, order, strict=True))
            return sum(abs(mine.loc[(called[r.lhs], "=~", r.rhs), "est"] - r.est) for r in rows.itertuples(index=False))

        found |= dict(zip(factors, min(permutations(factors), key=off), strict=True))
    return found


@pytest.mark.parametrize("rotation", ["oblimin", "geomin", "varimax", "quartimax", "equamax", "bifactor"])
def test_a_block_alone_is_the_exploratory_analysis(rotation: Any) -> None:
    answers = data("hs")[ITEMS]
    fit = lv.cfa(THREE, answers, rotation=rotation)
    found = lv.efa(answers, 3, rotation, kaiser=False, epsilon=0.001)
    np.testing.assert_allclose(loadings(fit), found.loadings, atol=2e-5)
    assert fit.df == found.df
    standardized = fit.standardized()
    errors_ = standardized[standardized["op"] == "=~"].pivot(index="rhs", columns="lhs", values="se")
    # standard deviations of the items count as known in one, and not in the other
    np.testing.assert_allclose(errors_, found.standard_errors, atol=2e-3, rtol=0.1)
    correlations = standardized[(standardized["op"] == "~~") & (standardized["lhs"] < standardized["rhs"])]
    correlations = correlations[correlations["lhs"].str.startswith("f")]
    np.testing.assert_allclose(correlations["est_std"], found.phi.to_numpy()[np.triu_indices(3, 1)], atol=2e-5)


def test_target_rotation_keeps_names_where_they_are_meant() -> None:
    goal = np.where(np.kron(np.eye(3), np.ones((3, 1))) > 0, np.nan, 0.0)[:, [2, 0, 1]]
    fit = lv.cfa(THREE, data("hs"), rotation="target", rotation_args={"target": goal})
    found = lv.efa(data("hs")[ITEMS], 3, "target", target=goal)
    np.testing.assert_allclose(loadings(fit), found.loadings, atol=2e-5)


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion("oblimin"), Criterion("oblimin", gamma=-0.5), Criterion("geomin", epsilon=0.01), Criterion("varimax"),
        Criterion("equamax"), Criterion("quartimax"), Criterion("bifactor"),
        Criterion("target", target=np.where(np.arange(15).reshape(5, 3) % 4 > 0, 0.1, np.nan)),
    ],
    ids=lambda c: f"{c.name} {c.gamma}",
)  # fmt: skip
def test_conditions_are_those_of_the_rotation(criterion: Criterion) -> None:
    rng = np.random.default_rng(0)
    Lambda, weights = rng.standard_normal((5, 3)), rng.uniform(0.5, 2.0, 5)
    Phi = np.corrcoef(rng.standard_normal((3, 9)))
    names = [[f"l{i}{r}" for r in range(3)] for i in range(5)]
    phi = [[f"p{min(r, s)}{max(r, s)}" for s in range(3)] for r in range(3)]
    values = {names[i][r]: Lambda[i, r] for i in range(5) for r in range(3)}
    values |= {phi[r][s]: Phi[r, s] for r in range(3) for s in range(3)}
    found = [float(evaluate(e, values)) for e in rotation_conditions(criterion, names, weights.tolist(), phi)]
    scaled = Lambda * weights[:, None]
    product = scaled.T @ criterion(scaled)[1]
    if criterion.orthogonal:
        np.testing.assert_allclose(found, [product[0, 1] - product[1, 0], product[0, 2] - product[2, 0],
                                           product[1, 2] - product[2, 1]], atol=1e-12)  # fmt: skip
        np.testing.assert_allclose(np.sort(np.abs(found)), np.sort(np.abs(stationarity(criterion, scaled, Phi))))
    else:
        expected = product - Phi * np.diagonal(product)[:, None]
        np.testing.assert_allclose(found, expected[~np.eye(3, dtype=bool)], atol=1e-12)


def test_fit_does_not_depend_on_the_rotation() -> None:
    model = TWO + "\nspeed =~ x7 + x8 + x9\nspeed ~ f1 + f2"
    fits = [lv.sem(model, data("hs"), rotation=r) for r in ("geomin", "oblimin", "varimax")]
    assert len({round(float(fit.fit_measures()["chisq"]), 6) for fit in fits}) == 1
    assert len({fit.df for fit in fits}) == 1
    r2 = [fit.r2()["speed"] for fit in fits]
    np.testing.assert_allclose(r2, r2[0], atol=1e-6)


def test_groups_are_rotated_each_on_its_own_with_factors_in_the_same_order() -> None:
    fit = lv.cfa(THREE, data("hs"), group="school", rotation="oblimin")
    alone = [lv.cfa(THREE, part, rotation="oblimin") for _, part in data("hs").groupby("school", sort=False)]
    chisq = sum(float(f.fit_measures()["chisq"]) for f in alone)
    assert fit.fit_measures()["chisq"] == pytest.approx(chisq, abs=1e-4)
    table = fit.estimates()
    table = table[table["op"] == "=~"]
    first, second = (table[table["group"] == g].pivot(index="rhs", columns="lhs", values="std_all") for g in (1, 2))
    congruence = (first.to_numpy().T @ second.to_numpy()) / np.outer(
        np.linalg.norm(first, axis=0), np.linalg.norm(second, axis=0)
    )
    assert (np.diagonal(congruence) > 0.8).all()


def test_incomplete_and_robust() -> None:
    fit = lv.cfa(THREE, data("hs_missing"), missing="fiml", estimator="MLR", rotation="oblimin")
    assert fit.converged
    staged = lv.efa(data("hs_missing")[ITEMS], 3, missing="two.stage")
    np.testing.assert_allclose(loadings(fit), staged.loadings, atol=0.05)
    assert np.isfinite(fit.bse).all()


def test_ordinal_answers() -> None:
    answers = data("hs_ordered")[ITEMS]
    fit = lv.cfa(THREE, answers, ordered=True, estimator="ULSMV", rotation="oblimin")
    found = lv.efa(answers, 3, "oblimin", "minres", ordered=True)
    np.testing.assert_allclose(loadings(fit), found.loadings, atol=1e-4)
    assert fit.fit_measures()["chisq_scaled"] == pytest.approx(found.chisq, rel=1e-3)
    np.testing.assert_allclose(loadings(fit, column="se"), found.standard_errors, rtol=3e-3)


def test_everything_else_of_a_fit_works() -> None:
    fit = lv.sem(TWO + "\nspeed =~ x7 + x8 + x9\nspeed ~ a*f1 + b*f2\nsum := a + b", data("hs"))
    assert fit.scores().shape == (301, 3)
    assert "sum" in fit.estimates()["lhs"].tolist()
    assert np.isfinite(fit.effects().select_dtypes("number")).any(axis=None)
    assert len(fit.modification_indices()) > 0


@pytest.mark.slow
def test_bootstrap_errors_are_near_the_others() -> None:
    fit = lv.sem(TWO + "\nspeed =~ x7 + x8 + x9\nspeed ~ f1 + f2", data("hs"), rotation="oblimin")
    draws = fit.bootstrap(60, seed=1)
    assert draws.failed <= 3
    np.testing.assert_allclose(np.median(draws.bse / fit.bse), 1.0, atol=0.35)


@pytest.mark.parametrize(
    ("model", "options", "error", "says"),
    [
        ('efa("a")*f1 + efa("a")*f2 =~ x1 + x2 + x3 + x4 + x5\nefa("b")*f1 =~ x6', {}, errors.ModelError, "two efa"),
        ('efa("a")*f1 =~ x1 + x2 + x3 + x4\nefa("a")*f2 =~ x1 + x2 + x3', {}, errors.ModelError, "'f2' lacks items"),
        ('efa("a")*f1 + efa("a")*f2 =~ k*x1 + x2 + x3 + x4 + x5', {}, errors.ModelError, "has a modifier"),
        (TWO + "\nf1 ~~ f1", {}, errors.ModelError, "have variance 1"),
        (TWO + "\nf1 ~~ 0*f2", {}, errors.ModelError, "follow from the rotation"),
        (TWO + "\nx7 ~ f1", {}, errors.NotEstimableError, "all factors of a block"),
        (TWO, {"rotation": "promax"}, errors.OptionValueError, "rotation='promax'"),
        (TWO, {"rotation": "oblimim"}, errors.OptionValueError, "Did you mean 'oblimin'"),
        (TWO, {"rotation": "bifactor"}, errors.OptionValueError, "not 2 factors"),
        (TWO, {"rotation_args": {"start": 3}}, errors.OptionValueError, "rotation_args has no entry 'start'"),
        (TWO, {"rotation_args": {"rstarts": 0}}, errors.OptionValueError, "rstarts=0"),
        (TWO, {"rotation_args": {"std_ov": 2}}, errors.OptionValueError, "std_ov=2"),
        (TWO, {"rotation_args": 3}, errors.OptionValueError, "must be a dict"),
        (TWO, {"rotation": "target"}, errors.OptionValueError, "needs 'target'"),
        (TWO, {"rotation": "target", "rotation_args": {"target": "x"}}, errors.OptionValueError, "table of numbers"),
        (TWO, {"rotation": "target", "rotation_args": {"target": np.eye(2)}}, errors.OptionValueError, "shape"),
        (TWO, {"group": "school", "group_equal": "loadings"}, errors.NotEstimableError, "in each group on its own"),
        (
            'efa("a")*f1 + efa("a")*f2 =~ x1 + x2 + x3',
            {},
            errors.NegativeDegreesOfFreedomError,
            "parameters",
        ),
    ],
)
def test_what_cannot_be_is_named(model: str, options: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        lv.sem(model, data("hs"), **options)
