"""The box of a test: what it made of its handle, and where its file is.

Decides what a test's failure is in a box, and what its file is called. pytest is not its matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from simulator.box.calls import Calls
from simulator.box.failures import failed_call
from simulator.box.file import Box, Failure, box_of, with_probes
from simulator.effects import Probe
from simulator.engine import Platform

__all__ = ["box_of_test", "file_name", "leave"]

_LONGEST = 150
"""How many characters of a test's name are in that of its file."""


def box_of_test(
    platform: Platform,
    calls: Calls,
    name: str,
    *,
    said: str,
    error: BaseException | None,
    probes: Iterable[Probe] = (),
) -> Box:
    """Return the box of a test called ``name`` that failed by ``error``, which ``said`` tells in a line."""
    box = box_of(
        platform,
        name=name,
        failures=[*_failed(calls, error)] or [Failure("test", name, said)],
        began=calls.began,
        calls=calls.shown,
        drained=False,
        settings=calls.settings,
    )
    return with_probes(replace(box, targets=tuple(calls.added)), probes)


def file_name(test: str, when: str, number: int) -> str:
    """Return what the box of a test is called; ``number`` tells several simulators of one test apart, 0 where there is one."""
    plain = re.sub(r"[^A-Za-z0-9_.\[\]-]+", "-", test).strip("-")
    parts = [plain[-_LONGEST:], *([] if when == "call" else [when]), *([str(number)] if number else [])]
    return ".".join([*parts, "box.json"])


def leave(folder: str, name: str, content: bytes) -> str:
    """Write a box and return what there is to say of it; a test is not to fail by that."""
    path = Path(folder) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        return f"no box could be left in {folder}: {(error.strerror or str(error)).lower()}"
    return f"scope-simulator replay --box {path}"


def _failed(calls: Calls, error: BaseException | None) -> Iterator[Failure]:
    """Yield the call by which a test failed, if it was one."""
    for place, call in enumerate(calls.made):
        if error is not None and call.error is error:
            yield failed_call(place, {"call": call.name}, str(error))
