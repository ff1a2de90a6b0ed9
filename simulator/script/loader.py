"""From a file to a document: YAML or JSON text becomes plain values that know their line and column.

What counts as text, a number or a truth value is decided here, and more narrowly than YAML 1.1 does: unquoted words
mean what they mean in JSON, everything else stays text. So ``yes``, ``on``, ``0042``, ``0x5c``, ``12:30`` and
``2021-03-01T08:00:00Z`` are text. Tags, keys that are not text, keys that stand twice, several documents, aliases that
repeat too much, and files that are too large are errors with their place. Nothing is ever built but plain values.

This module must not judge what a script means, see ``checks``. It alone may use YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from simulator.bundled import read_scenario, scenario_names
from simulator.errors import UsageError, did_you_mean
from simulator.script.document import Document, Mark, Path, show
from simulator.script.wording import in_our_words
from simulator.wire import JSON

if TYPE_CHECKING:
    from yaml.events import AliasEvent, Event, ScalarEvent

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "read_document", "read_scalar", "read_source"]

MAX_BYTES = 4 * 1024 * 1024
MAX_VALUES = 500_000
MAX_DEPTH = 64

_WORDS: Mapping[str, JSON] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 40
_SURROGATES = re.compile("[\ud800-\udfff]")


def read_source(source: str) -> tuple[str, bytes | str]:
    """Return the name and the text of a script: the file ``source``, or the bundled script of that name.

    A file outranks a bundled script of the same name. Raises ``UsageError`` when there is nothing to read.
    """
    file = FilePath(source)
    if file.is_dir():
        raise UsageError("the script is a directory", place=source, remedy="Name one file in it.")
    try:
        with file.open("rb") as stream:
            return source, stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, ValueError):
        known = scenario_names()
        if source in known:
            return f"{source}.yaml", read_scenario(source)
        raise UsageError(
            f"there is no file and no bundled script {source!r}",
            nearest=did_you_mean(file.stem, known),
            remedy="List the bundled scripts with: scope-simulator scenarios",
        ) from None
    except OSError as error:
        raise UsageError(
            "the script cannot be read", place=source, found=(error.strerror or str(error)).lower()
        ) from None


def read_document(text: str | bytes, *, name: str = "script") -> Document:
    """Read YAML or JSON into plain values and their places."""
    import yaml

    content = _decoded(text, name)
    stripped = content.lstrip(" \t\r\n")
    if stripped.startswith(("{", "[")):
        content = _without_tabs(content)
    fast: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Reader(name, yaml.parse(content, Loader=fast)).document()
    except yaml.YAMLError:
        # The reader in C is fast but words its errors otherwise; the one in Python is the one that speaks.
        try:
            return _Reader(name, yaml.parse(content, Loader=yaml.SafeLoader)).document()
        except yaml.MarkedYAMLError as error:
            raise in_our_words(error, name=name, content=content) from None
        except yaml.reader.ReaderError as error:
            before = content[: error.position]
            line, column = before.count("\n") + 1, error.position - before.rfind("\n")
            raise UsageError(
                "there is a character that no text may contain",
                place=f"{name}:{line}:{column}",
                found=f"U+{ord(content[error.position]):04X}",
                remedy="Remove it.",
            ) from None


def read_scalar(text: str) -> JSON:
    """Return what ``text`` means as a value that stands alone: text in quotes is text, the rest as in a document."""
    if text[:1] in ("'", '"'):
        value = read_document(text, name="value").value
        if isinstance(value, str):
            return value
    elif text in _WORDS:
        return _WORDS[text]
    elif _NUMBER.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
        number: float = json.loads(text)
        if abs(number) != float("inf"):
            return number
    return text


def _decoded(text: str | bytes, name: str) -> str:
    size = len(text)
    if size > MAX_BYTES:
        raise UsageError(
            "the script is too large",
            place=name,
            expected=f"at most {MAX_BYTES // 1024 // 1024} MiB",
            remedy="Say what repeats with repeat.",
        )
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise UsageError(
            "the script is not UTF-8 text",
            place=f"{name}:{line}:{column}",
            found=f"the byte 0x{text[error.start]:02x}",
            remedy="Save the file as UTF-8.",
        ) from None


def _without_tabs(content: str) -> str:
    """Make white space of JSON digestible for YAML: a tab outside of text becomes a space, so columns stay."""
    return re.sub(r'("(?:\\.|[^"\\])*")|\t', lambda part: part.group(1) or " ", content)


class _Reader:
    """Builds plain values from YAML events, noting places; never recurses deeper than ``MAX_DEPTH``."""

    def __init__(self, name: str, events: Iterator[Event]) -> None:
        self._name = name
        self._events = events
        self._values: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._anchors: dict[str, tuple[Path, JSON] | None] = {}

    def document(self) -> Document:
        from yaml.events import DocumentEndEvent, DocumentStartEvent, StreamEndEvent, StreamStartEvent

        value: JSON = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._wrong(
                        event,
                        "a second document begins here",
                        expected="one script in a file",
                        remedy="Put it in a file of its own.",
                    )
                value = self._value(next(self._events), ())
            else:
                assert isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent)
        if not documents:
            raise UsageError(
                "the script is empty",
                place=f"{self._name}:1:1",
                expected="a mapping with title and steps",
                remedy="Print an example with: scope-simulator scenarios show created-and-finished",
            )
        return Document(self._name, value, self._values, self._keys)

    def _value(self, event: Event, path: Path) -> JSON:
        from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent

        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        self._note(event, path)
        self._no_tag(event)
        anchor: str | None = event.anchor  # type: ignore[attr-defined]
        if anchor is not None:
            if anchor in self._anchors:
                raise self._wrong(event, f"the anchor &{anchor} stands twice", remedy="Give it another name.")
            self._anchors[anchor] = None
        value: JSON
        if isinstance(event, ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, MappingStartEvent):
            value = self._mapping(path)
        else:
            value = self._list(path)
        if anchor is not None:
            self._anchors[anchor] = (path, value)
        return value

    def _mapping(self, path: Path) -> dict[str, JSON]:
        from yaml.events import AliasEvent, MappingEndEvent, ScalarEvent

        found: dict[str, JSON] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if isinstance(event, AliasEvent) or not isinstance(event, ScalarEvent):
                raise self._wrong(event, "a key is not text", expected="a name before the colon")
            self._no_tag(event)
            key = self._scalar(event)
            if not isinstance(key, str):
                raise self._wrong(
                    event,
                    "a key is not text",
                    found=show(key),
                    remedy=f'Put it in quotes: "{event.value}".' if event.value else "Write a name.",
                )
            inner = (*path, key)
            if key in found:
                raise self._wrong(
                    event,
                    f"the key {key} stands twice",
                    found=f"the first in line {self._keys[inner].line}",
                    remedy="Keep one of them.",
                )
            self._keys[inner] = _mark(event)
            found[key] = self._value(next(self._events), inner)
        return found

    def _list(self, path: Path) -> list[JSON]:
        from yaml.events import SequenceEndEvent

        found: list[JSON] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _no_tag(self, event: Event) -> None:
        tag: str | None = event.tag  # type: ignore[attr-defined]
        if tag not in (None, "!"):
            raise self._wrong(
                event,
                "a tag stands before a value",
                found=show(tag),
                remedy="Leave it out; put text that looks like a number in quotes.",
            )

    def _scalar(self, event: ScalarEvent) -> JSON:
        text = event.value
        if not event.style:
            if text in _WORDS:
                return _WORDS[text]
            if _NUMBER.fullmatch(text):
                return self._number(event, text)
        if _SURROGATES.search(text):
            # JSON writes one character beyond U+FFFF as a pair of escapes; YAML reads each half for itself.
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _number(self, event: Event, text: str) -> JSON:
        if len(text) <= _LONGEST_NUMBER:
            number: float = json.loads(text)
            if abs(number) != float("inf"):
                return number
        raise self._wrong(
            event, "the number is too large", found=show(text), remedy="Put it in quotes to have text."
        )

    def _alias(self, event: AliasEvent, path: Path) -> JSON:
        name = event.anchor or ""
        if name not in self._anchors:
            raise self._wrong(
                event,
                f"the alias *{name} has no anchor before it",
                nearest=did_you_mean(name, self._anchors),
                remedy="Put text that begins with * in quotes.",
            )
        known = self._anchors[name]
        if known is None:
            raise self._wrong(
                event, f"the alias *{name} stands inside its own anchor", remedy="Write it out."
            )
        return self._copy(event, known[1], known[0], path)

    def _copy(self, event: Event, value: JSON, source: Path, path: Path) -> JSON:
        """Copy an anchored value to ``path``; its parts keep the places where they were written."""
        self._note(event, path, mark=self._values[source])
        if isinstance(value, dict):
            for key in value:
                self._keys[(*path, key)] = self._keys[(*source, key)]
            return {k: self._copy(event, v, (*source, k), (*path, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self._copy(event, v, (*source, i), (*path, i)) for i, v in enumerate(value)]
        return value

    def _note(self, event: Event, path: Path, *, mark: Mark | None = None) -> None:
        if len(path) > MAX_DEPTH:
            raise self._wrong(event, "values are nested too deeply", expected=f"at most {MAX_DEPTH} levels")
        if len(self._values) >= MAX_VALUES:
            raise self._wrong(
                event,
                "the script has too many values",
                expected=f"at most {MAX_VALUES}, each use of an alias counted",
                remedy="Say what repeats with repeat.",
            )
        self._values[path] = mark or _mark(event)

    def _wrong(
        self,
        event: Event,
        problem: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        nearest: tuple[str, ...] = (),
        remedy: str | None = None,
    ) -> UsageError:
        mark = _mark(event)
        return UsageError(
            problem,
            place=f"{self._name}:{mark.line}:{mark.column}",
            expected=expected,
            found=found,
            nearest=nearest,
            remedy=remedy,
        )


def _mark(event: Event) -> Mark:
    mark = event.start_mark
    assert mark is not None
    return Mark(mark.line + 1, mark.column + 1)
