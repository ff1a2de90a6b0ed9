"""``check``, ``scenarios`` and ``scenarios show``: scripts as files, without a platform that listens."""

from __future__ import annotations

import os
from collections.abc import Sequence

from simulator.bundled import read_scenario, scenario_names
from simulator.cli.talk import Talk
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.report.text import printable
from simulator.settings import resolve

__all__ = ["check", "list_bundled", "show_bundled"]


def check(files: Sequence[str], talk: Talk) -> int:
    """Validate scripts, all of them, and say what is wrong with each."""
    from simulator.script import open_script, rehearse

    wrong = 0
    for file in files:
        try:
            script = open_script(file, environ=os.environ)
            settings = resolve(script=script.settings(), script_place=script.file).settings
            rehearse(Platform(settings), script)
        except UsageError as error:
            wrong += 1
            talk.complain([error])
        else:
            talk.say(printable(f"ok {file}: {script.title}"))
    return 2 if wrong else 0


def list_bundled(talk: Talk) -> int:
    """List the bundled scripts."""
    from simulator.script import open_script

    names = scenario_names()
    width = max(map(len, names), default=0)
    for name in names:
        talk.say(f"{name:<{width}}  {open_script(name, environ=os.environ).title}")
    return 0


def show_bundled(name: str, talk: Talk) -> int:
    """Print one of them as it is."""
    talk.say(read_scenario(name).rstrip("\n"))
    return 0
