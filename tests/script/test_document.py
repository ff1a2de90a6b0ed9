"""Where things stand, and how several problems read as one error."""

from __future__ import annotations

from simulator.errors import UsageError
from simulator.script.document import Document, Mark, ScriptError, show

DOCUMENT = Document(
    "a.yaml",
    {"steps": [{"wait": "1s"}]},
    values={
        (): Mark(1, 1),
        ("steps",): Mark(2, 3),
        ("steps", 0): Mark(2, 5),
        ("steps", 0, "wait"): Mark(2, 11),
    },
    keys={("steps",): Mark(1, 1), ("steps", 0, "wait"): Mark(2, 5)},
)


def test_value_and_key_have_places():
    path = ("steps", 0, "wait")

    assert (DOCUMENT.mark(path), DOCUMENT.key_mark(path)) == (Mark(2, 11), Mark(2, 5))
    assert (DOCUMENT.place(path), DOCUMENT.key_place(path)) == ("a.yaml:2:11", "a.yaml:2:5")
    assert DOCUMENT.line(path) == "a.yaml:2"
    assert DOCUMENT.place() == "a.yaml:1:1"


def test_what_is_not_there_stands_where_it_would_be():
    assert DOCUMENT.place(("steps", 0, "at")) == "a.yaml:2:5"
    assert DOCUMENT.place(("steps", 7, "at", "x")) == "a.yaml:2:3"


def test_what_has_no_key_stands_where_it_begins():
    assert DOCUMENT.key_place(("steps", 0)) == "a.yaml:2:5"


def test_a_document_without_places_begins_at_its_beginning():
    assert Document("a.yaml", None, {}, {}).place(("a",)) == "a.yaml:1:1"


def test_several_problems_read_as_lines_and_stand_for_the_first():
    error = ScriptError(
        [UsageError("one is wrong", place="a:1:1", found="1"), UsageError("two is wrong", place="a:2:1")]
    )

    assert str(error) == "a:1:1: one is wrong; found 1.\na:2:1: two is wrong."
    assert (error.problem, error.place, error.found) == ("one is wrong", "a:1:1", "1")


def test_each_of_several_problems_gets_a_place_in_front():
    error = ScriptError(
        [UsageError("one is wrong", place="1:1"), UsageError("two is wrong", place="2:1")]
    ).at("body")

    assert str(error) == "body: 1:1: one is wrong.\nbody: 2:1: two is wrong."


def test_what_was_found_is_shown_by_what_it_is():
    shown = [show(value) for value in ("a", None, True, False, {}, [], 1.5, "x" * 80)]

    assert shown == ["'a'", "nothing", "true", "false", "a mapping", "a list", "1.5", "'" + "x" * 55 + "...'"]
