"""The operations of the control side as methods that are awaited.

Decides what each is called and which fields it takes; it must not know how one gets there. A test holds that no row of the
table is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from simulator.client.shapes import (
    NOTHING,
    Shown,
    Subject,
    id_or_none,
    listed,
    listed_in,
    node_id,
    plain,
    present,
    resource_of,
    shown,
)
from simulator.showing import Resource
from simulator.wire import JSON

__all__ = ["AwaitedOperations"]


class AwaitedOperations(ABC):
    """What a client offers beside ``call``, which carries out any operation by its name."""

    @abstractmethod
    async def call(
        self,
        name: str,
        *,
        path: Mapping[str, str] = NOTHING,
        query: Mapping[str, JSON] = NOTHING,
        body: JSON = None,
    ) -> JSON:
        """Carry out an operation by its name in ``openapi.json``; a script's ``body`` is its text."""

    async def health(self) -> Shown:
        """Return whether the simulator is ready, its version, seed, clock, credentials and counters."""
        return shown(await self.call("health"))

    async def reset(self, **settings: JSON) -> Shown:
        """Begin a new world from the start-up settings and those given."""
        return shown(await self.call("reset", body=settings))

    async def create(
        self, type: str, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        """Create a resource of a GraphQL type; ``fields`` are named as in the SDL."""
        return resource_of(
            await self.call(
                "create_resource", path={"resource": type}, query={"by": by, "at": at}, body=fields
            )
        )

    async def resource(self, subject: Subject) -> Resource:
        """Return a resource as it now is."""
        return resource_of(await self.call("read_resource", path={"resource": node_id(subject)}))

    async def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        """Return resources of a type whose databaseId is above ``after``, oldest first."""
        return [
            resource_of(one)
            for one in listed_in(
                await self.call(
                    "read_resource", path={"resource": type}, query={"after": after, "limit": limit}
                ),
                "resources",
            )
        ]

    async def update(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        """Change fields of a resource."""
        return resource_of(
            await self.call(
                "update_resource",
                path={"resource": node_id(subject)},
                query={"by": by, "at": at},
                body=fields,
            )
        )

    async def delete(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        """Delete a resource; what it was is returned."""
        return resource_of(
            await self.call(
                "delete_resource", path={"resource": node_id(subject)}, query={"by": by, "at": at}
            )
        )

    async def change(
        self, subject: Subject, verb: str, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        """Carry out a verb: pause, resume, finish, leave, join, view, record or check."""
        return resource_of(
            await self.call(
                "change_resource",
                path={"resource": node_id(subject), "verb": verb},
                query={"by": by, "at": at},
                body=fields,
            )
        )

    async def pause(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return await self.change(subject, "pause", by=by, at=at)

    async def resume(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return await self.change(subject, "resume", by=by, at=at)

    async def finish(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return await self.change(subject, "finish", by=by, at=at)

    async def leave(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return await self.change(subject, "leave", by=by, at=at)

    async def join(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return await self.change(subject, "join", by=by, at=at)

    async def view(
        self, subject: Subject, /, *, steps: int = 1, by: str | None = None, at: str | None = None
    ) -> Resource:
        """View the next ``steps`` steps of a session."""
        return await self.change(subject, "view", by=by, at=at, steps=steps)

    async def record(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        """Record an event of a session, such as ``type="PHOTO"``."""
        return await self.change(subject, "record", by=by, at=at, **fields)

    async def check(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        """Tick a checkbox of a session: ``checkbox=2`` is the second."""
        return await self.change(subject, "check", by=by, at=at, **fields)

    async def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> Shown:
        """Tell every target of something that is no change of the world."""
        return shown(await self.call("emit", body={"type": type, "event": event, "data": dict(data or {})}))

    async def targets(self) -> list[Shown]:
        """Return who is told."""
        return listed_in(await self.call("targets"), "targets")

    async def add_target(self, url: str) -> Shown:
        """Tell a URL of all that happens from now on."""
        return shown(await self.call("add_target", body={"url": url}))

    async def enable_target(self, target: str) -> Shown:
        """Tell a disabled target again, first of all what has piled up."""
        return shown(await self.call("change_target", path={"id": target}, body={"enabled": True}))

    async def disable_target(self, target: str) -> Shown:
        """Let what a target is told pile up until it is enabled."""
        return shown(await self.call("change_target", path={"id": target}, body={"enabled": False}))

    async def remove_target(self, target: str) -> None:
        """Tell a target nothing more."""
        await self.call("remove_target", path={"id": target})

    async def subscriptions(self) -> list[Shown]:
        """Return the subscriptions to webhook topics, with their secrets."""
        return listed_in(await self.call("subscriptions"), "subscriptions")

    async def subscription(self, id: str) -> Shown:
        """Return one subscription."""
        return shown(await self.call("subscription", path={"id": id}))

    async def subscribe(self, **fields: JSON) -> Shown:
        """Subscribe a URL to a topic; ``fields`` are those of a script's ``subscribe``."""
        return shown(await self.call("subscribe", body=fields))

    async def update_subscription(self, id: str, /, **fields: JSON) -> Shown:
        """Change a subscription; what is left out stays."""
        return shown(await self.call("update_subscription", path={"id": id}, body=fields))

    async def unsubscribe(self, id: str) -> None:
        """End a subscription."""
        await self.call("unsubscribe", path={"id": id})

    async def journal(
        self,
        *,
        after: int = 0,
        kinds: Iterable[str] = (),
        about: Subject | None = None,
        limit: int = 100,
        within: str | None = None,
    ) -> Shown:
        """Return ``entries`` of the journal, and ``next``, which as ``after`` goes on; ``within`` waits for one."""
        return shown(
            await self.call(
                "journal",
                query={
                    "after": after,
                    "kind": listed(kinds),
                    "about": id_or_none(about),
                    "limit": limit,
                    "within": within,
                },
            )
        )

    async def tree(self, *, after: int = 0, about: Subject | None = None, limit: int = 100) -> Shown:
        """Return what followed from what."""
        return shown(
            await self.call("tree", query={"after": after, "about": id_or_none(about), "limit": limit})
        )

    async def requests(
        self, *, after: int = 0, about: Subject | None = None, limit: int = 100
    ) -> list[Shown]:
        """Return what the receiver asked of the vendor's API, oldest first."""
        return listed_in(
            await self.call("requests", query={"after": after, "about": id_or_none(about), "limit": limit}),
            "requests",
        )

    async def deliveries(
        self,
        *,
        after: int = 0,
        state: str | None = None,
        event: str | None = None,
        of: Subject | None = None,
        limit: int = 100,
    ) -> list[Shown]:
        """Return the deliveries with their attempts, in the order they were planned."""
        return listed_in(
            await self.call(
                "deliveries",
                query={"after": after, "state": state, "event": event, "of": id_or_none(of), "limit": limit},
            ),
            "deliveries",
        )

    async def delivery(self, id: int) -> Shown:
        """Return one delivery with its attempts."""
        return shown(await self.call("delivery", path={"id": str(id)}))

    async def resend(self, id: int) -> Shown:
        """Send a delivery again, also one that has arrived."""
        return shown(await self.call("resend", path={"id": str(id)}))

    async def resend_many(self, **chosen: JSON) -> Shown:
        """Send all deliveries again that fit."""
        return shown(await self.call("resend_many", body=chosen))

    async def wait_deliveries(self, **wanted: JSON) -> Shown:
        """Wait until a webhook was answered as described, or, when nothing is described, until nothing is due."""
        return shown(await self.call("wait_deliveries", body=wanted))

    async def wait_requests(self, **wanted: JSON) -> Shown:
        """Wait until the receiver has asked as described."""
        return shown(await self.call("wait_requests", body=wanted))

    async def wait_expectations(self, **wanted: JSON) -> Shown:
        """Wait until all that is expected holds, as a script's ``expect`` says it."""
        return shown(await self.call("wait_expectations", body=wanted))

    async def play(self, script: str, *, name: str = "script", wait: bool = True) -> Shown:
        """Play a script, its YAML or JSON; return its run, with ``wait`` when it has ended."""
        return shown(await self.call("play", query={"name": name, "wait": wait}, body=script))

    async def run(self, run: str) -> Shown:
        """Return how a script is doing, or how it went."""
        return shown(await self.call("run", path={"run": run}))

    async def run_journal(self, run: str, *, report: int = 1, after: int = 0, limit: int = 100) -> Shown:
        """Return ``entries`` of what happened in one of a script's runs, and ``next``, which as ``after`` goes on."""
        query = {"report": report, "after": after, "limit": limit}
        return shown(await self.call("run_journal", path={"run": run}, query=query))

    async def clock(self) -> Shown:
        """Return what time it is, and how it passes."""
        return shown(await self.call("clock"))

    async def set_clock(self, mode: str) -> Shown:
        """Let time pass differently: ``real``, ``max``, ``manual``, or a factor such as ``60``."""
        return shown(await self.call("set_clock", body={"mode": mode}))

    async def advance(self, by: str | None = None, *, to: str | None = None) -> Shown:
        """Move a clock that stands, by a duration or to a moment; what falls due on the way is posted first."""
        return shown(await self.call("advance_clock", body=present({"by": by, "to": to})))

    async def settle(self, *, within: str | None = None) -> Shown:
        """Wait until nothing is due and the receiver is quiet."""
        return shown(await self.call("settle", body=present({"within": within})))

    async def snapshots(self) -> list[Shown]:
        """Return the snapshots that are kept."""
        return listed_in(await self.call("snapshots"), "snapshots")

    async def take_snapshot(self, name: str | None = None) -> Shown:
        """Keep all that the simulator is now."""
        return shown(await self.call("take_snapshot", body=present({"name": name})))

    async def restore(self, snapshot: str) -> Shown:
        """Go back to a snapshot, named by its id or its name."""
        return shown(await self.call("restore", path={"id": snapshot}))

    async def delete_snapshot(self, snapshot: str) -> None:
        """Forget a snapshot."""
        await self.call("delete_snapshot", path={"id": snapshot})

    async def faults(self) -> Shown:
        """Return what goes wrong on purpose."""
        return shown(await self.call("faults"))

    async def set_faults(
        self, *, delivery: Sequence[JSON] | None = None, api: Sequence[JSON] | None = None
    ) -> Shown:
        """Let these things go wrong from now on, each as a script writes it."""
        return shown(
            await self.call("set_faults", body=present({"delivery": plain(delivery), "api": plain(api)}))
        )

    async def end_faults(self) -> None:
        """Let nothing go wrong any more."""
        await self.call("end_faults")

    async def explain_signature(
        self,
        computed: str,
        *,
        delivery: int | None = None,
        body: str | None = None,
        secrets: Sequence[str] = (),
    ) -> Shown:
        """Say by which mistake a receiver computed a signature, or that it is right."""
        return shown(
            await self.call(
                "explain_signature",
                body=present(
                    {
                        "computed": computed,
                        "delivery": delivery,
                        "body": body,
                        "secrets": plain(secrets or None),
                    }
                ),
            )
        )

    async def openapi(self) -> Shown:
        """Return the description of the control side."""
        return shown(await self.call("openapi"))
