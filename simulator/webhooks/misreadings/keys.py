"""With which key and how a receiver may have signed: the catalogue of mistakes about the secret and the algorithm.

Decides which key comes of each mistake about a secret, and which digest of each about the algorithm.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, unquote

from simulator.webhooks.misreadings.mistake import Mistake
from simulator.webhooks.signing import key_of

__all__ = ["ALGORITHMS", "Algorithm", "keys", "stray_keys"]

_Digest: TypeAlias = Callable[[bytes, bytes], bytes]

_AS_IT_IS = "Use the characters of the secret as they are, encoded as UTF-8, for the key."
_READ = "Strip what the file or the variable that holds the secret has around it."


def keys(secret: str) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the keys that a receiver may make of a secret by mistake."""
    yield from _surrounded(secret)
    yield from _decoded(secret)
    yield from _encoded(secret)


def stray_keys() -> Iterator[tuple[Mistake, bytes]]:
    """Yield the keys of receivers that have no secret at all."""
    for text in ("", "undefined", "null", "None", "nil", "secret", "changeme", "false"):
        what = f"The key was {text!r}, not the secret." if text else "The key was empty."
        remedy = "See whether the setting that should hold the secret is set where the receiver runs."
        yield Mistake("no_secret", what, remedy), text.encode()


_BEHIND = (
    ("\n", "a newline"),
    ("\r\n", "a carriage return and a newline"),
    ("\r", "a carriage return"),
    (" ", "a space"),
)


def _surrounded(secret: str) -> Iterator[tuple[Mistake, bytes]]:
    for end, name in _BEHIND:
        yield (
            Mistake("secret_spaced", f"The secret was used with {name} behind it.", _READ),
            key_of(secret + end),
        )
    what = "The secret was used with a space before it."
    yield Mistake("secret_spaced", what, _READ), key_of(f" {secret}")
    what = "White space that belongs to the secret was left out."
    yield Mistake("secret_stripped", what, _AS_IT_IS), key_of(secret.strip())
    for sign in "\"'":
        what = f"The secret was used with {sign} around it."
        yield Mistake("secret_quoted", what, _READ), key_of(f"{sign}{secret}{sign}")


def _decoded(secret: str) -> Iterator[tuple[Mistake, bytes]]:
    """Yield what a secret becomes that looks like something encoded."""
    bare = secret
    for prefix in ("whsec_", "sk_", "base64:", "hex:"):
        if secret.startswith(prefix):
            bare = secret.removeprefix(prefix)
            what = f"The secret was used without {prefix} at its beginning."
            yield Mistake("secret_cut", what, _AS_IT_IS), key_of(bare)
    for name, decode in _DECODERS:
        for text, also in ((secret, ""), (bare, " after its prefix was cut off")):
            key = decode(text)
            if key is not None:
                what = f"The secret was decoded from {name} first{also}."
                yield Mistake("secret_decoded", what, _AS_IT_IS), key


def _encoded(secret: str) -> Iterator[tuple[Mistake, bytes]]:
    raw = key_of(secret)
    for name, text in (
        ("base64", base64.b64encode(raw).decode()),
        ("hex digits", raw.hex()),
        ("URL-encoding", quote(secret, safe="", errors="replace")),
        ("URL-encoding", quote(secret, errors="replace")),
    ):
        yield Mistake("secret_encoded", f"The secret was written in {name} first.", _AS_IT_IS), text.encode()
    what = "The secret was URL-decoded first."
    yield Mistake("secret_decoded", what, _AS_IT_IS), key_of(unquote(secret))
    digest = hashlib.sha256(raw)
    what = "The secret was hashed first."
    yield Mistake("secret_hashed", what, _AS_IT_IS), digest.digest()
    yield Mistake("secret_hashed", what, _AS_IT_IS), digest.hexdigest().encode()
    for codec, name in (("latin-1", "Latin-1"), ("utf-16-le", "UTF-16"), ("utf-16", "UTF-16 with a mark")):
        what = f"The secret was encoded as {name}."
        yield Mistake("secret_recoded", what, _AS_IT_IS), secret.encode(codec, "replace")
    for name, text in (("lower", secret.lower()), ("upper", secret.upper())):
        what = f"The secret was changed to {name} case."
        yield Mistake("secret_case", what, _AS_IT_IS), key_of(text)
    for form in ("NFC", "NFD"):
        what = f"The secret was normalised to Unicode's form {form}."
        yield Mistake("secret_recoded", what, _AS_IT_IS), key_of(unicodedata.normalize(form, secret))


def _from_base64(text: str) -> bytes | None:
    """Decode base64 of either alphabet, with or without padding."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _from_url_base64(text: str) -> bytes | None:
    return _from_base64(text.replace("-", "+").replace("_", "/")) if "-" in text or "_" in text else None


def _from_hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text) if text.isalnum() else None
    except ValueError:
        return None


_DECODERS: Sequence[tuple[str, Callable[[str], bytes | None]]] = (
    ("base64", _from_base64),
    ("base64 of the URL-safe alphabet", _from_url_base64),
    ("hex digits", _from_hex),
)


class Algorithm(NamedTuple):
    """How a digest of ``size`` bytes is made from key and message; the right one has no ``mistakes``."""

    mistakes: tuple[Mistake, ...]
    size: int
    digest: _Digest


def _hmac(name: str) -> _Digest:
    return lambda key, message: hmac.digest(key, message, name)


def _plain(name: str, *order: int) -> _Digest:
    """Return a hash over key (0) and message (1) in this order."""
    return lambda key, message: hashlib.new(name, b"".join((key, message)[one] for one in order)).digest()


def _algorithms() -> Iterator[Algorithm]:
    yield Algorithm((), 32, _hmac("sha256"))
    use = "Use HMAC-SHA256."
    for name, size in (("sha1", 20), ("sha512", 64), ("md5", 16), ("sha384", 48), ("sha224", 28)):
        what = f"The HMAC was made with {_SPELT[name]}, not with SHA-256."
        yield Algorithm((Mistake("algorithm", what, use),), size, _hmac(name))
    for name, size in (("sha256", 32), ("sha1", 20), ("sha512", 64), ("md5", 16)):
        for order, made in (
            ((1,), "of the body alone, without the secret"),
            ((0, 1), "of the secret and the body behind it"),
            ((1, 0), "of the body and the secret behind it"),
        ):
            what = f"It is a plain {_SPELT[name]} {made}."
            yield Algorithm((Mistake("no_hmac", what, use),), size, _plain(name, *order))
    swapped = "Key and message were swapped."
    remedy = "Give the secret as the key and the body as the message: the order of the arguments differs by library."
    yield Algorithm(
        (Mistake("swapped", swapped, remedy),), 32, lambda key, body: hmac.digest(body, key, "sha256")
    )
    twice = "The HMAC of the HMAC was made."
    yield Algorithm((Mistake("twice", twice, "Make the HMAC once."),), 32, _twice)
    sha3 = Mistake("algorithm", "The HMAC was made with SHA3-256, not with SHA-256.", use)
    yield Algorithm((sha3,), 32, _hmac("sha3_256"))


def _twice(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, hmac.digest(key, message, "sha256"), "sha256")


_SPELT = {
    "sha256": "SHA-256",
    "sha1": "SHA-1",
    "sha512": "SHA-512",
    "md5": "MD5",
    "sha384": "SHA-384",
    "sha224": "SHA-224",
}

ALGORITHMS: Sequence[Algorithm] = tuple(_algorithms())
"""The right one first."""
