"""Made answers whose careless respondents are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from lvmodels.survey.answers import Survey


@dataclass(frozen=True)
class Made:
    """Answers to 12 scales of 4 items on seven points; the last item of each scale is keyed the other way round."""

    survey: Survey
    scales: dict[str, list[str]]
    reverse: list[str]
    straight: range
    random: range

    @property
    def careful(self) -> range:
        return range(self.random.stop, len(self.survey.answers))


def make(n: int = 400, seed: int = 7) -> Made:
    rng = np.random.default_rng(seed)
    scales = {f"C{j}": [f"C{j}_{k}" for k in range(1, 5)] for j in range(1, 13)}
    names = [name for some in scales.values() for name in some]
    factors = rng.standard_normal((n, 12)) + 0.5 * rng.standard_normal((n, 1))
    raw = np.repeat(factors, 4, axis=1) + 0.6 * rng.standard_normal((n, 48))
    sign = np.where(np.arange(48) % 4 == 3, -1, 1)
    Y = np.clip(np.round(4 + 1.2 * sign * raw), 1, 7)
    seconds = rng.lognormal(np.log(48 * 6), 0.25, n)
    straight, at_random = range(10), range(10, 20)
    Y[straight] = 4
    seconds[:20] = 48 * 1.2
    Y[at_random] = rng.integers(1, 8, (10, 48))
    return Made(
        Survey(pd.DataFrame(Y, columns=names), pd.DataFrame({"duration": seconds, "device": np.arange(n)})),
        scales, [some[3] for some in scales.values()], straight, at_random,
    )  # fmt: skip


@pytest.fixture(scope="session")
def made() -> Made:
    return make()
