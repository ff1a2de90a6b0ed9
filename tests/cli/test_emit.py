"""emit: one webhook and nothing else, about a resource that can be asked about while it is posted."""

from __future__ import annotations

import json
import re
import signal
import socket

import pytest

from simulator.cli import main
from simulator.control import waits
from simulator.engine import Platform
from simulator.settings import Settings
from simulator.webhooks.signing import signature
from tests.cli.commanding import Command, dead_url, interrupting
from tests.examples.example import asking, in_thread
from tests.server.receiving import receiving


@pytest.fixture
def unasked(monkeypatch):
    """Receivers ask nothing afterwards, so that nobody need wait to see whether they do."""
    monkeypatch.setattr(waits, "SETTLED", 0.01)


@pytest.fixture
def receiver(unasked):
    with in_thread(receiving) as one:
        yield one


def emit(receiver, *argv: str) -> int:
    return main(["emit", *argv, "--target", receiver.url])


@pytest.mark.parametrize("event", ["ScenarioSession.paused", "ScenarioSession.created", "Call.finished"])
def test_exactly_the_event_is_posted_and_nothing_else(event, receiver):
    kind, word = event.split(".")

    assert emit(receiver, event) == 0

    (hook,) = receiver.hooks
    node_id = hook["data"]["resource-id"]
    assert hook == {
        "time": "2021-03-01T08:00:00Z",
        "event": word,
        "type": "resource",
        "data": {
            "resource-id": node_id,
            "resource-url": hook["data"]["resource-url"],
            "resource-type": kind,
        },
    }
    assert re.fullmatch(
        rf"http://127\.0\.0\.1:\d+/api/v3/graphql/object/{re.escape(node_id)}", hook["data"]["resource-url"]
    )


def test_what_is_posted_is_said_before_and_what_came_back_after(receiver, capsys):
    assert emit(receiver, "ScenarioSession.paused") == 0

    (hook,) = receiver.hooks
    out, err = capsys.readouterr()
    lines = out.splitlines()
    node_id = hook["data"]["resource-id"]
    base_url = hook["data"]["resource-url"].partition("/api/")[0]
    assert err == ""
    assert lines[:3] == [
        f"paused of ScenarioSession {node_id}, PAUSED",
        f"Scope is at {base_url}, token {Platform(Settings()).token}",
        "",
    ]
    assert json.loads(lines[3]) == hook
    assert lines[-1] == "posted 1 of 1 webhook: 1 answered 200; no requests answered"


def test_receiver_that_answers_first_can_ask_afterwards(tmp_path, capsys):
    """The example looks up what a webhook named after it has answered."""
    ready = tmp_path / "ready.json"
    with in_thread(lambda: asking(ready)) as url:
        argv = ["emit", "ScenarioSession.finished", "--target", url, "--ready-file", str(ready)]
        assert main(argv) == 0

    assert re.search(
        r"asked    POST /api/v3/graphql Session about \S+ \(.*state.*\): 200\n", capsys.readouterr().out
    )


def test_same_seed_posts_about_the_same_resource_and_another_about_another(receiver):
    for argv in ([], [], ["--seed", "2"]):
        assert emit(receiver, "Call.create", *argv) == 0

    one, two, other = (hook["data"]["resource-id"] for hook in receiver.hooks)
    assert one == two != other


def test_many_are_about_the_same_one(receiver, capsys):
    assert emit(receiver, "ScenarioSession.update", "-n", "50") == 0

    assert len(receiver.hooks) == 50
    assert len({json.dumps(hook) for hook in receiver.hooks}) == 1
    assert "posted 50 of 50 webhooks: 50 answered 200; no requests answered\n" in capsys.readouterr().out


def test_resource_of_the_world_is_told_of_as_it_is(receiver, capsys):
    session = Platform(Settings()).resources("ScenarioSession", limit=1)[0]

    assert emit(receiver, "ScenarioSession.paused", "--id", session.id) == 0

    assert receiver.hooks[0]["data"]["resource-id"] == session.id
    assert capsys.readouterr().out.startswith(f"paused of ScenarioSession {session.id}, {session['state']}\n")


def test_any_answer_but_a_success_ends_with_1(unasked, capsys):
    with in_thread(lambda: receiving(503)) as receiver:
        assert main(["emit", "Call.create", "--target", receiver.url]) == 1
        assert main(["emit", "Call.create", "--target", dead_url()]) == 1

    out = capsys.readouterr().out
    assert (
        "posted 1 of 1 webhook: 1 answered 503; no requests answered\n  2021-03-01T08:00:00Z  create Call"
        in out
    )
    assert "posted 1 of 1 webhook: 1 connection refused; no requests answered\n" in out


def test_settings_come_from_everywhere(receiver, tmp_path, monkeypatch):
    config = tmp_path / "scope.toml"
    config.write_text('start = "2022-02-02T02:02:02Z"\n')
    monkeypatch.setenv("SCOPE_SIMULATOR_TARGET", receiver.url)

    assert main(["emit", "Call.create", "--config", str(config)]) == 0
    assert receiver.hooks[0]["time"] == "2022-02-02T02:02:02Z"


def test_programs_get_each_post_and_a_summary(receiver, capsys):
    assert emit(receiver, "Call.create", "--json") == 0

    out, err = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["attempt", "outcome", "summary"]
    assert err.startswith("create of Call ")


# ------------------------------------------------------------------------------------------------ changed and raw ones


def test_places_of_the_webhook_are_changed_on_purpose(receiver, capsys):
    argv = [
        *(
            "--set",
            "data.resource-id=nobody",
            "--set",
            "time=2020-10-20T18:06:02Z",
            "--set",
            "type=[1, null]",
        ),
        *("--set", 'event="7"', "--set", "data.resource-type=7", "--set", "data.resource-url="),
    ]

    assert emit(receiver, "Call.create", *argv) == 0

    assert receiver.hooks == [
        {
            "time": "2020-10-20T18:06:02Z",
            "event": "7",
            "type": [1, None],
            "data": {"resource-id": "nobody", "resource-url": "", "resource-type": 7},
        }
    ]
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == (
        "changed on purpose: data.resource-id, time, type, event, data.resource-type, data.resource-url; which breaks the "
        "contract webhook/resource:"
    )
    assert "  /type: the value is not known here; expected resource, found a list." in lines[2:7]


def test_change_that_keeps_the_contract_is_told_so(receiver, capsys):
    assert emit(receiver, "Call.create", "--set", "data.resource-id=nobody") == 0

    assert capsys.readouterr().out.splitlines()[1] == (
        "changed on purpose: data.resource-id; which keeps the contract webhook/resource"
    )


def test_later_change_may_be_within_an_earlier_one(receiver):
    assert emit(receiver, "Call.create", "--set", 'data={"a": [{}]}', "--set", "data.a.0=5") == 0

    assert receiver.hooks[0]["data"] == {"a": [5]}


def test_anything_else_is_posted_raw(receiver, capsys):
    argv = (
        "--raw",
        "--event",
        "connected",
        "--type",
        "iot",
        "--data",
        '{"device_id": "5c4b", "x": {"y": 1}}',
    )

    assert emit(receiver, *argv, "--set", "data.x.y=[2]") == 0
    assert emit(receiver, "--raw", "--event", "connected", "--type", "iot") == 0

    first, second = receiver.hooks
    assert first == {
        "time": "2021-03-01T08:00:00Z",
        "event": "connected",
        "type": "iot",
        "data": {"device_id": "5c4b", "x": {"y": [2]}},
    }
    assert second["data"] == {}
    assert capsys.readouterr().out.startswith(
        "connected of iot\nchanged on purpose: data.x.y; which keeps the contract webhook/non_resource\nScope is at "
    )


RAW = ("--raw", "--event", "connected", "--type", "iot")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(
            (),
            "scope-simulator emit: EVENT is missing; expected an event such as ScenarioSession.paused, or --raw. "
            "See: scope-simulator emit --help",
            id="no event",
        ),
        pytest.param(
            ("Call.create", "-n", "0"),
            "-n: the value does not fit; expected a whole number from 1 to 100000000, found 0. Write it as in -n 1000.",
            id="none",
        ),
        pytest.param(
            ("Call.create", "--type", "iot"),
            "--type: the flag has no effect without --raw. Add --raw, without EVENT.",
            id="a flag of raw ones",
        ),
        pytest.param(
            ("Call.create", *RAW),
            "EVENT: a raw webhook is about no resource. Leave EVENT or --raw out.",
            id="both",
        ),
        pytest.param(
            (*RAW, "--id", "x"),
            "--id: a raw webhook is about no resource. Leave --id or --raw out.",
            id="raw with id",
        ),
        pytest.param(
            ("--raw", "--type", "iot"),
            "--event: the flag is missing; expected --raw with --event WORD and --type TYPE, such as --event connected "
            "--type iot.",
            id="raw without event",
        ),
        pytest.param(
            ("--raw", "--event", "on"),
            "--type: the flag is missing; expected --raw with --event WORD and --type TYPE, such as --event connected "
            "--type iot.",
            id="raw without type",
        ),
        pytest.param(
            (*RAW, "--data", "[]"),
            "--data: the data is no JSON object; expected one such as {\"a\": 1}, found '[]'.",
            id="data that is a list",
        ),
        pytest.param(
            (*RAW, "--data", "x"),
            "--data: the value cannot be read: it is not JSON: Expecting value (line 1, column 1); found 'x'.",
            id="data that is no JSON",
        ),
        pytest.param(
            ("--raw", "--event", "ON", "--type", "iot"),
            '--raw: /event: the text has the wrong form; expected text such as "connected", found "ON".',
            id="raw that breaks its contract",
        ),
        pytest.param(
            ("Call.create", "--set", "data.resource_id=x"),
            "--set: the webhook has no 'data.resource_id'. Did you mean data.resource-id or data.resource-url or "
            "data.resource-type? It has: time, event, type, data, data.resource-id, data.resource-url, data.resource-type.",
            id="unknown path",
        ),
        pytest.param(
            ("Call.create", "--generation", "both"),
            "--generation: emit posts one webhook; expected 1 or 2, found both.",
            id="two webhooks at once",
        ),
        pytest.param(
            (*RAW, "--generation", "2"),
            "--raw: a webhook of generation 2 is about a resource. Leave --generation 2 out.",
            id="raw of generation 2",
        ),
        pytest.param(
            ("Call.create", "--set", "time"),
            "--set: the change cannot be read; expected PATH=VALUE, such as time=2020-10-20T18:06:02Z, found 'time'.",
            id="no value",
        ),
        pytest.param(
            ("Call.create", "--set", "data={'a': 1}"),
            "--set data: the value cannot be read: it is not JSON: Expecting property name enclosed in double quotes "
            "(line 1, column 2); found \"{'a': 1}\".",
            id="value that looks like JSON",
        ),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_posted(argv, message, receiver, capsys):
    assert emit(receiver, *argv) == 2
    assert capsys.readouterr() == ("", f"{message}\n")
    assert receiver.hooks == []


def test_without_anybody_to_post_to_it_says_what_to_do(capsys):
    assert main(["emit", "Call.create"]) == 2
    assert capsys.readouterr() == (
        "",
        "scope-simulator emit: there is nobody to post to; expected --target URL. "
        "Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.\n",
    )


def test_port_in_use_is_told(receiver, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert emit(receiver, "Call.create", "--port", str(port)) == 2

    assert capsys.readouterr().err.startswith(f"--port: port {port} on 127.0.0.1 is in use.")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_ends_with_what_was_posted(number, capsys):
    with in_thread(lambda: interrupting(number)) as url:
        assert main(["emit", "Call.create", "-n", "2", "--ordering", "first", "--target", url]) == 130

    out, err = capsys.readouterr()
    assert err == ""
    assert "\n\nstopped before its end\nposted 0 of 2 webhooks; no requests answered\n" in out
    assert re.search(r"\n  2021-03-01T08:00:00Z  create Call \S+ to \S+: in flight\n    again: curl ", out)


def test_ready_file_says_where_it_is_while_it_posts(tmp_path, receiver):
    file = tmp_path / "ready.json"

    assert emit(receiver, "Call.create", "--ready-file", str(file)) == 0
    assert receiver.hooks[0]["data"]["resource-url"].startswith(json.loads(file.read_text())["base_url"])


def test_as_a_process_it_ends_well(receiver):
    with Command("emit", "Call.create", "--target", receiver.url) as command:
        out, err = command.process.communicate(timeout=30)

    assert (command.process.returncode, err) == (0, "")
    assert out.endswith("posted 1 of 1 webhook: 1 answered 200; no requests answered\n")


def test_webhook_of_generation_two_is_signed_and_has_its_topic_in_the_headers(receiver, capsys):
    code = emit(receiver, "ScenarioSession.finished", "--generation", "2", "--secret", "s3cret", "-n", "2")

    node = receiver.hooks[0]["data"]["id"]
    body = json.dumps(receiver.hooks[0], separators=(",", ":")).encode()
    assert code == 0
    assert [list(hook["data"]) for hook in receiver.hooks] == [["id", "url"]] * 2
    assert [headers["X-Scope-Topic"] for headers in receiver.headers] == ["scenario_session/completed"] * 2
    assert [headers["X-Scope-Hmac-Sha256"] for headers in receiver.headers] == [signature(body, "s3cret")] * 2
    assert len({headers["X-Scope-Webhook-Id"] for headers in receiver.headers}) == 2
    out = capsys.readouterr().out
    assert f"scenario_session/completed 1.1 of {node}, signed\n" in out
    assert "posted 2 of 2 webhooks: 2 answered 200" in out


def test_webhook_of_generation_two_can_be_changed_on_purpose_and_needs_no_secret(receiver, capsys):
    assert emit(receiver, "Call.update", "--generation", "2", "--set", "data.id=5") == 0

    assert receiver.hooks[0]["data"]["id"] == 5
    assert receiver.headers[0]["X-Scope-Topic"] == "call/updated"
    assert "X-Scope-Hmac-Sha256" not in receiver.headers[0]
    out = capsys.readouterr().out
    assert "not signed, there is no --secret\n" in out
    assert "changed on purpose: data.id; which breaks the contract webhook/node:" in out


def test_faults_are_for_others(monkeypatch, capsys):
    monkeypatch.setenv("SCOPE_SIMULATOR_FAULT", "delivery.drop")

    assert main(["emit", "Call.create", "--target", "http://127.0.0.1:9/"]) == 2
    assert capsys.readouterr().err == (
        "SCOPE_SIMULATOR_FAULT: emit posts without faults. Leave them out; serve and replay take them.\n"
    )
