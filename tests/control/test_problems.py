"""Errors as problem details: the family decides the status, the parts of an error have keys of their own."""

from __future__ import annotations

import pytest

from simulator import contracts
from simulator.control import MethodError, problem, problem_of
from simulator.errors import ContractError, NotFoundError, StateError, UsageError
from simulator.script.document import ScriptError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(
            UsageError(
                "no speed", place="/mode", expected="max", found="'fast'", nearest=["max"], remedy="Look."
            ),
            {
                "type": "urn:scope-simulator:problem:bad-request",
                "title": "Bad Request",
                "status": 400,
                "detail": "/mode: no speed; expected max, found 'fast'. Did you mean max? Look.",
                "place": "/mode",
                "expected": "max",
                "found": "'fast'",
                "nearest": ["max"],
                "remedy": "Look.",
            },
            id="all-parts",
        ),
        pytest.param(
            NotFoundError("nothing there"),
            {
                "type": "urn:scope-simulator:problem:not-found",
                "title": "Not Found",
                "status": 404,
                "detail": "nothing there.",
            },
            id="not-found",
        ),
        pytest.param(
            MethodError("no PUT here", allowed=["GET"]),
            {
                "type": "urn:scope-simulator:problem:method-not-allowed",
                "title": "Method Not Allowed",
                "status": 405,
                "detail": "no PUT here; expected GET.",
                "expected": "GET",
                "allowed": ["GET"],
            },
            id="method",
        ),
        pytest.param(
            StateError("it is finished"),
            {
                "type": "urn:scope-simulator:problem:conflict",
                "title": "Conflict",
                "status": 409,
                "detail": "it is finished.",
            },
            id="state",
        ),
        pytest.param(
            ContractError("a key is missing", place="/url"),
            {
                "type": "urn:scope-simulator:problem:unprocessable-entity",
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "/url: a key is missing.",
                "place": "/url",
            },
            id="contract",
        ),
        pytest.param(
            ScriptError([UsageError("one", place="a:1:1"), UsageError("two", place="a:2:1")]),
            {
                "type": "urn:scope-simulator:problem:unprocessable-entity",
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "a:1:1: one.\na:2:1: two.",
                "place": "a:1:1",
                "problems": ["a:1:1: one.", "a:2:1: two."],
            },
            id="script",
        ),
    ],
)
def test_error_becomes_a_problem_that_fits_its_contract(error, expected):
    assert problem_of(error) == expected
    assert contracts.problems("control/problem", expected) == []


def test_what_is_none_is_left_out_and_what_is_false_stays():
    described = problem(408, "x", met=False, misses=[], curl=None)

    assert described == {
        "type": "urn:scope-simulator:problem:request-timeout",
        "title": "Request Timeout",
        "status": 408,
        "detail": "x",
        "met": False,
        "misses": [],
    }
