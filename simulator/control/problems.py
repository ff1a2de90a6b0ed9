"""Errors of the control side as problem details (RFC 9457).

Decides which status each family of errors gets and how its parts are named in JSON. It must not word an error: the
sentence, the place and the remedy are the error's own.
"""

from __future__ import annotations

from http import HTTPStatus

from simulator.control.operations import MethodError
from simulator.errors import ContractError, NotFoundError, StateError, UsageError
from simulator.wire import JSON

__all__ = ["PROBLEM", "problem", "problem_of"]

PROBLEM = "application/problem+json"
"""The content type of every error on the control side."""

_STATUS: tuple[tuple[type[UsageError], int], ...] = (
    (NotFoundError, 404),
    (MethodError, 405),
    (StateError, 409),
    (ContractError, 422),
    (UsageError, 400),
)

_TITLES = {413: "Request Entity Too Large", 422: "Unprocessable Entity"}
"""Those that Python words differently from one version to the next; an answer must not depend on it."""


def problem(status: int, detail: str, **more: JSON) -> dict[str, JSON]:
    """Return a problem: ``type``, ``title``, ``status``, ``detail`` and ``more``, without what is None."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    kept = {name: value for name, value in more.items() if value is not None}
    kind = f"urn:scope-simulator:problem:{title.lower().replace(' ', '-')}"
    return {"type": kind, "title": title, "status": status, "detail": detail, **kept}


def problem_of(error: UsageError) -> dict[str, JSON]:
    """Return ``error`` as a problem; ``detail`` is the whole message, the other keys are its parts."""
    # Those of a script; its package is not loaded before somebody plays one, so the class is not asked for.
    problems: list[JSON] = [str(one) for one in getattr(error, "problems", ())]
    status = 422 if problems else next(status for family, status in _STATUS if isinstance(error, family))
    return problem(
        status,
        str(error),
        place=error.place,
        expected=error.expected,
        found=error.found,
        nearest=list(error.nearest) or None,
        remedy=error.remedy,
        problems=problems or None,
        allowed=list(error.allowed) if isinstance(error, MethodError) else None,
    )
