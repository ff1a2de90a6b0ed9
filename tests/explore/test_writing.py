"""Scripts as text: what is written is read back as the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.bundled import read_scenario, scenario_names
from simulator.explore.writing import as_yaml
from simulator.script.loader import read_document

LONG = {"a long name of a key " + letter: "and a value that is not short either" for letter in "abc"}


def read(text: str) -> object:
    return read_document(text).value


def test_script_is_written_as_people_write_one():
    script = {
        "title": "It breaks: sometimes",
        "seed": 7,
        "vars": {"order": "WO-1042", "yes": "true", "none": None},
        "steps": [
            {"create": "ScenarioSession", "as": "session", "with": {"externalData": {"order": "${order}"}}},
            {"wait": "12m"},
            {"faults": {"delivery": [{"delay": "1m", "match": LONG}]}},
            {"faults": []},
        ],
    }

    text = as_yaml(script, comment=["Found by explore.", ""])

    assert text.splitlines() == [
        "# Found by explore.",
        "#",
        "",
        'title: "It breaks: sometimes"',
        "",
        "seed: 7",
        "",
        'vars: {order: WO-1042, yes: "true", none: null}',
        "",
        "steps:",
        "  - create: ScenarioSession",
        "    as: session",
        '    with: {externalData: {order: "${order}"}}',
        "  - wait: 12m",
        "  - faults:",
        "      delivery:",
        "        - delay: 1m",
        "          match:",
        "            a long name of a key a: and a value that is not short either",
        "            a long name of a key b: and a value that is not short either",
        "            a long name of a key c: and a value that is not short either",
        "  - faults: []",
    ]
    assert read(text) == script


@pytest.mark.parametrize("name", scenario_names())
def test_bundled_script_is_read_back(name):
    root = read(read_scenario(name))

    assert read(as_yaml(root, comment=())) == root


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-999, 999)
    | st.text()
    | st.sampled_from(["5m", "-20m", "2xx", "No", "0x5c"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_every_value_is_read_back(value):
    value = json.loads(json.dumps(value).encode("utf-8", "replace"))

    assert read(as_yaml({"steps": [{"emit": value}, value], "title": value}, comment=())) == {
        "steps": [{"emit": value}, value],
        "title": value,
    }
