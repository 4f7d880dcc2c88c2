"""Frames that break arithmetic are refused by a named error, in every function that takes items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors

MODEL = "F =~ a + b + c\nG =~ d + e + f\nG ~ F"
RNG = np.random.default_rng(0)
ITEMS = pd.DataFrame(RNG.standard_normal((60, 6)) @ (np.eye(6) * 0.7 + 0.3), columns=list("abcdef"))
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "cronbach_alpha": lv.cronbach_alpha,
    "factorability": lv.factorability,
    "vif": lv.vif,
    "harman": lv.harman,
    "efa": lambda frame: lv.efa(frame, 2, starts=1),
    "two stages": lambda frame: lv.efa(frame.where(np.eye(60, 6) == 0), 1, missing="two.stage"),
    "parallel_analysis": lambda frame: lv.parallel_analysis(frame, n_draws=2),
    "map_test": lv.map_test,
    "hull": lv.hull,
    "empirical_kaiser": lv.empirical_kaiser,
    "pls": lambda frame: lv.pls(MODEL, frame),
}


@pytest.mark.parametrize("factor", [1e160, 1e-170])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_units_that_overflow_are_named(name: str, factor: float) -> None:
    with pytest.raises(errors.DataError, match=r"'a'.* (too large or too small|not vary)"):
        FUNCTIONS[name](ITEMS * factor)


@pytest.mark.parametrize("factor", [1e12, 1e-12])
def test_units_that_do_not_leave_everything_as_it_is(factor: float) -> None:
    frame = ITEMS * factor
    assert lv.cronbach_alpha(frame).alpha == pytest.approx(lv.cronbach_alpha(ITEMS).alpha)
    np.testing.assert_allclose(lv.pls(MODEL, frame).paths(), lv.pls(MODEL, ITEMS).paths(), atol=1e-9)


def test_promax_of_fewer_dimensions_than_factors_is_refused() -> None:
    copies = pd.DataFrame({name: ITEMS["a"] * k for k, name in enumerate("abcdef", 1)})
    with pytest.raises(errors.DataError, match="fewer factors"):
        lv.efa(copies, 2, "promax", "pa", starts=2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda fit, _: lv.htmt(fit, group="Pasteur"), "group='Pasteur' does not exist"),  # type: ignore[arg-type]
        (lambda fit, _: lv.fornell_larcker(fit, level=None), "level=None does not exist"),  # type: ignore[arg-type]
        (lambda fit, _: lv.reliability(fit, level=95), "level=95 must lie between 0 and 1"),
        (lambda fit, _: fit.estimates(level="x"), "level='x' must lie"),
        (lambda _, pls: pls.estimates(level=95), "level=95 must lie"),
        (lambda _, pls: pls.effects(level="x"), "level='x' must lie"),
        (lambda *_: lv.bifactor(ITEMS), r"as in bifactor\(efa\(frame, 3\)\)"),  # type: ignore[arg-type]
        (lambda *_: lv.mardia(ITEMS, variables=3), "must be a name, or a list of names"),  # type: ignore[arg-type]
        (lambda *_: lv.pls(MODEL, ITEMS, sampling_weights=""), "no column ''"),
        (lambda _, pls: pls.groups(0), "no column '0'"),
    ],
)
def test_arguments_of_another_kind_are_named(call: Callable[[Any, Any], Any], says: str) -> None:
    with pytest.raises(errors.LvmodelsError, match=says):
        call(lv.cfa("F =~ a + b + c\nG =~ d + e + f", ITEMS), lv.pls(MODEL, ITEMS))
