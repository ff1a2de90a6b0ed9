"""Reads an expectation from the keys of a script's ``expect``: a script, a test and the control side all write them so.

Resources are node ids here and nothing is left to be filled in. The shape is the contracts' matter; what only a number or a
path itself can tell raises a UsageError whose place is a pointer to the key, such as ``/times``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from simulator.addresses import check_url
from simulator.clock import parse_duration
from simulator.errors import UsageError, did_you_mean
from simulator.expect.documents import parse_path
from simulator.expect.judging import WITHIN, Within
from simulator.expect.kinds import (
    SUCCESS,
    Answered,
    Delivered,
    Expectation,
    GivenUp,
    Order,
    Queried,
    Receiver,
    Rest,
    SignedIn,
    Statuses,
    parse_statuses,
)
from simulator.expect.match import leads_to
from simulator.wire import Headers, dump

__all__ = ["EXPECTED", "MOST_TIMES", "check_path", "read_expectation", "read_group", "read_within"]

EXPECTED: Final = (
    "answered",
    "queried",
    "not_queried",
    "rest",
    "signed_in",
    "order",
    "delivered",
    "given_up",
    "receiver",
)
"""What can be expected, in the order in which it is judged."""

MOST_TIMES: Final = 1_000_000

_ACCEPTS: Final = ("Accept", "application/json")
_SENDS: Final = ("Content-Type", "application/json")


def read_expectation(kind: str, given: Mapping[str, Any], *, name: str | None = None) -> Expectation:
    """Return the expectation that the keys of one of ``EXPECTED`` mean; ``name`` is what texts call its resource."""
    match kind:
        case "answered":
            took = given.get("in")
            with _at("/in"):
                seconds = None if took is None else parse_duration(took) / 1000
            return Answered(**_which(given), status=_status(given), took=seconds, name=name)
        case "queried" | "not_queried":
            return Queried(
                of=given.get("of"),
                fields=tuple(given.get("fields", ())),
                operation=given.get("operation"),
                times=_count(given, "times", low=0) if kind == "queried" else 0,
                after=given.get("after", {}).get("event"),
                name=name,
            )
        case "rest":
            if "path" in given:
                with _at("/path"):
                    check_path(given["path"], _status(given))
            return Rest(
                method=given["method"].upper() if "method" in given else None,
                path=given.get("path"),
                of=given.get("of"),
                status=_status(given),
                times=_count(given, "times", low=0),
                name=name,
            )
        case "signed_in":
            return SignedIn(of=given.get("user"), times=_count(given, "times", low=0), name=name)
        case "order":
            with _at("/events"):
                return Order(
                    tuple(given["events"]), of=given.get("of"), target=given.get("target"), name=name
                )
        case "delivered":
            return Delivered(**_which(given), attempts=_count(given, "attempts", low=1), name=name)
        case "given_up":
            return GivenUp(**_which(given), name=name)
        case _:
            return _receiver(given)


def read_group(given: Mapping[str, Any], *, user: Callable[[str], str]) -> list[Expectation]:
    """Return all that a mapping of kinds to expectations means, each alone or in a list, in the order of ``EXPECTED``.

    ``user`` gives the node id of whom a text names.
    """
    found = []
    for kind in EXPECTED:
        wanted = given.get(kind, [])
        for place, one in enumerate([wanted] if isinstance(wanted, Mapping) else wanted):
            here = f"/{kind}" if isinstance(wanted, Mapping) else f"/{kind}/{place}"
            try:
                known = {**one, "user": user(one["user"])} if "user" in one else one
                found.append(read_expectation(kind, known))
            except UsageError as error:
                inner = error.place or ("/user" if "user" in one else "")
                error.place = here + inner
                raise
    return found


def read_within(value: str | float | None, *, place: str = "within") -> Within:
    """Read ``10s``, ``3d simulated`` or a number of seconds; None is the default."""
    if value is None:
        return WITHIN
    if isinstance(value, str):
        text = value.removesuffix(" simulated")
        with _at(place):
            millis = parse_duration(text)
        return Within(seconds=millis / 1000) if text == value else Within(simulated=millis)
    return Within(seconds=float(value))


def check_path(path: str, status: Statuses = SUCCESS) -> None:
    """Refuse a path of REST at which the vendor has nothing, unless its answer may be 404."""
    from simulator.routes import ROUTES

    known = [route.path for route in ROUTES if route.name != "graphql"]
    if path in known or 404 in status or any(leads_to(one).fullmatch(path) for one in known):
        return
    # The id of an object may hold slashes.
    if any(one.endswith(":id") and path.startswith(one.removesuffix(":id")) for one in known):
        return
    raise UsageError(
        f"the vendor has no REST route {path!r}",
        expected=f"one of {', '.join(known)}",
        nearest=did_you_mean(path, known),
        remedy="With status: 404 any path can be expected.",
    )


def _receiver(given: Mapping[str, Any]) -> Receiver:
    method = "GET" if "get" in given else "POST"
    url = given[method.lower()]
    with _at(f"/{method.lower()}"):
        check_url(url)
    headers: Headers = tuple((str(key), str(value)) for key, value in given.get("headers", {}).items())
    named = {key.lower() for key, _ in headers}
    own = [_ACCEPTS, _SENDS] if "body" in given else [_ACCEPTS]
    paths = given.get("path", {})
    for path in paths:
        with _at(f"/path/{path}"):
            parse_path(path)
    return Receiver(
        url=url,
        method=method,
        headers=(*(one for one in own if one[0].lower() not in named), *headers),
        body=dump(given["body"]) if "body" in given else b"",
        status=_status(given),
        json=(given["json"],) if "json" in given else None,
        paths=tuple(paths.items()),
    )


def _which(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: given.get(key) for key in ("event", "of", "type", "target")}


def _status(given: Mapping[str, Any]) -> Statuses:
    if "status" not in given:
        return SUCCESS
    with _at("/status"):
        return parse_statuses(given["status"])


def _count(given: Mapping[str, Any], key: str, *, low: int) -> int | None:
    value = given.get(key)
    if value is None:
        return None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not low <= value <= MOST_TIMES:
        raise UsageError(
            "the number does not fit",
            place=f"/{key}",
            expected=f"a whole number from {low} to {MOST_TIMES}",
            found=repr(value),
        )
    return int(value)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Have a problem that is found inside bear its place."""
    try:
        yield
    except UsageError as error:
        error.place = place
        raise
