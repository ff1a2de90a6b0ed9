"""Node ids: opaque, deterministic and reversible, so that an id finds its record without an index.

The shape is the vendor's: base64 in the URL-safe alphabet; 44 characters (32 bytes) for an Organization and the first
Group, 64 characters (48 bytes) for all others. [seen: GN] One 16-byte block carries the number, what follows only the
kind, as in the ids the vendor prints. [inferred] Clients must treat an id as opaque; nothing outside this module may
read one.

The block is a four-round Feistel network over the number and a check value, keyed by the seed and the kind: an id that
we did not make decodes to None.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from functools import lru_cache

from simulator.seeds import Seed
from simulator.world.resources import Kind, Ref

__all__ = ["IdCode"]

_HALF = 8
_CHECK = b"scopesim"
_SHORT = {Ref(Kind.ORGANIZATION, 1), Ref(Kind.GROUP, 1)}


class IdCode:
    """Turns references into ids and back, for one seed."""

    __slots__ = ("_keys", "_kinds", "_tails", "decode", "encode", "of")

    def __init__(self, seed: Seed) -> None:
        # What is asked about is asked about again: the webhooks, answers and journal of one resource all name it.
        self.encode: Callable[[Ref], str] = lru_cache(maxsize=4096)(self._encode)
        """Returns the node id of a reference."""
        self.of: Callable[[Kind, int], str] = lru_cache(maxsize=4096)(
            lambda kind, number: self._encode(Ref(kind, number))
        )
        """Returns the node id of a kind and a number."""
        self.decode: Callable[[str], Ref | None] = lru_cache(maxsize=4096)(self._decode)
        """Returns what a text refers to, or None when it is no id of ours."""
        self._keys = {kind: seed.digest(f"id-key {kind}", size=32) for kind in Kind}
        self._tails = {kind: seed.digest(f"id-tail {kind}", size=32) for kind in Kind}
        self._kinds = {tail: kind for kind, tail in self._tails.items()} | {
            tail[:16]: kind for kind, tail in self._tails.items()
        }

    def _encode(self, ref: Ref) -> str:
        left, right = ref.number.to_bytes(_HALF, "big"), _CHECK
        for turn in range(4):
            left, right = right, _xor(left, self._round(ref.kind, turn, right))
        tail = self._tails[ref.kind]
        return base64.urlsafe_b64encode(left + right + (tail[:16] if ref in _SHORT else tail)).decode()

    def _decode(self, text: str) -> Ref | None:
        if len(text) not in (44, 64):
            return None
        try:
            raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            return None
        kind = self._kinds.get(raw[16:])
        if kind is None:
            return None
        left, right = raw[:_HALF], raw[_HALF:16]
        for turn in reversed(range(4)):
            left, right = _xor(right, self._round(kind, turn, left)), left
        if right != _CHECK:
            return None
        ref = Ref(kind, int.from_bytes(left, "big"))
        return ref if self.encode(ref) == text else None

    def _round(self, kind: Kind, turn: int, half: bytes) -> bytes:
        return hashlib.blake2b(half, digest_size=_HALF, key=self._keys[kind], salt=bytes([turn])).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(_HALF, "big")
