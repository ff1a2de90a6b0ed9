"""The reference holds every command, flag, setting, route, verb, key, fixture, method and error that there is."""

from __future__ import annotations

import ast
import re

import click
import pytest

import simulator
from docs.making.commands import commands
from docs.making.errors import messages, wordless
from docs.making.samples import SAMPLES
from simulator.contracts import load
from simulator.control import OPERATIONS
from simulator.routes import ROUTES
from simulator.server.handle import AsyncSimulator, Simulator
from simulator.settings import FIELDS
from tests.docs.documents import DOCS, ROOT


def page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of its depth."""
    depth = len(heading) - len(heading.lstrip("#"))
    found = re.search(
        rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{depth}}} |\Z)", text, re.DOTALL | re.MULTILINE
    )
    return found[1] if found else ""


def flags(command: click.Command) -> set[str]:
    return {
        flag
        for one in command.params
        if isinstance(one, click.Option)
        for flag in (*one.opts, *one.secondary_opts)
    }


def test_every_command_and_flag():
    text = page("commands")
    written = {
        name: set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section(text, f"## {name}")))
        for name, _ in commands()
    }

    assert {name: sorted(flags(command) - written[name]) for name, command in commands()} == {
        name: [] for name, _ in commands()
    }


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting(name):
    field = FIELDS[name]

    told = section(page("settings"), f"### {name}")

    assert field.description in told
    assert field.variable in told
    assert field.flag is None or field.flag in told


def test_every_route_of_the_vendor():
    told = section(page("routes"), "## The vendor's side")

    assert [
        f"{method} {route.path}"
        for route in ROUTES
        for method in route.handlers
        if f"`{method} {route.path}`" not in told
    ] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_control_operation(operation):
    told = section(page("routes"), f"### {operation.method} /_simulator/{operation.path}")
    body = load(operation.body).get("properties", {}) if operation.body not in (None, "script") else {}

    assert operation.summary in told
    assert [one.name for one in operation.parameters if f"`{one.name}`" not in told] == []
    assert [key for key in body if f"`{key}`" not in told] == []


def test_every_verb_and_key_of_a_script():
    contract = load("script")
    text = page("scripts")
    step = contract["$defs"]["step"]
    keys = {*contract["properties"], *contract["properties"]["world"]["properties"], *step["properties"]}
    keys |= {
        key for name in ("expect", "answered", "queried") for key in contract["$defs"][name]["properties"]
    }

    assert [
        one["required"][0] for one in step["oneOf"] if not section(text, f"### {one['required'][0]}")
    ] == []
    assert sorted(key for key in keys if f"`{key}`" not in text and f"[{key}]" not in text) == []


def test_every_fixture():
    tree = ast.parse((ROOT / "simulator" / "pytest_plugin.py").read_text("utf-8"))
    fixtures = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any("fixture" in ast.unparse(one) for one in node.decorator_list)
    ]

    assert len(fixtures) >= 4
    assert [name for name in fixtures if not section(page("fixtures"), f"### {name}").strip()] == []


@pytest.mark.parametrize("handle", [Simulator, AsyncSimulator, simulator.SimulatorCore])
def test_every_method_of_the_handles(handle):
    told = set(re.findall(r"`(\w+)[(:`]", page("fixtures")))
    # These are told of in prose.
    told |= {"start", "stop", "attached", "awaitable"}

    assert sorted(name for name in dir(handle) if not name.startswith("_") and name not in told) == []


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_every_error_class_with_a_sample(kind):
    assert SAMPLES[kind][1] in section(page("errors"), f"### {kind.__name__}")


def test_every_message_is_found_where_it_is_worded(tmp_path):
    (tmp_path / "simulator" / "world").mkdir(parents=True)
    (tmp_path / "simulator" / "world" / "ids.py").write_text(
        """
def act(name, early):
    raise UsageError(f"no {name!r}", expected="a name", remedy=f"Name one of {KNOWN}.")
    raise StateError("too early" if early else "too " + "late")
    raise PlatformError(404, "Nothing is here.")
    raise wrong("a number", name)
    raise UsageError(name)
    message = f"Field {name} is unknown"
    return shape(message)

def wrong(expected: str, found: str) -> UsageError:
    return UsageError("the value does not fit", expected=expected, found=found)

_WORDINGS = ((r"a+", "too many of one letter", "Leave some out."), (r"b", MORE, "Think."))

class Reader:
    def read(self):
        raise self._wrong(3, "it cannot be read", remedy="Write it anew.")

    def _wrong(self, place: int, problem: str, *, remedy: str | None = None) -> StateError:
        return StateError(problem, place=place, remedy=remedy)
""",
        "utf-8",
    )

    assert [tuple(one) for one in messages(tmp_path)] == [
        ("world", "GraphQLError", "Field … is unknown", "", ""),
        ("world", "PlatformError", "Nothing is here.", "", ""),
        ("world", "StateError", "it cannot be read", "", "Write it anew."),
        ("world", "StateError", "too early", "", ""),
        ("world", "StateError", "too late", "", ""),
        ("world", "UsageError", "no …", "a name", "Name one of …."),
        ("world", "UsageError", "the value does not fit", "a number", ""),
        ("world", "UsageError", "the value does not fit", "…", ""),
        ("world", "UsageError", "too many of one letter", "", "Leave some out."),
    ]


def test_error_whose_words_are_not_found_is_told(tmp_path):
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "ids.py").write_text(
        "def act(given):\n"
        "    raise UsageError(given)\n"
        "    raise UsageError(other.problem)\n"
        "    raise UsageError(WORDS[3])\n"
        "    raise StateError(say())\n",
        "utf-8",
    )

    assert wordless(tmp_path) == ["simulator/ids.py:4", "simulator/ids.py:5"]


def test_the_words_of_every_error_are_found():
    assert wordless(ROOT) == []
