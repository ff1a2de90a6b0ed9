"""How far a post or a request is from an expectation: the differences, in words, each with its weight.

No difference means that it fits, so that counting and explaining can never disagree. What counts at all: for
``Answered`` an attempt at any target; for ``Queried`` a request to GraphQL or to the object endpoint that was
answered with a status below 400 and is not a test's own. An answer that holds GraphQL errors counts all the same:
the receiver did ask, and the answer can be looked at; but one that a fault spoilt does not count, since the receiver has to
ask again. For ``Rest`` any request but one to GraphQL's endpoint, by the status of its answer; for ``SignedIn`` one that got a
token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeVar

from simulator.expect.kinds import Answered, Delivered, GivenUp, Queried, Rest, SignedIn, number_of, short
from simulator.journal import DeliveryPlanned, RequestAnswered
from simulator.webhooks.payloads import plain_word
from simulator.wire import Outcome

__all__ = [
    "Gap",
    "end_gaps",
    "leads_to",
    "meant",
    "names",
    "nearest",
    "plan_gaps",
    "post_gaps",
    "request_gaps",
    "rest_gaps",
    "same_word",
    "sign_in_gaps",
    "tells",
]

_FAR = 6
"""The weight from which a candidate has nothing to do with the expectation: another event about another resource."""

T = TypeVar("T")


class Gap(NamedTuple):
    """One difference. The more it weighs, the less the candidate was meant."""

    weight: int
    text: str


def same_word(one: str, other: str) -> bool:
    """Return whether two event words are the same in either spelling."""
    return plain_word(one) == plain_word(other)


def tells(planned: DeliveryPlanned, word: str) -> bool:
    """Return whether a delivery tells what a word or a topic means."""
    return word == planned.topic or same_word(word, planned.word)


@lru_cache(maxsize=256)
def leads_to(pattern: str) -> re.Pattern[str]:
    """Return what matches the paths that one with ``:id`` in it means; a slash at the end makes no difference."""
    parts = ("[^/]+" if part.startswith(":") else re.escape(part) for part in pattern.rstrip("/").split("/"))
    return re.compile("/".join(parts) + "/?")


def names(request: RequestAnswered, node_id: str | None) -> bool:
    """Return whether a request names a resource; any request does when it does not matter which."""
    return node_id is None or any(one.id == node_id for one in request.asked)


def plan_gaps(wanted: Answered | GivenUp | Delivered, planned: DeliveryPlanned) -> list[Gap]:
    """Return what differs in a delivery, whatever comes of it."""
    gaps = []
    if wanted.of not in (None, planned.id):
        other = f"is about {short(planned.id)}" if planned.id else "is about no resource"
        gaps.append(Gap(4, f"{other}, not {wanted.name or short(wanted.of or '')}"))
    if wanted.type not in (None, planned.type) and not (wanted.type == "resource" and planned.id):
        gaps.append(Gap(2, f"has type {planned.type}, not {wanted.type}"))
    if wanted.target not in (None, planned.target):
        gaps.append(Gap(2, f"went to {planned.target}, not {wanted.target}"))
    if wanted.event is not None and not tells(planned, wanted.event):
        gaps.append(Gap(2, f"tells {planned.word}, not {wanted.event}"))
    return gaps


def end_gaps(wanted: GivenUp | Delivered, verdict: str | None, attempts: int) -> list[Gap]:
    """Return what differs in the end of a delivery after so many attempts; without a ``verdict`` there is none yet."""
    if verdict not in ("delivered", "given_up"):
        return [Gap(1, "was dropped by a fault" if verdict == "dropped" else "has not ended")]
    how = f"was given up after {number_of(attempts, 'attempt')}"
    how = how if verdict == "given_up" else f"was delivered by attempt {attempts}"
    if isinstance(wanted, GivenUp):
        return [] if verdict == "given_up" else [Gap(1, how)]
    if verdict == "given_up":
        return [Gap(1, how)]
    return [] if wanted.attempts in (None, attempts) else [Gap(1, f"{how}, not {wanted.attempts}")]


def post_gaps(wanted: Answered, planned: DeliveryPlanned, outcome: Outcome | None) -> list[Gap]:
    """Return what differs in a post; ``outcome`` is None while it is in flight."""
    gaps = plan_gaps(wanted, planned)
    if outcome is None:
        return [*gaps, Gap(1, "is still in flight")]
    if outcome.status is None:
        gaps.append(Gap(1, f"got no answer: {outcome.error}"))
    elif outcome.status not in wanted.status:
        gaps.append(Gap(1, f"was answered {outcome.status}, not {wanted.status.text}"))
    if wanted.took is not None and outcome.took > wanted.took:
        gaps.append(Gap(1, f"took {outcome.took:.3g} s, more than {wanted.took:g} s"))
    return gaps


def request_gaps(wanted: Queried, request: RequestAnswered, *, after: bool) -> list[Gap]:
    """Return what differs in a request; ``after`` says whether it came after what it should come after."""
    status = request.answer.status
    if request.route not in ("graphql", "object"):
        return [Gap(3, f"is not for GraphQL or the object endpoint and was answered {status}")]
    gaps = _of_the_test(request)
    if status >= 400 or request.spoilt:
        by = f" by {' and '.join(request.faults)}" if request.faults else ""
        gaps.append(Gap(3, f"was answered {status}{by}" if status >= 400 else f"was spoilt{by}"))
        if not request.asked:
            # Refused before it was read: nothing more is known of it.
            return gaps
    used = {name for one in request.asked if wanted.of in (None, one.id) for name in one.fields}
    if not names(request, wanted.of):
        gaps.append(Gap(4, f"names {_named(request)}, not {wanted.name or short(wanted.of or '')}"))
    elif missing := [name for name in wanted.fields if name not in used]:
        gaps.append(Gap(1, f"does not use {', '.join(missing)} but {', '.join(sorted(used)) or 'nothing'}"))
    if wanted.operation not in (None, request.operation):
        gaps.append(Gap(2, f"has operation {request.operation or 'without a name'}, not {wanted.operation}"))
    if not after:
        gaps.append(Gap(1, f"came before {wanted.after} began"))
    return gaps


def rest_gaps(wanted: Rest, request: RequestAnswered) -> list[Gap]:
    """Return what differs in a request to a route of REST."""
    asked, status = request.request, request.answer.status
    gaps = _of_the_test(request)
    if request.route == "graphql":
        gaps.append(Gap(4, "is for GraphQL's endpoint"))
    if wanted.path is not None and not leads_to(wanted.path).fullmatch(asked.path):
        gaps.append(Gap(3, f"asks {asked.path}, not {wanted.path}"))
    if wanted.method not in (None, asked.method):
        gaps.append(Gap(2, f"has method {asked.method}, not {wanted.method}"))
    if not names(request, wanted.of):
        gaps.append(Gap(3, f"names {_named(request)}, not {wanted.name or short(wanted.of or '')}"))
    by = f" by {' and '.join(request.faults)}" if request.faults else ""
    if status not in wanted.status:
        gaps.append(Gap(1, f"was answered {status}{by}, not {wanted.status.text}"))
    elif request.spoilt and status < 400:
        gaps.append(Gap(1, f"was spoilt{by}"))
    return gaps


def sign_in_gaps(wanted: SignedIn, request: RequestAnswered) -> list[Gap]:
    """Return what differs in a request that may be a sign-in."""
    if request.route != "sign_in":
        return [Gap(6, "is no sign-in")]
    gaps, status = _of_the_test(request), request.answer.status
    if status >= 400 or request.spoilt:
        by = f" by {' and '.join(request.faults)}" if request.faults else ""
        gaps.append(Gap(1, f"was answered {status}{by}" if status >= 400 else f"was spoilt{by}"))
    elif not names(request, wanted.of):
        gaps.append(Gap(2, f"is that of {_named(request)}, not {wanted.name or short(wanted.of or '')}"))
    return gaps


def _of_the_test(request: RequestAnswered) -> list[Gap]:
    return [Gap(3, "is a test's own: it has X-Scope-Simulator-Observer")] if request.observer else []


def _named(request: RequestAnswered) -> str:
    return ", ".join(short(one) for one in request.about) or "no resource"


def meant(gaps: Iterable[Gap]) -> bool:
    """Return whether a post with these gaps was the one that was meant, and only what came of it was not."""
    return all(gap.weight == 1 for gap in gaps)


def nearest(candidates: Iterable[tuple[list[Gap], T]], *, most: int = 3) -> list[tuple[T, str]]:
    """Return those that differ least (newest first among equals), each with its differences in words."""
    weighed = [(sum(gap.weight for gap in gaps), gaps, candidate) for gaps, candidate in candidates if gaps]
    weighed.reverse()
    near = sorted((one for one in weighed if one[0] < _FAR), key=lambda one: one[0])[:most]
    return [(candidate, ", ".join(gap.text for gap in gaps)) for _, gaps, candidate in near]
