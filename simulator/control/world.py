"""The operations on the world: read, create, change and delete resources, and tell of what is no resource."""

from __future__ import annotations

from simulator.clock import Moment
from simulator.control.operations import Ask, Reply
from simulator.control.stage import Stage
from simulator.control.views import show_resource
from simulator.engine import Platform, Resource
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.wire import JSON
from simulator.world.resources import Kind
from simulator.world.subscribing import check_callback

__all__ = ["carry_out", "change", "create", "delete", "device_time", "emit", "read", "update"]

_MOST = 1000
_TYPES = tuple(str(kind) for kind in Kind)


def device_time(platform: Platform, at: str | None) -> Moment | None:
    """Read ``at``: an ISO 8601 moment, or ``-20m`` for so long before now."""
    from simulator.script.model import parse_device_time

    if at is None:
        return None
    try:
        device = parse_device_time(at)
    except UsageError as error:
        raise error.at("at") from None
    return device.moment if device.moment is not None else Moment(platform.now + device.shift)


def read(stage: Stage, ask: Ask) -> Reply:
    """One resource, or the list of a type: no node id is a type's name."""
    name = ask.path["resource"]
    if name in _TYPES:
        return _listed(stage, name, after=ask.number("after", 0), limit=ask.number("limit", 100))
    try:
        return Reply(show_resource(stage.platform.resource(name)))
    except NotFoundError:
        nearest = did_you_mean(name, _TYPES)
        if not nearest:
            raise
        raise NotFoundError(f"there is no resource and no type {name!r}", nearest=nearest) from None


def _listed(stage: Stage, kind: str, *, after: int, limit: int) -> Reply:
    limit = max(1, min(limit, _MOST))
    found = stage.platform.resources(kind, after=after, limit=limit + 1)
    listed = found[:limit]
    more = int(str(listed[-1]["databaseId"])) if len(found) > limit else None
    return Reply({"resources": [show_resource(one) for one in listed], "next": more})


def create(stage: Stage, ask: Ask) -> Reply:
    return Reply(show_resource(carry_out(stage, "create", ask.path["resource"], ask)))


def update(stage: Stage, ask: Ask) -> Reply:
    return Reply(show_resource(carry_out(stage, "update", ask.path["resource"], ask)))


def delete(stage: Stage, ask: Ask) -> Reply:
    return Reply(show_resource(carry_out(stage, "delete", ask.path["resource"], ask)))


def change(stage: Stage, ask: Ask) -> Reply:
    return Reply(show_resource(carry_out(stage, ask.path["verb"], ask.path["resource"], ask)))


def carry_out(stage: Stage, verb: str, subject: str, ask: Ask) -> Resource:
    fields = ask.fields()
    by, at = (_beside(ask, fields, name) for name in ("by", "at"))
    check_callback(fields, allowed=stage.start_settings.allow_targets)
    return stage.platform.apply(verb, subject, fields, by=by, at=device_time(stage.platform, at))


def emit(stage: Stage, ask: Ask) -> Reply:
    fields = ask.fields()
    data = fields.get("data", {})
    assert isinstance(data, dict)
    before = stage.platform.tally().planned
    stage.platform.emit(type=str(fields["type"]), event=str(fields["event"]), data=data)
    return Reply({"planned": stage.platform.tally().planned - before})


def _beside(ask: Ask, fields: dict[str, JSON], name: str) -> str | None:
    """Return ``by`` or ``at``, which may stand in the query or beside the fields, but not in both."""
    inside = fields.pop(name, None)
    outside = ask.text(name)
    assert isinstance(inside, str | None)
    if inside is not None and outside is not None:
        raise UsageError(f"{name} stands in the query and in the body", remedy="Leave one of them out.")
    return outside if inside is None else inside
