"""What each verb does to a ScenarioSession.

Legality is the state table's; here stands what a legal move does. A session's open part closes when it is paused or
finished, so worked time is the sum of its parts; steps are viewed in their order. The device's time may lie before the
server's, never after it, and never before the session's last move. [inferred] Only a recording may name a time before
the session's start, as a device may do whose clock runs behind. [chosen]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.clock import iso_millis
from simulator.errors import StateError, UsageError
from simulator.wire import JSON
from simulator.world import making, states
from simulator.world.changes import Link
from simulator.world.equipment import equipment_in
from simulator.world.layout import STEP_STRIDE
from simulator.world.recordings import event_data
from simulator.world.resources import (
    Kind,
    Scenario,
    ScenarioRelease,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
    ScenarioStep,
)
from simulator.world.scene import Scene, delete, not_before
from simulator.world.states import FINISHED

__all__ = ["SESSION_VERBS"]


def _move(session: ScenarioSession, verb: str) -> states.Move:
    kind = session.session_type.lower()
    return states.next_move(
        states.SESSION[session.session_type], session.state, verb, what=f"a {kind} ScenarioSession"
    )


def _stop_work(scene: Scene, session: ScenarioSession, verb: str) -> None:
    """Close the open part: pause, finish and leave."""
    move = _move(session, verb)
    not_before(scene, session.since, "the session's last move")
    part = scene.edit.world.need(ScenarioSessionPart, session.part)
    scene.edit.put(replace(part, ended_at=scene.at))
    ended = scene.at if move.state == FINISHED else None
    worked = session.worked + scene.at - session.since
    scene.edit.put(replace(session, state=move.state, since=scene.at, worked=worked, ended_at=ended))
    scene.edit.tell(session.ref, move.verb)


def _pause(scene: Scene, session: ScenarioSession) -> None:
    _stop_work(scene, session, "pause")


def _finish(scene: Scene, session: ScenarioSession) -> None:
    _stop_work(scene, session, "finish")


def _leave(scene: Scene, session: ScenarioSession) -> None:
    _stop_work(scene, session, "leave")


def _resume(scene: Scene, session: ScenarioSession) -> None:
    move = _move(session, "resume")
    not_before(scene, session.since, "the session's last move")
    by = scene.doing.by or _worker(scene, session)
    part = making.make_part(scene.edit, session.number, by, scene.at)
    scene.edit.put(replace(session, state=move.state, since=scene.at, part=part.number))
    scene.edit.tell(session.ref, move.verb)


def _view(scene: Scene, session: ScenarioSession) -> None:
    """View the next steps in order; each is a change of its own."""
    _move(session, "view")
    not_before(scene, session.started_at, "the session's start")
    left = session.steps_possible - session.steps_viewed
    many = scene.fields.number("steps", default=1, low=1, high=STEP_STRIDE)
    if many > left:
        raise StateError(
            f"only {left} of the session's {session.steps_possible} steps are not viewed yet",
            place="steps",
            expected=f"at most {left}",
            found=str(many),
        )
    fresh = scene.edit.world.session_steps(session)[session.steps_viewed : session.steps_viewed + many]
    for number in fresh:
        step = scene.edit.world.need(ScenarioSessionStep, number)
        scene.edit.put(replace(step, viewed_at=scene.at))
        scene.edit.tell(session.ref, "view")
    scene.edit.put(replace(session, steps_viewed=session.steps_viewed + many))


def _record(scene: Scene, session: ScenarioSession) -> None:
    """Hand in one recording; it belongs to the step viewed last, or to ``step`` (from 1)."""
    _move(session, "record")
    if session.ended_at is not None and scene.at > session.ended_at:
        raise UsageError(
            "the session had ended by the device's time",
            place="at",
            expected=f"{iso_millis(session.ended_at)} or before",
            found=iso_millis(scene.at),
        )
    place = scene.fields.number("step", default=session.steps_viewed, low=1, high=session.steps_possible)
    steps = scene.edit.world.session_steps(session)
    type_ = scene.choice("type", "ScenarioStepItemTypeEnum", default="PHOTO")
    data = scene.fields.mapping("eventData") or _recorded(scene, session, type_, place)
    external = scene.fields.json("externalData")
    by = scene.doing.by or _worker(scene, session)
    scene.edit.make(
        Kind.EVENT,
        lambda number: ScenarioSessionEvent(
            number=number,
            session=session.number,
            session_step=steps[place - 1] if place else None,
            created_by=by,
            type=type_,
            created_at=scene.at,
            received_at=scene.edit.now,
            event_data=data,
            external_data=external,
        ),
        (Link.SESSION_EVENTS, session.number),
    )
    scene.edit.tell(session.ref, "record")


def _recorded(scene: Scene, session: ScenarioSession, type_: str, place: int) -> dict[str, JSON]:
    """Say what was recorded when nobody does: something that fits the type and the step. [chosen]"""
    world = scene.edit.world
    steps = world.children(Link.RELEASE_STEPS, session.release)
    step = world.need(ScenarioStep, steps[max(place, 1) - 1])
    scenario = world.need(Scenario, world.need(ScenarioRelease, session.release).scenario)
    procedure = world.base.procedure(scenario.number)
    return event_data(
        type_,
        equipment_in(scenario.name) or procedure.equipment,
        procedure.tag if procedure.tag in scenario.name else scenario.name,
        step.name,
        check=step.checkboxes[0] if step.checkboxes else step.name,
        draw=world.base.seed.number("recorded", world.count(Kind.EVENT) + 1),
    )


def _check(scene: Scene, session: ScenarioSession) -> None:
    """Tick the checkbox with this place (from 1) in the session, or untick it."""
    _move(session, "check")
    not_before(scene, session.started_at, "the session's start")
    boxes = scene.edit.world.checkboxes(session)
    if not boxes:
        raise StateError(
            "the session has no checkboxes",
            remedy="Choose a scenario whose steps have some, or create one: steps may be mappings of name and checkboxes.",
        )
    place = scene.fields.number("checkbox", default=None, low=1, high=len(boxes))
    ticked = scene.fields.flag("checked", default=True)
    box = scene.edit.world.need(ScenarioSessionCheckbox, boxes[place - 1])
    by = scene.doing.by or _worker(scene, session)
    scene.edit.put(replace(box, checked_at=scene.at if ticked else None, checked_by=by if ticked else None))
    scene.edit.tell(session.ref, "check")


def _worker(scene: Scene, session: ScenarioSession) -> int:
    return scene.edit.world.need(ScenarioSessionPart, session.part).created_by


def _update_session(scene: Scene, session: ScenarioSession) -> None:
    _move(session, "update")
    external = scene.fields.json("externalData", default=session.external_data)
    scene.edit.put(replace(session, external_data=external))
    scene.edit.tell(session.ref, "update")


def _delete_session(scene: Scene, session: ScenarioSession) -> None:
    world = scene.edit.world
    scene.edit.drop(Kind.PART, world.children(Link.SESSION_PARTS, session.number))
    scene.edit.drop(Kind.EVENT, world.children(Link.SESSION_EVENTS, session.number))
    delete(scene, session)


SESSION_VERBS: Mapping[str, Callable[[Scene, ScenarioSession], None]] = {
    "update": _update_session,
    "view": _view,
    "record": _record,
    "check": _check,
    "pause": _pause,
    "resume": _resume,
    "leave": _leave,
    "finish": _finish,
    "delete": _delete_session,
}
