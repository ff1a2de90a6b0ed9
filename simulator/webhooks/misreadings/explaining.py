"""The search for what explains a signature.

Theory of operation. What was computed is some spelling of a digest that some algorithm made with some key from some
message. ``spellings`` reads the text backwards to all digests that it can stand for. Forwards, each message, key and
algorithm that a mistake leads to is tried with the right others, then each two together; whatever meets in the middle
explains the text beyond doubt, since no two digests meet by chance. So the fewest mistakes come first, and of equally many
the likeliest. A post is small and a digest takes a microsecond; for large bodies pairs are left out.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import chain, islice, product
from typing import TypeAlias

from simulator.values import dataclass
from simulator.webhooks.misreadings.bodies import altered, ended, parts, rewritten, together
from simulator.webhooks.misreadings.keys import ALGORITHMS, Algorithm, keys, stray_keys
from simulator.webhooks.misreadings.mistake import Explanation, Mistake
from simulator.webhooks.misreadings.spellings import SIZES, disfigured, no_signature, readings
from simulator.webhooks.signing import HEADER, Secrets, Verdict, key_of, signature
from simulator.wire import Headers

__all__ = ["Signed", "explain", "supposed", "tokens_in"]

_Mistakes: TypeAlias = tuple[Mistake, ...]
_Tried: TypeAlias = list[tuple[_Mistakes, bytes]]

_MOST_HASHED = 24_000_000
"""How many bytes the search for pairs may hash of each sort of pair: a fraction of a second."""

_KNOWN_WRITERS = 16
"""So many of the ways to write JSON are somebody's own."""

_EVERY_LENGTH = 16_384
"""Up to so many bytes a body is tried cut off at each; beyond, where buffers end."""

_SHOWN = 48
"""How many bytes of a body are shown from its beginning and its end."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A post as it was signed. ``known`` are other texts that may have been taken for the secret, each with its name;
    ``others`` are bodies of other posts by name."""

    body: bytes
    secrets: Secrets
    headers: Headers = ()
    url: str = ""
    known: tuple[tuple[str, str], ...] = ()
    others: Mapping[str, bytes] = field(default_factory=dict)


def explain(signed: Signed, computed: str) -> Explanation:
    """Say by which mistakes somebody came to compute this for a post, if any that we know explain it."""
    expected = signed.secrets.header(signed.body)
    right = [signature(signed.body, secret) for secret in signed.secrets.signers]
    if expected is None:
        return Explanation(computed, None, hints=("The post is not signed, since there is no secret.",))
    if computed == expected or computed in right:
        return Explanation(computed, expected, right=True, hints=tuple(_about_comparing(signed, expected)))
    mistakes = _seen_at_once(signed, computed, right) or _search(signed, computed)
    if mistakes:
        return Explanation(computed, expected, mistakes=mistakes)
    return Explanation(computed, expected, hints=tuple(_unexplained(signed, computed, expected)))


def supposed(
    body: bytes,
    secrets: Sequence[str],
    verdict: Verdict,
    *,
    headers: Headers = (),
    url: str = "",
    known: Sequence[tuple[str, str]] = (),
    others: Mapping[str, bytes] | None = None,
) -> Signed:
    """Return what a header shows of how a post was signed: with the secrets that it is right under, or else the first.

    Of ``secrets`` the newest stands first.
    """
    places = sorted({place for place in verdict.by if place is not None}) or [0]
    left = [place for place in range(len(secrets)) if place not in places]
    first = secrets[places[0]]
    if len(places) > 1:
        pair = Secrets(first, secrets[places[1]], "both")
        unused = places[2:] + left
    elif not left:
        pair, unused = Secrets(first), []
    else:
        other = secrets[left[0]]
        pair = Secrets(first, other) if left[0] > places[0] else Secrets(other, first, "old")
        unused = left[1:]
    named = [(f"secret {place + 1}", secrets[place]) for place in unused]
    return Signed(body, pair, headers, url, (*named, *known), others or {})


def tokens_in(text: str) -> list[str]:
    """Return what in a text looks like a signature, each once: 32 bytes in base64 or in hex digits."""
    text = re.sub(r"\\u00([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text.replace("\\/", "/"))
    return list(dict.fromkeys(_TOKEN.findall(text)))


_TOKEN = re.compile(r"(?<![\w+/-])(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)(?![\w+/=-])")


def _about_comparing(signed: Signed, expected: str) -> Iterator[str]:
    """Yield what there is to say about a signature that is right."""
    sent = [value for name, value in signed.headers if name.lower() == HEADER.lower()]
    if sent and sent[0] != expected:
        yield f"It is right, but the header holds another that is not: {sent[0]}."
        return
    yield "It is right, so it is the comparison that goes wrong."
    if " " in expected:
        yield "The header holds two signatures while the secret is being replaced: split it at the space, and take either."
    yield "Compare the whole header, two texts or two byte strings, and not one with the other."


def _seen_at_once(signed: Signed, computed: str, right: list[str]) -> _Mistakes:
    """Return what can be told without trying any key."""
    for name, value in signed.headers:
        if computed == value and name.lower() != HEADER.lower():
            return (Mistake("other_header", f"It is what {name} holds.", f"Compare with {HEADER}."),)
    if computed in signed.secrets.signers:
        return (Mistake("secret_itself", "It is the secret itself.", "Sign the body with it."),)
    found = no_signature(computed) or next(
        (one for text in right if (one := disfigured(computed, text))), None
    )
    return () if found is None else (found,)


def _search(signed: Signed, computed: str) -> _Mistakes:
    digests = readings(computed)
    if not digests:
        return ()
    space = _Space(signed, sizes={len(digest) for digest in digests})
    for mistakes, digest in chain(space.tried(0), space.tried(1), _cut_off(signed), space.tried(2)):
        if digest in digests:
            return mistakes + digests[digest]
    return ()


class _Space:
    """All that may have been signed, with which keys and how, each by the number of mistakes that lead there."""

    def __init__(self, signed: Signed, *, sizes: Container[int]) -> None:
        self._signed = signed
        self._once = _messages(signed)
        self._keys = _keys(signed)
        fitting = [one for one in ALGORITHMS if one.size in sizes]
        self._algorithms: tuple[Sequence[Algorithm], ...] = (
            [one for one in fitting if not one.mistakes],
            [one for one in fitting if one.mistakes],
            [],
        )

    def tried(self, count: int) -> Iterator[tuple[_Mistakes, bytes]]:
        """Yield the digest of each combination of so many mistakes, those about the message first.

        Of large bodies only the likeliest messages are tried in pairs.
        """
        for about_message in range(count, -1, -1):
            for about_key in range(count - about_message, -1, -1):
                keyed = self._keys[about_key]
                algorithms = self._algorithms[count - about_message - about_key]
                messages = self._messages(about_message, each=len(keyed) * len(algorithms), few=count > 1)
                for (by_message, message), (by_key, key), algorithm in product(messages, keyed, algorithms):
                    yield by_message + by_key + algorithm.mistakes, algorithm.digest(key, message)

    def _messages(self, mistakes: int, *, each: int, few: bool) -> Iterable[tuple[_Mistakes, bytes]]:
        """Return the messages that so many mistakes lead to; ``few``: so many as can be hashed ``each`` times in a moment."""
        body = self._signed.body
        found = (lambda: [((), body)], lambda: self._once, lambda: _altered_twice(body))[mistakes]()
        return islice(found, _MOST_HASHED // max(len(body) * each, 1)) if few else found


def _messages(signed: Signed) -> _Tried:
    body = signed.body
    found = chain(
        ended(body),
        rewritten(body, most=_writers(body)),
        altered(body),
        parts(body, headers=signed.headers, url=signed.url, others=signed.others),
    )
    return list(_each_once((((mistake,), message) for mistake, message in found), without={body}))


def _altered_twice(body: bytes) -> Iterator[tuple[_Mistakes, bytes]]:
    found = rewritten(body, most=_writers(body))
    made = _each_once((((first,), once) for first, once in found), without={body})
    return _each_once(
        ((*first, second), twice) for first, once in made for second, twice in together(once) if twice != once
    )


def _writers(body: bytes) -> int | None:
    """Return by how many writers a body is written again: for large ones those that are well known."""
    return None if len(body) <= _EVERY_LENGTH else _KNOWN_WRITERS


def _keys(signed: Signed) -> tuple[_Tried, _Tried, _Tried]:
    secrets, signers = signed.secrets, signed.secrets.signers
    right: _Tried = [((), key_of(secret)) for secret in signers]
    others = [
        (Mistake("other_secret", what, _WHOSE), secret)
        for what, secret in (
            ("The old secret was used, with which posts are no longer signed.", secrets.old),
            ("The new secret was used, with which posts are not signed yet.", secrets.new),
            *((f"The key was {name}, not the secret.", text) for name, text in signed.known),
            *((f"The key was what {name} holds, not the secret.", text) for name, text in signed.headers),
        )
        if secret and secret not in signers
    ]
    wrong = chain(
        (((mistake,), key_of(secret)) for mistake, secret in others),
        (((mistake,), key) for secret in signers for mistake, key in keys(secret)),
        (((mistake,), key) for mistake, key in stray_keys()),
    )
    both = (((mistake, more), key) for mistake, secret in others for more, key in keys(secret))
    return right, [*_each_once(wrong, without={key for _, key in right})], [*_each_once(both)]


_WHOSE = "Use the shared secret of the subscription that the post belongs to, and while it is being replaced either of the two."


def _each_once(
    found: Iterable[tuple[_Mistakes, bytes]], *, without: Iterable[bytes] = ()
) -> Iterator[tuple[_Mistakes, bytes]]:
    """Yield what was found, each value with the first mistakes that lead to it."""
    seen = set(without)
    for mistakes, value in found:
        if value not in seen:
            seen.add(value)
            yield mistakes, value


def _cut_off(signed: Signed) -> Iterator[tuple[_Mistakes, bytes]]:
    """Yield the digests of the body's beginnings: of every length while it is small, else of those that buffers have."""
    body = signed.body
    step = 1 if len(body) <= _EVERY_LENGTH else 512
    for secret in signed.secrets.signers:
        mac = hmac.new(key_of(secret), b"", "sha256")
        for end in range(step, len(body), step):
            mac.update(body[end - step : end])
            what = f"Only the first {end} of the {len(body)} bytes of the body were signed."
            yield (Mistake("cut_off", what, _ALL),), mac.digest()


_ALL = "Read the body to its end, as long as Content-Length says, before you sign it."


def _unexplained(signed: Signed, computed: str, expected: str) -> Iterator[str]:
    """Yield what there is to say where nothing explains what was computed."""
    sizes = [len(digest) for digest in readings(computed)]
    if not sizes:
        yield "It is no signature: that is 44 characters of base64, which stand for 32 bytes."
    elif 32 not in sizes:
        yield f"It has {sizes[0]} bytes, as {SIZES[sizes[0]]} makes them; a signature has 32."
    else:
        yield "No mistake that we know explains it: another secret, or other bytes than those that were sent."
    body = signed.body
    yield f"Expected: {expected}."
    ends = f"{body[:_SHOWN]!r}"[1:]
    if len(body) > _SHOWN:
        ends += f" and end with {body[-_SHOWN:]!r}".replace("with b", "with ", 1)
    yield f"Signed were {len(body)} bytes that begin with {ends}: compare that with what the receiver signs."
