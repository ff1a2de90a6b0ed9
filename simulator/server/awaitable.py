"""The handle whose methods are awaited: a running simulator as a test or a program drives it.

Decides what a handle offers. It must not decide anything about the world: each method is one call of the platform, or
one wait, made in the loop that the simulator lives in, whichever loop it is awaited from.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiohttp import web

from simulator.clock import Moment, iso_millis
from simulator.control.playing import begin
from simulator.control.subjects import Duration, seconds
from simulator.control.waits import advance, drained, settled
from simulator.effects import Effect, Wait
from simulator.engine import Snapshot
from simulator.errors import ExpectationError, StateError
from simulator.expect import WITHIN, explain
from simulator.server.acting import Acting
from simulator.server.app import LIVE
from simulator.server.judging import Judging
from simulator.server.looking import Looking
from simulator.server.middleware import CONTROL_PREFIX
from simulator.server.reach import recorded
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.script.model import Script
    from simulator.script.player import Report

__all__ = ["AsyncSimulator"]


class AsyncSimulator(Acting, Looking, Judging):
    """A running simulator. Its methods may be awaited in any event loop; ``async with Simulator()`` gives one."""

    @classmethod
    def of(cls, app: web.Application, *, base_url: str | None = None) -> Self:
        """Return a handle on the simulator that a started application serves.

        ``base_url`` is where it can be reached; left out, the first request teaches it.
        """
        if LIVE not in app:
            raise StateError("the application was not started", remedy="Start it before you drive it.")
        live = app[LIVE]
        if base_url is not None:
            live.stage.found_at(base_url.rstrip("/"))
        return cls(live)

    # what an integration needs to know

    @property
    def base_url(self) -> str:
        """Where the vendor's side is, without a slash at the end."""
        return self._live.stage.address

    @property
    def graphql_url(self) -> str:
        return f"{self.base_url}/api/v3/graphql"

    @property
    def control_url(self) -> str:
        """Where the control side is, with a slash at the end."""
        return f"{self.base_url}{CONTROL_PREFIX}/"

    @property
    def username(self) -> str:
        return self._platform.username

    @property
    def password(self) -> str:
        return self._platform.password

    @property
    def token(self) -> str:
        """The permanent token of the default user."""
        return self._platform.token

    @property
    def seed(self) -> int:
        return self._platform.settings.seed

    @property
    def now(self) -> str:
        """The present moment on the simulator's clock, ISO 8601."""
        return iso_millis(self._platform.now)

    # time

    @recorded
    async def advance(self, duration: Duration) -> None:
        """Move a clock of speed ``max``; what falls due on the way is posted and answered first."""
        await self._drive(lambda: advance(self._platform, self._after(duration)))

    @recorded
    async def wait(self, duration: Duration) -> None:
        """Let so much simulated time pass, at whatever speed it passes."""
        await self._drive(lambda: self._passed(self._after(duration)))

    @recorded
    async def drain(self, *, within: Duration | None = None) -> None:
        """Wait until nothing is due; ExpectationError when something still is after ``within``, 5 s if not given."""
        await self._quieten(drained, within)

    @recorded
    async def settle(self, *, within: Duration | None = None) -> None:
        """Wait until nothing is due and the receiver has been quiet for 300 ms; ExpectationError as for ``drain``."""
        await self._quieten(settled, within)

    # scripts

    @recorded
    async def play(
        self, script: str | Path | Mapping[str, JSON], *, vars: Mapping[str, JSON] | None = None
    ) -> Report:
        """Play a script: a file, the name of a bundled one, or its content as a mapping.

        ``vars`` are other values of its variables. A script with several runs gives the report of the first, whose
        ``also`` holds the others. Raises ExpectationError when an expectation of the script is not met.
        """
        loaded = _load(script, vars)
        report = await self._drive(lambda: begin(self._live.stage, loaded)[1])
        if not report.ok:
            raise ExpectationError(explain([one for run in (report, *report.also) for one in run.verdicts]))
        return report

    # beginning anew

    @recorded
    async def reset(self, **settings: object) -> None:
        """Begin a new world from the start-up settings and those given; targets stay, posts in flight are cancelled."""
        await self._call(lambda: self._live.stage.reset(**settings))

    @recorded
    async def snapshot(self) -> Snapshot:
        """Return all that the simulator is now, to be restored as often as is wanted."""
        return await self._call(self._live.stage.platform.snapshot)

    @recorded
    async def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: world, clock, targets, deliveries, tokens and faults are as they were then.

        Posts in flight are cancelled, and the journal calls undone what happened since.
        """
        await self._call(lambda: self._live.stage.restore(snapshot))

    # inside

    async def _quieten(self, make: Callable[..., Wait], within: Duration | None) -> None:
        limit = WITHIN.seconds if within is None else seconds(within)

        def work() -> Generator[Effect, bool, bool]:
            return (yield make(self._platform, timeout=limit))

        if not await self._drive(work):
            pending = self._platform.tally().pending
            raise ExpectationError(
                f"expected nothing to be due within {limit:g} s; seen: {pending} deliveries pending"
            )

    def _passed(self, until: Moment) -> Generator[Effect, bool, None]:
        platform = self._platform
        yield Wait(lambda _idle: platform.now >= until and not platform.busy, until=until)

    def _after(self, duration: Duration) -> Moment:
        return Moment(self._platform.now + round(seconds(duration) * 1000))


def _load(script: str | Path | Mapping[str, JSON] | Script, vars: Mapping[str, JSON] | None) -> Script:
    from simulator.script.model import Script
    from simulator.script.prepare import load, open_script

    if isinstance(script, Script):
        return script
    if isinstance(script, Mapping):
        return load(json.dumps(script), environ=os.environ, vars=vars)
    return open_script(str(script), environ=os.environ, vars=vars)
