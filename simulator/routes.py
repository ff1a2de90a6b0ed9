"""The vendor's front door: its paths as a table, and what stands between bytes and meaning.

Decides which path, method, content type, size and JSON get in, and how a refusal looks; what an accepted request means is
decided in ``rest`` and ``graphql``. Whatever a client sends is answered, never raised.

The paths are the vendor's. [documented: EG] In which media type and with which status a GraphQL answer goes out is decided
in ``media``. A body that is too large, no JSON or of another content type is answered with a 4xx status.
[chosen] A refusal is a small JSON object with an ``error`` text; at the GraphQL endpoint it has GraphQL's shape, but for
401, which looks the same everywhere. [chosen] A mutation by GET is answered with 405. [chosen] A request may name its organisation by ``permalink``, in the query string or
in the body. [documented: EG] A permalink that names no
organisation is answered with an error in GraphQL's shape. [chosen]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from simulator.bodies import FORM, content_type, read_form, read_json
from simulator.errors import PlatformError, did_you_mean
from simulator.faults import Aimed
from simulator.inquiries import read_inquiry
from simulator.journal import Asked
from simulator.media import graphql_answer, graphql_refusal
from simulator.rest import Desk, named_id, read_file, read_object, sign_in, start_session
from simulator.values import dataclass
from simulator.wire import JSON, Answer, Request, dump, json_answer
from simulator.world.files import FILES
from simulator.world.graph import ATTRIBUTES, organization
from simulator.world.resources import Kind, Ref

if TYPE_CHECKING:
    from simulator.world.view import View

__all__ = ["ROUTES", "Route", "Routed", "aim", "answer"]


class Routed(NamedTuple):
    """An answer and what the journal keeps of the request."""

    answer: Answer
    route: str
    operation: str | None = None
    asked: tuple[Asked, ...] = ()


_Handler = Callable[[Desk, Request, str], Routed]
"""What answers a request; the text is what stands for ``:id`` in the path."""


@dataclass(frozen=True, slots=True)
class Route:
    """One of the vendor's paths. ``summary`` is for the documents."""

    name: str
    path: str
    summary: str
    handlers: Mapping[str, _Handler]

    @property
    def allow(self) -> str:
        """The methods it takes, as the header Allow lists them."""
        return ", ".join(self.handlers)


def answer(desk: Desk, request: Request) -> Routed:
    """Answer a request to the vendor's API."""
    route, written = _find(request.path)
    if route is None:
        return Routed(_refuse(404, _lost(request.path)), "unknown")
    handler = route.handlers.get(request.method)
    if handler is None:
        refusal = _refuse(
            405, f"{request.method} is not allowed here; allowed: {route.allow}.", Allow=route.allow
        )
        return Routed(refusal, route.name)
    try:
        return handler(desk, request, written)
    except PlatformError as error:
        if error.status == 401:
            return Routed(_refuse(401, error.message, **{"WWW-Authenticate": "Token"}), route.name)
        if route.name == "graphql":
            refused = graphql_refusal(request.headers.get("accept"), error.status, error.message)
            return Routed(refused, route.name)
        return Routed(_refuse(error.status, error.message), route.name)


def aim(desk: Desk, request: Request) -> Aimed:
    """Say what a request is after without answering it; one that cannot be read is after nothing."""
    route, written = _find(request.path)
    if route is None:
        return Aimed("unknown", request.method)
    operation: str | None = None
    asked: tuple[Asked, ...] = ()
    if route.name == "object":
        node_id = named_id(written)
        record = desk.view().by_id(node_id)
        asked = (Asked(node_id, frozenset(ATTRIBUTES[record.KIND] if record else ())),)
    elif route.name == "graphql":
        try:
            given = read_inquiry(request, desk.settings.max_body)
            if given is None:
                operation = "IntrospectionQuery"
            else:
                operation, asked = desk.graphql.look(desk.view(), given.question)
        except PlatformError:
            pass
    return Aimed(route.name, request.method, operation, asked)


# ---------------------------------------------------------------------------------------------------- GraphQL


def _graphql(desk: Desk, request: Request, _written: str) -> Routed:
    headers, settings, endpoint = request.headers, desk.settings, desk.graphql
    accept = headers.get("accept")
    viewer = desk.auth.who(headers, desk.now)
    given = read_inquiry(request, settings.max_body)
    if given is None:
        told = graphql_answer(accept, endpoint.introspection(), executed=True)
        return Routed(told, "graphql", "IntrospectionQuery")
    question, permalinks = given
    view = desk.view(viewer)
    if permalinks or viewer.rights.needs_permalink:
        problem = _misplaced(view, permalinks)
        if problem is not None:
            refused = graphql_answer(accept, endpoint.refusal(problem), executed=False)
            return Routed(refused, "graphql", question.operation)
    if request.method == "GET" and endpoint.mutates(question):
        refused = graphql_refusal(accept, 405, "A mutation must be sent by POST", (("Allow", "POST"),))
        return Routed(refused, "graphql", question.operation)
    answered = endpoint.answer(view, question, changer=desk, strict=settings.strict_limits)
    if answered.way:
        desk.queries[answered.way] += 1
    body = answered.body
    if settings.tell_invented and answered.executed:
        body = endpoint.with_invented(body, question)
    given_back = graphql_answer(accept, body, executed=answered.executed)
    return Routed(given_back, "graphql", answered.operation, answered.asked)


def _misplaced(view: View, permalinks: Sequence[JSON]) -> str | None:
    """Return what is wrong with how a request names its organisation, if anything is."""
    if not permalinks:
        return "A super admin has to name the organization by its permalink"
    for permalink in permalinks:
        if permalink != organization(view).permalink:
            return f"No organization has the permalink {dump(permalink).decode()}"
    return None


# ------------------------------------------------------------------------------------------------------- REST


def _get_object(desk: Desk, request: Request, written: str) -> Routed:
    viewer = desk.auth.who(request.headers, desk.now)
    fields, asked = read_object(desk, viewer, written=written)
    return Routed(json_answer(fields), "object", asked=(asked,))


def _get_file(desk: Desk, _request: Request, written: str) -> Routed:
    data, content_type = read_file(desk, written=written)
    return Routed(Answer(200, data, content_type), "file")


def _post_sign_in(desk: Desk, request: Request, _written: str) -> Routed:
    """The account and the password may come as a form. [documented: EG] The account and
    the password may come as JSON. [seen: DEMO]"""
    most = desk.settings.max_body
    body = read_form(request, most) if content_type(request) == FORM else read_json(request, most)
    signed_in = sign_in(desk, body)
    number = signed_in["id"]
    assert isinstance(number, int)
    asked = Asked(desk.view().id_of(Ref(Kind.USER, number)), frozenset())
    return Routed(json_answer(signed_in), "sign_in", asked=(asked,))


def _post_session(desk: Desk, request: Request, written: str) -> Routed:
    viewer = desk.auth.who(request.headers, desk.now)
    body = read_json(request, desk.settings.max_body)
    started = start_session(desk, viewer, release=written, body=body)
    release = desk.view(viewer).by_database_id(Kind.RELEASE, unquote(written))
    assert release is not None
    asked = Asked(desk.view(viewer).id_of(release.ref), frozenset())
    return Routed(json_answer(started), "sessions", asked=(asked,))


ROUTES: tuple[Route, ...] = (
    Route(
        "graphql",
        "/api/v3/graphql",
        "The GraphQL endpoint, also with a slash at its end.",
        {"GET": _graphql, "POST": _graphql},
    ),
    Route(
        "object",
        "/api/v3/graphql/object/:id",
        "The first-level attributes of the object with this node id.",
        {"GET": _get_object},
    ),
    Route(
        "sign_in",
        "/api/v2/users/sign_in.json",
        "Signs in and gives a session token.",
        {"POST": _post_sign_in},
    ),
    Route(
        "sessions",
        "/api/v2/ar_contents/:id/work_instruction_sessions",
        "Starts a scenario session of the release with this databaseId.",
        {"POST": _post_session},
    ),
    Route(
        "file",
        f"{FILES}:id",
        "The file of an attachment; whoever has the address needs no token.",
        {"GET": _get_file, "HEAD": _get_file},
    ),
)
"""All paths of the vendor's that are imitated."""

_BY_PATH = {
    path: route for route in ROUTES if ":id" not in route.path for path in (route.path, f"{route.path}/")
}
_PATTERNS = tuple(
    (
        re.compile(
            re.escape(route.path).replace(":id", "(.+)" if route.path.endswith(":id") else "([^/]+)") + "/?"
        ),
        route,
    )
    for route in ROUTES
    if ":id" in route.path
)


def _find(path: str) -> tuple[Route | None, str]:
    """Return the route of a raw path and what stands for ``:id`` in it."""
    route = _BY_PATH.get(path)
    if route is not None:
        return route, ""
    for pattern, candidate in _PATTERNS:
        match = pattern.fullmatch(path)
        if match is not None:
            return candidate, match.group(1)
    return None, ""


def _lost(path: str) -> str:
    """Say that nothing is at ``path``, and what is near."""
    shown = path if len(path) <= 200 else f"{path[:200]}..."
    known = [route.path for route in ROUTES]
    nearest = did_you_mean(path, known)
    if nearest:
        return f"Nothing is at {shown}. Did you mean {' or '.join(nearest)}?"
    return f"Nothing is at {shown}. Known paths: {', '.join(known)}."


def _refuse(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, dump({"error": message}), headers=tuple(headers.items()))
