"""Why a signature is wrong, over the control side."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

import pytest

from simulator.errors import NotFoundError, UsageError
from simulator.webhooks.misreadings.mistake import Explanation
from tests.control.asking import ask, stage_with

BODY = b'{"data": {}}'


def signature(key: bytes, body: bytes = BODY) -> str:
    return b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    "of", [{"body": BODY.decode()}, {"body_base64": b64encode(BODY).decode()}], ids=["text", "base64"]
)
def test_signature_of_a_body_is_explained(of):
    status, right = ask(
        stage_with(), "POST signatures/explain", {"computed": signature(b"s1"), "secrets": ["s1"], **of}
    )

    assert (status, right["right"], right["expected"]) == (200, True, signature(b"s1"))


def test_signature_of_a_delivery_is_explained():
    stage = stage_with(generation="2", secret="s1")
    stage.platform.apply("create", "Call")
    (attempt,) = stage.platform.due()[:1]

    _, wrong = ask(
        stage,
        "POST signatures/explain",
        {"computed": signature(b"s1", attempt.body.upper()), "delivery": attempt.delivery},
    )
    _, nothing = ask(stage, "POST signatures/explain", {"computed": "abc", "delivery": attempt.delivery})

    assert (wrong["right"], wrong["expected"]) == (False, signature(b"s1", attempt.body))
    assert nothing["mistakes"] == []
    assert set(Explanation("", None).shown) < set(nothing)


def test_what_cannot_be_explained_is_told():
    with pytest.raises(NotFoundError, match="there is no delivery '7'"):
        ask(stage_with(), "POST signatures/explain", {"computed": "x", "delivery": 7})
    with pytest.raises(UsageError, match="the body is no base64"):
        ask(stage_with(), "POST signatures/explain", {"computed": "x", "body_base64": "?"})
    with pytest.raises(UsageError, match="the webhook is not signed"):
        ask(stage_with(), "POST signatures/explain", {"computed": "x", "body": ""})
