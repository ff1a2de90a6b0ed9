"""A setting that names a file whose text counts: it is read once, when the setting is.

Decides how the file is named and how large it may be; what stands in it is read by whoever needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simulator.errors import UsageError
from simulator.settings.forms import Form
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["TextFile", "text_file"]

_MOST_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was read."""

    path: str
    text: str


def text_file() -> Form:
    """The path of a file with text in UTF-8, of at most 10 MB."""

    def read(value: object) -> TextFile:
        if isinstance(value, TextFile):
            return value
        if not isinstance(value, str | Path) or not str(value).strip():
            raise UsageError("the value does not fit", expected="the path of a file", found=repr(value))
        path = Path(value)
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise UsageError(f"the file {path} is too large", expected=f"at most {_MOST_BYTES} bytes")
            return TextFile(str(path), path.read_text("utf-8"))
        except OSError as problem:
            raise UsageError(
                f"the file {path} cannot be read: {problem.strerror}", remedy="Name a file that may be read."
            ) from None
        except UnicodeDecodeError:
            raise UsageError(f"the file {path} is no text in UTF-8", remedy="Save it as UTF-8.") from None

    def write(value: object) -> JSON:
        assert isinstance(value, TextFile)
        return value.path

    return Form(read, {"type": "string", "pattern": r"^.*\S.*$"}, write)
