"""What it saves to solve replicates as a stack instead of one by one."""

from __future__ import annotations

import numpy as np
import pytest

import lvmodels as lv
from lvmodels.assess.resampling_plan import refitting_of, resampling_of
from lvmodels.estimate.resample import blocks_of, solve_block
from lvmodels.fit.refit import refit_block
from tests.benchmarks.clock import best_time

pytestmark = pytest.mark.benchmark
R = 250


def test_a_stack_of_replicates_is_several_times_faster_than_single_fits() -> None:
    fit = lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi"))
    stacked, single = resampling_of(fit, "ordinary"), refitting_of(fit, "ordinary")
    assert stacked is not None
    (block,) = blocks_of(R, np.random.SeedSequence(1), R)
    ratio = best_time(lambda: refit_block(single, block), 1) / best_time(lambda: solve_block(stacked, block), 3)
    print(f"{R} replicates one by one take {ratio:.1f} times as long as in a stack")
    assert ratio > 5
