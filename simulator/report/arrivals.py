"""What arrives at somebody who listens for webhooks: judged by their contracts, told in lines or as JSON.

Decides what is wrong with an arrival and how it is told. It must not decide what is answered. Bodies are shown as they
came: none is read and written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simulator import contracts
from simulator.clock import Moment, iso_millis, iso_seconds
from simulator.expect.kinds import number_of, short
from simulator.report.text import printable
from simulator.report.topics import Signature, heading, judge_signature
from simulator.values import dataclass
from simulator.wire import JSON, Headers, load, show_body

__all__ = ["Arrival", "Arrivals", "Judged", "PassedOn", "arrival_lines", "judge", "show_arrival"]

_MOST_SHOWN = 4000
"""How many bytes of a body are shown to people; programs get all that was read."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as it came; ``target`` is the raw path with its query, ``fault`` why the body is not whole, or None."""

    number: int
    at: Moment
    method: str
    target: str
    headers: Headers
    body: bytes
    fault: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of this name, in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """An arrival was passed on to ``url``: what came back, or ``error`` in plain words. ``took`` is wall seconds."""

    url: str
    status: int | None
    error: str | None = None
    headers: Headers = ()
    body: bytes = b""
    took: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What an arrival is taken for: its event in two words or its topic, the id it names, its contract, what is wrong with
    it, and what its headers say."""

    event: str
    id: str
    contract: str | None
    problems: tuple[str, ...]
    webhook_id: str = ""
    signature: Signature = Signature()


def judge(arrival: Arrival, secrets: Sequence[str] = ()) -> Judged:
    """Say what an arrival is and all that is wrong with it as a webhook; ``secrets`` are those it may be signed with."""
    problems = list(_outside(arrival))
    head = heading(arrival.headers)
    event, webhook_id = ("", "") if head is None else (head.topic, head.webhook_id)
    problems += () if head is None else head.problems
    signature = Signature()
    if arrival.fault is None:
        signature = judge_signature(arrival.body, arrival.headers, secrets)
        problems += [signature.problem] if signature.problem else []
    contract, about = None, ""
    if arrival.fault is None and arrival.body and arrival.header("content-encoding") is None:
        try:
            value = load(arrival.body)
        except ValueError as error:
            problems.append(f"the body cannot be read: {error}")
        else:
            contract = _contract(value) if head is None else _second_contract(value)
            problems += [str(problem.error()) for problem in contracts.problems(contract, value)]
            event, about = _event(value) if head is None else (event, _second_id(value))
    return Judged(event, about, contract, tuple(problems), webhook_id, signature)


def _outside(arrival: Arrival) -> Iterator[str]:
    """Yield what is wrong around the body."""
    if arrival.method != "POST":
        yield f"a webhook is a POST, this is a {arrival.method}"
    if arrival.fault is not None:
        yield arrival.fault
    elif not arrival.body:
        yield "there is no body"
    else:
        kind, coding = arrival.header("content-type"), arrival.header("content-encoding")
        if (kind or "").partition(";")[0].strip().lower() != "application/json":
            yield f"the Content-Type is {kind or 'missing'}; expected application/json"
        if coding is not None:
            yield f"the body is encoded as {coding}, so it was not looked into"


def _contract(value: JSON) -> str:
    """Return the contract that the sender most likely meant to keep."""
    match value:
        case {"type": "resource"}:
            return "webhook/resource"
        case {"data": dict(data)} if any(key.startswith("resource-") for key in data):
            return "webhook/resource"
        case {"type": str()}:
            return "webhook/non_resource"
        case _:
            return "webhook/envelope"


def _second_contract(value: JSON) -> str:
    """Return the contract of the second generation: the usual body holds an id and an address, any other a query's result."""
    match value:
        case {"data": {"id": _, "url": _, **others}} if not others:
            return "webhook/node"
        case _:
            return "webhook/stored_query"


def _second_id(value: JSON) -> str:
    """Return the id that a body of the second generation names, also one that a query has selected."""
    match value:
        case {"data": {"id": str(node_id)} | {"node": {"id": str(node_id)}}}:
            return node_id
        case _:
            return ""


def _event(value: JSON) -> tuple[str, str]:
    """Return the event in words and the id that it names, as far as they can be made out."""
    match value:
        case {"event": str(word), "data": {"resource-type": str(kind), "resource-id": str(node_id)}}:
            return f"{word} {kind}", node_id
        case {"event": str(word), "type": str(kind)}:
            return f"{word} {kind}", ""
        case _:
            return "", ""


def arrival_lines(
    arrival: Arrival, judged: Judged, status: int, passed_on: PassedOn | None, *, verbose: bool = False
) -> list[str]:
    """Return an arrival for people: what it is, what is wrong with it, its body, and what was answered."""
    verdict = number_of(len(judged.problems), "problem") if judged.problems else f"keeps {judged.contract}"
    event = f"{judged.event} {short(judged.id)}".strip()
    parts = [f"{arrival.method} {arrival.target}", event]
    parts += [f"webhook {judged.webhook_id}"] if judged.webhook_id else []
    parts += [verdict, judged.signature.note, f"answered {status}"]
    lines = [f"{iso_seconds(arrival.at)}  {', '.join(part for part in parts if part)}"]
    lines += [f"  {name}: {value}" for name, value in arrival.headers if verbose]
    lines += [f"  {_shown(arrival.body)}"] if arrival.body else []
    lines += [f"  wrong: {problem}" for problem in judged.problems]
    if passed_on is not None:
        came = f"no answer, {passed_on.error}" if passed_on.status is None else f"answered {passed_on.status}"
        lines.append(f"  passed on to {passed_on.url}: {came} ({passed_on.took * 1000:.0f} ms)")
        lines += [f"    {name}: {value}" for name, value in passed_on.headers if verbose]
        lines += [f"    {_shown(passed_on.body)}"] if passed_on.body else []
    return [printable(line) for line in lines]


def _shown(body: bytes) -> str:
    text = body[:_MOST_SHOWN].decode(errors="replace")
    return text if len(body) <= _MOST_SHOWN else f"{text}... ({len(body)} bytes in all)"


def show_arrival(
    arrival: Arrival, judged: Judged, status: int, passed_on: PassedOn | None
) -> dict[str, JSON]:
    """Return an arrival for programs."""
    there: JSON = None
    if passed_on is not None:
        there = {
            "url": passed_on.url,
            "status": passed_on.status,
            "error": passed_on.error,
            "took": round(passed_on.took, 6),
            "headers": [[name, value] for name, value in passed_on.headers],
            **show_body(passed_on.body),
        }
    return {
        "kind": "arrival",
        "number": arrival.number,
        "at": iso_millis(arrival.at),
        "method": arrival.method,
        "target": arrival.target,
        "headers": [[name, value] for name, value in arrival.headers],
        **show_body(arrival.body),
        "event": judged.event,
        "id": judged.id,
        "webhook_id": judged.webhook_id,
        "signature": judged.signature.state,
        "contract": judged.contract,
        "problems": list(judged.problems),
        "status": status,
        "passed_on": there,
    }


class Arrivals:
    """All that arrived so far, counted."""

    def __init__(self) -> None:
        self._wrong = 0
        self._events: Counter[str] = Counter()

    def add(self, judged: Judged) -> None:
        if judged.problems:
            self._wrong += 1
        else:
            self._events[judged.event] += 1

    @property
    def line(self) -> str:
        """What there is to say at the end, for people."""
        parts = [f"{number} {event}" for event, number in self._events.most_common()]
        parts += [f"{self._wrong} with problems"] if self._wrong else []
        arrived = number_of(self._wrong + self._events.total(), "request")
        return printable(f"{arrived} arrived{': ' if parts else ''}{', '.join(parts)}")

    @property
    def shown(self) -> dict[str, JSON]:
        """The same for programs."""
        return {"kind": "summary", "events": dict(self._events), "with_problems": self._wrong}
