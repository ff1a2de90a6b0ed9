"""Who is asking: tokens, the ways to show one, and what a refusal says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from simulator.auth import UNKNOWN, Auth, Token
from simulator.clock import VIRTUAL_START, Moment
from simulator.errors import PlatformError
from simulator.seeds import Seed
from simulator.world.rights import OPERATOR

NOW = VIRTUAL_START
DAY = 86_400_000
FORMS = "'Token token=<token>', 'Bearer token=<token>', 'Bearer <token>' or 'Token <token>'"


def account(seed: int = 1) -> Auth:
    return Auth(Seed(seed), token_days=30)


def refusal(auth: Auth, header: str | None, now: Moment = NOW) -> str:
    with pytest.raises(PlatformError) as caught:
        auth.who({} if header is None else {"authorization": header}, now)
    assert caught.value.status == 401
    return caught.value.message


@pytest.mark.parametrize(
    "header",
    [
        "Token token={}",
        'Token token="{}"',
        "Bearer token={}",
        "Bearer {}",
        "Token {}",
        "bearer {}",
        "TOKEN token={}",
        "  Bearer   {}  ",
        'Token token="{}", name="x"',
        'Token name="x", token="{}"',
        "Token token = {}",
    ],
)
def test_a_token_is_read_in_every_spelling(header):
    auth = account()
    _, session_token = auth.sign_in(auth.username, auth.password, NOW)

    for token in (auth.token, session_token):
        assert (
            auth.who({"authorization": header.format(token), "privateaccesscode": "Token token=abc"}, NOW)
            == OPERATOR
        )


@pytest.mark.parametrize("header", [None, "", "   "])
def test_a_missing_header_is_named(header):
    assert refusal(account(), header) == f"The header Authorization is missing: send {FORMS}."


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Token ",
        "Basic dXNlcg==",
        "abc",
        "Bearer a b",
        "Bearer foo=T",
        "Bearer token=",
        'Token token=""',
        "Tokenabc",
    ],
)
def test_a_header_that_cannot_be_read_says_how_it_may_be(header):
    assert refusal(account(), header) == f"The header Authorization cannot be read: send {FORMS}."


def test_an_unknown_token_is_refused():
    other = account(seed=2)

    assert (
        refusal(account(), f"Bearer {other.token}")
        == UNKNOWN[0]
        == "The token is not known here: sign in for a new one."
    )


def test_a_token_of_padded_base64_can_be_shown_bare():
    assert refusal(account(), "Bearer YWJj==") == "The token is not known here: sign in for a new one."


def test_credentials_follow_from_the_seed():
    one, same, other = account(), account(), account(seed=2)

    assert (one.username, one.password, one.token) == (same.username, same.password, same.token)
    assert one.sign_in(one.username, one.password, NOW) == same.sign_in(same.username, same.password, NOW)
    assert one.username == "integrator"
    assert {one.password, one.token}.isdisjoint({other.password, other.token})


def test_a_session_token_is_a_signed_jwt():
    auth = account()

    _, token = auth.sign_in(auth.username, auth.password, NOW)

    head, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    assert json.loads(head) == {"alg": "HS256"}
    told = json.loads(claims)
    assert told == {
        "data": {"user_id": 1, "device_id": told["data"]["device_id"]},
        "exp": (NOW + 30 * DAY) // 1000,
        "jti": told["jti"],
        "iat": NOW // 1000,
    }
    assert len(bytes.fromhex(told["jti"])) == 32
    key = Seed(1).digest("token key", size=32)
    assert signature == hmac.digest(key, token.rpartition(".")[0].encode(), hashlib.sha256)


def test_each_sign_in_gives_another_token_and_both_work():
    auth = account()

    (_, first), (_, second) = (auth.sign_in(auth.username, auth.password, NOW) for _ in range(2))

    assert first != second
    assert [auth.who({"authorization": f"Bearer {token}"}, NOW) for token in (first, second)] == [
        OPERATOR
    ] * 2


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("integrator", "wrong"),
        ("integrator", ""),
        ("nobody", None),
        ("ö\ud800", None),
        ("integrator", "\ud800"),
    ],
)
def test_a_wrong_name_or_password_is_refused_without_saying_which(username, password):
    auth = account()

    with pytest.raises(PlatformError) as caught:
        auth.sign_in(username, auth.password if password is None else password, NOW)

    assert (caught.value.status, caught.value.message) == (401, UNKNOWN[1])


def test_a_session_token_expires_and_a_new_sign_in_works():
    auth = account()
    _, token = auth.sign_in(auth.username, auth.password, NOW)
    last, over = Moment(NOW + 30 * DAY - 1), Moment(NOW + 30 * DAY)

    assert auth.who({"authorization": f"Bearer {token}"}, last) == OPERATOR
    assert refusal(auth, f"Bearer {token}", over) == (
        "The token expired at 2021-03-31T08:00:00.000Z: sign in for a new one."
    )
    _, renewed = auth.sign_in(auth.username, auth.password, over)
    assert auth.who({"authorization": f"Bearer {renewed}"}, over) == OPERATOR


def test_a_permanent_token_never_expires():
    auth = account()

    assert auth.who({"authorization": f"Token token={auth.token}"}, Moment(NOW + 100_000 * DAY)) == OPERATOR


def test_tokens_long_expired_are_forgotten():
    auth = account()
    _, token = auth.sign_in(auth.username, auth.password, NOW)

    auth.sign_in(auth.username, auth.password, Moment(NOW + 60 * DAY))

    assert len(auth._held) == 2
    assert refusal(auth, f"Bearer {token}", Moment(NOW + 60 * DAY)) == (
        "The token is not known here: sign in for a new one."
    )


def test_a_session_token_can_be_made_to_expire_and_a_permanent_one_cannot():
    auth = account()
    _, token = auth.sign_in(auth.username, auth.password, NOW)

    for shown in (f"Bearer {token}", f"Bearer {auth.token}", "Bearer unknown", ""):
        auth.expire({"authorization": shown}, NOW)
    auth.expire({}, NOW)
    auth.expire({"authorization": f"Bearer {token}"}, Moment(NOW + DAY))

    assert refusal(auth, f"Bearer {token}") == (
        "The token expired at 2021-03-01T08:00:00.000Z: sign in for a new one."
    )
    assert auth.who({"authorization": f"Bearer {auth.token}"}, NOW) == OPERATOR


def test_tokens_are_known_to_whoever_goes_on_from_what_was_told():
    auth, told = account(), {}
    auth.watcher = told.__setitem__
    _, first = auth.sign_in(auth.username, auth.password, NOW)
    _, second = auth.sign_in(auth.username, auth.password, NOW)
    auth.expire({"authorization": f"Bearer {second}"}, Moment(NOW + DAY))

    other = account()
    other.restore(auth.signed_in, [token for token in told.values() if token is not None])

    assert told == {first: Token(first, 1, NOW + 30 * DAY), second: Token(second, 1, NOW + DAY)}
    assert other.who({"authorization": f"Bearer {first}"}, NOW) == OPERATOR
    assert "expired" in refusal(other, f"Bearer {second}", Moment(NOW + DAY))
    assert other.sign_in(other.username, other.password, NOW) == auth.sign_in(
        auth.username, auth.password, NOW
    )


def test_watcher_is_told_that_a_token_is_forgotten():
    auth, told = account(), {}
    auth.watcher = told.__setitem__
    _, first = auth.sign_in(auth.username, auth.password, NOW)

    _, second = auth.sign_in(auth.username, auth.password, Moment(NOW + 61 * DAY))

    assert told == {first: None, second: Token(second, 1, NOW + 91 * DAY)}
