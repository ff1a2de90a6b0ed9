"""Garbage is looked for seldom while a command runs, and as before after it."""

from __future__ import annotations

import gc

from simulator.cli.garbage import let_go, seldom


def test_it_is_looked_for_seldom_and_as_before_afterwards():
    before = gc.get_threshold()

    with seldom():
        during, frozen = gc.get_threshold(), gc.get_freeze_count()

    assert during > before
    assert frozen > 0
    assert gc.get_threshold() == before


def test_what_is_left_in_the_end_is_not_looked_through():
    before = gc.get_freeze_count()
    try:
        let_go()
        left = gc.get_freeze_count()
    finally:
        gc.unfreeze()

    assert left > before
