"""Why a signature is wrong: what receivers compute by mistake is told, alone and two together."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.webhooks.misreadings import Signed, explain, supposed, tokens_in
from simulator.webhooks.misreadings import explaining as module
from simulator.webhooks.signing import HEADER, Secrets, signature, verify

BODY = '{"data":{"id":"t5V3S3X8Trt/A=","url":"http://h/t5V3S3X8Trt/A=","name":"Zoë","share":100.0}}'.encode()
VALUE = json.loads(BODY)
SECRET, OLD = "hush", "older"
SIGNED = Signed(
    BODY,
    Secrets(SECRET, OLD),
    headers=(("X-Scope-Webhook-Id", "b54557e4"), (HEADER, signature(BODY, SECRET))),
    known=(("the token", "t0k3n"),),
    others={"delivery 7": b'{"other":1}'},
)


def mac(message: bytes = BODY, key: str = SECRET, name: str = "sha256") -> bytes:
    return hmac.new(key.encode(), message, name).digest()


def b64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def names(computed: str, signed: Signed = SIGNED) -> list[str]:
    return [mistake.name for mistake in explain(signed, computed).mistakes]


ONE = {
    "python": (b64(mac(json.dumps(VALUE).encode())), "rewritten"),
    "javascript": (b64(mac(BODY.replace(b"100.0", b"100"))), "rewritten"),
    "sorted": (b64(mac(json.dumps(VALUE, sort_keys=True, separators=(",", ":")).encode())), "rewritten"),
    "python object": (b64(mac(str(VALUE).encode())), "object_as_text"),
    "bytes as text": (b64(mac(str(BODY).encode())), "bytes_as_text"),
    "newline": (b64(mac(BODY + b"\n")), "newline"),
    "mojibake": (b64(mac(BODY.decode("latin-1").encode())), "mojibake"),
    "utf-16": (b64(mac(BODY.decode().encode("utf-16-le"))), "utf16"),
    "data": (b64(mac(json.dumps(VALUE["data"]).encode())), "part"),
    "id": (b64(mac(b"t5V3S3X8Trt/A=")), "part"),
    "empty": (b64(mac(b"")), "empty"),
    "with an id": (b64(mac(b"b54557e4." + BODY)), "joined"),
    "other": (b64(mac(b'{"other":1}')), "other_body"),
    "cut off": (b64(mac(BODY[:50])), "cut_off"),
    "hex": (mac().hex(), "hex"),
    "unpadded": (b64(mac()).rstrip("="), "unpadded"),
    "base64 of hex": (b64(mac().hex().encode()), "encoded_twice"),
    "letter case": (b64(mac()).lower(), "letter_case"),
    "old": (b64(mac(key=OLD)), "other_secret"),
    "token": (b64(mac(key="t0k3n")), "other_secret"),
    "secret with a newline": (b64(mac(key=f"{SECRET}\n")), "secret_spaced"),
    "no secret": (b64(mac(key="")), "no_secret"),
    "sha1": (b64(mac(name="sha1")), "algorithm"),
    "sha512": (b64(mac(name="sha512")), "algorithm"),
    "plain hash": (b64(hashlib.sha256(BODY).digest()), "no_hmac"),
    "swapped": (b64(hmac.digest(BODY, SECRET.encode(), "sha256")), "swapped"),
    "nothing": ("undefined", "no_signature"),
    "id as the key": (b64(mac(key="b54557e4")), "other_secret"),
    "secret": (SECRET, "secret_itself"),
    "id alone": ("b54557e4", "other_header"),
}


@pytest.mark.parametrize(("computed", "name"), ONE.values(), ids=ONE)
def test_mistake_is_told(computed, name):
    assert names(computed) == [name]


TWO = {
    "rewritten and hex": (mac(json.dumps(VALUE).encode()).hex(), ["rewritten", "hex"]),
    "rewritten and newline": (b64(mac(json.dumps(VALUE).encode() + b"\n")), ["rewritten", "newline"]),
    "rewritten with the old secret": (b64(mac(json.dumps(VALUE).encode(), OLD)), ["rewritten", "other_secret"]),
    "rewritten with sha1 in hex": (mac(json.dumps(VALUE).encode(), name="sha1").hex(), ["rewritten", "algorithm", "hex"]),
    "old secret with a newline": (b64(mac(key=f"{OLD}\n")), ["other_secret", "secret_spaced"]),
    "sha512 with the old secret": (f"sha512={mac(key=OLD, name='sha512').hex()}", ["other_secret", "algorithm", "prefixed", "hex"]),
    "cut off and hex": (mac(BODY[:7]).hex(), ["cut_off", "hex"]),
}  # fmt: skip


@pytest.mark.parametrize(("computed", "told"), TWO.values(), ids=TWO)
def test_mistakes_together_are_told(computed, told):
    assert names(computed) == told


@given(st.binary(max_size=40), st.text(min_size=1, max_size=8))
def test_right_signature_of_anything_is_right(body, secret):
    assert explain(Signed(body, Secrets(secret)), signature(body, secret)).right


@given(st.text(max_size=80))
def test_any_text_is_taken(computed):
    assert explain(SIGNED, computed).lines


@settings(max_examples=10)
@given(
    st.dictionaries(
        st.text(), st.integers() | st.text() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
    )
)
def test_json_written_again_by_python_is_told_whatever_it_holds(value):
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "ignore")
    computed = signature(
        json.dumps(json.loads(body), indent=4, ensure_ascii=False).encode("utf-8", "replace"), SECRET
    )

    assert explain(Signed(body, Secrets(SECRET)), computed).explained


def test_right_signature_says_that_the_comparison_goes_wrong():
    assert explain(SIGNED, signature(BODY, SECRET)).lines == [
        "It is right, so it is the comparison that goes wrong.",
        "Compare the whole header, two texts or two byte strings, and not one with the other.",
    ]


@pytest.mark.parametrize(
    "computed", [signature(BODY, OLD), f"{signature(BODY, SECRET)} {signature(BODY, OLD)}"]
)
def test_either_of_two_signatures_is_right(computed):
    explanation = explain(Signed(BODY, Secrets(SECRET, OLD, "both")), computed)

    assert explanation.right
    assert "split it at the space" in explanation.lines[1]


def test_header_that_is_wrong_itself_is_told():
    signed = Signed(BODY, Secrets(SECRET), headers=((HEADER, "bm8="),))

    assert explain(signed, signature(BODY, SECRET)).lines == [
        "It is right, but the header holds another that is not: bm8=."
    ]


def test_new_secret_before_its_time_is_told():
    signed = Signed(BODY, Secrets(SECRET, OLD, "old"))

    assert explain(signed, signature(BODY, SECRET)).lines[0] == (
        "The new secret was used, with which posts are not signed yet."
    )


def test_post_without_a_secret_is_told():
    assert explain(Signed(BODY, Secrets()), mac().hex()).lines == [
        "The post is not signed, since there is no secret."
    ]


@pytest.mark.parametrize(
    ("computed", "first"),
    [
        (signature(BODY, "nobody"), "No mistake that we know explains it: another secret, or other bytes than those that were sent."),
        (b64(mac(key="nobody", name="sha512")), "It has 64 bytes, as SHA-512 makes them; a signature has 32."),
        ("abc", "It is no signature: that is 44 characters of base64, which stand for 32 bytes."),
    ],
)  # fmt: skip
def test_what_nothing_explains_is_shown_with_what_was_signed(computed, first):
    assert explain(SIGNED, computed).lines == [
        first,
        f"Expected: {signature(BODY, SECRET)}.",
        f'Signed were {len(BODY)} bytes that begin with \'{{"data":{{"id":"t5V3S3X8Trt/A=","url":"http://h/t\' and end with '
        '\'/h/t5V3S3X8Trt/A=","name":"Zo\\xc3\\xab","share":100.0}}\': compare that with what the receiver signs.',
    ]


def test_small_body_is_shown_whole():
    assert explain(Signed(b"{}", Secrets(SECRET)), "abc").lines[-1] == (
        "Signed were 2 bytes that begin with '{}': compare that with what the receiver signs."
    )


def test_large_body_is_cut_off_where_buffers_end_and_no_pairs_are_tried(monkeypatch):
    body = json.dumps({"data": "x" * 20_000}).encode()
    signed = Signed(body, Secrets(SECRET))
    newline = signature(json.dumps(json.loads(body), indent=2).encode() + b"\n", SECRET)

    assert names(signature(body[:4096], SECRET), signed) == ["cut_off"]
    assert names(newline, signed) == ["rewritten", "newline"]
    monkeypatch.setattr(module, "_MOST_HASHED", 1000)
    assert names(newline, signed) == []


@pytest.mark.parametrize(
    ("header", "given", "secrets", "known"),
    [
        (signature(BODY, "b"), "b", Secrets("b"), ()),
        (signature(BODY, "a"), "ab", Secrets("a", "b"), ()),
        (signature(BODY, "b"), "ab", Secrets("a", "b", "old"), ()),
        ("wrong", "abc", Secrets("a", "b"), (("secret 3", "c"),)),
        (
            f"{signature(BODY, 'b')} {signature(BODY, 'c')}",
            "abcd",
            Secrets("b", "c", "both"),
            (("secret 1", "a"), ("secret 4", "d")),
        ),
    ],
)
def test_header_shows_which_secrets_sign(header, given, secrets, known):
    signed = supposed(
        BODY, list(given), verify(BODY, header, list(given)), url="http://h/", others={"x": b""}
    )

    assert signed == Signed(BODY, secrets, url="http://h/", known=known, others={"x": b""})


RIGHT = signature(b"2", SECRET)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (f"expected {RIGHT}, got {mac().hex()}.", [RIGHT, mac().hex()]),
        (f'{{"got":"{RIGHT.rstrip("=")}"}}', [RIGHT.rstrip("=")]),
        (f"sha256={mac().hex()} {mac().hex()}", [mac().hex()]),
        (RIGHT.replace("/", "\\/").replace("+", "\\u002b"), [RIGHT]),
        (RIGHT.replace("/", "_").replace("+", "-"), [RIGHT.replace("/", "_").replace("+", "-")]),
        ("a" * 200, []),
    ],
)
def test_what_looks_like_a_signature_is_found(text, tokens):
    assert tokens_in(text) == tokens


def test_signature_of_these_tests_needs_escapes():
    assert {"+", "/"} <= set(RIGHT)
