"""One example of each error and how it reads; the tests compare them, and the reference shows them."""

from __future__ import annotations

from simulator.client import ProblemError
from simulator.control.operations import MethodError
from simulator.errors import (
    ContractError,
    ExpectationError,
    NotFoundError,
    PlatformError,
    ScopeSimulatorError,
    StateError,
    UsageError,
)
from simulator.script.document import ScriptError

__all__ = ["SAMPLES"]

SAMPLES: dict[type[ScopeSimulatorError], tuple[ScopeSimulatorError, str]] = {
    ScopeSimulatorError: (ScopeSimulatorError("something is wrong"), "something is wrong"),
    UsageError: (
        UsageError(
            "the port is taken",
            place="--port",
            expected="a free port",
            found="7267",
            remedy="Choose another with --port.",
        ),
        "--port: the port is taken; expected a free port, found 7267. Choose another with --port.",
    ),
    NotFoundError: (
        NotFoundError("there is no bundled script 'pasued'", nearest=["paused"]),
        "there is no bundled script 'pasued'. Did you mean paused?",
    ),
    StateError: (
        StateError("a finished session cannot resume", place="a.yaml:12:5", remedy="Create another session."),
        "a.yaml:12:5: a finished session cannot resume. Create another session.",
    ),
    ContractError: (
        ContractError("the key 'type' is missing", place="the body: /type"),
        "the body: /type: the key 'type' is missing.",
    ),
    MethodError: (
        MethodError("this route has no PUT", allowed=["GET", "POST"]),
        "this route has no PUT; expected GET or POST.",
    ),
    ProblemError: (
        ProblemError("there is no target '9'. Targets: 1.", status=404),
        "there is no target '9'. Targets: 1.",
    ),
    ScriptError: (
        ScriptError(
            [UsageError("unknown key 'wiat'", place="a.yaml:3:5"), UsageError("no title", place="a.yaml:1:1")]
        ),
        "a.yaml:3:5: unknown key 'wiat'.\na.yaml:1:1: no title.",
    ),
    PlatformError: (PlatformError(401, "Sign in or give a token."), "Sign in or give a token."),
    ExpectationError: (
        ExpectationError("no attempt about finished was answered"),
        "no attempt about finished was answered",
    ),
}
