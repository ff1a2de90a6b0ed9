"""The handle without sockets: the platform as a test drives it by hand, one attempt at a time.

Decides nothing about the world: each method is one call of the platform. It must not wait, so an expectation is judged by
what has happened when it is made. Nothing is posted: ``due`` and ``advance`` hand out the attempts, and whoever takes
one reports what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from simulator.clock import Moment, iso_millis, parse_duration, parse_moment
from simulator.control.expecting import expectation, expectations
from simulator.control.resending import Choice, Resent, resend_chosen
from simulator.control.running import give_faults
from simulator.control.stage import Stage
from simulator.control.subjects import At, By, Subject, node_id
from simulator.control.world import device_time
from simulator.engine import Platform, Resource, Snapshot
from simulator.errors import ExpectationError, UsageError
from simulator.expect import Expectation, Receiver, Watch, explain
from simulator.journal import Entry, RequestAnswered
from simulator.report.deliveries import DeliveryStory, deliveries_of
from simulator.report.signatures import explain_signature
from simulator.report.tree import Tree, tree_of
from simulator.settings import Settings
from simulator.webhooks.targets import Target
from simulator.wire import JSON, Answer, Attempt, Outcome, Request

if TYPE_CHECKING:
    from simulator.audit.findings import Audited
    from simulator.webhooks.misreadings import Explanation

__all__ = ["SimulatorCore"]

_DATE = re.compile(r"\d{4}-")


class SimulatorCore:
    """A simulator that neither listens nor posts, with any settings by name."""

    def __init__(self, **settings: object) -> None:
        chosen = Settings().replace(**settings)
        if chosen.db is not None:
            raise UsageError(
                "a simulator without sockets remembers nothing",
                place="db",
                remedy="Leave it out, or use Simulator, which can keep a file.",
            )
        self._stage = Stage(chosen)
        host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        self._stage.found_at(f"http://{host}:{chosen.port}")

    @property
    def platform(self) -> Platform:
        """The platform of this moment; a reset puts another in its place."""
        return self._stage.platform

    # what an integration needs to know

    @property
    def base_url(self) -> str:
        """Where the vendor's side would be, as it stands in a webhook's resource-url."""
        return self.platform.base_url

    @property
    def graphql_url(self) -> str:
        return f"{self.base_url}/api/v3/graphql"

    @property
    def username(self) -> str:
        return self.platform.username

    @property
    def password(self) -> str:
        return self.platform.password

    @property
    def token(self) -> str:
        """The permanent token of the default user."""
        return self.platform.token

    @property
    def seed(self) -> int:
        return self.platform.settings.seed

    @property
    def now(self) -> str:
        """The present moment on the simulator's clock, ISO 8601."""
        return iso_millis(self.platform.now)

    # both sides of the wire

    def answer(self, request: Request) -> Answer:
        """Answer what a client of the vendor's API asks; bad input becomes an answer, never an exception."""
        return self.platform.answer(request)

    def due(self) -> list[Attempt]:
        """Begin every attempt that is due now; ``report`` what came of each, or what waits behind it never comes."""
        return self.platform.due()

    def report(self, attempt: Attempt, outcome: Outcome) -> None:
        """Say what came of an attempt."""
        self.platform.report(attempt, outcome)

    def advance(self, until: str | Moment) -> list[Attempt]:
        """Move the clock and return the attempts that are then due.

        ``until`` is how long (``12m``) or to which moment (ISO 8601, or a ``Moment``). The clock stops short of it where
        something is due.
        """
        if isinstance(until, str):
            later = parse_moment(until) if _DATE.match(until) else self.platform.now + parse_duration(until)
            until = Moment(later)
        return self.platform.advance(until)

    # who is told

    def add_target(self, url: str) -> Target:
        """Tell ``url`` of all that happens from now on; a reset keeps it."""
        return self._stage.add_target(url)

    def remove_target(self, target: Target | str) -> None:
        """Tell a target, or the one with this id, nothing more."""
        self._stage.remove_target(target if isinstance(target, str) else target.id)

    def subscribe(
        self, topic: str, url: str, *, secret: str | None = None, query: str | None = None
    ) -> Resource:
        """Subscribe a URL to a topic, such as ``user/created``; ``update`` and ``delete`` change and end a subscription.

        A new ``sharedSecret`` keeps the old one; ``signing="both"`` signs with the two of them, ``"old"`` with the old one.
        A reset ends every subscription.
        """
        fields = {"topic": topic, "callbackUrl": url, "sharedSecret": secret, "query": query}
        return self.create("WebhookSubscription", **fields)

    def disable_target(self, target: Target | str) -> None:
        """Let what a target is told pile up until it is enabled."""
        self.platform.disable_target(target if isinstance(target, str) else target.id)

    def enable_target(self, target: Target | str) -> None:
        """Tell a disabled target again, first of all what has piled up."""
        self.platform.enable_target(target if isinstance(target, str) else target.id)

    # the world

    def create(self, type: str, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        """Create a resource of a GraphQL type; ``fields`` are named as in the SDL."""
        return self._apply("create", type, fields, by=by, at=at)

    def update(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._apply("update", subject, fields, by=by, at=at)

    def delete(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        """Delete a resource; what it was is returned."""
        return self._apply("delete", subject, {}, by=by, at=at)

    def pause(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._apply("pause", subject, {}, by=by, at=at)

    def resume(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._apply("resume", subject, {}, by=by, at=at)

    def finish(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._apply("finish", subject, {}, by=by, at=at)

    def leave(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._apply("leave", subject, {}, by=by, at=at)

    def join(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._apply("join", subject, {}, by=by, at=at)

    def view(self, subject: Subject, /, *, steps: int = 1, by: By = None, at: At = None) -> Resource:
        """View the next ``steps`` steps of a session, one change each."""
        return self._apply("view", subject, {"steps": steps}, by=by, at=at)

    def record(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        """Record an event of a session, such as ``type="PHOTO"``."""
        return self._apply("record", subject, fields, by=by, at=at)

    def check(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        """Tick a checkbox of a session: ``checkbox=2`` is the second."""
        return self._apply("check", subject, fields, by=by, at=at)

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> None:
        """Tell every target of something that is no change of the world."""
        self.platform.emit(type=type, event=event, data=data or {})

    def resource(self, subject: Subject) -> Resource:
        """Return a resource as it now is."""
        return self.platform.resource(node_id(subject))

    def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        """Return resources of a type whose databaseId is above ``after``, oldest first."""
        return self.platform.resources(type, after=after, limit=limit)

    def user(self, text: str) -> Resource:
        """Return the user whom a node id, username, e-mail address or full name names."""
        return self.platform.user(text)

    # what goes wrong on purpose

    def faults(
        self,
        *,
        delivery: Iterable[Mapping[str, object]] | None = None,
        api: Iterable[Mapping[str, object]] | None = None,
    ) -> None:
        """Let these things go wrong from now on, each as a script writes it, in place of what did before on that side.

        ``delivery=[{"drop": True, "times": 2}]``; an empty list only ends what did; a side left out stays as it is. ``of`` in a
        match is a resource or its node id.
        """
        give_faults(self.platform, delivery=delivery, api=api)

    # what happened

    def deliveries(
        self, *, of: Subject | None = None, event: str | None = None, state: str | None = None
    ) -> list[DeliveryStory]:
        """Return the deliveries with their attempts, in the order they were planned."""
        stories = deliveries_of(self.journal(kinds=("delivery", "attempt", "outcome"), about=of))
        return [
            story for story in stories if event in (None, story.planned.word) and state in (None, story.state)
        ]

    def requests(self, *, of: Subject | None = None) -> list[RequestAnswered]:
        """Return what clients asked of the vendor's side, oldest first."""
        facts = (entry.fact for entry in self.journal(about=of))
        return [fact for fact in facts if isinstance(fact, RequestAnswered)]

    def journal(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> list[Entry]:
        """Return the entries of the journal, oldest first."""
        of = None if about is None else node_id(about)
        return self.platform.journal.select(after=after, kinds=tuple(kinds), about=of)

    def tree(self, *, of: Subject | None = None) -> Tree:
        """Return what followed from what: changes, their webhooks, and what was asked because of each; print it."""
        return tree_of(self.platform.journal, about=None if of is None else node_id(of))

    def explain_signature(
        self, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
    ) -> Explanation:
        """Say by which mistake somebody computed this signature, or that it is ``right``; print it.

        ``of`` is one of ``deliveries()``, of which the last attempt counts, or the body of a request. The secrets are those of
        the subscriptions that lead there, or those given, the newest first.
        """
        return explain_signature(self.platform, computed, of=of, secrets=secrets)

    def audit(self) -> Audited:
        """Compare what was told with what the API answers now; see ``Simulator.audit``."""
        return self._stage.found()

    def resend(
        self,
        delivery: DeliveryStory | int | None = None,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        state: str | None = None,
        after: int | str | None = None,
        until: int | str | None = None,
    ) -> Resent:
        """Send a delivery again, also one that has arrived, or all that fit; return what goes out once more.

        It is a further attempt: the same Webhook-Id, its own time and signature. ``after`` and ``until`` are ids, or moments of
        planning (ISO 8601). Of those that fit, some may be in flight or not be sent yet: they are among the ``refused``.
        """
        choice = Choice(event, None if of is None else node_id(of), type, target, state, after, until)
        return resend_chosen(self.platform, choice, delivery)

    def expect_answered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        status: int | str | list[int | str] = "2xx",
        target: str | None = None,
    ) -> None:
        """Raise ExpectationError unless an outcome was reported as described; ``target`` is the URL that answered."""
        given = {"event": event, "of": of, "type": type, "status": status, "target": target}
        self._expect(expectation("answered", **given))

    def expect_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        times: int | None = None,
        after: str | None = None,
    ) -> None:
        """Raise ExpectationError unless a request was answered as described; ``times`` is exact."""
        word = None if after is None else {"event": after}
        given = {"of": of, "fields": fields, "operation": operation, "times": times, "after": word}
        self._expect(expectation("queried", **given))

    def expect_delivered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        attempts: int | None = None,
    ) -> None:
        """Raise ExpectationError unless a webhook has arrived; ``attempts`` is how many it took, exactly."""
        given = {"event": event, "of": of, "type": type, "target": target, "attempts": attempts}
        self._expect(expectation("delivered", **given))

    def expect_given_up(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
    ) -> None:
        """Raise ExpectationError unless a webhook was given up."""
        self._expect(expectation("given_up", event=event, of=of, type=type, target=target))

    def expect_not_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        after: str | None = None,
    ) -> None:
        """Raise ExpectationError when a request was answered as described."""
        self.expect_queried(of=of, fields=fields, operation=operation, times=0, after=after)

    def expect_rest(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        of: Subject | None = None,
        status: int | str | list[int | str] = "2xx",
        times: int | None = None,
    ) -> None:
        """Raise ExpectationError unless a route of REST was asked; ``times`` is exact."""
        self._expect(expectation("rest", method=method, path=path, of=of, status=status, times=times))

    def expect_signed_in(self, *, user: Subject | None = None, times: int | None = None) -> None:
        """Raise ExpectationError unless somebody signed in; ``times`` is exact."""
        who = None if user is None else self.user(node_id(user)).id
        self._expect(expectation("signed_in", user=who, times=times))

    def expect_order(self, *events: str, of: Subject | None = None, target: str | None = None) -> None:
        """Raise ExpectationError unless the first webhooks with these words arrived in this order."""
        self._expect(expectation("order", events=events, of=of, target=target))

    def expect_receiver(self, url: str, **_described: object) -> NoReturn:
        """Refuse: nothing here can ask the receiver."""
        raise UsageError(
            "a simulator without sockets cannot ask the receiver",
            place="receiver",
            found=url,
            remedy="Ask it yourself, or use Simulator, which can.",
        )

    def expect(self, **kinds: object) -> None:
        """Raise ExpectationError unless all is met that is expected, each kind as below a script's ``expect``.

        ``receiver`` is refused, since nothing here can ask.
        """
        wanted = expectations(kinds, user=lambda text: self.user(text).id)
        for one in wanted:
            if isinstance(one, Receiver):
                self.expect_receiver(one.url)
        self._expect(*wanted)

    def reset(self, **settings: object) -> None:
        """Begin a new world from the start-up settings and those given; targets stay."""
        self._stage.reset(**settings)

    def snapshot(self) -> Snapshot:
        """Return all that the simulator is now, to be restored as often as is wanted."""
        return self.platform.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: attempts that are out may have arrived, so that they are made again."""
        self._stage.restore(snapshot)

    # inside

    def _apply(self, verb: str, subject: Subject, fields: Mapping[str, JSON], *, by: By, at: At) -> Resource:
        when = at.isoformat() if isinstance(at, datetime) else at
        return self.platform.apply(verb, subject, fields, by=by, at=device_time(self.platform, when))

    def _expect(self, *wanted: Expectation) -> None:
        watch = Watch(self.platform.journal, wanted)
        watch.close()
        verdicts = watch.verdicts()
        if not all(verdict.met for verdict in verdicts):
            raise ExpectationError(explain(verdicts))
