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
from simulator.webhooks.damage import Damage
from simulator.webhooks.outbox import Delivery
from simulator.webhooks.payloads import Payload, Told, node_headers, render, render_node, replaced
from simulator.webhooks.signing import HEADER, SIGNING, Secrets
from simulator.wire import Headers, dump
from simulator.world.resources import WebhookSubscription
from simulator.world.view import View

__all__ = ["Writer", "Written", "body_of", "traced"]

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
        self._settings = settings
        self._seed = seed
        self._headers = _with(settings.headers, _HEADERS)

    def __call__(self, delivery: Delivery, view: View, damage: Damage | None = None) -> Written:
        """Return what an attempt of ``delivery`` holds that is made at the moment of ``view``, damaged if it is to be."""
        payload = delivery.payload
        if payload.told is not None:
            return self._node(delivery, payload.told, view, damage)
        contract, plain = body_of(payload, view.now, view.base_url)
        headers, body = self._headers, _with_replacements(plain, payload) if payload.replacements else plain
        if damage is not None:
            headers, body = damage.after_signing(*damage.before_signing(headers, body))
        return Written(contract, headers, body, plain)

    def signs(self, delivery: Delivery, view: View) -> bool:
        """Return whether an attempt of ``delivery`` made at the moment of ``view`` bears a signature."""
        told = delivery.payload.told
        return told is not None and bool(
            _signed(b"", view.world.need(WebhookSubscription, told.subscription))
        )

    def _node(self, delivery: Delivery, told: Told, view: View, damage: Damage | None) -> Written:
        """Write a webhook of generation 2, whose subscription is as it is now: a secret that was replaced signs no more."""
        subscription = view.world.need(WebhookSubscription, told.subscription)
        contract, plain = _node_body(delivery.payload, subscription, view, self._settings)
        payload = delivery.payload
        body = _with_replacements(plain, payload) if payload.replacements else plain
        # A copy has the id of what it repeats.
        webhook_id = self._seed.uuid("webhook", delivery.original)
        headers = (*_HEADERS, *node_headers(told, domain=self._settings.domain, webhook_id=webhook_id))
        if damage is not None:
            headers, body = damage.before_signing(headers, body)
        headers = _with(self._settings.headers, (*headers, *_signed(body, subscription)))
        if damage is not None:
            headers, body = damage.after_signing(headers, body)
        return Written(contract, headers, body, plain)


def body_of(payload: Payload, now: Moment, base_url: str) -> tuple[str, bytes]:
    """Return the name of the contract of a webhook of generation 1, and its bytes at the moment ``now``.

    What was replaced on purpose stands there as it was, since it is not held against the contract.
    """
    if payload.data is not None:
        return "webhook/non_resource", dump(render(payload, now=now, base_url=base_url))
    plain = Payload(payload.word, payload.type, payload.id) if payload.replacements else payload
    return "webhook/resource", _about_resource(plain, now // 1000, base_url)


def traced(headers: Headers, seed: Seed, *, delivery: int, attempt: int) -> Headers:
    """Return the headers with a ``traceparent``, as the W3C writes it, unless somebody gave one.

    Each attempt begins a trace of its own, so that what a receiver does because of it can be told apart. [chosen]
    """
    if any(name.lower() == "traceparent" for name, _ in headers):
        return headers
    drawn = seed.digest("trace", delivery, attempt, size=24).hex()
    return (*headers, ("traceparent", f"00-{drawn[:32]}-{drawn[32:]}-01"))


@lru_cache(maxsize=256)
def _about_resource(payload: Payload, second: int, base_url: str) -> bytes:
    """Many webhooks about one resource within a second are the same bytes."""
    return dump(render(payload, now=Moment(second * 1000), base_url=base_url))


def _with_replacements(body: bytes, payload: Payload) -> bytes:
    return dump(replaced(json.loads(body), payload.replacements))


def _node_body(
    payload: Payload, subscription: WebhookSubscription, view: View, settings: Settings
) -> tuple[str, bytes]:
    """Return the name of the contract of a webhook of generation 2, and its bytes."""
    if subscription.query is None:
        return "webhook/node", _about_node(payload, view.base_url)
    from simulator.graphql.stored import run

    assert payload.id is not None
    return "webhook/stored_query", dump(run(view, subscription.query, payload.id, payload.type, settings))


@lru_cache(maxsize=256)
def _about_node(payload: Payload, base_url: str) -> bytes:
    return dump(render_node(payload, base_url=base_url))


def _signed(body: bytes, subscription: WebhookSubscription) -> Headers:
    signing = next(one for one in SIGNING if one == subscription.signing)
    header = Secrets(subscription.secret, subscription.previous_secret, signing).header(body)
    return () if header is None else ((HEADER, header),)


def _with(more: Headers, ours: Headers) -> Headers:
    """Return the headers of a post: ours, save those that ``more`` names too, and ``more``."""
    if not more:
        return ours
    named = {name.lower() for name, _ in more}
    return (*(one for one in ours if one[0].lower() not in named), *more)
