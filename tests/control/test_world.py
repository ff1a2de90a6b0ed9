"""The operations on the world."""

from __future__ import annotations

import pytest

from simulator.errors import ContractError, NotFoundError, StateError, UsageError
from tests.control.asking import ask, stage_with


def test_resource_is_created_read_changed_and_deleted():
    stage = stage_with()
    status, made = ask(
        stage, "POST resources/ScenarioSession", {"externalData": {"order": "WO-1"}, "by": "integrator"}
    )
    session = made["id"]

    assert (status, made["type"], made["externalData"]) == (201, "ScenarioSession", {"order": "WO-1"})
    assert ask(stage, f"GET resources/{session}") == (200, made)
    assert ask(stage, f"PATCH resources/{session}", {"externalData": None})[1]["externalData"] is None
    assert ask(stage, f"POST resources/{session}/view", {"steps": 3})[1]["numberOfStepsViewed"] == 3
    assert ask(stage, f"POST resources/{session}/pause")[1]["state"] == "PAUSED"
    assert ask(stage, f"DELETE resources/{session}")[1]["id"] == session
    with pytest.raises(NotFoundError):
        ask(stage, f"GET resources/{session}")


def test_field_that_is_itself_called_type_has_a_name_of_its_own():
    stage = stage_with()
    _, made = ask(stage, "POST resources/ScenarioSession")
    ask(stage, f"POST resources/{made['id']}/record", {"type": "PHOTO"})
    events = ask(stage, "GET resources/ScenarioSessionEvent", query={"limit": "1000"})[1]["resources"]

    assert (events[-1]["type"], events[-1]["type_"]) == ("ScenarioSessionEvent", "PHOTO")


def test_list_goes_on_from_page_to_page():
    stage = stage_with(sessions=5)
    seen, after = [], "0"
    while True:
        _, page = ask(stage, "GET resources/ScenarioSession", query={"limit": "2", "after": after})
        seen += [one["databaseId"] for one in page["resources"]]
        if page["next"] is None:
            break
        after = str(page["next"])

    assert seen == ["1", "2", "3", "4", "5"]
    assert len(ask(stage, "GET resources/User", query={"limit": "0"})[1]["resources"]) == 1


def test_device_time_and_person_may_stand_in_the_query():
    stage = stage_with()
    ask(stage, "POST clock/advance", {"by": "1h"})
    _, made = ask(stage, "POST resources/ScenarioSession", query={"by": "integrator", "at": "-20m"})

    assert made["startedAt"] == "2021-03-01T08:40:00.000Z"
    _, other = ask(stage, "POST resources/ScenarioSession", {"at": "2021-03-01T08:30:00Z"})
    assert other["startedAt"] == "2021-03-01T08:30:00.000Z"


@pytest.mark.parametrize(
    ("line", "body", "query", "error", "text"),
    [
        pytest.param("POST resources/ScenarioSesion", {}, {}, NotFoundError, "Did you mean ScenarioSession", id="type"),
        pytest.param("GET resources/ScenarioSesion", None, {}, NotFoundError, "there is no resource and no type 'ScenarioSesion'. Did you mean ScenarioSession", id="list"),
        pytest.param("GET resources/zzz", None, {}, NotFoundError, "there is no resource with the id 'zzz'", id="id"),
        pytest.param("POST resources/ScenarioSession", {"externaldata": 1}, {}, UsageError, "Did you mean externalData", id="field"),
        pytest.param("POST resources/ScenarioSession", {"by": "nobody-at-all"}, {}, NotFoundError, "nobody-at-all", id="by"),
        pytest.param("POST resources/ScenarioSession", {"at": "soon"}, {}, UsageError, "at: ", id="at"),
        pytest.param("POST resources/ScenarioSession", {"by": 1}, {}, ContractError, "/by", id="by-number"),
        pytest.param("POST resources/ScenarioSession", {"by": "a"}, {"by": "b"}, UsageError, "by stands in the query and in the body", id="twice"),
    ],
)  # fmt: skip
def test_wrong_command_says_what_is_wrong(line, body, query, error, text):
    with pytest.raises(error, match=text):
        ask(stage_with(), line, body, query=query)


def test_move_that_the_state_forbids_is_a_state_error():
    stage = stage_with()
    _, made = ask(stage, "POST resources/ScenarioSession")
    ask(stage, f"POST resources/{made['id']}/finish")

    with pytest.raises(StateError):
        ask(stage, f"POST resources/{made['id']}/resume")
    with pytest.raises(UsageError, match="finish"):
        ask(stage, f"POST resources/{made['id']}/finsh")


def test_event_that_is_about_no_resource_is_planned_for_each_target():
    stage = stage_with()
    stage.add_target("http://127.0.0.1:10/")

    assert ask(stage, "POST events", {"type": "iot", "event": "connected", "data": {"id": 1}}) == (
        202,
        {"planned": 2},
    )
    assert ask(stage, "POST events", {"type": "iot", "event": "lost"})[1] == {"planned": 2}
    with pytest.raises(ContractError):
        ask(stage, "POST events", {"type": "iot"})
