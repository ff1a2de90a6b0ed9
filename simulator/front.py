"""The front door with its faults: a request is answered as it should be, or as something that goes wrong has it.

Decides what each fault of the API side does to an answer, and which moment of the world the API shows: the present one,
an older one for ``lag``, or that before a change whose post went out ``early``. What is asked and how it is answered
is the matter of ``routes``; which fault strikes is decided in ``faults``. Nothing waits here: an answer that is to come
late, slowly or not at all says so, and whoever holds the connection carries that out.

Somebody who only looks on (``Onlooker``) asks at the same door: whatever changes what is seen there holds for them as for
anybody, all else does not, and nothing of it is counted or kept.

A request that a fault answers with an error status is not carried out. [chosen] One whose connection a fault closes was
carried out. [chosen] An answer that a fault spoilt does not count as one. [chosen]
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Protocol

from simulator import routes
from simulator.auth import Auth
from simulator.clock import NOW_HEADER, Moment, iso_millis
from simulator.faults import Aimed, Faults, RequestTrouble
from simulator.journal import OBSERVER, RequestAnswered
from simulator.past import Past
from simulator.rest import Desk
from simulator.routes import Routed
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.wire import JSON, Answer, Request, dump
from simulator.world.changes import World
from simulator.world.resources import Record
from simulator.world.rights import OPERATOR, Viewer
from simulator.world.view import View

if TYPE_CHECKING:
    from simulator.graphql.execute import Endpoint

__all__ = ["FrontDesk", "Look", "Onlooker", "answer"]


class FrontDesk(Desk, Protocol):
    """What the front door needs besides: the faults, the past, and how many requests there were."""

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""

    @property
    def past(self) -> Past:
        """The world as it was."""

    @property
    def asked_so_far(self) -> int:
        """How many requests were answered before this one."""

    def view_of(self, root: World, now: Moment, viewer: Viewer) -> View:
        """Return a root as a user sees it at a moment."""


class _Earlier:
    """A desk that shows an older world; what is done, is done to the present one, and whoever did it sees that one."""

    def __init__(self, desk: FrontDesk, lag: int, *, auth: Auth | None = None) -> None:
        self._desk = desk
        self._lag = lag
        self._auth = auth or desk.auth
        self._changed = False

    @property
    def settings(self) -> Settings:
        return self._desk.settings

    @property
    def auth(self) -> Auth:
        return self._auth

    @property
    def now(self) -> Moment:
        return self._desk.now

    @property
    def graphql(self) -> Endpoint:
        return self._desk.graphql

    @property
    def queries(self) -> Counter[str]:
        return self._desk.queries

    def view(self, viewer: Viewer = OPERATOR) -> View:
        if self._changed:
            return self._desk.view(viewer)
        moment, root = self._desk.past.seen(self._desk.now, self._lag)
        return self._desk.view_of(root, moment, viewer)

    def carry_out(
        self, verb: str, subject: str, fields: Mapping[str, JSON] | None = None, *, by: str | None = None
    ) -> str:
        self._changed = True
        return self._desk.carry_out(verb, subject, fields, by=by)

    def start_session(self, release: int, external_data: JSON, viewer: Viewer) -> Record:
        self._changed = True
        return self._desk.start_session(release, external_data, viewer)


class _Present(_Earlier):
    """A desk that shows the world as it is."""

    def view(self, viewer: Viewer = OPERATOR) -> View:
        return self._desk.view(viewer)


class Look(NamedTuple):
    """What an onlooker saw. ``faults`` names those of the API that have it see an older world, ``veiled`` says whether a post
    that went out early does."""

    answer: Answer
    faults: tuple[str, ...]
    veiled: bool


class Onlooker:
    """Somebody who asks what a client would be answered, without being one: nothing is counted, journalled or used up.

    It needs no token that anybody could let expire, and is struck by no fault but by those that change what is seen.
    """

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk
        self._auth = Auth(Seed(desk.settings.seed), token_days=desk.settings.token_days)

    @property
    def token(self) -> str:
        return self._auth.token

    def ask(self, request: Request) -> Look:
        """Return what the next request would see that is like this one; it must be one that changes nothing."""
        desk = self._desk
        lag, faults = 0, tuple[str, ...]()
        if desk.faults.api:
            lag, faults = desk.faults.behind(routes.aim(desk, request), desk.asked_so_far + 1, desk.now)
        veiled = desk.past.veiled(desk.now)
        seen = (_Earlier if lag or veiled else _Present)(desk, lag, auth=self._auth)
        return Look(routes.answer(seen, request).answer, faults, veiled)

    def ask_now(self, request: Request) -> Answer:
        """Return what it would see if nothing went wrong."""
        return routes.answer(_Present(self._desk, 0, auth=self._auth), request).answer


def answer(desk: FrontDesk, request: Request) -> RequestAnswered:
    """Answer a request to the vendor's API, as the faults have it, and say what the journal keeps of it."""
    if not desk.faults.api:
        routed = routes.answer(_Earlier(desk, 0) if desk.past.veiled(desk.now) else desk, request)
        return _fact(desk, request, routed, routed.answer)
    aimed = routes.aim(desk, request)
    trouble = desk.faults.on_request(aimed, desk.asked_so_far + 1, desk.now, request.received)
    routed, spoilt = _answered(desk, request, aimed, trouble)
    given = routed.answer
    answered = Answer(
        given.status,
        given.body,
        given.content_type,
        given.headers,
        delay=trouble.latency,
        drip=trouble.drip,
        hang_up=trouble.hang_up,
    )
    return _fact(desk, request, routed, answered, faults=trouble.faults, spoilt=spoilt or trouble.hang_up)


def _fact(
    desk: FrontDesk,
    request: Request,
    routed: Routed,
    given: Answer,
    *,
    faults: tuple[str, ...] = (),
    spoilt: bool = False,
) -> RequestAnswered:
    if desk.settings.clock_header:
        given = replace(given, headers=(*given.headers, (NOW_HEADER, iso_millis(desk.now))))
    _, route, operation, asked = routed
    return RequestAnswered(
        request, given, route, operation, asked, OBSERVER in request.headers, faults, spoilt
    )


def _answered(
    desk: FrontDesk, request: Request, aimed: Aimed, trouble: RequestTrouble
) -> tuple[Routed, bool]:
    """Return what the request is answered, and whether a fault kept what was asked for from the client."""
    fault = trouble.reply
    if fault is None or fault.name == "unauthorized_node":
        behind = trouble.lag or desk.past.veiled(desk.now)
        routed = routes.answer(_Earlier(desk, trouble.lag) if behind else desk, request)
        if fault is None:
            return routed, False
        return routed._replace(answer=_unauthorized(routed.answer)), True
    spoilt = Routed(_refused(desk, request, aimed, trouble), aimed.route, aimed.operation, aimed.asked)
    return spoilt, True


def _refused(desk: FrontDesk, request: Request, aimed: Aimed, trouble: RequestTrouble) -> Answer:
    fault = trouble.reply
    assert fault is not None
    wait = () if trouble.wait is None else (("Retry-After", str(trouble.wait)),)
    if fault.name == "graphql_error":
        error: JSON = {"message": str(fault.value), "locations": []}
        return Answer(200, dump({"data": None, "errors": [error]}))
    if fault.name == "expired_token":
        desk.auth.expire(request.headers, desk.now)
        text = f"The token expired at {iso_millis(desk.now)}: sign in for a new one."
        return Answer(401, dump({"error": text}), headers=(("WWW-Authenticate", "Token"),))
    status = fault.value if fault.name == "status" else 429
    assert isinstance(status, int)
    text = _phrase(status)
    body: JSON = (
        {"errors": [{"message": text}]} if aimed.route == "graphql" and status != 401 else {"error": text}
    )
    return Answer(status, dump(body), headers=wait)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _unauthorized(given: Answer) -> Answer:
    """Return an answer without the objects at its top: each is null, with an error that names it.

    An object that may not be read is null with an error; its message is ``Not authorized to read object``. [documented: EG]
    """
    whole = json.loads(given.body)
    data = (whole.get("data") if given.status == 200 else None) or {}
    hidden = [name for name, value in data.items() if isinstance(value, dict)]
    if not hidden:
        return given
    errors = [
        {"message": "Not authorized to read object", "locations": [], "path": [name]} for name in hidden
    ]
    kept = whole | {
        "data": {name: None if name in hidden else value for name, value in data.items()},
        "errors": [*whole.get("errors", []), *errors],
    }
    return Answer(given.status, dump(kept), given.content_type, given.headers)
