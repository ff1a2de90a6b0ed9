"""From a file or a text to a script that can be played: read, put the environment in, judge, build.

Only here the parts meet; nothing is decided. All problems come at once, as one ``ScriptError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.errors import UsageError
from simulator.script.building import build
from simulator.script.checks import judge
from simulator.script.document import ScriptError
from simulator.script.environment import with_environment
from simulator.script.including import Reader, from_disk, with_plays
from simulator.script.loader import read_document, read_source
from simulator.script.matrix import with_vars
from simulator.script.model import Script
from simulator.wire import JSON

__all__ = ["load", "open_script"]


def open_script(
    source: str, *, environ: Mapping[str, str] | None = None, vars: Mapping[str, JSON] | None = None
) -> Script:
    """Load the file ``source``, or the bundled script of that name when there is no such file; ``vars`` as for ``load``.

    Raises ``ScriptError`` with all that is wrong with the script, and ``UsageError`` when there is nothing to read.
    """
    name, text = read_source(source)
    return load(text, name=name, environ=environ, vars=vars)


def load(
    text: str | bytes,
    *,
    name: str = "script",
    environ: Mapping[str, str] | None = None,
    vars: Mapping[str, JSON] | None = None,
    read: Reader = from_disk,
) -> Script:
    """Read a script, YAML or JSON, and check all that can be known without a world; ``name`` stands in messages.

    ``environ`` gives the values of ``${env.NAME}``; without it such a reference is an error, since a script that came
    over the network must not read our environment. ``vars`` are other values of the script's variables, ``read`` is asked for the
    files that it plays.
    """
    document, problems = with_environment(read_document(text, name=name), environ)
    document, unread = with_plays(document, environ, read)
    problems += unread
    try:
        document = with_vars(document, vars or {})
    except UsageError as error:
        problems.append(error)
    problems += judge(document)
    if problems:
        raise ScriptError(problems)
    return replace(build(document), trusted=environ is not None)
