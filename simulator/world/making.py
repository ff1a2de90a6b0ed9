"""How records come to be: one maker for each kind that can be created by itself.

Each maker reads the fields it knows and nothing else; whatever is not given is chosen by the seed or by a stated default.
A session created without a type is persistent, so that every verb is legal; the product's own default is passive. [chosen]
A session created without a scenario belongs to the first one's latest release. [chosen]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from simulator.clock import Moment
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.world import fakes, states
from simulator.world.changes import Edit, Link
from simulator.world.fields import Fields
from simulator.world.marks import called_mark
from simulator.world.publishing import make_catalog, make_release, make_scenario, scenario_of
from simulator.world.resources import (
    Call,
    CallParticipant,
    Group,
    Kind,
    License,
    Record,
    ScenarioRelease,
    ScenarioSession,
    ScenarioSessionPart,
    User,
)
from simulator.world.scene import Scene
from simulator.world.subscribing import make_subscription
from simulator.world.view import View

__all__ = [
    "INSTEAD",
    "MAKERS",
    "group_called",
    "license_user",
    "make_part",
    "make_participant",
    "user_with",
]

INSTEAD: Mapping[Kind, str] = {
    Kind.PART: "A part begins when a session is created or resumed.",
    Kind.SESSION_STEP: "A session has its steps from the start; `view` marks them.",
    Kind.EVENT: "Use `record` on the session.",
    Kind.ATTACHMENT: "Use `record` on the session: a photo has a file.",
    Kind.CHECKBOX: "A session has its checkboxes from the start; `check` ticks them.",
    Kind.PARTICIPANT: "Use `join` on the call.",
    Kind.SEQUENCE: "Give `steps` when you create a Scenario.",
    Kind.STEP: "Give `steps` when you create a Scenario.",
    Kind.TOPIC: "The setting topics lists them.",
    Kind.ORGANIZATION: "A world has one organisation; name it in the settings or in a script's world.",
}


def make_part(edit: Edit, session: int, by: int, at: Moment) -> ScenarioSessionPart:
    """Begin a stretch of work."""
    return edit.make(
        Kind.PART,
        lambda number: ScenarioSessionPart(number=number, session=session, created_by=by, started_at=at),
        (Link.SESSION_PARTS, session),
    )


def make_participant(edit: Edit, call: int, user: int, at: Moment) -> CallParticipant:
    """Bring somebody into a call."""
    return edit.make(
        Kind.PARTICIPANT,
        lambda number: CallParticipant(number=number, call=call, user=user, joined_at=at),
        (Link.CALL_PARTICIPANTS, call),
    )


def user_with(view: View, fields: Fields, user: User) -> User:
    """Return ``user`` with the given fields; names and addresses stay unique."""
    first, last = user.first_name, user.last_name
    name = fields.text("name", default=None)
    if name is not None:
        first, _, last = name.strip().partition(" ")
    changed = replace(
        user,
        first_name=fields.text("firstName", default=first),
        last_name=fields.text("lastName", default=last),
        username=fields.text("username", default=user.username),
        email=fields.text("email", default=user.email),
        phone=fields.text("phone", default=user.phone),
        job_title=fields.text("jobTitle", default=user.job_title),
        groups=_groups(view, fields, user.groups),
    )
    if changed.username != user.username:
        for number in view.world.marked(called_mark(Kind.USER, changed.username)):
            if view.world.need(User, number).username == changed.username:
                raise UsageError(f"the username {changed.username!r} is taken", place="username")
    return changed


def _groups(view: View, fields: Fields, default: tuple[int, ...]) -> tuple[int, ...]:
    names = fields.texts("groups")
    if names is None:
        return default
    return tuple(sorted({1, *(group_called(view, name) for name in names)}))


def group_called(view: View, name: str) -> int:
    """Return the group that a node id, a databaseId or a name stands for; the name may be in capitals. [documented: UQ]"""
    record = view.find(Kind.GROUP, name)
    called = [record.number] if record else view.world.marked(called_mark(Kind.GROUP, name))
    if not called:
        known = {number: view.world.need(Group, number).name for number in view.some(Kind.GROUP)}
        called = [number for number, one in known.items() if one.casefold() == name.casefold()]
        if not called:
            raise NotFoundError(
                f"no group is called {name!r}", place="groups", nearest=did_you_mean(name, known.values())
            )
    return called[-1]


def _make_user(scene: Scene) -> User:
    number = scene.view.world.count(Kind.USER) + 1
    first, last = fakes.person_name(scene.view.world.base.seed, number)
    blank = User(number=number, first_name=first, last_name=last, username="", email="")
    user = user_with(scene.view, scene.fields, blank)
    username = user.username or f"{user.first_name}.{user.last_name or number}".lower().replace(" ", "-")
    user = replace(user, username=username, email=user.email or f"{username}@example.com")
    products = scene.choices("licenses", "LicenseTypeEnum")
    scene.edit.make(Kind.USER, lambda _: user)
    license_user(scene, user, ("VIEWER",) if products is None else products)
    return user


def license_user(scene: Scene, user: User, products: Sequence[str]) -> None:
    """Let a user have these licences and no others; those that the user has already stay.

    Who writes work instructions needs no licence to view them, and cannot have it. [documented: HC "CMS: Licensing and
    License Management"]
    """
    if {"AUTHOR", "VIEWER"} <= set(products):
        raise UsageError("AUTHOR and VIEWER exclude each other", place="licenses", remedy="Leave one out.")
    numbers = scene.edit.world.children(Link.USER_LICENSES, user.number)
    held = [scene.edit.world.need(License, number) for number in numbers]
    scene.edit.drop(Kind.LICENSE, [one.number for one in held if one.product not in products])
    for product in products:
        if product not in [one.product for one in held]:
            _license(scene.edit, user.number, product)


def _license(edit: Edit, user: int, product: str) -> License:
    return edit.make(
        Kind.LICENSE,
        lambda number: License(number=number, user=user, product=product),
        (Link.USER_LICENSES, user),
    )


def _make_license(scene: Scene) -> License:
    user = scene.fields.text("user", default=None)
    if user is None:
        raise UsageError("a License needs its user", place="user", remedy="Give `user`: a node id or a name.")
    product = scene.choice("product", "LicenseTypeEnum", default="VIEWER")
    return _license(scene.edit, scene.view.find_user(user).number, product)


def _make_group(scene: Scene) -> Group:
    number = scene.view.world.count(Kind.GROUP) + 1
    name = scene.fields.text("name", default=f"Group {number}")
    return scene.edit.make(Kind.GROUP, lambda number: Group(number=number, name=name))


def _latest_release(view: View, fields: Fields) -> ScenarioRelease:
    """Return the release that ``scenarioRelease`` names, or else the latest of the scenario."""
    text = fields.text("scenarioRelease", default=None)
    if text is None:
        scenario = scenario_of(view, fields)
        return view.world.need(
            ScenarioRelease, view.world.children(Link.SCENARIO_RELEASES, scenario.number)[-1]
        )
    record = view.find(Kind.RELEASE, text)
    if not isinstance(record, ScenarioRelease):
        raise NotFoundError(
            f"there is no ScenarioRelease {text!r}",
            place="scenarioRelease",
            remedy="Give its node id or its databaseId.",
        )
    return record


def _someone(view: View) -> int:
    """Return who works when nobody is named: the first person after the integration's account."""
    people = view.world.all(Kind.USER)
    return people[1] if len(people) > 1 else people[0]


def _make_session(scene: Scene) -> ScenarioSession:
    release = _latest_release(scene.view, scene.fields)
    type_ = scene.choice("sessionType", "ScenarioSessionTypeEnum", default=states.PERSISTENT)
    external = scene.fields.json("externalData")
    worker = scene.doing.by or _someone(scene.view)
    number = scene.view.world.count(Kind.SESSION) + 1
    part = make_part(scene.edit, number, worker, scene.at)
    return scene.edit.make(
        Kind.SESSION,
        lambda number: ScenarioSession(
            number=number,
            release=release.number,
            created_by=worker,
            session_type=type_,
            state=states.IN_PROGRESS,
            started_at=scene.at,
            since=scene.at,
            part=part.number,
            steps_possible=len(scene.view.world.children(Link.RELEASE_STEPS, release.number)),
            external_data=external,
        ),
        (Link.USER_SESSIONS, worker),
        (Link.RELEASE_SESSIONS, release.number),
        (Link.SCENARIO_SESSIONS, release.scenario),
    )


def _make_call(scene: Scene) -> Call:
    named = [scene.view.find_user(text).number for text in scene.fields.texts("participants") or ()]
    external = scene.fields.json("externalData")
    caller = scene.doing.by or (named[0] if named else _someone(scene.view))
    call = scene.edit.make(
        Kind.CALL,
        lambda number: Call(
            number=number,
            created_by=caller,
            state=states.IN_PROGRESS,
            started_at=scene.at,
            external_data=external,
        ),
    )
    for user in dict.fromkeys([caller, *named]):
        make_participant(scene.edit, call.number, user, scene.at)
    return call


MAKERS: Mapping[Kind, Callable[[Scene], Record]] = {
    Kind.SESSION: _make_session,
    Kind.CALL: _make_call,
    Kind.USER: _make_user,
    Kind.GROUP: _make_group,
    Kind.LICENSE: _make_license,
    Kind.CATALOG: make_catalog,
    Kind.SCENARIO: make_scenario,
    Kind.RELEASE: make_release,
    Kind.SUBSCRIPTION: make_subscription,
}
