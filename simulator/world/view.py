"""One look at the world: a root, a moment and who is looking.

A view finds records by reference, node id, databaseId or a person's name. It never moves or changes anything; an older
root with its own moment is a view of the past.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.clock import Moment
from simulator.errors import NotFoundError, did_you_mean
from simulator.values import dataclass
from simulator.world.changes import World
from simulator.world.ids import IdCode
from simulator.world.marks import called_mark
from simulator.world.resources import Kind, Record, Ref, User
from simulator.world.rights import OPERATOR, Rights, Viewer

__all__ = ["View"]

_SOME = 200


@dataclass(frozen=True, slots=True)
class View:
    """One root of the world, read at ``now`` by somebody; files are at ``base_url``.

    What the viewer may not see is found all the same: whoever answers asks ``sight``.
    """

    world: World
    now: Moment
    ids: IdCode
    asker: Viewer = OPERATOR
    base_url: str = ""

    @property
    def viewer(self) -> int:
        """The number of the user who looks."""
        return self.asker.user

    @property
    def rights(self) -> Rights:
        """What that user may see and do."""
        return self.asker.rights

    def get(self, ref: Ref) -> Record | None:
        """Return the record, or None when there never was one or it was deleted."""
        return self.world.get(ref)

    def id_of(self, ref: Ref) -> str:
        """Return the node id."""
        return self.ids.encode(ref)

    def by_id(self, text: str) -> Record | None:
        """Return the record with this node id, or None."""
        ref = self.ids.decode(text)
        return self.world.get(ref) if ref else None

    def by_database_id(self, kind: Kind, text: str) -> Record | None:
        """Return the record of ``kind`` with this databaseId, or None."""
        if not text.isdecimal() or not text.isascii() or len(text) > 18 or int(text) < 1:
            return None
        return self.world.get(Ref(kind, int(text)))

    def find(self, kind: Kind, text: str) -> Record | None:
        """Return the record of ``kind`` that a node id or a databaseId names, or None."""
        record = self.by_id(text) or self.by_database_id(kind, text)
        return record if record is not None and record.KIND is kind else None

    def find_user(self, text: str) -> User:
        """Return the user that a node id, username, e-mail address or full name names; else ``NotFoundError``."""
        record = self.by_id(text)
        if isinstance(record, User):
            return record
        called = self.world.marked(called_mark(Kind.USER, text))
        if called:
            return self.world.need(User, called[0])
        people = [self.world.need(User, number) for number in self.some(Kind.USER)]
        raise NotFoundError(
            f"no user is called {text!r}",
            nearest=did_you_mean(text, [name for one in people for name in (one.username, one.name)]),
            remedy="Name a user by node id, username, e-mail address or full name.",
        )

    def some(self, kind: Kind) -> Sequence[int]:
        """Return the first and the last numbers of a kind: enough to name what was probably meant."""
        rows = self.world.all(kind)
        return rows[:] if len(rows) <= _SOME else [*rows[: _SOME // 2], *rows[-_SOME // 2 :]]

    def wire(self, enum: str, value: str) -> str:
        """Return how a value of an enum is spelt on the wire."""
        return self.world.base.spelling.wire(enum, value)

    def user_name(self, number: int | None) -> str | None:
        """Return a user's full name, or None when the user is gone."""
        record = self.world.get(Ref(Kind.USER, number)) if number else None
        return record.name if isinstance(record, User) else None
