"""What commands that start a simulator have in common: targets that can be posted to, and the file that says where it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from simulator.errors import UsageError
from simulator.settings import Resolved, Settings
from simulator.webhooks.targets import check_url
from simulator.wire import JSON, dump

__all__ = ["checked", "write_ready"]


def checked(resolved: Resolved) -> Settings:
    """Return the settings when every target can be posted to; the error names where a wrong one came from."""
    for url in resolved.settings.targets:
        try:
            check_url(url)
        except UsageError as error:
            raise error.at(resolved.origins["targets"].place) from None
    return resolved.settings


def write_ready(path: str, ready: Mapping[str, JSON]) -> None:
    """Write where the simulator is, so that whoever sees the file sees all of it."""
    part = Path(f"{path}.{os.getpid()}.part")
    try:
        part.write_bytes(dump(ready) + b"\n")
        part.replace(path)
    except OSError as error:
        raise UsageError(
            "the file cannot be written",
            place=f"--ready-file {path}",
            found=(error.strerror or str(error)).lower(),
            remedy="Name a file in a directory that exists.",
        ) from None
    finally:
        part.unlink(missing_ok=True)
