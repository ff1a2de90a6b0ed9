"""How the base is numbered: families without gaps, moments that rise within the history."""

from __future__ import annotations

import pytest

from simulator.clock import VIRTUAL_START
from simulator.settings import Settings
from simulator.world.layout import Layout
from simulator.world.resources import Kind
from simulator.world.shifts import DAY


@pytest.mark.parametrize("sessions", [1, 7, 1000])
def test_moments_rise_with_the_number_and_lie_in_the_days_before_the_start(sessions: int) -> None:
    layout = Layout(Settings().replace(sessions=sessions), VIRTUAL_START)

    moments = [layout.session_moment(number, sessions) for number in range(1, sessions + 1)]

    assert moments == sorted(set(moments))
    assert moments[0] >= VIRTUAL_START - (90 + 2) * DAY
    assert moments[-1] < VIRTUAL_START - DAY


def test_the_steps_of_all_releases_are_all_steps() -> None:
    layout = Layout(Settings().replace(scenarios=9), VIRTUAL_START)

    steps = [
        step for release in range(1, layout.counts[Kind.RELEASE] + 1) for step in layout.steps_of(release)
    ]

    assert steps == list(range(1, layout.counts[Kind.STEP] + 1))


def test_a_world_costs_nothing_to_lay_out_however_large() -> None:
    layout = Layout(Settings().replace(sessions=1_000_000), VIRTUAL_START)

    assert layout.counts[Kind.SESSION] == 1_000_000
    assert layout.by_release.owner(1_000_000) in range(1, layout.counts[Kind.RELEASE] + 1)
