"""What work asks of whoever drives it."""

from __future__ import annotations

from simulator.effects import Wait


def test_a_wait_ends_by_what_it_waits_for_alone_unless_told() -> None:
    def ready(idle: float) -> bool:
        return idle > 1

    assert Wait(ready) == Wait(ready=ready, until=None, timeout=None, quiet=None)
