"""The same operations as methods that block: see ``awaited``, whose words these are."""

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

__all__ = ["BlockingOperations"]


class BlockingOperations(ABC):
    """What a blocking client offers beside ``ask``."""

    @abstractmethod
    def call(
        self,
        name: str,
        *,
        path: Mapping[str, str] = NOTHING,
        query: Mapping[str, JSON] = NOTHING,
        body: JSON = None,
    ) -> JSON:
        """Carry out an operation by its name in ``openapi.json``; a script's ``body`` is its text."""

    def health(self) -> Shown:
        return shown(self.call("health"))

    def reset(self, **settings: JSON) -> Shown:
        return shown(self.call("reset", body=settings))

    def create(
        self, type: str, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        return resource_of(
            self.call("create_resource", path={"resource": type}, query={"by": by, "at": at}, body=fields)
        )

    def resource(self, subject: Subject) -> Resource:
        return resource_of(self.call("read_resource", path={"resource": node_id(subject)}))

    def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        return [
            resource_of(one)
            for one in listed_in(
                self.call("read_resource", path={"resource": type}, query={"after": after, "limit": limit}),
                "resources",
            )
        ]

    def update(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        return resource_of(
            self.call(
                "update_resource",
                path={"resource": node_id(subject)},
                query={"by": by, "at": at},
                body=fields,
            )
        )

    def delete(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return resource_of(
            self.call("delete_resource", path={"resource": node_id(subject)}, query={"by": by, "at": at})
        )

    def change(
        self, subject: Subject, verb: str, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        return resource_of(
            self.call(
                "change_resource",
                path={"resource": node_id(subject), "verb": verb},
                query={"by": by, "at": at},
                body=fields,
            )
        )

    def pause(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return self.change(subject, "pause", by=by, at=at)

    def resume(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return self.change(subject, "resume", by=by, at=at)

    def finish(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return self.change(subject, "finish", by=by, at=at)

    def leave(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return self.change(subject, "leave", by=by, at=at)

    def join(self, subject: Subject, /, *, by: str | None = None, at: str | None = None) -> Resource:
        return self.change(subject, "join", by=by, at=at)

    def view(
        self, subject: Subject, /, *, steps: int = 1, by: str | None = None, at: str | None = None
    ) -> Resource:
        return self.change(subject, "view", by=by, at=at, steps=steps)

    def record(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        return self.change(subject, "record", by=by, at=at, **fields)

    def check(
        self, subject: Subject, /, *, by: str | None = None, at: str | None = None, **fields: JSON
    ) -> Resource:
        return self.change(subject, "check", by=by, at=at, **fields)

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> Shown:
        return shown(self.call("emit", body={"type": type, "event": event, "data": dict(data or {})}))

    def targets(self) -> list[Shown]:
        return listed_in(self.call("targets"), "targets")

    def add_target(self, url: str) -> Shown:
        return shown(self.call("add_target", body={"url": url}))

    def enable_target(self, target: str) -> Shown:
        return shown(self.call("change_target", path={"id": target}, body={"enabled": True}))

    def disable_target(self, target: str) -> Shown:
        return shown(self.call("change_target", path={"id": target}, body={"enabled": False}))

    def remove_target(self, target: str) -> None:
        self.call("remove_target", path={"id": target})

    def subscriptions(self) -> list[Shown]:
        return listed_in(self.call("subscriptions"), "subscriptions")

    def subscription(self, id: str) -> Shown:
        return shown(self.call("subscription", path={"id": id}))

    def subscribe(self, **fields: JSON) -> Shown:
        return shown(self.call("subscribe", body=fields))

    def update_subscription(self, id: str, /, **fields: JSON) -> Shown:
        return shown(self.call("update_subscription", path={"id": id}, body=fields))

    def unsubscribe(self, id: str) -> None:
        self.call("unsubscribe", path={"id": id})

    def journal(
        self,
        *,
        after: int = 0,
        kinds: Iterable[str] = (),
        about: Subject | None = None,
        limit: int = 100,
        within: str | None = None,
    ) -> Shown:
        return shown(
            self.call(
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

    def tree(self, *, after: int = 0, about: Subject | None = None, limit: int = 100) -> Shown:
        return shown(self.call("tree", query={"after": after, "about": id_or_none(about), "limit": limit}))

    def requests(self, *, after: int = 0, about: Subject | None = None, limit: int = 100) -> list[Shown]:
        return listed_in(
            self.call("requests", query={"after": after, "about": id_or_none(about), "limit": limit}),
            "requests",
        )

    def deliveries(
        self,
        *,
        after: int = 0,
        state: str | None = None,
        event: str | None = None,
        of: Subject | None = None,
        limit: int = 100,
    ) -> list[Shown]:
        return listed_in(
            self.call(
                "deliveries",
                query={"after": after, "state": state, "event": event, "of": id_or_none(of), "limit": limit},
            ),
            "deliveries",
        )

    def delivery(self, id: int) -> Shown:
        return shown(self.call("delivery", path={"id": str(id)}))

    def resend(self, id: int) -> Shown:
        return shown(self.call("resend", path={"id": str(id)}))

    def resend_many(self, **chosen: JSON) -> Shown:
        return shown(self.call("resend_many", body=chosen))

    def wait_deliveries(self, **wanted: JSON) -> Shown:
        return shown(self.call("wait_deliveries", body=wanted))

    def wait_requests(self, **wanted: JSON) -> Shown:
        return shown(self.call("wait_requests", body=wanted))

    def wait_expectations(self, **wanted: JSON) -> Shown:
        return shown(self.call("wait_expectations", body=wanted))

    def play(self, script: str, *, name: str = "script", wait: bool = True) -> Shown:
        return shown(self.call("play", query={"name": name, "wait": wait}, body=script))

    def run(self, run: str) -> Shown:
        return shown(self.call("run", path={"run": run}))

    def run_journal(self, run: str, *, report: int = 1, after: int = 0, limit: int = 100) -> Shown:
        query = {"report": report, "after": after, "limit": limit}
        return shown(self.call("run_journal", path={"run": run}, query=query))

    def clock(self) -> Shown:
        return shown(self.call("clock"))

    def set_clock(self, mode: str) -> Shown:
        return shown(self.call("set_clock", body={"mode": mode}))

    def advance(self, by: str | None = None, *, to: str | None = None) -> Shown:
        return shown(self.call("advance_clock", body=present({"by": by, "to": to})))

    def settle(self, *, within: str | None = None) -> Shown:
        return shown(self.call("settle", body=present({"within": within})))

    def snapshots(self) -> list[Shown]:
        return listed_in(self.call("snapshots"), "snapshots")

    def take_snapshot(self, name: str | None = None) -> Shown:
        return shown(self.call("take_snapshot", body=present({"name": name})))

    def restore(self, snapshot: str) -> Shown:
        return shown(self.call("restore", path={"id": snapshot}))

    def delete_snapshot(self, snapshot: str) -> None:
        self.call("delete_snapshot", path={"id": snapshot})

    def faults(self) -> Shown:
        return shown(self.call("faults"))

    def set_faults(
        self, *, delivery: Sequence[JSON] | None = None, api: Sequence[JSON] | None = None
    ) -> Shown:
        return shown(self.call("set_faults", body=present({"delivery": plain(delivery), "api": plain(api)})))

    def end_faults(self) -> None:
        self.call("end_faults")

    def explain_signature(
        self,
        computed: str,
        *,
        delivery: int | None = None,
        body: str | None = None,
        secrets: Sequence[str] = (),
    ) -> Shown:
        return shown(
            self.call(
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

    def openapi(self) -> Shown:
        return shown(self.call("openapi"))
