"""The receiver as a box recorded it: what it answered to each attempt, and what it asked the API, in the order it did.

Decides which answer belongs to which attempt and after what a request comes. It must not wait, nor know who drives it.

What was asked while a post was in flight, or before, comes before its answer; what was asked after that, and before the
next thing that the other side did, comes right after it. What comes still later waits for whatever it waited for then.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from simulator.wire import Attempt, Outcome, Request

__all__ = ["Answered", "RecordedReceiver"]

_DRIVEN: Final = ("step", "change", "attempt")
"""The kinds of entry that the other side makes."""


class Answered(NamedTuple):
    """What an attempt was answered, and what was asked just before and just after."""

    before: Sequence[Request]
    outcome: Outcome
    after: Sequence[Request]


class RecordedReceiver:
    """Does again what the entries of a box say that it did."""

    def __init__(
        self,
        entries: Sequence[Mapping[str, Any]],
        probes: Sequence[Mapping[str, Any]] = (),
        *,
        after: int = 0,
        obliging: bool = False,
    ) -> None:
        """It begins after entry ``after``. An ``obliging`` one answers with success what nothing is recorded of."""
        self._obliging = obliging
        self._probes: dict[tuple[str, str], deque[Outcome]] = {}
        for one in probes:
            known = self._probes.setdefault((one["method"], one["url"]), deque())
            known.append(_outcome({**one, "answer": one}))
        self._outcomes: dict[tuple[int, int], deque[tuple[int, Outcome]]] = {}
        self._requests: deque[tuple[int, Request]] = deque()
        # What a snapshot made undone happened too.
        all_ = [one["was"] if one["kind"] == "undone" else one for one in entries]
        self._driven = [one["number"] for one in all_ if one["kind"] in _DRIVEN]
        for one in all_:
            if one["number"] <= after:
                continue
            if one["kind"] == "outcome":
                key = one["delivery"], one["attempt"]
                self._outcomes.setdefault(key, deque()).append((one["number"], _outcome(one)))
            elif one["kind"] == "request":
                self._requests.append((one["number"], _request(one)))

    def answer(self, attempt: Attempt) -> Answered | None:
        """Return what comes of an attempt, None when it was never answered; each is answered once."""
        known = self._outcomes.get((attempt.delivery, attempt.number))
        if not known:
            return Answered((), Outcome(200), ()) if self._obliging else None
        number, outcome = known.popleft()
        before = self.asked_until(number)
        place = bisect_right(self._driven, number)
        after = self.asked_until(self._driven[place]) if place < len(self._driven) else self.rest()
        return Answered(before, outcome, after)

    def told(self, method: str, url: str) -> Outcome | None:
        """Return what it told when it was asked, None when it never was; the last answer stays."""
        known = self._probes.get((method, url))
        if not known:
            return None
        return known.popleft() if len(known) > 1 else known[0]

    def asked_until(self, number: int) -> list[Request]:
        """Return what was asked up to an entry and has not been asked again yet."""
        asked = []
        while self._requests and self._requests[0][0] <= number:
            asked.append(self._requests.popleft()[1])
        return asked

    def rest(self) -> list[Request]:
        """Return all that has not been asked again yet."""
        asked = [request for _, request in self._requests]
        self._requests.clear()
        return asked


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    answer = entry["answer"]
    return Outcome(
        entry["status"],
        entry["error"],
        dict(answer["headers"]),
        _body(answer),
        entry["took"],
    )


def _request(entry: Mapping[str, Any]) -> Request:
    return Request(
        entry["method"],
        entry["path"],
        entry["query"],
        dict(entry["headers"]),
        _body(entry),
    )


def _body(shown: Mapping[str, Any]) -> bytes:
    if "body" in shown:
        return str(shown["body"]).encode(errors="surrogatepass")
    encoded = shown["body_base64"]
    # One that was cut ends anywhere.
    return base64.b64decode(encoded[: len(encoded) // 4 * 4])
