"""The box of a test, and its file."""

from __future__ import annotations

import pytest

from simulator.box.calls import Calls
from simulator.box.file import Failure
from simulator.box.tests import box_of_test, file_name, leave
from simulator.errors import ExpectationError
from tests.box.boxes import HOOK, platform_with


def test_call_by_which_a_test_failed_is_its_failure():
    platform = platform_with(seed=7)
    calls = Calls(platform)
    calls.end(calls.begin("add_target", ("http://x/",), {}))
    error = ExpectationError("expectation not met: a request; seen: none")
    calls.end(calls.begin("expect_queried", (), {}), error)

    box = box_of_test(platform, calls, "test_a.py::test_it", said="ExpectationError", error=error)

    assert box.failures == (
        Failure("call", "call 2, expect_queried", "expectation not met: a request", "none"),
    )
    assert (box.kind, box.name, box.seed, box.targets) == (
        "test",
        "test_a.py::test_it",
        7,
        (HOOK, "http://x/"),
    )
    assert [one["call"] for one in box.calls] == ["add_target", "expect_queried"]
    assert not box.drained


@pytest.mark.parametrize("error", [AssertionError("1 == 2"), None])
def test_anything_else_is_the_tests_own_judgement(error):
    platform = platform_with()
    calls = Calls(platform)
    calls.end(calls.begin("pause", ("nobody",), {}), ExpectationError("as it should be"))

    box = box_of_test(platform, calls, "test_a.py::test_it", said="assert 1 == 2", error=error)

    assert box.failures == (Failure("test", "test_a.py::test_it", "assert 1 == 2"),)


@pytest.mark.parametrize(
    ("test", "when", "number", "name"),
    [
        ("tests/test_a.py::test_it", "call", 0, "tests-test_a.py-test_it.box.json"),
        ("test_a.py::test_it[a/b-ü]", "setup", 0, "test_a.py-test_it[a-b--].setup.box.json"),
        ("test_a.py::test_it", "call", 2, "test_a.py-test_it.2.box.json"),
        ("x" * 200, "call", 0, "x" * 150 + ".box.json"),
    ],
)
def test_file_is_called_like_the_test(test, when, number, name):
    assert file_name(test, when, number) == name


def test_file_is_left_and_named(tmp_path):
    folder = tmp_path / "new" / "boxes"

    assert leave(str(folder), "a.box.json", b"{}") == f"scope-simulator replay --box {folder / 'a.box.json'}"
    assert (folder / "a.box.json").read_bytes() == b"{}"


def test_file_that_cannot_be_left_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    assert leave(str(tmp_path / "file"), "a.box.json", b"{}") == (
        f"no box could be left in {tmp_path / 'file'}: file exists"
    )
