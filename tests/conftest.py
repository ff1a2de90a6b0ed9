"""What all tests share: Hypothesis without time limits and without chance, little looking for garbage, names that stay."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

# A loaded machine is no failure, and a run that fails must fail again.
settings.register_profile("scope-simulator", deadline=None, derandomize=True)
settings.load_profile("scope-simulator")

# Thousands of tests and all that they have loaded stay to the end. Looking for circles among them, each time that a few
# hundred objects were made, costs a quarter of the run; at the end pytest looks for what nobody has closed all the same.
gc.set_threshold(10_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose name differs from process to process: the workers could not share it out."""
    for item in items:
        if " at 0x" in item.nodeid:
            raise pytest.UsageError(f"the name of a test holds an address, give it an id: {item.nodeid}")


def pytest_collection_finish() -> None:
    gc.freeze()
