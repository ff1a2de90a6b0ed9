"""A stage with a file, driven by hand as a pump drives it, and ended as a kill ends a process: at once, in the middle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.control.stage import Stage
from simulator.engine import Platform
from simulator.settings import Settings
from simulator.store import open_stage
from simulator.store.file import Batch, File
from simulator.wire import Attempt, Outcome

TARGET = "http://127.0.0.1:9/hooks"


class Killed(BaseException):
    """The process is no more."""


class Cut:
    """A file that lets the process die at its n-th batch: before it, or right after it when ``after``."""

    def __init__(self, file: File, batches: int, *, after: bool) -> None:
        self._file = file
        self._left = batches
        self._after = after

    def write(self, batch: Batch, *, afresh: bool = False) -> None:
        self._left -= 1
        if self._left > 0 or self._after:
            self._file.write(batch, afresh=afresh)
        if self._left <= 0:
            raise Killed

    def close(self) -> None:
        self._file.close()


class Process:
    """One process that serves a file; ``kill`` ends it, ``stop`` does so in peace, and ``again`` starts the next."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.path = path
        self.settings = settings
        self.stage = self.opened()

    def opened(self, **settings: Any) -> Stage:
        chosen = {"retry": "5s,1m", **self.settings, **settings}
        stage = open_stage(Settings().replace(db=str(self.path), **chosen), given=settings)
        stage.found_at("http://127.0.0.1:7267")
        return stage

    @property
    def platform(self) -> Platform:
        return self.stage.platform

    @property
    def file(self) -> File:
        file = self.keeper._file
        return file if isinstance(file, File) else file._file

    @property
    def keeper(self) -> Any:
        return self.stage._keeper

    def cut(self, batches: int, *, after: bool = False) -> None:
        """Have the process die at so many batches from now."""
        self.keeper._file = Cut(self.file, batches, after=after)

    def kill(self) -> None:
        self.file.close()

    def stop(self) -> None:
        self.stage.close()

    def again(self, **settings: Any) -> None:
        self.stage = self.opened(**settings)

    def restart(self, **settings: Any) -> None:
        self.stop()
        self.again(**settings)

    def crash(self, **settings: Any) -> None:
        self.kill()
        self.again(**settings)

    def deliver(self, receive: Callable[[Attempt], Outcome], *, most: int = 10_000) -> None:
        """Post what is due, now and to come, as long as there is anything; commit before each post."""
        due = self.platform.due()
        while due or self.platform.next_due() is not None:
            self.stage.commit()
            for attempt in due:
                self.platform.report(attempt, receive(attempt))
                most -= 1
                if not most:
                    return
            moment = self.platform.next_due()
            due = self.platform.due() or ([] if moment is None else self.platform.advance(moment))
        self.stage.commit()


def state_of(platform: Platform) -> dict[str, Any]:
    """Return all that a platform is, but for what its journal notes of the start."""
    world = platform.world
    maps = ("touched", "made", "links", "gone", "marks")
    return {
        **{name: {key: one for key, one in getattr(world, name).items() if one != ()} for name in maps},
        "now": platform.now,
        "tally": platform.tally(),
        "targets": platform.dispatch.targets.standings,
        "tokens": dict(platform.auth._held),
        "signed_in": platform.auth.signed_in,
        "journal": [entry for entry in platform.journal.select() if not _is_start(entry.fact)],
        "faults": [
            (one.number, one.fault, one.since, one.matched, one.struck, one.over)
            for one in platform.faults.given
        ],
        "excused": platform.dispatch.excused,
        "ended": dict(platform.dispatch._settled),
        "planned": sorted(platform.dispatch._planned),
    }


def _is_start(fact: Any) -> bool:
    return getattr(fact, "text", "").startswith("goes on from")
