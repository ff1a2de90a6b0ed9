"""YAML and JSON as scripts read them: narrow, safe, and with the line of everything."""

from __future__ import annotations

import json
import sys

import pytest
import yaml

from simulator.bundled import read_scenario
from simulator.errors import UsageError
from simulator.script import loader
from simulator.script.document import Mark
from simulator.script.loader import MAX_BYTES, MAX_DEPTH, read_document, read_scalar, read_source


@pytest.fixture(params=["fast", "slow"])
def reader(request, monkeypatch):
    """Both of PyYAML's readers: not every installation has the one in C."""
    if request.param == "slow":
        monkeypatch.delattr(yaml, "CSafeLoader")


def told(text: str | bytes) -> str:
    with pytest.raises(UsageError) as caught:
        read_document(text, name="a.yaml")
    return str(caught.value)


VALUES = {
    "true": True,
    "False": False,
    "null": None,
    "~": None,
    "": None,
    "0": 0,
    "-12": -12,
    "1.5": 1.5,
    "1e3": 1000.0,
    "2021-03-01T08:00:00Z": "2021-03-01T08:00:00Z",
    "2021-03-01": "2021-03-01",
    "yes": "yes",
    "on": "on",
    "n": "n",
    "0042": "0042",
    "0o17": "0o17",
    "0x5c4b": "0x5c4b",
    "1_000": "1_000",
    "12:30": "12:30",
    "+5": "+5",
    ".5": ".5",
    ".inf": ".inf",
    "5c4bx0248-28c2": "5c4bx0248-28c2",
    "'12'": "12",
    '"true"': "true",
    "-20m": "-20m",
    "${order}": "${order}",
    '"\\ud83d\\ude00"': "\N{GRINNING FACE}",
    "&a x": "x",
    "! 12": 12,
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_value_is_what_it_means_in_json_else_text(text, value):
    document = read_document(f"key: {text}")

    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


@pytest.mark.usefixtures("reader")
def test_block_text_keeps_its_lines():
    assert read_document("a: |\n  12\n  13\nb: >\n  x\n  y\n").value == {"a": "12\n13\n", "b": "x y\n"}


@pytest.mark.usefixtures("reader")
def test_every_key_and_value_knows_its_place():
    document = read_document("title: t\nsteps:\n  - create: Call\n    with: {a: [1, 2]}\n", name="a.yaml")

    assert document.name == "a.yaml"
    assert document.values == {
        (): Mark(1, 1),
        ("title",): Mark(1, 8),
        ("steps",): Mark(3, 3),
        ("steps", 0): Mark(3, 5),
        ("steps", 0, "create"): Mark(3, 13),
        ("steps", 0, "with"): Mark(4, 11),
        ("steps", 0, "with", "a"): Mark(4, 15),
        ("steps", 0, "with", "a", 0): Mark(4, 16),
        ("steps", 0, "with", "a", 1): Mark(4, 19),
    }
    assert document.keys == {
        ("title",): Mark(1, 1),
        ("steps",): Mark(2, 1),
        ("steps", 0, "create"): Mark(3, 5),
        ("steps", 0, "with"): Mark(4, 5),
        ("steps", 0, "with", "a"): Mark(4, 12),
    }


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_read_as_json_is(indent):
    value = {"a": 'tab\there \\ / " é 😀', "b": [1, -2.5e-3, True, None, {}], "c": {"k" * 300: []}}
    for ascii_only in (True, False):
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

        assert read_document(text).value == value


def test_an_alias_stands_for_a_copy_with_the_places_of_the_original():
    document = read_document("a: &x {b: [1]}\nc: *x\n")

    assert document.value == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert document.value["a"] is not document.value["c"]
    assert document.values[("c", "b", 0)] == Mark(1, 12)
    assert document.keys[("c", "b")] == Mark(1, 8)


def test_directives_and_marks_of_one_document_are_allowed():
    assert read_document("%YAML 1.2\n---\na: 1\n...\n").value == {"a": 1}
    assert read_document("\ufeffa: 1".encode()).value == {"a": 1}


WRONG = {
    "a key twice": (
        "a: 1\nb: 2\na: 3",
        "a.yaml:3:1: the key a stands twice; found the first in line 1. Keep one of them.",
    ),
    "two documents": (
        "a: 1\n---\nb: 1",
        "a.yaml:2:1: a second document begins here; expected one script in a file. "
        "Put it in a file of its own.",
    ),
    "a number as a key": ("1: a", 'a.yaml:1:1: a key is not text; found 1. Put it in quotes: "1".'),
    "nothing as a key": ("?\n: b", "a.yaml:1:2: a key is not text; found nothing. Write a name."),
    "null as a key": ("~: a", 'a.yaml:1:1: a key is not text; found nothing. Put it in quotes: "~".'),
    "a list as a key": ("? [a]\n: b", "a.yaml:1:3: a key is not text; expected a name before the colon."),
    "an alias as a key": (
        "a: &x y\n*x : b",
        "a.yaml:2:1: a key is not text; expected a name before the colon.",
    ),
    "a tag": (
        "a: !!python/object/apply:os.system [ls]",
        "a.yaml:1:4: a tag stands before a value; "
        "found 'tag:yaml.org,2002:python/object/apply:os.system'. "
        "Leave it out; put text that looks like a number in quotes.",
    ),
    "a tag at a key": (
        "!!str a: 1",
        "a.yaml:1:1: a tag stands before a value; found 'tag:yaml.org,2002:str'. "
        "Leave it out; put text that looks like a number in quotes.",
    ),
    "a number beyond all numbers": (
        "a: 1e999",
        "a.yaml:1:4: the number is too large; found '1e999'. Put it in quotes to have text.",
    ),
    "a number with very many digits": (
        "a: " + "9" * 5000,
        "a.yaml:1:4: the number is too large; found '" + "9" * 55 + "...'. Put it in quotes to have text.",
    ),
    "an alias without anchor": (
        "steps: &steps []\nmore: *step",
        "a.yaml:2:7: the alias *step has no anchor before it. Did you mean steps? "
        "Put text that begins with * in quotes.",
    ),
    "an alias of itself": (
        "a: &x [*x]",
        "a.yaml:1:8: the alias *x stands inside its own anchor. Write it out.",
    ),
    "an anchor twice": (
        "a: &x 1\nb: &x 2",
        "a.yaml:2:4: the anchor &x stands twice. Give it another name.",
    ),
    "values nested too deeply": (
        "[" * 100_000,
        f"a.yaml:1:{MAX_DEPTH + 2}: values are nested too deeply; expected at most {MAX_DEPTH} levels.",
    ),
    "a character that is none": (
        "a: 1\nb: x\x01",
        "a.yaml:2:5: there is a character that no text may contain; found U+0001. Remove it.",
    ),
    "bytes that are no UTF-8": (
        b"a: 1\nb: \xff",
        "a.yaml:2:4: the script is not UTF-8 text; found the byte 0xff. Save the file as UTF-8.",
    ),
    "too many bytes": (
        b"#" * (MAX_BYTES + 1),
        "a.yaml: the script is too large; expected at most 4 MiB. Say what repeats with repeat.",
    ),
    "nothing": (
        "",
        "a.yaml:1:1: the script is empty; expected a mapping with title and steps. "
        "Print an example with: scope-simulator scenarios show created-and-finished",
    ),
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_text_that_is_no_document_is_told(text, message):
    assert told(text) == message


def test_aliases_that_multiply_are_stopped():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]

    message = told("\n".join(lines))

    assert message.startswith("a.yaml:")
    assert message.endswith(
        "the script has too many values; expected at most 500000, each use of an alias counted. "
        "Say what repeats with repeat."
    )


def test_deep_values_are_no_deep_calls(monkeypatch):
    monkeypatch.setattr(loader, "MAX_DEPTH", 10_000)
    document = read_document("[" * 200 + "]" * 200)

    assert len(document.values) == 200
    assert sys.getrecursionlimit() >= 1000


def test_source_is_a_file_before_it_is_a_bundled_script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bundled = read_source("iot-event")
    (tmp_path / "iot-event").write_bytes(b"title: mine")

    assert bundled == ("iot-event.yaml", read_scenario("iot-event"))
    assert read_source("iot-event") == ("iot-event", b"title: mine")


def test_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_source("iot-evnt")

    assert str(caught.value) == (
        "there is no file and no bundled script 'iot-evnt'. Did you mean iot-event? "
        "List the bundled scripts with: scope-simulator scenarios"
    )


def test_source_that_is_a_directory_is_told(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_source(str(tmp_path))

    assert str(caught.value) == f"{tmp_path}: the script is a directory. Name one file in it."


def test_source_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    file = tmp_path / "file" / "a.yaml"

    with pytest.raises(UsageError) as caught:
        read_source(str(file))

    assert str(caught.value) == f"{file}: the script cannot be read; found not a directory."


def test_source_with_a_nul_is_no_file():
    with pytest.raises(UsageError) as caught:
        read_source("a\0b")

    assert str(caught.value) == (
        "there is no file and no bundled script 'a\\x00b'. "
        "List the bundled scripts with: scope-simulator scenarios"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("null", None),
        ("false", False),
        ("-7", -7),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("9" * 41, "9" * 41),
        ("0042", "0042"),
        ("'7'", "7"),
        ('"a\\tb"', "a\tb"),
        ("'a': b", "'a': b"),
        ("[1]", "[1]"),
        (" x", " x"),
    ],
)
def test_a_value_that_stands_alone(text, value):
    assert read_scalar(text) == value
