"""What clients may change: each mutation as a command of the world, and its result as the vendor tells it.

Decides how a mutation's arguments become a command's fields, and how what is wrong with them is told: inside the data, as a
list of errors. [documented: UQ] Which fields there are and what they may hold is decided by the command.

The arguments stand in ``input``. [documented: UW] The older form without ``input`` is taken as well. [documented: UW] Both
at once, or neither, is an error inside the data. [chosen]

A URL that arrives here must be on this machine or on a host that the operator allows. [chosen] Mutations are sent by POST.
[chosen]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from graphql import GraphQLError

from simulator.errors import NotFoundError, UsageError
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.making import group_called
from simulator.world.resources import Kind, Ref
from simulator.world.rights import Viewer
from simulator.world.sight import may_see
from simulator.world.subscribing import check_callback
from simulator.world.view import View

__all__ = ["MUTATIONS", "Changer", "Mutation", "by_post"]


class Changer(Protocol):
    """Who carries out commands for a client."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    def view(self, viewer: Viewer = ...) -> View:
        """Return the world as a user sees it now."""

    def carry_out(
        self, verb: str, subject: str, fields: Mapping[str, JSON] | None = None, *, by: str | None = ...
    ) -> str:
        """Carry out a command and return the node id of what it was about."""


Mutation: TypeAlias = Callable[[Changer, View, Mapping[str, Any]], dict[str, Any]]
"""Carries out a mutation, given its arguments, and returns the payload."""


def by_post(changer: Changer | None) -> Changer:
    """Return who carries out commands; for what did not come by POST there is nobody."""
    if changer is None:
        raise GraphQLError("A mutation must be sent by POST")
    return changer


class _Shape(NamedTuple):
    """What the mutations about a kind have in common: ``name`` is what the record is called in input and payload, ``paths``
    say where in the input the command's fields stand."""

    kind: Kind
    name: str
    fields: Callable[[Changer, View, Mapping[str, Any]], dict[str, JSON]]
    paths: Mapping[str, tuple[str, ...]]


def _mutation(verb: str, shape: _Shape) -> Mutation:
    def mutate(changer: Changer, view: View, arguments: Mapping[str, Any]) -> dict[str, Any]:
        kind, name = shape.kind, shape.name
        wrapped = arguments.get("input") or {}
        payload: dict[str, Any] = {
            "errors": [],
            name: None,
            "clientMutationId": wrapped.get("clientMutationId"),
        }
        try:
            given = _given(arguments, name)
            subject: str = kind
            if verb != "create":
                subject = view.id_of(_subject(view, kind, given.get("id")))
            if not _may(view, verb, kind, subject):
                payload["errors"] = [_refused(verb, kind)]
                return payload
            fields = {} if verb == "delete" else shape.fields(changer, view, given)
            who = view.id_of(Ref(Kind.USER, view.viewer))
            node_id = changer.carry_out(verb, subject, fields, by=who)
        except UsageError as error:
            payload["errors"] = [_told(error, shape.paths)]
        else:
            # What was deleted is told as it last was.
            payload[name] = changer.view(view.asker).by_id(node_id) or view.by_id(node_id)
        return payload

    return mutate


def _may(view: View, verb: str, kind: Kind, subject: str) -> bool:
    """Return whether the viewer may give this command: a token for chosen groups updates their users, and no more."""
    if view.rights.writes_all:
        return True
    if (verb, kind) != ("update", Kind.USER) or view.rights.groups is None:
        return False
    record = view.by_id(subject)
    return record is not None and may_see(view, record)


def _refused(verb: str, kind: Kind) -> dict[str, JSON]:
    """Tell that the viewer lacks the right; how the vendor tells it is not known. [chosen]"""
    message = f"Not authorized to {verb} {kind}"
    return {
        "fullMessage": message,
        "message": message,
        "path": [],
        "type": "NOT_AUTHORIZED",
        "field": None,
    }


def _given(arguments: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the arguments, wherever they stand."""
    wrapped: Mapping[str, Any] | None = arguments.get("input")
    flat = {key: value for key, value in arguments.items() if key != "input" and value is not None}
    if wrapped is None and not flat:
        raise UsageError("there are no arguments", place="input", remedy=f"Give input with {name}.")
    if wrapped is not None and flat:
        raise UsageError(
            "the arguments stand in input and beside it",
            place="input",
            remedy=f"Leave out {', '.join(flat)}.",
        )
    return flat if wrapped is None else wrapped


def _subject(view: View, kind: Kind, given: str | None) -> Ref:
    """A record is named by its node id, or by its databaseId. [chosen]"""
    record = None if given is None else view.find(kind, given)
    if record is None:
        found = "nothing" if given is None else repr(given)
        raise NotFoundError(f"there is no such {kind}", place="id", expected="its id", found=found)
    return record.ref


def _told(error: UsageError, paths: Mapping[str, tuple[str, ...]]) -> dict[str, JSON]:
    """Tell what is wrong: where, as a path from the outermost name in, and as which kind of mistake. [inferred]"""
    whole = str(error)
    path = paths.get(error.place, (error.place,)) if error.place else ()
    message = whole.removeprefix(f"{error.place}: ")
    return {
        "fullMessage": ": ".join([*path[-1:], message]),
        "message": message,
        "path": [*path],
        "type": "NOT_FOUND" if isinstance(error, NotFoundError) else "INVALID",
        "field": path[-1] if path else None,
    }


def _subscription(changer: Changer, _view: View, given: Mapping[str, Any]) -> dict[str, JSON]:
    fields: dict[str, JSON] | None = given.get("webhookSubscription")
    if fields is None:
        name = "webhookSubscription"
        raise UsageError("nothing is said about it", place=name, remedy=f"Give {name}.")
    check_callback(fields, allowed=changer.settings.allow_targets)
    return fields


def _user(_changer: Changer, view: View, given: Mapping[str, Any]) -> dict[str, JSON]:
    """A password is taken and forgotten: only the integration's own account can sign in. [chosen]

    An origin group is for those who write or administer, with others it is to be left out. [documented: UQ] Whoever gives
    it all the same is told so. [chosen]
    """
    fields: dict[str, JSON] = dict(given.get("user") or {})
    credentials = fields.pop("credentials", None)
    if isinstance(credentials, dict):
        fields["username"] = credentials.get("username")
    fields |= {"groups": given.get("requestedGroups"), "licenses": given.get("requestedLicenses")}
    origin = given.get("requestedOriginGroup")
    if origin is not None:
        writing = [view.wire("LicenseTypeEnum", one) for one in ("AUTHOR", "COMPANY_ADMINISTRATOR")]
        if not set(writing) & set(given.get("requestedLicenses") or ()):
            raise UsageError(
                "an origin group goes with other licences",
                place="requestedOriginGroup",
                expected=f"{' or '.join(writing)} among requestedLicenses",
                remedy="Leave it out.",
            )
        try:
            group_called(view, origin)
        except NotFoundError as error:
            error.place = "requestedOriginGroup"
            raise
    return fields


_SUBSCRIPTIONS: Final = _Shape(
    Kind.SUBSCRIPTION,
    "webhookSubscription",
    _subscription,
    {name: ("webhookSubscription", name) for name in ("topic", "callbackUrl", "sharedSecret", "query")},
)
_USERS: Final = _Shape(
    Kind.USER,
    "user",
    _user,
    {
        **{name: ("user", name) for name in ("firstName", "lastName", "email", "phone", "jobTitle")},
        "username": ("user", "credentials", "username"),
        "groups": ("requestedGroups",),
        "licenses": ("requestedLicenses",),
    },
)

MUTATIONS: Final[Mapping[str, Mutation]] = {
    f"{verb}{name}": _mutation(verb, shape)
    for name, shape in (("WebhookSubscription", _SUBSCRIPTIONS), ("User", _USERS))
    for verb in ("create", "update", "delete")
}
"""All mutations, by their names in the SDL."""
