"""From a delivery to the headers and bytes of one attempt: made anew for each, since time and signature are its own.

Decides what stands in a post at a moment. It must not decide when one is made, nor keep anything of it.
"""

from __future__ import annotations

import json
from functools import lru_cache

from simulator.clock import Moment
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.values import dataclass
from simulator.webhooks.outbox import Delivery
from simulator.webhooks.payloads import Payload, render, replaced
from simulator.wire import Headers, dump
from simulator.world.view import View

__all__ = ["Writer", "Written", "body_of"]

_HEADERS = (("Content-Type", "application/json"), ("User-Agent", "Scope-Simulator"))


@dataclass(frozen=True, slots=True)
class Written:
    """What one attempt holds. ``checked`` is what the contract is to hold for: the body, save what was put there on purpose."""

    contract: str
    headers: Headers
    body: bytes
    checked: bytes


class Writer:
    """Writes the attempts of one platform."""

    def __init__(self, settings: Settings, seed: Seed) -> None:
        self._headers = _with(settings.headers)
        self._seed = seed

    def __call__(self, delivery: Delivery, view: View) -> Written:
        """Return what an attempt of ``delivery`` holds that is made at the moment of ``view``."""
        payload = delivery.payload
        contract, plain = body_of(payload, view.now, view.base_url)
        body = _with_replacements(plain, payload) if payload.replacements else plain
        return Written(contract, self._headers, body, plain)


def body_of(payload: Payload, now: Moment, base_url: str) -> tuple[str, bytes]:
    """Return the name of the contract of a webhook of generation 1, and its bytes at the moment ``now``.

    What was replaced on purpose stands there as it was, since it is not held against the contract.
    """
    if payload.data is not None:
        return "webhook/non_resource", dump(render(payload, now=now, base_url=base_url))
    plain = Payload(payload.word, payload.type, payload.id) if payload.replacements else payload
    return "webhook/resource", _about_resource(plain, now // 1000, base_url)


@lru_cache(maxsize=256)
def _about_resource(payload: Payload, second: int, base_url: str) -> bytes:
    """Many webhooks about one resource within a second are the same bytes."""
    return dump(render(payload, now=Moment(second * 1000), base_url=base_url))


def _with_replacements(body: bytes, payload: Payload) -> bytes:
    return dump(replaced(json.loads(body), payload.replacements))


def _with(more: Headers) -> Headers:
    """Return the headers of every post: ours, save those that ``more`` names too, and ``more``."""
    named = {name.lower() for name, _ in more}
    return (*(one for one in _HEADERS if one[0].lower() not in named), *more)
