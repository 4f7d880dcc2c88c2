"""What it saves to solve the replicates of a composite model as a stack instead of one by one."""

from __future__ import annotations

import numpy as np
import pytest

import lvmodels as lv
from lvmodels.composites.replicates import resampled, solve_block
from lvmodels.composites.solution import solve_stages
from tests.benchmarks.clock import best_time
from tests.pls.models import ECSI

pytestmark = pytest.mark.benchmark
R = 250


def test_a_stack_of_replicates_is_many_times_faster_than_single_ones() -> None:
    task = resampled(lv.pls(ECSI, lv.datasets.load("ecsi_mobi")))
    counts = np.random.default_rng(1).multinomial(250, np.full(250, 1 / 250), size=R).astype(float)

    def one_by_one() -> None:
        for row in counts:
            solve_stages(task.stages, task.answers, row[None], task.settings)

    ratio = best_time(one_by_one, 1) / best_time(lambda: solve_block(task, (R, np.random.SeedSequence(1))), 3)
    print(f"{R} replicates one by one take {ratio:.1f} times as long as in a stack")
    assert ratio > 10
