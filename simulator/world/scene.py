"""What a verb works on: the edit, the view it began from, the fields given, who does it and when."""

from __future__ import annotations

from simulator.clock import Moment, iso_millis
from simulator.errors import UsageError, did_you_mean
from simulator.settings import ENUMS
from simulator.values import dataclass
from simulator.world.changes import Edit
from simulator.world.fields import Fields
from simulator.world.resources import Record
from simulator.world.view import View

__all__ = ["Doing", "Scene", "delete", "not_before"]


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something and when: ``by`` is a user's number or None for the one who would, ``at`` the device's time
    or None for now."""

    by: int | None = None
    at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a verb's function works on."""

    edit: Edit
    view: View
    fields: Fields
    doing: Doing

    @property
    def at(self) -> Moment:
        """The device's time."""
        return self.edit.now if self.doing.at is None else self.doing.at

    def choice(self, name: str, enum: str, *, default: str) -> str:
        """Return the value of a field that is one of an enum's, spelt as on the wire or as ours."""
        spelling = self.view.world.base.spelling
        wire = [spelling.wire(enum, value) for value in ENUMS[enum]]
        given = self.fields.choice(name, wire, also=ENUMS[enum], default="")
        return spelling.ours(enum, given) if given else default

    def choices(self, name: str, enum: str) -> tuple[str, ...] | None:
        """Return the values of a field that lists some of an enum's, spelt likewise; None when it was not given."""
        given = self.fields.texts(name)
        if given is None:
            return None
        spelling = self.view.world.base.spelling
        wire = [spelling.wire(enum, value) for value in ENUMS[enum]]
        for one in given:
            if one not in (*wire, *ENUMS[enum]):
                raise UsageError(
                    f"{one!r} does not fit in {name}",
                    place=name,
                    expected=f"some of {', '.join(wire)}",
                    nearest=did_you_mean(one, wire),
                )
        return tuple(dict.fromkeys(spelling.ours(enum, one) for one in given))


def not_before(scene: Scene, since: Moment, what: str) -> None:
    """Refuse a device's time before ``since``; ``what`` names that moment."""
    if scene.at < since:
        raise UsageError(
            f"the device's time lies before {what}",
            place="at",
            expected=f"{iso_millis(since)} or after",
            found=iso_millis(scene.at),
        )


def delete(scene: Scene, record: Record) -> None:
    """Remove a record and tell of it."""
    scene.edit.drop(record.KIND, [record.number])
    scene.edit.tell(record.ref, "delete")
