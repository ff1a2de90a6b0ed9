"""Signing: the bytes, the key, the spelling, and which secrets sign."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.webhooks.signing import Secrets, Verdict, signature, verify

BODY = '{"data":{"id":"t5V3","url":"https://cms.scopear.com/Ü"}}'.encode()


# RFC 4231 prints what HMAC-SHA256 gives for these keys and texts.
@pytest.mark.parametrize(
    ("key", "text", "digest"),
    [
        (
            "\x0b" * 20,
            "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            "Jefe",
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_signature_is_the_standard_one_in_base64(key, text, digest):
    assert signature(text.encode(), key) == base64.b64encode(bytes.fromhex(digest)).decode()


@given(st.binary(), st.text(min_size=1))
def test_signature_is_what_any_receiver_works_out(body, secret):
    expected = hmac.new(secret.encode(), body, hashlib.sha256).digest()

    assert base64.b64decode(signature(body, secret), validate=True) == expected


def test_secret_that_no_encoding_takes_signs_all_the_same():
    assert signature(BODY, "\ud800") == signature(BODY, "\ud800") != signature(BODY, "?")


NEW, OLD = signature(BODY, "new"), signature(BODY, "old")


@pytest.mark.parametrize(
    ("secrets", "header"),
    [
        (Secrets("new"), NEW),
        (Secrets("new", "old"), NEW),
        (Secrets("new", "old", "old"), OLD),
        (Secrets("new", "old", "both"), f"{NEW} {OLD}"),
        (Secrets("new", None, "old"), NEW),
        (Secrets("new", "", "both"), NEW),
        (Secrets(None, "old", "new"), None),
        (Secrets(None, "old", "both"), OLD),
        (Secrets(), None),
        (Secrets("", ""), None),
    ],
)
def test_header_of_secrets(secrets, header):
    assert secrets.header(BODY) == header


@pytest.mark.parametrize(
    ("header", "verdict", "ok"),
    [
        (NEW, Verdict((NEW,), (0,)), True),
        (OLD, Verdict((OLD,), (1,)), True),
        (f"{NEW} {OLD}", Verdict((NEW, OLD), (0, 1)), True),
        (f"{OLD}  wrong ", Verdict((OLD, "wrong"), (1, None)), True),
        (NEW.lower(), Verdict((NEW.lower(),), (None,)), False),
        ("", Verdict((), ()), False),
        (None, Verdict((), ()), False),
    ],
)
def test_verdict_names_the_secret_of_each_signature(header, verdict, ok):
    assert (verify(BODY, header, ["new", "old"]), verdict.ok) == (verdict, ok)


def test_changed_body_is_signed_by_nobody():
    assert not verify(BODY + b"\n", NEW, ["new", "old"]).ok
