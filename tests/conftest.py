"""What all tests share: Hypothesis without time limits and without chance."""

from __future__ import annotations

from hypothesis import settings

# A loaded machine is no failure, and a run that fails must fail again.
settings.register_profile("scope-simulator", deadline=None, derandomize=True)
settings.load_profile("scope-simulator")
