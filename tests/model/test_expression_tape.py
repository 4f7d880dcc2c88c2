"""Many expressions at once: the same values and derivatives as one by one, and each part computed one time."""

from __future__ import annotations

import numpy as np
import pytest

from lvmodels.errors import ModelError
from lvmodels.estimate.rotation_conditions import rotation_conditions
from lvmodels.estimate.rotation_criteria import Criterion
from lvmodels.model.expression import evaluate, gradient
from lvmodels.model.expression_tape import tape_of, values_and_slopes
from lvmodels.model.expression_tree import Binary, Call, Expression, Name, Number
from lvmodels.model.syntax import parse_model

TEXTS = [
    "a*b - c/a", "exp(a)*log(b) + sqrt(c)", "-(a - b)^2", "a^b - b^a", "a*a*a", "2*(a + b) - (a + b)*(a + b)", "3",
    "atan(a)/(1 + sin(b)^2)", "tanh(a*b)*tanh(a*b)", "a", "-a",
]  # fmt: skip
AT = {"a": 1.3, "b": 0.7, "c": 2.1}


def read(text: str) -> Expression:
    return parse_model(f"d := {text}").definitions[0].expression


def test_values_and_derivatives_are_those_of_each_expression_alone() -> None:
    trees = [read(text) for text in TEXTS]
    found, slopes = values_and_slopes(tape_of(trees), AT)
    np.testing.assert_allclose(found, [float(evaluate(tree, AT)) for tree in trees], rtol=1e-14)
    alone = [gradient(tree, AT) for tree in trees]
    for name in AT:
        np.testing.assert_allclose(slopes[name], [float(own.get(name, 0.0)) for own in alone], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ["geomin", "oblimin", "equamax"])
def test_conditions_of_a_rotation_take_few_steps_and_keep_their_derivatives(name: str) -> None:
    p, m, rng = 8, 3, np.random.default_rng(0)
    loadings = [[f"l{i}{r}" for r in range(m)] for i in range(p)]
    phi = [[f"p{min(r, s)}{max(r, s)}" for s in range(m)] for r in range(m)]
    trees = rotation_conditions(Criterion(name, epsilon=0.01), loadings, rng.uniform(0.5, 2.0, p).tolist(), phi)
    at = {label: float(rng.standard_normal()) for row in loadings + phi for label in row}
    tape = tape_of(trees)
    assert len(tape.steps) < 40 * p * m
    found, slopes = values_and_slopes(tape, at)
    for k, tree in enumerate(trees):
        assert found[k] == pytest.approx(float(evaluate(tree, at)), abs=1e-12)
        for label, slope in gradient(tree, at).items():
            assert slopes[label][k] == pytest.approx(float(slope), abs=1e-12)


def test_what_is_not_defined_in_one_expression_leaves_the_others_alone() -> None:
    root = Call("sqrt", Name("a"))
    found, slopes = values_and_slopes(tape_of([root, Name("a"), Binary("/", Number(1.0), Number(-0.0))]), {"a": 0.0})
    assert found.tolist() == [0.0, 0.0, -np.inf]
    assert slopes["a"].tolist() == [np.inf, 1.0, 0.0]


def test_a_name_without_a_value_is_named() -> None:
    with pytest.raises(ModelError, match="'b' has no value"):
        values_and_slopes(tape_of([Name("b")]), {"a": 1.0})
