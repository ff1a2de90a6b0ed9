"""What a client of the vendor sends arrives at the platform as it was sent, and its answer goes back as it is."""

from __future__ import annotations

import asyncio

from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from simulator.control import Stage
from simulator.server.app import make_app
from simulator.settings import Settings
from simulator.wire import Answer
from tests.server.serving import serving


async def test_request_arrives_as_it_was_sent():
    async with serving() as served:
        url = URL(f"{served.here.base_url}/api/a%2Fb%20c=?x=1&y=%C3%A9&x=2", encoded=True)
        headers = CIMultiDict([("X-Two", "1"), ("X-Two", "2"), ("X-One", "A")])
        await served.http.put(url, data=b"\xff\x00", headers=headers)
        (entry,) = served.stage.platform.journal.select(kinds=["request"])

    request = entry.fact.request
    assert (request.method, request.path, dict(request.query), request.body) == (
        "PUT",
        "/api/a%2Fb%20c=",
        {"x": "2", "y": "é"},
        b"\xff\x00",
    )
    assert (request.headers["x-two"], request.headers["x-one"]) == ("1, 2", "A")


async def test_answer_goes_back_as_it_is():
    async with serving() as served:
        served.stage.platform.answer = lambda _request: Answer(
            418, b"\xffraw", "text/x-tea", (("Allow", "GET"), ("X-Pot", "1"))
        )
        answer = await served.ask("GET", "/anything")

        assert (answer.status, await answer.read()) == (418, b"\xffraw")
        assert {
            name: answer.headers[name] for name in ("Content-Type", "Allow", "X-Pot", "cache-control")
        } == {
            "Content-Type": "text/x-tea",
            "Allow": "GET",
            "X-Pot": "1",
            "cache-control": "max-age=0, private, must-revalidate",
        }


async def test_address_with_escapes_that_mean_nothing_is_answered_not_failed():
    async with serving() as served:
        port = int(served.here.base_url.rpartition(":")[2])
        statuses = []
        for target in (
            b"/api/%zz",
            b"/api/%ff?q=%ff%zz&=",
            b"//api",
            b"/_simulator/%ff",
            b"/?\xc3\xa9",
            b"*",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            statuses.append(int((await reader.readline()).split()[1]))
            writer.close()
            await writer.wait_closed()

    assert all(400 <= status < 500 for status in statuses), statuses


async def test_application_learns_its_own_address_from_the_first_who_asks(aiohttp_client):
    stage = Stage(Settings())
    client = await aiohttp_client(make_app(stage))

    answer = await client.post("/api/v2/users/sign_in.json")

    assert answer.status == 415
    assert stage.platform.base_url == f"http://127.0.0.1:{client.port}"
    assert isinstance(client.app, web.Application)


async def test_a_file_is_fetched_by_anybody_and_its_head_alone():
    async with serving() as served:
        session = served.stage.platform.apply("create", "ScenarioSession")
        served.stage.platform.apply("record", session)
        photo = served.stage.platform.resources("Attachment", limit=1000)[-1]
        answers = [await served.http.request(method, photo["fileUrl"]) for method in ("GET", "HEAD")]
        bodies = [await answer.read() for answer in answers]
        journal = await served.ask("GET", "/_simulator/journal?kind=request")

        assert [answer.status for answer in answers] == [200, 200]
        assert {answer.headers["Content-Type"] for answer in answers} == {"image/png"}
        assert {answer.headers["Content-Length"] for answer in answers} == {str(photo["fileSize"])}
        assert (len(bodies[0]), bodies[1]) == (photo["fileSize"], b"")
        assert journal.status == 200
        assert len((await journal.json())["entries"]) == 2
