"""``replay --box FILE`` without a script: the run that a box holds is repeated, and compared with what was recorded.

Decides on what it is repeated: with ``--target`` on receivers, told in the place of those that were; without, on what the box recorded
of them, so that nothing is posted. Flags, environment and configuration outrank the settings of the box. It must not decide what is the same.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator import __version__
from simulator.box.calls import RESULT
from simulator.box.comparing import Repetition, compare, origin
from simulator.box.failures import failed_call, failures_of
from simulator.box.file import Box, Failure, box_of, read_box, settings_of
from simulator.box.receiver import RecordedReceiver
from simulator.cli.gather import blaming, checked, warnings, write_ready
from simulator.cli.performing import Prepared, play_here
from simulator.cli.replay import Telling
from simulator.cli.signals import Interrupted, Signals, signals
from simulator.cli.talk import Talk
from simulator.control import Stage
from simulator.control.waits import SETTLED
from simulator.effects import Wait
from simulator.engine import Platform
from simulator.errors import ScopeSimulatorError, UsageError
from simulator.journal import StepPlayed
from simulator.report.summary import Summary
from simulator.report.text import printable
from simulator.script import Script, rehearse_all, variants_of
from simulator.script.model import Step
from simulator.script.prepare import load
from simulator.server.awaitable import AsyncSimulator
from simulator.server.loop import run
from simulator.server.playback import Playback, played_back
from simulator.server.reach import RECORDED
from simulator.server.run import Running, running
from simulator.settings import Resolved, resolve
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["repeat"]

_PATIENCE = 5.0
"""Wall seconds for which the end of what a test left in flight is waited for."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a box is repeated: on whom, and what its targets are called there."""

    box: Box
    resolved: Resolved
    targets: Mapping[str, str]
    recorded: bool

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.targets.values()))

    def moved(self, value: Any) -> Any:  # noqa: ANN401 - whatever a call was given
        """Return what a call was given, with the targets of here."""
        if isinstance(value, dict):
            return {key: self.moved(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.moved(one) for one in value]
        return _moved(value, self.targets) if isinstance(value, str) else value


def _moved(text: str, targets: Mapping[str, str]) -> str:
    """Return a URL of the receiver's that was, as one of that which is; any other text as it is."""
    if text in targets:
        return targets[text]
    for then, now in targets.items():
        if text.startswith(f"{origin(then)}/"):
            return origin(now) + text[len(origin(then)) :]
    return text


def repeat(
    path: str,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    useless: Mapping[str, object],
    config: str | None = None,
    ready_file: str | None = None,
) -> int:
    """Repeat the run in a box; return 1 when it failed again, in whatever way, and 0 when it did not.

    ``useless`` are flags that have no effect here; UsageError when one is given.
    """
    for flag, value in useless.items():
        if value:
            raise UsageError(
                "the flag has no effect where a box is repeated", place=flag, remedy="Leave it out."
            )
    box = read_box(_bytes(path), place=path)
    if box.script is None and not box.calls:
        raise UsageError(
            "the box holds neither a script nor calls, so that there is nothing to repeat",
            place=path,
            remedy="Read it: it is JSON, its failures stand first.",
        )
    resolved = resolve(
        flags=flags,
        environ=os.environ,
        config=config,
        script=settings_of(box),
        script_place=path,
        defaults={"port": 0},
    )
    place = _Place(
        box, resolved, _targets(path, box, resolved.settings.targets), not resolved.settings.targets
    )
    checked(resolved)
    talk.complain(warnings(resolved))
    talk.say(*(printable(line) for line in _opening(path, place)))
    return run(_repeat(place, talk, ready_file))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UsageError(
            "the box cannot be read",
            place=printable(f"--box {path}"),
            found=(reason or str(error)).lower(),
            remedy="Name the file that a failed run left, or a script to play.",
        ) from None


def _targets(path: str, box: Box, given: Sequence[str]) -> dict[str, str]:
    """Return for each target of a box where it is told here."""
    if given and len(given) != len(box.targets):
        raise UsageError(
            f"the run in {path} told {len(box.targets)} targets",
            place="--target",
            expected=f"one for each of {', '.join(box.targets) or 'none'}, in this order",
            found=str(len(given)),
            remedy="Give as many, or none to repeat it on the receiver that is recorded.",
        )
    return dict(zip(box.targets, given or box.targets, strict=True))


def _opening(path: str, place: _Place) -> Iterator[str]:
    box = place.box
    yield f"repeating {path}: {box.name}"
    yield from (f"  it failed: {one.line}" for one in box.failures)
    if box.version != __version__:
        yield f"  it was recorded by version {box.version}, this is {__version__}: they may differ in what they do"
    if place.recorded:
        yield "  on the receiver that is recorded in it; --target URL repeats it on yours"
    if box.evicted:
        yield f"  the first {box.evicted} entries of its journal are not recorded"


async def _repeat(place: _Place, talk: Talk, ready_file: str | None) -> int:
    playbacks: list[Playback] = []

    @asynccontextmanager
    async def host(stage: Stage) -> AsyncIterator[Running]:
        if not place.recorded:
            async with running(stage) as simulator:
                if ready_file is not None:
                    write_ready(ready_file, simulator.ready)
                talk.say(f"Scope is at {simulator.base_url}, token {simulator.ready['token']}")
                yield simulator
            return
        stage.found_at(place.box.base_url)
        async with played_back(stage, RecordedReceiver(place.box.entries, place.box.probes)) as (
            live,
            playback,
        ):
            playbacks.append(playback)
            yield Running(live, stage.address)

    with signals() as heard:
        if place.box.script is not None:
            now = await _play(place, place.box.script, talk, heard, host=host, playbacks=playbacks)
        else:
            now = await _call(place, talk, heard, host, playbacks)
    if now is None:
        return 130
    repetition = compare(place.box, now, played_back=place.recorded)
    talk.tell(_shown(repetition))
    first, *rest = (printable(line) for line in repetition.lines)
    talk.say(first, tone="bad" if repetition.failed else "good")
    talk.say(*(f"  {line}" for line in rest))
    return 1 if repetition.failed else 0


# ------------------------------------------------------------------------------------------------- a script

_Host = Callable[[Stage], AbstractAsyncContextManager[Running]]


async def _play(
    place: _Place,
    packed: Mapping[str, Any],
    talk: Talk,
    heard: Signals,
    *,
    host: _Host,
    playbacks: Sequence[Playback],
) -> Box | None:
    # The combination of a matrix that it was is among its variables, so that there is one.
    (script,) = variants_of(_unpacked(packed))
    resolved = replace(place.resolved, settings=replace(place.resolved.settings, targets=place.urls))
    with blaming(resolved):
        rehearse_all([script], Platform(resolved.settings, targets=place.urls))
    stages: list[Stage] = []
    boxes: list[Box] = []

    def ending(platform: Platform) -> Wait:
        return Wait(lambda _idle: platform.idle_drained or _silent(playbacks))

    @asynccontextmanager
    async def around(simulator: Running) -> AsyncIterator[None]:
        stages.append(simulator.live.stage)
        yield

    def note(summary: Summary) -> None:
        # Of several runs it is about one; what stopped short was the last to be played.
        if summary.title == place.box.name or summary.stopped is not None:
            for stage in stages:
                boxes[:] = [_now(place, stage.platform, failures_of(summary))]

    telling = _Runs(Telling(talk, script, []), place.box, stages, playbacks)
    try:
        summaries = await play_here(
            Prepared(script, resolved, ""),
            talk,
            heard,
            around=around,
            teller=telling,
            ending=ending if place.box.drained else None,
            note=note,
            host=host,
        )
    except UsageError:
        if not boxes:
            raise
        return boxes[0]
    return None if summaries is None else boxes[0]


class _Runs:
    """Tells of each run of a script, and has the recorded receiver know which of them is recorded."""

    def __init__(
        self, telling: Telling, box: Box, stages: Sequence[Stage], playbacks: Sequence[Playback]
    ) -> None:
        self._telling = telling
        self._box = box
        self._stages = stages
        self._playbacks = playbacks
        self.show = telling.show
        self.ended = telling.ended

    def begun(self, title: str, steps: Sequence[Step]) -> None:
        for stage, playback in zip(self._stages, self._playbacks, strict=False):
            last = stage.platform.journal.last
            playback.receiver = RecordedReceiver(
                self._box.entries,
                self._box.probes,
                # A run that goes on from a checkpoint holds what was before it.
                after=last if stage.platform.journal.counts[StepPlayed.kind] else 0,
                obliging=title != self._box.name,
            )
        self._telling.begun(title, steps)


def _silent(playbacks: Sequence[Playback]) -> bool:
    """Whether nobody will answer what is in flight."""
    return any(playback.silent for playback in playbacks)


def _unpacked(packed: Mapping[str, Any]) -> Script:
    files = packed["files"]

    def read(source: str, beside: str) -> tuple[str, str]:
        if beside not in files:
            raise UsageError("the box does not hold what is played", found=source)
        return files[beside]["name"], files[beside]["text"]

    return load(
        packed["text"],
        name=packed["name"],
        environ=packed["environment"],
        vars=packed["vars"],
        read=read,
    )


def _now(place: _Place, platform: Platform, failures: Iterator[Failure]) -> Box:
    box = box_of(platform, name="", failures=failures, began=place.box.began)
    return replace(box, targets=tuple(place.targets.values()))


# ------------------------------------------------------------------------------------------------- calls


async def _call(
    place: _Place, talk: Talk, heard: Signals, host: _Host, playbacks: Sequence[Playback]
) -> Box | None:
    box = place.box
    calls = box.calls or ()
    added = {call["args"][0] for call in calls if call["call"] == "add_target" and call["args"]}
    begun = tuple(place.targets[url] for url in box.targets if url not in added)
    stage = Stage(replace(place.resolved.settings, targets=begun))
    failures: list[Failure] = []

    async def work() -> None:
        async with host(stage) as simulator:
            handle = AsyncSimulator(simulator.live)
            await _make(place, handle, failures, playbacks)
            platform = stage.platform
            quiet = 0.0 if place.recorded else SETTLED
            await simulator.live.pump.wait(
                Wait(
                    lambda idle: (not platform.busy or _silent(playbacks)) and idle >= quiet,
                    until=platform.now,
                    timeout=_PATIENCE,
                    quiet=quiet or None,
                )
            )

    try:
        with blaming(place.resolved):
            await heard.during(work())
    except Interrupted:
        talk.say("stopped before its end")
        return None
    return _now(place, stage.platform, iter(failures))


async def _make(
    place: _Place, handle: AsyncSimulator, failures: list[Failure], playbacks: Sequence[Playback]
) -> None:
    """Make the calls of a box, each as long as it lasted; one that fails though it did not end them all."""
    calls = place.box.calls or ()
    expected = {one.place for one in place.box.failures if one.what == "call"}
    results: dict[int, Any] = {}
    going: dict[int, list[asyncio.Task[Failure | None]]] = {}
    for number, call in enumerate(calls):
        for playback in playbacks:
            playback.ask_until(call["entry"])
        task = asyncio.ensure_future(_made(place, handle, number, call, expected=expected, results=results))
        going.setdefault(call.get("until", number), []).append(task)
        for ended in going.pop(number, []):
            failure = await ended
            if failure is not None:
                failures.append(failure)
                if failure.place not in expected:
                    return


async def _made(
    place: _Place,
    handle: AsyncSimulator,
    number: int,
    call: Mapping[str, Any],
    *,
    expected: set[str],
    results: dict[int, Any],
) -> Failure | None:
    name = call["call"]
    if name not in RECORDED:
        raise UsageError(
            f"the box holds a call that this version does not know: {name}",
            remedy=f"Repeat it with version {place.box.version} of Scope Simulator.",
        )
    args = [_script(one) if name == "play" else _found(place.moved(one), results) for one in call["args"]]
    values = {key: _found(place.moved(one), results) for key, one in call["with"].items()}
    try:
        results[number] = await getattr(handle, name)(*args, **values)
    except ScopeSimulatorError as error:
        failure = failed_call(number, call, str(error))
        # What failed in the test too, and was not what the test failed by, is as it should be.
        return failure if failure.place in expected or "error" not in call else None
    return None


def _found(given: Any, results: Mapping[int, Any]) -> Any:  # noqa: ANN401 - whatever the test gave
    return results.get(given[RESULT]) if isinstance(given, dict) and RESULT in given else given


def _script(given: Any) -> Any:  # noqa: ANN401 - whatever the test gave
    if not isinstance(given, dict):
        return given
    return given["value"] if "value" in given else _unpacked(given)


def _shown(repetition: Repetition) -> dict[str, JSON]:
    def listed(failures: Sequence[Failure]) -> list[JSON]:
        return [one.line for one in failures]

    difference = repetition.difference
    return {
        "kind": "repetition",
        "failed": repetition.failed,
        "again": listed(repetition.again),
        "gone": listed(repetition.gone),
        "new": listed(repetition.fresh),
        "entries": repetition.compared,
        "difference": None
        if difference is None
        else {
            "entry": difference.number,
            "recorded": difference.recorded,
            "now": difference.now,
            "fields": [list(one) for one in difference.fields],
        },
    }
