"""What a box holds, how it is written, and what is no box."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from simulator import __version__, contracts
from simulator.box.file import MOST_BODY, Failure, box_of, read_box, settings_of, with_probes, write_box
from simulator.effects import Probe
from simulator.errors import UsageError
from simulator.settings import Settings
from simulator.wire import Outcome
from tests.box.boxes import BASE, FAILURE, HOOK, asking, boxed, platform_with


def test_box_is_read_as_it_was_written_and_fits_its_contract():
    box = replace(
        boxed(500),
        calls=({"call": "create", "args": ["Call"], "with": {}, "entry": 0},),
        script={"name": "a.yaml", "text": "title: A", "environment": {}, "vars": {}, "files": {}},
    )

    raw = write_box(box)

    assert contracts.problems("report/box", json.loads(raw)) == []
    assert read_box(raw, place="a.json") == box


def test_what_people_want_to_know_stands_first():
    lines = write_box(boxed(500)).decode().splitlines()

    assert lines[:9] == [
        "{",
        '"what": "A failed run of Scope Simulator. Repeat it: scope-simulator replay --box THIS_FILE [--target URL]",',
        '"box": 1,',
        f'"version": "{__version__}",',
        '"kind": "test",',
        '"name": "test_a.py::test_it",',
        '"failures": [{"what":"expectation","place":"a.yaml:9:7","text":"finished answered 2xx","seen":"finished 500"}],',
        '"holds": ["what was posted, asked and answered, with the receiver\'s Authorization headers"],',
        '"seed": 1,',
    ]
    # After the rest of the head, a line for each entry and each delivery.
    assert len([line for line in lines[9:] if line.startswith("{")]) == 5 + 1


def test_box_holds_the_journal_and_what_became_of_each_delivery():
    box = boxed(500)

    assert [one["kind"] for one in box.entries] == ["change", "delivery", "attempt", "request", "outcome"]
    assert json.loads(box.entries[2]["body"])["event"] == "create"
    (delivery,) = box.deliveries
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("given_up", 500)
    assert delivery["attempts"][0]["curl"].startswith("curl ")
    assert (box.base_url, box.targets, box.mode, box.evicted) == (BASE, (HOOK,), "max", 0)


def test_settings_are_those_that_say_what_happens():
    given = {"seed": 7, "port": 1234, "public_url": "http://x.example", "enum_names": "PAUSED=on_hold"}
    box = boxed(500, platform=platform_with(**given))

    assert box.settings == {"seed": 7, "retry": "none", "enum_names": {"PAUSED": "on_hold"}}
    assert settings_of(box) == {
        **box.settings,
        "seed": 7,
        "speed": "max",
        "start": "2021-03-01T08:00:00.000Z",
    }
    assert Settings().replace(**settings_of(box)).retry == ()


def test_settings_of_the_beginning_count_where_they_changed():
    platform = platform_with(seed=9)
    begun = Settings(seed=3)
    box = box_of(platform, name="x", failures=[], began=platform.now, settings=begun)

    assert (box.seed, box.settings) == (3, {"seed": 3})


def test_box_says_what_should_not_be_shown_to_everybody():
    people = [{"name": "Ana Silva"}, {"name": "Raj Patel", "password": "p4ss"}]
    platform = platform_with(secret="s3cret", headers=["X-Key: k"], people=people)
    script = {"name": "a.yaml", "text": "", "environment": {"ORDER": "WO-1"}, "vars": {}, "files": {}}
    box = box_of(platform, name="x", failures=[], began=platform.now, script=script)

    assert box.holds == (
        "the values of the settings secret, headers, people",
        "the values of the environment variables ORDER",
        "what was posted, asked and answered, with the receiver's Authorization headers",
    )
    assert box.calls is None
    assert json.loads(write_box(box))["calls"] is None


def test_long_bodies_are_cut_and_said():
    platform = platform_with()
    text = "x" * (MOST_BODY + 10)

    def act(here) -> None:
        here.emit(type="iot", event="big", data={"text": text})
        request = asking(here, "nobody")
        here.answer(replace(request, method="POST", path="/api/v3/graphql", body=text.encode()))

    box = boxed(500, act=act, ask=False, platform=platform)

    whole = len(json.dumps(text)) - 2
    cut = [(one["entry"], one["place"]) for one in box.cut]
    assert cut == [(2, "body"), (3, "body")]
    assert all(one["length"] >= whole for one in box.cut)
    assert all(len(one["body"]) == MOST_BODY for one in box.entries if one["number"] in (2, 3))
    assert box.deliveries[0]["attempts"][0]["curl"] is None
    assert len(write_box(box)) < 3 * MOST_BODY


def test_attempt_in_flight_has_no_end_yet():
    platform = platform_with()
    platform.apply("create", "Call")
    platform.due()
    box = box_of(platform, name="x", failures=[], began=platform.now)

    assert [(one["status"], one["error"]) for one in box.deliveries[0]["attempts"]] == [(None, None)]


def test_failure_is_a_line():
    assert FAILURE.line == "a.yaml:9:7: finished answered 2xx; seen: finished 500"
    assert Failure("stopped", "", "it broke").line == "it broke"


def changed(**values: object) -> bytes:
    return json.dumps(json.loads(write_box(boxed(500))) | values).encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (
            b"title: A script",
            "a.json: this is no box, or a damaged one: it is not JSON. Copy the whole file again; it begins with { and ends with }.",
        ),
        (
            write_box(boxed(500))[:200],
            "a.json: this is no box, or a damaged one: it is not JSON. Copy the whole file again; it begins with { and ends with }.",
        ),
        (
            b'{"title": "A script"}',
            "a.json: this is no box; expected a file that replay --box or pytest --scope-simulator-box wrote. "
            "Name a script without --box.",
        ),
        (
            b"[1]",
            "a.json: this is no box; expected a file that replay --box or pytest --scope-simulator-box wrote. "
            "Name a script without --box.",
        ),
        (
            changed(box=2, version="9.1.0"),
            "a.json: the box was written by another version and is of another form; expected form 1, found form 2, of version 9.1.0. "
            "Repeat it with that version of Scope Simulator.",
        ),
        (
            changed(seed="seven"),
            'a.json: the box is damaged: /seed: the value is of the wrong kind; expected a whole number, found "seven". Copy it again.',
        ),
    ],
)
def test_what_is_no_box_is_told(raw, text):
    with pytest.raises(UsageError) as caught:
        read_box(raw, place="a.json")

    assert str(caught.value) == text


def test_answers_to_our_questions_are_held():
    probe, lost = Probe("GET", "http://x/state"), Probe("POST", "http://x/state")
    probe.outcome = Outcome(200, None, {"a": "b"}, b"x" * (MOST_BODY + 1), 0.25)
    lost.outcome = Outcome(None, "connection refused")

    box = with_probes(boxed(500), [probe, lost])

    told = {"headers": [["a", "b"]], "body": "x" * MOST_BODY}
    assert box.probes == (
        {"method": "GET", "url": "http://x/state", "status": 200, "error": None, "took": 0.25} | told,
        {
            "method": "POST",
            "url": "http://x/state",
            "status": None,
            "error": "connection refused",
            "took": 0.0,
            "headers": [],
            "body": "",
        },
    )
    assert read_box(write_box(box), place="a.json") == box
