"""The public names are there, each from one place, and only when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import simulator


@pytest.mark.parametrize("name", simulator.__all__)
def test_public_name_resolves(name):
    assert getattr(simulator, name) is not None
    assert name in dir(simulator)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'simulator' has no attribute 'Simulater'"):
        simulator.Simulater  # noqa: B018 - reading the attribute is the act


def test_settings_load_without_the_server():
    code = "import sys, simulator; simulator.Settings(); assert 'simulator.server' not in sys.modules"

    subprocess.run([sys.executable, "-c", code], check=True)
