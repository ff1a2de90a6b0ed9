"""What the headers of an arrival say: its topic, which webhook it is, and whether its signature is right.

Decides what is wrong with them. A webhook of the first generation has none of these headers; nothing is wrong with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from simulator.values import dataclass
from simulator.webhooks.misreadings import explain, supposed
from simulator.webhooks.signing import HEADER, verify
from simulator.wire import Headers

__all__ = ["Heading", "Signature", "heading", "judge_signature"]

_TOPIC = "X-Scope-Topic"
_ID = "X-Scope-Webhook-Id"
_EXPECTED: Mapping[str, tuple[str, str]] = {
    _TOPIC: (
        r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*",
        "a type and what happened, such as scenario_session/created",
    ),
    "X-Scope-Topic-Version": (r"\d+(\.\d+)*", "a version such as 1.1"),
    "X-Scope-API-Version": (r"\d+", "a number such as 3"),
    "X-Scope-Domain": (r"[\w.:-]+", "a host such as scopear.com"),
    "X-Scope-Webhook-Type": (r"[a-z_]+", "a word such as node"),
    _ID: (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID"),
}
"""The headers of every webhook of the second generation, and what each holds."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the headers of a webhook of the second generation say; a header that is missing says nothing."""

    topic: str
    webhook_id: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """What there is to say of a signature: ``state`` is ``right``, ``wrong``, ``missing``, or None if it was not judged."""

    state: str | None = None
    note: str = ""
    problem: str = ""


def heading(headers: Headers) -> Heading | None:
    """Return what the headers say; None when they are those of the first generation."""
    found = {name.lower(): value for name, value in headers if name.lower().startswith("x-scope-")}
    if not found:
        return None
    return Heading(found.get(_TOPIC.lower(), ""), found.get(_ID.lower(), ""), tuple(_problems(found)))


def _problems(found: Mapping[str, str]) -> Iterator[str]:
    for name, (pattern, expected) in _EXPECTED.items():
        value = found.get(name.lower())
        if value is None:
            yield f"the header {name} is missing; expected {expected}"
        elif re.fullmatch(pattern, value) is None:
            yield f"the header {name} does not fit; expected {expected}, found {value!r}"


def judge_signature(body: bytes, headers: Headers, secrets: Sequence[str]) -> Signature:
    """Say whether a body is signed rightly under one of ``secrets``; without any it cannot be judged."""
    held = next((value for name, value in headers if name.lower() == HEADER.lower()), None)
    if not secrets:
        return Signature() if held is None else Signature(None, "signed")
    if held is None:
        second = heading(headers) is not None
        problem = f"the header {HEADER} is missing, though there is a secret" if second else ""
        return Signature("missing", "not signed", problem)
    verdict = verify(body, held, secrets)
    if verdict.ok:
        places = " and ".join(str(place + 1) for place in verdict.by if place is not None)
        return Signature(
            "right", "signature right" if len(secrets) == 1 else f"signature right under secret {places}"
        )
    signed = supposed(body, secrets, verdict, headers=headers)
    why = [explain(signed, one) for one in verdict.found or ("",)]
    told = [sentence for one in why for sentence in ([mistake.what for mistake in one.mistakes] or one.hints)]
    return Signature(
        "wrong", "signature wrong", f"the signature is not right. {' '.join(dict.fromkeys(told))}"
    )
