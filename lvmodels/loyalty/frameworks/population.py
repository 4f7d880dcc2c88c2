"""The simulated population of a framework: standardized constructs, then items cut into the codes of their scales.

Constructs have mean 0 and variance 1; those that nothing explains correlate by .3. Parts of a construct of higher order
load .8 on it; the parts of a composite weigh alike. Items load .85, .80, .75 in turn, and the only item of a construct
measures it without error. These values are chosen, not found. The variance of a product of normal variables with
correlation r is 1 + r^2, and it is uncorrelated with both, so that all constructs keep variance 1.
"""

from __future__ import annotations

from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.frameworks.record import Framework, refuse
from lvmodels.loyalty.frameworks.text import exogenous
from lvmodels.survey.answers import Survey
from lvmodels.survey.instrument import Item

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Covariances = dict[tuple[str, str], float]
EXOGENOUS, PART, ITEMS, WITHIN_UNIT = 0.3, 0.8, (0.85, 0.80, 0.75), 1.5
"""Correlation of exogenous constructs; loading of parts; of items; sd of persons around their unit."""


def equations(framework: Framework) -> dict[str, dict[str, float]]:
    """What each construct depends on: construct → predictor (or product) → standardized effect, causes first."""
    found: dict[str, dict[str, float]] = {name: {} for name in framework.constructs}
    for whole, parts in framework.second_order.items():
        for part in parts:
            found[part][whole] = PART
    free = [name for name in exogenous(framework) if name not in framework.composites]
    for whole, parts in framework.composites.items():
        if not set(parts) <= set(free):
            raise refuse(framework, f"'{whole}' is formed by constructs that something explains.")
        k = len(parts)
        found[whole] = dict.fromkeys(parts, (k + k * (k - 1) * EXOGENOUS) ** -0.5)
    for h in framework.hypotheses:
        found[h.outcome][h.predictor] = h.value
    order = {name: {factor for term in terms for factor in term.split(":")} for name, terms in found.items()}
    return {name: found[name] for name in TopologicalSorter(order).static_order()}


def remainders(framework: Framework) -> dict[str, float]:
    """Variance of each construct that its causes leave unexplained.

    Raises
    ------
    FrameworkError
        When the effects explain more than there is.
    """
    S: Covariances = {}
    left: dict[str, float] = {}
    seen: list[str] = []
    for name, terms in equations(framework).items():
        linear = {cause: value for cause, value in terms.items() if ":" not in cause}
        for other in seen:
            cov = sum(value * S[cause, other] for cause, value in linear.items())
            S[name, other] = S[other, name] = cov if terms else EXOGENOUS
        S[name, name] = 1.0
        left[name] = 1.0 - _explained(terms, S)
        if abs(left[name]) < 1e-9:
            left[name] = 0.0
        if left[name] < 0:
            raise refuse(framework, f"the effects on '{name}' explain more than its variance; make them smaller.")
        seen.append(name)
    return left


def _explained(terms: dict[str, float], S: Covariances) -> float:
    """Variance of a sum of constructs and products of normal constructs."""
    total = sum(value * value * _covariance(term, term, S) for term, value in terms.items())
    return total + sum(2 * terms[a] * terms[b] * _covariance(a, b, S) for a, b in combinations(terms, 2))


def _covariance(a: str, b: str, S: Covariances) -> float:
    first, second = a.split(":"), b.split(":")
    if len(first) != len(second):
        return 0.0
    if len(first) == 1:
        return S[a, b]
    return S[first[0], second[0]] * S[first[1], second[1]] + S[first[0], second[1]] * S[first[1], second[0]]


def construct_scores(framework: Framework, n: int, stream: np.random.Generator) -> dict[str, Vector]:
    """Values of all constructs: name → array of length n."""
    scores: dict[str, Vector] = {}
    shared = stream.standard_normal(n)
    left = remainders(framework)
    for name, terms in equations(framework).items():
        own = stream.standard_normal(n)
        if not terms:
            scores[name] = np.sqrt(EXOGENOUS) * shared + np.sqrt(1.0 - EXOGENOUS) * own
            continue
        scores[name] = np.sqrt(left[name]) * own
        for term, value in terms.items():
            scores[name] = scores[name] + value * np.prod([scores[factor] for factor in term.split(":")], axis=0)
        scores[name] = scores[name] - scores[name].mean() if any(":" in term for term in terms) else scores[name]
    return scores


def item_loadings(framework: Framework) -> dict[str, tuple[str, float]]:
    """Item → its construct and its loading, negative for a reverse-keyed item."""
    turned = {item.name for item in framework.items if item.reverse}
    found = {}
    for construct, items in framework.blocks.items():
        for k, item in enumerate(items):
            loading = 1.0 if len(items) == 1 else ITEMS[k % len(ITEMS)]
            found[item] = (construct, -loading if item in turned else loading)
    return found


def population_values(framework: Framework) -> pd.DataFrame:
    """Paths and loadings of the population: columns lhs, op, rhs, value."""
    import pandas as pd

    rows: list[tuple[str, str, str, float]] = []
    for item, (construct, loading) in item_loadings(framework).items():
        rows.append((construct, "=~", item, loading))
    formed = framework.composites
    for whole, parts in framework.second_order.items():
        rows += [(whole, "=~", part, PART) for part in parts]
    terms = equations(framework)
    for whole, parts in formed.items():
        rows += [(whole, "<~", part, terms[whole][part]) for part in parts]
    rows += [(h.outcome, "~", h.predictor, h.value) for h in framework.hypotheses]
    return pd.DataFrame(rows, columns=["lhs", "op", "rhs", "value"])


def simulate(framework: Framework, n: Any, seed: Any) -> Survey:
    """Answers of n simulated respondents; with several raters a row, the means of their answers.

    Raises
    ------
    OptionValueError
    """
    import pandas as pd

    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise OptionValueError(f"n={n!r} is no number of respondents; pass a whole number from 1 on.")
    stream = np.random.default_rng(seed)
    scores = construct_scores(framework, int(n), stream)
    loadings = item_loadings(framework)
    answers: dict[str, Vector] = {}
    for item in framework.instrument.items:
        if item.name in loadings:
            construct, loading = loadings[item.name]
            error = np.sqrt(max(1.0 - loading * loading, 0.0)) * stream.standard_normal(int(n))
            answers[item.name] = _answered(framework, item, loading * scores[construct] + error, stream)
        elif item.construct is not None:
            answers[item.name] = _answered(framework, item, stream.standard_normal(int(n)), stream)
    for item_name, (other, low, high) in framework.asked_if.items():
        if item_name in answers and other in answers:
            asked = (answers[other] >= low) & (answers[other] <= high)
            answers[item_name] = np.where(asked, answers[item_name], np.nan)
    source = f"simulated from the framework '{framework.name}'"
    frame = pd.DataFrame(answers)
    log = (f"All {int(n)} rows are simulated, from stated population values; no person gave these answers.",)
    return Survey(frame, pd.DataFrame(index=frame.index), replace(framework.instrument, simulated=True), source, log)


def _answered(framework: Framework, item: Item, response: Vector, stream: np.random.Generator) -> Vector:
    """Codes from standard normal responses; the mean over raters, who scatter around their unit."""
    if framework.raters == 1 or not framework.instrument.codes(item.name):
        return _codes(framework, item, response)
    around = WITHIN_UNIT * stream.standard_normal((framework.raters, len(response)))
    spread = float(np.hypot(1.0, WITHIN_UNIT))
    return np.asarray(np.mean([_codes(framework, item, (response + one) / spread) for one in around], axis=0))


def _codes(framework: Framework, item: Item, response: Vector) -> Vector:
    """The scale cut at even steps, a little towards contentment; numbers within their bounds where there is none."""
    codes = framework.instrument.codes(item.name)
    if codes:
        cuts = np.linspace(-2.0, 1.4, len(codes) - 1) if len(codes) > 2 else np.array([0.5])
        if item.reverse:
            cuts = -cuts[::-1]
        return np.asarray(codes, dtype=float)[np.searchsorted(cuts, response)]
    if item.min is None or item.max is None:
        return np.asarray(100.0 + 10.0 * response).round(1)
    low, high = float(item.min), float(item.max)
    return np.clip(np.round(low + (high - low) * (0.35 + response / 9.0)), low, high)
