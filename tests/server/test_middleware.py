"""Who may ask at all, how large a body may be, and what a mistake of ours looks like."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from simulator.control import Stage
from tests.server.serving import serving

GRAPHQL = "/api/v3/graphql"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost:1",
        "LOCALHOST",
        "scope.localhost",
        "127.9.9.9",
        "[::1]:80",
        "my.public.name:8443",
        "my.public.name.",
        "scope.internal",
        "Other.Internal:80",
    ],
)
async def test_own_names_are_answered(host):
    names = {
        "public_url": "https://my.public.name/behind",
        "allow_hosts": ["scope.internal", "other.internal"],
    }
    async with serving(**names) as served:
        answer = await served.ask("GET", GRAPHQL, headers={"Host": host})

    assert answer.status == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:7267", "[::1", "localhost.evil"]
)
@pytest.mark.parametrize("path", ["/_simulator/health", GRAPHQL])
async def test_name_of_somebody_else_is_refused(host, path):
    async with serving() as served:
        answer = await served.ask("GET", path, headers={"Host": host})

        assert answer.status == 403
        assert json.loads(await answer.read())["detail" if "_simulator" in path else "error"] == (
            f"The simulator does not answer to the host {host!r}. "
            "Ask it by its own address, or start it with that name among the setting allow_hosts."
        )


async def test_request_without_a_host_is_answered():
    async with serving() as served:
        port = served.here.base_url.rpartition(":")[2]
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        writer.write(b"GET /_simulator/health HTTP/1.0\r\n\r\n")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()

    assert b" 200 " in line


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_page_of_another_origin_cannot_drive(origin):
    async with serving() as served:
        status, problem = await served.control("POST", "reset", headers={"Origin": origin})

    assert status == 403
    assert origin in problem["detail"]


async def test_page_of_our_own_may_drive():
    async with serving() as served:
        status, _ = await served.control("POST", "reset", headers={"Origin": served.here.base_url})

    assert status == 200


async def test_no_answer_lets_another_page_read_it():
    async with serving() as served:
        for path in ("/_simulator/health", GRAPHQL):
            answer = await served.ask("OPTIONS", path, headers={"Access-Control-Request-Method": "POST"})
            assert answer.status == 405
            assert [name for name in answer.headers if name.lower().startswith("access-control")] == []


async def test_other_origins_may_use_the_vendors_side():
    async with serving() as served:
        answer = await served.ask("GET", GRAPHQL, headers={"Origin": "https://evil.example"})

    assert answer.status == 401


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer {token}", 200), ("Bearer x", 401), ("bearer {token}", 401), (None, 401)],
    ids=["right", "wrong", "lower-case", "none"],
)
async def test_beyond_loopback_the_control_side_needs_the_token(authorization, status):
    async with serving(host="0.0.0.0") as served:
        token = served.stage.control_token
        headers = {} if authorization is None else {"Authorization": authorization.format(token=token)}
        answer = await served.ask("GET", "/_simulator/health", headers=headers)

    assert served.here.base_url.startswith("http://127.0.0.1:")
    assert answer.status == status
    assert answer.headers.get("WWW-Authenticate") == (None if status == 200 else "Bearer")


@pytest.mark.parametrize(
    ("settings", "host", "free"),
    [
        ({"allow_hosts": ["scope.internal"]}, "127.0.0.1", True),
        ({"allow_hosts": ["scope.internal"]}, "scope.internal", False),
        ({"public_url": "https://scope.example"}, "scope.example", False),
        ({"control_token": "mine"}, "127.0.0.1", False),
    ],
    ids=["by the loopback name", "by a name allowed", "by the public name", "a token was given"],
)
async def test_who_may_come_from_elsewhere_needs_the_token_for_the_control_side(settings, host, free):
    async with serving(**settings) as served:
        without = await served.ask("GET", "/_simulator/health", headers={"Host": host})
        token = {"Authorization": f"Bearer {served.stage.control_token}"}
        with_it = await served.ask("GET", "/_simulator/health", headers={"Host": host} | token)

        assert (without.status, with_it.status) == (200 if free else 401, 200)
        if not free:
            assert json.loads(await without.read())["detail"] == (
                "The control side needs the header Authorization: Bearer <control token>; "
                "the token was given or printed at the start."
            )


async def test_control_tokens_are_no_seeds_business():
    assert Stage().control_token != Stage().control_token


async def test_every_answer_is_marked_as_the_vendor_marks_its_own():
    async with serving() as served:
        one = await served.ask("GET", GRAPHQL)
        two = await served.ask("GET", "/nowhere")

    assert re.fullmatch(r"[0-9a-f-]{36}", one.headers["x-request-id"])
    assert re.fullmatch(r"[0-9]\.[0-9]{6}", one.headers["x-runtime"])
    assert one.headers["x-request-id"] != two.headers["x-request-id"]


async def test_body_that_is_too_large_is_refused_on_either_side():
    async with serving(max_body=100) as served:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {served.stage.platform.token}",
        }
        vendor = await served.ask("POST", GRAPHQL, data=b"x" * 900_000, headers=headers)
        sign_in = await served.ask("POST", "/api/v2/users/sign_in.json", data=b"x" * 101, headers=headers)
        control = await served.ask("POST", "/_simulator/targets", data=b"x" * 101, headers=headers)

        assert (vendor.status, sign_in.status, control.status) == (413, 413, 413)
        assert json.loads(await control.read()) == {
            "type": "urn:scope-simulator:problem:request-entity-too-large",
            "title": "Request Entity Too Large",
            "status": 413,
            "detail": "The body has more than 100 bytes; the setting max_body moves this limit.",
        }
        requests = served.stage.platform.journal.select(kinds=["request"])

    assert [len(entry.fact.request.body) for entry in requests] == [101, 101]


async def test_body_without_an_end_is_read_only_as_far_as_allowed():
    async with serving(max_body=100) as served:

        async def endless():
            while True:
                yield b"x" * 50

        answer = await served.ask(
            "POST", "/api/v2/users/sign_in.json", data=endless(), headers={"Content-Type": "application/json"}
        )

    assert answer.status == 413


@pytest.mark.parametrize("path", ["/api/v2/users/sign_in.json", "/_simulator/targets"])
async def test_damaged_body_is_refused_in_words(path):
    async with serving() as served:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer = await served.ask("POST", path, data=b"this is not gzip", headers=headers)

        assert answer.status == 400
        assert "The body cannot be read: it breaks off or is damaged." in await answer.text()


@pytest.mark.parametrize("path", ["/_simulator/health", GRAPHQL])
async def test_mistake_of_ours_is_told_with_its_entry_and_logged(path, caplog):
    async with serving() as served:
        served.stage.platform.answer = served.stage.platform.tally = lambda *_: 1 / 0
        answer = await served.ask("GET", path)
        told = json.loads(await answer.read())
        (note,) = served.stage.platform.journal.select(kinds=["note"])

    assert answer.status == 500
    assert (
        told["detail" if "_simulator" in path else "error"]
        == f"Internal error; see journal entry {note.number}."
    )
    assert note.fact.text == f"internal error: ZeroDivisionError: division by zero (GET {path})"
    assert "Traceback" in caplog.text
