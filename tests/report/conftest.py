"""Fits that several tests of the report look at, each made once."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.report.context import Context, make_context

HOSTILE = (
    '<script>alert("name")</script>',
    "\"q\" & 'r'",
    "{{ 7 * 7 }}",
    "=cmd|' /C calc'!A0",
    "</style><svg onload=x>",
)


@pytest.fixture(scope="session")
def ecsi() -> lv.Fit:
    return lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))


@pytest.fixture(scope="session")
def schools() -> lv.Fit:
    survey = lv.datasets.load("holzinger_swineford")
    return lv.cfa(lv.datasets.model("holzinger_swineford"), survey, group="school")


@pytest.fixture(scope="session")
def diverged() -> lv.Fit:
    """Six unrelated variables of twelve cases, forced into two factors."""
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 6)), columns=list("abcdef"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lv.errors.ConvergenceWarning)
        fit = lv.sem("F =~ a + b + c\nG =~ d + e + f\nG ~ F", data)
    assert not fit.converged
    return fit


@pytest.fixture(scope="session")
def hostile() -> lv.Fit:
    """Names, group labels and a model text that try to be more than text."""
    rng = np.random.default_rng(1)
    common = rng.normal(size=300)
    data = pd.DataFrame({name: common + rng.normal(size=300) for name in HOSTILE})
    data["<b>group</b>"] = np.where(rng.random(300) < 0.5, "<img src=x onerror=alert(1)>", '"><i>second')
    model = "`<b>Factor</b>` =~ " + " + ".join(f"`{name}`" for name in HOSTILE)
    return lv.sem(f"{model}\n# </code></pre><script>alert('model')</script>", data, group="<b>group</b>")


@pytest.fixture(scope="session")
def ecsi_context(ecsi: lv.Fit) -> Context:
    return make_context(ecsi, "en")


@pytest.fixture(scope="session")
def schools_context(schools: lv.Fit) -> Context:
    return make_context(schools, "en")
