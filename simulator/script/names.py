"""The names that a script gives, and whether what it says with them leads somewhere.

Names are looked at in the order of the steps: one that is given later is not known yet. Everything here raises a
``UsageError`` without a place, which the caller knows. This module must not know a world: of a resource it knows at most
the kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from simulator.errors import UsageError, did_you_mean
from simulator.script.document import Mark
from simulator.script.fakes import FAKES
from simulator.script.references import API, NAME, RESERVED, Reference
from simulator.script.scope import WORLD, fields_of
from simulator.world.resources import Kind

__all__ = ["Given", "Names"]

Given = Mapping[str, tuple[Kind | None, Mark]]


class Names:
    """The names given so far. ``later`` tells where each name of a step is given, ``variables`` are those of vars."""

    def __init__(self, *, later: Mapping[str, Mark], variables: Collection[str]) -> None:
        self._later = later
        self._variables = variables
        self._given: dict[str, tuple[Kind | None, Mark]] = {}
        self._vars: dict[str, Mark] = {}
        self._apart: dict[str, tuple[Kind | None, Mark]] = {}
        self._elsewhere: Mapping[str, Mark] = {}

    @property
    def given(self) -> Given:
        """The names of resources that are known now, to go back to."""
        return dict(self._given)

    @given.setter
    def given(self, known: Given) -> None:
        self._given = dict(known)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Look at tracks that overlap: what they give stands for all only after them."""
        outer, self._apart = self._apart, dict(self._apart)
        yield
        new = {name: given for name, given in self._apart.items() if name not in outer}
        self._given.update(new)
        self._apart = outer

    @contextmanager
    def track(self, others: Mapping[str, Mark]) -> Iterator[None]:
        """Look at one track; ``others`` are the names that the other tracks give."""
        given, elsewhere = self._given, self._elsewhere
        self._given, self._elsewhere = dict(given), {**elsewhere, **others}
        yield
        self._apart.update({name: one for name, one in self._given.items() if name not in given})
        self._given, self._elsewhere = given, elsewhere

    def give(self, name: str, kind: Kind | None, mark: Mark) -> None:
        """Let ``name`` stand for a resource of ``kind`` from here on; None is a kind that is not known."""
        self._free(name)
        self._given[name] = (kind, mark)

    def give_variable(self, name: str, mark: Mark) -> None:
        """Let ``name`` stand for a value from here on."""
        if not NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot be a name", expected="letters, digits, _ and -, not a digit first"
            )
        self._free(name)
        self._vars[name] = mark

    def assume(self, name: str, mark: Mark) -> None:
        """Count ``name`` as given, since something else is wrong with the step that gives it."""
        self._given.setdefault(name, (None, mark))

    def kind_of(self, name: str) -> Kind | None:
        """Return the kind of the resource that ``name`` stands for, None when that is not known."""
        if name in self._given:
            return self._given[name][0]
        if name in self._vars:
            raise UsageError(
                f"{name!r} is a variable, not a resource", remedy=f'For its value, write "${{{name}}}".'
            )
        raise UsageError(
            f"no name {name!r} has been given",
            nearest=() if name in self._later else did_you_mean(name, self._given),
            remedy=self._too_late(name) or "Give a name with as: beside create, or in world.users.",
        )

    def follow(self, reference: Reference, *, in_repeat: bool) -> None:
        """Check that a reference leads somewhere, as far as that can be known without a world."""
        root = reference.root
        if root in self._given:
            self._field(reference, self._given[root][0])
        elif root == "fake":
            _one_of(reference, FAKES)
            _ends_after(reference, 1)
        elif root == "world":
            _one_of(reference, tuple(WORLD))
        elif root == "target":
            _ends_after(reference, int(isinstance(next(iter(reference.steps), None), int)))
        elif root == "api":
            _one_of(reference, API)
            _ends_after(reference, 1)
        elif root == "index":
            _ends_after(reference, 0)
            if not in_repeat:
                raise UsageError(
                    "${index} stands outside of a repeat", remedy="Use it in the steps of a repeat."
                )
        elif root not in self._vars and root != "env":
            raise self._unknown(reference)

    def _free(self, name: str) -> None:
        if name in RESERVED:
            raise UsageError(
                f"{name!r} means something of its own in references and cannot be given",
                remedy="Choose another name.",
            )
        given = self._given.get(name) or self._apart.get(name)
        before = self._vars.get(name) or (given and given[1])
        if before is not None:
            raise UsageError(
                f"the name {name!r} has been given before, in line {before.line}",
                remedy="Choose another name.",
            )

    def _field(self, reference: Reference, kind: Kind | None) -> None:
        if kind is None or not reference.steps or reference.steps[0] in fields_of(kind):
            return
        nearest = did_you_mean(str(reference.steps[0]), fields_of(kind))
        raise UsageError(
            f"{reference.root}, a {kind}, has no field {reference.steps[0]!r}",
            nearest=nearest,
            remedy=None if nearest else f"It has: {', '.join(fields_of(kind))}.",
        )

    def _unknown(self, reference: Reference) -> UsageError:
        root = reference.root
        alike = [name for name in RESERVED if name[0] == root[0].casefold()]
        late = self._too_late(root)
        nearest = () if late else did_you_mean(root, [*self._given, *self._vars, *alike])
        known = ", ".join([*self._vars, *self._given])
        hint = f"Known here: {known}." if known else "Give it under vars, or with as: beside create."
        return UsageError(
            f"{reference.text} stands for nothing",
            nearest=nearest,
            remedy=late or (None if nearest else hint),
        )

    def _too_late(self, name: str) -> str | None:
        if name in self._elsewhere:
            line = self._elsewhere[name].line
            return f"It is given in line {line}, in a track that overlaps with this one; give it before the together."
        if name in self._later:
            return f"It is given only in line {self._later[name].line}; move that step up."
        if name in self._variables:
            return "A variable may use only those that stand before it."
        return None


def _one_of(reference: Reference, known: Collection[str]) -> None:
    first = str(reference.steps[0]) if reference.steps else ""
    if first not in known:
        nearest = did_you_mean(first, known)
        raise UsageError(
            f"{reference.text} stands for nothing",
            expected=None if nearest else f"{reference.root}. and one of {', '.join(known)}",
            nearest=[f"${{{reference.root}.{name}}}" for name in nearest],
        )


def _ends_after(reference: Reference, steps: int) -> None:
    if len(reference.steps) > steps:
        parts = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in reference.steps[:steps])
        whole = reference.root + "".join(parts)
        raise UsageError(f"{reference.text} has no parts", remedy=f"Write ${{{whole}}}.")
