"""``dataclass`` for values that are cheap to define: the standard library's in all but how it is made.

A frozen slotted dataclass of the standard library takes more than half a millisecond to define, since six methods are
written and compiled for each class; for a hundred classes that was a third of our own time to start. Here only ``__init__``
is written for each class, and the other methods are shared. What comes out is a dataclass to everybody else,
``dataclasses.replace`` and the type checker included. It must not offer what the standard library does not.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from collections.abc import Callable
    from dataclasses import dataclass as _standard

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[type], type]:
        """Make a class a frozen dataclass with slots; both must be said, as to the standard library's."""
        assert (frozen, slots) == (True, True)
        define = _standard(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)

        def decorate(cls: type) -> type:
            # For a class without a docstring the standard library would work out a signature.
            cls.__doc__ = cls.__doc__ or cls.__name__
            return _complete(define(cls))

        return decorate


_STATES: dict[type, attrgetter[Any]] = {}
"""What reads all fields of an instance at once, by class."""


class _Shared:
    """The methods that all these classes have in common; nothing inherits from it."""

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        read = _STATES[self.__class__]
        return bool(read(self) == read(other))

    def __hash__(self) -> int:
        return hash(_STATES[self.__class__](self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in _state(self).items())
        return f"{self.__class__.__qualname__}({shown})"

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self.__class__, _state(self))

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


_METHODS = ("__eq__", "__hash__", "__repr__", "__reduce__", "__setattr__", "__delattr__")


def _complete(cls: type) -> type:
    """Give a dataclass without methods its own ``__init__`` and the shared methods."""
    known = fields(cls)
    _STATES[cls] = attrgetter(*(one.name for one in known))
    for name in _METHODS:
        setattr(cls, name, vars(_Shared)[name])
    _write_init(cls, known)
    return cls


def _write_init(cls: type, known: tuple[Field[Any], ...]) -> None:
    """Write what puts each argument into its slot; that the class refuses to be changed is for everybody else."""
    names: dict[str, object] = {"_MISSING": MISSING}
    taken, body = ["self"], []
    if known[0].kw_only:
        taken.append("*")
    for one in known:
        name = value = one.name
        names[f"_set_{name}"] = getattr(cls, name).__set__
        if one.default is not MISSING:
            names[f"_default_{name}"] = one.default
            taken.append(f"{name}=_default_{name}")
        elif one.default_factory is not MISSING:
            names[f"_make_{name}"] = one.default_factory
            taken.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        else:
            taken.append(name)
        body.append(f" _set_{name}(self, {value})\n")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()\n")
    exec(f"def __init__({', '.join(taken)}):\n{''.join(body)}", names)  # noqa: S102 - the names stand in our own classes
    cls.__init__ = names["__init__"]  # type: ignore[misc]


def _state(value: object) -> dict[str, object]:
    cls: Any = value.__class__
    return {one.name: getattr(value, one.name) for one in fields(cls)}


def _restore(cls: type, state: dict[str, object]) -> object:
    return cls(**state)
