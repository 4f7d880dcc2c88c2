"""How many factors: what each criterion says of samples whose number is known, and its defining identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors

NUMBER: Any = {
    "parallel": lambda d, **o: lv.parallel_analysis(d, n_draws=60, **o).suggested,
    "components": lambda d, **o: lv.parallel_analysis(d, "components", n_draws=60, **o).suggested,
    "map": lambda d, **o: lv.map_test(d, **o).suggested,
    "hull": lambda d, **o: lv.hull(d, **o).suggested,
    "kaiser": lambda d, **o: lv.empirical_kaiser(d, **o).suggested,
}


def sample(n: int, m: int, per: int = 5, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    Phi = np.full((m, m), 0.3) + 0.7 * np.eye(m)
    F = rng.standard_normal((n, m)) @ np.linalg.cholesky(Phi).T
    Y = np.repeat(F, per, axis=1) * 0.7 + rng.standard_normal((n, m * per)) * np.sqrt(0.51)
    return pd.DataFrame(Y, columns=[f"y{k}" for k in range(m * per)])


@pytest.mark.parametrize("m", [1, 2, 4])
@pytest.mark.parametrize("how", NUMBER)
def test_a_clear_number_is_found(how: str, m: int) -> None:
    assert NUMBER[how](sample(500, m)) == m


@pytest.mark.parametrize("how", ["parallel", "components", "map", "hull", "kaiser"])
def test_ordinal_answers_say_the_same(how: str) -> None:
    boxes = sample(400, 2, 4).apply(lambda y: np.digitize(y, [-0.5, 0.5, 1.3]))
    options = {"ordered": True}
    if how in ("parallel", "components"):
        kind: Any = "factor" if how == "parallel" else "components"
        assert lv.parallel_analysis(boxes, kind, n_draws=10, **options).suggested == 2
    else:
        assert NUMBER[how](boxes, **options) == 2


def test_answers_without_anything_in_common_have_no_factors() -> None:
    noise = pd.DataFrame(np.random.default_rng(0).standard_normal((300, 10)), columns=list("abcdefghij"))
    assert lv.parallel_analysis(noise, n_draws=60).suggested == 0
    assert lv.parallel_analysis(noise, "components", n_draws=60).suggested == 0
    assert lv.map_test(noise).suggested == 0


def test_chance_rejects_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    found = [
        lv.parallel_analysis(
            pd.DataFrame(rng.standard_normal((100, 6)), columns=list("abcdef")), "components", n_draws=40
        )
        for _ in range(60)
    ]
    assert np.mean([f.suggested > 0 for f in found]) < 0.14


def test_drawn_normal_numbers_and_shuffled_answers_agree() -> None:
    answers = sample(300, 2)
    a = lv.parallel_analysis(answers, n_draws=100).eigenvalues
    b = lv.parallel_analysis(answers, n_draws=100, resample=False).eigenvalues
    np.testing.assert_allclose(a["component_mean"], b["component_mean"], atol=0.02)
    np.testing.assert_array_equal(a["factor"], b["factor"])
    assert a["component"].sum() == pytest.approx(10.0)
    assert (a["component_quantile"] > a["component_mean"]).all()


def test_same_seed_same_digits() -> None:
    a, b = (lv.parallel_analysis(sample(100, 2), n_draws=20, seed=4).eigenvalues for _ in range(2))
    pd.testing.assert_frame_equal(a, b)


def test_gaps_stay_where_they_are() -> None:
    holed = sample(300, 2).mask(np.random.default_rng(2).random((300, 10)) < 0.1)
    found = lv.parallel_analysis(holed, n_draws=40, missing="pairwise")
    assert (found.suggested, found.n) == (2, 300)


def test_map_of_nothing_taken_out_is_the_average_square() -> None:
    answers = sample(200, 2)
    R = np.corrcoef(answers.to_numpy(), rowvar=False)
    off = R[np.tril_indices(10, -1)]
    found = lv.map_test(answers).table
    assert found.loc[0, "squared"] == pytest.approx(np.mean(off**2))
    assert found.loc[0, "fourth"] == pytest.approx(np.mean(off**4))


def test_hull_points_have_falling_slopes() -> None:
    table = lv.hull(sample(300, 3)).table
    on = table[table["on_hull"]]
    slopes = np.diff(on["cfi"]) / np.diff(on["parameters"])
    assert (np.diff(slopes) < 0).all()
    assert (table["st"].dropna() > 1).all()
    assert table["cfi"].is_monotonic_increasing


def test_first_kaiser_reference_is_the_largest_eigenvalue_of_noise() -> None:
    found = lv.empirical_kaiser(sample(200, 2)).table
    assert found.loc[1, "reference"] == pytest.approx((1 + np.sqrt(10 / 200)) ** 2)
    assert (found["reference"] >= 1.0).all()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "factors"}, "Did you mean 'factor'"),
        ({"n_draws": 0}, "n_draws"),
        ({"quantile": 1.5}, "quantile"),
        ({"resample": "yes"}, "resample"),
        ({"missing": "two.stage"}, "missing='two.stage'"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], says: str) -> None:
    with pytest.raises(errors.OptionValueError, match=says):
        lv.parallel_analysis(sample(50, 1), **options)


def test_bad_answers_are_named() -> None:
    answers = sample(50, 1)
    for function in (lv.parallel_analysis, lv.map_test, lv.hull, lv.empirical_kaiser):
        with pytest.raises(errors.ConstantVariableError, match="y1"):
            function(answers.assign(y1=2.0))
        with pytest.raises(errors.DataError, match="at least three"):
            function(answers[["y1", "y2"]])
    with pytest.raises(errors.OptionValueError, match="most=9 must be a whole number from 1 to 2, for 5 items"):
        lv.hull(answers, most=9)
    with pytest.raises(errors.DataError, match="four items or more"):
        lv.hull(answers[["y1", "y2", "y3"]])
    with pytest.raises(errors.NotPositiveDefiniteError, match="collinear"):
        lv.hull(answers.assign(total=answers.sum(axis=1)))
    singular = answers.assign(total=answers.sum(axis=1))
    assert lv.parallel_analysis(singular, n_draws=20).suggested >= 1
    assert lv.map_test(singular).suggested >= 0
