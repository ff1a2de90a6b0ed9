"""What somebody who drives the simulator expects, as expectations: with the keys of a script, and resources by themselves.

The handles and the control side read what they are given here, so that a test, a script and another language mean the same by
the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator import contracts
from simulator.engine import Resource
from simulator.expect import Expectation, read_expectation, read_group
from simulator.wire import JSON

__all__ = ["expectation", "expectations"]


def expectation(kind: str, **given: object) -> Expectation:
    """Return one expectation of a kind; what is None is not given."""
    return read_expectation(kind, {key: _plain(one) for key, one in given.items() if one is not None})


def expectations(given: Mapping[str, object], *, user: Callable[[str], str]) -> list[Expectation]:
    """Return all that a mapping expects, as below a script's ``expect`` but with resources or ids for ``of``.

    ``user`` gives the node id of whom a text names. Raises UsageError for a kind or a key that does not exist.
    """
    plain = {kind: _plain(one) for kind, one in given.items()}
    contracts.check("control/wait_expectations", plain)
    return read_group(plain, user=user)


def _plain(value: Any) -> JSON:  # noqa: ANN401 (whatever a test writes; the contract judges)
    if isinstance(value, Resource):
        return value.id
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(one) for one in value]
    plain: JSON = value
    return plain
