"""Files that whoever sees them sees whole: written beside their place first, then put there in one step.

What is no regular file, such as a device or a pipe, is written as it is; putting a file in its place would break it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.errors import UsageError

__all__ = ["prove", "write"]


def prove(path: str, *, place: str) -> None:
    """Raise UsageError, about the flag ``place``, when ``path`` could not be written; what is there stays as it is."""
    with _worded(place):
        if Path(path).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not _irregular(path):
            part = _part(path)
            part.touch()
            part.unlink()


def write(path: str, content: bytes, *, place: str) -> None:
    """Write the file; UsageError as for ``prove``."""
    with _worded(place):
        if _irregular(path):
            Path(path).write_bytes(content)
            return
        part = _part(path)
        try:
            part.write_bytes(content)
            part.replace(os.path.realpath(path))
        finally:
            part.unlink(missing_ok=True)


def _irregular(path: str) -> bool:
    return Path(path).exists() and not Path(path).is_file()


def _part(path: str) -> Path:
    return Path(f"{os.path.realpath(path)}.{os.getpid()}.part")


@contextmanager
def _worded(place: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        # A path that no system call takes: Python's own words for it differ from version to version.
        reason = error.strerror or str(error) if isinstance(error, OSError) else "embedded null byte"
        raise UsageError(
            "the file cannot be written",
            place=place,
            found=reason.lower(),
            remedy="Name a file in a directory that exists.",
        ) from None
