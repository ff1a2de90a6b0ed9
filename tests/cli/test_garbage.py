"""Garbage is looked for seldom while a command runs, and as before after it."""

from __future__ import annotations

import gc

from simulator.cli.garbage import seldom


def test_it_is_looked_for_seldom_and_as_before_afterwards():
    before = gc.get_threshold()

    with seldom():
        during, frozen = gc.get_threshold(), gc.get_freeze_count()

    assert during > before
    assert frozen > 0
    assert gc.get_threshold() == before
