"""The REST endpoints as functions: sign-in, the start of a session, the attributes of an object."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from simulator import contracts
from simulator.engine import Platform
from simulator.errors import PlatformError
from simulator.rest import read_object, sign_in, start_session
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.graph import ATTRIBUTES, attributes
from simulator.world.resources import Kind, Ref
from simulator.world.rights import OPERATOR, Viewer


def platform(**settings: object) -> Platform:
    return Platform(Settings().replace(**settings), base_url="http://127.0.0.1:7267")


def test_signing_in_gives_a_token_and_who_it_is():
    desk = platform()

    answer = sign_in(desk, {"user": {"username": desk.username, "password": desk.password}})

    contracts.check("rest/sign_in_response", answer)
    token = answer.pop("auth_token")
    assert answer == {
        "id": 1,
        "email": "integrator@example.com",
        "name": "Integration Account",
        "permalink": "integratorexamplecom",
        "username": "integrator",
        "guest": False,
    }
    assert desk.auth.who({"authorization": f"Bearer token={token}"}, desk.now) == OPERATOR


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (None, "the value is of the wrong kind; expected an object, found null."),
        ({}, "/user: the key 'user' is missing."),
        (
            {"user": "integrator"},
            '/user: the value is of the wrong kind; expected an object, found "integrator".',
        ),
        ({"user": {"username": "x"}}, "/user/password: the key 'password' is missing."),
        (
            {"user": {"username": 1, "password": "x"}},
            "/user/username: the value is of the wrong kind; expected text, found 1.",
        ),
    ],
)
def test_a_sign_in_that_does_not_fit_says_where(body, problem):
    with pytest.raises(PlatformError) as caught:
        sign_in(platform(), body)

    assert (caught.value.status, caught.value.message) == (400, f"The body does not fit: {problem}")


@pytest.mark.parametrize(
    "external",
    [
        None,
        True,
        12,
        0.5,
        "text",
        [],
        {},
        {"anything": "you_want", "even": {"deeply": {"nested": "arguments"}}},
    ],
)
def test_a_session_keeps_its_external_data_unchanged(external):
    desk = platform()

    answer = start_session(desk, OPERATOR, release="2", body={"external_data": external})

    contracts.check("rest/session_create_response", answer)
    session = desk.resource(str(answer["node_id"]))
    assert answer == {"id": 41, "node_id": session.id, "external_data": external}
    assert (session["databaseId"], session["externalData"], session["state"]) == (
        "41",
        external,
        "IN_PROGRESS",
    )


def test_a_session_is_started_by_who_asks_for_the_release_in_the_path():
    desk = platform()

    answer = start_session(desk, Viewer(3), release="2", body={})

    record = desk.view().by_id(str(answer["node_id"]))
    assert (record.created_by, record.release, record.external_data) == (3, 2, None)


@pytest.mark.parametrize("release", ["0", "999", "abc", "-1", "1%2F", "%FF", "9" * 30])
def test_an_unknown_release_is_not_found(release):
    with pytest.raises(PlatformError) as caught:
        start_session(platform(), Viewer(1), release=release, body={})

    assert (caught.value.status, caught.value.message) == (
        404,
        f"There is no release with the databaseId {release}.",
    )


@pytest.mark.parametrize("body", [None, [], "external_data"])
def test_a_session_is_not_started_with_a_body_that_is_no_object(body: JSON):
    desk = platform()

    with pytest.raises(PlatformError, match=r"The body does not fit: the value is of the wrong kind"):
        start_session(desk, OPERATOR, release="1", body=body)

    assert len(desk.world.all(Kind.SESSION)) == 40


@pytest.mark.parametrize("kind", Kind)
def test_an_object_is_told_by_its_first_level_attributes(kind):
    desk = platform()
    desk.apply("create", "WebhookSubscription", {"topic": "user/created", "callbackUrl": "http://localhost/"})
    ref = Ref(kind, next(desk.world.after(kind, 0)))
    node_id = desk.ids.encode(ref)

    fields, asked = read_object(desk, OPERATOR, written=node_id)

    contracts.check("rest/object", fields)
    assert fields == attributes(desk.view(), desk.view().get(ref))
    assert (asked.id, asked.fields) == (node_id, frozenset(ATTRIBUTES[kind]))


def ids(desk: Platform) -> list[str]:
    """Return ids that hold each character with a meaning in paths."""
    sessions = [desk.ids.encode(Ref(Kind.SESSION, number)) for number in desk.world.all(Kind.SESSION)]
    return [
        desk.ids.encode(Ref(Kind.ORGANIZATION, 1)),
        next(one for one in sessions if "-" in one),
        next(one for one in sessions if "_" in one),
    ]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda one: one, id="as it is"),
        pytest.param(lambda one: quote(one, safe=""), id="escaped"),
        pytest.param(lambda one: "".join(f"%{ord(sign):02X}" for sign in one), id="wholly escaped"),
        pytest.param(lambda one: one.replace("-", "+").replace("_", "/"), id="in the standard alphabet"),
        pytest.param(lambda one: quote(one.replace("-", "+").replace("_", "/"), safe=""), id="both"),
        pytest.param(lambda one: f"{one}/", id="with a slash at its end"),
    ],
)
def test_an_id_may_be_written_in_any_way(written):
    desk = platform()

    assert [read_object(desk, OPERATOR, written=written(one))[1].id for one in ids(desk)] == ids(desk)


@pytest.mark.parametrize("written", ["12", "x", "%FF%00", "A" * 64, "%"])
def test_an_unknown_object_is_not_found(written):
    with pytest.raises(PlatformError, match=r"^There is no object with the id ") as caught:
        read_object(platform(), OPERATOR, written=written)

    assert caught.value.status == 404
