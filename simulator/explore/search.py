"""Looks for a sequence after which an expectation breaks, and makes it as short as it can.

Theory of operation. Hypothesis draws lists of codes until a sequence fails; what a list comes to is worked out on a copy of
the world (``moves``), and each different sequence is played once, whoever asks how often. Then the failure is made shorter,
fewest steps first, then fewest faults, then the simplest values: codes are taken away, many at first, so that the moves
which are left may become others, and when no fewer codes fail, single steps, pairs of them and faults are, until
taking away any one or two of them lets the expectations hold. Hypothesis could do that too, but knows nothing of steps: it
took twice as many plays and three times as many failures (six searches for each of three bugs).

A failure takes as long to see as its expectations wait, and a search meets many. So they wait, while it searches, only
several times as long as they took to be met before anything was varied. The first failure is played again with all the
time that the script gives, and when it then holds, the search gives everything that much. The last one, which is what
is told, is played so too; when that holds, the first is made shorter anew, with all the time.

The same number draws the same sequences. This module may use Hypothesis, and it alone; it must not play anything itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, Final, Protocol

from simulator.errors import UsageError
from simulator.explore.moves import FAULTS, WAITS, WORDS, Code, Moves, fits
from simulator.explore.plot import Sequenced, StepJSON
from simulator.explore.sketch import Sketch
from simulator.values import dataclass
from simulator.world.resources import Kind
from simulator.world.states import CALL, SESSION

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Finding", "Judged", "Limits", "Play", "Search", "need_hypothesis"]

_EACH: Final = 20
"""How many lists of codes are drawn at most for each sequence that is to be played: many come to the same."""


_AGAIN: Final = 3
"""How many failures are played once more, the shortest first, until one fails again."""
_WINDOWS: Final = tuple(range(1, 17))
"""By how many a delivery may be overtaken; how many it is in the end is drawn by the seed, so any of them may do."""


class Judged(Protocol):
    """What became of a sequence that was played."""

    @property
    def ok(self) -> bool:
        """Whether the expectations held."""


class Play(Protocol):
    """Whoever plays sequences."""

    def __call__(self, sequence: Sequenced, *, patient: bool) -> Judged:
        """Play a sequence; with all the time that the script gives where it is to be ``patient``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far to look: so many ``examples``, each of so many ``steps`` at most, drawn by the number ``draw``."""

    examples: int = 100
    steps: int = 12
    chaos: bool = True
    draw: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """The shortest sequence that failed, what became of it, and the first that did."""

    sequence: Sequenced
    judged: Judged
    first: Sequenced
    again: bool
    """Whether it failed once more with all the time that the script gives."""


class _Enough(BaseException):
    """Nothing more is to be tried; not an Exception, so that Hypothesis does not take it for a failure."""


class _BrokenError(Exception):
    """An expectation broke."""


def need_hypothesis() -> None:
    """Raise UsageError when the library that searches is not installed."""
    try:
        import hypothesis  # noqa: F401 - only to see whether it is there
    except ImportError:
        raise UsageError(
            "explore needs the library Hypothesis",
            found="it is not installed",
            remedy="Install it: pip install 'scope-simulator[explore]'",
        ) from None


class Search:
    """One search. ``play`` plays a sequence and judges it, ``over`` says whether there is no time left."""

    def __init__(
        self,
        sketch: Sketch,
        moves: Moves,
        limits: Limits,
        *,
        play: Play,
        over: Callable[[], bool],
    ) -> None:
        self._sketch = sketch
        self._moves = moves
        self._limits = limits
        self._play = play
        self._over = over
        self._known: dict[str, Judged] = {}
        self._patient = False
        self._failing: list[Sequenced] = []
        self._codes: dict[str, tuple[Code, ...]] = {}
        """What the sequences that failed were read from, where they were read from codes."""
        self.played = 0
        """How many sequences were played, those apart that were played once more."""
        self.steps = 0
        """How many steps of the sequences that were played were varied ones."""
        self.made: Counter[tuple[str, str, str]] = Counter()
        """How often each move was made: of what, in which state, by which verb."""
        self.faults: Counter[str] = Counter()
        """How often each fault was set."""
        self.timed_out = False

    @property
    def known_moves(self) -> set[tuple[str, str, str]]:
        """What the state tables allow for every kind of life that was met."""
        lives = {life for life, _, _ in self.made}
        tables = {f"{type_} ScenarioSession": table for type_, table in SESSION.items()} | {
            str(Kind.CALL): CALL
        }
        return {(life, *at) for life, table in tables.items() if life in lives for at in table}

    @property
    def shortest(self) -> Sequenced | None:
        """The shortest sequence that has failed so far."""
        return min(self._failing, key=lambda one: one.size, default=None)

    def run(self) -> Finding | None:
        """Return the shortest failure, None when there is none."""
        with suppress(_Enough):
            self._draw()
            self._shorten()
        finding = self._found()
        if finding is not None and not finding.again and not self._patient and not self._over():
            # A receiver that was only slower than it had been made it shorter than it is.
            self._patient = True
            self._failing = self._failing[:1]
            kept = repr(self._failing[0])
            self._known = {key: judged for key, judged in self._known.items() if judged.ok or key == kept}
            with suppress(_Enough):
                self._shorten()
            finding = self._found()
        return finding

    # ------------------------------------------------------------------------------------------- looking

    def _draw(self) -> None:
        """Have Hypothesis draw until something fails, or until enough was played."""
        from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

        @seed(self._limits.draw)
        @settings(
            max_examples=self._limits.examples * _EACH,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        )
        @given(_codes(self._limits))
        def attempt(codes: list[Code]) -> None:
            if not self._codes_hold(tuple(codes)):
                raise _BrokenError
            if not self._failing and self.played >= self._limits.examples:
                raise _Enough

        try:
            attempt()
        except _BrokenError:
            pass
        except _Enough:
            if self.timed_out:
                raise

    def _read(self, codes: Sequence[Code]) -> Sequenced:
        return Sequenced(self._moves.play(codes, self._sketch.copy(), most=self._limits.steps))

    def _codes_hold(self, codes: tuple[Code, ...]) -> bool:
        """Say whether the expectations hold after what codes come to."""
        sequence = self._read(codes)
        if self._holds(sequence):
            return True
        self._codes.setdefault(repr(sequence), codes)
        return False

    def _holds(self, sequence: Sequenced) -> bool:
        """Say whether the expectations hold after a sequence; the same one is played once."""
        key = repr(sequence)
        judged = self._known.get(key)
        if judged is None:
            if self._over():
                self.timed_out = True
                raise _Enough
            judged = self._judge(sequence)
            self._known[key] = judged
            if not judged.ok:
                self._failing.append(sequence)
        return judged.ok

    def _judge(self, sequence: Sequenced) -> Judged:
        self._count(sequence)
        judged = self._play(sequence, patient=self._patient)
        if not judged.ok and not self._patient and not self._failing:
            judged = self._play(sequence, patient=True)
            self._patient = judged.ok
        return judged

    def _count(self, sequence: Sequenced) -> None:
        sketch = self._sketch.copy()
        fits(sequence.steps, sketch)
        self.played += 1
        self.steps += len(sequence.steps)
        self.made.update(sketch.made)
        for step in sequence.steps:
            if "faults" in step:
                self.faults.update(next(iter(one)) for one in step["faults"]["delivery"])

    # ---------------------------------------------------------------------------------------- shortening

    def _shorten(self) -> None:
        """Try whatever is smaller than the shortest until nothing of it fails."""
        best = self.shortest
        while best is not None:
            best = self._simpler_codes(best) or next(
                (one for one in self._smaller(best) if not self._holds(one)), None
            )

    def _simpler_codes(self, sequence: Sequenced) -> Sequenced | None:
        """Return what fewer or simpler codes come to that fails too: the moves that are left may be others then."""
        codes = self._codes.get(repr(sequence), ())
        for fewer in _simpler_codes(codes):
            one = self._read(fewer)
            if one.size < sequence.size and not self._codes_hold(fewer):
                return one
        return None

    def _smaller(self, sequence: Sequenced) -> Iterator[Sequenced]:
        seen = {repr(sequence)}
        for steps, calm in self._candidates(sequence):
            one = Sequenced(fits(steps, self._sketch.copy()), calm)
            if one.size < sequence.size and repr(one) not in seen:
                seen.add(repr(one))
                yield one

    def _candidates(self, sequence: Sequenced) -> Iterator[tuple[Sequence[StepJSON], bool]]:
        steps, calm = sequence.steps, sequence.calm
        places = range(len(steps))
        if calm:
            yield steps, False
        for many in (1, 2):
            for without in combinations(places, many):
                fewer = [one for place, one in enumerate(steps) if place not in without]
                yield fewer, calm
                if many == 2 and not calm:
                    # What was said by two steps may be said by letting time pass.
                    yield fewer, True
        yield from ((joined, calm) for joined in _with_faults_joined(steps))
        first = self._sketch.subjects[0] if self._sketch.subjects else None
        if first is not None:
            yield from ((fewer, calm) for fewer in _about_the_first(steps, first))
        for place in places:
            for simpler in _simpler(steps[place], first):
                changed = [*steps[:place], simpler, *steps[place + 1 :]]
                yield changed, calm
                if calm:
                    yield changed, False

    def _found(self) -> Finding | None:
        """Return the shortest failure that fails again; the shortest of all when none does."""
        failing = sorted(self._failing, key=lambda one: one.size)
        # With more time there may be a shorter one than the next, so that is not looked at before all have it.
        for sequence in failing[: _AGAIN if self._patient else 1]:
            judged = self._play(sequence, patient=True)
            if not judged.ok:
                return Finding(sequence, judged, self._failing[0], again=True)
        if not failing:
            return None
        return Finding(failing[0], self._known[repr(failing[0])], self._failing[0], again=False)


def _simpler_codes(codes: tuple[Code, ...]) -> Iterator[tuple[Code, ...]]:
    """Yield the codes without some of them, many at first, and then with simpler values."""
    many = len(codes) // 2
    while many:
        for start in range(0, len(codes), many):
            yield codes[:start] + codes[start + many :]
        many //= 2
    for place, code in enumerate(codes):
        for key in ("fault", "by", "whom", "value", "much"):
            if getattr(code, key):
                simpler = Code(**{**code._asdict(), key: 0})
                yield (*codes[:place], simpler, *codes[place + 1 :])


def _about_the_first(steps: Sequence[StepJSON], first: str) -> Iterator[list[StepJSON]]:
    """Yield the steps without each creation in turn; what was done to what it made is done to ``first``."""
    for place, made in enumerate(steps):
        if "create" in made:
            rest = [*steps[:place], *steps[place + 1 :]]
            yield [_renamed(step, made["as"], first) for step in rest]


def _renamed(step: StepJSON, old: str, new: str) -> StepJSON:
    if "faults" not in step:
        return {key: new if value == old else value for key, value in step.items()}
    faults = [
        {**one, "match": {key: new if value == old else value for key, value in one["match"].items()}}
        for one in step["faults"]["delivery"]
    ]
    return {"faults": {"delivery": faults}}


def _with_faults_joined(steps: Sequence[StepJSON]) -> Iterator[list[StepJSON]]:
    """Yield the steps with the faults of one step set by an earlier one."""
    places = [place for place, step in enumerate(steps) if "faults" in step]
    for first, second in pairwise(places):
        both = [*steps[first]["faults"]["delivery"], *steps[second]["faults"]["delivery"]]
        joined: list[StepJSON] = [*steps[:first], {"faults": {"delivery": both}}, *steps[first + 1 :]]
        yield [step for place, step in enumerate(joined) if place != second]


def _simpler(step: StepJSON, first: str | None) -> Iterator[StepJSON]:
    """Yield what a step may be made into and still be of its kind; ``first`` is the name of what is simplest to be about."""
    if "faults" in step:
        yield from _simpler_faults(step["faults"]["delivery"])
        return
    for key in ("by", "steps", "with"):
        if key in step and ("create" not in step or key == "by"):
            yield {one: value for one, value in step.items() if one != key}
    if "leave" in step:
        rest = {key: value for key, value in step.items() if key != "leave"}
        yield from ({verb: step["leave"], **rest} for verb in ("pause", "finish"))
    if "wait" in step:
        if step["wait"] != WAITS[0]:
            yield {"wait": WAITS[0]}
    elif "create" not in step and first is not None and (verb := next(iter(step))) and step[verb] != first:
        yield {**step, verb: first}


def _simpler_faults(faults: Sequence[dict[str, Any]]) -> Iterator[StepJSON]:
    for place, fault in enumerate(faults):
        others = [*faults[:place], *faults[place + 1 :]]
        if others:
            yield {"faults": {"delivery": others}}
        beside = {key: value for key, value in fault.items() if key in ("times", "match")}
        for name, values in (*FAULTS, ("reorder", _WINDOWS)):
            for value in values:
                if fault.get(name) != value:
                    yield {
                        "faults": {
                            "delivery": [*faults[:place], {name: value, **beside}, *faults[place + 1 :]]
                        }
                    }


_WHICH: Final = (0, 0, 1, 2)
"""The first is meant more often than the others."""
_WORDS: Final = (*WORDS[:1] * 10, *WORDS[1:2] * 3, *WORDS[2:3], *WORDS[3:] * 2)
"""What changes the state of something is tried more often than what only adds to it."""
_FAULTS: Final = (*[0] * 6, *range(1, len(FAULTS) + 1), *range(1, len(FAULTS) + 1))
_BITS: Final = 4 + 4 + 2 + 2 + 3 + 3


def _codes(limits: Limits) -> SearchStrategy[list[Code]]:
    """Return the strategy that draws codes, rather many, since what fails is made short.

    A code is made of coins that are tossed. Whatever else Hypothesis draws, it mixes with the constants of all the modules
    that it finds, which it would look for first, and keep in a folder of its own where the command was started.
    """
    from hypothesis import strategies as st

    def code(coins: tuple[bool, ...]) -> Code:
        drawn = sum(coin << place for place, coin in enumerate(coins))
        fault = _FAULTS[drawn >> 4 & 15] if limits.chaos else 0
        whom, by = _WHICH[drawn >> 8 & 3], _WHICH[drawn >> 10 & 3]
        return Code(_WORDS[drawn & 15], whom, by, value=drawn >> 12 & 7, fault=fault, much=drawn >> 15 & 7)

    codes = st.tuples(*[st.booleans()] * _BITS).map(code)
    return st.lists(codes, min_size=limits.steps // 2, max_size=2 * limits.steps)
