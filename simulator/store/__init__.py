"""A simulator that remembers: a platform's facts in a file of SQLite's, from which another process goes on.

``open_stage`` is all that others need. Who names no file loads nothing of SQLite.
"""

from __future__ import annotations

from collections.abc import Collection

from simulator.control.stage import Stage
from simulator.settings import Settings

__all__ = ["open_stage"]


def open_stage(settings: Settings, *, given: Collection[str] = ()) -> Stage:
    """Return a stage with these settings, which goes on from the file that they name.

    What makes a world, such as the seed, is the file's. UsageError when one of the settings ``given`` says otherwise, or the
    file cannot be used; its place is the name of the setting.
    """
    if settings.db is None:
        return Stage(settings)
    from simulator.store.opening import open_file

    return open_file(settings, settings.db, given)
