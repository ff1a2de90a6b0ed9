"""Which events, topics and fields a script may name."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.script.loader import read_document
from simulator.script.vocabulary import Vocabulary, judge_field
from simulator.world.resources import Kind

SCRIPT = """\
title: t
steps:
  - emit: {type: iot, event: connected, data: {}}
  - repeat: {times: 2, steps: [{emit: {type: iot, event: warmer}}]}
  - together: [[{subscribe: {topic: user/changed@1.0}}], [{wait: 1s}]]
endings:
  - title: e
    steps: [{emit: {type: iot, event: gone}}]
"""
DULL = "title: t\nsteps: [{wait: 1s}]\n"


def vocabulary(text: str = SCRIPT) -> Vocabulary:
    return Vocabulary(read_document(text, name="a.yaml"))


@pytest.mark.parametrize(
    "word",
    ["paused", "completed", "call/created", "connected", "warmer", "gone", "user/changed", "${name}"],
)
def test_words_of_the_vendor_and_those_a_script_tells_are_known(word):
    vocabulary().judge_event(word)


def test_any_word_will_do_where_a_script_tells_one_that_is_not_known_yet():
    vocabulary("title: t\nsteps: [{emit: {type: iot, event: '${word}'}}]\n").judge_event("whatever")


@pytest.mark.parametrize("text", [DULL, "title: t\nsteps: [{emit: 3, subscribe: {topic: 4}}, 5]\n", "[1]"])
def test_other_words_are_not_and_the_nearest_is_named(text):
    with pytest.raises(UsageError) as caught:
        vocabulary(text).judge_event("connected")

    assert str(caught.value) == (
        "no event is called 'connected'; expected one of create, created, update, updated, paused, resumed, finished, "
        "completed, or a topic such as scenario_session/created. Did you mean completed or created?"
    )


@pytest.mark.parametrize("field", ["state", "nodes", "${field}"])
def test_fields_of_resources_and_the_shapes_around_them_are_known(field):
    judge_field(field, None)


@pytest.mark.parametrize(
    ("kind", "nearest"), [(Kind.SESSION, "state or startedAt"), (None, "state or startedAt or leftAt")]
)
def test_nearest_field_is_one_of_what_is_asked_about(kind, nearest):
    with pytest.raises(UsageError) as caught:
        judge_field("stat", kind)

    assert str(caught.value) == f"the API has no field 'stat'. Did you mean {nearest}?"
