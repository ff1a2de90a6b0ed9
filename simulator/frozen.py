"""Frozen values as JSON and back, whatever their class: what a file that remembers is made of.

Decides how the value of a field is written, by the field's type alone. It must not know any class, nor check what is read:
what was written here is read here. A dataclass is an object by its fields' names, without those that hold their defaults,
so that a field that is added later, with a default, changes nothing that was written before. A named tuple is a list, bytes
are text with a character for each byte, a set is a sorted list.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["from_plain", "to_plain"]

T = TypeVar("T")

_Way: TypeAlias = Callable[[Any], Any]


class _Ways(NamedTuple):
    """How values of a type are written and read; None where they stay as they are."""

    write: _Way | None = None
    read: _Way | None = None


_AS_IT_IS = _Ways()


def to_plain(value: object, *, without: Container[str] = ()) -> dict[str, Any]:
    """Return a dataclass as what JSON can write, but for the fields in ``without``."""
    plain: dict[str, Any] = {}
    for name, default, write, _ in _fields_of(_hashable(type(value))):
        one = getattr(value, name)
        if one is not default and one != default and name not in without:
            plain[name] = one if write is None else write(one)
    return plain


def from_plain(cls: type[T], plain: Mapping[str, Any], **given: object) -> T:
    """Return the instance of ``cls`` that ``to_plain`` was given; ``given`` are the fields that it was to leave out."""
    values = {**plain, **given} if given else dict(plain)
    for name, read in _read_fields_of(_hashable(cls)):
        if name in plain:
            values[name] = read(plain[name])
    return cls(**values)


def _hashable(cls: type) -> Hashable:
    return cls


@cache
def _ways(hint: Any) -> _Ways:  # noqa: ANN401 - any type that a field may have
    # A type that has a name of its own, such as Moment, is written as what it is.
    hint = getattr(hint, "__supertype__", hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _of_union([one for one in inner if one is not type(None)])
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_dataclass(hint)
    if isinstance(hint, type) and hasattr(hint, "_fields"):
        return _of_named_tuple(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Ways(lambda value: value.value, hint)
    if hint is bytes:
        return _Ways(lambda raw: raw.decode("latin-1"), lambda text: text.encode("latin-1"))
    if origin is frozenset:
        return _Ways(sorted, frozenset)
    if origin in (tuple, Sequence):
        return _of_sequence(hint, [one for one in inner if one is not ...])
    if origin is Mapping:
        return _Ways(dict)
    return _AS_IT_IS


def _of_union(members: list[Any]) -> _Ways:
    """Only one member may need more than to be written as it is, and it is told from None alone; JSON is such a union too."""
    known = [_ways(one) for one in members] if len(members) == 1 else []
    if not known or known[0] == _AS_IT_IS:
        return _AS_IT_IS
    return _Ways(*map(_unless_none, known[0]))


def _unless_none(way: _Way | None) -> _Way | None:
    return None if way is None else lambda value: None if value is None else way(value)


def _of_sequence(hint: Any, inner: list[Any]) -> _Ways:  # noqa: ANN401
    ways = [_ways(one) for one in inner]
    if all(way == _AS_IT_IS for way in ways):
        return _Ways(list, tuple)
    if len(ways) == 1:
        write, read = (way or (lambda value: value) for way in ways[0])
        return _Ways(lambda values: [write(one) for one in values], lambda values: tuple(map(read, values)))
    raise TypeError(f"{hint} has no form as JSON")


def _of_named_tuple(cls: type[Any]) -> _Ways:
    hints = get_type_hints(cls)
    ways = [_ways(hints[name]) for name in cls._fields]
    if all(way == _AS_IT_IS for way in ways):
        return _Ways(list, cls._make)
    return _Ways(
        lambda value: [way.write(one) if way.write else one for way, one in zip(ways, value, strict=True)],
        lambda plain: cls(
            *(way.read(one) if way.read else one for way, one in zip(ways, plain, strict=True))
        ),
    )


def _of_dataclass(cls: type[Any]) -> _Ways:
    return _Ways(to_plain, lambda plain: from_plain(cls, plain))


@cache
def _fields_of(cls: Any) -> list[tuple[str, object, _Way | None, _Way | None]]:  # noqa: ANN401 - any dataclass
    """Return of each field its name, its default, and how it is written and read."""
    hints = get_type_hints(cls)
    return [(one.name, _default(one), *_ways(hints[one.name])) for one in fields(cls)]


@cache
def _read_fields_of(cls: Any) -> list[tuple[str, _Way]]:  # noqa: ANN401 - any dataclass
    """Return of each field that is not read as it is its name, and how it is read."""
    return [(name, read) for name, _, _, read in _fields_of(cls) if read is not None]


def _default(field: Field[Any]) -> object:
    """Return the default of a field, or, where it has none, what no value equals."""
    return field.default if field.default is not MISSING else MISSING
