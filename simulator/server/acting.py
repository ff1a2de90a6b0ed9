"""What a handle does to a platform: who is told, what happens in the world, what goes wrong on purpose.

Each method is one call of the platform. It must not wait, nor look at what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from simulator.control.running import give_faults
from simulator.control.subjects import At, By, Subject, node_id
from simulator.control.world import device_time
from simulator.engine import Resource
from simulator.server.reach import BlockingReach, Reach, recorded
from simulator.webhooks.targets import Target
from simulator.wire import JSON

__all__ = ["Acting", "BlockingActing"]


class Acting(Reach):
    """The part of an awaitable handle that changes something."""

    @recorded
    async def add_target(self, url: str) -> Target:
        """Tell ``url`` of all that happens from now on; a reset keeps it."""
        return await self._call(lambda: self._live.stage.add_target(url))

    @recorded
    async def remove_target(self, target: Target | str) -> None:
        """Tell a target, or the one with this id, nothing more."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.remove_target(target_id))

    @recorded
    async def subscribe(
        self, topic: str, url: str, *, secret: str | None = None, query: str | None = None
    ) -> Resource:
        """Subscribe a URL to a topic, such as ``user/created``; ``update`` and ``delete`` change and end a subscription.

        A new ``sharedSecret`` keeps the old one; ``signing="both"`` signs with the two of them, ``"old"`` with the old one.
        A reset ends every subscription.
        """
        fields = {"topic": topic, "callbackUrl": url, "sharedSecret": secret, "query": query}
        return await self.create("WebhookSubscription", **fields)

    @recorded
    async def disable_target(self, target: Target | str) -> None:
        """Let what a target is told pile up until it is enabled."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.platform.disable_target(target_id))

    @recorded
    async def enable_target(self, target: Target | str) -> None:
        """Tell a disabled target again, first of all what has piled up."""
        target_id = target if isinstance(target, str) else target.id
        await self._call(lambda: self._live.stage.platform.enable_target(target_id))

    @recorded
    async def create(self, type: str, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        """Create a resource of a GraphQL type; ``fields`` are named as in the SDL."""
        return await self._apply("create", type, fields, by=by, at=at)

    @recorded
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

    @recorded
    async def delete(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        """Delete a resource; what it was is returned."""
        return await self._apply("delete", subject, {}, by=by, at=at)

    @recorded
    async def pause(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("pause", subject, {}, by=by, at=at)

    @recorded
    async def resume(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("resume", subject, {}, by=by, at=at)

    @recorded
    async def finish(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("finish", subject, {}, by=by, at=at)

    @recorded
    async def leave(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("leave", subject, {}, by=by, at=at)

    @recorded
    async def join(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return await self._apply("join", subject, {}, by=by, at=at)

    @recorded
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

    @recorded
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

    @recorded
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

    @recorded
    async def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> None:
        """Tell every target of something that is no change of the world."""
        await self._call(lambda: self._platform.emit(type=type, event=event, data=data or {}))

    async def resource(self, subject: Subject) -> Resource:
        """Return a resource as it now is."""
        return await self._call(lambda: self._platform.resource(node_id(subject)))

    async def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        """Return resources of a type whose databaseId is above ``after``, oldest first."""
        return await self._call(lambda: self._platform.resources(type, after=after, limit=limit))

    async def user(self, text: str) -> Resource:
        """Return the user whom a node id, username, e-mail address or full name names."""
        return await self._call(lambda: self._platform.user(text))

    @recorded
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


class BlockingActing(BlockingReach):
    """The same, blocking."""

    def add_target(self, url: str) -> Target:
        return self._block(self.awaitable.add_target(url))

    def remove_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.remove_target(target))

    def subscribe(
        self, topic: str, url: str, *, secret: str | None = None, query: str | None = None
    ) -> Resource:
        return self._block(self.awaitable.subscribe(topic, url, secret=secret, query=query))

    def disable_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.disable_target(target))

    def enable_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.enable_target(target))

    def create(self, type: str, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.create(type, by=by, at=at, **fields))

    def update(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.update(subject, by=by, at=at, **fields))

    def delete(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.delete(subject, by=by, at=at))

    def pause(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.pause(subject, by=by, at=at))

    def resume(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.resume(subject, by=by, at=at))

    def finish(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.finish(subject, by=by, at=at))

    def leave(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.leave(subject, by=by, at=at))

    def join(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.join(subject, by=by, at=at))

    def view(self, subject: Subject, /, *, steps: int = 1, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.view(subject, steps=steps, by=by, at=at))

    def record(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.record(subject, by=by, at=at, **fields))

    def check(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.check(subject, by=by, at=at, **fields))

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> None:
        return self._block(self.awaitable.emit(type=type, event=event, data=data))

    def resource(self, subject: Subject) -> Resource:
        return self._block(self.awaitable.resource(subject))

    def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        return self._block(self.awaitable.resources(type, after=after, limit=limit))

    def user(self, text: str) -> Resource:
        return self._block(self.awaitable.user(text))

    def faults(
        self,
        *,
        delivery: Iterable[Mapping[str, object]] | None = None,
        api: Iterable[Mapping[str, object]] | None = None,
    ) -> None:
        return self._block(self.awaitable.faults(delivery=delivery, api=api))
