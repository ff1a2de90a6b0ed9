"""A stage that goes on from a file, or begins one: whose settings count, and what is said of it.

Decides what the file's word outweighs. What makes a world is the file's, since a record of one world means nothing in
another; all else is as it is given now.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from simulator.clock import parse_speed
from simulator.control.stage import Stage
from simulator.journal import Noted
from simulator.settings import Settings
from simulator.store.file import File
from simulator.store.keeping import Keeping
from simulator.store.loading import load_platform
from simulator.store.shapes import replaced, shaped

__all__ = ["open_file"]


def open_file(settings: Settings, path: str, given: Collection[str]) -> Stage:
    """Return the stage that the file at ``path`` holds, or a new one that it holds from now on; see ``open_stage``."""
    file = File(Path(path))
    try:
        meta = file.meta()
        stage = _go_on(file, meta, settings, given) if meta else Stage(settings, keeper=Keeping(file))
        stage.commit()
    except BaseException:
        file.close()
        raise
    return stage


def _go_on(file: File, meta: Mapping[str, bytes], settings: Settings, given: Collection[str]) -> Stage:
    shape = json.loads(meta["shape"])
    begun = shaped(settings, shape, given, file.path)
    present = replaced(begun, json.loads(meta["changed"]))
    changed = json.loads(meta["state"]).get("speed")
    speed = None if changed is None or "speed" in given else parse_speed(changed)
    excused = [number for (number,) in file.rows("SELECT number FROM excused")]
    with _no_look_for_garbage():
        platform = load_platform(file, present, excused=excused, speed=speed)
    keeping = Keeping(file)
    operators = json.loads(meta["state"])["operators"]
    stage = Stage(begun, keeper=keeping, platform=platform, operators=operators)
    keeping.go_on(platform, stage, excused=excused)
    uncertain = platform.dispatch.end_uncertain(platform.view())
    tally = platform.tally()
    known = (
        f"{uncertain} of them made again since nobody saw how they ended"
        if uncertain
        else "none was in flight"
    )
    text = f"goes on from {file.path}: {tally.pending} deliveries are due, {known}"
    platform.journal.append(platform.now, Noted(text))
    for url in settings.targets:
        platform.add_target(url)
    if [fault.line for fault in settings.faults] != json.loads(meta["begun_faults"]):
        platform.set_faults(settings.faults)
    return stage


@contextmanager
def _no_look_for_garbage() -> Iterator[None]:
    """Make many values that are all kept, which takes half the time when nobody looks for circles among them."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()
