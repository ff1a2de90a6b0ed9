"""What a text that was computed says: the digests that it may be a spelling of, read backwards.

A signature is the base64 of 32 bytes. Receivers write it in hex, without padding, with something before it, twice encoded;
since each of these can be undone, none has to be tried with each key and body. What cannot be undone, such as lost letter
case, is made of the right signature and compared.
"""

from __future__ import annotations

import ast
import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from simulator.webhooks.misreadings.mistake import Mistake

__all__ = ["SIZES", "disfigured", "no_signature", "readings"]

SIZES = {16: "MD5", 20: "SHA-1", 28: "SHA-224", 32: "SHA-256", 48: "SHA-384", 64: "SHA-512"}
"""The algorithm that is known for a digest of so many bytes."""

_BASE64 = (
    "Write the bytes of the digest in base64: base64.b64encode(mac.digest()) in Python, digest('base64') in Node, "
    "Base64.strict_encode64(digest) in Ruby."
)
_BARE = "The header holds the signature alone: compare with that."
_DEEPEST = 3


def readings(text: str) -> dict[bytes, tuple[Mistake, ...]]:
    """Return the digests that ``text`` may stand for, each with the mistakes in how it is written."""
    found: dict[bytes, tuple[Mistake, ...]] = {}
    level: dict[str, tuple[Mistake, ...]] = {text: ()}
    for _ in range(_DEEPEST):
        for one, mistakes in level.items():
            for more, digest in _decoded(one):
                if len(digest) in SIZES:
                    found.setdefault(digest, mistakes + more)
        level = {
            inner: (*mistakes, more) for one, mistakes in level.items() for more, inner in _unwrapped(one)
        }
    return found


def _unwrapped(text: str) -> Iterator[tuple[Mistake, str]]:
    """Yield the text without one thing that was put around it."""
    if text != text.strip():
        what = "There is white space around it, such as the newline that Ruby's Base64.encode64 and echo add."
        remedy = "Leave it out: Base64.strict_encode64 in Ruby, printf '%s' in a shell."
        yield Mistake("spaced", what, remedy), text.strip()
    lines = text.split()
    if len(lines) > 1:
        what = "It is broken into lines, as base64 for mail is."
        yield (
            Mistake("broken", what, "Write it without ends of lines: base64 -w0 in a shell."),
            "".join(lines),
        )
    if quoted := re.fullmatch(r"""b?(["'])(.*)\1""", text):
        what = "There are quotes around it."
        if text[0] == "b":
            what = "It is the text of a Python bytes object."
        yield Mistake("quoted", what, "Compare bytes with bytes, or decode them: mac.decode()."), quoted[2]
    if named := re.fullmatch(r"([A-Za-z][\w-]{0,20})([=:, ]+)(.{16,})", text):
        what = f"There is {named[1]}{named[2]} before it, as other services write it."
        yield Mistake("prefixed", what, _BARE), named[3]
    for part in re.split(r"[,;]", text)[1:]:
        yield Mistake("prefixed", "There are other values before it.", _BARE), part.strip()
    if "%" in text and unquote(text) != text:
        yield Mistake("escaped", "It is URL-encoded.", "Compare it as it is."), unquote(text)
    if "\\/" in text:
        what = "Its slashes are escaped, as in PHP's JSON."
        yield Mistake("escaped", what, "Compare it as it is."), text.replace("\\/", "/")


def _decoded(text: str) -> Iterator[tuple[tuple[Mistake, ...], bytes]]:
    """Yield the bytes that a text spells, and those that the text spells which these bytes are."""
    for name, mistakes, outer in _spelt(text):
        yield mistakes, outer
        if outer.isascii():
            for inner_name, _, digest in _spelt(outer.decode()):
                what = f"It is {name} of the {inner_name} of the digest."
                yield (Mistake("encoded_twice", what, _BASE64),), digest
    for digest in _listed(text):
        what = "It is the list of the digest's bytes, not their base64."
        yield (Mistake("byte_list", what, _BASE64),), digest


def _spelt(text: str) -> Iterator[tuple[str, tuple[Mistake, ...], bytes]]:
    """Yield each way in which a text is base64 or hex."""
    hexed = re.sub(r"^0x|[:\s-]", "", text)
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", hexed):
        case = ", in upper case" if hexed.upper() == hexed and hexed.lower() != hexed else ""
        what = f"It is written in hex digits{case}, not in base64."
        yield "hex digits", (Mistake("hex", what, _BASE64),), bytes.fromhex(hexed)
    bare = text.rstrip("=")
    try:
        plain = bare.translate(_FROM_URL)
        outer = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    mistakes: tuple[Mistake, ...] = ()
    if bare != plain:
        what = "It is written in the URL-safe alphabet of base64, with - and _ for + and /."
        mistakes += (Mistake("urlsafe", what, _BASE64),)
    if len(text) % 4:
        mistakes += (Mistake("unpadded", "It lacks the = at its end.", _BASE64),)
    yield "base64", mistakes, outer


_FROM_URL = str.maketrans("-_", "+/")


def _listed(text: str) -> Iterator[bytes]:
    """Yield the bytes that a text shows one by one: a list of numbers, Node's Buffer, Python's bytes, or raw."""
    if re.fullmatch(r"\[?\s*-?\d{1,3}(\s*,\s*-?\d{1,3})+\s*\]?", text):
        numbers = [int(one) for one in re.findall(r"-?\d+", text)]
        if all(-128 <= one < 256 for one in numbers):
            yield bytes(one % 256 for one in numbers)
    if shown := re.fullmatch(r"<Buffer ((?:[0-9a-f]{2} ?)+)>", text):
        yield bytes.fromhex(shown[1])
    if re.fullmatch(r"""b(["']).*\1""", text, re.DOTALL):
        try:
            value = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            value = None
        if isinstance(value, bytes):
            yield value
    if text.isprintable() and text.isascii():
        return
    try:
        yield text.encode("latin-1")
    except UnicodeEncodeError:
        return


def disfigured(text: str, right: str) -> Mistake | None:
    """Say how ``text`` is the right signature but for what cannot be undone."""
    digest = base64.b64decode(right)
    if text.casefold() == right.casefold():
        remedy = "Compare the whole texts as they are: in base64 letter case counts."
        return Mistake("letter_case", "It is right but for the letter case.", remedy)
    if text.casefold() == digest.hex().casefold():
        return None  # Hex digits of either case say the same.
    if 8 <= len(text) < len(right.rstrip("=")) and right.startswith(text):
        return Mistake("cut_off", f"It is right but cut off after {len(text)} characters.", _BARE)
    if text == right.replace("+", " "):
        what = "It is right, but + has become a space, as when a form is decoded."
        return Mistake("escaped", what, "Compare it as it is.")
    lossy = digest.decode("utf-8", "replace")
    makers: tuple[Callable[[bytes], str], ...] = (
        bytes.decode,
        bytes.hex,
        lambda raw: base64.b64encode(raw).decode(),
    )
    if text in [make(lossy.encode()) for make in makers]:
        what = "The digest's bytes were read as UTF-8 text, which loses those that are none."
        return Mistake("digest_as_text", what, _BASE64)
    return None


def no_signature(text: str) -> Mistake | None:
    """Say what a text is that can be no signature."""
    for pattern, what in _NO_SIGNATURES:
        if re.match(pattern, text):
            return Mistake("no_signature", what, _BASE64)
    return None


_NO_SIGNATURES = (
    (r"\s*$", "Nothing was computed."),
    (
        r"(undefined|null|None|nil|false|NaN)$",
        "Nothing was computed: this is what is shown where there is no value.",
    ),
    (r"\[object Promise\]", "The promise of a signature was compared: await it."),
    (r"\[object \w+\]", "What JavaScript shows of an object was compared, not what it holds."),
    (r"\[B@[0-9a-f]+$", "What Java shows of an array was compared, not what it holds."),
    (r"System\.Byte\[\]$", "What .NET shows of an array was compared, not what it holds."),
    (
        r"<(coroutine|function|built-in|bound method)\b",
        "A function was compared, not what it returns: call or await it.",
    ),
    (r"<[\w.]*(hmac|HMAC|Hash|hash)[\w.]*\b", "The HMAC object was compared, not its digest: call digest()."),
)
"""What begins so, and what it is."""
