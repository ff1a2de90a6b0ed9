"""What differs between two JSON documents, and paths into one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import UsageError
from simulator.expect.documents import differences, parse_path

ORDERS = {"orders": [{"id": 1, "state": "done"}, {"id": 2, "state": "open", "a.b": {"c d": True}}], "n": 2}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab .'", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(json_values)
def test_every_document_holds_itself(value):
    assert differences(value, value) == []


@given(json_values, json_values)
def test_of_two_that_hold_each_other_both_are_the_same(one, other):
    def same(left, right) -> bool:
        if isinstance(left, dict) and isinstance(right, dict):
            return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
        if isinstance(left, list) and isinstance(right, list):
            return len(left) == len(right) and all(map(same, left, right))
        return isinstance(left, bool) == isinstance(right, bool) and left == right

    assert (not differences(one, other) and not differences(other, one)) is same(one, other)


@given(st.dictionaries(st.text("ab", max_size=2), json_values, max_size=4), st.data())
def test_document_holds_any_part_of_it(value, data):
    kept = data.draw(st.sets(st.sampled_from(sorted(value) or [""])))

    assert differences(value, {key: one for key, one in value.items() if key in kept}) == []


@pytest.mark.parametrize(
    ("found", "wanted", "told"),
    [
        (1, 1.0, []),
        (1, True, ["$ is 1, not true"]),
        (None, False, ["$ is null, not false"]),
        ("1", 1, ['$ is "1", not 1']),
        ({"a": 1}, {}, []),
        ([], {}, ["$ is [], not {}"]),
        ({}, {"a": None}, ["$.a is missing, not null"]),
        ({"a b": {"c": 1}}, {"a b": {"c": 2}}, ['$["a b"].c is 1, not 2']),
        ([1, 2], [1], ["$ has length 2, not 1: [1,2]"]),
        ([{"a": 1, "b": 2}], [{"a": 1}], []),
        (
            {"a": 1, "b": 2, "c": 3, "d": 4},
            {"a": 0, "b": 0, "c": 0, "d": 0},
            ["$.a is 1, not 0", "$.b is 2, not 0", "$.c is 3, not 0", "and more"],
        ),
    ],
)
def test_differences_are_told_with_their_places(found, wanted, told):
    assert differences(found, wanted) == told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", {"n": 2}),
        ("$.n", 2),
        ("$['n']", 2),
        ('$["n"]', 2),
        ("$.orders[0].state", "done"),
        ("$.orders[-1].id", 2),
        ("$.orders[ 1 ].state", "open"),
        ("$.orders[*].id", [1, 2]),
        ("$.orders.*.state", ["done", "open"]),
        ("$.orders[1]['a.b']['c d']", True),
        ("$[*]", [[{}, {"id": 2}], 2]),
        ("$.orders[*][*]", [1, "done", 2, "open", {}]),
    ],
)
def test_path_leads_to_what_stands_there(path, value):
    assert parse_path(path).differences(ORDERS, value) == []


def test_quoted_names_may_hold_anything():
    document = {"it's": 1, 'a"b': 2, "back\\slash": 3}

    assert parse_path(r"$['it\'s']").differences(document, 1) == []
    assert parse_path(r'$["a\"b"]').differences(document, 2) == []
    assert parse_path(r"$['back\\slash']").differences(document, 3) == []


@pytest.mark.parametrize(
    ("path", "wanted", "told"),
    [
        ("$.orders[0].state", "open", '$.orders[0].state is "done", not "open"'),
        ("$.orders[*].id", [1], "$.orders[*].id has length 2, not 1: [1,2]"),
        ("$.none", 1, "$.none leads nowhere: $ has no key 'none'"),
        ("$.n.x", 1, "$.n.x leads nowhere: $.n is 2, no object"),
        ("$.orders[2].id", 1, "$.orders[2].id leads nowhere: $.orders has length 2"),
        ("$.orders[-3]", 1, "$.orders[-3] leads nowhere: $.orders has length 2"),
        ("$.n[0]", 1, "$.n[0] leads nowhere: $.n is 2, no list"),
        ("$.n[*]", [1], "$.n[*] leads nowhere: $.n is 2, which has no parts"),
        ("$.orders[*]['a.b']", [1], "$.orders[*]['a.b'] leads nowhere: $.orders[0] has no key 'a.b'"),
    ],
)
def test_path_to_something_else_or_to_nothing_is_told(path, wanted, told):
    assert parse_path(path).differences(ORDERS, wanted) == [told]


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("orders", ""),
        ("", ""),
        ("$.", ", which cannot be read from '.' on"),
        ("$.orders[?(@.id)]", ", which cannot be read from '[?(@.id)]' on"),
        ("$..id", ", which cannot be read from '..id' on"),
        ("$.orders[0:2]", ", which cannot be read from '[0:2]' on"),
        ("$.orders[01]", ", which cannot be read from '[01]' on"),
        ("$ .n", ", which cannot be read from ' .n' on"),
    ],
)
def test_what_is_no_path_of_ours_says_where_it_cannot_be_read(path, rest):
    with pytest.raises(UsageError) as raised:
        parse_path(path)

    assert str(raised.value) == (
        "the path into the answer cannot be read; expected $, then .name, ['name'], [0], [-1] or [*], such as "
        f"$.orders[0].state, found {path!r}{rest}."
    )
