"""The machines: complete, and found by tag and by step."""

from __future__ import annotations

import pytest

from simulator.world.equipment import EQUIPMENT, LETTERS, action_called, equipment_in
from simulator.world.layout import CHECKBOX_STRIDE
from simulator.world.plant import COMMON, Equipment


def test_machines_have_letters_of_their_own() -> None:
    assert len(set(LETTERS)) == len(EQUIPMENT)


@pytest.mark.parametrize("equipment", EQUIPMENT, ids=lambda one: one.name)
def test_a_machine_has_readings_tasks_and_a_trial_that_fit_a_release(equipment: Equipment) -> None:
    assert all(reading.low < reading.high for reading in equipment.readings)
    assert len({task.title for task in equipment.tasks}) == len(equipment.tasks) >= 2
    for actions in (equipment.trial, *(task.work for task in equipment.tasks)):
        assert len(actions) >= 4, "a sequence has up to four steps"
        assert all(1 <= action.minutes <= 30 and len(action.checks) <= CHECKBOX_STRIDE for action in actions)
    assert all(len(code) == 4 and code.isupper() for task in equipment.tasks for code in task.parts)


def test_a_step_of_the_plant_is_known_by_its_name() -> None:
    assert action_called("Isolate and lock out") == COMMON[3]
    assert action_called("Dance") is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Seal replacement P-101", "centrifugal pump"),
        ("FV12: stem packing", "control valve"),
        ("Valve check", None),
        ("Gearbox noise", None),
    ],
)
def test_the_class_of_a_machine_is_read_from_its_tag_in_a_name(name: str, found: str | None) -> None:
    equipment = equipment_in(name)

    assert (equipment and equipment.name) == found
