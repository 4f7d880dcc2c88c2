"""Published models, fitted anew: every reported quantity is found again, within the digits that were reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paper import sources
from paper.replication import Comparison, Replication, replicate

NAMES = sources.names()


@pytest.mark.parametrize("name", NAMES)
def test_published_model_replicates(name: str) -> None:
    apart = [c for c in replicate(name).comparisons if not c.agrees]
    assert not apart, "\n".join(f"{c.quantity} ({c.column}): {c.ours:.6g}, published {c.published:.6g}" for c in apart)


@pytest.mark.parametrize("name", NAMES)
def test_fit_of_published_model_ends_at_a_minimum(name: str) -> None:
    fit = replicate(name).fit
    assert fit.converged
    assert fit.nobs == sources.load(name).n


@pytest.mark.parametrize("name", NAMES)
def test_published_values_come_with_their_source(name: str) -> None:
    source = sources.load(name)
    assert source.cite
    assert source.seen
    assert source.kind in ("printed", "program", "recomputed")


@pytest.mark.parametrize("name", NAMES)
def test_tolerance_is_half_a_digit_unless_a_reason_is_given(name: str) -> None:
    source = sources.load(name)
    half = 0.5 * 10.0 ** -source.decimals["estimates"] + sources.ROUNDING
    assert source.tolerance.why or source.tolerance.estimates == half


def test_no_chi_square_is_worse_than_that_of_the_other_program() -> None:
    """Where all digits are known, the smaller chi-square is the better optimum; ours is never the larger one."""
    for name in NAMES:
        replication = replicate(name)
        if replication.source.kind == "program":
            chisq = _chisq(replication)
            assert chisq.ours <= chisq.published * (1 + 1e-12)


def _chisq(replication: Replication) -> Comparison:
    return next(c for c in replication.comparisons if c.quantity == "chisq")


def test_a_wrong_value_is_noticed() -> None:
    good = replicate(NAMES[0]).comparisons[0]
    assert good.agrees
    assert not replace(good, ours=good.published + 1.01 * good.allowed).agrees
    assert not replace(good, ours=float("nan")).agrees


def test_share_is_allowed_for_errors_and_corrected_measures_alone() -> None:
    tolerance = sources.Tolerance(estimates=0.01, fit=0.001, robust=0.1, why="for this test")
    assert tolerance.of_estimate("est", 20.0) == 0.01
    assert tolerance.of_estimate("se", 20.0) == 2.0
    assert tolerance.of_estimate("se", 0.0) == 0.01
    assert tolerance.of_measure("chisq", 20.0) == 0.001
    assert tolerance.of_measure("chisq_scaled", 20.0) == 2.0
    assert tolerance.of_measure("cfi_robust", 0.0) == 0.001


def test_enough_was_compared() -> None:
    comparisons = [c for name in NAMES for c in replicate(name).comparisons]
    assert len(NAMES) >= 21
    assert len(comparisons) >= 1900
    assert {c.column for c in comparisons} == {"est", "se", "std_lv", "std_all", "fit"}
