"""listen: what arrives is shown as it comes, until somebody ends it."""

from __future__ import annotations

import json
import re
import signal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator.cli import main
from simulator.webhooks.signing import HEADER, signature
from tests.cli.commanding import Command
from tests.examples.example import in_thread
from tests.report.test_topics import HEADING, UUID
from tests.server.receiving import receiving

ID = "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY="
HOOK = (
    '{"time":"2020-10-20T18:06:02Z","event":"paused","type":"resource","data":{'
    f'"resource-id":"{ID}","resource-url":"http://h/api/v3/graphql/object/{ID}","resource-type":"Call"}}}}'
)


def post(url: str, body: str = HOOK, **headers: str) -> int:
    request = Request(url, body.encode(), {"Content-Type": "application/json"} | headers, method="POST")
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def untimed(text: str) -> str:
    text = re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ  ", "NOW  ", text)
    return re.sub(r"\(\d+ ms\)", "(1 ms)", text)


def test_what_arrives_is_shown_until_somebody_ends_it():
    with Command("listen", "--port", "0") as command:
        url = command.line("listening at").split()[2]
        statuses = [post(f"{url}hooks"), post(url, "{}")]
        code, out, err = command.end()

    assert (code, err, statuses) == (130, "", [200, 200])
    # Of the lines before, some may have been read together with the first.
    lines = untimed(out[out.index("20") :]).splitlines()
    assert lines[:3] == [
        "NOW  POST /hooks, paused Call OiSSdfK1Su4g..., keeps webhook/resource, answered 200",
        f"  {HOOK}",
        "NOW  POST /, 4 problems, answered 200",
    ]
    assert "  wrong: /time: the key 'time' is missing." in lines
    assert lines[-3:] == ["", "stopped", "  2 requests arrived: 1 paused Call, 1 with problems"]


def test_signatures_are_checked_with_either_of_two_secrets():
    body = f'{{"data":{{"id":"{ID}","url":"http://h/api/v3/graphql/object/{ID}"}}}}'
    with Command("listen", "--port", "0", "--secret", "old", "--secret", "new") as command:
        url = command.line("listening at").split()[2]
        for header in (signature(body.encode(), "new"), signature(body.encode(), "old").rstrip("=")):
            post(url, body, **dict(HEADING), **{HEADER: header})
        _, out, _ = command.end()

    said = untimed(out[out.index("20") :]).splitlines()
    about = f"POST /, scenario_session/completed OiSSdfK1Su4g..., webhook {UUID}"
    assert said[0] == f"NOW  {about}, keeps webhook/node, signature right under secret 2, answered 200"
    assert said[2] == f"NOW  {about}, 1 problem, signature wrong, answered 200"
    assert said[4] == "  wrong: the signature is not right. It lacks the = at its end."


def test_status_can_be_chosen_and_a_port_in_the_environment_counts():
    with Command("listen", "--status", "503", SCOPE_SIMULATOR_PORT="0") as command:
        said = command.line("listening at")
        status = post(said.split()[2])
        code, out, _ = command.end(signal.SIGTERM)

    assert said.endswith(" and every path below; answers 503\n".strip("\n"))
    assert (status, code) == (503, 0)
    assert "answered 503" in out


def test_programs_get_a_line_for_each(tmp_path):
    file = tmp_path / "ready.json"
    with Command("listen", "--port", "0", "--json", "--ready-file", str(file)) as command:
        ready = command.ready()
        post(ready["url"])
        code, out, err = command.end()

    arrival, summary = (json.loads(line) for line in out.splitlines())
    assert code == 130
    assert ready == {"ready": True, "url": ready["url"], "pid": command.process.pid}
    assert json.loads(file.read_text()) == ready
    assert (arrival["kind"], arrival["body"], arrival["problems"]) == ("arrival", HOOK, [])
    assert summary == {"kind": "summary", "events": {"paused Call": 1}, "with_problems": 0}
    assert "paused Call OiSSdfK1Su4g..." in err


def test_everything_is_passed_on_and_what_came_back_is_answered():
    with in_thread(lambda: receiving(418)) as receiver:
        argv = ("listen", "--port", "0", "--forward", receiver.url, "--verbose", "--timeout", "5s")
        with Command(*argv) as command:
            said = command.line("listening at")
            status = post(said.split()[2])
            _, out, _ = command.end()

    lines = untimed(out).splitlines()
    assert said.endswith(f"; passes everything on to {receiver.url}")
    assert status == 418
    assert receiver.hooks == [json.loads(HOOK)]
    assert "  Content-Type: application/json" in lines
    assert f"  passed on to {receiver.url}: answered 418 (1 ms)" in lines
    assert "    Content-Length: 0" in lines


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            "--status 99",
            "--status: the value does not fit; expected a whole number from 200 to 599, found 99. "
            "Write it as in --status 500.",
        ),
        (
            "--status 500 --forward http://127.0.0.1:9/",
            "--status: the flag has no effect together with --forward. What comes back from there is answered; leave one of "
            "the two out.",
        ),
        ("--timeout 3s", "--timeout: the flag has no effect without --forward. Leave it out."),
        (
            "--forward ftp://x",
            "--forward: only http and https can be posted to; expected an address such as http://127.0.0.1:8000/hooks, "
            "found 'ftp://x'.",
        ),
        (
            "--forward http://localhost:8000/hook",
            "--forward: everything would be passed on to this very receiver; found http://localhost:8000/hook. "
            "Listen at another port with --port.",
        ),
        (
            "--port 80 --forward http://localhost",
            "--forward: everything would be passed on to this very receiver; found http://localhost. "
            "Listen at another port with --port.",
        ),
        ("--secret=", "--secret: a secret is not empty. Leave out the flag, or give a secret."),
    ],
)
def test_what_cannot_be_is_told_before_it_listens(argv, message, capsys):
    assert main(["listen", *argv.split()]) == 2
    assert capsys.readouterr() == ("", f"{message}\n")
