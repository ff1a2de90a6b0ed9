"""The vendor's REST endpoints as functions: sign-in, the start of a session, the attributes of one object, a file.

Decides what these answer; paths, methods and bytes are the matter of ``routes``. A mistake of the client's is a
``PlatformError`` with its status; what a body may look like is said by the contracts in ``schemas/rest/``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from simulator import contracts
from simulator.auth import Auth
from simulator.clock import Moment
from simulator.errors import PlatformError
from simulator.journal import Asked
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.files import CONTENT_TYPE, fetch
from simulator.world.graph import ATTRIBUTES, attributes
from simulator.world.resources import Kind, Record, ScenarioSession, User
from simulator.world.rights import Viewer
from simulator.world.sight import may_see
from simulator.world.view import View

if TYPE_CHECKING:
    from simulator.graphql.execute import Endpoint

__all__ = ["Desk", "named_id", "read_file", "read_object", "sign_in", "start_session"]

_STANDARD_ALPHABET = str.maketrans("+/", "-_")


class Desk(Protocol):
    """What the front door needs of the platform."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def auth(self) -> Auth:
        """Who holds which token."""

    @property
    def now(self) -> Moment:
        """The present moment."""

    @property
    def graphql(self) -> Endpoint:
        """What answers GraphQL."""

    @property
    def queries(self) -> Counter[str]:
        """How many operations were ``planned``, answered by a plan, and how many others for each reason not to."""

    def view(self, viewer: Viewer = ...) -> View:
        """Return the world as a user sees it now."""

    def carry_out(
        self, verb: str, subject: str, fields: Mapping[str, JSON] | None = None, *, by: str | None = ...
    ) -> str:
        """Carry out a command and return the node id of what it was about."""

    def start_session(self, release: int, external_data: JSON, viewer: Viewer) -> Record:
        """Start a session of the release with this number."""


def sign_in(desk: Desk, body: JSON) -> dict[str, JSON]:
    """Give a session token for a username and a password. [documented: EG]

    ``permalink`` is made of the letters and digits of the email address. [inferred]
    """
    _check("rest/sign_in_request", body)
    assert isinstance(body, dict)
    user = body["user"]
    assert isinstance(user, dict)
    number, token = desk.auth.sign_in(str(user["username"]), str(user["password"]), desk.now)
    account = desk.view().world.need(User, number)
    return {
        "id": account.number,
        "email": account.email,
        "name": account.name,
        "permalink": re.sub(r"[^a-z0-9]", "", account.email.lower()),
        "username": account.username,
        "guest": False,
        "auth_token": token,
    }


def start_session(desk: Desk, viewer: Viewer, *, release: str, body: JSON) -> dict[str, JSON]:
    """Start a session of a release, named by its databaseId, and keep the external data unchanged. [seen: DEMO]

    An unknown release is answered with 404. [chosen] A token for chosen groups is answered with 403. [inferred]
    """
    if viewer.rights.groups is not None:
        raise PlatformError(403, "Not authorized to create ScenarioSession")
    _check("rest/session_create_request", body)
    assert isinstance(body, dict)
    known = desk.view(viewer).by_database_id(Kind.RELEASE, unquote(release, errors="replace"))
    if known is None:
        raise PlatformError(404, f"There is no release with the databaseId {release}.")
    session = desk.start_session(known.number, body.get("external_data"), viewer)
    assert isinstance(session, ScenarioSession)
    return {
        "id": session.number,
        "node_id": desk.view(viewer).id_of(session.ref),
        "external_data": session.external_data,
    }


def read_object(desk: Desk, viewer: Viewer, *, written: str) -> tuple[dict[str, JSON], Asked]:
    """Return the first-level attributes of a node as flat JSON. [documented: UW] An unknown id is answered with 404.
    [chosen] One that may not be seen is answered with 403. [chosen]

    ``written`` is the id as it stands in the path: escaped or not, in either alphabet of base64. [inferred]
    """
    view = desk.view(viewer)
    text = named_id(written)
    record = view.by_id(text)
    if record is None:
        raise PlatformError(404, f"There is no object with the id {text}.")
    if not may_see(view, record):
        raise PlatformError(403, "Not authorized to read object")
    return attributes(view, record), Asked(text, frozenset(ATTRIBUTES[record.KIND]))


def named_id(written: str) -> str:
    """Return the id that a path names as ``written``."""
    return unquote(written, errors="replace").rstrip("/").translate(_STANDARD_ALPHABET)


def read_file(desk: Desk, *, written: str) -> tuple[bytes, str]:
    """Return the file that an address leads to, and its content type. Whoever has the address needs no token. [inferred]

    ``written`` is what stands after the route's path.
    """
    return fetch(desk.view(), unquote(written, errors="replace")), CONTENT_TYPE


def _check(contract: str, body: JSON) -> None:
    problems = contracts.problems(contract, body)
    if problems:
        raise PlatformError(400, f"The body does not fit: {problems[0].error()}")
