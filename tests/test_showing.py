"""What a platform shows of itself, as values."""

from __future__ import annotations

from simulator.showing import Resource, Tally


def test_a_resource_reads_as_a_mapping() -> None:
    one = Resource("X", "Call", {"id": "X", "state": "FINISHED"})

    assert dict(one) == {"id": "X", "state": "FINISHED"}
    assert len(one) == 2
    assert repr(one) == "<Call X>"


def test_a_tally_holds_nothing_for_a_disabled_target_unless_told() -> None:
    assert Tally(3, 2, 1, 0, 0, 2, 5) == Tally(
        planned=3, attempts=2, delivered=1, given_up=0, dropped=0, pending=2, requests=5, held=0
    )
