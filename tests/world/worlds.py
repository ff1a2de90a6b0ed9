"""A small world that the tests of this folder read and change."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.clock import VIRTUAL_START, Moment
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.changes import Change, World
from simulator.world.commands import command
from simulator.world.graph import attributes
from simulator.world.ids import IdCode
from simulator.world.populate import Base
from simulator.world.resources import Kind, Record, Ref
from simulator.world.scene import Doing
from simulator.world.view import View

MINUTE = 60_000


class Stage:
    """A world with a clock that a test moves by hand."""

    def __init__(self, **settings: object) -> None:
        self.base = Base(Settings().replace(**settings), VIRTUAL_START)
        self.world = World(self.base)
        self.now = VIRTUAL_START
        self.ids = IdCode(self.base.seed)
        self.changes: tuple[Change, ...] = ()

    @property
    def view(self) -> View:
        return View(self.world, self.now, self.ids)

    def do(
        self,
        verb: str,
        subject: Kind | Ref,
        fields: Mapping[str, JSON] | None = None,
        *,
        by: int | None = None,
        at: Moment | None = None,
    ) -> Ref:
        """Carry out a command, keep the next world and remember what it told."""
        self.world, self.changes, ref = command(self.view, verb, subject, fields or {}, Doing(by, at))
        return ref

    def subscribe(self, topic: JSON = "user/created", **fields: JSON) -> Ref:
        """Subscribe a URL on this machine to a topic."""
        return self.do(
            "create", Kind.SUBSCRIPTION, {"topic": topic, "callbackUrl": "http://localhost/", **fields}
        )

    def told(self) -> list[str]:
        """Return the verbs that the last command told."""
        return [change.verb for change in self.changes]

    def wait(self, minutes: float) -> None:
        self.now = Moment(self.now + int(minutes * MINUTE))

    def read(self, ref: Ref) -> dict[str, JSON]:
        record: Record | None = self.view.get(ref)
        assert record is not None
        return attributes(self.view, record)
