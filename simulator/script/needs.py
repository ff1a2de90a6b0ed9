"""What a step expects of the receiver, as expectations: references filled in, names turned into ids.

It must not judge: ``expect`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from simulator.addresses import check_own_url
from simulator.errors import UsageError
from simulator.expect import Expectation, Receiver, read_expectation
from simulator.script.document import Document, Path
from simulator.script.model import Need
from simulator.script.scope import Scope
from simulator.wire import JSON

__all__ = ["read_needs"]

_LOWEST = {"times": 0, "attempts": 1}


def read_needs(
    needs: Iterable[Need],
    scope: Scope,
    document: Document,
    *,
    person: Callable[[str, Path], str],
    hosts: Container[str] | None,
) -> list[Expectation]:
    """Return what is expected; UsageError with its place for what cannot be.

    ``person`` gives the node id of whom a text names. A receiver may be asked on this machine and at ``hosts``, or anywhere when
    that is None.
    """
    return [_read(need, scope, document, person, hosts) for need in needs]


def _read(
    need: Need,
    scope: Scope,
    document: Document,
    person: Callable[[str, Path], str],
    hosts: Container[str] | None,
) -> Expectation:
    given: dict[str, JSON] = {}
    for key, value in need.fields.items():
        path = (*need.path, key)
        if key in _LOWEST:
            given[key] = scope.whole(value, path, low=_LOWEST[key])
        elif key in ("of", "user"):
            assert isinstance(value, str)
            given[key] = scope.about(value, path) if key == "of" else person(value, path)
        else:
            given[key] = scope.fill(value, path)
    try:
        wanted = read_expectation(need.kind, given, name=_name(need.fields))
        if isinstance(wanted, Receiver) and hosts is not None:
            check_own_url(wanted.url, allowed=hosts, what="a receiver's URL")
    except UsageError as error:
        # A problem without a place is with where the receiver is.
        pointer = error.place or ("/get" if "get" in given else "/post")
        error.place = document.place((*need.path, *_pointed(pointer, given)))
        raise
    return wanted


def _pointed(place: str, given: Mapping[str, Any]) -> Path:
    """Return the path below an expectation that a pointer such as ``/path/$.state`` means."""
    first, _, rest = place.removeprefix("/").partition("/")
    return (first, rest) if isinstance(inner := given.get(first), dict) and rest in inner else (first,)


def _name(given: Mapping[str, JSON]) -> str | None:
    """Return what texts call the resource: the script's name for it."""
    of = given.get("of", given.get("user"))
    return of if isinstance(of, str) and "${" not in of else None
