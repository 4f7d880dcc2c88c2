"""Settings shared by all tests."""

from __future__ import annotations

import os

import matplotlib
from hypothesis import HealthCheck, settings

matplotlib.use("Agg")

# Few examples by default, so that the whole suite stays quick; HYPOTHESIS_PROFILE=thorough looks longer.
# In CI the examples are the same in every run: a failure there can be repeated anywhere.
slow_machine = [HealthCheck.too_slow]
settings.register_profile("default", deadline=None, max_examples=25, suppress_health_check=slow_machine)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, suppress_health_check=slow_machine)
settings.register_profile("thorough", deadline=None, max_examples=1000, suppress_health_check=slow_machine)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
