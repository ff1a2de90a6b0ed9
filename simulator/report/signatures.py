"""Why signatures are wrong: of a webhook that a test asks about, and of one that a receiver refused.

Decides with which secrets a post may be signed, when the answer to one is looked into, and what is told of it: many answers
hold the signature that the receiver computed. It must not decide what explains a signature, see ``webhooks.misreadings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.journal import AttemptMade
from simulator.report.deliveries import DeliveryStory
from simulator.values import dataclass
from simulator.webhooks.misreadings import Explanation, explain, supposed, tokens_in
from simulator.webhooks.signing import HEADER, verify
from simulator.wire import Attempt, Outcome
from simulator.world.resources import Kind, Ref, WebhookSubscription

__all__ = ["Beside", "explain_refusals", "explain_signature", "refusal_lines", "secrets_of"]

_REFUSALS = frozenset({400, 401, 403})
_MOST_EXPLAINED = 5
"""How many refused webhooks of one report are looked into."""

_MOST_TOKENS = 3
"""How many texts of one answer are looked into."""

_MOST_OTHERS = 20
"""How many other webhooks a signature may have been taken from."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a receiver may have mixed up: texts with the secret, bodies with the body; each with its name."""

    texts: tuple[tuple[str, str], ...] = ()
    bodies: Mapping[str, bytes] = field(default_factory=dict)


def secrets_of(platform: Platform, url: str) -> tuple[str, ...]:
    """Return the secrets that posts to a URL may be signed with: those that its subscriptions have, then those they had, and
    the same of the subscriptions that were deleted, since what was posted before may be refused."""
    world = platform.world
    numbers = (*world.all(Kind.SUBSCRIPTION), *world.gone.get(Kind.SUBSCRIPTION, ()))
    every = (world.touched.get(Ref(Kind.SUBSCRIPTION, number)) for number in numbers)
    mine = [one for one in every if isinstance(one, WebhookSubscription) and one.callback_url == url]
    found = [*(one.secret for one in mine), *(one.previous_secret for one in mine)]
    return tuple(dict.fromkeys(secret for secret in found if secret))


def explain_signature(
    platform: Platform, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
) -> Explanation:
    """Say why ``computed`` is not what the header of a webhook holds, or that it is right.

    ``of`` is a delivery, of which the last attempt counts, or a body. Without ``secrets``, the newest first, they are those
    that the world knows.
    """
    attempt = _attempt(platform, of)
    if attempt is None:
        body = of if isinstance(of, bytes) else b""
        attempt = Attempt(delivery=0, number=0, url="", headers=(), body=body, timeout=0)
    known = tuple(secrets) or secrets_of(platform, attempt.url)
    if not known:
        raise UsageError(
            "the webhook is not signed: no subscription that leads to it has a secret",
            found=attempt.url or "a body that was never posted",
            remedy="Give secrets=[...], the newest first.",
        )
    return _explain(attempt, computed, known, beside=_beside(platform, attempt))


def explain_refusals(platform: Platform, stories: Iterable[DeliveryStory]) -> None:
    """Note of the first refused ones among these why their last attempts were refused, as far as the answers show it."""
    ends = (story.attempts[-1] for story in stories if story.attempts)
    refused = (one for one in ends if one.outcome is not None and one.outcome.status in _REFUSALS)
    told: set[str] = set()
    for one in islice(refused, _MOST_EXPLAINED):
        assert one.outcome is not None
        secrets = secrets_of(platform, one.attempt.url)
        beside = _beside(platform, one.attempt)
        one.why = refusal_lines(one.attempt, one.outcome, secrets, beside=beside, told=told)


def refusal_lines(
    attempt: Attempt,
    outcome: Outcome,
    secrets: Sequence[str],
    *,
    beside: Beside,
    told: set[str],
) -> list[str]:
    """Return what the answer to a signed post shows of why it was refused; nothing where it shows nothing.

    ``told`` are the explanations that somebody reads above; they are not told again.
    """
    held = _held(attempt)
    if held is None or not secrets or outcome.status not in _REFUSALS:
        return []
    answer = "\n".join([outcome.body.decode(errors="replace"), *outcome.headers.values()])
    # What was sent may be shown too: the right signature, and ids that look like one.
    sent = {*held.split(), *tokens_in(attempt.body.decode(errors="replace"))}
    tokens = [one for one in tokens_in(answer) if one not in sent][:_MOST_TOKENS]
    lines = list(_lines(attempt, tokens, secrets, beside, told))
    if tokens and not lines and re.search(r"signature|hmac|digest", answer, re.IGNORECASE):
        return [f"the answer shows {tokens[0]}, which no mistake that we know explains; sent was {held}"]
    return lines


def _lines(
    attempt: Attempt,
    tokens: Sequence[str],
    secrets: Sequence[str],
    beside: Beside,
    told: set[str],
) -> Iterator[str]:
    for token in tokens:
        explanation = _explain(attempt, token, secrets, beside=beside)
        why = str(explanation)
        if explanation.explained:
            yield f"the answer shows the signature {token}{', wrong for the same reason' if why in told else f'. {why}'}"
            told.add(why)


def _explain(attempt: Attempt, computed: str, secrets: Sequence[str], *, beside: Beside) -> Explanation:
    verdict = verify(attempt.body, _held(attempt), secrets)
    signed = supposed(
        attempt.body,
        secrets,
        verdict,
        headers=attempt.headers,
        url=attempt.url,
        known=beside.texts,
        others=beside.bodies,
    )
    return explain(signed, computed)


def _held(attempt: Attempt) -> str | None:
    return next((value for name, value in attempt.headers if name.lower() == HEADER.lower()), None)


def _attempt(platform: Platform, of: DeliveryStory | bytes) -> Attempt | None:
    """Return the post that is meant; None for a body that was not posted."""
    if isinstance(of, bytes):
        return next((one for one in _newest(platform) if one.body == of), None)
    if not of.attempts:
        raise UsageError(
            "the webhook has not been posted yet",
            found=f"{of.planned.word} {of.planned.type}",
            remedy="Wait for it first, with drain().",
        )
    return of.attempts[-1].attempt


def _beside(platform: Platform, attempt: Attempt) -> Beside:
    found = (one for one in _newest(platform) if one.body != attempt.body)
    bodies = {f"delivery {one.delivery}": one.body for one in islice(found, _MOST_OTHERS)}
    texts = (("the token of the API", platform.token), ("the password", platform.password))
    return Beside(texts, bodies)


def _newest(platform: Platform) -> Iterator[Attempt]:
    entries = reversed(platform.journal.select(kinds=[AttemptMade.kind]))
    return (entry.fact.attempt for entry in entries if isinstance(entry.fact, AttemptMade))
