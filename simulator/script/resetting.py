"""Asks the receiver to begin anew, before a run of a script that says how.

The request is ours and no webhook: it stands in no journal. A receiver that does not answer it with 2xx makes a run that
would prove nothing, so that is an error and not an unmet expectation.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from simulator.addresses import check_own_url, check_url
from simulator.effects import Probe, Wait
from simulator.errors import UsageError
from simulator.script.document import Path
from simulator.script.model import Script
from simulator.script.scope import Scope
from simulator.script.tracks import Track
from simulator.wire import Outcome

__all__ = ["RESET_TIMEOUT", "reset_receiver", "reset_url"]

RESET_TIMEOUT: Final = 30.0
"""Wall seconds: a receiver that empties its database takes its time."""

_PATH: Final[Path] = ("receiver", "reset")


def reset_url(script: Script, scope: Scope, *, allowed: Container[str]) -> str | None:
    """Return where the receiver is reset, None when the script does not say so.

    UsageError for what is no URL and, when somebody else than the operator sent the script, for one that leads neither to
    this machine nor to a host in ``allowed``.
    """
    if script.reset is None:
        return None
    url = scope.text(script.reset, _PATH)
    try:
        return check_url(url) if script.trusted else check_own_url(url, allowed=allowed)
    except UsageError as error:
        raise error.at(script.document.place(_PATH)) from None


def reset_receiver(url: str, script: Script) -> Track:
    """Have the receiver begin anew at ``url``; UsageError when it does not say that it has."""
    probe = Probe("POST", url, timeout=RESET_TIMEOUT)
    yield probe
    yield Wait(lambda _: probe.outcome is not None)
    outcome = probe.outcome
    assert outcome is not None
    if outcome.status is None or not 200 <= outcome.status < 300:
        raise UsageError(
            f"the receiver was not reset by POST {url}",
            place=script.document.place(_PATH),
            expected="an answer 2xx",
            found=_told(outcome),
            remedy="Nothing was played: what is left of an earlier run could decide what this one shows.",
        )


def _told(outcome: Outcome) -> str:
    return str(outcome.error) if outcome.status is None else f"{outcome.status}"
