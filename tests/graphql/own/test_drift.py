"""A difference between two schemas is named once, with its type."""

from __future__ import annotations

import pytest
from graphql import build_schema

from simulator.graphql.own import Drift, drift

BASE = "type Query { a(x: Int): Int b: Thing } type Thing { c: String } enum E { ONE } union U = Thing input I { f: Int }"


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (BASE, Drift()),
        (BASE + " scalar S type T { a: Int b: Int }", Drift(more=("scalar S", "type T"))),
        (BASE + " interface N { a: Int } input J { a: Int } union V = Thing enum F { X }", None),
        (BASE.replace("c: String", "c: String d: Int!"), Drift(more=("Thing.d: Int!",))),
        (BASE.replace("ONE", "TWO"), Drift(more=("E.TWO",), less=("E.ONE",))),
        (BASE.replace("(x: Int)", ""), Drift(less=("Query.a(x:): Int",))),
        (BASE.replace("(x: Int)", "(x: ID)"), Drift(other=("Query.a(x:): ID, Int here",))),
        (BASE.replace("c: String", "c: [String]"), Drift(other=("Thing.c: [String], String here",))),
        (BASE.replace("enum E { ONE }", "scalar E"), Drift(other=("E: scalar, enum here",))),
        (BASE.replace("f: Int", "f: Int g: Int"), Drift(more=("I.g: Int",))),
        (
            BASE.replace("union U = Thing", "union U = Thing | Other type Other { a: Int }"),
            Drift(more=("type Other", "U.Other")),
        ),
    ],
)
def test_difference_is_named(theirs, expected):
    found = drift(build_schema(BASE), build_schema(theirs))

    assert found == (expected or Drift(more=("enum F", "input J", "interface N", "union V")))


def test_differences_are_told_a_line_each_and_summed_up():
    found = Drift(
        more=("type T", "Thing.d: Int!", "E.TWO"), less=("E.ONE",), other=("Thing.c: ID, String here",)
    )

    assert str(found).splitlines() == [
        "+ type T",
        "+ Thing.d: Int!",
        "+ E.TWO",
        "- E.ONE",
        "~ Thing.c: ID, String here",
    ]
    assert found.summary == (
        "types of its own: 1; fields, arguments and values of its own: 2; missing of ours: 1; typed otherwise: 1"
    )
    assert str(Drift()) == "no difference"
