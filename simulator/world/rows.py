"""Lazy rows: which records belong together, as arithmetic over their numbers.

Nothing here reads or makes a record. A row is a rising sequence of record numbers with a length, random access,
membership and position, each without a scan, so that a world of a million sessions costs what a world of ten does.

Theory. Children of one parent are numbered without a gap by a ``Spread``: how many a parent has repeats after a
fixed number of parents, so that a few prefix sums lead from parent to children and back. Records that are shared out
among owners (sessions among releases, sessions among people) follow a ``Deal``: each block of numbers is one round
in which every card is dealt once, the deck turned by another amount each round; so an owner's k-th record lies in a
known block, and the owner of a number is one look at the deck.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import overload

from simulator.world.resources import Kind

__all__ = ["Chain", "Deal", "Dealt", "Head", "Rows", "Spread", "Turned", "Without", "Woven"]


class Spread:
    """Children numbered without a gap; parent ``p`` (from 1) has ``pattern[(p - 1) % len(pattern)]`` of them."""

    __slots__ = ("_ends", "_pattern", "_round")

    def __init__(self, pattern: Sequence[int]) -> None:
        self._pattern = tuple(pattern)
        self._ends = tuple(accumulate(self._pattern))
        self._round = self._ends[-1]

    def before(self, parent: int) -> int:
        """Return how many children all parents before ``parent`` have."""
        rounds, place = divmod(parent - 1, len(self._pattern))
        return rounds * self._round + self._ends[place] - self._pattern[place]

    def children(self, parent: int) -> range:
        """Return the numbers of the children of ``parent``."""
        first = self.before(parent) + 1
        return range(first, first + self._pattern[(parent - 1) % len(self._pattern)])

    def parent(self, child: int) -> tuple[int, int]:
        """Return the parent of ``child`` and the child's place among its siblings, from 0."""
        rounds, rest = divmod(child - 1, self._round)
        place = bisect_right(self._ends, rest)
        return rounds * len(self._pattern) + place + 1, rest - self._ends[place] + self._pattern[place]


class Deal:
    """Numbers 1 to ``total`` shared out among owners; ``deck`` holds an owner's number once for each share."""

    __slots__ = ("_deck", "_places", "_turn", "total")

    def __init__(self, deck: Sequence[int], total: int, turn: Callable[[int], int]) -> None:
        self._deck = tuple(deck)
        self._turn = turn
        self.total = total
        self._places: dict[int, list[int]] = {}
        for place, owner in enumerate(self._deck):
            self._places.setdefault(owner, []).append(place)

    def owner(self, number: int) -> int:
        """Return the owner of ``number``."""
        block, place = divmod(number - 1, len(self._deck))
        return self._deck[(place + self._turn(block)) % len(self._deck)]

    def owned(self, owners: Collection[int]) -> Sequence[int]:
        """Return the numbers that belong to any of ``owners``, rising."""
        cards = tuple(place for owner in owners for place in self._places.get(owner, ()))
        return Dealt(self, cards) if cards else ()

    def places(self, block: int, cards: tuple[int, ...]) -> list[int]:
        """Return where ``cards`` lie in ``block``, rising, from 0."""
        size, turn = len(self._deck), self._turn(block)
        return sorted((card - turn) % size for card in cards)

    @property
    def size(self) -> int:
        """How many numbers a block holds."""
        return len(self._deck)


class _Numbers(Sequence[int]):
    """What the lazy sequences share: slices, and iteration by random access."""

    __slots__ = ()

    @abstractmethod
    def _at(self, index: int) -> int:
        """Return the member at ``index``, which is within bounds."""

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        length = len(self)
        if isinstance(index, slice):
            return self._slice(*index.indices(length))
        at = index + length if index < 0 else index
        if not 0 <= at < length:
            raise IndexError(index)
        return self._at(at)

    def _slice(self, start: int, stop: int, step: int) -> Sequence[int]:
        """Return the members at these indices, all of which are within bounds."""
        return [self._at(at) for at in range(start, stop, step)]

    def __iter__(self) -> Iterator[int]:
        return (self._at(at) for at in range(len(self)))

    def rank(self, number: int) -> int:
        """Return how many members are below ``number``, by halving."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._at(middle) < number:
                low = middle + 1
            else:
                high = middle
        return low

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        at = self.rank(number)
        return at < len(self) and self._at(at) == number


class Dealt(_Numbers):
    """The numbers that one or more owners hold in a deal."""

    __slots__ = ("_cards", "_deal", "_length")

    def __init__(self, deal: Deal, cards: tuple[int, ...]) -> None:
        self._deal = deal
        self._cards = cards
        blocks, rest = divmod(deal.total, deal.size)
        self._length = blocks * len(cards) + (bisect_left(deal.places(blocks, cards), rest) if rest else 0)

    def __len__(self) -> int:
        return self._length

    def _at(self, index: int) -> int:
        block, place = divmod(index, len(self._cards))
        return block * self._deal.size + self._deal.places(block, self._cards)[place] + 1


class Chain(_Numbers):
    """Two rising sequences, all of the first below all of the second."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: Sequence[int], second: Sequence[int]) -> None:
        self._first = first
        self._second = second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def _at(self, index: int) -> int:
        cut = len(self._first)
        return self._first[index] if index < cut else self._second[index - cut]

    def _slice(self, start: int, stop: int, step: int) -> Sequence[int]:
        if step != 1:
            return super()._slice(start, stop, step)
        cut = len(self._first)
        return [*self._first[start:stop], *self._second[max(0, start - cut) : max(0, stop - cut)]]


class Without(_Numbers):
    """A rising sequence less the numbers in ``gone`` (rising), which are few."""

    __slots__ = ("_all", "_kept_before")

    def __init__(self, numbers: Sequence[int], gone: Sequence[int]) -> None:
        self._all = numbers
        holes = [place for number in gone if (place := _place(numbers, number)) is not None]
        self._kept_before = [hole - count for count, hole in enumerate(holes)]
        """For each hole, how many kept members stand before it."""

    def __len__(self) -> int:
        return len(self._all) - len(self._kept_before)

    def _at(self, index: int) -> int:
        return self._all[index + bisect_right(self._kept_before, index)]


class Head(_Numbers):
    """The first ``many`` members of a sequence."""

    __slots__ = ("_all", "_many")

    def __init__(self, numbers: Sequence[int], many: int) -> None:
        self._all = numbers
        self._many = many

    def __len__(self) -> int:
        return self._many

    def _at(self, index: int) -> int:
        return self._all[index]


class Woven(_Numbers):
    """Two sequences in one order: the few numbers of ``few`` set into ``many``, each before the member at its place in
    ``places`` (rising); by default both are rising and without common members, and so is the whole."""

    __slots__ = ("_few", "_many", "_slots")

    def __init__(self, many: Sequence[int], few: Sequence[int], places: Sequence[int] | None = None) -> None:
        self._many = many
        self._few = few
        ranks = [bisect_left(many, number) for number in few] if places is None else places
        self._slots = [rank + count for count, rank in enumerate(ranks)]

    def __len__(self) -> int:
        return len(self._many) + len(self._few)

    def _at(self, index: int) -> int:
        before = bisect_left(self._slots, index)
        if before < len(self._slots) and self._slots[before] == index:
            return self._few[before]
        return self._many[index - before]


class Rows(_Numbers):
    """Numbers of records of one kind, rising by creation."""

    __slots__ = ("kind", "numbers")

    def __init__(self, kind: Kind, numbers: Sequence[int]) -> None:
        self.kind = kind
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def _at(self, index: int) -> int:
        return self.numbers[index]

    def _slice(self, start: int, stop: int, step: int) -> Sequence[int]:
        return list(self.numbers[start:stop]) if step == 1 else super()._slice(start, stop, step)

    def before(self, number: int) -> int:
        """Return how many stand before the record of this number, whether it is in the row or not."""
        return self.rank(number)

    def until(self, number: int) -> int:
        """Return how many stand before the record of this number, and itself if it is in the row."""
        return self.rank(number + 1)


class Turned(Rows):
    """A row in the opposite order."""

    __slots__ = ("_row",)

    def __init__(self, row: Rows) -> None:
        super().__init__(row.kind, row)
        self._row = row

    def _at(self, index: int) -> int:
        return self._row[len(self._row) - 1 - index]

    def _slice(self, start: int, stop: int, step: int) -> Sequence[int]:
        return [self._at(at) for at in range(start, stop, step)]

    def before(self, number: int) -> int:
        return len(self._row) - self._row.until(number)

    def until(self, number: int) -> int:
        return len(self._row) - self._row.before(number)


def _place(numbers: Sequence[int], number: int) -> int | None:
    """Return the position of ``number`` in a rising sequence, or None."""
    at = bisect_left(numbers, number)
    return at if at < len(numbers) and numbers[at] == number else None
