"""Values are checked against contracts, and what does not fit is said in plain words."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from referencing.exceptions import Unresolvable

from simulator import contracts
from simulator.contracts import Problem, check, check_text, load, problems
from simulator.errors import ContractError, NotFoundError
from simulator.wire import dump
from tests.extras import BOTH_WAYS, use_extra

PAYLOAD = {
    "time": "2020-10-20T18:06:02Z",
    "event": "create",
    "type": "resource",
    "data": {
        "resource-id": "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY=",
        "resource-url": "http://127.0.0.1:7267/api/v3/graphql/object/OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY=",
        "resource-type": "ScenarioSession",
    },
}


def explain(schema: dict[str, object], value: object) -> list[str]:
    """Return the sentences, each after its pointer, that a schema not among the bundled ones leads to."""
    errors = Draft202012Validator(schema).iter_errors(value)
    return [str(problem.error()) for problem in contracts._explain_all(errors)]


def test_fitting_value_has_no_problems():
    check("webhook/resource", PAYLOAD)

    assert problems("webhook/resource", PAYLOAD) == []


@pytest.mark.parametrize("word", ["create", "created", "update", "updated", "paused", "resumed", "finished"])
def test_resource_webhook_takes_every_event_word_of_the_vendor(word):
    assert problems("webhook/resource", {**PAYLOAD, "event": word}) == []


@pytest.mark.parametrize(
    ("contract", "change", "expected"),
    [
        ("webhook/resource", {"event": "connected"}, "/event"),
        ("webhook/resource", {"type": "iot"}, "/type"),
        ("webhook/resource", {"time": "2020-10-20T18:06:02.123Z"}, "/time"),
        ("webhook/resource", {"extra": 1}, "/extra"),
        ("webhook/resource", {"data": {**PAYLOAD["data"], "resource-id": "no id"}}, "/data/resource-id"),
        (
            "webhook/resource",
            {"data": {**PAYLOAD["data"], "resource-url": "/object/x"}},
            "/data/resource-url",
        ),
        ("webhook/resource", {"data": {**PAYLOAD["data"], "resource_id": "x"}}, "/data/resource_id"),
        ("webhook/non_resource", {}, "/type"),
        ("webhook/non_resource", {"type": "IoT"}, "/type"),
        ("webhook/envelope", {"event": "Connected"}, "/event"),
    ],
)
def test_generation_1_payload_is_held_to_the_letter(contract, change, expected):
    assert [problem.pointer for problem in problems(contract, {**PAYLOAD, **change})] == [expected]


def test_failed_check_names_place_pointer_and_remedy():
    wrong = copy.deepcopy(PAYLOAD)
    wrong["data"]["resource-tipe"] = wrong["data"].pop("resource-type")

    with pytest.raises(ContractError) as caught:
        check("webhook/resource", wrong, place="the payload of delivery 3")

    assert str(caught.value) == (
        "the payload of delivery 3: /data/resource-tipe: unknown key 'resource-tipe'. Did you mean resource-type?"
    )


def test_problem_knows_its_path_pointer_and_sentence():
    found = problems("webhook/resource", {**PAYLOAD, "event": "creat"})

    allowed = "one of create, created, update, updated, paused, resumed, finished"
    assert found == [
        Problem(("event",), "the value is not known here", allowed, '"creat"', ("create", "created"))
    ]
    assert found[0].pointer == "/event"
    assert found[0].message == (
        f'the value is not known here; expected {allowed}, found "creat". Did you mean create or created?'
    )


def test_pointer_escapes_what_a_pointer_must():
    assert Problem(("a/b", 0, "c~d"), "wrong").pointer == "/a~1b/0/c~0d"


def test_unknown_contract_is_an_error_by_name():
    with pytest.raises(NotFoundError, match="there is no contract 'webhook/nothing'"):
        problems("webhook/nothing", {})


def test_loaded_contract_belongs_to_the_caller():
    load("webhook/resource").clear()

    assert load("webhook/resource")["title"] == "Webhook, generation 1: a resource changed"


def test_reference_outside_the_schemas_is_never_fetched():
    elsewhere = Draft202012Validator({"$ref": "https://example.com/a.json"}, registry=contracts._registry())

    with pytest.raises(Unresolvable):
        elsewhere.is_valid({})


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ({"type": "string"}, 3, "the value is of the wrong kind; expected text, found 3."),
        (
            {"type": ["integer", "null"]},
            "x",
            'the value is of the wrong kind; expected a whole number or null, found "x".',
        ),
        ({"type": "string"}, {"a": 1}, "the value is of the wrong kind; expected text, found an object."),
        ({"type": "object"}, [1], "the value is of the wrong kind; expected an object, found a list."),
        ({"enum": ["a", 2]}, None, "the value is not known here; expected one of a, 2, found null."),
        ({"const": True}, False, "the value is not known here; expected true, found false."),
        (
            {"pattern": "^a$", "examples": ["a"]},
            "b",
            'the text has the wrong form; expected text such as "a", found "b".',
        ),
        ({"pattern": "^a$"}, "b", 'the text has the wrong form; expected text that matches ^a$, found "b".'),
        ({"minimum": 1}, 0, "the number is too small; expected at least 1, found 0."),
        (
            {"maxLength": 2},
            "x" * 99,
            f'the text is too long; expected at most 2 characters, found "{"x" * 59}....',
        ),
        ({"maxItems": 1}, [1, 2], "the list is too long; expected at most 1 items, found a list."),
        ({"not": {"type": "null"}}, None, "the value is not allowed here; found null."),
        ({"uniqueItems": True}, [1, 1], "[1, 1] has non-unique elements."),
    ],
)
def test_each_rule_has_its_words(rule, value, expected):
    assert explain({"properties": {"x": rule}}, {"x": value}) == [f"/x: {expected}"]


def test_missing_key_is_named():
    assert explain({"required": ["a", "b"]}, {"b": 1}) == ["/a: the key 'a' is missing."]


def test_mistyped_key_is_one_problem_not_two():
    schema = {"required": ["title"], "properties": {"title": {}}, "additionalProperties": False}

    assert explain(schema, {"titel": 1}) == ["/titel: unknown key 'titel'. Did you mean title?"]


def test_unknown_key_like_no_other_lists_the_known():
    schema = {"properties": {"title": {}, "seed": {}}, "additionalProperties": False}

    assert explain(schema, {"xyz": 1}) == ["/xyz: unknown key 'xyz'; expected one of title, seed."]
    assert explain({"properties": {}, "additionalProperties": False}, {"x": 1}) == [
        "/x: unknown key 'x'; expected no key at all."
    ]


def verb(name: str, rule: object, **more: object) -> dict[str, object]:
    return {
        "type": "object",
        "required": [name],
        "properties": {name: rule, "as": {"type": "string"}, **more},
        "additionalProperties": False,
    }


STEPS = {
    "oneOf": [
        verb("wait", {"type": "string"}),
        verb("view", {"type": "string"}, steps={"type": "integer"}),
        {"type": "string"},
        {"type": ["string", "null"], "maxLength": 3},
    ]
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"view": "s", "steps": "x"}, ['/steps: the value is of the wrong kind; expected a whole number, found "x".']),
        ({"view": "s", "stps": 1}, ["/stps: unknown key 'stps'. Did you mean steps?"]),
        ({"wiat": "3s", "as": "x"}, ["/wiat: unknown key 'wiat'. Did you mean wait?"]),
        ({"as": "x"}, ["a key is missing; expected one of wait, view, found as."]),
        ({"zzz": 1}, ["a key is missing; expected one of wait, view, found zzz."]),
        ({}, ["a key is missing; expected one of wait, view, found no key."]),
        (3, ["the value is of the wrong kind; expected text or null or an object, found 3."]),
        ("abc", ['the value fits more than one alternative; found "abc".']),
    ],
    ids=["deep", "unknown-key", "unknown-verb", "no-verb", "nothing-known", "empty", "kind", "two-fit"],
)  # fmt: skip
def test_only_the_alternative_that_was_meant_is_explained(value, expected):
    assert explain(STEPS, value) == expected


def test_alternatives_told_by_a_value_list_all_values():
    schema = {
        "anyOf": [
            {"properties": {"kind": {"const": "drop"}, "times": {"type": "integer"}}},
            {"properties": {"kind": {"enum": ["delay"]}}},
        ]
    }

    assert explain(schema, {"kind": "dealy"}) == [
        '/kind: the value is not known here; expected one of drop, delay, found "dealy". Did you mean delay?'
    ]


def test_other_rules_among_alternatives_are_explained_by_the_nearest():
    schema = {"anyOf": [{"minimum": 10, "multipleOf": 4}, {"maximum": 1}]}

    assert explain(schema, 5) == ["the number is too large; expected at most 1, found 5."]


def test_jsonschema_loads_with_the_first_check_and_not_before():
    code = (
        "import sys; from simulator import contracts; assert 'jsonschema' not in sys.modules;"
        "contracts.problems('rest/error', {}); assert 'jsonschema' in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_key_that_looks_like_a_known_one_hides_nothing_but_its_absence():
    found = contracts.problems(
        "script", {"title": "x", "steps": [{"wait": "1s"}], "start": ["a"], "targets": 1}
    )

    assert [problem.pointer for problem in found] == ["/targets", "/start"]


@BOTH_WAYS
@pytest.mark.parametrize("padding", ["", "x" * 5000], ids=["short", "long"])
def test_text_is_judged_like_the_value_it_holds_however_often(monkeypatch, extra, padding):
    use_extra(monkeypatch, extra)
    data = {**PAYLOAD["data"], "resource-id": PAYLOAD["data"]["resource-id"].strip("=") + padding}
    right, wrong = {**PAYLOAD, "data": data}, {**PAYLOAD, "data": {**data, "resource-kind": "Call"}}

    for _ in range(2):
        check_text("webhook/resource", dump(right))
        with pytest.raises(ContractError) as raised:
            check_text("webhook/resource", dump(wrong))
        assert str(raised.value) == str(problems("webhook/resource", wrong)[0].error())


def test_slower_verdict_counts_when_the_two_disagree(monkeypatch):
    use_extra(monkeypatch, "without")
    monkeypatch.setattr(contracts, "_quick_validator", lambda _name: lambda _value: False)

    check_text("webhook/resource", dump(PAYLOAD))


def test_moment_at_the_beginning_of_a_text_makes_no_other_text(monkeypatch):
    text = b'{"time":"%s","event":"paused","type":"iot","data":{}}'
    check_text("webhook/non_resource", text % b"2021-03-01T08:00:00Z")
    monkeypatch.setattr("simulator.contracts._quick_validator", None)

    check_text("webhook/non_resource", text % b"2031-12-31T23:59:59Z")


@pytest.mark.parametrize("moment", [b"2021-03-01 08:00:00Z", b"2021-03-01T08:00Z", b"now"])
def test_moment_that_is_none_is_found_all_the_same(moment):
    text = b'{"time":"%s","event":"paused","type":"iot","data":{}}'
    check_text("webhook/non_resource", text % b"2021-03-01T08:00:00Z")

    with pytest.raises(ContractError, match="time"):
        check_text("webhook/non_resource", text % moment)
