"""A webhook has the words, the keys and the order of the user's document."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import contracts
from simulator.clock import parse_moment
from simulator.errors import UsageError
from simulator.settings import Settings
from simulator.webhooks.payloads import (
    Payload,
    Replacement,
    both_spellings,
    known_paths,
    object_url,
    plain_word,
    render,
    replaced,
    words,
)
from simulator.wire import dump

NOW = parse_moment("2020-10-20T18:06:02.999Z")
ID = "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY="
ALPHABETS = "ABCXYZabcxyz0123456789-_=+/"

CHANGES = ["create", "pause", "resume", "finish", "update", "view", "record"]


def told(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {verb: words(verb, settings, resource_type="ScenarioSession") for verb in CHANGES}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param(
            Settings(),
            {
                "create": ("create",),
                "pause": ("paused", "update"),
                "resume": ("resumed", "update"),
                "finish": ("finished", "update"),
                "update": ("update",),
                "view": ("update",),
                "record": ("update",),
            },
            id="default",
        ),
        pytest.param(
            Settings(event_names="created"),
            {
                "create": ("created",),
                "pause": ("paused", "updated"),
                "resume": ("resumed", "updated"),
                "finish": ("finished", "updated"),
                "update": ("updated",),
                "view": ("updated",),
                "record": ("updated",),
            },
            id="long spelling",
        ),
        pytest.param(
            Settings(updates=False),
            {
                "create": ("create",),
                "pause": ("paused",),
                "resume": ("resumed",),
                "finish": ("finished",),
                "update": ("update",),
                "view": (),
                "record": (),
            },
            id="no updates but one that is asked for",
        ),
        pytest.param(
            Settings(extra_events=False),
            {
                "create": ("create",),
                "pause": ("update",),
                "resume": ("update",),
                "finish": ("update",),
                "update": ("update",),
                "view": ("update",),
                "record": ("update",),
            },
            id="only the two live events",
        ),
        pytest.param(Settings(types=("Call",)), dict.fromkeys(CHANGES, ()), id="type that does not tell"),
    ],
)
def test_each_change_tells_its_words_in_order(settings, expected):
    assert told(settings) == expected


def test_types_that_are_never_told_tell_nothing():
    assert words("create", Settings(), resource_type="User") == ()


@pytest.mark.parametrize(
    ("word", "plain"),
    [("create", "create"), ("created", "create"), ("updated", "update"), ("paused", "paused"), ("x", "x")],
)
def test_both_spellings_are_one_word(word, plain):
    assert plain_word(word) == plain


@pytest.mark.parametrize(
    ("word", "spellings"),
    [("create", ("create", "created")), ("update", ("update", "updated")), ("paused", ("paused",))],
)
def test_first_two_words_have_two_spellings(word, spellings):
    assert both_spellings(word) == spellings
    assert {plain_word(one) for one in spellings} == {word}


def test_webhook_about_a_resource_is_as_the_document_shows_it():
    payload = Payload("create", "ScenarioSession", ID)

    body = dump(render(payload, now=NOW, base_url="http://127.0.0.1:7267"))

    assert body.decode() == (
        '{"time":"2020-10-20T18:06:02Z","event":"create","type":"resource","data":{'
        f'"resource-id":"{ID}",'
        f'"resource-url":"http://127.0.0.1:7267/api/v3/graphql/object/{ID}",'
        '"resource-type":"ScenarioSession"}}'
    )


def test_time_is_that_of_the_attempt():
    payload = Payload("create", "Call", ID)

    first = render(payload, now=NOW, base_url="http://h")
    later = render(payload, now=parse_moment("2021-01-01"), base_url="http://h")

    assert (first.pop("time"), later.pop("time")) == ("2020-10-20T18:06:02Z", "2021-01-01T00:00:00Z")
    assert first == later


def test_event_about_no_resource_has_its_own_type_and_data():
    data = {
        "device_id": "5c4bx0248-28c2",
        "protocol": "MQTT",
        "byte_stream": "3vybr9c047rx4c082bvc5nrxn4c89420w",
    }

    body = dump(render(Payload.raw("connected", "iot", data=data), now=NOW, base_url="http://h"))

    assert body.decode() == (
        '{"time":"2020-10-20T18:06:02Z","event":"connected","type":"iot","data":{'
        '"device_id":"5c4bx0248-28c2","protocol":"MQTT","byte_stream":"3vybr9c047rx4c082bvc5nrxn4c89420w"}}'
    )


@pytest.mark.parametrize(
    ("contract", "payload"),
    [
        ("webhook/resource", Payload("paused", "ScenarioSession", ID)),
        ("webhook/non_resource", Payload.raw("connected", "iot", data={"device_id": "5c4b"})),
    ],
)
def test_payloads_keep_their_contract(contract, payload):
    contracts.check(contract, render(payload, now=NOW, base_url="http://127.0.0.1:7267"))


def test_invented_payload_is_about_the_resource_that_it_names():
    payload = Payload.raw("create", "resource", data={"resource-id": ID, "resource-type": "Scenario"})

    assert (payload.word, payload.type, payload.id) == ("create", "resource", ID)


@pytest.mark.parametrize("data", [{}, {"resource-id": 5}])
def test_invented_payload_may_be_about_nothing(data):
    assert Payload.raw("connected", "iot", data=data) == Payload("connected", "iot", None, data)


def test_later_changes_of_the_data_do_not_reach_the_payload():
    data = {"tags": ["a"]}
    payload = Payload.raw("connected", "iot", data=data)

    data["tags"].append("b")
    render(payload, now=NOW, base_url="http://h")["data"]["tags2"] = 1

    assert payload.data == {"tags": ["a"]}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param({1, 2}, "Object of type set is not JSON serializable", id="set"),
        pytest.param(float("nan"), "Out of range float values are not JSON compliant", id="NaN"),
    ],
)
def test_data_that_is_no_json_is_refused(value, problem):
    with pytest.raises(UsageError) as caught:
        Payload.raw("connected", "iot", data={"x": value})

    assert str(caught.value).startswith(f"the data of the event is no JSON: {problem}")


def test_data_that_holds_itself_is_refused():
    data: dict = {}
    data["self"] = data

    with pytest.raises(UsageError, match="the data of the event is no JSON: Circular reference detected"):
        Payload.raw("connected", "iot", data=data)


def test_every_place_of_a_webhook_has_a_dotted_name():
    payload = Payload.raw("connected", "iot", data={"tags": ["a", {"b": 1}], "on": True})

    assert known_paths(render(payload, now=NOW, base_url="http://h")) == {
        "time": ("time",),
        "event": ("event",),
        "type": ("type",),
        "data": ("data",),
        "data.tags": ("data", "tags"),
        "data.tags.0": ("data", "tags", 0),
        "data.tags.1": ("data", "tags", 1),
        "data.tags.1.b": ("data", "tags", 1, "b"),
        "data.on": ("data", "on"),
    }


def test_places_are_replaced_in_order_and_the_original_stays():
    body = {"time": "now", "data": {"tags": ["a"], "id": "x"}}

    changed = replaced(
        body,
        [
            Replacement(("data", "tags", 0), None),
            Replacement(("time",), 5),
            Replacement(("data", "id"), {"a": 1}),
            Replacement(("data", "id", "a"), 2),
        ],
    )

    assert changed == {"time": 5, "data": {"tags": [None], "id": {"a": 2}}}
    assert list(changed) == ["time", "data"]
    assert body == {"time": "now", "data": {"tags": ["a"], "id": "x"}}


def test_slash_in_an_id_is_escaped_and_the_equals_sign_stays():
    assert object_url("http://h:1", "t5V3/weWu+a=") == "http://h:1/api/v3/graphql/object/t5V3%2FweWu%2Ba="


@given(st.text(alphabet=ALPHABETS, min_size=1) | st.text(min_size=1))
def test_id_comes_back_from_the_last_part_of_the_address(node_id):
    url = urlsplit(object_url("http://127.0.0.1:7267", node_id))

    assert unquote(url.path.rpartition("/")[2]) == node_id
    assert (url.netloc, url.query, url.fragment) == ("127.0.0.1:7267", "", "")
