"""A running simulator below the sockets: the present platform, what it was started with, and the scripts it plays.

Decides what a reset keeps and what it drops. It must not wait or listen; whoever drives the platform is told when
there is another (``watch``).

A reset makes a new platform from the start-up settings, whatever a script or an earlier reset had changed, and keeps
the targets that the operator named: at the start, or since through the handle. All else is dropped: the world, the
journal, the runs of scripts, snapshots, targets that arrived over the control API. The reset that a script asks for keeps those
too, since they are who the script is played to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from simulator.addresses import is_loopback
from simulator.clock import Speed, make_clock
from simulator.control.shelf import Kept, Shelf
from simulator.engine import Platform, Snapshot
from simulator.errors import NotFoundError, ScopeSimulatorError, UsageError
from simulator.journal import Noted
from simulator.seeds import fresh_token
from simulator.settings import Settings
from simulator.webhooks.targets import Target

if TYPE_CHECKING:
    from simulator.audit.findings import Audited
    from simulator.audit.looking import Audit
    from simulator.box.calls import Calls
    from simulator.script.model import Script
    from simulator.script.player import Report

__all__ = ["Keeper", "Run", "Stage"]

_FIXED = (
    *("host", "port", "public_url", "ca", "insecure", "db"),
    # Else whoever may ask for a reset could let in others, or reach further.
    *("allow_hosts", "allow_targets", "control_token"),
)
"""Settings that a running server cannot change."""


_MOST_RUNS = 1000
"""How many runs are kept: of more, the oldest that have ended are forgotten."""


@dataclass(slots=True)
class Run:
    """A script that is being or was played: each of its runs that has ended, with the platform it took place on. ``error``
    says why it stopped short."""

    id: str
    title: str
    state: Literal["playing", "passed", "failed", "stopped"] = "playing"
    played: list[tuple[Report, Platform]] = field(default_factory=list)
    error: ScopeSimulatorError | None = None


class Keeper(Protocol):
    """Who keeps the facts of the present platform, so that another process can go on from them."""

    def record(self, platform: Platform) -> None:
        """Note the facts of a platform that may be put in place of the present one."""

    def begin(self, platform: Platform, stage: Stage) -> None:
        """Keep the facts of a platform, which were noted since it was made, in place of all that was kept before."""

    def commit(self) -> None:
        """Return when all that has happened so far is kept; UsageError when it cannot be."""

    def close(self) -> None:
        """Keep what there is, and let go."""


class Stage:
    """One simulator from start to stop, over as many resets as there are."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        keeper: Keeper | None = None,
        platform: Platform | None = None,
        operators: Iterable[str] = (),
    ) -> None:
        """``platform`` is one to go on with, whose facts ``keeper`` keeps; ``operators`` are its targets that a reset keeps."""
        self.start_settings = settings or Settings()
        self.control_token = self.start_settings.control_token or fresh_token()
        """What the control side demands of whoever does not ask from this machine."""
        self.address = ""
        """Where the simulator is reached from this machine, without a slash at the end."""
        self.runs: dict[str, Run] = {}
        self._runs_begun = 0
        self.snapshots = Shelf()
        """The snapshots that were taken since the last reset."""
        self._operators = list(dict.fromkeys([*operators, *self.start_settings.targets]))
        self._watchers: list[Callable[[Platform], None]] = []
        self._keeper = keeper
        self._audit: Audit | None = None
        self.calls: Calls | None = None
        """What is made of the handles, where somebody wants to make it again."""
        self.platform = platform or self._platform(self.start_settings, "", self._operators)
        self._look_on(self.platform)
        if keeper is not None and platform is None:
            keeper.begin(self.platform, self)

    @property
    def settings(self) -> Settings:
        """The settings of the present platform."""
        return self.platform.settings

    @property
    def remembers(self) -> bool:
        """Whether what happens is to outlive this process, so that ``commit`` does anything."""
        return self._keeper is not None

    @property
    def operators(self) -> tuple[str, ...]:
        """The targets that a reset keeps."""
        return tuple(self._operators)

    @property
    def guarded(self) -> bool:
        """Whether the control side demands its token of everybody, also of those on this machine."""
        return self.start_settings.control_token is not None or not is_loopback(self.start_settings.host)

    def commit(self) -> None:
        """Return when all that has happened so far outlives this process, where that was asked for.

        Nobody may be told of anything before; UsageError when it cannot be had.
        """
        if self._keeper is not None:
            self._keeper.commit()

    def close(self) -> None:
        """Let go of what outlives this process."""
        if self._keeper is not None:
            self._keeper.close()

    def found_at(self, address: str) -> None:
        """Note where the simulator is reached; webhooks name its public URL instead where it has one."""
        self.address = address
        self.platform.base_url = self.start_settings.public_url or address

    def watch(self, watcher: Callable[[Platform], None]) -> Callable[[], None]:
        """Have ``watcher`` called with each new platform, before anything is done to it; return what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def add_target(self, url: str) -> Target:
        """Add a target of the operator's, which a reset keeps."""
        target = self.platform.add_target(url)
        if url not in self._operators:
            self._operators.append(url)
        return target

    def remove_target(self, target_id: str) -> None:
        """Remove a target, whoever named it."""
        urls = [target.url for target in self.platform.targets if target.id == target_id]
        self.platform.remove_target(target_id)
        self._operators = [url for url in self._operators if url not in urls]

    def reset(self, **changes: object) -> Platform:
        """Put a new platform in place of the present one: the start-up settings with ``changes``."""
        settings = self._changed(changes)
        if "targets" in changes:
            self._operators = list(settings.targets)
        return self.put(self._platform(settings, self.platform.base_url, self._operators))

    def for_script(self, script: Script) -> Platform:
        """Return the platform that ``script`` is to be played on: the present one, or, when the script asks for a
        world of its own, a new one with every present target. It is not in place before ``put``."""
        if not script.wants_world:
            return self.platform
        targets = [target.url for target in self.platform.targets]
        return self._platform(self._changed(script.settings()), self.platform.base_url, targets)

    def put(self, platform: Platform, *, keep: Run | None = None) -> Platform:
        """Put ``platform`` in place of the present one; the same changes nothing. All runs but ``keep`` are forgotten."""
        if platform is not self.platform:
            other = platform.token != self.platform.token
            self.runs = {} if keep is None else {keep.id: keep}
            self.snapshots.clear()
            self._place(platform)
            if other:
                self.note(
                    f"a new world began with seed {platform.seed.value}: tokens and ids of the one before are unknown"
                )
        return platform

    def audited(self) -> Audited | None:
        """Compare what was told since the last reset with what the API answers now; None where the setting ``audit`` is off."""
        return None if self._audit is None else self._audit.end()

    def found(self) -> Audited:
        """Return the same; UsageError where the setting is off."""
        audited = self.audited()
        if audited is None:
            raise UsageError(
                "nothing is compared with the API",
                place="audit",
                remedy="Start the simulator with audit=True.",
            )
        return audited

    def keep(self, name: str | None = None) -> Kept:
        """Take a snapshot that is found by its name or id until a reset."""
        self.snapshots.check(name)
        return self.snapshots.put(name, self.platform.snapshot())

    def keep_calls(self) -> Calls:
        """Keep what is made of the handles from now on; return what keeps it."""
        from simulator.box.calls import Calls

        calls = self.calls = Calls(self.platform)
        self.watch(calls.follow)
        return calls

    def restore(
        self, snapshot: Snapshot, *, journal: Literal["goes on", "goes back"] = "goes on", name: str = ""
    ) -> Platform:
        """Put a platform that stands where ``snapshot`` was taken in place of the present one; see ``Platform.restored``.

        Runs of scripts stay known; one that is playing ends.
        """
        before = self.platform.journal.last
        platform = self.platform.restored(snapshot, journal=journal)
        if self._keeper is not None:
            self._keeper.record(platform)
        self._place(platform, goes_on=journal == "goes on")
        if journal == "goes on":
            what = f"the snapshot {name}".rstrip()
            many = before - snapshot.held.journal.last
            self.note(f"{what} was restored: the last {many} entries are undone")
        return platform

    def _place(self, platform: Platform, *, goes_on: bool = False) -> None:
        self.platform = platform
        self._look_on(platform, goes_on=goes_on)
        if self._keeper is not None:
            self._keeper.begin(platform, self)
        for watcher in self._watchers:
            watcher(platform)

    def note(self, text: str) -> int:
        """Write a line to the journal and return its number."""
        return self.platform.journal.append(self.platform.now, Noted(text)).number

    def set_speed(self, speed: Speed) -> None:
        """Let time pass differently from now on; the present moment stays."""
        self.platform.clock = make_clock(speed, self.platform.now)
        self.note(f"time passes at speed {speed.name} from now on")

    def begin_run(self, title: str) -> Run:
        """Note that a script begins."""
        self._runs_begun += 1
        run = Run(str(self._runs_begun), title)
        self.runs[run.id] = run
        if len(self.runs) > _MOST_RUNS:
            oldest = next((one.id for one in self.runs.values() if one.state != "playing"), None)
            self.runs.pop(oldest or "", None)
        return run

    def run(self, run_id: str) -> Run:
        """Return a run by its id."""
        if run_id not in self.runs:
            raise NotFoundError(
                f"there is no run {run_id!r}",
                remedy=f"A reset forgets the runs before it, and of many the newest {_MOST_RUNS} are kept; POST scripts "
                "begins one.",
            )
        return self.runs[run_id]

    def _look_on(self, platform: Platform, *, goes_on: bool = False) -> None:
        before, self._audit = self._audit, None
        if before is not None:
            before.close()
        if platform.settings.audit:
            from simulator.audit.looking import Audit

            found = before.result if before is not None and goes_on else None
            self._audit = Audit(platform, before=found)

    def _changed(self, changes: Mapping[str, object]) -> Settings:
        for name in _FIXED:
            if name in changes:
                raise UsageError(
                    f"a reset cannot change the {name}",
                    place=name,
                    remedy="It stands from the start on; start another simulator with another one.",
                )
        return self.start_settings.replace(**changes)

    def _platform(self, settings: Settings, base_url: str, targets: Iterable[str]) -> Platform:
        platform = Platform(settings, base_url=base_url)
        if self._keeper is not None:
            self._keeper.record(platform)
        for url in targets:
            platform.add_target(url)
        return platform
