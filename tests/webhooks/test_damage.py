"""What each kind of damage does to a post, and that a meaning is changed before it is signed."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from simulator.settings.fault_kinds import DAMAGES
from simulator.webhooks.damage import BIG, Damage
from simulator.webhooks.signing import HEADER, Secrets

RESOURCE = (
    b'{"time":"2021-03-01T08:00:00Z","event":"create","type":"resource",'
    b'"data":{"resource-id":"A","resource-url":"http://x/A","resource-type":"Call"}}'
)
RAW = b'{"time":"2021-03-01T08:00:00Z","event":"seen","type":"iot","data":{}}'
NODE = b'{"data":{"id":"A","url":"http://x/A"}}'
STORED = b'{"data":{"node":{"state":null,"steps":[{"name":"a"},2]}}}'
BROKEN = b'{"data":null,"errors":[]}'
TOPIC = (("Content-Type", "application/json"), ("X-Scope-Topic", "call/created"))


def meant(kind: str, body: bytes, *, draw: int = 0) -> object:
    """Return what a damaged body says; its headers stay as they are."""
    headers, changed = Damage(kind, draw).before_signing((), body)
    assert headers == ()
    return json.loads(changed)


@pytest.mark.parametrize(
    ("kind", "body", "changes"),
    [
        ("stale", RESOURCE, {"time": "2021-02-28T08:00:00Z"}),
        ("unknown_event", RESOURCE, {"event": "archived"}),
        ("unknown_event", NODE, {}),
        (
            "unknown_type",
            RESOURCE,
            {"data": {"resource-id": "A", "resource-url": "http://x/A", "resource-type": "WorkPackage"}},
        ),
        ("unknown_type", RAW, {"type": "telemetry"}),
        ("unknown_type", NODE, {}),
        ("extra_field", RAW, {"data": {"addedLater": True}, "addedLater": {"by": "a newer version"}}),
        ("extra_field", BROKEN, {"addedLater": {"by": "a newer version"}}),
        ("null_field", RAW, {"data": None}),
        ("null_field", NODE, {"data": {"id": None, "url": "http://x/A"}}),
        ("big", NODE, {"padding": "x" * BIG}),
    ],
)
def test_meaning_is_changed(kind: str, body: bytes, changes: dict[str, object]):
    assert meant(kind, body) == json.loads(body) | changes


def test_null_field_is_one_of_all():
    left = [meant("null_field", STORED, draw=draw)["data"]["node"] for draw in range(3)]

    assert left == [
        {"state": None, "steps": [{"name": "a"}, 2]},
        {"state": None, "steps": [{"name": None}, 2]},
        {"state": None, "steps": [{"name": "a"}, None]},
    ]


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("unknown_event", "call/archived"),
        ("unknown_type", "work_package/created"),
        ("extra_field", "call/created"),
    ],
)
def test_topic_is_of_the_future_too(kind: str, topic: str):
    headers, _ = Damage(kind, 0).before_signing(TOPIC, NODE)

    assert headers == (TOPIC[0], ("X-Scope-Topic", topic))


@pytest.mark.parametrize(
    ("kind", "draw", "body"),
    [
        ("truncate", 0, NODE[:19]),
        ("corrupt", 2, b'{"\xffata":{"id":"A","url":"http://x/A"}}'),
        ("corrupt", 2 + len(NODE), b'{"\xffata":{"id":"A","url":"http://x/A"}}'),
        ("big", 0, NODE),
    ],
)
def test_bytes_are_damaged_and_headers_stay(kind: str, draw: int, body: bytes):
    assert Damage(kind, draw).after_signing(TOPIC, NODE) == (TOPIC, body)


def test_signatures_are_others_or_gone():
    right = Secrets("new", "old", "both").header(NODE)
    signed = (*TOPIC, (HEADER, right))

    missigned, body = Damage("missign", 0).after_signing(signed, NODE)

    wrong = dict(missigned)[HEADER]
    assert (body, missigned[:2]) == (NODE, TOPIC)
    assert [len(b64decode(one, validate=True)) for one in wrong.split(" ")] == [32, 32]
    assert set(wrong.split()) & set(right.split()) == set()
    assert Damage("missign", 0).after_signing(((HEADER, "Abc"),), NODE)[0] == ((HEADER, "Bbc"),)
    assert Damage("unsigned", 0).after_signing(signed, NODE) == (TOPIC, NODE)


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damage_does_something(kind: str):
    signed = (("Content-Type", "application/json"), (HEADER, "Abc"))
    damage = Damage(kind, 1)

    damaged = damage.after_signing(*damage.before_signing(signed, RESOURCE))

    assert damaged != (signed, RESOURCE)
