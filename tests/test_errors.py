"""Errors say where, what was expected and found, and what to do; all of them share one root."""

from __future__ import annotations

import copy
import pickle

import pytest

from simulator.errors import (
    ContractError,
    ExpectationError,
    NotFoundError,
    PlatformError,
    ScopeSimulatorError,
    StateError,
    UsageError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        pytest.param("finsh", ["finish", "pause"], ("finish",), id="one letter lost"),
        pytest.param("SCENARIOSESSION", ["ScenarioSession"], ("ScenarioSession",), id="letter case"),
        pytest.param("update", ["updated", "update"], ("update", "updated"), id="best first"),
        pytest.param("zzz", ["finish"], (), id="nothing near"),
        pytest.param("ab", ["AB", "ab"], ("AB",), id="same but for case: the first"),
    ],
)
def test_names_near_a_misspelling_are_found(name, known, expected):
    assert did_you_mean(name, known) == expected


def test_only_so_many_names_are_suggested():
    assert did_you_mean("step", ["step1", "step2", "step3"], most=2) == ("step3", "step2")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(UsageError("the port is taken"), "the port is taken.", id="problem alone"),
        pytest.param(
            UsageError("the port is no number", place="--port", expected="0 to 65535", found="'x'"),
            "--port: the port is no number; expected 0 to 65535, found 'x'.",
            id="place, expected, found",
        ),
        pytest.param(
            UsageError("not a speed", found="'fast'"), "not a speed; found 'fast'.", id="found alone"
        ),
        pytest.param(
            UsageError("no verb finsh", nearest=["finish", "finished"], remedy="See the reference."),
            "no verb finsh. Did you mean finish or finished? See the reference.",
            id="nearest and remedy",
        ),
    ],
)
def test_usage_error_reads_as_one_paragraph(error, text):
    assert str(error) == text


def test_place_can_be_put_in_front_later():
    inner = StateError(
        "it is finished", place="/state", expected="a", found="b", nearest=["c"], remedy="Create another."
    )

    outer = inner.at("a.yaml:3")

    assert type(outer) is StateError
    assert str(outer) == (
        "a.yaml:3: /state: it is finished; expected a, found b. Did you mean c? Create another."
    )


def test_place_alone_needs_no_inner_one():
    assert str(UsageError("no steps").at("a.yaml")) == "a.yaml: no steps."


def test_platform_error_keeps_its_status_and_reads_as_its_message():
    error = PlatformError(401, "Please sign in.")

    assert (error.status, error.message, str(error)) == (401, "Please sign in.", "Please sign in.")


@pytest.mark.parametrize(
    "error",
    [
        PlatformError(404, "gone"),
        UsageError("wrong", place="--seed", nearest=["x"]),
        ExpectationError("expected this"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_copying_between_processes(error):
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize(
    ("family", "members"),
    [
        pytest.param(ScopeSimulatorError, [UsageError, PlatformError, ExpectationError], id="root"),
        pytest.param(UsageError, [NotFoundError, StateError, ContractError], id="usage"),
        pytest.param(AssertionError, [ExpectationError], id="a failed test"),
    ],
)
def test_families(family, members):
    assert all(issubclass(member, family) for member in members)
