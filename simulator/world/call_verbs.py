"""What each verb does to a Call.

A call ends when it is finished or when its last participant leaves. [inferred] Whoever is still in it when it is finished
leaves at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.errors import StateError
from simulator.world import making, states
from simulator.world.changes import Link
from simulator.world.resources import Call, CallParticipant, Kind
from simulator.world.scene import Scene, delete, not_before
from simulator.world.states import FINISHED

__all__ = ["CALL_VERBS"]


def _call_move(call: Call, verb: str) -> states.Move:
    return states.next_move(states.CALL, call.state, verb, what="a Call")


def _present(scene: Scene, call: Call) -> list[CallParticipant]:
    world = scene.edit.world
    everybody = [world.need(CallParticipant, n) for n in world.children(Link.CALL_PARTICIPANTS, call.number)]
    return [one for one in everybody if one.left_at is None]


def _join(scene: Scene, call: Call) -> None:
    move = _call_move(call, "join")
    not_before(scene, call.started_at, "the call's start")
    present = {one.user for one in _present(scene, call)}
    by = scene.doing.by
    if by is None:
        by = next((n for n in scene.edit.world.all(Kind.USER) if n not in present), None)
    if by is None or by in present:
        who = scene.view.user_name(by) or "everybody"
        raise StateError(f"{who} is in the call already", place="by", remedy="Say who joins with `by`.")
    making.make_participant(scene.edit, call.number, by, scene.at)
    scene.edit.tell(call.ref, move.verb)


def _leave_call(scene: Scene, call: Call) -> None:
    move = _call_move(call, "leave")
    present = _present(scene, call)
    leaving = present[-1] if scene.doing.by is None else None
    for one in present:
        if one.user == scene.doing.by:
            leaving = one
    if leaving is None:
        who = scene.view.user_name(scene.doing.by)
        inside = ", ".join(filter(None, (scene.view.user_name(one.user) for one in present)))
        raise StateError(f"{who} is not in the call", place="by", remedy=f"In it are: {inside}.")
    not_before(scene, leaving.joined_at, "the participant joined")
    scene.edit.put(replace(leaving, left_at=scene.at))
    if len(present) > 1:
        scene.edit.tell(call.ref, move.verb)
    else:
        _end_call(scene, call)


def _finish_call(scene: Scene, call: Call) -> None:
    _call_move(call, "finish")
    for one in _present(scene, call):
        not_before(scene, one.joined_at, "a participant joined")
        scene.edit.put(replace(one, left_at=scene.at))
    _end_call(scene, call)


def _end_call(scene: Scene, call: Call) -> None:
    not_before(scene, call.started_at, "the call's start")
    scene.edit.put(replace(call, state=FINISHED, ended_at=scene.at))
    scene.edit.tell(call.ref, "finish")


def _update_call(scene: Scene, call: Call) -> None:
    _call_move(call, "update")
    scene.edit.put(replace(call, external_data=scene.fields.json("externalData", default=call.external_data)))
    scene.edit.tell(call.ref, "update")


def _delete_call(scene: Scene, call: Call) -> None:
    scene.edit.drop(Kind.PARTICIPANT, scene.edit.world.children(Link.CALL_PARTICIPANTS, call.number))
    delete(scene, call)


CALL_VERBS: Mapping[str, Callable[[Scene, Call], None]] = {
    "update": _update_call,
    "join": _join,
    "leave": _leave_call,
    "finish": _finish_call,
    "delete": _delete_call,
}
