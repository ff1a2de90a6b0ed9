"""The handle whose methods are awaited: a running simulator as a test or a program drives it.

Decides what a handle offers. It must not decide anything about the world: each method is one call of the platform, or
one wait, made in the loop that the simulator lives in, whichever loop it is awaited from.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

from aiohttp import web

from simulator.clock import Moment, iso_millis, parse_duration
from simulator.control.playing import begin
from simulator.control.resending import Choice, Resent, resend_chosen
from simulator.control.running import give_faults
from simulator.control.waits import WITHIN, advance, drained, judge, read_within, settled
from simulator.control.world import device_time
from simulator.engine import Resource, Wait
from simulator.errors import ExpectationError, StateError
from simulator.expect import Answered, Delivered, Expectation, GivenUp, Queried, explain, parse_statuses
from simulator.journal import Entry, RequestAnswered
from simulator.report.deliveries import DeliveryStory, deliveries_of
from simulator.report.signatures import explain_signature
from simulator.report.tree import Tree, tree_of
from simulator.server.app import LIVE
from simulator.server.middleware import CONTROL_PREFIX
from simulator.server.reach import Reach
from simulator.webhooks.targets import Target
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.script.model import Script
    from simulator.script.player import Report
    from simulator.webhooks.misreadings import Explanation

__all__ = ["AsyncSimulator", "At", "By", "Duration", "Subject"]

Subject: TypeAlias = str | Resource
"""A resource, or its node id."""

By: TypeAlias = Subject | None
"""Who does it: also a username, e-mail address or full name. None is who would do it anyway."""

At: TypeAlias = str | datetime | None
"""The device's time: ISO 8601, or ``-20m`` for so long ago. None is now."""

Duration: TypeAlias = str | float
"""``12m``, ``3s``, ISO 8601, or a number of seconds."""


class AsyncSimulator(Reach):
    """A running simulator. Its methods may be awaited in any event loop; ``async with Simulator()`` gives one."""

    @classmethod
    def of(cls, app: web.Application, *, base_url: str | None = None) -> Self:
        """Return a handle on the simulator that a started application serves.

        ``base_url`` is where it can be reached; left out, the first request teaches it.
        """
        if LIVE not in app:
            raise StateError("the application was not started", remedy="Start it before you drive it.")
        live = app[LIVE]
        if base_url is not None:
            live.stage.found_at(base_url.rstrip("/"))
        return cls(live)

    # what an integration needs to know

    @property
    def base_url(self) -> str:
        """Where the vendor's side is, without a slash at the end."""
        return self._live.stage.address

    @property
    def graphql_url(self) -> str:
        return f"{self.base_url}/api/v3/graphql"

    @property
    def control_url(self) -> str:
        """Where the control side is, with a slash at the end."""
        return f"{self.base_url}{CONTROL_PREFIX}/"

    @property
    def username(self) -> str:
        return self._platform.username

    @property
    def password(self) -> str:
        return self._platform.password

    @property
    def token(self) -> str:
        """The permanent token of the default user."""
        return self._platform.token

    @property
    def seed(self) -> int:
        return self._platform.settings.seed

    @property
    def now(self) -> str:
        """The present moment on the simulator's clock, ISO 8601."""
        return iso_millis(self._platform.now)

    # who is told

    async def add_target(self, url: str) -> Target:
        """Tell ``url`` of all that happens from now on; a reset keeps it."""
        return await self._call(lambda: self._live.stage.add_target(url))

    async def remove_target(self, target: Target | str) -> None:
        """Tell a target, or the one with this id, nothing more."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.remove_target(target_id))

    async def subscribe(
        self, topic: str, url: str, *, secret: str | None = None, query: str | None = None
    ) -> Resource:
        """Subscribe a URL to a topic, such as ``user/created``; ``update`` and ``delete`` change and end a subscription.

        A new ``sharedSecret`` keeps the old one; ``signing="both"`` signs with the two of them, ``"old"`` with the old one.
        A reset ends every subscription.
        """
        fields = {"topic": topic, "callbackUrl": url, "sharedSecret": secret, "query": query}
        return await self.create("WebhookSubscription", **fields)

    async def disable_target(self, target: Target | str) -> None:
        """Let what a target is told pile up until it is enabled."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.platform.disable_target(target_id))

    async def enable_target(self, target: Target | str) -> None:
        """Tell a disabled target again, first of all what has piled up."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.platform.enable_target(target_id))

    # the world

    async def create(self, type: str, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        """Create a resource of a GraphQL type; ``fields`` are named as in the SDL."""
        return await self._apply("create", type, fields, by=by, at=at)

    async def update(
        self,
        subject: Subject,
        /,
        *,
        by: By = None,
        at: At = None,
        **fields: JSON,
    ) -> Resource:
        return await self._apply("update", subject, fields, by=by, at=at)

    async def delete(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        """Delete a resource; what it was is returned."""
        return await self._apply("delete", subject, {}, by=by, at=at)

    async def pause(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("pause", subject, {}, by=by, at=at)

    async def resume(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("resume", subject, {}, by=by, at=at)

    async def finish(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("finish", subject, {}, by=by, at=at)

    async def leave(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("leave", subject, {}, by=by, at=at)

    async def join(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("join", subject, {}, by=by, at=at)

    async def view(
        self,
        subject: Subject,
        /,
        *,
        steps: int = 1,
        by: By = None,
        at: At = None,
    ) -> Resource:
        """View the next ``steps`` steps of a session, one change each."""
        return await self._apply("view", subject, {"steps": steps}, by=by, at=at)

    async def record(
        self,
        subject: Subject,
        /,
        *,
        by: By = None,
        at: At = None,
        **fields: JSON,
    ) -> Resource:
        """Record an event of a session, such as ``type="PHOTO"``."""
        return await self._apply("record", subject, fields, by=by, at=at)

    async def check(
        self,
        subject: Subject,
        /,
        *,
        by: By = None,
        at: At = None,
        **fields: JSON,
    ) -> Resource:
        """Tick a checkbox of a session: ``checkbox=2`` is the second."""
        return await self._apply("check", subject, fields, by=by, at=at)

    async def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> None:
        """Tell every target of something that is no change of the world."""
        await self._call(lambda: self._platform.emit(type=type, event=event, data=data or {}))

    async def resource(self, subject: Subject) -> Resource:
        """Return a resource as it now is."""
        return await self._call(lambda: self._platform.resource(_id(subject)))

    async def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        """Return resources of a type whose databaseId is above ``after``, oldest first."""
        return await self._call(lambda: self._platform.resources(type, after=after, limit=limit))

    async def user(self, text: str) -> Resource:
        """Return the user whom a node id, username, e-mail address or full name names."""
        return await self._call(lambda: self._platform.user(text))

    # what goes wrong on purpose

    async def faults(
        self,
        *,
        delivery: Iterable[Mapping[str, object]] | None = None,
        api: Iterable[Mapping[str, object]] | None = None,
    ) -> None:
        """Let these things go wrong from now on, each as a script writes it, in place of what did before on that side.

        ``delivery=[{"drop": True, "times": 2}]``; an empty list only ends what did; a side left out stays as it is. ``of`` in a
        match is a resource or its node id.
        """
        await self._call(lambda: give_faults(self._platform, delivery=delivery, api=api))

    # time

    async def advance(self, duration: Duration) -> None:
        """Move a clock of speed ``max``; what falls due on the way is posted and answered first."""
        await self._drive(lambda: advance(self._platform, self._after(duration)))

    async def wait(self, duration: Duration) -> None:
        """Let so much simulated time pass, at whatever speed it passes."""
        await self._drive(lambda: self._passed(self._after(duration)))

    async def drain(self, *, within: Duration | None = None) -> None:
        """Wait until nothing is due; ExpectationError when something still is after ``within``, 5 s if not given."""
        await self._quieten(drained, within)

    async def settle(self, *, within: Duration | None = None) -> None:
        """Wait until nothing is due and the receiver has been quiet for 300 ms; ExpectationError as for ``drain``."""
        await self._quieten(settled, within)

    # scripts

    async def play(self, script: str | Path | Mapping[str, JSON]) -> Report:
        """Play a script: a file, the name of a bundled one, or its content as a mapping.

        Raises ExpectationError when an expectation of the script is not met.
        """
        loaded = _load(script)
        report = await self._drive(lambda: begin(self._live.stage, loaded)[1])
        if not report.ok:
            raise ExpectationError(explain(report.verdicts))
        return report

    # what happened

    async def deliveries(
        self, *, of: Subject | None = None, event: str | None = None, state: str | None = None
    ) -> list[DeliveryStory]:
        """Return the deliveries with their attempts, in the order they were planned."""

        def read() -> list[DeliveryStory]:
            entries = self._platform.journal.select(
                kinds=("delivery", "attempt", "outcome"), about=None if of is None else _id(of)
            )
            return [
                story
                for story in deliveries_of(entries)
                if event in (None, story.planned.word) and state in (None, story.state)
            ]

        return await self._call(read)

    async def requests(self, *, of: Subject | None = None) -> list[RequestAnswered]:
        """Return what clients asked of the vendor's side, oldest first."""
        entries = await self.journal(kinds=("request",), about=of)
        return [entry.fact for entry in entries if isinstance(entry.fact, RequestAnswered)]

    async def journal(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> list[Entry]:
        """Return the entries of the journal, oldest first."""
        of = None if about is None else _id(about)
        return await self._call(
            lambda: self._platform.journal.select(after=after, kinds=tuple(kinds), about=of)
        )

    async def tree(self, *, of: Subject | None = None) -> Tree:
        """Return what followed from what: changes, their webhooks, and what was asked because of each; print it."""
        about = None if of is None else _id(of)
        return await self._call(lambda: tree_of(self._platform.journal, about=about))

    async def explain_signature(
        self, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
    ) -> Explanation:
        """Say by which mistake somebody computed this signature, or that it is ``right``; print it.

        ``of`` is one of ``deliveries()``, of which the last attempt counts, or the body of a request. The secrets are those of the
        subscriptions that lead there, or those given, the newest first.
        """
        known = tuple(secrets)
        return await self._call(lambda: explain_signature(self._platform, computed, of=of, secrets=known))

    async def resend(
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
        choice = Choice(event, None if of is None else _id(of), type, target, state, after, until)
        return await self._call(lambda: resend_chosen(self._platform, choice, delivery))

    async def expect_answered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        status: int | str | list[int | str] = "2xx",
        in_: Duration | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook was answered as described, at most ``within`` (5 s); else raise ExpectationError.

        ``in_`` is how long the attempt may have taken, ``target`` the URL that answered. ``within="3d simulated"``
        names the simulator's clock.
        """
        wanted = Answered(
            event=event,
            of=None if of is None else _id(of),
            type=type,
            status=parse_statuses(status),
            took=None if in_ is None else _seconds(in_),
            target=target,
        )
        await self._expect(wanted, within)

    async def expect_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        times: int | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until the API was asked as described, at most ``within`` (5 s); else raise ExpectationError.

        ``times`` is exact and waits for quiet; ``after`` is the event word of a webhook about the same resource.
        """
        wanted = Queried(
            of=None if of is None else _id(of),
            fields=tuple(fields),
            operation=operation,
            times=times,
            after=after,
        )
        await self._expect(wanted, within)

    async def expect_delivered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        attempts: int | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook has arrived, at most ``within`` (5 s); else raise ExpectationError.

        ``attempts`` is how many it took, exactly. On a ``max`` clock time runs on to each further attempt.
        """
        about = None if of is None else _id(of)
        await self._expect(Delivered(event, about, type, target, attempts), within)

    async def expect_given_up(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook was given up, at most ``within`` (5 s); else raise ExpectationError.

        On a ``max`` clock time runs on to each further attempt.
        """
        about = None if of is None else _id(of)
        await self._expect(GivenUp(event, about, type, target), within)

    # beginning anew

    async def reset(self, **settings: object) -> None:
        """Begin a new world from the start-up settings and those given; targets stay, posts in flight are cancelled."""
        await self._call(lambda: self._live.stage.reset(**settings))

    # inside

    async def _apply(
        self,
        verb: str,
        subject: Subject,
        fields: Mapping[str, JSON],
        *,
        by: By,
        at: At,
    ) -> Resource:
        when = at.isoformat() if isinstance(at, datetime) else at
        return await self._call(
            lambda: self._platform.apply(verb, subject, fields, by=by, at=device_time(self._platform, when))
        )

    async def _expect(self, wanted: Expectation, within: Duration | None) -> None:
        limit = read_within(within)
        verdicts = await self._drive(lambda: judge(self._platform, [wanted], within=limit))
        if not verdicts[0].met:
            raise ExpectationError(explain(verdicts))

    async def _quieten(self, make: Callable[..., Wait], within: Duration | None) -> None:
        seconds = WITHIN.seconds if within is None else _seconds(within)

        def work() -> Generator[Wait, bool, bool]:
            return (yield make(self._platform, timeout=seconds))

        if not await self._drive(work):
            pending = self._platform.tally().pending
            raise ExpectationError(
                f"expected nothing to be due within {seconds:g} s; seen: {pending} deliveries pending"
            )

    def _passed(self, until: Moment) -> Generator[Wait, bool, None]:
        platform = self._platform
        yield Wait(lambda _idle: platform.now >= until and not platform.busy, until=until)

    def _after(self, duration: Duration) -> Moment:
        return Moment(self._platform.now + round(_seconds(duration) * 1000))


def _id(subject: Subject) -> str:
    return subject if isinstance(subject, str) else subject.id


def _seconds(duration: Duration) -> float:
    return parse_duration(duration) / 1000 if isinstance(duration, str) else float(duration)


def _load(script: str | Path | Mapping[str, JSON]) -> Script:
    from simulator.script.prepare import load, open_script

    if isinstance(script, Mapping):
        return load(json.dumps(script), environ=os.environ)
    return open_script(str(script), environ=os.environ)
