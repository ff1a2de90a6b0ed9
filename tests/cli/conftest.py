"""Commands are tested without whatever settings the machine has in its environment."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings_in_the_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("SCOPE_SIMULATOR_")]:
        monkeypatch.delenv(name)
