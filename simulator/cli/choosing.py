"""Which scripts a command is about: those that were named, with the values that were given, and of these those with a tag.

All that can be wrong with any of them is found first, and told together.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from simulator.cli.talk import Talk
from simulator.errors import UsageError, did_you_mean
from simulator.report.summary import Summary, refused
from simulator.report.text import printable
from simulator.script import Script
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Choice", "Chosen", "Refusal", "left_out", "read_vars"]


def read_vars(given: Sequence[str]) -> dict[str, JSON]:
    """Return the values of ``--var NAME=VALUE``, each what it would be as a plain value of YAML."""
    from simulator.script.loader import read_scalar

    read: dict[str, JSON] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise UsageError(
                "a variable has no value",
                place="--var",
                expected="NAME=VALUE, such as order=WO-7",
                found=repr(text),
            )
        if name in read:
            raise UsageError(
                f"the variable {name!r} is given twice",
                place="--var",
                remedy="Give it once; several values: for.",
            )
        try:
            read[name] = read_scalar(value)
        except UsageError as error:
            raise error.at(f"--var {name}") from None
    return read


@dataclass(frozen=True, slots=True)
class Chosen:
    """A script, as it was named, and the values that were given for its variables."""

    source: str
    script: Script
    vars: Mapping[str, JSON] = field(default_factory=dict)


class Refusal(NamedTuple):
    """Why a script is not played; ``title`` is its file's name where none could be read."""

    file: str
    title: str
    error: UsageError
    tags: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        """What a report tells of it."""
        return refused(self.file, self.title, str(self.error), tags=self.tags)


class Choice:
    """The scripts that a command is about, files or names of bundled ones: ``vars`` are other values of the scripts' variables, ``tags`` choose among them."""

    def __init__(self, sources: Sequence[str], vars: Sequence[str] = (), tags: Sequence[str] = ()) -> None:
        self.sources = tuple(sources)
        self.vars = read_vars(vars)
        self.tags = tuple(tags)

    def open(self, source: str) -> Script:
        """Read a script, a file or the name of a bundled one."""
        from simulator.script import open_script

        return open_script(source, environ=os.environ, vars=self.vars)

    def wants(self, script: Script) -> bool:
        """Return whether a script has one of the tags, or none was asked for."""
        return not self.tags or not set(self.tags).isdisjoint(script.tags)

    def opened(self, talk: Talk, refusals: list[Refusal]) -> Iterator[Chosen]:
        """Yield the scripts that are wanted, and say which are left out; what cannot be read adds to ``refusals``."""
        left: list[Script] = []
        wanted = 0
        for source in self.sources:
            try:
                script = self.open(source)
            except UsageError as error:
                refusals.append(Refusal(source, source, error))
                continue
            if self.wants(script):
                wanted += 1
                yield Chosen(source, script, self.vars)
            else:
                left.append(script)
                talk.say(left_out(script))
        if not wanted and not refusals:
            sources = ", ".join(self.sources)
            refusals.append(Refusal(sources, sources, self.none_left(left)))

    def none_left(self, scripts: Iterable[Script]) -> UsageError:
        """Return what is wrong when no script has one of the tags."""
        known = sorted({tag for script in scripts for tag in script.tags})
        return UsageError(
            "no script has the tag " + " or ".join(self.tags),
            place="--tag",
            nearest=[near for tag in self.tags for near in did_you_mean(tag, known, most=1)],
            remedy=f"There are: {', '.join(known)}." if known else "None of them has any tags.",
        )


def left_out(script: Script) -> str:
    """Return the line that tells of a script without a tag that was asked for."""
    return printable(f"left out, not tagged so: {script.file}: {script.title}")
