"""What work asks of whoever drives it, as values: to let time pass, or to ask the integration something.

A script, an expectation, a wait route is a generator that yields these. A ``Wait`` is answered with True when it is over, or
False when it timed out. A ``Probe`` is begun and answered with True at once; its end is waited for like anything else:

    yield probe
    yield Wait(lambda _idle: probe.outcome is not None)

Nothing here waits or sends. A probe is ours and no webhook: it stands in no journal, moves nothing, and is not what the
receiver did. While one is in flight a ``max`` clock stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from simulator.clock import Moment
from simulator.errors import UsageError
from simulator.values import dataclass
from simulator.wire import Headers, Outcome

__all__ = ["MOST_PROBED", "Effect", "Probe", "Wait"]

MOST_PROBED: Final = 1_000_000
"""How many bytes of the answer to a probe are kept; the rest is not read."""

_METHODS: Final = ("GET", "POST")
_SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Wait:
    """What somebody waits for, as a value that any driver understands.

    ``ready`` gets the wall seconds since anything moved (0 while something is in flight); True ends the wait.

    ``until`` is how far a virtual clock may run for it, None to whatever is due next. ``timeout`` is wall seconds, None
    for ever. After ``quiet`` idle wall seconds ``ready`` is evaluated again at the latest, though nothing moved.
    """

    ready: Callable[[float], bool]
    until: Moment | None = None
    timeout: float | None = None
    quiet: float | None = None


class Probe:
    """A request to the integration's own URL. ``outcome`` is None until whoever drives it has set what came back.

    ``timeout`` is wall seconds. A redirect is not followed, and is an outcome like any other.
    """

    __slots__ = ("body", "headers", "method", "outcome", "timeout", "url")

    def __init__(
        self, method: str, url: str, *, headers: Headers = (), body: bytes = b"", timeout: float = 5.0
    ) -> None:
        if method not in _METHODS:
            raise UsageError(
                "the receiver is asked by no such method", expected=" or ".join(_METHODS), found=method
            )
        if not url.lower().startswith(_SCHEMES):
            raise UsageError(
                "the receiver cannot be asked there",
                expected="a URL that begins with http:// or https://",
                found=repr(url),
            )
        self.method: Final = method
        self.url: Final = url
        self.headers: Final = headers
        self.body: Final = body
        self.timeout: Final = timeout
        self.outcome: Outcome | None = None


Effect: TypeAlias = Wait | Probe
"""What work may yield."""
