"""What a receiver asks by GraphQL, taken together: its operations, what they use, and what it could do better.

Decides what is worth telling. What an operation uses is found in ``graphql.usage``; what a role may do, in ``world.rights``.
A test's own requests are left out, and so is what was not answered.

Objects that are asked for one by one could come as one page: told once an operation named so many. [chosen] The least role
that would do is worked out from the types that were read and the mutations; whose records these were is not looked at.
[chosen]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from simulator.journal import Fact, RequestAnswered
from simulator.values import dataclass
from simulator.wire import JSON, load
from simulator.world.resources import Kind
from simulator.world.rights import Role

if TYPE_CHECKING:
    from simulator.graphql.usage import Used

__all__ = ["Habits", "habit_lines", "habits"]

_MANY: Final = 3
"""From so many objects on, asking for them one by one is told."""
_OK: Final = 200

_INSTRUCTIONS: Final = frozenset((Kind.SCENARIO, Kind.RELEASE, Kind.SEQUENCE, Kind.STEP, Kind.CATALOG))
_WORK: Final = frozenset(
    (Kind.SESSION, Kind.PART, Kind.SESSION_STEP, Kind.EVENT, Kind.CHECKBOX, Kind.ATTACHMENT, Kind.USER)
)
_EVERYBODYS: Final = frozenset((Kind.ORGANIZATION, Kind.TOPIC))


@dataclass(frozen=True, slots=True)
class Habits:
    """What was asked: operations, and what they use with how often; ``one_by_one`` by operation the number of requests for
    one object and that of different objects; ``unread`` are requests whose document cannot be read."""

    operations: Mapping[str, int]
    fields: Mapping[str, int]
    arguments: Mapping[str, int]
    deprecated: Mapping[str, int]
    invented: Mapping[str, int]
    one_by_one: Mapping[str, tuple[int, int]]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    role: Role
    unread: int

    def show(self) -> dict[str, JSON]:
        """Return all of it as JSON."""
        counted = ("operations", "fields", "arguments", "deprecated", "invented")
        return {
            **{name: dict(getattr(self, name)) for name in counted},
            "one_by_one": {
                name: {"requests": requests, "objects": objects}
                for name, (requests, objects) in self.one_by_one.items()
            },
            "least_privilege": {
                "reads": list(self.reads),
                "writes": list(self.writes),
                "role": self.role.value,
            },
            "unread": self.unread,
        }


def habits(facts: Iterable[Fact]) -> Habits:
    """Return what the requests among these facts have in common."""
    from simulator.graphql.usage import used

    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("operations", "fields", "arguments", "deprecated", "invented")
    }
    singles: dict[str, list[str]] = {}
    reads: set[str] = set()
    writes: set[str] = set()
    unread = 0
    for fact in facts:
        if not isinstance(fact, RequestAnswered) or fact.route != "graphql" or fact.observer:
            continue
        query, operation = _asked(fact)
        if fact.answer.status != _OK or query is None:
            continue
        found = used(query, operation)
        if found is None:
            unread += 1
            continue
        name = _name(found)
        counts["operations"][name] += 1
        for part in ("fields", "arguments", "deprecated", "invented"):
            counts[part].update(getattr(found, part))
        if len(fact.about) == 1 and found.roots == ("node",):
            singles.setdefault(name, []).append(fact.about[0])
        reads |= set(found.types) & set(Kind)
        writes |= set(found.roots) if found.kind == "mutation" else set()
    return Habits(
        **{name: dict(counter.most_common()) for name, counter in counts.items()},
        one_by_one={name: (len(ids), len(set(ids))) for name, ids in singles.items() if len(ids) >= _MANY},
        reads=tuple(sorted(reads)),
        writes=tuple(sorted(writes)),
        role=_least(reads, writes),
        unread=unread,
    )


def habit_lines(found: Habits) -> list[str]:
    """Return it for people."""
    if not found.operations and not found.unread:
        return ["nobody has asked by GraphQL"]
    lines = [f"operations  {', '.join(f'{name} ({times})' for name, times in found.operations.items())}"]
    for title, counted in (
        ("fields", found.fields),
        ("arguments", found.arguments),
        ("deprecated", found.deprecated),
        ("invented", found.invented),
    ):
        if counted:
            lines.append(f"{title:<10}  {', '.join(f'{name} ({times})' for name, times in counted.items())}")
    for name, (requests, objects) in found.one_by_one.items():
        lines.append(
            f"one by one  {name} asked {requests} times for one object, {objects} different ones: a page would do"
        )
    if found.unread:
        lines.append(f"unread      {found.unread} requests hold no document that can be read")
    does = f"changes by {', '.join(found.writes)}" if found.writes else "changes nothing"
    lines.append(f"least role  {found.role.value}: reads {', '.join(found.reads) or 'nothing'}; {does}")
    return lines


def _asked(fact: RequestAnswered) -> tuple[str | None, str | None]:
    """Return the document of a request and the operation that it names."""
    given: JSON = dict(fact.request.query)
    if fact.request.method == "POST":
        try:
            given = load(fact.request.body)
        except ValueError:
            given = None
    if not isinstance(given, dict) or not isinstance(given.get("query"), str):
        return None, None
    operation = given.get("operationName")
    return str(given["query"]), operation if isinstance(operation, str) else None


def _name(found: Used) -> str:
    return found.operation or f"{found.kind} {{ {' '.join(found.roots) or '...'} }}"


def _least(reads: set[str], writes: set[str]) -> Role:
    if writes:
        return Role.COMPANY_ADMIN
    rest = reads - _INSTRUCTIONS - _EVERYBODYS
    if not rest:
        return Role.VIEWER
    return Role.ANALYST if rest <= _WORK else Role.REPORTING_ADMIN
