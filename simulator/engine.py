"""The whole platform in one object, without sockets, files or waiting.

``Platform`` owns all state: the world, the tokens, the outbox, the clock, the journal. It wires the parts together and
holds no rule of the vendor's. Reset means a new one. Whoever drives it owes it three things: to send what ``due`` returns,
to ``report`` what came back, and to let time pass (``wall_until`` on a real clock, ``jump`` or ``advance`` on a virtual
one). Reading never moves anything, and a command that raises has changed nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from simulator import contracts
from simulator.accounts import auth_of
from simulator.clock import Clock, Moment, VirtualClock, make_clock, wall_seconds
from simulator.effects import Wait
from simulator.errors import NotFoundError, StateError, UsageError
from simulator.facts import Facts
from simulator.faults import Faults
from simulator.journal import ChangeMade, Journal, Noted, RequestAnswered
from simulator.past import Past
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.settings.fault_kinds import SIDES, Fault
from simulator.showing import Resource, Tally
from simulator.values import dataclass
from simulator.webhooks.dispatch import PUT_BACK, Dispatch
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Standing, Target
from simulator.webhooks.telling import webhooks_of
from simulator.webhooks.writing import body_of
from simulator.wire import JSON, Answer, Attempt, Outcome, Request
from simulator.world.changes import Change, World, Written
from simulator.world.commands import command
from simulator.world.graph import attributes
from simulator.world.ids import IdCode
from simulator.world.populate import Base
from simulator.world.resources import Kind, Record, Ref, WebhookSubscription, kind_called
from simulator.world.rights import OPERATOR, Viewer
from simulator.world.scene import Doing
from simulator.world.view import View

if TYPE_CHECKING:
    from simulator.graphql.execute import Endpoint

__all__ = ["Platform", "Resource", "Snapshot", "Tally", "Wait"]

# Both follow from their arguments and hold nothing but what was worked out from these: a reset, or the next test of a
# run, need not work it out again.
_base = lru_cache(maxsize=4)(Base)
_id_code = lru_cache(maxsize=4)(IdCode)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A platform as it stood at one moment, to be restored as often as is wanted. ``held`` is a copy that nobody drives."""

    at: Moment
    held: Platform


@cache
def _front() -> Callable[[Platform, Request], RequestAnswered]:
    """Return the front door, which is not loaded before somebody comes."""
    from simulator.front import answer

    return answer


class Platform:
    """Scope, as far as we imitate it."""

    def __init__(
        self,
        settings: Settings,
        *,
        base_url: str = "",
        targets: Iterable[str] = (),
        clock: Clock | None = None,
        world: World | None = None,
        journal: Journal | None = None,
        lot: int = 0,
    ) -> None:
        """``lot`` tells platforms of one seed apart for a receiver that hears several: each has ids of its own, of resources
        and of webhooks, and all else in common."""
        self.settings = settings
        self.lot = lot
        self.seed = Seed(settings.seed)
        self.clock = clock or make_clock(settings.speed, settings.start)
        self.base_url = base_url
        self.journal = journal or Journal(settings.journal_bound, timer=wall_seconds)
        self.faults = Faults(self.seed, lambda fact: self.journal.append(self.now, fact))
        names = self.seed.of_lot(lot)
        self.dispatch = Dispatch(
            settings, self.seed, self.journal, self.faults, in_turn=self.clock.speed.virtual, names=names
        )
        self.ids = _id_code(names)
        self._world = world or World(_base(settings, self.clock.now()))
        self.auth = auth_of(self.view(), settings, self.seed)
        self._facts: Facts | None = None
        self.past = Past(self._world, self.clock.now())
        self.queries: Counter[str] = Counter()
        if settings.sdl is not None:
            from simulator.graphql.schema import own_drift

            drift = own_drift(settings.sdl).summary
            self.journal.append(self.now, Noted(f"schema of {settings.sdl.path}: {drift}"))
        if settings.faults:
            self.set_faults(settings.faults)
        for url in targets:
            self._welcome(url)

    # reading

    @property
    def world(self) -> World:
        """The present root: keep it, and you have a snapshot."""
        return self._world

    def view(self, viewer: Viewer = OPERATOR) -> View:
        """Return the world as ``viewer`` sees it now."""
        return self.view_of(self._world, self.clock.now(), viewer)

    def view_of(self, root: World, now: Moment, viewer: Viewer) -> View:
        """Return a root as ``viewer`` sees it at a moment."""
        return View(root, now, self.ids, viewer, self.base_url)

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
        view, kind = self.view(), kind_called(type)
        found = [view.get(Ref(kind, number)) for number in islice(self._world.after(kind, after), limit)]
        return [self._shown(view, record) for record in found if record is not None]

    def user(self, text: str) -> Resource:
        """Return the user whom a node id, username, e-mail address or full name names."""
        view = self.view()
        return self._shown(view, view.find_user(text))

    def tally(self) -> Tally:
        """Return what became of everything so far."""
        counts = self.dispatch.outbox.counts
        return Tally(
            planned=counts.planned,
            attempts=self.journal.counts["attempt"],
            delivered=counts.delivered,
            given_up=counts.given_up,
            dropped=counts.dropped,
            pending=counts.waiting + counts.retrying + counts.in_flight,
            requests=self.journal.counts["request"],
            held=counts.held,
        )

    # being asked

    def answer(self, request: Request) -> Answer:
        """Answer what a client of the vendor asks; bad input becomes an answer, never an exception."""
        answered = _front()(self, request)
        self.journal.append(self.now, answered)
        return answered.answer

    @cached_property
    def graphql(self) -> Endpoint:
        """What answers GraphQL, which is not loaded before somebody asks."""
        from simulator.graphql.execute import Endpoint

        return Endpoint(self.settings)

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
        subject: str | Resource | Ref,
        fields: Mapping[str, JSON] | None = None,
        *,
        by: str | Resource | None = None,
        at: Moment | None = None,
    ) -> str:
        """Do the same for somebody who does not look at the resource, and may have its reference; return its node id."""
        view = self.view()
        about = (
            kind_called(subject)
            if verb == "create" and isinstance(subject, str)
            else self._ref(view, subject)
        )
        actor = None if by is None else view.find_user(by.id if isinstance(by, Resource) else by).number
        return view.id_of(self._carry_out(view, verb, about, fields or {}, Doing(actor, at)))

    def start_session(self, release: int, external_data: JSON, viewer: Viewer) -> Record:
        """Start a session as the app does over REST."""
        view = self.view(viewer)
        started = view.id_of(Ref(Kind.RELEASE, release))
        fields: dict[str, JSON] = {"scenarioRelease": started, "externalData": external_data}
        made = self._carry_out(view, "create", Kind.SESSION, fields, Doing(viewer.user))
        return self._record(self.view(viewer), view.id_of(made))

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON]) -> None:
        """Tell every target of something that is no change of the world."""
        self.announce(Payload.raw(event, type, data=data))

    def announce(self, payload: Payload, *, times: int = 1) -> None:
        """Tell every target of ``payload`` as it is, whether or not anything happened, ``times`` times.

        Raises ``ContractError``, and has then told nobody.
        """
        now = self.now
        contracts.check_text(*body_of(payload, now, self.base_url))
        for _ in range(times):
            self.dispatch.tell(payload, now)

    def post(self, payload: Payload, *, to: Target) -> None:
        """Tell one target of something, whether the world changed or not."""
        self.dispatch.put(to, payload, self.now)

    def _carry_out(
        self, view: View, verb: str, subject: Kind | Ref, fields: Mapping[str, JSON], doing: Doing
    ) -> Ref:
        kind = subject if isinstance(subject, Kind) else subject.kind
        if kind is Kind.SUBSCRIPTION and isinstance(query := fields.get("query"), str):
            from simulator.graphql.stored import check

            check(query, self.settings)
        records: list[Written] = []
        self._world, changes, ref = command(view, verb, subject, fields, doing, written=records)
        if self._facts is not None:
            self._facts.wrote(records)
        self.past.note(self.now, self._world)
        after = self.view(view.asker)
        by = None if doing.by is None else after.user_name(doing.by)
        early = max([self._tell(view, after, change, by) for change in changes], default=0)
        if early:
            self.past.veil(Moment(after.now + early), after.now, view.world)
        return ref

    def _tell(self, before: View, view: View, change: Change, by: str | None) -> int:
        """Tell of a change; return for how many milliseconds the API is not to show it."""
        webhooks = list(webhooks_of(change, view, self.settings))
        told = dict.fromkeys(payload.told.topic if payload.told else payload.word for _, payload in webhooks)
        kind, node_id = change.ref.kind, view.id_of(change.ref)
        self.journal.append(view.now, ChangeMade(change.verb, kind, node_id, tuple(told), by))
        early = 0
        for url, payload in webhooks:
            if url is None:
                early = max(early, self.dispatch.tell(payload, view.now, change=True))
            else:
                early = max(early, self.dispatch.tell_subscriber(url, payload, view.now))
        ended = before.get(change.ref) if change.verb == "delete" else None
        if isinstance(ended, WebhookSubscription):
            self.dispatch.forget(ended.number, ended.callback_url, view.now)
        return early

    # who is told

    @property
    def targets(self) -> list[Target]:
        """Who is told, in the order they came."""
        return list(self.dispatch.targets)

    def standing(self, id: str) -> Standing:
        """Return how a target fares: how often in a row it failed, and whether it is disabled."""
        return self.dispatch.targets.standing(id)

    def add_target(self, url: str) -> Target:
        """Tell ``url`` of all that happens from now on; the same URL twice is one target."""
        new, target = self._welcome(url)
        if new:
            self.journal.append(self.now, Noted(f"target {target.id} added: {url}"))
        return target

    def remove_target(self, id: str) -> None:
        """Tell a target nothing more: its subscriptions end, and what waited for it is dropped."""
        url = self.standing(id).target.url
        for number in list(self._world.after(Kind.SUBSCRIPTION, 0)):
            if self._world.need(WebhookSubscription, number).callback_url == url:
                self._carry_out(self.view(), "delete", Ref(Kind.SUBSCRIPTION, number), {}, Doing())
        self.dispatch.remove(id, self.now)

    def _welcome(self, url: str) -> tuple[bool, Target]:
        """Make a target of ``url``, subscribed to every topic where generation 2 is on; say whether it is new."""
        new = self.dispatch.targets.add(url)
        if new and self.settings.generation != "1":
            for topic in self._world.base.topics:
                fields: dict[str, JSON] = {"topic": f"{topic.key}@{topic.version}", "callbackUrl": url}
                fields |= {"sharedSecret": self.settings.secret} if self.settings.secret else {}
                self._carry_out(self.view(), "create", Kind.SUBSCRIPTION, fields, Doing())
        return new, self.dispatch.targets.callback(url)

    def disable_target(self, id: str) -> None:
        """Let what a target is told pile up until it is enabled."""
        self.dispatch.disable(id, "somebody asked for it", self.now)

    def enable_target(self, id: str) -> None:
        """Tell a disabled target again, first of all what has piled up."""
        self.dispatch.enable(id, self.now)

    # what goes wrong on purpose

    @property
    def asked_so_far(self) -> int:
        return self.journal.counts["request"]

    def set_faults(self, faults: Sequence[Fault], *, sides: Iterable[str] = SIDES) -> None:
        """Let these go wrong from now on, in place of what did on the same ``sides``; UsageError, and nothing has changed."""
        view = self.view()
        topics = [entry.partition("@")[0] for entry in self.settings.topics]
        self.faults.put(
            faults, self.now, exists=lambda known: view.by_id(known) is not None, topics=topics, sides=sides
        )

    # what is to be remembered

    def tell_facts(self, facts: Facts) -> None:
        """Tell ``facts`` from now on all that happens to this platform and that another needs to go on in its place."""
        self._facts = facts
        self.journal.follow(facts.entered)
        self.auth.watcher = facts.token
        self.dispatch.targets.watcher = facts.target
        self.dispatch.outbox.watcher = facts.delivery

    # what a driver does

    @property
    def busy(self) -> bool:
        """Whether something is in flight or could be sent now."""
        return self.dispatch.outbox.busy(self.clock.now())

    @property
    def idle_drained(self) -> bool:
        """Whether nothing is due, in flight or to come; what is held for a disabled target does not count."""
        return self.dispatch.outbox.idle

    def due(self) -> list[Attempt]:
        """Begin every attempt that is due now; the driver sends each and reports what came back."""
        if not self.dispatch.outbox.could_send(self.now):
            return []
        return self.dispatch.due(self.view())

    def report(self, attempt: Attempt, outcome: Outcome) -> None:
        """Say what came back; a result from before a reset is journalled and changes nothing."""
        self.dispatch.report(attempt, outcome, self.now)

    def resend(self, numbers: Iterable[int]) -> dict[int, NotFoundError | StateError]:
        """Have deliveries go out once more, also those that have arrived, and return why others cannot.

        It is a further attempt of the same delivery: the same Webhook-Id, its own time and signature.
        """

        def ended(payload: Payload) -> bool:
            told = payload.told
            return told is not None and self._world.get(Ref(Kind.SUBSCRIPTION, told.subscription)) is None

        return self.dispatch.resend(numbers, self.now, ended=ended)

    def next_due(self) -> Moment | None:
        """Return the soonest moment at which the platform itself has something to do, or None."""
        return self.dispatch.outbox.next_due

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

    def snapshot(self) -> Snapshot:
        """Return all that this platform is now; it may go on, and the snapshot stays what it is."""
        held = self.twin(VirtualClock(self.now, self.clock.speed), self.journal.copy())
        return Snapshot(held.now, held)

    def restored(
        self, snapshot: Snapshot, *, journal: Literal["goes on", "goes back"] = "goes on"
    ) -> Platform:
        """Return a platform that stands where ``snapshot`` was taken, to be driven in place of this one.

        A virtual clock goes back; one that passes by itself goes on, and what was to come is as far away as it was. What was in
        flight may have arrived, so that it is made again and called uncertain. A journal that goes on holds what happened
        since as undone, so that numbers of entries never repeat.
        """
        held = snapshot.held
        now = held.now if held.clock.speed.virtual else self.now
        kept = held.journal.copy()
        if journal == "goes on":
            kept.undo(self.journal)
        twin = held.twin(make_clock(held.clock.speed, now), kept, later=now - held.now)
        twin.base_url = self.base_url
        twin.dispatch.end_uncertain(twin.view(), PUT_BACK)
        return twin

    def twin(self, clock: Clock, journal: Journal, *, later: int = 0) -> Platform:
        """Return a platform that stands where this one does, with all that is to come ``later`` by so many milliseconds."""
        twin = Platform(
            replace(self.settings, faults=()),
            base_url=self.base_url,
            clock=clock,
            world=self._world,
            journal=journal,
            lot=self.lot,
        )
        twin.settings = self.settings
        twin.auth.restore(self.auth.signed_in, self.auth.given)
        twin.faults.restore(self.faults.numbered, [one.copy(later) for one in self.faults.given])
        twin.dispatch.take_over(self.dispatch, later)
        twin.past = self.past.copy(later)
        return twin

    def fork(self) -> Platform:
        """Return a copy in the same state and moment, with no target and a clock that stands: for trying things."""
        return Platform(
            replace(self.settings, faults=()),
            base_url=self.base_url,
            clock=VirtualClock(self.now, Settings().speed),
            world=self._world,
            journal=Journal(1),
            lot=self.lot,
        )

    def _ref(self, view: View, subject: str | Resource | Ref) -> Ref:
        if isinstance(subject, Ref):
            return subject
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
