"""The words of a plant: plans that begin and end as on a plant."""

from __future__ import annotations

from itertools import pairwise

import pytest

from simulator.world.equipment import EQUIPMENT
from simulator.world.layout import CHECKBOX_STRIDE
from simulator.world.plant import COMMON, Procedure, plan_of

PUMP = EQUIPMENT[0]
PROCEDURE = Procedure(PUMP, "P-101", PUMP.tasks[0], "Seal replacement P-101")


def test_what_everybody_does_has_a_sensible_length() -> None:
    assert len({action.name for action in COMMON}) == len(COMMON)
    assert all(1 <= action.minutes <= 30 and len(action.checks) <= CHECKBOX_STRIDE for action in COMMON)


def test_a_procedure_says_what_is_done_to_what() -> None:
    assert PROCEDURE.description == "Replace the mechanical seal of the centrifugal pump P-101, step by step."


def test_a_plan_has_its_phases_and_steps_in_their_order() -> None:
    plan = plan_of(PROCEDURE, (3, 2, 3))

    assert plan.phases == ("Prepare", "Carry out", "Close out")
    assert [action.name for action in plan.actions] == [
        "Read the work permit",
        "Isolate and lock out",
        "Verify zero energy",
        "Drain and vent the casing",
        "Clean the shaft and the seal housing",
        "Refit the guards",
        "Remove locks and tags",
        "Hand over to operations",
    ]
    assert plan.begins == (0, 3, 11, 15, 23, 33, 39, 43, 47)


@pytest.mark.parametrize("sizes", [(2, 4, 2), (4, 4, 4), (3, 3, 2, 2), (2, 2, 4, 3), (4, 4, 4, 4)])
def test_what_is_locked_out_is_unlocked_before_it_is_tried_or_handed_over(sizes: tuple[int, ...]) -> None:
    for equipment in EQUIPMENT:
        for task in equipment.tasks:
            plan = plan_of(Procedure(equipment, "X-1", task, "x"), sizes)
            names = [action.name for action in plan.actions]

            assert len(names) == len(set(names)) == sum(sizes)
            assert len(plan.phases) == len(sizes)
            assert names.index("Isolate and lock out") < names.index("Remove locks and tags")
            trials = [names.index(action.name) for action in equipment.trial if action.name in names]
            assert all(names.index("Remove locks and tags") < place for place in trials)
            assert names[-1] == "Hand over to operations"
            assert all(before < after for before, after in pairwise(plan.begins))
