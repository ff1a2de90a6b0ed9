"""Spellings: which digests a text stands for, and what cannot be undone."""

from __future__ import annotations

import base64
import hmac

import pytest

from simulator.webhooks.misreadings.spellings import disfigured, no_signature, readings

DIGEST = hmac.digest(b"hush", b"1", "sha256")
RIGHT = base64.b64encode(DIGEST).decode()
URL_SAFE = RIGHT.replace("+", "-").replace("/", "_")
HEX = DIGEST.hex()
SIGNED = ", ".join(str(one - 256 if one > 127 else one) for one in DIGEST)


def test_signature_of_these_tests_has_all_that_can_be_lost():
    assert {"+", "/", "="} <= set(RIGHT)
    assert not RIGHT.islower()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (RIGHT, ()),
        (RIGHT.rstrip("="), ("unpadded",)),
        (URL_SAFE, ("urlsafe",)),
        (URL_SAFE.rstrip("="), ("urlsafe", "unpadded")),
        (HEX, ("hex",)),
        (HEX.upper(), ("hex",)),
        (f"0x{HEX}", ("hex",)),
        (DIGEST.hex(":"), ("hex",)),
        (f"{RIGHT}\n", ("spaced",)),
        (f"{RIGHT[:20]}\n{RIGHT[20:]}", ("broken",)),
        (f'"{RIGHT}"', ("quoted",)),
        (f"b'{RIGHT}'", ("quoted",)),
        (f"sha256={HEX}", ("prefixed", "hex")),
        (f"sha256={RIGHT}", ("prefixed",)),
        (f"HMAC {RIGHT}", ("prefixed",)),
        (f"v1,{RIGHT}", ("prefixed",)),
        (f"t=1616000000,v1={HEX}", ("prefixed", "prefixed", "hex")),
        (RIGHT.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"), ("escaped",)),
        (RIGHT.replace("/", "\\/"), ("escaped",)),
        (base64.b64encode(HEX.encode()).decode(), ("encoded_twice",)),
        (base64.b64encode(RIGHT.encode()).decode(), ("encoded_twice",)),
        (RIGHT.encode().hex(), ("encoded_twice",)),
        (str(list(DIGEST)), ("byte_list",)),
        (f"[{SIGNED}]", ("byte_list",)),
        (",".join(map(str, DIGEST)), ("byte_list",)),
        (f"<Buffer {DIGEST.hex(' ')}>", ("byte_list",)),
        (str(DIGEST), ("byte_list",)),
        (DIGEST.decode("latin-1"), ("byte_list",)),
    ],
)
def test_text_is_read(text, names):
    assert tuple(mistake.name for mistake in readings(text)[DIGEST]) == names


@pytest.mark.parametrize(
    "text", ["", "abc", "1, 999", "b'", "b'\\xzz'", "b'1' + b'2'", "zzz€", "100% sure of it, I am"]
)
def test_other_text_stands_for_nothing(text):
    assert readings(text) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (RIGHT.lower(), "letter_case"),
        (RIGHT.upper(), "letter_case"),
        (RIGHT[:20], "cut_off"),
        (RIGHT.replace("+", " "), "escaped"),
        (DIGEST.decode("utf-8", "replace"), "digest_as_text"),
        (DIGEST.decode("utf-8", "replace").encode().hex(), "digest_as_text"),
        (base64.b64encode(DIGEST.decode("utf-8", "replace").encode()).decode(), "digest_as_text"),
    ],
)
def test_what_cannot_be_undone_is_seen(text, name):
    mistake = disfigured(text, RIGHT)

    assert mistake is not None
    assert mistake.name == name


@pytest.mark.parametrize("text", [HEX, RIGHT[:4], "another"])
def test_other_text_is_not_disfigured(text):
    assert disfigured(text, RIGHT) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "Nothing was computed."),
        ("undefined", "Nothing was computed: this is what is shown where there is no value."),
        ("[object Promise]", "The promise of a signature was compared: await it."),
        ("[object ArrayBuffer]", "What JavaScript shows of an object was compared, not what it holds."),
        ("[B@1b6d3586", "What Java shows of an array was compared, not what it holds."),
        ("System.Byte[]", "What .NET shows of an array was compared, not what it holds."),
        pytest.param(
            str(hmac.new(b"", b"", "sha256")),
            "The HMAC object was compared, not its digest: call digest().",
            id="an object of Python",
        ),
        pytest.param(
            str(hmac.new(b"", b"", "sha256").digest),
            "A function was compared, not what it returns: call or await it.",
            id="a method of Python",
        ),
    ],
    # An object's address differs from one worker to the next.
    ids=["nothing", "undefined", "promise", "array buffer", "Java's", ".NET's", "HMAC object", "function"],
)
def test_what_is_no_signature_is_seen(text, what):
    mistake = no_signature(text)

    assert mistake is not None
    assert (mistake.name, mistake.what) == ("no_signature", what)


def test_signature_is_a_signature():
    assert no_signature(RIGHT) is None
