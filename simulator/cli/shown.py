"""``serve --show-settings``: how each setting stands and where its value came from, without starting anything."""

from __future__ import annotations

import os
from collections.abc import Mapping

from simulator.cli.gather import checked
from simulator.cli.talk import Talk
from simulator.errors import UsageError
from simulator.report.text import printable
from simulator.settings import FIELDS, resolve
from simulator.wire import JSON, dump

__all__ = ["show_settings"]

_HIDDEN = "(not shown)"
_WIDEST = 40


def show_settings(
    flags: Mapping[str, object],
    talk: Talk,
    *,
    defaults: Mapping[str, object],
    config: str | None = None,
    ready_file: str | None = None,
) -> int:
    """Show a table to people, or a line for each setting to programs; return 0 when a start would find them good."""
    if ready_file is not None:
        raise UsageError(
            "the flag has no effect together with --show-settings, which starts nothing",
            place="--ready-file",
            found=ready_file,
            remedy="Leave one of the two out.",
        )
    resolved = resolve(flags=flags, environ=os.environ, config=config, defaults=defaults)
    settings = checked(resolved, remembers=True)
    rows = [("setting", "value", "from")]
    for name, field in FIELDS.items():
        value = getattr(settings, name)
        shown = None if value is None else _HIDDEN if field.secret else field.form.write(value)
        origin = resolved.origins[name]
        talk.tell({"setting": name, "value": shown, "source": origin.source, "place": origin.place})
        rows.append((name, printable(_as_text(shown)), printable(origin.place)))
    if not talk.as_json:
        first = max(len(row[0]) for row in rows)
        second = max(len(row[1]) for row in rows if len(row[1]) <= _WIDEST)
        talk.say(*(f"{name:<{first}}  {value:<{second}}  {place}" for name, value, place in rows))
    return 0


def _as_text(value: JSON) -> str:
    if value in (None, [], {}):
        return "-"
    if isinstance(value, list):
        return ", ".join(_as_text(one) for one in value)
    return value if isinstance(value, str) else dump(value).decode()
