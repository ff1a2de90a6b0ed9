"""How the world may change: one function for each verb, and one table of them.

A command works out all its changes on an ``Edit``; an illegal move, an unknown field or a bad value raises before the edit
is done, and nothing has changed. Commands take field names as the API writes them (camelCase) and people as users.
They decide neither event words nor who is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.clock import iso_millis
from simulator.errors import NotFoundError, StateError, UsageError, did_you_mean
from simulator.wire import JSON
from simulator.world import making, publishing
from simulator.world.call_verbs import CALL_VERBS
from simulator.world.changes import Change, Edit, Link, World, Written
from simulator.world.fields import Fields
from simulator.world.resources import Group, Kind, License, Ref, Scenario, ScenarioCatalog, User
from simulator.world.scene import Doing, Scene, delete
from simulator.world.session_verbs import SESSION_VERBS
from simulator.world.subscribing import update_subscription
from simulator.world.view import View

__all__ = ["VERBS", "command", "verbs_of"]


def command(
    view: View,
    verb: str,
    subject: Kind | Ref,
    fields: Mapping[str, JSON],
    doing: Doing,
    *,
    written: list[Written] | None = None,
) -> tuple[World, tuple[Change, ...], Ref]:
    """Carry out ``verb`` on a kind (``create``) or a record (all others).

    Return the next world, the changes in order, and the record it was about; ``written`` gets each record that was written.
    Raises ``UsageError`` (a field or value),
    ``NotFoundError`` (no such record, user or verb) or ``StateError`` (an illegal move).
    """
    if doing.at is not None and doing.at > view.now:
        raise UsageError(
            "the device's time lies in the future",
            place="at",
            expected=f"{iso_millis(view.now)} or before",
            found=iso_millis(doing.at),
        )
    edit = Edit(view.world, view.now, written)
    if isinstance(subject, Kind):
        scene = Scene(edit, view, Fields(fields, f"create {subject}"), doing)
        ref = _create(scene, subject)
    else:
        record = view.get(subject)
        if record is None:
            raise NotFoundError(f"there is no {subject.kind} {view.id_of(subject)}")
        act = VERBS[subject.kind].get(verb)
        if act is None:
            known = verbs_of(subject.kind)
            raise StateError(
                f"a {subject.kind} cannot {verb}",
                nearest=did_you_mean(verb, known),
                remedy=f"It can: {', '.join(known) or 'nothing'}.",
            )
        scene = Scene(edit, view, Fields(fields, f"{verb} {subject.kind}"), doing)
        act(scene, record)
        ref = subject
    scene.fields.done()
    world, changes = edit.done()
    return world, changes, ref


def verbs_of(kind: Kind) -> tuple[str, ...]:
    """Return the verbs that a record of this kind understands at all, in some state."""
    return tuple(VERBS[kind])


def _create(scene: Scene, kind: Kind) -> Ref:
    make = making.MAKERS.get(kind)
    if make is None:
        raise UsageError(
            f"a {kind} cannot be created by itself",
            remedy=making.INSTEAD.get(kind, f"Creatable: {', '.join(making.MAKERS)}."),
        )
    record = make(scene)
    scene.edit.tell(record.ref, "create")
    return record.ref


def _update_user(scene: Scene, user: User) -> None:
    products = scene.choices("licenses", "LicenseTypeEnum")
    scene.edit.put(making.user_with(scene.view, scene.fields, user))
    if products is not None:
        making.license_user(scene, user, products)
    scene.edit.tell(user.ref, "update")


def _delete_user(scene: Scene, user: User) -> None:
    if user.number in {scene.view.viewer, 1}:
        raise StateError("the integration's own account cannot be deleted")
    scene.edit.drop(Kind.LICENSE, scene.edit.world.children(Link.USER_LICENSES, user.number))
    delete(scene, user)


def _update_group(scene: Scene, group: Group) -> None:
    scene.edit.put(replace(group, name=scene.fields.text("name", default=group.name)))
    scene.edit.tell(group.ref, "update")


def _delete_group(scene: Scene, group: Group) -> None:
    if group.number == 1:
        raise StateError("the Default group cannot be deleted")
    delete(scene, group)


def _update_license(scene: Scene, held: License) -> None:
    product = scene.choice("product", "LicenseTypeEnum", default=held.product)
    state = scene.choice("state", "LicenseStateEnum", default=held.state)
    scene.edit.put(replace(held, product=product, state=state))
    scene.edit.tell(held.ref, "update")


def _update_catalog(scene: Scene, catalog: ScenarioCatalog) -> None:
    scene.edit.put(publishing.catalog_with(scene.view, scene.fields, catalog))
    scene.edit.tell(catalog.ref, "update")


def _update_scenario(scene: Scene, scenario: Scenario) -> None:
    name = scene.fields.text("name", default=scenario.name)
    description = scene.fields.text("description", default=scenario.description)
    scene.edit.put(replace(scenario, name=name, description=description))
    scene.edit.tell(scenario.ref, "update")


VERBS: Mapping[Kind, Mapping[str, Callable[..., None]]] = {
    **{kind: {} for kind in Kind},
    Kind.SESSION: SESSION_VERBS,
    Kind.CALL: CALL_VERBS,
    Kind.USER: {"update": _update_user, "delete": _delete_user},
    Kind.GROUP: {"update": _update_group, "delete": _delete_group},
    Kind.LICENSE: {"update": _update_license, "delete": delete},
    Kind.CATALOG: {"update": _update_catalog, "delete": delete},
    Kind.SCENARIO: {"update": _update_scenario},
    Kind.SUBSCRIPTION: {"update": update_subscription, "delete": delete},
}
"""For each kind, the verbs it understands besides ``create``."""
