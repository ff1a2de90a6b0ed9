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
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote

from simulator.errors import PlatformError, did_you_mean
from simulator.faults import Aimed
from simulator.journal import Asked
from simulator.media import graphql_answer, graphql_refusal
from simulator.rest import Desk, named_id, read_file, read_object, sign_in, start_session
from simulator.values import dataclass
from simulator.wire import JSON, Answer, Request, dump, json_answer, load
from simulator.world.files import FILES
from simulator.world.graph import ATTRIBUTES, organization
from simulator.world.resources import Kind, Ref

if TYPE_CHECKING:
    from simulator.graphql.execute import Answered, Question
    from simulator.graphql.sdl import Dialect
    from simulator.settings import Settings
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
            given = _given(desk, request)
            if given is None:
                operation = "IntrospectionQuery"
            else:
                operation, asked = _engine().look(desk.view(), _question(given), desk.settings)
        except PlatformError:
            pass
    return Aimed(route.name, request.method, operation, asked)


# ---------------------------------------------------------------------------------------------------- GraphQL


class _Engine(NamedTuple):
    """What answers GraphQL."""

    answer: Callable[..., Answered]
    dialect: Callable[[Settings], Dialect]
    introspection: Callable[[Dialect], bytes]
    look: Callable[[View, Question, Settings], tuple[str | None, tuple[Asked, ...]]]
    mutates: Callable[[Question, Settings], bool]
    question: type[Question]
    refusal: Callable[[str], bytes]
    with_invented: Callable[[bytes, Question, Settings], bytes]


@cache
def _engine() -> _Engine:
    """Return what answers GraphQL, which is not loaded before somebody asks."""
    from simulator.graphql import execute
    from simulator.graphql.sdl import Dialect

    return _Engine(
        execute.answer,
        Dialect.of,
        execute.introspection,
        execute.look,
        execute.mutates,
        execute.Question,
        execute.refusal,
        execute.with_invented,
    )


def _graphql(desk: Desk, request: Request, _written: str) -> Routed:
    engine = _engine()
    accept = request.headers.get("accept")
    viewer = desk.auth.who(request.headers, desk.now)
    given = _given(desk, request)
    if given is None:
        body = engine.introspection(engine.dialect(desk.settings))
        return Routed(graphql_answer(accept, body, executed=True), "graphql", "IntrospectionQuery")
    question = _question(given)
    view = desk.view(viewer)
    if viewer.rights.needs_permalink and not (request.query.get("permalink") or given.get("permalink")):
        problem = "A super admin has to name the organization by its permalink"
        refused = graphql_answer(accept, engine.refusal(problem), executed=False)
        return Routed(refused, "graphql", question.operation)
    for permalink in (request.query.get("permalink"), given.get("permalink")):
        if permalink and permalink != organization(view).permalink:
            problem = f"No organization has the permalink {dump(permalink).decode()}"
            operation = given.get("operationName")
            assert isinstance(operation, str | None)
            refused = graphql_answer(accept, engine.refusal(problem), executed=False)
            return Routed(refused, "graphql", operation)
    if request.method == "GET" and engine.mutates(question, desk.settings):
        refused = graphql_refusal(accept, 405, "A mutation must be sent by POST", (("Allow", "POST"),))
        return Routed(refused, "graphql", question.operation)
    strict = desk.settings.strict_limits
    answered = engine.answer(view, question, desk.settings, changer=desk, strict=strict)
    if answered.way:
        desk.queries[answered.way] += 1
    body = answered.body
    if desk.settings.tell_invented and answered.executed:
        body = engine.with_invented(body, question, desk.settings)
    given_back = graphql_answer(accept, body, executed=answered.executed)
    return Routed(given_back, "graphql", answered.operation, answered.asked)


def _given(desk: Desk, request: Request) -> dict[str, JSON] | None:
    """Return what a request asks with. One by GET without a query is None: it asks for the introspection result.
    [documented: IG]"""
    if request.method == "POST":
        body = _json(desk, request)
        if isinstance(body, list):
            raise PlatformError(400, "A list of requests is not supported: send one at a time.")
        if not isinstance(body, dict):
            raise PlatformError(400, "The body must be a JSON object with the key query.")
        return body
    given: dict[str, JSON] = dict(request.query)
    if "query" not in given:
        return None
    for name in ("variables", "extensions"):
        written = request.query.get(name)
        try:
            given[name] = load(written.encode(errors="replace")) if written else None
        except ValueError as problem:
            raise PlatformError(400, f"The parameter {name} cannot be read: {problem}.") from None
    return given


def _question(given: Mapping[str, JSON]) -> Question:
    """Return the question that a request asks."""
    query, variables, operation = given.get("query"), given.get("variables"), given.get("operationName")
    if query is None:
        raise PlatformError(400, "No query string was present")
    if not isinstance(query, str):
        raise PlatformError(400, "The query must be a string.")
    if not isinstance(variables, dict | None):
        raise PlatformError(400, "The variables must be a JSON object.")
    if not isinstance(operation, str | None):
        raise PlatformError(400, "The operationName must be a string.")
    if not isinstance(given.get("extensions"), dict | None):
        raise PlatformError(400, "The extensions must be a JSON object.")
    return _engine().question(query, variables or {}, operation or None)


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
    body = _form(desk, request) if _content_type(request) == _FORM else _json(desk, request)
    signed_in = sign_in(desk, body)
    number = signed_in["id"]
    assert isinstance(number, int)
    asked = Asked(desk.view().id_of(Ref(Kind.USER, number)), frozenset())
    return Routed(json_answer(signed_in), "sign_in", asked=(asked,))


def _post_session(desk: Desk, request: Request, written: str) -> Routed:
    viewer = desk.auth.who(request.headers, desk.now)
    body = _json(desk, request)
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


# ------------------------------------------------------------------------------------------------------ bodies

_FORM = "application/x-www-form-urlencoded"


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json(desk: Desk, request: Request) -> JSON:
    """Read the body as JSON."""
    kind = _content_type(request)
    if kind != "application/json":
        raise PlatformError(
            415, f"Send the body as application/json, not {kind or 'without a content type'}."
        )
    try:
        return load(_body(desk, request))
    except ValueError as problem:
        raise PlatformError(400, f"The body cannot be read: {problem}.") from None


def _form(desk: Desk, request: Request) -> JSON:
    """Read a form whose names have one level of brackets, as in ``user[username]``."""
    fields: dict[str, JSON] = {}
    try:
        pairs = parse_qsl(_body(desk, request).decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise PlatformError(
            400, "The body cannot be read: it is no form of at most 100 fields in UTF-8."
        ) from None
    for name, value in pairs:
        outer, bracket, inner = name.partition("[")
        if not bracket:
            fields[outer] = value
            continue
        group = fields.setdefault(outer, {})
        if isinstance(group, dict):
            group[inner.removesuffix("]")] = value
    return fields


def _body(desk: Desk, request: Request) -> bytes:
    if len(request.body) > desk.settings.max_body:
        raise PlatformError(
            413,
            f"The body has more than {desk.settings.max_body} bytes; the setting max_body moves this limit.",
        )
    return request.body


def _refuse(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, dump({"error": message}), headers=tuple(headers.items()))
