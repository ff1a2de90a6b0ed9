"""Keys and algorithms: what comes of each mistake about the secret, and each way to make another digest."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from simulator.webhooks.misreadings.keys import ALGORITHMS, keys, stray_keys


def made(secret: str) -> dict[bytes, str]:
    names: dict[bytes, str] = {}
    for mistake, key in keys(secret):
        names.setdefault(key, mistake.name)
    return names


@pytest.mark.parametrize(
    ("secret", "key", "name"),
    [
        ("hush", b"hush\n", "secret_spaced"),
        ("hush", b"hush\r\n", "secret_spaced"),
        ("hush", b"hush\r", "secret_spaced"),
        ("hush", b" hush", "secret_spaced"),
        (" hush\n", b"hush", "secret_stripped"),
        ("hush", b'"hush"', "secret_quoted"),
        ("hush", b"'hush'", "secret_quoted"),
        ("whsec_aHVzaA==", b"aHVzaA==", "secret_cut"),
        ("whsec_aHVzaA", b"hush", "secret_decoded"),
        ("aHVzaA==", b"hush", "secret_decoded"),
        ("--__", b"\xfb\xef\xff", "secret_decoded"),
        ("6875", b"hu", "secret_decoded"),
        ("hu%73h", b"hush", "secret_decoded"),
        ("hush", b"aHVzaA==", "secret_encoded"),
        ("hush", b"68757368", "secret_encoded"),
        ("a b/", b"a%20b%2F", "secret_encoded"),
        ("a b/", b"a%20b/", "secret_encoded"),
        ("hush", hashlib.sha256(b"hush").digest(), "secret_hashed"),
        ("hush", hashlib.sha256(b"hush").hexdigest().encode(), "secret_hashed"),
        ("é", b"\xe9", "secret_recoded"),
        ("é", "é".encode("utf-16-le"), "secret_recoded"),
        ("é", "e\u0301".encode(), "secret_recoded"),
        ("Hush", b"hush", "secret_case"),
        ("Hush", b"HUSH", "secret_case"),
    ],
)
def test_key_is_made_of_the_secret(secret, key, name):
    assert made(secret)[key] == name


@pytest.mark.parametrize("secret", ["\ud800", "!!", "0", "-", "--- x"])
def test_any_secret_is_taken(secret):
    assert made(secret)


def test_receiver_may_have_no_secret():
    told = {key: mistake.what for mistake, key in stray_keys()}

    assert told[b""] == "The key was empty."
    assert told[b"undefined"] == "The key was 'undefined', not the secret."


KEY, BODY = b"hush", b"{}"


@pytest.mark.parametrize(
    ("digest", "names"),
    [
        (hmac.digest(KEY, BODY, "sha256"), ()),
        *(
            (hmac.digest(KEY, BODY, name), ("algorithm",))
            for name in ("sha1", "sha512", "md5", "sha384", "sha224")
        ),
        (hmac.digest(KEY, BODY, "sha3_256"), ("algorithm",)),
        (hashlib.sha256(BODY).digest(), ("no_hmac",)),
        (hashlib.sha256(KEY + BODY).digest(), ("no_hmac",)),
        (hashlib.sha1(BODY + KEY).digest(), ("no_hmac",)),
        (hmac.digest(BODY, KEY, "sha256"), ("swapped",)),
        (hmac.digest(KEY, hmac.digest(KEY, BODY, "sha256"), "sha256"), ("twice",)),
    ],
)
def test_digest_is_made(digest, names):
    found = {one.digest(KEY, BODY): one for one in ALGORITHMS}

    one = found[digest]
    assert (tuple(mistake.name for mistake in one.mistakes), one.size) == (names, len(digest))


def test_right_algorithm_stands_first_and_alone():
    assert [place for place, one in enumerate(ALGORITHMS) if not one.mistakes] == [0]


def test_secret_in_base64_is_read_whatever_its_padding():
    assert made(base64.b64encode(b"hushhush").decode().rstrip("="))[b"hushhush"] == "secret_decoded"
