"""JSON written again: each writer's text is what that writer gives."""

from __future__ import annotations

import json

import pytest

from simulator.webhooks.misreadings.writing import Writer, writers, writings

VALUE = {"b": "a/b&=é'", "10": [1, 2.0, {}, [], None, True], "a": {"2": 0.5, "x": 9007199254740993}}


def written(writer: Writer, value: object = VALUE) -> str:
    return next(one.message for one in writings(value) if one.writer == writer).decode()


@pytest.mark.parametrize(
    ("writer", "text"),
    [
        (Writer("spaced", "ascii"), json.dumps(VALUE)),
        (Writer("2", "ascii"), json.dumps(VALUE, indent=2)),
        (Writer("4", "ascii", by_key=True), json.dumps(VALUE, indent=4, sort_keys=True)),
        (Writer("tab", "raw"), json.dumps(VALUE, indent="\t", ensure_ascii=False)),
        (
            Writer("compact", "raw"),
            '{"b":"a/b&=é\'","10":[1,2.0,{},[],null,true],"a":{"2":0.5,"x":9007199254740993}}',
        ),
        (
            Writer("compact", "raw", "javascript"),
            '{"10":[1,2,{},[],null,true],"b":"a/b&=é\'","a":{"2":0.5,"x":9007199254740992}}',
        ),
        (
            Writer("compact", "php", "javascript"),
            '{"10":[1,2,{},[],null,true],"b":"a\\/b&=\\u00e9\'","a":{"2":0.5,"x":9007199254740992}}',
        ),
        (
            Writer("compact", "html"),
            '{"b":"a/b\\u0026=é\'","10":[1,2.0,{},[],null,true],"a":{"2":0.5,"x":9007199254740993}}',
        ),
        (
            Writer("compact", "gson"),
            '{"b":"a/b\\u0026\\u003dé\\u0027","10":[1,2.0,{},[],null,true],"a":{"2":0.5,"x":9007199254740993}}',
        ),
        (
            Writer("compact", "dotnet"),
            '{"b":"a/b\\u0026=\\u00E9\\u0027","10":[1,2.0,{},[],null,true],"a":{"2":0.5,"x":9007199254740993}}',
        ),
    ],
)
def test_writer_writes(writer, text):
    assert written(writer) == text


def test_half_a_surrogate_pair_and_numbers_beyond_all_doubles_are_written_somehow():
    value = {"half": "\ud800", "01": 10**400, "large": 1e300}

    assert (
        written(Writer("compact", "ascii"), value) == f'{{"half":"\\ud800","01":1{"0" * 400},"large":1e+300}}'
    )
    assert written(Writer("compact", "raw", "javascript"), value).startswith('{"half":"?","01":1000')


def test_each_way_is_tried_once_and_the_known_ones_first():
    ways = writers()

    assert (len(ways), len(set(ways)), ways[0]) == (140, 140, Writer("spaced", "ascii"))
    assert [one.writer for one in writings(VALUE, most=3)] == list(ways[:3])


@pytest.mark.parametrize(
    ("value", "writer", "words"),
    [
        (
            VALUE,
            Writer("spaced", "ascii"),
            "with a space after each comma and colon, with escapes for what is not ASCII, as Python's json.dumps does",
        ),
        (
            {"a": "b"},
            Writer("spaced", "ascii"),
            "with a space after each comma and colon, as Python's json.dumps does",
        ),
        (
            VALUE,
            Writer("tab", "slash", "javascript", by_key=True),
            "indented by tabs, with each slash escaped, with the keys sorted, with numbers and keys as JavaScript has them",
        ),
        ({"a": 1}, Writer("tab", "raw", "javascript", by_key=True), "indented by tabs"),
        ({"a": 1}, Writer("compact", "raw"), "without spaces, as Ruby's JSON.generate does"),
    ],
)
def test_words_say_who_and_how_where_it_makes_a_difference(value, writer, words):
    assert next(one.words for one in writings(value) if one.writer == writer) == words
