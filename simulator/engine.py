"""The whole platform in one object, without sockets, files or waiting.

``Platform`` owns all state: the world, the tokens, the outbox, the clock, the journal. It wires the parts together and
holds no rule of the vendor's. Reset means a new one. Whoever drives it owes it three things: to send what ``due`` returns,
to ``report`` what came back, and to let time pass (``wall_until`` on a real clock, ``jump`` or ``advance`` on a virtual
one). Reading never moves anything, and a command that raises has changed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

from simulator import contracts
from simulator.auth import Auth
from simulator.clock import Clock, Moment, VirtualClock, make_clock, wall_seconds
from simulator.errors import ContractError, NotFoundError, UsageError, did_you_mean
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Journal,
    Noted,
    OutcomeSeen,
    RequestAnswered,
)
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.values import dataclass
from simulator.webhooks.outbox import Delivery, Outbox
from simulator.webhooks.payloads import Payload, render, replaced, words
from simulator.webhooks.targets import Target, check_url
from simulator.wire import JSON, Answer, Attempt, Headers, Outcome, Request, dump
from simulator.world.changes import Change, World
from simulator.world.commands import command
from simulator.world.graph import attributes
from simulator.world.ids import IdCode
from simulator.world.populate import Base
from simulator.world.resources import Kind, Record, Ref
from simulator.world.scene import Doing
from simulator.world.view import View

__all__ = ["OBSERVER", "Platform", "Resource", "Tally", "Wait"]

OBSERVER = "x-scope-simulator-observer"
"""A request with this header is a test's own and never counts as the receiver's."""

# Both follow from their arguments and hold nothing but what was worked out from these: a reset, or the next test of a
# run, need not work it out again.
_base = lru_cache(maxsize=4)(Base)
_id_code = lru_cache(maxsize=4)(IdCode)

_HEADERS = (("Content-Type", "application/json"), ("User-Agent", "Scope-Simulator"))


class Resource(Mapping[str, JSON]):
    """A resource as it stood at one moment: ``id``, ``type``, and its first-level attributes as a mapping."""

    __slots__ = ("_fields", "id", "type")

    def __init__(self, id: str, type: str, fields: Mapping[str, JSON]) -> None:
        self.id = id
        self.type = type
        self._fields = fields

    def __getitem__(self, name: str) -> JSON:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<{self.type} {self.id}>"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of everything so far."""

    planned: int
    attempts: int
    delivered: int
    given_up: int
    dropped: int
    pending: int
    requests: int


@dataclass(frozen=True, slots=True)
class Wait:
    """What somebody waits for, as a value that any driver understands.

    ``ready`` gets the wall seconds since anything moved (0 while something is in flight); True ends the wait.

    ``until`` is how far a virtual clock may run for it, None to whatever is due next. ``timeout`` is wall seconds, None
    for ever. After ``quiet`` idle wall seconds ``ready`` is evaluated again at the latest, though nothing moved.
    """

    ready: Callable[[float], bool]
    until: Moment | None = None
    timeout: float | None = None
    quiet: float | None = None


class Platform:
    """Scope, as far as we imitate it."""

    def __init__(
        self,
        settings: Settings,
        *,
        base_url: str = "",
        targets: Iterable[Target] = (),
        clock: Clock | None = None,
        world: World | None = None,
    ) -> None:
        self.settings = settings
        self.seed = Seed(settings.seed)
        self.clock = clock or make_clock(settings.speed, settings.start)
        self.base_url = base_url
        self.journal = Journal(settings.journal_bound, timer=wall_seconds)
        self.outbox = Outbox(settings.ordering)
        self.auth = Auth(self.seed, token_days=settings.token_days)
        self.targets = list(targets)
        self.ids = _id_code(self.seed)
        self._headers = _headers(settings.headers)
        self._world = world or World(_base(settings, self.clock.now()))
        self._in_flight: dict[int, tuple[Attempt, DeliveryPlanned]] = {}

    # reading

    @property
    def world(self) -> World:
        """The present root: keep it, and you have a snapshot."""
        return self._world

    def view(self, viewer: int = 1) -> View:
        """Return the world as ``viewer`` sees it now."""
        return View(self._world, self.clock.now(), self.ids, viewer, self.base_url)

    @property
    def now(self) -> Moment:
        return self.clock.now()

    @property
    def username(self) -> str:
        return self.auth.username

    @property
    def password(self) -> str:
        return self.auth.password

    @property
    def token(self) -> str:
        return self.auth.token

    def resource(self, id: str) -> Resource:
        """Return the resource with this node id; ``NotFoundError`` when there is none."""
        view = self.view()
        return self._shown(view, self._record(view, id))

    def resources(self, type: str, *, after: int = 0, limit: int = 100) -> list[Resource]:
        """Return up to ``limit`` resources of a type whose databaseId is above ``after``, rising."""
        view, kind = self.view(), _kind(type)
        numbers = islice(self._world.after(kind, after), limit)
        found = [view.get(Ref(kind, number)) for number in numbers]
        return [self._shown(view, record) for record in found if record is not None]

    def user(self, text: str) -> Resource:
        """Return the user whom a node id, username, e-mail address or full name names."""
        view = self.view()
        return self._shown(view, view.find_user(text))

    def tally(self) -> Tally:
        """Return what became of everything so far."""
        counts = self.outbox.counts
        return Tally(
            planned=counts.planned,
            attempts=self.journal.counts["attempt"],
            delivered=counts.delivered,
            given_up=counts.given_up,
            dropped=counts.dropped,
            pending=counts.waiting + counts.in_flight,
            requests=self.journal.counts["request"],
        )

    # being asked

    def answer(self, request: Request) -> Answer:
        """Answer what a client of the vendor asks; bad input becomes an answer, never an exception."""
        from simulator import routes

        routed = routes.answer(self, request)
        self.journal.append(
            self.now,
            RequestAnswered(
                request=request,
                answer=routed.answer,
                route=routed.route,
                operation=routed.operation,
                asked=routed.asked,
                observer=OBSERVER in request.headers,
            ),
        )
        return routed.answer

    # changing the world

    def apply(
        self,
        verb: str,
        subject: str | Resource,
        fields: Mapping[str, JSON] | None = None,
        *,
        by: str | Resource | None = None,
        at: Moment | None = None,
    ) -> Resource:
        """Carry out a command and plan its webhooks; return the resource as it then is.

        ``subject`` is a type name for ``create``, else a node id. ``by`` is who does it, ``at`` the device's time.
        Raises ``UsageError``, ``NotFoundError`` or ``StateError``, and has then changed nothing.
        """
        before = self.view()
        node_id = self.carry_out(verb, subject, fields, by=by, at=at)
        after = self.view()
        # What was deleted is shown as it last was.
        view = after if after.by_id(node_id) else before
        return self._shown(view, self._record(view, node_id))

    def carry_out(
        self,
        verb: str,
        subject: str | Resource,
        fields: Mapping[str, JSON] | None = None,
        *,
        by: str | Resource | None = None,
        at: Moment | None = None,
    ) -> str:
        """Do the same for somebody who does not look at the resource; return its node id."""
        view = self.view()
        about = _kind(subject) if verb == "create" and isinstance(subject, str) else self._ref(view, subject)
        actor = None if by is None else view.find_user(by.id if isinstance(by, Resource) else by).number
        return view.id_of(self._carry_out(view, verb, about, fields or {}, Doing(actor, at)))

    def start_session(self, release: int, external_data: JSON, viewer: int) -> Record:
        """Start a session as the app does over REST."""
        view = self.view(viewer)
        fields: dict[str, JSON] = {
            "scenarioRelease": view.id_of(Ref(Kind.RELEASE, release)),
            "externalData": external_data,
        }
        made = self._carry_out(view, "create", Kind.SESSION, fields, Doing(viewer))
        return self._record(self.view(viewer), view.id_of(made))

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON]) -> None:
        """Tell every target of something that is no change of the world."""
        self.announce(Payload.raw(event, type, data=data))

    def announce(self, payload: Payload, *, times: int = 1) -> None:
        """Tell every target of ``payload`` as it is, whether or not anything happened, ``times`` times.

        Raises ``ContractError``, and has then told nobody.
        """
        contracts.check_text(*_written(payload, self.now, self.base_url))
        for _ in range(times):
            self._plan(payload)

    def post(self, payload: Payload, *, to: Target) -> None:
        """Tell one target of something, whether the world changed or not."""
        self._note(self.outbox.put(to, payload))

    def _carry_out(
        self, view: View, verb: str, subject: Kind | Ref, fields: Mapping[str, JSON], doing: Doing
    ) -> Ref:
        kind = subject if isinstance(subject, Kind) else subject.kind
        if kind is Kind.SUBSCRIPTION and isinstance(query := fields.get("query"), str):
            from simulator.graphql.stored import check

            check(query, self.settings)
        self._world, changes, ref = command(view, verb, subject, fields, doing)
        after = self.view(view.viewer)
        by = None if doing.by is None else after.user_name(doing.by)
        for change in changes:
            self._tell(after, change, by)
        return ref

    def _tell(self, view: View, change: Change, by: str | None) -> None:
        kind = change.ref.kind
        told = () if change.verb == "delete" else words(change.verb, self.settings, resource_type=kind)
        node_id = view.id_of(change.ref)
        self.journal.append(self.now, ChangeMade(change.verb, kind, node_id, told, by))
        for word in told:
            self._plan(Payload(word, kind, node_id))

    def _plan(self, payload: Payload) -> None:
        for target in self.targets:
            self._note(self.outbox.put(target, payload))

    def _note(self, delivery: Delivery) -> None:
        self.journal.append(self.now, _planned(delivery))

    # who is told

    def add_target(self, url: str) -> Target:
        """Tell ``url`` of all that happens from now on; the same URL twice is one target."""
        check_url(url)
        for target in self.targets:
            if target.url == url:
                return target
        highest = max((int(target.id) for target in self.targets), default=0)
        target = Target(str(highest + 1), url)
        self.targets.append(target)
        self.journal.append(self.now, Noted(f"target {target.id} added: {url}"))
        return target

    def remove_target(self, id: str) -> None:
        """Tell a target nothing more; what waited for it is dropped."""
        for target in self.targets:
            if target.id == id:
                self.targets.remove(target)
                dropped = self.outbox.drop_target(id)
                self.journal.append(self.now, Noted(f"target {id} removed, {dropped} deliveries dropped"))
                return
        raise NotFoundError(
            f"there is no target {id!r}",
            remedy=f"Targets: {', '.join(t.id for t in self.targets) or 'none'}.",
        )

    # what a driver does

    @property
    def busy(self) -> bool:
        """Whether something is in flight or could be sent now."""
        return self.outbox.in_flight > 0 or self.outbox.ready

    @property
    def idle_drained(self) -> bool:
        """Whether nothing waits, is due or is in flight."""
        return self.outbox.in_flight == 0 and self.outbox.waiting == 0

    def due(self) -> list[Attempt]:
        """Begin every attempt that is due now; the driver sends each and reports what came back."""
        begun: list[Attempt] = []
        # One that is not sent makes way for the next at once.
        while self.outbox.ready:
            begun += filter(None, map(self._begin, self.outbox.take()))
        return begun

    def _begin(self, delivery: Delivery) -> Attempt | None:
        """Begin the attempt of a delivery; None when its payload breaks its contract, and it has ended."""
        now, payload = self.now, delivery.payload
        planned = _planned(delivery)
        contract, body = _written(payload, now, self.base_url)
        attempt = Attempt(
            delivery=delivery.number,
            number=1,
            url=delivery.target.url,
            headers=self._headers,
            body=_with_replacements(body, payload) if payload.replacements else body,
            timeout=self.settings.timeout / 1000,
        )
        self._in_flight[delivery.number] = (attempt, planned)
        self.journal.append(now, AttemptMade(planned, attempt))
        try:
            # What somebody replaced on purpose is not held against the contract.
            contracts.check_text(contract, body)
        except ContractError as error:
            self.report(attempt, Outcome(None, f"not sent, the payload breaks its contract: {error}"))
            return None
        return attempt

    def report(self, attempt: Attempt, outcome: Outcome) -> None:
        """Say what came back; a result from before a reset is journalled and changes nothing."""
        known, planned = self._in_flight.get(attempt.delivery, (None, None))
        if known is not attempt or planned is None:
            self.journal.append(self.now, Noted(f"a result from before the reset arrived: {attempt.url}"))
            return
        del self._in_flight[attempt.delivery]
        ok = outcome.status is not None and 200 <= outcome.status < 300
        verdict = self.outbox.report(attempt.delivery, ok)
        self.journal.append(self.now, OutcomeSeen(planned, attempt, outcome, verdict))

    def next_due(self) -> Moment | None:
        """Return the soonest moment at which the platform itself has something to do, or None."""
        return None

    def jump(self, waits: Iterable[Wait]) -> Moment | None:
        """Return the moment to which a ``max`` clock must move now, or None to let it stand.

        It moves only while somebody waits and nothing is in flight or could be sent, and never past the next thing
        due. A wait with ``until`` lets it run up to that moment, any other to whatever the platform has due.
        """
        if self.clock.speed.name != "max" or self.busy:
            return None
        now = self.now
        waiting = list(waits)
        limits = [wait.until for wait in waiting if wait.until is not None and wait.until > now]
        due = self.next_due()
        endless = any(wait.until is None for wait in waiting)
        if due is not None and due > now and (endless or any(due <= limit for limit in limits)):
            limits.append(due)
        return min(limits, default=None)

    def advance(self, until: Moment) -> list[Attempt]:
        """Move a virtual clock to ``until``, or to the next thing due when that is sooner; return what is due there."""
        if not isinstance(self.clock, VirtualClock):
            raise UsageError(
                f"time passes by itself at speed {self.clock.speed.name}",
                remedy="Start with speed max to move the clock.",
            )
        due = self.next_due()
        self.clock.move(until if due is None else min(until, max(due, self.now)))
        return self.due()

    def fork(self) -> Platform:
        """Return a copy in the same state and moment, with no target and a clock that stands: for trying things."""
        speed = Settings().speed
        copy = Platform(
            self.settings,
            base_url=self.base_url,
            clock=VirtualClock(self.now, speed),
            world=self._world,
        )
        copy.journal = Journal(1)
        return copy

    def _ref(self, view: View, subject: str | Resource) -> Ref:
        return self._record(view, subject.id if isinstance(subject, Resource) else subject).ref

    def _record(self, view: View, node_id: str) -> Record:
        record = view.by_id(node_id)
        if record is None:
            raise NotFoundError(
                f"there is no resource with the id {node_id!r}",
                remedy="Give the node id of something that exists (ids depend on the seed).",
            )
        return record

    def _shown(self, view: View, record: Record) -> Resource:
        return Resource(view.id_of(record.ref), record.KIND, attributes(view, record))


def _headers(more: Headers) -> Headers:
    """Return the headers of every post: ours, save those that ``more`` names too, and ``more``."""
    named = {name.lower() for name, _ in more}
    return (*(one for one in _HEADERS if one[0].lower() not in named), *more)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise NotFoundError(
            f"there is no resource type {name!r}",
            nearest=did_you_mean(name, list(Kind)),
            remedy=f"Types: {', '.join(Kind)}.",
        ) from None


def _written(payload: Payload, now: Moment, base_url: str) -> tuple[str, bytes]:
    """Return the name of a payload's contract, and its bytes at the moment ``now``."""
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


def _planned(delivery: Delivery) -> DeliveryPlanned:
    payload = delivery.payload
    return DeliveryPlanned(delivery.number, delivery.target.url, payload.word, payload.type, payload.id)
