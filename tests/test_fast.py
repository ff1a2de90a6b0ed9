"""With the extra and without it: the same bytes and the same verdicts."""

from __future__ import annotations

import asyncio
import json
import math
from collections import OrderedDict
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import contracts, fast
from simulator.fast import json_bytes, json_value, library, loop_factory, stored_json
from simulator.wire import dump, load
from tests.extras import BOTH_WAYS, use_extra


class Word(StrEnum):
    CREATE = "create"


class Text(str):
    __slots__ = ()


floats = st.floats() | st.floats(min_value=1e-6, max_value=1e-2) | st.floats(min_value=1e14, max_value=1e18)
texts = st.text(st.characters(codec=None))
leaves = st.none() | st.booleans() | st.integers() | floats | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.dictionaries(texts | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


def plainly(value: object) -> bytes:
    """Write JSON as the standard library does."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


@BOTH_WAYS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values)
def test_json_is_the_same_bytes_with_and_without(extra, value):
    with pytest.MonkeyPatch.context() as patched:
        use_extra(patched, extra)

        assert dump(value) == plainly(value)


@BOTH_WAYS
@pytest.mark.parametrize(
    "value",
    [
        0.1, -0.0, 1e-4, 9.99e-5, 1e-7, 1e15, 1e16, 1.5e300, 5e-324, 100.0, math.nan, math.inf, -math.inf,
        2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**400,
        "\u2028\x7f\x00\x1f\b\f/\\\"", "\ud800", {"\udc00": 1}, {1: 2, None: 3}, {"": {}}, [[], (), {}],
        (1, (2,)), OrderedDict(b=1, a=2), Word.CREATE, {Word.CREATE: Text("x")}, {Text("x"): [True]},
    ],
    ids=ascii,
)  # fmt: skip
def test_what_might_be_written_otherwise_is_not(monkeypatch, extra, value):
    use_extra(monkeypatch, extra)

    assert dump(value) == plainly(value)


@BOTH_WAYS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
        max_leaves=20,
    )
)
def test_what_is_stored_reads_back_as_it_was(extra, value):
    with pytest.MonkeyPatch.context() as patched:
        use_extra(patched, extra)
        written = stored_json(value)

    assert json.loads(plainly(value) if written is None else written) == value


@BOTH_WAYS
@pytest.mark.parametrize("value", [object(), {"x": {1, 2}}, [asyncio]], ids=["object", "set", "module"])
def test_what_is_no_json_is_refused_in_the_same_words(monkeypatch, extra, value):
    use_extra(monkeypatch, extra)

    with pytest.raises(TypeError) as raised:
        dump(value)

    assert str(raised.value).endswith("is not JSON serializable")


READ = {
    "a request": b'{"query": "{ viewer { id } }", "variables": {"id": "x", "n": [1, true, null]}}',
    "nothing": b"null",
    "the last of two": b'{"a": 1, "b": 2, "a": 3}',
    "less than nothing": b"-0",
    "a number of many digits": b"[123456789012345678901234567890]",
    "a float": b'{"a": {"b": [1.5]}}',
    "half a surrogate pair": b'"\\ud800"',
    "a mark at the beginning": b"\xef\xbb\xbf[1]",
    "another encoding": "[1]".encode("utf-16"),
}


@BOTH_WAYS
@pytest.mark.parametrize("body", READ.values(), ids=READ)
def test_json_is_read_as_the_same(monkeypatch, extra, body):
    expected = repr(json.loads(body))
    use_extra(monkeypatch, extra)

    assert repr(load(body)) == expected


def test_deep_json_is_left_to_the_other_way(monkeypatch):
    use_extra(monkeypatch, "with")

    assert json_value(b"[" * 900 + b"1.5" + b"]" * 900) is None


def test_the_parts_that_are_loose_are_looked_at_alone(monkeypatch):
    use_extra(monkeypatch, "with")

    assert json_bytes([1e-7], []) is not None
    assert json_bytes([1e-7], [1e-7]) is None


@BOTH_WAYS
def test_a_circle_is_refused(monkeypatch, extra):
    use_extra(monkeypatch, extra)
    circle: list[object] = []
    circle.append(circle)

    with pytest.raises(ValueError, match="Circular reference detected"):
        dump(circle)


def test_plain_values_are_written_by_the_extra(monkeypatch):
    use_extra(monkeypatch, "with")

    assert json_bytes({"percent": 33.33, "state": Word.CREATE, "n": [1, None, True]}) == (
        b'{"percent":33.33,"state":"create","n":[1,null,true]}'
    )


def test_without_the_extra_there_is_nothing_of_it(monkeypatch):
    use_extra(monkeypatch, "without")

    assert (json_bytes({}), fast.validator({}, contracts.load), loop_factory()) == (None, None, None)


def test_library_that_is_not_installed_is_looked_for_in_vain():
    assert library("no_such_library_of_the_extra") is None
    assert library("json") is json


@pytest.mark.parametrize("name", ["webhook/resource", "webhook/non_resource"])
@BOTH_WAYS
def test_contract_has_the_same_verdict_on_its_examples_and_on_what_is_missing(monkeypatch, extra, name):
    use_extra(monkeypatch, extra)
    is_valid = contracts._quick_validator(name)
    for example in contracts.load(name)["examples"]:
        damaged = [{key: value for key, value in example.items() if key != left_out} for left_out in example]
        for value in [example, *damaged, {**example, "extra": 1}, {**example, "time": 1}, [], None]:
            fits = contracts.problems(name, value) == []
            assert is_valid is None or is_valid(value) is fits


@BOTH_WAYS
def test_loop_of_our_own_runs(monkeypatch, extra):
    use_extra(monkeypatch, extra)
    factory = loop_factory() or asyncio.new_event_loop

    loop = factory()
    try:
        assert loop.run_until_complete(asyncio.tasks.sleep(0, "done")) == "done"
    finally:
        loop.close()
