"""What is wrong with a script, as far as it can be known without a world: all of it at once, each with its place.

Three looks, each only at what the one before found sound. First the shape of the steps: one verb, and the keys that go
with it. Then the contract in ``schemas/``. Then the meaning: names are given before they are used and only once, verbs fit
what they are done to, references lead somewhere, durations and times can be read. What needs a world (illegal moves,
unknown fields of a command, values) is found by ``rehearsal``. This module changes nothing and must not read files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator import contracts
from simulator.clock import parse_duration, parse_moment
from simulator.errors import UsageError, did_you_mean
from simulator.script.document import Document, Path, show
from simulator.script.matrix import MOST_COMBINATIONS, combinations
from simulator.script.meaning import Finding, Meaning
from simulator.script.model import SIDE_KEYS, VERBS, parse_device_time
from simulator.script.walking import parts_of
from simulator.settings.fault_kinds import SIDES
from simulator.settings.faults import find_problems
from simulator.wire import JSON
from simulator.world.making import MAKERS

__all__ = ["judge"]

_SIDES: Final = tuple(dict.fromkeys(key for keys in SIDE_KEYS.values() for key in keys))


def judge(document: Document) -> list[UsageError]:
    """Return all that is wrong with a script, in the order of the file."""
    root = document.value
    if not isinstance(root, dict):
        return [
            UsageError(
                "the script is not a mapping",
                place=document.place(),
                expected="a mapping with title and steps",
                found=show(root),
            )
        ]
    found = [one for steps, path in parts_of(root) for one in _shape(document, steps, path)]
    found += _contract(document, [path for path, _ in found])
    found += _size(document)
    found += Meaning(document, [path for path, _ in found]).problems()
    for path, inner in document.plays.items():
        found += [(path, error) for error in _played(inner)]
    found.sort(key=lambda problem: document.mark(problem[0]))
    return list({str(error): error for _, error in found}.values())


def _shape(document: Document, steps: JSON, path: Path) -> Iterator[Finding]:
    """Look at each step's keys, those inside other steps too."""
    for place, step in enumerate(steps if isinstance(steps, list) else ()):
        here = (*path, place)
        if not isinstance(step, dict):
            yield here, _no_mapping(document, step, here)
            continue
        verbs = [key for key in step if key in VERBS]
        if len(verbs) != 1:
            yield here, _not_one_verb(document, step, verbs, here)
            continue
        verb = verbs[0]
        known = SIDE_KEYS[verb]
        wrong = [key for key in step if key != verb and key not in known]
        for key in wrong:
            yield here, _wrong_side(document, verb, key, (*here, key))
        value = step[verb]
        if not wrong and verb == "repeat" and isinstance(value, dict):
            yield from _shape(document, value.get("steps"), (*here, "repeat", "steps"))
        if not wrong and verb == "together" and isinstance(value, list):
            for number, track in enumerate(value):
                yield from _shape(document, track, (*here, "together", number))
        if not wrong and verb == "faults":
            yield from _faults(document, value, (*here, "faults"))


def _played(inner: Document) -> Iterator[UsageError]:
    """Look at a script that another one plays."""
    yield from judge(inner)
    if isinstance(inner.value, dict) and "endings" in inner.value:
        yield UsageError(
            "a script that is played has no endings",
            place=inner.key_place(("endings",)),
            remedy="Each ending is a run of its own: play this one alone, or without them.",
        )


def _size(document: Document) -> Iterator[Finding]:
    many = combinations(document)
    if many > MOST_COMBINATIONS:
        path = ("for",)
        yield (
            path,
            UsageError(
                "the matrix makes too many runs",
                place=document.key_place(path),
                expected=f"at most {MOST_COMBINATIONS}",
                found=str(many),
            ),
        )


def _faults(document: Document, given: JSON, path: Path) -> Iterator[Finding]:
    """Look at each fault; what is wrong with one is best said by those who read it."""
    if not isinstance(given, dict):
        if given != []:
            yield (
                path,
                UsageError(
                    "the value of faults does not fit",
                    place=document.place(path),
                    expected=f"a mapping with {' and '.join(SIDES)}, or an empty list to end all",
                    found=show(given),
                ),
            )
        return
    for side, faults in given.items():
        here = (*path, side)
        if side not in SIDES:
            yield (
                here,
                UsageError(
                    f"faults have no side {side!r}",
                    place=document.key_place(here),
                    expected=" or ".join(SIDES),
                    nearest=did_you_mean(side, SIDES),
                ),
            )
            continue
        for place, fault in enumerate(faults if isinstance(faults, list) else ()):
            for where, error in find_problems(side, fault)[1]:
                at = (*here, place, *where)
                about_key = bool(where) and not error.problem.startswith("the value")
                error.place = document.key_place(at) if about_key else document.place(at)
                yield at, error


def _no_mapping(document: Document, step: JSON, path: Path) -> UsageError:
    verb = step.split()[0].rstrip(":").casefold() if isinstance(step, str) and step.split() else ""
    remedy = f"Write a colon and a space after {verb}." if verb in VERBS else None
    return UsageError(
        "a step is not a mapping",
        place=document.place(path),
        expected="a verb, a colon and its value, such as finish: session",
        found=show(step),
        remedy=remedy,
    )


def _not_one_verb(
    document: Document, step: Mapping[str, JSON], verbs: Sequence[str], path: Path
) -> UsageError:
    if verbs:
        return UsageError(
            f"a step has {len(verbs)} verbs",
            place=document.key_place((*path, verbs[1])),
            expected="one",
            found=" and ".join(verbs),
            remedy="Make each a step of its own, with a dash before it.",
        )
    strange = [key for key in step if key not in _SIDES]
    if not strange:
        return UsageError(
            "a step has no verb",
            place=document.place(path),
            expected=f"one of {', '.join(VERBS)}",
            found=", ".join(step) or "nothing",
        )
    nearest = did_you_mean(strange[0], VERBS)
    return UsageError(
        f"unknown verb {strange[0]!r}",
        place=document.key_place((*path, strange[0])),
        expected=None if nearest else f"one of {', '.join(VERBS)}",
        nearest=nearest,
    )


def _wrong_side(document: Document, verb: str, key: str, path: Path) -> UsageError:
    known = SIDE_KEYS[verb]
    beside = f"Beside {verb} may stand: {', '.join(known)}." if known else f"Nothing stands beside {verb}."
    if key not in _SIDES:
        nearest = did_you_mean(key, known) or did_you_mean(key, VERBS)
        return UsageError(
            f"unknown key {key!r}",
            place=document.key_place(path),
            nearest=nearest,
            remedy=None if nearest else beside,
        )
    twin = {"with": "set", "set": "with"}.get(key)
    return UsageError(
        f"{key} does not go with {verb}",
        place=document.key_place(path),
        nearest=(twin,) if twin in known else (),
        remedy=beside,
    )


def _contract(document: Document, judged: Sequence[Path]) -> Iterator[Finding]:
    """Check the contract, in our own words where the contract only knows a pattern."""
    for problem in contracts.problems("script", document.value):
        path = problem.path
        # A variable's name is judged with the other names.
        value = _value(document, path)
        a_name = path in (("vars",), ("for",)) and isinstance(value, dict) and bool(value)
        played = any(path[: len(inner)] == inner for inner in document.plays)
        if a_name or played or any(path[: len(bad)] == bad for bad in judged):
            continue
        error = _own_words(path, value) or UsageError(
            problem.problem,
            expected=_in_yaml(problem.expected),
            found=_in_yaml(problem.found),
            nearest=problem.nearest,
        )
        # A problem that shows no value is about the key itself.
        error.place = document.key_place(path) if problem.found is None else document.place(path)
        yield path, error


def _in_yaml(text: str | None) -> str | None:
    return text and text.replace("an object", "a mapping")


_NOTHING: Final = object()


def _value(document: Document, path: Path) -> object:
    value: Any = document.value
    for key in path:
        if isinstance(value, dict) and key not in value:
            return _NOTHING
        value = value[key]
    return value


def _own_words(path: Path, value: object) -> UsageError | None:
    """Return what is better said in words of this language than in those of a contract."""
    key = path[-1]
    if value is _NOTHING and key == "post":
        return _only_posted()
    if value is _NOTHING:
        return UsageError(f"the key {key!r} is missing", remedy=_ADD[str(key)]) if key in _ADD else None
    if value in ([], {}) and key != "expect":
        what, part = ("list", "entry") if isinstance(value, list) else ("mapping", "key")
        return UsageError(f"the {what} is empty", expected=f"at least one {part}", remedy="Add one.")
    if isinstance(value, list) and (twice := _twice(value)) is not None:
        return UsageError("an entry stands twice", found=show(twice), remedy="Keep one of them.")
    if "receiver" in path[-2:] and isinstance(value, dict) and key != "path":
        return _two_ways(value)
    if key == "create" and isinstance(value, str):
        return UsageError(
            f"no resource of type {value!r} can be created",
            expected=f"one of {', '.join(MAKERS)}",
            nearest=did_you_mean(value, MAKERS),
        )
    if isinstance(value, str) and key in _READERS:
        try:
            _READERS[key](value)
        except UsageError as error:
            return error
    outer = path[-2] if len(path) > 1 else ""
    inner = "step" if isinstance(outer, int) else str(outer)
    expected = _EXPECTED.get(f"{inner}[]" if isinstance(key, int) else f"{inner}.{key}")
    expected = expected or _EXPECTED.get(str(key))
    if expected is None:
        return None
    what = f"the value of {outer if isinstance(key, int) else key}"
    return UsageError(f"{what} does not fit", expected=expected, found=show(value))


def _twice(values: list[Any]) -> object:
    """Return the first value that stands in a list a second time, None when there is none."""
    return next((one for place, one in enumerate(values) if one in values[:place]), None)


def _only_posted() -> UsageError:
    return UsageError("a body can only be posted", found="get", remedy="Write post: in place of get:.")


def _two_ways(receiver: Mapping[str, object]) -> UsageError | None:
    """Say what is wrong with how a receiver is asked."""
    if "get" in receiver and "post" in receiver:
        return UsageError(
            "a receiver is asked by get or by post, not by both",
            remedy="Make two expectations of it, in a list.",
        )
    if "body" in receiver and "get" in receiver:
        return _only_posted()
    return None


def _within(text: str) -> None:
    parse_duration(text.removesuffix(" simulated"))


_READERS: Final[Mapping[str | int, Callable[[str], object]]] = {
    "start": parse_moment,
    "wait": parse_duration,
    "in": parse_duration,
    "within": _within,
    "at": parse_device_time,
}
_NAMED: Final = "a name: letters, digits, _ and -, not a digit first"
_LASTING: Final = "a number with its unit, such as 500ms, 3s, 12m, 2h or 3d"
_COUNTED: Final = ", or a reference such as ${count}"
_EXPECTED: Final = {
    "start": "a time such as 2021-03-01T08:00:00Z",
    "wait": _LASTING,
    "in": _LASTING,
    "within": f"{_LASTING}; the word simulated may follow",
    "at": "-20m for twenty minutes ago, or a time such as 2021-03-01T07:40:00Z",
    "as": _NAMED,
    "checkpoint": _NAMED,
    "from": _NAMED,
    "status": "a status such as 200, a class such as 2xx, or a list of these",
    "attempts": f"a whole number from 1 to 1000000{_COUNTED}",
    "times": f"a whole number from 0 to 1000000{_COUNTED}",
    "repeat.times": f"a whole number from 1 to 1000000{_COUNTED}",
    "step.steps": f"a whole number from 1 to 256{_COUNTED}",
    "play": "a file, the name of a bundled script, or a script itself",
    "tags[]": "a word: letters, digits, and . _ - after the first",
    "get": "a URL such as http://localhost:8000/orders/1, or a reference to one",
    "post": "a URL such as http://localhost:8000/orders/1, or a reference to one",
    "events": "at least two events, such as [create, finished]",
    "emit.type": "a lower-case word such as iot",
    "emit.event": "a lower-case word such as connected",
}
"""What fits, by key; a key means other things at other places, which the key around it tells."""
_ADD: Final = {
    "title": "Say in one line what happens, such as title: A session is created.",
    "steps": "Add steps: and at least one step below it.",
    "events": "Add what comes first and what after it, such as events: [create, finished].",
    "event": "Add the event's word, such as event: finished.",
    "type": "Add the kind of event, such as type: iot.",
    "reset": "Add the URL that resets it, such as reset: http://127.0.0.1:8000/test/reset.",
    "topic": "Add what is subscribed to, such as topic: user/created.",
    "times": "Add how often, such as times: 3.",
}
"""What to do about a key that is missing."""
