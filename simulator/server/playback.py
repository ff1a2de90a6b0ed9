"""A platform driven against the receiver that a box recorded: nothing is posted, nothing listens.

Decides how what a recorded receiver did is put in place of a real one, in an event loop. It must not decide what that was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from simulator.box.receiver import RecordedReceiver
from simulator.control import Stage
from simulator.effects import Probe
from simulator.server.app import Live
from simulator.server.pump import Pump
from simulator.wire import Attempt, Outcome, Request

__all__ = ["Playback", "played_back"]


class Playback:
    """In place of a sender: each post is answered as recorded, and what was asked is asked again."""

    def __init__(self, stage: Stage, receiver: RecordedReceiver) -> None:
        self._stage = stage
        self.receiver = receiver
        """Whoever answers: another may be put in its place."""
        self._handles: set[asyncio.Handle] = set()
        self.silent = False
        """Whether there was an attempt of which nothing is recorded: nobody answers it before its time-out, so that what was not
        seen in time then is not seen now."""

    def post(self, attempt: Attempt, ended: Callable[[Attempt, Outcome], None]) -> None:
        """Answer an attempt as soon as the loop turns."""
        self._soon(lambda: self._answer(attempt, ended))

    def probe(self, probe: Probe, ended: Callable[[Probe, Outcome], None]) -> None:
        """Answer a question as it was answered then."""
        known = self.receiver.told(probe.method, probe.url)
        outcome = known or Outcome(None, "the recorded receiver was never asked this: give --target URL")
        self._soon(lambda: ended(probe, outcome))

    def drop(self) -> None:
        """Forget what is under way."""
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()

    def ask(self, requests: Iterable[Request]) -> None:
        """Ask what the receiver asked."""
        for request in requests:
            self._stage.platform.answer(request)

    def ask_until(self, entry: int) -> None:
        """Ask what the receiver had asked by an entry of the record."""
        self.ask(self.receiver.asked_until(entry))

    def _answer(self, attempt: Attempt, ended: Callable[[Attempt, Outcome], None]) -> None:
        answered = self.receiver.answer(attempt)
        if answered is None:
            self.silent = True
            outcome = Outcome(None, "nothing is recorded of this attempt", took=attempt.timeout)
            self._soon(lambda: ended(attempt, outcome), after=attempt.timeout)
            return
        self.ask(answered.before)
        ended(attempt, answered.outcome)
        self.ask(answered.after)

    def _soon(self, act: Callable[[], None], *, after: float = 0.0) -> None:
        def run() -> None:
            self._handles.discard(handle)
            act()

        handle: asyncio.Handle = asyncio.get_running_loop().call_later(after, run)
        self._handles.add(handle)


@asynccontextmanager
async def played_back(stage: Stage, receiver: RecordedReceiver) -> AsyncIterator[tuple[Live, Playback]]:
    """Drive a stage against a recorded receiver until the context ends."""
    playback = Playback(stage, receiver)
    pump = Pump(stage.platform, playback)
    unwatch = stage.watch(pump.swap)
    live = Live(stage, pump, asyncio.get_running_loop())
    try:
        yield live, playback
    finally:
        unwatch()
        await pump.close()
