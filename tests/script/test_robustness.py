"""Whatever stands in a script, it is played or explained, never a crash."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.bundled import read_scenario, scenario_names
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.loader import read_document
from simulator.script.prepare import load
from simulator.script.rehearsal import rehearse
from simulator.settings import resolve

WORDS = st.sampled_from(
    [
        *(
            "create",
            "update",
            "pause",
            "finish",
            "join",
            "view",
            "record",
            "check",
            "emit",
            "wait",
            "expect",
            "repeat",
        ),
        *(
            "with",
            "set",
            "by",
            "at",
            "as",
            "steps",
            "times",
            "title",
            "vars",
            "world",
            "users",
            "answered",
            "queried",
        ),
        *(
            "of",
            "event",
            "within",
            "in",
            "fields",
            "status",
            "after",
            "type",
            "data",
            "session",
            "call",
            "ana",
            "order",
        ),
        *(
            "ScenarioSession",
            "Call",
            "12m",
            "-20m",
            "2xx",
            "1d simulated",
            "2021-03-01",
            "",
            "iot",
            "Ana Silva",
        ),
        *(
            "${order}",
            "${session}",
            "${session.id}",
            "${index}",
            "${world.users[0]}",
            "${world}",
            "${fake}",
            "${",
            "$${",
        ),
        *(
            "${session.scenario.name}",
            "${session.parts}",
            "${session.externalData}",
            "${env.X}",
            "${target}",
            "${a-b}",
        ),
    ]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 300), st.just(1.5), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
DOCUMENTS = [read_document(read_scenario(name)).value for name in scenario_names()]


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Return the paths of all values in a document."""
    found = [path]
    for key, one in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        found += places(one, (*path, key))
    return found


@st.composite
def spoiled(draw: st.DrawFn) -> object:
    """A script of ours, with some values replaced, moved or taken away."""
    document = {"": copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))}
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(document)[1:]))
        inside = document
        for key in way:
            inside = inside[key]
        what = draw(st.sampled_from(["replace", "remove", "rename"]))
        if what == "replace" or not way:
            inside[last] = draw(VALUES)
        elif what == "remove":
            del inside[last]
        elif isinstance(inside, dict):
            inside[draw(WORDS)] = inside.pop(last)
    return document[""]


def problems_of(text: str, name: str) -> list[str]:
    """Return what a script is told on its way to being played, nothing when it can be."""
    try:
        script = load(text, name=name)
        rehearse(Platform(resolve(script=script.settings()).settings), script)
    except UsageError as error:
        return str(error).splitlines()
    return []


@given(spoiled())
@settings(max_examples=300)
def test_spoiled_script_is_played_or_explained(content):
    assert all(line.startswith("a.json:1:") for line in problems_of(json.dumps(content), "a.json"))


@given(st.text(alphabet="abc:-#{}[]\"'&*!|>%@`?, \n\t0${}.<", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_explained(text):
    assert all(line.startswith("a.yaml:") for line in problems_of(text, "a.yaml"))
