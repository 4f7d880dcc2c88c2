"""Stacked replicates are single fits, and their intervals are what they are called."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np
import pytest

import lvmodels as lv
from lvmodels import PlsFit, errors
from lvmodels.composites.bootstrap import PlsBootstrap
from lvmodels.composites.replicates import resampled, solve_block
from lvmodels.estimate.resample import Units, drawn_counts
from tests.pls.models import ECSI, FEW, HIGHER, MODERATED, fit, mobi


@pytest.mark.filterwarnings("ignore::lvmodels.errors.InadmissibleWarning")
@pytest.mark.parametrize(("model", "options"), [(ECSI, {}), (MODERATED, {}), (HIGHER, {}), (FEW, {"consistent": True})])
def test_a_replicate_is_the_fit_of_its_cases(model: str, options: dict) -> None:
    found, data, n = lv.pls(model, mobi(), **options), mobi(), 250
    seed = np.random.SeedSequence(4)
    solutions, _ = solve_block(resampled(found), (3, seed))
    everyone = np.arange(n)
    counts = drawn_counts(Units(everyone, (everyone,)), np.random.default_rng(seed), 3)
    for r in range(3):
        single = lv.pls(model, data.loc[data.index.repeat(counts[r].astype(int))], **options)
        assert np.allclose(solutions[-1].B[r], single.paths(), atol=1e-5)
        assert np.allclose(solutions[-1].loadings[r], single.solution.loadings[0], atol=1e-5)


def test_the_same_seed_gives_the_same_digits_on_any_workers() -> None:
    found = fit("basic")
    plain = found.bootstrap(600, seed=11).draws
    with ProcessPoolExecutor(2) as pool:
        assert plain.equals(found.bootstrap(600, seed=11, executor=pool).draws)


def test_estimates_are_filled_by_the_bootstrap() -> None:
    found = lv.pls(FEW, mobi())
    assert found.estimates()["se"].isna().all()
    boot = found.bootstrap(500, seed=2)
    table = found.estimates()
    assert np.allclose(table["se"], boot.bse.to_numpy(), atol=1e-9)
    assert (table["ci_lower"] <= table["ci_upper"]).all()
    assert np.allclose(boot.ci()[["ci_lower", "ci_upper"]], table[["ci_lower", "ci_upper"]])
    assert np.allclose(found.effects().query("effect == 'direct'")["se"], table.query("op == '~'")["se"])


@cache
def studentized() -> tuple[PlsFit, PlsBootstrap]:
    found = lv.pls(FEW, mobi())
    return found, found.bootstrap(250, seed=2, inner=15)


@pytest.mark.parametrize("method", ["percentile", "bca", "normal", "basic", "studentized"])
def test_intervals_of_all_kinds_agree_where_the_sample_is_large(method: str) -> None:
    found, boot = studentized()
    rows = found.estimates()["op"] == "~"
    normal, other = boot.ci("normal")[rows], boot.ci(method)[rows]  # type: ignore[arg-type]
    assert np.allclose(normal[["ci_lower", "ci_upper"]], other[["ci_lower", "ci_upper"]], atol=0.09)


def test_bca_interval_is_corrected_by_the_samples_that_lack_a_case() -> None:
    found = lv.pls(FEW, mobi())
    boot = found.bootstrap(1000, seed=2)
    assert not np.allclose(boot.ci("bca")["ci_lower"], boot.ci()["ci_lower"], atol=1e-4)
    assert np.isfinite(boot.ci("bca", of="htmt")[["ci_lower", "ci_upper"]]).to_numpy().all()


def test_signs_may_follow_the_sample() -> None:
    found = lv.pls("Price =~ CUSL2 + PERV1; Loyalty =~ CUSL1 + CUSL3; Loyalty ~ Price", mobi())
    for signs in ("construct", "individual"):
        draws = found.bootstrap(200, seed=1, signs=signs).draws  # type: ignore[arg-type]
        assert (draws["Loyalty~Price"] > 0).mean() > 0.95


def test_mediation_is_named_after_its_intervals() -> None:
    found = lv.pls(ECSI, mobi())
    with pytest.raises(errors.OptionValueError, match="bootstrap"):
        found.mediation()
    found.bootstrap(500, seed=1)
    table = found.mediation().set_index(["predictor", "outcome"])
    assert table.loc[("Image", "Loyalty"), "type"] == "complementary"
    assert table.loc[("Quality", "Loyalty"), "type"] == "indirect only"
    share = table["indirect"] / table["total"]
    assert np.allclose(share, table["variance_accounted_for"])


def test_impossible_requests_are_refused() -> None:
    found = lv.pls(FEW, mobi())
    boot = found.bootstrap(20, seed=1)
    for call in (
        lambda: boot.ci("studentized"),
        lambda: boot.ci("wrong"),  # type: ignore[arg-type]
        lambda: boot.ci(of="wrong"),  # type: ignore[arg-type]
        lambda: found.bootstrap(1),
        lambda: found.bootstrap(20, signs="wrong"),  # type: ignore[arg-type]
        lambda: found.slopes(),
    ):
        with pytest.raises(errors.OptionValueError):
            call()
