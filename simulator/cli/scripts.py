"""``check``, ``scenarios`` and ``scenarios show``: scripts as files, without a platform that listens."""

from __future__ import annotations

from simulator.bundled import read_scenario
from simulator.cli.choosing import Choice, left_out
from simulator.cli.talk import Talk
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.report.text import printable
from simulator.settings import resolve

__all__ = ["check", "list_bundled", "show_bundled"]


def check(choice: Choice, talk: Talk) -> int:
    """Validate scripts, all of them that are wanted, and say what is wrong with each."""
    from simulator.script import rehearse_all, variants_of

    wrong, opened = 0, []
    for file in choice.sources:
        try:
            script = choice.open(file)
            opened.append(script)
            if not choice.wants(script):
                talk.say(left_out(script))
                continue
            settings = resolve(script=script.settings(), script_place=script.file).settings
            runs = variants_of(script)
            rehearse_all(runs, Platform(settings))
        except UsageError as error:
            wrong += 1
            talk.complain([error])
        else:
            many = f" ({len(runs)} runs)" if runs[1:] else ""
            talk.say(printable(f"ok {file}: {script.title}{many}"))
    if not wrong and not any(map(choice.wants, opened)):
        raise choice.none_left(opened)
    return 2 if wrong else 0


def list_bundled(choice: Choice, talk: Talk) -> int:
    """List the bundled scripts that are wanted."""
    scripts = {name: choice.open(name) for name in choice.sources}
    wanted = {name: script for name, script in scripts.items() if choice.wants(script)}
    if not wanted:
        raise choice.none_left(scripts.values())
    width = max(map(len, wanted))
    for name, script in wanted.items():
        talk.say(f"{name:<{width}}  {script.title}")
    return 0


def show_bundled(name: str, talk: Talk) -> int:
    """Print one of them as it is."""
    talk.say(read_scenario(name).rstrip("\n"))
    return 0
