"""The consistency audit: whether what is told by webhooks is what the API answers.

Theory of operation. The audit follows a platform's journal and asks at the vendor's front door what a receiver would ask
there, as an onlooker (``front.Onlooker``): it is no request of the receiver's, uses no fault up, and is struck by none but
those that change what is seen. It asks three times.

*When a payload is told*, once the command has changed the world: does the object exist, is it of the type that is told, and
does it stand in the state that the event word names (``paused``, ``resumed``, ``finished`` and its like)? No fault is looked
at: this is between the payload and the world.

*When an attempt is made*, over the bytes that go out: the object that the body names, its type, and the state in which the
last change left it. An event word tells what happened and is no claim that nothing happened since, so that a retry of
``paused`` agrees with a session that was finished meanwhile; that the API shows an older state than the last change made
never agrees. The address in the body must answer with the same object in the same state, and the body of a stored query must
be what the same query is answered now. Here faults count: a post that was damaged may say anything, and of an API that is
behind (``lag``), or that does not show yet what a post told ``early``, only what it would answer without that is held against it.
Such a disagreement was asked for: it is excused, and names the fault.

*At the end*, for each object that was told of: it is there, and as its last change left it. Of very many the last
``MOST_AT_THE_END`` are asked for.

What somebody had told whatever the world is like (``emit``) is nobody's claim, and is only counted. A disagreement is told once,
however often it is seen. This module must not judge receivers, nor change anything.
"""

from __future__ import annotations

import json
import shlex
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from simulator.audit.findings import Audited, Finding
from simulator.audit.reading import Differing, bodies, node_in, object_in, said, short
from simulator.engine import Platform
from simulator.front import Look, Onlooker
from simulator.journal import (
    OBSERVER,
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    OutcomeSeen,
    StepPlayed,
)
from simulator.settings import spelling
from simulator.webhooks.payloads import object_url, plain_word
from simulator.wire import JSON, Answer, Attempt, Request, curl_line, dump
from simulator.world.resources import Kind, WebhookSubscription
from simulator.world.states import FINISHED, IN_PROGRESS, PAUSED

__all__ = ["MOST_AT_THE_END", "MOST_FINDINGS", "Audit"]

MOST_AT_THE_END: Final = 10_000
"""How many objects are asked for at the end: those that were told of last."""

MOST_FINDINGS: Final = 100
"""How many disagreements are told one by one, of those that were asked for and of the others."""

_WORDS: Final[Mapping[str, str]] = {"paused": PAUSED, "resumed": IN_PROGRESS, "finished": FINISHED}
"""The states that event words name."""
_VERBS: Final[Mapping[str, str]] = {
    "create": IN_PROGRESS,
    "pause": PAUSED,
    "resume": IN_PROGRESS,
    "finish": FINISHED,
}
"""The states in which changes leave a session or a call."""
_STATES: Final[Mapping[str, str]] = {
    Kind.SESSION: "ScenarioSessionStateEnum",
    Kind.CALL: "CallStateEnum",
}
_QUERY: Final = "query Audit($id: ID!) { node(id: $id) { __typename id%s } }"


class _Told(NamedTuple):
    """A payload that was told: by which entry, at which step, and what it says of the state."""

    entry: int
    place: str | None
    planned: DeliveryPlanned


class _Left(NamedTuple):
    """How the last change left an object: ``state`` is None where none is known; ``gone`` when it was deleted."""

    entry: int
    state: str | None
    gone: bool = False


class _Claim(NamedTuple):
    """What is told of an object: its id, its type where that is told, the state it is in and by which word or change."""

    id: str
    kind: str | None
    state: str | None = None
    by: str = ""
    gone: bool = False


_Read: TypeAlias = Callable[[Answer], Mapping[str, Any] | str | None]
"""What reads an object in an answer; a text is what is wrong with it."""


class Audit:
    """Compares what one platform tells with what it answers, from now on."""

    def __init__(self, platform: Platform, *, before: Audited | None = None) -> None:
        """``before`` is what was found on a platform that this one was put in place of; it stays."""
        self._platform = platform
        self._onlooker = Onlooker(platform)
        self._place: str | None = None
        self._told: dict[int, _Told] = {}
        """By delivery, what is to be attempted or attempted again."""
        self._left: dict[str, _Left] = {}
        self._last: OrderedDict[str, _Told] = OrderedDict()
        """By object, the payload that told of it last."""
        self._early: tuple[str, ...] = ()
        """The fault that had a post go out early last."""
        self._compared = self._invented = self._more = 0
        self._found: dict[tuple[int, str, str], Finding] = {}
        self._excused: dict[tuple[int, str, str], Finding] = {}
        if before is not None:
            self._compared, self._invented, self._more = before.compared, before.invented, before.more
            self._found = {_key(one): one for one in before.findings}
            self._excused = {_key(one): one for one in before.excused}
        self._unfollow = platform.journal.follow(self._heard)

    @property
    def result(self) -> Audited:
        """What was found so far."""
        return Audited(
            self._compared,
            tuple(self._found.values()),
            tuple(self._excused.values()),
            self._invented,
            self._more,
        )

    def end(self) -> Audited:
        """Compare every object that was told of as it is now, and return all that was found."""
        for node_id, told in self._last.items():
            self._compared += 1
            claim = self._claim(told, node_id, told.planned.type)
            self._compare(
                "at the end",
                told,
                self._question(node_id, told.planned.type),
                partial(self._shown, node_in, claim),
            )
        return self.result

    def close(self) -> None:
        """Look on no more."""
        self._unfollow()

    # what happens

    def _heard(self, entry: Entry) -> None:
        match entry.fact:
            case StepPlayed(place=place):
                self._place = place
            case ChangeMade(verb="delete", id=changed):
                self._left[changed] = _Left(entry.number, None, gone=True)
            case ChangeMade(verb=verb, type=kind, id=changed) if kind in _STATES and verb in _VERBS:
                self._left[changed] = _Left(entry.number, _VERBS[verb])
            case DeliveryPlanned(invented=False, dropped=False, copy_of=None):
                self._was_told(_Told(entry.number, self._place, entry.fact))
            case AttemptMade(planned=planned, attempt=attempt, faults=faults) if not planned.invented:
                damage = tuple(label for label in faults if "(delivery.damage" in label)
                self._attempted(planned, attempt, damage)
            case DeliveryPlanned(invented=True):
                self._invented += 1
            case OutcomeSeen(planned=planned, verdict="delivered" | "given_up"):
                self._told.pop(planned.delivery, None)
            case _:
                pass

    def _was_told(self, told: _Told) -> None:
        planned = told.planned
        assert planned.id is not None
        early = tuple(label for label in planned.faults if "(delivery.early" in label)
        self._early = early or self._early
        self._told[planned.delivery] = self._last[planned.id] = told
        self._last.move_to_end(planned.id)
        if len(self._last) > MOST_AT_THE_END:
            self._last.popitem(last=False)
        self._compared += 1
        state = _WORDS.get(plain_word(planned.word))
        claim = _Claim(planned.id, planned.type, state, planned.word)
        request = self._question(planned.id, planned.type)
        found = self._shown(node_in, claim, self._onlooker.ask_now(request))
        self._note("when it was told", told, found, self._curl(request))

    def _attempted(self, planned: DeliveryPlanned, attempt: Attempt, damage: tuple[str, ...]) -> None:
        assert planned.id is not None
        told = self._told.get(planned.delivery) or _Told(0, self._place, planned)
        when = f"attempt {attempt.number}"
        self._compared += 1
        try:
            body = json.loads(attempt.body)
        except ValueError:
            self._note(when, told, [("what is no JSON", "JSON alone")], curl_line(attempt), damage)
            return
        query = self._query(planned.delivery)
        if query is not None:
            variables: JSON = {"nodeId": planned.id, "nodeType": planned.type}
            question: JSON = {"query": query, "variables": variables}
            self._compare(when, told, self._post(question), lambda answer: bodies(body, answer), damage)
            return
        says = said(body, attempt)
        if says.id != planned.id:
            found = [(f"the id {short(says.id)}", f"that {planned.id} has changed")]
            self._note(when, told, found, self._curl(self._question(planned.id, planned.type)), damage)
            return
        claim = self._claim(told, planned.id, says.kind, says.word)
        self._compare(
            when, told, self._question(planned.id, planned.type), partial(self._shown, node_in, claim), damage
        )
        if says.url != object_url(self._platform.base_url, planned.id):
            found = [
                (f"the address {short(says.url)}", f"at {object_url(self._platform.base_url, planned.id)}")
            ]
            self._note(when, told, found, self._curl(self._object(planned.id)), damage)
            return
        self._compare(when, told, self._object(planned.id), partial(self._shown, object_in, claim), damage)

    def _claim(self, told: _Told, node_id: str, kind: str | None, word: str = "") -> _Claim:
        """Return what holds of an object by what was told and by what has changed since."""
        left = self._left.get(node_id)
        state = _WORDS.get(plain_word(word))
        if state is not None and (left is None or left.entry < told.entry):
            return _Claim(node_id, kind, state, word)
        if left is None:
            return _Claim(node_id, kind)
        return _Claim(node_id, kind, left.state, "its last change", gone=left.gone)

    def _query(self, delivery: int) -> str | None:
        """Return the stored query whose answer the body of a delivery is."""
        flying = self._platform.dispatch.in_flight(delivery)
        if flying is None or flying.payload.told is None:
            return None
        return self._platform.world.need(WebhookSubscription, flying.payload.told.subscription).query

    # comparing

    def _compare(
        self,
        when: str,
        told: _Told,
        request: Request,
        differing: Callable[[Answer], Differing],
        damage: tuple[str, ...] = (),
    ) -> None:
        """Ask, and note what differs; that it would not without a fault of the API excuses it."""
        look = self._onlooker.ask(request)
        found = differing(look.answer)
        if found:
            self._note(when, told, found, self._curl(request), damage or self._why(look, request, differing))

    def _why(self, look: Look, request: Request, differing: Callable[[Answer], Differing]) -> tuple[str, ...]:
        behind = look.faults + (self._early if look.veiled else ())
        return behind if behind and not differing(self._onlooker.ask_now(request)) else ()

    def _shown(self, read: _Read, claim: _Claim, answer: Answer) -> Differing:
        """Return in what an object, as an answer shows it, differs from what is told of it."""
        node = read(answer)
        if isinstance(node, str):
            return [("an object that can be asked for", node)]
        if node is None:
            return [] if claim.gone else [(f"the object {claim.id}", "that there is none")]
        if claim.gone:
            return [(f"{claim.id}, which was deleted", "as if it were there")]
        kind = node.get("__typename", claim.kind)
        found = []
        if node.get("id") != claim.id:
            found.append((f"the id {claim.id}", f"the id {short(node.get('id'))}"))
        if claim.kind is not None and kind != claim.kind:
            found.append((f"the type {claim.kind}", f"the type {short(kind)}"))
        enum = _STATES.get(claim.kind or str(kind))
        if enum is not None and claim.state is not None and "state" in node:
            state = spelling(self._platform.settings.enum_names).wire(enum, claim.state)
            if node["state"] != state:
                found.append((f"the state {state} ({claim.by})", f"the state {short(node['state'])}"))
        return found

    def _note(
        self, when: str, told: _Told, found: Differing, curl: str, excuses: tuple[str, ...] = ()
    ) -> None:
        planned = told.planned
        for tells, says in found:
            finding = Finding(
                told.place,
                planned.delivery,
                self._platform.now,
                when,
                f"{planned.type} {planned.word}",
                tells,
                says,
                curl,
                excuses,
            )
            kept = self._excused if excuses else self._found
            if len(kept) < MOST_FINDINGS:
                kept.setdefault(_key(finding), finding)
            elif not excuses:
                self._more += 1

    # asking

    def _question(self, node_id: str, kind: str) -> Request:
        query = _QUERY % (f" ... on {kind} {{ state }}" if kind in _STATES else "")
        return self._post({"query": query, "operationName": "Audit", "variables": {"id": node_id}})

    def _post(self, body: JSON) -> Request:
        headers = self._headers | {"content-type": "application/json"}
        return Request("POST", "/api/v3/graphql", headers=headers, body=dump(body))

    def _object(self, node_id: str) -> Request:
        return Request("GET", object_url("", node_id), headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._onlooker.token}", OBSERVER: "audit"}

    def _curl(self, request: Request) -> str:
        url = f"{self._platform.base_url}{request.path}"
        if request.method == "POST":
            return curl_line(Attempt(0, 0, url, tuple(request.headers.items()), request.body, 0.0))
        headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
        return shlex.join(["curl", *headers, url])


def _key(finding: Finding) -> tuple[int, str, str]:
    """Return by what one disagreement is told from another, however often it is seen."""
    return finding.delivery, finding.told, finding.api
