"""The operations on the simulator itself: is it there, begin anew, who is told, what goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.addresses import check_own_url
from simulator.control.operations import Ask, Reply
from simulator.control.stage import Stage
from simulator.control.views import show_clock, show_fault, show_target
from simulator.engine import Platform, Resource
from simulator.settings.fault_kinds import SIDES
from simulator.settings.faults import read_faults
from simulator.wire import JSON

__all__ = [
    "add_target",
    "end_faults",
    "faults",
    "give_faults",
    "change_target",
    "health",
    "remove_target",
    "reset",
    "set_faults",
    "targets",
]


def health(stage: Stage, _ask: Ask) -> Reply:
    from simulator import __version__

    platform = stage.platform
    tally = platform.tally()
    return Reply(
        {
            "ready": True,
            "version": __version__,
            "seed": platform.settings.seed,
            "clock": show_clock(platform.clock),
            "base_url": platform.base_url,
            "graphql_url": f"{platform.base_url}/api/v3/graphql",
            "username": platform.username,
            "password": platform.password,
            "token": platform.token,
            "deliveries": {
                "planned": tally.planned,
                "delivered": tally.delivered,
                "given_up": tally.given_up,
                "dropped": tally.dropped,
                "pending": tally.pending,
            },
            "attempts": tally.attempts,
            "requests": tally.requests,
            "queries": {
                "planned": platform.queries["planned"],
                "executed": {way: count for way, count in platform.queries.items() if way != "planned"},
            },
        }
    )


def reset(stage: Stage, ask: Ask) -> Reply:
    changes = ask.fields()
    urls = changes.get("targets")
    for url in urls if isinstance(urls, list) else ():
        _check_target(stage, str(url))
    stage.reset(**changes)
    return health(stage, ask)


def targets(stage: Stage, _ask: Ask) -> Reply:
    return Reply({"targets": [show_target(one) for one in stage.platform.dispatch.targets.standings]})


def add_target(stage: Stage, ask: Ask) -> Reply:
    target = stage.platform.add_target(_check_target(stage, str(ask.fields()["url"])))
    return Reply(show_target(stage.platform.standing(target.id)))


def change_target(stage: Stage, ask: Ask) -> Reply:
    target_id = ask.path["id"]
    if ask.fields()["enabled"]:
        stage.platform.enable_target(target_id)
    else:
        stage.platform.disable_target(target_id)
    return Reply(show_target(stage.platform.standing(target_id)))


def remove_target(stage: Stage, ask: Ask) -> Reply:
    stage.platform.remove_target(ask.path["id"])
    return Reply()


def faults(stage: Stage, _ask: Ask) -> Reply:
    return Reply(_faults(stage))


def set_faults(stage: Stage, ask: Ask) -> Reply:
    given = ask.fields()
    stage.platform.set_faults(read_faults(given), sides=tuple(given))
    return Reply(_faults(stage))


def give_faults(platform: Platform, **sides: Iterable[Mapping[str, object]] | None) -> None:
    """Set the faults of the sides that are given, each as a script writes it; ``of`` may be a resource."""
    given = {
        side: [_by_id(fault) for fault in faults] for side, faults in sides.items() if faults is not None
    }
    platform.set_faults(read_faults(given), sides=tuple(given))


def _by_id(fault: Mapping[str, object]) -> Mapping[str, object]:
    """Return a fault whose condition ``of`` is an id."""
    match = fault.get("match")
    if isinstance(match, Mapping) and isinstance(of := match.get("of"), Resource):
        return {**fault, "match": {**match, "of": of.id}}
    return fault


def end_faults(stage: Stage, _ask: Ask) -> Reply:
    stage.platform.set_faults(())
    return Reply()


def _faults(stage: Stage) -> dict[str, JSON]:
    platform = stage.platform
    return {side: [show_fault(one) for one in platform.faults.all(side, platform.now)] for side in SIDES}


def _check_target(stage: Stage, url: str) -> str:
    return check_own_url(url, allowed=stage.start_settings.allow_targets)
