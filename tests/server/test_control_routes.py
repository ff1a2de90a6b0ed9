"""The table over HTTP: how bodies, parameters and errors travel, and work that waits."""

from __future__ import annotations

import asyncio
import json

import pytest

from simulator import contracts
from simulator.control import OPERATIONS
from tests.server.receiving import receiving, until
from tests.server.serving import serving

SCRIPT = """
title: A session is created and finished
steps:
  - create: ScenarioSession
    as: session
  - wait: 12m
  - finish: session
  - expect: {answered: {event: finished, of: session}, within: 5s}
"""
YAML = {"Content-Type": "application/yaml"}


def fits(name: str, value: object) -> bool:
    return [(problem.pointer, problem.message) for problem in contracts.problems(name, value)] == []


async def test_day_in_the_life_of_a_client_in_another_language():
    async with receiving() as receiver, serving() as served:
        status, target = await served.control("POST", "targets", {"url": receiver.url})
        assert (status, target["id"], target["url"]) == (201, "1", receiver.url)
        status, made = await served.control(
            "POST", "resources/ScenarioSession", {"externalData": {"work_order_id": "WO-1"}}
        )
        assert status == 201
        assert (made["type"], made["state"], made["externalData"]) == (
            "ScenarioSession",
            "IN_PROGRESS",
            {"work_order_id": "WO-1"},
        )
        session = made["id"]
        assert (await served.control("POST", "clock/advance", {"by": "12m"}))[1][
            "now"
        ] == "2021-03-01T08:12:00.000Z"
        assert (await served.control("POST", f"resources/{session}/view", {"steps": 2}))[0] == 200
        assert (await served.control("POST", f"resources/{session}/finish?at=-1m"))[1]["state"] == "FINISHED"
        status, verdict = await served.control(
            "POST", "deliveries/wait", {"event": "finished", "of": session}
        )
        assert (status, verdict["met"], fits("control/verdict", verdict)) == (200, True, True)
        status, verdict = await served.control("POST", "deliveries/wait")
        assert (status, verdict["expected"]) == (200, "nothing due")
        status, told = await served.control("GET", f"deliveries?of={session}&event=finished")
        assert (status, fits("control/deliveries", told)) == (200, True)
        (delivery,) = told["deliveries"]
        assert (delivery["state"], delivery["attempts"][0]["status"]) == ("delivered", 200)
        assert json.loads(delivery["attempts"][0]["body"]) == receiver.hooks[-2]
        assert (await served.control("GET", f"deliveries/{delivery['id']}"))[1] == delivery
        assert (await served.control("DELETE", "targets/1")) == (204, None)
        assert (await served.control("POST", "reset", {"seed": 7}))[1]["seed"] == 7
        assert (await served.control("GET", "targets"))[1] == {"targets": []}

    assert receiver.words == ["create", "update", "update", "finished", "update"]


async def test_wait_for_requests_names_the_nearest_misses_when_it_times_out():
    async with serving() as served:
        session = served.stage.platform.apply("create", "ScenarioSession")
        status, problem = await served.control("POST", "requests/wait", {"of": session.id, "within": 0.01})

    assert status == 408
    assert fits("control/problem", problem)
    assert (problem["met"], problem["misses"]) == (False, [])
    assert problem["detail"].startswith("expectation not met: a request about ")


async def test_receiver_that_asks_ends_the_wait_for_requests():
    async with serving() as served, receiving() as receiver:
        token = served.stage.platform.token

        async def ask(hook: dict) -> int:
            await served.http.get(hook["data"]["resource-url"], headers={"Authorization": f"Bearer {token}"})
            return 200

        receiver.on_hook = ask
        await served.control("POST", "targets", {"url": receiver.url})
        _, made = await served.control("POST", "resources/ScenarioSession")
        status, verdict = await served.control(
            "POST", "requests/wait", {"of": made["id"], "fields": ["state"]}
        )
        _, asked = await served.control("GET", "requests")

    assert (status, verdict["met"]) == (200, True)
    assert fits("control/requests", asked)
    assert [one["route"] for one in asked["requests"]] == ["object"]


async def test_time_that_is_too_short_to_be_quiet_is_told():
    async with serving() as served:
        status, problem = await served.control("POST", "settle", {"within": 0.05})

    assert (status, problem["detail"]) == (
        408,
        "nothing was due, but it was not quiet for long enough after 0.05 s",
    )


async def test_wait_whose_client_goes_away_is_forgotten():
    async with serving() as served:
        pump = served.here.live.pump
        waiting = asyncio.ensure_future(served.control("POST", "requests/wait", {"within": "1h"}))
        await until(lambda: bool(pump._waiters))
        waiting.cancel()
        await until(lambda: not pump._waiters)


async def test_reset_answers_whoever_waits():
    async with serving() as served:
        waiting = asyncio.ensure_future(served.control("POST", "requests/wait", {"within": "1h"}))
        await until(lambda: bool(served.here.live.pump._waiters))
        await served.control("POST", "reset")
        status, problem = await waiting

    assert (status, problem["detail"]) == (
        409,
        "the simulator was reset, or put back to a snapshot, while this waited.",
    )


async def test_script_is_played_to_its_end_for_whoever_waits():
    async with receiving() as receiver, serving(targets=(receiver.url,)) as served:
        answer = await served.ask(
            "POST", "/_simulator/scripts?wait=true&name=my.yaml", data=SCRIPT, headers=YAML
        )
        run = await answer.json()

    assert (answer.status, run["state"], fits("control/run", run)) == (200, "passed", True)
    assert run["report"]["expectations"][0]["place"] == "my.yaml:8:24"
    assert receiver.words == ["create", "finished", "update"]


async def test_script_plays_on_after_the_answer():
    async with receiving() as receiver, serving(targets=(receiver.url,)) as served:
        receiver.hold.clear()
        answer = await served.ask("POST", "/_simulator/scripts", data=SCRIPT, headers=YAML)
        begun = await answer.json()
        await receiver.has(1)
        _, playing = await served.control("GET", f"scripts/{begun['run']}")
        receiver.hold.set()
        await until(lambda: not served.here.live.background)
        _, ended = await served.control("GET", f"scripts/{begun['run']}")

    assert (answer.status, begun["state"], playing, ended["state"]) == (202, "playing", begun, "passed")
    assert all(fits("control/run", one) for one in (begun, ended))


async def test_script_that_a_reset_stops_leaves_nothing_behind():
    async with receiving() as receiver, serving(targets=(receiver.url,)) as served:
        receiver.hold.clear()
        await served.ask("POST", "/_simulator/scripts", data=SCRIPT, headers=YAML)
        await receiver.has(1)
        await served.control("POST", "reset")
        await until(lambda: not served.here.live.background)
        status, problem = await served.control("GET", "scripts/1")

    assert (status, problem["detail"].partition(".")[0]) == (404, "there is no run '1'")


async def test_script_as_json():
    script = {"title": "Nothing happens", "steps": [{"wait": "1d"}]}
    async with serving() as served:
        status, run = await served.control("POST", "scripts?wait=true", script)

    assert (status, run["state"]) == (200, "passed")
    assert run["report"]["ended"] == "2021-03-02T08:00:00.000Z"


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "detail"),
    [
        pytest.param(
            "GET",
            "helth",
            {},
            404,
            "there is no control route /_simulator/helth. Did you mean /_simulator/health? "
            "GET /_simulator/openapi.json describes them all.",
            id="path",
        ),
        pytest.param("GET", "", {}, 404, "there is no control route /_simulator/. GET /_simulator/openapi.json describes them all.", id="root"),
        pytest.param("PUT", "targets", {}, 405, "PUT does not exist for /_simulator/targets; expected GET or POST.", id="method"),
        pytest.param("GET", "journal?limt=3", {}, 400, "there is no query parameter 'limt' here; expected one of after, kind, about, limit, within. Did you mean limit?", id="parameter"),
        pytest.param("POST", "targets", {}, 400, "the body is missing. GET /_simulator/openapi.json describes it.", id="no-body"),
        pytest.param(
            "POST", "targets", {"data": "{", "headers": {"Content-Type": "application/json"}}, 400, None, id="json"
        ),
        pytest.param(
            "POST",
            "targets",
            {"data": '{"url": 1}', "headers": {"Content-Type": "text/plain"}},
            415,
            "The body's Content-Type must be application/json, not text/plain.",
            id="content-type",
        ),
        pytest.param("POST", "targets", {"json": {"ulr": "http://localhost"}}, 422, "/ulr: unknown key 'ulr'. Did you mean url?", id="contract"),
        pytest.param(
            "POST", "scripts", {"data": b"\xff", "headers": YAML}, 400, None, id="text"
        ),
        pytest.param("POST", "scripts", {"data": "titel: x", "headers": YAML}, 422, None, id="script"),
        pytest.param(
            "POST",
            "scripts",
            {"data": "title: ${env.HOME}\nsteps: [{wait: 1s}]", "headers": YAML},
            422,
            None,
            id="environment",
        ),
    ],
)  # fmt: skip
async def test_error_is_a_problem_that_fits_its_contract(method, path, more, status, detail):
    async with serving() as served:
        answer = await served.ask(method, f"/_simulator/{path}", **more)
        problem = await answer.json(content_type=None)

    assert (answer.status, problem["status"], answer.content_type) == (
        status,
        status,
        "application/problem+json",
    )
    assert fits("control/problem", problem)
    assert detail in (None, problem["detail"])
    assert answer.headers.get("Allow") == ("GET, POST" if status == 405 else None)


async def test_script_problems_come_all_at_once():
    async with serving() as served:
        script = {"title": "x", "steps": [{"finish": "a"}, {"create": "Cal"}]}
        status, problem = await served.control("POST", "scripts", script)

    assert status == 422
    assert len(problem["problems"]) == 2
    assert problem["detail"] == "\n".join(problem["problems"])


async def test_whatever_does_not_wait_is_answered_while_something_waits():
    async with serving() as served:
        waiting = asyncio.ensure_future(served.control("POST", "requests/wait", {"within": "1h"}))
        await until(lambda: bool(served.here.live.pump._waiters))
        status, _ = await served.control("GET", "health")
        waiting.cancel()

    assert status == 200


async def test_path_of_the_control_side_without_a_slash_is_the_control_sides():
    async with serving() as served:
        answer = await served.ask("GET", "/_simulator")

    assert (answer.status, answer.content_type) == (404, "application/problem+json")


def test_every_operation_is_reached_by_its_own_row():
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)
