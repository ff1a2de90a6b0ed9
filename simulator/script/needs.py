"""What a step expects of the receiver, as expectations: references filled in, names turned into ids.

It must not judge: ``expect`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.expect import SUCCESS, Answered, Delivered, Expectation, GivenUp, Queried, parse_statuses
from simulator.script.document import Path
from simulator.script.model import Need
from simulator.script.scope import Scope

__all__ = ["read_needs"]


def read_needs(needs: Iterable[Need], scope: Scope) -> list[Expectation]:
    """Return what is expected; UsageError with its place for what cannot be."""
    reader = _Reader(scope)
    read: Mapping[str, Callable[[Need], Expectation]] = {
        "answered": reader.answered,
        "queried": reader.queried,
        "delivered": reader.delivered,
        "given_up": reader.given_up,
    }
    return [read[one.kind](one) for one in needs]


class _Reader:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def answered(self, need: Need) -> Answered:
        given, path = need.fields, need.path
        took: Any = given.get("in")
        status: Any = given.get("status")
        return Answered(
            event=self._said(given, "event", path),
            of=self._about(given, path),
            type=self._said(given, "type", path),
            status=SUCCESS if status is None else parse_statuses(status),
            took=None if took is None else self._scope.milliseconds(took, (*path, "in")) / 1000,
            target=self._said(given, "target", path),
            name=_name(given),
        )

    def queried(self, need: Need) -> Queried:
        given: Mapping[str, Any] = need.fields
        path = need.path
        times = given.get("times")
        after = given.get("after", {})
        return Queried(
            of=self._about(given, path),
            fields=tuple(
                self._scope.text(one, (*path, "fields", place))
                for place, one in enumerate(given.get("fields", ()))
            ),
            operation=self._said(given, "operation", path),
            times=None if times is None else self._scope.whole(times, (*path, "times"), low=0),
            after=self._said(after, "event", (*path, "after")),
            name=_name(given),
        )

    def delivered(self, need: Need) -> Delivered:
        given, path = need.fields, need.path
        attempts = given.get("attempts")
        return Delivered(
            **self._which(need),
            attempts=None if attempts is None else self._scope.whole(attempts, (*path, "attempts"), low=1),
        )

    def given_up(self, need: Need) -> GivenUp:
        return GivenUp(**self._which(need))

    def _which(self, need: Need) -> dict[str, Any]:
        """Return which delivery is meant."""
        given, path = need.fields, need.path
        return {
            "event": self._said(given, "event", path),
            "of": self._about(given, path),
            "type": self._said(given, "type", path),
            "target": self._said(given, "target", path),
            "name": _name(given),
        }

    def _said(self, given: Mapping[str, Any], key: str, path: Path) -> str | None:
        return self._scope.text(given[key], (*path, key)) if key in given else None

    def _about(self, given: Mapping[str, Any], path: Path) -> str | None:
        return self._scope.about(given["of"], (*path, "of")) if "of" in given else None


def _name(given: Mapping[str, Any]) -> str | None:
    """Return what texts call the resource: the script's name for it."""
    of = given.get("of")
    return of if isinstance(of, str) and "${" not in of else None
