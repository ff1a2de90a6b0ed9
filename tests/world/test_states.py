"""The state tables: every pair of state and verb, legal or not."""

from __future__ import annotations

import pytest

from simulator.errors import StateError
from simulator.world import states
from simulator.world.states import CALL, FINISHED, IN_PROGRESS, PAUSED, SESSION, Move, next_move

VERBS = ("pause", "resume", "finish", "leave", "join", "view", "record", "check", "update")
ENDS = {
    (IN_PROGRESS, "finish"): FINISHED,
    (IN_PROGRESS, "update"): IN_PROGRESS,
    (FINISHED, "update"): FINISHED,
}
WORK = ENDS | {
    (IN_PROGRESS, "view"): IN_PROGRESS,
    (IN_PROGRESS, "record"): IN_PROGRESS,
    (IN_PROGRESS, "check"): IN_PROGRESS,
    (FINISHED, "record"): FINISHED,
}
LEGAL = {
    "PERSISTENT": WORK
    | {
        (IN_PROGRESS, "pause"): PAUSED,
        (IN_PROGRESS, "leave"): PAUSED,
        (PAUSED, "resume"): IN_PROGRESS,
        (PAUSED, "record"): PAUSED,
        (PAUSED, "update"): PAUSED,
    },
    "PASSIVE": WORK | {(IN_PROGRESS, "leave"): FINISHED},
    "DEMO": ENDS | {(IN_PROGRESS, "leave"): FINISHED},
    "call": ENDS | {(IN_PROGRESS, "join"): IN_PROGRESS, (IN_PROGRESS, "leave"): IN_PROGRESS},
}


@pytest.mark.parametrize("type_", LEGAL)
@pytest.mark.parametrize("state", states.SESSION_STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_move_is_legal_exactly_where_the_vendors_rules_allow_it(type_: str, state: str, verb: str) -> None:
    table = CALL if type_ == "call" else SESSION[type_]
    follows = LEGAL[type_].get((state, verb))

    if follows is None:
        with pytest.raises(StateError):
            next_move(table, state, verb, what="it")
    else:
        assert next_move(table, state, verb, what="it").state == follows


def test_leaving_tells_of_what_it_leads_to() -> None:
    assert SESSION["PERSISTENT"][IN_PROGRESS, "leave"] == Move(PAUSED, "pause")
    assert SESSION["PASSIVE"][IN_PROGRESS, "leave"] == Move(FINISHED, "finish")


def test_an_illegal_move_names_the_legal_ones() -> None:
    with pytest.raises(StateError) as caught:
        next_move(SESSION["PERSISTENT"], PAUSED, "finish", what="a persistent ScenarioSession")

    assert str(caught.value) == (
        "a persistent ScenarioSession that is PAUSED cannot finish. Legal now: record, resume, update."
    )


def test_a_state_with_no_moves_says_so() -> None:
    with pytest.raises(StateError) as caught:
        next_move({}, PAUSED, "finish", what="a Call")

    assert str(caught.value) == "a Call that is PAUSED cannot finish. Legal now: nothing."
